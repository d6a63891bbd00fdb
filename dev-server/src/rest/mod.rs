//! Flowise's REST interface for chat pages, and its user interface on all other paths.

mod key;
mod prediction;
mod speech;
mod trouble;
mod uploads;

use std::collections::HashMap;
use std::convert::Infallible;
use std::path::Path as FilePath;
use std::sync::Arc;

use axum::body::Body;
use axum::extract::{DefaultBodyLimit, Path, Query};
use axum::http::{HeaderMap, HeaderValue, Request, Response, StatusCode, header};
use axum::response::Html;
use axum::routing::{get, post, put};
use axum::{Extension, Router};
use bytes::Bytes;
use serde_json::{Value, json};
use tower::ServiceExt;
use tower_http::services::ServeDir;

use self::key::{has_key, no_key};
use self::prediction::predict;
use crate::flows::{self, Flow, Generation, Source};
use crate::reply::{HTML, JSON, Reply, reply_with};
use crate::state::Context;

type Surroundings = Extension<Arc<Context>>;

/// All routes below `/api/v1`, and the files of `www` or a page that stands in for Flowise's own.
pub(crate) fn router(www: Option<&FilePath>) -> Router {
    let api = Router::new()
        .route(
            "/ping",
            get(async || ([(header::CONTENT_TYPE, HTML)], "pong")),
        )
        .route("/version", get(version))
        .route("/prediction/{id}", post(predict))
        .route("/chatflows-streaming/{id}", get(is_streaming))
        .route("/public-chatbotConfig/{id}", get(config))
        .route("/chatflows-uploads/{id}", get(upload_limits))
        .route("/chatmessage/abort/{flow}/{chat}", put(abort))
        .route("/chatmessage/{flow}", get(messages))
        .route("/attachments/{flow}/{chat}", post(uploads::attach))
        .route("/get-upload-file", get(uploads::download))
        .route("/feedback", post(add_feedback))
        .route("/feedback/{id}", post(add_feedback).put(change_feedback))
        .route("/leads", post(lead))
        .route("/text-to-speech/generate", post(speech::generate));
    let router = Router::new()
        .nest("/api/v1", api)
        // The limit was checked before the request arrives here.
        .layer(DefaultBodyLimit::disable());
    match www {
        Some(folder) => router.fallback_service(
            ServeDir::new(folder)
                // The build of the page has its files compressed, too.
                .precompressed_gzip()
                .call_fallback_on_method_not_allowed(true)
                .fallback(tower::service_fn(async |_: Request<Body>| {
                    Ok::<_, Infallible>(user_interface())
                }))
                .map_response(|response| {
                    let mut response = response.map(Body::new);
                    // A rebuilt page must be visible at once.
                    let value = HeaderValue::from_static("no-cache");
                    response.headers_mut().insert(header::CACHE_CONTROL, value);
                    response
                }),
        ),
        None => router.fallback(async || user_interface()),
    }
}

/// Flowise answers every unknown path with its user interface, and 200.
fn user_interface() -> Response<Body> {
    const PAGE: &str = "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\
        <title>Flowise</title></head><body><div id=\"root\">This server plays Flowise. \
        <a href=\"/dev/flows\">Its chatflows</a></div></body></html>\n";
    axum::response::IntoResponse::into_response(Html(PAGE))
}

async fn version(Extension(context): Surroundings, headers: HeaderMap) -> Response<Body> {
    match context.generation {
        Generation::SocketIo if !has_key(&headers) => no_key(),
        Generation::SocketIo => reply_with(Reply::json(&json!({ "version": "2.0.7" }))),
        Generation::Sse => reply_with(Reply::json(&json!({ "version": "3.1.4" }))),
    }
}

async fn is_streaming(Extension(context): Surroundings, Path(id): Path<String>) -> Response<Body> {
    match flows::find(&id, context.generation) {
        Some(flow) => {
            let streams = !flow.rules.cannot_stream;
            reply_with(Reply::json(&json!({ "isStreaming": streams })))
        }
        None => reply_with(Reply::error(
            500,
            &format!(
                "Error: chatflowsService.checkIfChatflowIsValidForStreaming - Chatflow {id} not found"
            ),
        )),
    }
}

async fn config(Extension(context): Surroundings, Path(id): Path<String>) -> Response<Body> {
    let Some(flow) = flows::find(&id, context.generation) else {
        let message = format!(
            "Error: chatflowsService.getSinglePublicChatbotConfig - Chatflow {id} not found"
        );
        return reply_with(Reply::error(500, &message));
    };
    let name = match flow.id {
        "elsewhere" => "config-elsewhere",
        _ => "config-chain",
    };
    let recordings = &context.world.recordings;
    let recorded = match context.generation {
        Generation::SocketIo => recordings.socket_io.get(name).map(|r| r.reply.body.clone()),
        Generation::Sse => recordings.sse.get(name).map(|r| r.body()),
    };
    let recorded = recorded.unwrap_or_else(|| "{}".to_owned());
    if matches!(flow.id, "chain" | "elsewhere") {
        return reply_with(Reply::new(StatusCode::OK, JSON, recorded));
    }
    let mut config: Value = serde_json::from_str(&recorded).unwrap_or_default();
    if let Some(members) = config.as_object_mut() {
        // The recorded one belongs to the chain.
        members.shift_remove("flowData");
    }
    if flow.id == "form" {
        config["flowData"] = start_form().to_string().into();
    }
    config["uploads"] = uploads::limits(context.generation);
    if let Some(setting) = uploads::full_file_upload(&flow, context.generation) {
        config["fullFileUpload"] = setting;
    }
    add_settings(&flow, context.generation, &mut config);
    reply_with(Reply::json(&config))
}

