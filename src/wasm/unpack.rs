//! Archives: what is in one, and the bytes of a file in it. And encodings,
//! which is where the tables of all of them are.

use js_sys::Uint8Array;
use serde::Serialize;
use wasm_bindgen::prelude::*;

use super::value::{from_js, to_js};
use crate::currency::Currency;
use crate::error::Error;
use crate::options::{DateOrder, KeyFormat};
use crate::reject::{Asked, Written};
use crate::text;
use crate::unpack::{self, Entry, Packing, RejectedFile};

/// Bytes of a piece: few enough to stay in a core's cache between the one
/// memory and the other.
const PIECE: usize = 256 << 10;

/// Reads the directory of an archive that holds several files: it says what
/// range of bytes it wants, is pushed them, and so on until it wants none.
#[wasm_bindgen]
pub struct Directory {
    name: String,
    directory: unpack::Directory,
}

#[wasm_bindgen]
impl Directory {
    /// Creates the reader of an archive of this name and size.
    #[wasm_bindgen(constructor)]
    pub fn new(name: String, size: f64) -> Directory {
        let directory = unpack::Directory::new(size as u64);
        Directory { name, directory }
    }

    /// The half-open range of the archive's bytes that it wants, if it does.
    pub fn wants(&self) -> Option<Vec<f64>> {
        let range = self.directory.wants()?;
        Some(vec![range.start as f64, range.end as f64])
    }

    /// Takes the bytes that it wants.
    ///
    /// # Errors
    ///
    /// If the archive is damaged.
    pub fn push(&mut self, bytes: &[u8]) -> Result<(), JsValue> {
        self.directory.push(bytes).map_err(|error| self.named(error))
    }

    /// The files in it: `{ tables, others }`, of which the former may hold
    /// records and the latter are named only.
    ///
    /// # Errors
    ///
    /// If the archive is damaged, or no archive to a person.
    pub fn entries(&mut self) -> Result<JsValue, JsValue> {
        let empty = unpack::Directory::new(0);
        let directory = std::mem::replace(&mut self.directory, empty);
        let listing = directory.into_listing();
        to_js(&listing.map_err(|error| self.named(error))?)
    }
}

impl Directory {
    /// Names the archive in an error.
    fn named(&self, error: Error) -> JsValue {
        error.in_file(&self.name).into()
    }
}

/// A file that had rejects, in their CSV.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Rejected {
    entry: Entry,
    header: bool,
    written: ShownWritten,
    asked: ShownAsked,
    is_utf8: bool,
}

/// How a file was written, as settings that JavaScript can give back; what is
/// `None` isn't there.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ShownWritten {
    #[serde(skip_serializing_if = "Option::is_none")]
    delimiter: Option<char>,
    #[serde(skip_serializing_if = "Option::is_none")]
    quote: Option<char>,
    #[serde(skip_serializing_if = "Option::is_none")]
    decimal_mark: Option<char>,
    #[serde(skip_serializing_if = "Option::is_none")]
    thousands_mark: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    brackets: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    date_order: Option<DateOrder>,
}

/// What was asked of a file, as options that JavaScript can give back.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ShownAsked {
    keys: Option<Vec<usize>>,
    totals: Option<Vec<usize>>,
    currencies: Vec<String>,
    key_formats: Vec<KeyFormat>,
    places: u8,
}

impl From<Written> for ShownWritten {
    fn from(written: Written) -> ShownWritten {
        let text = |mark: Option<char>| mark.into_iter().collect();
        ShownWritten {
            delimiter: written.delimiter,
            quote: written.quote,
            decimal_mark: written.decimal_mark,
            thousands_mark: written.thousands_mark.map(text),
            brackets: written.brackets,
            date_order: written.date_order,
        }
    }
}

