//! The long run of the laws: `cargo bench --bench laws -- [FORMULAS] [SEED] [trace] [every] [only=SEED]`, where `trace`
//! names every formula's seed before it is tried, `every` shows all failures, not the first few of each kind, and `only`
//! tries the one formula of such a seed.
#![allow(clippy::print_stdout, clippy::print_stderr)] // a program of its own

#[path = "../tests/law/mod.rs"]
mod law;

use law::run::{Figures, problem, round};
use std::time::Instant;

fn main() {
    let mut numbers = std::env::args().filter_map(|a| a.parse::<u64>().ok());
    let formulas = numbers.next().unwrap_or(10_000);
    let seed = numbers.next().unwrap_or(1);
    let trace = std::env::args().any(|a| a == "trace");
    let problem = problem();
    let every = std::env::args().any(|a| a == "every");
    let mut figures = Figures { every, ..Figures::default() };
    let start = Instant::now();
    let mut slowest = (0.0, 0);
    let only: Option<u64> = std::env::args().find_map(|a| a.strip_prefix("only=")?.parse().ok());
    let first = seed.wrapping_mul(1_000_003);
    for own in only.map_or(first..first.wrapping_add(formulas), |o| o..o + 1) {
        if trace {
            eprintln!("{own}");
        }
        let before = Instant::now();
        round(&problem, own, &mut figures);
        let took = before.elapsed().as_secs_f64();
        if took > slowest.0 {
            slowest = (took, own);
        }
    }
    for line in &figures.shown {
        println!("{line}");
    }
    let f = &figures;
    println!("formulas {formulas}, seed {seed}, checks {}, {:.0} s", f.checks, start.elapsed().as_secs_f64());
    println!("accepted wrong {}, rejected right {}, one-sided {}", f.accepted_wrong, f.rejected_right, f.one_sided);
    println!(
        "undecided {}, unreadable {}, refused {}, misprinted {}",
        f.undecided, f.unreadable, f.refused, f.misprinted
    );
    for (kind, count) in &f.kinds {
        println!("{count:8} {kind}");
    }
    println!("slowest {:.3} s (seed {})", slowest.0, slowest.1);
}
