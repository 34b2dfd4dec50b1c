//! A file in an archive, as the directory has it.

use serde::{Deserialize, Serialize};

use super::field::{u16_at, u32_at, u64_at};

/// A file in an archive.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct Entry {
    /// Its path in the archive.
    pub name: String,
    /// Where its header starts in the archive.
    pub start: u64,
    /// An offset behind its packed bytes, with nothing but padding between.
    pub end: u64,
    /// The number of its way of compression.
    pub method: u16,
    /// Whether it is encrypted.
    pub encrypted: bool,
    /// Its bytes as they are packed.
    pub packed: u64,
    /// Its bytes unpacked.
    pub size: u64,
    /// The CRC-32 of those.
    pub crc: u32,
}

/// Bytes of a directory's record before the entry's name.
const RECORD: usize = 46;

/// What a number is that stands elsewhere, being too large.
const ELSEWHERE: u32 = u32::MAX;

/// The number of the extra field with large numbers.
const ZIP64: u16 = 1;

/// Flags of an entry.
const IS_ENCRYPTED: u16 = 1 | 1 << 6 | 1 << 13;
const IS_UTF8: u16 = 1 << 11;

/// The way of compression that stands for an encrypted entry.
const AES: u16 = 99;

impl Entry {
    /// The file of this name in a rejects CSV of so many bytes, which lies all
    /// over it.
    pub fn of_rejects(name: String, bytes: u64) -> Entry {
        Entry {
            name,
            start: 0,
            end: bytes,
            method: 0,
            encrypted: false,
            packed: bytes,
            size: bytes,
            crc: 0,
        }
    }

    /// Reads an entry off the front of a directory: it and the length of its
    /// record, or `None` if that isn't one. Its `end` is not known yet.
    pub(super) fn read(directory: &[u8]) -> Option<(Entry, usize)> {
        let fixed = directory.get(..RECORD)?;
        if !fixed.starts_with(b"PK\x01\x02") {
            return None;
        }
        let lens = [28, 30, 32].map(|at| usize::from(u16_at(fixed, at)));
        let len = RECORD + lens.iter().sum::<usize>();
        let record = directory.get(..len)?;
        let (name, rest) = record[RECORD..].split_at(lens[0]);
        let flags = u16_at(fixed, 8);
        let method = u16_at(fixed, 10);
        let numbers = [24, 20, 42].map(|at| u32_at(fixed, at));
        let [size, packed, start] = large(numbers, &rest[..lens[1]])?;
        let entry = Entry {
            name: text(name, flags & IS_UTF8 != 0),
            start,
            end: 0,
            method,
            encrypted: flags & IS_ENCRYPTED != 0 || method == AES,
            packed,
            size,
            crc: u32_at(fixed, 16),
        };
        Some((entry, len))
    }

    /// Whether it may hold a person's data: no folder, and nothing that
    /// systems put beside it.
    pub(super) fn is_file(&self) -> bool {
        let is_hidden = |part: &str| {
            part.starts_with('.')
                || matches!(part, "__MACOSX" | "Thumbs.db" | "desktop.ini")
        };
        !self.name.ends_with('/') && !self.name.split('/').any(is_hidden)
    }

    /// Whether it is a table by its name.
    pub(super) fn is_table(&self) -> bool {
        let name = self.name.to_ascii_lowercase();
        TABLES.iter().any(|ending| name.ends_with(ending))
    }
}

/// What the names of tables end with.
const TABLES: [&str; 4] = [".csv", ".tsv", ".tab", ".psv"];

/// Takes the numbers that are too large for a record from an extra field.
fn large(numbers: [u32; 3], extra: &[u8]) -> Option<[u64; 3]> {
    let mut large = zip64(extra).unwrap_or_default().chunks_exact(8);
    let mut taken = numbers.map(u64::from);
    for (number, taken) in numbers.into_iter().zip(&mut taken) {
        if number == ELSEWHERE {
            *taken = u64_at(large.next()?, 0);
        }
    }
    Some(taken)
}

/// The content of the extra field with large numbers, if there is one.
fn zip64(mut extra: &[u8]) -> Option<&[u8]> {
    while let Some((head, rest)) = extra.split_first_chunk::<4>() {
        let len = usize::from(u16_at(head, 2));
        let field = rest.get(..len)?;
        if u16_at(head, 0) == ZIP64 {
            return Some(field);
        }
        extra = &rest[len..];
    }
    None
}

/// The upper half of code page 437, in which older names are.
const CP437: &str = "ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»\
                     ░▒▓│┤╡╢╖╕╣║╗╝╜╛┐└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀\
                     αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u{A0}";

/// A name as text, with `/` between its parts. Some programs write UTF-8
/// without saying so.
fn text(name: &[u8], is_utf8: bool) -> String {
    let text = match std::str::from_utf8(name) {
        Ok(name) => name.to_owned(),
        Err(_) if is_utf8 => String::from_utf8_lossy(name).into_owned(),
        Err(_) => name.iter().map(|byte| cp437(*byte)).collect(),
    };
    text.replace('\\', "/")
}

/// A character of code page 437.
fn cp437(byte: u8) -> char {
    match byte.checked_sub(0x80) {
        None => char::from(byte),
        Some(upper) => CP437.chars().nth(upper.into()).unwrap_or('?'),
    }
}
