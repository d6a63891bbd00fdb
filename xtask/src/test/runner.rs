//! Works around a fault in the web server of `wasm-bindgen-test-runner`.

use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use anyhow::{Context, Result};

const EVERY: Duration = Duration::from_millis(100);

/// Keeps the test runner's web server responsive until it is dropped.
///
/// The server may assign two simultaneous connections to one waiting thread (`TaskPool::spawn` of the crate `tiny_http`). It
/// then serves the second only when the first is closed, but a browser keeps its connections open: a page of many modules waits
/// for ever. A further connection starts another thread, which serves the waiting one.
#[derive(Debug)]
pub(super) struct Runner {
    /// The address for the server to listen on.
    pub(super) address: SocketAddr,
    stop: Option<Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Runner {
    /// Finds a free address, and connects to it repeatedly.
    pub(super) fn start() -> Result<Self> {
        // The system does not assign a port again right after its release.
        let address = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))
            .and_then(|listener| listener.local_addr())
            .context("there is no free port")?;
        let (stop, stopped) = mpsc::channel();
        let thread = thread::spawn(move || {
            while stopped.recv_timeout(EVERY) == Err(RecvTimeoutError::Timeout) {
                // The server does not listen until the tests are compiled.
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
            // Nothing in this thread can fail.
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
