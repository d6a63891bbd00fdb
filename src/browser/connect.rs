//! `connect`: socket.io-client's own `io`, with one more transport.

use js_sys::{Array, Object, Reflect};
use wasm_bindgen::prelude::*;

use super::bindings::{
    Socket, absolute, event_stream_transport, io, member, merge, opened, options_of, packet_parser,
    part, register, set,
};
use super::driver::ask;
use super::options::{limits, target, transport};
use crate::random;
use crate::run::{Ask, Target, Task, Transport};

thread_local! {
    static EVENT_STREAM: JsValue = event_stream_transport(&part("Transport"));
}

/// The member of our options that socket.io-client passes to the transport.
const HIDDEN: &str = "flowise";

/// The options that socket.io-client does not know.
const OURS: [&str; 9] = [
    "chatflowId",
    "apiKey",
    "headers",
    "credentials",
    "fetch",
    "onRequest",
    "timeouts",
    "maxMessageBytes",
    "transport",
];

/// Connects as `io(url, options)` does.
///
/// # Errors
///
/// A `FlowiseError` for an invalid URL or option.
pub(crate) fn connect(url: &JsValue, options: &JsValue) -> Result<Socket, JsValue> {
    let (url, options) =
        match url.is_object() && options.is_undefined() && member(url, "href").is_undefined() {
            true => (&JsValue::UNDEFINED, url),
            false => (url, options),
        };
    let ours = Object::new();
    for key in OURS {
        let value = member(options, key);
        if !value.is_undefined() {
            set(&ours, key, &value);
        }
    }
    set(&ours, "url", url);
    let socket = open(&ours, transport(&ours)?, options)?;
    register(&socket, &ours);
    Ok(socket)
}

/// Connects for one run, over Socket.IO.
pub(crate) fn connect_alone(run: u32) -> Result<Socket, JsValue> {
    let options = &options_of(run);
    let theirs = merge(&JsValue::UNDEFINED, options)?;
    set(&theirs, "forceNew", &JsValue::TRUE);
    // the limit of the whole run is not the limit of its connection
    let _ = Reflect::delete_property(&theirs, &"timeout".into());
    let target = target(options)?;
    set(&theirs, "parser", &packet_parser(&parser(&theirs)));
    let given = member(options, "transports");
    set(&theirs, "transports", &classes_of(&given));
    prepare(&theirs, &target, options);
    io(&address(&target), &theirs)
}

fn open(ours: &Object, wires: Transport, options: &JsValue) -> Result<Socket, JsValue> {
    let target = target(ours)?;
    let theirs = merge(&JsValue::UNDEFINED, options)?;
    for key in OURS {
        let _ = Reflect::delete_property(&theirs, &key.into());
    }
    set(&theirs, "parser", &packet_parser(&parser(options)));
    set(&theirs, HIDDEN, ours);
    if wires == Transport::SocketIo && target.endpoint.chatflow_id.is_none() {
        // the path names a namespace, and the query belongs to the handshake
        prepare_limit(&theirs, ours);
        return io(&absolute(&member(ours, "url"))?, &theirs);
    }
    prepare(&theirs, &target, ours);
    if wires != Transport::SocketIo {
        set(
            &theirs,
            "transports",
            &transports(wires, &member(options, "transports")),
        );
        set(&theirs, "tryAllTransports", &JsValue::TRUE);
    }
    io(&address(&target), &theirs)
}

/// The address of the server, with the query for the handshake.
fn address(target: &Target) -> String {
    let endpoint = &target.endpoint;
    let sign = if endpoint.query.is_empty() { "" } else { "/?" };
    [&endpoint.origin, sign, &endpoint.query].concat()
}

/// Sets the options that follow from ours, unless the page has set them.
fn prepare(theirs: &Object, target: &Target, ours: &JsValue) {
    if member(theirs, "path").is_undefined() {
        let path = [&target.endpoint.mount, "/socket.io"].concat();
        set(theirs, "path", &path.into());
    }
    let headers = member(ours, "headers");
    if member(theirs, "extraHeaders").is_undefined()
        && headers.is_object()
        && !headers.is_function()
    {
        set(theirs, "extraHeaders", &headers);
    }
    prepare_limit(theirs, ours);
}

fn prepare_limit(theirs: &Object, ours: &JsValue) {
    if member(theirs, "timeout").is_undefined() {
        let ms = limits(ours).connect;
        // at 0, socket.io-client would give up at once
        let limit = (ms > 0).then_some(ms).map_or(JsValue::FALSE, JsValue::from);
        set(theirs, "timeout", &limit);
    }
}

fn parser(options: &JsValue) -> JsValue {
    let given = member(options, "parser");
    if given.is_object() {
        return given;
    }
    let parser = Object::new();
    for name in ["Encoder", "Decoder"] {
        set(&parser, name, &part(name));
    }
    parser.into()
}

/// The transports as classes. Polling is first, because it detects the server's generation; ours comes before the
/// others, which would fail on a server of event streams.
fn transports(wires: Transport, given: &JsValue) -> Array {
    let ours = EVENT_STREAM.with(JsValue::clone);
    if wires == Transport::EventStream {
        return Array::of1(&ours);
    }
    let classes = classes_of(given);
    let at = if Array::is_array(given) {
        classes.length()
    } else {
        1
    };
    classes.splice(at, 0, &ours);
    classes
}

/// socket.io-client's own transports as classes: the ones that the page has chosen, or all.
fn classes_of(given: &JsValue) -> Array {
    // the exports by name are for browsers, these for the current platform
    let known = part("transports");
    let named = |name: &str| {
        // the service worker of an extension has no XMLHttpRequest
        let is_browser = member(&known, "polling") == part("XHR");
        if name == "polling"
            && is_browser
            && member(&js_sys::global(), "XMLHttpRequest").is_undefined()
        {
            return part("Fetch");
        }
        member(&known, name)
    };
    let chosen = if Array::is_array(given) {
        given.clone().unchecked_into()
    } else {
        Array::of3(
            &"polling".into(),
            &"websocket".into(),
            &"webtransport".into(),
        )
    };
    let classes = Array::new();
    for given in chosen.iter() {
        let class = given.as_string().map_or(given, |name| named(&name));
        if class.is_function() {
            classes.push(&class);
        }
    }
    classes
}

/// Checks whether a server answers, so that our transport may open.
pub(crate) fn probe(transport: &JsValue) {
    let options = member(&member(transport, "opts"), HIDDEN);
    let Ok(target) = target(&options) else {
        // `connect` has already read the same options
        return;
    };
    if member(&options, "sid").is_undefined() {
        set(options.unchecked_ref(), "sid", &random::uuid().into());
    }
    let learns = super::options::transport(&options).is_ok_and(|wires| wires == Transport::Auto);
    let asked = Object::new();
    set(&asked, "options", &options);
    set(&asked, "ended", &opened(transport));
    let limits = limits(&options);
    ask(
        Ask {
            task: Task::Probe { learns },
            target,
            limits,
        },
        &asked,
    );
}
