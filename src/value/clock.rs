//! A time of day behind a date, which is passed over.

use super::cursor::Cursor;

/// Whether a field ends here, or with a time of day: `T` or blanks, hours and
/// minutes, and then, each if it is there, seconds, a fraction of them, AM or
/// PM, and a zone: `Z`, `UTC`, `GMT` or an offset.
///
/// In the form with `T` there may be no colons.
pub fn ends_with_time(mut cursor: Cursor<'_>) -> bool {
    if cursor.is_at_end() {
        return true;
    }
    let comma = cursor.take(b',');
    let blanks = cursor.take_blanks();
    if comma && !blanks {
        return false;
    }
    let marked = cursor.take(b'T');
    (marked || blanks)
        && take_time(&mut cursor, marked).is_some()
        && take_zone(&mut cursor).is_some()
        && cursor.is_at_end()
}

/// Takes hours, minutes and seconds.
fn take_time(cursor: &mut Cursor<'_>, marked: bool) -> Option<()> {
    let ahead = *cursor;
    let (hours, count) = cursor.take_digits();
    if marked && matches!(count, 4 | 6) {
        *cursor = ahead;
        return take_compact_time(cursor, count);
    }
    let is_hours = (1..=2).contains(&count) && hours <= 24;
    if !is_hours || !cursor.take(b':') {
        return None;
    }
    take_sixtieths(cursor, 59)?;
    if cursor.take(b':') {
        take_sixtieths(cursor, 60)?;
        take_fraction(cursor)?;
    }
    take_half(cursor)
}

/// Takes hours, minutes and maybe seconds that have no colons between them.
fn take_compact_time(cursor: &mut Cursor<'_>, count: usize) -> Option<()> {
    take_sixtieths(cursor, 24)?;
    take_sixtieths(cursor, 59)?;
    if count == 6 {
        take_sixtieths(cursor, 60)?;
    }
    take_fraction(cursor)
}

/// Takes two digits, of a number no larger than `most`: a leap second is the
/// 60th of a minute.
fn take_sixtieths(cursor: &mut Cursor<'_>, most: u32) -> Option<()> {
    (cursor.take_exactly(2)? <= most).then_some(())
}

/// Takes a fraction of a second, if there is one.
fn take_fraction(cursor: &mut Cursor<'_>) -> Option<()> {
    match cursor.take_one_of(b".,") {
        None => Some(()),
        Some(_) => (cursor.take_digits().1 > 0).then_some(()),
    }
}

/// Takes AM or PM, if it is there.
fn take_half(cursor: &mut Cursor<'_>) -> Option<()> {
    let mut ahead = *cursor;
    ahead.take_blanks();
    if (ahead.take(b'A') || ahead.take(b'P')) && ahead.take(b'M') {
        *cursor = ahead;
    }
    Some(())
}

/// Takes a zone, if there is one, and the blanks before and behind it.
fn take_zone(cursor: &mut Cursor<'_>) -> Option<()> {
    cursor.take_blanks();
    if cursor.take_one_of(b"+-").is_some() {
        take_sixtieths(cursor, 24)?;
        let colon = cursor.take(b':');
        if colon || !cursor.is_at_end() {
            take_sixtieths(cursor, 59)?;
        }
        return Some(());
    }
    let name = cursor.take_while(u8::is_ascii_alphabetic);
    let is_one = [&b""[..], b"Z", b"UTC", b"GMT"]
        .iter()
        .any(|zone| zone.eq_ignore_ascii_case(name));
    is_one.then_some(())
}
