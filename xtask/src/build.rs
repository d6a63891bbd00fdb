//! Builds the npm package: compiles Rust to WebAssembly, and makes its glue and the bundles in `pkg/dist`.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::byte_string;
use crate::process::Environment;
use crate::report::say;
use crate::setup::Part;
use crate::workspace::{self, WASM_TARGET, cargo_home, target_dir};

/// The tools that the build needs.
pub(crate) const NEEDS: &[Part] = &[Part::WasmTarget, Part::WasmBindgen, Part::Npm("pkg")];

/// The options of wasm-opt. The lowest addresses are the far end of the stack, so nothing points there.
const WASM_OPT: &[&str] = &["-Oz", "--converge", "--low-memory-unused"];

/// The stack comes first in memory: with a quarter of the usual megabyte, every address after it is a byte shorter.
const STACK: &str = "-Clink-arg=-zstack-size=262144";

/// Optimised for size, LLVM inlines nearly nothing, and calls take a third of the decoder's time. Up to this threshold, inlining makes
/// the decoder a tenth faster, and the package 0.2 kB longer; above it, the package grows by kilobytes.
const INLINING: &str = "-Cllvm-args=-inline-threshold=40";

/// Builds the package into `pkg/dist`, and replaces what is there.
pub(crate) fn run(env: &Environment) -> Result<()> {
    say("compiling the crate to WebAssembly");
    let compiled = compile(env)?;

    say("making its JavaScript glue");
    let glue = target_dir().join("npm");
    if glue.exists() {
        fs::remove_dir_all(&glue).with_context(|| format!("cannot replace {}", glue.display()))?;
    }
    env.command("wasm-bindgen")
        .args(["--target", "web", "--out-name", "core"])
        // Bundlers treat the default path as one of their assets.
        .arg("--omit-default-module-path")
        .args(["--no-typescript", "--remove-producers-section"])
        .arg("--out-dir")
        .arg(&glue)
        .arg(&compiled)
        .run()?;

    let wasm = glue.join("core_bg.wasm");
    let before = fs::metadata(&wasm)?.len();
    env.node("pkg/scripts/optimise.mjs")
        .arg(&glue)
        .args(WASM_OPT)
        .run()?;
    let bytes = fs::read(&wasm)?;
    say(format!("wasm-opt: {before} to {} bytes", bytes.len()));
    workspace::write(&glue.join("wasm.js"), byte_string::module(&bytes))?;

    say("bundling pkg/dist");
    env.node("pkg/scripts/build.mjs").arg(&glue).run()
}

/// Compiles the crate as a cdylib only: with `rlib` beside it, cargo skips link-time optimisation.
fn compile(env: &Environment) -> Result<PathBuf> {
    let mut flags = remap_flags(&cargo_sources(), workspace::root());
    flags.extend([STACK, INLINING].map(str::to_owned));
    let config = format!(
        "target.{WASM_TARGET}.rustflags={}",
        serde_json::to_string(&flags)?
    );
    env.cargo(["rustc", "--release", "--lib", "--crate-type", "cdylib"])
        .args([
            "--target",
            WASM_TARGET,
            "--no-default-features",
            "--features",
            "js",
        ])
        .args(["--config", &config])
        // They would replace the flags of .cargo/config.toml.
        .without_env(&[
            "RUSTFLAGS",
            "CARGO_ENCODED_RUSTFLAGS",
            "CARGO_BUILD_RUSTFLAGS",
        ])
        .run()?;
    Ok(target_dir()
        .join(WASM_TARGET)
        .join("release/flowise_stream.wasm"))
}

/// The folders in which cargo keeps the sources of dependencies, one for each registry.
fn cargo_sources() -> Vec<PathBuf> {
    let registries = cargo_home().and_then(|home| fs::read_dir(home.join("registry/src")).ok());
    registries
        .into_iter()
        .flatten()
        .flatten()
        .map(|entry| entry.path())
        .collect()
}

/// Removes the builder's folders from panic messages, so that the build does not depend on its location.
fn remap_flags(sources: &[PathBuf], root: &Path) -> Vec<String> {
    let remap = |folder: &Path, name| format!("--remap-path-prefix={}={name}", folder.display());
    let sources = sources.iter().map(|folder| remap(folder, "deps"));
    std::iter::once(remap(root, ".")).chain(sources).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_of_the_builder_get_neutral_names() {
        let flags = remap_flags(
            &["/home/me/src/registry".into()],
            Path::new("/home/me/project"),
        );
        assert_eq!(
            flags,
            [
                "--remap-path-prefix=/home/me/project=.",
                "--remap-path-prefix=/home/me/src/registry=deps",
            ]
        );
    }
}
