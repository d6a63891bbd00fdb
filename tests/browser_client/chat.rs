//! Conversations: what `Chat` asks, records and restores. `tests/e2e/conversations.test.mjs` says the same of the JavaScript API.

use std::cell::Cell;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Wake, Waker};
use std::time::Duration;

use flowise_stream::{Chat, ChatState, Event, FinishReason, PredictionRequest};
use futures_util::future::join;
use futures_util::{FutureExt as _, StreamExt as _};
use serde_json::{Value, json};
use wasm_bindgen_futures::spawn_local;
use wasm_bindgen_test::wasm_bindgen_test;

use super::support::{
    builder, collect, flowise, log, servers, steady, stop_of, until_a_token, wait_for,
};

/// The bodies of the questions of one test, which all hold its `mark`.
async fn asked(server: &str, mark: &str) -> Vec<Value> {
    let log = log(server).await;
    let bodies = log.iter().filter_map(|entry| entry["body"].as_str());
    let bodies = bodies.filter_map(|body| serde_json::from_str::<Value>(body).ok());
    let is_marked = |body: &Value| {
        body["question"]
            .as_str()
            .is_some_and(|text| text.contains(mark))
    };
    bodies.filter(is_marked).collect()
}

/// The chat as it is after a reload.
fn reloaded(chat: &Chat) -> Chat {
    let stored = serde_json::to_string(chat.state()).unwrap();
    let state: ChatState = serde_json::from_str(&stored).unwrap();
    assert_eq!(&state, chat.state());
    Chat::restore(chat.flowise().clone(), state)
}

async fn whole(chat: &mut Chat, question: &str) -> String {
    let mut answer = chat.ask(question);
    let (_, failure) = collect(&mut answer).await;
    assert_eq!(failure, None);
    chat.keep(&answer);
    chat.turns().last().unwrap().answer.text.clone()
}

fn memory(body: &Value) -> &Value {
    &body["overrideConfig"]["sessionId"]
}

#[wasm_bindgen_test]
async fn questions_and_answers_are_recorded_and_a_reload_goes_on_with_them() {
    for server in servers() {
        let mut chat = Chat::new(flowise(server, "scripted"));
        assert!(chat.turns().is_empty());
        assert_eq!(
            whole(&mut chat, "say One, recorded.").await,
            "One, recorded."
        );
        let mut chat = reloaded(&chat);
        assert_eq!(
            whole(&mut chat, "sources say Two, recorded.").await,
            "Two, recorded."
        );
        let [one, two] = chat.turns() else {
            panic!("{:?}", chat.turns())
        };
        assert_eq!(
            (one.question.as_str(), two.question.as_str()),
            ("say One, recorded.", "sources say Two, recorded.")
        );
        assert_eq!(one.answer.text, "One, recorded.");
        assert_ne!(one.id, two.id);
        assert!(!two.answer.source_documents.is_empty());
        for turn in [one, two] {
            assert_eq!(turn.answer.finish_reason, FinishReason::Stop);
        }
        // the log is of both servers
        let mut bodies = asked(server, ", recorded.").await;
        bodies.retain(|body| body["chatId"] == chat.state().chat_id);
        assert_eq!(bodies.len(), 2, "{server}");
        for body in bodies {
            assert_eq!(*memory(&body), Value::Null, "the chat is its own memory");
        }
    }
}

