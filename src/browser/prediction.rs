//! One prediction from the request to the reply, over either wire.

use std::cell::{Cell, RefCell};

use js_sys::{JSON, Object, Promise, Reflect};
use wasm_bindgen::prelude::*;
use web_sys::Response;

use super::abort::{abort_on_server, reached};
use super::bindings::{Socket, member, merged, set, sleep};
use super::control::{Cause, Control};
use super::delivery::Delivery;
use super::failure::{fail, fail_because, is_kind, is_known};
use super::random;
use super::server::{Server, content_type, encode, json, unexpected};
use super::streamable::{self, is_streamable};
use super::turn::Turn;
use crate::chat::{GoesOn, LeftChats};
use crate::error::{Error, ErrorKind};
use crate::outcome::{FinishReason, Seen};

thread_local! {
    static LEFT: RefCell<LeftChats> = const { RefCell::new(LeftChats::new()) };
}

/// What is asked, and of whom.
#[derive(Debug)]
pub(crate) struct Prediction<D> {
    pub(crate) server: Server,
    pub(crate) control: Control,
    chat_id: RefCell<String>,
    body: Object,
    /// What was received so far.
    answer: D,
    posted: Cell<bool>,
    /// A stream was asked for.
    streams: Cell<bool>,
    stopped: RefCell<Option<Promise>>,
}

/// What a wire came to.
pub(crate) struct Reply<T> {
    draft: T,
    /// The server said that nothing more comes.
    complete: bool,
    streamed: bool,
    /// A server that can stream this chatflow did not: it is one that streams over Socket.IO.
    pub(crate) other_generation: bool,
}

impl<D: Delivery> Prediction<D> {
    /// Reads the page's data, which is the body of the request and a `socketIOClientId`.
    pub(crate) fn new(
        server: Server,
        data: &JsValue,
        control: Control,
        answer: D,
    ) -> Result<Self, JsValue> {
        if !data.is_object() {
            let message = "`data` must be an object, such as { question: 'Hello' }";
            return Err(fail(ErrorKind::Config, message));
        }
        server.path("")?;
        let body = merged(&[data]);
        for ours in ["socketIOClientId", "streaming"] {
            let _ = Reflect::delete_property(&body, &ours.into());
        }
        let given = member(&body, "chatId")
            .as_string()
            .filter(|id| !id.is_empty());
        // the server's own id comes with the end of the answer: too late to abort it
        let prediction = Self {
            server,
            control,
            chat_id: RefCell::default(),
            body,
            answer,
            posted: Cell::default(),
            streams: Cell::default(),
            stopped: RefCell::default(),
        };
        prediction.set_chat_id(given.unwrap_or_else(random::uuid));
        prediction.go_on();
        Ok(prediction)
    }

    /// The conversation's id.
    pub(crate) fn chat_id(&self) -> String {
        self.chat_id.borrow().clone()
    }

    fn set_chat_id(&self, id: String) {
        set(&self.body, "chatId", &id.as_str().into());
        self.answer.set_chat_id(&id);
        self.chat_id.replace(id);
    }

    /// Takes the id under which the conversation goes on, if it was left.
    fn go_on(&self) {
        let server = self.server.endpoint.api("");
        let goes_on = LEFT.with_borrow(|left| left.find(&server, &self.chat_id.borrow()));
        let Some(GoesOn {
            chat_id,
            session_id,
        }) = goes_on
        else {
            return;
        };
        self.set_chat_id(chat_id);
        if self.session_id().is_none() {
            let config = merged(&[&member(&self.body, "overrideConfig")]);
            set(&config, "sessionId", &session_id.into());
            set(&self.body, "overrideConfig", &config);
        }
    }

    /// The memory that the page or [`go_on`](Self::go_on) has chosen.
    fn session_id(&self) -> Option<String> {
        member(&member(&self.body, "overrideConfig"), "sessionId").as_string()
    }

    /// Lets the next question of the conversation not meet the run of this one.
    fn leave(&self) {
        let server = self.server.endpoint.api("");
        let chat_id = self.chat_id();
        let next = GoesOn {
            chat_id: random::uuid(),
            session_id: self.session_id().unwrap_or_else(|| chat_id.clone()),
        };
        LEFT.with_borrow_mut(|left| left.leave(&server, &chat_id, next));
    }

    /// Waits until nothing else runs in the conversation.
    pub(crate) async fn turn(&self) -> Result<Turn, JsValue> {
        loop {
            let chat_id = self.chat_id();
            let chat = [&self.server.endpoint.api("/"), &*chat_id].concat();
            let turn = Turn::wait(&chat.into(), &self.control).await?;
            self.go_on();
            if *self.chat_id.borrow() == chat_id {
                return Ok(turn);
            }
        }
    }

