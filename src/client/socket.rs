//! The Socket.IO connection of one run.

use std::rc::Rc;

use super::answer::Heard;
use super::mailbox::Mailbox;
use super::options::Options;
use super::outgoing::Credentials;
use crate::error::{Error, ErrorKind};
use crate::run::{By, Fact, Target, Wire};
use crate::socket_io::{self, DisconnectReason, Listener, Socket};

/// Dropping it disconnects.
pub(super) struct OwnSocket {
    // declared before the socket, so that the listeners are gone when it disconnects
    listeners: Vec<Listener>,
    socket: Socket,
}

impl OwnSocket {
    /// Connects, and reports the state of the connection to the run.
    pub(super) fn open(
        options: &Options,
        target: &Target,
        mailbox: &Rc<Mailbox>,
    ) -> Result<Self, Error> {
        let endpoint = &target.endpoint;
        let mut how = socket_io::Options::new()
            .path([&endpoint.mount, "/socket.io"].concat())
            .force_new(true);
        for (name, value) in &options.headers {
            how = how.extra_header(name, value);
        }
        if options.credentials == Some(Credentials::Include) {
            how = how.with_credentials(true);
        }
        let sign = if endpoint.query.is_empty() { "" } else { "/?" };
        let url = [&endpoint.origin, sign, &endpoint.query].concat();
        let refused = |message: String| {
            Error::new(ErrorKind::Connect, ["cannot connect: ", &message].concat())
        };
        let socket = Socket::connect(&url, &how).map_err(|error| refused(error.to_string()))?;
        let told = || Rc::clone(mailbox);
        let (connected, failed, lost) = (told(), told(), told());
        let asked = socket.clone();
        let listeners = vec![
            socket.on_connect(move || {
                connected.tell(Fact::Connected {
                    wire: Wire::SocketIo,
                    stale: false,
                });
            }),
            socket.on_connect_error(move |error| {
                failed.tell(Fact::Refused {
                    error: refused(error.to_string()),
                    last: !asked.is_active(),
                });
            }),
            socket.on_disconnect(move |reason| {
                lost.tell(Fact::Gone(match reason {
                    DisconnectReason::ServerDisconnect => By::Server,
                    _ => By::Network,
                }));
            }),
        ];
        Ok(Self { listeners, socket })
    }

    pub(super) fn id(&self) -> String {
        self.socket.id().unwrap_or_default()
    }

    /// Takes in the socket's events.
    pub(super) fn listen(&mut self, heard: &Heard) {
        let heard = heard.clone();
        let listener = self.socket.on_any(move |event| {
            let payload = js_sys::JSON::stringify(&event.as_js().get(0));
            // JSON cannot express `undefined`
            let payload = payload.ok().and_then(|json| json.as_string());
            heard.push_event(event.name(), payload.as_deref().unwrap_or("null"));
        });
        self.listeners.push(listener);
    }
}

impl Drop for OwnSocket {
    fn drop(&mut self) {
        self.listeners.clear();
        self.socket.disconnect();
    }
}
