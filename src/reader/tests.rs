use proptest::prelude::*;

use super::*;

const FORMAT: Format =
    Format { delimiter: b',', quote: b'"', fields: 2, limit: 40 };

/// Reads the input in chunks of `size` bytes and describes each unit on a
/// line: its start, its length, its breaks and what it is.
fn describe(format: Format, input: &[u8], size: usize) -> Vec<String> {
    let mut reader = RecordReader::new(format, 0);
    let mut chunks = input.chunks(size);
    let mut units = Vec::new();
    loop {
        match reader.next() {
            Next::Unit(unit) => units.push(describe_unit(&unit, input)),
            Next::More => match chunks.next() {
                Some(chunk) => reader.push(chunk),
                None => reader.finish(),
            },
            Next::End => break,
        }
    }
    assert_eq!(reader.position(), input.len() as u64);
    units
}

fn describe_unit(unit: &Unit<'_>, input: &[u8]) -> String {
    let whole = &input[unit.start as usize..unit.end as usize];
    let raw = line::trim(whole);
    let kept = if unit.cut { &raw[..unit.raw.len()] } else { raw };
    assert_eq!(unit.raw, kept, "the raw bytes are those of the file");
    let what = match unit.kind {
        UnitKind::Blank => "blank".to_owned(),
        UnitKind::Refused(reason) => reason.code().to_owned(),
        UnitKind::Record(record) => {
            let show = |f: &[u8]| String::from_utf8_lossy(f).into_owned();
            record.iter().map(show).collect::<Vec<_>>().join("|")
        }
    };
    let cut = if unit.cut { " cut" } else { "" };
    let breaks = unit.breaks;
    format!("{}+{} {breaks} {what:?}{cut}", unit.start, whole.len())
}

/// Checks the units of an input, at every chunk size.
fn check(input: &str, want: &[&str]) {
    for size in [1, 2, 3, 7, input.len().max(1)] {
        let found = describe(FORMAT, input.as_bytes(), size);
        assert_eq!(found, want, "chunks of {size}: {input:?}");
    }
}

