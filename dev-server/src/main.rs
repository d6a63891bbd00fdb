//! The dev server's command line.

use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;
use dev_server::{Config, RealFlowise, start};
use tokio::io::AsyncReadExt;
use tokio::signal::unix::{SignalKind, signal};
use url::Url;

/// Plays Flowise 3.1.4 (server-sent events) and Flowise 2.0.7 (Socket.IO) on 127.0.0.1.
///
/// When ready it prints one line of JSON with both addresses. It ends on SIGINT and SIGTERM.
#[derive(Debug, Parser)]
#[command(name = "dev-server")]
struct Arguments {
    /// The port that plays Flowise 3.1.4; 0 takes a free one
    #[arg(long, default_value_t = 0)]
    port: u16,
    /// The port that plays Flowise 2.0.7; 0 takes a free one
    #[arg(long, default_value_t = 0)]
    socket_io_port: u16,
    /// Serves the files of this folder at / of both ports
    #[arg(long, value_name = "DIR")]
    www: Option<PathBuf>,
    /// Reads the recordings from here instead of the checkout's tests/recordings
    #[arg(long, value_name = "DIR")]
    recordings: Option<PathBuf>,
    /// Divides all recorded delays; 0 leaves them out
    #[arg(long, value_name = "X", default_value_t = 1.0)]
    speed: f64,
    /// Flowise's CORS_ORIGINS, comma-separated; '' is Flowise's own default
    #[arg(long, value_name = "LIST", default_value = "*")]
    cors_origins: String,
    /// Ends when stdin is closed
    #[arg(long)]
    exit_with_stdin: bool,
    /// Lets the demo page use this real Flowise server
    #[arg(long, value_name = "URL", requires = "chatflow")]
    flowise: Option<Url>,
    /// The chatflow of the real server
    #[arg(long, value_name = "ID", requires = "flowise")]
    chatflow: Option<String>,
    /// The environment variable that holds the chatflow's API key
    #[arg(long, value_name = "NAME", requires = "flowise")]
    api_key_env: Option<String>,
}

impl Arguments {
    fn config(&self) -> Result<Config, String> {
        let api_key = match &self.api_key_env {
            Some(name) => match std::env::var(name) {
                Ok(key) => Some(key),
                Err(_) => return Err(format!("the environment variable {name} is not set")),
            },
            None => None,
        };
        let real = self.flowise.clone().zip(self.chatflow.clone());
        let origins = self.cors_origins.split(',').map(str::trim);
        Ok(Config {
            port: self.port,
            socket_io_port: self.socket_io_port,
            recordings: self.recordings.clone(),
            www: self.www.clone(),
            speed: self.speed,
            cors_origins: origins
                .filter(|one| !one.is_empty())
                .map(str::to_owned)
                .collect(),
            real: real.map(|(url, chatflow_id)| RealFlowise {
                url,
                chatflow_id,
                api_key,
            }),
        })
    }
}

#[tokio::main]
async fn main() -> ExitCode {
    let arguments = Arguments::parse();
    match run(&arguments).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            eprintln!("dev-server: {why}");
            ExitCode::FAILURE
        }
    }
}

async fn run(arguments: &Arguments) -> Result<(), String> {
    let cannot_wait = |cause: std::io::Error| format!("cannot wait for signals: {cause}");
    let mut interrupt = signal(SignalKind::interrupt()).map_err(cannot_wait)?;
    let mut terminate = signal(SignalKind::terminate()).map_err(cannot_wait)?;
    let running = start(arguments.config()?)
        .await
        .map_err(|error| error.to_string())?;
    let address = |url: &Url| url.as_str().trim_end_matches('/').to_owned();
    let (sse, socket_io) = (address(&running.sse), address(&running.socket_io));
    eprintln!("Flowise 3.1.4 (server-sent events) at {sse}");
    eprintln!("Flowise 2.0.7 (Socket.IO) at {socket_io}");
    let ready = serde_json::json!({ "sse": sse, "socketIo": socket_io });
    let mut out = std::io::stdout();
    writeln!(out, "{ready}")
        .and_then(|()| out.flush())
        .map_err(|cause| format!("cannot print the addresses: {cause}"))?;
    tokio::select! {
        _ = interrupt.recv() => {}
        _ = terminate.recv() => {}
        () = stdin_closed(), if arguments.exit_with_stdin => {}
    }
    running.stop();
    // A thread that still waits for stdin must not keep the process alive.
    std::process::exit(0)
}

async fn stdin_closed() {
    let mut stdin = tokio::io::stdin();
    let mut bytes = [0; 64];
    while stdin.read(&mut bytes).await.is_ok_and(|read| read > 0) {}
}
