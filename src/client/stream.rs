//! The events of one answer.

use std::fmt;
use std::future::poll_fn;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll};

use futures_core::stream::{FusedStream, Stream};
use serde_json::{Map, Value};

use super::abort::AbortHandle;
use super::answer::Heard;
use super::driver::{Data, Running};
use super::mailbox::current_chat;
use super::options::Options;
use crate::chat::Turn;
use crate::error::{Error, ErrorKind};
use crate::event::Event;
use crate::payload::Prediction;
use crate::random::uuid as random_uuid;
use crate::request::PredictionRequest;
use crate::run::{Ask, Question, Target, Task, Via};

/// The events of one answer, returned by [`Flowise::stream`](super::Flowise::stream).
///
/// The first poll sends the request. The stream ends after [`Event::End`], or with an error that holds the part that was
/// received ([`Error::partial`]). If it ends without an error, [`prediction`](Self::prediction) is the whole answer.
/// Dropping the stream earlier cancels the request and asks the server to stop.
///
/// A chatflow that does not stream, such as one with an output parser, delivers its text as one [`Event::Token`], followed by
/// [`Event::End`].
///
/// ```no_run
/// # async fn f(flowise: flowise_stream::Flowise) -> Result<(), flowise_stream::Error> {
/// use flowise_stream::{Event, PredictionRequest};
/// use futures_util::TryStreamExt as _;
///
/// let mut answer = flowise.stream(&PredictionRequest::new("How are you?"));
/// while let Some(event) = answer.try_next().await? {
///     match event {
///         Event::Token(text) => show(&text),
///         Event::UsedTools(tools) => tools.iter().for_each(|tool| show(&tool.tool)),
///         _ => {}
///     }
/// }
/// let prediction = answer.prediction().expect("it has ended without an error");
/// keep(&prediction.text);
/// # Ok(()) }
/// # fn show(_: &str) {} fn keep(_: &str) {}
/// ```
#[must_use = "a stream does nothing unless it is polled"]
pub struct EventStream {
    heard: Heard,
    state: State,
    prediction: Option<Prediction>,
    /// The part of an answer that failed.
    part: Option<Prediction>,
    /// The conversation: the one in the request, then the one that the question was asked in.
    chat_id: String,
    /// Identifies the question in a [`Chat`](super::Chat).
    id: String,
    question: String,
    handle: AbortHandle,
}

enum State {
    /// The stream has not been polled yet.
    Idle(Box<Prepared>),
    Running(Box<Running>),
    /// The error has not been returned yet.
    Failed(Error),
    /// Only events that were received earlier are left, and then `None`.
    Ending,
    /// `None` was returned.
    Over,
}

struct Prepared {
    options: Rc<Options>,
    target: Target,
    body: Map<String, Value>,
}

impl EventStream {
    pub(super) fn new(options: Rc<Options>, request: &PredictionRequest) -> Self {
        let heard = Heard::new(options.max_message_bytes);
        let (state, chat_id) = match prepare(options, request) {
            Ok((prepared, chat_id)) => (State::Idle(Box::new(prepared)), chat_id),
            Err(error) => (State::Failed(error), String::new()),
        };
        Self {
            heard,
            state,
            prediction: None,
            part: None,
            chat_id,
            id: random_uuid(),
            question: request.text(),
            handle: AbortHandle::default(),
        }
    }

    /// The question, and the answer as far as it was received.
    pub(super) fn turn(&self) -> Turn {
        let ended = self.prediction.as_ref().or(self.part.as_ref());
        Turn {
            id: self.id.clone(),
            question: self.question.clone(),
            answer: ended
                .cloned()
                .unwrap_or_else(|| self.heard.unfinished(&self.chat_id())),
        }
    }

    /// The conversation's id: from the request, or generated. It is empty if the request is invalid.
    ///
    /// If the last answer of a conversation was stopped or lost, the conversation continues under another id, with the same
    /// memory. Otherwise a run that may still work on that answer would write into the next one.
    #[must_use]
    pub fn chat_id(&self) -> String {
        match &self.state {
            State::Idle(prepared) => current_chat(&prepared.target, &self.chat_id),
            State::Running(running) => running.chat_id.clone(),
            State::Failed(_) | State::Ending | State::Over => self.chat_id.clone(),
        }
    }

    /// The whole answer, once the stream has ended without an error.
    #[must_use]
    pub const fn prediction(&self) -> Option<&Prediction> {
        self.prediction.as_ref()
    }

    /// Messages of the server that were skipped because they are malformed or too long: the first ten of them.
    #[must_use]
    pub fn warnings(&self) -> Vec<Error> {
        self.heard.warnings()
    }

