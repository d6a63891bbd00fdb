//! The demo page, over the dev server or a real Flowise.

use anyhow::{Result, bail};

use crate::build;
use crate::process::Environment;
use crate::report::say;
use crate::server::Server;
use crate::setup::{self, Part};
use crate::workspace::path;

const NEEDS: &[Part] = &[
    Part::WasmTarget,
    Part::WasmBindgen,
    Part::Npm("pkg"),
    Part::Npm("www"),
];

/// Builds and serves the page until it is interrupted. The options are the dev server's.
pub(crate) fn run(options: &[String]) -> Result<()> {
    let env = setup::prepare(NEEDS)?;
    build::run(&env)?;
    build_page(&env)?;
    let mut args = vec!["--www".to_owned(), path("www/dist").display().to_string()];
    args.extend_from_slice(options);
    let mut server = Server::start_dev_server(&env, &args)?;
    println!("\nOpen {}   (Ctrl+C ends it)\n", server.addresses()?.sse);
    let status = server.wait()?;
    if !status.success() {
        bail!("the dev server ended: {status}");
    }
    Ok(())
}

/// Builds the page into `www/dist`, with the package as it is in `pkg/dist`.
pub(crate) fn build_page(env: &Environment) -> Result<()> {
    say("building the demo page");
    env.npm(&path("www"), ["run", "build"]).run()
}
