//! Who does what: work for idle workers, and the way from reading to merging.

use super::{
    Ahead, Command, Data, Job, Phase, RunIndex, SplitState, Task, TaskKind,
    TaskState, WorkerState,
};
use crate::error::{Error, ErrorKind};
use crate::merge::{self, KeyRange};

/// How many splits must have been proved for each refuted guess, but for the
/// first two, if more are to be made. Until then splits are read one after
/// the other, each from where the one before ends.
const PROVED_PER_REFUTED: u64 = 32;
const GUESSES: u64 = 2 * PROVED_PER_REFUTED;

/// Bytes of runs for each range of the merge, so that a small result isn't
/// cut into many tasks.
const RANGE_BYTES: u64 = 4 << 20;

impl Job {
    /// Gives work to idle workers and goes on to the next phase when one is
    /// complete.
    pub(super) fn advance(&mut self) {
        if self.phase == Phase::Reading && self.is_read() {
            self.finish_reading();
        }
        if self.phase == Phase::Sorting && self.passes_are_done() {
            self.finish_sorting();
        }
        if self.phase == Phase::Combining && self.passes_are_done() {
            match self.is_to_be_sorted() {
                true => self.start_sorting(),
                false => self.start_merging(),
            }
        }
        for worker in 0..self.workers.len() {
            if self.workers[worker].state == WorkerState::Idle {
                match self.phase {
                    Phase::Reading => self.give_split(worker),
                    Phase::Combining | Phase::Sorting => {
                        self.give_pass(worker);
                    }
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
        // Where nothing is open there is nothing to commit, however little
        // may be read between two commits.
        let due = !self.workers[worker].open.is_empty()
            && self.workers[worker].open_bytes >= self.commit_bytes();
        let next = if due { None } else { self.next_split(worker) };
        if let Some(id) = next {
            self.queue.remove(&id);
            let attempt = self.order(worker, WorkerState::Parsing(id));
            self.splits[id].data = Data::Parsing;
            let ahead = self.look_ahead(worker);
            let Ahead { file, split } = self.place(id);
            let command =
                Command::Parse { worker, attempt, file, split, ahead };
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

    /// The split that a worker should parse now: the one it was told of, or
    /// the first in the queue that no other was told of, or the first.
    fn next_split(&self, worker: usize) -> Option<usize> {
        let told = self.workers[worker].ahead;
        told.filter(|split| self.queue.contains(split) && self.may(*split))
            .or_else(|| self.first_free(worker))
            .or_else(|| self.queue.iter().copied().find(|id| self.may(*id)))
    }

    /// Chooses the split that a worker is to be told of, if there is one.
    fn look_ahead(&mut self, worker: usize) -> Option<Ahead> {
        let next = self.first_free(worker);
        self.workers[worker].ahead = next;
        next.map(|id| self.place(id))
    }

    /// The first split in the queue that may be parsed now and that no other
    /// worker was told of.
    fn first_free(&self, worker: usize) -> Option<usize> {
        let others = self.workers.iter().enumerate();
        let told: Vec<usize> = others
            .filter(|(other, _)| *other != worker)
            .filter_map(|(_, state)| state.ahead)
            .collect();
        let free = |id: &usize| !told.contains(id) && self.may(*id);
        self.queue.iter().copied().find(free)
    }

    /// Whether a split may be parsed now: where it starts is known, or may be
    /// guessed.
    fn may(&self, split: usize) -> bool {
        self.refuted * PROVED_PER_REFUTED <= self.proved + GUESSES
            || self.splits[split].split.first.is_some()
    }

    /// Where a split is.
    fn place(&self, id: usize) -> Ahead {
        let SplitState { file, split, .. } = &self.splits[id];
        Ahead { file: *file, split: *split }
    }

    /// Notes what a worker does from now on, and numbers the attempt.
    pub(super) fn order(&mut self, worker: usize, state: WorkerState) -> u64 {
        self.number += 1;
        self.workers[worker].state = state;
        self.workers[worker].attempt = self.number;
        self.number
    }

    /// Goes on to passes, all splits being read.
    fn finish_reading(&mut self) {
        let mut sizes = self.plan.files.iter().zip(&self.chains);
        if let Some((file, _)) = sizes
            .find(|(file, chain)| !file.streamed && chain.cursor != file.size)
        {
            let error = Error::new(ErrorKind::Changed).in_file(&file.name);
            return self.fail(error);
        }
        self.start_passes();
    }

    /// Goes on to merging, all runs fitting into one merge.
    fn start_merging(&mut self) {
        self.phase = Phase::Merging;
        let ranges = self.ranges().into_iter();
        let mut kinds: Vec<TaskKind> = ranges.map(TaskKind::Merge).collect();
        let parts = self.reject_parts();
        if !parts.is_empty() {
            kinds.push(TaskKind::Rejects(parts));
        }
        let waiting = |kind| Task { kind, state: TaskState::Waiting };
        self.tasks = kinds.into_iter().map(waiting).collect();
    }

    /// The ranges into which all runs are cut: several for each worker, none
    /// of them very small.
    pub(super) fn ranges(&self) -> Vec<KeyRange> {
        let indexes: Vec<&RunIndex> = self.runs.values().collect();
        let bytes: u64 = indexes.iter().map(|index| index.bytes).sum();
        let most = self.plan.workers as u64 * 4;
        let count = (bytes / RANGE_BYTES).clamp(1, most) as usize;
        merge::ranges(&indexes, count)
    }

    /// Tells an idle worker what to do after reading.
    fn give_task(&mut self, worker: usize) {
        let waiting = |task: &Task| matches!(task.state, TaskState::Waiting);
        let Some(task) = self.tasks.iter().position(waiting) else { return };
        let attempt = self.order(worker, WorkerState::Task(task));
        self.tasks[task].state = TaskState::Running;
        let command = match &self.tasks[task].kind {
            TaskKind::Merge(range) => {
                let runs = self.runs.keys().copied().collect();
                let range = range.into();
                Command::Merge { worker, attempt, task, runs, range }
            }
            TaskKind::Rejects(parts) => {
                let parts = parts.clone();
                Command::Rejects { worker, attempt, parts }
            }
        };
        self.commands.push(command);
    }
}
