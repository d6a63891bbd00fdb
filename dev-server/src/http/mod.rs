//! Dispatches a request: log, `/dev`, CORS, Socket.IO, REST, and the headers of all answers.

mod control;
mod cors;

use std::sync::Arc;

use axum::body::Body;
use axum::http::{HeaderMap, HeaderValue, Request, Response};
use http_body_util::{BodyExt, Limited};
use tower::ServiceExt;

use self::cors::Verdict;
use crate::flows::Generation;
use crate::reply::{Bare, Reply, reply_with};
use crate::state::listener::Arrival;
use crate::state::log::Watched;
use crate::state::{Context, World};

/// Flowise's default limit is 50 MB.
const BODY_LIMIT: usize = 50 * 1024 * 1024;

/// Answers one request.
pub(crate) async fn serve(world: Arc<World>, arrival: Arrival) -> Response<Body> {
    let Arrival {
        listener,
        life,
        connection,
        request,
    } = arrival;
    let path = request.uri().path().to_owned();
    let context = Arc::new(Context {
        generation: listener.generation(),
        flow_id: flow_in(&path),
        world,
        listener,
        life,
        connection,
    });
    if path.starts_with("/dev/") {
        return control::serve(&context, request).await;
    }
    let guard = context.world.log.open(
        context.listener.name,
        context.generation,
        &context.connection,
        &request,
    );
    let verdict = Verdict::of(&context, &path, request.headers());
    let mut response = if cors::is_preflight(request.method(), request.headers()) {
        let mut response = verdict.preflight(&path, request.headers());
        frame_headers(context.generation, response.headers_mut());
        response
    } else {
        let mut response = if is_socket_io(context.generation, &path) {
            context
                .life
                .sockets
                .serve(&context.connection, request)
                .await
        } else {
            let (head, body) = request.into_parts();
            match Limited::new(body, BODY_LIMIT).collect().await {
                Ok(body) => {
                    let body = body.to_bytes();
                    guard.body(&body);
                    routed(&context, Request::from_parts(head, Body::from(body))).await
                }
                Err(_) => {
                    let reply = Reply::error(413, "request entity too large");
                    let mut response = reply_with(reply);
                    response.extensions_mut().insert(Bare);
                    response
                }
            }
        };
        if response.extensions().get::<Bare>().is_none() {
            verdict.apply(response.headers_mut());
            frame_headers(context.generation, response.headers_mut());
        }
        response
    };
    if verdict != Verdict::Refused {
        // A page under COEP needs this header to load anything, and the tests' own pages are under COEP.
        // Real servers do not send it, so such pages cannot use them directly.
        let value = HeaderValue::from_static("cross-origin");
        response
            .headers_mut()
            .insert("cross-origin-resource-policy", value);
    }
    guard.status(response.status().as_u16());
    response.map(|body| Body::new(Watched::new(body, guard)))
}

async fn routed(context: &Arc<Context>, mut request: Request<Body>) -> Response<Body> {
    request.extensions_mut().insert(Arc::clone(context));
    match context.world.router.clone().oneshot(request).await {
        Ok(response) => response,
        Err(never) => match never {},
    }
}

fn is_socket_io(generation: Generation, path: &str) -> bool {
    generation == Generation::SocketIo && (path == "/socket.io" || path.starts_with("/socket.io/"))
}

/// Flowise 3.1 forbids other sites to frame it.
fn frame_headers(generation: Generation, headers: &mut HeaderMap) {
    if generation == Generation::Sse {
        for (name, value) in [
            ("content-security-policy", "frame-ancestors 'self'"),
            ("x-frame-options", "SAMEORIGIN"),
        ] {
            headers.insert(name, HeaderValue::from_static(value));
        }
    }
}

/// The chatflow's id in a path of the REST interface.
fn flow_in(path: &str) -> Option<String> {
    let call = path.strip_prefix("/api/v1/")?;
    let mut parts = call.split('/');
    let id = match parts.next()? {
        "prediction"
        | "chatflows-streaming"
        | "public-chatbotConfig"
        | "chatflows-uploads"
        | "attachments" => parts.next()?,
        "chatmessage" => match parts.next()? {
            "abort" => parts.next()?,
            id => id,
        },
        _ => return None,
    };
    Some(id.to_owned())
}
