//! A chat page in Yew. The chatflow is named by the page's address: `?url=` its prediction URL.

use std::rc::Rc;

use flowise_stream::{
    AbortHandle, Chat, Error, Event, EventStream, FinishReason, Flowise, SourceDocument,
};
use futures_util::StreamExt as _;
use gloo_storage::{LocalStorage, Storage as _};
use wasm_bindgen_futures::spawn_local;
use web_sys::HtmlInputElement;
use yew::prelude::*;

fn main() {
    console_error_panic_hook::set_once();
    yew::Renderer::<Page>::new().render();
}

#[component]
fn Page() -> Html {
    match chatflow() {
        Ok(flowise) => html! { <Conversation {flowise} /> },
        Err(error) => html! { <p role="alert">{ error.to_string() }</p> },
    }
}

/// A question or an answer, which may name its sources.
#[derive(Clone, Default, PartialEq)]
struct Message {
    author: &'static str,
    text: String,
    sources: Vec<String>,
}

/// What was said. The last message grows as long as an answer runs.
#[derive(Clone, Default, PartialEq)]
struct Said {
    messages: Vec<Message>,
    error: Option<String>,
    is_running: bool,
}

enum Change {
    Asked(String),
    Token(String),
    Sources(Vec<String>),
    Whole(String),
    Over(Option<String>),
}

impl Reducible for Said {
    type Action = Change;

    fn reduce(self: Rc<Self>, change: Change) -> Rc<Self> {
        let mut next = (*self).clone();
        match (change, next.messages.last_mut()) {
            (Change::Asked(question), _) => {
                let said = [("user", question), ("flowise", String::new())];
                next.messages.extend(said.map(|(author, text)| Message {
                    author,
                    text,
                    ..Message::default()
                }));
                next.error = None;
                next.is_running = true;
            }
            (Change::Token(text), Some(answer)) => answer.text.push_str(&text),
            (Change::Sources(sources), Some(answer)) => answer.sources = sources,
            (Change::Whole(text), Some(answer)) => answer.text = text,
            (Change::Over(error), _) => {
                next.error = error;
                next.is_running = false;
            }
            (Change::Token(_) | Change::Sources(_) | Change::Whole(_), None) => {}
        }
        next.into()
    }
}

impl Said {
    /// What was said before a reload.
    fn before(chat: &Chat) -> Self {
        let messages = chat.turns().iter().flat_map(|turn| {
            let question = Message {
                author: "user",
                text: turn.question.clone(),
                ..Message::default()
            };
            let answer = Message {
                author: "flowise",
                text: turn.answer.text.clone(),
                sources: texts(&turn.answer.source_documents),
            };
            [question, answer]
        });
        Self {
            messages: messages.collect(),
            ..Self::default()
        }
    }
}

#[derive(PartialEq, Properties)]
struct Props {
    flowise: Flowise,
}

#[component]
fn Conversation(props: &Props) -> Html {
    let stored = || LocalStorage::get(address()).unwrap_or_default();
    let chat = use_mut_ref(|| Chat::restore(props.flowise.clone(), stored()));
    let said = {
        let chat = chat.clone();
        use_reducer(move || Said::before(&chat.borrow()))
    };
    let question = use_node_ref();
    let running = use_mut_ref(|| None::<AbortHandle>);

    let ask = {
        let (change, question, running) = (said.dispatcher(), question.clone(), running.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            let Some(input) = question.cast::<HtmlInputElement>() else {
                return;
            };
            let asked = input.value();
            input.set_value("");
            change.dispatch(Change::Asked(asked.clone()));
            let keep = {
                let chat = chat.clone();
                move |answer: &EventStream| {
                    let mut chat = chat.borrow_mut();
                    chat.keep(answer);
                    // without a storage, the page forgets
                    let _ = LocalStorage::set(address(), chat.state());
                }
            };
            let mut events = chat.borrow().ask(asked);
            keep(&events);
            running.replace(Some(events.abort_handle()));
            let change = change.clone();
            spawn_local(async move {
                let told = tell(&mut events, &change).await;
                keep(&events);
                let failure = told.err().map(|error| error.to_string());
                change.dispatch(Change::Over(failure));
            });
        })
    };
    // here and on the server
    let stop = Callback::from(move |_| running.borrow().iter().for_each(AbortHandle::abort));

    html! {
        <main>
            <ol>
                { for said.messages.iter().map(message) }
            </ol>
            <p role="alert">{ said.error.clone() }</p>
            <form onsubmit={ask}>
                <input ref={question} aria-label="Question" required=true />
                <button disabled={said.is_running}>{ "Ask" }</button>
                <button type="button" onclick={stop} disabled={!said.is_running}>{ "Stop" }</button>
            </form>
        </main>
    }
}

fn message(message: &Message) -> Html {
    let Message {
        author,
        text,
        sources,
    } = message;
    html! {
        <li class={*author}>
            { text }
            if !sources.is_empty() {
                <details class="sources">
                    <summary>{ "Sources" }</summary>
                    <ul>{ for sources.iter().map(|source| html! { <li>{ source }</li> }) }</ul>
                </details>
            }
        </li>
    }
}

/// Tells what comes.
async fn tell(events: &mut EventStream, answer: &UseReducerDispatcher<Said>) -> Result<(), Error> {
    while let Some(event) = events.next().await {
        match event? {
            Event::Token(text) => answer.dispatch(Change::Token(text)),
            Event::SourceDocuments(documents) => {
                answer.dispatch(Change::Sources(texts(&documents)));
            }
            _ => {}
        }
    }
    if let Some(whole) = events
        .prediction()
        .filter(|whole| whole.finish_reason == FinishReason::Stop)
    {
        // the whole text is the server's last word
        answer.dispatch(Change::Whole(whole.text.clone()));
    }
    Ok(())
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
