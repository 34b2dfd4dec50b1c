//! The job as a state machine without I/O: events in, commands out.
//!
//! The splits of all files lie in a queue in file order. A worker that is
//! idle is told to parse the next one, to commit what it parsed, or, once
//! everything is read and proved, to merge a range of the result. Whoever
//! drives the machine carries out its commands and reports what came of them.
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

mod event;
mod proof;
mod report;

pub use event::{Command, Committed, Event, Range, RejectPart};
pub use report::{FileReport, Place, ReasonReport, Report, TotalReport};

use std::collections::{BTreeMap, BTreeSet};

use crate::error::{Error, ErrorKind};
use crate::merge::{self, KeyRange};
use crate::number::Total;
use crate::options::OnReject;
use crate::run::RunIndex;
use crate::split::{Counts, Split, SplitReport, Units};
use proof::Chain;

/// What a job is to do.
#[derive(Clone, Debug)]
pub struct Plan {
    /// The files, in order.
    pub files: Vec<FilePlan>,
    /// The names of the totalled columns, for the report.
    pub total_names: Vec<String>,
    /// Number of workers, at least one.
    pub workers: usize,
    /// Bytes of a split, at least one.
    pub split_bytes: u64,
    /// Bytes that a worker reads between two commits, rounded up to whole
    /// splits.
    pub commit_bytes: u64,
    /// What the first rejected record does.
    pub on_reject: OnReject,
}

/// A file of a job.
#[derive(Clone, Debug)]
pub struct FilePlan {
    /// Its name.
    pub name: String,
    /// Its size in bytes.
    pub size: u64,
    /// Where its units after the header begin.
    pub data_start: u64,
    /// Line breaks before `data_start`.
    pub breaks_before: u64,
    /// Blank lines before `data_start`.
    pub blank_before: u64,
}

/// Deaths of workers while they parsed the same split that fail the job.
const DEATHS_OF_A_SPLIT: u32 = 3;

/// Deaths of workers that fail the job.
const DEATHS_OF_A_JOB: u32 = 20;

/// How many splits must have been proved for each refuted guess, but for the
/// first two, if more are to be made. Until then splits are read one after
/// the other, each from where the one before ends.
const PROVED_PER_REFUTED: u64 = 32;
const GUESSES: u64 = 2 * PROVED_PER_REFUTED;

/// Bytes of runs for each range of the merge, so that a small result isn't
/// cut into many tasks.
const RANGE_BYTES: u64 = 4 << 20;

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
    /// What is left to do after reading, in the order of the result.
    tasks: Vec<Task>,
    deaths: u32,
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
    /// Runs are merged and rejects written.
    Merging,
    /// It succeeded or failed; nothing is expected any more.
    Over,
}

/// What is known of a split.
#[derive(Debug)]
struct SplitState {
    file: usize,
    split: Split,
    /// What came of reading it, true or not.
    claim: Option<SplitReport>,
    /// Whether the claim is proved.
    proved: bool,
    data: Data,
    /// Where its rejects lie in those of its commit: offset and length.
    rejects: (u64, u64),
    deaths: u32,
    /// How often its guess was refuted.
    refuted: u32,
}

/// Where the additions of a split are.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Data {
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
struct Worker {
    state: WorkerState,
    /// The number of the command that started it.
    started: u64,
    /// The number of the command it is carrying out.
    attempt: u64,
    /// The splits in its aggregate, and their bytes.
    open: Vec<usize>,
    open_bytes: u64,
    /// Whether its aggregate holds something that was refuted.
    dirty: bool,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum WorkerState {
    Starting,
    Idle,
    Parsing(usize),
    /// Its commit has this number.
    Committing(u64),
    Task(usize),
}

/// A set of whole splits with all that came of them.
#[derive(Debug)]
struct Commit {
    splits: Vec<usize>,
    runs: Vec<RunIndex>,
    added: u64,
    sums: Vec<Total>,
}

/// Something to be done after reading.
#[derive(Debug)]
struct Task {
    kind: TaskKind,
    state: TaskState,
}

#[derive(Debug)]
enum TaskKind {
    Merge(KeyRange),
    Rejects(Vec<RejectPart>),
}

#[derive(Debug)]
enum TaskState {
    Waiting,
    Running,
    /// Done, with the groups written and their sums.
    Done(u64, Vec<Total>),
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
        for (file, about) in plan.files.iter().enumerate() {
            let first = splits.len();
            cut(file, about, plan.split_bytes, &mut splits);
            chains.push(Chain::new(about.data_start, first..splits.len()));
        }
        let workers = (0..plan.workers).map(|_| Worker::new(0)).collect();
        let queue = (0..splits.len()).collect();
        let mut job = Job {
            plan,
            splits,
            queue,
            chains,
            workers,
            commits: BTreeMap::new(),
            number: 0,
            phase: Phase::Reading,
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
                bytes += state.split.end - state.split.start;
                counts.add(&claim.counts);
            }
        }
        (bytes, counts)
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
            Event::Died { worker, attempt, cause } => {
                self.died(worker, attempt, &cause);
            }
            Event::Parsed { worker, attempt, report } => {
                if self.answers(worker, attempt) {
                    self.parsed(worker, report);
                }
            }
            Event::Committed { worker, attempt, commit } => {
                if self.answers(worker, attempt) {
                    self.committed(worker, commit);
                }
            }
            Event::TaskDone { worker, attempt, groups, sums } => {
                if self.answers(worker, attempt) {
                    self.task_done(worker, groups, &sums);
                }
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
        self.commands.push(Command::Start { worker, attempt });
    }

