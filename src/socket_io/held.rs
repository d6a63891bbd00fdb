//! One owner for each of socket.io-client's sockets.

use std::cell::RefCell;
use std::rc::{Rc, Weak};

use js_sys::Object;
use wasm_bindgen::JsValue;

use super::error::ConnectError;
use super::options::{AuthClosure, Options};
use super::sys;
use crate::browser::bindings::member;

/// A socket of socket.io-client, which is disconnected when nobody holds it any more.
pub(super) struct Held {
    pub(super) socket: sys::Socket,
    auth: RefCell<Option<AuthClosure>>,
    /// Who wants to know that the page disconnects: of an attempt that is called off, socket.io-client says nothing.
    waiting: RefCell<Vec<Weak<dyn Fn()>>>,
}

thread_local! {
    /// All of them. socket.io-client gives the same socket to whoever asks for a namespace of a connection, and that must
    /// not end with the first who has enough of it.
    static ALL: RefCell<Vec<Weak<Held>>> = const { RefCell::new(Vec::new()) };
}

impl Held {
    /// A new socket.
    pub(super) fn make(
        options: &Options,
        make: impl FnOnce(&JsValue) -> Result<sys::Socket, JsValue>,
    ) -> Result<Rc<Self>, ConnectError> {
        let (options, auth) = to_js(options)?;
        let socket = make(&options).map_err(|thrown| ConnectError::new(&thrown, false))?;
        let held = Self::hold(socket);
        held.auth.replace(auth);
        Ok(held)
    }

    /// The socket that a manager has for a namespace, or a new one.
    pub(super) fn of_manager(
        manager: &sys::Manager,
        namespace: &str,
        options: &Options,
    ) -> Result<Rc<Self>, ConnectError> {
        let existing = member(&manager.namespaces(), namespace);
        if !existing.is_object() {
            return Self::make(options, |options| manager.socket(namespace, options));
        }
        let socket = sys::Socket::from(existing);
        let (options, closure) = to_js(options)?;
        let auth = member(&options, "auth");
        let held = Self::find(&socket);
        // what it connects with at once; socket.io-client looks at no options but those of a new socket
        if held.is_none() || !auth.is_undefined() {
            socket.set_auth(&auth);
        }
        let held = held.unwrap_or_else(|| Self::hold(socket));
        if !auth.is_undefined() {
            held.auth.replace(closure);
        }
        manager
            .socket(namespace, &options)
            .map_err(|thrown| ConnectError::new(&thrown, false))?;
        Ok(held)
    }

    pub(super) fn disconnect(&self) {
        self.socket.disconnect();
        let waiting: Vec<_> = self
            .waiting
            .borrow()
            .iter()
            .filter_map(Weak::upgrade)
            .collect();
        for tell in waiting {
            tell();
        }
    }

    /// Calls `tell` whenever the page disconnects, as long as it is there.
    pub(super) fn on_page_disconnects(&self, tell: &Rc<dyn Fn()>) {
        let mut waiting = self.waiting.borrow_mut();
        waiting.retain(|tell| tell.strong_count() > 0);
        waiting.push(Rc::downgrade(tell));
    }

    fn find(socket: &sys::Socket) -> Option<Rc<Self>> {
        ALL.with_borrow(|all| {
            let mut all = all.iter().filter_map(Weak::upgrade);
            all.find(|held| Object::is(&held.socket, socket))
        })
    }

    fn hold(socket: sys::Socket) -> Rc<Self> {
        let held = Rc::new(Self {
            socket,
            auth: RefCell::default(),
            waiting: RefCell::default(),
        });
        ALL.with_borrow_mut(|all| {
            all.retain(|held| held.strong_count() > 0);
            all.push(Rc::downgrade(&held));
        });
        held
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        if self.auth.take().is_some() {
            // the socket stays with its manager, and may be asked for again
            self.socket.set_auth(&JsValue::UNDEFINED);
        }
        self.socket.disconnect();
    }
}

fn to_js(options: &Options) -> Result<(JsValue, Option<AuthClosure>), ConnectError> {
    options
        .to_js()
        .map_err(|error| ConnectError::new(&error.to_string().into(), false))
}
