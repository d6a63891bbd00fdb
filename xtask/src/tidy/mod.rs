//! Checks the repository's rules that no compiler checks.

mod circles;
mod paths;

use std::collections::BTreeMap;

use anyhow::{Result, bail};

use self::circles::circles;
use crate::process::Environment;
use crate::report::say;
use crate::workspace::path;

/// The files that may name objects of the page.
const BROWSER_FOLDERS: &[&str] = &[
    "src/browser/",
    "src/client/",
    "src/js/",
    "src/random.rs",
    "src/socket_io/",
];
const BROWSER_WORDS: &[&str] = &["wasm_bindgen", "JsValue", "web_sys", "js_sys"];

/// The sources of the crates without import circles.
const CRATES: &[&str] = &["src/", "dev-server/src/", "xtask/src/"];

/// The files that begin with what they are for: folder, ending, and how a comment about a file begins.
const EXPLAINED: &[(&str, &str, &str)] = &[
    ("src/", ".rs", "//!"),
    ("dev-server/", ".rs", "//!"),
    ("xtask/", ".rs", "//!"),
    ("tests/", ".rs", "//!"),
    ("tests/", ".mjs", "/"),
    ("www/src/", ".css", "/"),
];
/// Other people's projects look as such projects do.
const PROJECTS: &str = "tests/packaging/projects/";

const MOST_LINES: usize = 400;
/// The files that may be longer, by the end of their path, with the reason.
const LONG: &[(&str, &str)] = &[
    ("Cargo.lock", "written by Cargo"),
    ("package-lock.json", "written by npm"),
    ("tests/public-api.txt", "written by tests/public_api.rs"),
    ("pkg/README.md", "npm shows one file"),
];

/// Recorded streams stay as the servers sent them.
const RECORDED: &str = "tests/recordings/";

/// Checks every file that git tracks or would add.
pub(crate) fn run() -> Result<()> {
    let list = Environment::default()
        .command("git")
        .args([
            "ls-files",
            "--cached",
            "--others",
            "--exclude-standard",
            "-z",
        ])
        .output()?;
    let mut found = Vec::new();
    let mut count = 0;
    let mut sources: Vec<BTreeMap<String, String>> = vec![BTreeMap::new(); CRATES.len()];
    for name in list.split_terminator('\0') {
        // A file may be deleted but not yet committed, and a file that is not text has nothing to check.
        if let Ok(text) = std::fs::read_to_string(path(name)) {
            found.extend(problems(name, &text));
            count += 1;
            for (root, files) in CRATES.iter().zip(&mut sources) {
                // a program beside a library is a crate of its own
                let name = name.strip_prefix(root).filter(|name| name.ends_with(".rs"));
                if let Some(name) =
                    name.filter(|name| *root != "dev-server/src/" || *name != "main.rs")
                {
                    files.insert(name.to_owned(), text.clone());
                }
            }
        }
    }
    for (root, files) in CRATES.iter().zip(&sources) {
        let circles = circles(files).into_iter();
        found.extend(circles.map(|circle| format!("{root}: import circle {circle}")));
    }
    if !found.is_empty() {
        bail!(
            "{} things to tidy up:\n  {}",
            found.len(),
            found.join("\n  ")
        );
    }
    say(format!("{count} files are tidy"));
    Ok(())
}

