//! Listeners that are removed when they are dropped.

use std::fmt;
use std::rc::Rc;

use js_sys::{Array, Function};
use wasm_bindgen::prelude::*;

use super::owner::Source;
use super::sys::{Emitter, Socket};

#[wasm_bindgen(module = "/src/socket_io/listener.js")]
extern "C" {
    #[wasm_bindgen(extends = Function)]
    #[derive(Clone, Debug)]
    type Gathered;
    #[wasm_bindgen(method, setter)]
    fn set_take(this: &Gathered, take: Option<&Function>);

    fn gather(take: &Function) -> Gathered;
}

/// Keeps a listener in its place, and removes it when it is dropped.
///
/// The listener is not called again once its guard is dropped, not even for the event at hand. To keep a listener for as
/// long as a component lives, store the guard with the component. The guard also keeps the socket: a page that only listens
/// need not store anything else.
///
/// ```no_run
/// # fn f(socket: flowise_stream::socket_io::Socket) {
/// let listener = socket.on("news", |event| { /* … */ });
/// // no news any more
/// drop(listener);
/// # }
/// ```
#[must_use = "a listener is removed as soon as its guard is dropped"]
pub struct Listener {
    place: Place,
    listener: Gathered,
    /// What `listener` calls.
    _take: Closure<dyn Fn(Array)>,
    /// Last, so that the listener hears nothing of the end that this may bring.
    _source: Rc<dyn Source>,
}

/// Where a listener is.
#[derive(Debug)]
pub(super) enum Place {
    Every(Emitter, String),
    Once(Emitter, String),
    Any(Socket, Order),
    AnyOutgoing(Socket, Order),
}

/// Whether a listener for all events comes before or after those that there are.
#[derive(Clone, Copy, Debug)]
pub(super) enum Order {
    First,
    Last,
}

impl Place {
    pub(super) fn every(emitter: &Emitter, event: &str) -> Self {
        Self::Every(emitter.clone(), event.to_owned())
    }

    pub(super) fn once(emitter: &Emitter, event: &str) -> Self {
        Self::Once(emitter.clone(), event.to_owned())
    }

    fn add(&self, listener: &Function) {
        match self {
            Self::Every(emitter, event) => emitter.on(event, listener),
            Self::Once(emitter, event) => emitter.once(event, listener),
            Self::Any(socket, Order::Last) => socket.on_any(listener),
            Self::Any(socket, Order::First) => socket.prepend_any(listener),
            Self::AnyOutgoing(socket, Order::Last) => socket.on_any_outgoing(listener),
            Self::AnyOutgoing(socket, Order::First) => socket.prepend_any_outgoing(listener),
        }
    }

    fn remove(&self, listener: &Function) {
        match self {
            Self::Every(emitter, event) | Self::Once(emitter, event) => {
                emitter.off(event, listener)
            }
            Self::Any(socket, _) => socket.off_any(listener),
            Self::AnyOutgoing(socket, _) => socket.off_any_outgoing(listener),
        }
    }
}

impl Listener {
    pub(super) fn new(
        source: Rc<dyn Source>,
        place: Place,
        take: impl Fn(Array) + 'static,
    ) -> Self {
        let take = Closure::<dyn Fn(Array)>::new(take);
        let listener = gather(take.as_ref().unchecked_ref());
        place.add(&listener);
        Self {
            place,
            listener,
            _take: take,
            _source: source,
        }
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        self.place.remove(&self.listener);
        self.listener.set_take(None);
    }
}

impl fmt::Debug for Listener {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Listener").field(&self.place).finish()
    }
}
