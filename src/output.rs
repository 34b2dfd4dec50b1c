//! Groups to CSV, as [RFC 4180] has it: UTF-8 passed through as it is, and
//! fields quoted only where they must be to be read back.
//!
//! [RFC 4180]: https://www.rfc-editor.org/rfc/rfc4180

use crate::number::Total;
use crate::options::Terminator;

/// The byte order mark of UTF-8, which programs take off a file's start.
const BOM: &[u8] = b"\xEF\xBB\xBF";

/// Ten to the power of nine: numbers below it are quick to divide in wasm.
const BILLION: u64 = 1_000_000_000;

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
    buffer: Vec<u8>,
}

impl Output {
    /// Creates an output with an empty buffer. The delimiter is neither a
    /// quote nor a line break.
    pub fn new(delimiter: u8, terminator: Terminator) -> Output {
        Output { delimiter, terminator, buffer: Vec::new() }
    }

    /// Writes the names of the columns.
    ///
    /// The header is the start of the file. So a first name that begins with
    /// a byte order mark is quoted, or readers would take the mark off.
    pub fn header(&mut self, names: &[&[u8]]) {
        let start = self.buffer.len();
        match names {
            [first, rest @ ..] if first.starts_with(BOM) => {
                write_quoted(&mut self.buffer, first);
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
            self.buffer.push(self.delimiter);
            write_total(&mut self.buffer, total);
        }
        self.end_record(start);
    }

    /// Writes the first fields of a record.
    #[inline]
    fn fields<'f>(&mut self, mut fields: impl Iterator<Item = &'f [u8]>) {
        if let Some(first) = fields.next() {
            write_field(&mut self.buffer, first, self.delimiter);
        }
        fields.for_each(|field| self.next_field(field));
    }

    /// Writes a field that is not the first of its record.
    #[inline]
    fn next_field(&mut self, field: &[u8]) {
        self.buffer.push(self.delimiter);
        write_field(&mut self.buffer, field, self.delimiter);
    }

    /// Ends the record that began at `start` in the buffer. One that is empty
    /// so far is a pair of quotes, since readers skip empty lines.
    #[inline]
    fn end_record(&mut self, start: usize) {
        if self.buffer.len() == start {
            self.buffer.extend_from_slice(b"\"\"");
        }
        self.buffer.extend_from_slice(self.terminator.as_bytes());
    }

    /// The records written since the buffer was taken or cleared.
    pub fn buffer(&self) -> &[u8] {
        &self.buffer
    }

    /// Takes the buffer out, and leaves an empty one.
    pub fn take(&mut self) -> Vec<u8> {
        std::mem::take(&mut self.buffer)
    }

    /// Empties the buffer and keeps its memory for the records to come.
    pub fn clear(&mut self) {
        self.buffer.clear();
    }
}

/// Appends a field to `out`, quoted if a delimiter, a quote or a line break is
/// in it.
#[inline]
pub fn write_field(out: &mut Vec<u8>, field: &[u8], delimiter: u8) {
    if needs_quotes(field, delimiter) {
        write_quoted(out, field);
    } else {
        out.extend_from_slice(field);
    }
}

/// Whether a field must be quoted. It looks at all bytes rather than stop at
/// the first hit, so that the compiler can look at many at once.
#[inline]
fn needs_quotes(field: &[u8], delimiter: u8) -> bool {
    field.iter().fold(false, |needs, &byte| {
        let line_break = (byte == b'\r') | (byte == b'\n');
        needs | (byte == delimiter) | (byte == b'"') | line_break
    })
}

/// Appends a field in quotes, those in it doubled.
#[cold]
fn write_quoted(out: &mut Vec<u8>, field: &[u8]) {
    out.push(b'"');
    for &byte in field {
        if byte == b'"' {
            out.push(b'"');
        }
        out.push(byte);
    }
    out.push(b'"');
}

/// Appends a total in plain digits.
#[inline]
fn write_total(out: &mut Vec<u8>, total: &Total) {
    let Some(value) = total.to_small() else {
        out.extend_from_slice(total.to_string().as_bytes());
        return;
    };
    if value < 0 {
        out.push(b'-');
    }
    write_integer(out, value.unsigned_abs());
}

/// Appends an integer in plain digits.
#[inline]
fn write_integer(out: &mut Vec<u8>, value: u64) {
    let mut digits = [b'0'; 20];
    let mut at = digits.len();
    let mut rest = value;
    while rest >= BILLION {
        write_digits(&mut digits[..at], (rest % BILLION) as u32);
        rest /= BILLION;
        at -= 9;
    }
    at = write_digits(&mut digits[..at], rest as u32);
    out.extend_from_slice(&digits[at.min(19)..]);
}

/// Writes the digits of `value` so that they end where `digits` ends, and
/// returns where they begin: at the end for a zero.
#[inline]
fn write_digits(digits: &mut [u8], mut value: u32) -> usize {
    let mut at = digits.len();
    while value > 0 {
        at -= 1;
        digits[at] = b'0' + (value % 10) as u8;
        value /= 10;
    }
    at
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
            let mut out = Vec::new();
            write_total(&mut out, &value.parse().unwrap());
            assert_eq!(String::from_utf8(out), Ok(value));
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
            let (value, mut out) = (value >> shift, Vec::new());
            write_total(&mut out, &Total::from(value));
            prop_assert_eq!(out, value.to_string().into_bytes());
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
