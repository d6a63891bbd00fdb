//! Faults outside a run: responses instead of one, and changes to its response.

use std::sync::Arc;

use axum::body::Body;
use axum::http::{HeaderValue, Response, StatusCode, header};
use serde_json::json;

use crate::flows::{Generation, Trouble};
use crate::plans::trouble::{ANSWER, good_reply};
use crate::reply::{HTML, JSON, Reply, TEXT, reply_with};
use crate::request::Question;
use crate::state::Context;

/// The fault for this question.
pub(crate) fn this_time(context: &Context, kind: Trouble, asked: &Question) -> Trouble {
    match kind {
        Trouble::LostOnce if context.world.seen.is_first(&asked.ids.chat) => Trouble::Lost,
        kind => kind,
    }
}

/// The response, if the fault occurs before a run.
pub(crate) async fn before_the_run(
    context: &Arc<Context>,
    kind: Trouble,
    asked: &Question,
) -> Option<Response<Body>> {
    match kind {
        Trouble::Hang => std::future::pending().await,
        Trouble::Status(status) => Some(refusal(context, status, asked)),
        Trouble::Html => {
            let page = "<!DOCTYPE html>\n<html><head><title>Sign in</title></head><body><h1>Sign in to the network</h1></body></html>\n";
            Some(reply_with(Reply::new(StatusCode::OK, HTML, page)))
        }
        Trouble::Json if context.generation == Generation::Sse => {
            Some(reply_with(good_reply(ANSWER, asked)))
        }
        Trouble::Redirect => {
            let others = context.world.listeners().iter();
            let mut others = others.filter(|other| other.address != context.listener.address);
            let target = format!("{}/api/v1/prediction/scripted", others.next()?.url());
            let mut response = Response::new(Body::empty());
            *response.status_mut() = StatusCode::TEMPORARY_REDIRECT;
            let target = HeaderValue::try_from(target).ok()?;
            response.headers_mut().insert(header::LOCATION, target);
            Some(response)
        }
        _ => None,
    }
}

/// Changes the response of a run.
pub(crate) fn after_the_run(kind: Trouble, response: &mut Response<Body>) {
    if kind == Trouble::WrongType {
        let value = HeaderValue::from_static(TEXT);
        response.headers_mut().insert(header::CONTENT_TYPE, value);
    }
}

fn refusal(context: &Context, status: u16, asked: &Question) -> Response<Body> {
    const WRONG_SITE: &str = "This site is not allowed to access this chatbot";
    const NGINX: &str = "<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>\r\n\
        <center><h1>502 Bad Gateway</h1></center>\r\n<hr><center>nginx/1.27.3</center>\r\n\
        </body>\r\n</html>\r\n";
    let code = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let reply = match status {
        401 => Reply::new(
            code,
            JSON,
            json!({ "error": "Unauthorized Access" }).to_string(),
        ),
        403 if context.generation == Generation::Sse && asked.streaming => {
            Reply::new(code, HTML, WRONG_SITE)
        }
        403 => Reply::error(status, WRONG_SITE),
        404 => {
            let id = context.flow_id();
            Reply::error(status, &format!("Chatflow {id} not found in the database!"))
        }
        413 => Reply::error(status, "request entity too large"),
        429 => Reply::new(code, HTML, "Too many questions."),
        502 => Reply::new(code, "text/html", NGINX),
        _ => Reply::error(
            status,
            "Error: predictionsServices.buildChatflow - Cannot read properties of undefined (reading 'data')",
        ),
    };
    let mut response = reply_with(reply);
    if status == 429 {
        response
            .headers_mut()
            .insert(header::RETRY_AFTER, HeaderValue::from_static("1"));
    }
    response
}
