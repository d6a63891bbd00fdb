//! A chat page in Leptos. The chatflow is named by the page's address: `?url=` its prediction URL.

use flowise_stream::{AbortHandle, Chat, Error, Event, EventStream, FinishReason, Flowise};
use futures_util::StreamExt as _;
use gloo_storage::{LocalStorage, Storage as _};
use leptos::ev::SubmitEvent;
use leptos::html::Input;
use leptos::prelude::*;
use leptos::task::spawn_local;

fn main() {
    console_error_panic_hook::set_once();
    leptos::mount::mount_to_body(Page);
}

#[component]
fn Page() -> impl IntoView {
    let told = |errors: ArcRwSignal<Errors>| {
        let texts = move || errors.get().into_iter().map(|(_, error)| error.to_string());
        view! { <p role="alert">{move || texts().collect::<String>()}</p> }
    };
    view! {
        <ErrorBoundary fallback=told>
            {chatflow()
                .map(|flowise| {
                    provide_context(flowise);
                    view! { <Conversation /> }
                })}
        </ErrorBoundary>
    }
}

/// A question or an answer. An answer grows, and may name its sources.
#[derive(Clone)]
struct Message {
    number: usize,
    author: &'static str,
    text: ArcRwSignal<String>,
    sources: ArcRwSignal<Vec<String>>,
}

#[component]
fn Conversation() -> impl IntoView {
    let messages = RwSignal::new(Vec::<Message>::new());
    let error = RwSignal::new(None::<String>);
    let running = RwSignal::new(None::<AbortHandle>);
    let question = NodeRef::<Input>::new();
    // as it was before a reload
    let stored = LocalStorage::get(address()).unwrap_or_default();
    let chat = StoredValue::new(Chat::restore(expect_context::<Flowise>(), stored));

    let say = move |author, text: &str| {
        let message = Message {
            number: messages.with_untracked(Vec::len),
            author,
            text: ArcRwSignal::new(text.to_owned()),
            sources: ArcRwSignal::default(),
        };
        messages.update(|messages| messages.push(message.clone()));
        message
    };
    for turn in chat.with_value(|chat| chat.turns().to_vec()) {
        say("user", &turn.question);
        let answer = say("flowise", &turn.answer.text);
        let documents = turn.answer.source_documents.into_iter();
        let texts = documents.map(|document| document.page_content);
        answer.sources.set(texts.collect());
    }
    let keep = move |answer: &EventStream| {
        chat.update_value(|chat| {
            chat.keep(answer);
            // without a storage, the page forgets
            let _ = LocalStorage::set(address(), chat.state());
        });
    };
    let ask = move |event: SubmitEvent| {
        event.prevent_default();
        let Some(input) = question.get() else { return };
        let asked = input.value();
        input.set_value("");
        say("user", &asked);
        let answer = say("flowise", "");
        error.set(None);
        let mut events = chat.with_value(|chat| chat.ask(asked));
        keep(&events);
        running.set(Some(events.abort_handle()));
        spawn_local(async move {
            let told = tell(&mut events, &answer).await;
            keep(&events);
            error.set(told.err().map(|failure| failure.to_string()));
            running.set(None);
        });
    };
    // here and on the server
    let stop = move |_| running.with(|running| running.iter().for_each(AbortHandle::abort));

    view! {
        <main>
            <ol>
                <For each=move || messages.get() key=|message| message.number let:message>
                    <li class=message.author>
                        {move || message.text.get()}
                        {move || sources(message.sources.get())}
                    </li>
                </For>
            </ol>
            <p role="alert">{move || error.get()}</p>
            <form on:submit=ask>
                <input node_ref=question aria-label="Question" required />
                <button disabled=move || running.with(Option::is_some)>"Ask"</button>
                <button type="button" on:click=stop disabled=move || running.with(Option::is_none)>"Stop"</button>
            </form>
        </main>
    }
}

/// What an answer is based on, if it says so.
fn sources(sources: Vec<String>) -> impl IntoView {
    let items = |sources: Vec<String>| {
        let items = sources.into_iter();
        items
            .map(|source| view! { <li>{source}</li> })
            .collect_view()
    };
    (!sources.is_empty()).then(|| {
        view! {
            <details class="sources">
                <summary>"Sources"</summary>
                <ul>{items(sources)}</ul>
            </details>
        }
    })
}

/// Adds to the answer what comes.
async fn tell(events: &mut EventStream, answer: &Message) -> Result<(), Error> {
    while let Some(event) = events.next().await {
        match event? {
            Event::Token(text) => answer.text.update(|answer| answer.push_str(&text)),
            Event::SourceDocuments(documents) => {
                let documents = documents.into_iter();
                let texts = documents.map(|document| document.page_content);
                answer.sources.set(texts.collect());
            }
            _ => {}
        }
    }
    if let Some(whole) = events
        .prediction()
        .filter(|whole| whole.finish_reason == FinishReason::Stop)
    {
        // the whole text is the server's last word
        answer.text.set(whole.text.clone());
    }
    Ok(())
}

fn chatflow() -> Result<Flowise, Error> {
    Flowise::new(address())
}

/// The URL of the chatflow. The page stores one conversation for each.
fn address() -> String {
    let page = window().location().search();
    let search = web_sys::UrlSearchParams::new_with_str(&page.unwrap_or_default()).ok();
    let url = search.and_then(|search| search.get("url"));
    url.unwrap_or_else(|| "http://localhost:3000/api/v1/prediction/chain".to_owned())
}
