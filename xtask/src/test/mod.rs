//! `cargo xtask test`: every check that a change has to pass.

mod msrv;
mod runner;
mod steps;

use std::time::{Duration, Instant};

use anyhow::{Result, bail};

use crate::process::Environment;
use crate::report::{NotChecked, notes, seconds, step};
use crate::setup::{self, Part};

pub(crate) use steps::node_tests;
use steps::{STEPS, Step};

/// What the command line asks for.
#[derive(Debug, PartialEq, Eq)]
struct Options<'a> {
    /// Print the steps, and run none.
    list: bool,
    /// Run the other steps when one has failed.
    keep_going: bool,
    /// The steps to run; all if none is named.
    names: Vec<&'a str>,
}

impl<'a> Options<'a> {
    fn parse(args: &'a [String]) -> Result<Self> {
        let mut options = Self {
            list: false,
            keep_going: false,
            names: Vec::new(),
        };
        for arg in args {
            match arg.as_str() {
                "--list" => options.list = true,
                "--keep-going" => options.keep_going = true,
                name if STEPS.iter().any(|step| step.name == name) => options.names.push(name),
                other => bail!("there is no step `{other}`: `cargo xtask test --list` lists them"),
            }
        }
        Ok(options)
    }

    /// The steps asked for that have something to check, in their own order.
    fn steps(&self) -> impl Iterator<Item = &'static Step> {
        STEPS
            .iter()
            .filter(|step| self.names.is_empty() || self.names.contains(&step.name))
            .filter(|step| step.applies())
    }
}

/// Runs the steps that are named, or all of them, up to the first that fails.
pub(crate) fn run(args: &[String]) -> Result<()> {
    let options = Options::parse(args)?;
    if options.list {
        for step in options.steps() {
            println!("{:<12} {}", step.name, step.title);
        }
        return Ok(());
    }
    let start = Instant::now();
    let needs: Vec<Part> = options
        .steps()
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
    for check in options.steps() {
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
        let args = ["native", "--keep-going", "fmt"].map(str::to_owned);
        let options = Options::parse(&args).unwrap();
        assert!(options.keep_going);
        let names: Vec<&str> = options.steps().map(|step| step.name).collect();
        assert_eq!(names, ["fmt", "native"]);
    }

    #[test]
    fn an_unknown_step_is_refused() {
        let args = ["lint".to_owned()];
        let error = Options::parse(&args).unwrap_err();
        assert!(error.to_string().contains("no step `lint`"));
    }
}
