//! Checks the repository's rules that no compiler checks.

use anyhow::{Result, bail};

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

/// The folders with a limit on the length of files.
const SOURCE_FOLDERS: &[&str] = &["src/", "dev-server/src/", "xtask/src/"];
const MOST_LINES: usize = 500;

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
    for name in list.split_terminator('\0') {
        // A file may be deleted but not yet committed, and a file that is not text has nothing to check.
        if let Ok(text) = std::fs::read_to_string(path(name)) {
            found.extend(problems(name, &text));
            count += 1;
        }
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
    let lines = text.lines().count();
    let is_source = SOURCE_FOLDERS.iter().any(|folder| name.starts_with(folder));
    if is_source && lines > MOST_LINES {
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
    fn the_core_may_not_name_what_belongs_to_the_page() {
        assert_eq!(problems("src/query.rs", "use js_sys::Array;").len(), 1);
        assert!(problems("src/lib.rs", "pub use js_sys;").is_empty());
        for allowed in [
            "src/browser/fetch.rs",
            "src/js/mod.rs",
            "src/socket_io/sys.rs",
            "tests/browser.rs",
        ] {
            assert!(
                problems(allowed, "use js_sys::Array;").is_empty(),
                "{allowed}"
            );
        }
    }

    #[test]
    fn forgotten_closures_and_long_files_are_named_with_their_line() {
        let forgetful = concat!("\nclosure.", "forget();");
        let found = problems("src/browser/listener.rs", forgetful);
        assert!(
            found[0].starts_with("src/browser/listener.rs:2: "),
            "{found:?}"
        );
        let long = "\n".repeat(MOST_LINES + 1);
        assert_eq!(problems("src/lib.rs", &long).len(), 1);
        assert_eq!(problems("tests/sse.rs", &long).len(), 0);
    }

    #[test]
    fn folders_of_a_machine_are_told_from_parts_of_other_paths() {
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
