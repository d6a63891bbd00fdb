//! One line of a block: which field it sets, and where its value starts.

/// The fields that the standard knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Field {
    Data,
    Event,
    Id,
    Retry,
}

const NAMES: [(&[u8], Field); 4] = [
    (b"data", Field::Data),
    (b"event", Field::Event),
    (b"id", Field::Id),
    (b"retry", Field::Retry),
];

/// The field of a whole line and the offset of its value; `None` for a comment or a field with another name.
#[inline]
pub(super) fn parse(line: &[u8]) -> Option<(Field, usize)> {
    // Nearly every line that counts is a `data` line.
    if let Some(rest) = line.strip_prefix(b"data") {
        return value_offset(rest, 4).map(|offset| (Field::Data, offset));
    }
    NAMES[1..].iter().find_map(|&(name, field)| {
        value_offset(line.strip_prefix(name)?, name.len()).map(|offset| (field, offset))
    })
}

/// The offset of a line's value, from what follows the field's name: a colon and one optional space, or nothing.
#[inline]
fn value_offset(rest: &[u8], name: usize) -> Option<usize> {
    match rest {
        [b':', b' ', ..] => Some(name + 2),
        [b':', ..] => Some(name + 1),
        [] => Some(name),
        _ => None,
    }
}

/// What can be said of a line whose end has not come yet.
pub(super) enum Unfinished {
    /// Its name is not complete.
    Name,
    /// It is a field with this much of a value so far.
    Value(Field, usize),
    /// It is a comment or a field that nobody knows, however it goes on.
    Ignored,
}

/// Judges the beginning of a line.
pub(super) fn judge(start: &[u8]) -> Unfinished {
    if NAMES.iter().any(|(name, _)| name.starts_with(start)) {
        return Unfinished::Name;
    }
    match parse(start) {
        Some((field, offset)) => Unfinished::Value(field, start.len() - offset),
        None => Unfinished::Ignored,
    }
}
