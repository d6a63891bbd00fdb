//! Formatting and lints, of all workspaces and targets.

use anyhow::Result;

use crate::process::Environment;
use crate::workspace::{WASM_TARGET, target_dir};

/// The workspaces beside the main one: their dependencies take longer to compile than everything else, or need a nightly Rust.
const EXAMPLES: &str = "examples/Cargo.toml";
const FUZZ: &str = "fuzz/Cargo.toml";

pub(super) fn fmt(env: &Environment) -> Result<()> {
    for manifest in ["Cargo.toml", EXAMPLES, FUZZ] {
        env.cargo(["fmt", "--all", "--check", "--manifest-path", manifest])
            .run()?;
    }
    Ok(())
}

/// Lints the separate workspaces.
pub(super) fn clippy_more(env: &Environment) -> Result<()> {
    let locked = ["--locked", "--all-targets", "--manifest-path"];
    let mut env = env.clone();
    // A build of the examples with the packaged crate copies everything in their folder.
    env.set("CARGO_TARGET_DIR", target_dir().join("more"));
    clippy(
        &env,
        &[
            &locked[..],
            &[EXAMPLES, "--workspace", "--target", WASM_TARGET],
        ]
        .concat(),
    )?;
    // Nothing is linked, so neither libFuzzer nor the C++ compiler that builds it is required.
    env.set("CUSTOM_LIBFUZZER_PATH", target_dir().join("libFuzzer.a"));
    clippy(&env, &[&locked[..], &[FUZZ]].concat())
}

pub(super) fn clippy(env: &Environment, args: &[&str]) -> Result<()> {
    env.cargo(["clippy", "--quiet"])
        .args(args)
        .args(["--", "-D", "warnings"])
        .run()
}

/// Lints all builds of the crate: everything with its tests, the build for Rust front ends, and the build for the npm package.
pub(super) fn clippy_wasm(env: &Environment) -> Result<()> {
    let target = ["--target", WASM_TARGET];
    let all = ["--lib", "--tests", "--features", "js"];
    let front_end = ["--lib", "--no-default-features", "--features", "client"];
    let socket_io = ["--lib", "--no-default-features", "--features", "socketio"];
    let npm = ["--lib", "--no-default-features", "--features", "js"];
    clippy(env, &[&target[..], &all].concat())?;
    clippy(env, &[&target[..], &front_end].concat())?;
    clippy(env, &[&target[..], &socket_io].concat())?;
    clippy(env, &[&target[..], &npm].concat())
}
