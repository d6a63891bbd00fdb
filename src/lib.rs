//! Streams the answers of [Flowise](https://github.com/FlowiseAI/Flowise) chatflows into browser pages.
//!
//! Flowise up to 2.0 streams over Socket.IO, and from 2.1 on over server-sent events. `Flowise` detects which one the
//! server speaks, and returns the same stream of typed events for both.
//!
//! ```toml
//! [dependencies]
//! flowise-stream = "0.1"
//! futures-util = { version = "0.3", default-features = false }
//! ```
//!
//! ```no_run
//! // on wasm32, in a front end made with Leptos, Yew, Dioxus or none
//! # #[cfg(target_arch = "wasm32")]
//! # async fn f() -> Result<(), flowise_stream::Error> {
//! use flowise_stream::{Event, Flowise, PredictionRequest};
//! use futures_util::StreamExt;
//!
//! let flowise = Flowise::new("https://flowise.example/api/v1/prediction/0a1b2c")?;
//! let mut answer = flowise.stream(&PredictionRequest::new("How are you?"));
//! while let Some(event) = answer.next().await {
//!     if let Event::Token(text) = event? {
//!         show(&text);
//!     }
//! }
//! # Ok(()) }
//! # fn show(_: &str) {}
//! ```
//!
// `Flowise` has no page in the documentation of other targets, so there is nothing to link to
#![cfg_attr(
    all(target_arch = "wasm32", feature = "client"),
    doc = r"
| To | use |
|---|---|
| show an answer as it arrives | [`Flowise::stream`], which returns the [`Event`]s as an [`EventStream`] |
| wait for the whole answer | [`Flowise::query`], which returns a [`Prediction`] |
| send files, earlier messages, a form or settings | [`PredictionRequest`] and [`Flowise::upload`] |
| remember the conversation, also over a reload | [`Chat`], whose [`ChatState`] is data for `serde` |
| stop an answer, for instance with a button | [`AbortHandle`]; dropping the stream stops it, too |
| find out why an answer failed, and keep its first part | [`Error::kind`] and [`Error::partial`] |
| set an API key, headers or time limits | [`FlowiseBuilder`] |
| answer a question of the flow | [`PredictionRequest::resume`] |
| record feedback, or speak an answer | [`Flowise::feedback`] and [`Flowise::speak`] |
"
)]
//!
//! The parts that need no browser also serve servers and tests: [`sse::Decoder`] reads event streams,
//! [`EventDecoder`] reads the events of a Flowise server, and [`Answer`] assembles them into an answer.
//!
//! ```
//! use flowise_stream::{Answer, EventDecoder};
//!
//! let body = b"data:{\"event\":\"token\",\"data\":\"Hello\"}\n\ndata:{\"event\":\"end\",\"data\":\"[DONE]\"}\n\n";
//! let mut decoder = EventDecoder::new();
//! let mut answer = Answer::new();
//! decoder.push(body);
//! for event in &mut decoder {
//!     answer.apply(&event?);
//! }
//! assert_eq!(answer.into_prediction().text, "Hello");
//! # Ok::<(), flowise_stream::Error>(())
//! ```
//!
//! # Modules and features
//!
//! | feature | default | what it adds |
//! |---|---|---|
//! | `client` | yes | the typed events and, on wasm32, what makes requests |
//! | `socketio` | yes | on wasm32, `socket_io`: a general Socket.IO client, which works without the other features |
//! | `vendored` | yes | the crate contains socket.io-client; without this feature, the page's bundler or import map resolves it |
//! | `js` | no | the exports of the npm package, which a Rust front end would carry along for nothing |
//!
//! What makes requests, such as `Flowise` and `Chat`, and `socket_io` exist on `wasm32-unknown-unknown` only. The minimum
//! supported Rust version is 1.88.

// docs.rs shows the feature and the target that an item needs
#![cfg_attr(docsrs, feature(doc_cfg))]

