//! A part of the result: groups of a merge as CSV, counted and added up.

use crate::figures::{Figures, Grand};
use crate::merge::{Merge, MergedRow, Step};
use crate::options::OutputFormat;
use crate::output::Output;
use crate::run::RunError;
use crate::total::Total;

/// So many bytes of records are enough for the caller to do something with.
pub(crate) const MOST_BYTES: usize = 256 << 10;

/// Writes the groups of a merge.
///
/// There is one function for it, [`Part::write`], so that it is one thing to
/// warm up and one to be optimised.
#[derive(Clone, Debug)]
pub struct Part {
    output: Output,
    /// The fields in front of a group's key that only order the groups.
    lead: usize,
    groups: u64,
    grand: Grand,
}

impl Part {
    /// Creates a part without groups, of these figures, in which the first
    /// `lead` fields of keys are left out.
    pub fn new(format: OutputFormat, figures: Figures, lead: usize) -> Part {
        Part {
            output: Output::with_format(format, figures),
            lead,
            groups: 0,
            grand: Grand::new(figures),
        }
    }

    /// Steps on in a merge and writes its groups, until there is something
    /// else for the caller to do. [`Step::Group`] means that so much was
    /// written that it is time to [clear](Part::clear) it.
    ///
    /// # Errors
    ///
    /// As [`Merge::step`].
    pub fn write(&mut self, merge: &mut Merge) -> Result<Step, RunError> {
        if merge.has_rows() && self.lead == 0 {
            return merge.rows(|row| self.row(row));
        }
        merge.groups(|merge| {
            let key = merge.key().skip(self.lead);
            self.output.record(key, merge.totals());
            self.groups += 1;
            self.grand.add(merge.totals());
            true
        })
    }

    /// Writes the groups of a row and says whether there is room for more.
    ///
    /// It is a function of its own for the sake of browsers, as
    /// [`Merge::groups`] is.
    #[inline(never)]
    fn row(&mut self, row: &mut MergedRow) -> bool {
        self.output.begin_row(row.firsts());
        while row.next() {
            let last = &row.lasts()[row.last()];
            self.output.record_in_row(last, row.totals());
            self.groups += 1;
            self.grand.add(row.totals());
        }
        self.output.buffer().len() < MOST_BYTES
    }

    /// The records written since it was cleared.
    pub fn csv(&self) -> &[u8] {
        self.output.buffer()
    }

    /// Forgets the records, but not what they come to.
    pub fn clear(&mut self) {
        self.output.clear();
    }

    /// How many groups were written.
    pub fn groups(&self) -> u64 {
        self.groups
    }

    /// How many of them have a [formula](Output).
    pub fn formulas(&self) -> u64 {
        self.output.formulas()
    }

    /// What their figures come to, zeros if there was no group.
    pub fn into_totals(self) -> Vec<Total> {
        self.grand.into_totals()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::aggregate::Aggregate;
    use crate::merge::KeyRange;
    use crate::number::Number;
    use crate::run::RunIndex;

    /// A run of these groups.
    fn run(groups: &[([&str; 2], i64)]) -> (RunIndex, Vec<u8>) {
        let mut aggregate = Aggregate::new(2, 1);
        for (key, total) in groups {
            let key = key.map(str::as_bytes);
            aggregate.add(&key, &[Number::Small(*total)]);
        }
        let mut bytes = Vec::new();
        let index = aggregate.drain(&mut |more| bytes.extend(more));
        (index, bytes)
    }

    /// Writes all groups of some runs.
    fn written(runs: &[(RunIndex, Vec<u8>)], lead: usize) -> (Part, String) {
        let indexes: Vec<&RunIndex> =
            runs.iter().map(|(index, _)| index).collect();
        let range = KeyRange::default();
        let mut merge = Merge::new(&indexes, range, 2, 1).unwrap();
        let mut part = Part::new(OutputFormat::default(), 1.into(), lead);
        let mut csv = Vec::new();
        loop {
            let step = part.write(&mut merge).unwrap();
            csv.extend_from_slice(part.csv());
            part.clear();
            match step {
                Step::Need { run, offset, length } => {
                    let bytes = &runs[run].1[offset as usize..][..length];
                    merge.feed(run, bytes).unwrap();
                }
                Step::Group => {}
                Step::End => return (part, String::from_utf8(csv).unwrap()),
            }
        }
    }

    #[test]
    fn equal_keys_of_two_runs_are_one_record() {
        let runs = [
            run(&[(["a", "1"], 2), (["=b", "1"], -3)]),
            run(&[(["a", "1"], 5), (["c", "2"], 7)]),
        ];
        let (part, csv) = written(&runs, 0);
        assert_eq!(csv, "=b,1,-3\na,1,7\nc,2,7\n");
        assert_eq!((part.groups(), part.formulas()), (3, 1));
        assert_eq!(part.into_totals()[0].to_string(), "11");
    }

    #[test]
    fn rows_are_written_some_at_a_time() {
        let songs: Vec<String> =
            (0..2000).map(|n| format!("{n:04}")).collect();
        let dates: Vec<String> = (0..20).map(|n| format!("{n:02}")).collect();
        let keys = songs.iter().flat_map(|song| {
            dates.iter().map(move |date| [song.as_str(), date.as_str()])
        });
        let groups: Vec<_> = keys.map(|key| (key, 7)).collect();
        let (index, bytes) = run(&groups);
        let mut merge =
            Merge::new(&[&index], KeyRange::default(), 2, 1).unwrap();
        let mut part = Part::new(OutputFormat::default(), 1.into(), 0);
        let Ok(Step::Need { run: 0, offset, length }) = part.write(&mut merge)
        else {
            panic!("no need");
        };
        merge.feed(0, &bytes[offset as usize..][..length]).unwrap();
        assert_eq!(part.write(&mut merge), Ok(Step::Group));
        let most = MOST_BYTES + 20 * "0000,00,7\n".len();
        assert!((MOST_BYTES..most).contains(&part.csv().len()));
        let (part, csv) = written(&[(index, bytes)], 0);
        assert!(csv.starts_with("0000,00,7\n0000,01,7\n"));
        assert_eq!(csv.lines().count(), 40_000);
        assert_eq!(part.groups(), 40_000);
    }

    #[test]
    fn fields_that_only_order_are_left_out() {
        let runs = [run(&[(["2", "a"], 1), (["1", "b"], 1)])];
        assert_eq!(written(&runs, 1).1, "b,1\na,1\n");
    }

    #[test]
    fn nothing() {
        let (part, csv) = written(&[], 0);
        assert_eq!((csv.as_str(), part.groups()), ("", 0));
        assert_eq!(part.into_totals()[0].to_string(), "0");
    }
}
