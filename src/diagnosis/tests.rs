//! Every mistake of the table with its examples, and laws that hold for all.

use super::{Budget, Example, MISTAKES};
use crate::check::{Answer, Options, check};
use crate::problem::{Ask, Layout, Problem, ProblemText, SymbolText, build};
use crate::syntax::Syntax;
use crate::verdict::{Asked, Depth, Verdict};

/// Declares `A: m×n, x: n, λ:` as symbols, and defines `s = x'x`.
fn problem(symbols: &str) -> Problem {
    let mut text = ProblemText::default();
    for item in symbols.split(',').map(str::trim).filter(|s| !s.is_empty()) {
        if let Some((name, formula)) = item.split_once('=') {
            text.definitions.0.push((name.trim().to_owned(), formula.trim().to_owned()));
            continue;
        }
        let (name, shape) = item.split_once(':').expect("a name and a shape");
        let dims: Vec<String> =
            shape.split('×').map(str::trim).filter(|d| !d.is_empty()).map(ToOwned::to_owned).collect();
        let value = serde_json::to_value(dims).expect("a list");
        let symbol: SymbolText = serde_json::from_value(value).expect("a symbol");
        text.symbols.insert(name.trim().to_owned(), symbol);
    }
    build(&text, Some(Syntax::Plain)).expect("declarations")
}

fn answer(e: &Example, candidate: &str) -> Answer {
    let wrt = [e.wrt.to_owned()];
    let asked = Asked {
        objective: e.objective,
        wrt: &wrt,
        ask: Ask::Derivative,
        layout: Layout::Standard,
        structured: false,
        syntax: Some(Syntax::Plain),
    };
    let options = Options { depth: Depth::Decisive, counterexample: false, diagnosis: Some(Budget::default()) };
    check(&problem(e.symbols), &asked, Some(candidate), options)
}

#[track_caller]
fn named(e: &Example) -> (String, String) {
    let a = answer(e, e.candidate);
    assert_eq!(a.verdict, Some(Verdict::Incorrect), "{} | {:?}", e.candidate, a.fault.map(|f| f.diagnostic.message));
    let d = a.diagnosis.first().expect("a diagnosis");
    for d in &a.diagnosis {
        if let Some(repaired) = &d.repaired {
            let again = answer(e, repaired);
            assert_eq!(again.verdict, Some(Verdict::Correct), "{} repaired as {repaired}", e.candidate);
        }
    }
    (d.kind.to_owned(), d.message.clone())
}

