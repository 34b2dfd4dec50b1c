//! The bytes of blocks to groups.

use std::cmp::Ordering;

use super::scan::Scan;
use super::{BLOCK_HEADER, Key, LONG, Row, RunError, RunIndex, checksum};
use crate::bytes;
use crate::copy::Buffer;
use crate::total::Total;

/// Reads the groups of blocks, one at a time, out of bytes it is given.
///
/// It trusts nothing in those bytes: whatever they are, each group or error
/// takes time and memory no more than linear in their number.
#[derive(Debug)]
pub struct BlockReader {
    /// Whole blocks, end to end.
    bytes: Vec<u8>,
    /// Where the group after the current one begins.
    position: usize,
    /// Where the current block ends.
    end: usize,
    /// The key fields of the current group.
    fields: Vec<Buffer>,
    /// Where its key differs from that of the group before.
    difference: Difference,
    /// The value it has there.
    value: u64,
    /// The totals of the current group.
    totals: Vec<Total>,
    /// Whether the current group is the first of its block.
    first: bool,
    /// Whether there was a group at all.
    begun: bool,
    /// The current row, if blocks have rows.
    rows: Option<Rows>,
}

/// The rows of blocks.
#[derive(Debug)]
struct Rows {
    /// The current one.
    row: Row,
    /// All last fields that groups have.
    lasts: Vec<Box<[u8]>>,
    /// How many of its groups were read.
    next: usize,
    /// Whether rows are read as such.
    whole: bool,
}

/// Where a key differs from a lesser one: the first field that does, and how
/// many of its bytes are the same.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Difference {
    /// The place of the field in the key.
    pub field: usize,
    /// Where in the field the first other byte is, or would be.
    pub byte: usize,
}

impl BlockReader {
    /// Creates a reader of the groups of a run, without bytes.
    pub fn new(index: &RunIndex) -> BlockReader {
        let (keys, totals) = (index.keys, index.totals);
        let rows = Rows {
            row: Row::default(),
            lasts: index.lasts.clone(),
            next: 0,
            whole: false,
        };
        BlockReader {
            bytes: Vec::new(),
            position: 0,
            end: 0,
            fields: vec![Buffer::default(); keys],
            difference: Difference::default(),
            value: 0,
            totals: vec![Total::zero(); totals],
            first: false,
            begun: false,
            rows: (!index.lasts.is_empty()).then_some(rows),
        }
    }

    /// Creates a reader of a run that has rows, if it has any groups: each
    /// [`row`](BlockReader::row) counts as one group, whose key has an empty
    /// last field, and no totals.
    pub(crate) fn of_rows(index: &RunIndex) -> BlockReader {
        let mut reader = BlockReader::new(index);
        if let Some(rows) = &mut reader.rows {
            rows.whole = true;
        }
        reader
    }

    /// Gives the reader more bytes: one or more blocks, end to end, each of
    /// them whole, and all after those it was given before. Bytes that were
    /// read are forgotten.
    pub fn fill(&mut self, blocks: &[u8]) {
        self.bytes.drain(..self.position);
        self.end -= self.position;
        self.position = 0;
        self.bytes.extend_from_slice(blocks);
    }

    /// Goes to the next group, and returns whether there is one. If not, the
    /// reader needs more blocks.
    ///
    /// # Errors
    ///
    /// [`RunError::Checksum`] or [`RunError::Damaged`] at the first group of a
    /// block whose bytes are not as they were written. After an error the
    /// reader has no current group and must not be used any more.
    #[inline(always)]
    pub fn advance(&mut self) -> Result<bool, RunError> {
        if self.rows.is_some() {
            return self.advance_in_rows();
        }
        let totals = match self.change_last() {
            Some(totals) => totals,
            None => match self.change_any()? {
                Some(totals) => totals,
                None => return Ok(false),
            },
        };
        self.read_totals(totals)?;
        Ok(true)
    }

    /// The same, if blocks have rows.
    #[inline(never)]
    fn advance_in_rows(&mut self) -> Result<bool, RunError> {
        let totals = self.totals.len();
        let Rows { row, next, .. } = self.rows.as_ref().expect("rows");
        let is_first = row.get(*next, totals).is_none();
        if is_first && !self.next_row()? {
            return Ok(false);
        }
        let Rows { row, lasts, next, whole } =
            self.rows.as_mut().expect("rows");
        if *whole {
            *next = usize::MAX;
            return Ok(true);
        }
        let (last, totals) = row.get(*next, totals).expect("a group");
        *next += 1;
        self.totals.clone_from_slice(totals);
        let last = &lasts[last];
        let place = self.fields.len() - 1;
        let field = &mut self.fields[place];
        if !is_first {
            self.first = false;
            let byte = bytes::common(field.as_bytes(), last);
            self.difference = Difference { field: place, byte };
            self.value = value_of(last.get(byte));
        }
        field.clear();
        field.append(last);
        Ok(true)
    }

