//! The repository's own commands: `cargo xtask <command>`.

mod audit;
mod bench;
mod build;
mod byte_string;
mod demo;
mod flowise;
mod fuzz;
mod package;
mod process;
mod report;
mod server;
mod setup;
mod size;
mod test;
mod tidy;
mod workspace;

use std::process::ExitCode;

use anyhow::{Result, bail};

use crate::setup::Part;

const USAGE: &str = "\
cargo xtask <command>

  setup                    find or install all that building and testing needs
  vendor                   bundle socket.io-client for pages without a bundler (part of setup)
  build                    build the npm package into pkg/dist
  demo [options]           build and serve the demo page
      --flowise URL --chatflow ID [--api-key-env NAME]
                           talk to this Flowise instead of the dev server
      --port N             serve on this port instead of a free one
  test [step…]             run every test, or only these steps; --list lists them
      --keep-going         run the other steps when one has failed
  test-flowise             install, fill and run real Flowise servers, and test against them
      --if-installed       do nothing unless they are installed
  bench [options]          run the benchmarks in Chromium
  size [--write]           compare the package's size with its budget; --write sets the budget
  audit                    look for known vulnerabilities, licences and sources in every lock file
  fuzz [seconds]           fuzz the decoder, each target for a minute or this long; takes a nightly Rust
  tidy                     check the rules that the compiler cannot
";

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    match run(&args) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("xtask: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(args: &[String]) -> Result<()> {
    let Some((command, rest)) = args.split_first() else {
        bail!("no command was given\n\n{USAGE}");
    };
    match command.as_str() {
        "setup" => no_options(rest).and_then(|()| setup::prepare(setup::ALL).map(drop)),
        "vendor" => {
            no_options(rest)?;
            setup::prepare(&[Part::Npm("pkg"), Part::Vendor]).map(drop)
        }
        "build" => no_options(rest).and_then(|()| build::run(&setup::prepare(build::NEEDS)?)),
        "demo" => demo::run(rest),
        "test" => test::run(rest),
        "test-flowise" => flowise::run(rest),
        "bench" => bench::run(rest),
        "size" => size::run(rest),
        "audit" => no_options(rest).and_then(|()| audit::run()),
        "fuzz" => fuzz::run(rest),
        "tidy" => no_options(rest).and_then(|()| tidy::run()),
        "help" | "--help" | "-h" => {
            print!("{USAGE}");
            Ok(())
        }
        _ => bail!("there is no command `{command}`\n\n{USAGE}"),
    }
}

fn no_options(rest: &[String]) -> Result<()> {
    match rest.first() {
        Some(option) => bail!("the command takes no `{option}`\n\n{USAGE}"),
        None => Ok(()),
    }
}
