//! The command: what it prints, and when it ends.

use std::process::Stdio;
use std::time::Duration;

use serde_json::Value;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, BufReader};
use tokio::process::{Child, Command};

const PATIENCE: Duration = Duration::from_secs(20);

fn command(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_dev-server"));
    command
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .kill_on_drop(true);
    command
}

/// Waits for the line with the addresses.
async fn ready(child: &mut Child) -> (Value, BufReader<tokio::process::ChildStdout>) {
    let mut out = BufReader::new(child.stdout.take().expect("stdout"));
    let mut line = String::new();
    tokio::time::timeout(PATIENCE, out.read_line(&mut line))
        .await
        .expect("in time")
        .expect("a line");
    (serde_json::from_str(&line).expect("JSON"), out)
}

#[tokio::test]
async fn it_prints_one_line_and_ends_with_stdin() {
    let mut child = command(&["--exit-with-stdin"]).spawn().expect("it starts");
    let (addresses, mut out) = ready(&mut child).await;
    for name in ["sse", "socketIo"] {
        let address = addresses[name].as_str().expect("an address");
        assert!(
            address.starts_with("http://127.0.0.1:") && !address.ends_with('/'),
            "{address}"
        );
        let ping = reqwest::get(format!("{address}/api/v1/ping")).await;
        assert_eq!(ping.expect("an answer").text().await.expect("text"), "pong");
    }
    drop(child.stdin.take());
    let end = tokio::time::timeout(PATIENCE, child.wait())
        .await
        .expect("in time");
    assert!(end.expect("an end").success());
    let mut rest = String::new();
    out.read_to_string(&mut rest).await.expect("text");
    assert_eq!(rest, "");
}

#[tokio::test]
async fn it_ends_on_sigterm_even_with_streams_open() {
    let mut child = command(&[]).spawn().expect("it starts");
    let (addresses, _out) = ready(&mut child).await;
    let address = addresses["sse"].as_str().expect("an address");
    let stream = reqwest::Client::new()
        .post(format!("{address}/api/v1/prediction/trouble-silent"))
        .json(&serde_json::json!({ "question": "Hi", "streaming": true }));
    let _stream = stream.send().await.expect("headers");
    let id = child.id().expect("a process").to_string();
    let sent = Command::new("kill").args(["-TERM", &id]).status().await;
    assert!(sent.expect("kill").success());
    let end = tokio::time::timeout(PATIENCE, child.wait())
        .await
        .expect("in time");
    assert!(end.expect("an end").success());
}

#[tokio::test]
async fn it_says_what_to_do_when_it_cannot_start() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = taken.local_addr().expect("an address").port().to_string();
    for (arguments, part) in [
        (vec!["--port", &port], "choose another port, or 0"),
        (vec!["--recordings", "/nowhere"], "--recordings"),
        (vec!["--flowise", "http://localhost:3000"], "--chatflow"),
        (
            vec![
                "--flowise",
                "http://x",
                "--chatflow",
                "y",
                "--api-key-env",
                "NOT_SET_HERE",
            ],
            "NOT_SET_HERE is not set",
        ),
    ] {
        let output = command(&arguments).output().await.expect("it ends");
        assert!(!output.status.success(), "{arguments:?}");
        assert!(output.stdout.is_empty(), "{arguments:?}");
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(said.contains(part), "{said}");
    }
}
