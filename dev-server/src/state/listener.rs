//! A port that plays one generation. It can restart or change the generation.

use std::convert::Infallible;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use url::Url;

use crate::Error;
use crate::connection::Cut;
use crate::context::{Life, World};
use crate::dispatch;
use crate::flows::Generation;

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
    /// Holds the listening socket.
    accepting: Option<JoinHandle<()>>,
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
    pub(crate) fn accept(self: &Arc<Self>, world: &Arc<World>, socket: TcpListener) {
        let listener = Arc::clone(self);
        let world = Arc::clone(world);
        let life = self.life();
        let accepting = tokio::spawn(async move {
            loop {
                let Ok((stream, _)) = socket.accept().await else {
                    // Probably out of file descriptors; some will be free soon.
                    tokio::time::sleep(Duration::from_millis(10)).await;
                    continue;
                };
                // Tokens are small and must not wait for each other.
                let _ = stream.set_nodelay(true);
                let wire = life.connections.admit(stream);
                let connection = wire.connection();
                let (world, listener, life) = (world.clone(), listener.clone(), life.clone());
                let service = service_fn(move |request| {
                    let (world, listener) = (world.clone(), listener.clone());
                    let (life, connection) = (life.clone(), connection.clone());
                    async move {
                        let response =
                            dispatch::serve(world, listener, life, connection, request).await;
                        Ok::<_, Infallible>(response)
                    }
                });
                tokio::spawn(
                    http1::Builder::new()
                        .serve_connection(TokioIo::new(wire), service)
                        .with_upgrades(),
                );
            }
        });
        self.change(|state| state.accepting = Some(accepting));
    }

    /// Stops listening, resets all connections, and listens again on the same port after `down`.
    ///
    /// It waits until the connection `asked_by` is closed, so that the caller receives the reply.
    pub(crate) fn restart(self: &Arc<Self>, world: &Arc<World>, down: Duration, asked_by: u64) {
        let listener = Arc::clone(self);
        let world = Arc::clone(world);
        tokio::spawn(async move {
            let life = listener.life();
            life.connections.gone(asked_by).await;
            let accepting = listener.change(|state| state.accepting.take());
            if let Some(accepting) = accepting {
                accepting.abort();
                // no connection may be accepted here, because nothing would reset it
                let _ = accepting.await;
            }
            life.ended.cancel();
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
            listener.accept(&world, socket);
        });
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
