//! Groups to CSV, as [RFC 4180] has it: UTF-8 passed through as it is, and
//! fields quoted only where they must be to be read back.
//!
//! [RFC 4180]: https://www.rfc-editor.org/rfc/rfc4180

use crate::copy::{self, Buffer};
use crate::number::Total;
use crate::options::Terminator;

/// The byte order mark of UTF-8, which programs take off a file's start.
const BOM: &[u8] = b"\xEF\xBB\xBF";

/// Numbers below this one have eight digits at most.
const EIGHT_DIGITS: u32 = 100_000_000;

/// The most bytes an `i64` takes: a sign, and three times eight digits, since
/// all eight are written before the first are left out.
const MOST_DIGITS: usize = 1 + 3 * 8;

/// Eight times the digit zero.
const ZEROS: u64 = u64::from_le_bytes([b'0'; 8]);

/// Writes groups as records of CSV into a buffer.
///
/// Parts written by several outputs can be laid end to end; only the first of
/// them has a header. The buffer grows until it is taken or cleared, so watch
/// its length.
#[derive(Clone, Debug)]
pub struct Output {
    /// What lies between two fields.
    delimiter: u8,
    /// What ends a record.
    terminator: Terminator,
    /// The records so far.
    buffer: Buffer,
}

impl Output {
    /// Creates an output with an empty buffer. The delimiter is neither a
    /// quote nor a line break.
    pub fn new(delimiter: u8, terminator: Terminator) -> Output {
        Output { delimiter, terminator, buffer: Buffer::default() }
    }

    /// Writes the names of the columns.
    ///
    /// The header is the start of the file. So a first name that begins with
    /// a byte order mark is quoted, or readers would take the mark off.
    pub fn header(&mut self, names: &[&[u8]]) {
        let start = self.buffer.len();
        match names {
            [first, rest @ ..] if first.starts_with(BOM) => {
                let room = self.buffer.room(most_bytes(first));
                let length = put_quoted(room, first);
                self.buffer.advance(length);
                rest.iter().for_each(|name| self.next_field(name));
            }
            _ => self.fields(names.iter().copied()),
        }
        self.end_record(start);
    }

    /// Writes a group: the fields of its key, at least one, and its totals.
    #[inline]
    pub fn record<'f>(
        &mut self,
        key: impl IntoIterator<Item = &'f [u8]>,
        totals: &[Total],
    ) {
        let start = self.buffer.len();
        self.fields(key.into_iter());
        for total in totals {
            self.total(total);
        }
        self.end_record(start);
    }

    /// Writes the first fields of a record.
    #[inline]
    fn fields<'f>(&mut self, mut fields: impl Iterator<Item = &'f [u8]>) {
        if let Some(first) = fields.next() {
            let room = self.buffer.room(most_bytes(first));
            let length = put_field(room, first, self.delimiter);
            self.buffer.advance(length);
        }
        fields.for_each(|field| self.next_field(field));
    }

    /// Writes a field that is not the first of its record.
    #[inline]
    fn next_field(&mut self, field: &[u8]) {
        let room = self.buffer.room(1 + most_bytes(field));
        room[0] = self.delimiter;
        let length = put_field(&mut room[1..], field, self.delimiter);
        self.buffer.advance(1 + length);
    }

    /// Writes a total, which is not the first field of its record.
    #[inline]
    fn total(&mut self, total: &Total) {
        let Some(value) = total.to_small() else {
            return self.next_field(total.to_string().as_bytes());
        };
        let room = self.buffer.room(1 + MOST_DIGITS);
        room[0] = self.delimiter;
        let length = put_integer(&mut room[1..], value);
        self.buffer.advance(1 + length);
    }

    /// Ends the record that began at `start` in the buffer. One that is empty
    /// so far is a pair of quotes, since readers skip empty lines.
    #[inline]
    fn end_record(&mut self, start: usize) {
        if self.buffer.len() == start {
            let length = put_quoted(self.buffer.room(2), b"");
            self.buffer.advance(length);
        }
        self.buffer.append(self.terminator.as_bytes());
    }

    /// The records written since the buffer was taken or cleared.
    pub fn buffer(&self) -> &[u8] {
        self.buffer.as_bytes()
    }

    /// Takes the buffer out, and leaves an empty one.
    pub fn take(&mut self) -> Vec<u8> {
        self.buffer.take()
    }

    /// Empties the buffer and keeps its memory for the records to come.
    pub fn clear(&mut self) {
        self.buffer.clear();
    }
}

