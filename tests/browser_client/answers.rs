//! Answers and failures, from servers of both generations.

use flowise_stream::{ErrorKind, Event, FinishReason, Flowise, PredictionRequest, Transport};
use futures_util::StreamExt as _;
use wasm_bindgen_test::wasm_bindgen_test;

use super::support::{builder, collect, flowise, hi, servers, text_of};

#[wasm_bindgen_test]
async fn an_answer_is_streamed_by_either_generation() {
    for server in servers() {
        let flowise = flowise(server, "chain");
        let mut stream = flowise.stream(&hi());
        assert!(!stream.chat_id().is_empty());
        let (events, failure) = collect(&mut stream).await;
        assert_eq!(failure, None, "{server}");
        let text = text_of(&events);
        assert!(events.len() > 20 && text.len() > 20, "{server}");
        let ends = events.iter().filter(|event| **event == Event::End);
        assert_eq!(
            (ends.count(), events.last()),
            (1, Some(&Event::End)),
            "{server}"
        );
        let prediction = stream.prediction().unwrap();
        assert_eq!(prediction.text, text);
        assert_eq!(prediction.finish_reason, FinishReason::Stop);
        assert!(prediction.streamed);
        assert!(prediction.chat_message_id.is_some() && prediction.session_id.is_some());
        assert!(stream.next().await.is_none());
        assert!(stream.warnings().is_empty());
    }
}

#[wasm_bindgen_test]
async fn an_answer_has_one_end_however_many_models_are_called() {
    for server in servers() {
        let request = PredictionRequest::new("Please calculate 12*3.");
        let mut stream = flowise(server, "tool").stream(&request);
        let (events, failure) = collect(&mut stream).await;
        assert_eq!(failure, None, "{server}");
        let ends = events.iter().filter(|event| **event == Event::End);
        assert_eq!(
            (ends.count(), events.last()),
            (1, Some(&Event::End)),
            "{server}"
        );
    }
}

#[wasm_bindgen_test]
async fn a_query_is_the_whole_answer() {
    for server in servers() {
        let answer = flowise(server, "docs")
            .query(&PredictionRequest::new("Which birds hunt at night?"))
            .await
            .unwrap();
        assert!(!answer.text.is_empty());
        assert!(!answer.source_documents.is_empty(), "{server}");
        assert!(!answer.source_documents[0].page_content.is_empty());
    }
}

#[wasm_bindgen_test]
async fn the_transport_can_be_chosen() {
    let [sse, socket_io] = servers();
    for (server, transport) in [
        (sse, Transport::ServerSentEvents),
        (socket_io, Transport::SocketIo),
    ] {
        let flowise = builder(server, "tool")
            .transport(transport)
            .build()
            .unwrap();
        let answer = flowise
            .query(&PredictionRequest::new("Please calculate 12*3."))
            .await
            .unwrap();
        assert_eq!(answer.used_tools[0].tool, "calculator");
    }
}

#[wasm_bindgen_test]
async fn a_chatflow_that_cannot_stream_still_answers() {
    for server in servers() {
        let flowise = flowise(server, "parser");
        assert!(!flowise.is_streaming().await.unwrap());
        let mut stream = flowise.stream(&hi());
        let (events, failure) = collect(&mut stream).await;
        let answer = stream.prediction().unwrap();
        assert_eq!(
            (events, failure),
            (vec![Event::Token(answer.text.clone()), Event::End], None)
        );
        assert!(answer.json.is_some() && !answer.text.is_empty() && !answer.streamed);
    }
}

#[wasm_bindgen_test]
async fn a_failed_run_ends_with_an_error_that_holds_the_partial_answer() {
    for server in servers() {
        let mut stream = flowise(server, "error-midway").stream(&PredictionRequest::new("drop"));
        let (events, failure) = collect(&mut stream).await;
        let error = failure.unwrap();
        assert_eq!(error.kind(), ErrorKind::Server, "{server}: {error}");
        let partial = error.partial().unwrap();
        assert_eq!(partial.finish_reason, FinishReason::Error);
        assert_eq!(partial.text, text_of(&events));
        assert!(!partial.text.is_empty() && stream.prediction().is_none());
    }
}

#[wasm_bindgen_test]
async fn refusals_have_kinds_and_status() {
    for server in servers() {
        let error = flowise(server, "trouble-status-429")
            .query(&hi())
            .await
            .unwrap_err();
        assert_eq!(
            (error.kind(), error.status()),
            (ErrorKind::RateLimited, Some(429)),
            "{server}"
        );
        let error = flowise(server, "nobody-knows")
            .query(&hi())
            .await
            .unwrap_err();
        assert_eq!(error.kind(), ErrorKind::NotFound, "{server}: {error}");
        let error = flowise(server, "locked").query(&hi()).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Unauthorized, "{server}: {error}");
    }
}

#[wasm_bindgen_test]
async fn malformed_messages_are_skipped_and_reported() {
    let [sse, _] = servers();
    let mut stream = flowise(sse, "trouble-malformed").stream(&hi());
    let (events, failure) = collect(&mut stream).await;
    assert_eq!(failure, None);
    assert!(!text_of(&events).is_empty());
    assert!(
        stream
            .warnings()
            .iter()
            .all(|warning| warning.kind() == ErrorKind::Decode)
    );
    assert!(!stream.warnings().is_empty());
}

#[wasm_bindgen_test]
async fn invalid_options_are_refused_before_anything_is_sent() {
    for url in [
        "",
        "ftp://flowise.example",
        "https://user:password@flowise.example",
    ] {
        let error = Flowise::builder(url).chatflow_id("f").build().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Config, "{url}");
    }
    assert_eq!(
        Flowise::new("https://flowise.example").unwrap_err().kind(),
        ErrorKind::Config
    );
    let flowise = Flowise::new("https://flowise.example/api/v1/prediction/f-1").unwrap();
    assert!(
        !format!(
            "{:?}",
            builder("https://flowise.example", "f").api_key("secret")
        )
        .contains("secret")
    );
    assert!(format!("{flowise:?}").contains("f-1"));
}
