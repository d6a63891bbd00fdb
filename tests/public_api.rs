//! The public API of the crate.
//!
//! `tests/public-api.txt` lists every public item. A changed list is a changed API: review it, then update the list with
//! `UPDATE_PUBLIC_API=1 cargo test --test public_api`.

#![cfg(all(feature = "client", not(target_arch = "wasm32")))]
#![allow(clippy::unwrap_used, reason = "a test stops where it cannot go on")]

#[path = "support/api/mod.rs"]
mod api;

use std::fmt::Debug;
use std::fs;
use std::path::Path;

use flowise_stream::{
    Action, Answer, Error, ErrorKind, Event, FinishReason, HumanInput, Prediction,
    PredictionRequest, SourceDocument, Upload, UsedTool,
};

#[test]
fn the_public_items_are_those_that_are_listed() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let listed = root.join("tests/public-api.txt");
    let found = api::items(&root.join("src")).join("\n") + "\n";
    if std::env::var_os("UPDATE_PUBLIC_API").is_some() {
        fs::write(&listed, &found).unwrap();
    }
    let listed = fs::read_to_string(&listed).unwrap_or_default();
    let missing = |of: &str, from: &str| -> Vec<String> {
        let from: Vec<_> = from.lines().collect();
        let lines = of.lines().filter(|line| !from.contains(line));
        lines.map(str::to_owned).collect()
    };
    assert_eq!(
        (missing(&found, &listed), missing(&listed, &found)),
        (Vec::new(), Vec::new()),
        "public and not listed, listed and not public"
    );
}

#[test]
fn the_listing_sees_what_macros_make_and_where_an_item_is_public() {
    let items = api::items(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"));
    let has = |line: &str| items.iter().any(|item| item == line);
    for line in [
        "flowise_stream::ErrorKind::Config",
        "flowise_stream::SourceDocument.page_content: String",
        "flowise_stream::SourceDocument.other: Map<String, Value>",
        "flowise_stream::EventDecoder: Iterator",
        "flowise_stream::sse::Decoder::push(&mut self, bytes: &[u8])",
        "flowise_stream::socket_io::Socket: Clone",
    ] {
        assert!(has(line), "{line} is not among {items:#?}");
    }
    let hidden = ["::frame", "::batch", "EventKind", "JsError", "pub(crate)"];
    for item in &items {
        assert!(!hidden.iter().any(|name| item.contains(name)), "{item}");
    }
}

#[test]
fn what_programs_store_and_share_is_plain_data() {
    fn is_plain<T: Clone + Debug + PartialEq + Eq + Send + Sync + 'static>() {}
    is_plain::<Action>();
    is_plain::<Answer>();
    is_plain::<Error>();
    is_plain::<ErrorKind>();
    is_plain::<Event>();
    is_plain::<FinishReason>();
    is_plain::<HumanInput>();
    is_plain::<Prediction>();
    is_plain::<PredictionRequest>();
    is_plain::<SourceDocument>();
    is_plain::<Upload>();
    is_plain::<UsedTool>();
}

#[test]
fn what_programs_store_is_read_as_it_was() {
    let request = PredictionRequest::new("Hi")
        .chat_id("c")
        .human_input(HumanInput::reject().feedback("no"))
        .upload(Upload::url("a", "image/png", "https://a.example"));
    let stored = serde_json::to_string(&request).unwrap();
    assert_eq!(
        serde_json::from_str::<PredictionRequest>(&stored).unwrap(),
        request
    );
    let mut answer = Answer::new();
    answer
        .apply_reply_json(r#"{"text":"x","usedTools":[{"tool":"t"},7],"new":{"b":1,"a":2}}"#)
        .unwrap();
    let prediction = answer.into_prediction();
    let stored = serde_json::to_string(&prediction).unwrap();
    assert_eq!(
        serde_json::from_str::<Prediction>(&stored).unwrap(),
        prediction
    );
}
