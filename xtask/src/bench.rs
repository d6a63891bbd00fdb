//! Benchmarks in Chromium; some of them in every engine.

use std::path::PathBuf;

use anyhow::Result;
use clap::{Args, ValueEnum};

use crate::build;
use crate::server::{self, DEV_SERVER};
use crate::setup::{self, Part};

const NEEDS: &[Part] = &[
    Part::WasmTarget,
    Part::WasmBindgen,
    Part::Npm("pkg"),
    Part::Npm("benches"),
    Part::Npm("tests"),
    Part::Browser,
    Part::Firefox,
    Part::WebKit,
];

/// Run the benchmarks in Chromium, and decoding and tokens in Firefox and WebKit too
///
/// It builds the package, compares it with other clients and prints the results as Markdown.
#[derive(Debug, Args)]
pub(crate) struct Options {
    /// The parts to run instead of all
    #[arg(value_name = "PART")]
    parts: Vec<BenchPart>,
    /// Measure fewer rounds, for daily work
    #[arg(long)]
    quick: bool,
    /// Decode and take tokens in this engine only
    #[arg(long)]
    engine: Option<Engine>,
    /// Put the results into docs/benchmarks.md, with a chart; requires a full run
    #[arg(long, conflicts_with = "parts")]
    write: bool,
    /// Write the figures into this file as well
    #[arg(long, value_name = "FILE", value_parser = absolute)]
    json: Option<PathBuf>,
    /// Measure the package in this folder instead of pkg/dist
    #[arg(long, value_name = "DIR", value_parser = folder)]
    dist: Option<PathBuf>,
    /// Measure what `wasm-bindgen --target web` wrote into this folder instead
    #[arg(long, value_name = "DIR", value_parser = folder)]
    wasm: Option<PathBuf>,
}

/// The parts of `benches/run.mjs`, by their names there.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum BenchPart {
    Decode,
    Tokens,
    SocketIo,
    Start,
    Memory,
    Size,
}

/// The engines of `benches/engines.mjs`, by their names there.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum Engine {
    Chromium,
    Firefox,
    Webkit,
}

impl Options {
    /// The options of `benches/run.mjs`.
    fn to_args(&self) -> Vec<String> {
        let parts = self.parts.iter().filter_map(ValueEnum::to_possible_value);
        let engine = self.engine.and_then(|engine| engine.to_possible_value());
        let flags = [("--quick", self.quick), ("--write", self.write)];
        let flags = flags.into_iter().filter(|(_, is_set)| *is_set);
        let paths = [
            ("--json", &self.json),
            ("--dist", &self.dist),
            ("--wasm", &self.wasm),
        ];
        let paths = paths
            .into_iter()
            .filter_map(|(name, path)| Some(format!("{name}={}", path.as_ref()?.display())));
        parts
            .map(|part| part.get_name().to_owned())
            .chain(flags.map(|(name, _)| name.to_owned()))
            .chain(engine.map(|engine| format!("--engine={}", engine.get_name())))
            .chain(paths)
            .collect()
    }
}

/// A path relative to the folder of the command: the benchmarks run in another folder.
fn absolute(text: &str) -> Result<PathBuf, String> {
    std::path::absolute(text).map_err(|error| error.to_string())
}

fn folder(text: &str) -> Result<PathBuf, String> {
    let folder = absolute(text)?;
    match folder.is_dir() {
        true => Ok(folder),
        false => Err("there is no such folder".to_owned()),
    }
}

/// Builds the package and runs `benches/run.mjs`.
pub(crate) fn run(options: &Options) -> Result<()> {
    let env = setup::prepare(NEEDS)?;
    build::run(&env)?;
    let server = server::build(&env, DEV_SERVER)?;
    env.node("benches/run.mjs")
        .args(options.to_args())
        .env("FLOWISE_DEV_SERVER", server)
        .run()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workspace::{path, read};

    #[test]
    fn the_parts_are_those_of_the_script() {
        let names: Vec<String> = BenchPart::value_variants()
            .iter()
            .filter_map(ValueEnum::to_possible_value)
            .map(|part| part.get_name().to_owned())
            .collect();
        let script = read(&path("benches/run.mjs")).unwrap();
        let (_, parts) = script.split_once("const PARTS = {").unwrap();
        let (parts, _) = parts.split_once('}').unwrap();
        let of_the_script: Vec<&str> = parts
            .split(',')
            .map(|part| part.split(':').next().unwrap().trim().trim_matches('\''))
            .collect();
        assert_eq!(names, of_the_script);
    }
}
