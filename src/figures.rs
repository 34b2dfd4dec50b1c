//! What is kept of the numbers of a group, and how two of it become one.

use serde::{Deserialize, Serialize};

use crate::number::Number;
use crate::options::{MOST_COLUMNS, Measures};
use crate::total::Total;

/// The most figures of a group: sum, least and greatest number of each total
/// column, and the number of records.
pub const MOST_FIGURES: usize = 3 * MOST_COLUMNS + 1;

/// The figures of a group. In its list of totals they stand in this order: the
/// sum of each total column; the number of records, if it or a mean is asked
/// for; the least number of each total column, if that is; the greatest ones.
///
/// Numbers with decimal places are integers everywhere: scaled, so that the
/// last place is the ones'.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct Figures {
    /// The number of total columns.
    pub totals: usize,
    /// The decimal places of their numbers.
    pub places: u8,
    /// What is said beside the sums.
    pub measures: Measures,
}

/// How a figure of two groups with the same key comes to one.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Fold {
    /// They are added.
    Sum,
    /// The lesser one stays.
    Min,
    /// The greater one stays.
    Max,
}

impl From<usize> for Figures {
    /// The sums of so many columns of whole numbers.
    fn from(totals: usize) -> Figures {
        Figures { totals, places: 0, measures: Measures::default() }
    }
}

impl Figures {
    /// The number of figures. There is always one.
    #[allow(clippy::len_without_is_empty)]
    #[inline]
    pub fn len(self) -> usize {
        let Measures { min, max, .. } = self.measures;
        self.sums() + self.totals * (usize::from(min) + usize::from(max))
    }

    /// How many of them, from the first on, are added up.
    #[inline]
    pub fn sums(self) -> usize {
        self.totals + usize::from(self.count().is_some())
    }

    /// The place of the number of records.
    #[inline]
    pub fn count(self) -> Option<usize> {
        let Measures { count, mean, .. } = self.measures;
        (count || mean).then_some(self.totals)
    }

    /// The place of the least number of a total column.
    #[inline]
    pub fn min(self, column: usize) -> Option<usize> {
        self.measures.min.then(|| self.sums() + column)
    }

    /// The place of the greatest number of a total column.
    #[inline]
    pub fn max(self, column: usize) -> Option<usize> {
        let before = if self.measures.min { self.totals } else { 0 };
        self.measures.max.then(|| self.sums() + before + column)
    }

    /// The total column whose numbers the figure at a place is made of; none
    /// for the number of records.
    #[inline]
    pub fn column(self, place: usize) -> Option<usize> {
        match place.checked_sub(self.sums()) {
            None => (place < self.totals).then_some(place),
            Some(place) => Some(place % self.totals),
        }
    }

    /// How the figure at a place is folded.
    #[inline]
    pub fn fold(self, place: usize) -> Fold {
        match place.checked_sub(self.sums()) {
            None => Fold::Sum,
            Some(place) if self.measures.min && place < self.totals => {
                Fold::Min
            }
            Some(_) => Fold::Max,
        }
    }

    /// Folds the figures of one group or set of groups into another's.
    #[inline(always)]
    pub fn fold_all(self, held: &mut [Total], more: &[Total]) {
        let sums = self.sums();
        for (held, more) in held[..sums].iter_mut().zip(more) {
            held.add(more);
        }
        for place in sums..held.len() {
            self.fold(place).apply(&mut held[place], &more[place]);
        }
    }

    /// The decimal places of the figure at a place.
    pub fn places_of(self, place: usize) -> u8 {
        self.column(place).map_or(0, |_| self.places)
    }

    /// What the figure at a place is called, in a message.
    pub fn describe(self, place: usize, names: &[String]) -> String {
        let Some(column) = self.column(place) else {
            return "the number of records in groups".to_owned();
        };
        let what = match self.fold(place) {
            Fold::Sum => "",
            Fold::Min => "the minimum of ",
            Fold::Max => "the maximum of ",
        };
        format!("{what}“{}”", names[column])
    }
}

impl Fold {
    /// Folds `more` into what is held.
    pub fn apply(self, held: &mut Total, more: &Total) {
        let replaces = match self {
            Fold::Sum => return held.add(more),
            Fold::Min => more < held,
            Fold::Max => more > held,
        };
        if replaces {
            held.clone_from(more);
        }
    }
}

/// Figures that fit an `i64`, as a word each, of which zero is that of nothing:
/// what is never a minimum or maximum there is folded into the others. Those
/// that don't fit, and numbers equal to nothing, are for others to keep.
impl Fold {
    /// What is held if there was no number yet.
    #[inline]
    pub(crate) fn nothing(self) -> i64 {
        match self {
            Fold::Sum => 0,
            Fold::Min => i64::MAX,
            Fold::Max => i64::MIN,
        }
    }

    /// The figure in a word.
    #[inline]
    pub(crate) fn of_word(self, word: u64) -> i64 {
        word as i64 ^ self.nothing()
    }

    /// Folds a number into a word, or returns what doesn't fit into it.
    #[inline]
    pub(crate) fn add_small(
        self,
        word: &mut u64,
        number: i64,
    ) -> Option<Total> {
        let (held, nothing) = (self.of_word(*word), self.nothing());
        let folded = match self {
            Fold::Sum => match held.checked_add(number) {
                Some(sum) if sum != i64::MIN => sum,
                _ => return Some(carry(word, &Number::Small(number))),
            },
            _ if number == nothing => return Some(Total::from(number)),
            Fold::Min => held.min(number),
            Fold::Max => held.max(number),
        };
        *word = (folded ^ nothing) as u64;
        None
    }

