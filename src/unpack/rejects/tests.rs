use super::*;
use crate::reject::{
    FileHead, Reason, Reject, write_file, write_header, write_record,
};
use proptest::prelude::*;

/// Reads a file of a rejects CSV, however that is cut and in pieces of any
/// size; an error is its message behind `! `.
fn mended(csv: &[u8], name: &str) -> String {
    let whole = mended_in(csv, name, csv.len().max(1), 1 << 16);
    for (chunk, piece) in [(1, 1000), (2, 1), (3, 5), (7, 3), (4096, 7)] {
        let other = mended_in(csv, name, chunk, piece);
        assert_eq!(whole, other, "chunks of {chunk}, pieces of {piece}");
    }
    String::from_utf8_lossy(
        &whole.unwrap_or_else(|error| format!("! {error}").into_bytes()),
    )
    .into_owned()
}

fn mended_in(
    csv: &[u8],
    name: &str,
    chunk: usize,
    piece: usize,
) -> Result<Vec<u8>> {
    let stages: Vec<Box<dyn Stage>> = vec![Box::new(Mended::new(name))];
    let mut unpacker = super::super::Unpacker::of(stages, piece);
    let mut chunks = csv.chunks(chunk);
    let mut bytes = Vec::new();
    loop {
        match unpacker.piece()? {
            Some(piece) => {
                bytes.extend_from_slice(piece);
                continue;
            }
            None => match chunks.next() {
                Some(chunk) => unpacker.push(chunk),
                None => break,
            },
        }
    }
    unpacker.finish();
    while let Some(piece) = unpacker.piece()? {
        bytes.extend_from_slice(piece);
    }
    Ok(bytes)
}

const COLUMNS: &str =
    "File,Record,Line,Byte,Reason,Column,Value,Raw record,Encoding,Cut\n";

/// Checks what is read of the file `a` behind the column names.
#[track_caller]
fn check(rest: &str, expected: &str) {
    let csv = format!("{COLUMNS}{rest}");
    assert_eq!(mended(csv.as_bytes(), "a"), expected);
}

/// Checks that a rejects CSV isn't read, and what is said of it.
#[track_caller]
fn check_bad(rest: &str, line: u64, what: &str) {
    let csv = format!("{COLUMNS}{rest}");
    let message = mended(csv.as_bytes(), "a");
    assert!(message.starts_with("! "), "{message}");
    assert!(message.contains(&format!("in line {line}, ")), "{message}");
    assert!(message.contains(what), "{message}");
}

const HEAD: &str = "a,,1,,header,,,\"s,d,p\",,\nb,,,,no_header,,,,,\n";

#[test]
fn raw_records_of_one_file() {
    check(
        &format!(
            "{HEAD}a,1,2,6,bad_number,p,x,\"s,d,1\",,\n\
             b,1,1,0,too_few_fields,,,3,,\n\
             a,2,3,16,bad_number,p,x,\"\"\"s\n\"\"\"\",d,2\",,\n"
        ),
        "s,d,p\ns,d,1\n\"s\n\"\",d,2\n",
    );
}

/// One that nobody mended mustn't take the next one for the end of its field.
#[test]
fn open_quotes_come_last() {
    check(
        &format!(
            "{HEAD}a,1,2,6,unclosed_quote,,,\"\"\"a,d,7\",,\n\
             a,3,4,24,bad_number,p,x,\"12\"\",d,8\",,\n"
        ),
        "s,d,p\n12\",d,8\n\"a,d,7\n",
    );
    let head = "a,,1,,header,,delimiter=semicolon quote=apostrophe,s;d;p,,\n";
    check(
        &format!(
            "{head}a,1,2,6,unclosed_quote,,,s;'a;7,,\n\
             a,3,4,24,bad_number,p,x,\"12\"\";'d';8\",,\n"
        ),
        "s;d;p\n12\";'d';8\ns;'a;7\n",
    );
}

#[test]
fn bytes_that_are_no_text() {
    let csv = format!("{COLUMNS}{HEAD}a,1,2,6,x,,,YSz/LDE=,base64,\n");
    let bytes = mended_in(csv.as_bytes(), "a", 100, 100).unwrap();
    assert_eq!(bytes, b"s,d,p\na,\xFF,1\n");
}

#[test]
fn records_that_were_cut_are_rejected_again() {
    let lost = std::str::from_utf8(LOST).unwrap();
    check(
        &format!("{HEAD}a,1,2,6,record_too_long,,,\"s,d,12\",,yes\n"),
        &format!("s,d,p\n{lost}\n"),
    );
}

#[test]
fn as_a_spreadsheet_saves_it() {
    let csv = "\u{FEFF}Reason;\"Raw record\";File;Cut;Encoding\r\n\
               header;s,d,p;a\r\n\
               ;;;;\r\n\
               bad_number;\"s,\"\"d\"\",1\";a;;\r\n";
    assert_eq!(mended(csv.as_bytes(), "a"), "s,d,p\ns,\"d\",1\n");
}

/// Some spreadsheets save what they can't tell to be UTF-8 in the code page
/// of the country.
#[test]
fn saved_in_a_code_page() {
    let csv = [COLUMNS.as_bytes(), b"\xE4,,1,,header,,,\"s,d,\xE4\",,\n"];
    let files = rejected_files(&csv.concat(), true).unwrap().unwrap();
    assert!(!files[0].is_utf8);
    let bytes = mended_in(&csv.concat(), &files[0].name, 100, 100);
    assert_eq!(bytes.unwrap(), b"s,d,\xE4\n");
}

