//! The directory at the end of an archive.

use std::ops::Range;

use serde::Serialize;

use super::Entry;
use super::field::{u16_at, u32_at, u64_at};
use crate::error::{Error, ErrorKind, Result};
use crate::unpack::{CUT_OFF, GARBLED, damaged};

/// Bytes of the record at the very end, before its comment, of the one that
/// says where the large record is, and of that.
const END: usize = 22;
const LOCATOR: usize = 20;
const LARGE_END: usize = 56;

/// The bytes in which the last two are looked for: a comment may stand behind
/// them.
const TAIL: u64 = (LOCATOR + END + 0xFFFF) as u64;

/// The largest directory that is read: that of half a million files.
const LARGEST: u64 = 64 << 20;

/// Reads the directory of an archive: it says what bytes it
/// [wants](Directory::wants), is [pushed](Directory::push) them, and so on
/// until it wants none.
#[derive(Debug)]
pub struct Directory {
    size: u64,
    state: State,
    entries: Vec<Entry>,
}

/// The files in an archive that may hold a person's data, in the order of the
/// directory.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
pub struct Listing {
    /// Those that are tables by their names.
    pub tables: Vec<Entry>,
    /// The others.
    pub others: Vec<Entry>,
}

#[derive(Clone, Copy, Debug)]
enum State {
    /// It needs the end of the archive.
    Tail,
    /// It needs the large record, which starts here; the last record says
    /// that the directory ends there at the latest.
    LargeEnd(u64),
    /// It needs the directory, which lies here.
    Entries { start: u64, end: u64, shift: u64, count: u64 },
    /// It needs nothing.
    Done,
}

impl Directory {
    /// Creates the reader of an archive with so many bytes.
    pub fn new(size: u64) -> Directory {
        Directory { size, state: State::Tail, entries: Vec::new() }
    }

    /// The half-open range of the archive's bytes that it wants next, if it
    /// does.
    pub fn wants(&self) -> Option<Range<u64>> {
        match self.state {
            State::Tail => Some(self.size.saturating_sub(TAIL)..self.size),
            State::LargeEnd(at) => Some(at..at + LARGE_END as u64),
            State::Entries { start, end, .. } => Some(start..end),
            State::Done => None,
        }
    }

    /// Takes the bytes that it wants.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::DamagedArchive`] if they are not what they must be.
    ///
    /// # Complexity
    ///
    /// Linear in the bytes given, and in the number of entries but for
    /// sorting them.
    pub fn push(&mut self, bytes: &[u8]) -> Result<()> {
        let wanted = self.wants().map_or(0, |range| range.end - range.start);
        if bytes.len() as u64 != wanted {
            return Err(damaged(CUT_OFF));
        }
        self.state = match self.state {
            State::Tail => self.read_tail(bytes)?,
            State::LargeEnd(at) => self.read_large_end(at, bytes)?,
            State::Entries { start, shift, count, .. } => {
                self.entries = read_entries(bytes, count)?;
                self.place(start, shift)?;
                State::Done
            }
            State::Done => State::Done,
        };
        Ok(())
    }

    /// What is in the archive.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::NotText`] if the archive is really a workbook or the like
    /// or holds no file, and [`ErrorKind::DamagedArchive`] if two files have
    /// one name.
    pub fn into_listing(self) -> Result<Listing> {
        if let Some(what) = self.document() {
            return Err(Error::new(ErrorKind::NotText { what }));
        }
        let mut entries = self.entries;
        entries.retain(Entry::is_file);
        if entries.is_empty() {
            let what = "an archive with no file in it";
            return Err(Error::new(ErrorKind::NotText { what }));
        }
        let mut names: Vec<&str> =
            entries.iter().map(|entry| entry.name.as_str()).collect();
        names.sort_unstable();
        if names.windows(2).any(|pair| pair[0] == pair[1]) {
            return Err(damaged("two of the files in it have one name"));
        }
        let (tables, others) = entries.into_iter().partition(Entry::is_table);
        Ok(Listing { tables, others })
    }