macro_rules! rows {
    ($($name:ident: $input:expr => [$($want:expr),* $(,)?],)*) => {
        $(#[test] fn $name() { check($input, &[$($want),*]) })*
    };
}

rows! {
    nothing: "" => [],
    records: "a,b\nc,d\n" => [r#"0+4 1 "a|b""#, r#"4+4 1 "c|d""#],
    no_terminator: "a,b" => [r#"0+3 0 "a|b""#],
    crlf: "a,b\r\nc,d\r\n" => [r#"0+5 1 "a|b""#, r#"5+5 1 "c|d""#],
    lone_cr: "a,b\rc,d\r" => [r#"0+4 1 "a|b""#, r#"4+4 1 "c|d""#],
    mixed_terminators: "a\r\nb\nc\rd" => [
        r#"0+3 1 "a""#, r#"3+2 1 "b""#, r#"5+2 1 "c""#, r#"7+1 0 "d""#,
    ],
    blank_lines: "\n\r\n\ra,b\n\n" => [
        r#"0+1 1 "blank""#, r#"1+2 1 "blank""#, r#"3+1 1 "blank""#,
        r#"4+4 1 "a|b""#, r#"8+1 1 "blank""#,
    ],
    quoted: "\"a\",\"b,c\"\n" => [r#"0+10 1 "a|b,c""#],
    doubled_quotes: "\"a\"\"\",b\n" => [r#"0+8 1 "a\"|b""#],
    quoted_line_break: "\"a\r\nb\",c\n" => [r#"0+9 2 "a\r\nb|c""#],
    only_delimiters: ",\n" => [r#"0+2 1 "|""#],
    empty_quotes: "\"\"\n" => [r#"0+3 1 """#],
    spaces_belong_to_the_field: " a , b \n" => [r#"0+8 1 " a | b ""#],
    inch_mark: "12\" Mix,b\n" => [r#"0+10 1 "12\" Mix|b""#],
    mark_in_the_middle: "a,b\n\u{FEFF}c,d\n" => [
        r#"0+4 1 "a|b""#, "4+7 1 \"\\u{feff}c|d\"",
    ],
    stray_quote_on_one_line: "\"a\"b,c\nd,e\n" => [
        r#"0+7 1 "ab|c""#, r#"7+4 1 "d|e""#,
    ],
    unclosed_quote: "a,b\nc,\"d\ne,f\n" => [
        r#"0+4 1 "a|b""#, r#"4+5 1 "unclosed_quote""#, r#"9+4 1 "e|f""#,
    ],
    unclosed_quote_on_the_last_line: "a,b\nc,\"d" => [
        r#"0+4 1 "a|b""#, r#"4+4 0 "unclosed_quote""#,
    ],
    unclosed_quote_after_a_crossing: "\"a\nb\",\"c\nd,e\n" => [
        r#"0+9 2 "unclosed_quote""#, r#"9+4 1 "d|e""#,
    ],
    quote_beyond_the_limit:
        "a,\"b\nccccccccc,d\neeeeeeeee,f\ngggggggggg,h\n\",i\n" => [
        r#"0+5 1 "quote_limit""#, r#"5+12 1 "ccccccccc|d""#,
        r#"17+12 1 "eeeeeeeee|f""#, r#"29+13 1 "gggggggggg|h""#,
        r#"42+4 1 "unclosed_quote""#,
    ],
    torn_field: "a,\"b\nc,d\ne,\"f\ng\",h\n" => [
        r#"0+5 1 "stray_quote""#, r#"5+4 1 "c|d""#,
        r#"9+5 1 "quoted_line_break""#, r#"14+5 1 "g\"|h""#,
    ],
    lines_joined_by_quotes: "\"a\nb,c\nd\",e,f\ng,h\n" => [
        r#"0+3 1 "quoted_line_break""#, r#"3+4 1 "b|c""#,
        r#"7+7 1 "d\"|e|f""#, r#"14+4 1 "g|h""#,
    ],
    refused_line_with_crlf: "\"a\r\nb,c\r\nd\",e,f" => [
        r#"0+4 1 "quoted_line_break""#, r#"4+5 1 "b|c""#,
        r#"9+6 0 "d\"|e|f""#,
    ],
    at_the_limit: "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa,b\nc,d\n" => [
        r#"0+41 1 "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa|b""#,
        r#"41+4 1 "c|d""#,
    ],
    at_the_limit_and_the_end: "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa,b" => [
        r#"0+40 0 "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa|b""#,
    ],
    beyond_the_limit: "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa,b\nc,d\n" => [
        r#"0+42 1 "record_too_long" cut"#, r#"42+4 1 "c|d""#,
    ],
    beyond_the_limit_at_the_end:
        "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa,b" => [
        r#"0+41 0 "record_too_long" cut"#,
    ],
    torn_record_of_two_lines: "\"a\n\"b,1\n\"c\",2\n\"d\",3\n" => [
        r#"0+8 2 "stray_quote""#, r#"8+6 1 "c|2""#, r#"14+6 1 "d|3""#,
    ],
    torn_record_of_two_lines_at_the_end: "\"a\r\n\"b,1" => [
        r#"0+8 1 "stray_quote""#,
    ],
    torn_record_whose_second_line_can_be_read: "\"a\nb\"c,1\nd,2\n" => [
        r#"0+3 1 "stray_quote""#, r#"3+6 1 "b\"c|1""#, r#"9+4 1 "d|2""#,
    ],
    torn_record_that_is_no_record_with_its_next_line:
        "\"a,1\n\"b,2,3\nc,4\n" => [
        r#"0+5 1 "stray_quote""#, r#"5+7 1 "unclosed_quote""#,
        r#"12+4 1 "c|4""#,
    ],
    // A quote that opens later must not take the lines between with it.
    torn_field_before_an_open_one: "\"a,1\nb,2\n\"e,\"4\nf,5\n" => [
        r#"0+5 1 "stray_quote""#, r#"5+4 1 "b|2""#,
        r#"9+6 1 "e,4""#, r#"15+4 1 "f|5""#,
    ],
    crossing_and_then_too_long:
        "\"a\nb,2\nc,3\nd,4\ne\",ffffffffffffffffffffffffffff,1\ng,5\n" => [
        r#"0+3 1 "quoted_line_break""#, r#"3+4 1 "b|2""#, r#"7+4 1 "c|3""#,
        r#"11+4 1 "d|4""#, r#"15+34 1 "e\"|ffffffffffffffffffffffffffff|1""#,
        r#"49+4 1 "g|5""#,
    ],
    pair_of_quotes_across_the_limit:
        "a,\"b\nc,2\nddddddddddddddddddddddddddddd\"\"\n" => [
        r#"0+5 1 "quote_limit""#, r#"5+4 1 "c|2""#,
        r#"9+32 1 "ddddddddddddddddddddddddddddd\"\"""#,
    ],
    far_beyond_the_limit:
        "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\r\nc,d" => [
        r#"0+54 1 "record_too_long" cut"#, r#"54+3 0 "c|d""#,
    ],
}

#[test]
fn chain_of_torn_quotes_takes_linear_time() {
    // Walked to its end from each line, it took minutes.
    let lines = 40_000;
    let input = "x\"y,\"z,1\n".repeat(lines) + "x\",d,1\n";
    let format = Format { limit: 1 << 20, fields: 3, ..FORMAT };
    let units = describe(format, input.as_bytes(), input.len());
    assert_eq!(units.len(), lines + 1);
}

#[test]
fn extra_empty_fields_are_no_misfit() {
    check("\"a\nb\",c,,\n", &[r#"0+10 2 "a\nb|c||""#]);
}

#[test]
fn a_bom_is_never_taken_off() {
    // A reset csv-core would take it for the mark at a file's start.
    check(
        "\"a\n\u{FEFF}b,c\n",
        &[r#"0+3 1 "unclosed_quote""#, "3+7 1 \"\\u{feff}b|c\""],
    );
}

/// Text made of what matters to the grammar.
fn text() -> impl Strategy<Value = Vec<u8>> {
    let byte = prop_oneof![
        4 => Just(b'a'), 2 => Just(b','), 2 => Just(b'"'),
        1 => Just(b'\n'), 1 => Just(b'\r'), 1 => Just(b' '),
    ];
    // Some are longer than a block and than a scan.
    let repeated = (proptest::collection::vec(byte, 0..120), 1..3_usize);
    repeated.prop_map(|(bytes, times)| bytes.repeat(times))
}

/// What the csv crate, csv-core's own front end, reads.
fn oracle(input: &[u8]) -> Vec<Vec<Vec<u8>>> {
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .from_reader(input);
    let fields =
        |record: csv::ByteRecord| record.iter().map(<[u8]>::to_vec).collect();
    reader.byte_records().map(|record| fields(record.unwrap())).collect()
}

/// The fields of a record.
type Fields = Vec<Vec<u8>>;

/// Takes records but those whose first field has three bytes, and keeps them.
#[derive(Default)]
struct Keep(Vec<Fields>);

impl Keep {
    fn keep(&mut self, fields: Fields) -> bool {
        let takes = fields[0].len() != 3;
        if takes {
            self.0.push(fields);
        }
        takes
    }
}

impl Take for Keep {
    fn rows(&mut self, rows: Rows<'_>) -> usize {
        let field = |span: Span| rows.bytes[span.range()].to_vec();
        let columns: Vec<Fields> = (0..rows.fields())
            .map(|column| rows.column(column).map(field).collect())
            .collect();
        let record = |row: usize| -> Fields {
            columns.iter().map(|column| column[row].clone()).collect()
        };
        (0..rows.len()).take_while(|&row| self.keep(record(row))).count()
    }

    fn record(&mut self, offer: Offer<'_>) -> bool {
        let fields = offer.fields.iter().enumerate().map(|(index, span)| {
            let bytes = offer.window[span.range()].to_vec();
            match offer.escaped.contains(&index) {
                true => unescaped(&bytes),
                false => bytes,
            }
        });
        let fields = fields.collect();
        self.keep(fields)
    }
}

/// Makes each pair of quotes one.
fn unescaped(bytes: &[u8]) -> Vec<u8> {
    let text = bytes.iter().map(|&byte| char::from(byte));
    let text = text.collect::<String>().replace("\"\"", "\"");
    text.chars().map(|c| c as u8).collect()
}

/// Reads all records of an input, offered many at a time or not.
fn read_all(input: &[u8], size: usize, offered: bool) -> (Vec<Fields>, u64) {
    let mut reader = RecordReader::new(FORMAT, 0);
    let mut chunks = input.chunks(size);
    let (mut kept, mut breaks) = (Keep::default(), 0);
    loop {
        if offered {
            let before = kept.0.len() as u64;
            let taken = reader.each(u64::MAX, &mut kept);
            assert_eq!(taken.records, kept.0.len() as u64 - before);
            breaks += taken.breaks;
        }
        match reader.next() {
            Next::Unit(unit) => {
                breaks += unit.breaks;
                if let UnitKind::Record(record) = unit.kind {
                    kept.0.push(record.iter().map(<[u8]>::to_vec).collect());
                }
            }
            Next::More => match chunks.next() {
                Some(chunk) => reader.push(chunk),
                None => reader.finish(),
            },
            Next::End => break,
        }
    }
    assert_eq!(reader.position(), input.len() as u64);
    (kept.0, breaks)
}

/// Counts the records that come in rows.
#[derive(Default)]
struct Count(usize);

impl Take for Count {
    fn rows(&mut self, rows: Rows<'_>) -> usize {
        self.0 += rows.len();
        rows.len()
    }

    fn record(&mut self, _: Offer<'_>) -> bool {
        true
    }
}

#[test]
fn records_come_in_rows_whatever_is_quoted() {
    let records = ["a,b\n", "\"a\",\"b\"\n", "\"a\",b\r\n", "a,\"b\"\r\n"];
    for record in records {
        let mut reader = RecordReader::new(FORMAT, 0);
        reader.push(record.repeat(1000).as_bytes());
        let mut count = Count::default();
        assert_eq!(reader.each(u64::MAX, &mut count).records, 1000);
        // Some reach from one scan into the next.
        assert!(count.0 > 980, "{} of {record:?}", count.0);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn records_that_are_offered_are_those_that_are_next(
        input in prop_oneof![
            text(),
            "(([a,]{0,4}|\"[a,\n]{0,3}\"|\"a\"\"\"),[a1]{0,3}(\n|\r\n)){0,9}"
                .prop_map(String::into_bytes),
            // Records of one shape, most of them, so that it is learnt.
            "((\"[a,]{0,4}\",\"[a1]{0,3}\"\n){0,6}\
              (\"a\",[a1]{0,3}\n){0,6}([a1]{0,3},\"a\"\n){0,6}\
              (\"a\",\"(b|c\"\"|\n|)\"\r\n){0,6}\
              \"a\",\"1\"?[a,]?(\n|\r|)){0,3}"
                .prop_map(String::into_bytes),
        ],
        size in 1_usize..400,
    ) {
        let one_by_one = read_all(&input, size, false);
        prop_assert_eq!(read_all(&input, size, true), one_by_one);
    }

    #[test]
    fn chunks_do_not_matter(input in text(), size in 1_usize..50) {
        let whole = describe(FORMAT, &input, input.len().max(1));
        prop_assert_eq!(describe(FORMAT, &input, size), whole);
    }

    #[test]
    fn both_ways_of_cutting_agree(input in text(), size in 1_usize..50) {
        let quick = describe(FORMAT, &input, size);
        let mut reader = RecordReader::new(FORMAT, 0);
        reader.push(&input);
        reader.finish();
        let mut slow = Vec::new();
        loop {
            let next = match reader.skip {
                None => reader.next_by_csv_core(),
                Some(_) => reader.skip_on(),
            };
            let Next::Unit(unit) = next else { break };
            slow.push(describe_unit(&unit, &input));
        }
        prop_assert_eq!(quick, slow);
    }

    #[test]
    fn a_unit_depends_only_on_what_follows(input in text()) {
        let mut reader = RecordReader::new(FORMAT, 0);
        reader.push(&input);
        reader.finish();
        let whole = describe(FORMAT, &input, input.len().max(1));
        for place in 0..whole.len() {
            let Next::Unit(unit) = reader.next() else { unreachable!() };
            let tail = &input[unit.start as usize..];
            let alone = describe(FORMAT, tail, tail.len());
            let about = |unit: &String| unit.split_once('+').unwrap().1.to_owned();
            prop_assert_eq!(about(&alone[0]), about(&whole[place]));
            prop_assert_eq!(alone.len(), whole.len() - place);
        }
    }

    #[test]
    fn units_cover_the_input(input in text()) {
        let mut reader = RecordReader::new(FORMAT, 0);
        reader.push(&input);
        reader.finish();
        let mut breaks = 0;
        while let Next::Unit(unit) = reader.next() {
            breaks += unit.breaks;
        }
        prop_assert_eq!(reader.position(), input.len() as u64);
        prop_assert_eq!(breaks, line::count_breaks(&input));
    }

    #[test]
    fn without_refusals_it_reads_as_csv_core(input in text()) {
        let format = Format { fields: 0, limit: 1000, ..FORMAT };
        let mut reader = RecordReader::new(format, 0);
        reader.push(&input);
        reader.finish();
        let mut records: Vec<Vec<Vec<u8>>> = Vec::new();
        let mut refused = false;
        while let Next::Unit(unit) = reader.next() {
            match unit.kind {
                UnitKind::Blank => {}
                UnitKind::Refused(_) => refused = true,
                UnitKind::Record(record) => {
                    records.push(record.iter().map(<[u8]>::to_vec).collect());
                }
            }
        }
        if !refused {
            prop_assert_eq!(records, oracle(&input));
        }
    }
}
