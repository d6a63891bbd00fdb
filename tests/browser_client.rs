//! The Rust API in a page, against the dev server in both generations.
//!
//! `cargo xtask test browser` runs this: it starts the dev server and compiles its addresses in.

#![cfg(target_arch = "wasm32")]
#![allow(clippy::unwrap_used, reason = "a test stops where it cannot go on")]

#[path = "browser_client/answers.rs"]
mod answers;
#[path = "browser_client/calls.rs"]
mod calls;
#[path = "browser_client/chat.rs"]
mod chat;
#[path = "browser_client/front_ends.rs"]
mod front_ends;
#[path = "browser_client/runs.rs"]
mod runs;
#[path = "browser_client/support.rs"]
mod support;

use wasm_bindgen_test::wasm_bindgen_test_configure;

wasm_bindgen_test_configure!(run_in_browser);
