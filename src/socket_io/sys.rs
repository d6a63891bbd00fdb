//! The parts of socket.io-client that this crate uses.
//!
//! If the crate contains a bundle of it, it comes from there. Otherwise the page or its bundler resolves the npm name.

use js_sys::{Array, Function, Object, Promise, Reflect};
use wasm_bindgen::prelude::*;

#[cfg_attr(bundled, wasm_bindgen(module = "/src/vendor/socket.io.js"))]
#[cfg_attr(not(bundled), wasm_bindgen(module = "socket.io-client"))]
extern "C" {
    /// Throws for invalid options.
    #[wasm_bindgen(catch)]
    pub(super) fn io(url: &str, options: &JsValue) -> Result<Socket, JsValue>;

    #[wasm_bindgen(thread_local_v2, js_name = Manager)]
    static MANAGER: JsValue;

    #[wasm_bindgen(thread_local_v2, js_name = protocol)]
    static PROTOCOL: JsValue;

    /// [`Socket`](https://socket.io/docs/v4/client-api/#socket)
    #[wasm_bindgen(extends = Emitter)]
    #[derive(Clone, Debug)]
    pub(super) type Socket;
    #[wasm_bindgen(method, getter)]
    pub(super) fn id(this: &Socket) -> Option<String>;
    #[wasm_bindgen(method, getter)]
    pub(super) fn connected(this: &Socket) -> bool;
    #[wasm_bindgen(method, getter)]
    pub(super) fn active(this: &Socket) -> bool;
    #[wasm_bindgen(method, getter)]
    pub(super) fn recovered(this: &Socket) -> Option<bool>;
    #[wasm_bindgen(method, getter)]
    pub(super) fn nsp(this: &Socket) -> String;
    #[wasm_bindgen(method, getter)]
    pub(super) fn io(this: &Socket) -> Manager;
    #[wasm_bindgen(method, setter)]
    pub(super) fn set_auth(this: &Socket, auth: &JsValue);
    #[wasm_bindgen(method)]
    pub(super) fn connect(this: &Socket);
    #[wasm_bindgen(method)]
    pub(super) fn disconnect(this: &Socket);
    #[wasm_bindgen(method, getter)]
    pub(super) fn volatile(this: &Socket) -> Socket;
    #[wasm_bindgen(method)]
    pub(super) fn compress(this: &Socket, on: bool);
    #[wasm_bindgen(method)]
    pub(super) fn timeout(this: &Socket, ms: f64) -> Socket;
    #[wasm_bindgen(method, catch, variadic)]
    pub(super) fn emit(this: &Socket, event: &str, args: &Array) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(method, variadic, js_name = emitWithAck)]
    pub(super) fn emit_with_ack(this: &Socket, event: &str, args: &Array) -> Promise;
    #[wasm_bindgen(method, js_name = onAny)]
    pub(super) fn on_any(this: &Socket, listener: &Function);
    #[wasm_bindgen(method, js_name = prependAny)]
    pub(super) fn prepend_any(this: &Socket, listener: &Function);
    #[wasm_bindgen(method, js_name = offAny)]
    pub(super) fn off_any(this: &Socket, listener: &Function);
    #[wasm_bindgen(method, js_name = onAnyOutgoing)]
    pub(super) fn on_any_outgoing(this: &Socket, listener: &Function);
    #[wasm_bindgen(method, js_name = prependAnyOutgoing)]
    pub(super) fn prepend_any_outgoing(this: &Socket, listener: &Function);
    #[wasm_bindgen(method, js_name = offAnyOutgoing)]
    pub(super) fn off_any_outgoing(this: &Socket, listener: &Function);

    /// [`Manager`](https://socket.io/docs/v4/client-api/#manager)
    #[wasm_bindgen(extends = Emitter)]
    #[derive(Clone, Debug)]
    pub(super) type Manager;
    #[wasm_bindgen(constructor, catch)]
    pub(super) fn new(url: &str, options: &JsValue) -> Result<Manager, JsValue>;
    #[wasm_bindgen(method, catch)]
    pub(super) fn socket(
        this: &Manager,
        namespace: &str,
        options: &JsValue,
    ) -> Result<Socket, JsValue>;
    #[wasm_bindgen(method)]
    pub(super) fn open(this: &Manager);
    /// `undefined` before the first connection.
    #[wasm_bindgen(method, getter)]
    pub(super) fn engine(this: &Manager) -> JsValue;
    #[wasm_bindgen(method, js_name = reconnection)]
    pub(super) fn reconnects(this: &Manager) -> bool;
    #[wasm_bindgen(method, js_name = reconnection)]
    pub(super) fn set_reconnection(this: &Manager, on: bool);
    #[wasm_bindgen(method, js_name = reconnectionAttempts)]
    pub(super) fn most_attempts(this: &Manager) -> f64;
    #[wasm_bindgen(method, js_name = reconnectionAttempts)]
    pub(super) fn set_most_attempts(this: &Manager, most: f64);
    #[wasm_bindgen(method, js_name = reconnectionDelay)]
    pub(super) fn delay(this: &Manager) -> f64;
    #[wasm_bindgen(method, js_name = reconnectionDelay)]
    pub(super) fn set_delay(this: &Manager, ms: f64);
    #[wasm_bindgen(method, js_name = reconnectionDelayMax)]
    pub(super) fn longest_delay(this: &Manager) -> f64;
    #[wasm_bindgen(method, js_name = reconnectionDelayMax)]
    pub(super) fn set_longest_delay(this: &Manager, ms: f64);
    #[wasm_bindgen(method, js_name = randomizationFactor)]
    pub(super) fn randomization_factor(this: &Manager) -> f64;
    #[wasm_bindgen(method, js_name = randomizationFactor)]
    pub(super) fn set_randomization_factor(this: &Manager, factor: f64);
    #[wasm_bindgen(method, js_name = timeout)]
    pub(super) fn timeout(this: &Manager) -> JsValue;
    #[wasm_bindgen(method, js_name = timeout)]
    pub(super) fn set_timeout(this: &Manager, limit: &JsValue);
}

