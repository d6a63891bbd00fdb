//! The servers for the tests and the demo, as child processes.

use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Child, ExitStatus};

use anyhow::{Context, Result, bail};
use serde_json::Value;

use crate::process::Environment;
use crate::report::say;
use crate::workspace::target_dir;

/// The package that plays Flowise of both generations.
pub(crate) const DEV_SERVER: &str = "dev-server";
/// The package that the tests of the Socket.IO client talk to.
pub(crate) const SOCKET_IO_SERVER: &str = "socket-io-server";

/// Builds a server of the workspace and returns its program.
pub(crate) fn build(env: &Environment, package: &str) -> Result<PathBuf> {
    say(format!("building {package}"));
    env.cargo(["build", "--quiet", "--package", package])
        .run()?;
    let program = format!("debug/{package}{}", std::env::consts::EXE_SUFFIX);
    Ok(target_dir().join(program))
}

/// A running server. It watches its standard input, so it ends with this value and with this process, however that ends.
#[derive(Debug)]
pub(crate) struct Server {
    child: Child,
    /// The line that the server printed when it was ready.
    ready: String,
}

impl Server {
    /// Builds and starts a server, and waits until it is ready.
    ///
    /// # Errors
    ///
    /// If it cannot be built or ends before it is ready; the server prints the reason.
    pub(crate) fn start(env: &Environment, package: &str, args: &[String]) -> Result<Self> {
        let program = build(env, package)?;
        let mut child = env.command(program).args(args).spawn_piped()?;
        let mut ready = String::new();
        if let Some(stdout) = child.stdout.take() {
            BufReader::new(stdout).read_line(&mut ready)?;
        }
        if ready.is_empty() {
            bail!("{package} did not start: {}", child.wait()?);
        }
        Ok(Self { child, ready })
    }

    /// Starts the dev server.
    pub(crate) fn start_dev_server(env: &Environment, options: &[String]) -> Result<Self> {
        let mut args = vec!["--exit-with-stdin".to_owned()];
        args.extend_from_slice(options);
        Self::start(env, DEV_SERVER, &args)
    }

    /// The line that the server printed when it was ready: its address, or several as JSON.
    pub(crate) fn ready(&self) -> &str {
        self.ready.trim()
    }

    /// The addresses of the dev server.
    pub(crate) fn addresses(&self) -> Result<Addresses> {
        Addresses::parse(self.ready())
            .with_context(|| format!("the server printed no addresses but {:?}", self.ready))
    }

    /// Waits until the server exits.
    pub(crate) fn wait(&mut self) -> Result<ExitStatus> {
        // `Child::wait` would close the standard input, and with it the server.
        let stdin = self.child.stdin.take();
        let status = self.child.wait()?;
        drop(stdin);
        Ok(status)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.child.stdin.take());
        // The server may have exited already; then there is nothing to do.
        let _ = self.child.wait();
    }
}

/// The addresses at which the dev server plays each Flowise.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Addresses {
    /// The one that streams server-sent events.
    pub(crate) sse: String,
    /// The one that streams over Socket.IO.
    pub(crate) socket_io: String,
}

impl Addresses {
    fn parse(line: &str) -> Option<Self> {
        let ready: Value = serde_json::from_str(line).ok()?;
        let address = |name| Some(ready.get(name)?.as_str()?.to_owned());
        Some(Self {
            sse: address("sse")?,
            socket_io: address("socketIo")?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_dev_servers_line_names_both_addresses() {
        let line = r#"{"sse":"http://127.0.0.1:1","socketIo":"http://127.0.0.1:2"}"#;
        let addresses = Addresses {
            sse: "http://127.0.0.1:1".to_owned(),
            socket_io: "http://127.0.0.1:2".to_owned(),
        };
        assert_eq!(Addresses::parse(line), Some(addresses));
        assert_eq!(Addresses::parse("listening"), None);
        assert_eq!(Addresses::parse("{}"), None);
    }
}