    /// Goes to the next row, if there is one, and before its first group.
    fn next_row(&mut self) -> Result<bool, RunError> {
        let Some(at) = self.change_any()? else { return Ok(false) };
        if self.fields.last().is_some_and(|last| last.len() > 0) {
            return Err(RunError::Damaged);
        }
        let mut scan = Scan::new(&self.bytes[..self.end], at);
        let rows = self.rows.as_mut().expect("rows");
        rows.row.read(&mut scan, rows.lasts.len(), self.totals.len())?;
        rows.next = 0;
        self.position = scan.position();
        Ok(true)
    }

    /// Reads the totals of a group, which begin here, and is behind it then.
    #[inline(always)]
    fn read_totals(&mut self, at: usize) -> Result<(), RunError> {
        let mut scan = Scan::new(&self.bytes[..self.end], at);
        for total in &mut self.totals {
            scan.total(total)?;
        }
        self.position = scan.position();
        Ok(())
    }

    /// Reads the key of a group if it is as nearly all are where there are many
    /// groups of one first field: the last field alone is another than before,
    /// in the few bytes it ends with. Returns where the totals begin.
    #[inline(always)]
    fn change_last(&mut self) -> Option<usize> {
        let bytes = self.bytes[..self.end].get(self.position..)?;
        let [same, lengths, rest @ ..] = bytes.first_chunk::<18>()?;
        let (shared, more) = (lengths >> 4, lengths & 0x0F);
        let (shared, more) = (usize::from(shared), usize::from(more));
        let last = self.fields.len() - 1;
        let field = &mut self.fields[last];
        let is_usual = usize::from(*same) == last
            && shared < LONG
            && (1..LONG).contains(&more)
            && *field.as_bytes().get(shared)? < rest[0];
        if !is_usual {
            return None;
        }
        field.truncate(shared);
        field.append_some(rest, more);
        self.first = false;
        self.difference = Difference { field: last, byte: shared };
        self.value = value_of(Some(&rest[0]));
        Some(self.position + 2 + more)
    }

    /// Reads the key of any group, if there is one, and returns where its
    /// totals begin.
    #[inline(never)]
    fn change_any(&mut self) -> Result<Option<usize>, RunError> {
        self.first = self.position == self.end;
        if self.first {
            if self.position == self.bytes.len() {
                return Ok(None);
            }
            self.open_block()?;
        }
        let mut scan = Scan::new(&self.bytes[..self.end], self.position);
        let same = usize::from(scan.byte()?);
        if same >= self.fields.len() || same > 0 && self.first {
            return Err(RunError::Damaged);
        }
        let mut difference = (!self.begun).then(Difference::default);
        for (index, field) in (same..).zip(&mut self.fields[same..]) {
            let (shared, rest) = scan.change()?;
            if shared > field.len() || shared > 0 && self.first {
                return Err(RunError::Damaged);
            }
            if difference.is_none() {
                let byte = difference_at(field.as_bytes(), shared, rest)?;
                let field = index;
                difference = byte.map(|byte| Difference { field, byte });
                if difference.is_none() && !self.first {
                    return Err(RunError::Damaged);
                }
            }
            field.truncate(shared);
            field.append(rest);
        }
        self.difference = difference.ok_or(RunError::Damaged)?;
        self.value = self.value_at(self.difference);
        self.begun = true;
        Ok(Some(scan.position()))
    }

    /// Checks the block that begins here, and goes to its first group.
    fn open_block(&mut self) -> Result<(), RunError> {
        let mut scan = Scan::new(&self.bytes, self.position);
        let length = u32::from_le_bytes(scan.array()?);
        let sum = scan.array()?;
        let groups = scan.range(u64::from(length))?;
        if checksum(&self.bytes[groups.clone()]) != sum {
            return Err(RunError::Checksum);
        }
        debug_assert_eq!(groups.start, self.position + BLOCK_HEADER);
        self.position = groups.start;
        self.end = groups.end;
        Ok(())
    }

    /// Whether the current group is the first of its block.
    #[inline]
    pub fn starts_block(&self) -> bool {
        self.first
    }

    /// Where the key of the current group differs from that of the group
    /// before, at its very start if there is none; and the
    /// [value](BlockReader::value_at) it has there.
    #[inline]
    pub(crate) fn difference(&self) -> (Difference, u64) {
        (self.difference, self.value)
    }

    /// What the current group's key has somewhere: 0 if the field ends there,
    /// since no byte is less than any, and otherwise one more than the byte.
    #[inline]
    pub(crate) fn value_at(&self, place: Difference) -> u64 {
        value_of(self.field(place.field).get(place.byte))
    }

