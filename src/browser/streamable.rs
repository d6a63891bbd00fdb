//! Whether a chatflow streams.
//!
//! With `streaming` in a request's body, Flowise 3.1.x answers nothing at all to whatever fails before its event stream
//! has begun (`packages/server/src/middlewares/errors/index.ts`), so this is asked first.

use js_sys::Map;
use wasm_bindgen::JsValue;

use super::bindings::member;
use super::control::{Cause, Control};
use super::failure::is_known;
use super::server::{Server, json, unexpected};

thread_local! {
    /// A boolean for each URL that was asked.
    static KNOWN: Map = Map::new();
}

/// Asks once for each chatflow.
pub(crate) async fn is_streamable(server: &Server, control: &Control) -> Result<bool, JsValue> {
    let key = server.endpoint.api(&path(server)?).into();
    match KNOWN.with(|known| known.get(&key)).as_bool() {
        Some(known) => Ok(known),
        None => ask(server, control).await,
    }
}

/// Asks `GET /chatflows-streaming/:id`, which is open to every origin that may use the chatflow.
pub(crate) async fn ask(server: &Server, control: &Control) -> Result<bool, JsValue> {
    let _limit = control.limit(server.timeout("connect"), Cause::CONNECT);
    let path = path(server)?;
    let response = match server
        .send("GET", &path, &JsValue::UNDEFINED, control)
        .await
    {
        Err(thrown) if !is_known(&thrown) => return Err(server.explain(&thrown, control).await),
        response => response?,
    };
    let streams = member(&json(&response, control).await?, "isStreaming").as_bool();
    let streams = streams.ok_or_else(|| unexpected(&response))?;
    KNOWN.with(|known| known.set(&server.endpoint.api(&path).into(), &streams.into()));
    Ok(streams)
}

/// Asks anew next time.
pub(crate) fn forget(server: &Server) {
    if let Ok(path) = path(server) {
        KNOWN.with(|known| known.delete(&server.endpoint.api(&path).into()));
    }
}

fn path(server: &Server) -> Result<String, JsValue> {
    server.path("/chatflows-streaming/")
}
