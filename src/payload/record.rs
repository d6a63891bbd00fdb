//! Records: structs whose members a server may omit, extend, or write in another form.

use serde::ser::{Serialize, SerializeMap};
use serde_json::{Map, Value};

/// Defines records that are read leniently and lose no data.
///
/// Each field names its JSON member. `always` writes the member with any value, `filled` only if it is not empty. A reader
/// function may follow. Every record has the field `other`.
macro_rules! records {
    ($(
        $(#[$attribute:meta])*
        pub struct $name:ident {
            $(
                $(#[doc = $doc:literal])*
                #[wire($when:ident($member:literal $(, $read:path)?))]
                pub $field:ident: $type:ty,
            )*
        }
    )*) => {$(
        $(#[$attribute])*
        #[derive(Clone, Debug, Default, PartialEq, Eq)]
        #[non_exhaustive]
        pub struct $name {
            $(
                $(#[doc = $doc])*
                pub $field: $type,
            )*
            /// Members without a field, and values that did not fit the field of their name, as the server wrote them.
            pub other: serde_json::Map<String, serde_json::Value>,
        }

        impl $crate::payload::lenient::Lenient for $name {
            fn read(value: serde_json::Value) -> $crate::payload::lenient::Read<Self> {
                let serde_json::Value::Object(mut members) = value else {
                    return (Self::default(), Some(value));
                };
                let record = Self {
                    $($field: $crate::payload::record::take!(members, $member $(, $read)?),)*
                    other: members,
                };
                (record, None)
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let value = <serde_json::Value as serde::Deserialize>::deserialize(deserializer)?;
                match <Self as $crate::payload::lenient::Lenient>::read(value) {
                    (record, None) => Ok(record),
                    _ => Err(serde::de::Error::custom(concat!("no object: ", stringify!($name)))),
                }
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                use serde::ser::SerializeMap as _;
                let mut map = serializer.serialize_map(None)?;
                $($crate::payload::record::$when(&mut map, $member, &self.$field, &self.other)?;)*
                for (name, value) in &self.other {
                    if ![$($member),*].contains(&name.as_str()) {
                        map.serialize_entry(name, value)?;
                    }
                }
                map.end()
            }
        }
    )*};
}

macro_rules! take {
    ($members:ident, $member:literal) => {
        $crate::payload::lenient::take(&mut $members, $member)
    };
    ($members:ident, $member:literal, $read:path) => {
        $crate::payload::lenient::take_with(&mut $members, $member, $read)
    };
}

pub(crate) use {records, take};

/// Writes a member, together with the values that did not fit it.
pub(crate) fn always<M: SerializeMap>(
    map: &mut M,
    name: &str,
    field: &impl Serialize,
    other: &Map<String, Value>,
) -> Result<(), M::Error> {
    let Some(odd) = other.get(name) else {
        return map.serialize_entry(name, field);
    };
    match (serde_json::to_value(field), odd) {
        (Ok(Value::Array(mut items)), Value::Array(odd)) => {
            items.extend_from_slice(odd);
            map.serialize_entry(name, &items)
        }
        _ => map.serialize_entry(name, odd),
    }
}

/// As [`always`], unless the value is empty.
pub(crate) fn filled<M: SerializeMap>(
    map: &mut M,
    name: &str,
    field: &(impl Serialize + Default + PartialEq),
    other: &Map<String, Value>,
) -> Result<(), M::Error> {
    if *field == Default::default() && !other.contains_key(name) {
        return Ok(());
    }
    always(map, name, field, other)
}