    /// Stops the answer here and on the server. That is not an error: the stream ends, and
    /// [`prediction`](Self::prediction) is the part received so far. After [`Event::End`] it does nothing.
    ///
    /// Servers do not stop a classic chain or tool agent. The library ignores what such a run still sends.
    pub fn abort(&mut self) {
        match &mut self.state {
            State::Idle(_) => {
                // stopped before it was sent: the answer is empty, and the library sends nothing
                self.begin();
                self.abort();
            }
            State::Running(running) => running.stop(),
            State::Failed(_) | State::Ending | State::Over => {}
        }
    }

    /// Stops the answer from elsewhere, such as the handler of a "Stop" button.
    #[must_use]
    pub fn abort_handle(&self) -> AbortHandle {
        self.handle.clone()
    }

    /// Waits for the whole answer, and skips the events that have not been read.
    ///
    /// # Errors
    ///
    /// The failure, with the part that was received ([`Error::partial`]).
    pub async fn finish(mut self) -> Result<Prediction, Error> {
        while let Some(event) = poll_fn(|cx| Pin::new(&mut self).poll_next(cx)).await {
            event?;
        }
        self.prediction.take().ok_or_else(|| {
            let message = "the stream has ended with an error before";
            Error::new(ErrorKind::Interrupted, message)
        })
    }

    fn begin(&mut self) {
        if !matches!(self.state, State::Idle(_)) {
            return;
        }
        let State::Idle(prepared) = std::mem::replace(&mut self.state, State::Ending) else {
            return;
        };
        let Prepared {
            options,
            target,
            body,
        } = *prepared;
        let session_id = body
            .get("overrideConfig")
            .and_then(|config| config.get("sessionId"))
            .and_then(Value::as_str)
            .map(str::to_owned);
        let ask = Ask {
            task: Task::Predict(Question {
                via: Via::Own(options.wires()),
                chat_id: self.chat_id.clone(),
                session_id,
                next_id: random_uuid(),
            }),
            target,
            limits: options.limits(),
        };
        let running = Running::new(options, ask, self.heard.clone(), Data::Json(body));
        self.state = State::Running(Box::new(running));
    }

    fn poll_item(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<Event, Error>>> {
        if self.handle.poll(cx) {
            self.abort();
        }
        self.begin();
        loop {
            if let Some(event) = self.heard.next() {
                return Poll::Ready(Some(Ok(event)));
            }
            match std::mem::replace(&mut self.state, State::Ending) {
                State::Running(mut running) => {
                    let Poll::Ready(outcome) = running.poll(cx) else {
                        self.state = State::Running(running);
                        return match self.heard.next() {
                            Some(event) => Poll::Ready(Some(Ok(event))),
                            None => Poll::Pending,
                        };
                    };
                    self.chat_id.clone_from(&running.chat_id);
                    let whole = self.heard.whole(&outcome, &running.chat_id);
                    match running.error(&outcome) {
                        Some(error) => {
                            self.part = Some(whole.clone());
                            self.state = State::Failed(error.with_partial(whole));
                        }
                        None => self.prediction = Some(whole),
                    }
                }
                State::Failed(error) => return Poll::Ready(Some(Err(error))),
                State::Idle(_) | State::Ending | State::Over => {
                    self.state = State::Over;
                    return Poll::Ready(None);
                }
            }
        }
    }
}

/// Reads the request, and generates an id for a conversation that has none.
fn prepare(options: Rc<Options>, request: &PredictionRequest) -> Result<(Prepared, String), Error> {
    let unreadable = || Error::new(ErrorKind::Config, "the request cannot be written as JSON");
    let body = serde_json::to_value(request).map_err(|_| unreadable())?;
    let Value::Object(mut body) = body else {
        return Err(unreadable());
    };
    for ours in ["socketIOClientId", "streaming"] {
        body.remove(ours);
    }
    let given = body.get("chatId").and_then(Value::as_str);
    let chat_id = given.filter(|id| !id.is_empty()).map(str::to_owned);
    let target = options.target()?;
    Ok((
        Prepared {
            options,
            target,
            body,
        },
        chat_id.unwrap_or_else(random_uuid),
    ))
}

impl Stream for EventStream {
    type Item = Result<Event, Error>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let item = self.poll_item(cx);
        self.heard.set_paused(item.is_ready());
        item
    }
}

impl FusedStream for EventStream {
    fn is_terminated(&self) -> bool {
        matches!(self.state, State::Over)
    }
}

impl fmt::Debug for EventStream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EventStream")
            .field("chat_id", &self.chat_id())
            .field("is_over", &self.is_terminated())
            .finish_non_exhaustive()
    }
}
