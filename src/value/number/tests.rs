use num_bigint::BigInt;
use proptest::prelude::*;

use super::*;
use crate::number;

/// Whole numbers, and numbers with two and with six decimal places.
const WHOLE: NumberFormat = format(0, b'.', None);
const CENTS: NumberFormat = format(2, b'.', None);
const REVENUE: NumberFormat = format(6, b'.', None);
const COMMA: NumberFormat = format(2, b',', None);
/// With marks between thousands, as some places of the world have them.
const ENGLISH: NumberFormat = format(2, b'.', Some(b','));
const GERMAN: NumberFormat = format(2, b',', Some(b'.'));
const FRENCH: NumberFormat = format(2, b',', Some(b' '));
const SWISS: NumberFormat = format(2, b'.', Some(b'\''));
const WHOLE_GERMAN: NumberFormat = format(0, b',', Some(b'.'));
const ALL_PLACES: NumberFormat = format(18, b'.', None);

const fn format(
    places: u8,
    decimal_mark: u8,
    thousands_mark: Option<u8>,
) -> NumberFormat {
    NumberFormat {
        places,
        decimal_mark,
        thousands_mark,
        ..NumberFormat::PLAIN
    }
}

/// Amounts in the currency of a column, with two places.
fn check_money(field: &str, currency: &str, expected: Result<&str, Reason>) {
    let currency = Currency::of(currency);
    let format = NumberFormat { currency, brackets: true, ..ENGLISH };
    check(field, &format, expected);
}

#[test]
fn amounts() {
    for (field, currency, digits) in [
        ("$1,234.50", "$", "123450"),
        ("1,234.50", "$", "123450"),
        ("$ 1", "$", "100"),
        ("1$", "$", "100"),
        ("-$3", "$", "-300"),
        ("$-3", "$", "-300"),
        ("$ -3", "$", "-300"),
        ("+$3", "$", "300"),
        ("-3 $", "$", "-300"),
        ("$.5", "$", "50"),
        (" $ (12.50) ", "$", "-1250"),
        ("($12.50)", "$", "-1250"),
        ("( 12.50 )", "$", "-1250"),
        ("(12.50)", "", "-1250"),
        ("(12.50) USD", "USD", "-1250"),
        ("(12.50 USD)", "USD", "-1250"),
        ("12.50 USD", "USD", "1250"),
        ("USD12.50", "USD", "1250"),
        ("\u{A0}12.50\u{A0}€\u{202F}", "€", "1250"),
        ("€\u{202F}1,234", "€", "123400"),
        ("R$ 12.5", "R$", "1250"),
        ("US$12.5", "US$", "1250"),
        ("12.5 𞲰", "𞲰", "1250"),
        ("12.50 kr", "kr", "1250"),
        ("kr 12.50", "kr", "1250"),
        ("kr12.50", "kr", "1250"),
        ("kr -12.50", "kr", "-1250"),
        ("12.50-kr", "kr", "-1250"),
        ("(12.50 kr.)", "kr.", "-1250"),
        ("Kr. .50", "Kr.", "50"),
        ("Rs.500", "Rs.", "50000"),
        ("12.kr", "kr", "1200"),
        ("12.50\u{A0}zł", "zł", "1250"),
        ("S/.12.50", "S/.", "1250"),
        ("12.50 руб.", "руб.", "1250"),
        ("1,234円", "円", "123400"),
        ("USD.5", "USD", "50"),
        ("12.50- EUR", "EUR", "-1250"),
        ("EUR 1,234.50-", "EUR", "-123450"),
        ("\u{2212}€12.50", "€", "-1250"),
        ("€\u{A0}\u{2212}12.50", "€", "-1250"),
        ("\u{2212}12.50\u{A0}€", "€", "-1250"),
    ] {
        check_money(field, currency, Ok(digits));
    }
}

