//! The command line. It reads and checks every argument of every command before anything is installed or built.

use std::ffi::OsString;

use clap::{Parser, Subcommand};

use crate::{bench, demo, explore, flowise, fuzz, semver, size, test};

/// The repository's own commands.
///
/// A command installs the missing tools that it needs, once.
#[derive(Debug, Parser)]
#[command(
    name = "cargo xtask",
    bin_name = "cargo xtask",
    arg_required_else_help = true
)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

/// A command with its options, which carry its description if there are any.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Find or install everything that building and testing needs
    Setup,
    /// Bundle socket.io-client for pages without a bundler (part of setup)
    Vendor,
    /// Build the npm package into pkg/dist
    Build,
    Demo(demo::Options),
    Test(test::Options),
    TestFlowise(flowise::Options),
    Bench(bench::Options),
    Size(size::Options),
    /// Build the documentation of both APIs, into target/doc and target/api-docs
    Docs,
    /// Look for known vulnerabilities, licences and sources in every lock file
    Audit,
    Semver(semver::Options),
    Fuzz(fuzz::Options),
    Explore(explore::Options),
    /// Check the rules that the compiler cannot
    Tidy,
}

/// Reads the command line. Exits the process on a mistake in it, and on `--help`.
pub(crate) fn parse() -> Command {
    match read(std::env::args_os()) {
        Ok(command) => command,
        Err(error) => error.exit(),
    }
}

fn read(args: impl IntoIterator<Item = OsString>) -> Result<Command, clap::Error> {
    let mut args: Vec<OsString> = args.into_iter().collect();
    // `cargo xtask bench -- --quick`, as for `cargo bench`.
    if args.get(1).is_some_and(|command| command == "bench")
        && args.get(2).is_some_and(|dashes| dashes == "--")
    {
        args.remove(2);
    }
    Cli::try_parse_from(args).map(|cli| cli.command)
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;
    use clap::error::ErrorKind;

    use super::*;

    fn parse(line: &str) -> Result<Command, clap::Error> {
        read(
            format!("xtask {line}")
                .split_whitespace()
                .map(OsString::from),
        )
    }

    fn refusal(line: &str) -> String {
        match parse(line) {
            Ok(command) => panic!("`{line}` was taken for {command:?}"),
            Err(error) => error.to_string(),
        }
    }

    /// A word with one letter missing, one doubled, or two neighbours swapped.
    fn typos(word: &str) -> Vec<String> {
        let letters: Vec<char> = word.chars().collect();
        let mut typos = Vec::new();
        for at in 0..letters.len() {
            let mut missing = letters.clone();
            missing.remove(at);
            let mut twice = letters.clone();
            twice.insert(at, letters[at]);
            let mut swapped = letters.clone();
            swapped.swap(at, (at + 1).min(letters.len() - 1));
            typos.extend([missing, twice, swapped].map(String::from_iter));
        }
        typos.retain(|typo| typo != word && !typo.is_empty());
        typos
    }

    #[test]
    fn the_definitions_are_sound() {
        Cli::command().debug_assert();
    }

    #[test]
    fn every_command_has_a_help_of_its_own() {
        for command in Cli::command().get_subcommands() {
            let name = command.get_name();
            for line in [format!("{name} --help"), format!("{name} -h")] {
                let help = parse(&line).unwrap_err();
                assert_eq!(help.kind(), ErrorKind::DisplayHelp, "{line}");
                let text = help.to_string();
                let about = command.get_about().unwrap().to_string();
                assert!(text.starts_with(&about), "{line}: {text}");
                assert!(
                    text.contains(&format!("Usage: cargo xtask {name}")),
                    "{text}"
                );
            }
        }
    }

    #[test]
    fn a_mistyped_command_names_the_nearest() {
        for command in Cli::command().get_subcommands() {
            for typo in typos(command.get_name()) {
                let text = refusal(&typo);
                assert!(
                    text.contains(&format!("'{}'", command.get_name())),
                    "{typo}: {text}"
                );
            }
        }
    }

    #[test]
    fn a_mistyped_option_names_the_nearest() {
        for command in Cli::command().get_subcommands() {
            for option in command.get_arguments().filter_map(|one| one.get_long()) {
                for typo in typos(option) {
                    let text = refusal(&format!("{} --{typo}", command.get_name()));
                    assert!(text.contains(&format!("'--{option}'")), "--{typo}: {text}");
                }
            }
        }
    }

    #[test]
    fn a_mistyped_step_or_part_names_the_nearest() {
        for command in Cli::command().get_subcommands() {
            for list in command.get_positionals() {
                let values = list.get_possible_values();
                // A word of three letters with a mistake is close to no value: clap then lists all values.
                for value in values.iter().filter(|value| value.get_name().len() > 3) {
                    for typo in typos(value.get_name()) {
                        let text = refusal(&format!("{} {typo}", command.get_name()));
                        let tip = text.lines().find(|line| line.contains("tip:"));
                        let name = format!("'{}'", value.get_name());
                        assert!(tip.is_some_and(|tip| tip.contains(&name)), "{typo}: {text}");
                    }
                }
            }
        }
    }

    #[test]
    fn commands_without_options_take_none() {
        for name in ["setup", "vendor", "build", "audit", "tidy"] {
            assert!(refusal(&format!("{name} --write")).contains("'--write'"));
            assert!(refusal(&format!("{name} more")).contains("'more'"));
        }
    }

    #[test]
    fn options_of_a_benchmark_may_stand_behind_dashes() {
        for line in ["bench --quick start", "bench -- --quick start"] {
            assert!(matches!(parse(line), Ok(Command::Bench(_))), "{line}");
        }
    }

    #[test]
    fn a_wrong_value_is_refused() {
        for line in [
            "demo --port 70000",
            "demo --flowise http://localhost:3000",
            "demo --chatflow id",
            "demo --flowise localhost --chatflow id",
            "demo --flowise ftp://host --chatflow id",
            "demo --api-key-env NO_SUCH_VARIABLE --flowise http://localhost --chatflow id",
            "demo page",
            "fuzz soon",
            "fuzz 0",
            "explore -1",
            "explore 1 2",
            "size --write 40",
            "semver v1 v2",
            "test-flowise --if-installed 3.1",
            "bench --write start",
            "bench --dist no/such/folder",
        ] {
            assert!(parse(line).is_err(), "`{line}` was taken");
        }
    }
}