    /// What the archive is if it isn't one to a person.
    fn document(&self) -> Option<&'static str> {
        let names = || self.entries.iter().map(|entry| entry.name.as_str());
        let has = |name: &str| names().any(|other| other == name);
        let has_folder = |name| names().any(|other| other.starts_with(name));
        match has("[Content_Types].xml") {
            true if has_folder("xl/") => Some("an Excel workbook"),
            true if has_folder("word/") => Some("a Word document"),
            true => Some("an Office document"),
            false if has("mimetype") && has("content.xml") => {
                Some("an OpenDocument spreadsheet or text")
            }
            false if has("Index/Document.iwa") => Some("a Numbers document"),
            false => None,
        }
    }

    /// Finds the last record and what it says of the directory.
    fn read_tail(&self, tail: &[u8]) -> Result<State> {
        let is_end = |at: &usize| {
            let record = &tail[*at..];
            record.starts_with(b"PK\x05\x06")
                && END + usize::from(u16_at(record, 20)) == record.len()
        };
        let starts = tail.len().checked_sub(END).ok_or(damaged(CUT_OFF))?;
        let at = (0..=starts).rev().find(is_end).ok_or(damaged(CUT_OFF))?;
        let (before, record) = tail.split_at(at);
        let count = u16_at(record, 10);
        let [len, start] = [12, 16].map(|at| u32_at(record, at));
        let is_large = count == u16::MAX || len.max(start) == u32::MAX;
        let locator =
            before.len().checked_sub(LOCATOR).map(|at| &before[at..]);
        match locator.filter(|there| there.starts_with(b"PK\x06\x07")) {
            Some(there) if is_large => {
                let at = u64_at(there, 8);
                let is_there = at
                    .checked_add(LARGE_END as u64)
                    .is_some_and(|end| end <= self.size);
                match is_there {
                    true => Ok(State::LargeEnd(at)),
                    false => Err(damaged(GARBLED)),
                }
            }
            _ => {
                let end = self.size - record.len() as u64;
                let (count, start) = (count.into(), start.into());
                self.entries_at(count, start, len.into(), end)
            }
        }
    }

    /// Takes the large record, which starts at `at`.
    fn read_large_end(&self, at: u64, record: &[u8]) -> Result<State> {
        if !record.starts_with(b"PK\x06\x06") {
            return Err(damaged(GARBLED));
        }
        let [count, len, start] =
            [32, 40, 48].map(|field| u64_at(record, field));
        self.entries_at(count, start, len, at)
    }

    /// Where the directory lies, which ends at `end`. If that isn't where it
    /// is said to end, something was put before the archive.
    fn entries_at(
        &self,
        count: u64,
        start: u64,
        len: u64,
        end: u64,
    ) -> Result<State> {
        if len > LARGEST {
            return Err(damaged("it holds too many files"));
        }
        let told = start.checked_add(len).ok_or(damaged(GARBLED))?;
        let shift = end.checked_sub(told).ok_or(damaged(CUT_OFF))?;
        Ok(State::Entries { start: end - len, end, shift, count })
    }

    /// Says where each entry ends: where the next one starts, or the
    /// directory, at the latest.
    fn place(&mut self, directory: u64, shift: u64) -> Result<()> {
        let mut starts = Vec::with_capacity(self.entries.len() + 1);
        for entry in &mut self.entries {
            entry.start =
                entry.start.checked_add(shift).ok_or(damaged(GARBLED))?;
            starts.push(entry.start);
        }
        starts.push(directory);
        starts.sort_unstable();
        for entry in &mut self.entries {
            let next = starts.partition_point(|start| *start <= entry.start);
            entry.end = *starts.get(next).ok_or(damaged(GARBLED))?;
        }
        Ok(())
    }
}

/// Reads the records of a directory.
fn read_entries(mut bytes: &[u8], count: u64) -> Result<Vec<Entry>> {
    let mut entries = Vec::new();
    while !bytes.is_empty() {
        let read = Entry::read(bytes).ok_or(damaged(GARBLED))?;
        entries.push(read.0);
        bytes = &bytes[read.1..];
    }
    match entries.len() as u64 == count {
        true => Ok(entries),
        false => Err(damaged(GARBLED)),
    }
}
