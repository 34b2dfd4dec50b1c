//! Writes what the program must make of files: `oracle ORDER OUT FILE...`.
//!
//! It is meant to be obviously right: the csv crate reads, a map that sorts its
//! keys adds, and the standard library sorts what is to be in another order.
//! Every record must be one that can be added.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::env;
use std::error::Error;

/// The songs.
type Totals = BTreeMap<Vec<u8>, Song>;

/// What is known of a song.
struct Song {
    /// How many other songs were there before.
    before: usize,
    /// The total for each date.
    dates: BTreeMap<Vec<u8>, i128>,
}

fn main() -> Result<(), Box<dyn Error>> {
    let args: Vec<String> = env::args().skip(1).collect();
    let [order, out, files @ ..] = args.as_slice() else {
        return Err("usage: oracle key|total|first OUT FILE...".into());
    };
    let mut totals = Totals::new();
    for file in files {
        add(&mut totals, file)?;
    }
    write(&totals, order, out)
}

/// Adds the records of a file.
fn add(totals: &mut Totals, file: &str) -> Result<(), Box<dyn Error>> {
    let mut reader = csv::Reader::from_path(file)?;
    let mut record = csv::ByteRecord::new();
    while reader.read_byte_record(&mut record)? {
        let plays = str::from_utf8(&record[2])?.parse::<i128>()?;
        add_one(totals, &record[0], &record[1], plays);
    }
    Ok(())
}

/// Adds one record. A key is only copied when it is new.
fn add_one(totals: &mut Totals, song: &[u8], date: &[u8], plays: i128) {
    let before = totals.len();
    let Some(song) = totals.get_mut(song) else {
        let dates = BTreeMap::from([(date.to_vec(), plays)]);
        totals.insert(song.to_vec(), Song { before, dates });
        return;
    };
    match song.dates.get_mut(date) {
        Some(total) => *total += plays,
        None => _ = song.dates.insert(date.to_vec(), plays),
    }
}

/// Writes the totals in some order.
fn write(
    totals: &Totals,
    order: &str,
    out: &str,
) -> Result<(), Box<dyn Error>> {
    let mut writer = csv::Writer::from_path(out)?;
    writer.write_record(["Song", "Date", "Total Number of Plays for Date"])?;
    let mut songs: Vec<_> = totals.iter().collect();
    if order == "first" {
        songs.sort_by_key(|(_, song)| song.before);
    }
    let dates = songs.into_iter().flat_map(|(name, song)| {
        song.dates.iter().map(move |(date, total)| (name, date, *total))
    });
    let mut records: Vec<_> = dates.collect();
    if order == "total" {
        records.sort_by_key(|(_, _, total)| Reverse(*total));
    }
    for (song, date, total) in records {
        writer.write_record([song, date, total.to_string().as_bytes()])?;
    }
    Ok(writer.flush()?)
}