#[test]
fn amounts_that_are_none() {
    for (field, currency) in [
        ("$", "$"),
        ("$-", "$"),
        ("$ ", "$"),
        ("()", "$"),
        ("$$3", "$"),
        ("$3$", "$"),
        ("$ 3 USD", "$"),
        ("--$3", "$"),
        ("-$-3", "$"),
        ("(-3)", "$"),
        ("-(3)", "$"),
        ("((3))", "$"),
        ("(3", "$"),
        ("3)", "$"),
        ("$1,23", "$"),
        ("3 dollars", "$"),
        ("3 usd", "USD"),
        ("3k", "$"),
        ("3M", "$"),
        ("$3k", "$"),
        ("3k$", "$"),
        ("3 M€", "$"),
        ("3M$", "$"),
        ("3 MIO", "$"),
        ("3 k kr", "kr"),
        ("3 Mkr", "kr"),
        ("3 tkr", "kr"),
        ("Rs 3 Cr", "Rs"),
        ("Rs 3L", "Rs"),
        ("3万円", "円"),
        ("3 千円", "円"),
        ("3 kronor", "kr"),
        ("1e5", "kr"),
        ("3 CR", "$"),
        ("3 kr", ""),
        ("CHF 3.-", "CHF"),
        ("3 USD-", "USD"),
        ("(3-)", "$"),
        ("-$3-", "$"),
        ("-3-$", "$"),
        ("U$D3", "$"),
        ("3%", "$"),
        ("$3", ""),
        ("3 USD", ""),
    ] {
        check_money(field, currency, NONE);
    }
    check_money("$3.125", "$", LONG);
}

#[test]
fn amounts_in_another_currency() {
    for (field, currency) in [
        ("€3", "$"),
        ("-€3", "$"),
        ("(3 €)", "$"),
        ("3 USD", "$"),
        ("US$3", "$"),
        ("3 US$", "$"),
        ("$3", "US$"),
        ("$3", "USD"),
        ("3 EUR", "USD"),
        ("€3.125", "$"),
        ("3 kr.", "kr"),
        ("kr.3", "kr"),
        ("kr. .3", "kr"),
        ("kr 3", "kr."),
        ("Kr 3", "kr"),
        ("Rs.3", "Rs"),
        ("3 kr", "SEK"),
        ("3 zł", "€"),
    ] {
        check_money(field, currency, Err(Reason::OtherCurrency));
    }
}

#[test]
fn brackets_only_where_they_are_wanted() {
    check("(12.50)", &ENGLISH, NONE);
    let format = NumberFormat { currency: Currency::of("$"), ..ENGLISH };
    check("($12.50)", &format, NONE);
}

const NONE: Result<&str, Reason> = Err(Reason::BadNumber);
const LONG: Result<&str, Reason> = Err(Reason::TooManyPlaces);

/// A field, how it is written, and the number without its decimal mark.
type Row = (&'static str, NumberFormat, Result<&'static str, Reason>);

