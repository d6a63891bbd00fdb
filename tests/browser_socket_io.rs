//! The Socket.IO client in a page, against `tests/socket-io-server`.
//!
//! `cargo xtask test browser` runs this: it starts the server and compiles its address in.

#![cfg(target_arch = "wasm32")]
#![allow(clippy::unwrap_used, reason = "a test stops where it cannot go on")]

#[path = "browser_socket_io/api.rs"]
mod api;
#[path = "browser_socket_io/connections.rs"]
mod connections;
#[path = "browser_socket_io/events.rs"]
mod events;
#[path = "browser_socket_io/lifetimes.rs"]
mod lifetimes;
#[path = "browser_socket_io/support.rs"]
mod support;

use wasm_bindgen_test::wasm_bindgen_test_configure;

wasm_bindgen_test_configure!(run_in_browser);
