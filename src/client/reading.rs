//! Reads the bodies of replies.

use std::cell::RefCell;
use std::rc::Rc;

use js_sys::Uint8Array;
use serde_json::Value;
use wasm_bindgen::{JsCast as _, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{ReadableStreamDefaultReader, Response};

use super::answer::Heard;
use crate::error::ErrorKind;
use crate::run::{Body, Fact, sentence};
use crate::thrown::Thrown;

/// A body, and the place that its content goes to.
pub(super) struct Reading {
    pub(super) response: Option<Response>,
    pub(super) heard: Heard,
    /// The body holds the answer.
    pub(super) answers: bool,
    pub(super) thrown: Rc<RefCell<Option<Thrown>>>,
    pub(super) reply: Rc<RefCell<String>>,
}

impl Reading {
    fn failed(&self, thrown: &JsValue) -> Fact {
        self.thrown.replace(Some(described(thrown)));
        Fact::Failed
    }
}

/// What JavaScript threw.
pub(super) fn described(thrown: &JsValue) -> Thrown {
    match thrown.dyn_ref::<js_sys::Error>() {
        Some(error) => Thrown::new(Some(error.name().into()), Some(error.message().into())),
        None => Thrown::new(None, thrown.as_string()),
    }
}

pub(super) async fn text_of(response: &Response) -> Result<String, JsValue> {
    let text = JsFuture::from(response.text()?).await?;
    Ok(text.as_string().unwrap_or_default())
}

pub(super) async fn read_json(reading: Reading) -> Fact {
    let Some(response) = &reading.response else {
        return Fact::Failed;
    };
    let text = match text_of(response).await {
        Ok(text) => text,
        Err(thrown) => return reading.failed(&thrown),
    };
    let json = crate::event::parse::json(&text, ErrorKind::Protocol, "the reply");
    let member = |name: &str| json.as_ref().ok().and_then(|json| json.get(name));
    let words = |name| member(name).and_then(Value::as_str);
    let body = Body {
        is_json: json.is_ok(),
        is_object: json.as_ref().is_ok_and(Value::is_object),
        is_streaming: member("isStreaming").and_then(Value::as_bool),
        sentence: sentence(words("message"), words("error"), &text).to_owned(),
    };
    if response.ok() && reading.answers {
        // the history is a list of messages
        let found = json
            .as_ref()
            .ok()
            .and_then(|json| json.pointer("/0/content"));
        match found.and_then(Value::as_str) {
            Some(content) => reading.heard.recover(content),
            None if body.is_object => reading.heard.reply(text.clone()),
            None => {}
        }
    }
    reading.reply.replace(text);
    Fact::Read(body)
}

pub(super) async fn read_events(reading: Reading) -> Fact {
    let Some(response) = &reading.response else {
        return Fact::Failed;
    };
    let Some(body) = response.body() else {
        // a response without a stream is read whole
        return match text_of(response).await {
            Ok(text) => {
                let bytes = text.as_bytes();
                reading
                    .heard
                    .push(bytes.len(), |room| room.copy_from_slice(bytes));
                Fact::Ended
            }
            Err(thrown) => reading.failed(&thrown),
        };
    };
    let reader = Reader(body.get_reader().unchecked_into());
    loop {
        let read = match JsFuture::from(reader.0.read()).await {
            Ok(read) => read,
            Err(thrown) => return reading.failed(&thrown),
        };
        let value = js_sys::Reflect::get(&read, &"value".into()).unwrap_or_default();
        let Ok(chunk) = value.dyn_into::<Uint8Array>() else {
            return Fact::Ended;
        };
        let len = chunk.length() as usize;
        if reading.heard.push(len, |room| chunk.copy_to(room)) {
            return Fact::Ended;
        }
    }
}

/// A reader of a body. Dropping it cancels the body.
struct Reader(ReadableStreamDefaultReader);

impl Drop for Reader {
    fn drop(&mut self) {
        let cancelled = JsFuture::from(self.0.cancel());
        // it rejects if the connection is already broken
        spawn_local(async move { drop(cancelled.await) });
    }
}