const ROWS: &[Row] = &[
    ("0", WHOLE, Ok("0")),
    ("7", WHOLE, Ok("7")),
    ("-7", WHOLE, Ok("-7")),
    ("+7", WHOLE, Ok("7")),
    ("-0", WHOLE, Ok("0")),
    ("007", WHOLE, Ok("7")),
    (" \t12\t ", WHOLE, Ok("12")),
    ("12.", WHOLE, Ok("12")),
    ("12.000", WHOLE, Ok("12")),
    ("12.5", WHOLE, LONG),
    ("12.005", WHOLE, LONG),
    (".0", WHOLE, NONE),
    (".5", WHOLE, NONE),
    ("", WHOLE, NONE),
    (" ", WHOLE, NONE),
    (".", WHOLE, NONE),
    ("-", WHOLE, NONE),
    ("1,234", WHOLE, NONE),
    ("1 234", WHOLE, NONE),
    ("\u{A0}12", WHOLE, NONE),
    ("1e3", WHOLE, NONE),
    ("0x10", WHOLE, NONE),
    ("NaN", WHOLE, NONE),
    ("(12)", WHOLE, NONE),
    ("\u{2212}12", WHOLE, Ok("-12")),
    ("\u{2013}12", WHOLE, NONE),
    ("--12", WHOLE, NONE),
    ("+-12", WHOLE, NONE),
    ("- 12", WHOLE, NONE),
    ("12-", WHOLE, Ok("-12")),
    ("12\u{2212}", WHOLE, Ok("-12")),
    ("12.00-", WHOLE, Ok("-12")),
    ("12.50-", WHOLE, LONG),
    ("12.-", WHOLE, NONE),
    ("12\u{2013}", WHOLE, NONE),
    ("-12-", WHOLE, NONE),
    ("12+", WHOLE, NONE),
    ("12 -", WHOLE, NONE),
    ("12.50-", CENTS, Ok("-1250")),
    ("\u{2212}12.5", CENTS, Ok("-1250")),
    (".5-", CENTS, Ok("-50")),
    ("1.234,50-", GERMAN, Ok("-123450")),
    ("12,-", GERMAN, NONE),
    ("12,\u{2013}", GERMAN, NONE),
    ("$12", WHOLE, NONE),
    ("12%", WHOLE, NONE),
    ("\u{661}\u{662}", WHOLE, NONE),
    ("1.2.3", WHOLE, NONE),
    ("9223372036854775807", WHOLE, Ok("9223372036854775807")),
    ("9223372036854775808", WHOLE, Ok("9223372036854775808")),
    ("-9223372036854775808", WHOLE, Ok("-9223372036854775808")),
    ("12", CENTS, Ok("1200")),
    ("12.5", CENTS, Ok("1250")),
    ("12.55", CENTS, Ok("1255")),
    ("12.550000", CENTS, Ok("1255")),
    ("12.555", CENTS, LONG),
    ("12.", CENTS, Ok("1200")),
    (".5", CENTS, Ok("50")),
    ("-.5", CENTS, Ok("-50")),
    (".", CENTS, NONE),
    ("-0.01", CENTS, Ok("-1")),
    ("0.001", CENTS, LONG),
    ("1.2x", CENTS, NONE),
    ("1.2 3", CENTS, NONE),
    ("1,5", CENTS, NONE),
    ("0.000001", REVENUE, Ok("1")),
    ("1234.567891", REVENUE, Ok("1234567891")),
    ("1,5", COMMA, Ok("150")),
    ("1.5", COMMA, NONE),
    ("1,234,567", COMMA, NONE),
    ("1,234.50", ENGLISH, Ok("123450")),
    ("1234.50", ENGLISH, Ok("123450")),
    ("1,234,567", ENGLISH, Ok("123456700")),
    ("-1,234,567.8", ENGLISH, Ok("-123456780")),
    ("999", ENGLISH, Ok("99900")),
    ("1,23,456", ENGLISH, Ok("12345600")),
    ("12,34,56,789.50", ENGLISH, Ok("12345678950")),
    ("-12,34,567", ENGLISH, Ok("-123456700")),
    ("0,12,345", ENGLISH, NONE),
    ("123,45,678", ENGLISH, NONE),
    ("1,23,456,789", ENGLISH, NONE),
    ("1,234,56,789", ENGLISH, NONE),
    ("12,34,56", ENGLISH, NONE),
    ("12,34.5", ENGLISH, NONE),
    ("1.23.456", GERMAN, NONE),
    ("1 23 456", FRENCH, NONE),
    ("1'23'456", SWISS, NONE),
    ("1,23,4", ENGLISH, NONE),
    ("12,34", ENGLISH, NONE),
    ("1234,567", ENGLISH, NONE),
    ("1,234567", ENGLISH, NONE),
    ("1,2345", ENGLISH, NONE),
    (",234", ENGLISH, NONE),
    ("1,,234", ENGLISH, NONE),
    ("1,234,", ENGLISH, NONE),
    ("0,123", ENGLISH, NONE),
    ("1.234,567", ENGLISH, NONE),
    ("1.234,50", GERMAN, Ok("123450")),
    ("1.234.567,8", GERMAN, Ok("123456780")),
    ("1.234", GERMAN, Ok("123400")),
    ("1,234.50", GERMAN, NONE),
    ("12.50", GERMAN, NONE),
    ("1.234", WHOLE_GERMAN, Ok("1234")),
    ("1.234,00", WHOLE_GERMAN, Ok("1234")),
    ("1.234,5", WHOLE_GERMAN, LONG),
    ("1 234,50", FRENCH, Ok("123450")),
    ("1\u{A0}234,50", FRENCH, Ok("123450")),
    ("1\u{202F}234\u{202F}567,5", FRENCH, Ok("123456750")),
    ("\u{A0}12\u{202F}", FRENCH, Ok("1200")),
    ("1 23", FRENCH, NONE),
    ("1  234", FRENCH, NONE),
    ("1\u{2009}234", FRENCH, NONE),
    ("1'234.5", SWISS, Ok("123450")),
    ("1\u{2019}234.5", SWISS, Ok("123450")),
    ("0.000000000000000001", ALL_PLACES, Ok("1")),
    ("9.223372036854775808", ALL_PLACES, Ok("9223372036854775808")),
    ("-12345.6", ALL_PLACES, Ok("-12345600000000000000000")),
    ("000000000000000000000000.5", CENTS, Ok("50")),
];