#[test]
fn every_mistake_is_named_in_its_examples_and_not_in_its_near_miss() {
    let mut wrong = Vec::new();
    for m in MISTAKES {
        for e in m.examples.iter().chain([&m.near_miss]) {
            let (kind, message) = named(e);
            if kind != e.kind {
                wrong.push(format!(
                    "{}: {} by {} of {}: wanted {}, got {kind}: {message}",
                    m.name, e.objective, e.wrt, e.candidate, e.kind
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn mistakes_have_names_of_their_own() {
    let mut names: Vec<_> = MISTAKES.iter().map(|m| m.name).collect();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), MISTAKES.len());
    assert!(MISTAKES.iter().all(|m| m.doc.ends_with('.')));
}

/// Right formulas, from which mutations are made.
const RIGHT: [(&str, &str, &str, &str); 16] = [
    ("X: m×n, y: m, w: n, λ:", "1/2 ||y - X w||^2 + λ/2 w'w", "w", "X'(X w - y) + λ w"),
    ("A: n×n, x: n, b: n", "x'A x + b'x", "x", "A x + A'x + b"),
    ("V: m×n, W: m×r, H: r×n", "1/2 ||V - W H||^2", "W", "(W H - V) H'"),
    ("W: m×n, x: n", "1/2 ||W'W x - x||^2", "W", "W x (W'W x - x)' + W (W'W x - x) x'"),
    ("A: n×m, B: p×n, X: m×p", "tr(A X B)", "X", "A'B'"),
    ("X: n×n, S: n×n, α:", "α logdet(X) - tr(S X)", "X", "α X^-1' - S'"),
    ("A: m×n, x: n, v: m", "v'tanh(A x)", "x", "A'(v .* (1 - tanh(A x).^2))"),
    ("a: m, X: m×n, b: n", "sqrt(a'X b)", "X", "a b'/(2 sqrt(a'X b))"),
    ("A: n×n, X: n×m, B: m×m", "tr(X'A X B)", "X", "A X B + A'X B'"),
    ("g: n, x: n, t: n", "1/2 ||g .* x - t||^2", "g", "(g .* x - t) .* x"),
    ("A: m×n, x: n, y: m", "y'A x - ones'exp(A x)", "x", "A'(y - exp(A x))"),
    ("A: m×n, B: n×m", "sum_{i=1}^{m} sum_{j=1}^{n} A[i,j] B[j,i]^2", "A[p,q]", "B[q,p]^2"),
    ("K: n×n, y: n", "1/2 y'K^-1 y + 1/2 logdet(K)", "K", "1/2 K^-1' - 1/2 K^-1'y y'K^-1'"),
    ("Q: n×n, x: n, p: n, b: n, α:", "1/2 (x + α p)'Q (x + α p) - b'(x + α p)", "α", "1/2 p'(Q + Q')(x + α p) - b'p"),
    (
        "W: m×n, x: n, t: m",
        "1/2 ||sigmoid(W x) - t||^2",
        "W",
        "((sigmoid(W x) - t) .* sigmoid(W x) .* (1 - sigmoid(W x))) x'",
    ),
    ("S: n×n, w: n", "log(w'S w)", "w", "(S + S') w/(w'S w)"),
];

/// Every mutation of a kind that is one local change, as text replacements that leave a formula.
fn mutations(right: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut replace = |from: &str, to: &str| {
        for (at, _) in right.match_indices(from) {
            let text = format!("{}{to}{}", &right[..at], &right[at + from.len()..]);
            found.push(text);
        }
    };
    for (from, to) in [
        (" + ", " - "),
        (" - ", " + "),
        ("'", ""),
        ("^-1", ""),
        ("1/2 ", ""),
        ("1/2 ", "2 "),
        (".* ", ""),
        ("2 ", "3 "),
        ("α ", ""),
        ("λ ", ""),
        (" + λ w", ""),
        (" + A'x", ""),
        (" + b", ""),
        ("A ", "A' "),
        ("W ", "W' "),
        ("(y - ", "("),
        (" x'", " x"),
        (" - b'p", ""),
        ("[q,p]", "[p,q]"),
        ("[q,p]", "[q,q]"),
        (" .* x", ""),
        ("^2", ""),
        ("X ", "3 X "),
        ("S'", "X'"),
        ("y", "2 y"),
        ("(W H - V) H'", "H'(W H - V)"),
        ("A'B'", "B'A'"),
        ("H", "V"),
        ("x", "t"),
        ("b", "a"),
    ] {
        replace(from, to);
    }
    found
}

#[test]
fn a_mutation_of_a_right_formula_has_a_repair_that_checks() {
    let (mut all, mut repaired, mut single) = (0, 0, 0);
    let mut lost = Vec::new();
    let mut kinds: std::collections::BTreeMap<&str, usize> = std::collections::BTreeMap::new();
    for (symbols, objective, wrt, right) in RIGHT {
        let e = Example { symbols, objective, wrt, candidate: right, kind: "" };
        assert_eq!(answer(&e, right).verdict, Some(Verdict::Correct), "{right}");
        for text in mutations(right) {
            let a = answer(&e, &text);
            if a.verdict != Some(Verdict::Incorrect) {
                continue;
            }
            all += 1;
            let d = a.diagnosis.first().expect("a diagnosis");
            *kinds.entry(d.kind).or_default() += 1;
            match &d.repaired {
                Some(r) => {
                    repaired += 1;
                    single += usize::from(!d.message.starts_with("There are two"));
                    assert_eq!(answer(&e, r).verdict, Some(Verdict::Correct), "{text} repaired as {r}");
                }
                None => lost.push(format!("{objective} by {wrt}: {text}: {}", d.message)),
            }
        }
    }
    assert!(
        100 * single >= 95 * all,
        "{single} of {all} by one change, {repaired} at all: {kinds:?}\n{}",
        lost.join("\n")
    );
}
