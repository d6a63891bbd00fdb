//! Runs the crate's own tests in a page, with wasm-pack.

use anyhow::{Context, Result, bail};

use super::files::test_files;
use super::runner::Runner;
use crate::process::Environment;
use crate::server::{Addresses, SOCKET_IO_SERVER, Server};
use crate::workspace::path;

/// How long a test in a page may take before the runner gives up.
const BROWSER_TEST_SECONDS: &str = "300";

/// wasm-pack's options for the browsers.
pub(super) const CHROMIUM: &str = "--chrome";
pub(super) const FIREFOX: &str = "--firefox";

/// Runs `tests/browser*.rs` in a page of the browser that an option of wasm-pack names. The servers' addresses are compiled in: a page has no environment.
pub(super) fn check(env: &Environment, browser: &str) -> Result<()> {
    let tests = test_files(&path("tests"), "browser", ".rs")?;
    let flowise = Server::start_dev_server(env, &[])?;
    let Addresses { sse, socket_io } = flowise.addresses()?;
    let socket_io_server = Server::start(env, SOCKET_IO_SERVER, &[])?;
    let runner = Runner::start()?;
    let mut command = env
        .command("wasm-pack")
        .args(["test", "--headless", browser, "--", "--features", "js"])
        .env("FLOWISE_DEV_SSE", sse)
        .env("FLOWISE_DEV_SOCKET_IO", socket_io)
        .env("SOCKET_IO_TEST_URL", socket_io_server.ready())
        .env("WASM_BINDGEN_TEST_ADDRESS", runner.address.to_string())
        .env("WASM_BINDGEN_TEST_TIMEOUT", BROWSER_TEST_SECONDS);
    if let (FIREFOX, Some(firefox)) = (browser, env.get("FIREFOX")) {
        let binary = format!("--binary={}", firefox.display());
        command = command.env("GECKODRIVER_ARGS", binary);
    }
    for test in &tests {
        let name = test.file_stem().context("a test file has a name")?;
        command = command.arg("--test").arg(name);
    }
    // A file whose tests are not for pages is skipped with a message, without a failure.
    let ran = files_with_tests(&command.echo()?);
    if ran < tests.len() {
        bail!(
            "only {ran} of {} files in tests/browser*.rs ran a test in the page",
            tests.len()
        );
    }
    Ok(())
}

/// The number of test programs that report at least one test.
fn files_with_tests(output: &str) -> usize {
    let results = output
        .lines()
        .filter_map(|line| line.trim().strip_prefix("test result: ok. "));
    results.filter(|counts| !counts.starts_with("0 ")).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn programs_without_a_test_are_not_counted() {
        let output =
            "test result: ok. 3 passed; 0 failed\n\n    test result: ok. 0 passed; 0 failed\n";
        assert_eq!(files_with_tests(output), 1);
    }
}
