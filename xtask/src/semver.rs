//! `cargo xtask semver`: compares the crate's API with that of a release.
//!
//! `tests/public-api.txt` shows each change for a review. This command judges them: what breaks the programs of users needs a new
//! major version, or before 1.0 a new minor one.

use anyhow::{Context, Result, bail};
use clap::Args;

use crate::process::Environment;
use crate::report::step;
use crate::setup::{self, Part};
use crate::workspace::{WASM_TARGET, target_dir};

const NEEDS: &[Part] = &[Part::WasmTarget, Part::CargoSemverChecks];

/// Compare the crate's API with that of a release
///
/// It fails if a change needs a higher version than Cargo.toml has, for native programs or for pages. Nothing is fetched: the
/// release comes from git, by its tag or commit.
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
    let builds: [(&str, &[&str]); 2] = [
        ("native programs", &[]),
        ("pages", &["--target", WASM_TARGET]),
    ];
    for (name, target) in builds {
        step(&format!("the API for {name}, since {release}"), || {
            env.cargo(["semver-checks", "--package", "flowise-stream"])
                .args(["--default-features", "--baseline-rev", &release])
                .args(target)
                // the folders of both releases would be in the middle of other builds
                .env("CARGO_TARGET_DIR", target_dir().join("semver"))
                .run()
        })?;
    }
    Ok(())
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
    let parse = [
        "rev-parse",
        "--verify",
        "--quiet",
        "--end-of-options",
        &commit,
    ];
    if env.command("git").args(parse).probe().is_none() {
        bail!("git knows no commit `{named}`");
    }
    Ok(named.to_owned())
}
