//! What front ends demand of the types: contexts, component properties, error boundaries, and `select!`.

use std::task::Poll;

use flowise_stream::{
    AbortHandle, Chat, ChatState, Error, ErrorKind, Event, Flowise, Prediction, PredictionRequest,
    SpeechRequest, Turn, socket_io,
};
use futures_util::stream::FusedStream;
use futures_util::{FutureExt as _, StreamExt as _, select};
use wasm_bindgen_test::wasm_bindgen_test;

use super::support::{flowise, servers};

/// As Leptos' `provide_context`, and its signals.
fn provide_context<T: Clone + Send + Sync + 'static>(_: T) {}

/// As the properties of components in Yew and Dioxus, which draw again what is not equal.
fn is_a_property<T: Clone + PartialEq + 'static>() {}

/// As Leptos' `ErrorBoundary`.
fn throw(error: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> String {
    error.into().to_string()
}

#[wasm_bindgen_test]
fn what_a_page_passes_around_fits_into_contexts_and_properties() {
    let flowise = Flowise::new("https://flowise.example/api/v1/prediction/f").unwrap();
    provide_context(flowise.clone());
    provide_context(Chat::new(flowise));
    is_a_property::<AbortHandle>();
    is_a_property::<Chat>();
    is_a_property::<ChatState>();
    is_a_property::<Error>();
    is_a_property::<Event>();
    is_a_property::<Flowise>();
    is_a_property::<Option<Prediction>>();
    is_a_property::<PredictionRequest>();
    is_a_property::<SpeechRequest>();
    is_a_property::<Turn>();
    is_a_property::<socket_io::Lifecycle>();
    is_a_property::<socket_io::ManagerEvent>();
    fn is_shared<T: Clone + Send + Sync + 'static>() {}
    // a "Stop" button in a signal
    is_shared::<Option<AbortHandle>>();
    is_shared::<Result<Prediction, Error>>();
    is_shared::<Vec<Turn>>();
}

#[wasm_bindgen_test]
fn errors_go_into_boundaries_and_anyhow_and_come_back() {
    fn fails() -> anyhow::Result<Flowise> {
        // `?` turns it into the other one
        Ok(Flowise::new("no URL")?)
    }
    let error = fails().unwrap_err();
    let own = error.downcast_ref::<Error>().unwrap();
    assert_eq!(own.kind(), ErrorKind::Config);
    assert_eq!(throw(own.clone()), error.to_string());
    let failed = socket_io::AckError::TimedOut;
    assert!(anyhow::Error::from(failed.clone()).is::<socket_io::AckError>());
    assert!(!throw(failed).is_empty());
}

/// All items of a stream, by a `select!` whose other branch never comes.
async fn all<T: FusedStream + Unpin>(stream: &mut T) -> Vec<T::Item> {
    let mut never = std::future::poll_fn(|_| Poll::<()>::Pending).fuse();
    let mut items = Vec::new();
    loop {
        select! {
            item = stream.next() => match item {
                Some(item) => items.push(item),
                None => return items,
            },
            () = never => {}
        }
    }
}

#[wasm_bindgen_test]
async fn a_stream_is_not_terminated_before_select_has_seen_its_end() {
    for server in servers() {
        let mut answer = flowise(server, "scripted").stream(&"say One two.".into());
        let events = all(&mut answer).await;
        assert_eq!(events.last(), Some(&Ok(Event::End)), "{server}");
        assert!(answer.is_terminated());
        // its text arrives with its end, in the reply
        let mut whole = flowise(server, "parser").stream(&"Hi".into());
        assert_eq!(all(&mut whole).await.len(), 2, "{server}");
        let mut failed = flowise(server, "nobody-knows").stream(&"Hi".into());
        assert!(matches!(all(&mut failed).await[..], [Err(_)]));
    }
    let flowise = flowise(servers()[0], "chain");
    let mut speech = flowise.speak(&SpeechRequest::new("One two three."));
    let spoken = all(&mut speech).await;
    assert!(matches!(spoken.last(), Some(Ok(Event::TtsEnd(_)))));
    assert!(speech.is_terminated());
    let mut silent = flowise.speak(&SpeechRequest::new(""));
    assert!(matches!(all(&mut silent).await[..], [Err(_)]));
}

#[wasm_bindgen_test]
async fn streams_are_fused_for_select() {
    fn is_fused<T: FusedStream + Unpin>(stream: T) -> T {
        stream
    }
    for server in servers() {
        let flowise = flowise(server, "scripted");
        let ask = |text: &str| is_fused(flowise.stream(&PredictionRequest::new(text)));
        let (mut one, mut two) = (ask("say One one."), ask("say Two two."));
        let (mut first, mut second) = (String::new(), String::new());
        loop {
            let (event, text) = select! {
                event = one.select_next_some() => (event, &mut first),
                event = two.select_next_some() => (event, &mut second),
                complete => break,
            };
            if let Event::Token(token) = event.unwrap() {
                text.push_str(&token);
            }
        }
        assert_eq!((first.as_str(), second.as_str()), ("One one.", "Two two."));
        assert!(one.is_terminated() && two.is_terminated());
    }
    fn _events(socket: &socket_io::Socket) {
        drop(is_fused(socket.listen("news")));
        drop(is_fused(socket.manager().events()));
    }
}
