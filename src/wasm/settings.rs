//! What crosses from the page to a worker when a job begins.

use serde::{Deserialize, Serialize};

#[cfg(feature = "engine")]
use crate::aggregate::Aggregate;
use crate::figures::Figures;
use crate::options::{Order, OutputFormat};
use crate::reject::FileHead;
use crate::split::FileFormat;

/// What a worker must know of a job.
#[derive(Debug, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Settings {
    /// The files, in the job's order.
    pub files: Vec<FileSettings>,
    /// Number of key columns.
    pub keys: usize,
    /// What is kept of each group's numbers.
    pub figures: Figures,
    /// Bytes of a chunk.
    pub chunk_bytes: usize,
    /// Budget of the worker's partial aggregate, in bytes.
    pub memory_bytes: u64,
    /// The header of the result.
    #[serde(with = "serde_bytes")]
    pub header: Vec<u8>,
    /// How the result is written.
    pub output: OutputFormat,
    /// In what order the groups of the result stand.
    pub order: Order,
}

impl Settings {
    /// An empty partial aggregate.
    #[cfg(feature = "engine")]
    pub fn aggregate(&self) -> Aggregate {
        Aggregate::for_order(self.order, self.keys, self.figures)
    }
}

/// What a worker must know of a file.
#[derive(Debug, Deserialize, Serialize)]
pub struct FileSettings {
    /// Its name.
    pub name: String,
    /// Its size in bytes.
    pub size: u64,
    /// How to read it.
    pub format: FileFormat,
    /// What its rejects must know of it.
    pub head: FileHead,
}
