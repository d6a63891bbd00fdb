//! A chat page in Yew. The chatflow is named by the page's address: `?url=` its prediction URL.

use std::cell::RefCell;
use std::rc::Rc;

use flowise_stream::{Chat, Error, Event, FinishReason, Flowise};
use futures_util::StreamExt as _;
use futures_util::future::{AbortHandle, abortable};
use wasm_bindgen_futures::spawn_local;
use web_sys::HtmlInputElement;
use yew::prelude::*;

fn main() {
    console_error_panic_hook::set_once();
    yew::Renderer::<Page>::new().render();
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
struct Conversation {
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

impl Reducible for Conversation {
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

#[component]
fn Page() -> Html {
    let conversation = use_reducer(Conversation::default);
    let question = use_node_ref();
    // dropping the stream stops the answer, here and on the server
    let running = use_mut_ref(|| None::<AbortHandle>);
    // the conversation's memory
    let chat = use_mut_ref(|| chatflow().map(Chat::new));

    let ask = {
        let (change, question, running) =
            (conversation.dispatcher(), question.clone(), running.clone());
        let chat = chat.clone();
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            let Some(input) = question.cast::<HtmlInputElement>() else {
                return;
            };
            let asked = input.value();
            change.dispatch(Change::Asked(asked.clone()));
            input.set_value("");
            let (answer, chat) = (change.clone(), chat.clone());
            let (run, handle) = abortable(async move { tell(&chat, asked, &answer).await });
            running.replace(Some(handle));
            let change = change.clone();
            spawn_local(async move {
                let failure = match run.await {
                    Ok(Err(error)) => Some(error.to_string()),
                    _ => None,
                };
                change.dispatch(Change::Over(failure));
            });
        })
    };
    let stop = Callback::from(move |_| running.borrow().iter().for_each(AbortHandle::abort));

    html! {
        <main>
            <ol>
                { for conversation.messages.iter().map(message) }
            </ol>
            <p role="alert">{ conversation.error.clone() }</p>
            <form onsubmit={ask}>
                <input ref={question} aria-label="Question" required=true />
                <button disabled={conversation.is_running}>{ "Ask" }</button>
                <button type="button" onclick={stop} disabled={!conversation.is_running}>{ "Stop" }</button>
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
async fn tell(
    chat: &RefCell<Result<Chat, Error>>,
    asked: String,
    answer: &UseReducerDispatcher<Conversation>,
) -> Result<(), Error> {
    let mut events = chat.borrow().clone()?.ask(asked);
    while let Some(event) = events.next().await {
        match event? {
            Event::Token(text) => answer.dispatch(Change::Token(text)),
            Event::SourceDocuments(documents) => {
                let documents = documents.into_iter();
                let texts = documents.map(|document| document.page_content);
                answer.dispatch(Change::Sources(texts.collect()));
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
    if let Ok(chat) = &mut *chat.borrow_mut() {
        chat.keep(events.prediction());
    }
    Ok(())
}

fn chatflow() -> Result<Flowise, Error> {
    let page = web_sys::window().and_then(|window| window.location().search().ok());
    let search = web_sys::UrlSearchParams::new_with_str(&page.unwrap_or_default()).ok();
    let url = search.and_then(|search| search.get("url"));
    Flowise::new(url.unwrap_or_else(|| "http://localhost:3000/api/v1/prediction/chain".to_owned()))
}
