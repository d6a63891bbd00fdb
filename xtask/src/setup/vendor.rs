//! socket.io-client as one ES module, for pages that have no bundler to resolve its name.
//!
//! It is made from the locked npm packages and kept out of git. The crate's build script looks for it, and `cargo package`
//! includes it.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};

use crate::process::Environment;
use crate::report::say;
use crate::workspace::{path, write};

/// Where the crate looks for the module.
const MODULE: &str = "src/vendor/socket.io.js";

/// Writes the module if it is missing or its packages have changed.
pub(crate) fn bundle(env: &Environment) -> Result<()> {
    bundle_from(env, &path("pkg"))
}

/// Writes the module as the packages of that folder have it.
pub(crate) fn bundle_from(env: &Environment, folder: &Path) -> Result<()> {
    // Bundling takes less time than it would take to find out by other means whether the packages have changed.
    let text = env
        .node("pkg/scripts/vendor.mjs")
        .arg(folder)
        .output()
        .with_context(|| format!("cannot bundle {MODULE}"))?;
    let module = path(MODULE);
    // Cargo compiles the crate again when the file is newer, so it is only written when it differs.
    if fs::read(&module).ok().as_deref() != Some(text.as_bytes()) {
        say(format!("bundled socket.io-client into {MODULE}"));
        write(&module, text)?;
    }
    Ok(())
}
