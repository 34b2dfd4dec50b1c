//! What the death of a worker costs, and when it ends the job.

use super::{Command, Job, TaskState, Worker, WorkerState};
use crate::error::{Error, ErrorKind};

/// Deaths of workers while they parsed the same split that fail the job, but
/// for those for want of memory.
const DEATHS_OF_A_SPLIT: u32 = 3;

/// Deaths of workers that fail the job.
const DEATHS_OF_A_JOB: u32 = 20;

impl Job {
    /// Takes back what a dead worker had, and asks for another. If it had no
    /// memory left, the next ones spill twice as early.
    pub(super) fn died(
        &mut self,
        worker: usize,
        attempt: u64,
        cause: &str,
        out_of_memory: bool,
    ) {
        let Some(dead) = self.workers.get_mut(worker) else { return };
        if dead.started != attempt {
            return;
        }
        let dead = std::mem::replace(dead, Worker::new(0));
        self.deaths += 1;
        if out_of_memory {
            self.memory_bytes = (self.memory_bytes / 2).max(1);
        }
        match dead.state {
            WorkerState::Parsing(split) => {
                // The next one has half the budget, which may well do.
                self.splits[split].deaths += u32::from(!out_of_memory);
                self.lose(split);
            }
            WorkerState::Combining(pass) => self.take_back_pass(pass),
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
        match self.too_many_deaths(dead.state, cause) {
            Some(error) => self.fail(error),
            None => self.start(worker),
        }
    }

    /// The error of a job whose workers died too often, if they did; the last
    /// one was in this state.
    fn too_many_deaths(
        &self,
        last: WorkerState,
        cause: &str,
    ) -> Option<Error> {
        let split = match last {
            WorkerState::Parsing(split) => Some(&self.splits[split]),
            _ => None,
        };
        let over_it = split.map_or(0, |split| split.deaths);
        if over_it < DEATHS_OF_A_SPLIT && self.deaths < DEATHS_OF_A_JOB {
            return None;
        }
        let bytes = split
            .filter(|state| !self.plan.files[state.file].streamed)
            .map(|state| (state.split.start, state.split.end));
        let (deaths, cause) = (self.deaths, cause.to_owned());
        let error = ErrorKind::WorkersDied { deaths, cause, bytes };
        let file = split.map(|split| &self.plan.files[split.file].name);
        Some(match file {
            Some(name) => Error::new(error).in_file(name),
            None => Error::new(error),
        })
    }
}
