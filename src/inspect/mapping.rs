//! Which columns are meant, and what is wrong with them.

use super::{Inspection, Notice};
use crate::columns::{self, KEY_KINDS, KEYS, Role, TOTAL_KINDS, TOTALS};
use crate::error::{Error, ErrorKind};
use crate::options::{Column, FileOptions};

impl Inspection {
    /// Finds the columns asked for, and says what is wrong with them.
    pub(super) fn map_columns(&mut self, options: &FileOptions) {
        let names = self.names();
        let (keys, totals) =
            (options.keys.as_deref(), options.totals.as_deref());
        self.keys = columns::resolve(&names, keys, &KEYS);
        self.totals = columns::resolve(&names, totals, &TOTALS);
        if !self.header {
            self.guess_columns(options);
        }
        if self.columns.is_empty() {
            self.notices.push(Notice::Empty);
            return;
        }
        self.report_missing(&names, keys, totals);
        self.report_repeated(&names);
    }

    /// Finds the columns that nobody asked for by what they hold, if there
    /// are no names.
    fn guess_columns(&mut self, options: &FileOptions) {
        let mark = options.decimal_mark.unwrap_or(b'.');
        let kinds = self.kinds(mark);
        if options.keys.is_none() {
            self.keys = columns::guess(&kinds, &KEY_KINDS);
        }
        if options.totals.is_none() {
            self.totals = columns::guess(&kinds, &TOTAL_KINDS);
        }
    }

    /// Reports columns that are not there.
    fn report_missing(
        &mut self,
        names: &[String],
        keys: Option<&[Column]>,
        totals: Option<&[Column]>,
    ) {
        let asked = [(&self.keys, keys, &KEYS[..])].into_iter().chain([(
            &self.totals,
            totals,
            &TOTALS[..],
        )]);
        for (found, asked, roles) in asked {
            for (place, _) in
                found.iter().enumerate().filter(|(_, at)| at.is_none())
            {
                let wanted = asked_name(asked, roles, place);
                let there = names.to_vec();
                let kind = ErrorKind::MissingColumn { wanted, there };
                self.errors.push(Error::new(kind));
            }
        }
    }

    /// Reports columns with two roles, and names that several columns have.
    fn report_repeated(&mut self, names: &[String]) {
        let used: Vec<usize> =
            self.keys.iter().chain(&self.totals).copied().flatten().collect();
        for (place, &index) in used.iter().enumerate() {
            if used[..place].contains(&index) {
                let name = names[index].clone();
                let kind = ErrorKind::SameColumn { name };
                self.errors.push(Error::new(kind));
            }
        }
        let repeated = |&index: &usize| {
            let same = |name: &&String| name.trim() == names[index].trim();
            names.iter().filter(same).count() > 1
        };
        if used.iter().any(repeated) {
            self.notices.push(Notice::SameName);
        }
    }
}

/// The name of a column that was asked for.
fn asked_name(
    asked: Option<&[Column]>,
    roles: &[Role],
    place: usize,
) -> String {
    match asked.map(|columns| &columns[place]) {
        None => roles[place].name.to_owned(),
        Some(Column::Name(name)) => name.clone(),
        Some(Column::Index(index)) => format!("number {}", index + 1),
    }
}
