use std::fmt;
use std::future::poll_fn;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll};

use futures_core::Stream;
use serde::Serialize as _;
use serde_wasm_bindgen::Serializer;
use wasm_bindgen::JsValue;

use super::delivery::TypedAnswer;
use super::error::from_js;
use crate::browser::control::Cause;
use crate::browser::prediction::Prediction as Call;
use crate::browser::wire::{alone, prepare};
use crate::error::{Error, ErrorKind};
use crate::event::Event;
use crate::prediction::Prediction;
use crate::queue::Queue;
use crate::request::PredictionRequest;

type Run = Pin<Box<dyn Future<Output = Result<Prediction, Error>>>>;

/// The events of one answer, made by [`Flowise::stream`](super::Flowise::stream).
///
/// The request is made when the stream is first polled. The stream ends after [`Event::End`], or with an error that holds
/// what was received ([`Error::partial`]). When it ends without one, [`prediction`](Self::prediction) is the whole answer.
/// Dropping the stream before cancels the request and asks the server to stop.
///
/// A chatflow that cannot stream, such as one with an output parser, has no events; its answer is in
/// [`prediction`](Self::prediction) all the same.
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
    events: Queue<Event>,
    call: Option<Rc<Call<TypedAnswer>>>,
    answer: TypedAnswer,
    run: Option<Run>,
    failure: Option<Error>,
    prediction: Option<Prediction>,
}

impl EventStream {
    pub(super) fn new(options: &JsValue, request: &PredictionRequest) -> Self {
        let events = Queue::new();
        let mut stream = Self {
            answer: TypedAnswer::new(events.clone()),
            events,
            call: None,
            run: None,
            failure: None,
            prediction: None,
        };
        if let Err(error) = stream.start(options, request) {
            stream.failure = Some(error);
        }
        stream
    }

    fn start(&mut self, options: &JsValue, request: &PredictionRequest) -> Result<(), Error> {
        // null and not undefined, which JSON has not; maps as the objects that they are in JSON
        let serializer = Serializer::json_compatible();
        let data = request
            .serialize(&serializer)
            .map_err(|error| Error::new(ErrorKind::Config, error.to_string()))?;
        let (call, total) =
            prepare(options, &data, self.answer.clone()).map_err(|thrown| from_js(&thrown))?;
        let call = Rc::new(call);
        self.call = Some(Rc::clone(&call));
        self.run = Some(Box::pin(async move {
            let outcome = alone(&call, &()).await;
            let settled = call.settle(outcome).await;
            drop(total);
            settled.map_err(|(error, partial)| from_js(&error).with_partial(partial))
        }));
        Ok(())
    }

    /// The conversation's id: the request's, or one that was made for it; empty if there is no call.
    ///
    /// A conversation whose last answer was stopped or lost goes on under another id, with the same memory: what may still
    /// run for that answer would write into the next.
    #[must_use]
    pub fn chat_id(&self) -> String {
        self.call
            .as_ref()
            .map_or_else(String::new, |call| call.chat_id())
    }

    /// The whole answer, as soon as the stream has ended without an error.
    #[must_use]
    pub const fn prediction(&self) -> Option<&Prediction> {
        self.prediction.as_ref()
    }

    /// Messages of the server that were left out, as they are malformed or too long: the first ten of them.
    #[must_use]
    pub fn warnings(&self) -> Vec<Error> {
        self.answer.warnings()
    }

    /// Stops the answer here and on the server. That is no error: the stream ends, and
    /// [`prediction`](Self::prediction) is what has come.
    ///
    /// Servers do not stop a classic chain or tool agent; nobody hears what it goes on to say.
    pub fn abort(&self) {
        if let Some(call) = &self.call
            && !call.control.is_over()
        {
            call.control.cancel(Cause::Page);
            // it tells the server, whether or not somebody waits for that
            let _ = call.stop_on_server();
        }
    }

    /// Waits for the whole answer, and passes over the events that are still to come.
    ///
    /// # Errors
    ///
    /// What went wrong, with what was received ([`Error::partial`]).
    pub async fn finish(mut self) -> Result<Prediction, Error> {
        while let Some(event) = poll_fn(|cx| Pin::new(&mut self).poll_next(cx)).await {
            event?;
        }
        self.prediction.take().ok_or_else(|| {
            Error::new(
                ErrorKind::Interrupted,
                "the stream has ended with an error before",
            )
        })
    }
}

impl Stream for EventStream {
    type Item = Result<Event, Error>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let item = self.poll_item(cx);
        self.answer.set_waits(item.is_ready());
        item
    }
}

impl EventStream {
    fn poll_item(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<Event, Error>>> {
        loop {
            if let Poll::Ready(event) = self.events.poll(cx) {
                return Poll::Ready(Some(Ok(event)));
            }
            let Some(run) = &mut self.run else {
                return Poll::Ready(self.failure.take().map(Err));
            };
            match run.as_mut().poll(cx) {
                Poll::Ready(outcome) => {
                    self.run = None;
                    match outcome {
                        Ok(prediction) => self.prediction = Some(prediction),
                        Err(error) => self.failure = Some(error),
                    }
                }
                Poll::Pending => return self.events.poll(cx).map(|event| Some(Ok(event))),
            }
        }
    }
}

impl Drop for EventStream {
    fn drop(&mut self) {
        if self.run.is_some() {
            self.abort();
        }
    }
}

impl fmt::Debug for EventStream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EventStream")
            .field("chat_id", &self.chat_id())
            .field("is_over", &self.run.is_none())
            .finish_non_exhaustive()
    }
}
