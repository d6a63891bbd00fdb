//! The Socket.IO server, and the connections that carry its clients.

use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::http::{Request, Response, StatusCode};
use hyper::body::Incoming;
use socketioxide::SocketIo;
use socketioxide::extract::SocketRef;
use socketioxide::service::SocketIoService;
use socketioxide::socket::Sid;
use tower::ServiceExt;

use crate::connection::{Connection, Connections, Cut};

/// The Socket.IO server of one listener, until the listener restarts.
pub(crate) struct Sockets {
    service: SocketIoService<axum::Router>,
    io: SocketIo,
}

impl Sockets {
    pub(crate) fn new() -> Self {
        // Flowise 2.0.7 runs socket.io with its defaults; the handshake shows these.
        let (service, io) = SocketIo::builder()
            .ping_interval(Duration::from_secs(25))
            .ping_timeout(Duration::from_secs(20))
            .max_payload(1_000_000)
            // this server would close a connection whose buffer is full when a ping is due; Node's server has no such limit
            .max_buffer_size(1 << 18)
            .build_with_inner_svc(axum::Router::new());
        io.ns("/", |socket: SocketRef| async move {
            // A session that began as a WebSocket has no `sid` in its address.
            let handshake = socket.req_parts();
            let query = handshake.uri.query().unwrap_or_default();
            if query.contains("transport=websocket")
                && let Some(connection) = handshake.extensions.get::<Arc<Connection>>()
            {
                connection.carries(&socket.id.to_string());
            }
        });
        Self { service, io }
    }

    /// Answers a request below `/socket.io/`.
    pub(crate) async fn serve(
        &self,
        connection: &Arc<Connection>,
        mut request: Request<Incoming>,
    ) -> Response<Body> {
        let query = request.uri().query().unwrap_or_default();
        let sid = url::form_urlencoded::parse(query.as_bytes())
            .find_map(|(name, sid)| (name == "sid").then(|| sid.into_owned()));
        if let Some(sid) = &sid {
            connection.carries(sid);
        }
        request.extensions_mut().insert(Arc::clone(connection));
        let response = match self.service.clone().oneshot(request).await {
            Ok(response) => response.map(Body::new),
            Err(never) => match never {},
        };
        if let Some(sid) = &sid
            && response.status() != StatusCode::SWITCHING_PROTOCOLS
        {
            connection.carried(sid);
        }
        response
    }

    pub(crate) fn count(&self) -> usize {
        self.io.sockets().len()
    }

    /// Resets the connections of all clients.
    pub(crate) fn cut_all(&self, connections: &Connections) {
        for client in self.io.sockets() {
            connections.cut_session(&client.id.to_string(), Cut::Reset);
        }
    }

    /// The connected client with this id.
    pub(crate) fn find(&self, id: &str) -> Option<SocketRef> {
        self.io.get_socket(id.parse::<Sid>().ok()?)
    }
}
