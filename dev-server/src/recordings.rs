//! The recorded streams of real servers in `tests/recordings`.
//!
//! The README there describes the format. A recording is never changed; a replay
//! rewrites the ids.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use bytes::Bytes;
use serde::Deserialize;
use serde_json::Value;

use crate::error::Error;

/// All recordings of both generations, by name.
#[derive(Debug)]
pub(crate) struct Recordings {
    pub(crate) sse: BTreeMap<String, SseRecording>,
    pub(crate) socket_io: BTreeMap<String, SocketRecording>,
}

/// The ids of the recorded run, which a replay replaces.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct RecordedIds {
    pub(crate) chat_id: Option<String>,
    pub(crate) session_id: Option<String>,
    pub(crate) chat_message_id: Option<String>,
    pub(crate) question: Option<String>,
}

/// The request to the recorded server.
#[derive(Debug, Deserialize)]
pub(crate) struct RecordedRequest {
    pub(crate) path: String,
    #[serde(default)]
    pub(crate) body: Value,
}

impl RecordedRequest {
    pub(crate) fn question(&self) -> Option<&str> {
        self.body.get("question")?.as_str()
    }
}

/// One recording of Flowise 3.1.4.
#[derive(Debug)]
pub(crate) struct SseRecording {
    pub(crate) request: RecordedRequest,
    /// 0 if no response arrived.
    pub(crate) status: u16,
    pub(crate) content_type: String,
    pub(crate) end_ms: f64,
    /// The body as it arrived: each chunk with the milliseconds since the request.
    pub(crate) chunks: Vec<(f64, Bytes)>,
    pub(crate) ids: RecordedIds,
}

impl SseRecording {
    pub(crate) fn is_stream(&self) -> bool {
        self.content_type.starts_with("text/event-stream")
    }

    /// The whole body.
    pub(crate) fn body(&self) -> String {
        let bytes: Vec<u8> = self.chunks.iter().flat_map(|(_, b)| b.to_vec()).collect();
        String::from_utf8_lossy(&bytes).into_owned()
    }

    /// The Flowise frames of the stream: `{"event", "data", …}`.
    pub(crate) fn frames(&self) -> Vec<Value> {
        frames(&self.body())
    }
}

/// One recording of Flowise 2.0.7.
#[derive(Debug, Deserialize)]
pub(crate) struct SocketRecording {
    pub(crate) request: RecordedRequest,
    /// `[ms, name, …arguments]`
    pub(crate) events: Vec<Vec<Value>>,
    pub(crate) reply: RecordedReply,
    #[serde(skip)]
    pub(crate) ids: RecordedIds,
}

/// The reply of the POST on Flowise 2.0.7.
#[derive(Debug, Deserialize)]
pub(crate) struct RecordedReply {
    pub(crate) status: u16,
    pub(crate) headers: BTreeMap<String, String>,
    pub(crate) ms: f64,
    pub(crate) body: String,
}

#[derive(Deserialize)]
struct SseFile {
    request: RecordedRequest,
    response: SseResponse,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[derive(Default)]
struct SseResponse {
    status: u16,
    headers: BTreeMap<String, String>,
    end_ms: f64,
    body_file: Option<String>,
    chunks: Vec<(f64, usize)>,
}

impl Recordings {
    /// Where the recordings are in a checkout.
    pub(crate) fn default_folder() -> PathBuf {
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/recordings")
    }

    /// Reads all recordings below `folder`.
    ///
    /// # Errors
    ///
    /// If the folder cannot be read or a file is not as the README describes it.
    pub(crate) fn read(folder: &Path) -> Result<Self, Error> {
        let mut sse = BTreeMap::new();
        for (name, path) in json_files(&folder.join("flowise-3.1.4"))? {
            sse.insert(name, read_sse(&path)?);
        }
        let mut socket_io = BTreeMap::new();
        for (name, path) in json_files(&folder.join("flowise-2.0.7"))? {
            let mut recording: SocketRecording = parse(&path)?;
            recording.ids = serde_json::from_str(&recording.reply.body).unwrap_or_default();
            socket_io.insert(name, recording);
        }
        Ok(Self { sse, socket_io })
    }
}

/// The frames in the text of an event stream.
pub(crate) fn frames(text: &str) -> Vec<Value> {
    text.lines()
        .filter_map(|line| line.strip_prefix("data:"))
        .filter_map(|json| serde_json::from_str(json).ok())
        .collect()
}

fn json_files(folder: &Path) -> Result<Vec<(String, PathBuf)>, Error> {
    let unreadable =
        |cause| Error::Recordings(folder.to_owned(), format!("cannot be read: {cause}"));
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).map_err(unreadable)? {
        let path = entry.map_err(unreadable)?.path();
        if path.extension().is_some_and(|e| e == "json")
            && let Some(name) = path.file_stem().and_then(|n| n.to_str())
        {
            files.push((name.to_owned(), path));
        }
    }
    Ok(files)
}

fn parse<T: for<'de> Deserialize<'de>>(path: &Path) -> Result<T, Error> {
    let text = fs::read_to_string(path)
        .map_err(|cause| Error::Recordings(path.to_owned(), format!("cannot be read: {cause}")))?;
    serde_json::from_str(&text)
        .map_err(|cause| Error::Recordings(path.to_owned(), format!("is not a recording: {cause}")))
}

fn read_sse(path: &Path) -> Result<SseRecording, Error> {
    let SseFile { request, response } = parse(path)?;
    let body = match &response.body_file {
        Some(file) => Bytes::from(fs::read(path.with_file_name(file)).map_err(|cause| {
            Error::Recordings(
                path.with_file_name(file),
                format!("cannot be read: {cause}"),
            )
        })?),
        None => Bytes::new(),
    };
    let mut at = 0;
    let mut chunks = Vec::with_capacity(response.chunks.len());
    for (ms, length) in response.chunks {
        let end = at + length;
        if end > body.len() {
            let why = "has chunks beyond the end of its body".to_owned();
            return Err(Error::Recordings(path.to_owned(), why));
        }
        chunks.push((ms, body.slice(at..end)));
        at = end;
    }
    let content_type = response
        .headers
        .get("content-type")
        .cloned()
        .unwrap_or_default();
    let mut recording = SseRecording {
        request,
        status: response.status,
        content_type,
        end_ms: response.end_ms,
        chunks,
        ids: RecordedIds::default(),
    };
    recording.ids = if recording.is_stream() {
        let frames = recording.frames();
        let metadata = frames.iter().find(|frame| frame["event"] == "metadata");
        metadata
            .and_then(|frame| serde_json::from_value(frame["data"].clone()).ok())
            .unwrap_or_default()
    } else {
        serde_json::from_str(&recording.body()).unwrap_or_default()
    };
    Ok(recording)
}
