//! What a page remembers across runs.

use super::conversations::Conversations;

/// Knowledge from earlier runs for later ones.
#[derive(Clone, Debug)]
pub(super) struct Knowledge {
    pub(super) conversations: Conversations,
    /// The servers that do not speak Socket.IO.
    event_streams: Vec<String>,
    /// Whether a chatflow streams, by the URL of the request.
    streamable: Vec<(String, bool)>,
}

impl Knowledge {
    pub(super) const fn new() -> Self {
        Self {
            conversations: Conversations::new(),
            event_streams: Vec::new(),
            streamable: Vec::new(),
        }
    }

    pub(super) fn has_event_stream(&self, server: &str) -> bool {
        self.event_streams.iter().any(|known| known == server)
    }

    pub(super) fn set_event_stream(&mut self, server: &str, has: bool) {
        self.event_streams.retain(|known| known != server);
        if has {
            self.event_streams.push(server.to_owned());
        }
    }

    pub(super) fn is_streamable(&self, url: &str) -> Option<bool> {
        let known = self.streamable.iter().find(|(known, _)| known == url)?;
        Some(known.1)
    }

    /// Records whether a chatflow streams; `None` if the next run has to ask again.
    pub(super) fn set_streamable(&mut self, url: &str, streams: Option<bool>) {
        self.streamable.retain(|(known, _)| known != url);
        if let Some(streams) = streams {
            self.streamable.push((url.to_owned(), streams));
        }
    }
}
