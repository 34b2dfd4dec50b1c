//! Records to be added together.

use crate::record::Span;

/// The most records in a batch: enough to overlap cache misses, few enough
/// that all of it stays in the first cache.
pub(super) const ROWS: usize = 512;

/// Records whose key fields lie in one slice of bytes and whose numbers fit
/// an `i64`.
///
/// Adding them together, one step for all before the next step, lets the
/// machine wait for many cache misses at once.
#[derive(Debug)]
pub struct Batch {
    pub(super) rows: usize,
    /// The place of the first of the bytes that fields lie in.
    pub(super) place: u64,
    /// For each key column where the fields lie.
    pub(super) fields: Vec<Box<[Span; ROWS]>>,
    /// For each total column the numbers.
    pub(super) numbers: Vec<Box<[i64; ROWS]>>,
    /// The records that were left out when it was added.
    pub(super) refused: Vec<Refused>,
}

/// A record that was left out, since a key field of it isn't UTF-8.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Refused {
    /// Its place in the batch.
    pub row: usize,
    /// The first key column in which that is so, counted among those.
    pub key: usize,
    /// The field.
    pub field: Span,
}

impl Batch {
    /// Creates an empty batch for these numbers of key and total columns.
    pub fn new(keys: usize, totals: usize) -> Batch {
        Batch {
            rows: 0,
            place: 0,
            fields: vec![Box::new([Span::default(); ROWS]); keys],
            numbers: vec![Box::new([0; ROWS]); totals],
            refused: Vec::new(),
        }
    }

    /// Says where the bytes begin that the fields of all records lie in: their
    /// offset from the start of the first file, the files lying end to end. If
    /// places matter, records come in their order.
    #[inline]
    pub fn set_place(&mut self, place: u64) {
        self.place = place;
    }

    /// The number of records.
    #[inline]
    pub fn len(&self) -> usize {
        self.rows
    }

    /// Whether there is none.
    #[inline]
    pub fn is_empty(&self) -> bool {
        self.rows == 0
    }

    /// Takes out what was refused since it was called last, in order.
    pub fn take_refused(&mut self) -> Vec<Refused> {
        std::mem::take(&mut self.refused)
    }

    /// The place of a field among those bytes.
    #[inline]
    pub fn place_of(&self, field: Span) -> u64 {
        self.place + u64::from(field.start)
    }

    /// The number of records that can be appended until it is added.
    #[inline]
    pub fn room(&self) -> usize {
        ROWS - self.rows
    }

    /// Whether no record can be appended until it is added.
    #[inline]
    pub fn is_full(&self) -> bool {
        self.rows == ROWS
    }

    /// The fields of a key column in the records to be appended.
    #[inline]
    pub fn keys_to_come(&mut self, column: usize) -> &mut [Span] {
        &mut self.fields[column][self.rows..]
    }

    /// The numbers of a total column in the records to be appended.
    #[inline]
    pub fn numbers_to_come(&mut self, column: usize) -> &mut [i64] {
        &mut self.numbers[column][self.rows..]
    }

    /// Appends records, all of whose columns are set.
    ///
    /// # Panics
    ///
    /// If there is no room for them.
    #[inline]
    pub fn end_records(&mut self, count: usize) {
        assert!(count <= self.room(), "room for records");
        self.rows += count;
    }
}
