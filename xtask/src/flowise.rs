//! Tests against real Flowise servers, one of each generation.

use anyhow::Result;
use clap::Args;

use crate::build;
use crate::process::Environment;
use crate::report::{say, step};
use crate::setup::{self, Part};
use crate::test::node_tests;

const NEEDS: &[Part] = &[
    Part::WasmTarget,
    Part::WasmBindgen,
    Part::Npm("pkg"),
    Part::Npm("tests"),
    Part::Browser,
];

/// Prints the tested versions that are not installed.
const MISSING: &str = "\
import { VERSIONS } from './tests/flowise/cache.mjs'
import { isInstalled } from './tests/flowise/install.mjs'
for (const version of VERSIONS) if (!(await isInstalled(version))) console.log(version)";

/// Test against real Flowise servers
///
/// It installs one server of each generation (gigabytes, and minutes, the first time), fills them with flows behind a scripted
/// model, runs them, and runs the tests in tests/flowise against them.
#[derive(Debug, Args)]
pub(crate) struct Options {
    /// Do nothing if the servers are not installed
    #[arg(long)]
    if_installed: bool,
}

/// Installs the servers and runs the tests that need them.
pub(crate) fn run(options: &Options) -> Result<()> {
    if options.if_installed {
        let missing = missing(&Environment::default())?;
        if !missing.is_empty() {
            say(format!(
                "not tested against real Flowise servers, as Flowise {} is not installed: `cargo xtask test-flowise` installs it (gigabytes, and minutes)",
                missing.join(" and ")
            ));
            return Ok(());
        }
    }
    let env = setup::prepare(NEEDS)?;
    step("Flowise servers", || {
        env.node("tests/flowise/install.mjs").arg("both").run()
    })?;
    step("npm package", || build::run(&env))?;
    step("tests against real Flowise servers", || {
        node_tests(&env, "tests/flowise")
    })?;
    Ok(())
}

fn missing(env: &Environment) -> Result<Vec<String>> {
    let printed = env
        .command("node")
        .args(["--input-type=module", "--eval", MISSING])
        .output()?;
    Ok(printed.split_whitespace().map(str::to_owned).collect())
}
