//! The driver of the JavaScript API: what the machine ([`crate::run`]) wants done is done in a page.
//!
//! Rust reads options, asks the machine and hands its effects over; the local snippets perform them. With `src/js`, this is the only
//! code that names JavaScript values.

mod bindings;
pub(crate) mod calls;
pub(crate) mod connect;
pub(crate) mod driver;
mod options;
pub(crate) mod question;

pub(crate) use driver::error_to_js;
