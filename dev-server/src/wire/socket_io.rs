//! Flowise 2.0's way of streaming: events to a Socket.IO client, then the reply of the POST.

use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::http::Response;
use serde_json::Value;
use socketioxide::extract::SocketRef;
use socketioxide::{SendError, SocketError};
use tokio::sync::oneshot;
use tokio_util::sync::CancellationToken;

use crate::connection::Cut;
use crate::flows::{Aborts, Generation};
use crate::plan::{Event, Plan, Step};
use crate::plans::replay::team_ending;
use crate::reply::{Reply, reply_with};
use crate::request::Question;
use crate::state::Context;

/// Runs the plan and answers with its reply.
pub(crate) async fn respond(context: &Arc<Context>, asked: Question, plan: Plan) -> Response<Body> {
    let id = asked.socket_io_client_id.as_deref().unwrap_or_default();
    let client = context.life.sockets.find(id);
    let (tell, told) = oneshot::channel();
    let player = Player {
        context: Arc::clone(context),
        client,
        abort: context.life.runs.start(context.flow_id(), &asked.ids.chat),
        tell: Some(tell),
    };
    let ended = context.life.ended.clone();
    tokio::spawn(async move {
        tokio::select! {
            () = player.play(asked, plan) => {}
            () = ended.cancelled() => {}
        }
    });
    match told.await {
        Ok(reply) => reply_with(reply),
        // The listener restarts, and resets this connection too.
        Err(_) => std::future::pending().await,
    }
}

/// Plays a plan to a Socket.IO client, and replies to the question.
struct Player {
    context: Arc<Context>,
    client: Option<SocketRef>,
    abort: Arc<CancellationToken>,
    tell: Option<oneshot::Sender<Reply>>,
}

impl Player {
    async fn play(mut self, asked: Question, plan: Plan) {
        let at_once = plan.aborts.is_at_once();
        for step in plan.steps {
            if plan.ends_with_client && self.is_deserted() {
                return;
            }
            if at_once && self.abort.is_cancelled() {
                break;
            }
            let mut after_step = false;
            match step {
                Step::Wait(time) => {
                    let abort = at_once.then_some(&*self.abort);
                    self.context.world.wait(time, abort).await;
                }
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
            let connections = &self.context.life.connections;
            connections.cut_session(&client.id.to_string(), Cut::Reset);
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
