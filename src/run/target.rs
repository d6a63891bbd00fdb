//! The server and chatflow of a run.

use crate::endpoint::{Endpoint, encode};
use crate::error::{Error, ErrorKind, Hint};

/// How events arrive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Wire {
    /// As Socket.IO events. The reply to the request is JSON, and arrives last.
    SocketIo,
    /// As an event stream in the reply to the request.
    EventStream,
}

/// Which transports are allowed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Transport {
    /// The one that the server speaks.
    #[default]
    Auto,
    SocketIo,
    EventStream,
}

impl Transport {
    /// Reads the option `transport`.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Config`] for another name.
    pub(crate) fn from_name(name: Option<&str>) -> Result<Self, Error> {
        match name {
            None | Some("auto") => Ok(Self::Auto),
            Some("socket.io") => Ok(Self::SocketIo),
            Some("sse") => Ok(Self::EventStream),
            Some(_) => Err(Error::new(
                ErrorKind::Config,
                "`transport` must be 'auto', 'socket.io' or 'sse'",
            )),
        }
    }
}

/// A chatflow on a server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Target {
    pub(crate) endpoint: Endpoint,
    /// The chatflow's id, JSON-encoded.
    chatflow: Option<String>,
    /// There is a key, so the run can read the server's history.
    pub(crate) has_key: bool,
    /// The page's origin, for errors about it.
    pub(crate) page: String,
}

impl Target {
    /// A chatflow: the given id, or else the one in the URL. Surrounding blanks are removed.
    pub(crate) fn new(endpoint: Endpoint, chatflow: Option<&str>, has_key: bool) -> Self {
        let given = chatflow.map(str::trim).filter(|id| !id.is_empty());
        let chatflow = given
            .map(str::to_owned)
            .or_else(|| endpoint.chatflow_id.clone());
        Self {
            endpoint,
            chatflow,
            has_key,
            page: "this origin".to_owned(),
        }
    }

    pub(crate) fn chatflow(&self) -> Option<&str> {
        self.chatflow.as_deref()
    }

    /// Identifies the server, to tell its conversations from another server's.
    pub(super) fn server(&self) -> String {
        self.endpoint.api("")
    }

    /// The URL of one of the chatflow's paths, such as `/prediction/`.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Config`] if no chatflow is known.
    pub(crate) fn url(&self, path: &str) -> Result<String, Error> {
        let chatflow = self
            .chatflow
            .as_deref()
            .ok_or_else(|| Error::hinting(ErrorKind::Config, Hint::NoChatflow))?;
        Ok(self.endpoint.api(&[path, &encode(chatflow)].concat()))
    }

    /// As `url`, for one of the chatflow's conversations.
    pub(super) fn url_in(&self, path: &str, chat_id: &str) -> Result<String, Error> {
        // an error about the chatflow is the same for both
        self.url(path)?;
        let chatflow = self.chatflow.as_deref().unwrap_or_default();
        let parts = [path, &encode(chatflow), "/", &encode(chat_id)];
        Ok(self.endpoint.api(&parts.concat()))
    }
}