#[cfg(feature = "client")]
mod answer;
#[cfg(feature = "client")]
mod base64;
// The modules of the decoder are public only to the tests, benchmarks and fuzz targets of this repository.
#[cfg(feature = "__internals")]
pub mod batch;
#[cfg(not(feature = "__internals"))]
#[allow(dead_code, unreachable_pub, reason = "only the npm package uses it")]
mod batch;
#[cfg(all(target_arch = "wasm32", feature = "js"))]
mod browser;
#[cfg(feature = "client")]
#[cfg_attr(
    not(any(target_arch = "wasm32", test)),
    expect(dead_code, reason = "chats are for pages")
)]
mod chat;
#[cfg(all(target_arch = "wasm32", feature = "client"))]
mod client;
#[cfg(feature = "client")]
mod decision;
#[cfg(any(all(target_arch = "wasm32", feature = "js"), feature = "client"))]
#[cfg_attr(
    not(any(target_arch = "wasm32", test)),
    expect(dead_code, reason = "the drivers are for pages")
)]
mod endpoint;
#[cfg_attr(
    all(target_arch = "wasm32", not(any(feature = "client", feature = "js"))),
    allow(dead_code, reason = "only what talks to Flowise words all its errors")
)]
mod error;
#[cfg(feature = "client")]
mod event;
#[cfg(feature = "client")]
mod feedback;
#[cfg(any(all(target_arch = "wasm32", feature = "js"), feature = "client"))]
mod finish;
#[cfg(feature = "__internals")]
pub mod frame;
#[cfg(not(feature = "__internals"))]
#[allow(
    dead_code,
    unreachable_pub,
    reason = "each API uses a part of it, and tests the rest"
)]
mod frame;
#[cfg(all(target_arch = "wasm32", feature = "js"))]
mod js;
#[cfg(feature = "client")]
mod payload;
#[cfg(all(target_arch = "wasm32", feature = "socketio"))]
mod queue;
#[cfg(all(target_arch = "wasm32", any(feature = "client", feature = "js")))]
mod random;
#[cfg(feature = "client")]
mod request;
#[cfg(feature = "client")]
mod resume;
#[cfg(any(all(target_arch = "wasm32", feature = "js"), feature = "client"))]
#[cfg_attr(
    not(all(target_arch = "wasm32", feature = "js")),
    allow(
        dead_code,
        unused_imports,
        reason = "the Rust API has no sockets of a page, and drivers are for pages"
    )
)]
mod run;
#[cfg(all(target_arch = "wasm32", feature = "socketio"))]
pub mod socket_io;
#[cfg(feature = "client")]
mod speech;
pub mod sse;
#[cfg_attr(
    not(any(
        all(target_arch = "wasm32", any(feature = "client", feature = "js")),
        test
    )),
    allow(dead_code, reason = "the drivers are for pages")
)]
mod text;
#[cfg(feature = "client")]
mod thrown;

#[cfg(feature = "client")]
pub use answer::Answer;
#[cfg(feature = "client")]
pub use chat::{ChatState, Turn};
#[cfg(all(target_arch = "wasm32", feature = "client"))]
pub use client::{
    AbortHandle, Chat, Credentials, EventStream, Flowise, FlowiseBuilder, OutgoingRequest,
    SpeechStream, Transport,
};
#[cfg(feature = "client")]
pub use decision::HumanInput;
pub use error::{Error, ErrorKind};
#[cfg(feature = "client")]
pub use event::{Event, EventDecoder, Start, Thinking};
#[cfg(feature = "client")]
pub use feedback::{Feedback, Lead, Rating};
#[cfg(any(all(target_arch = "wasm32", feature = "js"), feature = "client"))]
pub use finish::FinishReason;
#[cfg(feature = "client")]
pub use payload::{
    Action, ActionElement, ActionMapping, AgentStep, AgentTrace, Artifact, ExecutedNode,
    ExecutionEnd, FileAnnotation, FlowStatus, Metadata, NodeStatus, Prediction, SourceDocument,
    TtsData, TtsEnd, TtsStart, Usage, UsedTool,
};
#[cfg(feature = "client")]
pub use request::{HistoryMessage, PredictionRequest, Role, Upload};
#[cfg(feature = "client")]
pub use speech::{Speech, SpeechRequest};

// the crates whose types are in signatures
#[cfg(any(feature = "client", all(target_arch = "wasm32", feature = "socketio")))]
#[doc(no_inline)]
pub use futures_core;
#[cfg(all(target_arch = "wasm32", feature = "socketio"))]
#[doc(no_inline)]
pub use js_sys;
#[cfg(any(feature = "client", all(target_arch = "wasm32", feature = "socketio")))]
#[doc(no_inline)]
pub use serde;
#[cfg(feature = "client")]
#[doc(no_inline)]
pub use serde_json;
#[cfg(all(target_arch = "wasm32", feature = "socketio"))]
#[doc(no_inline)]
pub use wasm_bindgen;
#[cfg(all(target_arch = "wasm32", feature = "client"))]
#[doc(no_inline)]
pub use web_sys;
