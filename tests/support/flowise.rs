//! The dev server in both generations, whose addresses are compiled in, as a page has no environment.

use flowise_stream::{Flowise, FlowiseBuilder, PredictionRequest};

const SSE: Option<&str> = option_env!("FLOWISE_DEV_SSE");
const SOCKET_IO: Option<&str> = option_env!("FLOWISE_DEV_SOCKET_IO");

/// The addresses of a Flowise of each generation.
pub(crate) fn servers() -> [&'static str; 2] {
    let help = "FLOWISE_DEV_SSE and FLOWISE_DEV_SOCKET_IO were not set when the tests were compiled: start the dev server";
    [SSE.expect(help), SOCKET_IO.expect(help)]
}

pub(crate) fn builder(server: &str, chatflow: &str) -> FlowiseBuilder {
    Flowise::builder(server).chatflow_id(chatflow)
}

pub(crate) fn flowise(server: &str, chatflow: &str) -> Flowise {
    builder(server, chatflow).build().unwrap()
}

pub(crate) fn hi() -> PredictionRequest {
    PredictionRequest::new("Hi")
}
