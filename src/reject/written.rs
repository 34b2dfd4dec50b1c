//! How a file is written that had rejects, so that these are read the same
//! way once they are mended.
//!
//! The record with its header says it, in words that no spreadsheet takes for
//! anything else: `delimiter=semicolon decimalMark=comma`.

use serde::{Deserialize, Serialize};

use crate::options::DateOrder;

/// How a file is written, as far as that is known. The names are those of
/// the settings of a file.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Written {
    /// The byte between two fields.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub delimiter: Option<char>,
    /// The byte around a quoted field, if it isn't the usual one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub quote: Option<char>,
    /// The mark before decimal places, if it isn't a point.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub decimal_mark: Option<char>,
    /// The mark between thousands, if there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub thousands_mark: Option<char>,
    /// The order of its dates, if they are understood.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub date_order: Option<DateOrder>,
}

/// Characters that have names. Others are given by their numbers.
const NAMES: [(char, &str); 8] = [
    (',', "comma"),
    (';', "semicolon"),
    ('\t', "tab"),
    ('|', "pipe"),
    ('.', "point"),
    (' ', "space"),
    ('\'', "apostrophe"),
    ('"', "quote"),
];

/// The orders of dates, as they are named everywhere.
const ORDERS: [(DateOrder, &str); 4] = [
    (DateOrder::Ymd, "ymd"),
    (DateOrder::Dmy, "dmy"),
    (DateOrder::Mdy, "mdy"),
    (DateOrder::Serial, "serial"),
];

impl Written {
    /// All that is known, in words.
    pub fn to_text(&self) -> String {
        let characters = [
            ("delimiter", self.delimiter),
            ("quote", self.quote),
            ("decimalMark", self.decimal_mark),
            ("thousandsMark", self.thousands_mark),
        ];
        let pair = |(setting, character): (&str, Option<char>)| {
            Some(format!("{setting}={}", name_of(character?)))
        };
        let mut pairs: Vec<String> =
            characters.into_iter().filter_map(pair).collect();
        let order = ORDERS.iter().find(|(o, _)| Some(*o) == self.date_order);
        pairs.extend(order.map(|(_, name)| format!("dateOrder={name}")));
        pairs.join(" ")
    }

    /// Reads what [`Written::to_text`] wrote. What can't be understood is not
    /// known, and will be found out anew.
    pub fn from_text(text: &str) -> Written {
        let mut written = Written::default();
        let pairs = text.split_ascii_whitespace();
        for (setting, value) in pairs.filter_map(|pair| pair.split_once('=')) {
            match setting {
                "delimiter" => written.delimiter = character_of(value),
                "quote" => written.quote = character_of(value),
                "decimalMark" => {
                    written.decimal_mark = mark_of(value, &[',', '.']);
                }
                "thousandsMark" => {
                    let marks = [',', '.', ' ', '\''];
                    written.thousands_mark = mark_of(value, &marks);
                }
                "dateOrder" => written.date_order = order_of(value),
                _ => {}
            }
        }
        written
    }
}

/// What a character is called.
fn name_of(character: char) -> String {
    let known = NAMES.iter().find(|(known, _)| *known == character);
    match known {
        Some((_, name)) => (*name).to_owned(),
        None => u32::from(character).to_string(),
    }
}

/// The ASCII character of this name, if it isn't a line break.
fn character_of(name: &str) -> Option<char> {
    let known = NAMES.iter().find(|(_, known)| *known == name);
    let numbered = || name.parse::<u8>().ok().map(char::from);
    let found = known.map(|(known, _)| *known).or_else(numbered);
    found.filter(|c| c.is_ascii() && !matches!(c, '\r' | '\n'))
}

/// The mark of this name, if it is one of these.
fn mark_of(name: &str, marks: &[char]) -> Option<char> {
    character_of(name).filter(|mark| marks.contains(mark))
}

/// The order of this name.
fn order_of(name: &str) -> Option<DateOrder> {
    let found = ORDERS.iter().find(|(_, known)| *known == name);
    found.map(|(order, _)| *order)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_and_back() {
        let check = |written: Written, text| {
            assert_eq!(written.to_text(), text);
            assert_eq!(Written::from_text(text), written);
        };
        check(Written::default(), "");
        let delimiter = Some('^');
        check(Written { delimiter, ..Written::default() }, "delimiter=94");
        let all = Written {
            delimiter: Some('\t'),
            quote: Some('\''),
            decimal_mark: Some(','),
            thousands_mark: Some(' '),
            date_order: Some(DateOrder::Dmy),
        };
        let text = "delimiter=tab quote=apostrophe decimalMark=comma \
                    thousandsMark=space dateOrder=dmy";
        check(all, text);
    }

    #[test]
    fn what_is_not_understood_is_not_known() {
        for text in [
            "delimiter",
            "delimiter=",
            "delimiter=10",
            "delimiter=200",
            "delimiter=300",
            "decimalMark=space",
            "dateOrder=ydm",
            "a=b comma",
        ] {
            assert_eq!(Written::from_text(text), Written::default(), "{text}");
        }
    }
}
