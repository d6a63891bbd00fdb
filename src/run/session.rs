//! The runs of a page, and their order.

use super::ask::Ask;
use super::effect::Effect;
use super::fact::{Fact, Seen};
use super::knowledge::Knowledge;
use super::states::Run;
use super::target::Target;

/// Identifies a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct RunId(pub(crate) u32);

/// All runs of a page, with its knowledge across runs.
///
/// Two lines keep runs apart. A Socket.IO server's events do not say which run they belong to, so a socket has one run at a
/// time. A server of event streams keeps its streams by `chatId` and mixes up two with the same id
/// (`packages/server/src/utils/SSEStreamer.ts`), so a conversation has one run at a time. A run begins when no earlier run shares
/// its socket or its conversation. Both lines have the same order, so no two runs can wait for each other.
#[derive(Debug)]
pub(crate) struct Session {
    /// In the order of their requests.
    runs: Vec<(RunId, Run)>,
    known: Knowledge,
    next: u32,
}

/// The effects for the drivers of several runs.
pub(crate) type Effects = Vec<(RunId, Effect)>;

impl Session {
    pub(crate) const fn new() -> Self {
        Self {
            runs: Vec::new(),
            known: Knowledge::new(),
            next: 0,
        }
    }

    /// Adds a run. It waits for [`begin`](Self::begin), so that nothing is sent if the page changes its mind at once.
    pub(crate) fn ask(&mut self, ask: Ask) -> (RunId, Effects) {
        let id = RunId(self.next);
        self.next = self.next.wrapping_add(1);
        let mut effects = Vec::new();
        let run = Run::new(ask, &self.known, &mut |effect| effects.push((id, effect)));
        self.runs.push((id, run));
        (id, effects)
    }

    /// Begins the runs whose turn it is.
    pub(crate) fn begin(&mut self) -> Effects {
        let mut effects = Vec::new();
        self.begin_those_whose_turn_it_is(&mut effects);
        effects
    }

    /// Processes a fact about a run. A fact about a finished or unknown run is ignored.
    pub(crate) fn step(&mut self, id: RunId, fact: Fact, seen: Seen) -> Effects {
        let mut effects = Vec::new();
        if let Some(at) = self.runs.iter().position(|(run, _)| *run == id) {
            self.with_run(at, &mut effects, |run, known, out| {
                run.step(fact, seen, known, out);
            });
            self.begin_those_whose_turn_it_is(&mut effects);
        }
        effects
    }

    /// The id that a conversation has now.
    pub(crate) fn current_chat<'a>(&'a self, target: &Target, chat_id: &'a str) -> &'a str {
        let current = self.known.conversations.current(&target.server(), chat_id);
        current.map_or(chat_id, |(chat_id, _)| chat_id)
    }

    /// The number of runs.
    #[cfg(all(test, not(target_arch = "wasm32")))]
    pub(crate) fn len(&self) -> usize {
        self.runs.len()
    }

    fn with_run(
        &mut self,
        at: usize,
        effects: &mut Effects,
        act: impl FnOnce(&mut Run, &mut Knowledge, &mut dyn FnMut(Effect)),
    ) {
        let Some((id, run)) = self.runs.get_mut(at) else {
            return;
        };
        let id = *id;
        act(run, &mut self.known, &mut |effect| {
            effects.push((id, effect));
        });
        if run.is_over() {
            self.runs.remove(at);
            let runs = &self.runs;
            let is_busy = |chat: &str| runs.iter().any(|(_, run)| run.is_in(chat));
            self.known.conversations.trim(is_busy);
        }
    }

    fn begin_those_whose_turn_it_is(&mut self, effects: &mut Effects) {
        // a run that ends at once makes room for the next
        while let Some(at) = self.next_in_line() {
            self.with_run(at, effects, Run::begin);
        }
    }

    fn next_in_line(&self) -> Option<usize> {
        (0..self.runs.len()).find(|at| {
            let (before, rest) = self.runs.split_at(*at);
            rest.first().is_some_and(|(_, run)| {
                run.is_in_line() && !before.iter().any(|(_, earlier)| earlier.holds_up(run))
            })
        })
    }
}
