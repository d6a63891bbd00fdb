//! The calls besides predictions that a chat page makes, each of which is one request: what a chatflow allows, files,
//! feedback, leads and speech.

use js_sys::{JSON, Object, Promise};
use wasm_bindgen::prelude::*;
use web_sys::AbortSignal;

use super::abort::{abort_on_server, reached};
use super::bindings::{member, merged, set};
use super::control::{Cause, Control};
use super::failure::is_known;
use super::server::{Server, content_type, encode, json, only_listed, unexpected};
use super::spawn;

/// A request, and what is made of its reply.
struct Call {
    method: &'static str,
    path: String,
    body: JsValue,
    reply: Reply,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Reply {
    /// An object.
    Object,
    /// An object, of a path that only CORS_ORIGINS opens to other origins.
    ListedObject,
    /// The body, which is an event stream.
    EventStream,
}

/// Whether the chatflow streams, as `{ isStreaming }`.
pub(crate) fn is_streaming(options: &JsValue) -> Promise {
    request(options, &|server| get(server, "/chatflows-streaming/"))
}

/// What the chatflow's owner has set for chat pages.
pub(crate) fn chatbot_config(options: &JsValue) -> Promise {
    request(options, &|server| get(server, "/public-chatbotConfig/"))
}

/// Stops what runs in a conversation: a promise of `{ reached, error? }` that never rejects.
pub(crate) fn abort(options: &JsValue, chat_id: &str) -> Promise {
    match Server::from_options(options) {
        Ok(server) => abort_on_server(&server, chat_id),
        Err(error) => {
            let outcome = reached(false);
            set(outcome.unchecked_ref(), "error", &error.into());
            Promise::resolve(&outcome)
        }
    }
}

/// Adds a feedback, or changes the one whose `id` is given.
pub(crate) fn feedback(options: &JsValue, feedback: &JsValue) -> Promise {
    request(options, &|server| {
        let (method, path) = match member(feedback, "id").as_string() {
            Some(id) => ("PUT", ["/feedback/", &encode(&id)].concat()),
            None => ("POST", server.path("/feedback/")?),
        };
        about(server, feedback, method, path)
    })
}

/// Says who asks.
pub(crate) fn lead(options: &JsValue, lead: &JsValue) -> Promise {
    request(options, &|server| {
        about(server, lead, "POST", "/leads".to_owned())
    })
}

/// Sends a form with files; the reply has their texts.
pub(crate) fn attach(options: &JsValue, chat_id: &str, form: &JsValue) -> Promise {
    request(options, &|server| {
        Ok(Call {
            method: "POST",
            path: [&server.path("/attachments/")?, "/", &encode(chat_id)].concat(),
            body: form.clone(),
            reply: Reply::ListedObject,
        })
    })
}

/// Lets a text be spoken: a promise of the body, an event stream.
pub(crate) fn speech(options: &JsValue, how: &JsValue) -> Promise {
    request(options, &|server| {
        let body = merged(&[how]);
        set(&body, "chatflowId", &server.chatflow().into());
        Ok(Call {
            method: "POST",
            path: "/text-to-speech/generate".to_owned(),
            body: JSON::stringify(&body)?.into(),
            reply: Reply::EventStream,
        })
    })
}

fn get(server: &Server, path: &str) -> Result<Call, JsValue> {
    Ok(Call {
        method: "GET",
        path: server.path(path)?,
        body: JsValue::UNDEFINED,
        reply: Reply::Object,
    })
}

/// Data about the chatflow; Flowise writes `chatflowid` so.
fn about(
    server: &Server,
    data: &JsValue,
    method: &'static str,
    path: String,
) -> Result<Call, JsValue> {
    let body = merged(&[data]);
    set(&body, "chatflowid", &server.chatflow().into());
    Ok(Call {
        method,
        path,
        body: JSON::stringify(&body)?.into(),
        reply: Reply::ListedObject,
    })
}

/// Makes a call: a promise that rejects with a `FlowiseError`.
// No type parameter, as each call would have its own copy.
fn request(options: &JsValue, prepare: &dyn Fn(&Server) -> Result<Call, JsValue>) -> Promise {
    let prepared = Server::from_options(options)
        .map_err(JsValue::from)
        .and_then(|server| {
            let call = prepare(&server)?;
            Ok((server, call, control_of(options)?))
        });
    spawn::promise(async move {
        let (server, call, control) = prepared?;
        let result = run(&server, &call, &control).await;
        control.close();
        match call.reply {
            Reply::ListedObject => only_listed(result),
            _ => result,
        }
    })
}

async fn run(server: &Server, call: &Call, control: &Control) -> Result<JsValue, JsValue> {
    let _total = control.limit(server.total(), Cause::TOTAL);
    let _first = control.limit(server.timeout("firstByte"), Cause::FIRST_BYTE);
    let response = server
        .send(call.method, &call.path, &call.body, control)
        .await;
    let response = match response {
        Err(thrown) if !is_known(&thrown) => return Err(server.explain(&thrown, control).await),
        response => response?,
    };
    let is_stream = response.ok() && content_type(&response).starts_with("text/event-stream");
    if call.reply == Reply::EventStream && is_stream {
        return Ok(response.body().into());
    }
    let reply = json(&response, control).await?;
    if call.reply == Reply::EventStream {
        return Err(unexpected(&response));
    }
    // a chatflow's settings are the string "OK" as long as there are none
    Ok(if reply.is_object() {
        reply
    } else {
        Object::new().into()
    })
}

/// A call that ends with the page's `signal`.
fn control_of(options: &JsValue) -> Result<Control, JsValue> {
    let control = Control::new()?;
    let signal = member(options, "signal");
    if signal.is_object() {
        control.follow(signal.unchecked_ref::<AbortSignal>());
    }
    Ok(control)
}
