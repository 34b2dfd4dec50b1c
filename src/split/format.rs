//! How a file is written, and what of it is wanted.

use serde::{Deserialize, Serialize};

use crate::options::KeyFormat;
use crate::reader::Format;
use crate::text::CodePage;
use crate::value::{DateFormat, NumberFormat};

/// The settings of a file that its splits are read with.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct FileFormat {
    /// On what it depends where units end.
    pub format: Format,
    /// Indices of the key columns.
    pub keys: Vec<usize>,
    /// Indices of the columns to total.
    pub totals: Vec<usize>,
    /// For each key column how its fields are understood; those that are not
    /// there are taken as they stand.
    pub key_formats: Vec<KeyFormat>,
    /// How its dates are written.
    pub dates: DateFormat,
    /// For each column to total how its numbers are written.
    pub numbers: Vec<NumberFormat>,
    /// The single-byte encoding of its text; UTF-8 if there is none.
    pub code_page: Option<CodePage>,
}

impl FileFormat {
    /// Fields as they stand, and whole numbers without marks.
    pub fn plain(
        format: Format,
        keys: Vec<usize>,
        totals: Vec<usize>,
    ) -> FileFormat {
        FileFormat {
            format,
            keys,
            key_formats: Vec::new(),
            dates: DateFormat::default(),
            numbers: vec![NumberFormat::PLAIN; totals.len()],
            totals,
            code_page: None,
        }
    }

    /// Indices of the columns that matter.
    pub(crate) fn columns(&self) -> impl Iterator<Item = &usize> {
        self.keys.iter().chain(&self.totals)
    }
}
