//! Merging runs into fewer and larger ones, until a worker can have all that
//! are left open at once.
//!
//! A pass merges some runs into one. The smallest runs go first, and the first
//! pass takes so many that every later one takes as many as can be open: so
//! the fewest bytes are read and written again (Knuth, The Art of Computer
//! Programming, 5.4.9). Passes have no run in common, and several workers
//! carry them out side by side.

use serde_bytes::ByteBuf;

use super::state::{Pass, PassKind, PassState};
use super::{Command, Job, Phase, RunId, RunIndex, WorkerState};

impl Job {
    /// Goes on to passes, all splits being read.
    pub(super) fn start_passes(&mut self) {
        self.phase = Phase::Combining;
        for (&source, commit) in &mut self.commits {
            let indexes = std::mem::take(&mut commit.runs);
            let ids = (0..).map(|place| RunId { source, place });
            self.runs.extend(ids.zip(indexes));
        }
        self.plan_passes();
    }

    /// Adds the passes whose runs are there.
    pub(super) fn plan_passes(&mut self) {
        while let Some(count) = self.next_pass() {
            let mut runs: Vec<(u64, RunId)> =
                self.runs.iter().map(|(&id, run)| (run.bytes, id)).collect();
            runs.sort_unstable();
            runs.truncate(count);
            let runs: Vec<RunId> =
                runs.into_iter().map(|(_, id)| id).collect();
            for id in &runs {
                self.runs.remove(id);
            }
            self.add_pass(PassKind::Combine(runs));
        }
    }

    /// Adds a pass.
    pub(super) fn add_pass(&mut self, kind: PassKind) {
        self.passes.push(Pass { kind, state: PassState::Waiting });
    }

    /// How many runs the next pass takes, or `None` if there need be none, or
    /// not so many are there before other passes are done.
    fn next_pass(&self) -> Option<usize> {
        let made = |pass: &&Pass| !matches!(pass.state, PassState::Done);
        let left = self.runs.len() + self.passes.iter().filter(made).count();
        let excess = left.saturating_sub(self.plan.fan_in);
        let count = excess.checked_sub(1)? % (self.plan.fan_in - 1) + 2;
        (count <= self.runs.len()).then_some(count)
    }

    /// How many passes merge runs into one.
    pub(super) fn merge_passes(&self) -> usize {
        let merges = |pass: &&Pass| matches!(pass.kind, PassKind::Combine(_));
        self.passes.iter().filter(merges).count()
    }

    /// Whether every pass is done that was planned.
    pub(super) fn passes_are_done(&self) -> bool {
        let done = |pass: &Pass| matches!(pass.state, PassState::Done);
        self.passes.iter().all(done)
    }

    /// Tells an idle worker which runs to merge or to sort.
    pub(super) fn give_pass(&mut self, worker: usize) {
        let waiting = |pass: &Pass| matches!(pass.state, PassState::Waiting);
        let Some(pass) = self.passes.iter().position(waiting) else { return };
        self.number += 1;
        let commit = self.number;
        let attempt = self.order(worker, WorkerState::Combining(pass));
        self.passes[pass].state = PassState::Running(commit);
        let command = match &self.passes[pass].kind {
            PassKind::Combine(runs) => {
                let runs = runs.clone();
                Command::Combine { worker, attempt, commit, runs }
            }
            PassKind::Sort(range) => {
                let runs = self.runs.keys().copied().collect();
                let range = range.into();
                Command::Sort { worker, attempt, commit, runs, range }
            }
        };
        self.commands.push(command);
    }

    /// Takes the run that a pass made; those it was made of can go.
    pub(super) fn combined(&mut self, worker: usize, index: &ByteBuf) {
        let WorkerState::Combining(place) = self.workers[worker].state else {
            return;
        };
        self.workers[worker].state = WorkerState::Idle;
        let pass = &mut self.passes[place];
        let (PassState::Running(source), PassKind::Combine(runs)) =
            (&pass.state, &mut pass.kind)
        else {
            return;
        };
        let (source, runs) = (*source, std::mem::take(runs));
        pass.state = PassState::Done;
        self.commands.push(Command::DropRuns { runs });
        match RunIndex::decode(index) {
            Ok(index) => self.runs.insert(RunId { source, place: 0 }, index),
            Err(error) => return self.fail_damaged(&error.to_string()),
        };
        self.plan_passes();
    }

    /// Takes a pass back whose worker died.
    pub(super) fn take_back_pass(&mut self, place: usize) {
        let pass = &mut self.passes[place];
        if let PassState::Running(commit) = pass.state {
            self.commands.push(Command::Drop { commit });
            pass.state = PassState::Waiting;
        }
    }
}
