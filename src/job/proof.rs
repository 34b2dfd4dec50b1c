//! The proof of the splits' claims, file by file and in order.
//!
//! A file's cursor is the start of its next unit, known from the splits
//! before. A split's claim is true if its first unit starts there; then the
//! cursor moves to the first unit behind the split. Since where a unit ends
//! depends only on the bytes from its start on, everything behind a proved
//! start is right too.

use std::ops::Range;

use super::{
    Command, Counts, Data, FilePlan, Job, OnReject, RejectPart, SplitReport,
    SplitState, Units,
};
use crate::error::{Error, ErrorKind, Position};
use crate::reject::Reason;
use crate::split::FirstReject;

/// How far the splits of a file are proved.
#[derive(Debug)]
pub(super) struct Chain {
    /// Where the next unit starts.
    pub cursor: u64,
    /// The splits not yet proved.
    unproved: Range<usize>,
}

/// What the cursor says of a claim.
enum Verdict {
    /// It is true.
    Proved,
    /// A unit that began before the split reaches beyond its end, so it has
    /// no unit of its own.
    MustBeEmpty,
    /// It is wrong: the split's first unit starts at the cursor.
    Refuted,
}

impl Chain {
    /// Creates the chain of a file whose first unit starts at `cursor`.
    pub fn new(cursor: u64, splits: Range<usize>) -> Chain {
        Chain { cursor, unproved: splits }
    }

    /// Judges the claim of the next split, which ends at `end`, and moves
    /// the cursor if it is true.
    fn judge(&mut self, end: u64, claim: Option<Units>) -> Verdict {
        match claim {
            None if self.cursor >= end => Verdict::Proved,
            Some(_) if self.cursor >= end => Verdict::MustBeEmpty,
            Some(units) if units.first == self.cursor => {
                self.cursor = units.next;
                Verdict::Proved
            }
            _ => Verdict::Refuted,
        }
    }
}

impl Job {
    /// Proves the claims of a file as far as they are known.
    pub(super) fn prove(&mut self, file: usize) {
        while let Some(split) = self.chains[file].unproved.clone().next() {
            let state = &self.splits[split];
            let Some(claim) = &state.claim else {
                if self.start_at_cursor(split) {
                    continue;
                }
                break;
            };
            let (end, units) = (state.split.end, claim.units);
            match self.chains[file].judge(end, units) {
                Verdict::Proved => {}
                Verdict::MustBeEmpty => {
                    self.refute(split);
                    self.splits[split].claim = Some(SplitReport::empty());
                }
                Verdict::Refuted => {
                    self.refute(split);
                    break;
                }
            }
            self.chains[file].unproved.start += 1;
            self.proved(split);
        }
        if self.plan.on_reject == OnReject::Stop {
            self.stop_at_reject();
        }
    }

    /// Takes the cursor for the start of the next split, if that is still to
    /// be read: nothing need be guessed. Returns whether nothing need be read
    /// either, no unit starting in it.
    fn start_at_cursor(&mut self, split: usize) -> bool {
        let state = &mut self.splits[split];
        let cursor = self.chains[state.file].cursor;
        if state.data != Data::Queued {
            return false;
        }
        let is_covered = cursor >= state.split.end;
        match is_covered {
            true => state.claim = Some(SplitReport::empty()),
            false => state.split.first = Some(cursor),
        }
        is_covered
    }

    /// Notes that a claim is proved, and reads the split again if its data
    /// was lost in the meantime.
    fn proved(&mut self, split: usize) {
        let state = &mut self.splits[split];
        state.proved = true;
        self.proved += 1;
        self.proved_bytes += self.plan.files[state.file].bytes(&state.split);
        if matches!(self.splits[split].data, Data::Lost | Data::Queued) {
            self.lose(split);
        }
    }

    /// Takes back a split whose claim is wrong, with all that shares its
    /// aggregate or commit, to be read again from the cursor.
    fn refute(&mut self, split: usize) {
        let cursor = self.chains[self.splits[split].file].cursor;
        let state = &mut self.splits[split];
        state.claim = None;
        state.refuted += 1;
        self.refuted += 1;
        state.split.first = Some(cursor);
        match state.data {
            Data::Open(worker) => self.take_back_open(worker),
            Data::Committed(commit) => self.take_back_commit(commit),
            _ => self.lose(split),
        }
    }

