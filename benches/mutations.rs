//! The long run of the law of repairs: `cargo bench --bench mutations -- [MUTATIONS] [SEED]`. It prints which share of
//! single mistakes in right formulas is repaired by one verified change, and shows what is not.
#![allow(clippy::print_stdout)] // a program of its own

#[path = "../tests/mutation/mod.rs"]
mod mutation;

use mutation::{Figures, round};

fn main() {
    let mut numbers = std::env::args().filter_map(|a| a.parse::<u64>().ok());
    let count = numbers.next().unwrap_or(5_000);
    let seed = numbers.next().unwrap_or(1);
    let mut figures = Figures::default();
    for n in 0..count {
        round(seed.wrapping_mul(1_000_003).wrapping_add(n), &mut figures);
    }
    for line in figures.false_repairs.iter().chain(figures.lost.iter().take(200)) {
        println!("{line}");
    }
    println!("mutations {count}, seed {seed}\n{}", figures.words());
}
