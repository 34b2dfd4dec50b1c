//! The preview.

use serde::Serialize;
use wasm_bindgen::prelude::*;

use super::options::{file_options, own_options};
use super::seen;
use super::value::{from_js, to_js};
use crate::currency::Currency;
use crate::dialect;
use crate::error::{Error, Result};
use crate::inspect::{Examples, HEAD, Inspection};
use crate::options::{DateOrder, FileOptions};
use crate::text::{self, Encoding};
use crate::unpack::Container;

/// The bytes of a file's head that [`inspect`] wants.
#[wasm_bindgen(js_name = headBytes)]
pub fn head_bytes() -> usize {
    HEAD
}

/// What a file that begins with `head` is packed in: `gzip`, `zip` or `zstd`,
/// if it is.
#[wasm_bindgen(js_name = containerOf)]
pub fn container_of(head: &[u8]) -> Option<String> {
    Container::of(head).map(|container| container.name().to_owned())
}

/// Whether a file that begins with `head` is taken for text.
#[wasm_bindgen(js_name = isText)]
pub fn is_text(head: &[u8]) -> bool {
    dialect::is_text(head)
}

/// What the page shows of a file.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Shown {
    encoding: String,
    encoding_guessed: bool,
    bom: bool,
    delimiter: char,
    terminator: &'static str,
    header: bool,
    first_line: u64,
    left_out: u64,
    preamble: Vec<String>,
    columns: Vec<String>,
    records: Vec<Vec<String>>,
    types: Vec<&'static str>,
    decimal_mark: char,
    thousands_mark: String,
    currencies: Vec<String>,
    all_currencies: Vec<Vec<String>>,
    brackets: bool,
    date_order: Option<DateOrder>,
    examples: Examples,
    keys: Vec<Option<usize>>,
    totals: Vec<Option<usize>>,
    problems: Vec<Problem>,
}

/// Something a person should know.
#[derive(Serialize)]
pub struct Problem {
    code: &'static str,
    severity: &'static str,
    message: String,
}

impl Problem {
    fn error(error: &Error) -> Problem {
        let (code, message) = (error.code(), error.to_string());
        Problem { code, severity: "error", message }
    }
}

/// Whether a file that begins with `head` is UTF-8, so that its encoding need
/// not be detected by the unpacking module; `last` says that it ends there.
#[wasm_bindgen(js_name = isPlain)]
pub fn is_plain(head: &[u8], last: bool) -> bool {
    text::is_plain(head, last)
}

/// Says what is known of a file that begins with `head`; `last` says that it
/// ends there, `options` are those of the job, `own` those of the file.
/// `encoding` is what was detected, or undefined for UTF-8; if the file is to
/// be transcoded, `head` is the beginning of what comes of that.
///
/// # Errors
///
/// An option that doesn't exist or has a bad value. Whatever is wrong with
/// the file is among the problems.
#[wasm_bindgen]
pub fn inspect(
    head: &[u8],
    last: bool,
    options: &JsValue,
    own: &JsValue,
    encoding: JsValue,
) -> std::result::Result<JsValue, JsValue> {
    let options = own_options(&file_options(options)?, own)?;
    let encoding = read_encoding(encoding)?;
    let found = seen::inspect(head, last, encoding, &options);
    to_js(&show(found, &options))
}

/// Inspects made-up data, since the first inspection takes the browser three
/// times as long as those after it.
#[wasm_bindgen(js_name = warmInspection)]
pub fn warm_inspection() {
    crate::warm::warm_inspection();
}

/// The encoding that was detected, or else UTF-8.
pub(super) fn read_encoding(
    encoding: JsValue,
) -> std::result::Result<Encoding, JsValue> {
    match encoding.is_undefined() {
        true => Ok(Encoding::utf8()),
        false => from_js(encoding),
    }
}

/// Sums up an inspection.
fn show(inspection: Result<Inspection>, options: &FileOptions) -> Shown {
    let found = match inspection {
        Ok(found) => found,
        Err(error) => return nothing(&error, options),
    };
    let notices = found.notices.iter().map(|notice| Problem {
        code: notice.code(),
        severity: "notice",
        message: notice.message().into_owned(),
    });
    let problems = found.errors.iter().map(Problem::error).chain(notices);
    Shown {
        bom: found.encoding.bom || found.dialect.bom > 0,
        encoding: found.encoding.name.clone(),
        encoding_guessed: found.encoding.guessed,
        delimiter: found.dialect.delimiter.into(),
        terminator: found.dialect.terminator,
        header: found.header,
        first_line: found.first_line,
        left_out: found.left_out,
        columns: found.names(),
        problems: problems.collect(),
        records: found.records,
        preamble: found.preamble,
        types: found.types.iter().map(|kind| kind.name()).collect(),
        decimal_mark: found.numbers.decimal_mark.into(),
        thousands_mark: text_of(found.numbers.thousands_mark),
        currencies: found.currencies.iter().map(name_of).collect(),
        all_currencies: found
            .all_currencies
            .iter()
            .map(|all| names_of(all))
            .collect(),
        brackets: found.numbers.brackets,
        date_order: found.date_order,
        examples: found.examples,
        keys: found.keys,
        totals: found.totals,
    }
}

/// A mark as the page has it: nothing if there is none.
fn text_of(mark: Option<u8>) -> String {
    mark.map(char::from).into_iter().collect()
}

/// A currency as the page has it: nothing if there is none.
fn name_of(currency: &Option<Currency>) -> String {
    currency.iter().map(Currency::as_str).collect()
}

/// The names of currencies.
fn names_of(currencies: &[Currency]) -> Vec<String> {
    currencies.iter().map(|currency| currency.as_str().to_owned()).collect()
}

/// What is shown of a file that can't be read.
fn nothing(error: &Error, options: &FileOptions) -> Shown {
    Shown {
        encoding: String::new(),
        encoding_guessed: false,
        bom: false,
        delimiter: options.delimiter.unwrap_or(b',').into(),
        terminator: "",
        header: true,
        first_line: options.first_line.unwrap_or(1),
        left_out: 0,
        preamble: Vec::new(),
        columns: Vec::new(),
        records: Vec::new(),
        types: Vec::new(),
        decimal_mark: options.decimal_mark.unwrap_or(b'.').into(),
        thousands_mark: text_of(options.thousands_mark.flatten()),
        currencies: Vec::new(),
        all_currencies: Vec::new(),
        brackets: false,
        date_order: options.date_order,
        examples: Examples::default(),
        keys: Vec::new(),
        totals: Vec::new(),
        problems: vec![Problem::error(error)],
    }
}
