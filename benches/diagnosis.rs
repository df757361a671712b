//! What a diagnosis costs: the median and the largest time over wrong answers of every kind.
//!
//! Run with `cargo bench --bench diagnosis`.
#![allow(clippy::print_stdout)] // what a measurement is for

use gradmark::check::{Options, check, parse_request};
use gradmark::diagnosis::Budget;
use gradmark::problem::build;
use gradmark::verdict::Depth;
use std::time::Instant;

fn main() {
    let mut times: Vec<(f64, String)> = Vec::new();
    let file = std::env::args().skip(1).find(|a| !a.starts_with('-'));
    let lines = match file.as_deref().map(std::fs::read_to_string) {
        Some(Ok(text)) => text,
        _ => include_str!("diagnosis.jsonl").to_owned(),
    };
    for line in lines.lines().filter(|l| !l.trim().is_empty()) {
        let Ok(request) = parse_request(line) else { continue };
        let Ok(problem) = build(&request.problem(), request.notation()) else { continue };
        let wrt = request.variables();
        let asked = request.asked(&wrt);
        let mut took = [None, Some(Budget::default())].map(|diagnosis| {
            let options = Options { depth: Depth::Decisive, counterexample: false, diagnosis };
            let mut runs: Vec<f64> = (0..5)
                .map(|_| {
                    let start = Instant::now();
                    let answer = check(&problem, &asked, request.candidate.as_deref(), options);
                    std::hint::black_box(answer);
                    start.elapsed().as_secs_f64() * 1e3
                })
                .collect();
            runs.sort_by(f64::total_cmp);
            runs[2]
        });
        took[1] -= took[0];
        times.push((took[1], request.candidate.clone().unwrap_or_default()));
    }
    times.sort_by(|a, b| a.0.total_cmp(&b.0));
    let at = |q: usize| times.get((times.len() * q / 100).min(times.len().saturating_sub(1)));
    for q in [50, 90, 99, 100] {
        if let Some((ms, candidate)) = at(q) {
            println!("{q:>3} %  {ms:8.3} ms  {candidate}");
        }
    }
}
