//! The steps of `cargo xtask test`.

use std::fs;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use super::browser::{CHROMIUM, FIREFOX, check as browser};
use super::engines;
use super::msrv;
use super::newest;
use crate::build;
use crate::demo;
use crate::docs;
use crate::package;
use crate::process::Environment;
use crate::report::{note, say};
use crate::server::{self, DEV_SERVER};
use crate::setup::{API_DOCS, Part};
use crate::size;
use crate::tidy;
use crate::workspace::{WASM_TARGET, path, root, target_dir};

/// The time limit for one test file under Node, in milliseconds: one file builds front ends from scratch.
const NODE_TEST_LIMIT: &str = "--test-timeout=1800000";

/// One check, with the parts that it needs.
pub(super) struct Step {
    /// Its name on the command line.
    pub(super) name: &'static str,
    /// Its heading: what it checks.
    pub(super) title: &'static str,
    pub(super) needs: &'static [Part],
    /// Without this folder, there is nothing to check.
    only_with: Option<&'static str>,
    /// Not part of a full run: what it checks changes without a change to the repository.
    pub(super) on_request: bool,
    pub(super) run: fn(&Environment) -> Result<()>,
}

impl Step {
    const fn new(
        name: &'static str,
        title: &'static str,
        needs: &'static [Part],
        run: fn(&Environment) -> Result<()>,
    ) -> Self {
        Self {
            name,
            title,
            needs,
            only_with: None,
            on_request: false,
            run,
        }
    }

    const fn only_with(mut self, folder: &'static str) -> Self {
        self.only_with = Some(folder);
        self
    }

    const fn on_request(mut self) -> Self {
        self.on_request = true;
        self
    }

    /// Whether there is something to check.
    pub(super) fn applies(&self) -> bool {
        self.only_with.is_none_or(|folder| path(folder).exists())
    }
}

const WASM: &[Part] = &[Part::WasmTarget, Part::Npm("pkg"), Part::Vendor];
const IN_BROWSER: &[Part] = &[
    Part::WasmTarget,
    Part::WasmBindgen,
    Part::Npm("pkg"),
    Part::Vendor,
    Part::WasmPack,
    Part::Browser,
];
const IN_FIREFOX: &[Part] = &[
    Part::WasmTarget,
    Part::WasmBindgen,
    Part::Npm("pkg"),
    Part::Vendor,
    Part::WasmPack,
    Part::Firefox,
    Part::Geckodriver,
];
const FRONT_END: &[Part] = &[
    Part::WasmTarget,
    Part::WasmBindgen,
    Part::Npm("pkg"),
    Part::Npm("tests"),
    Part::Vendor,
    Part::Browser,
];
const DOCUMENTED: &[Part] = &[
    Part::WasmTarget,
    Part::WasmBindgen,
    Part::Npm("pkg"),
    Part::Npm(API_DOCS),
    Part::Vendor,
    Part::Browser,
];
const UNDER_NODE: &[Part] = &[Part::Npm("pkg"), Part::Npm("tests"), Part::Browser];

const IN_ENGINES: &[Part] = &[
    Part::Npm("pkg"),
    Part::Npm("www"),
    Part::Npm("tests"),
    Part::Firefox,
    Part::WebKit,
];

