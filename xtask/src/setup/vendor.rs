//! Builds socket.io-client as one ES module, for pages without a bundler that resolves its name.
//!
//! The module is made from the locked npm packages and is not in git. The crate's build script looks for it, and `cargo package`
//! includes it.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};

use crate::process::Environment;
use crate::report::say;
use crate::workspace::{path, write};

/// The path at which the crate looks for the module.
const MODULE: &str = "src/vendor/socket.io.js";

/// Writes the module if it is missing or its packages have changed.
pub(crate) fn bundle(env: &Environment) -> Result<()> {
    bundle_from(env, &path("pkg"))
}

/// Writes the module from the packages of that folder.
pub(crate) fn bundle_from(env: &Environment, folder: &Path) -> Result<()> {
    // Bundling is faster than any other way to detect that the packages have changed.
    let text = env
        .node("pkg/scripts/vendor.mjs")
        .arg(folder)
        .output()
        .with_context(|| format!("cannot bundle {MODULE}"))?;
    let module = path(MODULE);
    // Cargo recompiles the crate when the file is newer, so write it only if it differs.
    if fs::read(&module).ok().as_deref() != Some(text.as_bytes()) {
        say(format!("bundled socket.io-client into {MODULE}"));
        write(&module, text)?;
    }
    Ok(())
}
