//! Laws on random formulas: reading, rewriting, mutating, differentiating, both ways round. The long run is the
//! program `benches/laws.rs`.
#![allow(clippy::unwrap_used)] // a test may

mod law;

use gradmark::operator::OPERATORS;
use gradmark::syntax::{Syntax, parse};
use law::Random;
use law::generate::formula;
use law::run::{Figures, problem, round};
use law::tree::{Dim, SCALAR};

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

#[test]
fn every_operator_is_generated() {
    let problem = problem();
    // Those that need a constraint or a slope, and a spelling of the transpose, have tests of their own.
    let others = ["conjugate-transpose", "pseudo-inverse", "leaky-relu"];
    let mut missing: Vec<&str> = OPERATORS.iter().map(|op| op.name).filter(|n| !others.contains(n)).collect();
    for seed in 0..4000 {
        let mut r = Random(seed);
        let shape = [SCALAR, (Dim::N, Dim::One), (Dim::N, Dim::N), (Dim::M, Dim::N)][seed as usize % 4];
        let text = formula(&mut r, shape, 3).text();
        let tree = parse(&text, Syntax::Plain, &problem.scope.names).unwrap();
        missing.retain(|name| !tree.ids().any(|id| tree.as_apply(id).is_some_and(|(op, _)| op.name == *name)));
    }
    assert!(missing.is_empty(), "{missing:?}");
}
