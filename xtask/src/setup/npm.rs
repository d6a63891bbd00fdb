//! npm packages, from each folder's lock file.

use anyhow::{Context, Result, bail};
use serde_json::{Map, Value};

use crate::process::Environment;
use crate::report::say;
use crate::workspace::{path, read_json};

/// The oldest Node that the build tools support.
const NODE_MAJOR: u32 = 20;

/// Makes sure that a folder's `node_modules` match its lock file.
pub(super) fn install(env: &mut Environment, folder: &str) -> Result<()> {
    check_node(env)?;
    let folder = path(folder);
    let lock = read_json(&folder.join("package-lock.json"))?;
    // npm records what it has installed.
    let installed = read_json(&folder.join("node_modules/.package-lock.json")).unwrap_or_default();
    if !holds(&installed, &lock) {
        say(format!(
            "installing the npm packages of {}",
            folder.display()
        ));
        env.npm(&folder, ["ci", "--no-audit", "--no-fund"])
            .run()
            .with_context(|| format!("cannot install the npm packages of {}", folder.display()))?;
    }
    env.add_path(folder.join("node_modules/.bin"));
    Ok(())
}

fn check_node(env: &Environment) -> Result<()> {
    let version = env.command("node").arg("--version").output()?;
    if major(&version).is_none_or(|major| major < NODE_MAJOR) {
        bail!(
            "Node {} is too old: install Node.js {NODE_MAJOR} or newer",
            version.trim()
        );
    }
    Ok(())
}

/// The 20 of `v20.1.0`.
fn major(version: &str) -> Option<u32> {
    version
        .trim()
        .strip_prefix('v')?
        .split('.')
        .next()?
        .parse()
        .ok()
}

/// Whether the installed packages are those of the lock file.
///
/// Optional packages may be missing: they are for other systems.
fn holds(installed: &Value, lock: &Value) -> bool {
    let (Some(installed), Some(locked)) = (packages(installed), packages(lock)) else {
        return false;
    };
    let same = |name: &str, package: &Value| {
        ["version", "integrity", "link"].iter().all(|key| {
            installed
                .get(name)
                .is_some_and(|other| other.get(key) == package.get(key))
        })
    };
    let surplus = installed.keys().any(|name| !locked.contains_key(name));
    !surplus
        && locked
            .iter()
            // The root itself has an empty name.
            .filter(|(name, _)| !name.is_empty())
            .all(|(name, package)| {
                same(name, package)
                    || package.get("optional").is_some() && !installed.contains_key(name)
            })
}

fn packages(lock: &Value) -> Option<&Map<String, Value>> {
    lock.get("packages")?.as_object()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn lock(extra: &Value) -> Value {
        let mut lock = json!({ "packages": {
            "": { "name": "app" },
            "node_modules/a": { "version": "1.0.0", "integrity": "sha512-a" },
            "node_modules/for-another-system": { "version": "1.0.0", "optional": true },
        }});
        for (name, package) in extra.as_object().unwrap() {
            lock["packages"][name] = package.clone();
        }
        lock
    }

    #[test]
    fn packages_are_installed_when_npm_says_so() {
        let installed = json!({ "packages": {
            "node_modules/a": { "version": "1.0.0", "integrity": "sha512-a", "dev": true },
        }});
        assert!(holds(&installed, &lock(&json!({}))));
    }

    #[test]
    fn a_changed_a_new_and_a_surplus_package_are_reasons_to_install() {
        let installed = json!({ "packages": {
            "node_modules/a": { "version": "1.0.0", "integrity": "sha512-a" },
        }});
        let newer = json!({ "node_modules/a": { "version": "1.0.1", "integrity": "sha512-b" } });
        assert!(!holds(&installed, &lock(&newer)));
        let other = json!({ "node_modules/a": { "version": "1.0.0", "integrity": "sha512-b" } });
        assert!(!holds(&installed, &lock(&other)));
        let more = json!({ "node_modules/b": { "version": "1.0.0" } });
        assert!(!holds(&installed, &lock(&more)));
        let fewer = json!({ "packages": {
            "node_modules/a": { "version": "1.0.0", "integrity": "sha512-a" },
            "node_modules/b": { "version": "1.0.0" },
        }});
        assert!(!holds(&fewer, &lock(&json!({}))));
        assert!(!holds(&Value::Null, &lock(&json!({}))));
    }

    #[test]
    fn the_major_version_of_node_is_read() {
        assert_eq!(major("v20.20.2\n"), Some(20));
        assert_eq!(major("unknown"), None);
    }
}
