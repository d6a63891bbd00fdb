//! `cargo xtask test`: every check that a change has to pass.

mod browser;
mod engines;
mod files;
mod lints;
mod msrv;
mod newest;
mod node;
mod runner;
mod steps;

use std::time::{Duration, Instant};

use anyhow::{Result, bail};
use clap::Args;
use clap::builder::PossibleValuesParser;

use crate::process::Environment;
use crate::report::{NotChecked, notes, seconds, step};
use crate::setup::{self, Part};

pub(crate) use node::node_tests;
use steps::{STEPS, Step};

/// Run every test, or some steps
///
/// The steps run in the order of --list, whatever the order on the command line, up to the first that fails.
#[derive(Debug, Default, Args)]
pub(crate) struct Options {
    /// The steps to run instead of all
    #[arg(value_name = "STEP", value_parser = PossibleValuesParser::new(STEPS.iter().map(|step| step.name)))]
    steps: Vec<String>,
    /// List the steps without running them
    #[arg(long)]
    list: bool,
    /// Run the other steps after a failure
    #[arg(long)]
    keep_going: bool,
}

impl Options {
    /// The requested steps that have something to check, in their own order.
    fn chosen(&self) -> impl Iterator<Item = &'static Step> {
        STEPS
            .iter()
            .filter(|step| {
                let is_named = self.steps.iter().any(|name| name == step.name);
                is_named || self.steps.is_empty() && (self.list || !step.on_request)
            })
            .filter(|step| step.applies())
    }
}

/// Runs the named steps, or all, up to the first that fails.
pub(crate) fn run(options: &Options) -> Result<()> {
    if options.list {
        for step in options.chosen() {
            println!("{:<12} {}", step.name, step.title);
        }
        return Ok(());
    }
    let start = Instant::now();
    let needs: Vec<Part> = options
        .chosen()
        .flat_map(|step| step.needs)
        .copied()
        .collect();
    let mut env = Environment::default();
    step("setup", || {
        env = setup::prepare(&needs)?;
        Ok(())
    })?;
    let mut passed = Vec::new();
    let mut failed = Vec::new();
    let mut not_checked = Vec::new();
    for check in options.chosen() {
        match step(check.title, || (check.run)(&env)) {
            Ok(time) => passed.push((check.name, time)),
            Err(error) if error.is::<NotChecked>() => {
                not_checked.push((check.name, error.to_string()));
            }
            Err(error) => {
                eprintln!("xtask: {error:#}");
                failed.push(check.name);
                if !options.keep_going {
                    break;
                }
            }
        }
    }
    summarise(&passed, &failed, &not_checked, start.elapsed());
    if !failed.is_empty() {
        bail!("failed: {}", failed.join(", "));
    }
    Ok(())
}

fn summarise(
    passed: &[(&str, Duration)],
    failed: &[&str],
    not_checked: &[(&str, String)],
    total: Duration,
) {
    println!();
    for (name, time) in passed {
        println!("{name:<12} {:>12}", seconds(*time));
    }
    for name in failed {
        println!("{name:<12} {:>12}", "FAILED");
    }
    for (name, why) in not_checked {
        println!("{name:<12} {:>12}  {why}", "NOT CHECKED");
    }
    for note in notes() {
        println!("{note}");
    }
    println!("{:<12} {:>12}", "in all", seconds(total));
    println!(
        "steps: {} passed, {} failed, {} skipped",
        passed.len(),
        failed.len(),
        not_checked.len()
    );
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_run_in_their_own_order_whatever_the_command_line_says() {
        let options = Options {
            steps: ["native", "fmt"].map(str::to_owned).into(),
            ..Options::default()
        };
        let names: Vec<&str> = options.chosen().map(|step| step.name).collect();
        assert_eq!(names, ["fmt", "native"]);
    }

    #[test]
    fn a_step_on_request_runs_only_when_it_is_named() {
        let is_chosen = |steps: &[&str], list| {
            let options = Options {
                steps: steps.iter().map(|&step| step.to_owned()).collect(),
                list,
                ..Options::default()
            };
            options.chosen().any(|step| step.name == "newest")
        };
        assert!(!is_chosen(&[], false));
        assert!(is_chosen(&["newest"], false));
        assert!(is_chosen(&[], true));
    }
}
