//! Packed files.

use playtally::{Container, Directory, Packing, Unpacker};

use super::input::Input;

/// Times its size that a file may grow: the first GiB, which goes for nothing,
/// is out of reach.
const LIMIT: u64 = 250;

/// Bytes that are read of what comes out, so that each input takes little
/// time.
const MOST: usize = 1 << 20;

/// The first bytes are the container and the size of chunks.
///
/// Whatever bytes are taken for an archive, they are an error or come out the
/// same however they are cut.
pub fn archives(bytes: &[u8]) {
    let mut input = Input { bytes };
    let container = input.number(3);
    let chunk = input.number(256) + 1;
    let bytes = input.bytes;
    let _ = Container::of(bytes);
    let packing = |container| Packing {
        container: Some(container),
        entry: None,
        encoding: None,
    };
    match container {
        0 => check(&packing(Container::Gzip), bytes, chunk),
        1 => check(&packing(Container::Zstd), bytes, chunk),
        _ => zip(bytes, chunk),
    }
}

/// Lists what is in a ZIP archive and unpacks the first files.
fn zip(bytes: &[u8], chunk: usize) {
    let mut directory = Directory::new(bytes.len() as u64);
    // It wants three ranges at most.
    for _ in 0..3 {
        let Some(range) = directory.wants() else { break };
        let range = range.start as usize..range.end as usize;
        let Some(wanted) = bytes.get(range) else { return };
        if directory.push(wanted).is_err() {
            return;
        }
    }
    assert_eq!(directory.wants(), None);
    let Ok(listing) = directory.into_listing() else { return };
    let entries = listing.tables.into_iter().chain(listing.others);
    for entry in entries.take(3) {
        let packing = Packing {
            container: Some(Container::Zip),
            entry: Some(entry),
            encoding: None,
        };
        let (start, end) = packing.range(bytes.len() as u64);
        let range = start as usize..end as usize;
        check(&packing, &bytes[range], chunk);
    }
}

/// Unpacks whole and in chunks. Where two things are wrong, which of them is
/// met first is a matter of chunks.
fn check(packing: &Packing, bytes: &[u8], chunk: usize) {
    let whole = unpack(packing, bytes, bytes.len().max(1), 1 << 16);
    let cut = unpack(packing, bytes, chunk, 1 << 10);
    let is_all = whole.0.len() < MOST && cut.0.len() < MOST;
    if is_all {
        assert_eq!(whole.1.is_ok(), cut.1.is_ok(), "verdict");
    }
    if whole.1.is_ok() && cut.1.is_ok() {
        assert!(whole.0 == cut.0, "what comes out");
    }
}

/// What comes out, and what is wrong with it.
pub(super) fn unpack(
    packing: &Packing,
    bytes: &[u8],
    chunk: usize,
    piece: usize,
) -> (Vec<u8>, Result<(), String>) {
    let mut out = Vec::new();
    let size = bytes.len() as u64;
    let done = Unpacker::new(packing, size, LIMIT, piece)
        .and_then(|unpacker| pull(unpacker, bytes.chunks(chunk), &mut out));
    (out, done.map_err(|error| error.to_string()))
}

/// Pushes chunks and takes what comes out, up to [`MOST`] bytes.
fn pull<'b>(
    mut unpacker: Unpacker,
    mut chunks: impl Iterator<Item = &'b [u8]>,
    out: &mut Vec<u8>,
) -> playtally::Result<()> {
    let mut is_finished = false;
    while out.len() < MOST {
        match unpacker.piece()? {
            Some(piece) => {
                assert!(!piece.is_empty());
                out.extend_from_slice(piece);
            }
            None if is_finished => return Ok(()),
            None => match chunks.next() {
                Some(chunk) => unpacker.push(chunk),
                None => {
                    unpacker.finish();
                    is_finished = true;
                }
            },
        }
    }
    out.truncate(MOST);
    Ok(())
}
