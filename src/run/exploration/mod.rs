//! Runs the machine in a world where anything may happen in any order that the contract with a driver allows.
//!
//! A model of Flowise of both generations ([`server`]), a model driver with sockets, requests and a clock ([`world`], [`network`],
//! [`page`], [`calls`], [`socket`], [`errand`]), and schedules ([`schedule`]) that proptest makes. The rules for every run are asserted where they could
//! break:
//!
//! - a run settles once, within its limits, and nothing follows; no question is sent twice; the server receives at most one
//!   request to stop, and only for a question that was sent and is incomplete;
//! - no run hears another's events, although the server mixes up streams with one `chatId`, and Socket.IO events name no run;
//!   no two runs share a conversation or a socket;
//! - a conversation moves only when a run of it was abandoned, and keeps its memory;
//! - a complete answer is never reported as broken or stopped; reason and error match;
//! - another call is sent once, fails or succeeds as its reply says, within its limit, and leaves sockets and conversations alone;
//! - at the end the session is empty, and no socket of a run is open.
//!
//! ```text
//! cargo test --lib run::exploration                            100,000 schedules
//! EXPLORE_CASES=10000000 EXPLORE_SEED=7 cargo test --release --lib run::exploration
//! EXPLORE_SCHEDULE='[1, 2, 3]' cargo test --lib one_schedule   prints what happens in it
//! ```
//!
//! A failure prints the seed and the shortest failing schedule. Faults that this found are written out as stories in
//! `src/run/tests`.

mod calls;
mod errand;
mod network;
mod page;
mod schedule;
mod server;
mod socket;
mod world;

use std::cell::Cell;

use proptest::collection::vec;
use proptest::prelude::any;
use proptest::test_runner::{Config, RngAlgorithm, TestCaseError, TestError, TestRng, TestRunner};

fn number(name: &str, default: u64) -> u64 {
    let given = std::env::var(name).ok();
    given.map_or(default, |text| text.parse().expect(name))
}

/// The shortest failing schedule, if any.
fn explore(seed: u64, cases: u32) -> Option<String> {
    IS_EXPLORING.set(true);
    let mut bytes = [0; 32];
    bytes[..8].copy_from_slice(&seed.to_le_bytes());
    let config = Config {
        cases,
        failure_persistence: None,
        max_shrink_iters: 20_000,
        ..Config::default()
    };
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &bytes);
    let mut runner = TestRunner::new_with_rng(config, rng);
    let explored = runner.run(&vec(any::<u8>(), 0..240), |bytes| {
        let outcome = std::panic::catch_unwind(|| schedule::run(&bytes));
        outcome.map_err(|panic| {
            let said = panic.downcast_ref::<String>().map(String::as_str);
            let said = said.or_else(|| panic.downcast_ref::<&str>().copied());
            TestCaseError::fail(said.unwrap_or("panicked").to_owned())
        })
    });
    match explored {
        Ok(()) => None,
        Err(TestError::Fail(why, bytes)) => Some(format!(
            "EXPLORE_SEED={seed} EXPLORE_CASES={cases}: {why}\n{bytes:?}"
        )),
        Err(TestError::Abort(why)) => Some(why.to_string()),
    }
}

thread_local! {
    static IS_EXPLORING: Cell<bool> = const { Cell::new(false) };
}

/// Half of the schedules on each of two threads.
#[test]
fn every_schedule_keeps_the_rules() {
    let cases = number("EXPLORE_CASES", 100_000);
    let seed = number("EXPLORE_SEED", 1);
    let half = u32::try_from(cases.div_ceil(2)).expect("EXPLORE_CASES");
    // proptest would print each failure while it shrinks the schedule
    let print = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        if !IS_EXPLORING.get() {
            print(panic);
        }
    }));
    let found = std::thread::scope(|scope| {
        let halves = [seed, seed + 1].map(|seed| scope.spawn(move || explore(seed, half)));
        halves.map(|half| half.join().expect("a thread that explores"))
    });
    let found: Vec<_> = found.into_iter().flatten().collect();
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn one_schedule() {
    let given = std::env::var("EXPLORE_SCHEDULE").unwrap_or_default();
    let numbers = given.trim_matches(['[', ']']).split(',').map(str::trim);
    let bytes = numbers.filter(|text| !text.is_empty());
    let bytes: Vec<u8> = bytes.map(|text| text.parse().expect(text)).collect();
    schedule::run(&bytes);
}
