//! Which marks the numbers of a file have, as far as its values tell.

use super::number::NumberFormat;
use super::shape::{MARKS, Shape};

/// The most examples that are kept.
const EXAMPLES: usize = 3;

/// What the values of a column tell of marks.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct MarkLook {
    /// How many numbers there are.
    numbers: u32,
    /// How many have each of [`MARKS`] between thousands for certain.
    thousands: [u32; 4],
    /// How many show that a point stands before decimal places, and how many
    /// that a comma does.
    shown: [u32; 2],
    /// How many have one of these that can be either.
    either: [u32; 2],
    /// How many of those have other digits than zeros behind it.
    either_broken: [u32; 2],
    /// Some values that can be either.
    examples: Vec<String>,
    /// For a point and for a comma as the decimal mark a value that shows it.
    certain: [Option<String>; 2],
}

/// What is known of a file's marks.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Marks {
    /// How numbers are written, or how they will be taken if nothing else is
    /// said.
    pub numbers: NumberFormat,
    /// Whether the decimal mark is given or shown.
    pub has_decimal: bool,
    /// Why it isn't certain.
    pub doubt: Option<Doubt>,
}

/// Values that can be read in two ways, and nothing that decides.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Doubt {
    /// Some of them, or some that contradict one another.
    pub examples: Vec<String>,
    /// Whether both ways occur.
    pub is_mixed: bool,
}

/// The marks that a person gave.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Given {
    /// That before decimal places.
    pub decimal: Option<u8>,
    /// That between thousands, `Some(None)` for none.
    pub thousands: Option<Option<u8>>,
}

impl MarkLook {
    /// Looks at a value that has this shape, and is there so many times.
    pub fn add(&mut self, field: &[u8], times: u32, shape: Shape) {
        self.numbers += times;
        if let Some(mark) = shape.thousands {
            self.thousands[index(mark)] += times;
        }
        if let Some(mark) = shape.either {
            self.either[index(mark)] += times;
            let is_broken = u32::from(!shape.is_whole);
            self.either_broken[index(mark)] += times * is_broken;
            keep_example(&mut self.examples, field);
        }
        if let Some(decimal) = decimal_of(shape) {
            self.shown[decimal] += times;
            let certain = &mut self.certain[decimal];
            certain.get_or_insert_with(|| example(field));
        }
    }

    /// What several columns tell together.
    pub fn merge(&mut self, other: &MarkLook) {
        let add = |sums: &mut [u32], more: &[u32]| {
            sums.iter_mut().zip(more).for_each(|(sum, more)| *sum += more);
        };
        self.numbers += other.numbers;
        add(&mut self.thousands, &other.thousands);
        add(&mut self.shown, &other.shown);
        add(&mut self.either, &other.either);
        add(&mut self.either_broken, &other.either_broken);
        for example in &other.examples {
            keep_example(&mut self.examples, example.as_bytes());
        }
        for (kept, more) in self.certain.iter_mut().zip(&other.certain) {
            *kept = kept.take().or_else(|| more.clone());
        }
    }

    /// The marks that the values leave no doubt of, beside those given.
    pub fn resolve(&self, given: Given, places: u8) -> Marks {
        let (decimal, doubt) = self.decimal_mark(given);
        // Where whole numbers are totalled, a few with such a mark are better
        // rejected one by one than asked about: none can be read wrong.
        let is_rare = is_nearly_all(
            self.numbers - self.either.iter().sum::<u32>(),
            self.numbers,
        );
        let doubt =
            doubt.filter(|doubt| doubt.is_mixed || places > 0 || !is_rare);
        let known = decimal.unwrap_or(b'.');
        let thousands = match given.thousands {
            Some(given) => given,
            None if doubt.is_some() => None,
            None => self.thousands_mark(decimal),
        };
        // Both were given, and are checked elsewhere, or differ.
        let thousands = thousands.filter(|&mark| mark != known);
        let numbers = NumberFormat {
            places,
            decimal_mark: known,
            thousands_mark: thousands,
            ..NumberFormat::PLAIN
        };
        Marks { numbers, has_decimal: decimal.is_some(), doubt }
    }