    /// The number of key fields.
    #[inline]
    pub(crate) fn keys(&self) -> usize {
        self.fields.len()
    }

    /// The field at `index` of the current group's key.
    #[inline]
    pub fn field(&self, index: usize) -> &[u8] {
        self.fields[index].as_bytes()
    }

    /// The same, as they are held.
    #[inline]
    pub(crate) fn fields(&self) -> &[Buffer] {
        &self.fields
    }

    /// The fields of the current group's key.
    #[inline]
    pub fn key(&self) -> impl DoubleEndedIterator<Item = &[u8]> {
        self.fields.iter().map(Buffer::as_bytes)
    }

    /// The current row.
    ///
    /// # Panics
    ///
    /// If the run is not read by rows.
    #[inline]
    pub(crate) fn row(&self) -> &Row {
        &self.rows.as_ref().expect("rows").row
    }

    /// Whether this is the key that a block begins with which begins with the
    /// current group.
    pub fn begins(&self, first: &Key) -> bool {
        let fields = self.fields.len() - usize::from(self.rows.is_some());
        self.order(first.fields().take(fields)).is_eq()
    }

    /// The totals of the current group.
    #[inline]
    pub fn totals(&self) -> &[Total] {
        &self.totals
    }

    /// The order of the current group's key and the given one.
    #[inline]
    pub fn order<'f>(&self, key: impl Iterator<Item = &'f [u8]>) -> Ordering {
        let pairs = self.key().zip(key);
        let mut orders = pairs.map(|(left, right)| bytes::order(left, right));
        orders.find(|order| order.is_ne()).unwrap_or(Ordering::Equal)
    }
}

/// The value of a byte, or of none.
#[inline]
fn value_of(byte: Option<&u8>) -> u64 {
    byte.map_or(0, |&byte| u64::from(byte) + 1)
}

/// The first place at which a field differs from the one before, which must be
/// less: they share so many bytes, and the new one goes on with `rest`. It is
/// `None` if they are equal.
#[inline]
fn difference_at(
    before: &[u8],
    shared: usize,
    rest: &[u8],
) -> Result<Option<usize>, RunError> {
    let (old, mut common) = (&before[shared..], 0);
    // Only the first group of a block doesn't share all it could.
    if shared == 0 {
        common = bytes::common(old, rest);
    }
    match (old.get(common), rest.get(common)) {
        (None, None) => Ok(None),
        // No byte is less than any.
        (old, new) if old < new => Ok(Some(shared + common)),
        _ => Err(RunError::Damaged),
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::block;
    use super::*;
    use proptest::prelude::*;

    impl BlockReader {
        /// Goes to the next group without a quick way for any.
        fn advance_slowly(&mut self) -> Result<bool, RunError> {
            let Some(totals) = self.change_any()? else { return Ok(false) };
            self.read_totals(totals)?;
            Ok(true)
        }
    }

    /// Groups of two keys and one total as bytes, nearly right: each is how it
    /// differs in the first key, if in that, and the second, and the total.
    fn groups() -> impl Strategy<Value = Vec<u8>> {
        let byte = prop_oneof![4 => any::<u8>(), 1 => 0..2u8];
        let change = (0..18u8, prop::collection::vec(byte, 0..16));
        let group = (prop::bool::weighted(0.2), change, 0..3u8, any::<u8>());
        let first = vec![0, 1, b'a', 9, 0, 0, 0, 0, 0, 0, 0, 0, 9, 1, 5];
        prop::collection::vec(group, 0..40).prop_map(move |groups| {
            let mut bytes = first.clone();
            for (is_first, (shared, rest), lengths, total) in groups {
                bytes.extend(if is_first { &[0, 0x10][..] } else { &[1] });
                bytes.push(shared.min(15) << 4 | rest.len() as u8);
                bytes.extend(rest);
                bytes.extend([lengths.max(1), total]);
            }
            bytes
        })
    }

    proptest! {
        #[test]
        fn quick_as_slow(groups in groups()) {
            let block = block(&groups);
            let [mut quick, mut slow] = [(); 2].map(|()| {
                let mut reader = BlockReader::new(&RunIndex::new(2, 1));
                reader.fill(&block);
                reader
            });
            loop {
                let step = quick.advance();
                prop_assert_eq!(step, slow.advance_slowly());
                if step != Ok(true) {
                    break;
                }
                prop_assert!(quick.key().eq(slow.key()));
                prop_assert_eq!(quick.totals(), slow.totals());
                prop_assert_eq!(quick.difference(), slow.difference());
                prop_assert_eq!(quick.starts_block(), slow.starts_block());
            }
        }
    }
}
