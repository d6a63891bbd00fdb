//! Finds what a command needs, and installs what is missing: once, with a message, and only the requested parts.

mod browser;
mod npm;
mod rust;
pub(crate) mod vendor;

use anyhow::Result;

use crate::process::Environment;

/// A tool or folder that a command needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    /// The standard library for wasm32-unknown-unknown.
    WasmTarget,
    /// `wasm-bindgen` and its test runner, at the version in Cargo.lock.
    WasmBindgen,
    /// `wasm-pack`, for tests in a browser.
    WasmPack,
    /// The npm packages of a folder, from its lock file.
    Npm(&'static str),
    /// socket.io-client as one file, for pages without a bundler; needs `Npm("pkg")`.
    Vendor,
    /// Chromium and its driver.
    Browser,
    /// Firefox.
    Firefox,
    /// Firefox's driver, for `wasm-pack`.
    Geckodriver,
    /// The engine of Safari in a browser for tests, and its driver.
    WebKit,
    /// `cargo-deny`, which checks the dependencies.
    CargoDeny,
    /// `cargo-fuzz`.
    CargoFuzz,
    /// `cargo-semver-checks`, which compares APIs.
    CargoSemverChecks,
}

/// The folder of TypeDoc and its options.
pub(crate) const API_DOCS: &str = "tools/api-docs";

/// All parts for building and testing, each after the parts that it needs.
pub(crate) const ALL: &[Part] = &[
    Part::WasmTarget,
    Part::WasmBindgen,
    Part::Npm("pkg"),
    Part::Vendor,
    Part::Npm("www"),
    Part::Npm("tests"),
    Part::Npm("benches"),
    Part::Npm(API_DOCS),
    Part::WasmPack,
    Part::Browser,
    Part::Firefox,
    Part::Geckodriver,
    Part::WebKit,
];

/// Parts of a few commands.
const RARE: &[Part] = &[Part::CargoDeny, Part::CargoFuzz, Part::CargoSemverChecks];

/// Makes sure that the parts exist, and returns the environment to use them in.
///
/// # Errors
///
/// If a part is missing and cannot be installed; the error says what to do.
pub(crate) fn prepare(parts: &[Part]) -> Result<Environment> {
    let mut env = Environment::default();
    let known = ALL.iter().chain(RARE);
    for part in known.filter(|part| parts.contains(part)) {
        match part {
            Part::WasmTarget => rust::wasm_target(&env)?,
            Part::WasmBindgen => rust::wasm_bindgen(&mut env)?,
            Part::WasmPack => rust::provide(&mut env, &rust::WASM_PACK)?,
            Part::Npm(folder) => npm::install(&mut env, folder)?,
            Part::Vendor => vendor::bundle(&env)?,
            Part::Browser => browser::find_or_install(&mut env, &browser::CHROMIUM)?,
            Part::Firefox => browser::find_or_install(&mut env, &browser::FIREFOX)?,
            Part::Geckodriver => rust::provide(&mut env, &rust::GECKODRIVER)?,
            Part::WebKit => browser::find_or_install(&mut env, &browser::WEBKIT)?,
            Part::CargoDeny => rust::provide(&mut env, &rust::CARGO_DENY)?,
            Part::CargoFuzz => rust::provide(&mut env, &rust::CARGO_FUZZ)?,
            Part::CargoSemverChecks => rust::provide(&mut env, &rust::CARGO_SEMVER_CHECKS)?,
        }
    }
    Ok(env)
}
