//! Objectives in index notation are answered in matrix notation, and with `--form index` the reverse.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // a test may

use pretty_assertions::assert_eq;
use std::process::{Command, Output};

fn gradmark(args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_gradmark")).args(args).output().unwrap()
}

fn derived(objective: &str, wrt: &str, form: &str) -> String {
    let output = gradmark(&["derive", objective, "--wrt", wrt, "--form", form]);
    let text = String::from_utf8(output.stdout).unwrap();
    text.lines().next().unwrap_or_default().to_owned()
}

/// An objective in both notations, by what, and its derivative in both.
const BOTH: &[(&str, &str, &str, &str, &str)] = &[
    ("sum_{i,j} x_i A[i,j] x_j", "x' A x", "x", "(A + Aᵀ) x", "∑_{j=1}^{n} x_j A[j,i] + ∑_{j=1}^{n} x_j A[i,j]"),
    (
        "sum_i (sum_j A[i,j] x_j - b_i)^2",
        "||A x - b||^2",
        "x",
        "2 Aᵀ (A x - b)",
        "2 ∑_{j=1}^{m} (∑_{k=1}^{n} A[j,k] x_k - b_j) A[j,i]",
    ),
    ("sum_{i,j} A[i,j] X[j,i]", "tr(A X)", "X", "Aᵀ", "A[j,i]"),
    (
        "sum_{i,j,k} X[i,j] A[j,k] X[i,k]",
        "tr(X A X')",
        "X",
        "X (A + Aᵀ)",
        "∑_{k=1}^{m} X[i,k] A[k,j] + ∑_{k=1}^{m} X[i,k] A[j,k]",
    ),
    ("sum_i exp(x_i)", "sum(exp(x))", "x", "exp(x)", "exp(x_i)"),
    ("log(sum_i exp(x_i))", "log(sum(exp(x)))", "x", "softmax(x)", "exp(x_i)/(∑_{j=1}^{n} exp(x_j))"),
    ("sum_i a_i log(x_i)", "a' log(x)", "x", "a ./ x", "a_i/x_i"),
    ("sum_{i,j} u_i X[i,j] v_j", "u' X v", "X", "u vᵀ", "v_j u_i"),
    ("sum_{i,j} X[i,j]^2 A[i,j]", "sum(A ⊙ X ⊙ X)", "X", "2 A ⊙ X", "2 A[i,j] X[i,j]"),
    ("sum_i X[i,i]", "tr(X)", "X", "I_n", "delta(i,j)"),
    ("sum_{i,j,k} X[i,j] X[j,k] X[k,i]", "tr(X X X)", "X", "3 (X^2)ᵀ", "3 ∑_{k=1}^{n} X[j,k] X[k,i]"),
    ("sum_{i,j} A[i,j] X[i,j] x_j", "sum((A ⊙ X) x)", "X", "A diag(x)", "x_j A[i,j]"),
];

#[test]
fn index_notation_is_answered_in_matrix_notation_and_by_indices_where_asked() {
    for (indexed, _, wrt, matrix, index) in BOTH {
        assert_eq!(derived(indexed, wrt, "natural"), *matrix, "{indexed}");
        assert_eq!(derived(indexed, wrt, "index"), *index, "{indexed}");
    }
}

#[test]
fn what_answers_one_notation_answers_the_other() {
    for (indexed, matrices, wrt, matrix, index) in BOTH {
        for objective in [indexed, matrices] {
            for form in [matrix, index] {
                for (candidate, status) in [((*form).to_owned(), 0), (format!("3 ({form})"), 1)] {
                    let args = ["check", "--objective", objective, "--wrt", wrt, "--candidate", &candidate];
                    let output = gradmark(&args);
                    let said = String::from_utf8_lossy(&output.stdout).into_owned();
                    assert_eq!(output.status.code(), Some(status), "{objective}: {candidate}\n{said}");
                }
            }
        }
    }
}
