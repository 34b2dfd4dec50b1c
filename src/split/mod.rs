//! The bytes of a split in; additions, rejects and a report out.
//!
//! A split `[start, end)` owns the units that start in it, and reads on past
//! its end to finish the last of them. Its report says where its first unit
//! starts and where the first one behind it does; the job proves the reports
//! of a file's splits against one another, in order.

mod format;
mod reader;
mod report;

use serde::{Deserialize, Serialize};

pub use format::FileFormat;
pub use reader::{Progress, SplitReader};
pub use report::{Counts, FirstReject, SplitReport, Units};

/// A split to be read.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct Split {
    /// Offset of its first byte.
    pub start: u64,
    /// Offset behind its last byte.
    pub end: u64,
    /// Where its first unit starts, if that is known; else it is guessed.
    pub first: Option<u64>,
}

impl Split {
    /// The offset from which its bytes must be read: one before its start if
    /// the first unit is to be guessed.
    pub fn read_from(&self) -> u64 {
        self.first.unwrap_or_else(|| self.start.saturating_sub(1))
    }
}
