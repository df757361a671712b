//! Right formulas, and single mistakes made in them: what the diagnosis has to find again.
#![allow(dead_code, unreachable_pub, clippy::unwrap_used, clippy::panic)] // a test may fail

pub mod change;
pub mod tasks;

use change::{Change, KINDS, changed};
use gradmark::check::{Answer, Options, check};
use gradmark::diagnosis::Budget;
use gradmark::problem::{Ask, Layout, Problem, ProblemText, build};
use gradmark::syntax::{Syntax, parse, print};
use gradmark::verdict::{Asked, Depth, Verdict};
use serde_json::json;
use std::collections::BTreeMap;
use tasks::{TASKS, Task};

/// A small generator of random numbers, the same everywhere (splitmix64).
pub struct Random(pub u64);

impl Random {
    /// A number below `n`.
    pub fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((z ^ (z >> 31)) % (n.max(1) as u64)).unwrap()
    }
}

/// What the diagnoses of mutated formulas were.
#[derive(Default, Debug)]
pub struct Figures {
    /// Mutations that are wrong.
    pub wrong: usize,
    /// Repaired by one change, with the kind of the mutation.
    pub own: usize,
    /// Repaired by one change of another kind.
    pub other: usize,
    /// Repaired by several changes.
    pub several: usize,
    /// Not repaired.
    pub none: usize,
    /// Repaired formulas that are not right.
    pub false_repairs: Vec<String>,
    /// By kind of mutation: repaired by one change, and all.
    pub by_kind: BTreeMap<&'static str, (usize, usize)>,
    /// What was not repaired by one change.
    pub lost: Vec<String>,
}

impl Figures {
    /// Percent that one change repairs.
    pub fn single(&self) -> f64 {
        100.0 * (self.own + self.other) as f64 / self.wrong.max(1) as f64
    }

    /// In words.
    pub fn words(&self) -> String {
        let percent = |n: usize| 100.0 * n as f64 / self.wrong.max(1) as f64;
        let mut text = format!(
            "{} wrong formulas: repaired by one change {:.2} % (own kind {:.2} %, another {:.2} %), by several {:.2} %, not {:.2} %; repairs that are not right {}\n",
            self.wrong,
            self.single(),
            percent(self.own),
            percent(self.other),
            percent(self.several),
            percent(self.none),
            self.false_repairs.len()
        );
        for (kind, (single, all)) in &self.by_kind {
            text.push_str(&format!("  {kind:20} {single:6} of {all}\n"));
        }
        text
    }
}

/// The declarations of a task: `A: m×n, x: n, λ:, s = x'x`.
pub fn problem(task: &Task) -> Problem {
    let mut symbols = serde_json::Map::new();
    let mut definitions: Vec<[&str; 2]> = Vec::new();
    for item in task.symbols.split(',').map(str::trim).filter(|s| !s.is_empty()) {
        if let Some((name, formula)) = item.split_once('=') {
            definitions.push([name.trim(), formula.trim()]);
            continue;
        }
        let (name, shape) = item.split_once(':').unwrap();
        let dims: Vec<&str> = shape.split('×').map(str::trim).filter(|d| !d.is_empty()).collect();
        symbols.insert(name.trim().to_owned(), json!(dims));
    }
    let text: ProblemText = serde_json::from_value(json!({ "symbols": symbols, "definitions": definitions })).unwrap();
    build(&text, Some(Syntax::Plain)).unwrap()
}

/// The answer to a candidate.
pub fn answer(problem: &Problem, task: &Task, candidate: &str, diagnosis: Option<Budget>) -> Answer {
    let wrt = [task.wrt.to_owned()];
    let asked = Asked {
        objective: task.objective,
        wrt: &wrt,
        ask: Ask::Derivative,
        layout: Layout::Standard,
        structured: false,
        syntax: Some(Syntax::Plain),
    };
    check(problem, &asked, Some(candidate), Options { depth: Depth::Decisive, counterexample: false, diagnosis })
}

/// Makes a mistake in a right formula, and looks whether it is named and repaired.
pub fn round(seed: u64, figures: &mut Figures) {
    let mut r = Random(seed);
    let task = &TASKS[r.below(TASKS.len())];
    let problem = problem(task);
    let right = task.right[r.below(task.right.len())];
    let tree = parse(right, Syntax::Plain, &problem.scope.names).unwrap_or_else(|d| panic!("{right}: {}", d.message));
    let kind = KINDS[r.below(KINDS.len())];
    let names: Vec<&str> = task.symbols.split(',').filter_map(|s| s.split(':').next()).map(str::trim).collect();
    let Some(wrong) = changed(&mut r, &tree, kind, &names) else { return };
    let text = print(&wrong, wrong.root, Syntax::Plain);
    let judged = answer(&problem, task, &text, Some(Budget::default()));
    if judged.verdict != Some(Verdict::Incorrect) {
        return;
    }
    figures.wrong += 1;
    let counts = figures.by_kind.entry(kind.name()).or_default();
    counts.1 += 1;
    for repaired in judged.diagnosis.iter().filter_map(|d| d.repaired.as_ref()) {
        if answer(&problem, task, repaired, None).verdict != Some(Verdict::Correct) {
            figures.false_repairs.push(format!("{} by {}: {text} repaired as {repaired}", task.objective, task.wrt));
        }
    }
    let Some(first) = judged.diagnosis.first() else { return };
    let is_several = judged.diagnosis.iter().any(|d| d.message.starts_with("There are"));
    let said =
        || format!("{}: {} by {}: {right} became {text}: {}", kind.name(), task.objective, task.wrt, first.message);
    match (&first.repaired, is_several) {
        (None, _) => {
            figures.none += 1;
            figures.lost.push(said());
        }
        (Some(_), true) => {
            figures.several += 1;
            figures.lost.push(said());
        }
        (Some(_), false) => {
            counts.0 += 1;
            if is_own(kind, first.kind) { figures.own += 1 } else { figures.other += 1 }
        }
    }
}

/// Whether the contract's kind is that of the mutation.
fn is_own(change: Change, kind: &str) -> bool {
    change.kinds().contains(&kind)
}
