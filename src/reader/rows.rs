//! Records of one shape, end to end, cut by their marks all at once.

use std::ops::Range;

use super::Format;
use super::marks::Window;
use crate::record::Span;

/// Which fields of a record stand in quotes: programs put them around all
/// fields, around those of some columns, or around none.
#[derive(Debug, Default)]
pub(super) struct Shape {
    /// For each field whether it does.
    quoted: Vec<bool>,
    /// For each field, which mark it starts behind, counted from the one
    /// before its record.
    starts: Vec<u32>,
    /// Marks of a record, but for the second one of a CRLF.
    marks: usize,
}

impl Shape {
    /// Creates the shape of records of some fields without quotes.
    pub fn plain(fields: usize) -> Shape {
        Shape::new(vec![false; fields])
    }

    /// Creates a shape, told for each field whether it is quoted.
    pub fn new(quoted: Vec<bool>) -> Shape {
        let mut marks = 0;
        let starts = quoted.iter().map(|&quoted| {
            let start = marks + u32::from(quoted);
            marks += if quoted { 3 } else { 1 };
            start
        });
        let starts = starts.collect();
        Shape { quoted, starts, marks: marks as usize }
    }

    /// For each field whether it is quoted.
    pub fn quoted(&self) -> &[bool] {
        &self.quoted
    }

    /// The rows at the front of `marks`, the first of which stands before
    /// them: those that start before `end`, have this shape, and end with the
    /// same terminator.
    #[inline(always)]
    pub fn rows<'r>(
        &'r self,
        window: Window<'r>,
        marks: &'r [u32],
        end: usize,
    ) -> Rows<'r> {
        let Window { format, bytes, .. } = window;
        let crlf = marks
            .get(self.marks)
            .is_some_and(|&at| bytes.get(at as usize) == Some(&b'\r'));
        let stride = (self.marks + usize::from(crlf)).max(1);
        let start = marks[0].wrapping_add(1) as usize;
        let rows = marks[1..].chunks_exact(stride);
        let count = match self.marks == format.fields {
            true => count(start, end, crlf, rows, |from, row| {
                window.plain(from, row, crlf)
            }),
            false => count(start, end, crlf, rows, |from, row| {
                self.fits(window, from, row, crlf)
            }),
        };
        let marks = &marks[..count * stride + 1];
        Rows { bytes, marks, stride, starts: &self.starts }
    }

    /// Where the record with these marks ends, without its terminator, if it
    /// has this shape.
    #[inline(always)]
    fn fits(
        &self,
        window: Window<'_>,
        start: usize,
        mut marks: &[u32],
        crlf: bool,
    ) -> Option<usize> {
        let Format { quote, delimiter, .. } = *window.format;
        let mut at = start as u32;
        for (index, &quoted) in self.quoted.iter().enumerate() {
            if index > 0 {
                let (&end, rest) = marks.split_first()?;
                if window.byte(end) != delimiter {
                    return None;
                }
                (at, marks) = (end + 1, rest);
            }
            if quoted {
                let &[open, close, end, ..] = marks else { return None };
                let closes = window.byte(close) == quote && end == close + 1;
                if open != at || window.byte(open) != quote || !closes {
                    return None;
                }
                marks = &marks[2..];
            }
        }
        window.ends(start, marks, crlf)
    }
}

/// Counts the rows from `start` on that start before `end`; `ends` says where
/// the content of each ends, if it is one.
#[inline(always)]
fn count<'r>(
    start: usize,
    end: usize,
    crlf: bool,
    rows: impl Iterator<Item = &'r [u32]>,
    ends: impl Fn(usize, &[u32]) -> Option<usize>,
) -> usize {
    let (mut from, mut count) = (start, 0);
    for row in rows {
        match ends(from, row) {
            Some(content) if from < end => {
                from = content + 1 + usize::from(crlf);
            }
            _ => break,
        }
        count += 1;
    }
    count
}

/// Records of one shape, each of as many fields as it should have, none of
/// them with a quote or a line break in it.
#[derive(Clone, Copy, Debug)]
pub struct Rows<'r> {
    /// What they lie in, slack included.
    pub bytes: &'r [u8],
    /// The offset before the first record, and then for each record those of
    /// its marks: `stride` in all.
    marks: &'r [u32],
    stride: usize,
    /// For each field, which of those it starts behind.
    starts: &'r [u32],
}

impl<'r> Rows<'r> {
    /// The number of records.
    #[inline]
    pub fn len(&self) -> usize {
        (self.marks.len() - 1) / self.stride
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Marks of a record.
    pub(super) fn stride(&self) -> usize {
        self.stride
    }

    /// The number of fields of each.
    #[inline]
    pub fn fields(&self) -> usize {
        self.starts.len()
    }

    /// The records in this range.
    #[inline]
    pub fn slice(&self, rows: Range<usize>) -> Rows<'r> {
        let marks = rows.start * self.stride..rows.end * self.stride + 1;
        Rows { marks: &self.marks[marks], ..*self }
    }

    /// The fields in a column, which is below the number of fields, without
    /// the quotes around them.
    #[inline]
    pub fn column(&self, index: usize) -> impl Iterator<Item = Span> + 'r {
        let (marks, stride) = (self.marks, self.stride);
        let start = self.starts[index] as usize;
        assert!(start < stride, "a mark of the record");
        (0..self.len()).map(move |row| {
            let at = row * stride + start;
            Span { start: marks[at].wrapping_add(1), end: marks[at + 1] }
        })
    }
}