    /// The mark before decimal places, if one is given or shown.
    fn decimal_mark(&self, given: Given) -> (Option<u8>, Option<Doubt>) {
        if given.decimal.is_some() {
            return (given.decimal, None);
        }
        match given.thousands {
            Some(Some(b',')) => return (Some(b'.'), None),
            Some(Some(b'.')) => return (Some(b','), None),
            _ => {}
        }
        let [point, comma] = self.shown;
        if is_nearly_all(point, point + comma) {
            return (Some(b'.'), None);
        }
        if is_nearly_all(comma, point + comma) {
            return (Some(b','), None);
        }
        if point + comma > 0 {
            let examples = self.certain.iter().flatten().cloned().collect();
            return (None, Some(Doubt { examples, is_mixed: true }));
        }
        self.mark_of_either(given)
    }

    /// The same if no value shows it for certain.
    fn mark_of_either(&self, given: Given) -> (Option<u8>, Option<Doubt>) {
        let doubt = |is_mixed| {
            let examples = self.examples.clone();
            (None, Some(Doubt { examples, is_mixed }))
        };
        // Where something else stands between thousands, or nothing does, a
        // point or comma stands before decimal places.
        let others = self.thousands[2] + self.thousands[3];
        if given.thousands.is_some() || others > 0 {
            return match self.either {
                [0, 0] => (None, None),
                [_, 0] => (Some(b'.'), None),
                [0, _] => (Some(b','), None),
                _ => doubt(true),
            };
        }
        // `1.000` alone is 1, as data frames write it.
        match self.either_broken[0] + self.either[1] {
            0 => (None, None),
            _ => doubt(false),
        }
    }

    /// The mark between thousands that is shown, if numbers have this one
    /// before decimal places.
    fn thousands_mark(&self, decimal: Option<u8>) -> Option<u8> {
        let mut counts = self.thousands;
        match decimal {
            Some(b'.') => counts[1] += self.either[1],
            Some(_) => counts[0] += self.either[0],
            None => {}
        }
        if let Some(decimal) = decimal {
            counts[index(decimal)] = 0;
        }
        let marks = MARKS.iter().zip(counts);
        let most = marks.max_by_key(|&(_, count)| count);
        most.filter(|&(_, count)| count > 0).map(|(&mark, _)| mark)
    }
}

/// Whether a part is all of it or nearly so: what is left may be mistakes,
/// which will be rejected.
pub fn is_nearly_all(part: u32, whole: u32) -> bool {
    part > 0 && u64::from(part) * 20 >= u64::from(whole) * 19
}

/// The place of a mark in [`MARKS`].
fn index(mark: u8) -> usize {
    MARKS.iter().position(|&other| other == mark).unwrap_or(0)
}

/// Which decimal mark a shape shows, if it does: 0 for a point, 1 for a
/// comma. Points between thousands leave commas for it.
fn decimal_of(shape: Shape) -> Option<usize> {
    match (shape.decimal, shape.thousands) {
        (Some(b'.'), _) | (None, Some(b',')) => Some(0),
        (Some(b','), _) | (None, Some(b'.')) => Some(1),
        _ => None,
    }
}

/// Keeps a value as an example, if there are few and none is the same.
pub fn keep_example(examples: &mut Vec<String>, field: &[u8]) {
    if examples.len() < EXAMPLES {
        let example = example(field);
        if !examples.contains(&example) {
            examples.push(example);
        }
    }
}

