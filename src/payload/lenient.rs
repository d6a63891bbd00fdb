//! Reads payloads that servers of other versions write in another form.
//!
//! Nothing here fails if any part of a value is usable, and no data is lost: what does not fit goes back to
//! the record that holds the field, which keeps it in `other`. A page should not lose an answer because a number has
//! become a string, or a list because of one odd element.

use serde::{Deserialize as _, Deserializer};
use serde_json::{Map, Value};

use super::json;
use crate::finish::FinishReason;

/// A value, and the part of the JSON that did not fit it.
pub(crate) type Read<T> = (T, Option<Value>);

/// A type that a member of a record can have.
pub(crate) trait Lenient: Default {
    /// Reads a value that is not null.
    fn read(value: Value) -> Read<Self>;
}

/// Takes a member out of a record if it fits. Elements of a list that do not fit stay.
pub(crate) fn take<T: Lenient>(members: &mut Map<String, Value>, name: &str) -> T {
    take_with(members, name, T::read)
}

/// As [`take`], with another reader.
pub(crate) fn take_with<T: Default>(
    members: &mut Map<String, Value>,
    name: &str,
    read: impl FnOnce(Value) -> Read<T>,
) -> T {
    let Some(place) = members.get_mut(name) else {
        return T::default();
    };
    let (field, rest) = match place.take() {
        Value::Null => (T::default(), None),
        value => read(value),
    };
    match rest {
        Some(rest) => *place = rest,
        // the others keep their order
        None => drop(members.shift_remove(name)),
    }
    field
}

/// Reads a string for a type that is not a record.
pub(crate) fn text<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    Ok(match Value::deserialize(deserializer)? {
        Value::Null => String::new(),
        value => String::read(value).0,
    })
}

impl Lenient for Value {
    fn read(value: Value) -> Read<Self> {
        (value, None)
    }
}

/// A string. Numbers and other values become their JSON.
impl Lenient for String {
    fn read(value: Value) -> Read<Self> {
        match value {
            Value::String(text) => (text, None),
            other => (json::write(&other), None),
        }
    }
}

/// A whole number, or a string that contains one.
impl Lenient for u64 {
    fn read(value: Value) -> Read<Self> {
        let number = match &value {
            Value::Number(number) => number.as_u64(),
            Value::String(text) => text.trim().parse().ok(),
            _ => None,
        };
        number.map_or((0, Some(value)), |number| (number, None))
    }
}

impl Lenient for FinishReason {
    fn read(value: Value) -> Read<Self> {
        Self::deserialize(&value).map_or((Self::default(), Some(value)), |reason| (reason, None))
    }
}

impl Lenient for bool {
    fn read(value: Value) -> Read<Self> {
        value
            .as_bool()
            .map_or((false, Some(value)), |it| (it, None))
    }
}

impl Lenient for Map<String, Value> {
    fn read(value: Value) -> Read<Self> {
        match value {
            Value::Object(members) => (members, None),
            other => (Self::new(), Some(other)),
        }
    }
}

/// `None`, if the value does not fit.
impl<T: Lenient> Lenient for Option<T> {
    fn read(value: Value) -> Read<Self> {
        match T::read(value) {
            (it, None) => (Some(it), None),
            (_, rest) => (None, rest),
        }
    }
}

impl<T: Lenient> Lenient for Box<T> {
    fn read(value: Value) -> Read<Self> {
        let (it, rest) = T::read(value);
        (Self::new(it), rest)
    }
}

/// The elements that fit, without nulls. A single value is a list of one.
impl<T: Lenient> Lenient for Vec<T> {
    fn read(value: Value) -> Read<Self> {
        let items = match value {
            Value::Array(items) => items,
            single => {
                let (it, rest) = T::read(single);
                return if rest.is_none() {
                    (vec![it], None)
                } else {
                    (Self::new(), rest)
                };
            }
        };
        let mut fitting = Self::with_capacity(items.len());
        let mut odd = Vec::new();
        for item in items {
            if item.is_null() {
                odd.push(item);
                continue;
            }
            match T::read(item) {
                (it, None) => fitting.push(it),
                (_, Some(rest)) => odd.push(rest),
            }
        }
        if odd.iter().all(Value::is_null) {
            return (fitting, None);
        }
        if !fitting.is_empty() {
            odd.retain(|item| !item.is_null());
        }
        (fitting, Some(Value::Array(odd)))
    }
}

/// Follow-up prompts: a list, or its JSON in a string, even twice, or under `questions`. Any other value is no prompts.
pub(crate) fn prompts(mut value: Value) -> Read<Vec<String>> {
    for _ in 0..2 {
        match value.as_str().map(serde_json::from_str) {
            Some(Ok(parsed)) => value = parsed,
            _ => break,
        }
    }
    if let Value::Object(members) = &mut value {
        value = members.remove("questions").unwrap_or_default();
    }
    match value {
        Value::Array(_) => Vec::read(value),
        _ => Read::default(),
    }
}
