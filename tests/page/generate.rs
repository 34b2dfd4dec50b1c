//! Writes song play data to try the program with:
//! `generate KIND BYTES SEED PATH`.
//!
//! The same arguments give the same bytes on every machine. The file has the
//! first number of records that makes it as long as asked for, or longer.

use std::env;
use std::error::Error;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::iter;
use std::str::FromStr;

fn main() -> Result<(), Box<dyn Error>> {
    let args: Vec<String> = env::args().skip(1).collect();
    let [kind, bytes, seed, path] = args.as_slice() else {
        return Err("usage: generate KIND BYTES SEED PATH".into());
    };
    let mut records = Records::new(kind.parse()?, seed.parse()?);
    let mut file = BufWriter::with_capacity(1 << 20, File::create(path)?);
    let header = records.header();
    file.write_all(header)?;
    let (mut written, bytes) = (header.len() as u64, bytes.parse()?);
    let mut record = Vec::new();
    while written < bytes {
        record.clear();
        records.next(&mut record);
        file.write_all(&record)?;
        written += record.len() as u64;
    }
    Ok(file.flush()?)
}

/// What a file is like.
#[derive(Clone, Copy, PartialEq)]
enum Kind {
    /// 500 songs on 30 days; no quotes.
    Plain,
    /// 20,000 songs on 365 days, few of them popular: the nth has 1/n of the
    /// first one's records, which is Zipf's law. 1 title in 20 is quoted,
    /// with commas and quotes in it. 250 MB are 7.4 million records of 1.9
    /// million groups, and the result has 69 MB.
    Typical,
    /// Nearly every record is its own group.
    High,
    /// Every field is quoted; 1 title in 50 has lines that look like
    /// records, some of them many kilobytes of lines.
    Quoted,
}

impl FromStr for Kind {
    type Err = String;

    fn from_str(name: &str) -> Result<Kind, String> {
        match name {
            "plain" => Ok(Kind::Plain),
            "typical" => Ok(Kind::Typical),
            "high" => Ok(Kind::High),
            "quoted" => Ok(Kind::Quoted),
            _ => Err(format!("there is no kind {name}")),
        }
    }
}

/// The records of a file. Fields are drawn from tables in which they stand
/// as they are written, so that a record costs three copies.
struct Records {
    kind: Kind,
    random: SplitMix64,
    songs: Vec<Vec<u8>>,
    /// Places in `songs`, each as often as its popularity wants it.
    draws: Vec<usize>,
    dates: Vec<Vec<u8>>,
    plays: Vec<Vec<u8>>,
}

/// One more than the most plays of a record.
const PLAYS: u64 = 5000;

/// How often the most popular song is to be drawn: often enough that the last
/// of 20,000 is drawn five times.
const TOP_DRAWS: usize = 100_000;

impl Records {
    fn new(kind: Kind, seed: u64) -> Records {
        let mut random = SplitMix64(seed);
        let (songs, days) = match kind {
            Kind::Plain => (500, 30),
            Kind::Typical => (20_000, 365),
            Kind::High => (0, 365),
            Kind::Quoted => (1000, 90),
        };
        let field = |text: String| match kind {
            Kind::Quoted => format!("\"{text}\"").into_bytes(),
            _ => text.into_bytes(),
        };
        let title = |number| title(kind, number, &mut random).into_bytes();
        let draws = |song| match kind {
            Kind::Typical => iter::repeat_n(song, TOP_DRAWS / (song + 1)),
            _ => iter::repeat_n(song, 1),
        };
        Records {
            kind,
            songs: (0..songs).map(title).collect(),
            draws: (0..songs as usize).flat_map(draws).collect(),
            dates: (0..days).map(date).map(field).collect(),
            plays: (0..PLAYS).map(|n| field(n.to_string())).collect(),
            random,
        }
    }

    fn header(&self) -> &'static [u8] {
        match self.kind {
            Kind::Quoted => b"\"Song\",\"Date\",\"Number of Plays\"\n",
            _ => b"Song,Date,Number of Plays\n",
        }
    }

    /// Appends a record.
    fn next(&mut self, record: &mut Vec<u8>) {
        let random = &mut self.random;
        match self.kind {
            Kind::High => {
                record.extend_from_slice(b"Track ");
                push_hex(record, random.next());
            }
            _ => record.extend(&self.songs[*any(random, &self.draws)]),
        }
        record.push(b',');
        record.extend(any(random, &self.dates));
        record.push(b',');
        record.extend(skewed(random, &self.plays));
        record.push(b'\n');
    }
}

/// Makes a song's title, as it is written.
fn title(kind: Kind, number: u64, random: &mut SplitMix64) -> String {
    const WORDS: [&str; 16] = [
        "Love", "Night", "été", "Blue", "River", "Fire", "Heart", "夜",
        "Dance", "Road", "Summer", "Ghost", "Gold", "Rain", "Ocean", "Home",
    ];
    let mut word = || *any(random, &WORDS);
    let name = match number % 2 {
        0 => format!("{} {} {} {number}", word(), word(), word()),
        _ => format!("{} {} {number}", word(), word()),
    };
    match kind {
        Kind::Plain => format!("Song {number}"),
        Kind::Typical if number % 20 == 7 => {
            format!("\"{name}, \"\"live, at home\"\"\"")
        }
        Kind::Quoted => match number % 50 {
            7 => format!("\"{name}{}\"", lines(number % 7)),
            _ if number == 9 => format!("\"{name}{}\"", lines(600)),
            _ if number % 20 == 3 => {
                format!("\"{name}, \"\"quoted\"\"\"")
            }
            _ => format!("\"{name}\""),
        },
        _ => name,
    }
}

/// Lines that look like records, in a quoted field and out of it.
fn lines(count: u64) -> String {
    let line = |n| match n % 3 {
        0 => format!("\nNo Record {n},2020-01-01,{n}"),
        1 => {
            format!("\r\n\"\"No Record {n}\"\",\"\"2020-01-01\"\",\"\"{n}\"\"")
        }
        _ => format!("\n\"\",\"\"2020-01-02\"\",\"\"{n}\"\""),
    };
    (0..count).map(line).collect()
}

/// Writes the day that comes so many days after the first of 2020, in a
/// calendar whose months have 28 days.
fn date(day: u64) -> String {
    let (year, rest) = (2020 + day / (12 * 28), day % (12 * 28));
    format!("{year}-{:02}-{:02}", rest / 28 + 1, rest % 28 + 1)
}

fn push_hex(bytes: &mut Vec<u8>, number: u64) {
    let digit = |n| b"0123456789abcdef"[(number >> (4 * n)) as usize & 15];
    bytes.extend((0..10).map(digit));
}

/// Draws any of them.
fn any<'a, T>(random: &mut SplitMix64, from: &'a [T]) -> &'a T {
    let number = random.next() >> 32;
    &from[((number * from.len() as u64) >> 32) as usize]
}

/// Draws one of them, the first ones far more often than the last.
fn skewed<'a, T>(random: &mut SplitMix64, from: &'a [T]) -> &'a T {
    let number = random.next();
    let product = ((number >> 32) * (number & 0xFFFF_FFFF)) >> 32;
    &from[((product * from.len() as u64) >> 32) as usize]
}

/// A generator of numbers that look random:
/// <https://prng.di.unimi.it/splitmix64.c>.
struct SplitMix64(u64);

impl SplitMix64 {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }
}