/// A value as an example.
pub fn example(field: &[u8]) -> String {
    crate::error::excerpt(String::from_utf8_lossy(field).trim())
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOTHING: Given = Given { decimal: None, thousands: None };

    #[test]
    fn a_few_among_whole_numbers_are_not_asked_about() {
        let values =
            |plain: usize| [&vec!["7"; plain][..], &["1,204"]].concat();
        check_places(&values(19), NOTHING, 0, "._");
        check_places(&values(18), NOTHING, 0, "._?");
        check_places(&values(19), NOTHING, 2, "._?");
        check_places(&["1,204"], NOTHING, 0, "._?");
    }

    fn look(values: &[&str]) -> MarkLook {
        let mut look = MarkLook::default();
        for value in values {
            if let Some(shape) = Shape::of(value.as_bytes()) {
                look.add(value.as_bytes(), 1, shape);
            }
        }
        look
    }

    /// Checks the marks of values: decimal and thousands, `_` for none, and
    /// then `?` if they can be read in two ways or `!` if both ways occur.
    fn check_given(values: &[&str], given: Given, expected: &str) {
        check_places(values, given, 2, expected);
    }

    fn check_places(
        values: &[&str],
        given: Given,
        places: u8,
        expected: &str,
    ) {
        let Marks { numbers, doubt, .. } = look(values).resolve(given, places);
        let thousands = numbers.thousands_mark.unwrap_or(b'_');
        let marks = [numbers.decimal_mark, thousands].map(char::from);
        let doubt = match doubt.map(|doubt| doubt.is_mixed) {
            None => "",
            Some(false) => "?",
            Some(true) => "!",
        };
        let found = marks.iter().collect::<String>() + doubt;
        assert_eq!(found, expected, "{values:?}, {given:?}");
    }

    fn check(values: &[&str], expected: &str) {
        check_given(values, NOTHING, expected);
    }

    #[test]
    fn no_doubt() {
        check(&[], "._");
        check(&["1", "22", "1234567", "x", ""], "._");
        check(&["12.0", "5.000"], "._");
        check(&["1.000", "5.000"], "._");
        check(&["12.5", "1.234"], "._");
        check(&["12,5"], ",_");
        check(&["0,123", "1,234"], ",_");
        check(&["1,234,567"], ".,");
        check(&["1,23,456", "1,234"], ".,");
        check(&["1.234.567"], ",.");
        check(&["1,234.50", "7"], ".,");
        check(&["1.234,50", "7"], ",.");
        check(&["1.234", "12,5"], ",.");
        check(&["1,234", "12.5"], ".,");
        check(&["5.000", "12,5"], ",.");
        check(&["1.234", "1,234.5"], ".,");
        check(&["1 234"], ". ");
        check(&["1 234", "1,234"], ", ");
        check(&["1 234,50"], ", ");
        check(&["1'234.50"], ".'");
        check(&["1 234", "12.5", "7.250"], ". ");
    }

    #[test]
    fn two_ways() {
        check(&["1,234"], "._?");
        check(&["1.234"], "._?");
        check(&["1,000", "7"], "._?");
        check(&["1.000", "1.234", "12"], "._?");
        check(&["1.234", "1,234"], "._?");
        check(&["12.5", "12,5"], "._!");
        check(&["1,234.5", "1.234,5"], "._!");
        check(&["1 234", "1.234", "1,234"], "._!");
    }

    #[test]
    fn a_few_mistakes_decide_nothing() {
        let mut values = vec!["12.5"; 40];
        values.push("12,5");
        check(&values, "._");
        values.push("1,234");
        check(&values, ".,");
    }

    #[test]
    fn given_marks() {
        let point = Given { decimal: Some(b'.'), thousands: None };
        let comma = Given { decimal: Some(b','), thousands: None };
        check_given(&["1,234"], point, ".,");
        check_given(&["1.234"], point, "._");
        check_given(&["1,234"], comma, ",_");
        check_given(&["1.234"], comma, ",.");
        check_given(&["1.000"], comma, ",.");
        check_given(&["12,5", "12.5"], point, "._");
        let none = Given { decimal: None, thousands: Some(None) };
        check_given(&["1,234"], none, ",_");
        check_given(&["1.234"], none, "._");
        check_given(&["1.234", "1,234"], none, "._!");
        let points = Given { decimal: None, thousands: Some(Some(b'.')) };
        check_given(&["1,234"], points, ",.");
        check_given(&["12.5"], points, ",.");
        let commas = Given { decimal: None, thousands: Some(Some(b',')) };
        check_given(&["1,234"], commas, ".,");
        let both = Given { decimal: Some(b','), thousands: Some(Some(b' ')) };
        check_given(&["1.234.567"], both, ", ");
    }

    #[test]
    fn examples() {
        let doubt = |values: &[&str]| {
            let doubt = look(values).resolve(NOTHING, 0).doubt;
            doubt.unwrap().examples
        };
        assert_eq!(
            doubt(&["7", " 1,234", "1,234", "5,678", "9,012", "3,456"]),
            ["1,234", "5,678", "9,012"]
        );
        assert_eq!(doubt(&["12.5", "1,5", "1.234"]), ["12.5", "1,5"]);
    }

    #[test]
    fn columns_together() {
        let mut both = look(&["1,234"]);
        both.merge(&look(&["7", "1.5"]));
        let marks = both.resolve(NOTHING, 0);
        assert_eq!(marks.numbers.thousands_mark, Some(b','));
        assert_eq!(marks.doubt, None);
    }
}
