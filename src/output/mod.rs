//! Groups to CSV, as [RFC 4180] has it: UTF-8 passed through as it is, and
//! fields quoted only where they must be to be read back.
//!
//! [RFC 4180]: https://www.rfc-editor.org/rfc/rfc4180

mod digits;

use crate::bytes;
use crate::copy::{self, Buffer};
use crate::decimal;
use crate::figures::Figures;
use crate::options::{Measures, OutputFormat, Terminator};
use crate::total::Total;
use digits::{MOST_DIGITS, put_integer};

/// The byte order mark of UTF-8, which programs take off a file's start.
const BOM: &[u8] = b"\xEF\xBB\xBF";

/// Writes groups as records of CSV into a buffer.
///
/// Parts written by several outputs can be laid end to end; only the first of
/// them has a header. The buffer grows until it is taken or cleared, so watch
/// its length.
///
/// A field of a key, and a name in the header, is a *formula* if it begins with
/// `=`, `+`, `-`, `@`, a tab or a carriage return: a spreadsheet would run it.
/// Records that hold one are counted, and on request an apostrophe goes before
/// it. Numbers are none.
#[derive(Clone, Debug)]
pub struct Output {
    /// How it is written.
    format: OutputFormat,
    /// What the totals of a group are.
    figures: Figures,
    /// Whether they are sums of whole numbers and nothing else.
    plain: bool,
    /// The records so far.
    buffer: Buffer,
    /// Whether the record that is being written has a formula.
    has_formula: bool,
    /// How many had one.
    formulas: u64,
    /// A number while it is written.
    number: Vec<u8>,
    /// The first fields of each record of the current row.
    firsts: Buffer,
    /// Whether one of them is a formula.
    firsts_have_formula: bool,
}

impl Output {
    /// Creates an output of sums of whole numbers, with an empty buffer. The
    /// delimiter is neither a quote nor a line break.
    pub fn new(delimiter: u8, terminator: Terminator) -> Output {
        let plain = OutputFormat::default();
        let format = OutputFormat { delimiter, terminator, ..plain };
        Output::with_format(format, 1.into())
    }

    /// Creates an output of any figures in any format, with an empty buffer.
    pub fn with_format(format: OutputFormat, figures: Figures) -> Output {
        let Figures { places, measures, .. } = figures;
        Output {
            format,
            figures,
            plain: places == 0 && measures == Measures::default(),
            buffer: Buffer::default(),
            has_formula: false,
            formulas: 0,
            number: Vec::new(),
            firsts: Buffer::default(),
            firsts_have_formula: false,
        }
    }

    /// Writes the names of the columns, after a byte order mark if there is to
    /// be one.
    ///
    /// The header is the start of the file. So a first name that begins with
    /// a byte order mark is quoted, or readers would take the mark off.
    pub fn header(&mut self, names: &[&[u8]]) {
        if self.format.bom {
            self.buffer.append(BOM);
        }
        let start = self.buffer.len();
        match names {
            [first, rest @ ..] if first.starts_with(BOM) => {
                let room = self.buffer.room(most_bytes(first));
                let length = put_quoted(room, first);
                self.buffer.advance(length);
                rest.iter().for_each(|name| self.next_key(name));
            }
            _ => self.keys(names.iter().copied()),
        }
        self.end_record(start);
    }

