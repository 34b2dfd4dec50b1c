//! Sorting the groups again, where the result is to be in another order than
//! that of their keys.
//!
//! Once all runs can be open at once, each pass merges a range of them and
//! sorts its groups, as many at a time as fit its memory, into runs in the
//! order of the result. When all passes are done those take the place of the
//! runs before, and go the same way.

use serde_bytes::ByteBuf;

use super::state::{PassKind, PassState};
use super::{Command, Job, Order, Phase, RunId, RunIndex, WorkerState};

impl Job {
    /// Whether the runs must still be sorted.
    pub(super) fn is_to_be_sorted(&self) -> bool {
        self.plan.order != Order::Key && !self.is_sorted
    }

    /// Goes on to sorting, all runs fitting into one merge.
    pub(super) fn start_sorting(&mut self) {
        self.phase = Phase::Sorting;
        for range in self.ranges() {
            self.add_pass(PassKind::Sort(range));
        }
    }

    /// Takes the runs that a pass made.
    pub(super) fn sorted(&mut self, worker: usize, runs: &[ByteBuf]) {
        let WorkerState::Combining(place) = self.workers[worker].state else {
            return;
        };
        self.workers[worker].state = WorkerState::Idle;
        let pass = &mut self.passes[place];
        let (PassState::Running(source), PassKind::Sort(_)) =
            (&pass.state, &pass.kind)
        else {
            return;
        };
        let source = *source;
        pass.state = PassState::Done;
        for (place, run) in runs.iter().enumerate() {
            match RunIndex::decode(run) {
                Ok(index) => {
                    self.sorted_runs.insert(RunId { source, place }, index);
                }
                Err(error) => return self.fail_damaged(&error.to_string()),
            }
        }
    }

    /// Goes on with the runs that were made, all others being needed no more.
    pub(super) fn finish_sorting(&mut self) {
        self.phase = Phase::Combining;
        self.is_sorted = true;
        let sorted = std::mem::take(&mut self.sorted_runs);
        let unsorted = std::mem::replace(&mut self.runs, sorted);
        let runs = unsorted.into_keys().collect();
        self.commands.push(Command::DropRuns { runs });
        self.plan_passes();
    }
}