    /// Streams over server-sent events.
    pub(crate) async fn over_event_stream(
        &self,
        sink: &D::Sink,
    ) -> Result<Reply<D::Draft>, JsValue> {
        let streams = is_streamable(&self.server, &self.control).await?;
        // a reply that is no stream has its first byte with its last
        let mut first_byte = 0;
        if streams {
            set(&self.body, "streaming", &JsValue::TRUE);
            self.streams.set(true);
            first_byte = self.server.timeout("firstByte");
        }
        let idle = self.server.timeout("idle");
        let _watch = self.control.watch(&self.answer, first_byte, idle);
        let response = self.post().await.inspect_err(|_| {
            // a chatflow that is gone since it was asked for does not answer
            if matches!(self.control.cause(), Some(Cause::TimedOut(_))) {
                streamable::forget(&self.server);
            }
        })?;
        let is_stream = response.ok() && content_type(&response).starts_with("text/event-stream");
        let Some(body) = response.body().filter(|_| is_stream) else {
            let reply = self.complete(&response, None).await?;
            return Ok(Reply {
                other_generation: streams,
                ..reply
            });
        };
        let most_bytes = member(&self.server.options, "maxMessageBytes");
        self.answer
            .read(&body, sink, &most_bytes, &self.control)
            .await?;
        Ok(Reply {
            draft: self.answer.draft(None),
            complete: self.answer.has("end"),
            streamed: true,
            other_generation: false,
        })
    }

    /// Lets the server send its events to a Socket.IO socket; the reply of the request is the end.
    pub(crate) async fn over_socket_io(
        &self,
        socket: &Socket,
        sink: Option<&D::Sink>,
    ) -> Result<Reply<D::Draft>, JsValue> {
        set(
            &self.body,
            "socketIOClientId",
            &socket.id().unwrap_or_default().into(),
        );
        let _listening = self.answer.listen(socket, sink);
        let _watch = self
            .control
            .watch(&self.answer, 0, self.server.timeout("idle"));
        let response = self.post().await?;
        self.complete(&response, Some(socket)).await
    }

    /// The reply as JSON, which is all that there is to come but for the events of a socket.
    async fn complete(
        &self,
        response: &Response,
        socket: Option<&Socket>,
    ) -> Result<Reply<D::Draft>, JsValue> {
        let json = json(response, &self.control).await;
        if let Some(socket) = socket {
            let text = json.as_ref().map(|json| member(json, "text"));
            self.late_events(socket, text.ok()).await;
        }
        let json = json?;
        if !json.is_object() {
            return Err(unexpected(response));
        }
        Ok(Reply {
            draft: self.answer.draft(Some(&json)),
            complete: true,
            streamed: self.answer.activity() > 0.0,
            other_generation: false,
        })
    }

    /// The reply overtakes the last events, since they come over another connection. They are waited for until the text
    /// is the reply's, or nothing has come for a while: a flow that does not stream has no events, and the text of an
    /// agent may be trimmed. A reply that failed has no text, and may be the end of what had begun.
    async fn late_events(&self, socket: &Socket, text: Option<JsValue>) {
        const MS: u32 = 20;
        let is_there = || JsValue::from(socket.id()) == member(&self.body, "socketIOClientId");
        let has_begun = self.answer.activity() > 0.0;
        let streams = has_begun || (text.is_some() && self.may_stream().await);
        let (mut silent, mut seen) = (0, self.answer.activity());
        while is_there() {
            let ended = self.answer.has("end");
            let is_text = text.as_ref().is_some_and(|text| self.answer.is_text(text));
            // what did not say `end` is on its way, and what has begun may be one large event
            let most_silent = match text.is_some() && !ended && (streams || seen > 0.0) {
                true if seen > 0.0 && !is_text => 250,
                true => 50,
                false => 3,
            };
            if (ended && is_text) || silent >= most_silent {
                return;
            }
            if self.control.wait(&sleep(MS)).await.is_err() {
                return;
            }
            let now = self.answer.activity();
            silent = if now == seen { silent + 1 } else { 0 };
            seen = now;
        }
    }

    /// Whether events are to come at all, when the reply has come first. Who does not say so soon is taken for a no.
    async fn may_stream(&self) -> bool {
        const SOON_MS: u32 = 1000;
        let Ok(control) = Control::new() else {
            return false;
        };
        control.follow(&self.control.signal());
        let _limit = control.limit(SOON_MS, Cause::CONNECT);
        is_streamable(&self.server, &control).await.unwrap_or(false)
    }

    /// Stops the run that nobody waits for any more, if one was started; once.
    pub(crate) fn stop_on_server(&self) -> Promise {
        if let Some(promise) = self.stopped.borrow().as_ref() {
            return promise.clone();
        }
        let promise = if self.posted.get() {
            abort_on_server(&self.server, &self.chat_id.borrow())
        } else {
            Promise::resolve(&reached(false))
        };
        self.stopped.replace(Some(promise.clone()));
        promise
    }