#[wasm_bindgen]
extern "C" {
    /// [`Emitter`](https://socket.io/docs/v4/emitter): a socket or a manager.
    #[derive(Clone, Debug)]
    pub(super) type Emitter;
    #[wasm_bindgen(method)]
    pub(super) fn on(this: &Emitter, event: &str, listener: &Function);
    #[wasm_bindgen(method)]
    pub(super) fn once(this: &Emitter, event: &str, listener: &Function);
    #[wasm_bindgen(method)]
    pub(super) fn off(this: &Emitter, event: &str, listener: &Function);
    #[wasm_bindgen(method, js_name = hasListeners)]
    pub(super) fn has_listeners(this: &Emitter, event: &str) -> bool;

    // The members below are undocumented; `internals.js` lists and checks them.
    /// The sockets by their namespaces.
    #[wasm_bindgen(method, getter, js_name = nsps)]
    pub(super) fn namespaces(this: &Manager) -> Object;
    #[wasm_bindgen(method, js_name = disconnect)]
    pub(super) fn close(this: &Manager);
    #[wasm_bindgen(method, getter, js_name = skipReconnect)]
    fn gives_up(this: &Manager) -> Option<bool>;
    #[wasm_bindgen(method, getter)]
    fn backoff(this: &Manager) -> JsValue;
}

#[wasm_bindgen(module = "/src/socket_io/internals.js")]
extern "C" {
    #[wasm_bindgen(catch, js_name = checkManager)]
    fn check_manager(manager: &JsValue) -> Result<JsValue, JsValue>;
}

/// The revision of the protocol.
pub(super) fn protocol() -> u32 {
    PROTOCOL.with(JsValue::as_f64).unwrap_or_default() as u32
}

/// Whether this socket.io-client has the undocumented members that this crate uses. The check runs once.
///
/// # Errors
///
/// An `Error` that names what is missing, and the release to install.
pub(super) fn check() -> Result<(), JsValue> {
    thread_local! {
        static CHECKED: Result<JsValue, JsValue> = MANAGER.with(check_manager);
    }
    CHECKED.with(|checked| checked.as_ref().map(drop).map_err(JsValue::clone))
}

impl Manager {
    /// Whether a connection is open, being opened, or about to be opened.
    pub(super) fn is_trying(&self) -> bool {
        let state = member(&self.engine(), "readyState").as_string();
        matches!(state.as_deref(), Some("opening" | "open")) || self.has_arranged_attempt()
    }

    /// Whether another attempt is under way or will follow, after the first has failed or the connection was lost.
    pub(super) fn has_arranged_attempt(&self) -> bool {
        self.attempts() > 0.0 && !self.has_given_up()
    }

    /// Whether another attempt will follow the failure that the listeners now hear of.
    pub(super) fn will_retry(&self) -> bool {
        let made = self.attempts();
        let may = self.reconnects() || made > 0.0;
        may && !self.has_given_up() && made < self.most_attempts()
    }

    /// The number of reconnection attempts since the connection was lost; 0 when none is under way.
    fn attempts(&self) -> f64 {
        let attempts = member(&self.backoff(), "attempts").as_f64();
        attempts.unwrap_or_default()
    }

    fn has_given_up(&self) -> bool {
        self.gives_up().unwrap_or_default()
    }
}

/// A member of an object, or `undefined`.
pub(super) fn member(object: &JsValue, name: &str) -> JsValue {
    if object.is_object() {
        Reflect::get(object, &name.into()).unwrap_or_default()
    } else {
        JsValue::UNDEFINED
    }
}
