//! `POST /api/v1/prediction/:id`.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use axum::Extension;
use axum::body::Body;
use axum::extract::Query;
use axum::http::{HeaderMap, HeaderValue, Response, StatusCode, header};
use bytes::Bytes;
use serde_json::Value;
use uuid::Uuid;

use super::key::has_key;
use super::trouble;
use crate::flows::{self, Flow, Generation, Source};
use crate::plan::{Plan, Step};
use crate::plans;
use crate::reply::{Bare, HTML, Reply, reply_with};
use crate::request::Question;
use crate::state::Context;
use crate::wire::{event_stream, socket_io};

const WRONG_ORIGIN: &str = "Not on this site.";

/// Answers a question.
pub(crate) async fn predict(
    Extension(context): Extension<Arc<Context>>,
    Query(query): Query<HashMap<String, String>>,
    headers: HeaderMap,
    body: Bytes,
) -> Response<Body> {
    let asked = match Question::read(&headers, body).await {
        Ok(mut asked) => {
            asked.bytes = query.get("bytes").and_then(|bytes| bytes.parse().ok());
            asked
        }
        Err(bad) => {
            let mut response = reply_with(Reply::error(400, &bad.0));
            response.extensions_mut().insert(Bare);
            return response;
        }
    };
    let Some(mut flow) = flows::find(context.flow_id(), context.generation) else {
        return unknown(&context, &asked).await;
    };
    if let Some(refusal) = wrong_origin(&context, &flow, &headers, &asked) {
        return reply_with(refusal);
    }
    if flow.rules.limited
        && let Err(rest) = context.life.limit(flow.id)
    {
        return too_many(rest);
    }
    if let Source::Trouble(kind) = flow.source {
        let kind = trouble::this_time(&context, kind, &asked);
        flow.source = Source::Trouble(kind);
        if let Some(response) = trouble::before_the_run(&context, kind, &asked).await {
            return response;
        }
    }
    let mut plan = plans::plan(&context.world.recordings, &flow, context.generation, &asked);
    if flow.rules.locked && !has_key(&headers) {
        let recordings = &context.world.recordings;
        plan = plans::replay::plan(recordings, "error-locked", context.generation, &asked);
    }
    remember(&context, &flow, &asked, &plan);
    let mut response = run(&context, &flow, asked, plan).await;
    if let Source::Trouble(kind) = flow.source {
        trouble::after_the_run(kind, &mut response);
    }
    if flow.rules.limited {
        limit_headers(response.headers_mut(), Duration::from_secs(60));
    }
    response
}

async fn run(
    context: &Arc<Context>,
    flow: &Flow,
    asked: Question,
    mut plan: Plan,
) -> Response<Body> {
    if context.generation == Generation::SocketIo {
        let id = asked.socket_io_client_id.as_deref();
        let client = id.and_then(|id| context.life.sockets.find(id));
        if client.is_none() && !matches!(flow.source, Source::Trouble(_)) {
            // Without a listener, there are no events, but the answer takes the same time.
            let takes = plan.reply.takes;
            plan.steps = Box::new(std::iter::once(Step::Wait(takes)));
        }
        return socket_io::respond(context, asked, plan).await;
    }
    if asked.streaming && !flow.rules.cannot_stream {
        return event_stream::respond(context, asked, plan);
    }
    if asked.streaming && plan.reply.status.is_server_error() {
        // Flowise's error handler writes nothing to a request for streaming.
        return std::future::pending().await;
    }
    context.world.wait(plan.reply.takes, None).await;
    reply_with(plan.reply)
}

async fn unknown(context: &Context, asked: &Question) -> Response<Body> {
    let id = context.flow_id();
    let missing = format!("Chatflow {id} not found in the database!");
    match context.generation {
        Generation::SocketIo => {
            let message = format!("Error: chatflowsService.getChatflowById - {missing}");
            reply_with(Reply::error(500, &message))
        }
        Generation::Sse if asked.streaming => std::future::pending().await,
        Generation::Sse if Uuid::parse_str(id).is_err() => {
            reply_with(Reply::error(400, "Invalid Chatflow ID"))
        }
        Generation::Sse => reply_with(Reply::error(404, &missing)),
    }
}

fn wrong_origin(
    context: &Context,
    flow: &Flow,
    headers: &HeaderMap,
    asked: &Question,
) -> Option<Reply> {
    let origin = headers.get(header::ORIGIN)?.to_str().unwrap_or_default();
    if flow.lets_in(origin) {
        return None;
    }
    Some(match context.generation {
        Generation::SocketIo => {
            Reply::error(401, "This site is not allowed to access this chatbot")
        }
        Generation::Sse if asked.streaming => Reply::new(StatusCode::FORBIDDEN, HTML, WRONG_ORIGIN),
        Generation::Sse => Reply::error(403, WRONG_ORIGIN),
    })
}

fn too_many(rest: Duration) -> Response<Body> {
    let reply = Reply::new(StatusCode::TOO_MANY_REQUESTS, HTML, "Too many questions.");
    let mut response = reply_with(reply);
    limit_headers(response.headers_mut(), rest);
    let seconds = HeaderValue::from(rest.as_secs() + 1);
    response.headers_mut().insert(header::RETRY_AFTER, seconds);
    response
}

fn limit_headers(headers: &mut HeaderMap, rest: Duration) {
    let reset = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default()
        + rest;
    headers.insert("x-ratelimit-limit", HeaderValue::from_static("1"));
    headers.insert("x-ratelimit-remaining", HeaderValue::from_static("0"));
    headers.insert("x-ratelimit-reset", HeaderValue::from(reset.as_secs()));
}

/// Stores question and answer for `GET /chatmessage`, but not an answer of megabytes.
fn remember(context: &Context, flow: &Flow, asked: &Question, plan: &Plan) {
    const MOST_BYTES: usize = 1_000_000;
    if !plan.reply.status.is_success() || plan.reply.body.len() > MOST_BYTES {
        return;
    }
    let Ok(reply) = serde_json::from_slice::<Value>(&plan.reply.body) else {
        return;
    };
    let ids = &asked.ids;
    let mut more = serde_json::json!({ "chatId": ids.chat, "sessionId": ids.session });
    let store = &context.world.store;
    let question_id = Uuid::new_v4().to_string();
    store.add_message(flow.id, "userMessage", &question_id, asked.words(), &more);
    for name in ["sourceDocuments", "usedTools", "agentReasoning", "action"] {
        if !reply[name].is_null() {
            more[name] = reply[name].clone();
        }
    }
    let text = reply["text"].as_str().unwrap_or_default();
    store.add_message(flow.id, "apiMessage", &ids.message, text, &more);
}
