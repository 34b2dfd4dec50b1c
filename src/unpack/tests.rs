//! Archives made here, whole and damaged.

use std::io::Write;

use flate2::Compression;
use flate2::write::{DeflateEncoder, GzEncoder};
use proptest::prelude::*;
use ruzstd::encoding::{CompressionLevel, compress_to_vec};

use super::*;

/// Some text that is longer than a block of Zstandard.
fn text() -> Vec<u8> {
    let record = |n: u32| {
        let song = n.wrapping_mul(2_654_435_761) % 1000;
        format!("Song {song},2020-01-{:02},{n}\n", n % 28 + 1)
    };
    (0..8000).map(record).collect::<String>().into_bytes()
}

fn gzip(content: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(content).unwrap();
    encoder.finish().unwrap()
}

fn deflate(content: &[u8]) -> Vec<u8> {
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(content).unwrap();
    encoder.finish().unwrap()
}

fn zstd(content: &[u8]) -> Vec<u8> {
    compress_to_vec(content, CompressionLevel::Fastest)
}

/// A file in a ZIP archive made here.
struct Packed<'a> {
    name: &'a str,
    content: &'a [u8],
    method: u16,
    flags: u16,
    is_large: bool,
}

impl<'a> Packed<'a> {
    fn new(name: &'a str, content: &'a [u8]) -> Packed<'a> {
        Packed { name, content, method: 8, flags: 0, is_large: false }
    }
}

