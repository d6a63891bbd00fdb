//! What a program supplies anew for each request: its key, its headers, and its changes to the request.

use std::collections::BTreeMap;
use std::fmt;
use std::pin::Pin;
use std::sync::Arc;

use web_sys::RequestCredentials;

/// Whether requests carry cookies, as in the [standard](https://fetch.spec.whatwg.org/#concept-request-credentials-mode).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Credentials {
    /// Never.
    Omit,
    /// To a server of the page's own origin: what a browser does by default.
    SameOrigin,
    /// To every server that allows it.
    Include,
}

impl Credentials {
    pub(super) const fn to_js(self) -> RequestCredentials {
        match self {
            Self::Omit => RequestCredentials::Omit,
            Self::SameOrigin => RequestCredentials::SameOrigin,
            Self::Include => RequestCredentials::Include,
        }
    }
}

/// A request just before it is sent: what [`FlowiseBuilder::on_request`](super::FlowiseBuilder::on_request) may change.
///
/// ```no_run
/// use flowise_stream::{Flowise, OutgoingRequest};
///
/// # fn sign(_: Option<&str>) -> String { String::new() }
/// # fn f() -> Result<(), flowise_stream::Error> {
/// let flowise = Flowise::builder("https://flowise.example/api/v1/prediction/0a1b2c")
///     .on_request(|mut request: OutgoingRequest| async move {
///         let signature = sign(request.body());
///         request.set_header("x-signature", signature);
///         request
///     })
///     .build()?;
/// # Ok(()) }
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct OutgoingRequest {
    pub(super) method: &'static str,
    pub(super) url: String,
    /// By their names in lower case.
    pub(super) headers: BTreeMap<String, String>,
    pub(super) body: Option<String>,
    pub(super) credentials: Option<Credentials>,
}

impl OutgoingRequest {
    /// The method, such as `POST`.
    #[must_use]
    pub const fn method(&self) -> &'static str {
        self.method
    }

    /// The address.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The headers. Their names are in lower case.
    pub fn headers(&self) -> impl Iterator<Item = (&str, &str)> {
        let headers = self.headers.iter();
        headers.map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// The value of a header.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        let value = self.headers.get(&name.to_ascii_lowercase());
        value.map(String::as_str)
    }

    /// Sets a header, and replaces one of the same name.
    pub fn set_header(&mut self, name: impl Into<String>, value: impl Into<String>) {
        let name = name.into().to_ascii_lowercase();
        self.headers.insert(name, value.into());
    }

    /// Removes a header.
    pub fn remove_header(&mut self, name: &str) {
        self.headers.remove(&name.to_ascii_lowercase());
    }

    /// The body, if it is JSON. `None` for files, which are sent as a form.
    #[must_use]
    pub fn body(&self) -> Option<&str> {
        self.body.as_deref()
    }

    /// Sets the body, and replaces the one that the request had.
    pub fn set_body(&mut self, body: impl Into<String>) {
        self.body = Some(body.into());
    }

    /// Sets whether the request carries cookies.
    pub fn set_credentials(&mut self, credentials: Credentials) {
        self.credentials = Some(credentials);
    }
}

impl fmt::Debug for OutgoingRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // neither the question nor a credential belongs in a log
        f.debug_struct("OutgoingRequest")
            .field("method", &self.method)
            .field("url", &self.url)
            .finish_non_exhaustive()
    }
}

/// The future that a program's function returns. It runs in the page, so it does not have to be `Send`.
pub(super) type Later<T> = Pin<Box<dyn Future<Output = T>>>;

/// Returns a value for each request.
pub(super) type Ask<T> = dyn Fn() -> Later<T> + Send + Sync;

/// Returns headers for each request, each with a name and a value.
pub(super) type AskHeaders = Ask<Vec<(String, String)>>;

/// Changes each request.
pub(super) type Change = dyn Fn(OutgoingRequest) -> Later<OutgoingRequest> + Send + Sync;

/// A function of the program. Functions cannot be compared, so it equals only itself and its clones.
pub(super) struct Hook<F: ?Sized>(pub(super) Arc<F>);

impl<F: ?Sized> Clone for Hook<F> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<F: ?Sized> PartialEq for Hook<F> {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

impl<F: ?Sized> Eq for Hook<F> {}

impl<F: ?Sized> fmt::Debug for Hook<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("function")
    }
}

/// The key of a chatflow.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) enum Key {
    #[default]
    None,
    Fixed(String),
    Asked(Hook<Ask<Option<String>>>),
}

impl Key {
    /// Whether there may be a key.
    pub(super) const fn is_there(&self) -> bool {
        match self {
            Self::None => false,
            Self::Fixed(key) => !key.is_empty(),
            Self::Asked(_) => true,
        }
    }

    /// The key for the next request.
    pub(super) async fn now(&self) -> Option<String> {
        let key = match self {
            Self::None => None,
            Self::Fixed(key) => Some(key.clone()),
            Self::Asked(ask) => (ask.0)().await,
        };
        key.filter(|key| !key.is_empty())
    }
}
