//! Which delimiter the first records speak for.
//!
//! The text is cut into records once for each delimiter, with quotes, as a
//! job would. A delimiter is likely if most records have the same number of
//! fields, several of them, and if these look like fields: with another
//! delimiter in it, or a quote, a field is likely two.
//!
//! Lines before the header, and records that are a field short, cost a
//! delimiter only their share. What makes two fields of a record now and
//! then is no delimiter at all.

use std::collections::BTreeMap;

use crate::options::RECORD_LIMIT;
use crate::reader::{Format, Next, RecordReader, UnitKind};
use crate::record::Record;

/// The delimiters that are looked for, the likeliest first.
pub const DELIMITERS: [u8; 4] = [b',', b';', b'\t', b'|'];

/// The most records that are looked at: more don't change the answer, and
/// these take a few milliseconds.
const SAMPLED: u64 = 1000;

/// One record in so many must have the number of fields that most have, or
/// there is no delimiter.
const FEWEST: u64 = 4;

/// The delimiter that the text speaks for, the first of all if there is none;
/// `last` says that the text ends there.
///
/// # Complexity
///
/// Linear in the bytes given.
pub fn likeliest(text: &[u8], last: bool, quote: u8) -> u8 {
    let others = || DELIMITERS.into_iter().filter(|byte| *byte != quote);
    let mut best = (others().next().expect("four, less one"), 0);
    for delimiter in others() {
        let score = score(text, last, delimiter, quote);
        if score > best.1 {
            best = (delimiter, score);
        }
    }
    best.0
}

/// The records that have one number of fields.
#[derive(Clone, Copy, Default)]
struct Tally {
    records: u64,
    /// Those of their fields that look like fields.
    clean: u64,
}

/// How well a delimiter does, at most 10^12.
fn score(text: &[u8], last: bool, delimiter: u8, quote: u8) -> u64 {
    let limit = RECORD_LIMIT;
    let format = Format { delimiter, quote, fields: 0, limit };
    let mut reader = RecordReader::new(format, 0);
    reader.push(text);
    if last {
        reader.finish();
    }
    let mut tallies = BTreeMap::<u64, Tally>::new();
    let mut records = 0;
    while let Next::Unit(unit) = reader.next() {
        match unit.kind {
            UnitKind::Blank => continue,
            UnitKind::Refused(_) => {}
            UnitKind::Record(record) => {
                let tally = tallies.entry(record.len() as u64).or_default();
                tally.records += 1;
                tally.clean += clean(record, delimiter, quote);
            }
        }
        records += 1;
        if records == SAMPLED {
            break;
        }
    }
    let tallies = tallies.into_iter().filter(|(fields, _)| *fields > 1);
    let most = tallies.max_by_key(|(_, tally)| tally.records);
    match most {
        Some((fields, tally)) if tally.records * FEWEST >= records => {
            weigh(fields, tally, records)
        }
        _ => 0,
    }
}

/// Weighs three shares against one another, each in thousandths: that of the
/// records that agree, twice, since nothing says more; that of the fields that
/// a delimiter follows, so that ten fields are better than two; and that of
/// the fields that look like some, by half, since all may be lists.
fn weigh(fields: u64, tally: Tally, records: u64) -> u64 {
    let agreed = tally.records * 1000 / records;
    let followed = (fields - 1) * 1000 / fields;
    let clean = 500 + tally.clean * 500 / (tally.records * fields);
    agreed * agreed * followed * clean
}

/// How many of a record's fields look like fields.
fn clean(record: Record<'_>, delimiter: u8, quote: u8) -> u64 {
    let clean = |field: &&[u8]| is_clean(field, delimiter, quote);
    record.iter().filter(clean).count() as u64
}

