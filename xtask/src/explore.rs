//! `cargo xtask explore`: random schedules of the events of a prediction, for longer than the tests run them.

use std::num::NonZeroU32;
use std::time::{Duration, Instant};

use anyhow::Result;
use clap::Args;

use crate::process::{Cmd, Environment};
use crate::report::{say, seconds, step};

/// The size of the first round. Its duration tells how many schedules fit into the remaining time.
const FIRST_ROUND: u64 = 10_000;

/// A shorter round is not worth starting.
const SHORTEST_ROUND: Duration = Duration::from_secs(1);

/// Try random schedules of what can happen to a prediction
///
/// Replies, pieces of an answer, timers, lost connections, stops and new questions come in random orders, against a model server
/// and a clock that only the test moves (src/run/exploration). `cargo xtask test native` tries a fixed number of schedules; this
/// command tries new ones until the time is up. The first schedule that breaks a rule ends it, and is printed in its shortest form.
#[derive(Debug, Args)]
pub(crate) struct Options {
    /// How long to run
    #[arg(value_name = "SECONDS", default_value = "300")]
    seconds: NonZeroU32,
}

/// Runs rounds of schedules until the time is up.
pub(crate) fn run(options: &Options) -> Result<()> {
    let env = Environment::default();
    step("compiling the exploration", || {
        exploration(&env).arg("--no-run").run()
    })?;
    let start = Instant::now();
    let end = start + Duration::from_secs(options.seconds.get().into());
    let (mut tried, mut round) = (0, FIRST_ROUND);
    while round > 0 {
        let time = step(&format!("{round} schedules"), || {
            exploration(&env)
                .arg("--quiet")
                .env("EXPLORE_CASES", round.to_string())
                // schedules that differ from those of the previous round; a failure prints the seed
                .env("EXPLORE_SEED", tried.to_string())
                .run()
        })?;
        tried += round;
        round = next_round(round, time, end.saturating_duration_since(Instant::now()));
    }
    say(format!(
        "no rule was broken in {tried} schedules, which took {}",
        seconds(start.elapsed())
    ));
    Ok(())
}

/// The test, built with assertions and full optimisation.
fn exploration(env: &Environment) -> Cmd {
    env.cargo(["test", "--package", "flowise-stream"]).args([
        "--lib",
        "--profile",
        "explore",
        "every_schedule_keeps_the_rules",
    ])
}

/// How many schedules fit into the remaining time, judged by the duration of the last ones.
fn next_round(schedules: u64, took: Duration, left: Duration) -> u64 {
    if left < SHORTEST_ROUND {
        return 0;
    }
    let by_time = u128::from(schedules) * left.as_millis() / took.as_millis().max(1);
    u64::try_from(by_time).unwrap_or(u64::MAX).max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_next_round_fills_the_time_that_is_left() {
        let took = Duration::from_secs(2);
        assert_eq!(next_round(10_000, took, Duration::from_secs(60)), 300_000);
        assert_eq!(next_round(10_000, took, Duration::from_millis(999)), 0);
        assert_eq!(next_round(1, took, Duration::from_secs(1)), 1);
        assert_eq!(
            next_round(10_000, Duration::ZERO, Duration::from_secs(1)),
            10_000_000
        );
    }
}
