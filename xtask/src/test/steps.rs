//! The steps of `cargo xtask test`.

use anyhow::Result;

use super::browser::{CHROMIUM, FIREFOX, check as browser};
use super::engines;
use super::lints::{clippy, clippy_more, clippy_wasm, fmt};
use super::msrv;
use super::newest;
use super::node::node_tests;
use crate::build;
use crate::demo;
use crate::docs;
use crate::package;
use crate::process::Environment;
use crate::setup::{API_DOCS, Part};
use crate::size;
use crate::tidy;
use crate::workspace::{WASM_TARGET, path};

/// One check, with the parts that it needs.
pub(super) struct Step {
    /// Its name on the command line.
    pub(super) name: &'static str,
    /// Its heading: what it checks.
    pub(super) title: &'static str,
    pub(super) needs: &'static [Part],
    /// Without this folder, there is nothing to check.
    only_with: Option<&'static str>,
    /// Not part of a full run: it takes long, or what it checks changes without a change to the repository.
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
