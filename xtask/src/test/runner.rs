//! The web server of `wasm-bindgen-test-runner`, and a remedy for it.

use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use anyhow::{Context, Result};

const EVERY: Duration = Duration::from_millis(100);

/// Keeps the test runner's web server going, as long as it lives.
///
/// The server may give two connections that come at once to one waiting thread (`TaskPool::spawn` of the crate `tiny_http`). The second is
/// then served when the first is closed, and a browser keeps its connections open: a page of many modules waits for ever.
/// A further connection brings another thread, which takes what was left.
#[derive(Debug)]
pub(super) struct Runner {
    /// Where the server is to listen.
    pub(super) address: SocketAddr,
    stop: Option<Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Runner {
    /// Finds a free address, and connects to it time and again.
    pub(super) fn start() -> Result<Self> {
        // A port that was just given back is not the next to be given out.
        let address = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))
            .and_then(|listener| listener.local_addr())
            .context("there is no free port")?;
        let (stop, stopped) = mpsc::channel();
        let thread = thread::spawn(move || {
            while stopped.recv_timeout(EVERY) == Err(RecvTimeoutError::Timeout) {
                // Nobody listens until the tests are compiled.
                drop(TcpStream::connect(address));
            }
        });
        Ok(Self {
            address,
            stop: Some(stop),
            thread: Some(thread),
        })
    }
}

impl Drop for Runner {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            // It does nothing that could fail.
            let _ = thread.join();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_at_the_address_gets_connections_until_the_end() {
        let runner = Runner::start().unwrap();
        let server = TcpListener::bind(runner.address).unwrap();
        for _ in 0..3 {
            server.accept().unwrap();
        }
        drop(runner);
    }
}
