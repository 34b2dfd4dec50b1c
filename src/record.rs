//! A borrowed view of one record's fields.

/// One record: its fields' bytes, unquoted and unescaped.
///
/// The fields lie in one slice, one after the other, `gap` bytes apart: zero
/// where they were unescaped into a buffer, one where they were left in the
/// input with the delimiters between them.
#[derive(Clone, Copy, Debug)]
pub struct Record<'r> {
    bytes: &'r [u8],
    ends: &'r [usize],
    gap: usize,
}

impl<'r> Record<'r> {
    /// Creates a view of the fields that end at `ends`, offsets into `bytes`,
    /// each field starting `gap` bytes after the end of the one before it.
    pub fn new(bytes: &'r [u8], ends: &'r [usize], gap: usize) -> Record<'r> {
        Record { bytes, ends, gap }
    }

    /// The number of fields.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether the record has no field at all.
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// The field at `index`, from 0, or `None` if there are fewer fields.
    pub fn get(&self, index: usize) -> Option<&'r [u8]> {
        let end = *self.ends.get(index)?;
        let start = match index {
            0 => 0,
            _ => self.ends[index - 1] + self.gap,
        };
        Some(&self.bytes[start..end])
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
        let record = Record::new(b"abc", &[1, 1, 3], 0);
        assert_eq!(fields(record), [&b"a"[..], b"", b"bc"]);
        assert_eq!(record.get(3), None);
    }

    #[test]
    fn fields_with_delimiters_between() {
        let record = Record::new(b"a,,bc", &[1, 2, 5], 1);
        assert_eq!(fields(record), [&b"a"[..], b"", b"bc"]);
    }
}
