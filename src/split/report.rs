//! What came of reading a split.

use serde::{Deserialize, Serialize};

use crate::reject::Reason;

/// Where the units of a split lie.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct Units {
    /// The start of its first unit.
    pub first: u64,
    /// The start of the first unit at or behind its end, or the file's size.
    pub next: u64,
}

/// What was counted in a split, a file or a job.
#[derive(
    Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq, Serialize,
)]
pub struct Counts {
    /// Records read, by the reader.
    pub records: u64,
    /// Records added to a group, by the aggregate.
    pub added: u64,
    /// Records rejected.
    pub rejected: u64,
    /// Blank lines.
    pub blank: u64,
    /// Line breaks.
    pub breaks: u64,
    /// Rejects by reason, in the order of [`Reason::ALL`].
    pub reasons: [u64; Reason::ALL.len()],
}

impl Counts {
    /// Adds the counts of something else.
    pub fn add(&mut self, other: &Counts) {
        self.records += other.records;
        self.added += other.added;
        self.rejected += other.rejected;
        self.blank += other.blank;
        self.breaks += other.breaks;
        for (sum, more) in self.reasons.iter_mut().zip(other.reasons) {
            *sum += more;
        }
    }
}

/// What came of reading a split.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq, Serialize)]
pub struct SplitReport {
    /// Where its units lie, or `None` if none starts in it.
    pub units: Option<Units>,
    /// What was counted in it.
    pub counts: Counts,
    /// What its added records come to, a sum for each total column, in digits;
    /// none if it has no unit.
    pub sums: Vec<String>,
    /// For each reason that occurs its first reject, in input order.
    pub firsts: Vec<FirstReject>,
}

/// The first reject of a split for some reason.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct FirstReject {
    /// Records before it in the split.
    pub records: u64,
    /// Line breaks before it in the split.
    pub breaks: u64,
    /// Offset of its first byte in the file.
    pub byte: u64,
    /// Its reason's place in [`Reason::ALL`].
    pub reason: usize,
    /// The index of the column at fault, if it is a single one.
    pub column: Option<usize>,
    /// The beginning of what that column holds, as text.
    pub value: String,
    /// The beginning of its raw text.
    pub raw: String,
}
