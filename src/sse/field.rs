//! Finds which field a line of a block sets, and where its value starts.

/// The fields that the standard defines.
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
    // Nearly every line with a meaning is a `data` line.
    if let Some(rest) = line.strip_prefix(b"data") {
        return value_offset(rest, 4).map(|offset| (Field::Data, offset));
    }
    NAMES[1..].iter().find_map(|&(name, field)| {
        value_offset(line.strip_prefix(name)?, name.len()).map(|offset| (field, offset))
    })
}

/// The offset of a line's value, from the text after the field's name: a colon and one optional space, or nothing.
#[inline]
fn value_offset(rest: &[u8], name: usize) -> Option<usize> {
    match rest {
        [b':', b' ', ..] => Some(name + 2),
        [b':', ..] => Some(name + 1),
        [] => Some(name),
        _ => None,
    }
}

/// What is known of a line whose end has not arrived yet.
pub(super) enum Unfinished {
    /// Its name is incomplete.
    Name,
    /// It is a field, and its value has this length so far.
    Value(Field, usize),
    /// It is a comment or an unknown field, whatever follows.
    Ignored,
}

/// Classifies the beginning of a line.
pub(super) fn judge(start: &[u8]) -> Unfinished {
    if NAMES.iter().any(|(name, _)| name.starts_with(start)) {
        return Unfinished::Name;
    }
    match parse(start) {
        Some((field, offset)) => Unfinished::Value(field, start.len() - offset),
        None => Unfinished::Ignored,
    }
}
