//! A decoder that is simple, slow and plainly what the standard says. It needs the whole stream.

use super::OwnedMessage;

/// The messages of a stream; `Err` stands for one whose data is longer than `limit`.
pub(crate) fn messages(stream: &[u8], limit: usize) -> Vec<Result<OwnedMessage, ()>> {
    let stream = stream.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(stream);
    let text = String::from_utf8_lossy(stream)
        .replace("\r\n", "\n")
        .replace('\r', "\n");
    let mut lines: Vec<&str> = text.split('\n').collect();
    // What follows the last line end is no line.
    lines.pop();

    let mut messages = Vec::new();
    let (mut data, mut event, mut id) = (String::new(), String::new(), String::new());
    let mut too_long = false;
    for line in lines {
        if line.is_empty() {
            if !too_long && let Some(data) = data.strip_suffix('\n') {
                messages.push(Ok(OwnedMessage {
                    event: if event.is_empty() {
                        "message".to_owned()
                    } else {
                        event.clone()
                    },
                    data: data.to_owned(),
                    last_event_id: id.clone(),
                }));
            }
            data.clear();
            event.clear();
            too_long = false;
            continue;
        }
        if too_long || line.starts_with(':') {
            continue;
        }
        let (field, value) = match line.split_once(':') {
            Some((field, value)) => (field, value.strip_prefix(' ').unwrap_or(value)),
            None => (line, ""),
        };
        let length = match field {
            "data" => data.len() + value.len(),
            "event" | "id" | "retry" => value.len(),
            _ => 0,
        };
        if length > limit {
            too_long = true;
            messages.push(Err(()));
            continue;
        }
        match field {
            "data" => {
                data.push_str(value);
                data.push('\n');
            }
            "event" => event = value.to_owned(),
            "id" if !value.contains('\0') => id = value.to_owned(),
            _ => {}
        }
    }
    messages
}
