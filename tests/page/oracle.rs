//! Writes what the program must make of files: `oracle OUT FILE...`.
//!
//! It is meant to be obviously right: the csv crate reads, and a map that
//! sorts its keys adds. Every record must be one that can be added.

use std::collections::BTreeMap;
use std::env;
use std::error::Error;

/// For each song the total for each date.
type Totals = BTreeMap<Vec<u8>, BTreeMap<Vec<u8>, i128>>;

fn main() -> Result<(), Box<dyn Error>> {
    let args: Vec<String> = env::args().skip(1).collect();
    let [out, files @ ..] = args.as_slice() else {
        return Err("usage: oracle OUT FILE...".into());
    };
    let mut totals = Totals::new();
    for file in files {
        add(&mut totals, file)?;
    }
    write(&totals, out)
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
    let Some(dates) = totals.get_mut(song) else {
        let dates = BTreeMap::from([(date.to_vec(), plays)]);
        totals.insert(song.to_vec(), dates);
        return;
    };
    match dates.get_mut(date) {
        Some(total) => *total += plays,
        None => _ = dates.insert(date.to_vec(), plays),
    }
}

/// Writes the totals.
fn write(totals: &Totals, out: &str) -> Result<(), Box<dyn Error>> {
    let mut writer = csv::Writer::from_path(out)?;
    writer.write_record(["Song", "Date", "Total Number of Plays for Date"])?;
    for (song, dates) in totals {
        for (date, total) in dates {
            let total = total.to_string();
            writer.write_record([song, date, total.as_bytes()])?;
        }
    }
    Ok(writer.flush()?)
}
