//! Asks the program as a line of the batch contract would.
#![allow(dead_code, unreachable_pub, clippy::unwrap_used, clippy::panic)] // each runner uses its part, and a test may fail

use gradmark::check::{Answer, EvidenceText, Options, check, parse_request};
use gradmark::problem::build;
use gradmark::syntax::Syntax;
use gradmark::verdict::{Depth, Verdict};
use serde_json::{Value, json};

/// The answer to a request.
pub fn ask(request: &Value) -> Answer {
    answer(request, false)
}

/// The answer with what a wrong candidate takes for granted.
pub fn ask_fully(request: &Value) -> Answer {
    answer(request, true)
}

fn answer(request: &Value, fully: bool) -> Answer {
    let request = parse_request(&request.to_string()).unwrap();
    let problem = build(&request.problem(), request.notation()).unwrap();
    let wrt = request.variables();
    let asked = request.asked(&wrt);
    let depth = if request.evidence == Some(EvidenceText::All) { Depth::All } else { Depth::Decisive };
    let diagnosis = fully.then(gradmark::diagnosis::Budget::default);
    check(&problem, &asked, request.candidate.as_deref(), Options { depth, counterexample: fully, diagnosis })
}

/// The symbols of the tests: shapes differ wherever they can.
pub fn symbols() -> Value {
    json!({
        "A": ["m", "n"], "B": ["n", "p"], "C": ["n", "n"], "D": ["n", "n"], "X": ["m", "n"], "Y": ["n", "n"],
        "P": ["n", "n"], "Q": ["n", "n"], "R": ["n", "n"], "E": ["n", "n"],
        "x": ["n"], "y": ["n"], "a": ["n"], "b": ["m"], "q": ["n"], "o": ["n"], "v": ["n"], "w": ["n"],
        "t": [], "s": [], "k": [], "beta": [],
        "c_i": {"family": "i", "count": "N", "shape": ["n"]},
        "d_i": {"family": "i", "count": "N", "shape": ["m"]},
        "rho_i": {"family": "i", "count": "N", "shape": []},
        "g": {"function": "elementwise"}, "f": {"function": "scalar"}
    })
}

/// What is declared of them.
pub fn properties() -> Value {
    json!({
        "P": ["positive_definite"], "Q": ["orthogonal"], "R": ["symmetric"], "E": ["diagonal"],
        "q": ["probability"], "o": ["one_hot"], "w": ["sign"], "v": ["positive"],
        "k": ["integer", "positive"], "beta": ["positive"]
    })
}

/// A request with the symbols of the tests.
pub fn request(ask: &str, objective: &str, wrt: &str, candidate: Option<&str>) -> Value {
    let mut r = json!({
        "symbols": symbols(), "properties": properties(), "objective": objective, "ask": ask,
    });
    if ask != "identity" {
        r["wrt"] = match wrt.split_once(';') {
            Some((first, second)) => json!([first.trim(), second.trim()]),
            None => json!(wrt),
        };
    }
    if let Some(c) = candidate {
        r["candidate"] = json!(c);
    }
    r
}

/// The verdict on a candidate, with the reason where it is not decided.
pub fn verdict(ask_for: &str, objective: &str, wrt: &str, candidate: &str) -> Option<Verdict> {
    ask(&request(ask_for, objective, wrt, Some(candidate))).verdict
}

/// Both printed forms of the derivative.
pub fn printed(request: &Value) -> [(Syntax, String); 2] {
    let answer = ask(request);
    let fault = answer.fault.as_ref().map(|f| f.diagnostic.message.clone());
    [Syntax::Plain, Syntax::Latex].map(|s| {
        let text = answer.truth_text(s).map(str::to_owned);
        (s, text.unwrap_or_else(|| panic!("{}: {fault:?}", request["objective"])))
    })
}
