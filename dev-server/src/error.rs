//! Why the server could not start.

use std::fmt;
use std::net::SocketAddr;
use std::path::PathBuf;

/// Why the server could not start.
#[derive(Debug)]
#[non_exhaustive]
pub enum Error {
    /// The server cannot listen on the port.
    Port(u16, std::io::Error),
    /// The address of a listener is not a URL.
    Address(SocketAddr, String),
    /// A recording or the folder of recordings has an unexpected form.
    Recordings(PathBuf, String),
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Port(port, cause) => {
                write!(
                    f,
                    "cannot listen on 127.0.0.1:{port} ({cause}); choose another port, or 0"
                )
            }
            Self::Address(address, cause) => {
                write!(f, "{address} is not valid in a URL: {cause}")
            }
            Self::Recordings(path, why) => {
                write!(
                    f,
                    "{} {why}; say where the recordings are with --recordings",
                    path.display()
                )
            }
        }
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Port(_, cause) => Some(cause),
            Self::Address(..) | Self::Recordings(..) => None,
        }
    }
}
