//! The laws, checked one formula at a time.

use super::Random;
use super::change::{mutated, rewritten};
use super::generate::formula;
use super::judge::{self, Opinion, World};
use super::tree::{Dim, Kind, Op, SCALAR, SYMBOLS, Shape, Tree};
use gradmark::check::{Answer, Options, check};
use gradmark::problem::{Ask, Layout, Problem, ProblemText, build};
use gradmark::syntax::{Syntax, parse, print};
use gradmark::verdict::{Asked, Depth, Verdict};
use serde_json::json;
use std::collections::BTreeMap;

/// What came out.
#[derive(Default, Debug)]
pub struct Figures {
    /// Verdicts asked for.
    pub checks: u64,
    pub accepted_wrong: u64,
    pub rejected_right: u64,
    pub undecided: u64,
    pub unreadable: u64,
    /// Formulas whose derivative was refused or failed its own check.
    pub refused: u64,
    /// Formulas that did not read back as they were printed.
    pub misprinted: u64,
    /// verdict(a, b) other than verdict(b, a).
    pub one_sided: u64,
    /// Why verdicts were left open or derivatives refused, and how often.
    pub kinds: BTreeMap<String, u64>,
    /// The failures, the first few of each kind.
    pub shown: Vec<String>,
    /// Whether all of them are shown.
    pub every: bool,
}

impl Figures {
    /// Whether a law was broken.
    pub fn broken(&self) -> bool {
        self.accepted_wrong + self.rejected_right + self.misprinted + self.one_sided > 0
    }

    fn show(&mut self, what: &str, text: String) {
        if self.every || self.shown.iter().filter(|s| s.starts_with(what)).count() < 12 {
            self.shown.push(format!("{what}: {text}"));
        }
    }
}

/// The declarations of the symbols.
pub fn problem() -> Problem {
    let dim = |d: Dim| match d {
        Dim::One => "1",
        Dim::M => "m",
        Dim::N => "n",
        Dim::P => "p",
    };
    let mut symbols = serde_json::Map::new();
    let mut properties = serde_json::Map::new();
    for (name, (rows, cols), kind) in SYMBOLS {
        let shape: Vec<&str> = [*rows, *cols].into_iter().filter(|d| *d != Dim::One).map(dim).collect();
        symbols.insert((*name).into(), json!(shape));
        let property = match kind {
            Kind::Free => continue,
            Kind::Positive => "positive",
            Kind::Symmetric => "symmetric",
            Kind::Definite => "positive_definite",
            Kind::Orthogonal => "orthogonal",
            Kind::OneHot => "one_hot",
            Kind::Sign => "sign",
        };
        properties.insert((*name).into(), json!([property]));
    }
    symbols.insert("k".into(), json!([]));
    properties.insert("k".into(), json!(["integer", "positive"]));
    symbols.insert("g".into(), json!({"function": "elementwise"}));
    let text: ProblemText = serde_json::from_value(json!({"symbols": symbols, "properties": properties})).unwrap();
    build(&text, Some(Syntax::Plain)).unwrap()
}

/// One answer, without what is not asked about here.
pub fn answer(problem: &Problem, ask: Ask, objective: &str, wrt: Option<&str>, candidate: Option<&str>) -> Answer {
    answer_in(problem, ask, objective, wrt, candidate, Some(Syntax::Plain))
}

/// The same, with the notation to be told by itself.
fn answer_in(
    problem: &Problem,
    ask: Ask,
    objective: &str,
    wrt: Option<&str>,
    candidate: Option<&str>,
    syntax: Option<Syntax>,
) -> Answer {
    let wrt: Vec<String> = wrt.into_iter().map(str::to_owned).collect();
    let asked = Asked { objective, wrt: &wrt, ask, layout: Layout::Standard, structured: false, syntax };
    check(problem, &asked, candidate, Options { depth: Depth::Decisive, counterexample: false, diagnosis: None })
}

const SHAPES: &[Shape] =
    &[SCALAR, SCALAR, (Dim::N, Dim::One), (Dim::M, Dim::One), (Dim::N, Dim::N), (Dim::M, Dim::N), (Dim::N, Dim::P)];

