//! A borrowed view of one record's fields.

use std::ops::Range;

/// Where a field lies: its start and its end among some bytes.
///
/// Records are far below 4 GiB and so are the bytes they are read from; in
/// half the space a span is one word, and twice as many stay in the cache.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Span {
    /// The offset of its first byte.
    pub start: u32,
    /// The offset behind its last byte.
    pub end: u32,
}

impl Span {
    /// Creates the span from `start` up to but without `end`, both below
    /// 4 GiB.
    #[inline]
    pub fn new(start: usize, end: usize) -> Span {
        Span { start: start as u32, end: end as u32 }
    }

    /// The span as a range.
    #[inline]
    pub fn range(self) -> Range<usize> {
        self.start as usize..self.end as usize
    }

    /// The number of bytes.
    #[inline]
    pub fn len(self) -> usize {
        (self.end - self.start) as usize
    }

    /// Whether there is no byte in it.
    #[inline]
    pub fn is_empty(self) -> bool {
        self.start == self.end
    }
}

/// One record: its fields' bytes, unquoted and unescaped.
#[derive(Clone, Copy, Debug)]
pub struct Record<'r> {
    bytes: &'r [u8],
    fields: &'r [Span],
}

impl<'r> Record<'r> {
    /// Creates a view of fields that lie in `bytes`.
    pub fn new(bytes: &'r [u8], fields: &'r [Span]) -> Record<'r> {
        Record { bytes, fields }
    }

    /// The number of fields.
    #[inline]
    pub fn len(&self) -> usize {
        self.fields.len()
    }

    /// Whether the record has no field at all.
    pub fn is_empty(&self) -> bool {
        self.fields.is_empty()
    }

    /// The field at `index`, from 0, or `None` if there are fewer fields.
    #[inline]
    pub fn get(&self, index: usize) -> Option<&'r [u8]> {
        Some(&self.bytes[self.fields.get(index)?.range()])
    }

    /// Where its fields lie among [`bytes`](Record::bytes).
    pub fn spans(&self) -> &'r [Span] {
        self.fields
    }

    /// The bytes that its fields lie in, among others.
    pub fn bytes(&self) -> &'r [u8] {
        self.bytes
    }

    /// The fields in order.
    pub fn iter(&self) -> impl Iterator<Item = &'r [u8]> + '_ {
        self.fields.iter().map(|field| &self.bytes[field.range()])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_where_they_lie() {
        let fields = [Span::new(2, 3), Span::new(4, 4), Span::new(5, 7)];
        let record = Record::new(b"x\na,,bc", &fields);
        assert!(record.iter().eq([&b"a"[..], b"", b"bc"]));
        assert_eq!(record.get(2), Some(&b"bc"[..]));
        assert_eq!(record.get(3), None);
    }
}
