//! Text in encodings.

use playtally::{Transcoder, detect_encoding};

use super::input::Input;

const LABELS: [&str; 12] = [
    "utf-8",
    "utf-16le",
    "utf-16be",
    "windows-1252",
    "shift_jis",
    "gb18030",
    "big5",
    "euc-kr",
    "euc-jp",
    "iso-2022-jp",
    "koi8-r",
    "macintosh",
];

/// The first bytes are the encoding and the size of chunks.
///
/// What comes out doesn't depend on how the text is cut, and is UTF-8 but for
/// a byte for each mistake.
pub fn text(bytes: &[u8]) {
    let mut input = Input { bytes };
    let label = input.choose(&LABELS);
    let (chunk, room) = (input.number(256) + 1, input.number(256) + 5);
    let bytes = input.bytes;
    let whole = transcode(label, bytes, bytes.len().max(1), 1 << 12);
    assert_eq!(whole, transcode(label, bytes, chunk, room));
    for part in whole.split(|&byte| byte == 0xFF) {
        assert!(std::str::from_utf8(part).is_ok());
    }
    let _ = detect_encoding(bytes, true, None);
}

/// Transcodes text in chunks, with so much room for what comes out.
fn transcode(label: &str, bytes: &[u8], chunk: usize, room: usize) -> Vec<u8> {
    let mut transcoder = Transcoder::new(label).expect("a known label");
    let mut output = vec![0; room];
    let (mut chunks, mut all) = (bytes.chunks(chunk), Vec::new());
    let (mut rest, mut last) = (&b""[..], false);
    loop {
        match transcoder.step(rest, last, &mut output) {
            Some((taken, given)) => {
                rest = &rest[taken..];
                all.extend_from_slice(&output[..given]);
            }
            None if last => return all,
            None => match chunks.next() {
                Some(chunk) => rest = chunk,
                None => last = true,
            },
        }
    }
}