    fn ready(&mut self, worker: usize, attempt: u64) {
        if let Some(worker) = self.workers.get_mut(worker)
            && worker.state == WorkerState::Starting
            && worker.started == attempt
        {
            worker.state = WorkerState::Idle;
        }
    }

    /// Takes back what a dead worker had, and asks for another.
    fn died(&mut self, worker: usize, attempt: u64, cause: &str) {
        let Some(dead) = self.workers.get_mut(worker) else { return };
        if dead.started != attempt {
            return;
        }
        let dead = std::mem::replace(dead, Worker::new(0));
        self.deaths += 1;
        let mut often = self.deaths >= DEATHS_OF_A_JOB;
        match dead.state {
            WorkerState::Parsing(split) => {
                let state = &mut self.splits[split];
                state.deaths += 1;
                often |= state.deaths >= DEATHS_OF_A_SPLIT;
                self.lose(split);
            }
            WorkerState::Task(task) => {
                self.tasks[task].state = TaskState::Waiting;
            }
            WorkerState::Committing(commit) => {
                self.commands.push(Command::Drop { commit });
            }
            WorkerState::Starting | WorkerState::Idle => {}
        }
        for split in dead.open {
            self.lose(split);
        }
        for file in 0..self.chains.len() {
            self.prove(file);
        }
        if often {
            let (deaths, cause) = (self.deaths, cause.to_owned());
            let kind = ErrorKind::WorkersDied { deaths, cause };
            return self.fail(Error::new(kind));
        }
        self.start(worker);
    }