/// An AgentFlow whose first node shows a form, as Flowise sends it to chat pages.
fn start_form() -> Value {
    json!({ "nodes": [{ "id": "startAgentflow_0", "data": { "name": "startAgentflow", "inputs": {
        "startInputType": "formInput",
        "formTitle": "Translate a letter",
        "formDescription": "The team translates it, and another agent looks it over.",
        "formInputTypes": [
            { "type": "string", "label": "The letter", "name": "letter", "addOptions": "" },
            { "type": "options", "label": "Into", "name": "language",
              "addOptions": [{ "option": "Spanish" }, { "option": "German" }] },
            { "type": "number", "label": "At most words", "name": "words", "addOptions": "" },
            { "type": "boolean", "label": "Keep it formal", "name": "formal", "addOptions": "" },
        ],
    } } }], "edges": [] })
}

/// The owner's settings for the demo's flow.
fn add_settings(flow: &Flow, generation: Generation, config: &mut Value) {
    if !matches!(flow.source, Source::Scripted) {
        return;
    }
    config["starterPrompts"] = json!({
        "0": { "prompt": "Show me some markdown" },
        "1": { "prompt": "calculate 6*7, with sources" },
        "2": { "prompt": "think, then follow up" },
        "3": { "prompt": "ask me before you go on" },
    });
    config["chatFeedback"] = json!({ "status": true });
    config["leads"] = json!({ "status": false });
    if generation == Generation::Sse {
        config["isTTSEnabled"] = true.into();
    }
}

async fn upload_limits(Extension(context): Surroundings, Path(id): Path<String>) -> Response<Body> {
    match flows::find(&id, context.generation) {
        Some(_) => reply_with(Reply::json(&uploads::limits(context.generation))),
        None => reply_with(Reply::error(
            500,
            &format!(
                "Error: chatflowsService.checkIfChatflowIsValidForUploads - Chatflow {id} not found"
            ),
        )),
    }
}

async fn abort(
    Extension(context): Surroundings,
    Path((flow, chat)): Path<(String, String)>,
    headers: HeaderMap,
) -> Response<Body> {
    let internal = headers
        .get("x-request-from")
        .is_some_and(|from| from == "internal");
    if context.generation == Generation::SocketIo && !internal && !has_key(&headers) {
        return no_key();
    }
    context.life.runs.abort(&flow, &chat);
    reply_with(Reply::json(
        &json!({ "status": 200, "message": "Chat message aborted" }),
    ))
}

async fn messages(
    Extension(context): Surroundings,
    Path(flow): Path<String>,
    Query(query): Query<HashMap<String, String>>,
    headers: HeaderMap,
) -> Response<Body> {
    if !has_key(&headers) {
        return no_key();
    }
    let mut members = vec![("chatflowid", flow.as_str())];
    for (name, member) in [
        ("chatId", "chatId"),
        ("sessionId", "sessionId"),
        ("messageId", "id"),
    ] {
        if let Some(value) = query.get(name) {
            members.push((member, value));
        }
    }
    let mut messages = context.world.store.messages(&members);
    if query.get("order").is_some_and(|order| order == "DESC") {
        messages.reverse();
    }
    reply_with(Reply::json(&messages.into()))
}

fn body_of(body: &Bytes) -> Value {
    serde_json::from_slice(body).unwrap_or_else(|_| json!({}))
}

async fn add_feedback(Extension(context): Surroundings, body: Bytes) -> Response<Body> {
    const SERVICE: &str = "Error: feedbackService.createChatMessageFeedbackForChatflow - ";
    let feedback = body_of(&body);
    if context.generation == Generation::Sse {
        let Some(message) = feedback["messageId"].as_str() else {
            return reply_with(Reply::error(400, "Message ID is required"));
        };
        if context.world.store.messages(&[("id", message)]).is_empty() {
            let message = format!("Message with ID {message} not found");
            return reply_with(Reply::error(404, &message));
        }
    } else if feedback["messageId"].is_null() {
        let message = format!(
            "{SERVICE}SQLITE_CONSTRAINT: NOT NULL constraint failed: chat_message_feedback.messageId"
        );
        return reply_with(Reply::error(500, &message));
    }
    reply_with(Reply::json(&context.world.store.add_feedback(feedback)))
}

async fn change_feedback(
    Extension(context): Surroundings,
    Path(id): Path<String>,
    body: Bytes,
) -> Response<Body> {
    match context.world.store.change_feedback(&id, &body_of(&body)) {
        Some(feedback) => reply_with(Reply::json(&feedback)),
        None => reply_with(Reply::error(
            404,
            &format!("Feedback with ID {id} not found"),
        )),
    }
}

async fn lead(body: Bytes) -> Response<Body> {
    let sent = body_of(&body);
    let mut lead = json!({});
    for name in ["chatflowid", "name", "email", "phone", "chatId"] {
        if !sent[name].is_null() {
            lead[name] = sent[name].clone();
        }
    }
    let fresh = || Value::from(uuid::Uuid::new_v4().to_string());
    if lead["chatId"].is_null() {
        lead["chatId"] = fresh();
    }
    lead["id"] = fresh();
    reply_with(Reply::json(&lead))
}
