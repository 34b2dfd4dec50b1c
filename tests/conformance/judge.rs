//! Holds what was graded as wrong against what is allowed to be.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::process::ExitCode;

use serde::Deserialize;

use crate::Result;

/// How a case was graded, over all plans.
#[derive(Deserialize)]
struct Graded {
    id: String,
    result: String,
    problems: Vec<String>,
    plan: serde_json::Value,
}

/// A request, as far as it matters here.
#[derive(Deserialize)]
struct Asked {
    id: String,
}

/// Compares the grades with the list of the cases that may fail, and with the
/// requests, each of which must have been answered.
pub fn judge(requests: &str, graded: &str, allowed: &str) -> Result<ExitCode> {
    let allowed = fs::read_to_string(allowed)?;
    let mut left = allowed_ids(&allowed)?;
    let mut left_asked = BTreeSet::new();
    for line in fs::read_to_string(requests)?.lines() {
        left_asked.insert(serde_json::from_str::<Asked>(line)?.id);
    }
    let mut counts = BTreeMap::<String, usize>::new();
    let mut wrong = 0;
    for line in fs::read_to_string(graded)?.lines() {
        let graded: Graded = serde_json::from_str(line)?;
        left_asked.remove(&graded.id);
        let passes = graded.result.starts_with("PASS");
        let may_fail = left.remove(graded.id.as_str());
        if passes == may_fail {
            wrong += 1;
            tell(&graded, may_fail);
        }
        *counts.entry(graded.result).or_default() += 1;
    }
    for id in left_asked.iter().map(String::as_str).chain(left) {
        wrong += 1;
        println!("NOT ASKED {id}");
    }
    let counts = counts.iter().map(|(result, n)| format!("{n} {result}"));
    println!("{}", counts.collect::<Vec<_>>().join(", "));
    Ok(ExitCode::from(u8::from(wrong > 0)))
}

/// Says what is not as it should be.
fn tell(graded: &Graded, may_fail: bool) {
    let Graded { id, result, problems, plan } = graded;
    match may_fail {
        true => println!("{result} {id}, which is listed as one that fails"),
        false => println!("{result} {id} {plan} {}", problems.join("; ")),
    }
}

/// The cases on a list, each on a line of its own with the reason after it.
fn allowed_ids(list: &str) -> Result<BTreeSet<&str>> {
    let lines = list.lines().map(str::trim);
    let entries =
        lines.filter(|line| !line.is_empty() && !line.starts_with('#'));
    entries
        .map(|line| match line.split_once(' ') {
            Some((id, _reason)) => Ok(id),
            None => Err(format!("{line} is listed without a reason").into()),
        })
        .collect()
}
