//! The calls of the Rust API besides streams, and its errors, in a page and against the dev server.

#![cfg(target_arch = "wasm32")]
#![allow(clippy::unwrap_used, reason = "a test stops where it cannot go on")]

#[path = "support/flowise.rs"]
mod support;

use std::error::Error as _;
use std::pin::Pin;

use flowise_stream::{ErrorKind, PredictionRequest};
use futures_util::FutureExt as _;
use js_sys::{Array, Uint8Array};
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

use support::{flowise, hi, servers};

wasm_bindgen_test_configure!(run_in_browser);

#[wasm_bindgen(inline_js = "
class Requests {
  signals = []
  #fetch = globalThis.fetch
  constructor() {
    globalThis.fetch = (request, init) => {
      this.signals.push(init?.signal ?? request.signal)
      return this.#fetch.call(globalThis, request, init)
    }
  }
  sent() {
    return this.signals.length
  }
  aborted() {
    return this.signals.filter((signal) => signal.aborted).length
  }
  stop() {
    globalThis.fetch = this.#fetch
  }
}
export const watch_requests = () => new Requests()
")]
extern "C" {
    /// The requests that the page makes.
    type Requests;
    fn watch_requests() -> Requests;
    #[wasm_bindgen(method)]
    fn sent(this: &Requests) -> u32;
    #[wasm_bindgen(method)]
    fn aborted(this: &Requests) -> u32;
    #[wasm_bindgen(method)]
    fn stop(this: &Requests);
}

#[wasm_bindgen_test]
async fn what_a_chat_page_needs_besides_can_be_asked() {
    let [sse, socket_io] = servers();
    for server in [sse, socket_io] {
        let flowise = flowise(server, "chain");
        assert!(flowise.is_streaming().await.unwrap());
        flowise.chatbot_config().await.unwrap();
    }
    let files = flowise(sse, "files");
    let content = Uint8Array::from(&b"a text of no importance"[..]);
    let options = web_sys::FilePropertyBag::new();
    options.set_type("text/plain");
    let file = web_sys::File::new_with_u8_array_sequence_and_options(
        &Array::of1(&content),
        "notes.txt",
        &options,
    )
    .unwrap();
    let uploads = files.attach("a-chat-with-files", &[file]).await.unwrap();
    assert_eq!(uploads.len(), 1);
    assert_eq!(
        (uploads[0].kind.as_str(), uploads[0].name.as_str()),
        ("file:full", "notes.txt")
    );
    let request = PredictionRequest::new("say Got it.")
        .chat_id("a-chat-with-files")
        .upload(uploads[0].clone());
    assert!(!files.query(&request).await.unwrap().text.is_empty());
    files.abort("a-chat-with-files").await.unwrap();
    let error = flowise(socket_io, "chain")
        .abort("a-chat")
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unauthorized);
    let error = flowise(sse, "chain")
        .attach("a-chat", &[])
        .await
        .unwrap_err();
    assert!(!error.to_string().is_empty());
}

#[wasm_bindgen_test]
async fn an_error_has_what_the_browser_threw_as_its_source() {
    let nobody = flowise("http://127.0.0.1:1", "chain");
    for error in [
        nobody.query(&hi()).await.unwrap_err(),
        nobody.chatbot_config().await.unwrap_err(),
    ] {
        assert_eq!(error.kind(), ErrorKind::Connect);
        let thrown = error.source().unwrap().to_string();
        assert!(thrown.starts_with("TypeError: "), "{thrown}");
    }
    let [sse, _] = servers();
    let refused = flowise(sse, "locked").query(&hi()).await.unwrap_err();
    assert!(refused.source().is_none());
}

#[wasm_bindgen_test]
async fn who_may_not_ask_is_told_what_to_allow() {
    let [sse, _] = servers();
    let flowise = flowise(sse, "trouble-cors");
    let config = flowise.chatbot_config().await.unwrap_err();
    let files = flowise.attach("a-chat", &[]).await.unwrap_err();
    for (error, flow_decides) in [(config, true), (files, false)] {
        assert_eq!(error.kind(), ErrorKind::Cors);
        let message = error.to_string();
        assert!(message.contains("CORS_ORIGINS"), "{message}");
        assert_eq!(
            !message.contains("do not open it"),
            flow_decides,
            "{message}"
        );
    }
}

#[wasm_bindgen_test]
async fn a_call_that_is_dropped_is_cancelled() {
    let [sse, _] = servers();
    let flowise = flowise(sse, "chain");
    let requests = watch_requests();
    let mut calls: [Pin<Box<dyn Future<Output = bool>>>; 3] = [
        Box::pin(flowise.is_streaming().map(|outcome| outcome.is_ok())),
        Box::pin(flowise.chatbot_config().map(|outcome| outcome.is_ok())),
        Box::pin(flowise.attach("a-chat", &[]).map(|outcome| outcome.is_ok())),
    ];
    for call in &mut calls {
        assert!(call.as_mut().now_or_never().is_none());
    }
    assert_eq!((requests.sent(), requests.aborted()), (3, 0));
    drop(calls);
    assert_eq!(requests.aborted(), 3);
    requests.stop();
    assert!(flowise.is_streaming().await.unwrap());
}
