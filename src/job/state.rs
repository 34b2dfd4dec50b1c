//! What a job knows of its splits, workers, commits and tasks.

use super::{RejectPart, RunId};
use crate::merge::KeyRange;
use crate::run::RunIndex;
use crate::split::{Split, SplitReport};
use crate::total::Total;

/// What is known of a split.
#[derive(Debug)]
pub(super) struct SplitState {
    pub file: usize,
    pub split: Split,
    /// What came of reading it, true or not.
    pub claim: Option<SplitReport>,
    /// Whether the claim is proved.
    pub proved: bool,
    pub data: Data,
    /// Where its rejects lie in those of its commit: offset and length.
    pub rejects: (u64, u64),
    pub deaths: u32,
    /// How often its guess was refuted.
    pub refuted: u32,
}

/// Where the additions of a split are.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Data {
    /// Nowhere: it waits in the queue.
    Queued,
    /// Nowhere, and it waits for its claim to be proved or refuted.
    Lost,
    /// On their way into a worker's aggregate.
    Parsing,
    /// In the aggregate of this worker.
    Open(usize),
    /// In this commit.
    Committed(u64),
    /// It has none: no unit starts in it.
    Nothing,
}

/// What is known of a worker.
#[derive(Debug)]
pub(super) struct Worker {
    pub state: WorkerState,
    /// The number of the command that started it.
    pub started: u64,
    /// The number of the command it is carrying out.
    pub attempt: u64,
    /// The splits in its aggregate, and their bytes.
    pub open: Vec<usize>,
    pub open_bytes: u64,
    /// Whether its aggregate holds something that was refuted.
    pub dirty: bool,
    /// The split that it was told it is likely to parse next. Others take it
    /// only if there is nothing else, so it may have gone.
    pub ahead: Option<usize>,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum WorkerState {
    Starting,
    Idle,
    Parsing(usize),
    /// Its commit has this number.
    Committing(u64),
    /// This pass.
    Combining(usize),
    Task(usize),
}

/// A set of whole splits with all that came of them.
#[derive(Debug)]
pub(super) struct Commit {
    pub splits: Vec<usize>,
    /// Its runs, until all splits are read.
    pub runs: Vec<RunIndex>,
    pub added: u64,
    /// The figures over what was added.
    pub sums: Vec<Total>,
    /// As [`Committed`](super::Committed) has it.
    pub group_bytes: Option<u64>,
}

/// Runs that are to be made of others.
#[derive(Debug)]
pub(super) struct Pass {
    pub kind: PassKind,
    pub state: PassState,
}

#[derive(Debug)]
pub(super) enum PassKind {
    /// Merges these runs, until that is done, into one. No other pass has
    /// them.
    Combine(Vec<RunId>),
    /// Sorts a range of all runs by what the result is to be sorted by.
    Sort(KeyRange),
}

#[derive(Debug)]
pub(super) enum PassState {
    Waiting,
    /// A worker makes the runs of this number.
    Running(u64),
    Done,
}

/// Something to be done after reading.
#[derive(Debug)]
pub(super) struct Task {
    pub kind: TaskKind,
    pub state: TaskState,
}

#[derive(Debug)]
pub(super) enum TaskKind {
    Merge(KeyRange),
    Rejects(Vec<RejectPart>),
}

#[derive(Debug)]
pub(super) enum TaskState {
    Waiting,
    Running,
    /// Done, and this came of it.
    Done(Written),
}

/// What was written by a task.
#[derive(Debug)]
pub(super) struct Written {
    pub groups: u64,
    /// Groups that a spreadsheet would run.
    pub formulas: u64,
    /// The figures of all groups.
    pub sums: Vec<Total>,
}

impl Worker {
    /// A worker that is being started by the command of this number.
    pub fn new(started: u64) -> Worker {
        Worker {
            state: WorkerState::Starting,
            started,
            attempt: 0,
            open: Vec::new(),
            open_bytes: 0,
            dirty: false,
            ahead: None,
        }
    }
}