/// Makes a ZIP archive, with ZIP64 records if a file asks for them.
fn zip(files: &[Packed<'_>]) -> Vec<u8> {
    let (mut archive, mut directory) = (Vec::new(), Vec::new());
    for file in files {
        let packed = match file.method {
            8 => deflate(file.content),
            93 => zstd(file.content),
            _ => file.content.to_vec(),
        };
        let start = archive.len() as u64;
        let about = about(file, packed.len());
        archive.extend(b"PK\x03\x04");
        archive.extend(&about);
        archive.extend([0, 0]);
        archive.extend(file.name.as_bytes());
        archive.extend(&packed);
        let numbers = [file.content.len() as u64, packed.len() as u64, start];
        directory.extend(record(file, about, numbers));
    }
    end(archive, &directory, files)
}

/// The fields that an entry's header and its record have in common: from the
/// version to the length of the name.
fn about(file: &Packed<'_>, packed: usize) -> Vec<u8> {
    let mut about = vec![0x2D, 0];
    about.extend(file.flags.to_le_bytes());
    about.extend(file.method.to_le_bytes());
    about.extend([0; 4]);
    about.extend(crc32fast::hash(file.content).to_le_bytes());
    about.extend((packed as u32).to_le_bytes());
    about.extend((file.content.len() as u32).to_le_bytes());
    about.extend((file.name.len() as u16).to_le_bytes());
    about
}

/// An entry's record in the directory.
fn record(
    file: &Packed<'_>,
    mut about: Vec<u8>,
    numbers: [u64; 3],
) -> Vec<u8> {
    let (mut extra, mut start) = (Vec::new(), numbers[2] as u32);
    if file.is_large {
        about[14..22].fill(0xFF);
        start = u32::MAX;
        extra.extend([9, 0, 1, 0, 0, 1, 0, 24, 0]);
        extra.extend(numbers.map(u64::to_le_bytes).concat());
    }
    let mut record = b"PK\x01\x02\x2D\0".to_vec();
    record.extend(about);
    record.extend((extra.len() as u16).to_le_bytes());
    record.extend([0; 10]);
    record.extend(start.to_le_bytes());
    record.extend(file.name.as_bytes());
    record.extend(extra);
    record
}

/// Puts the directory behind the entries, and the records behind that.
fn end(
    mut archive: Vec<u8>,
    directory: &[u8],
    files: &[Packed<'_>],
) -> Vec<u8> {
    let start = archive.len() as u64;
    let numbers = [files.len() as u64, directory.len() as u64, start];
    archive.extend(directory);
    let at = archive.len() as u64;
    let [count, len, start] = numbers;
    if files.iter().any(|file| file.is_large) {
        archive.extend(b"PK\x06\x06");
        archive.extend(44_u64.to_le_bytes());
        archive.extend([0; 12]);
        let all = [count, count, len, start];
        archive.extend(all.map(u64::to_le_bytes).concat());
        archive.extend(b"PK\x06\x07\0\0\0\0");
        archive.extend(at.to_le_bytes());
        archive.extend(1_u32.to_le_bytes());
        archive.extend(b"PK\x05\x06\0\0\0\0");
        archive.extend([0xFF; 12]);
    } else {
        archive.extend(b"PK\x05\x06\0\0\0\0");
        archive.extend([count as u16; 2].map(u16::to_le_bytes).concat());
        let all = [len as u32, start as u32];
        archive.extend(all.map(u32::to_le_bytes).concat());
    }
    archive.extend([0, 0]);
    archive
}

/// The files in a ZIP archive.
fn entries(archive: &[u8]) -> Result<Vec<Entry>> {
    let Listing { tables, others } = listing(archive)?;
    Ok([tables, others].concat())
}

fn listing(archive: &[u8]) -> Result<Listing> {
    let mut directory = Directory::new(archive.len() as u64);
    while let Some(range) = directory.wants() {
        directory.push(&archive[range.start as usize..range.end as usize])?;
    }
    directory.into_listing()
}

/// Unpacks the only file in an archive, or its first.
fn unpack(archive: &[u8], chunk: usize, piece: usize) -> Result<Vec<u8>> {
    let container = Container::of(archive).expect("an archive");
    let entry = match container {
        Container::Zip => entries(archive)?.into_iter().next(),
        _ => None,
    };
    let container = Some(container);
    let packing = Packing { container, entry, encoding: None };
    let (start, end) = packing.range(archive.len() as u64);
    let bytes = &archive[start as usize..end as usize];
    run(Unpacker::new(&packing, end - start, 1, piece)?, bytes, chunk)
}

fn run(mut unpacker: Unpacker, bytes: &[u8], chunk: usize) -> Result<Vec<u8>> {
    let mut out = Vec::new();
    let mut chunks = bytes.chunks(chunk);
    loop {
        while let Some(piece) = unpacker.piece()? {
            assert!(!piece.is_empty());
            out.extend_from_slice(piece);
        }
        match chunks.next() {
            Some(chunk) => unpacker.push(chunk),
            None if unpacker.links[0].is_last() => return Ok(out),
            None => unpacker.finish(),
        }
    }
}

/// What came of it, for comparison and messages.
fn outcome(result: Result<Vec<u8>>) -> String {
    match result {
        Ok(bytes) => String::from_utf8_lossy(&bytes).into_owned(),
        Err(error) => match error.kind() {
            ErrorKind::DamagedArchive { what } => format!("! {what}"),
            _ => format!("! {}", error.code()),
        },
    }
}

/// Checks what comes out of an archive, or what is wrong with it, however it
/// is cut.
fn check(archive: &[u8], want: &str) {
    for chunk in [1, 2, 3, 7, 1000, usize::MAX] {
        for piece in [4, 7, 1 << 16] {
            let found = outcome(unpack(archive, chunk, piece));
            assert_eq!(found, want, "in chunks of {chunk}");
        }
    }
}

macro_rules! rows {
    ($($name:ident: $archive:expr => $want:expr,)*) => {
        $(#[test] fn $name() { check(&$archive, $want) })*
    };
}

const NAMED: &[u8] = b"\x1F\x8B\x08\x1E\0\0\0\0\0\xFF\x03\0abcname\0note\0";

/// A member whose header has all that one can have.
fn with_everything() -> Vec<u8> {
    let mut header = NAMED.to_vec();
    let sum = crc32fast::hash(&header) as u16;
    header.extend(sum.to_le_bytes());
    [&header, &gzip(b"a,b\n")[10..]].concat()
}

/// A copy with one bit changed.
fn flipped(mut archive: Vec<u8>, at: usize) -> Vec<u8> {
    archive[at] ^= 1;
    archive
}

fn skippable() -> Vec<u8> {
    [&b"\x5A\x2A\x4D\x18\x03\0\0\0xyz"[..], &zstd(b"a,")].concat()
}

fn one(file: Packed<'_>) -> Vec<u8> {
    zip(&[file])
}

const CSV: &[u8] = b"a,b\n1,2\n";
const NOT_GZIP: &str = "! something that isn't gzip stands behind it";

rows! {
    gzip_of_nothing: gzip(b"") => "",
    gzip_of_little: gzip(b"a,b\n") => "a,b\n",
    gzip_header_with_everything: with_everything() => "a,b\n",
    gzip_header_with_a_wrong_checksum:
        flipped(with_everything(), 13) => &format!("! {CHECKSUM}"),
    gzip_of_many_members:
        [gzip(b"a,"), gzip(b""), gzip(b"b\n")].concat() => "a,b\n",
    gzip_with_zeros_behind: [gzip(b"a"), vec![0; 600]].concat() => "a",
    gzip_with_garbage_behind:
        [gzip(b"a"), b"x".to_vec()].concat() => NOT_GZIP,
    gzip_with_garbage_behind_zeros:
        [gzip(b"a"), b"\0\0x".to_vec()].concat() => NOT_GZIP,
    gzip_with_half_a_member_behind:
        [&gzip(b"a"), &gzip(b"b")[..5]].concat() => &format!("! {CUT_OFF}"),
    gzip_by_another_method: flipped(gzip(b"a"), 2) => NOT_GZIP,
    zstd_of_nothing: zstd(b"") => "",
    zstd_of_little: zstd(b"a,b\n") => "a,b\n",
    zstd_of_many_frames: [zstd(b"a,"), zstd(b"b\n")].concat() => "a,b\n",
    zstd_with_frames_to_skip:
        [skippable(), skippable()].concat() => "a,a,",
    zstd_with_only_a_frame_to_skip:
        skippable()[..11] => &format!("! {CUT_OFF}"),
    zstd_with_garbage_behind: [zstd(b"a"), b"PK\x03\x04".to_vec()].concat()
        => "! something that isn't zstd stands behind it",
    zstd_that_looks_back_too_far: *b"\x28\xB5\x2F\xFD\0\x90\x01\0\0"
        => "! unpacking it takes more than 128 MiB of memory",
    zstd_with_a_dictionary: *b"\x28\xB5\x2F\xFD\x21\x07\0\x01\0\0"
        => "! it was packed with a dictionary, which is not in it",
    zstd_shorter_than_it_says: *b"\x28\xB5\x2F\xFD\x20\x02\x09\0\0a"
        => &format!("! {LENGTH}"),
    zstd_of_one_byte_repeated: *b"\x28\xB5\x2F\xFD\x20\x05\x2B\0\0a"
        => "aaaaa",
    zip_deflated: one(Packed::new("a.csv", CSV)) => "a,b\n1,2\n",
    zip_stored: one(Packed { method: 0, ..Packed::new("a.csv", CSV) })
        => "a,b\n1,2\n",
    zip_by_zstd: one(Packed { method: 93, ..Packed::new("a.csv", CSV) })
        => "a,b\n1,2\n",
    zip_with_large_numbers:
        one(Packed { is_large: true, ..Packed::new("a.csv", CSV) })
        => "a,b\n1,2\n",
    zip_behind_something_else:
        [b"PK\x05\x06 not".to_vec(), one(Packed::new("a", CSV))].concat()
        => "a,b\n1,2\n",
    zip_of_an_empty_file: one(Packed::new("a.csv", b"")) => "",
    zip_encrypted: one(Packed { flags: 1, ..Packed::new("a.csv", CSV) })
        => "! it is encrypted",
    zip_by_bzip2: one(Packed { method: 12, ..Packed::new("a.csv", CSV) })
        => "! it is compressed in a way other than Deflate and Zstandard",
    zip_with_wrong_content:
        flipped(one(Packed { method: 0, ..Packed::new("a", CSV) }), 33)
        => &format!("! {CHECKSUM}"),
    zip_workbook: zip(&[
        Packed::new("[Content_Types].xml", b""),
        Packed::new("xl/workbook.xml", b""),
    ]) => "! not_text",
    zip_with_two_files_of_one_name:
        zip(&[Packed::new("a", b"1"), Packed::new("a", b"2")])
        => "! two of the files in it have one name",
}

#[test]
fn zip_of_nothing() {
    assert_eq!(listing(&zip(&[])).unwrap_err().code(), "not_text");
    let folder = zip(&[Packed::new("folder/", b"")]);
    assert_eq!(listing(&folder).unwrap_err().code(), "not_text");
}

#[test]
fn zip_tells_tables_by_their_names() {
    let names = ["a.txt", "b.CSV", "c.tsv", "d.csv.bak"];
    let found = listing(&zip(&names.map(|name| Packed::new(name, CSV))));
    let Listing { tables, others } = found.unwrap();
    let names = |entries: Vec<Entry>| entries.into_iter().map(|e| e.name);
    assert!(names(tables).eq(["b.CSV", "c.tsv"]));
    assert!(names(others).eq(["a.txt", "d.csv.bak"]));
}

#[test]
fn zip_lists_what_may_be_text() {
    let names = [
        "a.csv",
        "folder/",
        "folder/b.csv",
        "__MACOSX/._a.csv",
        ".hidden",
        "folder/.DS_Store",
        "Thumbs.db",
        "c",
    ];
    let files = names.map(|name| Packed::new(name, CSV));
    let found = entries(&zip(&files)).unwrap();
    let found: Vec<&str> = found.iter().map(|e| e.name.as_str()).collect();
    assert_eq!(found, ["a.csv", "folder/b.csv", "c"]);
}

/// Checks the name that an entry with these bytes for a name has.
fn check_name(bytes: &[u8], want: &str) {
    let letters = "n".repeat(bytes.len());
    let mut archive = one(Packed::new(&letters, b""));
    for at in 0..=archive.len() - bytes.len() {
        if archive[at..].starts_with(letters.as_bytes()) {
            archive[at..at + bytes.len()].copy_from_slice(bytes);
        }
    }
    assert_eq!(entries(&archive).unwrap()[0].name, want);
}

#[test]
fn zip_names_are_text() {
    check_name("Müller.csv".as_bytes(), "Müller.csv");
    check_name(b"M\x81ller\xFF.csv", "Müller\u{A0}.csv");
    check_name(b"folder\\a.csv", "folder/a.csv");
}

#[test]
fn zip_comment_may_stand_behind() {
    let mut archive = one(Packed::new("a.csv", CSV));
    let len = archive.len();
    archive[len - 2..].copy_from_slice(&[7, 0]);
    archive.extend(b"comment");
    check(&archive, "a,b\n1,2\n");
}

#[test]
fn stages_follow_one_another() {
    let both = || -> Vec<Box<dyn Stage>> {
        vec![Box::new(Zstd::default()), Box::new(Gzip::default())]
    };
    let packed = zstd(&gzip(&text()));
    for (chunk, piece) in [(1, 1), (3, 7), (1000, 5), (7, 1000)] {
        let unpacker = Unpacker::of(both(), piece);
        assert_eq!(run(unpacker, &packed, chunk), Ok(text()));
    }
    let packed = zstd(&gzip(b"a")[..15]);
    let found = outcome(run(Unpacker::of(both(), 100), &packed, 100));
    assert_eq!(found, format!("! {CUT_OFF}"));
}

#[test]
fn bombs_meet_the_limit() {
    let bomb = gzip(&vec![b'a'; 1 << 26]).repeat(17);
    let size = bomb.len() as u64;
    let container = Some(Container::Gzip);
    let packing = Packing { container, ..Packing::default() };
    let run = |limit| {
        let unpacker = Unpacker::new(&packing, size, limit, 1 << 20);
        let mut unpacker = unpacker.unwrap();
        unpacker.push(&bomb);
        unpacker.finish();
        let mut len = 0;
        while let Some(piece) = unpacker.piece()? {
            len += piece.len() as u64;
        }
        Ok(len)
    };
    assert_eq!(run(250), Ok(17 << 26));
    let error: Error = run(1).unwrap_err();
    assert_eq!(error.code(), "expands");
}

/// One archive of each kind, and what is in it.
fn archives(content: &[u8]) -> [Vec<u8>; 5] {
    let packed = |method| Packed { method, ..Packed::new("a.csv", content) };
    [
        gzip(content),
        zstd(content),
        zip(&[packed(0)]),
        zip(&[packed(8), Packed::new("b.csv", b"b")]),
        zip(&[packed(93)]),
    ]
}

#[test]
fn every_cut_gives_the_same() {
    let text = text();
    for archive in archives(&text) {
        for (chunk, piece) in
            [(1, 1 << 16), (997, 4), (usize::MAX, 9), (4096, 1 << 20)]
        {
            assert_eq!(unpack(&archive, chunk, piece), Ok(text.clone()));
        }
    }
}

#[test]
fn every_truncation_is_an_error() {
    for archive in archives(&text()[..3000]) {
        for len in Container::HEAD..archive.len() {
            let found = unpack(&archive[..len], 1000, 1000);
            assert_eq!(found.unwrap_err().code(), "damaged_archive", "{len}");
        }
    }
}

/// A flipped bit may be in a name, a time or something else that doesn't
/// matter, but what comes out is never something else.
#[test]
fn no_flipped_bit_gives_other_content() {
    let text = &text()[..500];
    for (kind, archive) in archives(text).into_iter().enumerate() {
        for bit in Container::HEAD * 8..archive.len() * 8 {
            let mut damaged = archive.clone();
            damaged[bit / 8] ^= 1 << (bit % 8);
            if let Ok(found) = unpack(&damaged, 1000, 1000) {
                let is_same = found == text || kind == 3 && found == b"b";
                assert!(is_same, "archive {kind}, bit {bit}");
            }
        }
    }
}

proptest! {
    #[test]
    fn whatever_it_is_every_cut_gives_the_same(
        kind in 0_usize..5,
        len in 0_usize..2000,
        damages in prop::collection::vec((any::<u16>(), any::<u8>()), 0..3),
        chunk in 1_usize..500,
        piece in 4_usize..500,
    ) {
        let mut archive = archives(&text()[..len])[kind].clone();
        for (at, byte) in damages {
            let at = usize::from(at) % archive.len();
            if at >= Container::HEAD {
                archive[at] ^= byte;
            }
        }
        let whole = unpack(&archive, usize::MAX, 1 << 20);
        let cut = unpack(&archive, chunk, piece);
        // Of two things that are wrong either may be noticed first.
        let verdict = |error: Error| error.code();
        prop_assert_eq!(whole.map_err(verdict), cut.map_err(verdict));
    }
}

/// A file whose packed bytes go on behind the end of their stream is found out
/// there: what follows may be gigabytes, and isn't held until all is there.
#[test]
fn zip_whose_content_ends_early() {
    let zeros = vec![0; 100_000];
    for (method, content) in [(8, deflate(CSV)), (93, zstd(CSV))] {
        let packed = [&content[..], &zeros].concat();
        let stored = Packed { method: 0, ..Packed::new("a", &packed) };
        let archive = zip(&[stored]);
        let entry = entries(&archive).unwrap().remove(0);
        let size = CSV.len() as u64;
        let entry = Entry { method, size, ..entry };
        let mut unpacker =
            Unpacker::of(vec![Box::new(Unzip::new(&entry).unwrap())], 4096);
        unpacker.push(&archive[..1000]);
        let unpacked = std::iter::from_fn(|| match unpacker.piece() {
            Ok(piece) => piece.map(|piece| Ok(piece.to_vec())),
            Err(error) => Some(Err(error)),
        });
        let damage = unpacked.take(10).find(Result::is_err);
        assert!(damage.is_some(), "method {method}");
    }
}

/// Text in UTF-16, packed and not, is transcoded as it is unpacked.
#[test]
fn packed_utf16() {
    let text: String = "Déjà vu,2020-01-01,1\r\n".repeat(10_000);
    let units = "\u{FEFF}".encode_utf16().chain(text.encode_utf16());
    let bytes: Vec<u8> = units.flat_map(u16::to_le_bytes).collect();
    let encoding = Some("UTF-16LE".to_owned());
    let container = Some(Container::Gzip);
    let plain = Packing { encoding, ..Packing::default() };
    let packed = Packing { container, ..plain.clone() };
    for (packing, file) in [(plain, bytes.clone()), (packed, gzip(&bytes))] {
        for (chunk, piece) in [(1, 8), (7, 100), (1000, 4096)] {
            let size = file.len() as u64;
            let mut unpacker =
                Unpacker::new(&packing, size, 1, piece).unwrap();
            let mut output = Vec::new();
            for chunk in file.chunks(chunk) {
                unpacker.push(chunk);
                while let Some(piece) = unpacker.piece().unwrap() {
                    output.extend_from_slice(piece);
                }
            }
            unpacker.finish();
            while let Some(piece) = unpacker.piece().unwrap() {
                output.extend_from_slice(piece);
            }
            assert!(output == text.as_bytes(), "chunks of {chunk}");
        }
    }
}
