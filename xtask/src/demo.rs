//! The demo page, with the dev server or a real Flowise.

use std::net::{Ipv4Addr, TcpListener};

use anyhow::{Context, Result, bail};
use clap::Args;
use url::Url;

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

/// Build the demo page and serve it
///
/// The page talks to the dev server, which plays Flowise of both generations without an account, a key or the network. With
/// --flowise it talks to a real one. Ctrl+C ends the command.
#[derive(Debug, Args)]
pub(crate) struct Options {
    /// Serve the page on this port instead of a free one
    #[arg(long, value_name = "N", default_value_t = 0, hide_default_value = true)]
    port: u16,
    /// Play the Flowise that streams over Socket.IO on this port instead of a free one
    #[arg(long, value_name = "N", default_value_t = 0, hide_default_value = true)]
    socket_io_port: u16,
    /// Divide the delays of the recorded answers by this; 0 leaves them out
    #[arg(long, value_name = "X", default_value_t = 1.0, value_parser = speed)]
    speed: f64,
    /// Talk to this Flowise instead of the dev server
    #[arg(long, value_name = "URL", requires = "chatflow", value_parser = web_address)]
    flowise: Option<Url>,
    /// The chatflow of that Flowise
    #[arg(long, value_name = "ID", requires = "flowise")]
    chatflow: Option<String>,
    /// The environment variable that holds the API key of the chatflow
    #[arg(long, value_name = "NAME", requires = "flowise", value_parser = variable)]
    api_key_env: Option<String>,
}

impl Options {
    /// The dev server's options.
    fn to_args(&self) -> Vec<String> {
        let numbers = [
            ("--port", self.port.to_string()),
            ("--socket-io-port", self.socket_io_port.to_string()),
            ("--speed", self.speed.to_string()),
        ];
        let real = [
            ("--flowise", self.flowise.as_ref().map(Url::to_string)),
            ("--chatflow", self.chatflow.clone()),
            ("--api-key-env", self.api_key_env.clone()),
        ];
        let real = real
            .into_iter()
            .filter_map(|(name, value)| Some((name, value?)));
        numbers
            .into_iter()
            .chain(real)
            .map(|(name, value)| format!("{name}={value}"))
            .collect()
    }
}

fn speed(text: &str) -> Result<f64, String> {
    match text.parse() {
        Ok(speed) if (0.0..f64::INFINITY).contains(&speed) => Ok(speed),
        _ => Err("it is a number from 0 on".to_owned()),
    }
}

fn web_address(text: &str) -> Result<Url, String> {
    let url = Url::parse(text).map_err(|error| error.to_string())?;
    match url.scheme() {
        "http" | "https" => Ok(url),
        _ => Err("it begins with http:// or https://".to_owned()),
    }
}

/// The name of an existing environment variable.
fn variable(name: &str) -> Result<String, String> {
    match std::env::var(name) {
        Ok(_) => Ok(name.to_owned()),
        Err(error) => Err(error.to_string()),
    }
}

/// Checks that the ports are free before the build.
fn check_ports(ports: [u16; 2]) -> Result<()> {
    let listen = |port| {
        TcpListener::bind((Ipv4Addr::LOCALHOST, port))
            .with_context(|| format!("cannot serve on port {port}"))
    };
    // Both are held until the end, so using one number twice fails.
    let listeners: Result<Vec<_>> = ports.into_iter().map(listen).collect();
    listeners.map(drop)
}

/// Builds the page, and serves it until it is interrupted.
pub(crate) fn run(options: &Options) -> Result<()> {
    check_ports([options.port, options.socket_io_port])?;
    let env = setup::prepare(NEEDS)?;
    build::run(&env)?;
    build_page(&env)?;
    let mut args = vec!["--www".to_owned(), path("www/dist").display().to_string()];
    args.extend(options.to_args());
    let mut server = Server::start_dev_server(&env, &args)?;
    println!("\nOpen {}   (Ctrl+C ends it)\n", server.addresses()?.sse);
    let status = server.wait()?;
    if !status.success() {
        bail!("the dev server ended: {status}");
    }
    Ok(())
}

/// Builds the page into `www/dist`, with the package in `pkg/dist`.
pub(crate) fn build_page(env: &Environment) -> Result<()> {
    say("building the demo page");
    env.npm(&path("www"), ["run", "build"]).run()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_port_that_is_taken_is_refused() {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let taken = listener.local_addr().unwrap().port();
        assert!(check_ports([taken, 0]).is_err());
        drop(listener);
        assert!(check_ports([0, 0]).is_ok());
    }

    #[test]
    fn the_dev_server_gets_what_was_given() {
        let options = Options {
            port: 8080,
            socket_io_port: 0,
            speed: 2.5,
            flowise: Some(Url::parse("http://localhost:3000").unwrap()),
            chatflow: Some("-id".to_owned()),
            api_key_env: None,
        };
        assert_eq!(
            options.to_args(),
            [
                "--port=8080",
                "--socket-io-port=0",
                "--speed=2.5",
                "--flowise=http://localhost:3000/",
                "--chatflow=-id",
            ]
        );
    }
}
