//! Connections that end in ways no library would end them: a hand-written Engine.IO server, only with long-polling.
//!
//! | path | after the connection |
//! |---|---|
//! | `/ends/close/` | the server closes it |
//! | `/ends/error/` | the next request fails |
//! | `/ends/rubbish/` | something comes that is no packet of Socket.IO |
//! | `/ends/depth/` | `deep` comes, with more arrays in each other than anybody has use for |
//! | `/ends/pings/` | a ping comes, and nothing more |
//! | `/ends/silence/` | nothing comes any more, no ping either |
//! | `/ends/recovery/` | `news` comes, then the server closes it; who comes back for what was missed gets one more |
//! | `/ends/refusal/` | there was none: the socket is refused, with the data `{"code":7}` |
//!
//! A socket that comes back is told that nothing was missed.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::Router;
use axum::extract::{self, Path, RawQuery};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use tokio::sync::Notify;

/// The sessions that there have been.
#[derive(Clone, Default)]
struct Sessions {
    state: Arc<Mutex<State>>,
    /// Tells of what clients have said.
    changed: Arc<Notify>,
}

#[derive(Default)]
struct State {
    count: u32,
    /// Those that have heard something.
    heard: HashSet<String>,
    /// What each has said last.
    said: HashMap<String, String>,
}

pub(crate) fn router() -> Router {
    Router::new()
        .route("/ends/{how}/", get(poll).post(say))
        .with_state(Sessions::default())
}

async fn poll(
    extract::State(sessions): extract::State<Sessions>,
    Path(how): Path<String>,
    RawQuery(query): RawQuery,
) -> Response {
    let query = query.unwrap_or_default();
    let Some(sid) = session(&query) else {
        let sid = sessions.start();
        // whoever waits for the end is not kept waiting, and no other test measures the machine
        let ping = if how == "silence" { 100 } else { 25_000 };
        return format!(
            r#"0{{"sid":"{sid}","upgrades":[],"pingInterval":{ping},"pingTimeout":{ping},"maxPayload":1000}}"#
        )
        .into_response();
    };
    match how.as_str() {
        "refusal" => r#"44{"message":"not you","data":{"code":7}}"#.into_response(),
        "recovery" => recover(&sessions, sid).await,
        _ if sessions.is_first(sid) => {
            format!(r#"40{{"sid":"{sid}","pid":"kept"}}"#).into_response()
        }
        "close" => "1".into_response(),
        "pings" if sessions.is_first(&[sid, "again"].concat()) => "2".into_response(),
        "error" => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
        "rubbish" => "4?".into_response(),
        "depth" if sessions.is_first(&[sid, "again"].concat()) => {
            let depth = 100_000;
            let deep = ["[".repeat(depth), "]".repeat(depth)].concat();
            format!(r#"42["deep",{deep}]"#).into_response()
        }
        _ => nothing_more(&sessions, sid).await,
    }
}

/// Answers a request when the client has closed the connection, as every server does. Without an answer, the request would keep one of the
/// few connections that a browser makes to a server.
async fn nothing_more(sessions: &Sessions, sid: &str) -> Response {
    sessions.said(sid, |packets| packets == "1").await;
    "6".into_response()
}

async fn say(
    extract::State(sessions): extract::State<Sessions>,
    RawQuery(query): RawQuery,
    packets: String,
) -> &'static str {
    if let Some(sid) = session(query.as_deref().unwrap_or_default()) {
        sessions.state().said.insert(sid.to_owned(), packets);
        sessions.changed.notify_waiters();
    }
    "ok"
}

fn session(query: &str) -> Option<&str> {
    query.split('&').find_map(|part| part.strip_prefix("sid="))
}

/// Plays a server with connection state recovery.
async fn recover(sessions: &Sessions, sid: &str) -> Response {
    let said = sessions.said(sid, |_| true).await;
    let comes_back = said.contains(r#""pid":"kept""#) && said.contains(r#""offset":"1""#);
    let (news, offset) = if comes_back {
        ("missed", 2)
    } else {
        ("heard", 1)
    };
    if sessions.is_first(sid) {
        // several packets in one reply have a record separator between them
        let connect = format!(r#"40{{"sid":"{sid}","pid":"kept"}}"#);
        return format!("{connect}\u{1e}42[\"news\",\"{news}\",\"{offset}\"]").into_response();
    }
    if comes_back {
        return nothing_more(sessions, sid).await;
    }
    "1".into_response()
}

impl Sessions {
    fn start(&self) -> String {
        let mut state = self.state();
        state.count += 1;
        format!("session-{}", state.count)
    }

    fn is_first(&self, sid: &str) -> bool {
        self.state().heard.insert(sid.to_owned())
    }

    /// What the client of a session has said last, as soon as it is what is waited for.
    async fn said(&self, sid: &str, is_it: impl Fn(&str) -> bool) -> String {
        loop {
            let changed = self.changed.notified();
            if let Some(said) = self.state().said.get(sid)
                && is_it(said)
            {
                return said.clone();
            }
            changed.await;
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
