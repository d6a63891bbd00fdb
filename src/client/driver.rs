//! Performs the effects of a run for the Rust API.
//!
//! The task that polls a run drives it: without polls, the run sends, reads and decides nothing. So a slow program slows the
//! server down, and dropping the polled value cancels everything. Only the request that stops a run on the server outlives it.

use std::cell::RefCell;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll};

use gloo_timers::callback::Timeout;
use serde_json::{Map, Value};
use wasm_bindgen_futures::spawn_local;
use web_sys::{AbortController, Response};

use super::answer::Heard;
use super::mailbox::{self, Mailbox};
use super::options::Options;
use super::reading::{Reading, read_events, read_json};
use super::request::{self, Body, Made};
use super::socket::OwnSocket;
use crate::error::{Error, ErrorKind};
use crate::run::{Ask, Call, Content, Effect, Fact, Outcome, Request, RunId, Target, Task, Timer};
use crate::thrown::Thrown;

/// What a program sends with a run.
#[derive(Debug)]
pub(super) enum Data {
    Nothing,
    /// The question's body, or the data of a call.
    Json(Map<String, Value>),
    Form(web_sys::FormData),
}

type InFlight = Pin<Box<dyn Future<Output = Fact>>>;

/// A run and its resources.
pub(super) struct Running {
    id: RunId,
    options: Rc<Options>,
    target: Target,
    pub(super) heard: Heard,
    data: Data,
    pub(super) chat_id: String,
    mailbox: Rc<Mailbox>,
    has_begun: bool,
    /// Whether the reply in flight belongs to the question or to the history.
    answers: bool,
    /// The request or body that the run waits for.
    in_flight: Option<InFlight>,
    controller: Option<AbortController>,
    response: Rc<RefCell<Option<Response>>>,
    /// What the browser threw last.
    thrown: Rc<RefCell<Option<Thrown>>>,
    /// The text of the reply to a call.
    pub(super) reply: Rc<RefCell<String>>,
    timers: [Option<Timeout>; 3],
    socket: Option<OwnSocket>,
    outcome: Option<Outcome>,
}

impl Running {
    /// Starts the state machine of a question. It does nothing until it is polled.
    pub(super) fn new(options: Rc<Options>, ask: Ask, heard: Heard, data: Data) -> Self {
        let target = ask.target.clone();
        let (id, mailbox) = mailbox::ask(ask);
        Self {
            id,
            options,
            target,
            heard,
            data,
            chat_id: String::new(),
            mailbox,
            has_begun: false,
            answers: false,
            in_flight: None,
            controller: None,
            response: Rc::default(),
            thrown: Rc::default(),
            reply: Rc::default(),
            timers: [None, None, None],
            socket: None,
            outcome: None,
        }
    }

    /// Runs until it has to wait, or the run is over.
    pub(super) fn poll(&mut self, cx: &mut Context<'_>) -> Poll<Outcome> {
        if !std::mem::replace(&mut self.has_begun, true) {
            mailbox::begin();
        }
        loop {
            self.mailbox.wake_with(cx);
            self.heard.wake_with(cx);
            if let Some(effect) = self.mailbox.next_effect() {
                self.perform(effect);
                continue;
            }
            if let Some(outcome) = &self.outcome {
                return Poll::Ready(outcome.clone());
            }
            if let Some(fact) = self.mailbox.next_fact() {
                self.tell(fact);
                continue;
            }
            let Some(in_flight) = &mut self.in_flight else {
                return Poll::Pending;
            };
            match in_flight.as_mut().poll(cx) {
                Poll::Ready(fact) => {
                    self.in_flight = None;
                    self.tell(fact);
                }
                Poll::Pending => return Poll::Pending,
            }
        }
    }

    /// The program stops the run.
    pub(super) fn stop(&mut self) {
        if self.outcome.is_none() {
            self.tell(Fact::Stopped);
            // at once: the program may not poll again
            self.perform_all();
        }
    }

    /// The error for an outcome.
    pub(super) fn error(&self, outcome: &Outcome) -> Option<Error> {
        if !outcome.is_failure() {
            return None;
        }
        let error = outcome
            .error
            .clone()
            .unwrap_or_else(|| Error::from_event(&self.heard.error()));
        Some(self.with_source(error))
    }

    /// The error with what the browser threw.
    pub(super) fn with_source(&self, error: Error) -> Error {
        // an HTTP status needs no source: the browser threw nothing
        let thrown = self.thrown.borrow_mut().take();
        match thrown.filter(|_| error.status().is_none()) {
            Some(thrown) => error.with_source(thrown),
            None => error,
        }
    }

    fn tell(&self, fact: Fact) {
        mailbox::step(self.id, fact, self.heard.seen());
    }

    fn perform_all(&mut self) {
        while let Some(effect) = self.mailbox.next_effect() {
            self.perform(effect);
        }
    }

