//! Compiles each build of the crate with the oldest Rust that `Cargo.toml` promises.

use anyhow::{Context, Result};

use crate::process::Environment;
use crate::report::{NotChecked, say};
use crate::workspace::{self, WASM_TARGET, target_dir};

/// The builds for a native program, for front ends in Rust, and for the npm package.
const BUILDS: &[&[&str]] = &[
    &[],
    &["--target", WASM_TARGET],
    &[
        "--target",
        WASM_TARGET,
        "--no-default-features",
        "--features",
        "socketio",
    ],
    &[
        "--target",
        WASM_TARGET,
        "--no-default-features",
        "--features",
        "js",
    ],
];

/// Compiles the crate with that Rust. rustup downloads it if it is missing.
///
/// # Errors
///
/// [`NotChecked`] if rustup cannot download it.
pub(super) fn check(env: &Environment) -> Result<()> {
    let manifest = workspace::read(&workspace::path("Cargo.toml"))?;
    let version = promised(&manifest).context("Cargo.toml has no `rust-version`")?;
    let toolchain = format!("{version}.0");
    if !is_there(env, &toolchain) {
        say(format!("fetching Rust {toolchain}"));
        let fetch = [
            "toolchain",
            "install",
            &toolchain,
            "--profile",
            "minimal",
            "--target",
            WASM_TARGET,
        ];
        let fetched = env.command("rustup").args(fetch).run();
        if let Err(error) = fetched {
            let why = format!("there is no Rust {toolchain}: {error:#}");
            return Err(NotChecked(why).into());
        }
    }
    for build in BUILDS {
        env.cargo([&format!("+{toolchain}"), "check", "--quiet", "--locked"])
            .args(["--package", "flowise-stream", "--lib"])
            .args(*build)
            .arg("--target-dir")
            .arg(target_dir().join("msrv"))
            .run()?;
    }
    Ok(())
}

/// Whether rustup has the toolchain with both targets.
fn is_there(env: &Environment, toolchain: &str) -> bool {
    let list = ["target", "list", "--installed", "--toolchain", toolchain];
    let listed = env.command("rustup").args(list).probe();
    listed.is_some_and(|targets| targets.lines().any(|target| target == WASM_TARGET))
}

/// The 1.88 of `rust-version = "1.88"`.
fn promised(manifest: &str) -> Option<&str> {
    manifest
        .lines()
        .find_map(|line| line.strip_prefix("rust-version = \"")?.strip_suffix('"'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_promised_version_is_that_of_the_workspace() {
        let manifest = "[package]\nrust-version.workspace = true\nrust-version = \"1.88\"\n";
        assert_eq!(promised(manifest), Some("1.88"));
        assert_eq!(promised("rust-version.workspace = true"), None);
    }
}
