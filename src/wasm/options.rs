//! Options as JavaScript gives them, checked one by one.

use js_sys::{Array, Object};
use wasm_bindgen::prelude::*;

use super::value::get;
use crate::currency::Currency;
use crate::error::{Error, ErrorKind, Result};
use crate::options::{
    Column, DateOrder, DateUnit, FileOptions, KeyFormat, LINE, MOST_COLUMNS,
    MOST_PLACES, Measures, Named, OnReject, Options, Order, OutputFormat,
    Terminator, bad, character,
};

/// The options that a file can have.
const FILE_OPTIONS: [&str; 12] = [
    "keys",
    "totals",
    "delimiter",
    "quote",
    "header",
    "firstLine",
    "encoding",
    "decimalMark",
    "thousandsMark",
    "currencies",
    "brackets",
    "dateOrder",
];

/// The options that only a job can have.
const JOB_OPTIONS: [&str; 17] = [
    "keyFormats",
    "places",
    "measures",
    "meanPlaces",
    "order",
    "onReject",
    "terminator",
    "outputDelimiter",
    "outputDecimalMark",
    "bom",
    "neutralise",
    "expansionLimit",
    "workers",
    "splitBytes",
    "chunkBytes",
    "memoryBytes",
    "recordLimitBytes",
];

/// What a source can have beside its options.
const SOURCE: [&str; 2] = ["file", "entry"];

/// Reads the options of a job that apply to each of its files.
///
/// # Errors
///
/// [`ErrorKind::UnknownOption`] and [`ErrorKind::BadOption`].
pub fn file_options(options: &JsValue) -> Result<FileOptions> {
    let mut read =
        read_file_options(FileOptions::default(), options, &JOB_OPTIONS)?;
    if let Some(value) = given(options, "keyFormats") {
        read.key_formats = key_formats(&value)?;
    }
    if let Some(value) = given(options, "places") {
        read.places = places("places", &value)?;
    }
    read.check()?;
    Ok(read)
}

/// Reads the options in which one file differs from the others.
///
/// # Errors
///
/// As [`file_options`]; the options of a job are unknown here.
pub fn own_options(
    common: &FileOptions,
    options: &JsValue,
) -> Result<FileOptions> {
    let read = read_file_options(common.clone(), options, &SOURCE)?;
    read.check()?;
    Ok(read)
}

fn read_file_options(
    mut read: FileOptions,
    options: &JsValue,
    others: &[&str],
) -> Result<FileOptions> {
    check_names(options, others)?;
    if let Some(value) = given(options, "keys") {
        read.keys = Some(columns("keys", &value)?);
    }
    if let Some(value) = given(options, "totals") {
        read.totals = Some(columns("totals", &value)?);
    }
    if let Some(value) = given(options, "delimiter") {
        read.delimiter = match text("delimiter", &value)?.as_str() {
            "auto" => None,
            other => Some(character("delimiter", other)?),
        };
    }
    if let Some(value) = given(options, "quote") {
        read.quote = character("quote", &text("quote", &value)?)?;
    }
    if let Some(value) = given(options, "header") {
        read.header = auto_flag("header", &value)?;
    }
    if let Some(value) = given(options, "firstLine") {
        read.first_line = first_line(&value)?;
    }
    if let Some(value) = given(options, "encoding") {
        // Whether there is such an encoding is for the one to say who detects
        // encodings, and was called before.
        let label = text("encoding", &value)?;
        read.encoding = (label != "auto").then_some(label);
    }
    if let Some(value) = given(options, "decimalMark") {
        let choices = [("auto", None), (".", Some(b'.')), (",", Some(b','))];
        let wanted = "“auto”, a point or a comma";
        read.decimal_mark = choice("decimalMark", &value, &choices, wanted)?;
    }
    if let Some(value) = given(options, "thousandsMark") {
        let choices = [
            ("auto", None),
            ("", Some(None)),
            (",", Some(Some(b','))),
            (".", Some(Some(b'.'))),
            (" ", Some(Some(b' '))),
            ("'", Some(Some(b'\''))),
        ];
        let wanted = "“auto”, a comma, a point, a space, an apostrophe or \
                      nothing";
        read.thousands_mark =
            choice("thousandsMark", &value, &choices, wanted)?;
    }
    if let Some(value) = given(options, "currencies") {
        read.currencies = currencies(&value)?;
    }
    if let Some(value) = given(options, "brackets") {
        read.brackets = auto_flag("brackets", &value)?;
    }
    if let Some(value) = given(options, "dateOrder") {
        let wanted = "“auto”, “ymd”, “dmy”, “mdy” or “serial”";
        read.date_order = match value.as_string().as_deref() {
            Some("auto") => None,
            _ => {
                let orders = DateOrder::NAMES;
                Some(choice("dateOrder", &value, orders, wanted)?)
            }
        };
    }
    Ok(read)
}

