//! The text of a key: what all of its spellings have in common.

use std::borrow::Cow;

use super::date::{self, DateFormat};
use super::normal_form::Normalize;
use crate::options::KeyFormat;
use crate::reject::Reason;

/// Appends what the text of a field is understood as; where it is a date, one
/// that is written like these.
///
/// White space is what Unicode calls so. Upper case becomes lower case
/// character by character, so that it doesn't matter what stands beside one:
/// the Greek sigma, which is written otherwise at the end of a word, is
/// always the one of the middle. Sharp s and its capital are the same, but
/// not two s.
///
/// # Errors
///
/// [`Reason::BadDate`] if it is to be a date and isn't.
pub fn write(
    text: &str,
    format: &KeyFormat,
    dates: DateFormat,
    normalize: Normalize,
    out: &mut Vec<u8>,
) -> Result<(), Reason> {
    if let Some(unit) = format.date {
        let date = date::parse(text.as_bytes(), dates);
        date::write(date.ok_or(Reason::BadDate)?, unit, out);
        return Ok(());
    }
    let form_c = |text| form_c(text, format, normalize);
    let mut text = form_c(Cow::Borrowed(text));
    if format.trim {
        text = Cow::Owned(text.trim().to_owned());
    }
    if format.fold {
        text = form_c(Cow::Owned(fold(&text)));
    }
    out.extend_from_slice(text.as_bytes());
    Ok(())
}

/// The text in normalization form C, if it is to be. ASCII always is.
fn form_c<'t>(
    text: Cow<'t, str>,
    format: &KeyFormat,
    normalize: Normalize,
) -> Cow<'t, str> {
    match format.nfc && !text.is_ascii() {
        true => Cow::Owned(normalize(&text)),
        false => text,
    }
}

/// The text in lower case.
fn fold(text: &str) -> String {
    let sigma = |character| if character == 'ς' { 'σ' } else { character };
    text.chars().flat_map(char::to_lowercase).map(sigma).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::options::{DateOrder, DateUnit};
    use crate::value::normal_form::nfc;

    const TRIM: KeyFormat =
        KeyFormat { trim: true, fold: false, nfc: false, date: None };
    const FOLD: KeyFormat =
        KeyFormat { trim: false, fold: true, nfc: false, date: None };
    const NFC: KeyFormat =
        KeyFormat { trim: false, fold: false, nfc: true, date: None };
    const ALL: KeyFormat =
        KeyFormat { trim: true, fold: true, nfc: true, date: None };

    fn understood(text: &str, format: &KeyFormat) -> Result<String, Reason> {
        let mut out = Vec::new();
        let order = DateOrder::Dmy;
        let dates = DateFormat { order, ..DateFormat::default() };
        write(text, format, dates, nfc, &mut out)?;
        Ok(String::from_utf8(out).unwrap())
    }

    fn check(text: &str, format: KeyFormat, expected: &str) {
        let found = understood(text, &format);
        assert_eq!(found.as_deref(), Ok(expected), "{text:?}");
    }

    #[test]
    fn white_space_at_the_ends() {
        check(" \ta b\r\n\u{B}", TRIM, "a b");
        check("\u{A0}\u{2003}\u{3000}a\u{85}", TRIM, "a");
        check("\u{200B}a\u{FEFF}", TRIM, "\u{200B}a\u{FEFF}");
        check("  ", TRIM, "");
        check(" Ä ", FOLD, " ä ");
    }

    #[test]
    fn case() {
        check("In The END", FOLD, "in the end");
        check("ÄÖÜ ÉCOLE Я", FOLD, "äöü école я");
        check("STRAẞE Straße", FOLD, "straße straße");
        check("STRASSE", FOLD, "strasse");
        check("ΟΔΟΣ οδος", FOLD, "οδοσ οδοσ");
        check("İ", FOLD, "i\u{307}");
        check("ǅ", FOLD, "ǆ");
        check("In The END", TRIM, "In The END");
    }

    #[test]
    fn normalization_form_c() {
        check("Beyonce\u{301}", NFC, "Beyoncé");
        check("Beyoncé", NFC, "Beyoncé");
        check("\u{212B}", NFC, "Å");
        check("\u{1112}\u{1161}\u{11AB}", NFC, "한");
        check("ﬁ", NFC, "ﬁ");
        check("e\u{301}", ALL, "é");
        check(" BEYONCE\u{301}\u{A0}", ALL, "beyoncé");
        check("J\u{30C}", ALL, "ǰ");
    }

    #[test]
    fn dates() {
        let month = |text| {
            let date = Some(DateUnit::Month);
            understood(text, &KeyFormat { date, ..ALL })
        };
        assert_eq!(month("3/4/2024").as_deref(), Ok("2024-04"));
        assert_eq!(month("April 3, 2024").as_deref(), Ok("2024-04"));
        for text in ["", "unknown", "4/31/2024"] {
            assert_eq!(month(text), Err(Reason::BadDate), "{text}");
        }
    }

    proptest! {
        #[test]
        fn what_was_understood_is_understood_the_same(
            text: String, trim: bool, fold: bool, nfc: bool,
        ) {
            let format = KeyFormat { trim, fold, nfc, date: None };
            let once = understood(&text, &format).unwrap();
            prop_assert_eq!(understood(&once, &format).unwrap(), once);
        }

        #[test]
        fn upper_and_lower_case_are_the_same(text in "[a-zA-ZäöüÄÖÜéÉα-ωΑ-Ρ Σ-Ωа-яА-Я]*") {
            let folded = fold(&text);
            prop_assert_eq!(fold(&text.to_uppercase()), folded.clone());
            prop_assert_eq!(fold(&text.to_lowercase()), folded);
        }
    }
}
