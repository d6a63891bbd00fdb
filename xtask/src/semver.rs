//! `cargo xtask semver`: compares the crate's API with that of a release.
//!
//! `tests/public-api.txt` shows each change for a review. This command judges them: what breaks the programs of users needs a new
//! major version, or before 1.0 a new minor one.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use clap::Args;

use crate::process::Environment;
use crate::report::step;
use crate::setup::{self, Part};
use crate::workspace::{self, WASM_TARGET, target_dir};

const NEEDS: &[Part] = &[Part::WasmTarget, Part::CargoSemverChecks];

/// Compare the crate's API with that of a release
///
/// It fails if a change needs a higher version than Cargo.toml has, for native programs or for pages. The release comes from git,
/// by its tag or commit.
#[derive(Debug, Args)]
pub(crate) struct Options {
    /// The release: a tag or commit, instead of the newest tag `v…`
    #[arg(value_name = "REVISION")]
    release: Option<String>,
}

/// Compares the working tree with the release.
pub(crate) fn run(options: &Options) -> Result<()> {
    // before anything is installed
    let release = revision(&Environment::default(), options)?;
    let env = setup::prepare(NEEDS)?;
    let folder = target_dir().join("semver");
    let sources = folder.join("release");
    check_out(&env, &release, &sources)?;
    let builds = [("native programs", None), ("pages", Some(WASM_TARGET))];
    let compared = builds.map(|(name, target)| {
        step(&format!("the API for {name}, since {release}"), || {
            let current = describe(&env, workspace::root(), target, &folder.join("current"))?;
            let baseline = describe(&env, &sources, target, &folder.join("baseline"))?;
            // Given sources, the tool would describe them itself, but not for wasm32: it silences the warnings by which cargo
            // knows the crate types of a target.
            env.cargo(["semver-checks", "--current-rustdoc"])
                .arg(current)
                .arg("--baseline-rustdoc")
                .arg(baseline)
                .run()
        })
    });
    // both are shown, and then the first failure
    compared
        .into_iter()
        .try_for_each(|outcome| outcome.map(drop))
}

/// The commit to compare with, as git knows it.
fn revision(env: &Environment, options: &Options) -> Result<String> {
    let newest = || {
        let describe = ["describe", "--tags", "--abbrev=0", "--match", "v[0-9]*"];
        let tag = env.command("git").args(describe).probe();
        tag.context("there is no tag of a release yet: name a commit to compare with")
    };
    let named = options.release.clone().map_or_else(newest, Ok)?;
    let named = named.trim();
    let commit = [named, "^{commit}"].concat();
    let parse = ["rev-parse", "--verify", "--quiet", "--end-of-options"];
    let known = env.command("git").args(parse).arg(commit).probe();
    known.with_context(|| format!("git knows no commit `{named}`"))?;
    Ok(named.to_owned())
}

/// Writes the files of a commit into a folder. The working tree and its index stay as they are.
fn check_out(env: &Environment, commit: &str, folder: &Path) -> Result<()> {
    if folder.exists() {
        fs::remove_dir_all(folder).with_context(|| format!("cannot empty {}", folder.display()))?;
    }
    fs::create_dir_all(folder).with_context(|| format!("cannot create {}", folder.display()))?;
    let index = folder.join(".index");
    let git = |args: &[&str]| env.command("git").args(args).env("GIT_INDEX_FILE", &index);
    git(&["read-tree", commit]).run()?;
    let prefix = format!("--prefix={}/", folder.display());
    git(&["checkout-index", "--all", &prefix]).run()
}

/// Describes the API of a checkout, as JSON from rustdoc.
fn describe(
    env: &Environment,
    root: &Path,
    target: Option<&str>,
    builds: &Path,
) -> Result<PathBuf> {
    let mut rustdoc = env
        .cargo(["rustdoc", "--quiet", "--lib", "--manifest-path"])
        .arg(root.join("Cargo.toml"))
        .env("CARGO_TARGET_DIR", builds)
        // rustdoc's JSON is unstable; the tool knows the formats of the releases that it supports
        .env("RUSTC_BOOTSTRAP", "1");
    let mut described = builds.to_owned();
    if let Some(target) = target {
        rustdoc = rustdoc.args(["--target", target]);
        described.push(target);
    }
    rustdoc
        .args(["--", "-Zunstable-options", "--output-format=json"])
        // as cargo-semver-checks asks for: a public item may name a private or hidden one
        .args(["--document-private-items", "--document-hidden-items"])
        .arg("--cap-lints=allow")
        .run()?;
    Ok(described.join("doc/flowise_stream.json"))
}