/// All steps, with the order that shows a failure soonest.
pub(super) const STEPS: &[Step] = &[
    Step::new("fmt", "formatting", &[], fmt),
    Step::new("tidy", "rules that the compiler cannot check", &[], |_| {
        tidy::run()
    }),
    Step::new("clippy", "lints, native", &[], |env| {
        clippy(env, &["--workspace", "--all-targets"])?;
        // the decoder alone
        clippy(env, &["--lib", "--no-default-features"])
    }),
    Step::new("clippy-wasm", "lints, WebAssembly", WASM, clippy_wasm),
    Step::new(
        "clippy-more",
        "lints, the examples and the fuzz targets",
        WASM,
        clippy_more,
    ),
    Step::new(
        "native",
        "native tests and examples in the documentation",
        &[],
        |env| env.cargo(["test", "--workspace"]).run(),
    ),
    Step::new(
        "browser",
        "the crate in Chromium, against the dev server",
        IN_BROWSER,
        |env| browser(env, CHROMIUM),
    ),
    Step::new(
        "firefox",
        "the crate in Firefox, against the dev server",
        IN_FIREFOX,
        |env| browser(env, FIREFOX),
    ),
    Step::new(
        "msrv",
        "the oldest Rust that is promised",
        WASM,
        msrv::check,
    ),
    Step::new("build", "the npm package", build::NEEDS, build::run),
    Step::new(
        "package",
        "what would be published",
        &[Part::Npm("pkg")],
        package::check,
    ),
    Step::new(
        "size",
        "the size of the package",
        &[Part::Npm("pkg")],
        size::check,
    ),
    Step::new("types", "TypeScript types", UNDER_NODE, |env| {
        node_tests(env, "tests/types")
    }),
    Step::new(
        "www",
        "the demo page",
        &[Part::Npm("pkg"), Part::Npm("www")],
        demo::build_page,
    ),
    Step::new("node", "the package under Node", UNDER_NODE, |env| {
        node_tests(env, "tests")
    }),
    Step::new("e2e", "pages in Chromium", UNDER_NODE, |env| {
        node_tests(env, "tests/e2e")
    }),
    Step::new(
        "engines",
        "a part of the pages in Firefox and WebKit",
        IN_ENGINES,
        engines::check,
    ),
    Step::new(
        "packaging",
        "the package in other people's projects",
        UNDER_NODE,
        |env| node_tests(env, "tests/packaging"),
    )
    .only_with("tests/packaging"),
    Step::new(
        "crate",
        "the packaged crate, and a checkout of it, in front ends",
        FRONT_END,
        |env| node_tests(env, "tests/crate"),
    ),
    Step::new("doc", "the documentation of both APIs", DOCUMENTED, |env| {
        env.cargo(["doc", "--no-deps", "--workspace"])
            .env("RUSTDOCFLAGS", "-D warnings")
            .run()?;
        docs::build(env)?;
        // the examples that exist only in pages
        env.cargo(["test", "--doc", "--target", WASM_TARGET]).run()
    }),
    Step::new(
        "newest",
        "the crate in Chromium, with the newest socket.io-client (only when it is named)",
        IN_BROWSER,
        |env| newest::check(env, |env| browser(env, CHROMIUM)),
    )
    .on_request(),
];

/// The workspaces beside the main one: their dependencies take longer to compile than everything else, or need a nightly Rust.
const EXAMPLES: &str = "examples/Cargo.toml";
const FUZZ: &str = "fuzz/Cargo.toml";

fn fmt(env: &Environment) -> Result<()> {
    for manifest in ["Cargo.toml", EXAMPLES, FUZZ] {
        env.cargo(["fmt", "--all", "--check", "--manifest-path", manifest])
            .run()?;
    }
    Ok(())
}

/// Lints the separate workspaces.
fn clippy_more(env: &Environment) -> Result<()> {
    let locked = ["--locked", "--all-targets", "--manifest-path"];
    let mut env = env.clone();
    // A build of the examples with the packaged crate copies everything in their folder.
    env.set("CARGO_TARGET_DIR", target_dir().join("more"));
    clippy(
        &env,
        &[
            &locked[..],
            &[EXAMPLES, "--workspace", "--target", WASM_TARGET],
        ]
        .concat(),
    )?;
    // Nothing is linked, so neither libFuzzer nor the C++ compiler that builds it is required.
    env.set("CUSTOM_LIBFUZZER_PATH", target_dir().join("libFuzzer.a"));
    clippy(&env, &[&locked[..], &[FUZZ]].concat())
}

fn clippy(env: &Environment, args: &[&str]) -> Result<()> {
    env.cargo(["clippy", "--quiet"])
        .args(args)
        .args(["--", "-D", "warnings"])
        .run()
}

/// Lints all builds of the crate: everything with its tests, the build for Rust front ends, and the build for the npm package.
fn clippy_wasm(env: &Environment) -> Result<()> {
    let target = ["--target", WASM_TARGET];
    let all = ["--lib", "--tests", "--features", "js"];
    let front_end = ["--lib", "--no-default-features", "--features", "client"];
    let socket_io = ["--lib", "--no-default-features", "--features", "socketio"];
    let npm = ["--lib", "--no-default-features", "--features", "js"];
    clippy(env, &[&target[..], &all].concat())?;
    clippy(env, &[&target[..], &front_end].concat())?;
    clippy(env, &[&target[..], &socket_io].concat())?;
    clippy(env, &[&target[..], &npm].concat())
}

/// Reports all tests by name, with the duration of each file.
pub(super) const REPORTERS: &[&str] = &[
    "--test-reporter=spec",
    "--test-reporter-destination=stdout",
    "--test-reporter=./tests/support/durations.mjs",
    "--test-reporter-destination=stdout",
];

/// The folder whose files run in parallel: each has its own browser and servers, on free ports.
const SIDE_BY_SIDE: &str = "tests/e2e";

