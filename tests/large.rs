//! Jobs over files of a gigabyte, on the host: `LARGE=1 cargo test --test
//! large`, or `make test-large`.
#![cfg(not(target_arch = "wasm32"))]

mod support;

use std::env;
use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use playtally::FileOptions;
use support::{Conditions, Input, Outcome, Source, run_inputs};

/// The least bytes of a file.
const BYTES: u64 = 1 << 30;

/// What all runs of this program may have held at once: the file twice over
/// would be eight times as much.
const MEMORY: u64 = 256 << 20;

/// A file with a stray quote in a line in its middle, and what becomes of it.
struct Case {
    name: &'static str,
    /// The records that it has again and again.
    block: &'static str,
    /// The line in its middle.
    stray: &'static str,
    /// Why that is rejected.
    reason: &'static str,
    /// Each group's keys, and what it gets from a block.
    groups: &'static [(&'static str, u64)],
}

const CASES: [Case; 4] = [
    Case {
        name: "no other quote",
        block: "Umbrella,2020-01-02,200\n",
        stray: "\"In The End,2020-01-01,500\n",
        reason: "quote_limit",
        groups: &[("Umbrella,2020-01-02", 200)],
    },
    Case {
        name: "inch marks",
        block: "Umbrella,2020-01-02,200\n12\" Mix,2020-01-02,1\n",
        stray: "\"In The End,2020-01-01,500\n",
        reason: "stray_quote",
        groups: &[
            ("\"12\"\" Mix\",2020-01-02", 1),
            ("Umbrella,2020-01-02", 200),
        ],
    },
    Case {
        name: "quoted titles",
        block: "Umbrella,2020-01-02,200\n\"Stay, Just\",2020-01-02,1\n",
        stray: "\"In The End,2020-01-01,500\n",
        reason: "stray_quote",
        groups: &[
            ("\"Stay, Just\",2020-01-02", 1),
            ("Umbrella,2020-01-02", 200),
        ],
    },
    Case {
        name: "quoted numbers, the quote before the last field",
        block: "Umbrella,2020-01-02,\"200\"\n",
        stray: "In The End,2020-01-01,\"500\n",
        reason: "stray_quote",
        groups: &[("Umbrella,2020-01-02", 200)],
    },
];

#[test]
fn a_stray_quote_costs_its_line() {
    if env::var_os("LARGE").is_none() {
        return;
    }
    let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("stray.csv");
    for case in &CASES {
        let blocks = case.write(&path);
        for (workers, split_bytes) in
            [(1, u64::MAX), (2, 64 << 20), (7, 1 << 20)]
        {
            let conditions = Conditions {
                workers,
                split_bytes,
                chunk_bytes: 2 << 20,
                ..Conditions::default()
            };
            case.check(&tally(&path, &conditions), blocks);
        }
    }
    fs::remove_file(path).expect("it is there");
    let peak = peak_bytes();
    assert!(peak < MEMORY, "{peak} bytes");
}

impl Case {
    /// Writes the file, and returns how many blocks it has before and after
    /// the stray quote each.
    fn write(&self, path: &Path) -> u64 {
        let blocks = BYTES / 2 / self.block.len() as u64 + 1;
        let file = File::create(path).expect("the disk can be written");
        let mut file = BufWriter::with_capacity(1 << 20, file);
        let mut write = |text: &str| {
            file.write_all(text.as_bytes()).expect("the disk has room");
        };
        write("Song,Date,Plays\n");
        (0..blocks).for_each(|_| write(self.block));
        write(self.stray);
        (0..blocks).for_each(|_| write(self.block));
        file.flush().expect("the disk has room");
        blocks
    }

    /// Checks the result of a file with so many blocks twice.
    fn check(&self, outcome: &Outcome, blocks: u64) {
        let mut csv = String::from("Song,Date,Total\n");
        for (keys, plays) in self.groups {
            csv += &format!("{keys},{}\n", plays * blocks * 2);
        }
        assert_eq!(outcome.csv, csv, "{}", self.name);
        let before = blocks * self.block.lines().count() as u64;
        let reason = &outcome.report.reasons[0];
        let place = (reason.reason, reason.first.record, reason.first.line);
        assert_eq!(place, (self.reason, before + 1, before + 2));
        assert_eq!(outcome.report.rejected, 1, "{}", self.name);
        assert!(outcome.rejects.contains("500"), "{}", self.name);
    }
}

/// Runs a job over a file on disk.
fn tally(path: &Path, conditions: &Conditions) -> Outcome {
    let source = Source::open(path).expect("the disk can be read");
    let input = Input::new("0.csv", source, FileOptions::default());
    let input = input.unwrap_or_else(|error| panic!("{error}"));
    run_inputs(&[input], conditions).unwrap_or_else(|error| panic!("{error}"))
}

/// The most memory that this program has had.
fn peak_bytes() -> u64 {
    let status = fs::read_to_string("/proc/self/status").expect("Linux");
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kilobytes = peak.expect("there is a peak").trim();
    let kilobytes = kilobytes.trim_end_matches(" kB").parse::<u64>();
    kilobytes.expect("a number") << 10
}
