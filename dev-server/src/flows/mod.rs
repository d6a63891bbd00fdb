//! The chatflows that the server knows.

mod generation;
mod trouble;

pub use generation::Generation;
use generation::{BOTH, SSE};
pub(crate) use trouble::Trouble;

/// The API key that the server accepts, for locked flows and for calls that require one.
pub const API_KEY: &str = "dev-key";

/// When an abort takes effect.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Aborts {
    /// Chains and tool agents: never.
    Never,
    /// Teams and sequences: after the running step.
    AfterStep,
    /// AgentFlow v2: at once, as an error.
    AsError,
    /// The scripted flow: at once, with the ending of a team.
    AtOnce,
}

impl Aborts {
    /// Whether an abort ends the running step, too.
    pub(crate) const fn is_at_once(self) -> bool {
        matches!(self, Self::AtOnce | Self::AsError)
    }
}

/// The source of a flow's answers.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Source {
    /// The recording with this name, for every question.
    One(&'static str),
    /// This recording, or another one of the same flow with the same question.
    Family(&'static str),
    Scripted,
    Trouble(Trouble),
}

/// One chatflow.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Flow {
    pub(crate) id: &'static str,
    pub(crate) about: &'static str,
    /// An example question; empty: the question of the recording.
    pub(crate) question: &'static str,
    pub(crate) generations: &'static [Generation],
    pub(crate) source: Source,
    pub(crate) aborts: Aborts,
    pub(crate) rules: Rules,
}

/// The settings of a flow that decide who may ask it, and for what.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Rules {
    pub(crate) cannot_stream: bool,
    pub(crate) locked: bool,
    pub(crate) limited: bool,
    pub(crate) takes_files: bool,
    pub(crate) allowed_origins: Option<&'static [&'static str]>,
    pub(crate) no_cors: bool,
}

impl Flow {
    const fn recorded(id: &'static str, about: &'static str) -> Self {
        Self {
            id,
            about,
            question: "",
            generations: BOTH,
            source: Source::One(id),
            aborts: Aborts::Never,
            rules: NONE,
        }
    }

    const fn family(mut self) -> Self {
        self.source = Source::Family(self.id);
        self
    }

    const fn plays(mut self, recording: &'static str) -> Self {
        self.source = Source::Family(recording);
        self
    }

    const fn sse_only(mut self) -> Self {
        self.generations = SSE;
        self
    }

    const fn aborts(mut self, when: Aborts) -> Self {
        self.aborts = when;
        self
    }

    const fn rules(mut self, rules: Rules) -> Self {
        self.rules = rules;
        self
    }

    pub(crate) fn is_in(&self, generation: Generation) -> bool {
        self.generations.contains(&generation)
    }

    /// Whether a page of `origin` may ask this flow.
    pub(crate) fn lets_in(&self, origin: &str) -> bool {
        self.rules
            .allowed_origins
            .is_none_or(|allowed| allowed.iter().any(|one| one.eq_ignore_ascii_case(origin)))
    }

    pub(crate) fn kind(&self) -> &'static str {
        match self.source {
            Source::One(_) | Source::Family(_) => "recorded",
            Source::Scripted => "scripted",
            Source::Trouble(_) => "trouble",
        }
    }
}

const NONE: Rules = Rules {
    cannot_stream: false,
    locked: false,
    limited: false,
    takes_files: false,
    allowed_origins: None,
    no_cors: false,
};

