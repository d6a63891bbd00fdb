//! The documentation of both APIs: the crate's by rustdoc, the npm package's by TypeDoc from its types.

use anyhow::Result;

use crate::process::Environment;
use crate::report::say;
use crate::setup::{API_DOCS, Part};
use crate::workspace::{WASM_TARGET, path, target_dir};

/// The tools that the documentation needs.
pub(crate) const NEEDS: &[Part] = &[
    Part::WasmTarget,
    Part::Npm("pkg"),
    Part::Npm(API_DOCS),
    Part::Vendor,
];

/// Builds the documentation. A warning is an error.
pub(crate) fn build(env: &Environment) -> Result<()> {
    say("the crate, as pages see it");
    env.cargo(["doc", "--no-deps", "--target", WASM_TARGET])
        .env("RUSTDOCFLAGS", "-D warnings")
        .run()?;
    say("the npm package");
    let out = target_dir().join("api-docs");
    env.command("typedoc")
        .arg("--out")
        .arg(&out)
        .dir(&path(API_DOCS))
        .run()?;
    say(format!(
        "open {} and {}",
        target_dir()
            .join(WASM_TARGET)
            .join("doc/flowise_stream/index.html")
            .display(),
        out.join("index.html").display()
    ));
    Ok(())
}
