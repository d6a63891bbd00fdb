//! Decides which pages may read which answers, as each generation does.

use axum::body::Body;
use axum::http::{HeaderMap, HeaderValue, Method, Response, StatusCode, header};

use crate::flows::{self, Flow, Generation};
use crate::reply::HTML;
use crate::state::Context;

/// The verdict on one request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// The request names no origin.
    NoOrigin,
    Allowed(HeaderValue),
    Refused,
}

/// Calls of Flowise 3.1 that follow the chatflow's own allowed origins.
const PUBLIC: [&str; 3] = ["prediction", "public-chatbotConfig", "chatflows-streaming"];

impl Verdict {
    pub(crate) fn of(context: &Context, path: &str, headers: &HeaderMap) -> Self {
        let Some(origin) = headers.get(header::ORIGIN) else {
            return Self::NoOrigin;
        };
        let listed = &context.world.cors_origins;
        let flow = flows::find(context.flow_id(), context.generation);
        if flow.is_some_and(|flow| flow.rules.no_cors) {
            return Self::Refused;
        }
        let text = origin.to_str().unwrap_or_default().to_ascii_lowercase();
        let listed_here = listed.iter().any(|one| one == "*" || *one == text);
        let allowed = match context.generation {
            // The default of 2.0 is `*`.
            Generation::SocketIo => listed.is_empty() || listed_here,
            // a sandboxed frame's origin is never allowed (`packages/server/src/utils/XSS.ts`)
            Generation::Sse => {
                text != "null" && (listed_here || is_public(path, flow.as_ref(), &text))
            }
        };
        if allowed {
            Self::Allowed(origin.clone())
        } else {
            Self::Refused
        }
    }

    /// Adds the headers of an answer that is not a preflight's.
    pub(crate) fn apply(&self, headers: &mut HeaderMap) {
        match self {
            Self::NoOrigin => {
                headers.append(header::VARY, HeaderValue::from_static("Origin"));
            }
            Self::Allowed(origin) => {
                headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin.clone());
                headers.append(header::VARY, HeaderValue::from_static("Origin"));
            }
            Self::Refused => {}
        }
    }

    /// Answers a preflight.
    pub(crate) fn preflight(&self, path: &str, asked: &HeaderMap) -> Response<Body> {
        match self {
            Self::Allowed(origin) => {
                let mut response = Response::new(Body::empty());
                *response.status_mut() = StatusCode::NO_CONTENT;
                let headers = response.headers_mut();
                headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin.clone());
                headers.insert(
                    header::VARY,
                    HeaderValue::from_static("Origin, Access-Control-Request-Headers"),
                );
                headers.insert(
                    header::ACCESS_CONTROL_ALLOW_METHODS,
                    HeaderValue::from_static("GET,HEAD,PUT,PATCH,POST,DELETE"),
                );
                if let Some(wanted) = asked.get(header::ACCESS_CONTROL_REQUEST_HEADERS) {
                    headers.insert(header::ACCESS_CONTROL_ALLOW_HEADERS, wanted.clone());
                }
                response
            }
            // Express sends its own answer if no origin is allowed.
            Self::NoOrigin | Self::Refused => {
                let methods = methods_of(path);
                let mut response = Response::new(Body::from(methods));
                let headers = response.headers_mut();
                headers.insert(header::ALLOW, HeaderValue::from_static(methods));
                headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(HTML));
                response
            }
        }
    }
}

/// Whether the request is a preflight.
pub(crate) fn is_preflight(method: &Method, headers: &HeaderMap) -> bool {
    method == Method::OPTIONS && headers.contains_key(header::ACCESS_CONTROL_REQUEST_METHOD)
}

/// Whether a page of `origin` may use this call of Flowise 3.1 by default.
fn is_public(path: &str, flow: Option<&Flow>, origin: &str) -> bool {
    let call = path.strip_prefix("/api/v1/").unwrap_or_default();
    if call.starts_with("text-to-speech/generate") {
        // The body names the flow, and a preflight has no body.
        return true;
    }
    let name = call.split('/').next().unwrap_or_default();
    PUBLIC.contains(&name) && flow.is_some_and(|flow| flow.lets_in(origin))
}

fn methods_of(path: &str) -> &'static str {
    let call = path.strip_prefix("/api/v1/").unwrap_or_default();
    match call.split('/').next().unwrap_or_default() {
        "prediction" | "attachments" | "leads" | "text-to-speech" => "POST",
        "chatmessage" if call.starts_with("chatmessage/abort/") => "PUT",
        "feedback" if call.contains('/') => "PUT",
        "feedback" => "POST",
        _ => "GET,HEAD",
    }
}