/// One formula through all the laws.
pub fn round(problem: &Problem, seed: u64, figures: &mut Figures) {
    let mut r = Random(seed);
    let shape = *r.pick(SHAPES);
    let depth = 1 + r.below(4);
    let e = formula(&mut r, shape, depth);
    if e.size() > 60 {
        return;
    }
    reads_back(problem, &e, figures);
    let mut same = e.clone();
    for _ in 0..=r.below(3) {
        for _ in 0..12 {
            if let Some(new) = rewritten(&mut r, &same).filter(|t| t.size() <= 120) {
                same = new;
                break;
            }
        }
    }
    identity(problem, &e, &same, &|| judge::rewritten(&e, &same, seed), figures, r.below(8) == 0);
    for _ in 0..2 {
        if let Some(other) = (0..12).find_map(|_| mutated(&mut r, &same)) {
            identity(problem, &e, &other, &|| judge::compare(&e, &other, seed), figures, r.below(8) == 0);
        }
    }
    if shape == SCALAR {
        derivative(problem, &mut r, &e, &same, seed, figures);
    }
}

/// parse(print(e)) = e in both notations.
fn reads_back(problem: &Problem, e: &Tree, figures: &mut Figures) {
    let text = e.text();
    let Ok(tree) = parse(&text, Syntax::Plain, &problem.scope.names) else {
        figures.unreadable += 1;
        figures.show("unread", text);
        return;
    };
    for syntax in [Syntax::Plain, Syntax::Latex] {
        let printed = print(&tree, tree.root, syntax);
        let again = parse(&printed, syntax, &problem.scope.names);
        if !again.is_ok_and(|t| tree.same(tree.root, &t, t.root)) {
            // A sum or product may be bracketed otherwise; then the printed form must be a fixed point.
            let stable =
                parse(&printed, syntax, &problem.scope.names).is_ok_and(|t| print(&t, t.root, syntax) == printed);
            if !stable {
                figures.misprinted += 1;
                figures.show("misprinted", format!("{text} as {printed}"));
            }
        }
    }
}

fn identity(problem: &Problem, a: &Tree, b: &Tree, judge: &dyn Fn() -> Opinion, figures: &mut Figures, both: bool) {
    let (x, y) = (a.text(), b.text());
    let found = answer(problem, Ask::Identity, &x, None, Some(&y));
    settle(&found, judge, &x, &y, "identity", figures);
    if both {
        let turned = answer(problem, Ask::Identity, &y, None, Some(&x));
        figures.checks += 1;
        if turned.verdict != found.verdict {
            figures.one_sided += 1;
            figures.show("one-sided", format!("{x} | {y}: {:?}, {:?}", found.verdict, turned.verdict));
        }
        let Ok(tree) = parse(&y, Syntax::Plain, &problem.scope.names) else { return };
        let latex = print(&tree, tree.root, Syntax::Latex);
        let other = answer_in(problem, Ask::Identity, &x, None, Some(&latex), None);
        settle(&other, judge, &x, &latex, "identity", figures);
    }
}

/// Compares a verdict with the judge's opinion.
fn settle(found: &Answer, judge: impl Fn() -> Opinion, x: &str, y: &str, what: &str, figures: &mut Figures) {
    figures.checks += 1;
    match found.verdict {
        Some(Verdict::Correct) => {
            if judge() == Opinion::Different {
                figures.accepted_wrong += 1;
                let by = found.evidence.first();
                figures.show("accepted wrong", format!("{what} {x} | {y}, by {by:?}"));
            }
        }
        Some(Verdict::Incorrect) => {
            if judge() == Opinion::Equal {
                figures.rejected_right += 1;
                let misfit = found.diagnosis.first().map(|d| d.message.clone());
                figures.show("rejected right", format!("{what} {x} | {y}: {misfit:?}"));
            }
        }
        Some(Verdict::Undecided) => {
            figures.undecided += 1;
            *figures.kinds.entry(format!("undecided: {}", found.why.clone().unwrap_or_default())).or_default() += 1;
            figures.show("undecided", format!("{what} {x} | {y}: {:?}, judge {:?}", found.why, judge()));
        }
        Some(Verdict::Unreadable) | None => {
            figures.unreadable += 1;
            let why = found.fault.as_ref().map(|f| f.diagnostic.message.clone());
            figures.show("unreadable", format!("{what} {x} | {y}: {why:?}"));
        }
    }
}

