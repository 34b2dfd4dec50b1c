//! Unicode's normalization form C.

/// Writes text in [normalization form C], in which `é` is one character
/// however it was typed.
///
/// The tables for it are large, and browsers have them already: what runs in
/// one is given theirs, see [`SplitReader::normalizing`].
///
/// [normalization form C]: https://unicode.org/reports/tr15/
/// [`SplitReader::normalizing`]: crate::SplitReader::normalizing
pub type Normalize = fn(&str) -> String;

/// What is used unless something else is given.
#[cfg(not(target_arch = "wasm32"))]
pub fn nfc(text: &str) -> String {
    unicode_normalization::UnicodeNormalization::nfc(text).collect()
}

/// What is used unless something else is given, as it always is here.
#[cfg(target_arch = "wasm32")]
pub fn nfc(text: &str) -> String {
    text.to_owned()
}
