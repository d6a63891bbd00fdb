//! Whom a run asks.

use crate::endpoint::{Endpoint, encode};
use crate::error::{Error, ErrorKind, Hint};

/// How events come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Wire {
    /// As Socket.IO events; the reply of the request is JSON, and comes last.
    SocketIo,
    /// As the event stream that is the reply of the request.
    EventStream,
}

/// Which wires may be used.
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
    /// The chatflow's id, as it is in JSON.
    chatflow: Option<String>,
    /// There is a key, with which the server's history can be read.
    pub(crate) has_key: bool,
    /// Where the page comes from, for errors that are about its origin.
    pub(crate) page: String,
}

impl Target {
    /// A chatflow: the id that is given, or else the one in the URL. Blanks around it are left out.
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

    /// What a server's conversations are told apart by.
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

    /// The same for one of the chatflow's conversations.
    pub(super) fn url_in(&self, path: &str, chat_id: &str) -> Result<String, Error> {
        // what is wrong with the chatflow is the same for both
        self.url(path)?;
        let chatflow = self.chatflow.as_deref().unwrap_or_default();
        let parts = [path, &encode(chatflow), "/", &encode(chat_id)];
        Ok(self.endpoint.api(&parts.concat()))
    }
}
