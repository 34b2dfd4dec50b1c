//! Cuts records by the places of the bytes that matter, which a scan has
//! marked.
//!
//! It cuts a record whose quotes stand where a writer puts them: around whole
//! fields, those inside doubled. All others are left to csv-core, and so is
//! whatever is blank, too long or not whole.

use super::Format;
use super::rows::{Rows, Shape};
use super::scan;
use crate::record::Span;

/// Bytes that are scanned at once: few enough that they and their marks are
/// still in the cache when they are looked at again.
const SCAN: usize = 8 << 10;

/// The places of delimiters, quotes and line breaks in a window of input.
#[derive(Debug)]
pub(super) struct Marks {
    /// Their offsets, ascending, of which `next..len` are still needed. There
    /// is always one before them, of any value.
    found: Vec<u32>,
    next: usize,
    len: usize,
    /// Up to where the window was scanned.
    scanned: usize,
    /// The fields of the record that was cut last.
    fields: Vec<Span>,
    /// Its fields in which quotes are doubled.
    escaped: Vec<usize>,
    /// The shape of most records, and one that may take its place.
    shape: Shape,
    candidate: Vec<bool>,
}

/// What is known of the input.
#[derive(Clone, Copy)]
pub(super) struct Window<'w> {
    pub format: &'w Format,
    pub bytes: &'w [u8],
    /// Whether no more bytes come.
    pub last: bool,
}

impl Window<'_> {
    /// Where the plain record with these marks ends, without its terminator.
    #[inline(always)]
    pub fn plain(
        &self,
        start: usize,
        marks: &[u32],
        crlf: bool,
    ) -> Option<usize> {
        let (inner, ends) =
            marks.split_at_checked(self.format.fields.wrapping_sub(1))?;
        let delimits = |&at: &u32| self.byte(at) == self.format.delimiter;
        let content = self.ends(start, ends, crlf)?;
        inner.iter().all(delimits).then_some(content)
    }

    /// Where the record that starts at `start` ends, without its terminator,
    /// if the mark of that, or both of them, are all that is left.
    #[inline(always)]
    pub fn ends(
        &self,
        start: usize,
        marks: &[u32],
        crlf: bool,
    ) -> Option<usize> {
        let content = *marks.first()?;
        let terminated = match (crlf, marks) {
            (false, _) => self.byte(content) == b'\n',
            (true, &[_, second]) => {
                self.byte(content) == b'\r'
                    && second == content + 1
                    && self.byte(second) == b'\n'
            }
            _ => false,
        };
        let content = content as usize;
        (terminated && self.holds(start, content)).then_some(content)
    }

    /// The byte at a mark.
    #[inline(always)]
    pub fn byte(&self, at: u32) -> u8 {
        self.bytes[at as usize]
    }

    /// Whether the bytes of a record are not too many, and not none at all.
    #[inline]
    fn holds(&self, start: usize, end: usize) -> bool {
        end > start && end - start <= self.format.limit
    }
}

/// A record that was cut.
#[derive(Clone, Copy, Debug)]
pub(super) struct Marked {
    /// Where it ends, without its terminator and with it.
    pub content: usize,
    pub end: usize,
    /// Line breaks in it, its terminator's included.
    pub breaks: u64,
    /// The first mark behind it.
    next: usize,
}

/// Why no record was cut.
enum Stop {
    /// The marks so far don't reach to its end.
    Marks,
    /// It must be left to csv-core.
    Odd,
}

impl Marks {
    /// Creates marks for records that should have so many fields.
    pub fn new(fields: usize) -> Marks {
        Marks {
            found: vec![0],
            next: 1,
            len: 1,
            scanned: 0,
            fields: Vec::new(),
            escaped: Vec::new(),
            shape: Shape::plain(fields),
            candidate: Vec::new(),
        }
    }

    /// Forgets all marks, the window having moved.
    pub fn clear(&mut self) {
        (self.next, self.len, self.scanned) = (1, 1, 0);
    }

    /// The fields of the record that was cut last, as they lie in the window,
    /// without the quotes around them.
    #[inline]
    pub fn fields(&self) -> &[Span] {
        &self.fields
    }

    /// Those of its fields that hold doubled quotes, by index.
    #[inline]
    pub fn escaped(&self) -> &[usize] {
        &self.escaped
    }

    /// Goes on behind a record.
    #[inline]
    pub fn pass(&mut self, marked: &Marked) {
        self.next = marked.next;
    }

    /// Goes on at `start`, an offset in the window.
    pub fn skip_to(&mut self, start: usize) {
        let ahead = &self.found[self.next..self.len];
        let before = |&&mark: &&u32| (mark as usize) < start;
        self.next += ahead.iter().take_while(before).count();
    }

    /// Cuts the record that starts at `start`, if that is possible. Whether
    /// or not it is, the next call begins there again, unless the record is
    /// [`pass`](Marks::pass)ed.
    ///
    /// # Complexity
    ///
    /// Linear in the record's bytes.
    #[inline(never)]
    pub fn cut(&mut self, window: Window<'_>, start: usize) -> Option<Marked> {
        loop {
            match self.walk(window, start) {
                Ok(marked) => return Some(marked),
                Err(Stop::Odd) => return None,
                Err(Stop::Marks) => self.scan_on(window, start)?,
            }
        }
    }

