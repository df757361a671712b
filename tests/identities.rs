//! Twenty identities of matrices, half of which other systems miss, with the layer of evidence that decides each; then
//! what is harder.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // a test may

mod asking;

use asking::ask;
use gradmark::verdict::{Evidence, Verdict};
use serde_json::json;

/// The layer that decided.
fn layer(evidence: &[Evidence]) -> &'static str {
    match evidence.first() {
        Some(Evidence::Proved) => "proved",
        Some(Evidence::Exact { .. }) => "exact",
        Some(Evidence::Numeric { .. }) => "numeric",
        Some(Evidence::FiniteDifference { .. } | Evidence::Refuted { .. }) | None => "none",
    }
}

/// Both ways round, decided by that layer.
#[track_caller]
fn decided(by: &str, left: &str, right: &str) {
    for (a, b) in [(left, right), (right, left)] {
        let answer = ask(&json!({
            "symbols": {
                "A": ["n", "n"], "C": ["n", "n"], "X": ["n", "n"], "F": ["m", "n"], "G": ["n", "m"], "H": ["m", "n"],
                "U": ["n", "k"], "V": ["k", "n"], "W": ["k", "k"], "a": ["n"], "b": ["m"], "x": ["n"], "y": ["n"], "t": [], "c": []
            },
            "objective": a, "ask": "identity", "candidate": b
        }));
        assert_eq!(answer.verdict, Some(Verdict::Correct), "{a} = {b}: {:?}", answer.why);
        assert_eq!(layer(&answer.evidence), by, "{a} = {b}");
    }
}

#[test]
fn the_twenty() {
    // Polynomials.
    decided("proved", "||F x - b||^2", "x'F'F x - 2 b'F x + b'b");
    decided("proved", "(x - a)' A (x - a)", "x'A x - a'(A + A') x + a'A a");
    decided("proved", "tr(F X G)", "tr(G F X)");
    decided("proved", "tr(F G)", "tr(G' F')");
    decided("proved", "x' A y", "y' A' x");
    decided("proved", "x (y' A x)", "x (x' A' y)");
    decided("proved", "(A + C)^2", "A^2 + A C + C A + C^2");
    decided("proved", "tr(X^5)", "tr(X X^3 X)");
    // Inverses and determinants.
    decided("proved", "(A^-1)'", "(A')^-1");
    decided("proved", "(X A)^-1", "A^-1 X^-1");
    decided("proved", "X^-1 X A", "A");
    decided("proved", "(I + F G)^-1 F", "F (I + G F)^-1");
    decided("proved", "((F'F)^-1)'", "(F'F)^-1");
    decided("proved", "det(X A)", "det(X) det(A)");
    // Entries.
    decided("proved", "diag(a) x", "a .* x");
    decided("proved", "F .* H", "H .* F");
    decided("proved", "tr(F' H)", "sum(F .* H)");
    // Functions.
    decided("proved", "1 - tanh(x).^2", "4 exp(2 x) ./ (1 + exp(2 x)).^2");
    decided("proved", "log(exp(x))", "x");
    decided("proved", "sum(softmax(x))", "1");
}

#[test]
fn inverses() {
    decided("proved", "(A + U W V)^-1", "A^-1 - A^-1 U (W^-1 + V A^-1 U)^-1 V A^-1");
    decided("proved", "(G F + c I)^-1 G", "G (F G + c I)^-1");
    decided("proved", "(A + x y')^-1", "A^-1 - A^-1 x y' A^-1 / (1 + y' A^-1 x)");
    decided("proved", "det(c A)", "c^n det(A)");
    decided("exact", "det(I + F G)", "det(I + G F)");
}

#[test]
fn blocks() {
    decided("proved", "tr(kron(A, C))", "tr(A) tr(C)");
    decided("proved", "vec(A X C)", "kron(C', A) vec(X)");
    decided("proved", "(x y') .* A", "diag(x) A diag(y)");
}

#[test]
fn functions() {
    decided("proved", "1 - tanh(x).^2", "1 ./ cosh(x).^2");
    decided("proved", "sigmoid(t) (1 - sigmoid(t))", "exp(-t)/(1 + exp(-t))^2");
}
