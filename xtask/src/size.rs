//! Compares the size of the npm package with a committed budget.

use std::fmt::Write;

use anyhow::{Context, Result, bail};
use clap::Args;
use serde_json::{Map, Value};

use crate::process::Environment;
use crate::setup::{self, Part};
use crate::workspace::{self, path, read_json};

/// The maximum size of each entry, in bytes after compression.
const BUDGET: &str = "pkg/size-budget.json";

/// The free space in a budget, in percent: compilers of different versions differ by this much.
const SLACK: u64 = 2;

/// Budgets are multiples of this.
const STEP: u64 = 100;

/// The compression methods in the budget.
const LIMITED: [&str; 2] = ["gzip", "brotli"];

type Sizes = Map<String, Value>;

/// Compare the size of the package with its budget
///
/// It measures pkg/dist (`cargo xtask build` builds it), and fails if an entry exceeds its budget in pkg/size-budget.json.
#[derive(Debug, Args)]
pub(crate) struct Options {
    /// Set the budget to the current sizes, with a little room
    #[arg(long)]
    write: bool,
}

/// `cargo xtask size`: the package as it is in `pkg/dist`.
pub(crate) fn run(options: &Options) -> Result<()> {
    let env = setup::prepare(&[Part::Npm("pkg")])?;
    if !options.write {
        return check(&env);
    }
    let sizes = measure(&env)?;
    let budget = serde_json::to_string_pretty(&budget_for(&sizes))?;
    workspace::write(&path(BUDGET), budget + "\n")?;
    print!("{}", table(&sizes, &budget_for(&sizes)));
    Ok(())
}

/// Prints the sizes beside the budget.
///
/// # Errors
///
/// If an entry exceeds its budget, or has none.
pub(crate) fn check(env: &Environment) -> Result<()> {
    let sizes = measure(env)?;
    let advice = "`cargo xtask size --write` sets the budget to what is there";
    let budget = read_json(&path(BUDGET)).context(advice)?;
    let budget = budget
        .as_object()
        .context("the budget is not a JSON object")?;
    print!("{}", table(&sizes, budget));
    let excesses = excesses(&sizes, budget);
    if !excesses.is_empty() {
        bail!(
            "the package is above its budget ({advice}):\n  {}",
            excesses.join("\n  ")
        );
    }
    Ok(())
}

fn measure(env: &Environment) -> Result<Sizes> {
    let printed = env.node("pkg/scripts/size.mjs").output()?;
    let sizes: Sizes = serde_json::from_str(&printed)?;
    if sizes.is_empty() {
        bail!("pkg/dist contains no package: `cargo xtask build` builds it");
    }
    Ok(sizes)
}

fn budget_for(sizes: &Sizes) -> Sizes {
    let limit = |size: &Value| {
        let bytes = size.as_u64().unwrap_or_default();
        Value::from((bytes * (100 + SLACK)).div_ceil(100 * STEP) * STEP)
    };
    let limits = |size: &Value| -> Value {
        LIMITED
            .iter()
            .map(|&kind| (kind.to_owned(), limit(&size[kind])))
            .collect()
    };
    sizes
        .iter()
        .map(|(entry, size)| (entry.clone(), limits(size)))
        .collect()
}

fn excesses(sizes: &Sizes, budget: &Sizes) -> Vec<String> {
    let mut found = Vec::new();
    for (entry, size) in sizes {
        for kind in LIMITED {
            let bytes = size[kind].as_u64().unwrap_or_default();
            match budget.get(entry).and_then(|limits| limits[kind].as_u64()) {
                None => found.push(format!("{entry} has no budget for {kind}")),
                Some(limit) if bytes > limit => {
                    found.push(format!("{entry}: {bytes} bytes by {kind}, {limit} allowed"));
                }
                Some(_) => {}
            }
        }
    }
    found
}

fn table(sizes: &Sizes, budget: &Sizes) -> String {
    let width = sizes.keys().map(String::len).max().unwrap_or_default();
    let mut text = format!(
        "{:<width$} {:>10} {:>8} {:>8} {:>8} {:>8}\n",
        "bytes", "minified", "gzip -9", "budget", "brotli", "budget"
    );
    for (entry, size) in sizes {
        let limit = |kind| {
            budget
                .get(entry)
                .map_or("-".to_owned(), |limits| limits[kind].to_string())
        };
        // Writing into a string cannot fail.
        let _ = writeln!(
            text,
            "{entry:<width$} {:>10} {:>8} {:>8} {:>8} {:>8}",
            size["bytes"].to_string(),
            size["gzip"].to_string(),
            limit("gzip"),
            size["brotli"].to_string(),
            limit("brotli"),
        );
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn object(value: Value) -> Sizes {
        value.as_object().cloned().unwrap()
    }

    #[test]
    fn a_budget_leaves_a_little_room() {
        let sizes =
            object(json!({ "index": { "bytes": 90_000, "gzip": 30_000, "brotli": 25_001 } }));
        let budget = budget_for(&sizes);
        assert_eq!(
            budget,
            object(json!({ "index": { "gzip": 30_600, "brotli": 25_600 } }))
        );
        assert!(excesses(&sizes, &budget).is_empty());
    }

    #[test]
    fn what_is_above_its_budget_or_has_none_is_named() {
        let sizes = object(json!({
            "index": { "bytes": 1, "gzip": 101, "brotli": 100 },
            "slim": { "bytes": 1, "gzip": 1, "brotli": 1 },
        }));
        let budget =
            object(json!({ "index": { "gzip": 100, "brotli": 100 }, "slim": { "gzip": 1 } }));
        assert_eq!(
            excesses(&sizes, &budget),
            [
                "index: 101 bytes by gzip, 100 allowed",
                "slim has no budget for brotli"
            ]
        );
    }
}
