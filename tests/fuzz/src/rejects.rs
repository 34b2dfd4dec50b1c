//! Rejects CSVs that are read again.

use playtally::{
    Asked, Container, Entry, Packing, REJECT_COLUMNS, Written, rejected_files,
};

use super::archives::unpack;
use super::input::Input;

/// The first byte is the size of chunks; the names of the columns go before
/// the others.
///
/// Whatever is in a rejects CSV, reading a file of it is an error or comes out
/// the same however it is cut. What is said of a file is understood as what it
/// is written as again.
pub fn rejects(bytes: &[u8]) {
    let mut input = Input { bytes };
    let chunk = input.number(256) + 1;
    let names = REJECT_COLUMNS.join(",");
    let csv = [names.as_bytes(), b"\n", input.bytes].concat();
    let _ = rejected_files(input.bytes, false);
    let files = rejected_files(&csv, true).expect("it is a rejects CSV");
    let whole = read(&csv, csv.len());
    assert_eq!(whole, read(&csv, chunk));
    for file in files.iter().flatten() {
        let (written, asked) = (file.written.to_text(), file.asked.to_text());
        assert_eq!(Written::from_text(&written).to_text(), written);
        assert_eq!(Asked::from_text(&asked).to_text(), asked);
    }
    // What comes out is of a file that is listed.
    assert!(files.is_ok() || whole.unwrap_or_default().is_empty());
}

/// Reads the file `a` in chunks of a size.
fn read(csv: &[u8], chunk: usize) -> Result<Vec<u8>, String> {
    let entry = Some(Entry::of_rejects("a".into(), csv.len() as u64));
    let container = Some(Container::Rejects);
    let packing = Packing { container, entry, ..Packing::default() };
    let (bytes, verdict) = unpack(&packing, csv, chunk, chunk.max(4));
    verdict.map(|()| bytes)
}
