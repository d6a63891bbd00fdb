//! Replies, and the responses that carry them.

use std::convert::Infallible;
use std::time::Duration;

use axum::body::Body;
use axum::http::{HeaderValue, Response, StatusCode, header};
use bytes::Bytes;
use futures_util::stream;
use serde_json::{Value, json};

/// Marks a response that Flowise sends before its CORS and security headers are added.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Bare;

/// The reply to a question that was not streamed, and the one that ends a Socket.IO run.
#[derive(Clone, Debug)]
pub(crate) struct Reply {
    pub(crate) status: StatusCode,
    pub(crate) content_type: &'static str,
    pub(crate) body: Bytes,
    /// How long the real server took without streaming.
    pub(crate) takes: Duration,
    /// Sends the body in pieces of this size, with a millisecond between them.
    pub(crate) pieces: Option<usize>,
}

pub(crate) const JSON: &str = "application/json; charset=utf-8";
pub(crate) const HTML: &str = "text/html; charset=utf-8";
pub(crate) const TEXT: &str = "text/plain; charset=utf-8";

impl Reply {
    pub(crate) fn new(
        status: StatusCode,
        content_type: &'static str,
        body: impl Into<Bytes>,
    ) -> Self {
        Self {
            status,
            content_type,
            body: body.into(),
            takes: Duration::ZERO,
            pieces: None,
        }
    }

    pub(crate) fn json(body: &Value) -> Self {
        Self::new(StatusCode::OK, JSON, body.to_string())
    }

    /// An error as Flowise's error handler writes it.
    pub(crate) fn error(status: u16, message: &str) -> Self {
        let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let body = json!({
            "statusCode": status.as_u16(), "success": false, "message": message, "stack": {}
        });
        Self::new(status, JSON, body.to_string())
    }
}

/// The response that a reply describes.
pub(crate) fn reply_with(reply: Reply) -> Response<Body> {
    let body = match reply.pieces {
        None => Body::from(reply.body),
        Some(size) => in_pieces(reply.body, size),
    };
    let mut response = Response::new(body);
    *response.status_mut() = reply.status;
    let content_type = HeaderValue::from_static(reply.content_type);
    response
        .headers_mut()
        .insert(header::CONTENT_TYPE, content_type);
    response
}

fn in_pieces(body: Bytes, size: usize) -> Body {
    Body::from_stream(stream::unfold(body, move |mut rest| async move {
        if rest.is_empty() {
            return None;
        }
        tokio::time::sleep(Duration::from_millis(1)).await;
        let piece = rest.split_to(size.min(rest.len()));
        Some((Ok::<_, Infallible>(piece), rest))
    }))
}

/// A response with the headers of an event stream.
pub(crate) fn event_stream(body: Body) -> Response<Body> {
    let mut response = Response::new(body);
    let headers = response.headers_mut();
    for (name, value) in [
        (header::CONTENT_TYPE, "text/event-stream"),
        (header::CACHE_CONTROL, "no-cache"),
        (header::CONNECTION, "keep-alive"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    headers.insert("x-accel-buffering", HeaderValue::from_static("no"));
    response
}
