//! The plain HTTP calls of a chat page.

use gloo_net::http::{Headers, Method, RequestBuilder};
use serde::Deserialize;
use serde_json::{Map, Value};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{File, FormData, RequestRedirect, Response, ResponseType};

use super::Flowise;
use super::error::from_js;
use super::json;
use crate::browser::abort::abort_on_server;
use crate::browser::bindings::member;
use crate::browser::control::{Cause, Control};
use crate::browser::failure::fail;
use crate::browser::server::{self, Server, encode, only_listed};
use crate::browser::streamable;
use crate::error::{Error, ErrorKind};
use crate::event::lenient;
use crate::request::Upload;

/// A file as the server has read it.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[derive(Default)]
struct Attachment {
    #[serde(deserialize_with = "lenient::text")]
    name: String,
    #[serde(deserialize_with = "lenient::text")]
    mime_type: String,
    #[serde(deserialize_with = "lenient::text")]
    content: String,
}

impl Flowise {
    /// Whether the chatflow streams its answers. Dropping the future cancels the request.
    ///
    /// # Errors
    ///
    /// If the server does not answer, does not know the chatflow, or may not be asked from this page.
    pub async fn is_streaming(&self) -> Result<bool, Error> {
        let asking = async {
            let call = Call::new()?;
            streamable::ask(self.server(), &call.0).await
        };
        asking.await.map_err(|thrown| from_js(&thrown))
    }

    /// Stops what runs in a conversation.
    ///
    /// `Ok` means that the server was told. It says the same whether or not anything was stopped, and never stops a
    /// classic chain or tool agent. Dropping the future does not take the request back.
    ///
    /// # Errors
    ///
    /// If the server could not be told. Flowise before 3.1.0 wants an API key for it, and later ones only take it from
    /// the origins in `CORS_ORIGINS`.
    pub async fn abort(&self, chat_id: &str) -> Result<(), Error> {
        let told = JsFuture::from(abort_on_server(self.server(), chat_id)).await;
        let told = told.map_err(|thrown| from_js(&thrown))?;
        match member(&told, "error") {
            error if error.is_undefined() => Ok(()),
            error => Err(from_js(&error)),
        }
    }

    /// What the chatflow's owner has set for chat pages: starter prompts, colours, which uploads are allowed, …
    /// Dropping the future cancels the request.
    ///
    /// # Errors
    ///
    /// As for [`is_streaming`](Self::is_streaming).
    pub async fn chatbot_config(&self) -> Result<Map<String, Value>, Error> {
        let path = self.path("/public-chatbotConfig/")?;
        let config = call(self.server(), Method::GET, &path, None).await;
        let config = config.map_err(|thrown| from_js(&thrown))?;
        // it is the string "OK" as long as nothing is set
        Ok(json::read(&config).unwrap_or_default())
    }

    /// Sends files to the server, which reads their text: what [`PredictionRequest::upload`] takes. Dropping the future
    /// cancels the request.
    ///
    /// The chatflow's owner has to allow it ("file upload", "full file"). For pictures and speech, which are a part of the
    /// question itself, there is [`Upload::file`] and [`Upload::audio`].
    ///
    /// ```no_run
    /// # async fn f(flowise: flowise_stream::Flowise, file: web_sys::File) -> Result<(), flowise_stream::Error> {
    /// use flowise_stream::PredictionRequest;
    ///
    /// let chat_id = "the conversation that the files are for";
    /// let mut request = PredictionRequest::new("What does it say?").chat_id(chat_id);
    /// for upload in flowise.attach(chat_id, &[file]).await? {
    ///     request = request.upload(upload);
    /// }
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    ///
    /// If the server does not take the files, or may not be asked from this page.
    ///
    /// [`PredictionRequest::upload`]: crate::PredictionRequest::upload
    pub async fn attach(&self, chat_id: &str, files: &[File]) -> Result<Vec<Upload>, Error> {
        let path = [&self.path("/attachments/")?, "/", &encode(chat_id)].concat();
        let form = FormData::new().map_err(|thrown| from_js(&thrown))?;
        for file in files {
            form.append_with_blob_and_filename("files", file, &file.name())
                .map_err(|thrown| from_js(&thrown))?;
        }
        let reply = call(self.server(), Method::POST, &path, Some(form.into())).await;
        let reply = only_listed(reply).map_err(|thrown| from_js(&thrown))?;
        let attachments: Vec<Attachment> = json::read(&reply)
            .map_err(|_| Error::new(ErrorKind::Protocol, "the server's reply lists no files"))?;
        let uploads = attachments.into_iter();
        Ok(uploads
            .map(|file| Upload::full_text(file.name, file.mime_type, file.content))
            .collect())
    }

    fn path(&self, of: &str) -> Result<String, Error> {
        self.server().path(of).map_err(|thrown| from_js(&thrown))
    }
}

/// A request that ends when it is dropped.
struct Call(Control);

impl Call {
    fn new() -> Result<Self, JsValue> {
        Control::new().map(Self)
    }
}

impl Drop for Call {
    fn drop(&mut self) {
        self.0.cancel(Cause::Page);
    }
}

/// Sends a request, and gives the parsed JSON of the reply.
async fn call(
    server: &Server,
    method: Method,
    path: &str,
    body: Option<JsValue>,
) -> Result<JsValue, JsValue> {
    let call = Call::new()?;
    let control = &call.0;
    let _total = control.limit(server.total(), Cause::TOTAL);
    let _first = control.limit(server.timeout("firstByte"), Cause::FIRST_BYTE);
    let request = RequestBuilder::new(&server.endpoint.api(path))
        .method(method)
        .headers(headers(server)?)
        // a redirect would carry the key to another address
        .redirect(RequestRedirect::Manual)
        .abort_signal(Some(&control.signal()));
    let request = match body {
        Some(body) => request.body(body),
        None => request.build(),
    };
    let request = request.map_err(|error| fail(ErrorKind::Config, &error.to_string()))?;
    let response: Response = match request.send().await {
        Ok(response) => response.into(),
        Err(_) if control.cause().is_some() => return Err(control.signal().reason()),
        Err(error) => return Err(server.explain(&thrown(error), control).await),
    };
    if response.type_() == ResponseType::Opaqueredirect {
        let message = "the server redirects: give its final address as `url`";
        return Err(fail(ErrorKind::Protocol, message));
    }
    server::json(&response, control).await
}

/// What the browser threw, as far as it was kept.
fn thrown(error: gloo_net::Error) -> JsValue {
    match error {
        gloo_net::Error::JsError(error) => {
            let thrown = js_sys::Error::new(&error.message);
            thrown.set_name(&error.name);
            thrown.into()
        }
        error => error.to_string().into(),
    }
}

fn headers(server: &Server) -> Result<Headers, JsValue> {
    let invalid = |_| {
        fail(
            ErrorKind::Config,
            "the headers or the API key cannot be sent",
        )
    };
    let given = member(&server.options, "headers");
    let headers = web_sys::Headers::new_with_record_from_str_to_str(given.unchecked_ref())
        .map_err(invalid)?;
    if let Some(key) = member(&server.options, "apiKey").as_string() {
        headers
            .set("authorization", &["Bearer ", &key].concat())
            .map_err(invalid)?;
    }
    Ok(Headers::from_raw(headers))
}
