//! Flowise 3.1's way of streaming: the events of a run in the body of its POST.

use std::convert::Infallible;
use std::sync::Arc;

use axum::body::Body;
use axum::http::Response;
use bytes::Bytes;
use futures_util::stream;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use crate::flows::{Aborts, Generation};
use crate::plan::{Plan, Step, metadata};
use crate::plans::replay::{agent_flow_ending, team_ending};
use crate::reply::event_stream;
use crate::request::Question;
use crate::state::Context;
use crate::state::streams::{Piece, Pieces};

/// Starts the run and answers with its stream.
pub(crate) fn respond(context: &Arc<Context>, asked: Question, plan: Plan) -> Response<Body> {
    // Space for a few pieces only: a slow reader slows the run down.
    let (pieces, source) = mpsc::channel(8);
    context.life.streams.add(&asked.ids.chat, pieces.clone());
    let abort = context.life.runs.start(context.flow_id(), &asked.ids.chat);
    let player = Player {
        context: Arc::clone(context),
        own: pieces.clone(),
        abort: abort.clone(),
        node: None,
        done: None,
        last: None,
    };
    let ended = context.life.ended.clone();
    tokio::spawn(async move {
        tokio::select! {
            () = player.play(asked, plan) => {}
            () = ended.cancelled() => {}
        }
        drop(abort);
    });
    event_stream(body(source, pieces))
}

/// Only `Piece::End` ends the body: `keep` keeps a replaced stream open, as Flowise does.
fn body(source: mpsc::Receiver<Piece>, keep: Pieces) -> Body {
    Body::from_stream(stream::unfold((source, keep), |(mut source, keep)| async {
        match source.recv().await? {
            Piece::Bytes(bytes) => Some((Ok::<_, Infallible>(bytes), (source, keep))),
            Piece::End => None,
        }
    }))
}

/// Plays a plan into an event stream.
struct Player {
    context: Arc<Context>,
    own: Pieces,
    abort: Arc<CancellationToken>,
    /// The last `nextAgentFlow` and `agentFlowExecutedData` frames.
    node: Option<Bytes>,
    done: Option<Bytes>,
    /// After writing `end`: the stream that this ended, if there was one.
    last: Option<Option<Pieces>>,
}

impl Player {
    async fn play(mut self, asked: Question, plan: Plan) {
        let mut ended = false;
        let at_once = plan.aborts.is_at_once();
        for step in plan.steps {
            if plan.ends_with_client && self.own.is_closed() {
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
                    self.write(&asked, Some(&event.name), event.frame()).await;
                }
                Step::Bytes(event, bytes) => {
                    match event.as_deref() {
                        Some("nextAgentFlow") => self.node = Some(bytes.clone()),
                        Some("agentFlowExecutedData") => self.done = Some(bytes.clone()),
                        Some("agentReasoning") => after_step = true,
                        _ => {}
                    }
                    self.write(&asked, event.as_deref(), bytes).await;
                }
                Step::Silence => self.own.closed().await,
                Step::Cut(how) => {
                    self.context.connection.cut(how);
                    self.own.closed().await;
                }
                Step::CutSocket => {}
                Step::End => {
                    ended = true;
                    self.end(&asked).await;
                }
            }
            if after_step && plan.aborts == Aborts::AfterStep && self.abort.is_cancelled() {
                for step in team_ending(Generation::Sse, aborted_metadata(&asked)) {
                    self.end_with(&asked, step).await;
                }
                break;
            }
        }
        if self.abort.is_cancelled() {
            let ending = match plan.aborts {
                Aborts::AsError => agent_flow_ending(self.node.as_ref(), self.done.as_ref()),
                Aborts::AtOnce => team_ending(Generation::Sse, aborted_metadata(&asked)),
                Aborts::Never | Aborts::AfterStep => Vec::new(),
            };
            for step in ending {
                self.end_with(&asked, step).await;
            }
        }
        if !ended {
            self.end(&asked).await;
        }
    }

    async fn write(&mut self, asked: &Question, event: Option<&str>, bytes: Bytes) {
        let streams = &self.context.life.streams;
        if event == Some("end") && self.last.is_none() {
            self.last = Some(streams.take(&asked.ids.chat));
        }
        match &self.last {
            // A failure means that the client is gone, which Flowise does not notice either.
            Some(Some(pieces)) => drop(pieces.send(Piece::Bytes(bytes)).await),
            Some(None) => {}
            None => streams.write(&asked.ids.chat, bytes).await,
        }
    }

    async fn end(&mut self, asked: &Question) {
        let streams = &self.context.life.streams;
        let last = self.last.take();
        if let Some(pieces) = last.unwrap_or_else(|| streams.take(&asked.ids.chat)) {
            let _ = pieces.send(Piece::End).await;
        }
    }

    async fn end_with(&mut self, asked: &Question, step: Step) {
        if let Step::Event(event) = step {
            self.write(asked, Some(&event.name), event.frame()).await;
        }
    }
}

/// Flowise omits the memory's type in the metadata of an aborted run.
fn aborted_metadata(asked: &Question) -> serde_json::Value {
    let mut metadata = metadata(asked);
    if let Some(members) = metadata.as_object_mut() {
        members.shift_remove("memoryType");
    }
    metadata
}
