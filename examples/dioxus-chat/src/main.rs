//! A chat page in Dioxus. The chatflow is named by the page's address: `?url=` its prediction URL.

use dioxus::prelude::*;
use flowise_stream::{
    AbortHandle, Chat, Error, Event, EventStream, FinishReason, Flowise, SourceDocument,
};
use futures_util::StreamExt as _;
use gloo_storage::{LocalStorage, Storage as _};

fn main() {
    console_error_panic_hook::set_once();
    dioxus::launch(Page);
}

#[component]
fn Page() -> Element {
    match chatflow() {
        Ok(flowise) => rsx! { Conversation { flowise } },
        Err(error) => rsx! { p { role: "alert", "{error}" } },
    }
}

/// A question or an answer. An answer grows, and may name its sources.
#[derive(Clone, Default, PartialEq)]
struct Message {
    author: &'static str,
    text: String,
    sources: Vec<String>,
}

impl Message {
    fn new(author: &'static str, text: &str) -> Self {
        Self {
            author,
            text: text.to_owned(),
            sources: Vec::new(),
        }
    }
}

#[component]
fn Conversation(flowise: Flowise) -> Element {
    // as it was before a reload
    let mut chat = use_signal(|| {
        let stored = LocalStorage::get(address()).unwrap_or_default();
        Chat::restore(flowise, stored)
    });
    let mut messages = use_signal(|| before(&chat.peek()));
    let mut error = use_signal(|| None::<String>);
    let mut question = use_signal(String::new);
    let mut running = use_signal(|| None::<AbortHandle>);

    let mut keep = move |answer: &EventStream| {
        let mut chat = chat.write();
        chat.keep(answer);
        // without a storage, the page forgets
        let _ = LocalStorage::set(address(), chat.state());
    };
    let ask = move |event: FormEvent| {
        event.prevent_default();
        let asked = question.take();
        messages.push(Message::new("user", &asked));
        messages.push(Message::new("flowise", ""));
        error.set(None);
        let mut events = chat.peek().ask(asked);
        keep(&events);
        running.set(Some(events.abort_handle()));
        spawn(async move {
            let told = tell(&mut events, messages).await;
            keep(&events);
            error.set(told.err().map(|failure| failure.to_string()));
            running.set(None);
        });
    };
    // here and on the server
    let stop = move |_| running.peek().iter().for_each(AbortHandle::abort);

    rsx! {
        main {
            ol {
                for (number, message) in messages.read().iter().enumerate() {
                    li { key: "{number}", class: message.author,
                        "{message.text}"
                        if !message.sources.is_empty() {
                            details { class: "sources",
                                summary { "Sources" }
                                ul {
                                    for source in &message.sources {
                                        li { "{source}" }
                                    }
                                }
                            }
                        }
                    }
                }
            }
            p { role: "alert", {error.read().clone().unwrap_or_default()} }
            form { onsubmit: ask,
                input {
                    "aria-label": "Question",
                    required: true,
                    value: "{question}",
                    oninput: move |event| question.set(event.value()),
                }
                button { disabled: running.read().is_some(), "Ask" }
                button { r#type: "button", disabled: running.read().is_none(), onclick: stop, "Stop" }
            }
        }
    }
}

/// Adds to the last message what comes.
async fn tell(events: &mut EventStream, mut messages: Signal<Vec<Message>>) -> Result<(), Error> {
    let mut change = |change: &dyn Fn(&mut Message)| {
        if let Some(answer) = messages.write().last_mut() {
            change(answer);
        }
    };
    while let Some(event) = events.next().await {
        match event? {
            Event::Token(text) => change(&|answer| answer.text.push_str(&text)),
            Event::SourceDocuments(documents) => {
                change(&|answer| answer.sources = texts(&documents));
            }
            _ => {}
        }
    }
    let whole = events.prediction();
    if let Some(whole) = whole.filter(|whole| whole.finish_reason == FinishReason::Stop) {
        // the whole text is the server's last word
        change(&|answer| answer.text.clone_from(&whole.text));
    }
    Ok(())
}

/// What was said before a reload.
fn before(chat: &Chat) -> Vec<Message> {
    let messages = chat.turns().iter().flat_map(|turn| {
        let mut answer = Message::new("flowise", &turn.answer.text);
        answer.sources = texts(&turn.answer.source_documents);
        [Message::new("user", &turn.question), answer]
    });
    messages.collect()
}

fn texts(documents: &[SourceDocument]) -> Vec<String> {
    let documents = documents.iter();
    let texts = documents.map(|document| document.page_content.clone());
    texts.collect()
}

fn chatflow() -> Result<Flowise, Error> {
    Flowise::new(address())
}

/// The URL of the chatflow. The page stores one conversation for each.
fn address() -> String {
    let page = web_sys::window().and_then(|window| window.location().search().ok());
    let search = web_sys::UrlSearchParams::new_with_str(&page.unwrap_or_default()).ok();
    let url = search.and_then(|search| search.get("url"));
    url.unwrap_or_else(|| "http://localhost:3000/api/v1/prediction/chain".to_owned())
}