/// The files of that folder that have to run alone, with the reason.
const ALONE: &[(&str, &str)] = &[(
    "large.test.mjs",
    "a socket that hears nothing for five seconds after its reply has heard all: in 100,000 packets there must be no such gap",
)];

/// How many files of a folder run at once. Files in a page mostly wait, so at least two run together.
fn at_once(folder: &str) -> usize {
    let processors = std::thread::available_parallelism().map_or(1, NonZeroUsize::get);
    match folder {
        SIDE_BY_SIDE => processors.clamp(2, 4),
        _ => 1,
    }
}

/// Whether a file has to run alone.
fn is_alone(file: &Path) -> bool {
    ALONE
        .iter()
        .any(|(name, _)| path(SIDE_BY_SIDE).join(name) == file)
}

/// Runs the files `*.test.mjs` of a folder under Node's test runner.
///
/// A file with a failure runs once more, alone. The summary names a test that passes only then: on a busy machine, a browser may be
/// late. Such a test needs a fix, but it does not hide the other results.
pub(crate) fn node_tests(env: &Environment, folder: &str) -> Result<()> {
    let files = test_files(&path(folder), "", ".test.mjs")?;
    let server = server::build(env, DEV_SERVER)?;
    let run = |files: &[PathBuf], at_once: usize| {
        env.command("node")
            .args(["--test", NODE_TEST_LIMIT])
            .args(REPORTERS)
            .arg(format!("--test-concurrency={at_once}"))
            .args(files)
            .env("FLOWISE_DEV_SERVER", &server)
            .echo_outcome()
    };
    let (alone, others): (Vec<_>, Vec<_>) = files.iter().cloned().partition(|file| is_alone(file));
    let mut failed = Vec::new();
    for (files, at_once) in [(others, at_once(folder)), (alone, 1)] {
        if files.is_empty() {
            continue;
        }
        let (status, printed) = run(&files, at_once)?;
        if !status.success() {
            let places = failures(&printed);
            if places.is_empty() {
                bail!(
                    "the tests of {folder} failed, and their report does not say where: {status}"
                );
            }
            failed.extend(places);
        }
    }
    if failed.is_empty() {
        return Ok(());
    }
    let again: Vec<PathBuf> = files
        .into_iter()
        .filter(|file| {
            let name = file.strip_prefix(root()).unwrap_or(file);
            failed
                .iter()
                .any(|at| at.starts_with(&*name.to_string_lossy()))
        })
        .collect();
    if again.is_empty() {
        bail!("the tests of {folder} failed: {}", failed.join(", "));
    }
    say("running the files with failures once more");
    let (status, _) = run(&again, 1)?;
    if !status.success() {
        bail!("the tests of {folder} failed twice: {}", failed.join(", "));
    }
    for at in failed {
        note(format!(
            "FLAKY: {at} failed, and passed when it was run again"
        ));
    }
    Ok(())
}

/// The locations of the failed tests in the report of Node's test runner.
pub(super) fn failures(report: &str) -> Vec<String> {
    let (_, failing) = report.split_once("failing tests:").unwrap_or_default();
    let places = failing
        .lines()
        .filter_map(|line| line.strip_prefix("test at "));
    places.map(str::to_owned).collect()
}

/// The files of a folder whose names begin and end like this, sorted.
pub(super) fn test_files(folder: &Path, start: &str, end: &str) -> Result<Vec<PathBuf>> {
    let entries =
        fs::read_dir(folder).with_context(|| format!("cannot read {}", folder.display()))?;
    let mut files: Vec<PathBuf> = entries
        .flatten()
        .filter(|entry| {
            let name = entry.file_name();
            name.to_str()
                .is_some_and(|name| name.starts_with(start) && name.ends_with(end))
        })
        .map(|entry| entry.path())
        .collect();
    files.sort();
    if files.is_empty() {
        let shown = folder.strip_prefix(root()).unwrap_or(folder).display();
        bail!("there are no tests {shown}/{start}*{end}");
    }
    Ok(files)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn failures_are_read_from_the_report() {
        let report = "✖ a\n  test at elsewhere\n✖ failing tests:\n\ntest at tests/e2e/a.test.mjs:26:9\n✖ a (5ms)\n  Error\n";
        assert_eq!(failures(report), ["tests/e2e/a.test.mjs:26:9"]);
        assert!(failures("ℹ pass 3\n").is_empty());
    }

    #[test]
    fn the_files_that_run_alone_are_there() {
        let files = test_files(&path(SIDE_BY_SIDE), "", ".test.mjs").unwrap();
        let alone = files.iter().filter(|file| is_alone(file)).count();
        assert_eq!(alone, ALONE.len());
    }
}
