//! The seeds of the fuzz targets, one by one, so that neither can rot.

#[path = "fuzz/src/lib.rs"]
mod fuzz;

use std::fs;
use std::path::Path;

/// Gives a target its seeds, and bytes near them: cut short, and with one
/// byte changed.
fn replay(name: &str, target: fn(&[u8])) {
    let folder = Path::new("tests/fuzz/seeds").join(name);
    let seeds = fs::read_dir(folder).expect("there are seeds");
    let mut count = 0;
    for seed in seeds {
        let seed = seed.expect("it can be listed").path();
        let mut bytes = fs::read(&seed).expect("it can be read");
        println!("{}", seed.display());
        target(&bytes);
        for at in 0..bytes.len() {
            target(&bytes[..at]);
            bytes[at] ^= 0x15;
            target(&bytes);
            bytes[at] ^= 0x15;
        }
        count += 1;
    }
    assert!(count > 1, "there are seeds of {name}");
}

macro_rules! replays {
    ($($name:ident,)*) => {
        $(#[test] fn $name() { replay(stringify!($name), fuzz::$name) })*
    };
}

replays! {
    archives,
    dates,
    inspection,
    numbers,
    records,
    rejects,
    runs,
    text,
}