    /// The records from `start` on, as far as they are marked, that start
    /// before `end`, have just as many fields as they should, and are of the
    /// shape that is usual in this file.
    #[inline(never)]
    pub fn rows<'r>(
        &'r mut self,
        window: Window<'r>,
        start: usize,
        end: usize,
    ) -> Rows<'r> {
        // The mark before a field is where the one before it ends.
        self.found[self.next - 1] = (start as u32).wrapping_sub(1);
        let marks = &self.found[self.next - 1..self.len];
        let rows = self.shape.rows(window, marks, end);
        if !rows.is_empty() {
            self.candidate.clear();
        }
        rows
    }

    /// Learns which shape is usual: that of two records in a row which were
    /// cut one by one.
    pub fn learn(&mut self, window: Window<'_>, marked: &Marked) {
        let is_simple = marked.breaks == 1
            && self.escaped.is_empty()
            && self.fields.len() == window.format.fields;
        if !is_simple {
            return;
        }
        let is_quoted = |field: &Span| match field.start.checked_sub(1) {
            Some(before) => window.byte(before) == window.format.quote,
            None => false,
        };
        let quoted = || self.fields.iter().map(is_quoted);
        if quoted().eq(self.shape.quoted().iter().copied()) {
            return;
        }
        let again = quoted().eq(self.candidate.iter().copied());
        let quoted = quoted().collect();
        match again {
            true => self.shape = Shape::new(quoted),
            false => self.candidate = quoted,
        }
    }

    /// Goes on behind some of the rows.
    pub fn pass_rows(&mut self, marks: usize) -> usize {
        self.next += marks;
        (self.found[self.next - 1] + 1) as usize
    }

    /// Walks over the marks of a record.
    fn walk(
        &mut self,
        window: Window<'_>,
        start: usize,
    ) -> Result<Marked, Stop> {
        let Window { format, bytes, .. } = window;
        self.fields.clear();
        self.escaped.clear();
        let (mut at, mut next, mut breaks) = (start, self.next, 0);
        loop {
            let mut end = self.mark(next)?;
            if end == at && bytes[end] == format.quote {
                let (close, crossed);
                (close, next, crossed) = self.quoted(window, next + 1)?;
                breaks += crossed;
                self.fields.push(Span::new(at + 1, close));
                end = self.mark(next)?;
                if end != close + 1 {
                    return Err(Stop::Odd);
                }
            } else {
                self.fields.push(Span::new(at, end));
            }
            // Such a record is refused line by line, and a chain of them must
            // not be walked to its end from each line.
            let misfit = breaks > 0 && self.fields.len() > format.fields;
            if bytes[end] == format.quote || (misfit && format.fields > 0) {
                return Err(Stop::Odd);
            }
            next += 1;
            at = end + 1;
            if bytes[end] != format.delimiter {
                return self.terminated(window, start, end, breaks, next);
            }
        }
    }

    /// Walks over the marks in a quoted field, whose first one is `next`.
    /// Returns where its closing quote stands, the mark behind that, and the
    /// line breaks in the field.
    fn quoted(
        &mut self,
        window: Window<'_>,
        mut next: usize,
    ) -> Result<(usize, usize, u64), Stop> {
        let Window { format, bytes, .. } = window;
        let (mut breaks, mut escaped) = (0, false);
        loop {
            let at = self.mark(next)?;
            next += 1;
            match bytes[at] {
                byte if byte == format.quote => {
                    let behind = self.mark(next)?;
                    if behind != at + 1 || bytes[behind] != format.quote {
                        if escaped {
                            self.escaped.push(self.fields.len());
                        }
                        return Ok((at, next, breaks));
                    }
                    escaped = true;
                    next += 1;
                }
                b'\n' if bytes[at - 1] == b'\r' => {}
                b'\r' | b'\n' => breaks += 1,
                _ => {}
            }
        }
    }

    /// Ends a record at the terminator at `end`, a mark before `next`.
    fn terminated(
        &self,
        window: Window<'_>,
        start: usize,
        end: usize,
        breaks: u64,
        next: usize,
    ) -> Result<Marked, Stop> {
        let Window { format, bytes, last } = window;
        // Containment is for csv-core's side to judge.
        let misfit = format.fields > 0 && self.fields.len() != format.fields;
        if !window.holds(start, end) || (breaks > 0 && misfit) {
            return Err(Stop::Odd);
        }
        let len = match (bytes[end], bytes.get(end + 1)) {
            (b'\r', Some(b'\n')) => 2,
            (b'\r', None) if !last => return Err(Stop::Odd),
            _ => 1,
        };
        let second = self.mark(next).is_ok_and(|at| at == end + 1);
        let next = next + usize::from(len == 2 && second);
        let (content, end) = (end, end + len);
        Ok(Marked { content, end, breaks: breaks + 1, next })
    }

    /// The offset that a mark stands for, if it is known yet.
    #[inline]
    fn mark(&self, index: usize) -> Result<usize, Stop> {
        match self.found[..self.len].get(index) {
            Some(&mark) => Ok(mark as usize),
            None => Err(Stop::Marks),
        }
    }

    /// Drops the marks that were passed and finds more, or says `None` if
    /// the window has been scanned to its end. The unit at hand starts at
    /// `start`; the longer it is the more is scanned, so that walking over it
    /// again and again takes linear time.
    fn scan_on(&mut self, window: Window<'_>, start: usize) -> Option<()> {
        let from = self.scanned.max(start);
        let len = SCAN.max(from - start).min(window.bytes.len() - from);
        if len == 0 {
            return None;
        }
        self.found.copy_within(self.next..self.len, 1);
        self.len -= self.next - 1;
        self.next = 1;
        let room = self.len + scan::room(len);
        if self.found.len() < room {
            self.found.resize(room, 0);
        }
        let bytes = &window.bytes[from..from + len];
        let found = &mut self.found[self.len..];
        self.len += scan::scan(window.format, bytes, from as u32, found);
        self.scanned = from + len;
        Some(())
    }
}
