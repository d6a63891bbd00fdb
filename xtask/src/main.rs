//! The repository's own commands: `cargo xtask <command>`.

mod audit;
mod bench;
mod build;
mod byte_string;
mod cli;
mod demo;
mod docs;
mod explore;
mod flowise;
mod fuzz;
mod package;
mod process;
mod report;
mod semver;
mod server;
mod setup;
mod size;
mod test;
mod tidy;
mod workspace;

use std::process::ExitCode;

use anyhow::Result;

use crate::cli::Command;
use crate::setup::Part;

fn main() -> ExitCode {
    // Exits with a message if an argument is wrong: nothing has been installed or built yet.
    let command = cli::parse();
    match run(&command) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("xtask: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(command: &Command) -> Result<()> {
    match command {
        Command::Setup => setup::prepare(setup::ALL).map(drop),
        Command::Vendor => setup::prepare(&[Part::Npm("pkg"), Part::Vendor]).map(drop),
        Command::Build => build::run(&setup::prepare(build::NEEDS)?),
        Command::Demo(options) => demo::run(options),
        Command::Test(options) => test::run(options),
        Command::TestFlowise(options) => flowise::run(options),
        Command::Bench(options) => bench::run(options),
        Command::Size(options) => size::run(options),
        Command::Docs => docs::build(&setup::prepare(docs::NEEDS)?),
        Command::Audit => audit::run(),
        Command::Semver(options) => semver::run(options),
        Command::Fuzz(options) => fuzz::run(options),
        Command::Explore(options) => explore::run(options),
        Command::Tidy => tidy::run(),
    }
}