/// Whether nothing in a field speaks for it being several. A comma in it is
/// common in text, where a space follows, and as the mark in a number.
fn is_clean(field: &[u8], delimiter: u8, quote: u8) -> bool {
    let at = |index: usize| field.get(index).copied().unwrap_or(b' ');
    let is_digit = |index: usize| at(index).is_ascii_digit();
    field.iter().enumerate().all(|(index, &byte)| match byte {
        b',' if delimiter != b',' => {
            at(index + 1) == b' '
                || index > 0 && is_digit(index - 1) && is_digit(index + 1)
        }
        _ => byte != quote && !DELIMITERS.contains(&byte),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Checks which delimiter is found in a whole file.
    fn check(text: &str, want: char) {
        let found = likeliest(text.as_bytes(), true, b'"');
        assert_eq!(char::from(found), want, "{text}");
    }

    macro_rules! rows {
        ($($name:ident: $text:expr => $want:expr,)*) => {
            $(#[test] fn $name() { check($text, $want) })*
        };
    }

    rows! {
        comma: "a,b\n1,2\n" => ',',
        semicolon: "a;b\n1;2\n" => ';',
        tab: "a\tb\n1\t2\n" => '\t',
        pipe: "a|b\n1|2\n" => '|',
        nothing: "" => ',',
        one_line: "a;b;c" => ';',
        one_column: "Song\nOne\nTwo\n" => ',',
        one_column_of_titles_some_with_pipes:
            "Song\nA\nB\nC | D\nE\nF\nG\n" => ',',
        decimal_commas: "a;b\n1,5;2,5\n1,5;2\n" => ';',
        decimal_commas_without_header:
            "1,5;2,5;3,5\n2,5;3,5;4,5\n3,5;4,5;5,5\n" => ';',
        more_decimal_commas_than_semicolons:
            "a;b;c\n1,5;2,5;3,5\n1,5;2,5;3,5\n1,5;2,5;3,5\n1,5;2,5;3,5\n"
            => ';',
        numbers_alone: "1,2,3\n4,5,6\n" => ',',
        titles_with_commas: "Song\tPlays\nA, B\t1\nC\t2\nD, E, F\t3\n" => '\t',
        names_with_a_comma_each:
            "Wonder, Stevie\t5\nMercury, Freddie\t6\n" => '\t',
        names_without_a_space:
            "Wonder,Stevie|2024|5\nMercury,Freddie|2024|6\n" => '|',
        lists_in_a_field:
            "Song,Genre,Plays\nA,rock;pop,1\nB,jazz;soul,2\n" => ',',
        lists_of_different_lengths:
            "Song|Genre\nA|rock;pop\nB|jazz\nC|a;b;c\n" => '|',
        in_quotes: "\"a;b;c\",d\n\"e;f;g\",h\n" => ',',
        in_quotes_in_the_middle:
            "\"x;y\",a,\"p;q\"\n\"x;y\",a,\"p;q\"\n" => ',',
        quoted_line_breaks: "\"a\nb|c|d\",1\n\"e\nf|g|h\",2\n" => ',',
        stray_quote: "a;b;c\n\"d;e;f\ng;h;i\nj;k;l\n" => ';',
        inch_marks: "Song|Plays\n12\" Mix|1\n7\" Mix|2\n" => '|',
        lines_before_the_header:
            "Report, made on 1 May\nFor: X, Y\n\nSong;Plays\nA;1\nB;2\nC;3\n"
            => ';',
        lines_before_the_header_of_a_short_file:
            "Report\nMade on 1 May\nLabel X\nSong|Date|Plays\nA|d|1\n" => '|',
        lines_behind_the_records:
            "Song\tPlays\nA\t1\nB\t2\nTotal, of all\n3 records\n" => '\t',
        records_that_are_short: "a;b;c\n1;2;3\n1;2\n1;2;3\n1;2;3\n" => ';',
        a_delimiter_at_each_end: ",a,b,\n,1,2,\n" => ',',
        times: "at;n\n10:00;1\n11:00;2\n" => ';',
        more_fields_win: "Song|Date, Time|Plays\na|d, e|1\n" => '|',
        dates_with_commas: "Song;\"May 1, 2024\";1\nB;\"May 2, 2024\";2\n"
            => ';',
        entities: "Song,Plays\nA &amp; B,1\nC &amp; D,2\n" => ',',
        lists_in_most_fields:
            "a;b\nx,y;x,y\nx,y;x,y\nx,y;x,y\nx,y;x,y\nx,y;x,y\nx;y\n"
            => ';',
        fields_that_are_empty: ";;\n;;\n;;\n" => ';',
    }

    #[test]
    fn beyond_a_long_field() {
        let long = "x,".repeat(200_000);
        let text = format!("a;b\n\"{long}\";1\nc;2\n");
        check(&text, ';');
    }

    /// A sample ends anywhere, also between quotes.
    #[test]
    fn wherever_the_sample_ends() {
        let text = b"Song;Plays\n\"a, b, c\";1\n\"d, e, f\";2\n";
        for len in 5..text.len() {
            let found = likeliest(&text[..len], false, b'"');
            // A header alone, not yet whole, is no record.
            let want = if len < 11 { b',' } else { b';' };
            assert_eq!(found, want, "{len} bytes");
        }
    }

    #[test]
    fn the_quote_is_no_delimiter() {
        assert_eq!(likeliest(b"|a|,b\n|c|,d\n", true, b'|'), b',');
    }
}
