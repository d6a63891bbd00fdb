//! The location of a chatflow: the address of the server and the id of the flow.

use crate::error::{Error, ErrorKind, Hint};
use crate::text::split_once;

/// A Flowise server, and optionally a chatflow on it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Endpoint {
    /// Scheme and authority: `https://example.com:3000`.
    pub(crate) origin: String,
    /// The base path of Flowise: empty, or `/flowise`.
    pub(crate) mount: String,
    /// The chatflow's id, from a full prediction URL.
    pub(crate) chatflow_id: Option<String>,
    /// The text after the `?`, such as a gateway's key or a tenant. Every request carries it.
    pub(crate) query: String,
}

impl Endpoint {
    /// Reads an absolute `http:` or `https:` URL: a server's, or a full prediction URL as Flowise's "API endpoint" dialog shows it.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Config`] if it is not such a URL.
    pub(crate) fn parse(url: &str) -> Result<Self, Error> {
        let whole = before(url, b"#");
        let address = before(whole, b"?");
        let query = whole.get(address.len() + 1..).unwrap_or_default();
        let (scheme, rest) = ["http://", "https://"]
            .into_iter()
            .find_map(|scheme| Some((scheme, address.strip_prefix(scheme)?)))
            .filter(|(_, rest)| !rest.is_empty() && !rest.starts_with('/'))
            .ok_or_else(|| Error::hinting(ErrorKind::Config, Hint::BadUrl))?;
        let authority = before(rest, b"/");
        // a name and password before the host would appear in errors and logs
        if authority.bytes().any(|byte| byte == b'@') {
            return Err(Error::hinting(ErrorKind::Config, Hint::Credentials));
        }
        let path = rest.get(authority.len()..).unwrap_or_default();
        let (mount, rest) = split_once(path, "/api/v1").unwrap_or((path, ""));
        let chatflow_id = rest
            .strip_prefix("/prediction/")
            .or_else(|| rest.strip_prefix("/internal-prediction/"))
            .map(|rest| before(rest, b"/"))
            .filter(|id| !id.is_empty())
            .map(str::to_owned);
        Ok(Self {
            origin: [scheme, authority].concat(),
            mount: mount.trim_end_matches('/').to_owned(),
            chatflow_id,
            query: query.to_owned(),
        })
    }

    /// The URL of one of Flowise's REST paths, such as `/ping`.
    pub(crate) fn api(&self, path: &str) -> String {
        let sign = if self.query.is_empty() { "" } else { "?" };
        let parts = [
            &self.origin,
            &self.mount,
            "/api/v1",
            path,
            sign,
            &self.query,
        ];
        parts.concat()
    }

    /// The URL of an Engine.IO handshake over HTTP long-polling
    /// (<https://socket.io/docs/v4/engine-io-protocol/#handshake>).
    pub(crate) fn handshake(&self) -> String {
        let sign = if self.query.is_empty() { "" } else { "&" };
        let parts = [
            &self.origin,
            &self.mount,
            "/socket.io/?EIO=4&transport=polling",
            sign,
            &self.query,
        ];
        parts.concat()
    }
}

/// Encodes a value as a part of a URL, as `encodeURIComponent` does.
/// <https://tc39.es/ecma262/#sec-encodeuricomponent-uricomponent>
pub(crate) fn encode(text: &str) -> String {
    const HEX: &[u8; 16] = b"0123456789ABCDEF";
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-_.!~*'()".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            encoded.push('%');
            encoded.push(char::from(HEX[usize::from(byte >> 4)]));
            encoded.push(char::from(HEX[usize::from(byte & 15)]));
        }
    }
    encoded
}

/// The text before the first of these ASCII characters.
fn before<'a>(text: &'a str, ends: &[u8]) -> &'a str {
    let at = text.bytes().position(|byte| ends.contains(&byte));
    at.and_then(|at| text.get(..at)).unwrap_or(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_parsed() {
        let cases = [
            ("http://localhost:3000", "http://localhost:3000", "", None),
            ("https://a.example/", "https://a.example", "", None),
            (
                "https://a.example/flowise/?x#y",
                "https://a.example",
                "/flowise",
                None,
            ),
            (
                "http://a.example/api/v1/prediction/f-1",
                "http://a.example",
                "",
                Some("f-1"),
            ),
            (
                "http://a.example/p/api/v1/internal-prediction/f/",
                "http://a.example",
                "/p",
                Some("f"),
            ),
            ("http://a.example/api/v1", "http://a.example", "", None),
            (
                "http://a.example/api/v1/prediction/",
                "http://a.example",
                "",
                None,
            ),
        ];
        for (url, origin, mount, chatflow_id) in cases {
            let endpoint = Endpoint::parse(url).expect(url);
            assert_eq!(
                (
                    endpoint.origin.as_str(),
                    endpoint.mount.as_str(),
                    endpoint.chatflow_id.as_deref()
                ),
                (origin, mount, chatflow_id),
                "{url}"
            );
        }
    }

    #[test]
    fn paths_are_below_the_mount() {
        let endpoint = Endpoint::parse("https://a.example/flowise").expect("an address");
        assert_eq!(
            endpoint.api("/ping"),
            "https://a.example/flowise/api/v1/ping"
        );
    }

    #[test]
    fn a_query_string_is_part_of_every_request() {
        let endpoint =
            Endpoint::parse("https://a.example/p?tenant=7&key=x#part").expect("an address");
        assert_eq!(
            endpoint.api("/ping"),
            "https://a.example/p/api/v1/ping?tenant=7&key=x"
        );
        assert_eq!(
            endpoint.handshake(),
            "https://a.example/p/socket.io/?EIO=4&transport=polling&tenant=7&key=x"
        );
        let plain = Endpoint::parse("https://a.example/?").expect("an address");
        assert_eq!(plain.api("/ping"), "https://a.example/api/v1/ping");
    }

    #[test]
    fn values_are_encoded_as_the_browser_does() {
        assert_eq!(encode("a-B_9.!~*'()"), "a-B_9.!~*'()");
        assert_eq!(encode("a b/c?d&é🦉"), "a%20b%2Fc%3Fd%26%C3%A9%F0%9F%A6%89");
    }

    #[test]
    fn an_invalid_address_is_refused() {
        for url in [
            "",
            "localhost:3000",
            "ftp://a",
            "http://",
            "http:///x",
            "http://user:secret@host",
        ] {
            let error = Endpoint::parse(url).expect_err(url);
            assert_eq!(error.kind(), ErrorKind::Config);
            assert!(!error.to_string().contains("secret"));
        }
    }
}