    /// Takes a split's report.
    fn parsed(&mut self, worker: usize, report: SplitReport) {
        let WorkerState::Parsing(split) = self.workers[worker].state else {
            return;
        };
        self.workers[worker].state = WorkerState::Idle;
        let state = &mut self.splits[split];
        let bytes = state.split.end - state.split.start;
        // From a known start only one outcome is possible.
        let first = report.units.map(|units| units.first);
        let moved = state.split.first.is_some_and(|at| first != Some(at));
        let differs = state.proved && state.claim.as_ref() != Some(&report);
        if moved || differs {
            return self.fail_changed(split);
        }
        state.claim = Some(report);
        if self.workers[worker].dirty {
            self.lose(split);
        } else {
            state.data = Data::Open(worker);
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
        let commit = Commit { splits, runs, added: commit.added, sums };
        self.commits.insert(id, commit);
    }

    fn task_done(&mut self, worker: usize, groups: u64, sums: &[String]) {
        let WorkerState::Task(task) = self.workers[worker].state else {
            return;
        };
        self.workers[worker].state = WorkerState::Idle;
        self.tasks[task].state = TaskState::Done(groups, totals(sums));
    }

    /// Gives work to idle workers and goes on to the next phase when one is
    /// complete.
    fn advance(&mut self) {
        if self.phase == Phase::Reading && self.is_read() {
            self.start_merging();
        }
        for worker in 0..self.workers.len() {
            if self.workers[worker].state == WorkerState::Idle {
                match self.phase {
                    Phase::Reading => self.give_split(worker),
                    Phase::Merging => self.give_task(worker),
                    Phase::Over => return,
                }
            }
        }
        let done = |task: &Task| matches!(task.state, TaskState::Done(..));
        if self.phase == Phase::Merging && self.tasks.iter().all(done) {
            self.finish();
        }
    }

    /// Whether every split is proved and its data committed.
    fn is_read(&self) -> bool {
        self.splits.iter().all(|state| {
            state.proved
                && matches!(state.data, Data::Committed(_) | Data::Nothing)
        })
    }

    /// Tells an idle worker what to do while splits are read.
    fn give_split(&mut self, worker: usize) {
        let state = &mut self.workers[worker];
        if std::mem::take(&mut state.dirty) {
            state.open_bytes = 0;
            self.commands.push(Command::Discard { worker });
        }
        let due = state.open_bytes >= self.commit_bytes();
        let next = if due { None } else { self.next_split() };
        if let Some(id) = next {
            self.queue.remove(&id);
            let attempt = self.order(worker, WorkerState::Parsing(id));
            let SplitState { file, split, data, .. } = &mut self.splits[id];
            *data = Data::Parsing;
            let (file, split) = (*file, *split);
            let command = Command::Parse { worker, attempt, file, split };
            self.commands.push(command);
        } else if !self.workers[worker].open.is_empty() {
            self.number += 1;
            let commit = self.number;
            let attempt = self.order(worker, WorkerState::Committing(commit));
            let command = Command::Commit { worker, attempt, commit };
            self.commands.push(command);
        }
    }

    /// How many bytes a worker reads between two commits: if guesses were
    /// refuted, half as many as lie between two refutations, so that what
    /// they void stays a part of the whole.
    fn commit_bytes(&self) -> u64 {
        match self.proved_bytes.checked_div(self.refuted * 2) {
            None => self.plan.commit_bytes,
            Some(between) => between.min(self.plan.commit_bytes),
        }
    }

    /// The first split in the queue that may be parsed now.
    fn next_split(&self) -> Option<usize> {
        let may_guess =
            self.refuted * PROVED_PER_REFUTED <= self.proved + GUESSES;
        self.queue.iter().copied().find(|&split| {
            may_guess || self.splits[split].split.first.is_some()
        })
    }

    /// Notes what a worker does from now on, and numbers the attempt.
    fn order(&mut self, worker: usize, state: WorkerState) -> u64 {
        self.number += 1;
        self.workers[worker].state = state;
        self.workers[worker].attempt = self.number;
        self.number
    }

    /// Goes on to merging, all splits being read.
    fn start_merging(&mut self) {
        let sizes = self.plan.files.iter().zip(&self.chains);
        if let Some((file, _)) =
            sizes.into_iter().find(|(file, chain)| chain.cursor != file.size)
        {
            let error = Error::new(ErrorKind::Changed).in_file(&file.name);
            return self.fail(error);
        }
        self.phase = Phase::Merging;
        let indexes: Vec<&RunIndex> =
            self.commits.values().flat_map(|commit| &commit.runs).collect();
        let bytes: u64 = indexes.iter().map(|index| index.bytes).sum();
        let most = self.plan.workers as u64 * 4;
        let count = (bytes / RANGE_BYTES).clamp(1, most) as usize;
        let ranges = merge::ranges(&indexes, count);
        let mut kinds: Vec<TaskKind> =
            ranges.into_iter().map(TaskKind::Merge).collect();
        let parts = self.reject_parts();
        if !parts.is_empty() {
            kinds.push(TaskKind::Rejects(parts));
        }
        let waiting = |kind| Task { kind, state: TaskState::Waiting };
        self.tasks = kinds.into_iter().map(waiting).collect();
    }

    /// Tells an idle worker what to do after reading.
    fn give_task(&mut self, worker: usize) {
        let waiting = |task: &Task| matches!(task.state, TaskState::Waiting);
        let Some(task) = self.tasks.iter().position(waiting) else { return };
        let attempt = self.order(worker, WorkerState::Task(task));
        self.tasks[task].state = TaskState::Running;
        let command = match &self.tasks[task].kind {
            TaskKind::Merge(range) => {
                let commits = self.commits.keys().copied().collect();
                let range = range.into();
                Command::Merge { worker, attempt, task, commits, range }
            }
            TaskKind::Rejects(parts) => {
                let parts = parts.clone();
                Command::Rejects { worker, attempt, parts }
            }
        };
        self.commands.push(command);
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

impl Worker {
    fn new(started: u64) -> Worker {
        Worker {
            state: WorkerState::Starting,
            started,
            attempt: 0,
            open: Vec::new(),
            open_bytes: 0,
            dirty: false,
        }
    }
}

/// Cuts a file into splits.
fn cut(
    file: usize,
    about: &FilePlan,
    bytes: u64,
    splits: &mut Vec<SplitState>,
) {
    let mut start = about.data_start;
    while start < about.size {
        let end = start.saturating_add(bytes).min(about.size);
        let first = (start == about.data_start).then_some(start);
        splits.push(SplitState {
            file,
            split: Split { start, end, first },
            claim: None,
            proved: false,
            data: Data::Queued,
            rejects: (0, 0),
            deaths: 0,
            refuted: 0,
        });
        start = end;
    }
}

/// Reads totals that came as text; a worker writes nothing else.
fn totals(sums: &[String]) -> Vec<Total> {
    let total = |sum: &String| sum.parse().expect("a total in digits");
    sums.iter().map(total).collect()
}

#[cfg(test)]
mod tests;