/// Appends a field to `out`, quoted if a delimiter, a quote or a line break is
/// in it.
pub fn write_field(out: &mut Vec<u8>, field: &[u8], delimiter: u8) {
    let start = out.len();
    out.resize(start + most_bytes(field), 0);
    let length = put_field(&mut out[start..], field, delimiter);
    out.truncate(start + length);
}

/// The most bytes a field takes: all of it quotes, and two more around.
#[inline]
fn most_bytes(field: &[u8]) -> usize {
    2 * field.len() + 2
}

/// Writes a field to the start of `to`, quoted if a delimiter, a quote or a
/// line break is in it, and returns how many bytes that took.
#[inline]
fn put_field(to: &mut [u8], field: &[u8], delimiter: u8) -> usize {
    if needs_quotes(field, delimiter) {
        put_quoted(to, field)
    } else {
        copy::put(to, field)
    }
}

/// Whether a field must be quoted. It looks at eight bytes at a time, the last
/// of which overlap those before.
#[inline]
fn needs_quotes(field: &[u8], delimiter: u8) -> bool {
    if let Some(&last) = field.last_chunk::<8>() {
        let words = field.as_chunks::<8>().0;
        return words.iter().any(|&word| any_special(word, delimiter))
            || any_special(last, delimiter);
    }
    if let Some((&first, &last)) = copy::ends::<4>(field) {
        let word = [first, last].as_flattened().try_into();
        return any_special(word.expect("eight bytes"), delimiter);
    }
    let mut word = [0; 8];
    word.iter_mut().zip(field).for_each(|(to, &byte)| *to = byte);
    any_special(word, delimiter)
}

/// Whether a delimiter, a quote or a line break is among these bytes.
#[inline]
fn any_special(bytes: [u8; 8], delimiter: u8) -> bool {
    const ONES: u64 = u64::from_le_bytes([1; 8]);
    const TOPS: u64 = u64::from_le_bytes([0x80; 8]);
    let word = u64::from_le_bytes(bytes);
    // Has its top bit set in some byte if and only if a byte is zero, that is
    // if it was the one looked for.
    let hit = |byte: u8| {
        let others = word ^ (ONES * u64::from(byte));
        others.wrapping_sub(ONES) & !others
    };
    let found = hit(delimiter) | hit(b'"') | hit(b'\r') | hit(b'\n');
    found & TOPS != 0
}

/// Writes a field in quotes, those in it doubled, to the start of `to`, and
/// returns how many bytes that took.
#[cold]
fn put_quoted(to: &mut [u8], field: &[u8]) -> usize {
    to[0] = b'"';
    let mut at = 1;
    for &byte in field {
        to[at] = byte;
        at += 1;
        if byte == b'"' {
            to[at] = byte;
            at += 1;
        }
    }
    to[at] = b'"';
    at + 1
}

/// Writes an integer in plain digits to the start of `to`, and returns how
/// many bytes that took, `MOST_DIGITS` at most.
#[inline]
fn put_integer(to: &mut [u8], value: i64) -> usize {
    to[0] = b'-';
    let sign = usize::from(value < 0);
    sign + put_digits(&mut to[sign..], value.unsigned_abs())
}

/// Writes the digits of an integer, in eights, so that nearly all divisions
/// are of 32 bits.
#[inline]
fn put_digits(to: &mut [u8], value: u64) -> usize {
    if value < u64::from(EIGHT_DIGITS) {
        let digits = eight_digits(value as u32);
        let zeros = u64::from_le_bytes(digits) ^ ZEROS;
        let skip = (zeros.trailing_zeros() / 8).min(7);
        let digits = u64::from_le_bytes(digits) >> (8 * skip);
        to[..8].copy_from_slice(&digits.to_le_bytes());
        return 8 - skip as usize;
    }
    let length = put_digits(to, value / u64::from(EIGHT_DIGITS));
    let low = (value % u64::from(EIGHT_DIGITS)) as u32;
    to[length..length + 8].copy_from_slice(&eight_digits(low));
    length + 8
}

