//! Reading what servers of other versions may write in another form.
//!
//! Nothing of this fails where there is anything to make of a value: a page should not lose an answer because a number
//! has become a string.

use serde::de::{Deserialize, DeserializeOwned, Deserializer, Error};
use serde_json::Value;

/// A string; numbers and other values as their JSON, nothing as an empty one.
pub(crate) fn text<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    Ok(optional_text(deserializer)?.unwrap_or_default())
}

pub(crate) fn optional_text<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<String>, D::Error> {
    Ok(match Value::deserialize(deserializer)? {
        Value::Null => None,
        Value::String(text) => Some(text),
        other => Some(other.to_string()),
    })
}

/// A whole number, also one in a string; anything else is none.
pub(crate) fn optional_count<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<u64>, D::Error> {
    Ok(match Value::deserialize(deserializer)? {
        Value::Number(number) => number.as_u64(),
        Value::String(text) => text.trim().parse().ok(),
        _ => None,
    })
}

/// A list without its nulls; nothing is an empty list, and a single value a list of one.
pub(crate) fn list<'de, D, T>(deserializer: D) -> Result<Vec<T>, D::Error>
where
    D: Deserializer<'de>,
    T: DeserializeOwned,
{
    let items = match Value::deserialize(deserializer)? {
        Value::Null => Vec::new(),
        Value::Array(items) => items,
        single => vec![single],
    };
    let present = items.into_iter().filter(|item| !item.is_null());
    present
        .map(|item| serde_json::from_value(item).map_err(D::Error::custom))
        .collect()
}

/// A list of strings, read as [`list`] and [`text`] do.
pub(crate) fn texts<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<String>, D::Error> {
    let items: Vec<Value> = list(deserializer)?;
    Ok(items
        .into_iter()
        .map(|item| match item {
            Value::String(text) => text,
            other => other.to_string(),
        })
        .collect())
}

/// A value that may be missing or null.
pub(crate) fn optional<'de, D, T>(deserializer: D) -> Result<Option<T>, D::Error>
where
    D: Deserializer<'de>,
    T: DeserializeOwned,
{
    match Value::deserialize(deserializer)? {
        Value::Null => Ok(None),
        value => serde_json::from_value(value)
            .map(Some)
            .map_err(D::Error::custom),
    }
}

/// Follow-up prompts: a list, or JSON of one in a string, in a string again, or under `questions`.
pub(crate) fn prompts<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<String>, D::Error> {
    let mut value = Value::deserialize(deserializer)?;
    for _ in 0..2 {
        match value.as_str().map(serde_json::from_str) {
            Some(Ok(parsed)) => value = parsed,
            _ => break,
        }
    }
    if let Value::Object(members) = &mut value {
        value = members.remove("questions").unwrap_or_default();
    }
    Ok(match value {
        Value::Array(_) => texts(value).unwrap_or_default(),
        _ => Vec::new(),
    })
}

/// As [`optional`], where what does not fit is nothing: one member should not cost a whole reply.
pub(crate) fn fitting<'de, D, T>(deserializer: D) -> Result<Option<T>, D::Error>
where
    D: Deserializer<'de>,
    T: DeserializeOwned,
{
    let value = Value::deserialize(deserializer)?;
    Ok(optional(value).unwrap_or_default())
}

/// As [`list`], of the elements that fit.
pub(crate) fn fitting_list<'de, D, T>(deserializer: D) -> Result<Vec<T>, D::Error>
where
    D: Deserializer<'de>,
    T: DeserializeOwned,
{
    let items: Vec<Value> = list(deserializer)?;
    Ok(items
        .into_iter()
        .filter_map(|item| serde_json::from_value(item).ok())
        .collect())
}