#[wasm_bindgen_test]
async fn a_run_that_goes_on_after_a_stop_does_not_get_into_the_next_answer_which_has_its_memory() {
    let [server, _] = servers();
    let mut chat = Chat::new(flowise(server, "scripted-chain"));
    let first_id = chat.state().chat_id.clone();
    let mut stopped = chat.ask("slow long 60 after-a-stop");
    until_a_token(&mut stopped).await;
    stopped.abort();
    collect(&mut stopped).await;
    chat.keep(&stopped);
    let turn = &chat.turns()[0];
    assert_eq!(turn.answer.finish_reason, FinishReason::Aborted);
    assert!(!turn.answer.text.is_empty());
    assert_ne!(chat.state().chat_id, first_id);
    // what a page knows in its memory and what it has stored lead to the same
    let mut stored = reloaded(&chat);
    assert_eq!(stored.state(), chat.state());
    assert_eq!(whole(&mut chat, "after-a-stop say Two.").await, "Two.");
    assert_eq!(
        whole(&mut stored, "after-a-stop say Three.").await,
        "Three."
    );
    let bodies = asked(server, "after-a-stop").await;
    let [first, second, third] = &bodies[..] else {
        panic!("{bodies:?}")
    };
    assert_eq!(
        (&first["chatId"], memory(first)),
        (&json!(first_id), &Value::Null)
    );
    for body in [second, third] {
        assert_eq!(body["chatId"], chat.state().chat_id);
        assert_eq!(*memory(body), json!(first_id));
    }
}

#[wasm_bindgen_test]
async fn a_page_that_is_closed_in_mid_answer_finds_the_part_and_does_not_meet_its_run() {
    for server in servers() {
        let mut chat = Chat::new(flowise(server, "scripted-chain"));
        let first_id = chat.state().chat_id.clone();
        let mut answer = chat.ask("slow long 60 in-mid-answer");
        chat.keep(&answer);
        assert_eq!(chat.turns()[0].question, "slow long 60 in-mid-answer");
        assert_eq!(
            chat.turns()[0].answer.finish_reason,
            FinishReason::Interrupted
        );
        until_a_token(&mut answer).await;
        chat.keep(&answer);
        assert_eq!(chat.turns().len(), 1);
        let part = chat.turns()[0].answer.text.clone();
        assert!(!part.is_empty(), "{server}");
        let mut again = reloaded(&chat);
        // a closed page does not drop its stream: the run goes on
        spawn_local(async move { drop(answer.finish().await) });
        assert_eq!(again.turns()[0].answer.text, part);
        assert_eq!(whole(&mut again, "in-mid-answer say Next.").await, "Next.");
        let bodies = asked(server, "in-mid-answer").await;
        let second = bodies.last().unwrap();
        assert_ne!(second["chatId"], json!(first_id));
        assert_eq!(*memory(second), json!(first_id), "{server}");
    }
}

#[wasm_bindgen_test]
async fn a_session_of_the_programs_own_stays() {
    let [server, _] = servers();
    let mut chat = Chat::new(flowise(server, "scripted-chain"));
    let own = |question: &str| PredictionRequest::new(question).session_id("mine");
    let mut stopped = chat.ask(own("slow long 60 own-session"));
    until_a_token(&mut stopped).await;
    stopped.abort();
    collect(&mut stopped).await;
    chat.keep(&stopped);
    assert_eq!(chat.state().session_id.as_deref(), Some("mine"));
    assert_eq!(whole(&mut chat, "own-session say Hello.").await, "Hello.");
    let other = PredictionRequest::new("own-session say Other.").session_id("other");
    chat.ask(other).finish().await.unwrap();
    let bodies = asked(server, "own-session").await;
    let memories: Vec<_> = bodies.iter().map(memory).collect();
    assert_eq!(memories, ["mine", "mine", "other"]);
    assert_ne!(bodies[1]["chatId"], bodies[0]["chatId"]);
}

#[wasm_bindgen_test]
async fn a_conversation_whose_answer_was_complete_or_refused_stays_what_it_is() {
    let [server, _] = servers();
    let mut state = Chat::new(flowise(server, "scripted")).state().clone();
    let first_id = state.chat_id.clone();
    for flow in [
        "scripted",
        "error-model",
        "trouble-status-500",
        "trouble-json",
        "scripted",
    ] {
        let mut chat = Chat::restore(flowise(server, flow), state);
        let mut answer = chat.ask("say Hello, refused.");
        collect(&mut answer).await;
        chat.keep(&answer);
        state = chat.state().clone();
        assert_eq!(
            (state.chat_id.as_str(), &state.session_id),
            (first_id.as_str(), &None),
            "{flow}"
        );
    }
    let reasons: Vec<_> = state
        .turns
        .iter()
        .map(|turn| turn.answer.finish_reason)
        .collect();
    let (stop, error) = (FinishReason::Stop, FinishReason::Error);
    assert_eq!(reasons, [stop, error, error, stop, stop]);
    for body in asked(server, "refused.").await {
        assert_eq!(
            (&body["chatId"], memory(&body)),
            (&json!(first_id), &Value::Null)
        );
    }
}

