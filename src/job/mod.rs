//! The job as a state machine without I/O: events in, commands out.
//!
//! The splits of all files lie in a queue in file order. A worker that is
//! idle is told to parse the next one, to commit what it parsed, or, once
//! everything is read and proved, to merge runs into one if there are too
//! many, to sort a range of them if the result is to be in another order, and
//! then to merge a range of the result. Whoever drives the machine carries out
//! its commands and reports what came of them.
//!
//! What to know before changing it:
//!
//! - A split's *claim* (where its units lie) and its *data* (what it added to
//!   some aggregate) are separate. A claim that was proved stays proved when
//!   the data is lost with its worker, and the split is then read again from
//!   a known start.
//! - An aggregate can't forget one split, so what is lost is always all that
//!   a worker did since its last commit, or a whole commit.
//! - Every command that expects an answer has an attempt number. An answer
//!   with another number than the worker's is late or doubled and is ignored.

mod cut;
mod deaths;
mod dispatch;
mod event;
mod passes;
mod proof;
mod report;
mod sorting;
mod state;

pub use cut::SplitSizes;
pub use event::{Ahead, Command, Committed, Event, Range, RejectPart, RunId};
pub use report::{FileReport, Place, ReasonReport, Report, TotalReport};

use std::collections::{BTreeMap, BTreeSet};

use crate::error::{Error, ErrorKind};
use crate::figures::Figures;
use crate::options::{OnReject, Order};
use crate::run::RunIndex;
use crate::split::{Counts, Split, SplitReport, Units};
use crate::total::Total;
use cut::cut;
use proof::Chain;
use state::{
    Commit, Data, Pass, SplitState, Task, TaskKind, TaskState, Worker,
    WorkerState, Written,
};

/// What a job is to do.
#[derive(Clone, Debug)]
pub struct Plan {
    /// The files, in order.
    pub files: Vec<FilePlan>,
    /// The names of the totalled columns, for the report.
    pub total_names: Vec<String>,
    /// What is kept of each group's numbers.
    pub figures: Figures,
    /// Whether there is a formula in the header: 1, or 0.
    pub formulas: u64,
    /// Number of workers, at least one.
    pub workers: usize,
    /// Bytes of splits.
    pub splits: SplitSizes,
    /// Bytes that a worker reads between two commits, rounded up to whole
    /// splits.
    pub commit_bytes: u64,
    /// Runs that a worker can have open at once, at least two.
    pub fan_in: usize,
    /// Budget of a worker's partial aggregate, in bytes.
    pub memory_bytes: u64,
    /// In what order the groups of the result stand.
    pub order: Order,
    /// What the first rejected record does.
    pub on_reject: OnReject,
}

/// A file of a job.
#[derive(Clone, Debug)]
pub struct FilePlan {
    /// Its name.
    pub name: String,
    /// Its size in bytes, as it is packed.
    pub size: u64,
    /// Whether it must be unpacked or the like: then it can't be cut, and
    /// offsets are those in what comes out, whose length is not known before.
    /// Whoever reads it must see to it that all of it was read and that it
    /// came to a proper end.
    pub streamed: bool,
    /// Where its units after the header begin.
    pub data_start: u64,
    /// Line breaks before `data_start`.
    pub breaks_before: u64,
    /// Blank lines before `data_start`.
    pub blank_before: u64,
    /// Lines before `data_start` that are left out, as they are no part of
    /// the table.
    pub left_out: u64,
    /// The names of its columns, for messages.
    pub columns: Vec<String>,
}

/// What offsets in a streamed file are below.
pub const EXTENT: u64 = 1 << 44;

impl FilePlan {
    /// What offsets in it are below.
    pub fn extent(&self) -> u64 {
        if self.streamed { EXTENT } else { self.size }
    }

    /// The bytes that are read for a part of it, which may be the whole.
    fn bytes(&self, part: &Split) -> u64 {
        match self.streamed {
            true => self.size,
            false => part.end - part.start,
        }
    }

    /// What is counted in the file before its data.
    fn before_data(&self) -> Counts {
        Counts {
            blank: self.blank_before,
            breaks: self.breaks_before,
            ..Counts::default()
        }
    }
}

