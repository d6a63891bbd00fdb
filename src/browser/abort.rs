//! Stopping a run on the server.

use js_sys::{Object, Promise};
use wasm_bindgen::prelude::*;
use web_sys::Response;

use super::bindings::set;
use super::control::{Cause, Control};
use super::failure::{fail, is_kind, is_known};
use super::server::{Server, encode, json, only_listed};
use super::spawn::promise;
use crate::error::ErrorKind;

/// Asks the server to stop a run: a promise of `{ reached, error? }` that never rejects.
///
/// The request outlives the page, as a run that nobody listens to should stop. Flowise answers the same whether or not
/// anything was stopped, and never stops a classic chain or tool agent (`packages/server/src/utils/buildChatflow.ts`).
pub(crate) fn abort_on_server(server: &Server, chat_id: &str) -> Promise {
    let started = server.path("/chatmessage/abort/").and_then(|path| {
        server.start(
            "PUT",
            &[&path, "/", &encode(chat_id)].concat(),
            &JsValue::UNDEFINED,
            None,
        )
    });
    let server = server.clone();
    promise(async move {
        let outcome = match started {
            Ok(promise) => finish(&server, promise).await,
            Err(error) => Err(error),
        };
        let told = reached(outcome.is_ok());
        if let Err(error) = outcome {
            set(told.unchecked_ref(), "error", &error);
        }
        Ok(told)
    })
}

/// What became of an abort.
pub(crate) fn reached(reached: bool) -> JsValue {
    let outcome = Object::new();
    set(&outcome, "reached", &reached.into());
    outcome.into()
}

async fn finish(server: &Server, promise: Promise) -> Result<JsValue, JsValue> {
    let control = Control::new()?;
    // the request itself is not limited: it may arrive later than anybody wants to wait for its reply
    let _limit = control.limit(server.timeout("connect"), Cause::CONNECT);
    let response = match control.wait(&promise).await {
        Ok(response) => response.unchecked_into::<Response>(),
        Err(thrown) if is_known(&thrown) => return Err(thrown),
        Err(thrown) => return only_listed(Err(server.explain(&thrown, &control).await)),
    };
    json(&response, &control).await.map_err(|error| {
        if !is_kind(&error, ErrorKind::Unauthorized) {
            return error;
        }
        let message =
            "this server stops a run only for an `apiKey` of its own (Flowise before 3.1.0)";
        fail(ErrorKind::Unauthorized, message)
    })
}
