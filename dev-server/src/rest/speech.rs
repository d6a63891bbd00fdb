//! `POST /api/v1/text-to-speech/generate`: the one stream of Flowise that has `event:` lines.

use std::sync::Arc;

use axum::Extension;
use axum::body::Body;
use axum::http::Response;
use bytes::Bytes;
use serde_json::{Value, json};

use super::key::no_key;
use crate::flows::{self, Generation};
use crate::reply::event_stream;
use crate::state::Context;

const RATE: u32 = 8000;

/// Speaks a text: a short tone for each word, as WAV.
pub(crate) async fn generate(
    Extension(context): Extension<Arc<Context>>,
    body: Bytes,
) -> Response<Body> {
    const CONTROLLER: &str = "Error: textToSpeechController.generateTextToSpeech - ";
    if context.generation == Generation::SocketIo {
        return no_key();
    }
    let asked: Value = serde_json::from_slice(&body).unwrap_or_default();
    let fail = |why: &str| {
        let error = json!({ "error": format!("{CONTROLLER}{why}") });
        stream(frame("tts_error", &error))
    };
    let Some(text) = asked["text"].as_str().filter(|text| !text.is_empty()) else {
        return fail("text not provided!");
    };
    let known = asked["chatflowId"]
        .as_str()
        .and_then(|id| flows::find(id, context.generation));
    if known.is_none() && asked["provider"].is_null() {
        return fail("provider not provided!");
    }
    let message = &asked["chatMessageId"];
    let mut frames = frame(
        "tts_start",
        &json!({ "chatMessageId": message, "format": "wav" }),
    );
    for piece in wav(text.split_whitespace().count()).chunks(4096) {
        let data = json!({ "chatMessageId": message, "audioChunk": base64(piece) });
        frames += &frame("tts_data", &data);
    }
    frames += &frame("tts_end", &json!({ "chatMessageId": message }));
    stream(frames)
}

fn stream(frames: String) -> Response<Body> {
    let mut response = event_stream(Body::from(frames));
    response.headers_mut().remove("x-accel-buffering");
    response
}

fn frame(name: &str, data: &Value) -> String {
    format!(
        "event: {name}\ndata: {}\n\n",
        json!({ "event": name, "data": data })
    )
}

/// One tone of 80 ms for each word (at most 50), 16-bit mono.
fn wav(words: usize) -> Vec<u8> {
    let tone = RATE / 1000 * 80;
    let samples = tone * u32::try_from(words.clamp(1, 50)).unwrap_or(1);
    let mut wav = Vec::new();
    wav.extend(b"RIFF");
    wav.extend((36 + samples * 2).to_le_bytes());
    wav.extend(b"WAVEfmt ");
    wav.extend(16u32.to_le_bytes());
    wav.extend([1, 0, 1, 0]);
    wav.extend(RATE.to_le_bytes());
    wav.extend((RATE * 2).to_le_bytes());
    wav.extend([2, 0, 16, 0]);
    wav.extend(b"data");
    wav.extend((samples * 2).to_le_bytes());
    for sample in 0..samples {
        let silent = sample % tone > tone * 3 / 4;
        let high = sample / 9 % 2 == 0;
        let level: i16 = if silent {
            0
        } else if high {
            2000
        } else {
            -2000
        };
        wav.extend(level.to_le_bytes());
    }
    wav
}

fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for group in bytes.chunks(3) {
        let bits = group
            .iter()
            .fold(0u32, |bits, byte| bits << 8 | u32::from(*byte))
            << (8 * (3 - group.len()));
        for digit in 0..4 {
            if digit <= group.len() {
                text.push(char::from(DIGITS[(bits >> (18 - 6 * digit) & 63) as usize]));
            } else {
                text.push('=');
            }
        }
    }
    text
}
