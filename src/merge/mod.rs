//! The groups of several runs, those with equal keys made one, in key order.

mod combine;
mod range;
mod row;
mod source;
mod tree;

use crate::copy::Buffer;
use crate::figures::Figures;
use crate::run::{BlockReader, RunError, RunIndex};
use crate::total::Total;
pub use range::{KeyRange, ranges};
pub(crate) use row::MergedRow;
use source::{Source, has_ended, is_same, tie};
use tree::Tree;

/// What the caller of [`Merge::step`] must do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Read exactly these bytes of a run and [`feed`](Merge::feed) them.
    Need {
        /// The run's place among the indexes.
        run: usize,
        /// Where the bytes begin, from the start of the run.
        offset: u64,
        /// How many they are: those of one or more whole blocks.
        length: usize,
    },
    /// Take the group that [`key`](Merge::key) and
    /// [`totals`](Merge::totals) give until the next step.
    Group,
    /// Stop: there are no more groups.
    End,
}

/// Merges the groups of several runs whose keys are in a range.
///
/// It does no I/O: the caller steps, and does what each [`Step`] says. Only
/// blocks that overlap the range are asked for.
///
/// # Complexity
///
/// For `k` runs a group takes about `log2(k)` comparisons, few of which look
/// at keys, and nothing of what keys share with the one before. Memory is
/// 256 KiB a run, or one block of it where that is longer, and at most 128 KiB
/// for each if groups are in rows. Then no group is compared at all: rows are,
/// and their groups are put where they belong, once for each run that has them.
#[derive(Debug)]
pub struct Merge {
    /// The keys that are merged.
    range: KeyRange,
    /// The number of fields of a key.
    keys: usize,
    /// The runs.
    sources: Vec<Source>,
    /// How many sources are at their first group, or had one.
    begun: usize,
    /// Whether the source whose group came first must go to its next one.
    moving: bool,
    /// Tells the source whose group comes first. It is there once every
    /// source was at its first group.
    tree: Option<Tree>,
    /// What the totals of a group are.
    figures: Figures,
    /// The totals of a key that several sources have, as far as these were
    /// added.
    sums: Vec<Total>,
    /// Whether there is such a key.
    adding: bool,
    /// Whether the current group was given out.
    given: bool,
    /// The row whose groups are merged and given out, if all runs have rows.
    row: Option<MergedRow>,
}

impl Merge {
    /// Creates a merge of the runs with the given indexes, of keys of so many
    /// fields and of totals that are these figures, before its first group.
    ///
    /// # Errors
    ///
    /// [`RunError::Columns`] if a run has another number of keys or of totals
    /// than the given ones.
    pub fn new(
        indexes: &[&RunIndex],
        range: KeyRange,
        keys: usize,
        figures: impl Into<Figures>,
    ) -> Result<Merge, RunError> {
        let figures = figures.into();
        let totals = figures.len();
        let fits = |run: &&RunIndex| (run.keys, run.totals) == (keys, totals);
        if !indexes.iter().all(fits) {
            return Err(RunError::Columns);
        }
        let row = MergedRow::of(indexes, &range, totals);
        let by_rows = row.is_some();
        let source = |run: &&RunIndex| Source::new(run, &range, by_rows);
        Ok(Merge {
            sources: indexes.iter().map(source).collect(),
            keys,
            begun: 0,
            moving: false,
            tree: None,
            figures,
            sums: vec![Total::zero(); totals],
            adding: false,
            given: false,
            row,
            range,
        })
    }

    /// Goes on until there is something for the caller to do.
    ///
    /// # Errors
    ///
    /// [`RunError::Checksum`] or [`RunError::Damaged`] if the bytes of a run
    /// are not as they were written. The merge must not be used after that.
    #[inline(always)]
    pub fn step(&mut self) -> Result<Step, RunError> {
        if self.row.is_some() {
            return self.step_in_row();
        }
        if std::mem::take(&mut self.given) {
            self.moving = true;
            self.adding = false;
        }
        loop {
            if let Some(need) = self.settle()? {
                return Ok(need);
            }
            let Some(run) = self.first() else { return Ok(Step::End) };
            let others = self.others_have_it();
            if others || self.adding {
                self.add(run);
            }
            if !others {
                self.given = true;
                return Ok(Step::Group);
            }
            self.moving = true;
        }
    }

    /// The same, if rows are merged.
    #[inline(never)]
    fn step_in_row(&mut self) -> Result<Step, RunError> {
        loop {
            let row = self.row.as_mut().expect("a row");
            if row.next() {
                row.set_last();
                return Ok(Step::Group);
            }
            if let Some(step) = self.next_row()? {
                return Ok(step);
            }
        }
    }

