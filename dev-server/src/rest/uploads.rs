//! Files: the uploads that a flow allows, `POST /attachments`, and `GET /get-upload-file`.

use std::collections::HashMap;
use std::sync::Arc;

use axum::Extension;
use axum::body::Body;
use axum::extract::{Path, Query};
use axum::http::{HeaderMap, HeaderValue, Response, StatusCode, header};
use bytes::Bytes;
use serde_json::{Value, json};

use super::key::no_key;
use crate::flows::{self, Flow, Generation};
use crate::reply::{HTML, Reply, reply_with};
use crate::state::Context;
use crate::state::store::File;

/// The reply of `chatflows-uploads` for every flow here, and the member `uploads` of a flow's public settings.
pub(crate) fn limits(generation: Generation) -> Value {
    let images = json!([{
        "fileTypes": ["image/gif", "image/jpeg", "image/png", "image/webp", ""], "maxUploadSize": 5
    }]);
    let files = match generation {
        Generation::SocketIo => "isFileUploadAllowed",
        Generation::Sse => "isRAGFileUploadAllowed",
    };
    let mut limits = json!({ "isSpeechToTextEnabled": false, "isImageUploadAllowed": true });
    limits[files] = false.into();
    limits["imgUploadSizeAndTypes"] = images;
    limits["fileUploadSizeAndTypes"] = json!([]);
    limits
}

/// The owner's setting that enables `POST /attachments`. It is a member of `chatbotConfig`, beside `uploads`.
pub(crate) fn full_file_upload(flow: &Flow, generation: Generation) -> Option<Value> {
    (flow.rules.takes_files && generation == Generation::Sse)
        .then(|| json!({ "status": true, "allowedUploadFileTypes": "text/plain" }))
}

/// Takes files and answers with their texts.
pub(crate) async fn attach(
    Extension(context): Extension<Arc<Context>>,
    Path((flow, chat)): Path<(String, String)>,
    headers: HeaderMap,
    body: Bytes,
) -> Response<Body> {
    const SERVICE: &str = "Error: attachmentService.createAttachment - ";
    if context.generation == Generation::SocketIo {
        // 2.0.7 has no such call, but checks the key first.
        return no_key();
    }
    let refuse = |why: &str| reply_with(Reply::error(500, &format!("{SERVICE}{why}")));
    let Some(known) = flows::find(&flow, context.generation) else {
        return refuse(&format!("Chatflow {flow} not found"));
    };
    if !known.rules.takes_files {
        return refuse("File upload is not enabled for this chatflow");
    }
    let files = match read(&headers, body).await {
        Ok(files) => files,
        Err(cause) => return refuse(&cause.to_string()),
    };
    let mut answers = Vec::new();
    for (name, mime, content) in files {
        if !mime.starts_with("text/") {
            return refuse(&format!("File type '{mime}' is not allowed"));
        }
        answers.push(json!({
            "name": name, "mimeType": mime, "size": content.len(),
            "content": String::from_utf8_lossy(&content),
        }));
        let (flow, chat) = (flow.clone(), chat.clone());
        context.world.store.add_file(File {
            flow,
            chat,
            name,
            mime,
            content,
        });
    }
    reply_with(Reply::json(&answers.into()))
}

async fn read(
    headers: &HeaderMap,
    body: Bytes,
) -> Result<Vec<(String, String, Bytes)>, multer::Error> {
    let content_type = headers
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok());
    let boundary = multer::parse_boundary(content_type.unwrap_or_default())?;
    let whole = futures_util::stream::once(async move { Ok::<_, std::io::Error>(body) });
    let mut parts = multer::Multipart::new(whole, boundary);
    let mut files = Vec::new();
    while let Some(part) = parts.next_field().await? {
        let Some(name) = part.file_name().map(str::to_owned) else {
            continue;
        };
        let mime = part
            .content_type()
            .map_or_else(String::new, ToString::to_string);
        files.push((name, mime, part.bytes().await?));
    }
    Ok(files)
}

/// Sends an uploaded file.
pub(crate) async fn download(
    Extension(context): Extension<Arc<Context>>,
    Query(query): Query<HashMap<String, String>>,
) -> Response<Body> {
    let [Some(flow), Some(chat), Some(name)] =
        ["chatflowId", "chatId", "fileName"].map(|name| query.get(name))
    else {
        let reply = Reply::new(StatusCode::INTERNAL_SERVER_ERROR, HTML, "Invalid file path");
        return reply_with(reply);
    };
    if flows::find(flow, context.generation).is_none() {
        return reply_with(Reply::error(404, &format!("Chatflow {flow} not found")));
    }
    let Some(file) = context.world.store.file(flow, chat, name) else {
        return reply_with(Reply::error(500, &format!("File {name} not found")));
    };
    let mut response = Response::new(Body::from(file.content));
    // Never a type that a browser would execute.
    let mime = if file.mime.starts_with("text/") {
        "text/plain"
    } else {
        "application/octet-stream"
    };
    response
        .headers_mut()
        .insert(header::CONTENT_TYPE, HeaderValue::from_static(mime));
    response.headers_mut().insert(
        header::CONTENT_DISPOSITION,
        HeaderValue::from_static("attachment"),
    );
    response
}