/// The digits of a number below a hundred million, zeros in front.
///
/// Halves, quarters and eighths of the digits are split off in all parts of
/// one word at once, the higher part always going into the lower bits. A
/// division is a multiplication and a shift, exact for numbers so small.
#[inline]
fn eight_digits(value: u32) -> [u8; 8] {
    let (high, low) = (u64::from(value / 10_000), u64::from(value % 10_000));
    let fours = high | (low << 32);
    let hundreds = ((fours * 5243) >> 19) & 0x0000_007F_0000_007F;
    let twos = hundreds | (fours - hundreds * 100) << 16;
    let tens = ((twos * 103) >> 10) & 0x000F_000F_000F_000F;
    let ones = tens | (twos - tens * 10) << 8;
    (ones | ZEROS).to_le_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Checks what one record without totals is written as, and that readers
    /// give it back.
    fn check(fields: &[&str], expected: &str) {
        let fields: Vec<&[u8]> = fields.iter().map(|f| f.as_bytes()).collect();
        let mut output = Output::new(b',', Terminator::Lf);
        output.record(fields.iter().copied(), &[]);
        assert_eq!(String::from_utf8_lossy(output.buffer()), expected);
        assert_eq!(read(output.buffer(), b','), [fields]);
    }

    /// Reads records with the csv crate.
    fn read(bytes: &[u8], delimiter: u8) -> Vec<Vec<Vec<u8>>> {
        let mut reader = csv::ReaderBuilder::new();
        reader.has_headers(false).flexible(true).delimiter(delimiter);
        let records = reader.from_reader(bytes).into_byte_records();
        let fields = |record: csv::ByteRecord| {
            record.iter().map(<[u8]>::to_vec).collect()
        };
        records.map(|record| fields(record.unwrap())).collect()
    }

    #[test]
    fn quoted_only_where_needed() {
        check(&["a", "b"], "a,b\n");
        check(&["a b", " ", "'"], "a b, ,'\n");
        check(&["a,b", "c"], "\"a,b\",c\n");
        check(&["12\" Mix", "\""], "\"12\"\" Mix\",\"\"\"\"\n");
        check(&["a\nb", "\r", "a\r\n"], "\"a\nb\",\"\r\",\"a\r\n\"\n");
        check(&["\u{1F3B5}", "a;b\t"], "\u{1F3B5},a;b\t\n");
        check(
            &["a long field, its comma after 16 bytes"],
            "\"a long field, its comma after 16 bytes\"\n",
        );
    }

    #[test]
    fn empty_fields() {
        check(&[""], "\"\"\n");
        check(&["", ""], ",\n");
        check(&["", "a", ""], ",a,\n");
    }

    #[test]
    fn not_utf8() {
        let mut output = Output::new(b',', Terminator::Lf);
        output.record([&b"\xFF\xFE"[..]], &[]);
        assert_eq!(output.take(), b"\xFF\xFE\n");
    }

    #[test]
    fn delimiters_and_terminators() {
        let mut output = Output::new(b';', Terminator::CrLf);
        output.header(&[b"a;b", b"c,d"]);
        output.record([&b"e"[..], b""], &[Total::from(-5), Total::zero()]);
        output.record([&b""[..]], &[Total::from(7)]);
        assert_eq!(output.buffer(), b"\"a;b\";c,d\r\ne;;-5;0\r\n;7\r\n");
    }

    #[test]
    fn takes_and_clears() {
        let mut output = Output::new(b',', Terminator::Lf);
        output.record([&b"a"[..]], &[]);
        assert_eq!(output.take(), b"a\n");
        assert_eq!(output.buffer(), b"");
        output.record([&b"b"[..]], &[]);
        output.clear();
        output.record([&b"c"[..]], &[]);
        assert_eq!(output.buffer(), b"c\n");
    }

    /// csv-core's writer leaves such a name unquoted, and its reader takes
    /// the mark off.
    #[test]
    fn byte_order_mark_in_the_header() {
        for names in [&[&b"\xEF\xBB\xBFSong"[..], b"Date"][..], &[BOM]] {
            let mut output = Output::new(b',', Terminator::Lf);
            output.header(names);
            assert_eq!(read(output.buffer(), b','), [names]);
        }
    }

    /// What a part begins with must not depend on where parts are cut.
    #[test]
    fn byte_order_mark_in_a_record() {
        check_unread(&[BOM], b"\xEF\xBB\xBF\n");
    }

    fn check_unread(fields: &[&[u8]], expected: &[u8]) {
        let mut output = Output::new(b',', Terminator::Lf);
        output.record(fields.iter().copied(), &[]);
        assert_eq!(output.buffer(), expected);
    }

    #[test]
    fn totals_at_the_edges() {
        let mut values = vec!["0".to_owned()];
        for exponent in 0..25 {
            let zeros = "0".repeat(exponent);
            let nines = "9".repeat(exponent + 1);
            values.extend([format!("1{zeros}"), format!("-1{zeros}")]);
            values.extend([format!("-{nines}"), nines]);
        }
        values.extend([i64::MAX.to_string(), i64::MIN.to_string()]);
        for value in values {
            let mut output = Output::new(b',', Terminator::Lf);
            output.total(&value.parse().unwrap());
            let expected = format!(",{value}").into_bytes();
            assert_eq!(output.take(), expected);
        }
    }

    #[test]
    fn eight_digits_at_once() {
        let edges = [0, 9, 99, 9_999, 10_000, 99_999_999];
        for value in edges.into_iter().chain((0..EIGHT_DIGITS).step_by(997)) {
            let expected = format!("{value:08}").into_bytes();
            assert_eq!(eight_digits(value).as_slice(), expected);
        }
    }

    /// Writes a record with csv-core.
    fn write_with_csv_core(fields: &[Vec<u8>], delimiter: u8) -> Vec<u8> {
        let mut writer = csv::WriterBuilder::new();
        writer.delimiter(delimiter);
        let mut writer = writer.from_writer(Vec::new());
        writer.write_record(fields).unwrap();
        writer.into_inner().unwrap()
    }

    /// Records of fields with many special bytes.
    fn records() -> impl Strategy<Value = Vec<Vec<Vec<u8>>>> {
        let bytes = b"ab ,;\"\r\n\t\xEF\xBB\xBF\0".to_vec();
        let byte = prop::sample::select(bytes);
        let field = prop::collection::vec(byte, 0..24);
        let record = prop::collection::vec(field, 1..4);
        prop::collection::vec(record, 0..8)
    }

    proptest! {
        #[test]
        fn small_totals(value: i64, shift in 0..64u32) {
            let (value, mut to) = (value >> shift, [0; MOST_DIGITS]);
            let length = put_integer(&mut to, value);
            let expected = value.to_string().into_bytes();
            prop_assert_eq!(&to[..length], expected);
        }

        #[test]
        fn as_csv_core_writes(
            records in records(),
            delimiter in prop::sample::select(vec![b',', b';', b'\t']),
        ) {
            let mut output = Output::new(delimiter, Terminator::Lf);
            for record in &records {
                output.clear();
                output.record(record.iter().map(|field| &field[..]), &[]);
                let expected = write_with_csv_core(record, delimiter);
                prop_assert_eq!(output.buffer(), &expected[..]);
            }
        }

        #[test]
        fn records_come_back(
            header in prop::collection::vec("[a\u{FEFF},\"\n]{0,3}", 1..4),
            records in records(),
            delimiter in prop::sample::select(vec![b',', b';', b'\t']),
            crlf: bool,
        ) {
            let terminator =
                if crlf { Terminator::CrLf } else { Terminator::Lf };
            let mut output = Output::new(delimiter, terminator);
            let names: Vec<_> = header.iter().map(String::as_bytes).collect();
            output.header(&names);
            for record in &records {
                output.record(record.iter().map(|field| &field[..]), &[]);
            }
            let mut expected = records;
            expected.insert(0, names.iter().map(|n| n.to_vec()).collect());
            prop_assert_eq!(read(output.buffer(), delimiter), expected);
        }
    }
}
