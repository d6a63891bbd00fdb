//! Runs test files under Node's test runner.

use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};

use anyhow::{Result, bail};

use super::files::test_files;
use crate::process::Environment;
use crate::report::{note, say};
use crate::server::{self, DEV_SERVER};
use crate::workspace::{path, root};

/// The time limit for one test file under Node, in milliseconds: one file builds front ends from scratch.
pub(super) const NODE_TEST_LIMIT: &str = "--test-timeout=1800000";

/// Reports all tests by name, with the duration of each file.
pub(super) const REPORTERS: &[&str] = &[
    "--test-reporter=spec",
    "--test-reporter-destination=stdout",
    "--test-reporter=./tests/support/durations.mjs",
    "--test-reporter-destination=stdout",
];

/// The folders whose files run in parallel: each has its own browser and servers, on free ports.
const SIDE_BY_SIDE: &[&str] = &["tests", "tests/e2e"];

/// The files of these folders that have to run alone, with the reason.
const ALONE: &[(&str, &str)] = &[(
    "tests/e2e/large.test.mjs",
    "a socket that hears nothing for five seconds after its reply has heard all: in 100,000 packets there must be no such gap",
)];

/// How many files of a folder run at once. They wait for servers and pages for half of their time, so there are twice as many as processors.
fn at_once(folder: &str) -> usize {
    if !SIDE_BY_SIDE.contains(&folder) {
        return 1;
    }
    let processors = std::thread::available_parallelism().map_or(1, NonZeroUsize::get);
    (2 * processors).clamp(2, 8)
}

/// Whether a file has to run alone.
fn is_alone(file: &Path) -> bool {
    ALONE.iter().any(|(alone, _)| path(alone) == file)
}

/// Runs the files `*.test.mjs` of a folder under Node's test runner.
///
/// A file with a failure runs once more, alone. The summary names a test that passes only then: on a busy machine, a browser may be
/// late. Such a test needs a fix, but it does not hide the other results.
pub(crate) fn node_tests(env: &Environment, folder: &str) -> Result<()> {
    let files = test_files(&path(folder), "", ".test.mjs")?;
    let server = server::build(env, DEV_SERVER)?;
    let run = |files: &[PathBuf], at_once: usize| {
        env.command("node")
            .args(["--test", NODE_TEST_LIMIT])
            .args(REPORTERS)
            .arg(format!("--test-concurrency={at_once}"))
            .args(files)
            .env("FLOWISE_DEV_SERVER", &server)
            .echo_outcome()
    };
    let (alone, others): (Vec<_>, Vec<_>) = files.iter().cloned().partition(|file| is_alone(file));
    let mut failed = Vec::new();
    for (files, at_once) in [(others, at_once(folder)), (alone, 1)] {
        if files.is_empty() {
            continue;
        }
        let (status, printed) = run(&files, at_once)?;
        if !status.success() {
            let places = failures(&printed);
            if places.is_empty() {
                bail!(
                    "the tests of {folder} failed, and their report does not say where: {status}"
                );
            }
            failed.extend(places);
        }
    }
    if failed.is_empty() {
        return Ok(());
    }
    let again = with_failures(&files, &failed);
    if again.is_empty() {
        bail!("the tests of {folder} failed: {}", failed.join(", "));
    }
    say("running the files with failures once more");
    let (status, _) = run(&again, 1)?;
    if !status.success() {
        bail!("the tests of {folder} failed twice: {}", failed.join(", "));
    }
    for at in failed {
        note(format!(
            "FLAKY: {at} failed, and passed when it was run again"
        ));
    }
    Ok(())
}

/// The files that hold one of these locations, which are below the root.
pub(super) fn with_failures(files: &[PathBuf], failed: &[String]) -> Vec<PathBuf> {
    let holds = |file: &Path| {
        let name = file.strip_prefix(root()).unwrap_or(file);
        failed
            .iter()
            .any(|at| at.starts_with(&*name.to_string_lossy()))
    };
    files.iter().filter(|file| holds(file)).cloned().collect()
}

/// The locations of the failed tests in the report of Node's test runner.
pub(super) fn failures(report: &str) -> Vec<String> {
    let (_, failing) = report.split_once("failing tests:").unwrap_or_default();
    let places = failing
        .lines()
        .filter_map(|line| line.strip_prefix("test at "));
    places.map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn failures_are_read_from_the_report() {
        let report = "✖ a\n  test at elsewhere\n✖ failing tests:\n\ntest at tests/e2e/a.test.mjs:26:9\n✖ a (5ms)\n  Error\n";
        assert_eq!(failures(report), ["tests/e2e/a.test.mjs:26:9"]);
        assert!(failures("ℹ pass 3\n").is_empty());
    }

    #[test]
    fn only_files_with_failures_run_again() {
        let files = ["a", "b"].map(|name| path("tests/e2e").join(format!("{name}.test.mjs")));
        let failed = ["tests/e2e/b.test.mjs:26:9".to_owned()];
        assert_eq!(with_failures(&files, &failed), [files[1].clone()]);
    }

    #[test]
    fn the_files_that_run_alone_are_there() {
        let files = SIDE_BY_SIDE
            .iter()
            .flat_map(|folder| test_files(&path(folder), "", ".test.mjs").unwrap());
        let alone = files.filter(|file| is_alone(file)).count();
        assert_eq!(alone, ALONE.len());
    }
}
