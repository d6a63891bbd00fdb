//! Checks what `npm pack` would publish: all files that the package names, and no others.

use std::collections::BTreeSet;
use std::fs;

use anyhow::{Context, Result, bail};
use serde_json::Value;

use crate::process::Environment;
use crate::report::say;
use crate::workspace::{path, read_json};

/// Checks the list of files that would be published.
pub(crate) fn check(env: &Environment) -> Result<()> {
    let manifest = read_json(&path("pkg/package.json"))?;
    let printed = env
        .npm(
            &path("pkg"),
            [
                "pack",
                "--dry-run",
                "--json",
                "--ignore-scripts",
                "--loglevel=error",
            ],
        )
        .output()?;
    let files = packed(&printed).context("npm pack printed no list of files")?;
    let problems = problems(&manifest, &files);
    if !problems.is_empty() {
        bail!(
            "the package is not fit to be published:\n  {}",
            problems.join("\n  ")
        );
    }
    let wasm = fs::read(path("pkg/dist/flowise-stream.wasm"))?;
    if names_source_file(&wasm) {
        bail!("the WebAssembly names source files: pkg/scripts/panics.mjs misses messages");
    }
    say(format!(
        "the package has {} files, all of them needed",
        files.len()
    ));
    Ok(())
}

/// Whether there is a path of a source file, as in the message of a panic.
fn names_source_file(wasm: &[u8]) -> bool {
    wasm.windows(4)
        .any(|end| end[0].is_ascii_lowercase() && &end[1..] == b".rs")
}

/// The files in the output of `npm pack --json`.
fn packed(json: &str) -> Option<BTreeSet<String>> {
    let json: Value = serde_json::from_str(json).ok()?;
    let package = match &json {
        Value::Array(packages) => packages.first()?,
        Value::Object(packages) => packages.values().next()?,
        _ => return None,
    };
    let files = package.get("files")?.as_array()?;
    files
        .iter()
        .map(|file| Some(file.get("path")?.as_str()?.to_owned()))
        .collect()
}

fn problems(manifest: &Value, files: &BTreeSet<String>) -> Vec<String> {
    let mut targets = BTreeSet::new();
    for key in ["exports", "main", "module", "types", "unpkg", "jsdelivr"] {
        collect_targets(&manifest[key], &mut targets);
    }
    let missing = targets
        .difference(files)
        .map(|file| format!("package.json names {file}, which is not in the package"));
    let surplus = files
        .iter()
        .filter(|file| !is_expected(file) && !is_entry(manifest, file))
        .map(|file| format!("{file} does not belong into the package"));
    let unlicensed = (!files.iter().any(|file| file.contains("LICENSE")))
        .then(|| "there is no licence in the package".to_owned());
    missing.chain(surplus).chain(unlicensed).collect()
}

/// Collects the files that a member of package.json names, at any depth of conditions.
fn collect_targets(value: &Value, targets: &mut BTreeSet<String>) {
    match value {
        Value::String(file) => {
            targets.insert(file.trim_start_matches("./").to_owned());
        }
        Value::Object(conditions) => {
            for value in conditions.values() {
                collect_targets(value, targets);
            }
        }
        _ => {}
    }
}

/// Whether it leads tools that do not read `exports` to an entry, as `store/package.json` does to `./store`.
fn is_entry(manifest: &Value, file: &str) -> bool {
    file.strip_suffix("/package.json")
        .is_some_and(|name| !manifest["exports"][&format!("./{name}")].is_null())
}

fn is_expected(file: &str) -> bool {
    matches!(file, "package.json" | "README.md")
        || file.starts_with("LICENSE")
        || file.strip_prefix("dist/").is_some_and(|name| {
            [".js", ".cjs", ".d.ts", ".d.cts", ".wasm"]
                .iter()
                .any(|end| name.ends_with(end))
                || name.contains("LICENSE")
        })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_path_of_a_source_file_is_found() {
        assert!(names_source_file(b"\0src/lib.rs\0"));
        assert!(!names_source_file(b"\0https://example.com\0.rs"));
    }

    fn files(names: &[&str]) -> BTreeSet<String> {
        names.iter().map(|&name| name.to_owned()).collect()
    }

    fn manifest() -> Value {
        json!({
            "main": "./dist/index.cjs",
            "exports": {
                ".": { "import": { "types": "./dist/index.d.ts", "default": "./dist/index.js" } },
                "./package.json": "./package.json",
            },
        })
    }

    #[test]
    fn a_package_with_all_that_it_names_is_fit() {
        let files = files(&[
            "LICENSE",
            "README.md",
            "dist/index.cjs",
            "dist/index.d.ts",
            "dist/index.js",
            "dist/shared-ABC.js",
            "package.json",
        ]);
        assert_eq!(problems(&manifest(), &files), [] as [String; 0]);
    }

    #[test]
    fn missing_and_surplus_files_are_named() {
        let files = files(&[
            "dist/index.cjs",
            "dist/index.js",
            "dist/index.js.map",
            "index.js",
            "package.json",
        ]);
        assert_eq!(
            problems(&manifest(), &files),
            [
                "package.json names dist/index.d.ts, which is not in the package",
                "dist/index.js.map does not belong into the package",
                "index.js does not belong into the package",
                "there is no licence in the package",
            ]
        );
    }

    #[test]
    fn whatever_names_a_file_is_looked_at() {
        for key in ["main", "module", "types", "unpkg", "jsdelivr"] {
            let manifest = json!({ key: "./dist/missing.js" });
            let missing = "package.json names dist/missing.js, which is not in the package";
            assert_eq!(
                problems(&manifest, &files(&["LICENSE"])),
                [missing],
                "{key}"
            );
        }
    }

    #[test]
    fn both_forms_of_npms_list_are_read() {
        let list = r#"[{ "files": [{ "path": "package.json", "size": 1 }] }]"#;
        assert_eq!(packed(list), Some(files(&["package.json"])));
        let keyed = r#"{ "flowise-stream": { "files": [{ "path": "package.json" }] } }"#;
        assert_eq!(packed(keyed), Some(files(&["package.json"])));
        assert_eq!(packed("nothing"), None);
    }
}
