//! `cargo xtask audit`: checks the lock files for licences, sources and known vulnerabilities.
//!
//! It is not part of `cargo xtask test`: databases elsewhere list the vulnerabilities, and a new one is not the fault of a change.

use anyhow::{Result, bail};
use serde_json::Value;

use crate::process::{Cmd, Environment};
use crate::report::say;
use crate::setup::{self, Part};
use crate::workspace::path;

/// The result of a check.
#[derive(Debug, PartialEq, Eq)]
enum Outcome {
    Passed,
    Failed(String),
    /// The vulnerability database did not answer.
    NotChecked(String),
}

/// Checks every lock file that git tracks.
pub(crate) fn run() -> Result<()> {
    let env = setup::prepare(&[Part::CargoDeny])?;
    let mut outcomes = Vec::new();

    say("fetching the advisories of RustSec");
    let (has_advisories, _) = cargo_deny(&env, "Cargo.lock", &["fetch", "db"]).outcome()?;
    for lock in tracked(&env, "Cargo.lock")? {
        let checks = ["check", "bans", "licenses", "sources"];
        outcomes.push((
            format!("{lock}: bans, licences, sources"),
            denied(cargo_deny(&env, &lock, &checks))?,
        ));
        let outcome = if has_advisories {
            denied(cargo_deny(&env, &lock, &["check", "advisories"]))?
        } else {
            Outcome::NotChecked("the database of RustSec cannot be fetched".to_owned())
        };
        outcomes.push((format!("{lock}: advisories"), outcome));
    }

    for lock in tracked(&env, "package-lock.json")? {
        let folder = lock.trim_end_matches("package-lock.json");
        let audit = env.npm(&path(folder), ["audit", "--json", "--package-lock-only"]);
        let (_, printed) = audit.outcome()?;
        outcomes.push((format!("{lock}: advisories"), npm_outcome(&printed)));
    }
    summarise(&outcomes)
}

/// The files with this name that git tracks, sorted by path.
fn tracked(env: &Environment, name: &str) -> Result<Vec<String>> {
    let pathspec = format!(":(glob)**/{name}");
    let listed = env
        .command("git")
        .args(["ls-files", "-z", &pathspec])
        .output()?;
    let files: Vec<String> = listed.split_terminator('\0').map(str::to_owned).collect();
    if files.is_empty() {
        bail!("git tracks no {name}");
    }
    Ok(files)
}

/// A command of `cargo deny` for the workspace with this lock file. It uses the shared `deny.toml`.
fn cargo_deny(env: &Environment, lock: &str, args: &[&str]) -> Cmd {
    env.cargo(["deny", "--locked", "--manifest-path"])
        .arg(path(lock).with_extension("toml"))
        .arg("--config")
        .arg(path("deny.toml"))
        .args(args)
}

fn denied(command: Cmd) -> Result<Outcome> {
    let (is_fine, _) = command.outcome()?;
    Ok(if is_fine {
        Outcome::Passed
    } else {
        Outcome::Failed("see above".to_owned())
    })
}

/// The findings in `npm audit --json`. npm fails in the same way for a finding and for an unreachable database.
fn npm_outcome(printed: &str) -> Outcome {
    let report: Value = serde_json::from_str(printed).unwrap_or_default();
    let Some(found) = report["vulnerabilities"].as_object() else {
        let message = report["message"].as_str().unwrap_or("npm says nothing");
        return Outcome::NotChecked(message.to_owned());
    };
    if found.is_empty() {
        return Outcome::Passed;
    }
    let named = found.iter().map(|(name, vulnerability)| {
        let severity = vulnerability["severity"].as_str().unwrap_or("unknown");
        format!("{name} ({severity})")
    });
    Outcome::Failed(named.collect::<Vec<_>>().join(", "))
}

fn summarise(outcomes: &[(String, Outcome)]) -> Result<()> {
    println!();
    for (check, outcome) in outcomes {
        match outcome {
            Outcome::Passed => println!("{check}: nothing found"),
            Outcome::Failed(found) => println!("{check}: FAILED: {found}"),
            Outcome::NotChecked(why) => println!("{check}: NOT CHECKED: {why}"),
        }
    }
    let failed = outcomes
        .iter()
        .filter(|(_, outcome)| matches!(outcome, Outcome::Failed(_)))
        .count();
    if failed > 0 {
        bail!("{failed} of {} checks failed", outcomes.len());
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_vulnerability_is_named_with_its_severity() {
        let printed =
            r#"{ "auditReportVersion": 2, "vulnerabilities": { "a": { "severity": "high" } } }"#;
        assert_eq!(npm_outcome(printed), Outcome::Failed("a (high)".to_owned()));
        let printed = r#"{ "auditReportVersion": 2, "vulnerabilities": {} }"#;
        assert_eq!(npm_outcome(printed), Outcome::Passed);
    }

    #[test]
    fn a_registry_without_audits_does_not_count_as_clean() {
        let printed = r#"{ "message": "405 Method Not Allowed", "error": {} }"#;
        assert_eq!(
            npm_outcome(printed),
            Outcome::NotChecked("405 Method Not Allowed".to_owned())
        );
        assert!(matches!(npm_outcome(""), Outcome::NotChecked(_)));
    }

    #[test]
    fn an_audit_with_a_finding_fails_and_one_that_was_not_made_does_not() {
        let outcome = |outcome| [("npm".to_owned(), outcome)];
        assert!(summarise(&outcome(Outcome::Failed("a (high)".to_owned()))).is_err());
        assert!(summarise(&outcome(Outcome::NotChecked("offline".to_owned()))).is_ok());
        assert!(summarise(&outcome(Outcome::Passed)).is_ok());
    }
}
