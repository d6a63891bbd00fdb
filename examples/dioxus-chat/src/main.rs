//! A chat page in Dioxus. The chatflow is named by the page's address: `?url=` its prediction URL.

use dioxus::core::Task;
use dioxus::prelude::*;
use flowise_stream::{Chat, Error, Event, EventStream, FinishReason, Flowise};
use futures_util::StreamExt as _;

fn main() {
    console_error_panic_hook::set_once();
    dioxus::launch(Page);
}

/// A question or an answer. An answer grows, and may name its sources.
#[derive(Clone, Default, PartialEq)]
struct Message {
    author: &'static str,
    text: String,
    sources: Vec<String>,
}

#[component]
fn Page() -> Element {
    let mut messages = use_signal(Vec::<Message>::new);
    let mut error = use_signal(|| None::<String>);
    let mut question = use_signal(String::new);
    let mut running = use_signal(|| None::<Task>);
    // the conversation, and its memory
    let mut chat = use_signal(|| chatflow().map(Chat::new));

    let ask = move |event: FormEvent| {
        event.prevent_default();
        let asked = question.take();
        for (author, text) in [("user", asked.as_str()), ("flowise", "")] {
            messages.push(Message {
                author,
                text: text.to_owned(),
                sources: Vec::new(),
            });
        }
        error.set(None);
        running.set(Some(spawn(async move {
            let begun = chat.peek().clone().map(|chat| chat.ask(asked));
            let told = match begun {
                Ok(mut events) => {
                    let told = tell(&mut events, messages).await;
                    if let Ok(chat) = &mut *chat.write() {
                        chat.keep(events.prediction());
                    }
                    told
                }
                Err(error) => Err(error),
            };
            error.set(told.err().map(|failure| failure.to_string()));
            running.set(None);
        })));
    };
    let stop = move |_| {
        // dropping the stream stops the answer, here and on the server
        if let Some(task) = running.take() {
            task.cancel();
        }
    };

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
            Event::SourceDocuments(documents) => change(&|answer| {
                let texts = documents
                    .iter()
                    .map(|document| document.page_content.clone());
                answer.sources = texts.collect();
            }),
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

fn chatflow() -> Result<Flowise, Error> {
    let page = web_sys::window().and_then(|window| window.location().search().ok());
    let search = web_sys::UrlSearchParams::new_with_str(&page.unwrap_or_default()).ok();
    let url = search.and_then(|search| search.get("url"));
    Flowise::new(url.unwrap_or_else(|| "http://localhost:3000/api/v1/prediction/chain".to_owned()))
}
