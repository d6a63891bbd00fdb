//! The Rust API: a chatflow and its operations.

// The documentation of a type lists its methods in the order of these modules.
mod flowise;

mod abort;
mod answer;
mod calls;
mod chat;
mod driver;
mod mailbox;
mod options;
mod outgoing;
mod reading;
mod request;
mod socket;
mod speech;
mod stream;
mod uploads;

pub use abort::AbortHandle;
pub use chat::Chat;
pub use flowise::{Flowise, FlowiseBuilder};
pub use options::Transport;
pub use outgoing::{Credentials, OutgoingRequest};
pub use speech::SpeechStream;
pub use stream::EventStream;