#[wasm_bindgen_test]
async fn questions_in_one_conversation_follow_each_other() {
    let [server, _] = servers();
    let chat = Chat::new(flowise(server, "scripted"));
    let other = chat.clone();
    let ask = |chat: &Chat, name: &str| chat.ask(["slow say ", name, " ", name].concat()).finish();
    let both = join(ask(&chat, "a"), ask(&other, "b"));
    let ((a, b), c) = join(both, ask(&chat, "c")).await;
    let texts = [a, b, c].map(|answer| answer.unwrap().text);
    assert_eq!(texts, ["a a", "b b", "c c"]);
}

#[wasm_bindgen_test]
async fn a_question_that_waits_in_a_task_of_its_own_is_asked_when_its_turn_comes() {
    let [server, _] = servers();
    let chat = Chat::new(flowise(server, "scripted"));
    let (first, second) = (chat.ask("slow say First."), chat.ask("say Second."));
    let answer = Rc::new(Cell::new(None));
    let whole = Rc::clone(&answer);
    let mut first = std::pin::pin!(first.finish());
    assert!((&mut first).now_or_never().is_none());
    spawn_local(async move { whole.set(Some(second.finish().await)) });
    assert_eq!(first.await.unwrap().text, "First.");
    let second = loop {
        match answer.take() {
            Some(answer) => break answer.unwrap(),
            // time for the other task
            None => drop(log(server).await),
        }
    };
    assert_eq!(second.text, "Second.");
}

#[wasm_bindgen_test]
async fn one_that_waits_while_the_answer_before_it_is_stopped_does_not_meet_its_run() {
    let [server, _] = servers();
    let chat = Chat::new(flowise(server, "scripted-chain"));
    let mut first = chat.ask("slow long 60");
    until_a_token(&mut first).await;
    let mut second = chat.ask("say It was second.");
    assert!(second.next().now_or_never().is_none());
    first.abort();
    let (stopped, whole) = join(first.finish(), second.finish()).await;
    assert_eq!(stopped.unwrap().finish_reason, FinishReason::Aborted);
    assert_eq!(whole.unwrap().text, "It was second.");
}

#[wasm_bindgen_test]
async fn the_part_of_an_answer_that_failed_is_recorded() {
    for server in servers() {
        let mut chat = Chat::new(flowise(server, "error-midway"));
        let mut answer = chat.ask("drop");
        let (_, failure) = collect(&mut answer).await;
        chat.keep(&answer);
        let kept = &chat.turns()[0].answer;
        assert_eq!(Some(kept), failure.unwrap().partial(), "{server}");
        assert_eq!(kept.finish_reason, FinishReason::Error);
    }
    let mut nowhere = Chat::new(flowise("http://127.0.0.1:1", "chain"));
    let mut answer = nowhere.ask("Hello?");
    assert!(collect(&mut answer).await.1.is_some());
    nowhere.keep(&answer);
    assert_eq!(nowhere.turns()[0].question, "Hello?");
    assert_eq!(nowhere.turns()[0].answer.text, "");
}

