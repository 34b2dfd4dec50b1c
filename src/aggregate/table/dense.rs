//! Sums of groups whose first key has many of the second keys there are.

use crate::slots::reserve;

/// What a cell holds that stands for no group.
const NONE: i32 = i32::MIN;

/// What the cell of a group holds whose sum is elsewhere.
const ELSEWHERE: i32 = i32::MIN + 1;

/// Cells are worth their memory if one in so many has the sum of a group,
/// which then takes 32 bytes: hardly more than elsewhere, and it is found
/// sooner.
const SPARSE: usize = 8;

/// A row may be as sparse as this while all rows together aren't too sparse:
/// it will fill as they did.
const SPARSEST: usize = 32;

/// Cells that would fit into what a row takes beside them, the allocator's
/// share included.
const OWN: usize = 4;

/// Rows of sums, each of the groups with one first key, by the ids of their
/// second keys.
///
/// Sixteen groups share a line of the cache where they would take as many in
/// a table, and nothing is hashed or searched for. Of nearly all groups the
/// sum fits the 32 bits of a cell; those of the others are elsewhere.
#[derive(Clone, Debug, Default)]
pub struct Dense {
    /// The rows by the ids of first keys; most may be empty.
    rows: Vec<Box<[i32]>>,
    /// The number of cells in all rows.
    cells: usize,
    /// The number of groups.
    len: usize,
}

/// What became of an addition.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Added {
    /// It is done.
    Here,
    /// The group has no cell, or its sum is elsewhere.
    Elsewhere,
    /// The sum doesn't fit its cell, and was left as it is.
    TooLarge,
}

/// How many cells a row gets if there are so many second keys: some more,
/// since more may come.
pub fn width(seconds: usize) -> usize {
    (seconds + seconds / 8).next_multiple_of(8)
}

/// Whether a sum fits a cell.
#[inline(always)]
pub fn fits(sum: i64) -> bool {
    (i64::from(ELSEWHERE) + 1..=i64::from(i32::MAX)).contains(&sum)
}

/// The cell of a group, if it has one.
#[inline(always)]
fn cell(
    rows: &mut [Box<[i32]>],
    first: usize,
    second: usize,
) -> Option<&mut i32> {
    rows.get_mut(first)?.get_mut(second)
}

impl Dense {
    /// The number of groups.
    pub fn len(&self) -> usize {
        self.len
    }

    /// The bytes of all cells.
    pub fn cell_bytes(&self) -> usize {
        self.cells * size_of::<i32>()
    }

    /// The bytes allocated.
    pub fn memory(&self) -> usize {
        self.cell_bytes() + self.rows.capacity() * size_of::<Box<[i32]>>()
    }

    /// The number of cells that a first key has.
    pub fn width(&self, first: usize) -> usize {
        self.rows.get(first).map_or(0, |row| row.len())
    }

    /// Whether it pays to give so many groups so many cells, if there are
    /// `all` groups in rows so far.
    pub fn is_worth(&self, groups: usize, cells: usize, all: usize) -> bool {
        let cells = cells + OWN;
        let is_fair = (all + groups) * SPARSE >= self.cells + cells;
        groups * if is_fair { SPARSEST } else { SPARSE } >= cells
    }

    /// Makes the row of a first key wider.
    pub fn widen(&mut self, first: usize, width: usize) {
        if self.rows.len() <= first {
            let more = first + 1 - self.rows.len();
            reserve(&mut self.rows, more);
            self.rows.resize(first + 1, Box::default());
        }
        let row = &mut self.rows[first];
        let mut wider = vec![NONE; width].into_boxed_slice();
        wider[..row.len()].copy_from_slice(row);
        self.cells += width - row.len();
        *row = wider;
    }

    /// What the cell of a group holds; only worth looking at to have it in
    /// the cache.
    #[inline(always)]
    pub fn peek(&self, first: usize, second: usize) -> i32 {
        let row = self.rows.get(first);
        row.and_then(|row| row.get(second)).map_or(0, |cell| *cell)
    }

    /// Adds a number to the sum of a group.
    #[inline(always)]
    pub fn add(&mut self, first: usize, second: usize, number: i64) -> Added {
        let Some(cell) = cell(&mut self.rows, first, second) else {
            return Added::Elsewhere;
        };
        let is_new = *cell == NONE;
        let held = if is_new { 0 } else { *cell };
        if held == ELSEWHERE {
            return Added::Elsewhere;
        }
        // What wraps doesn't fit either.
        let sum = i64::from(held).wrapping_add(number);
        if !fits(sum) {
            return Added::TooLarge;
        }
        self.len += usize::from(is_new);
        *cell = sum as i32;
        Added::Here
    }

    /// Puts the sum of a group, which had none here, into its cell if it has
    /// one and that can hold it, and says so. If it can't, the sum is
    /// elsewhere from now on.
    pub fn put(&mut self, first: usize, second: usize, sum: i64) -> bool {
        let Some(cell) = cell(&mut self.rows, first, second) else {
            return false;
        };
        *cell = if fits(sum) { sum as i32 } else { ELSEWHERE };
        self.len += usize::from(fits(sum));
        fits(sum)
    }

    /// Takes the sum of a group out of its cell, if it has one: it is
    /// elsewhere from now on. Gives zero if there was none.
    #[cold]
    pub fn leave_out(&mut self, first: usize, second: usize) -> i64 {
        let Some(cell) = cell(&mut self.rows, first, second) else {
            return 0;
        };
        match std::mem::replace(cell, ELSEWHERE) {
            NONE | ELSEWHERE => 0,
            sum => {
                self.len -= 1;
                i64::from(sum)
            }
        }
    }

    /// The ids of first keys that have rows, ascending.
    pub fn firsts(&self) -> impl Iterator<Item = usize> {
        let rows = self.rows.iter().enumerate();
        rows.filter(|(_, row)| !row.is_empty()).map(|(first, _)| first)
    }

    /// The row of a first key that has one: its cells by the ids of second
    /// keys.
    pub fn row(&self, first: usize) -> &[i32] {
        &self.rows[first]
    }
}

/// Whether a cell holds the sum of a group.
#[inline(always)]
pub fn has_sum(cell: i32) -> bool {
    cell > ELSEWHERE
}
