//! What `derive` prints is a candidate like any other: read back, in either notation, it must be found correct.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // a test may

mod asking;

use asking::{ask, printed, request};
use gradmark::syntax::Syntax;
use gradmark::verdict::Verdict;
use serde_json::json;

#[track_caller]
fn reads_back(kind: &str, objective: &str, wrt: &str) {
    let asked = request(kind, objective, wrt, None);
    for (syntax, text) in printed(&asked) {
        let mut back = asked.clone();
        back["candidate"] = json!(text);
        back["syntax"] = json!(if syntax == Syntax::Plain { "plain" } else { "latex" });
        // The objective's notation is told by itself; both read the formulas of these tests alike.
        let answer = ask(&back);
        let why = answer.fault.as_ref().map(|f| f.diagnostic.message.clone()).or(answer.why.clone());
        assert_eq!(answer.verdict, Some(Verdict::Correct), "{kind} of {objective} by {wrt}: {text}: {why:?}");
    }
}

#[test]
fn functions() {
    for f in ["exp", "sin", "cos", "tan", "sinh", "cosh", "tanh", "sigmoid", "relu", "softplus", "abs", "sign", "g"] {
        reads_back("gradient", &format!("sum({f}(x))"), "x");
        reads_back("gradient", &format!("sum({f}(C.*C))"), "C");
        reads_back("jacobian", &format!("{f}(x)"), "x");
        reads_back("hessian", &format!("a'*{f}(x)"), "x");
    }
    reads_back("jacobian", "log(v)", "v");
    reads_back("jacobian", "sqrt(v)", "v");
    reads_back("jacobian", "softmax(x)", "x");
    reads_back("jacobian", "softmax(X)", "X");
    reads_back("hessian", "logsumexp(x)", "x");
}

#[test]
fn functions_known_by_name() {
    reads_back("gradient", "f(X x)", "x");
    reads_back("gradient", "f(X'X)", "X");
    reads_back("hessian", "f(x)", "x");
    reads_back("hessian", "f(X x)", "x");
    reads_back("hessian", "sum(g(X x))", "x");
}

#[test]
fn answers_without_matrix_notation() {
    reads_back("jacobian", "X'X", "X");
    reads_back("hessian", "tr(X R X')", "X");
    reads_back("hessian", "log(det(C))", "C");
    reads_back("jacobian", "A .* X", "X");
    reads_back("jacobian", "x x'", "x");
    reads_back("jacobian", "diag(x)", "x");
    reads_back("jacobian", "kron(C, D)", "C");
    reads_back("gradient", "x_1^2 + x_2 x_1", "x");
    reads_back("derivative", "[t, t^2; 1, s]", "t");
}

#[test]
fn powers_with_a_symbol() {
    reads_back("gradient", "tr(C^k)", "C");
    reads_back("gradient", "x' C^k y", "C");
    reads_back("jacobian", "x.^3", "x");
    reads_back("gradient", "sum(v.^t)", "t");
}

#[test]
fn families_and_partial_ranges() {
    reads_back("derivative", "sum_{i=1}^N sum_{j=1}^N exp(-||c_i - c_j||^2)", "c_k");
    reads_back("derivative", "sum_{i} sum_{j != i} c_i' c_j", "c_k");
    reads_back("derivative", "sum_{i=2}^N (rho_i - rho_{i-1})^2", "rho_j");
    reads_back("derivative", "sum_{i=1}^{N-1} ||c_{i+1} - c_i||^2", "c_j");
    reads_back("derivative", "sum_{i=1}^N i rho_i", "rho_j");
    reads_back("gradient", "sum_{i=1}^{n-1} x_i x_{i+1}", "x_j");
    reads_back("gradient", "sum_{i=1}^{n-1} x_i x_{i+1}", "x");
}

#[test]
fn by_an_expression() {
    reads_back("gradient", "||X x - b||^2", "X x");
    reads_back("gradient", "||X x - b||^2", "X x - b");
}

#[test]
fn determinants_and_inverses() {
    for (kind, objective) in [
        ("gradient", "logdet(P)"),
        ("gradient", "log|det(C)|"),
        ("gradient", "det(X'X)"),
        ("jacobian", "inv(C)"),
        ("jacobian", "inv(C) x"),
        ("gradient", "tr(D inv(C) D)"),
    ] {
        let wrt = objective.chars().find(|c| matches!(c, 'P' | 'C' | 'X')).unwrap().to_string();
        reads_back(kind, objective, &wrt);
    }
}

#[test]
fn rows_of_one() {
    // A matrix of one row prints as what it is: its gradient's transposes stand where they have to.
    let symbols = json!({"l": [1, "n"], "x": ["n"], "C": ["n", "n"], "X": ["n", "p"],
        "r_i": {"family": "i", "count": "N", "shape": [1, "n"]}});
    let cases = [
        ("gradient", "l x", "x"),
        ("gradient", "l C x", "l"),
        ("gradient", "sum(tanh(l X))", "X"),
        ("gradient", "||l' l x||^2", "x"),
        ("jacobian", "l' l x", "x"),
        ("hessian", "(l x)^2", "x"),
        ("gradient", "sum_i (r_i x)^3", "x"),
        ("gradient", "sum_i (r_i x)^3", "r_i"),
    ];
    for (kind, objective, wrt) in cases {
        let asked = json!({"symbols": symbols, "objective": objective, "wrt": wrt, "ask": kind});
        for (_, text) in printed(&asked) {
            let mut back = asked.clone();
            back["candidate"] = json!(text);
            let answer = ask(&back);
            assert_eq!(answer.verdict, Some(Verdict::Correct), "{kind} of {objective} by {wrt}: {text}");
        }
    }
    let wrong = json!({"symbols": symbols, "objective": "l x", "wrt": "x", "ask": "gradient", "candidate": "l"});
    assert_eq!(ask(&wrong).verdict, Some(Verdict::Incorrect));
}
