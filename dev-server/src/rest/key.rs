//! The API key of a request.

use axum::body::Body;
use axum::http::{HeaderMap, Response, StatusCode, header};
use serde_json::json;

use crate::flows::API_KEY;
use crate::reply::{JSON, Reply, reply_with};

/// Whether the request carries the server's API key.
pub(crate) fn has_key(headers: &HeaderMap) -> bool {
    let sent = headers
        .get(header::AUTHORIZATION)
        .and_then(|value| value.to_str().ok());
    sent.and_then(|value| value.strip_prefix("Bearer ")) == Some(API_KEY)
}

/// The response to a request without the key.
pub(crate) fn no_key() -> Response<Body> {
    let body = json!({ "error": "Unauthorized Access" }).to_string();
    reply_with(Reply::new(StatusCode::UNAUTHORIZED, JSON, body))
}
