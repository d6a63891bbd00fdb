//! The flow `scripted`: the words of the question choose the answer.
//!
//! They are the words of the scripted model behind the recordings (`say X`, `long N`, `slow`, `fast`,
//! `fail`, `drop`, `calculate …`, `everyone`), and more that show what a page can do with events.
//! Words after `say` are the answer and choose nothing.

use std::time::Duration;

use serde_json::{Value, json};
use uuid::Uuid;

use super::answers;
use super::replay::MODEL_REFUSED;
use crate::flows::{Aborts, Generation};
use crate::plan::{Event, Plan, Step, metadata};
use crate::reply::Reply;
use crate::request::Question;

/// Fast, but slow enough to read along.
const PAUSE: Duration = Duration::from_millis(15);
const MOST_WORDS: u64 = 200_000;

/// The content of the question.
struct Script {
    text: String,
    pause: Duration,
    thinks: bool,
    steps: Option<Value>,
    tools: Option<Value>,
    sources: Option<Value>,
    action: Option<Value>,
    follow_ups: bool,
}

/// Computes the answer.
pub(crate) fn plan(generation: Generation, asked: &Question) -> Plan {
    let orders = Question {
        question: Some(before_say(asked.words()).to_owned()),
        ..Question::default()
    };
    if orders.says("fail") {
        return failing(generation, Vec::new(), MODEL_REFUSED);
    }
    let script = Script::new(asked, &orders);
    let pause = script.pause;
    if orders.says("drop") {
        let tokens = tokens(&script.text).take(5);
        let steps = std::iter::once(Event::new("start", "")).chain(tokens.map(Event::token));
        let steps = steps
            .flat_map(|event| [Step::Wait(pause), Step::Event(event)])
            .collect();
        return failing(
            generation,
            steps,
            match generation {
                Generation::SocketIo => {
                    "Error: predictionsServices.buildChatflow - Premature close"
                }
                Generation::Sse => "Error: predictionsServices.buildChatflow - terminated",
            },
        );
    }
    let reply = script.reply(asked);
    let steps = script.steps(generation, asked);
    Plan {
        steps: Box::new(steps),
        reply: Reply {
            takes: pause * u32::try_from(tokens_in(&reply)).unwrap_or(u32::MAX),
            ..Reply::json(&reply)
        },
        aborts: Aborts::AtOnce,
        ends_with_client: false,
    }
}

impl Script {
    fn new(asked: &Question, orders: &Question) -> Self {
        let answered = asked.body["action"].is_object() || asked.body["humanInput"].is_object();
        let sum = orders.says("calculate").then(|| calculate(orders.words()));
        let text = if let Some(said) = say(asked.words()) {
            said.to_owned()
        } else if let Some((_, result)) = &sum {
            format!("The answer is {result}.")
        } else if orders.says("long") {
            let count = orders.number().unwrap_or(300).min(MOST_WORDS);
            let words: Vec<_> = (1..=count).map(|n| format!("word{n}")).collect();
            words.join(" ")
        } else if orders.says("markdown") {
            answers::MARKDOWN.to_owned()
        } else if orders.says("html") {
            answers::HOSTILE.to_owned()
        } else if answered {
            format!(
                "Thank you. You chose “{}”, so I go on from there.",
                asked.words()
            )
        } else if orders.says("ask") {
            "I could use my calculator for this. May I?".to_owned()
        } else {
            answers::friendly(asked.words(), &files(asked))
        };
        Self {
            pause: if orders.says("slow") {
                Duration::from_millis(200)
            } else if orders.says("fast") {
                Duration::ZERO
            } else {
                PAUSE
            },
            thinks: orders.says("think"),
            steps: orders.says("everyone").then(|| team(&text)),
            tools: sum.map(|(input, result)| {
                json!([{ "tool": "calculator", "toolInput": { "input": input }, "toolOutput": result }])
            }),
            sources: orders.says("sources").then(answers::sources),
            action: (orders.says("ask") && !answered).then(action),
            follow_ups: orders.says("follow"),
            text,
        }
    }