static RECORDED: &[Flow] = &[
    Flow::recorded("chain", "A conversation chain: a plain answer.").family(),
    Flow::recorded(
        "chain-markup",
        "An answer that looks like the protocol itself.",
    ),
    Flow::recorded("chain-empty", "An answer without a single token."),
    Flow::recorded("chain-fast", "Three hundred words at once."),
    Flow::recorded("chain-stall", "Three minutes of nothing before the end.").sse_only(),
    Flow::recorded("heartbeat", "Heartbeats between slow tokens.").sse_only(),
    Flow::recorded("tool", "A tool agent that uses its calculator.").family(),
    Flow::recorded("tool-unused", "A tool agent that needs no tool."),
    Flow::recorded("docs", "Retrieval: an answer with its source documents.").family(),
    Flow::recorded("docs-history", "Retrieval with the history in the request."),
    Flow::recorded("team", "A supervisor and its workers.")
        .family()
        .aborts(Aborts::AfterStep),
    Flow::recorded("team-everyone", "A supervisor that calls every worker.")
        .aborts(Aborts::AfterStep),
    Flow::recorded("essay", "Sequential agents with a condition and a loop.")
        .aborts(Aborts::AfterStep),
    Flow::recorded(
        "ask",
        "A sequential agent that asks before it uses its tool.",
    )
    .family()
    .aborts(Aborts::AfterStep),
    Flow::recorded("translator", "AgentFlow v2: one model.")
        .family()
        .sse_only()
        .aborts(Aborts::AsError),
    Flow::recorded("thinker", "AgentFlow v2: a model that thinks aloud.")
        .sse_only()
        .aborts(Aborts::AsError),
    Flow::recorded("iterations", "AgentFlow v2: an iteration.")
        .sse_only()
        .aborts(Aborts::AsError),
    Flow::recorded(
        "supervisor",
        "AgentFlow v2: supervisor, condition, workers, loop.",
    )
    .family()
    .sse_only()
    .aborts(Aborts::AsError),
    Flow::recorded(
        "supervisor-everyone",
        "AgentFlow v2: the same, every worker called.",
    )
    .sse_only()
    .aborts(Aborts::AsError),
    Flow::recorded("human", "AgentFlow v2 that waits for a person.")
        .plays("human-proceed-1")
        .sse_only()
        .aborts(Aborts::AsError),
    Flow::recorded("form", "AgentFlow v2 that begins with a form.")
        .plays("translator")
        .sse_only()
        .aborts(Aborts::AsError),
    Flow::recorded(
        "human-tool",
        "AgentFlow v2 that asks before it uses a tool.",
    )
    .sse_only()
    .aborts(Aborts::AsError),
    Flow::recorded("parser", "A flow that cannot stream: its reply is JSON.")
        .family()
        .rules(Rules {
            cannot_stream: true,
            ..NONE
        }),
    Flow::recorded("upload", "A file in the request."),
    Flow::recorded("files", "A flow that takes files of text whole.")
        .plays("upload-full")
        .sse_only()
        .rules(Rules {
            takes_files: true,
            ..NONE
        }),
    Flow::recorded("locked", "A flow behind an API key.").rules(Rules {
        locked: true,
        ..NONE
    }),
    Flow::recorded("limited", "A flow that allows one question a minute.")
        .plays("limited-1")
        .rules(Rules {
            limited: true,
            ..NONE
        }),
    Flow::recorded("elsewhere", "A flow for the pages of another origin only.")
        .plays("chain")
        .rules(Rules {
            allowed_origins: Some(&["https://allowed.example"]),
            ..NONE
        }),
    Flow::recorded("error-model", "The model refuses."),
    Flow::recorded("error-model-team", "The model refuses, in a team."),
    Flow::recorded("error-model-v2", "The model refuses, in an AgentFlow v2.").sse_only(),
    Flow::recorded(
        "error-midway",
        "The connection to the model breaks after five tokens.",
    ),
    Flow::recorded("error-midway-v2", "The same in an AgentFlow v2.").sse_only(),
    Flow::recorded("error-no-question", "What comes when no question was sent."),
];

const SCRIPTED: Flow = Flow {
    id: "scripted",
    about: "Answers by the words of the question: say X, long 200, slow, fast, fail, drop, calculate 6*7, \
            everyone, markdown, think, sources, html, ask, follow.",
    question: "Show me some markdown, with sources, and follow up",
    generations: BOTH,
    source: Source::Scripted,
    aborts: Aborts::AtOnce,
    rules: Rules {
        takes_files: true,
        ..NONE
    },
};

/// What Flowise does with most chatflows: it answers an abort as usual, and stops nothing.
const SCRIPTED_CHAIN: Flow = Flow {
    id: "scripted-chain",
    about: "The same as a classic chain, which no abort stops.",
    aborts: Aborts::Never,
    ..SCRIPTED
};

/// All flows. The demo's flow is the first.
pub(crate) fn all() -> impl Iterator<Item = Flow> {
    let troubles = trouble::ALL.iter().map(|trouble| Flow {
        id: trouble.id,
        about: trouble.about,
        question: trouble.question,
        generations: trouble.generations,
        source: Source::Trouble(trouble.kind),
        aborts: Aborts::Never,
        rules: Rules {
            no_cors: matches!(trouble.kind, Trouble::NoCors),
            ..NONE
        },
    });
    [SCRIPTED, SCRIPTED_CHAIN]
        .into_iter()
        .chain(RECORDED.iter().copied())
        .chain(troubles)
}

/// The flow with that id, if the generation has it.
pub(crate) fn find(id: &str, generation: Generation) -> Option<Flow> {
    all().find(|flow| flow.id == id && flow.is_in(generation))
}
