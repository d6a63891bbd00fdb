//! What JavaScript threw, as far as a Rust error can hold it.

use std::fmt;

/// The name and the message. The value itself is the page's, and could be neither sent nor shared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Thrown(String);

impl Thrown {
    /// Anything may be thrown; what has neither name nor message is not described.
    pub(crate) fn new(name: Option<String>, message: Option<String>) -> Self {
        let words = [name, message].into_iter().flatten();
        let words: Vec<_> = words.filter(|word| !word.is_empty()).collect();
        Self(words.join(": "))
    }
}

impl fmt::Display for Thrown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Thrown {}