#[wasm_bindgen_test]
async fn a_handle_stops_the_answer_that_a_task_reads() {
    for server in servers() {
        let mut chat = Chat::new(steady(server));
        let mut answer = chat.ask("20");
        let (handle, same) = (answer.abort_handle(), answer.abort_handle());
        assert_eq!(handle, same);
        assert_ne!(handle, chat.ask("20").abort_handle());
        until_a_token(&mut answer).await;
        let abort = stop_of(&answer);
        // the task waits when the button is pressed
        let press = async {
            handle.abort();
            handle.abort();
        };
        let ((_, failure), ()) = join(collect(&mut answer), press).await;
        assert_eq!(failure, None, "{server}");
        chat.keep(&answer);
        let kept = &chat.turns()[0].answer;
        assert_eq!(kept.finish_reason, FinishReason::Aborted);
        assert!(!kept.text.is_empty());
        wait_for(server, &abort).await;
        // it has ended
        same.abort();
        assert!(answer.next().await.is_none());
    }
}

#[wasm_bindgen_test]
async fn a_handle_wakes_the_task_of_an_answer_in_which_nothing_happens() {
    let [server, _] = servers();
    let patient = builder(server, "trouble-silent")
        .first_byte_timeout(Duration::ZERO)
        .build()
        .unwrap();
    let mut answer = patient.stream(&PredictionRequest::new("Hi"));
    let handle = answer.abort_handle();
    assert!(answer.next().now_or_never().is_none());
    let press = async { handle.abort() };
    let ((events, failure), ()) = join(collect(&mut answer), press).await;
    assert_eq!((events, failure), (Vec::new(), None));
    let reason = answer.prediction().map(|part| part.finish_reason);
    assert_eq!(reason, Some(FinishReason::Aborted));
}

#[derive(Default)]
struct Woken(AtomicBool);

impl Wake for Woken {
    fn wake(self: Arc<Self>) {
        self.0.store(true, Ordering::Relaxed);
    }
}

#[wasm_bindgen_test]
fn a_handle_wakes_the_task_that_polled_last() {
    let [server, _] = servers();
    let mut answer = flowise(server, "trouble-silent").stream(&PredictionRequest::new("Hi"));
    let tasks = [(); 2].map(|()| Arc::new(Woken::default()));
    for task in &tasks {
        let waker = Waker::from(Arc::clone(task));
        let polled = answer.poll_next_unpin(&mut Context::from_waker(&waker));
        assert!(polled.is_pending());
    }
    // the browser runs nothing else in between
    let woken = || {
        tasks
            .each_ref()
            .map(|task| task.0.swap(false, Ordering::Relaxed))
    };
    woken();
    answer.abort_handle().abort();
    assert_eq!(woken(), [false, true]);
}

#[wasm_bindgen_test]
async fn a_handle_stops_an_answer_before_it_was_asked_for_and_not_after_its_end() {
    let [server, _] = servers();
    let flowise = flowise(server, "scripted");
    let ask = || flowise.stream(&PredictionRequest::new("say Never asked."));
    let mut never = ask();
    never.abort_handle().abort();
    let (events, failure) = collect(&mut never).await;
    assert_eq!((events, failure), (Vec::new(), None));
    let reason = never.prediction().map(|answer| answer.finish_reason);
    assert_eq!(reason, Some(FinishReason::Aborted));
    assert!(asked(server, "Never asked.").await.is_empty());
    let mut ended = ask();
    let handle = ended.abort_handle();
    while let Some(event) = ended.next().await {
        if event.unwrap() == Event::End {
            handle.abort();
        }
    }
    let reason = ended.prediction().map(|whole| whole.finish_reason);
    assert_eq!(reason, Some(FinishReason::Stop));
    // a handle does not keep the stream
    drop(ended);
    handle.abort();
}

#[wasm_bindgen_test]
async fn a_chat_stops_on_the_server_what_runs_under_the_id_that_it_has_now() {
    let [server, _] = servers();
    let mut chat = Chat::new(flowise(server, "scripted-chain"));
    let mut stopped = chat.ask("slow long 60");
    until_a_token(&mut stopped).await;
    stopped.abort();
    collect(&mut stopped).await;
    chat.keep(&stopped);
    chat.stop().await.unwrap();
    let abort = format!(
        "PUT /api/v1/chatmessage/abort/scripted-chain/{}",
        chat.state().chat_id
    );
    wait_for(server, &abort).await;
}
