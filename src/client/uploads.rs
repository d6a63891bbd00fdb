//! Turns files of a page into uploads for a question.

use wasm_bindgen_futures::JsFuture;
use web_sys::{File, FormData};

use super::Flowise;
use super::calls::unexpected;
use super::driver::Data;
use super::reading::described;
use crate::error::{Error, ErrorKind};
use crate::payload::lenient;
use crate::request::Upload;
use crate::run::Call;

/// A file that the server has read.
#[derive(serde::Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
struct Attachment {
    #[serde(deserialize_with = "lenient::text")]
    name: String,
    #[serde(deserialize_with = "lenient::text")]
    mime_type: String,
    #[serde(deserialize_with = "lenient::text")]
    content: String,
}

impl Flowise {
    /// Turns a page's files into what [`PredictionRequest::upload`] takes, in their order. Pictures and audio become a part of
    /// the question ([`Upload::inline`]); the server reads the text of the others ([`attach`](Self::attach)). Dropping
    /// the future cancels the request. The id of a [`Chat`](super::Chat) is `chat.state().chat_id`.
    ///
    /// ```no_run
    /// # async fn f(flowise: flowise_stream::Flowise, file: web_sys::File) -> Result<(), flowise_stream::Error> {
    /// use flowise_stream::PredictionRequest;
    ///
    /// let chat_id = "the conversation that the files are for";
    /// let mut request = PredictionRequest::new("What does it say?").chat_id(chat_id);
    /// for upload in flowise.upload(chat_id, &[file]).await? {
    ///     request = request.upload(upload);
    /// }
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    ///
    /// As for `attach` and `inline`.
    ///
    /// [`PredictionRequest::upload`]: crate::PredictionRequest::upload
    pub async fn upload(&self, chat_id: &str, files: &[File]) -> Result<Vec<Upload>, Error> {
        let (mut uploads, mut others) = (Vec::new(), Vec::new());
        for file in files {
            let kind = file.type_();
            if kind.starts_with("image/") || kind.starts_with("audio/") {
                uploads.push(Some(Upload::inline(file).await?));
            } else {
                uploads.push(None);
                others.push(file.clone());
            }
        }
        let read = if others.is_empty() {
            Vec::new()
        } else {
            self.attach(chat_id, &others).await?
        };
        let mut read = read.into_iter();
        let uploads = uploads.into_iter();
        Ok(uploads
            .filter_map(|upload| upload.or_else(|| read.next()))
            .collect())
    }

    /// Sends files to the server, which reads their text. Dropping the future cancels the request.
    ///
    /// The chatflow's owner has to allow it ("file upload", "full file"). Pictures and speech are a part of the question
    /// itself: use [`Upload::inline`] for them.
    ///
    /// # Errors
    ///
    /// If the server rejects the files, or refuses requests from this page.
    pub async fn attach(&self, chat_id: &str, files: &[File]) -> Result<Vec<Upload>, Error> {
        let unsendable = |_| Error::new(ErrorKind::Config, "the files cannot be sent");
        let form = FormData::new().map_err(unsendable)?;
        for file in files {
            form.append_with_blob_and_filename("files", file, &file.name())
                .map_err(unsendable)?;
        }
        let chat_id = chat_id.to_owned();
        let call = Call::Attach { chat_id };
        let attachments: Vec<Attachment> = self.call(call, Data::Form(form)).await?;
        if attachments.len() != files.len() {
            return Err(unexpected("does not list the files"));
        }
        let uploads = attachments.into_iter();
        Ok(uploads
            .map(|file| Upload::full_text(file.name, file.mime_type, file.content))
            .collect())
    }
}

impl Upload {
    /// A file of the page as a part of the question: audio as speech, other files for the model itself.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Config`] if the browser cannot read the file, such as one that has changed on the disk.
    pub async fn inline(file: &File) -> Result<Self, Error> {
        let buffer = JsFuture::from(file.array_buffer()).await;
        let buffer = buffer.map_err(|thrown| {
            Error::new(ErrorKind::Config, "the file cannot be read").with_source(described(&thrown))
        })?;
        let bytes = js_sys::Uint8Array::new(&buffer).to_vec();
        let (name, mime) = (file.name(), file.type_());
        Ok(if mime.starts_with("audio/") {
            Self::audio(name, mime, &bytes)
        } else {
            Self::file(name, mime, &bytes)
        })
    }
}
