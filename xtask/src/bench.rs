//! Benchmarks in Chromium.

use anyhow::Result;

use crate::build;
use crate::server::{self, DEV_SERVER};
use crate::setup::{self, Part};

const NEEDS: &[Part] = &[
    Part::WasmTarget,
    Part::WasmBindgen,
    Part::Npm("pkg"),
    Part::Npm("benches"),
    Part::Browser,
];

/// Builds what is measured and runs `benches/run.mjs` with the options given.
pub(crate) fn run(options: &[String]) -> Result<()> {
    // As in `cargo bench -- --quick`, out of habit.
    let options = match options {
        [dashes, rest @ ..] if dashes == "--" => rest,
        all => all,
    };
    let env = setup::prepare(NEEDS)?;
    build::run(&env)?;
    let server = server::build(&env, DEV_SERVER)?;
    env.node("benches/run.mjs")
        .args(options)
        .env("FLOWISE_DEV_SERVER", server)
        .run()
}
