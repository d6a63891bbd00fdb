//! Connections that end as no library would end them: an Engine.IO server by hand, with long-polling alone.
//!
//! | path | after the connection |
//! |---|---|
//! | `/ends/close/` | the server closes it |
//! | `/ends/error/` | the next request fails |
//! | `/ends/rubbish/` | something comes that is no packet of Socket.IO |
//! | `/ends/depth/` | `deep` comes, with more arrays in each other than anybody has use for |
//! | `/ends/silence/` | nothing comes any more, no ping either |
//! | `/ends/refusal/` | there was none: the socket is refused, with the data `{"code":7}` |
//!
//! A socket that comes back is told that nothing was missed.

use std::collections::HashSet;
use std::sync::{Arc, Mutex, PoisonError};

use axum::Router;
use axum::extract::{Path, RawQuery, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;

/// The sessions that there have been, and those that have heard something.
#[derive(Clone, Default)]
struct Sessions(Arc<Mutex<(u32, HashSet<String>)>>);

pub(crate) fn router() -> Router {
    Router::new()
        .route("/ends/{how}/", get(poll).post(async || "ok"))
        .with_state(Sessions::default())
}

async fn poll(
    State(sessions): State<Sessions>,
    Path(how): Path<String>,
    RawQuery(query): RawQuery,
) -> Response {
    let query = query.unwrap_or_default();
    let sid = query.split('&').find_map(|part| part.strip_prefix("sid="));
    let Some(sid) = sid else {
        let sid = sessions.start();
        return format!(
            r#"0{{"sid":"{sid}","upgrades":[],"pingInterval":100,"pingTimeout":100,"maxPayload":1000}}"#
        )
        .into_response();
    };
    match how.as_str() {
        "refusal" => r#"44{"message":"not you","data":{"code":7}}"#.into_response(),
        _ if sessions.is_first(sid) => {
            format!(r#"40{{"sid":"{sid}","pid":"kept"}}"#).into_response()
        }
        "close" => "1".into_response(),
        "error" => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
        "rubbish" => "4?".into_response(),
        "depth" if sessions.is_first(&[sid, "again"].concat()) => {
            let depth = 100_000;
            let deep = ["[".repeat(depth), "]".repeat(depth)].concat();
            format!(r#"42["deep",{deep}]"#).into_response()
        }
        _ => std::future::pending().await,
    }
}

impl Sessions {
    fn start(&self) -> String {
        let mut sessions = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        sessions.0 += 1;
        format!("session-{}", sessions.0)
    }

    fn is_first(&self, sid: &str) -> bool {
        let mut sessions = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        sessions.1.insert(sid.to_owned())
    }
}