impl From<Asked> for ShownAsked {
    fn from(asked: Asked) -> ShownAsked {
        let Asked { keys, totals, currencies, key_formats, places } = asked;
        let text = |currency: Option<Option<Currency>>| match currency {
            None => "auto".to_owned(),
            Some(currency) => currency.iter().map(Currency::as_str).collect(),
        };
        let currencies = currencies.into_iter().map(text).collect();
        ShownAsked { keys, totals, currencies, key_formats, places }
    }
}

/// Lists the files in a rejects CSV, which has this name and size and begins
/// with `head`; `last` says that it ends there. Each is
/// `{ entry, header, written, asked, isUtf8 }`: how it is unpacked, and what
/// is known of it.
///
/// # Errors
///
/// If it was changed so that it can't be read again.
#[wasm_bindgen(js_name = rejectedFiles)]
pub fn rejected_files(
    name: &str,
    size: f64,
    head: &[u8],
    last: bool,
) -> Result<JsValue, JsValue> {
    let files = unpack::rejected_files(head, last).unwrap_or(Ok(Vec::new()));
    let files = files.map_err(|error| error.in_file(name))?;
    let file = |file: RejectedFile| Rejected {
        entry: Entry::of_rejects(file.name, size as u64),
        header: file.header,
        written: file.written.into(),
        asked: file.asked.into(),
        is_utf8: file.is_utf8,
    };
    to_js(&files.into_iter().map(file).collect::<Vec<_>>())
}

/// Unpacks one file.
#[wasm_bindgen]
pub struct Unpacker {
    name: String,
    unpacker: unpack::Unpacker,
}

#[wasm_bindgen]
impl Unpacker {
    /// Creates the unpacker of the file that is called `name`, `packing`
    /// being how it is packed, with `size` packed bytes, which may grow to
    /// `limit` times that.
    ///
    /// # Errors
    ///
    /// If it is packed in a way that is not known.
    #[wasm_bindgen(constructor)]
    pub fn new(
        packing: JsValue,
        name: String,
        size: f64,
        limit: f64,
    ) -> Result<Unpacker, JsValue> {
        let packing: Packing = from_js(packing)?;
        let (size, limit) = (size as u64, limit as u64);
        let unpacker = unpack::Unpacker::new(&packing, size, limit, PIECE)
            .map_err(|error| error.in_file(&name))?;
        Ok(Unpacker { name, unpacker })
    }

    /// Takes the next packed bytes.
    pub fn push(&mut self, bytes: &[u8]) {
        self.unpacker.push(bytes);
    }

    /// Says that all packed bytes were given.
    pub fn finish(&mut self) {
        self.unpacker.finish();
    }

    /// The next piece, which is never empty, or `undefined` if more packed
    /// bytes are needed or that was all. It is a view of this module's
    /// memory: copy it before anything else is called here.
    ///
    /// # Errors
    ///
    /// If the archive is damaged, or grows too large.
    pub fn piece(&mut self) -> Result<Option<Uint8Array>, JsValue> {
        let piece = self.unpacker.piece();
        let piece = piece.map_err(|error| error.in_file(&self.name))?;
        // SAFETY: The caller copies the view before it calls anything that
        // may move or change these bytes, as it is told above.
        Ok(piece.map(|piece| unsafe { Uint8Array::view(piece) }))
    }
}

/// Finds out how the text of a file is encoded that begins with `head`; `last`
/// says that it ends there. With a label that is how.
///
/// # Errors
///
/// If no encoding has that label.
#[wasm_bindgen(js_name = detectEncoding)]
pub fn detect_encoding(
    head: &[u8],
    last: bool,
    label: Option<String>,
) -> Result<JsValue, JsValue> {
    to_js(&text::detect(head, last, label.as_deref())?)
}

/// Transcodes the beginning of a text to UTF-8; `last` says that it is all of
/// it.
///
/// # Errors
///
/// If no encoding has that label.
#[wasm_bindgen(js_name = transcodeHead)]
pub fn transcode_head(
    head: &[u8],
    last: bool,
    label: &str,
) -> Result<Vec<u8>, JsValue> {
    Ok(text::transcode(head, last, label)?)
}
