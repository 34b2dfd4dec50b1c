//! Options as JavaScript gives them, checked one by one.

use js_sys::{Array, Object};
use wasm_bindgen::prelude::*;

use super::value::get;
use crate::error::{Error, ErrorKind, Result};
use crate::options::{
    Column, FileOptions, OnReject, Options, Order, Terminator, bad, character,
};

/// The options that a file can have.
const FILE_OPTIONS: [&str; 6] =
    ["keys", "totals", "delimiter", "quote", "header", "encoding"];

/// The options that only a job can have.
const JOB_OPTIONS: [&str; 8] = [
    "order",
    "onReject",
    "terminator",
    "workers",
    "splitBytes",
    "chunkBytes",
    "memoryBytes",
    "recordLimitBytes",
];

/// Reads the options of a job that apply to each of its files.
///
/// # Errors
///
/// [`ErrorKind::UnknownOption`] and [`ErrorKind::BadOption`].
pub fn file_options(options: &JsValue) -> Result<FileOptions> {
    read_file_options(FileOptions::default(), options, &JOB_OPTIONS)
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
    read_file_options(common.clone(), options, &["file"])
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
        read.header = header(&value)?;
    }
    if let Some(value) = given(options, "encoding") {
        let label = text("encoding", &value)?.to_lowercase();
        if !matches!(label.as_str(), "auto" | "utf-8" | "utf8") {
            return Err(bad("encoding", label, "“auto” or “utf-8”"));
        }
    }
    read.check()?;
    Ok(read)
}

/// Reads the options of a job.
///
/// # Errors
///
/// As [`file_options`].
pub fn job_options(options: &JsValue) -> Result<Options> {
    let mut read = Options::default();
    if let Some(value) = given(options, "order") {
        let choices = [
            ("key", Order::Key),
            ("total", Order::Total),
            ("first", Order::First),
        ];
        let wanted = "“key”, “total” or “first”";
        read.order = choice("order", &value, &choices, wanted)?;
    }
    if let Some(value) = given(options, "onReject") {
        let choices = [("skip", OnReject::Skip), ("stop", OnReject::Stop)];
        read.on_reject =
            choice("onReject", &value, &choices, "“skip” or “stop”")?;
    }
    if let Some(value) = given(options, "terminator") {
        let choices = [("\n", Terminator::Lf), ("\r\n", Terminator::CrLf)];
        let wanted = "a line feed, or a carriage return and a line feed";
        read.terminator = choice("terminator", &value, &choices, wanted)?;
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

fn header(value: &JsValue) -> Result<Option<bool>> {
    if value.as_string().as_deref() == Some("auto") {
        return Ok(None);
    }
    let wanted = "true, false or “auto”";
    value.as_bool().map(Some).ok_or_else(|| bad("header", show(value), wanted))
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
