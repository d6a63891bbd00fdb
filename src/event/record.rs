//! Records: structs of members that a server may leave out, add to, or write in another form.

use serde::ser::{Serialize, SerializeMap};
use serde_json::{Map, Value};

/// Defines records that are read leniently and lose nothing.
///
/// Each field says the name of its member. `always` writes the member whatever it holds, `filled` only if it holds
/// anything; another way to read it may follow. Every record gets the field `other`.
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
            /// Members that have no field, and what did not fit the field of its name, as the server wrote it.
            pub other: serde_json::Map<String, serde_json::Value>,
        }

        impl $crate::event::lenient::Lenient for $name {
            fn read(value: serde_json::Value) -> $crate::event::lenient::Read<Self> {
                let serde_json::Value::Object(mut members) = value else {
                    return (Self::default(), Some(value));
                };
                let record = Self {
                    $($field: $crate::event::record::take!(members, $member $(, $read)?),)*
                    other: members,
                };
                (record, None)
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let value = <serde_json::Value as serde::Deserialize>::deserialize(deserializer)?;
                match <Self as $crate::event::lenient::Lenient>::read(value) {
                    (record, None) => Ok(record),
                    _ => Err(serde::de::Error::custom(concat!("no object: ", stringify!($name)))),
                }
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                use serde::ser::SerializeMap as _;
                let mut map = serializer.serialize_map(None)?;
                $($crate::event::record::$when(&mut map, $member, &self.$field, &self.other)?;)*
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
        $crate::event::lenient::take(&mut $members, $member)
    };
    ($members:ident, $member:literal, $read:path) => {
        $crate::event::lenient::take_with(&mut $members, $member, $read)
    };
}

pub(crate) use {records, take};

/// Writes a member, together with what did not fit it.
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

/// As [`always`], unless there is nothing to write.
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
