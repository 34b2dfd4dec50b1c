//! What crosses between the job and whoever drives it.

use serde::{Deserialize, Serialize};
use serde_bytes::ByteBuf;

use super::Report;
use crate::error::Error;
use crate::merge::KeyRange;
use crate::split::{Split, SplitReport};

/// What happened.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum Event {
    /// A worker was started and can be given work.
    Ready {
        /// Its place among the workers, from 0.
        worker: usize,
        /// The number of the command that started it.
        attempt: u64,
    },
    /// A worker ended without being told to.
    Died {
        /// Its place.
        worker: usize,
        /// The number of the command that started it.
        attempt: u64,
        /// What it last said, for a person.
        cause: String,
        /// Whether it had no memory left.
        out_of_memory: bool,
    },
    /// A split was parsed; its additions are in the worker's aggregate.
    Parsed {
        /// The worker's place.
        worker: usize,
        /// The number of the command.
        attempt: u64,
        /// What came of it.
        report: SplitReport,
    },
    /// A worker's aggregate was emptied into runs.
    Committed {
        /// The worker's place.
        worker: usize,
        /// The number of the command.
        attempt: u64,
        /// What it holds.
        commit: Committed,
    },
    /// Some runs were merged into one.
    Combined {
        /// The worker's place.
        worker: usize,
        /// The number of the command.
        attempt: u64,
        /// The index of the run, encoded.
        index: ByteBuf,
    },
    /// A range of runs was sorted.
    Sorted {
        /// The worker's place.
        worker: usize,
        /// The number of the command.
        attempt: u64,
        /// The index of each run that was made, encoded.
        runs: Vec<ByteBuf>,
    },
    /// A range was merged, or the rejects were written.
    TaskDone {
        /// The worker's place.
        worker: usize,
        /// The number of the command.
        attempt: u64,
        /// Groups written.
        groups: u64,
        /// Those of them that a spreadsheet would run.
        formulas: u64,
        /// The figures over them, in digits.
        sums: Vec<String>,
    },
}

/// What a commit holds.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
pub struct Committed {
    /// The index of each run, encoded.
    pub runs: Vec<ByteBuf>,
    /// Records added since the commit before.
    pub added: u64,
    /// The figures over them, in digits.
    pub sums: Vec<String>,
    /// The most bytes that a group took in an aggregate before that became a
    /// run, the strings of keys aside; only of those with many groups.
    pub group_bytes: Option<u64>,
    /// The bytes of each split's rejects, in the order the splits were
    /// parsed in.
    pub rejects: Vec<u64>,
}

/// A split that is likely to be parsed soon.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Ahead {
    /// The file's place.
    pub file: usize,
    /// The split.
    pub split: Split,
}

/// What to do.
#[derive(Clone, Debug, Serialize)]
#[serde(
    tag = "type",
    rename_all = "camelCase",
    rename_all_fields = "camelCase"
)]
pub enum Command {
    /// Start a worker at this place, and say [`Event::Ready`].
    Start {
        /// Its place.
        worker: usize,
        /// The number of this command.
        attempt: u64,
        /// The budget of its partial aggregate, in bytes.
        memory_bytes: u64,
    },
    /// Parse a split, and say [`Event::Parsed`].
    Parse {
        /// The worker's place.
        worker: usize,
        /// The number of this command.
        attempt: u64,
        /// The file's place.
        file: usize,
        /// The split.
        split: Split,
        /// The split that the worker is likely to parse next, so that it can
        /// begin to read it beforehand.
        ahead: Option<Ahead>,
    },
    /// Empty the worker's aggregate into runs, and say
    /// [`Event::Committed`].
    Commit {
        /// The worker's place.
        worker: usize,
        /// The number of this command.
        attempt: u64,
        /// The number under which to keep the runs and rejects.
        commit: u64,
    },
    /// Forget what the worker did since its last commit. Needs no answer.
    Discard {
        /// The worker's place.
        worker: usize,
    },
    /// Throw a commit away. Needs no answer.
    Drop {
        /// Its number.
        commit: u64,
    },
    /// Merge runs into one, and say [`Event::Combined`]. Nobody else needs
    /// these runs meanwhile.
    Combine {
        /// The worker's place.
        worker: usize,
        /// The number of this command.
        attempt: u64,
        /// The number under which to keep the run, as the only one.
        commit: u64,
        /// The runs.
        runs: Vec<RunId>,
    },
    /// Sort a range of these runs, which are all there are, by what the
    /// result is to be sorted by, into new runs, and say [`Event::Sorted`].
    Sort {
        /// The worker's place.
        worker: usize,
        /// The number of this command.
        attempt: u64,
        /// The number under which to keep the new runs.
        commit: u64,
        /// The runs.
        runs: Vec<RunId>,
        /// The range.
        range: Range,
    },
    /// Throw runs away. Needs no answer.
    DropRuns {
        /// The runs.
        runs: Vec<RunId>,
    },
    /// Merge a range of these runs, which are all there are, into a part of
    /// the result, and say [`Event::TaskDone`].
    Merge {
        /// The worker's place.
        worker: usize,
        /// The number of this command.
        attempt: u64,
        /// The part's place in the result.
        task: usize,
        /// The runs.
        runs: Vec<RunId>,
        /// The range.
        range: Range,
    },
    /// Write the rejects CSV, and say [`Event::TaskDone`].
    Rejects {
        /// The worker's place.
        worker: usize,
        /// The number of this command.
        attempt: u64,
        /// Where the rejects are, in input order.
        parts: Vec<RejectPart>,
    },
    /// The job succeeded: the parts in order are the result.
    Done {
        /// Its account.
        report: Box<Report>,
    },
    /// The job failed.
    #[serde(skip)]
    Fail {
        /// Why.
        error: Error,
    },
}

/// Where a run is.
#[derive(
    Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd, Deserialize, Serialize,
)]
pub struct RunId {
    /// The number under which it is kept.
    pub source: u64,
    /// Its place among the runs under that number, from 0.
    pub place: usize,
}

/// A half-open range of keys as it crosses to a worker.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
pub struct Range {
    /// The first key in it; from the beginning if `None`.
    pub from: Option<Vec<ByteBuf>>,
    /// The first key behind it; to the end if `None`.
    pub to: Option<Vec<ByteBuf>>,
}

impl From<&KeyRange> for Range {
    fn from(range: &KeyRange) -> Range {
        let fields = |key: &crate::run::Key| {
            key.fields().map(|field| ByteBuf::from(field.to_vec())).collect()
        };
        Range {
            from: range.from.as_ref().map(fields),
            to: range.to.as_ref().map(fields),
        }
    }
}

impl From<&Range> for KeyRange {
    fn from(range: &Range) -> KeyRange {
        let key = |fields: &Vec<ByteBuf>| {
            fields.iter().map(|field| field.as_slice()).collect()
        };
        KeyRange {
            from: range.from.as_ref().map(key),
            to: range.to.as_ref().map(key),
        }
    }
}

/// The rejects of one split, in those of its commit.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct RejectPart {
    /// The commit's number.
    pub commit: u64,
    /// Offset of the first byte.
    pub start: u64,
    /// Offset behind the last byte.
    pub end: u64,
    /// The file's place.
    pub file: usize,
    /// Records of the file before the split.
    pub records: u64,
    /// Line breaks of the file before the split.
    pub breaks: u64,
}