    /// Takes back what a worker did since its last commit.
    fn take_back_open(&mut self, worker: usize) {
        let state = &mut self.workers[worker];
        state.dirty = true;
        for split in std::mem::take(&mut state.open) {
            self.lose(split);
        }
    }

    /// Takes back a commit.
    fn take_back_commit(&mut self, id: u64) {
        let Some(commit) = self.commits.remove(&id) else { return };
        self.commands.push(Command::Drop { commit: id });
        for split in commit.splits {
            self.lose(split);
        }
    }

    /// Notes that the data of a split is lost. It is read again: at once if
    /// its start is known or was never guessed, else when its claim has been
    /// proved or refuted, so that no guess is made twice.
    pub(super) fn lose(&mut self, split: usize) {
        let state = &mut self.splits[split];
        let claimed = state.claim.as_ref().map(|claim| claim.units);
        state.data = match claimed {
            None => Data::Queued,
            Some(None) if state.proved => Data::Nothing,
            Some(Some(units)) if state.proved => {
                state.split.first = Some(units.first);
                Data::Queued
            }
            Some(_) => Data::Lost,
        };
        if state.data == Data::Queued {
            self.queue.insert(split);
        } else {
            self.queue.remove(&split);
        }
    }

    /// Fails the job at the first reject in input order, if everything
    /// before it is proved.
    fn stop_at_reject(&mut self) {
        let first = self.proved_splits().find_map(|(state, claim, before)| {
            let first = claim.firsts.first()?;
            let position = Position {
                byte: first.byte,
                record: before.records + first.records + 1,
                line: before.breaks + first.breaks + 1,
            };
            let file = &self.plan.files[state.file];
            let reason = message(first, file);
            let raw = first.raw.clone();
            let error = Error::new(ErrorKind::Rejected { reason, raw });
            Some(error.in_file(&file.name).at(position))
        });
        if let Some(error) = first {
            self.fail(error);
        }
    }

    /// The splits in input order up to the first that is not proved, each
    /// with its claim and with what its file counts before it.
    pub(super) fn proved_splits(
        &self,
    ) -> impl Iterator<Item = (&SplitState, &SplitReport, Counts)> {
        let proved = self.splits.iter().map_while(|state| {
            let claim = state.claim.as_ref().filter(|_| state.proved)?;
            Some((state, claim))
        });
        let mut file = usize::MAX;
        let mut sum = Counts::default();
        proved.map(move |(state, claim)| {
            if file != state.file {
                file = state.file;
                sum = self.plan.files[file].before_data();
            }
            let before = sum;
            sum.add(&claim.counts);
            (state, claim, before)
        })
    }

    /// Lists where the rejects are, in input order, with what lies before
    /// each split in its file. All splits are proved.
    pub(super) fn reject_parts(&self) -> Vec<RejectPart> {
        let part = |(state, _, before): (&SplitState, _, Counts)| {
            let (start, len) = state.rejects;
            let Data::Committed(commit) = state.data else { return None };
            (len > 0).then_some(RejectPart {
                commit,
                start,
                end: start + len,
                file: state.file,
                records: before.records,
                breaks: before.breaks,
            })
        };
        self.proved_splits().filter_map(part).collect()
    }
}

impl SplitReport {
    /// The report of a split in which no unit starts.
    fn empty() -> SplitReport {
        SplitReport {
            units: None,
            counts: Counts::default(),
            sums: Vec::new(),
            firsts: Vec::new(),
        }
    }
}

/// Why a record of a file was rejected, in a sentence.
fn message(first: &FirstReject, file: &FilePlan) -> String {
    let reason = Reason::ALL[first.reason];
    let column = first.column.and_then(|index| file.columns.get(index));
    match column {
        Some(column) => reason.message_about(column, &first.value),
        None => reason.message().to_owned(),
    }
}