/// Reads the options of a job.
///
/// # Errors
///
/// As [`file_options`].
pub fn job_options(options: &JsValue) -> Result<Options> {
    let mut read =
        Options { output: output_format(options)?, ..Options::default() };
    if let Some(value) = given(options, "order") {
        let choices = [
            ("key", Order::Key),
            ("total", Order::Total),
            ("first", Order::First),
        ];
        let wanted = "“key”, “total” or “first”";
        read.order = choice("order", &value, &choices, wanted)?;
    }
    if let Some(value) = given(options, "measures") {
        read.measures = measures(&value)?;
    }
    if let Some(value) = given(options, "onReject") {
        let choices = [("skip", OnReject::Skip), ("stop", OnReject::Stop)];
        read.on_reject =
            choice("onReject", &value, &choices, "“skip” or “stop”")?;
    }
    if let Some(value) = given(options, "expansionLimit") {
        read.expansion_limit = number("expansionLimit", &value, 1, 1 << 40)?;
    }
    if let Some(value) = given(options, "workers") {
        read.workers = number("workers", &value, 1, 64)? as usize;
    }
    if let Some(value) = given(options, "splitBytes") {
        read.split_bytes = Some(number("splitBytes", &value, 1, 1 << 40)?);
    }
    if let Some(value) = given(options, "chunkBytes") {
        read.chunk_bytes =
            number("chunkBytes", &value, 1, 256 << 20)? as usize;
    }
    if let Some(value) = given(options, "memoryBytes") {
        read.memory_bytes = number("memoryBytes", &value, 1, 1 << 40)?;
    }
    if let Some(value) = given(options, "recordLimitBytes") {
        read.record_limit =
            number("recordLimitBytes", &value, 1, 256 << 20)? as usize;
    }
    Ok(read)
}

/// Reads how the result is to be written.
fn output_format(options: &JsValue) -> Result<OutputFormat> {
    let mut read = OutputFormat::default();
    if let Some(value) = given(options, "outputDelimiter") {
        let name = "outputDelimiter";
        read.delimiter = character(name, &text(name, &value)?)?;
    }
    if let Some(value) = given(options, "terminator") {
        let choices = [("\n", Terminator::Lf), ("\r\n", Terminator::CrLf)];
        let wanted = "a line feed, or a carriage return and a line feed";
        read.terminator = choice("terminator", &value, &choices, wanted)?;
    }
    if let Some(value) = given(options, "outputDecimalMark") {
        let choices = [(".", b'.'), (",", b',')];
        let wanted = "a point or a comma";
        read.decimal_mark =
            choice("outputDecimalMark", &value, &choices, wanted)?;
    }
    if let Some(value) = given(options, "bom") {
        read.bom = flag("bom", &value)?;
    }
    if let Some(value) = given(options, "neutralise") {
        read.neutralise = flag("neutralise", &value)?;
    }
    if let Some(value) = given(options, "meanPlaces") {
        read.mean_places = places("meanPlaces", &value)?;
    }
    read.check()?;
    Ok(read)
}

/// Refuses options whose names are not known.
fn check_names(options: &JsValue, others: &[&str]) -> Result<()> {
    let Some(object) = options.dyn_ref::<Object>() else { return Ok(()) };
    for name in Object::keys(object).iter() {
        let name = name.as_string().unwrap_or_default();
        let known = |names: &[&str]| names.contains(&name.as_str());
        if !known(&FILE_OPTIONS) && !known(others) {
            return Err(Error::new(ErrorKind::UnknownOption { name }));
        }
    }
    Ok(())
}

/// The value of an option, if one was given.
fn given(options: &JsValue, name: &str) -> Option<JsValue> {
    let value = get(options, name).ok()?;
    (!value.is_undefined()).then_some(value)
}

/// A value as a message shows it.
fn show(value: &JsValue) -> String {
    js_sys::JSON::stringify(value)
        .ok()
        .and_then(|text| text.as_string())
        .unwrap_or_else(|| "that".to_owned())
}

fn text(name: &str, value: &JsValue) -> Result<String> {
    value.as_string().ok_or_else(|| bad(name, show(value), "text"))
}

fn auto_flag(name: &str, value: &JsValue) -> Result<Option<bool>> {
    if value.as_string().as_deref() == Some("auto") {
        return Ok(None);
    }
    let wanted = "true, false or “auto”";
    value.as_bool().map(Some).ok_or_else(|| bad(name, show(value), wanted))
}

/// Reads the line on which a table begins.
fn first_line(value: &JsValue) -> Result<Option<u64>> {
    let name = "firstLine";
    match value.as_string().as_deref() {
        Some("auto") => Ok(None),
        _ => number(name, value, 1, 1 << 40)
            .map(Some)
            .map_err(|_| bad(name, show(value), LINE)),
    }
}

