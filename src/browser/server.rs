//! Flowise's REST paths: how a request is made, and what its reply means.

use js_sys::{JsString, Promise, global};
use wasm_bindgen::prelude::*;
use web_sys::{AbortSignal, Response, ResponseType};

use super::bindings::{absolute, knock, member, parse_json, send};
use super::control::Control;
use super::failure::{fail, fail_because, is_kind, is_known};
use crate::endpoint::Endpoint;
use crate::error::{Error, ErrorKind};
use crate::text::find;

/// A chatflow, and how to reach it.
#[derive(Clone, Debug)]
pub(crate) struct Server {
    pub(crate) endpoint: Endpoint,
    /// `chatflowId`, `apiKey`, `headers`, `fetch`, `timeouts`, `timeout`.
    pub(crate) options: JsValue,
}

impl Server {
    pub(crate) fn from_options(options: &JsValue) -> Result<Self, Error> {
        let endpoint = Endpoint::parse(&absolute(&member(options, "url")))?;
        Ok(Self {
            endpoint,
            options: options.clone(),
        })
    }

    /// The chatflow's id as a part of a path.
    pub(crate) fn chatflow(&self) -> Option<String> {
        let given = member(&self.options, "chatflowId")
            .as_string()
            .filter(|id| !id.is_empty());
        given
            .or_else(|| self.endpoint.chatflow_id.clone())
            .map(|id| encode(&id))
    }

    /// A path of the chatflow.
    pub(crate) fn path(&self, of: &str) -> Result<String, JsValue> {
        let chatflow = self.chatflow().ok_or_else(|| {
            let message =
                "no chatflow: give the option `chatflowId`, or the whole prediction URL as `url`";
            fail(ErrorKind::Config, message)
        })?;
        Ok([of, &chatflow].concat())
    }

    /// One of `timeouts`, in milliseconds.
    pub(crate) fn timeout(&self, name: &str) -> u32 {
        let default = match name {
            "connect" => 20_000,
            "firstByte" => 60_000,
            "idle" => 300_000,
            _ => 0,
        };
        milliseconds(&member(&member(&self.options, "timeouts"), name)).unwrap_or(default)
    }

    /// The time for everything together.
    pub(crate) fn total(&self) -> u32 {
        milliseconds(&member(&self.options, "timeout")).unwrap_or_else(|| self.timeout("total"))
    }

    /// Sends a request to one of Flowise's paths and waits for the headers of the reply.
    pub(crate) async fn send(
        &self,
        method: &str,
        path: &str,
        body: &JsValue,
        control: &Control,
    ) -> Result<Response, JsValue> {
        let promise = self.start(method, path, body, Some(&control.signal()))?;
        let response: Response = control.wait(&promise).await?.unchecked_into();
        if response.type_() == ResponseType::Opaqueredirect {
            let message = "the server redirects: give its final address as `url`";
            return Err(fail(ErrorKind::Protocol, message));
        }
        Ok(response)
    }

    /// Starts a request. One without a signal outlives the page.
    pub(crate) fn start(
        &self,
        method: &str,
        path: &str,
        body: &JsValue,
        signal: Option<&AbortSignal>,
    ) -> Result<Promise, JsValue> {
        send(
            &self.options,
            &self.endpoint.api(path),
            method,
            body,
            signal,
        )
        .map_err(|thrown| {
            if is_known(&thrown) {
                return thrown;
            }
            let message = "no request can be made with these `headers` and this `apiKey`";
            fail_because(ErrorKind::Config, message, &thrown)
        })
    }

    /// Whether anything answers at all, even if the page may not read what.
    pub(crate) async fn is_there(&self, control: &Control) -> bool {
        control
            .wait(&knock(
                &self.options,
                &self.endpoint.api("/ping"),
                &control.signal(),
            ))
            .await
            .is_ok()
    }

    /// What it means that `fetch` failed: browsers do not say whether nobody answered or the answer may not be read.
    pub(crate) async fn explain(&self, thrown: &JsValue, control: &Control) -> JsValue {
        if !self.is_there(control).await {
            return self.is_down(thrown);
        }
        let page = member(&member(&global(), "location"), "origin").as_string();
        let message = [
            &self.endpoint.origin,
            " answers, but not to pages of ",
            page.as_deref().unwrap_or("this origin"),
            ": allow it there (CORS_ORIGINS, or the chatflow's allowed origins), and check `chatflowId`",
        ];
        fail_because(ErrorKind::Cors, &message.concat(), thrown)
    }

    pub(crate) fn is_down(&self, thrown: &JsValue) -> JsValue {
        let message = [
            &self.endpoint.origin,
            " does not answer: check `url`, and that the server is running",
        ];
        fail_because(ErrorKind::Connect, &message.concat(), thrown)
    }
}

fn milliseconds(value: &JsValue) -> Option<u32> {
    // setTimeout wraps around above this, and would fire at once
    value
        .as_f64()
        .filter(|ms| *ms >= 0.0)
        .map(|ms| ms.min(2_147_483_647.0) as u32)
}

/// The parsed JSON of a reply.
///
/// # Errors
///
/// What the server says in a reply that is no success, or [`ErrorKind::Protocol`] for one that is no JSON.
pub(crate) async fn json(response: &Response, control: &Control) -> Result<JsValue, JsValue> {
    let text: JsString = control.wait(&response.text()?).await?.unchecked_into();
    let parsed = parse_json(&text);
    if response.ok() {
        return parsed.map_err(|_| unexpected(response));
    }
    let body = parsed.unwrap_or_default();
    let sentence = member(&body, "message")
        .as_string()
        .or_else(|| member(&body, "error").as_string());
    let sentence = sentence.unwrap_or_else(|| {
        // a proxy's error page says no more than the status
        if content_type(response).starts_with("text/html") && text.starts_with("<", 0) {
            return String::new();
        }
        text.slice(0, 500).into()
    });
    Err(Error::from_status(response.status(), &sentence).into())
}

/// The failure of a reply that no Flowise gives.
pub(crate) fn unexpected(response: &Response) -> JsValue {
    let content_type = content_type(response);
    if find(&content_type, "json").is_some() {
        return fail(ErrorKind::Protocol, "the server's reply is not valid JSON");
    }
    let message = [
        "the server answered with ",
        if content_type.is_empty() {
            "no content type"
        } else {
            &content_type
        },
        " instead of JSON or an event stream: check that `url` is a Flowise server's",
    ];
    fail(ErrorKind::Protocol, &message.concat())
}

pub(crate) fn content_type(response: &Response) -> String {
    response
        .headers()
        .get("content-type")
        .ok()
        .flatten()
        .unwrap_or_default()
}

/// As a part of a path.
pub(crate) fn encode(text: &str) -> String {
    js_sys::encode_uri_component(text).into()
}

/// Says, of a call that a chatflow's own allowed origins do not open, what does.
pub(crate) fn only_listed(result: Result<JsValue, JsValue>) -> Result<JsValue, JsValue> {
    result.map_err(|error| {
        if !is_kind(&error, ErrorKind::Cors) {
            return error;
        }
        let message = "from another origin this call is refused: add the page's origin to CORS_ORIGINS of the Flowise \
                       server (a chatflow's allowed origins do not open it)";
        fail_because(ErrorKind::Cors, message, &member(&error, "cause"))
    })
}