    /// Makes the next row of those of all sources that have it, unless there
    /// is something for the caller to do first.
    #[inline(never)]
    fn next_row(&mut self) -> Result<Option<Step>, RunError> {
        loop {
            if let Some(need) = self.settle()? {
                return Ok(Some(need));
            }
            let Some(run) = self.first() else { return Ok(Some(Step::End)) };
            let others = self.others_have_it();
            let row = self.row.as_mut().expect("a row");
            row.add(run, self.sources[run].group().row(), self.figures);
            self.moving = true;
            if !others {
                row.begin(self.sources[run].group());
                return Ok(None);
            }
        }
    }

    /// Steps on and gives groups to `take`, which says whether to go on, until
    /// it says no or there is something else for the caller to do.
    ///
    /// It is a function of its own, called for every few thousand groups:
    /// browsers begin with code that was made in a hurry, and replace it
    /// between two calls.
    ///
    /// # Errors
    ///
    /// As [`Merge::step`].
    #[inline(never)]
    pub fn groups(
        &mut self,
        mut take: impl FnMut(&Merge) -> bool,
    ) -> Result<Step, RunError> {
        loop {
            let step = self.step()?;
            if step != Step::Group || !take(self) {
                return Ok(step);
            }
        }
    }

    /// The same for rows, if [`has_rows`](Merge::has_rows): `take` must go
    /// through all groups of each.
    #[inline(never)]
    pub(crate) fn rows(
        &mut self,
        mut take: impl FnMut(&mut MergedRow) -> bool,
    ) -> Result<Step, RunError> {
        loop {
            if let Some(step) = self.next_row()? {
                return Ok(step);
            }
            if !take(self.row.as_mut().expect("a row")) {
                return Ok(Step::Group);
            }
        }
    }

    /// Whether rows are merged, and not single groups.
    pub(crate) fn has_rows(&self) -> bool {
        self.row.is_some()
    }

    /// Takes the bytes that a step asked for.
    ///
    /// # Errors
    ///
    /// [`RunError::Damaged`] if there are not as many as were asked for.
    pub fn feed(&mut self, run: usize, bytes: &[u8]) -> Result<(), RunError> {
        self.sources[run].feed(bytes)
    }

    /// The fields of the group's key.
    ///
    /// # Panics
    ///
    /// If the last step was none to a group.
    #[inline(always)]
    pub fn key(&self) -> impl DoubleEndedIterator<Item = &[u8]> {
        let fields = match &self.row {
            Some(row) => row.fields(),
            None => self.current().fields(),
        };
        fields.iter().map(Buffer::as_bytes)
    }

    /// The group's totals.
    ///
    /// # Panics
    ///
    /// If the last step was none to a group.
    #[inline(always)]
    pub fn totals(&self) -> &[Total] {
        match &self.row {
            Some(row) => row.totals(),
            None if self.adding => &self.sums,
            None => self.current().totals(),
        }
    }

    /// The current group of the source that comes first, which has the key
    /// that was given out, and is the last one to have it.
    #[inline]
    fn current(&self) -> &BlockReader {
        assert!(self.given, "the last step was to no group");
        self.sources[self.first().expect("a group")].group()
    }

    /// Brings every source to a group not given out, or says what is needed
    /// for that.
    #[inline(always)]
    fn settle(&mut self) -> Result<Option<Step>, RunError> {
        let Some(tree) = &mut self.tree else { return self.begin() };
        if self.moving {
            let run = tree.winner().leaf();
            if let Some(need) = self.sources[run].advance(&self.range)? {
                return Ok(Some(need.of(run)));
            }
            self.moving = false;
            let sources = &self.sources;
            let code = sources[run].code();
            tree.replay(code, |left, right| tie(sources, left, right));
        }
        Ok(None)
    }

    /// Brings every source to its first group, or says what is needed for
    /// that.
    #[cold]
    fn begin(&mut self) -> Result<Option<Step>, RunError> {
        while let Some(source) = self.sources.get_mut(self.begun) {
            if let Some(need) = source.advance(&self.range)? {
                return Ok(Some(need.of(self.begun)));
            }
            self.begun += 1;
        }
        if self.begun > 0 {
            let codes = self.sources.iter().map(Source::code);
            let tie = |left, right| tie(&self.sources, left, right);
            self.tree = Some(Tree::new(codes, tie));
        }
        Ok(None)
    }

    /// The source whose group comes first, or `None` if all have ended.
    #[inline]
    fn first(&self) -> Option<usize> {
        let first = self.tree.as_ref()?.winner();
        (!has_ended(first)).then_some(first.leaf())
    }

    /// Whether further sources have the key of the group that comes first.
    #[inline]
    fn others_have_it(&self) -> bool {
        let tree = self.tree.as_ref().expect("every source is at a group");
        tree.runners_up().any(is_same)
    }

    /// Adds the current group of a source to the sums.
    #[inline(always)]
    fn add(&mut self, run: usize) {
        let totals = self.sources[run].group().totals();
        if self.adding {
            self.figures.fold_all(&mut self.sums, totals);
        } else {
            self.sums.clone_from_slice(totals);
        }
        self.adding = true;
    }
}

#[cfg(test)]
mod tests;
