//! `connect`: socket.io-client's own `io`, with one more transport.

use std::cell::RefCell;

use js_sys::{Array, Function, Object, Reflect, Set, WeakMap, WeakRef};
use wasm_bindgen::prelude::*;

use super::bindings::{
    self, Socket, Transport, add_query, event_stream_transport, member, merged, packet_parser, set,
};
use super::control::{Cause, Control};
use super::failure::is_kind;
use super::parts;
use super::random;
use super::server::Server;
use super::spawn::promise;
use super::streamable;
use crate::error::{Error, ErrorKind};

/// Which wires are tried.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TransportOption {
    Auto,
    SocketIo,
    EventStream,
}

impl TransportOption {
    pub(crate) fn from_options(options: &JsValue) -> Result<Self, Error> {
        let value = member(options, "transport");
        match value.as_string().as_deref() {
            None if value.is_undefined() => Ok(Self::Auto),
            Some("auto") => Ok(Self::Auto),
            Some("socket.io") => Ok(Self::SocketIo),
            Some("sse") => Ok(Self::EventStream),
            _ => Err(Error::new(
                ErrorKind::Config,
                "`transport` must be 'auto', 'socket.io' or 'sse'",
            )),
        }
    }
}

thread_local! {
    /// What `connect` was called with, for each socket: a member `flowise` of a socket would be the page's to see.
    static OPTIONS: WeakMap = WeakMap::new();
    /// To find a socket by its id. Weak, so that a page can drop a socket without a word.
    static SOCKETS: RefCell<Vec<WeakRef>> = const { RefCell::new(Vec::new()) };
    /// Addresses of servers that were found to have no Socket.IO.
    static EVENT_STREAM_SERVERS: Set = Set::new(&JsValue::UNDEFINED);
    static EVENT_STREAM: JsValue = {
        let open = OPEN.with(|open| open.as_ref().clone());
        bindings::TRANSPORT.with(|base| event_stream_transport(base, open.unchecked_ref()))
    };
    static OPEN: Closure<dyn FnMut(JsValue)> = Closure::new(|transport: JsValue| {
        // it never rejects
        let _ = promise(open(transport.unchecked_into()));
    });
}

/// The member of our options that socket.io-client hands on to the transport.
const HIDDEN: &str = "flowise";

/// The options that are not socket.io-client's.
const OURS: [&str; 7] = [
    "chatflowId",
    "apiKey",
    "headers",
    "fetch",
    "timeouts",
    "maxMessageBytes",
    "transport",
];

/// Connects as `io(url, options)` does; `query` becomes the method of that name.
///
/// # Errors
///
/// [`ErrorKind::Config`] for a URL or an option that makes no sense.
pub(crate) fn connect(
    url: &JsValue,
    options: &JsValue,
    query: &Function,
) -> Result<Socket, JsValue> {
    parts::check()?;
    let (url, options) =
        match url.is_object() && options.is_undefined() && member(url, "href").is_undefined() {
            true => (&JsValue::UNDEFINED, url),
            false => (url, options),
        };
    let ours = Object::new();
    let theirs = merged(&[options]);
    for key in OURS {
        let value = member(options, key);
        if !value.is_undefined() {
            set(&ours, key, &value);
            let _ = Reflect::delete_property(&theirs, &key.into());
        }
    }
    set(&ours, "url", url);
    let server = Server::from_options(&ours)?;
    let transport = TransportOption::from_options(&ours)?;
    if member(options, "path").is_undefined() {
        set(
            &theirs,
            "path",
            &[&server.endpoint.mount, "/socket.io"].concat().into(),
        );
    }
    if member(options, "extraHeaders").is_undefined() && member(&ours, "headers").is_object() {
        set(&theirs, "extraHeaders", &member(&ours, "headers"));
    }
    if member(options, "timeout").is_undefined() {
        let ms = server.timeout("connect");
        // socket.io-client would give up at once after 0
        let limit = (ms > 0).then_some(ms).map_or(JsValue::FALSE, JsValue::from);
        set(&theirs, "timeout", &limit);
    }
    let ids = Set::new(&JsValue::UNDEFINED);
    if transport != TransportOption::SocketIo {
        set(
            &theirs,
            "transports",
            &transports(transport, &member(options, "transports")),
        );
        set(&theirs, "tryAllTransports", &JsValue::TRUE);
    }
    set(
        &theirs,
        "parser",
        &packet_parser(&parser(&member(options, "parser")), &ids),
    );
    set(&ours, "ids", &ids);
    set(&theirs, HIDDEN, &ours);

    let socket = bindings::io(&server.endpoint.origin, &theirs);
    add_query(&socket, query);
    OPTIONS.with(|options| options.set(socket.unchecked_ref(), &ours));
    SOCKETS.with_borrow_mut(|sockets| {
        sockets.retain(|socket| socket.deref().is_some());
        sockets.push(WeakRef::new(socket.unchecked_ref()));
    });
    Ok(socket)
}

