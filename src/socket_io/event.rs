//! An event with its arguments.

use js_sys::{Array, Function};
use serde::{Serialize, de::DeserializeOwned};
use wasm_bindgen::{JsCast, JsValue};

use super::value::{self, ValueError};

/// An event from the server, with its arguments.
///
/// ```no_run
/// # fn f(socket: flowise_stream::socket_io::Socket) {
/// let _listener = socket.on("moved", |event| {
///     // socket.emit('moved', 'knight', { x: 3, y: 5 }) on the server
///     match event.args::<(String, Position)>() {
///         Ok((piece, position)) => show(&piece, position),
///         Err(error) => warn(error),
///     }
/// });
/// # }
/// # #[derive(serde::Deserialize)] struct Position { x: u8, y: u8 }
/// # fn show(_: &str, _: Position) {} fn warn(_: flowise_stream::socket_io::ValueError) {}
/// ```
#[derive(Clone, Debug)]
pub struct Event {
    name: String,
    args: Array,
    ack: Option<Function>,
}

impl Event {
    pub(super) fn new(name: String, args: Array) -> Self {
        let last = args.get(args.length().wrapping_sub(1));
        let ack = last.dyn_into::<Function>().ok();
        if ack.is_some() {
            args.pop();
        }
        Self { name, args, ack }
    }

    /// From the arguments of a catch-all listener. The first one is the event's name.
    pub(super) fn of_any(args: &Array) -> Self {
        let name = args.get(0).as_string().unwrap_or_default();
        Self::new(name, args.slice(1, args.length()))
    }

    /// The event's name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The first argument. Most events have one or none.
    ///
    /// # Errors
    ///
    /// [`ValueError`] if the argument is not a `T`. A missing argument is `None` or `()`.
    pub fn data<T: DeserializeOwned>(&self) -> Result<T, ValueError> {
        value::from_js(self.args.get(0))
    }

    /// All arguments: as a tuple, or as a `Vec` if they have one type.
    ///
    /// # Errors
    ///
    /// [`ValueError`] if arguments are missing or have other types.
    pub fn args<T: DeserializeOwned>(&self) -> Result<T, ValueError> {
        value::from_js(self.args.clone().into())
    }

    /// All arguments as JavaScript values, for what serde cannot express.
    #[must_use]
    pub fn as_js(&self) -> &Array {
        &self.args
    }

    /// Whether the server waits for an acknowledgement.
    #[must_use]
    pub fn wants_ack(&self) -> bool {
        self.ack.is_some()
    }

    /// Acknowledges the event. Only the first call counts, and only if the server waits ([`wants_ack`](Self::wants_ack)).
    ///
    /// ```no_run
    /// # fn f(socket: flowise_stream::socket_io::Socket) {
    /// let _listener = socket.on("are you there?", |event| {
    ///     event.ack("yes").expect("a string can be sent");
    /// });
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// [`ValueError`] if `data` cannot be sent.
    pub fn ack<T: Serialize + ?Sized>(&self, data: &T) -> Result<(), ValueError> {
        let args = value::one(data)?;
        if let Some(ack) = &self.ack {
            ack.apply(&JsValue::UNDEFINED, &args)
                .map_err(|thrown| ValueError::new(value::message(&thrown)))?;
        }
        Ok(())
    }
}
