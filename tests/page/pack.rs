//! Packs a file as a test of the page wants it: `pack FROM TO`, as Zstandard.

use std::fs;

use ruzstd::encoding::{CompressionLevel, compress_to_vec};

fn main() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let [from, to] = args.as_slice() else { panic!("pack FROM TO") };
    let content = fs::read(from).expect("a file to read");
    let packed = compress_to_vec(&content[..], CompressionLevel::Fastest);
    fs::write(to, packed).expect("a file to write");
}