    /// The same for a number of any size.
    #[inline]
    pub(crate) fn add_number(
        self,
        word: &mut u64,
        number: &Number,
    ) -> Option<Total> {
        match (self, number) {
            (_, Number::Small(number)) => self.add_small(word, *number),
            (Fold::Sum, _) => Some(carry(word, number)),
            _ => Some(Total::from(number.clone())),
        }
    }
}

/// Takes a sum to zero and returns what it comes to with `number`, which
/// doesn't fit an `i64`.
#[cold]
pub(crate) fn carry(sum: &mut u64, number: &Number) -> Total {
    let mut rest = Total::from(std::mem::take(sum) as i64);
    rest.add_number(number);
    rest
}

/// Figures over many groups or records, none at first.
#[derive(Clone, Debug)]
pub struct Grand {
    /// How they are folded.
    figures: Figures,
    /// What they come to, if anything was added.
    totals: Option<Vec<Total>>,
}

impl Grand {
    /// The figures of nothing.
    pub fn new(figures: Figures) -> Grand {
        Grand { figures, totals: None }
    }

    /// Folds the figures of a group, or of several, into these.
    #[inline(always)]
    pub fn add(&mut self, more: &[Total]) {
        match &mut self.totals {
            Some(totals) => self.figures.fold_all(totals, more),
            None => self.totals = Some(more.to_vec()),
        }
    }

    /// What they come to: zeros if nothing was added.
    pub fn into_totals(self) -> Vec<Total> {
        let zeros = || vec![Total::zero(); self.figures.len()];
        self.totals.unwrap_or_else(zeros)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Checks the places of the figures of two columns: one letter for each,
    /// and the column.
    fn check(measures: &str, expected: &str) {
        let has = |letter| measures.contains(letter);
        let measures = Measures {
            count: has('n'),
            min: has('<'),
            max: has('>'),
            mean: has('m'),
        };
        let figures = Figures { measures, ..Figures::from(2) };
        let mut places = vec!["s0", "s1"];
        places.resize(figures.len(), "?");
        figures.count().inspect(|&place| places[place] = "n");
        for (column, names) in [["<0", ">0"], ["<1", ">1"]].iter().enumerate()
        {
            figures.min(column).inspect(|&place| places[place] = names[0]);
            figures.max(column).inspect(|&place| places[place] = names[1]);
        }
        assert_eq!(places.join(" "), expected);
        for (place, name) in places.iter().enumerate() {
            let fold = match name.as_bytes()[0] {
                b'<' => Fold::Min,
                b'>' => Fold::Max,
                _ => Fold::Sum,
            };
            assert_eq!(figures.fold(place), fold, "{name}");
        }
    }

    #[test]
    fn places_of_figures() {
        check("", "s0 s1");
        check("n", "s0 s1 n");
        check("m", "s0 s1 n");
        check("<", "s0 s1 <0 <1");
        check(">", "s0 s1 >0 >1");
        check("nm<>", "s0 s1 n <0 <1 >0 >1");
    }

    #[test]
    fn the_most_of_them() {
        let all = Measures { count: true, min: true, max: true, mean: true };
        let most = Figures { measures: all, ..Figures::from(MOST_COLUMNS) };
        assert_eq!(most.len(), MOST_FIGURES);
    }

    /// Folds numbers into a word and what doesn't fit it into another total,
    /// and compares with the standard library.
    fn check_word(fold: Fold, numbers: &[i128]) {
        let (mut word, mut rest) = (0, None);
        for number in numbers {
            let number: Total = number.to_string().parse().unwrap();
            let number = number.to_small().map_or_else(
                || Number::Large(number.to_string().parse().unwrap()),
                Number::Small,
            );
            if let Some(more) = fold.add_number(&mut word, &number) {
                match &mut rest {
                    Some(rest) => fold.apply(rest, &more),
                    None => rest = Some(more),
                }
            }
        }
        let mut total = Total::from(fold.of_word(word));
        match (fold, rest) {
            (_, None) => {}
            (Fold::Sum, Some(rest)) => total.add(&rest),
            (_, Some(rest)) if word == 0 => total = rest,
            (_, Some(rest)) => fold.apply(&mut total, &rest),
        }
        let numbers = numbers.iter().copied();
        let expected = match fold {
            Fold::Sum => numbers.sum(),
            Fold::Min => numbers.min().unwrap(),
            Fold::Max => numbers.max().unwrap(),
        };
        assert_eq!(total.to_string(), expected.to_string());
    }

    #[test]
    fn words_at_and_beyond_the_edges() {
        let (most, least) = (i128::from(i64::MAX), i128::from(i64::MIN));
        let numbers =
            [0, 5, -5, most, least, most - 1, least + 1, most + 1, least - 1];
        for fold in [Fold::Sum, Fold::Min, Fold::Max] {
            for left in numbers {
                check_word(fold, &[left]);
                for right in numbers {
                    check_word(fold, &[left, right]);
                    check_word(fold, &[left, right, 7]);
                }
            }
        }
    }

    #[test]
    fn folded() {
        let measures =
            Measures { min: true, max: true, ..Measures::default() };
        let mut grand = Grand::new(Figures { measures, ..1.into() });
        for group in [[3, 1, 2], [9, 4, 5], [-1, -1, -1]] {
            grand.add(&group.map(Total::from));
        }
        assert_eq!(grand.into_totals(), [11, -1, 5].map(Total::from));
        assert_eq!(
            Grand::new(2.into()).into_totals(),
            [0, 0].map(Total::from)
        );
    }
}