    /// Writes a group: the fields of its key, at least one, and its totals.
    #[inline(always)]
    pub fn record<'f>(
        &mut self,
        key: impl IntoIterator<Item = &'f [u8]>,
        totals: &[Total],
    ) {
        let start = self.buffer.len();
        self.keys(key.into_iter());
        self.figures(totals);
        self.end_record(start);
    }

    /// Begins a row: records whose keys have these fields, at least one, before
    /// the last.
    pub fn begin_row<'f>(&mut self, firsts: impl Iterator<Item = &'f [u8]>) {
        let start = self.buffer.len();
        self.keys(firsts);
        self.firsts.clear();
        self.firsts.append(&self.buffer.as_bytes()[start..]);
        self.buffer.truncate(start);
        self.firsts_have_formula = std::mem::take(&mut self.has_formula);
    }

    /// Writes a group of the row that was begun: the last field of its key and
    /// its totals.
    #[inline(always)]
    pub fn record_in_row(&mut self, last: &[u8], totals: &[Total]) {
        let start = self.buffer.len();
        self.has_formula = self.firsts_have_formula;
        self.buffer.append(self.firsts.as_bytes());
        self.next_key(last);
        self.figures(totals);
        self.end_record(start);
    }

    /// Writes the figures of a group.
    #[inline(always)]
    fn figures(&mut self, totals: &[Total]) {
        if !self.plain {
            return self.measured(totals);
        }
        for total in totals {
            self.total(total);
        }
    }

    /// Writes the first fields of a record.
    #[inline(always)]
    fn keys<'f>(&mut self, mut fields: impl Iterator<Item = &'f [u8]>) {
        if let Some(first) = fields.next() {
            match is_formula(first) {
                true => self.formula(first, false),
                false => self.first_field(first),
            }
        }
        fields.for_each(|field| self.next_key(field));
    }

    /// Writes a field of the key that is not the first of its record.
    #[inline(always)]
    fn next_key(&mut self, field: &[u8]) {
        match is_formula(field) {
            true => self.formula(field, true),
            false => self.next_field(field),
        }
    }

    /// Writes a field of the key that is a formula, the first one or a later
    /// one.
    #[cold]
    fn formula(&mut self, field: &[u8], is_later: bool) {
        self.has_formula = true;
        let apostrophe: &[u8] =
            if self.format.neutralise { b"'" } else { b"" };
        let field = [apostrophe, field].concat();
        match is_later {
            true => self.next_field(&field),
            false => self.first_field(&field),
        }
    }

    /// Writes the first field of a record.
    #[inline(always)]
    fn first_field(&mut self, field: &[u8]) {
        let room = self.buffer.room(most_bytes(field));
        let length = put_field(room, field, self.format.delimiter);
        self.buffer.advance(length);
    }

    /// Writes a field that is not the first of its record.
    #[inline(always)]
    fn next_field(&mut self, field: &[u8]) {
        let room = self.buffer.room(1 + most_bytes(field));
        room[0] = self.format.delimiter;
        let length = put_field(&mut room[1..], field, self.format.delimiter);
        self.buffer.advance(1 + length);
    }

    /// Writes the figures of a group: for each total column its sum, and then
    /// what is asked for of its minimum, maximum and mean; and at the end the
    /// number of records, if that is.
    fn measured(&mut self, totals: &[Total]) {
        let (format, figures) = (self.format, self.figures);
        let count = figures.count().map(|place| &totals[place]);
        for column in 0..figures.totals {
            let limits = [figures.min(column), figures.max(column)];
            for place in
                [column].into_iter().chain(limits.into_iter().flatten())
            {
                self.decimal(&totals[place], figures.places);
            }
            if let (true, Some(count)) = (figures.measures.mean, count) {
                let (sum, places) = (&totals[column], format.mean_places);
                let mean = decimal::mean(sum, count, figures.places, places);
                self.decimal(&mean, places);
            }
        }
        if let (true, Some(count)) = (figures.measures.count, count) {
            self.total(count);
        }
    }

    /// Writes a number with decimal places, which is not the first field of
    /// its record. It is quoted if its mark is the delimiter.
    fn decimal(&mut self, total: &Total, places: u8) {
        if places == 0 {
            return self.total(total);
        }
        let mut number = std::mem::take(&mut self.number);
        let mut room = [0; MOST_DIGITS];
        let large;
        let digits = match total.to_small() {
            Some(value) => {
                let length = put_integer(&mut room, value);
                &room[..length]
            }
            None => {
                large = total.to_string();
                large.as_bytes()
            }
        };
        number.clear();
        decimal::push(digits, places, self.format.decimal_mark, &mut number);
        self.next_field(&number);
        self.number = number;
    }

    /// Writes a total, which is not the first field of its record.
    #[inline(always)]
    fn total(&mut self, total: &Total) {
        let Some(value) = total.to_small() else {
            return self.next_field(total.to_string().as_bytes());
        };
        let room = self.buffer.room(1 + MOST_DIGITS);
        room[0] = self.format.delimiter;
        let length = put_integer(&mut room[1..], value);
        self.buffer.advance(1 + length);
    }

    /// Ends the record that began at `start` in the buffer. One that is empty
    /// so far is a pair of quotes, since readers skip empty lines.
    #[inline(always)]
    fn end_record(&mut self, start: usize) {
        if self.buffer.len() == start {
            let length = put_quoted(self.buffer.room(2), b"");
            self.buffer.advance(length);
        }
        self.buffer.append(self.format.terminator.as_bytes());
        self.formulas += u64::from(self.has_formula);
        self.has_formula = false;
    }

    /// How many records have a formula, the header being one too.
    pub fn formulas(&self) -> u64 {
        self.formulas
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

/// The names of a result's columns behind those of the keys: `names` are the
/// total columns' own, `sums` those that their sums have.
pub fn figure_names(
    figures: Figures,
    names: &[String],
    sums: &[String],
) -> Vec<String> {
    let Measures { count, min, max, mean } = figures.measures;
    let mut all = Vec::new();
    for (name, sum) in names.iter().zip(sums) {
        all.push(sum.clone());
        for (asked, what) in
            [(min, "Minimum"), (max, "Maximum"), (mean, "Mean")]
        {
            if asked {
                all.push(format!("{what} {name}"));
            }
        }
    }
    if count {
        all.push("Number of Records".to_owned());
    }
    all
}

/// Whether a spreadsheet would run a field.
#[inline]
fn is_formula(field: &[u8]) -> bool {
    matches!(field.first(), Some(b'=' | b'+' | b'-' | b'@' | b'\t' | b'\r'))
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
#[inline(always)]
fn put_field(to: &mut [u8], field: &[u8], delimiter: u8) -> usize {
    if needs_quotes(field, delimiter) {
        put_quoted(to, field)
    } else {
        copy::put(to, field)
    }
}

/// Whether a field must be quoted.
#[inline(always)]
fn needs_quotes(field: &[u8], delimiter: u8) -> bool {
    bytes::has_any(field, [delimiter, b'"', b'\r', b'\n'])
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
    fn rows_are_records() {
        let format = OutputFormat { neutralise: true, ..Default::default() };
        let totals = [Total::from(-5)];
        let fields =
            ["", "a", "=a", "a,b", "long enough to be copied in parts"];
        let [mut rows, mut records] =
            [(); 2].map(|()| Output::with_format(format, 1.into()));
        for firsts in [&fields[..1], &fields[1..3], &fields[3..]] {
            let firsts = firsts.iter().map(|field| field.as_bytes());
            rows.begin_row(firsts.clone());
            for last in fields {
                rows.record_in_row(last.as_bytes(), &totals);
                let key = firsts.clone().chain([last.as_bytes()]);
                records.record(key, &totals);
            }
        }
        assert_eq!(rows.formulas(), 7);
        assert_eq!(rows.formulas(), records.formulas());
        assert_eq!(rows.take(), records.take());
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

    /// Checks what a header and groups with keys of one field are written as.
    fn check_format(
        format: OutputFormat,
        figures: Figures,
        groups: &[(&str, &[&str])],
        expected: &str,
    ) -> Output {
        let mut output = Output::with_format(format, figures);
        for (key, totals) in groups {
            let total = |text: &&str| text.parse().unwrap();
            let totals: Vec<Total> = totals.iter().map(total).collect();
            output.record([key.as_bytes()], &totals);
        }
        assert_eq!(String::from_utf8_lossy(output.buffer()), expected);
        output
    }

    #[test]
    fn as_european_spreadsheets_open_it() {
        let format = OutputFormat {
            delimiter: b';',
            terminator: Terminator::CrLf,
            bom: true,
            decimal_mark: b',',
            ..OutputFormat::default()
        };
        let figures = Figures { places: 2, ..2.into() };
        let mut output = Output::with_format(format, figures);
        output.header(&[b"Song;", b"Total Plays", b"Total Revenue"]);
        let totals = ["300", "-1205"].map(|total| total.parse().unwrap());
        output.record([&b"a, b"[..]], &totals);
        output.record([&b"c"[..]], &totals);
        let expected = "\u{FEFF}\"Song;\";Total Plays;Total Revenue\r\n\
                        a, b;3;-12,05\r\nc;3;-12,05\r\n";
        assert_eq!(String::from_utf8_lossy(output.buffer()), expected);
    }

    #[test]
    fn decimal_marks_that_are_delimiters() {
        let format =
            OutputFormat { decimal_mark: b',', ..OutputFormat::default() };
        let figures = Figures { places: 2, ..1.into() };
        let large = "100000000000000000000005";
        check_format(
            format,
            figures,
            &[("a", &["-150"]), ("b", &["200"]), ("c", &[large])],
            "a,\"-1,5\"\nb,2\nc,\"1000000000000000000000,05\"\n",
        );
    }

    #[test]
    fn measures_beside_the_sums() {
        let measures =
            Measures { count: true, min: true, max: true, mean: true };
        let figures = Figures { places: 1, measures, ..2.into() };
        let format =
            OutputFormat { mean_places: 2, ..OutputFormat::default() };
        // Sums, the number of records, minima, maxima.
        let totals: &[&str] = &["100", "-5", "3", "15", "-10", "70", "10"];
        check_format(
            format,
            figures,
            &[("a", totals)],
            "a,10,1.5,7,3.33,-0.5,-1,1,-0.17,3\n",
        );
        let names = ["A", "B"].map(str::to_owned);
        let sums = ["Total A", "Total B"].map(str::to_owned);
        assert_eq!(
            figure_names(figures, &names, &sums).join(","),
            "Total A,Minimum A,Maximum A,Mean A,\
             Total B,Minimum B,Maximum B,Mean B,Number of Records"
        );
        assert_eq!(figure_names(2.into(), &names, &sums), sums);
    }

    #[test]
    fn a_mean_alone_needs_no_count_beside_it() {
        let measures = Measures { mean: true, ..Measures::default() };
        let figures = Figures { measures, ..1.into() };
        check_format(
            OutputFormat::default(),
            figures,
            &[("a", &["-10", "4"]), ("b", &["8", "4"])],
            "a,-10,-2.5\nb,8,2\n",
        );
    }

    #[test]
    fn formulas_are_counted_and_neutralised() {
        let groups: [(&str, &[&str]); 9] = [
            ("=1+1", &["-1"]),
            ("+1", &["1"]),
            ("-1", &["1"]),
            ("@a", &["1"]),
            ("\ta", &["1"]),
            ("\ra", &["1"]),
            ("=\"a,b\"", &["1"]),
            (" =1", &["1"]),
            ("a=-1", &["1"]),
        ];
        let plain = OutputFormat::default();
        let output = check_format(
            plain,
            1.into(),
            &groups,
            "=1+1,-1\n+1,1\n-1,1\n@a,1\n\ta,1\n\"\ra\",1\n\
             \"=\"\"a,b\"\"\",1\n =1,1\na=-1,1\n",
        );
        assert_eq!(output.formulas(), 7);
        let output = check_format(
            OutputFormat { neutralise: true, ..plain },
            1.into(),
            &groups,
            "'=1+1,-1\n'+1,1\n'-1,1\n'@a,1\n'\ta,1\n\"'\ra\",1\n\
             \"'=\"\"a,b\"\"\",1\n =1,1\na=-1,1\n",
        );
        assert_eq!(output.formulas(), 7);
    }

    #[test]
    fn records_with_formulas_are_counted_once() {
        let format =
            OutputFormat { neutralise: true, ..OutputFormat::default() };
        let mut output = Output::with_format(format, 1.into());
        output.header(&[b"=Song", b"-Date", b"Total"]);
        output.record([&b"a"[..], b"=b"], &[Total::from(-1)]);
        output.record([&b"=a"[..], b"-b"], &[Total::from(1)]);
        output.record([&b"a"[..], b"b"], &[Total::from(1)]);
        let expected = b"'=Song,'-Date,Total\na,'=b,-1\n'=a,'-b,1\na,b,1\n";
        assert_eq!(output.buffer(), expected);
        assert_eq!(output.formulas(), 3);
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
