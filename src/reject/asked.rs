//! What a job asked of a file that had rejects, so that the same can be asked
//! of these once they are mended.
//!
//! It stands behind the words that say how the file is written, and like them
//! it comes from a file that anybody may have changed: what can't be
//! understood, or can't be, was not asked. Columns are given by their places,
//! for their names can be anything: `keys=4+1 totals=6 formats=plain+month`.

use super::words::{add, words};
use crate::currency::Currency;
use crate::options::{DateUnit, KeyFormat, MOST_COLUMNS, MOST_PLACES, Named};

/// What a job asked of a file.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Asked {
    /// The indices of the key columns, if they can't be found by default.
    pub keys: Option<Vec<usize>>,
    /// Those of the columns to total.
    pub totals: Option<Vec<usize>>,
    /// For each column to total its currency, as a file's options have it.
    /// Columns at the end may be left out of which nothing is known.
    pub currencies: Vec<Option<Option<Currency>>>,
    /// For each key column how its fields are understood. Those at the end
    /// may be left out that are taken as they stand.
    pub key_formats: Vec<KeyFormat>,
    /// Decimal places of totals.
    pub places: u8,
}

/// What stands between the columns of a setting, and the parts of a format.
const COLUMN: char = '+';
const PART: char = '-';

/// The words for what nobody asked for, and for what is not to be.
const PLAIN: &str = "plain";
const AUTO: &str = "auto";
const NONE: &str = "none";

/// The most columns of which one can be asked for.
const MOST_INDEX: usize = 1 << 20;

impl Asked {
    /// All of it, in words.
    pub fn to_text(&self) -> String {
        let indices = |columns: &Option<Vec<usize>>| {
            let number = |index: &usize| (index + 1).to_string();
            columns.as_ref().map(|columns| list(columns, number))
        };
        let has_currency = self.currencies.iter().any(Option::is_some);
        let has_format = self.key_formats.iter().any(is_said);
        let currencies = || list(&self.currencies, currency_name);
        let formats = || list(&self.key_formats, format_name);
        let places = (self.places > 0).then(|| self.places.to_string());
        let mut text = String::new();
        add(&mut text, "keys", indices(&self.keys));
        add(&mut text, "totals", indices(&self.totals));
        add(&mut text, "currencies", has_currency.then(currencies));
        add(&mut text, "formats", has_format.then(formats));
        add(&mut text, "places", places);
        text
    }

    /// Reads what [`Asked::to_text`] wrote.
    pub fn from_text(text: &str) -> Asked {
        let mut asked = Asked::default();
        for (setting, value) in words(text) {
            match setting {
                "keys" => asked.keys = read_list(value, index_of),
                "totals" => asked.totals = read_list(value, index_of),
                "currencies" => {
                    let read = read_list(value, currency_of);
                    asked.currencies = read.unwrap_or_default();
                }
                "formats" => {
                    let read = read_list(value, format_of);
                    asked.key_formats = read.unwrap_or_default();
                }
                "places" => {
                    let places = value.parse().ok();
                    let places = places.filter(|n| *n <= MOST_PLACES);
                    asked.places = places.unwrap_or(0);
                }
                _ => {}
            }
        }
        asked.without_clashes()
    }

    /// Leaves out columns that are asked for twice.
    fn without_clashes(mut self) -> Asked {
        let both = self.keys.iter().chain(&self.totals).flatten();
        let mut all: Vec<&usize> = both.collect();
        let count = all.len();
        all.sort_unstable();
        all.dedup();
        if all.len() < count {
            (self.keys, self.totals) = (None, None);
        }
        self
    }
}

/// Whether a key isn't to be taken as it stands.
fn is_said(format: &KeyFormat) -> bool {
    *format != KeyFormat::default()
}

/// Puts the words for some columns together.
fn list<T>(columns: &[T], word: impl Fn(&T) -> String) -> String {
    let words: Vec<String> = columns.iter().map(word).collect();
    words.join(&COLUMN.to_string())
}

