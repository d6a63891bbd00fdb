//! The owners of socket.io-client's sockets and connections, one for each.

use std::cell::{Cell, RefCell};
use std::rc::{Rc, Weak};

use js_sys::Object;
use wasm_bindgen::JsValue;

use super::error::ConnectError;
use super::options::{Auth, AuthClosure, Options};
use super::sys::{self, member};

/// The object that listeners are registered on, and keep: a socket or a connection.
pub(super) trait Source {
    /// Whether the page has closed it and has not opened it since.
    fn is_closed(&self) -> bool;

    /// Calls `tell` whenever the page closes it, until `tell` is dropped.
    fn watch(&self, tell: &Rc<dyn Fn()>);
}

#[derive(Default)]
struct Watchers(RefCell<Vec<Weak<dyn Fn()>>>);

impl Watchers {
    fn add(&self, tell: &Rc<dyn Fn()>) {
        let mut watchers = self.0.borrow_mut();
        watchers.retain(|tell| tell.strong_count() > 0);
        watchers.push(Rc::downgrade(tell));
    }

    fn tell(&self) {
        let watchers: Vec<_> = self.0.borrow().iter().filter_map(Weak::upgrade).collect();
        for tell in watchers {
            tell();
        }
    }
}

/// A Manager of socket.io-client. Its connection is closed when no handle and no socket needs it any more.
pub(super) struct Connection {
    pub(super) manager: sys::Manager,
    closed: Cell<bool>,
    watchers: Watchers,
}

/// A socket of socket.io-client. It is disconnected when its last holder is dropped.
pub(super) struct Held {
    pub(super) socket: sys::Socket,
    pub(super) connection: Rc<Connection>,
    auth: RefCell<Option<AuthClosure>>,
    closed: Cell<bool>,
    /// socket.io-client emits no event when an attempt to connect is cancelled.
    watchers: Watchers,
}

thread_local! {
    /// socket.io-client returns the same Manager and the same socket to every caller that asks for a server and a namespace. They must
    /// not close when the first caller drops them.
    static CONNECTIONS: RefCell<Vec<Weak<Connection>>> = const { RefCell::new(Vec::new()) };
    static SOCKETS: RefCell<Vec<Weak<Held>>> = const { RefCell::new(Vec::new()) };
}

impl Connection {
    /// A new connection.
    pub(super) fn make(url: &str, options: &Options) -> Result<Rc<Self>, ConnectError> {
        let failed = |thrown| ConnectError::new(&thrown, false);
        sys::check().map_err(failed)?;
        // the rest is for sockets
        let (options, _auth) = options.to_js().map_err(ConnectError::of_value)?;
        sys::Manager::new(url, &options)
            .map(Self::of)
            .map_err(failed)
    }

    /// The connection of a Manager.
    fn of(manager: sys::Manager) -> Rc<Self> {
        CONNECTIONS.with_borrow_mut(|all| {
            all.retain(|connection| connection.strong_count() > 0);
            let mut known = all.iter().filter_map(Weak::upgrade);
            if let Some(known) = known.find(|known| Object::is(&known.manager, &manager)) {
                return known;
            }
            let connection = Rc::new(Self {
                manager,
                closed: Cell::default(),
                watchers: Watchers::default(),
            });
            all.push(Rc::downgrade(&connection));
            connection
        })
    }

    pub(super) fn open(&self) {
        self.closed.set(false);
        self.manager.open();
    }

    pub(super) fn close(&self) {
        self.closed.set(true);
        let sockets = self.sockets();
        for held in &sockets {
            held.closed.set(true);
        }
        for socket in self.active() {
            socket.disconnect();
        }
        if self.manager.is_trying() {
            self.manager.close();
        }
        for held in &sockets {
            held.watchers.tell();
        }
        self.watchers.tell();
    }

    /// Whether the page has closed it, or all its sockets, and has not opened it since.
    pub(super) fn is_closed(&self) -> bool {
        let sockets = self.sockets();
        self.closed.get() || !sockets.is_empty() && sockets.iter().all(|held| held.closed.get())
    }

    pub(super) fn watch(&self, tell: &Rc<dyn Fn()>) {
        self.watchers.add(tell);
    }

