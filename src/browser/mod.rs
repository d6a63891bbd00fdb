//! The browser layer: with `js`, the only code that names JavaScript.
//!
//! The JavaScript and the Rust API are one implementation up to [`delivery`].

pub(crate) mod abort;
pub(crate) mod bindings;
#[cfg(feature = "js")]
pub(crate) mod calls;
pub(crate) mod connect;
pub(crate) mod control;
pub(crate) mod delivery;
pub(crate) mod failure;
pub(crate) mod listener;
#[cfg(feature = "js")]
mod page;
mod parts;
pub(crate) mod prediction;
#[cfg(feature = "js")]
pub(crate) mod query;
mod random;
#[cfg(feature = "js")]
mod reply;
pub(crate) mod server;
mod spawn;
pub(crate) mod streamable;
mod turn;
pub(crate) mod wire;
