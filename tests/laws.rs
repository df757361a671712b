//! Laws on random formulas: reading, rewriting, mutating, differentiating, both ways round. The long run is the
//! program `benches/laws.rs`.

mod law;

use law::run::{Figures, problem, round};

#[test]
fn laws_hold() {
    const SEED: u64 = 20_240_501;
    let problem = problem();
    let mut figures = Figures::default();
    for n in 0..150 {
        round(&problem, SEED + n, &mut figures);
    }
    assert!(!figures.broken(), "seed {SEED}: {figures:#?}");
    assert!(figures.undecided * 20 <= figures.checks, "seed {SEED}: {figures:#?}");
    assert!(figures.checks > 300, "{figures:#?}");
}
