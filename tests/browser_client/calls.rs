//! The calls besides streams, with their requests and errors.

use std::error::Error as _;
use std::pin::Pin;
use std::sync::atomic::{AtomicU32, Ordering};

use flowise_stream::{
    Chat, Credentials, ErrorKind, Event, Flowise, FlowiseBuilder, OutgoingRequest,
    PredictionRequest, SpeechRequest,
};
use futures_util::{FutureExt as _, StreamExt as _, TryStreamExt as _};
use js_sys::{Array, Uint8Array};
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen_test::wasm_bindgen_test;

use super::support::{builder, flowise, hi, servers};

#[wasm_bindgen(inline_js = "
class Requests {
  signals = []
  lines = []
  #fetch = globalThis.fetch
  constructor() {
    globalThis.fetch = (request, init) => {
      this.signals.push(init?.signal ?? request.signal)
      if (request instanceof Request) {
        const { method, url, headers, credentials } = request
        const names = ['authorization', 'x-fixed', 'x-asked', 'x-hook']
        const values = names.map((name) => headers.get(name))
        this.lines.push([method, new URL(url).pathname, credentials, ...values].join(' '))
      }
      return this.#fetch.call(globalThis, request, init)
    }
  }
  sent() {
    return this.signals.length
  }
  aborted() {
    return this.signals.filter((signal) => signal.aborted).length
  }
  all() {
    return this.lines.join('\\n')
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
    /// Each on a line: method, path, credentials, key and headers.
    #[wasm_bindgen(method)]
    fn all(this: &Requests) -> String;
    #[wasm_bindgen(method)]
    fn stop(this: &Requests);
}

#[wasm_bindgen_test]
async fn the_other_calls_of_a_chat_page_work() {
    let [sse, socket_io] = servers();
    for server in [sse, socket_io] {
        let flowise = flowise(server, "chain");
        assert!(flowise.is_streaming().await.unwrap());
        flowise.chatbot_config().await.unwrap();
    }
    let files = flowise(sse, "files");
    let file = file("notes.txt", "text/plain", b"a text of no importance");
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

/// A file as a person chooses it.
fn file(name: &str, mime: &str, content: &[u8]) -> web_sys::File {
    let options = web_sys::FilePropertyBag::new();
    options.set_type(mime);
    let parts = Array::of1(&Uint8Array::from(content));
    web_sys::File::new_with_u8_array_sequence_and_options(&parts, name, &options).unwrap()
}

#[wasm_bindgen_test]
async fn files_become_uploads_by_their_kind_and_keep_their_order() {
    let [sse, _] = servers();
    let flowise = flowise(sse, "files");
    let files = [
        file("a.png", "image/png", &[137, 80, 78, 71]),
        file("b.txt", "text/plain", b"written"),
        file("c.wav", "audio/wav", b"RIFF"),
        file("d.txt", "text/plain", b"also written"),
    ];
    let uploads = flowise.upload("a-chat-with-all", &files).await.unwrap();
    let kinds: Vec<_> = uploads
        .iter()
        .map(|upload| (upload.kind.as_str(), upload.name.as_str()))
        .collect();
    assert_eq!(
        kinds,
        [
            ("file", "a.png"),
            ("file:full", "b.txt"),
            ("audio", "c.wav"),
            ("file:full", "d.txt")
        ]
    );
    let picture = uploads[0].data.as_deref();
    assert_eq!(picture, Some("data:image/png;base64,iVBORw=="));
    assert_eq!(uploads[1].data.as_deref(), Some("written"));
    assert!(flowise.upload("none", &[]).await.unwrap().is_empty());
}

#[wasm_bindgen_test]
async fn a_text_becomes_speech() {
    let [sse, socket_io] = servers();
    let request = SpeechRequest::new("One two three.").message("a-chat", "a-message");
    let speech = flowise(sse, "chain").speak(&request);
    let events: Vec<Event> = speech.try_collect().await.unwrap();
    assert!(events.len() > 2, "{events:?}");
    assert!(
        matches!(&events[0], Event::TtsStart(start) if start.chat_message_id == "a-message" && start.format == "wav")
    );
    assert!(matches!(events.last(), Some(Event::TtsEnd(_))));
    let speech = flowise(sse, "chain").speak(&request).finish().await;
    let speech = speech.unwrap();
    assert_eq!(
        (speech.format.as_str(), &speech.audio[..4]),
        ("wav", &b"RIFF"[..])
    );
    let length = u32::from_le_bytes(speech.audio[4..8].try_into().unwrap());
    assert_eq!(speech.audio.len(), 8 + usize::try_from(length).unwrap());

    let mut silent = flowise(sse, "chain").speak(&SpeechRequest::new(""));
    let error = silent.next().await.unwrap().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Server);
    assert!(error.to_string().contains("text not provided"), "{error}");
    assert!(silent.next().await.is_none());
    let refused = flowise(socket_io, "chain").speak(&request).finish().await;
    assert_eq!(refused.unwrap_err().kind(), ErrorKind::Unauthorized);
    let nobody = flowise("http://127.0.0.1:1", "chain").speak(&request);
    assert_eq!(
        nobody.finish().await.unwrap_err().kind(),
        ErrorKind::Connect
    );
}

#[wasm_bindgen_test]
async fn speech_that_is_dropped_is_cancelled() {
    let [sse, _] = servers();
    let requests = watch_requests();
    let mut speech = flowise(sse, "chain").speak(&SpeechRequest::new("One two three."));
    assert_eq!(requests.sent(), 0);
    assert!(speech.next().await.unwrap().is_ok());
    assert_eq!((requests.sent(), requests.aborted()), (1, 0));
    drop(speech);
    assert_eq!(requests.aborted(), 1);
    requests.stop();
}

#[wasm_bindgen_test]
async fn keys_and_headers_are_computed_for_each_request_and_a_hook_may_change_it() {
    let [sse, socket_io] = servers();
    for server in [sse, socket_io] {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let next = || NUMBER.fetch_add(1, Ordering::Relaxed).to_string();
        NUMBER.store(0, Ordering::Relaxed);
        let flowise = builder(server, "locked")
            .api_key_with(|| async { "dev-key".to_owned() })
            .header("X-Fixed", "yes")
            .header("X-Asked", "a value that does not change")
            .headers_with(move || async move { [("X-Asked", next())] })
            .credentials(Credentials::Omit)
            .on_request(|mut request: OutgoingRequest| async move {
                let body = request.body().unwrap_or("none").len().to_string();
                assert_eq!(request.header("X-FIXED"), Some("yes"));
                request.set_header("X-Hook", [request.method(), &body].join("-"));
                request.remove_header("x-fixed");
                request
            })
            .build()
            .unwrap();
        let requests = watch_requests();
        flowise.is_streaming().await.unwrap();
        flowise.is_streaming().await.unwrap();
        let path = "/api/v1/chatflows-streaming/locked";
        let line = |number| format!("GET {path} omit Bearer dev-key  {number} GET-4");
        assert_eq!(requests.all(), [line(0), line(1)].join("\n"));
        let answer = flowise.query(&hi()).await.unwrap();
        assert!(!answer.text.is_empty(), "{server}");
        let sent = requests.all();
        let question = sent.lines().find(|line| line.starts_with("POST /api"));
        assert!(question.unwrap().contains(" Bearer dev-key "), "{sent}");
        // the key goes to Flowise, not with what finds out what speaks there
        let mut handshakes = sent.lines().filter(|line| line.contains("/socket.io/"));
        assert!(
            handshakes.all(|line| !line.contains("Bearer") && line.contains(" omit ")),
            "{sent}"
        );
        requests.stop();
    }
}

#[wasm_bindgen_test]
async fn a_missing_key_and_an_invalid_header_are_reported() {
    let [sse, _] = servers();
    let flowise = builder(sse, "locked")
        .api_key_with(|| async { None::<String> })
        .build()
        .unwrap();
    let error = flowise.query(&hi()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unauthorized);
    let flowise = flowise
        .to_builder()
        .headers_with(|| async { [("not a name", "secret")] })
        .build()
        .unwrap();
    let error = flowise.is_streaming().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Config);
    assert!(!format!("{error} {error:?}").contains("secret"));
}

#[wasm_bindgen_test]
fn a_chatflow_with_functions_is_still_plain_data() {
    fn plain<T: Clone + PartialEq + Eq + Send + Sync + std::fmt::Debug + 'static>() {}
    plain::<Flowise>();
    plain::<FlowiseBuilder>();
    plain::<Chat>();
    plain::<OutgoingRequest>();
    let with_hook = || {
        builder("https://flowise.example", "f")
            .on_request(|request| async { request })
            .build()
            .unwrap()
    };
    let (one, other) = (with_hook(), with_hook());
    assert_eq!(one, one.clone());
    assert_eq!(one, one.to_builder().build().unwrap());
    assert_ne!(one, other);
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
async fn a_forbidden_origin_gets_an_error_that_says_what_to_allow() {
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
