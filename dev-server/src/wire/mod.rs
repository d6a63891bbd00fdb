//! The two ways of streaming: they play a plan to the client.

pub(crate) mod event_stream;
pub(crate) mod socket_io;
