//! The Rust parts: the wasm32 target, and the tools that are crates.

use std::path::Path;

use anyhow::{Context, Result};

use crate::process::Environment;
use crate::report::say;
use crate::workspace::{self, WASM_TARGET, cache_dir, locked_version};

/// A program that `cargo install` builds. The cache keeps it under its version.
pub(super) struct Tool<'a> {
    package: &'a str,
    /// The program that prints the version.
    program: &'a str,
    version: &'a str,
    flags: &'a [&'a str],
    minutes: &'a str,
}

pub(super) const WASM_PACK: Tool<'_> = Tool {
    package: "wasm-pack",
    program: "wasm-pack",
    version: "0.15.0",
    flags: &["--locked"],
    minutes: "2 to 3 minutes",
};

/// It only passes commands on, so it does not have to be fast.
pub(super) const GECKODRIVER: Tool<'_> = Tool {
    package: "geckodriver",
    program: "geckodriver",
    version: "0.37.1",
    flags: &["--locked", "--debug"],
    minutes: "2 to 3 minutes",
};

pub(super) const CARGO_DENY: Tool<'_> = Tool {
    package: "cargo-deny",
    program: "cargo-deny",
    version: "0.20.2",
    flags: &["--locked"],
    minutes: "5 to 10 minutes",
};

pub(super) const CARGO_FUZZ: Tool<'_> = Tool {
    package: "cargo-fuzz",
    program: "cargo-fuzz",
    version: "0.13.2",
    flags: &["--locked"],
    minutes: "a minute",
};

/// It reads what rustdoc writes, so its version goes with that of Rust.
pub(super) const CARGO_SEMVER_CHECKS: Tool<'_> = Tool {
    package: "cargo-semver-checks",
    program: "cargo-semver-checks",
    version: "0.51.0",
    flags: &["--locked", "--debug"],
    minutes: "10 to 15 minutes",
};

/// Makes sure that programs for wasm32 can be compiled and linked.
pub(super) fn wasm_target(env: &Environment) -> Result<()> {
    let installed = if cfg!(unix) {
        env.command("bash")
            .arg("tools/install-wasm-target.sh")
            .run()
    } else {
        env.command("rustup")
            .args(["target", "add", WASM_TARGET])
            .run()
    };
    installed.with_context(|| {
        format!("cannot compile for {WASM_TARGET}: run `rustup target add {WASM_TARGET}`, or install that target with your Rust")
    })
}

/// Makes sure that `wasm-bindgen` is on PATH. Its version must be exactly that of the crate.
pub(super) fn wasm_bindgen(env: &mut Environment) -> Result<()> {
    let lock = workspace::read(&workspace::path("Cargo.lock"))?;
    let version = locked_version(&lock, "wasm-bindgen").context(
        "Cargo.lock has no wasm-bindgen, so it is unknown which wasm-bindgen-cli to install",
    )?;
    let tool = Tool {
        package: "wasm-bindgen-cli",
        program: "wasm-bindgen",
        version,
        // Its TLS is for downloading drivers, which we do not do; it would require a C compiler and minutes of build time.
        flags: &["--no-default-features"],
        minutes: "3 to 4 minutes",
    };
    provide(env, &tool)
}

/// Makes sure that this exact version of a tool is on PATH.
pub(super) fn provide(env: &mut Environment, tool: &Tool<'_>) -> Result<()> {
    if has_version(env, Path::new(tool.program), tool.version) {
        return Ok(());
    }
    let folder = cache_dir()?.join(format!("{}-{}", tool.program, tool.version));
    let programs = folder.join("bin");
    if !has_version(env, &programs.join(tool.program), tool.version) {
        say(format!(
            "installing {} {} into {} ({}, once on this machine)",
            tool.package,
            tool.version,
            folder.display(),
            tool.minutes,
        ));
        env.cargo(["install", tool.package, "--version", tool.version])
            .arg("--root")
            .arg(&folder)
            .args(tool.flags)
            .without_env(&[
                "RUSTFLAGS",
                "CARGO_ENCODED_RUSTFLAGS",
                "CARGO_BUILD_TARGET",
                "CARGO_TARGET_DIR",
            ])
            .run()
            .with_context(|| {
                format!(
                    "cannot install {package} {version}: put a `{program}` of that version on PATH",
                    package = tool.package,
                    version = tool.version,
                    program = tool.program,
                )
            })?;
    }
    env.add_path(programs);
    Ok(())
}

/// Whether the program prints this version, as in `wasm-bindgen 0.2.130`.
fn has_version(env: &Environment, program: &Path, version: &str) -> bool {
    let said = env.command(program).arg("--version").probe();
    said.is_some_and(|text| text.split_whitespace().nth(1) == Some(version))
}
