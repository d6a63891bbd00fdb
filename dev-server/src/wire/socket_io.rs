//! Flowise 2.0's way of streaming: events to a Socket.IO client, then the reply of the POST.

use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::http::{HeaderValue, Request, Response, StatusCode, header};
use bytes::Bytes;
use hyper::body::Incoming;
use serde_json::Value;
use socketioxide::extract::SocketRef;
use socketioxide::service::SocketIoService;
use socketioxide::socket::Sid;
use socketioxide::{SendError, SocketError, SocketIo};
use tokio::sync::oneshot;
use tokio_util::sync::CancellationToken;
use tower::ServiceExt;

use crate::connection::{Connection, Connections, Cut};
use crate::context::Context;
use crate::flows::{Aborts, Generation};
use crate::plan::{Event, Plan, Reply, Step};
use crate::replay::team_ending;
use crate::request::Prediction;

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

    fn find(&self, id: &str) -> Option<SocketRef> {
        self.io.get_socket(id.parse::<Sid>().ok()?)
    }
}

/// Whether a Socket.IO client with this id is connected.
pub(crate) fn is_connected(context: &Context, id: Option<&str>) -> bool {
    id.is_some_and(|id| context.life.sockets.find(id).is_some())
}

/// Runs the plan and answers with its reply.
pub(crate) async fn respond(
    context: &Arc<Context>,
    asked: Prediction,
    plan: Plan,
) -> Response<Body> {
    let id = asked.socket_io_client_id.as_deref().unwrap_or_default();
    let client = context.life.sockets.find(id);
    let (tell, told) = oneshot::channel();
    let run = Run {
        context: Arc::clone(context),
        client,
        abort: context.life.runs.start(context.flow_id(), &asked.ids.chat),
        tell: Some(tell),
    };
    let ended = context.life.ended.clone();
    tokio::spawn(async move {
        tokio::select! {
            () = run.play(asked, plan) => {}
            () = ended.cancelled() => {}
        }
    });
    match told.await {
        Ok(reply) => reply_with(reply),
        // The listener restarts, and resets this connection too.
        Err(_) => std::future::pending().await,
    }
}

/// The response that a reply describes.
pub(crate) fn reply_with(reply: Reply) -> Response<Body> {
    let body = match reply.pieces {
        None => Body::from(reply.body),
        Some(size) => in_pieces(reply.body, size),
    };
    let mut response = Response::new(body);
    *response.status_mut() = reply.status;
    let content_type = HeaderValue::from_static(reply.content_type);
    response
        .headers_mut()
        .insert(header::CONTENT_TYPE, content_type);
    response
}

fn in_pieces(body: Bytes, size: usize) -> Body {
    Body::from_stream(futures_util::stream::unfold(
        body,
        move |mut rest| async move {
            if rest.is_empty() {
                return None;
            }
            tokio::time::sleep(Duration::from_millis(1)).await;
            let piece = rest.split_to(size.min(rest.len()));
            Some((Ok::<_, std::convert::Infallible>(piece), rest))
        },
    ))
}

struct Run {
    context: Arc<Context>,
    client: Option<SocketRef>,
    abort: Arc<CancellationToken>,
    tell: Option<oneshot::Sender<Reply>>,
}

impl Run {
    async fn play(mut self, asked: Prediction, plan: Plan) {
        let at_once = matches!(plan.aborts, Aborts::AtOnce | Aborts::AsError);
        for step in plan.steps {
            if plan.ends_with_client && self.is_deserted() {
                return;
            }
            if at_once && self.abort.is_cancelled() {
                break;
            }
            let mut after_step = false;
            match step {
                Step::Wait(time) => self.wait(time, at_once).await,
                Step::Settle(time) => tokio::time::sleep(time).await,
                Step::Event(event) => {
                    after_step = event.name == "agentReasoning";
                    self.emit(&event).await;
                }
                Step::Bytes(..) => {}
                Step::Silence => self.client_left().await,
                Step::Cut(how) => {
                    self.context.connection.cut(how);
                    if how == Cut::Reset {
                        self.cut_socket();
                    }
                    self.client_left().await;
                }
                Step::CutSocket => self.cut_socket(),
                Step::End => self.tell(plan.reply.clone()),
            }
            if after_step && plan.aborts == Aborts::AfterStep && self.abort.is_cancelled() {
                self.aborted().await;
                return;
            }
        }
        if at_once && self.abort.is_cancelled() {
            self.aborted().await;
        } else {
            self.tell(plan.reply);
        }
        drop(asked);
    }

    /// Flowise 2.0.7 fails on the missing result of an aborted run.
    async fn aborted(&mut self) {
        for step in team_ending(Generation::SocketIo, Value::Null) {
            if let Step::Event(event) = step {
                self.emit(&event).await;
            }
        }
        self.tell(Reply::error(
            500,
            "Error: predictionsServices.buildChatflow - Cannot read properties of undefined (reading 'length')",
        ));
    }

    fn tell(&mut self, reply: Reply) {
        if let Some(tell) = self.tell.take() {
            let _ = tell.send(reply);
        }
    }

    /// Whether the run has lost all its listeners.
    fn is_deserted(&self) -> bool {
        let waits = self.tell.as_ref().is_some_and(|tell| !tell.is_closed());
        let listens = self
            .client
            .as_ref()
            .is_some_and(|client| client.connected());
        !waits && !listens
    }

    async fn client_left(&mut self) {
        match &mut self.tell {
            Some(tell) => tell.closed().await,
            None => std::future::pending().await,
        }
    }

    fn cut_socket(&self) {
        if let Some(client) = &self.client {
            let connections: &Connections = &self.context.life.connections;
            connections.cut_session(&client.id.to_string(), Cut::Reset);
        }
    }

    async fn wait(&self, time: Duration, until_abort: bool) {
        let time = self.context.world.scaled(time);
        if time.is_zero() {
            return;
        }
        if until_abort {
            let _ = tokio::time::timeout(time, self.abort.cancelled()).await;
        } else {
            tokio::time::sleep(time).await;
        }
    }

    /// Sends one event, as soon as the client's buffer has space.
    async fn emit(&self, event: &Event) {
        let Some(client) = &self.client else { return };
        loop {
            let sent = match &event.data {
                Some(data) => client.emit(&event.name, &(data,)),
                // An empty array is an empty list of arguments; `()` would be one null argument.
                None => client.emit(&event.name, &[(); 0]),
            };
            match sent {
                Err(SendError::Socket(SocketError::InternalChannelFull)) => {
                    tokio::time::sleep(Duration::from_millis(1)).await;
                }
                // Every other failure means that the client is gone, which Flowise does not notice.
                Ok(()) | Err(_) => return,
            }
        }
    }
}