/// A job.
#[derive(Debug)]
pub struct Job {
    plan: Plan,
    splits: Vec<SplitState>,
    /// The splits to be parsed.
    queue: BTreeSet<usize>,
    /// For each file how far its splits are proved.
    chains: Vec<Chain>,
    workers: Vec<Worker>,
    commits: BTreeMap<u64, Commit>,
    /// The last attempt and commit number given.
    number: u64,
    phase: Phase,
    /// All runs, once everything is read, but for those that are in a pass.
    runs: BTreeMap<RunId, RunIndex>,
    /// The runs made of those by sorting, so far, and whether they have taken
    /// their place.
    sorted_runs: BTreeMap<RunId, RunIndex>,
    is_sorted: bool,
    passes: Vec<Pass>,
    /// What is left to do after reading, in the order of the result.
    tasks: Vec<Task>,
    deaths: u32,
    /// The budget of workers that are started from now on.
    memory_bytes: u64,
    /// Guesses refuted, and splits and bytes proved.
    refuted: u64,
    proved: u64,
    proved_bytes: u64,
    /// Commands not yet taken.
    commands: Vec<Command>,
}

/// How far a job is.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Phase {
    /// Splits are parsed and proved.
    Reading,
    /// Runs are merged into fewer ones, so that all can be open at once.
    Combining,
    /// Runs are sorted by something else than their keys.
    Sorting,
    /// Runs are merged into the result, and rejects written.
    Merging,
    /// It succeeded or failed; nothing is expected any more.
    Over,
}

impl Job {
    /// Creates a job, with all workers still to be started.
    ///
    /// # Complexity
    ///
    /// Time and space linear in the number of splits.
    pub fn new(plan: Plan) -> Job {
        let mut splits = Vec::new();
        let mut chains = Vec::new();
        let mut left = plan.files.iter().map(|about| about.size).sum();
        for (file, about) in plan.files.iter().enumerate() {
            let first = splits.len();
            cut(file, about, plan.splits, left, &mut splits);
            left -= about.size;
            chains.push(Chain::new(about.data_start, first..splits.len()));
        }
        let workers = (0..plan.workers).map(|_| Worker::new(0)).collect();
        let queue = (0..splits.len()).collect();
        let mut job = Job {
            memory_bytes: plan.memory_bytes,
            plan,
            splits,
            queue,
            chains,
            workers,
            commits: BTreeMap::new(),
            number: 0,
            phase: Phase::Reading,
            runs: BTreeMap::new(),
            sorted_runs: BTreeMap::new(),
            is_sorted: false,
            passes: Vec::new(),
            tasks: Vec::new(),
            deaths: 0,
            refuted: 0,
            proved: 0,
            proved_bytes: 0,
            commands: Vec::new(),
        };
        for worker in 0..job.workers.len() {
            job.start(worker);
        }
        job
    }

    /// How far it is.
    pub fn phase(&self) -> Phase {
        self.phase
    }

    /// Bytes and counts of the splits whose additions are somewhere safe or
    /// in a worker.
    pub fn progress(&self) -> (u64, Counts) {
        let mut bytes = 0;
        let mut counts = Counts::default();
        for state in &self.splits {
            let Some(claim) = &state.claim else { continue };
            if !matches!(state.data, Data::Queued | Data::Lost) {
                bytes += self.bytes(state);
                counts.add(&claim.counts);
            }
        }
        (bytes, counts)
    }

    /// The bytes that are read for a split.
    fn bytes(&self, state: &SplitState) -> u64 {
        self.plan.files[state.file].bytes(&state.split)
    }

    /// Takes the commands that are to be carried out now, in order.
    pub fn commands(&mut self) -> Vec<Command> {
        std::mem::take(&mut self.commands)
    }

    /// Tells the job what happened; new commands may be there afterwards.
    pub fn handle(&mut self, event: Event) {
        if self.phase == Phase::Over {
            return;
        }
        match event {
            Event::Ready { worker, attempt } => self.ready(worker, attempt),
            Event::Died { worker, attempt, cause, out_of_memory } => {
                self.died(worker, attempt, &cause, out_of_memory);
            }
            Event::Parsed { worker, attempt, .. }
            | Event::Committed { worker, attempt, .. }
            | Event::Combined { worker, attempt, .. }
            | Event::Sorted { worker, attempt, .. }
            | Event::TaskDone { worker, attempt, .. }
                if !self.answers(worker, attempt) => {}
            Event::Parsed { worker, report, .. } => {
                self.parsed(worker, report);
            }
            Event::Committed { worker, commit, .. } => {
                self.committed(worker, commit);
            }
            Event::Combined { worker, index, .. } => {
                self.combined(worker, &index);
            }
            Event::Sorted { worker, runs, .. } => self.sorted(worker, &runs),
            Event::TaskDone { worker, groups, formulas, sums, .. } => {
                let sums = totals(&sums);
                self.task_done(worker, Written { groups, formulas, sums });
            }
        }
        self.advance();
    }