    async fn post(&self) -> Result<Response, JsValue> {
        let body = JSON::stringify(&self.body).map_err(|thrown| {
            fail_because(
                ErrorKind::Config,
                "the data cannot be written as JSON",
                &thrown,
            )
        })?;
        let path = self.server.path("/prediction/")?;
        self.posted.set(true);
        match self.server.send("POST", &path, &body, &self.control).await {
            // the run has begun, so the connection was there
            Err(thrown) if self.answer.activity() > 0.0 => Err(thrown),
            Err(thrown) if !is_known(&thrown) => Err(self.explain(&thrown).await),
            response => response,
        }
    }

    /// The origin was allowed to ask whether the chatflow streams; when it still is, it was not CORS that failed.
    async fn explain(&self, thrown: &JsValue) -> JsValue {
        match streamable::ask(&self.server, &self.control).await {
            Ok(_) => {
                let message = "the connection broke before the server answered";
                fail_because(ErrorKind::Interrupted, message, thrown)
            }
            Err(error) => error,
        }
    }

    /// Ends the prediction: the answer, or an error with what was received.
    pub(crate) async fn settle(
        &self,
        outcome: Result<Reply<D::Draft>, JsValue>,
    ) -> Result<D::Draft, (JsValue, D::Draft)> {
        let cause = self.control.cause();
        if cause.is_some() {
            let _ = self.stop_on_server();
        }
        let error = outcome.as_ref().err().cloned();
        let is_refusal = |error: &JsValue| {
            let lost = [ErrorKind::Interrupted, ErrorKind::Timeout];
            is_known(error) && !lost.iter().any(|kind| is_kind(error, *kind))
        };
        let is_refused = error.as_ref().is_some_and(is_refusal);
        let is_complete = outcome.as_ref().is_ok_and(|reply| reply.complete);
        let is_over = is_complete || self.answer.has("end") || (cause.is_none() && is_refused);
        if self.streams.get() && self.posted.get() && !is_over {
            self.leave();
        }
        let Reply {
            mut draft,
            complete,
            streamed,
            ..
        } = outcome.unwrap_or_else(|_| Reply {
            draft: self.answer.draft(None),
            complete: false,
            streamed: self.answer.activity() > 0.0,
            other_generation: false,
        });
        let seen = Seen {
            answer: D::is_answer(&draft),
            stopped: cause == Some(Cause::Page),
            abort: self.answer.has("abort"),
            end: complete,
            error: self.answer.has("error"),
        };
        let mut reason = seen.finish_reason();
        if reason == FinishReason::Interrupted && is_refused {
            reason = FinishReason::Error;
        }
        if reason == FinishReason::Empty && self.recover(&mut draft).await {
            reason = FinishReason::Stop;
        }
        self.control.close();
        D::finish(&mut draft, reason, &self.chat_id.borrow(), streamed);
        let error = match (reason, error) {
            (FinishReason::Error, None) => Error::from_event(&self.answer.error()).into(),
            (FinishReason::Error | FinishReason::Interrupted, Some(error)) if is_known(&error) => {
                error
            }
            (FinishReason::Interrupted, None) => fail(
                ErrorKind::Interrupted,
                "the connection ended before the answer was complete",
            ),
            (FinishReason::Error | FinishReason::Interrupted, Some(thrown)) => {
                fail_because(ErrorKind::Interrupted, "the connection broke", &thrown)
            }
            _ => return Ok(draft),
        };
        Err((error, draft))
    }

    /// Some servers lose the tokens on their way through a queue and send only the end. The answer is in their history
    /// then, which needs the API key.
    async fn recover(&self, draft: &mut D::Draft) -> bool {
        match self.ask_history(draft).await {
            Ok(messages) => {
                D::set_text(draft, &member(&member(&messages, "0"), "content"));
                D::is_answer(draft)
            }
            Err(_) => false,
        }
    }

    async fn ask_history(&self, draft: &D::Draft) -> Result<JsValue, JsValue> {
        let id = D::message_id(draft);
        let has_key = member(&self.server.options, "apiKey").is_string();
        let id = id.filter(|_| has_key).ok_or(JsValue::UNDEFINED)?;
        let path = [
            &self.server.path("/chatmessage/")?,
            "?messageId=",
            &encode(&id),
        ]
        .concat();
        let _limit = self
            .control
            .limit(self.server.timeout("connect"), Cause::CONNECT);
        let response = self
            .server
            .send("GET", &path, &JsValue::UNDEFINED, &self.control)
            .await?;
        json(&response, &self.control).await
    }
}
