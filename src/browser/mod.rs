//! The driver of the JavaScript API: it performs in a page what the machine ([`crate::run`]) decides.
//!
//! Rust reads the options, asks the machine and passes its effects on; the local snippets perform them. Only this module and `src/js`
//! use JavaScript values.

mod bindings;
pub(crate) mod calls;
pub(crate) mod connect;
pub(crate) mod driver;
mod options;
pub(crate) mod question;

pub(crate) use driver::error_to_js;
