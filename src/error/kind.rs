//! The kinds of failures, and their codes in JavaScript.

/// Defines the kinds and their codes in one table, so that each kind has a code.
macro_rules! kinds {
    (
        $(#[$attribute:meta])*
        pub enum $name:ident {
            $($(#[$doc:meta])* $kind:ident = $code:literal,)*
        }
    ) => {
        $(#[$attribute])*
        pub enum $name {
            $($(#[$doc])* $kind,)*
        }

        impl $name {
            #[cfg(test)]
            const ALL: &'static [Self] = &[$(Self::$kind,)*];

            const fn text(self) -> &'static str {
                match self {
                    $(Self::$kind => $code,)*
                }
            }
        }
    };
}

kinds! {
    /// What kind of failure an [`Error`](crate::Error) is.
    ///
    /// [`code`](Self::code) is the same in Rust and, as `FlowiseError.code`, in JavaScript.
    ///
    /// ```
    /// use flowise_stream::{Error, ErrorKind};
    ///
    /// let wait = |error: &Error| matches!(error.kind(), ErrorKind::RateLimited | ErrorKind::Connect);
    /// assert!(wait(&Error::from_status(429, "Too many questions.")));
    /// assert_eq!(ErrorKind::RateLimited.code(), "rate-limited");
    /// ```
    #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
    #[non_exhaustive]
    pub enum ErrorKind {
        /// An option is missing or wrong. Nothing was sent.
        Config = "config",
        /// No server answered at the URL, or it refused the connection.
        Connect = "connect",
        /// The server answered, but the browser does not let this page read the answer.
        Cors = "cors",
        /// The API key is missing or wrong.
        Unauthorized = "unauthorized",
        /// The server refuses this page's origin or this request.
        Forbidden = "forbidden",
        /// The server does not know the chatflow or the path.
        NotFound = "not-found",
        /// The chatflow's rate limit is reached.
        RateLimited = "rate-limited",
        /// The request is larger than the server accepts.
        TooLarge = "too-large",
        /// Any other HTTP status outside 200–299.
        Status = "status",
        /// A time limit ran out; the message says which one.
        Timeout = "timeout",
        /// The response is not one that Flowise sends: the content type differs, or the text is not JSON.
        Protocol = "protocol",
        /// A message of the event stream is not valid JSON. The stream goes on.
        Decode = "decode",
        /// An event is larger than the limit. The stream goes on.
        MessageTooLong = "message-too-long",
        /// Flowise reported that the run failed.
        Server = "server",
        /// The connection broke before the answer was complete.
        Interrupted = "interrupted",
        /// The page disconnected the socket and has to connect it again.
        Disconnected = "disconnected",
        /// This server or this page does not support the operation.
        Unsupported = "unsupported",
    }
}

impl ErrorKind {
    /// The kind's name in kebab-case.
    #[must_use]
    pub const fn code(self) -> &'static str {
        self.text()
    }
}

#[cfg(test)]
mod tests {
    use super::ErrorKind;

    #[test]
    fn no_two_kinds_have_one_code() {
        let mut codes: Vec<_> = ErrorKind::ALL.iter().map(|kind| kind.code()).collect();
        codes.sort_unstable();
        codes.dedup();
        assert_eq!(codes.len(), ErrorKind::ALL.len());
    }

    #[test]
    fn codes_are_in_kebab_case() {
        for code in ErrorKind::ALL.iter().map(|kind| kind.code()) {
            let is_kebab = |byte: u8| byte.is_ascii_lowercase() || byte == b'-';
            assert!(!code.is_empty() && code.bytes().all(is_kebab), "{code}");
        }
    }
}