    /// All its sockets that are connected or connecting, including those that the page made in JavaScript.
    fn active(&self) -> impl Iterator<Item = sys::Socket> {
        let sockets = Object::values(&self.manager.namespaces());
        let sockets: Vec<_> = sockets.iter().map(sys::Socket::from).collect();
        sockets.into_iter().filter(sys::Socket::active)
    }

    fn sockets(&self) -> Vec<Rc<Held>> {
        SOCKETS.with_borrow(|all| {
            let all = all.iter().filter_map(Weak::upgrade);
            all.filter(|held| std::ptr::eq(&*held.connection, self))
                .collect()
        })
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        if self.manager.is_trying() && self.active().next().is_none() {
            self.manager.close();
        }
    }
}

impl Held {
    /// The socket that `make` returns for the options.
    pub(super) fn make(
        options: &Options,
        make: impl FnOnce(&JsValue) -> Result<sys::Socket, JsValue>,
    ) -> Result<Rc<Self>, ConnectError> {
        sys::check().map_err(|thrown| ConnectError::new(&thrown, false))?;
        let (options, auth) = options.to_js().map_err(ConnectError::of_value)?;
        let socket = make(&options).map_err(|thrown| ConnectError::new(&thrown, false))?;
        let held = Self::find(&socket).unwrap_or_else(|| Self::hold(socket));
        held.closed.set(false);
        held.auth.replace(auth);
        Ok(held)
    }

    /// The socket that a connection has for a namespace, or a new one.
    pub(super) fn of_connection(
        connection: &Connection,
        namespace: &str,
        options: &Options,
    ) -> Result<Rc<Self>, ConnectError> {
        let manager = &connection.manager;
        connection.closed.set(false);
        let existing = member(&manager.namespaces(), namespace);
        if !existing.is_object() {
            return Self::make(options, |options| manager.socket(namespace, options));
        }
        let socket = sys::Socket::from(existing);
        let (options, closure) = options.to_js().map_err(ConnectError::of_value)?;
        let auth = member(&options, "auth");
        let held = Self::find(&socket);
        // the credentials of the connection that it starts at once; socket.io-client reads the options only for a new socket
        if held.is_none() || !auth.is_undefined() {
            socket.set_auth(&auth);
        }
        let held = held.unwrap_or_else(|| Self::hold(socket));
        if !auth.is_undefined() {
            held.auth.replace(closure);
        }
        held.closed.set(false);
        manager
            .socket(namespace, &options)
            .map_err(|thrown| ConnectError::new(&thrown, false))?;
        Ok(held)
    }

    pub(super) fn open(&self) {
        self.closed.set(false);
        self.connection.closed.set(false);
        self.socket.connect();
    }

    pub(super) fn disconnect(&self) {
        // before the event: its listeners may connect again
        self.closed.set(true);
        self.socket.disconnect();
        self.watchers.tell();
        self.connection.watchers.tell();
    }

    pub(super) fn set_auth(&self, auth: &Auth) {
        let (auth, closure) = auth.to_js();
        self.socket.set_auth(&auth);
        self.auth.replace(closure);
    }

    fn find(socket: &sys::Socket) -> Option<Rc<Self>> {
        SOCKETS.with_borrow(|all| {
            let mut all = all.iter().filter_map(Weak::upgrade);
            all.find(|held| Object::is(&held.socket, socket))
        })
    }

    fn hold(socket: sys::Socket) -> Rc<Self> {
        let connection = Connection::of(socket.io());
        let held = Rc::new(Self {
            socket,
            connection,
            auth: RefCell::default(),
            closed: Cell::default(),
            watchers: Watchers::default(),
        });
        SOCKETS.with_borrow_mut(|all| {
            all.retain(|held| held.strong_count() > 0);
            all.push(Rc::downgrade(&held));
        });
        held
    }
}

impl Source for Held {
    fn is_closed(&self) -> bool {
        self.closed.get()
    }

    fn watch(&self, tell: &Rc<dyn Fn()>) {
        self.watchers.add(tell);
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        if self.auth.take().is_some() {
            // the manager keeps the socket, and may return it again
            self.socket.set_auth(&JsValue::UNDEFINED);
        }
        self.socket.disconnect();
    }
}
