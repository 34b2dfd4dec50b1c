//! Values across the boundary.

use js_sys::{Array, JsString, Object, Reflect};
use serde::Serialize;
use serde::de::DeserializeOwned;
use wasm_bindgen::prelude::*;

use crate::error::Error;

/// Makes a JavaScript value of anything that serde can serialise: structs
/// become objects, `None` becomes `null`, bytes become a `Uint8Array`.
///
/// # Errors
///
/// If a number is beyond 2^53, which neither counts nor offsets are.
pub fn to_js<T: Serialize + ?Sized>(value: &T) -> Result<JsValue, JsValue> {
    let serializer = serde_wasm_bindgen::Serializer::json_compatible()
        .serialize_bytes_as_arrays(false);
    Ok(value.serialize(&serializer)?)
}

/// Reads a JavaScript value.
///
/// # Errors
///
/// If it is not of the type's shape.
pub fn from_js<T: DeserializeOwned>(value: JsValue) -> Result<T, JsValue> {
    Ok(serde_wasm_bindgen::from_value(value)?)
}

/// Makes an object of names and values.
pub fn object(entries: &[(&str, JsValue)]) -> JsValue {
    let object = Object::new();
    for (name, value) in entries {
        // A fresh object takes every property.
        let _ = Reflect::set(&object, &(*name).into(), value);
    }
    object.into()
}

/// Returns a property of an object, `undefined` if it has none.
///
/// # Errors
///
/// If the value is no object.
pub fn get(object: &JsValue, name: &str) -> Result<JsValue, JsValue> {
    Reflect::get(object, &name.into())
}

/// Makes an array of values.
pub fn array<T: Into<JsValue>>(
    values: impl IntoIterator<Item = T>,
) -> JsValue {
    values.into_iter().map(Into::into).collect::<Array>().into()
}

/// Writes text in Unicode's normalization form C, as [`normalize`] does.
///
/// [`normalize`]: https://developer.mozilla.org/docs/Web/JavaScript/Reference/Global_Objects/String/normalize
pub fn nfc(text: &str) -> String {
    JsString::from(text).normalize("NFC").into()
}

/// A JavaScript `Error` with the message, the code and the file of ours.
impl From<Error> for JsValue {
    fn from(error: Error) -> JsValue {
        let thrown = js_sys::Error::new(&error.to_string());
        thrown.set_name("TallyError");
        let file = error.file().map_or(JsValue::NULL, JsValue::from);
        for (name, value) in [("code", error.code().into()), ("file", file)] {
            let _ = Reflect::set(&thrown, &name.into(), &value);
        }
        thrown.into()
    }
}
