//! `cargo xtask fuzz`: the decoder gets what a fuzzer makes up, from the recorded streams on.

use std::fs;
use std::num::NonZeroU32;

use anyhow::{Result, bail};
use clap::Args;

use crate::process::Environment;
use crate::report::step;
use crate::setup::{self, Part};
use crate::workspace::{path, write};

const TARGETS: &[&str] = &["sse", "events"];

const RECORDINGS: &str = "tests/recordings/flowise-3.1.4";
/// What the targets take from the front of an input: a limit and three cuts.
const PREFIX: &[u8] = b"\xff\x40\x80\xc0";
/// The beginning of a recording has every form; length is not the point.
const SEED_BYTES: usize = 1500;

/// Fuzz the decoder
///
/// The targets, which take turns, begin with the recorded streams. It takes a nightly Rust.
#[derive(Debug, Args)]
pub(crate) struct Options {
    /// How long to fuzz each target
    #[arg(value_name = "SECONDS", default_value = "60")]
    seconds: NonZeroU32,
}

/// Fuzzes each target for the seconds that are named.
pub(crate) fn run(options: &Options) -> Result<()> {
    let seconds = options.seconds;
    let nightly = Environment::default().cargo(["+nightly", "--version"]);
    if nightly.probe().is_none() {
        bail!("fuzzing takes a nightly toolchain: `rustup toolchain install nightly`");
    }
    let env = setup::prepare(&[Part::CargoFuzz])?;
    for target in TARGETS {
        seed(target)?;
        step(&format!("fuzzing {target} for {seconds} s"), || {
            env.cargo(["+nightly", "fuzz", "run", target, "--"])
                .arg(format!("-max_total_time={seconds}"))
                .args(["-max_len=2000", "-timeout=20"])
                .dir(&path("fuzz"))
                .run()
        })?;
    }
    Ok(())
}

/// Puts the recordings into the inputs that a target begins with.
fn seed(target: &str) -> Result<()> {
    let corpus = path("fuzz/corpus").join(target);
    for entry in fs::read_dir(path(RECORDINGS))? {
        let recording = entry?.path();
        let Some(name) = recording
            .file_name()
            .filter(|_| recording.extension() == Some("sse".as_ref()))
        else {
            continue;
        };
        let stream = fs::read(&recording)?;
        let beginning = &stream[..stream.len().min(SEED_BYTES)];
        write(&corpus.join(name), [PREFIX, beginning].concat())?;
    }
    Ok(())
}
