//! Looks whether socket.io-client has been bundled into the crate.
//!
//! The published crate brings the bundle along, and `cargo xtask vendor` makes it in a checkout. It is not in git, so a `git` dependency
//! has none: then the page resolves `socket.io-client`, as it does without the feature `vendored`.

use std::env;
use std::path::Path;

const BUNDLE: &str = "src/vendor/socket.io.js";

fn main() {
    println!("cargo::rustc-check-cfg=cfg(bundled)");
    // The whole folder: Cargo would run this script at every build for a file that does not exist.
    println!("cargo::rerun-if-changed=src");
    if env::var_os("CARGO_FEATURE_VENDORED").is_none() {
        return;
    }
    if Path::new(BUNDLE).exists() {
        println!("cargo::rustc-cfg=bundled");
    } else if env::var_os("CARGO_CFG_TARGET_ARCH").is_some_and(|arch| arch == "wasm32") {
        println!(
            "cargo::warning={BUNDLE} is missing, so the page has to resolve `socket.io-client`: give it an import map \
             (docs/rust.md shows one), or run `cargo xtask vendor` in the checkout of flowise-stream"
        );
    }
}
