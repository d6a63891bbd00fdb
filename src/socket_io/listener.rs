//! Listeners that stop when they are dropped.

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

/// Keeps a listener registered, and removes it when the guard is dropped.
///
/// After the guard is dropped, the listener is not called again, not even for an event that is being delivered. To listen for
/// the lifetime of a component, store the guard in the component. The guard also keeps the socket: a page that only
/// listens does not have to store anything else.
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
    /// The last field: dropping it may end the connection, and the listener must not hear that.
    _source: Rc<dyn Source>,
}

/// Where a listener is registered.
#[derive(Debug)]
pub(super) enum Place {
    Every(Emitter, String),
    Once(Emitter, String),
    Any(Socket, Order),
    AnyOutgoing(Socket, Order),
}

/// Whether a catch-all listener comes before or after the existing ones.
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
