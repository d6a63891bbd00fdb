//! A port that plays one generation. It can restart or change the generation.

use std::convert::Infallible;
use std::net::{Ipv4Addr, SocketAddr};
use std::pin::Pin;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use axum::body::Body;
use axum::http::{Request, Response};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use url::Url;

use super::life::Life;
use crate::connection::{Connection, Cut};
use crate::error::Error;
use crate::flows::Generation;

/// A request, and where it arrived.
pub(crate) struct Arrival {
    pub(crate) listener: Arc<Listener>,
    pub(crate) life: Arc<Life>,
    pub(crate) connection: Arc<Connection>,
    pub(crate) request: Request<Incoming>,
}

/// Answers requests.
pub(crate) type Serve = Arc<dyn Fn(Arrival) -> Responding + Send + Sync>;

type Responding = Pin<Box<dyn Future<Output = Response<Body>> + Send>>;

/// One of the two ports.
pub(crate) struct Listener {
    /// `sse` or `socketIo`, for the generation at the start.
    pub(crate) name: &'static str,
    pub(crate) address: SocketAddr,
    state: RwLock<State>,
}

struct State {
    generation: Generation,
    life: Arc<Life>,
    accepting: Option<Accepting>,
}

/// Accepts connections.
pub(crate) struct Accepting {
    /// Holds the listening socket.
    task: JoinHandle<()>,
    serve: Serve,
}

impl Listener {
    /// Takes the port on 127.0.0.1; 0 picks a free one.
    ///
    /// # Errors
    ///
    /// If the port is taken.
    pub(crate) async fn bind(
        generation: Generation,
        port: u16,
    ) -> Result<(Arc<Self>, TcpListener), Error> {
        let socket = TcpListener::bind((Ipv4Addr::LOCALHOST, port))
            .await
            .map_err(|cause| Error::Port(port, cause))?;
        let listener = Self {
            name: match generation {
                Generation::Sse => "sse",
                Generation::SocketIo => "socketIo",
            },
            address: socket
                .local_addr()
                .map_err(|cause| Error::Port(port, cause))?,
            state: RwLock::new(State {
                generation,
                life: Arc::new(Life::new()),
                accepting: None,
            }),
        };
        Ok((Arc::new(listener), socket))
    }

    /// The address with the scheme `http`.
    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    pub(crate) fn to_url(&self) -> Result<Url, Error> {
        Url::parse(&self.url()).map_err(|cause| Error::Address(self.address, cause.to_string()))
    }

    pub(crate) fn generation(&self) -> Generation {
        self.state
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .generation
    }

    pub(crate) fn life(&self) -> Arc<Life> {
        Arc::clone(
            &self
                .state
                .read()
                .unwrap_or_else(PoisonError::into_inner)
                .life,
        )
    }

    /// Accepts connections until the listener restarts.
    pub(crate) fn accept(self: &Arc<Self>, socket: TcpListener, serve: Serve) {
        let listener = Arc::clone(self);
        let answer = Arc::clone(&serve);
        let life = self.life();
        let task = tokio::spawn(async move {
            loop {
                let Ok((stream, _)) = socket.accept().await else {
                    // Probably out of file descriptors; some will be free soon.
                    tokio::time::sleep(Duration::from_millis(10)).await;
                    continue;
                };
                // Tokens are small and must not wait for each other.
                let _ = stream.set_nodelay(true);
                let stream = life.connections.admit(stream);
                let connection = stream.connection();
                let (listener, life, answer) = (listener.clone(), life.clone(), answer.clone());
                let service = service_fn(move |request| {
                    let response = answer(Arrival {
                        listener: listener.clone(),
                        life: life.clone(),
                        connection: connection.clone(),
                        request,
                    });
                    async move { Ok::<_, Infallible>(response.await) }
                });
                tokio::spawn(
                    http1::Builder::new()
                        .serve_connection(TokioIo::new(stream), service)
                        .with_upgrades(),
                );
            }
        });
        self.change(|state| state.accepting = Some(Accepting { task, serve }));
    }

    /// Stops listening, resets all connections, and listens again on the same port after `down`.
    ///
    /// It waits until the connection `asked_by` is closed, so that the caller receives the reply.
    pub(crate) fn restart(self: &Arc<Self>, down: Duration, asked_by: u64) {
        let listener = Arc::clone(self);
        tokio::spawn(async move {
            let life = listener.life();
            life.connections.gone(asked_by).await;
            let Some(Accepting { task, serve }) = listener.stop() else {
                // it has stopped, or restarts already
                return;
            };
            // no connection may be accepted here, because nothing would reset it
            let _ = task.await;
            life.connections.cut_all(Cut::Reset);
            tokio::time::sleep(down).await;
            let socket = loop {
                match TcpListener::bind(listener.address).await {
                    Ok(socket) => break socket,
                    // The old socket may not be closed yet.
                    Err(_) => tokio::time::sleep(Duration::from_millis(5)).await,
                }
            };
            listener.change(|state| state.life = Arc::new(Life::new()));
            listener.accept(socket, serve);
        });
    }

    /// Stops listening, and resets all connections.
    pub(crate) fn stop(&self) -> Option<Accepting> {
        let (accepting, life) = self.change(|state| (state.accepting.take(), state.life.clone()));
        if let Some(accepting) = &accepting {
            accepting.task.abort();
        }
        life.ended.cancel();
        life.connections.cut_all(Cut::Reset);
        accepting
    }

    /// Plays `generation` from now on, and resets the connections of Socket.IO clients.
    pub(crate) fn play(self: &Arc<Self>, generation: Generation) {
        self.change(|state| state.generation = generation);
        let life = self.life();
        life.sockets.cut_all(&life.connections);
    }

    fn change<T>(&self, change: impl FnOnce(&mut State) -> T) -> T {
        change(&mut self.state.write().unwrap_or_else(PoisonError::into_inner))
    }
}