/// Reads the words for some columns, all of them or none.
fn read_list<T>(
    text: &str,
    read: impl Fn(&str) -> Option<T>,
) -> Option<Vec<T>> {
    let some = text.split(COLUMN).take(MOST_COLUMNS + 1).map(read);
    let all: Option<Vec<T>> = some.collect();
    all.filter(|columns| columns.len() <= MOST_COLUMNS)
}

/// The index of a column, from its place.
fn index_of(place: &str) -> Option<usize> {
    let index = place.parse::<usize>().ok()?.checked_sub(1);
    index.filter(|index| *index < MOST_INDEX)
}

/// What a currency is called.
fn currency_name(currency: &Option<Option<Currency>>) -> String {
    match currency {
        None => AUTO.to_owned(),
        Some(None) => NONE.to_owned(),
        Some(Some(currency)) => currency.as_str().to_owned(),
    }
}

/// The currency of this name.
fn currency_of(name: &str) -> Option<Option<Option<Currency>>> {
    match name {
        AUTO => Some(None),
        NONE => Some(Some(None)),
        _ => Currency::of(name).map(|currency| Some(Some(currency))),
    }
}

/// What the format of a key is called.
fn format_name(format: &KeyFormat) -> String {
    let parts =
        [(format.trim, "trim"), (format.fold, "fold"), (format.nfc, "nfc")];
    let parts = parts.into_iter().filter(|(is, _)| *is).map(|(_, name)| name);
    let parts: Vec<&str> = parts.chain(format.date.map(Named::name)).collect();
    match parts.is_empty() {
        true => PLAIN.to_owned(),
        false => parts.join(&PART.to_string()),
    }
}

/// The format of this name.
fn format_of(name: &str) -> Option<KeyFormat> {
    let mut format = KeyFormat::default();
    if name == PLAIN {
        return Some(format);
    }
    for part in name.split(PART) {
        match part {
            "trim" => format.trim = true,
            "fold" => format.fold = true,
            "nfc" => format.nfc = true,
            unit => format.date = Some(DateUnit::of(unit)?),
        }
    }
    Some(format)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_and_back() {
        let check = |asked: Asked, text| {
            assert_eq!(asked.to_text(), text);
            assert_eq!(Asked::from_text(text), asked);
        };
        check(Asked::default(), "");
        let plain = KeyFormat::default();
        let text = KeyFormat { trim: true, fold: true, nfc: true, date: None };
        let month = KeyFormat { date: Some(DateUnit::Month), ..plain };
        let all = Asked {
            keys: Some(vec![3, 0, 20]),
            totals: Some(vec![1]),
            currencies: vec![
                None,
                Some(None),
                Some(Currency::of("R$")),
                Some(Currency::of("Kr.")),
            ],
            key_formats: vec![plain, text, month],
            places: 2,
        };
        check(
            all,
            "keys=4+1+21 totals=2 currencies=auto+none+R$+Kr. \
             formats=plain+trim-fold-nfc+month places=2",
        );
    }

    #[test]
    fn what_nobody_said_is_left_out() {
        let nothing = Asked {
            currencies: vec![None],
            key_formats: vec![KeyFormat::default(); 2],
            ..Asked::default()
        };
        assert_eq!(nothing.to_text(), "");
    }

    #[test]
    fn what_is_not_understood_was_not_asked() {
        for text in [
            "keys=",
            "keys=0",
            "keys=1+",
            "keys=1+-2",
            "keys=1+x",
            "keys=1+1",
            "keys=1 totals=1",
            "keys=1+2+3+4+5+6+7+8+9",
            "keys=1048577",
            "keys=99999999999999999999",
            "totals=Plays",
            "currencies=$+krona",
            "formats=plain+decade",
            "formats=trim-",
            "places=19",
            "places=-1",
            "places=256",
            "order=total",
        ] {
            assert_eq!(Asked::from_text(text), Asked::default(), "{text}");
        }
    }
}