    fn perform(&mut self, effect: Effect) {
        match effect {
            Effect::Enter {
                chat_id,
                session_id,
            } => self.enter(chat_id, session_id),
            Effect::Handshake { url } => self.handshake(url),
            Effect::Connect => self.connect(),
            // sockets and responses supplied by the page exist only in JavaScript
            Effect::Renew | Effect::Lose | Effect::Receive => {}
            Effect::Listen => {
                if let (Some(socket), Data::Json(body)) = (&mut self.socket, &mut self.data) {
                    body.insert("socketIOClientId".to_owned(), socket.id().into());
                    socket.listen(&self.heard);
                }
            }
            Effect::Send(request) => self.send(request),
            Effect::ReadEvents => self.in_flight = Some(Box::pin(read_events(self.reading()))),
            Effect::ReadJson => self.in_flight = Some(Box::pin(read_json(self.reading()))),
            Effect::Cancel => {
                self.in_flight = None;
                if let Some(controller) = self.controller.take() {
                    controller.abort();
                }
            }
            Effect::Start(timer, ms) => {
                let mailbox = Rc::clone(&self.mailbox);
                let timeout = Timeout::new(ms, move || mailbox.tell(Fact::Elapsed(timer)));
                *self.timer(timer) = Some(timeout);
            }
            Effect::Clear(timer) => *self.timer(timer) = None,
            Effect::Stop { chat_id } => stop(&self.options, &self.target, chat_id),
            Effect::Say => self.heard.say(),
            Effect::Settle(outcome) => {
                self.in_flight = None;
                self.timers = [None, None, None];
                self.socket = None;
                self.outcome = Some(outcome);
                mailbox::forget(self.id);
            }
        }
    }

    fn timer(&mut self, timer: Timer) -> &mut Option<Timeout> {
        let [total, step, tick] = &mut self.timers;
        match timer {
            Timer::Total => total,
            Timer::Step => step,
            Timer::Tick => tick,
        }
    }

    fn enter(&mut self, chat_id: String, session_id: Option<String>) {
        if let Data::Json(body) = &mut self.data {
            body.insert("chatId".to_owned(), chat_id.as_str().into());
            if let Some(session_id) = session_id {
                let config = body
                    .entry("overrideConfig")
                    .or_insert_with(|| Value::Object(Map::new()));
                if let Value::Object(config) = config {
                    config
                        .entry("sessionId")
                        .or_insert_with(|| session_id.into());
                }
            }
        }
        self.chat_id = chat_id;
    }

    fn handshake(&mut self, url: String) {
        let Some(signal) = self.new_signal() else {
            return;
        };
        let options = Rc::clone(&self.options);
        self.in_flight = Some(Box::pin(async move {
            Fact::Spoke(request::handshake(&options, url, &signal).await)
        }));
    }

    fn connect(&mut self) {
        match OwnSocket::open(&self.options, &self.target, &self.mailbox) {
            Ok(socket) => self.socket = Some(socket),
            Err(error) => self.mailbox.tell(Fact::Refused { error, last: true }),
        }
    }

    fn send(&mut self, request: Request) {
        let Some(signal) = self.new_signal() else {
            return;
        };
        let options = Rc::clone(&self.options);
        let (response, thrown) = (Rc::clone(&self.response), Rc::clone(&self.thrown));
        self.answers = request.names_message || matches!(request.body, Content::Question { .. });
        let made = self.made(request);
        self.in_flight = Some(Box::pin(async move {
            match request::send(&options, made, &signal).await {
                Ok(reply) => {
                    let head = request::head(&reply);
                    response.replace(Some(reply));
                    Fact::Replied(head)
                }
                Err((fact, what)) => {
                    thrown.replace(what);
                    fact
                }
            }
        }));
    }

    fn made(&self, request: Request) -> Made {
        let mut url = request.url;
        if request.names_message {
            url.push_str(&crate::endpoint::encode(&self.heard.message_id()));
        }
        let json = |more: Option<(&str, Value)>| {
            let mut body = match &self.data {
                Data::Json(body) => body.clone(),
                Data::Nothing | Data::Form(_) => Map::new(),
            };
            body.extend(more.map(|(name, value)| (name.to_owned(), value)));
            Body::Json(Value::Object(body).to_string())
        };
        let body = match (request.body, &self.data) {
            (Content::Form, Data::Form(form)) => Body::Form(form.clone()),
            (Content::Form | Content::Nothing, _) => Body::Nothing,
            (Content::Question { streaming: true }, _) => json(Some(("streaming", true.into()))),
            (Content::Question { streaming: false }, _) => json(None),
            (Content::Data { member, chatflow }, _) => json(Some((member, chatflow.into()))),
        };
        Made {
            method: request.method,
            url,
            body,
            blind: request.blind,
        }
    }

    fn new_signal(&mut self) -> Option<web_sys::AbortSignal> {
        match AbortController::new() {
            Ok(controller) => {
                let signal = controller.signal();
                self.controller = Some(controller);
                Some(signal)
            }
            Err(_) => {
                let message = "AbortController is missing here";
                let error = Error::new(ErrorKind::Unsupported, message);
                self.mailbox.tell(Fact::Unsendable(error));
                None
            }
        }
    }

    pub(super) fn reading(&self) -> Reading {
        Reading {
            response: self.response.borrow_mut().take(),
            heard: self.heard.clone(),
            answers: self.answers,
            thrown: Rc::clone(&self.thrown),
            reply: Rc::clone(&self.reply),
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.stop();
        if let Some(controller) = &self.controller {
            controller.abort();
        }
    }
}

/// Asks the server to stop a run, with a call that outlives it.
fn stop(options: &Rc<Options>, target: &Target, chat_id: String) {
    let ask = Ask {
        task: Task::Call(Call::Abort { chat_id }),
        target: target.clone(),
        limits: options.limits(),
    };
    let mut call = Running::new(Rc::clone(options), ask, Heard::new(None), Data::Nothing);
    spawn_local(async move {
        std::future::poll_fn(|cx| call.poll(cx)).await;
    });
}
