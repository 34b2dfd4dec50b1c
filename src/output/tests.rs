//! Tests of what is written, which readers give back.

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
    let fields =
        |record: csv::ByteRecord| record.iter().map(<[u8]>::to_vec).collect();
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
    let fields = ["", "a", "=a", "a,b", "long enough to be copied in parts"];
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
    let measures = Measures { count: true, min: true, max: true, mean: true };
    let figures = Figures { places: 1, measures, ..2.into() };
    let format = OutputFormat { mean_places: 2, ..OutputFormat::default() };
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
    let format = OutputFormat { neutralise: true, ..OutputFormat::default() };
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
