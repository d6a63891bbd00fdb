//! Listeners that are removed when they are dropped.

use std::fmt;

use js_sys::{Array, Function};
use wasm_bindgen::prelude::*;

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
/// long as a component lives, store the guard with the component.
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
}

/// Where a listener is.
#[derive(Debug)]
pub(super) enum Place {
    Every(Emitter, String),
    Once(Emitter, String),
    Any(Socket),
    AnyOutgoing(Socket),
}

impl Listener {
    pub(super) fn new(place: Place, take: impl Fn(Array) + 'static) -> Self {
        let take = Closure::<dyn Fn(Array)>::new(take);
        let listener = gather(take.as_ref().unchecked_ref());
        match &place {
            Place::Every(emitter, event) => emitter.on(event, &listener),
            Place::Once(emitter, event) => emitter.once(event, &listener),
            Place::Any(socket) => socket.on_any(&listener),
            Place::AnyOutgoing(socket) => socket.on_any_outgoing(&listener),
        }
        Self {
            place,
            listener,
            _take: take,
        }
    }

    pub(super) fn every(emitter: &Emitter, event: &str, take: impl Fn(Array) + 'static) -> Self {
        Self::new(Place::Every(emitter.clone(), event.to_owned()), take)
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        match &self.place {
            Place::Every(emitter, event) | Place::Once(emitter, event) => {
                emitter.off(event, &self.listener);
            }
            Place::Any(socket) => socket.off_any(&self.listener),
            Place::AnyOutgoing(socket) => socket.off_any_outgoing(&self.listener),
        }
        self.listener.set_take(None);
    }
}

impl fmt::Debug for Listener {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Listener").field(&self.place).finish()
    }
}
