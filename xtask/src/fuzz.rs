//! `cargo xtask fuzz`: fuzzes the decoder, starting from the recorded streams.

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
/// The bytes that the targets take from the front of an input: a limit and three cuts.
const PREFIX: &[u8] = b"\xff\x40\x80\xc0";
/// The beginning of a recording contains every form; a longer input adds nothing.
const SEED_BYTES: usize = 1500;

/// Fuzz the decoder
///
/// The targets run one after the other, and start from the recorded streams. Requires a nightly Rust.
#[derive(Debug, Args)]
pub(crate) struct Options {
    /// How long to fuzz each target
    #[arg(value_name = "SECONDS", default_value = "60")]
    seconds: NonZeroU32,
}

/// Fuzzes each target for the given number of seconds.
pub(crate) fn run(options: &Options) -> Result<()> {
    let seconds = options.seconds;
    let nightly = Environment::default().cargo(["+nightly", "--version"]);
    if nightly.probe().is_none() {
        bail!("fuzzing requires a nightly toolchain: `rustup toolchain install nightly`");
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

/// Adds the recordings to the initial inputs of a target.
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
