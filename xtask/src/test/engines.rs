//! Runs some of the page tests in browsers other than Chromium.

use std::path::PathBuf;
use std::thread;

use anyhow::{Result, anyhow, bail};

use super::node::{REPORTERS, failures, with_failures};
use crate::demo;
use crate::process::Environment;
use crate::report::note;
use crate::server::{self, DEV_SERVER};
use crate::workspace::path;

const ENGINES: &[&str] = &["firefox", "webkit"];

/// Starts a browser for all files of a run in Firefox, which needs as long to start as most files need to run.
const WITH_ONE_FIREFOX: &str = "tests/support/engines/with-one-browser.mjs";

/// The time limit for one test file, in milliseconds. On a machine with six times as much work as processors, the longest took less than half of it.
const FILE_LIMIT: &str = "--test-timeout=600000";

/// The files of `tests/e2e` that run in every engine. `tests/support/needs.mjs` lists what an engine's driver cannot do.
const FILES: &[&str] = &[
    "abort",
    "ai",
    "back-forward",
    "callbacks",
    "demo-path",
    "event-source",
    "faults",
    "limits",
    "queries",
    "react",
    "recovery",
    "security",
    "slim",
    "snippet",
    "streams",
    "worker",
];

/// Runs the files in each engine. The engines run in parallel, because a test mostly waits.
pub(super) fn check(env: &Environment) -> Result<()> {
    demo::build_page(env)?;
    let server = server::build(env, DEV_SERVER)?;
    let env = &{
        let mut env = env.clone();
        env.set("FLOWISE_DEV_SERVER", server);
        env
    };
    let results: Vec<Result<()>> = thread::scope(|scope| {
        let runs: Vec<_> = ENGINES
            .iter()
            .map(|engine| scope.spawn(move || check_one(env, engine)))
            .collect();
        runs.into_iter()
            .map(|run| {
                run.join()
                    .unwrap_or_else(|_| Err(anyhow!("a run panicked")))
            })
            .collect()
    });
    results.into_iter().collect()
}

fn check_one(env: &Environment, engine: &str) -> Result<()> {
    let all: Vec<PathBuf> = FILES
        .iter()
        .map(|name| path(&format!("tests/e2e/{name}.test.mjs")))
        .collect();
    let shared = (engine == "firefox").then_some(WITH_ONE_FIREFOX);
    let (success, report) = run(env, engine, shared, &all)?;
    for (test, reason) in not_run(&report) {
        note(format!("NOT RUN: {test} ({reason})"));
    }
    if success {
        return Ok(());
    }
    // as for the page tests in Chromium: a test that passes the second time is named, and hides no other failure. Each file has a browser of
    // its own then, because a page that hangs may have taken the others with it.
    let failed = failures(&report);
    let again = with_failures(&all, &failed);
    if again.is_empty() || !run(env, engine, None, &again)?.0 {
        bail!("the tests in {engine} failed: {}", failed.join(", "));
    }
    for at in failed {
        note(format!(
            "FLAKY: {at} failed in {engine}, and passed when it was run again"
        ));
    }
    Ok(())
}

/// Runs files in an engine, with a script that starts Node or without, and prints their output at the end.
fn run(
    env: &Environment,
    engine: &str,
    script: Option<&str>,
    files: &[PathBuf],
) -> Result<(bool, String)> {
    let (success, report) = env
        .command("node")
        .args(script)
        .args(["--test", "--test-concurrency=1", FILE_LIMIT])
        .args(REPORTERS)
        .args(files)
        .env("ENGINE", engine)
        .outcome()?;
    println!("--- {engine}\n{report}");
    Ok((success, report))
}

/// The skipped tests in the report of Node's test runner, with the reasons.
fn not_run(report: &str) -> Vec<(&str, &str)> {
    let (tests, _) = report.split_once("failing tests:").unwrap_or((report, ""));
    tests
        .lines()
        .filter_map(|line| line.trim_start().strip_prefix("﹣ ")?.rsplit_once(" # "))
        .map(|(test, reason)| {
            (
                test.rsplit_once(" (").map_or(test, |(name, _)| name),
                reason,
            )
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn skipped_tests_are_read_from_the_report() {
        let report = "✔ a (1ms)\n  ﹣ b (c) (0.1ms) # webkit: why\nℹ skipped 1\n✖ failing tests:\n﹣ d (0.1ms) # e\n";
        assert_eq!(not_run(report), [("b (c)", "webkit: why")]);
    }
}
