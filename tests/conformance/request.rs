//! The requests of the protocol.

use std::path::PathBuf;
use std::{fs, io};

use playtally::{Column, FileOptions};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::support::{self, Source};

/// Files up to this size are held in memory, where chunks of a few bytes
/// cost no calls.
const HELD: u64 = 64 << 20;

/// Something to be answered.
#[derive(Clone, Debug, Deserialize)]
pub struct Request {
    /// What is asked.
    pub kind: Kind,
    /// What it is asked about.
    #[serde(default)]
    pub files: Vec<Input>,
    /// What is key and what is total.
    pub mapping: Option<Mapping>,
    /// How the files are written.
    #[serde(default)]
    pub dialect: Dialect,
    /// Their encoding, or `auto`.
    pub encoding: Option<String>,
    /// Whether they have a header.
    pub header: Option<bool>,
    /// Records to be written.
    pub rows: Option<Vec<Vec<String>>>,
    /// How the input is to be cut.
    #[serde(default)]
    pub plan: Plan,
}

/// What is asked.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// The result of a job.
    Aggregate,
    /// The records of a file.
    Parse,
    /// Nothing but that it ends.
    Robust,
    /// The delimiter.
    Sniff,
    /// A file of the records given.
    Write,
}

/// A file.
#[derive(Clone, Debug, Deserialize)]
pub struct Input {
    /// Its name.
    pub name: String,
    /// Where it is, in the folder of the requests if it is relative.
    pub path: PathBuf,
}

/// What is key and what is total.
#[derive(Clone, Debug, Deserialize)]
pub struct Mapping {
    /// The key columns.
    pub keys: Vec<Place>,
    /// The column to total.
    pub value: Place,
}

/// A column.
#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
pub enum Place {
    /// By its place, from 0.
    Index(usize),
    /// By its name.
    Name(String),
}

/// How files are written. What is not there is the default: a comma and a
/// double quote. What the crate has no setting for is left out.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct Dialect {
    /// `auto`, or what stands between fields.
    pub delimiter: Option<Value>,
    /// Whether the delimiter is to be found out.
    #[serde(default)]
    pub detect: bool,
    /// What stands around fields.
    pub quote: Option<Value>,
}

/// How the input of a job is cut.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(default)]
pub struct Plan {
    /// Bytes of a chunk, and of a split.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub slice: Option<usize>,
    /// Bytes of a chunk alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub chunk: Option<usize>,
    /// Bytes of a split alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub split: Option<usize>,
    /// An offset at which there is a cut.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cut_at: Option<usize>,
    /// How many workers there are.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub workers: Option<usize>,
    /// The sizes of the chunks.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub slice_plan: Option<Vec<usize>>,
}

impl Request {
    /// The options that its files are read with.
    pub fn options(&self) -> Result<FileOptions, String> {
        let mapping = self.mapping.as_ref();
        Ok(FileOptions {
            keys: mapping.map(|m| m.keys.iter().map(Place::column).collect()),
            totals: mapping.map(|mapping| vec![mapping.value.column()]),
            delimiter: self.dialect.delimiter()?,
            quote: self.dialect.quote()?,
            header: self.header,
            encoding: self.encoding(),
            ..FileOptions::default()
        })
    }

    /// The label of the encoding, where it is not to be found out.
    fn encoding(&self) -> Option<String> {
        match self.encoding.as_deref() {
            None | Some("auto") => None,
            // Node's name for it, which is no label.
            Some("utf16le") => Some("utf-16le".to_owned()),
            Some(label) => Some(label.to_owned()),
        }
    }

    /// Its files, to be read as the options say, or why they can't be.
    pub fn inputs(
        &self,
        options: &FileOptions,
    ) -> io::Result<playtally::Result<Vec<support::Input<'static>>>> {
        let mut inputs = Vec::new();
        for file in &self.files {
            let source = match fs::metadata(&file.path)?.len() {
                0..=HELD => Source::Memory(fs::read(&file.path)?.into()),
                _ => Source::open(&file.path)?,
            };
            match support::Input::all(&file.name, source, options) {
                Ok(some) => inputs.extend(some),
                Err(error) => return Ok(Err(error)),
            }
        }
        Ok(Ok(inputs))
    }
}

impl Dialect {
    /// The delimiter, or `None` if it is to be found out.
    fn delimiter(&self) -> Result<Option<u8>, String> {
        match &self.delimiter {
            None if self.detect => Ok(None),
            None => Ok(Some(b',')),
            Some(value) if value == "auto" => Ok(None),
            Some(value) => one_byte(value).map(Some),
        }
    }

    /// The quote.
    fn quote(&self) -> Result<u8, String> {
        self.quote.as_ref().map_or(Ok(b'"'), one_byte)
    }
}

/// What is one byte long, or why it can't be used.
fn one_byte(value: &Value) -> Result<u8, String> {
    match value.as_str().map(str::as_bytes) {
        Some([byte]) => Ok(*byte),
        _ => Err(format!("{value} is not one byte")),
    }
}

impl Place {
    /// The column as the crate has it.
    fn column(&self) -> Column {
        match self {
            Place::Index(index) => Column::Index(*index),
            Place::Name(name) => Column::Name(name.clone()),
        }
    }
}
