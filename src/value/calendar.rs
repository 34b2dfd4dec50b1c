//! Days, as the calendar of today names them in all years from 1 to 9999.

/// A day that there is, or was, or will be.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub struct Date {
    /// From 1 to 9999.
    pub year: u16,
    /// From 1.
    pub month: u8,
    /// From 1.
    pub day: u8,
}

impl Date {
    /// The day of this year, month and day, if there is one.
    pub fn new(year: u32, month: u32, day: u32) -> Option<Date> {
        let is_one = (1..=9999).contains(&year)
            && (1..=12).contains(&month)
            && (1..=days_of(year, month)).contains(&day);
        is_one.then_some(Date {
            year: year as u16,
            month: month as u8,
            day: day as u8,
        })
    }

    /// The day so many days after the last of the year 0.
    pub fn from_days(days: u32) -> Option<Date> {
        if !(1..=days_before(10_000)).contains(&days) {
            return None;
        }
        // There are 365.2425 days in a year on average, so it is one too
        // early or too late at most.
        let mut year = days * 400 / 146_097 + 1;
        while days <= days_before(year) {
            year -= 1;
        }
        while days > days_before(year + 1) {
            year += 1;
        }
        let mut day = days - days_before(year);
        let mut month = 1;
        while month < 12 && day > days_of(year, month) {
            day -= days_of(year, month);
            month += 1;
        }
        Date::new(year, month, day)
    }

    /// How many days it is after the last of the year 0.
    pub fn days(self) -> u32 {
        let year = u32::from(self.year);
        let months = 1..u32::from(self.month);
        let before: u32 = months.map(|month| days_of(year, month)).sum();
        days_before(year) + before + u32::from(self.day)
    }

    /// The year and the number of the week it lies in, as ISO 8601 counts: a
    /// week begins on Monday and lies in the year of its Thursday.
    pub fn week(self) -> (u32, u32) {
        let days = self.days();
        // The first day of the year 1 was a Monday.
        let thursday = days - (days - 1) % 7 + 3;
        let year = u32::from(self.year);
        let year = match thursday {
            day if day <= days_before(year) => year - 1,
            day if day > days_before(year + 1) => year + 1,
            _ => year,
        };
        (year, (thursday - days_before(year) - 1) / 7 + 1)
    }
}

/// The days of the years before this one, from the year 1 on.
fn days_before(year: u32) -> u32 {
    let years = year.saturating_sub(1);
    years * 365 + years / 4 - years / 100 + years / 400
}

/// The days of a month.
fn days_of(year: u32, month: u32) -> u32 {
    match month {
        2 if is_leap(year) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Whether a year has 366 days.
fn is_leap(year: u32) -> bool {
    year.is_multiple_of(4)
        && (!year.is_multiple_of(100) || year.is_multiple_of(400))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_walk_through_three_centuries() {
        const MONTHS: [u32; 12] =
            [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
        // The first of January 1850 was a Tuesday; the week's Thursday was
        // the third.
        let (mut weekday, mut week, mut of) = (1, 1, 1850);
        let mut days = Date::new(1850, 1, 1).unwrap().days();
        for year in 1850..2150 {
            let leap = year % 4 == 0 && year % 100 != 0 || year % 400 == 0;
            for month in 1..=12 {
                let more = u32::from(month == 2 && leap);
                let last = MONTHS[month as usize - 1] + more;
                for day in 1..=last {
                    let date = Date::new(year, month, day).unwrap();
                    assert_eq!(date.days(), days);
                    assert_eq!(Date::from_days(days), Some(date));
                    assert_eq!(date.week(), (of, week), "{date:?}");
                    days += 1;
                    weekday = (weekday + 1) % 7;
                    if weekday == 0 {
                        // A week that begins on the 29th of December or
                        // later is the first of the next year.
                        let next =
                            month == 12 && day >= 28 || month == 1 && day < 4;
                        week = if next { 1 } else { week + 1 };
                        of = if month == 12 && next { year + 1 } else { year };
                    }
                }
                assert_eq!(Date::new(year, month, 0), None);
                assert_eq!(Date::new(year, month, last + 1), None);
            }
            assert_eq!(Date::new(year, 0, 1), None);
            assert_eq!(Date::new(year, 13, 1), None);
        }
    }

    #[test]
    fn the_first_and_the_last_day() {
        let first = Date::new(1, 1, 1).unwrap();
        assert_eq!((first.days(), first.week()), (1, (1, 1)));
        assert_eq!(Date::from_days(1), Some(first));
        let last = Date::new(9999, 12, 31).unwrap();
        assert_eq!(last.week(), (9999, 52));
        assert_eq!(Date::from_days(last.days()), Some(last));
        for days in [0, last.days() + 1, u32::MAX] {
            assert_eq!(Date::from_days(days), None, "{days}");
        }
        assert_eq!(Date::new(0, 1, 1), None);
        assert_eq!(Date::new(10_000, 1, 1), None);
    }
}
