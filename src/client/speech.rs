//! A text as speech.

use std::fmt;
use std::future::poll_fn;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll};

use futures_core::stream::{FusedStream, Stream};

use super::Flowise;
use super::answer::Heard;
use super::calls::json;
use super::driver::Running;
use super::outgoing::Later;
use super::reading::read_events;
use crate::error::Error;
use crate::event::Event;
use crate::run::{Ask, Call, Fact, Task};
use crate::speech::{Speech, SpeechRequest};

/// The events of a spoken text, returned by [`Flowise::speak`].
///
/// The first poll sends the request. The events are [`Event::TtsStart`], [`Event::TtsData`] for each piece, and
/// [`Event::TtsEnd`]. The stream ends with the speech, or with an error. Dropping it earlier cancels the request.
///
/// ```no_run
/// # async fn f(flowise: flowise_stream::Flowise) -> Result<(), flowise_stream::Error> {
/// use flowise_stream::{Event, SpeechRequest};
/// use futures_util::TryStreamExt as _;
///
/// let mut speech = flowise.speak(&SpeechRequest::new("It is bright and mild."));
/// while let Some(event) = speech.try_next().await? {
///     if let Event::TtsData(piece) = event {
///         play(&piece.audio()?);
///     }
/// }
/// # Ok(()) }
/// # fn play(_: &[u8]) {}
/// ```
#[must_use = "a stream does nothing unless it is polled"]
pub struct SpeechStream {
    heard: Heard,
    state: State,
}

enum State {
    Asking(Box<Running>),
    /// Keeps the request alive while its body is read.
    Reading(Later<Fact>, Box<Running>),
    Failed(Error),
    /// Only events that were received earlier are left, and then `None`.
    Ending,
    /// `None` was returned.
    Over,
}

impl Flowise {
    /// Speaks a text, with the voice that the request names, or else the one that the chatflow's owner has chosen (Flowise
    /// 3.0.8 and later).
    ///
    /// See [`SpeechStream`]; [`SpeechStream::finish`] waits for the whole audio.
    pub fn speak(&self, request: &SpeechRequest) -> SpeechStream {
        let heard = Heard::new(self.0.max_message_bytes);
        let asked = json(request).and_then(|data| {
            let ask = Ask {
                task: Task::Call(Call::Speech),
                target: self.0.target()?,
                limits: self.0.limits(),
            };
            Ok(Running::new(
                Rc::new(self.0.clone()),
                ask,
                heard.clone(),
                data,
            ))
        });
        let state = match asked {
            Ok(running) => State::Asking(Box::new(running)),
            Err(error) => State::Failed(error),
        };
        SpeechStream { heard, state }
    }
}

impl SpeechStream {
    /// Waits for the whole audio.
    ///
    /// ```no_run
    /// # async fn f(flowise: flowise_stream::Flowise) -> Result<(), flowise_stream::Error> {
    /// use flowise_stream::SpeechRequest;
    ///
    /// let speech = flowise.speak(&SpeechRequest::new("Hello.")).finish().await?;
    /// play(&speech.format, &speech.audio);
    /// # Ok(()) }
    /// # fn play(_: &str, _: &[u8]) {}
    /// ```
    ///
    /// # Errors
    ///
    /// The failure that the provider of the voice or the server reports; [`ErrorKind::Interrupted`](crate::ErrorKind::Interrupted) if the connection broke.
    pub async fn finish(mut self) -> Result<Speech, Error> {
        let mut speech = Speech::default();
        while let Some(event) = poll_fn(|cx| Pin::new(&mut self).poll_next(cx)).await {
            match event? {
                Event::TtsStart(start) => speech.format = start.format,
                Event::TtsData(piece) => speech.audio.extend(piece.audio()?),
                _ => {}
            }
        }
        Ok(speech)
    }

    fn poll_item(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<Event, Error>>> {
        loop {
            if let Some(event) = self.heard.next() {
                return Poll::Ready(Some(self.checked(event)));
            }
            match std::mem::replace(&mut self.state, State::Ending) {
                State::Asking(mut running) => {
                    let Poll::Ready(outcome) = running.poll(cx) else {
                        self.state = State::Asking(running);
                        return Poll::Pending;
                    };
                    self.state = match running.error(&outcome) {
                        Some(error) => State::Failed(error),
                        None => State::Reading(Box::pin(read_events(running.reading())), running),
                    };
                }
                State::Reading(mut body, running) => match body.as_mut().poll(cx) {
                    Poll::Ready(Fact::Failed) => {
                        self.state = State::Failed(running.with_source(Error::broken()));
                    }
                    // first deliver the last events, then the end
                    Poll::Ready(_) => {}
                    Poll::Pending => {
                        self.state = State::Reading(body, running);
                        if self.heard.is_empty() {
                            return Poll::Pending;
                        }
                    }
                },
                State::Failed(error) => return Poll::Ready(Some(Err(error))),
                State::Ending | State::Over => {
                    self.state = State::Over;
                    return Poll::Ready(None);
                }
            }
        }
    }

    /// The server reports a failure as an event (`tts_error`) of a reply with status 200; nothing follows it.
    fn checked(&mut self, event: Event) -> Result<Event, Error> {
        match &event {
            Event::Unknown { name, data, .. } if name == "tts_error" => {
                self.state = State::Ending;
                let text = data.get("error").unwrap_or(data);
                let text = text
                    .as_str()
                    .map_or_else(|| text.to_string(), str::to_owned);
                self.heard.clear();
                Err(Error::from_event(&text))
            }
            _ => Ok(event),
        }
    }
}

impl Stream for SpeechStream {
    type Item = Result<Event, Error>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.poll_item(cx)
    }
}

impl FusedStream for SpeechStream {
    fn is_terminated(&self) -> bool {
        matches!(self.state, State::Over)
    }
}

impl fmt::Debug for SpeechStream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SpeechStream")
            .field("is_over", &self.is_terminated())
            .finish_non_exhaustive()
    }
}
