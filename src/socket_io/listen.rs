//! What a socket hears, by listeners and as streams.

use std::cell::Cell;
use std::rc::Rc;

use js_sys::Array;

use super::error::ConnectError;
use super::event::Event;
use super::listener::{Listener, Order, Place};
use super::reason::DisconnectReason;
use super::socket::Socket;
use super::subscription::Subscription;

/// What happens to a socket's connection; [`Socket::lifecycle`] has an example.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Lifecycle {
    /// The socket is connected, for the first time or again. Its id is new.
    Connected,
    /// An attempt to connect has failed.
    ConnectError(ConnectError),
    /// The socket is disconnected.
    Disconnected(DisconnectReason),
}

impl Socket {
    /// Calls `listener` for every event of this name.
    ///
    /// ```no_run
    /// # fn f(socket: flowise_stream::socket_io::Socket) {
    /// let listener = socket.on("news", |event| {
    ///     if let Ok(text) = event.data::<String>() {
    ///         show(&text);
    ///     }
    /// });
    /// # }
    /// # fn show(_: &str) {}
    /// ```
    pub fn on(&self, event: &str, listener: impl Fn(Event) + 'static) -> Listener {
        let name = event.to_owned();
        self.heard(Place::every(&self.0.socket, event), move |args| {
            listener(Event::new(name.clone(), args));
        })
    }

    /// Calls `listener` for the next event of this name.
    pub fn once(&self, event: &str, listener: impl FnOnce(Event) + 'static) -> Listener {
        let place = Place::once(&self.0.socket, event);
        let waiting = Cell::new(Some((event.to_owned(), listener)));
        self.heard(place, move |args| {
            if let Some((name, listener)) = waiting.take() {
                listener(Event::new(name, args));
            }
        })
    }

    /// Calls `listener` for every event that the server emits, before the listeners of that event.
    pub fn on_any(&self, listener: impl Fn(Event) + 'static) -> Listener {
        self.heard_any(Place::Any(self.0.socket.clone(), Order::Last), listener)
    }

    /// As [`on_any`](Self::on_any), before the existing catch-all listeners.
    pub fn prepend_any(&self, listener: impl Fn(Event) + 'static) -> Listener {
        self.heard_any(Place::Any(self.0.socket.clone(), Order::First), listener)
    }

    /// Calls `listener` for every event that this socket sends.
    pub fn on_any_outgoing(&self, listener: impl Fn(Event) + 'static) -> Listener {
        let place = Place::AnyOutgoing(self.0.socket.clone(), Order::Last);
        self.heard_any(place, listener)
    }

    /// As [`on_any_outgoing`](Self::on_any_outgoing), before the existing listeners.
    pub fn prepend_any_outgoing(&self, listener: impl Fn(Event) + 'static) -> Listener {
        let place = Place::AnyOutgoing(self.0.socket.clone(), Order::First);
        self.heard_any(place, listener)
    }

    /// Calls `listener` whenever the socket is connected, for the first time or again.
    pub fn on_connect(&self, listener: impl Fn() + 'static) -> Listener {
        let place = Place::every(&self.0.socket, "connect");
        self.heard(place, move |_| listener())
    }

    /// Calls `listener` whenever an attempt to connect has failed.
    pub fn on_connect_error(&self, listener: impl Fn(ConnectError) + 'static) -> Listener {
        let socket = self.0.socket.clone();
        let place = Place::every(&socket, "connect_error");
        self.heard(place, move |args| {
            let retries = socket.active() && socket.io().will_retry();
            listener(ConnectError::new(&args.get(0), retries));
        })
    }

    /// Calls `listener` whenever the socket is disconnected.
    pub fn on_disconnect(&self, listener: impl Fn(DisconnectReason) + 'static) -> Listener {
        let place = Place::every(&self.0.socket, "disconnect");
        self.heard(place, move |args| {
            let reason = args.get(0).as_string().unwrap_or_default();
            listener(DisconnectReason::from_name(reason));
        })
    }

    fn heard_any(&self, place: Place, listener: impl Fn(Event) + 'static) -> Listener {
        // the other listeners receive the same array
        self.heard(place, move |args| listener(Event::of_any(&args)))
    }

    pub(super) fn heard(&self, place: Place, take: impl Fn(Array) + 'static) -> Listener {
        Listener::new(Rc::clone(&self.0) as _, place, take)
    }

    fn stream<T: 'static, L: IntoIterator<Item = Listener>>(
        &self,
        listen: impl FnOnce(Box<dyn Fn(T)>) -> L,
    ) -> Subscription<T> {
        Subscription::new(Rc::clone(&self.0) as _, listen)
    }

    /// The events of this name as a stream.
    pub fn listen(&self, event: &str) -> Subscription<Event> {
        self.stream(|tell| [self.on(event, tell)])
    }

    /// All events that the server emits as a stream.
    pub fn events(&self) -> Subscription<Event> {
        self.stream(|tell| [self.on_any(tell)])
    }

    /// What happens to the socket's connection, as a stream.
    ///
    /// ```no_run
    /// # async fn f(socket: flowise_stream::socket_io::Socket) {
    /// use flowise_stream::socket_io::Lifecycle;
    /// use futures_util::StreamExt as _;
    ///
    /// let mut lifecycle = socket.lifecycle();
    /// while let Some(state) = lifecycle.next().await {
    ///     match state {
    ///         Lifecycle::Connected => show("connected"),
    ///         Lifecycle::Disconnected(reason) if reason.reconnects() => show("connecting again"),
    ///         Lifecycle::Disconnected(reason) => show(reason.as_str()),
    ///         Lifecycle::ConnectError(error) => show(&error.to_string()),
    ///         _ => {}
    ///     }
    /// }
    /// # }
    /// # fn show(_: &str) {}
    /// ```
    pub fn lifecycle(&self) -> Subscription<Lifecycle> {
        self.stream(|tell| {
            let tell: Rc<dyn Fn(Lifecycle)> = Rc::from(tell);
            let (error, gone) = (Rc::clone(&tell), Rc::clone(&tell));
            [
                self.on_connect(move || tell(Lifecycle::Connected)),
                self.on_connect_error(move |reason| error(Lifecycle::ConnectError(reason))),
                self.on_disconnect(move |reason| gone(Lifecycle::Disconnected(reason))),
            ]
        })
    }
}
