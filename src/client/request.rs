//! Sends requests with gloo-net.

use std::collections::BTreeMap;

use gloo_net::http::{Headers, Method, RequestBuilder};
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::spawn_local;
use web_sys::{AbortSignal, FormData, RequestMode, RequestRedirect, Response, ResponseType};

use super::options::Options;
use super::outgoing::OutgoingRequest;
use super::reading::text_of;
use crate::error::{Error, ErrorKind};
use crate::run::{Fact, Head, Wire};
use crate::thrown::Thrown;

/// The parts of a request besides the options.
#[derive(Debug)]
pub(super) struct Made {
    pub(super) method: &'static str,
    pub(super) url: String,
    pub(super) body: Body,
    /// The caller does not read the reply.
    pub(super) blind: bool,
}

/// The body of a request.
#[derive(Debug)]
pub(super) enum Body {
    Nothing,
    Json(String),
    Form(FormData),
}

/// Sends a request and waits for the headers of the reply.
///
/// # Errors
///
/// The fact that explains the failure, and what the browser threw.
pub(super) async fn send(
    options: &Options,
    made: Made,
    signal: &AbortSignal,
) -> Result<Response, (Fact, Option<Thrown>)> {
    let request = if made.blind {
        let request = RequestBuilder::new(&made.url).mode(RequestMode::NoCors);
        request.abort_signal(Some(signal)).build()
    } else {
        let (text, form) = match made.body {
            Body::Nothing => (None, None),
            Body::Json(text) => (Some(text), None),
            Body::Form(form) => (None, Some(form)),
        };
        let outgoing = outgoing(options, made.method, made.url, text).await;
        build(outgoing, form, Some(signal))
    };
    let request = request.map_err(|error| {
        let thrown = Thrown::text(&error);
        let message = "no request can be made with these headers, this API key and this data";
        let error = Error::new(ErrorKind::Config, message);
        (Fact::Unsendable(error), Some(thrown))
    })?;
    let response = request.send().await;
    response
        .map(Into::into)
        .map_err(|error| (Fact::Failed, Some(thrown(error))))
}

/// Detects whether a server speaks Socket.IO. Ends the session at once.
pub(super) async fn handshake(options: &Options, url: String, signal: &AbortSignal) -> Wire {
    let first = OutgoingRequest {
        method: "GET",
        url,
        headers: options.headers_now().await,
        body: None,
        credentials: options.credentials,
    };
    let text = text_of_reply(first.clone(), Some(signal)).await;
    let Some(sid) = text.as_deref().and_then(session_of) else {
        return Wire::EventStream;
    };
    let last = OutgoingRequest {
        method: "POST",
        url: [&first.url, "&sid=", &crate::endpoint::encode(sid)].concat(),
        // the packet `close` (https://socket.io/docs/v4/engine-io-protocol/#protocol)
        body: Some("1".to_owned()),
        ..first
    };
    spawn_local(async move {
        drop(text_of_reply(last, None).await);
    });
    Wire::SocketIo
}

/// The text of a successful reply.
async fn text_of_reply(request: OutgoingRequest, signal: Option<&AbortSignal>) -> Option<String> {
    let response: Response = build(request, None, signal).ok()?.send().await.ok()?.into();
    if !response.ok() {
        return None;
    }
    text_of(&response).await.ok()
}

/// The session that an Engine.IO packet `open` names (<https://socket.io/docs/v4/engine-io-protocol/#handshake>).
fn session_of(packet: &str) -> Option<&str> {
    let open = packet.strip_prefix("0{")?;
    let (_, sid) = open.split_once("\"sid\":\"")?;
    sid.split('"').next().filter(|sid| !sid.is_empty())
}

/// A request with the current key and headers, after the program's changes.
async fn outgoing(
    options: &Options,
    method: &'static str,
    url: String,
    body: Option<String>,
) -> OutgoingRequest {
    let mut request = OutgoingRequest {
        method,
        url,
        headers: options.headers_now().await,
        body,
        credentials: options.credentials,
    };
    if let Some(key) = options.api_key.now().await {
        request.set_header("authorization", ["Bearer ", &key].concat());
    }
    if request.body.is_some() {
        request.set_header("content-type", "application/json");
    }
    match &options.on_request {
        Some(change) => (change.0)(request).await,
        None => request,
    }
}

fn build(
    request: OutgoingRequest,
    form: Option<FormData>,
    signal: Option<&AbortSignal>,
) -> Result<gloo_net::http::Request, gloo_net::Error> {
    let method = match request.method {
        "POST" => Method::POST,
        "PUT" => Method::PUT,
        _ => Method::GET,
    };
    let headers = headers(&request.headers)?;
    let mut built = RequestBuilder::new(&request.url)
        .abort_signal(signal)
        .method(method)
        .headers(headers)
        // a redirect would carry the key to another address
        .redirect(RequestRedirect::Manual);
    if let Some(credentials) = request.credentials {
        built = built.credentials(credentials.to_js());
    }
    match (request.body, form) {
        (Some(text), _) => built.body(text),
        (None, Some(form)) => built.body(form),
        (None, None) => built.build(),
    }
}

/// The headers of the program. The browser's own rules reject an invalid one.
fn headers(given: &BTreeMap<String, String>) -> Result<Headers, gloo_net::Error> {
    let headers = web_sys::Headers::new().map_err(not_sendable)?;
    for (name, value) in given {
        headers.set(name, value).map_err(not_sendable)?;
    }
    Ok(Headers::from_raw(headers))
}

// The browser's message holds the value, which may be a key.
fn not_sendable(_: JsValue) -> gloo_net::Error {
    gloo_net::Error::GlooError("a header has a name or a value that no request can have".to_owned())
}

/// What the browser threw, if it was kept.
fn thrown(error: gloo_net::Error) -> Thrown {
    match error {
        gloo_net::Error::JsError(error) => Thrown::new(Some(error.name), Some(error.message)),
        error => Thrown::text(&error),
    }
}

/// The head of a response.
pub(super) fn head(response: &Response) -> Head {
    let content_type = response.headers().get("content-type");
    Head {
        status: response.status(),
        redirects: response.type_() == ResponseType::Opaqueredirect,
        content_type: content_type.ok().flatten().unwrap_or_default(),
    }
}
