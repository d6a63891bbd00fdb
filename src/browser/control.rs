//! One way to end whatever a call waits for: the page's wish, a time limit, or the loss of the socket.

use std::cell::{Cell, RefCell};
use std::rc::{Rc, Weak};

use gloo_timers::callback::Timeout;
use js_sys::Promise;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortController, AbortSignal};

use super::bindings::abortable;
use super::failure::fail;
use super::listener::SignalListener;
use crate::error::ErrorKind;

/// Why a call was ended before it was over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Cause {
    /// The page wanted it.
    Page,
    /// A time limit ran out; this is what to say.
    TimedOut(&'static str),
}

impl Cause {
    pub(crate) const CONNECT: Self = Self::TimedOut("no connection in time (`timeouts.connect`)");
    pub(crate) const TOTAL: Self =
        Self::TimedOut("the answer was not complete in time (`timeout`)");
    pub(crate) const FIRST_BYTE: Self =
        Self::TimedOut("the server sent nothing in time (`timeouts.firstByte`)");
    const IDLE: Self = Self::TimedOut("the server fell silent (`timeouts.idle`)");
}

/// What gives signs of life: chunks of a body, or events.
pub(crate) trait Activity: Clone + 'static {
    /// How many there were.
    fn activity(&self) -> f64;

    /// Whether nothing more is read, as the page's reader is slow: that is no silence of the server.
    fn waits(&self) -> bool;
}

/// A handle on a running call. Clones are handles on the same call.
#[derive(Clone, Debug)]
pub(crate) struct Control(Rc<Inner>);

#[derive(Debug)]
struct Inner {
    controller: AbortController,
    cause: Cell<Option<Cause>>,
    over: Cell<bool>,
    on_page: RefCell<Option<SignalListener>>,
}

impl Control {
    pub(crate) fn new() -> Result<Self, JsValue> {
        Ok(Self(Rc::new(Inner {
            controller: AbortController::new()?,
            cause: Cell::new(None),
            over: Cell::new(false),
            on_page: RefCell::new(None),
        })))
    }

    /// Ends with the page's own signal, too.
    pub(crate) fn follow(&self, signal: &AbortSignal) {
        if signal.aborted() {
            return self.cancel(Cause::Page);
        }
        // weak: the listener belongs to the call, not the other way round
        let call = Rc::downgrade(&self.0);
        let listener = SignalListener::new(signal, move || {
            if let Some(call) = call.upgrade() {
                Self(call).cancel(Cause::Page);
            }
        });
        *self.0.on_page.borrow_mut() = Some(listener);
    }

    /// Ends the call. Only the first cause counts, and none after the call is over.
    pub(crate) fn cancel(&self, cause: Cause) {
        if self.0.cause.get().is_some() || self.0.over.get() {
            return;
        }
        self.0.cause.set(Some(cause));
        let reason = match cause {
            Cause::Page => fail(ErrorKind::Disconnected, "the call was stopped"),
            Cause::TimedOut(message) => fail(ErrorKind::Timeout, message),
        };
        self.0.controller.abort_with_reason(&reason);
    }

    pub(crate) fn cause(&self) -> Option<Cause> {
        self.0.cause.get()
    }

    pub(crate) fn is_over(&self) -> bool {
        self.0.over.get()
    }

    /// From here on nothing can end the call: it has ended.
    pub(crate) fn close(&self) {
        self.0.over.set(true);
        self.0.on_page.borrow_mut().take();
    }

    pub(crate) fn signal(&self) -> AbortSignal {
        self.0.controller.signal()
    }

    /// Ends the call after some milliseconds, unless the returned timer is dropped first; 0 is no limit.
    pub(crate) fn limit(&self, ms: u32, cause: Cause) -> Option<Timeout> {
        let control = self.clone();
        (ms > 0).then(|| Timeout::new(ms, move || control.cancel(cause)))
    }

    /// Waits for a promise, and no longer than the call lasts: then it fails with the cause, as a `FlowiseError`.
    pub(crate) async fn wait(&self, promise: &Promise) -> Result<JsValue, JsValue> {
        JsFuture::from(abortable(promise, &self.signal())).await
    }

    /// Ends the call if the server falls silent: before its first sign of life, or after any.
    pub(crate) fn watch(&self, answer: &impl Activity, first_byte: u32, idle: u32) -> Watch {
        let first = (first_byte > 0).then(|| {
            let (control, answer) = (self.clone(), answer.clone());
            Timeout::new(first_byte, move || {
                if answer.activity() == 0.0 {
                    control.cancel(Cause::FIRST_BYTE);
                }
            })
        });
        let watch = Watch {
            _first: first,
            idle: Rc::default(),
        };
        if idle > 0 {
            let (control, answer) = (self.clone(), answer.clone());
            let seen = answer.activity();
            Tick {
                control,
                answer,
                slot: Rc::downgrade(&watch.idle),
                ms: idle.div_ceil(TICKS),
            }
            .start(0, seen);
        }
        watch
    }
}

/// The timers of [`Control::watch`]; they stop when it is dropped.
#[derive(Debug)]
pub(crate) struct Watch {
    _first: Option<Timeout>,
    idle: Rc<RefCell<Option<Timeout>>>,
}

/// Into how many parts the idle time is cut. A timer set anew at every chunk would cost each token something; a few
/// that look at a counter cost nothing, and the limit is kept to a quarter of itself.
const TICKS: u32 = 4;

/// Looks at the counter now and then.
struct Tick<A> {
    control: Control,
    answer: A,
    slot: Weak<RefCell<Option<Timeout>>>,
    ms: u32,
}

impl<A: Activity> Tick<A> {
    fn start(self, silent: u32, seen: f64) {
        let Some(slot) = self.slot.upgrade() else {
            return;
        };
        let next = Timeout::new(self.ms, move || {
            let now = self.answer.activity();
            let is_silent = now == seen && !self.answer.waits();
            let silent = if is_silent { silent + 1 } else { 0 };
            if silent < TICKS {
                self.start(silent, now);
            } else {
                self.control.cancel(Cause::IDLE);
            }
        });
        *slot.borrow_mut() = Some(next);
    }
}
