//! Requests by gloo-net.

use gloo_net::http::{Headers, Method, RequestBuilder};
use wasm_bindgen::JsValue;
use web_sys::{AbortSignal, RequestRedirect, Response, ResponseType};

use super::options::Options;
use crate::error::{Error, ErrorKind};
use crate::run::{Fact, Head};
use crate::thrown::Thrown;

/// What a request is made of, besides the options.
#[derive(Debug)]
pub(super) struct Made {
    pub(super) method: &'static str,
    pub(super) url: String,
    /// JSON text or a form.
    pub(super) body: Option<JsValue>,
    pub(super) is_json: bool,
    pub(super) blind: bool,
}

impl Made {
    /// A plain request.
    pub(super) const fn get(url: String) -> Self {
        Self {
            method: "GET",
            url,
            body: None,
            is_json: false,
            blind: false,
        }
    }
}

/// Sends a request and waits for the headers of the reply.
///
/// # Errors
///
/// The fact that says why there is none, and what the browser threw.
pub(super) async fn send(
    options: &Options,
    made: Made,
    signal: &AbortSignal,
) -> Result<Response, (Fact, Option<Thrown>)> {
    let request = build(options, made, signal).map_err(|error| {
        let thrown = Thrown::text(&error);
        let message = "no request can be made of these headers, this API key and this data";
        let error = Error::new(ErrorKind::Config, message);
        (Fact::Unsendable(error), Some(thrown))
    })?;
    let response = request.send().await;
    response
        .map(Into::into)
        .map_err(|error| (Fact::Failed, Some(thrown(error))))
}

fn build(
    options: &Options,
    made: Made,
    signal: &AbortSignal,
) -> Result<gloo_net::http::Request, gloo_net::Error> {
    let request = RequestBuilder::new(&made.url).abort_signal(Some(signal));
    if made.blind {
        return request.mode(web_sys::RequestMode::NoCors).build();
    }
    let method = match made.method {
        "POST" => Method::POST,
        "PUT" => Method::PUT,
        _ => Method::GET,
    };
    let request = request
        .method(method)
        .headers(headers(options, made.is_json)?)
        // a redirect would carry the key to another address
        .redirect(RequestRedirect::Manual);
    match made.body {
        Some(body) => request.body(body),
        None => request.build(),
    }
}

/// The headers of the program; one that no request can have is left out by the browser's own rules, with an error.
fn headers(options: &Options, is_json: bool) -> Result<Headers, gloo_net::Error> {
    let headers = web_sys::Headers::new().map_err(not_sendable)?;
    let key = options.api_key.as_deref().filter(|key| !key.is_empty());
    let key = key.map(|key| ["Bearer ", key].concat());
    let given = options.headers.iter();
    let mut all: Vec<(&str, &str)> = given.map(|(name, value)| (&**name, &**value)).collect();
    all.extend(key.as_deref().map(|key| ("authorization", key)));
    all.extend(is_json.then_some(("content-type", "application/json")));
    for (name, value) in all {
        headers.set(name, value).map_err(not_sendable)?;
    }
    Ok(Headers::from_raw(headers))
}

// The browser's message holds the value, which may be a key.
fn not_sendable(_: JsValue) -> gloo_net::Error {
    gloo_net::Error::GlooError("a header has a name or a value that no request can have".to_owned())
}

/// What the browser threw, as far as it was kept.
pub(super) fn thrown(error: gloo_net::Error) -> Thrown {
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