fn flag(name: &str, value: &JsValue) -> Result<bool> {
    value.as_bool().ok_or_else(|| bad(name, show(value), "true or false"))
}

/// Reads a number of decimal places.
fn places(name: &str, value: &JsValue) -> Result<u8> {
    number(name, value, 0, MOST_PLACES.into()).map(|places| places as u8)
}

/// Reads what else is to be said of each group.
fn measures(value: &JsValue) -> Result<Measures> {
    let wanted = "an array of “count”, “min”, “max” and “mean”";
    let wrong = || bad("measures", show(value), wanted);
    let mut read = Measures::default();
    for name in value.dyn_ref::<Array>().ok_or_else(wrong)?.iter() {
        match name.as_string().as_deref() {
            Some("count") => read.count = true,
            Some("min") => read.min = true,
            Some("max") => read.max = true,
            Some("mean") => read.mean = true,
            _ => return Err(wrong()),
        }
    }
    Ok(read)
}

/// Reads how key columns are understood: objects, or null for one that is
/// taken as it stands.
fn key_formats(value: &JsValue) -> Result<Vec<KeyFormat>> {
    let name = "keyFormats";
    let wanted = "an array of at most eight objects with “trim”, “fold”, \
                  “nfc” and “date”";
    let wrong = || bad(name, show(value), wanted);
    let array = value.dyn_ref::<Array>().ok_or_else(wrong)?;
    if array.length() as usize > MOST_COLUMNS {
        return Err(wrong());
    }
    let key_format = |value: JsValue| {
        let mut read = KeyFormat::default();
        if value.is_null() {
            return Ok(read);
        }
        let object = value.dyn_ref::<Object>().ok_or_else(wrong)?;
        for key in Object::keys(object).iter() {
            let key = key.as_string().unwrap_or_default();
            let value = get(object, &key).unwrap_or_default();
            match key.as_str() {
                "trim" => read.trim = flag("trim", &value)?,
                "fold" => read.fold = flag("fold", &value)?,
                "nfc" => read.nfc = flag("nfc", &value)?,
                "date" if value.is_null() => read.date = None,
                "date" => {
                    let units = DateUnit::NAMES;
                    let wanted = "“day”, “week”, “month”, “year” or null";
                    read.date = Some(choice("date", &value, units, wanted)?);
                }
                _ => return Err(wrong()),
            }
        }
        Ok(read)
    };
    array.iter().map(key_format).collect()
}

fn choice<T: Copy>(
    name: &str,
    value: &JsValue,
    choices: &[(&str, T)],
    wanted: &'static str,
) -> Result<T> {
    let given = value.as_string();
    let given = given.as_deref();
    let found = choices.iter().find(|(text, _)| Some(*text) == given);
    found
        .map(|&(_, choice)| choice)
        .ok_or_else(|| bad(name, show(value), wanted))
}

/// Reads a whole number in a range, both ends included.
fn number(name: &str, value: &JsValue, least: u64, most: u64) -> Result<u64> {
    value
        .as_f64()
        .filter(|n| n.fract() == 0.0)
        .filter(|n| (least as f64..=most as f64).contains(n))
        .map(|n| n as u64)
        .ok_or_else(|| bad(name, show(value), "a whole number in its range"))
}

/// Reads the currencies of columns to total.
fn currencies(value: &JsValue) -> Result<Vec<Option<Option<Currency>>>> {
    let wanted = "an array of at most eight signs as “$”, codes as “USD”, \
                  words as “kr”, “auto” or nothing";
    let wrong = || bad("currencies", show(value), wanted);
    let array = value.dyn_ref::<Array>().ok_or_else(wrong)?;
    if array.length() as usize > MOST_COLUMNS {
        return Err(wrong());
    }
    let currency = |value: JsValue| match value.as_string().as_deref() {
        Some("auto") => Ok(None),
        Some("") => Ok(Some(None)),
        text => {
            let found = text.and_then(Currency::of);
            found.map(|found| Some(Some(found))).ok_or_else(wrong)
        }
    };
    array.iter().map(currency).collect()
}

fn columns(name: &str, value: &JsValue) -> Result<Vec<Column>> {
    let wanted = "an array of column names or indices";
    let array = value
        .dyn_ref::<Array>()
        .ok_or_else(|| bad(name, show(value), wanted))?;
    let column = |value: JsValue| match value.as_string() {
        Some(text) => Ok(Column::Name(text)),
        None => number(name, &value, 0, 1 << 20)
            .map(|index| Column::Index(index as usize))
            .map_err(|_| bad(name, show(&value), wanted)),
    };
    array.iter().map(column).collect()
}