    /// The reply, with the content of all events.
    fn reply(&self, asked: &Question) -> Value {
        let mut reply = json!({ "text": self.text });
        if let (Some(reply), Value::Object(metadata)) = (reply.as_object_mut(), metadata(asked)) {
            reply.extend(metadata);
        }
        for (name, value) in [
            ("usedTools", &self.tools),
            ("sourceDocuments", &self.sources),
            ("agentReasoning", &self.steps),
            ("action", &self.action),
        ] {
            if let Some(value) = value {
                reply[name] = value.clone();
            }
        }
        if self.follow_ups {
            // JSON within JSON within JSON, as in Flowise.
            reply["followUpPrompts"] = Value::from(follow_ups()).to_string().into();
        }
        reply
    }

    fn steps(self, generation: Generation, asked: &Question) -> impl Iterator<Item = Step> + use<> {
        let pause = self.pause;
        let is_sse = generation == Generation::Sse;
        let mut before = Vec::new();
        match &self.steps {
            Some(Value::Array(steps)) => before.extend(team_events(steps)),
            _ => before.push(Event::new("start", "")),
        }
        if self.thinks && is_sse {
            before.extend(tokens(answers::THOUGHTS).map(|token| Event::new("thinking", token)));
            before.push(Event {
                member: Some(("duration", 1.into())),
                ..Event::new("thinking", "")
            });
        }
        let mut after = Vec::new();
        if !is_sse {
            after.push(Event::bare("end"));
        }
        for (name, value) in [
            ("action", &self.action),
            ("usedTools", &self.tools),
            ("sourceDocuments", &self.sources),
        ] {
            if let Some(value) = value {
                after.push(Event::new(name, value.clone()));
            }
        }
        if is_sse {
            let mut metadata = metadata(asked);
            if self.follow_ups {
                metadata["followUpPrompts"] = follow_ups().into();
            }
            if let Some(action) = &self.action {
                metadata["action"] = action.clone();
            }
            after.push(Event::new("metadata", metadata));
            after.push(Event::bare("end"));
        }
        let text = self.text;
        let mut at = 0;
        let words = std::iter::from_fn(move || {
            let token = tokens(&text[at..]).next()?.to_owned();
            at += token.len();
            Some(Event::token(token))
        });
        before
            .into_iter()
            .chain(words)
            .flat_map(move |event| [Step::Wait(pause), Step::Event(event)])
            .chain(after.into_iter().map(Step::Event))
    }
}

fn failing(generation: Generation, mut steps: Vec<Step>, message: &str) -> Plan {
    if generation == Generation::Sse {
        steps.push(Step::Event(Event::new("error", message)));
        steps.push(Step::Event(Event::bare("end")));
    }
    Plan {
        steps: Box::new(steps.into_iter()),
        reply: Reply::error(500, message),
        aborts: Aborts::AtOnce,
        ends_with_client: false,
    }
}

/// Each word and each run of blanks.
pub(crate) fn tokens(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let blank = rest.chars().next()?.is_whitespace();
        let end = rest
            .find(|c: char| c.is_whitespace() != blank)
            .unwrap_or(rest.len());
        let (token, after) = rest.split_at(end);
        rest = after;
        Some(token)
    })
}

fn tokens_in(reply: &Value) -> usize {
    tokens(reply["text"].as_str().unwrap_or_default()).count()
}

/// The text after `say `.
fn say(question: &str) -> Option<&str> {
    let at = said_at(question)?;
    Some(&question[at..])
}

fn before_say(question: &str) -> &str {
    said_at(question).map_or(question, |at| &question[..at])
}

fn said_at(question: &str) -> Option<usize> {
    let begins_a_word = |at: &usize| !question[..*at].ends_with(|c: char| c.is_alphanumeric());
    let found = question
        .match_indices("say ")
        .map(|(at, _)| at)
        .find(begins_a_word);
    found.map(|at| at + "say ".len())
}