/// What `connect` was called with; `undefined` for a socket that is not of its making.
#[cfg(feature = "js")]
pub(crate) fn options_of(socket: &Socket) -> JsValue {
    OPTIONS.with(|options| options.get(socket.unchecked_ref()))
}

/// The socket with this id, or that had it before it reconnected.
///
/// A page that asks before its socket is connected has no id yet: then it is the only one that the page has.
#[cfg(feature = "js")]
pub(crate) fn find(id: &str) -> Option<Socket> {
    let sockets: Vec<Socket> = SOCKETS.with_borrow(|sockets| {
        sockets
            .iter()
            .filter_map(|socket| Some(socket.deref()?.unchecked_into()))
            .collect()
    });
    if id.is_empty() {
        let mut active = sockets.into_iter().filter(Socket::active);
        return active.next().filter(|_| active.next().is_none());
    }
    let had = |socket: &Socket| {
        let ids: Set = member(&options_of(socket), "ids").unchecked_into();
        ids.has(&id.into())
    };
    sockets
        .into_iter()
        .find(|socket| socket.id().as_deref() == Some(id) || had(socket))
}

/// Whether this server is known to stream server-sent events.
pub(crate) fn has_event_stream(server: &Server) -> bool {
    EVENT_STREAM_SERVERS.with(|servers| servers.has(&server.endpoint.api("").into()))
}

pub(crate) fn set_event_stream(server: &Server, has: bool) {
    let address = server.endpoint.api("").into();
    EVENT_STREAM_SERVERS.with(|servers| {
        if has {
            servers.add(&address);
        } else {
            servers.delete(&address);
        }
    });
}

fn parser(given: &JsValue) -> JsValue {
    if given.is_object() {
        return given.clone();
    }
    let parser = Object::new();
    bindings::ENCODER.with(|encoder| set(&parser, "Encoder", encoder));
    bindings::DECODER.with(|decoder| set(&parser, "Decoder", decoder));
    parser.into()
}

/// The transports as classes: polling first, which tells the generations apart, and ours before those that would only
/// be tried in vain.
fn transports(option: TransportOption, given: &JsValue) -> Array {
    let classes = Array::new();
    let ours = EVENT_STREAM.with(JsValue::clone);
    if option == TransportOption::EventStream {
        classes.push(&ours);
        return classes;
    }
    let named = |name: &str| bindings::TRANSPORTS.with(|transports| member(transports, name));
    if Array::is_array(given) {
        for given in given.unchecked_ref::<Array>().iter() {
            let class = given.as_string().map_or(given, |name| named(&name));
            if class.is_function() {
                classes.push(&class);
            }
        }
        classes.push(&ours);
    } else {
        for class in [
            &named("polling"),
            &ours,
            &named("websocket"),
            &named("webtransport"),
        ] {
            classes.push(class);
        }
    }
    classes
}

/// Opens our transport, if a server is there.
async fn open(transport: Transport) -> Result<JsValue, JsValue> {
    let options = member(&transport.opts(), HIDDEN);
    match probe(&options).await {
        Ok(()) => {
            // the same id at every reconnection: no server knows it, and a page may have kept it
            let sid = member(&options, "sid")
                .as_string()
                .unwrap_or_else(random::uuid);
            set(options.unchecked_ref(), "sid", &sid.as_str().into());
            transport.accept(&sid);
        }
        Err(error) => transport.refuse(&error),
    }
    Ok(JsValue::UNDEFINED)
}

async fn probe(options: &JsValue) -> Result<(), JsValue> {
    let server = Server::from_options(options)?;
    let control = Control::new()?;
    let _limit = control.limit(server.timeout("connect"), Cause::CONNECT);
    if server.chatflow().is_some() {
        match streamable::ask(&server, &control).await {
            // the server is there, and a query will say what is wrong with the chatflow
            Err(error)
                if is_kind(&error, ErrorKind::NotFound) || is_kind(&error, ErrorKind::Server) => {}
            asked => drop(asked?),
        }
    } else if !server.is_there(&control).await {
        return Err(server.is_down(&JsValue::UNDEFINED));
    }
    if TransportOption::from_options(options)? == TransportOption::Auto {
        set_event_stream(&server, true);
    }
    Ok(())
}