#[test]
fn every_row() {
    for &(field, format, expected) in ROWS {
        check(field, &format, expected);
    }
}

/// Checks that `field` is parsed as `expected`, an integer in plain digits.
fn check(field: &str, format: &NumberFormat, expected: Result<&str, Reason>) {
    let number = parse(field.as_bytes(), format);
    let expected =
        expected.map(|digits| Number::from(digits.parse::<BigInt>().unwrap()));
    assert_eq!(number, expected, "{field:?}, {format:?}");
}

/// The digits of a whole number in groups of three.
fn grouped(digits: &str, mark: &str) -> String {
    let mut groups: Vec<&[u8]> = digits.as_bytes().rchunks(3).collect();
    groups.reverse();
    let text = |group: &&[u8]| String::from_utf8_lossy(group).into_owned();
    groups.iter().map(text).collect::<Vec<_>>().join(mark)
}

proptest! {
    #[test]
    fn the_default_is_the_plain_grammar(
        field in "[ \t]?[-+\u{2212}]?[0-9 .,x]{0,24}[-+\u{2212}]?[ \t]?",
    ) {
        let plain = number::parse(field.as_bytes());
        let parsed = parse(field.as_bytes(), &WHOLE);
        prop_assert_eq!(parsed.ok(), plain);
    }

    #[test]
    fn numbers_that_are_written_are_read(
        negative: bool,
        whole in "0|[1-9][0-9]{0,30}",
        fraction in "[0-9]{0,18}",
        more in 0..18_usize,
        zeros in 0..3_usize,
        marks in prop::sample::select(vec![
            (".", b'.', "", None),
            (".", b'.', ",", Some(b',')),
            (",", b',', ".", Some(b'.')),
            (",", b',', " ", Some(b' ')),
            (",", b',', "\u{202F}", Some(b' ')),
            (".", b'.', "'", Some(b'\'')),
        ]),
    ) {
        let (decimal, decimal_mark, thousands, thousands_mark) = marks;
        let places = (fraction.len() + more).min(18);
        let sign = if negative { "-" } else { "" };
        let field = format!(
            "{sign}{}{decimal}{fraction}{}",
            grouped(&whole, thousands),
            "0".repeat(zeros),
        );
        let digits = format!("{sign}{whole}{fraction:0<places$}");
        let unsigned = &field[sign.len()..];
        let format = NumberFormat {
            places: places as u8,
            decimal_mark,
            thousands_mark,
            ..NumberFormat::PLAIN
        };
        check(&field, &format, Ok(&digits));
        if negative {
            check(&format!("\u{2212}{unsigned}"), &format, Ok(&digits));
        }
        if negative && !field.ends_with(decimal) {
            check(&format!("{unsigned}-"), &format, Ok(&digits));
        }
        // With fewer places it is another number or none at all.
        let significant = fraction.trim_end_matches('0').len();
        if significant > 0 {
            let places = significant as u8 - 1;
            check(&field, &NumberFormat { places, ..format }, LONG);
        }
    }
}
