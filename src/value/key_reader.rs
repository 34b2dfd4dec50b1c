//! The fields of a key column to keys, each distinct field once.

use super::key_text;
use super::normal_form::Normalize;
use crate::dictionary::Dictionary;
use crate::options::KeyFormat;
use crate::record::Span;
use crate::reject::Reason;
use crate::split::FileFormat;
use crate::text;

/// What is remembered of a column, in bytes: some hundred thousand fields.
/// Beyond that all is forgotten, so that a column of distinct fields takes no
/// more.
const MEMORY: usize = 8 << 20;

/// Understands the fields of a key column. Songs and dates come again and
/// again, so it remembers what it made of them.
#[derive(Debug)]
pub struct KeyReader<'f> {
    file: &'f FileFormat,
    format: KeyFormat,
    normalize: Normalize,
    /// The fields seen, as they stand in the file.
    fields: Dictionary,
    /// For each of them where its key lies in `keys`, or why it has none.
    found: Vec<Result<Span, Reason>>,
    keys: Vec<u8>,
}

impl<'f> KeyReader<'f> {
    /// Creates a reader for a column of a file that has this format.
    pub fn new(
        file: &'f FileFormat,
        format: KeyFormat,
        normalize: Normalize,
    ) -> KeyReader<'f> {
        KeyReader {
            file,
            format,
            normalize,
            fields: Dictionary::new(),
            found: Vec::new(),
            keys: Vec::new(),
        }
    }

    /// Understands a field as it stands in the file, and returns where its
    /// key lies, for [`KeyReader::key`], until the next call.
    ///
    /// # Errors
    ///
    /// [`Reason::BadEncoding`] if it isn't text, [`Reason::BadDate`] if it is
    /// to be a date and isn't.
    ///
    /// # Complexity
    ///
    /// Linear in the field's length.
    pub fn read(&mut self, field: &[u8]) -> Result<Span, Reason> {
        if self.fields.memory() + self.keys.capacity() > MEMORY {
            self.forget();
        }
        let id = self.fields.id(field) as usize;
        if id == self.found.len() {
            let found = self.understand(field);
            self.found.push(found);
        }
        self.found[id]
    }

    /// The key that lies there.
    pub fn key(&self, place: Span) -> &[u8] {
        &self.keys[place.range()]
    }

    /// Understands a field that was not seen before.
    fn understand(&mut self, field: &[u8]) -> Result<Span, Reason> {
        let text = text::decode(self.file.code_page.as_ref(), field)
            .ok_or(Reason::BadEncoding)?;
        let text = std::str::from_utf8(&text).expect("decoded text");
        let (format, dates) = (&self.format, self.file.dates);
        let start = self.keys.len();
        key_text::write(text, format, dates, self.normalize, &mut self.keys)?;
        Ok(Span::new(start, self.keys.len()))
    }

    /// Forgets all fields.
    fn forget(&mut self) {
        self.fields = Dictionary::new();
        self.found = Vec::new();
        self.keys = Vec::new();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::options::{DateOrder, DateUnit};
    use crate::reader::Format;
    use crate::value::date::DateFormat;
    use crate::value::normal_form::nfc;

    fn file() -> FileFormat {
        let (delimiter, quote, fields, limit) = (b',', b'"', 2, 100);
        let format = Format { delimiter, quote, fields, limit };
        FileFormat {
            dates: DateFormat {
                order: DateOrder::Mdy,
                ..DateFormat::default()
            },
            ..FileFormat::plain(format, vec![0], vec![1])
        }
    }

    #[test]
    fn what_is_remembered_is_what_was_understood() {
        let file = file();
        let date = Some(DateUnit::Month);
        let format = KeyFormat { date, ..KeyFormat::default() };
        let mut reader = KeyReader::new(&file, format, nfc);
        for _ in 0..3 {
            let place = reader.read(b"3/4/2024").unwrap();
            assert_eq!(reader.key(place), b"2024-03");
            assert_eq!(reader.read(b"never"), Err(Reason::BadDate));
            assert_eq!(reader.read(b"\xFF"), Err(Reason::BadEncoding));
        }
        assert_eq!(reader.found.len(), 3);
    }

    #[test]
    fn memory_is_bounded() {
        let file = file();
        let format = KeyFormat { fold: true, ..KeyFormat::default() };
        let mut reader = KeyReader::new(&file, format, nfc);
        for n in 0..300_000_u32 {
            let field = format!("SONG {n}");
            let place = reader.read(field.as_bytes()).unwrap();
            let key = field.to_lowercase();
            assert_eq!(reader.key(place), key.as_bytes());
            assert!(reader.fields.memory() < 2 * MEMORY);
        }
        assert!(reader.found.len() < 300_000);
    }
}
