//! Flowise 3.1's way of streaming: the events of a run in the body of its POST.

use std::collections::HashMap;
use std::convert::Infallible;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::body::Body;
use axum::http::{HeaderValue, Response, header};
use bytes::Bytes;
use futures_util::stream;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use crate::context::Context;
use crate::flows::{Aborts, Generation};
use crate::plan::{Plan, Step, metadata};
use crate::replay::{agent_flow_ending, team_ending};
use crate::request::Prediction;

/// A piece of a response body.
#[derive(Debug)]
enum Piece {
    Bytes(Bytes),
    End,
}

type Sink = mpsc::Sender<Piece>;

/// The open streams, one for each `chatId`.
///
/// As in Flowise, a second stream with the same `chatId` replaces the first: it receives the
/// events of both runs, and the first never ends.
#[derive(Debug, Default)]
pub(crate) struct Streams {
    open: Mutex<HashMap<String, Sink>>,
}

impl Streams {
    fn add(&self, chat: &str, sink: Sink) {
        self.lock().insert(chat.to_owned(), sink);
    }

    async fn write(&self, chat: &str, bytes: Bytes) {
        let sink = self.lock().get(chat).cloned();
        if let Some(sink) = sink {
            // A failure means that the client is gone, which Flowise does not notice either.
            let _ = sink.send(Piece::Bytes(bytes)).await;
        }
    }

    /// Removes the stream. Flowise does so together with writing `end`, so a question that the client asks upon `end` keeps its stream.
    fn take(&self, chat: &str) -> Option<Sink> {
        self.lock().remove(chat)
    }

    /// The number of streams whose client is connected.
    pub(crate) fn count(&self) -> usize {
        self.lock()
            .values()
            .filter(|sink| !sink.is_closed())
            .count()
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<String, Sink>> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Starts the run and answers with its stream.
pub(crate) fn respond(context: &Arc<Context>, asked: Prediction, plan: Plan) -> Response<Body> {
    // Space for a few pieces only: a slow reader slows the run down.
    let (sink, source) = mpsc::channel(8);
    context.life.streams.add(&asked.ids.chat, sink.clone());
    let abort = context.life.runs.start(context.flow_id(), &asked.ids.chat);
    let run = Run {
        context: Arc::clone(context),
        own: sink.clone(),
        abort: abort.clone(),
        node: None,
        done: None,
        last: None,
    };
    let ended = context.life.ended.clone();
    tokio::spawn(async move {
        tokio::select! {
            () = run.play(asked, plan) => {}
            () = ended.cancelled() => {}
        }
        drop(abort);
    });
    event_stream(body(source, sink))
}

/// A response with the headers of an event stream.
pub(crate) fn event_stream(body: Body) -> Response<Body> {
    let mut response = Response::new(body);
    let headers = response.headers_mut();
    for (name, value) in [
        (header::CONTENT_TYPE, "text/event-stream"),
        (header::CACHE_CONTROL, "no-cache"),
        (header::CONNECTION, "keep-alive"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    headers.insert("x-accel-buffering", HeaderValue::from_static("no"));
    response
}

/// Only `Piece::End` ends the body: `keep` keeps a replaced stream open, as Flowise does.
fn body(source: mpsc::Receiver<Piece>, keep: Sink) -> Body {
    Body::from_stream(stream::unfold((source, keep), |(mut source, keep)| async {
        match source.recv().await? {
            Piece::Bytes(bytes) => Some((Ok::<_, Infallible>(bytes), (source, keep))),
            Piece::End => None,
        }
    }))
}

struct Run {
    context: Arc<Context>,
    own: Sink,
    abort: Arc<CancellationToken>,
    /// The last `nextAgentFlow` and `agentFlowExecutedData` frames.
    node: Option<Bytes>,
    done: Option<Bytes>,
    /// After writing `end`: the stream that this ended, if there was one.
    last: Option<Option<Sink>>,
}

impl Run {
    async fn play(mut self, asked: Prediction, plan: Plan) {
        let mut ended = false;
        for step in plan.steps {
            if plan.ends_with_client && self.own.is_closed() {
                return;
            }
            let at_once = matches!(plan.aborts, Aborts::AtOnce | Aborts::AsError);
            if at_once && self.abort.is_cancelled() {
                break;
            }
            let mut after_step = false;
            match step {
                Step::Wait(time) => self.wait(time, at_once).await,
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

    async fn write(&mut self, asked: &Prediction, event: Option<&str>, bytes: Bytes) {
        let streams = &self.context.life.streams;
        if event == Some("end") && self.last.is_none() {
            self.last = Some(streams.take(&asked.ids.chat));
        }
        match &self.last {
            // A failure means that the client is gone, which Flowise does not notice either.
            Some(Some(sink)) => drop(sink.send(Piece::Bytes(bytes)).await),
            Some(None) => {}
            None => streams.write(&asked.ids.chat, bytes).await,
        }
    }

    async fn end(&mut self, asked: &Prediction) {
        let streams = &self.context.life.streams;
        let last = self.last.take();
        if let Some(sink) = last.unwrap_or_else(|| streams.take(&asked.ids.chat)) {
            let _ = sink.send(Piece::End).await;
        }
    }

    async fn end_with(&mut self, asked: &Prediction, step: Step) {
        if let Step::Event(event) = step {
            self.write(asked, Some(&event.name), event.frame()).await;
        }
    }
}

/// Flowise omits the memory's type in the metadata of an aborted run.
fn aborted_metadata(asked: &Prediction) -> serde_json::Value {
    let mut metadata = metadata(asked);
    if let Some(members) = metadata.as_object_mut() {
        members.shift_remove("memoryType");
    }
    metadata
}
