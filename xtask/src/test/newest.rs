//! Tests the crate with the newest release of socket.io-client.

use std::fs;

use anyhow::{Context, Result};
use serde_json::Value;

use crate::process::Environment;
use crate::report::{NotChecked, say};
use crate::setup::vendor;
use crate::workspace::{path, read_json, target_dir, write};

const PACKAGE: &str = "socket.io-client";

/// Runs tests with the newest release bundled into the crate.
///
/// # Errors
///
/// [`NotChecked`] if npm cannot download it.
pub(super) fn check(env: &Environment, tests: fn(&Environment) -> Result<()>) -> Result<()> {
    let folder = target_dir().join("newest");
    fs::create_dir_all(&folder)?;
    write(&folder.join("package.json"), r#"{ "private": true }"#)?;
    let newest = [PACKAGE, "@latest"].concat();
    let install = [
        "install",
        "--no-audit",
        "--no-fund",
        "--ignore-scripts",
        &newest,
    ];
    if let Err(error) = env.npm(&folder, install).run() {
        return Err(NotChecked(format!("npm cannot fetch it: {error:#}")).into());
    }
    let manifest = ["node_modules/", PACKAGE, "/package.json"].concat();
    let manifest = read_json(&folder.join(manifest))?;
    let version = manifest["version"].as_str().context("it has no version")?;
    if is_tested(version, &read_json(&path("pkg/package.json"))?) {
        say(format!(
            "{PACKAGE} {version} is the newest, and the one that all steps test with"
        ));
        return Ok(());
    }
    say(format!("testing with {PACKAGE} {version}"));
    vendor::bundle_from(env, &folder)?;
    let outcome = tests(env);
    // everything else is built with the locked packages
    vendor::bundle(env)?;
    outcome.with_context(|| format!("the crate does not run on {PACKAGE} {version}"))
}

/// Whether the package requests this version.
fn is_tested(version: &str, manifest: &Value) -> bool {
    manifest["dependencies"][PACKAGE] == version
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn the_release_that_the_package_asks_for_is_tested_anyway() {
        let manifest = json!({ "dependencies": { "socket.io-client": "4.8.4" } });
        assert!(is_tested("4.8.4", &manifest));
        assert!(!is_tested("4.9.0", &manifest));
        assert!(!is_tested("4.8.4", &json!({})));
    }
}
