//! `/dev/…`: the interface with which tests and the demo control the dev server.
//!
//! Every origin may call it. The exception is an API key in `/dev/config.json`: see [`config`].

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::http::{HeaderMap, HeaderValue, Method, Request, Response, StatusCode, header};
use hyper::body::Incoming;
use serde_json::{Value, json};
use url::Url;

use crate::flows::{self, Flow, Generation, Source};
use crate::recordings::Recordings;
use crate::reply::{JSON, Reply, reply_with};
use crate::state::Context;

/// Answers a request below `/dev/`.
pub(crate) async fn serve(context: &Arc<Context>, request: Request<Incoming>) -> Response<Body> {
    let path = request.uri().path();
    if path == "/dev/config.json" && context.world.real.is_some() {
        return config_with_key(context, request.method(), request.headers());
    }
    let mut response = if request.method() == Method::OPTIONS {
        let mut response = Response::new(Body::empty());
        *response.status_mut() = StatusCode::NO_CONTENT;
        response
    } else {
        answer(
            context,
            request.method(),
            path,
            &query(request.uri().query()),
        )
    };
    let headers = response.headers_mut();
    for (name, value) in [
        ("access-control-allow-origin", "*"),
        ("access-control-allow-methods", "GET,POST,DELETE"),
        ("access-control-allow-headers", "*"),
        ("cross-origin-resource-policy", "cross-origin"),
        ("cache-control", "no-store"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    response
}

fn query(query: Option<&str>) -> HashMap<String, String> {
    url::form_urlencoded::parse(query.unwrap_or_default().as_bytes())
        .into_owned()
        .collect()
}

fn answer(
    context: &Arc<Context>,
    method: &Method,
    path: &str,
    query: &HashMap<String, String>,
) -> Response<Body> {
    let world = &context.world;
    match (method.as_str(), path) {
        ("GET", "/dev/config.json") => reply_with(Reply::json(&config(context))),
        ("GET", "/dev/flows") => {
            let flows: Vec<_> = flows::all()
                .map(|flow| describe(&flow, &world.recordings))
                .collect();
            reply_with(Reply::json(&flows.into()))
        }
        ("GET", "/dev/log") => reply_with(Reply::new(StatusCode::OK, JSON, world.log.to_json())),
        ("DELETE", "/dev/log") => {
            world.log.clear();
            done()
        }
        ("GET", "/dev/connections") => reply_with(Reply::json(&json!({
            // The connection of this request does not count.
            "sockets": context.life.connections.count(context.connection.id()),
            "socketIoClients": context.life.sockets.count(),
            "streams": context.life.streams.count(),
            "runs": context.life.runs.count(),
        }))),
        ("POST", "/dev/restart") => {
            let down = query
                .get("downMs")
                .and_then(|ms| ms.parse().ok())
                .unwrap_or(0);
            context
                .listener
                .restart(Duration::from_millis(down), context.connection.id());
            let mut response = done();
            response
                .headers_mut()
                .insert(header::CONNECTION, HeaderValue::from_static("close"));
            response
        }
        ("POST", "/dev/generation") => {
            match query.get("as").and_then(|name| Generation::from_name(name)) {
                Some(generation) => {
                    context.listener.play(generation);
                    reply_with(Reply::json(&json!({ "generation": generation })))
                }
                None => reply_with(Reply::error(400, "say ?as=2.0 or ?as=3.1")),
            }
        }
        ("POST", "/dev/reset") => {
            world.log.clear();
            world.store.clear();
            for listener in world.listeners() {
                listener.life().forget_limits();
            }
            world.seen.clear();
            done()
        }
        _ => reply_with(Reply::error(404, "the dev server has no such call")),
    }
}

fn done() -> Response<Body> {
    reply_with(Reply::json(&json!({ "done": true })))
}

/// One flow, for the demo's picker.
fn describe(flow: &Flow, recordings: &Recordings) -> Value {
    let question = match flow.source {
        Source::One(name) | Source::Family(name) => recordings
            .sse
            .get(name)
            .map(|recording| &recording.request)
            .or(recordings
                .socket_io
                .get(name)
                .map(|recording| &recording.request))
            .and_then(|request| request.question()),
        Source::Scripted | Source::Trouble(_) => None,
    };
    json!({
        "id": flow.id,
        "name": flow.id.replace('-', " "),
        "about": flow.about,
        "kind": flow.kind(),
        "question": if flow.question.is_empty() { question.unwrap_or("Hi") } else { flow.question },
        "generations": flow.generations,
    })
}

/// The addresses of the demo's servers.
///
/// With `--flowise` this is the real server, and the API key from the environment variable that
/// `--api-key-env` names. The demo page calls that server itself, so it receives the key, under one
/// condition: the page must come from this server, under a loopback address. Without the condition, any
/// web page in the same browser could read the key, because `/dev` is open to every origin. A check of
/// `Origin` alone would admit a page whose host name was made to resolve to 127.0.0.1.
fn config(context: &Context) -> Value {
    if let Some(real) = &context.world.real {
        let mut config = json!({
            "servers": [{ "url": real.url.as_str().trim_end_matches('/'), "transport": "auto" }],
            "chatflowId": real.chatflow_id,
        });
        if let Some(key) = &real.api_key {
            config["apiKey"] = key.clone().into();
        }
        return config;
    }
    let servers: Vec<_> = context
        .world
        .listeners()
        .iter()
        .map(|listener| {
            let generation = listener.generation();
            let transport = match generation {
                Generation::Sse => "sse",
                Generation::SocketIo => "socket.io",
            };
            json!({ "generation": generation, "url": listener.url(), "transport": transport })
        })
        .collect();
    json!({ "servers": servers, "chatflowId": "scripted" })
}

fn config_with_key(context: &Context, method: &Method, headers: &HeaderMap) -> Response<Body> {
    let mut response = if method == Method::GET && is_own_page(headers) {
        reply_with(Reply::json(&config(context)))
    } else {
        reply_with(Reply::error(
            403,
            "only the demo page of this server may read its settings",
        ))
    };
    let headers = response.headers_mut();
    headers.insert(
        "cross-origin-resource-policy",
        HeaderValue::from_static("same-origin"),
    );
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

/// Whether the request has a loopback address, and comes from a page of that address (or from no page).
fn is_own_page(headers: &HeaderMap) -> bool {
    let text = |name| {
        headers
            .get(name)
            .and_then(|value: &HeaderValue| value.to_str().ok())
    };
    let Some(host) = text(header::HOST) else {
        return false;
    };
    let Ok(own) = Url::parse(&format!("http://{host}")) else {
        return false;
    };
    let is_loopback = match own.host() {
        Some(url::Host::Domain(name)) => name == "localhost",
        Some(url::Host::Ipv4(address)) => address.is_loopback(),
        Some(url::Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    };
    let site = headers
        .get("sec-fetch-site")
        .and_then(|value| value.to_str().ok());
    let same_site = site.is_none_or(|site| site == "same-origin" || site == "none");
    let same_origin = text(header::ORIGIN).is_none_or(|origin| {
        Url::parse(origin).is_ok_and(|origin| origin.origin() == own.origin())
    });
    is_loopback && same_site && same_origin
}
