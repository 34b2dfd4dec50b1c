//! Sums of groups whose first key has many of the second keys there are.

/// What a cell holds that stands for no group: the least `i64`, cast.
const NONE: u64 = i64::MIN as u64;

/// A row is worth its memory if one in so many of its words is the sum of a
/// group, which then takes 32 bytes: hardly more than elsewhere, and it is
/// found sooner.
const SPARSEST: usize = 4;

/// Words that a row takes beside its cells, the allocator's included.
const OWN: usize = 4;

/// Rows of sums, each of the groups with one first key, by the ids of their
/// second keys. No sum is the least `i64`.
///
/// Eight groups share a line of the cache where they would take eight in a
/// table, and nothing is hashed or searched for.
#[derive(Debug, Default)]
pub struct Dense {
    rows: Vec<Box<[u64]>>,
    /// The number of cells in all rows.
    cells: usize,
    /// The number of groups.
    len: usize,
}

/// How many cells a row gets if there are so many second keys: some more,
/// since more may come.
pub fn width(seconds: usize) -> usize {
    (seconds + seconds / 8).next_multiple_of(8)
}

/// Whether it pays that so many groups have so many cells.
pub fn is_worth(groups: usize, cells: usize) -> bool {
    groups * SPARSEST >= cells + OWN
}

impl Dense {
    /// The number of groups.
    pub fn len(&self) -> usize {
        self.len
    }

    /// The number of cells.
    pub fn cells(&self) -> usize {
        self.cells
    }

    /// The number of cells in a row.
    pub fn width(&self, row: u64) -> usize {
        self.rows[row as usize].len()
    }

    /// The bytes allocated.
    pub fn memory(&self) -> usize {
        self.cells * size_of::<u64>()
            + self.rows.capacity() * size_of::<Box<[u64]>>()
    }

    /// Creates a row without groups, and returns its number.
    pub fn add_row(&mut self, width: usize) -> u64 {
        self.rows.push(Box::default());
        let row = self.rows.len() as u64 - 1;
        self.widen(row, width);
        row
    }

    /// Makes a row wider.
    pub fn widen(&mut self, row: u64, width: usize) {
        let row = &mut self.rows[row as usize];
        let mut wider = vec![NONE; width].into_boxed_slice();
        wider[..row.len()].copy_from_slice(row);
        self.cells += width - row.len();
        *row = wider;
    }

    /// What the cell of a group holds; only worth looking at to have it in
    /// the cache.
    #[inline(always)]
    pub fn peek(&self, row: u64, second: u32) -> u64 {
        let row = self.rows.get(row as usize);
        row.and_then(|row| row.get(second as usize)).map_or(0, |cell| *cell)
    }

    /// The sum of a group, zero if it is new, and nothing if the row is too
    /// short for it.
    #[inline(always)]
    pub fn sum(&mut self, row: u64, second: u32) -> Option<&mut u64> {
        let row = self.rows.get_mut(row as usize)?;
        let sum = row.get_mut(second as usize)?;
        let is_new = *sum == NONE;
        self.len += usize::from(is_new);
        *sum = if is_new { 0 } else { *sum };
        Some(sum)
    }

    /// Takes the groups out of a row: the ids of their second keys, ascending,
    /// and their sums.
    pub fn take(&mut self, row: u64) -> impl Iterator<Item = (u32, u64)> {
        let row = std::mem::take(&mut self.rows[row as usize]);
        let sums = row.into_iter().zip(0..);
        sums.filter(|&(sum, _)| sum != NONE).map(|(sum, id)| (id, sum))
    }
}
