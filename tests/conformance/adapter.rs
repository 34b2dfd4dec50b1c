//! Answers requests of the conformance cases with the crate itself; see the
//! README beside this file.
//!
//! - `conformance REQUEST.json` prints the answer to one request.
//! - `conformance --all REQUESTS.jsonl` prints the answers to all of them,
//!   and to each under plans of our own.
//! - `conformance --judge REQUESTS.jsonl GRADED.jsonl ALLOWED` fails unless
//!   those that are graded as wrong are those that are allowed to be.

mod answer;
mod job;
mod judge;
mod parse;
mod plans;
mod pool;
mod request;
mod strict;
#[path = "../support/mod.rs"]
mod support;

use std::env;
use std::error::Error;
use std::fs;
use std::path::Path;
use std::process::ExitCode;

use answer::Answer;
use request::{Kind, Request};

/// What can go wrong with the program itself.
pub type Result<T> = std::result::Result<T, Box<dyn Error>>;

fn main() -> Result<ExitCode> {
    let args: Vec<String> = env::args().skip(1).collect();
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    match args.as_slice() {
        ["--all", requests] => pool::answer_all(Path::new(requests))?,
        ["--serve", folder] => pool::serve(Path::new(folder))?,
        ["--judge", requests, graded, allowed] => {
            return judge::judge(requests, graded, allowed);
        }
        [request] => {
            let request = serde_json::from_str(&fs::read_to_string(request)?)?;
            println!("{}", serde_json::to_string(&answer(&request)?)?);
        }
        _ => return Err("usage: see tests/conformance/README.md".into()),
    }
    Ok(ExitCode::SUCCESS)
}

/// Answers a request.
fn answer(request: &Request) -> Result<Answer> {
    match request.kind {
        Kind::Aggregate => job::aggregate(request),
        Kind::Parse | Kind::Robust => parse::records(request),
        Kind::Sniff => parse::delimiter(request),
        Kind::Write => Ok(parse::written(request)),
    }
}