/// The sum in the question, and its result.
fn calculate(question: &str) -> (String, String) {
    let (_, after) = question.split_once("calculate").unwrap_or(("", question));
    let is_part = |c: char| c.is_ascii_digit() || "+-*/. ".contains(c);
    let sum: String = after
        .trim_start()
        .chars()
        .take_while(|c| is_part(*c))
        .collect();
    let sum = sum.trim().trim_end_matches('.').to_owned();
    let parts = sum.find(['+', '-', '*', '/']).and_then(|at| {
        let number = |text: &str| text.trim().parse::<f64>().ok();
        let operator = sum.as_bytes()[at];
        Some((number(&sum[..at])?, operator, number(&sum[at + 1..])?))
    });
    let result = match parts {
        Some((a, b'+', b)) => (a + b).to_string(),
        Some((a, b'-', b)) => (a - b).to_string(),
        Some((a, b'*', b)) => (a * b).to_string(),
        Some((a, _, b)) => (a / b).to_string(),
        None => "42".to_owned(),
    };
    (sum, result)
}

/// The names of the files that were sent with the question.
fn files(asked: &Question) -> Vec<&str> {
    let uploads = asked.body["uploads"].as_array();
    let names = uploads.into_iter().flatten();
    names.filter_map(|upload| upload["name"].as_str()).collect()
}

fn action() -> Value {
    json!({
        "id": Uuid::new_v4().to_string(),
        "mapping": { "approve": "Yes", "reject": "No", "toolCalls": [
            { "name": "calculator", "args": { "input": "6*7" }, "id": "call_1", "type": "tool_call" }
        ] },
        "elements": [
            { "type": "approve-button", "label": "Yes" },
            { "type": "reject-button", "label": "No" }
        ],
    })
}

/// The reasoning of a supervisor that calls each of its workers once.
fn team(text: &str) -> Value {
    let supervisor = |next: &str, instructions: &str| {
        json!({
            "agentName": "Supervisor", "messages": [], "next": next, "instructions": instructions,
            "usedTools": [], "sourceDocuments": [], "artifacts": [],
            "state": { "next": next, "instructions": instructions }, "nodeId": "supervisor_0",
        })
    };
    let worker = |name: &str, id: &str, message: &str| {
        json!({
            "agentName": name, "messages": [message], "usedTools": [null], "sourceDocuments": [null],
            "artifacts": [null], "state": {}, "nodeId": id,
        })
    };
    json!([
        supervisor("researcher", "Find out what was asked."),
        worker(
            "Researcher",
            "worker_0",
            "The question is clear, and I found what is needed."
        ),
        supervisor("writer", "Write it down."),
        worker("Writer", "worker_1", text),
        supervisor("FINISH", "All done."),
    ])
}

fn team_events(steps: &[Value]) -> Vec<Event> {
    let mut events = Vec::new();
    for (at, step) in steps.iter().enumerate() {
        let so_far = Value::from(&steps[..=at]);
        if at == 0 {
            events.push(Event::new("start", so_far.clone()));
        }
        events.push(Event::new("agentReasoning", so_far));
        match step["next"].as_str() {
            Some("researcher") => events.push(Event::new("nextAgent", "Researcher")),
            Some("writer") => events.push(Event::new("nextAgent", "Writer")),
            _ => {}
        }
    }
    events
}

fn follow_ups() -> String {
    Value::from(answers::FOLLOW_UPS.to_vec()).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_are_words_and_blanks() {
        assert_eq!(tokens("a  b\n").collect::<Vec<_>>(), ["a", "  ", "b", "\n"]);
    }

    #[test]
    fn text_to_repeat_does_not_choose_the_answer() {
        assert_eq!(say("slow say fail now"), Some("fail now"));
        assert_eq!(before_say("slow say fail now"), "slow say ");
        assert_eq!(say("an essay on owls"), None);
        assert_eq!(say("say "), Some(""));
    }

    #[test]
    fn sums_are_calculated() {
        assert_eq!(
            calculate("Please calculate 12*3."),
            ("12*3".into(), "36".into())
        );
        assert_eq!(
            calculate("calculate 7 - 9, now"),
            ("7 - 9".into(), "-2".into())
        );
    }
}
