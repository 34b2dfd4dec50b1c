//! A borrowed view of one record's fields.

use std::ops::Range;

/// One record: its fields' bytes, unquoted and unescaped.
///
/// The fields lie in one slice, one after the other, `gap` bytes apart: zero
/// where they were unescaped into a buffer, one where they were left in the
/// input with the delimiters between them.
#[derive(Clone, Copy, Debug)]
pub struct Record<'r> {
    bytes: &'r [u8],
    start: usize,
    ends: &'r [usize],
    gap: usize,
}

impl<'r> Record<'r> {
    /// Creates a view of the fields that end at `ends`, offsets into `bytes`,
    /// the first starting at 0 and each other one where the one before it
    /// ends.
    pub fn new(bytes: &'r [u8], ends: &'r [usize]) -> Record<'r> {
        Record { bytes, start: 0, ends, gap: 0 }
    }

    /// Creates a view of fields in their input, the first starting at `start`
    /// and each other one a delimiter behind the one before it.
    pub fn in_place(
        bytes: &'r [u8],
        start: usize,
        ends: &'r [usize],
    ) -> Record<'r> {
        Record { bytes, start, ends, gap: 1 }
    }

    /// Whether the fields lie in their input.
    #[inline]
    pub fn is_in_place(&self) -> bool {
        self.gap == 1
    }

    /// The number of fields.
    #[inline]
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether the record has no field at all.
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// Where the field at `index`, from 0, lies in the record's bytes, or
    /// `None` if there are fewer fields.
    #[inline]
    pub fn range(&self, index: usize) -> Option<Range<usize>> {
        let end = *self.ends.get(index)?;
        let start = match index {
            0 => self.start,
            _ => self.ends[index - 1] + self.gap,
        };
        Some(start..end)
    }

    /// The field at `index`, from 0, or `None` if there are fewer fields.
    #[inline]
    pub fn get(&self, index: usize) -> Option<&'r [u8]> {
        Some(&self.bytes[self.range(index)?])
    }

    /// The fields in order.
    pub fn iter(&self) -> impl Iterator<Item = &'r [u8]> + '_ {
        (0..self.len()).filter_map(|index| self.get(index))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields(record: Record<'_>) -> Vec<&[u8]> {
        record.iter().collect()
    }

    #[test]
    fn fields_without_gap() {
        let record = Record::new(b"abc", &[1, 1, 3]);
        assert_eq!(fields(record), [&b"a"[..], b"", b"bc"]);
        assert_eq!(record.get(3), None);
    }

    #[test]
    fn fields_with_delimiters_between() {
        let record = Record::in_place(b"x\na,,bc", 2, &[3, 4, 7]);
        assert_eq!(fields(record), [&b"a"[..], b"", b"bc"]);
    }
}
