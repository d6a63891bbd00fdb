//! Serde values as JavaScript values, and back.

use std::fmt;

use js_sys::Array;
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_wasm_bindgen::Serializer;
use wasm_bindgen::prelude::*;

/// A value has another form than expected, or cannot be sent.
///
/// ```no_run
/// # fn f(event: flowise_stream::socket_io::Event) {
/// match event.data::<u32>() {
///     Ok(number) => show(&number.to_string()),
///     Err(error) => show(&format!("`{}` is no number: {error}", event.name())),
/// }
/// # }
/// # fn show(_: &str) {}
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ValueError(pub(super) String);

impl ValueError {
    pub(super) fn new(message: impl Into<String>) -> Self {
        Self(message.into())
    }
}

impl fmt::Display for ValueError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for ValueError {}

/// The message of an error. Its own text is that of a JavaScript `Error`, including the stack.
fn described(error: serde_wasm_bindgen::Error) -> ValueError {
    let error = JsValue::from(error);
    let message = error
        .dyn_ref::<js_sys::Error>()
        .map(|error| String::from(error.message()));
    ValueError(message.unwrap_or_else(|| "the value cannot be converted".to_owned()))
}

/// Bytes, sent as binary data and not as a list of numbers.
///
/// It may stand anywhere in the data, and deserializes from a `Uint8Array` or an `ArrayBuffer`.
///
/// ```no_run
/// use flowise_stream::socket_io::{Binary, Socket};
///
/// #[derive(serde::Serialize)]
/// struct Photo { name: String, pixels: Binary }
///
/// # fn f(socket: Socket) -> Result<(), flowise_stream::socket_io::EmitError> {
/// socket.emit("photo", &Photo { name: "cat.png".into(), pixels: Binary(vec![137, 80, 78, 71]) })?;
/// # Ok(()) }
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Binary(pub Vec<u8>);

impl Serialize for Binary {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_bytes(&self.0)
    }
}

impl<'de> Deserialize<'de> for Binary {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Bytes;
        impl serde::de::Visitor<'_> for Bytes {
            type Value = Binary;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a Uint8Array or an ArrayBuffer")
            }

            fn visit_bytes<E>(self, bytes: &[u8]) -> Result<Binary, E> {
                Ok(Binary(bytes.to_vec()))
            }

            fn visit_byte_buf<E>(self, bytes: Vec<u8>) -> Result<Binary, E> {
                Ok(Binary(bytes))
            }
        }
        deserializer.deserialize_byte_buf(Bytes)
    }
}

/// The same limit as in serde_json. Reading is recursive, and the stack of a WebAssembly program is small.
const MOST_LEVELS: u32 = 128;

#[wasm_bindgen(module = "/src/socket_io/depth.js")]
extern "C" {
    #[wasm_bindgen(js_name = isDeeper)]
    fn is_deeper(value: &JsValue, levels: u32) -> bool;
}

/// As in JSON: maps are objects, and missing values are `null`.
pub(super) fn to_js<T: Serialize + ?Sized>(value: &T) -> Result<JsValue, ValueError> {
    let serializer = Serializer::new()
        .serialize_maps_as_objects(true)
        .serialize_missing_as_null(true);
    value.serialize(&serializer).map_err(described)
}

pub(super) fn from_js<T: DeserializeOwned>(value: JsValue) -> Result<T, ValueError> {
    if is_deeper(&value, MOST_LEVELS) {
        return Err(ValueError::new("the value is nested too deeply"));
    }
    serde_wasm_bindgen::from_value(value).map_err(described)
}

/// One argument, or none for `()` and `None`.
pub(super) fn one<T: Serialize + ?Sized>(data: &T) -> Result<Array, ValueError> {
    let value = to_js(data)?;
    Ok(if value.is_null() {
        Array::new()
    } else {
        Array::of1(&value)
    })
}

/// An argument for each element of a tuple or list.
pub(super) fn all<T: Serialize + ?Sized>(args: &T) -> Result<Array, ValueError> {
    let value = to_js(args)?;
    if value.is_null() {
        return Ok(Array::new());
    }
    value
        .dyn_into()
        .map_err(|_| ValueError::new("several arguments are given as a tuple or a list"))
}

/// The text of a thrown value, which may be of any type.
pub(super) fn message(thrown: &JsValue) -> String {
    match thrown.dyn_ref::<js_sys::Error>() {
        Some(error) => error.message().into(),
        None => thrown.as_string().unwrap_or_default(),
    }
}
