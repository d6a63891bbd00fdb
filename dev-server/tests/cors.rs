//! Which pages may read what.

mod support;

use dev_server::Config;
use reqwest::{Method, Response, StatusCode};
use serde_json::json;
use support::{PAGE, allowed, client, send, server, server_with, url};

async fn preflight(base: &reqwest::Url, method: &str, path: &str) -> Response {
    let headers = [
        ("origin", PAGE),
        ("access-control-request-method", method),
        (
            "access-control-request-headers",
            "authorization,content-type",
        ),
    ];
    send(base, Method::OPTIONS, path, &headers).await
}

#[tokio::test]
async fn cors_is_that_of_each_generation() {
    let running = server_with(Config {
        speed: 0.0,
        cors_origins: Vec::new(),
        ..Config::default()
    })
    .await;
    let public = [
        ("POST", "/api/v1/prediction/chain"),
        ("GET", "/api/v1/public-chatbotConfig/chain"),
        ("GET", "/api/v1/chatflows-streaming/chain"),
        ("POST", "/api/v1/text-to-speech/generate"),
    ];
    let private = [
        ("PUT", "/api/v1/chatmessage/abort/chain/x"),
        ("POST", "/api/v1/attachments/files/x"),
        ("GET", "/api/v1/chatflows-uploads/chain"),
        ("POST", "/api/v1/feedback"),
        ("POST", "/api/v1/leads"),
        ("GET", "/api/v1/ping"),
        ("GET", "/api/v1/version"),
        ("POST", "/api/v1/prediction/unknown"),
        ("POST", "/api/v1/prediction/elsewhere"),
        ("POST", "/api/v1/prediction/trouble-cors"),
    ];
    for (method, path) in public {
        let response = preflight(&running.sse, method, path).await;
        assert_eq!(response.status(), 204, "{path}");
        assert_eq!(allowed(&response), Some(PAGE), "{path}");
        assert_eq!(
            response.headers()["access-control-allow-headers"],
            "authorization,content-type"
        );
        assert_eq!(
            response.headers()["access-control-allow-methods"],
            "GET,HEAD,PUT,PATCH,POST,DELETE"
        );
        assert_eq!(
            response.headers()["vary"],
            "Origin, Access-Control-Request-Headers"
        );
    }
    for (method, path) in private {
        let response = preflight(&running.sse, method, path).await;
        assert_eq!(
            (response.status(), allowed(&response)),
            (StatusCode::OK, None),
            "{path}"
        );
        assert_eq!(
            response.headers()["allow"]
                .to_str()
                .expect("text")
                .replace("GET,HEAD", "GET"),
            method,
            "{path}"
        );
        let open = preflight(&running.socket_io, method, path).await;
        assert_eq!(
            allowed(&open).is_some(),
            !path.contains("trouble-cors"),
            "{path}"
        );
    }
    // the second is a page's origin in a sandboxed frame
    for (path, origin) in [
        ("/api/v1/ping", PAGE),
        ("/api/v1/chatflows-streaming/chain", "null"),
    ] {
        let refused = send(&running.sse, Method::GET, path, &[("origin", origin)]).await;
        assert_eq!(allowed(&refused), None, "{path}");
    }
    for (body, status, file) in [
        (
            json!({ "question": "Hi", "streaming": true }),
            403,
            "error-origin.body",
        ),
        (json!({ "question": "Hi" }), 403, "json-error-origin.body"),
    ] {
        let request = client().post(url(&running.sse, "/api/v1/prediction/elsewhere"));
        let response = request
            .header("origin", PAGE)
            .json(&body)
            .send()
            .await
            .expect("an answer");
        assert_eq!(response.status(), status);
        assert_eq!(
            response.text().await.expect("text"),
            support::recorded_body(file)
        );
    }
    let welcome = client()
        .post(url(&running.sse, "/api/v1/prediction/elsewhere"))
        .header("origin", "https://allowed.example")
        .json(&json!({ "question": "Hi", "streaming": true }));
    let welcome = welcome.send().await.expect("an answer");
    assert_eq!(allowed(&welcome), Some("https://allowed.example"));

    let open = server().await;
    let sandboxed = send(
        &open.sse,
        Method::GET,
        "/api/v1/ping",
        &[("origin", "null")],
    )
    .await;
    assert_eq!(allowed(&sandboxed), None);
    for (method, path) in private {
        let response = preflight(&open.sse, method, path).await;
        assert_eq!(
            allowed(&response).is_some(),
            !path.contains("trouble-cors"),
            "{path}"
        );
    }
}