#[test]
fn what_can_not_be_read_again() {
    check_bad("a,1,2,6,x,,,s,,\n", 2, "for which there is none");
    check_bad(&format!("{HEAD}c,1,2,6,x,,,s,,\n"), 4, "for which there");
    check_bad(&format!("{HEAD}a,,1,,header,,,s,,\n"), 4, "second time");
    check_bad(
        &format!("{HEAD}a,1,2,6,x,,,s,,\nc,,1,,header,,,s,,\n"),
        5,
        "must come first",
    );
    check_bad("a,,1,,header,,,,,\na,1,2,6,x,,,s,,\n", 2, "is empty");
    check_bad(&format!("{HEAD}c,,1,,header,,,\"\n\",,\n"), 4, "is empty");
    check_bad(&format!("{HEAD}a,1,2,6,x,,,s,d,1,,\n"), 4, "needs quotes");
    check_bad(&format!("{HEAD}a,1,2,6,x,,,s,,,1\n"), 4, "needs quotes");
    check_bad(
        &format!("{HEAD}\n\na,1,2,6,x,,,\"s,d\",base64,\n"),
        6,
        "isn't base64",
    );
    check_bad(&format!("{HEAD}a,1,2,6,x,,,\"s,d\n"), 4, "never closed");
    check_bad(&format!("{HEAD}a,1,2,6,x,,,\"s\nd\"1,,\n"), 4, "in the middle");
}

#[test]
fn what_is_no_rejects_csv() {
    for csv in ["", "\n", "File,Reason\n", "Song,Date,Plays\na,b,1\n"] {
        assert_eq!(rejected_files(csv.as_bytes(), true), None);
        let message = mended(csv.as_bytes(), "a");
        // Nothing was read, or something else than it should have been.
        assert!(message.contains("names of the columns"), "{message}");
    }
}

#[test]
fn files_are_listed() {
    let csv = format!("{COLUMNS}{HEAD}a,1,2,6,x,,,s,,\n");
    let files = rejected_files(csv.as_bytes(), true).unwrap().unwrap();
    let file = |name: &str, header| RejectedFile {
        name: name.into(),
        header,
        written: Written::default(),
        asked: Asked::default(),
        is_utf8: true,
    };
    assert_eq!(files, [file("a", true), file("b", false)]);
    let about = "delimiter=tab totals=2";
    let csv = format!("{COLUMNS}a,,1,,header,,{about},s,,\n");
    let files = rejected_files(csv.as_bytes(), true).unwrap().unwrap();
    assert_eq!(files[0].written.delimiter, Some('\t'));
    assert_eq!(files[0].asked.totals, Some(vec![1]));
    let csv = "File,Reason,Raw record,Encoding,Cut\na,header,s,,\n";
    let files = rejected_files(csv.as_bytes(), true).unwrap().unwrap();
    assert_eq!(files, [file("a", true)]);
    let begun = format!("{COLUMNS}{HEAD}");
    let error = rejected_files(begun.as_bytes(), false).unwrap();
    assert_eq!(error.unwrap_err().code(), "damaged_rejects");
    let files = rejected_files(begun.as_bytes(), true).unwrap().unwrap();
    assert_eq!(files.len(), 2);
}

proptest! {
    /// Whatever the raw records hold, they come out as they are, and last if
    /// they end inside a quoted field.
    #[test]
    fn round_trip(
        header in proptest::option::of("[a-c][a-c,;\"\n\r]{0,8}"),
        raws in proptest::collection::vec(
            proptest::collection::vec(
                proptest::sample::select(b"ab,;\"\r\n\xC3\xA9\xFF".to_vec()),
                1..9,
            ),
            0..6,
        ),
    ) {
        let head = |name: &str| FileHead {
            name: name.into(),
            header: header.clone().map(String::into_bytes),
            ..FileHead::default()
        };
        let heads = [head("a"), head("b")];
        let mut csv = Vec::new();
        write_header(&mut csv);
        heads.iter().for_each(|head| write_file(&mut csv, head));
        let mut expected = Vec::new();
        if let Some(header) = &header {
            expected.extend_from_slice(header.as_bytes());
            expected.push(b'\n');
        }
        let mut open = Vec::new();
        for (place, raw) in raws.iter().enumerate() {
            let reject = Reject {
                records: 0,
                breaks: 0,
                byte: 0,
                reason: Reason::BadNumber,
                column: None,
                value: b"",
                raw,
                cut: false,
            };
            write_record(&mut csv, &heads[place % 2], &reject);
            if place % 2 == 0 {
                let line = [raw, &b"\n"[..]].concat();
                match ends_quoted(&line, &Written::default()) {
                    true => open.extend(line),
                    false => expected.extend(line),
                }
            }
        }
        expected.extend(open);
        let files = rejected_files(&csv, true).unwrap().unwrap();
        prop_assert_eq!(files.len(), 2);
        for (chunk, piece) in [(1, 4), (7, 1), (100, 100)] {
            let bytes = mended_in(&csv, "a", chunk, piece).unwrap();
            prop_assert_eq!(&bytes, &expected);
        }
    }
}
