//! The documentation of both APIs: the crate's by rustdoc, the npm package's by TypeDoc from its types.

use anyhow::Result;

use crate::process::Environment;
use crate::report::say;
use crate::setup::Part;
use crate::workspace::{WASM_TARGET, path, target_dir};

/// The folder of TypeDoc and its options.
pub(crate) const FOLDER: &str = "tools/api-docs";

/// The tools that the documentation needs.
pub(crate) const NEEDS: &[Part] = &[
    Part::WasmTarget,
    Part::Npm("pkg"),
    Part::Npm(FOLDER),
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
        .dir(&path(FOLDER))
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