/// The derivative reads back, is that of every rewrite, and not that of a mutation with another gradient.
fn derivative(problem: &Problem, r: &mut Random, e: &Tree, same: &Tree, seed: u64, figures: &mut Figures) {
    // Properties tie entries together, and then differences of the judge move along others than the program's.
    let free: Vec<usize> = (0..SYMBOLS.len())
        .filter(|i| matches!(SYMBOLS[*i].2, Kind::Free | Kind::Positive) && mentions(e, *i))
        .collect();
    if free.is_empty() {
        return;
    }
    let symbol = *r.pick(&free);
    let wrt = SYMBOLS[symbol].0;
    let x = e.text();
    let derived = answer(problem, Ask::Gradient, &x, Some(wrt), None);
    figures.checks += 1;
    if let Some(f) = &derived.fault {
        figures.refused += 1;
        *figures.kinds.entry(format!("refused: {}", f.diagnostic.message)).or_default() += 1;
        figures.show("refused", format!("{x} by {wrt}: {}", f.diagnostic.message));
        return;
    }
    let text = |a: &Answer| a.truth_text(Syntax::Plain).unwrap_or_default().to_owned();
    let truth = text(&derived);
    let back = answer(problem, Ask::Gradient, &x, Some(wrt), Some(&truth));
    settle(&back, || Opinion::Equal, &x, &truth, &format!("read back by {wrt}"), figures);
    let other = answer(problem, Ask::Gradient, &same.text(), Some(wrt), None);
    if other.fault.is_none() {
        let form = text(&other);
        let found = answer(problem, Ask::Gradient, &x, Some(wrt), Some(&form));
        settle(&found, || gradients(e, same, symbol, seed), &x, &form, &format!("rewritten, by {wrt}"), figures);
    }
    let Some(wrong) = (0..12).find_map(|_| mutated(r, e)) else { return };
    let other = answer(problem, Ask::Gradient, &wrong.text(), Some(wrt), None);
    if other.fault.is_none() {
        let form = text(&other);
        let found = answer(problem, Ask::Gradient, &x, Some(wrt), Some(&form));
        // Differences do not see a term of weight 1e-8, so they never say that a mutation is right.
        let different = || match gradients(e, &wrong, symbol, seed) {
            Opinion::Different => Opinion::Different,
            Opinion::Equal | Opinion::Unsure => Opinion::Unsure,
        };
        settle(&found, different, &x, &form, &format!("mutated, by {wrt}"), figures);
    }
}

fn mentions(t: &Tree, symbol: usize) -> bool {
    t.op == Op::Symbol(symbol) || t.of.iter().any(|p| mentions(p, symbol))
}

/// Whether two formulas have one gradient, by central differences.
fn gradients(a: &Tree, b: &Tree, symbol: usize, seed: u64) -> Opinion {
    const STEP: f64 = 1e-5;
    let mut r = Random(seed ^ 0x5bd1_e995);
    let (mut seen, mut apart_at, mut unsure) = (0, 0, false);
    for number in 0..12 {
        let mut world = World::random(&mut r, number);
        let entries = world.value_mut(symbol).len();
        let (mut scale, mut apart): (f64, f64) = (1e-2, 0.0);
        let mut all = true;
        for i in 0..entries {
            let mut slope = |t: &Tree| {
                let mut at = |h: f64| {
                    world.value_mut(symbol)[i] += h;
                    let y = world.value(t).map(|v| v[0]);
                    world.value_mut(symbol)[i] -= h;
                    y
                };
                let (up, down) = (at(STEP)?, at(-STEP)?);
                // Rounding of large values is no slope.
                scale = scale.max(1e-7 * up.abs());
                let (far_up, far_down) = (at(2.0 * STEP)?, at(-2.0 * STEP)?);
                Some((8.0 * (up - down) - (far_up - far_down)) / (12.0 * STEP))
            };
            match (slope(a), slope(b)) {
                (Some(x), Some(y)) => {
                    scale = scale.max(x.abs()).max(y.abs());
                    apart = apart.max((x - y).abs());
                }
                _ => all = false,
            }
        }
        if !all || scale > 1e5 {
            continue;
        }
        seen += 1;
        apart_at += usize::from(apart > 1e-3 * scale);
        unsure |= apart > 1e-6 * scale;
    }
    // At one or two points a jump or a pole may lie between the steps.
    if apart_at > 2 {
        return Opinion::Different;
    }
    if seen < 4 || unsure { Opinion::Unsure } else { Opinion::Equal }
}
