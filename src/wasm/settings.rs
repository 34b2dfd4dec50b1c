//! What crosses from the page to a worker when a job begins.

use serde::{Deserialize, Serialize};

#[cfg(feature = "engine")]
use crate::aggregate::Aggregate;
use crate::figures::Figures;
#[cfg(feature = "engine")]
use crate::job::EXTENT;
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
    /// How many times its size a compressed file may grow.
    pub expansion_limit: u64,
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
    /// Its size in bytes, as it is packed.
    pub size: u64,
    /// Whether it must be unpacked.
    pub streamed: bool,
    /// How to read it.
    pub format: FileFormat,
    /// What its rejects must know of it.
    pub head: FileHead,
}

#[cfg(feature = "engine")]
impl FileSettings {
    /// What offsets in it are below.
    pub fn extent(&self) -> u64 {
        if self.streamed { EXTENT } else { self.size }
    }
}