fn problems(name: &str, text: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut check = |line: usize, what: String| found.push(format!("{name}:{line}: {what}"));
    let is_rust = name.ends_with(".rs");
    let is_lock = name.ends_with(".lock") || name.ends_with("package-lock.json");
    // A pattern in a .gitignore starts at its own folder.
    let has_paths_of_others = is_lock || name.starts_with(RECORDED) || name.ends_with(".gitignore");
    let is_core = is_rust
        && name.starts_with("src/")
        && !BROWSER_FOLDERS
            .iter()
            .any(|folder| name.starts_with(folder));
    for (line, text) in (1..).zip(text.lines()) {
        // a re-export names a crate for others
        let knows = is_core && !text.starts_with("pub use ");
        if knows && let Some(word) = BROWSER_WORDS.iter().find(|word| text.contains(**word)) {
            check(
                line,
                format!(
                    "the core does not know `{word}`: that belongs into {}",
                    BROWSER_FOLDERS.join(" or ")
                ),
            );
        }
        // The dot and the call are separate here, so that this file passes its own check.
        if is_rust && text.contains(concat!(".", "forget()")) {
            check(
                line,
                "a forgotten closure is never freed: keep it in a guard".to_owned(),
            );
        }
        if is_lock && text.contains(r#""resolved": "http"#) {
            check(
                line,
                "a lock file does not say where packages are downloaded from".to_owned(),
            );
        }
        if !has_paths_of_others && let Some(folder) = machine_path(text) {
            check(line, format!("`{folder}` is a folder of one machine"));
        }
    }
    let explained = EXPLAINED.iter().filter(|(folder, end, _)| {
        name.starts_with(folder) && name.ends_with(end) && !name.starts_with(PROJECTS)
    });
    for (_, _, start) in explained {
        if !text.starts_with(start) {
            check(
                1,
                format!("the file does not begin with what it is for: `{start}…`"),
            );
        }
    }
    let lines = text.lines().count();
    let may_be_long = name.starts_with(RECORDED) || LONG.iter().any(|(end, _)| name.ends_with(end));
    if lines > MOST_LINES && !may_be_long {
        check(
            lines,
            format!("more than {MOST_LINES} lines: one file, one idea"),
        );
    }
    found
}

/// A folder that exists only on the author's machine.
fn machine_path(line: &str) -> Option<&'static str> {
    // The names are in two pieces so that this file passes its own check.
    let folders = [
        concat!("/wo", "rk/"),
        concat!("/ro", "ot/"),
        concat!("/Us", "ers/"),
    ];
    folders.into_iter().find(|folder| {
        line.match_indices(folder).any(|(at, _)| {
            // Otherwise it is a part of a longer path or address.
            !line[..at]
                .ends_with(|before: char| before.is_alphanumeric() || "._-}*".contains(before))
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_core_may_not_name_types_of_the_page() {
        assert_eq!(problems("src/query.rs", "//!\nuse js_sys::Array;").len(), 1);
        assert!(problems("src/lib.rs", "//!\npub use js_sys;").is_empty());
        for allowed in [
            "src/browser/fetch.rs",
            "src/js/mod.rs",
            "src/socket_io/sys.rs",
            "tests/browser.rs",
        ] {
            assert!(
                problems(allowed, "//!\nuse js_sys::Array;").is_empty(),
                "{allowed}"
            );
        }
    }

    #[test]
    fn forgotten_closures_and_long_files_are_named_with_their_line() {
        let forgetful = concat!("//!\nclosure.", "forget();");
        let found = problems("src/browser/listener.rs", forgetful);
        assert!(
            found[0].starts_with("src/browser/listener.rs:2: "),
            "{found:?}"
        );
        let long = "\n".repeat(MOST_LINES + 1);
        assert_eq!(problems("docs/rust.md", &long).len(), 1);
        assert_eq!(problems("fuzz/Cargo.lock", &long).len(), 0);
        assert_eq!(problems("tests/recordings/a.sse", &long).len(), 0);
    }

    #[test]
    fn a_file_begins_with_what_it_is_for() {
        assert!(problems("src/sse/mod.rs", "//! The format.\n").is_empty());
        assert_eq!(problems("src/sse/mod.rs", "mod line;\n").len(), 1);
        assert!(
            problems(
                "tests/packaging/projects/a/vite.config.mjs",
                "export default {}"
            )
            .is_empty()
        );
    }

    #[test]
    fn folders_of_a_machine_are_distinguished_from_parts_of_other_paths() {
        assert_eq!(
            machine_path(concat!("cd /ro", "ot/x")),
            Some(concat!("/ro", "ot/"))
        );
        assert_eq!(
            machine_path(concat!("https://example.org/ro", "ot/x")),
            None
        );
        assert_eq!(machine_path("./src/lib.rs"), None);
        let path = concat!("/wo", "rk/");
        assert_eq!(problems("README.md", path).len(), 1);
        assert!(problems("tests/packaging/.gitignore", path).is_empty());
    }

    #[test]
    fn lock_files_hold_no_addresses() {
        let lock = r#"      "resolved": "https://example.org/a.tgz","#;
        assert_eq!(problems("pkg/package-lock.json", lock).len(), 1);
        assert!(problems("pkg/package-lock.json", r#"      "resolved": "../pkg","#).is_empty());
    }
}
