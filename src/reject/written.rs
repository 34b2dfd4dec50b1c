//! How a file is written that had rejects, so that these are read the same
//! way once they are mended.
//!
//! The record with its header says it, in words that no spreadsheet takes for
//! anything else: `delimiter=semicolon decimalMark=comma`.

use super::words::{add, words};
use crate::options::{DateOrder, Named};

/// How a file is written, as far as that is known. The names are those of
/// the settings of a file.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Written {
    /// The byte between two fields.
    pub delimiter: Option<char>,
    /// The byte around a quoted field, if it isn't the usual one.
    pub quote: Option<char>,
    /// The mark before decimal places, if it was given or found.
    pub decimal_mark: Option<char>,
    /// The mark between thousands, if one was given or found: `Some(None)` if
    /// there is to be none.
    pub thousands_mark: Option<Option<char>>,
    /// Whether numbers in brackets are negative, if that was given or there
    /// are any.
    pub brackets: Option<bool>,
    /// The order of its dates, if they are understood.
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

/// What a mark is called that there is not.
const NONE: &str = "none";

impl Written {
    /// All that is known, in words.
    pub fn to_text(&self) -> String {
        let mut text = String::new();
        let thousands = self.thousands_mark;
        let thousands =
            thousands.map(|mark| mark.map_or(NONE.into(), name_of));
        let brackets = self.brackets.map(|are| are.to_string());
        let order = self.date_order.map(|order| order.name().to_owned());
        for (setting, value) in [
            ("delimiter", self.delimiter.map(name_of)),
            ("quote", self.quote.map(name_of)),
            ("decimalMark", self.decimal_mark.map(name_of)),
            ("thousandsMark", thousands),
            ("brackets", brackets),
            ("dateOrder", order),
        ] {
            add(&mut text, setting, value);
        }
        text
    }

    /// Reads what [`Written::to_text`] wrote. What can't be understood is not
    /// known, and will be found out anew.
    pub fn from_text(text: &str) -> Written {
        let mut written = Written::default();
        for (setting, value) in words(text) {
            match setting {
                "delimiter" => written.delimiter = character_of(value),
                "quote" => written.quote = character_of(value),
                "decimalMark" => {
                    written.decimal_mark = mark_of(value, &[',', '.']);
                }
                "thousandsMark" => {
                    let mark = mark_of(value, &[',', '.', ' ', '\'']);
                    let is_known = mark.is_some() || value == NONE;
                    written.thousands_mark = is_known.then_some(mark);
                }
                "brackets" => written.brackets = value.parse().ok(),
                "dateOrder" => written.date_order = DateOrder::of(value),
                _ => {}
            }
        }
        written.without_clashes()
    }

    /// Leaves out what can't go with the rest.
    fn without_clashes(mut self) -> Written {
        if self.delimiter == Some(self.quote.unwrap_or('"')) {
            (self.delimiter, self.quote) = (None, None);
        }
        let thousands = self.thousands_mark.flatten();
        if thousands.is_some() && thousands == self.decimal_mark {
            (self.decimal_mark, self.thousands_mark) = (None, None);
        }
        self
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
            thousands_mark: Some(Some(' ')),
            brackets: Some(true),
            date_order: Some(DateOrder::Dmy),
        };
        let text = "delimiter=tab quote=apostrophe decimalMark=comma \
                    thousandsMark=space brackets=true dateOrder=dmy";
        check(all, text);
        let (thousands_mark, brackets) = (Some(None), Some(false));
        let none = Written { thousands_mark, brackets, ..Written::default() };
        check(none, "thousandsMark=none brackets=false");
    }

    #[test]
    fn what_is_not_understood_is_not_known() {
        for text in [
            "delimiter",
            "delimiter=",
            "delimiter=10",
            "delimiter=200",
            "delimiter=300",
            "delimiter=quote",
            "delimiter=comma quote=comma",
            "decimalMark=space",
            "decimalMark=none",
            "decimalMark=comma thousandsMark=comma",
            "brackets=1",
            "dateOrder=ydm",
            "a=b comma",
        ] {
            assert_eq!(Written::from_text(text), Written::default(), "{text}");
        }
    }
}
