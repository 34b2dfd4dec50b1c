//! What the first bytes of a file say.

use playtally::{Column, FileOptions, Inspection};

use super::input::Input;

/// The first bytes are options.
///
/// Whatever a file begins with, it is an error or an inspection that a job
/// can go by.
pub fn inspection(bytes: &[u8]) {
    let mut input = Input { bytes };
    let by_place = input.flip().then(|| vec![Column::Index(0)]);
    let options = FileOptions {
        keys: by_place.clone(),
        totals: by_place.map(|_| vec![Column::Index(1)]),
        delimiter: input.choose(&[None, None, Some(b';'), Some(b'x')]),
        header: input.choose(&[None, Some(true), Some(false)]),
        first_line: input.choose(&[None, None, Some(1), Some(3)]),
        ..FileOptions::default()
    };
    let last = input.flip();
    let Ok(found) = Inspection::new(input.bytes, last, &options) else {
        return;
    };
    assert!(found.data_start <= input.bytes.len() as u64);
    assert!(found.breaks_before <= found.data_start);
    assert!(found.blank_before + found.left_out <= found.breaks_before);
    for at in found.keys.iter().chain(&found.totals).flatten() {
        assert!(*at < found.columns.len());
    }
    let _ = found.format(1 << 20);
}