    /// Whether an answer is the one that a worker owes.
    fn answers(&self, worker: usize, attempt: u64) -> bool {
        self.workers.get(worker).is_some_and(|worker| {
            worker.attempt == attempt
                && !matches!(
                    worker.state,
                    WorkerState::Starting | WorkerState::Idle
                )
        })
    }

    /// Starts a worker at this place.
    fn start(&mut self, worker: usize) {
        self.number += 1;
        let attempt = self.number;
        self.workers[worker] = Worker::new(attempt);
        let memory_bytes = self.memory_bytes;
        self.commands.push(Command::Start { worker, attempt, memory_bytes });
    }

    fn ready(&mut self, worker: usize, attempt: u64) {
        if let Some(worker) = self.workers.get_mut(worker)
            && worker.state == WorkerState::Starting
            && worker.started == attempt
        {
            worker.state = WorkerState::Idle;
        }
    }

    /// Takes a split's report.
    fn parsed(&mut self, worker: usize, report: SplitReport) {
        let WorkerState::Parsing(split) = self.workers[worker].state else {
            return;
        };
        self.workers[worker].state = WorkerState::Idle;
        let state = &mut self.splits[split];
        // From a known start only one outcome is possible.
        let first = report.units.map(|units| units.first);
        let moved = state.split.first.is_some_and(|at| first != Some(at));
        let differs = state.proved && state.claim.as_ref() != Some(&report);
        if moved || differs {
            return self.fail_changed(split);
        }
        state.claim = Some(report);
        let bytes = self.bytes(&self.splits[split]);
        if self.workers[worker].dirty {
            self.lose(split);
        } else {
            self.splits[split].data = Data::Open(worker);
            self.workers[worker].open.push(split);
            self.workers[worker].open_bytes += bytes;
        }
        self.prove(self.splits[split].file);
    }

    /// Takes a commit, unless it was refuted while it was made.
    fn committed(&mut self, worker: usize, commit: Committed) {
        let WorkerState::Committing(id) = self.workers[worker].state else {
            return;
        };
        let state = &mut self.workers[worker];
        state.state = WorkerState::Idle;
        let splits = std::mem::take(&mut state.open);
        state.open_bytes = 0;
        if std::mem::take(&mut state.dirty) {
            return self.commands.push(Command::Drop { commit: id });
        }
        let runs = commit.runs.iter().map(|run| RunIndex::decode(run));
        let runs = match runs.collect::<Result<Vec<_>, _>>() {
            Ok(runs) => runs,
            Err(error) => return self.fail_damaged(&error.to_string()),
        };
        let mut offset = 0;
        for (&split, &len) in splits.iter().zip(&commit.rejects) {
            self.splits[split].data = Data::Committed(id);
            self.splits[split].rejects = (offset, len);
            offset += len;
        }
        let sums = totals(&commit.sums);
        let Committed { added, group_bytes, .. } = commit;
        let commit = Commit { splits, runs, added, sums, group_bytes };
        self.commits.insert(id, commit);
    }

    fn task_done(&mut self, worker: usize, written: Written) {
        let WorkerState::Task(task) = self.workers[worker].state else {
            return;
        };
        self.workers[worker].state = WorkerState::Idle;
        self.tasks[task].state = TaskState::Done(written);
    }

    /// Ends the job with its report, if the books balance.
    fn finish(&mut self) {
        match report::close_books(self) {
            Ok(report) => {
                self.phase = Phase::Over;
                let report = Box::new(report);
                self.commands.push(Command::Done { report });
            }
            Err(error) => self.fail(error),
        }
    }

    fn fail(&mut self, error: Error) {
        self.phase = Phase::Over;
        self.commands.clear();
        self.commands.push(Command::Fail { error });
    }

    fn fail_changed(&mut self, split: usize) {
        let name = &self.plan.files[self.splits[split].file].name;
        self.fail(Error::new(ErrorKind::Changed).in_file(name));
    }

    fn fail_damaged(&mut self, what: &str) {
        let what = what.to_owned();
        self.fail(Error::new(ErrorKind::DamagedRun { what }));
    }
}

/// Reads totals that came as text; a worker writes nothing else.
fn totals(sums: &[String]) -> Vec<Total> {
    let total = |sum: &String| sum.parse().expect("a total in digits");
    sums.iter().map(total).collect()
}

#[cfg(test)]
mod tests;
