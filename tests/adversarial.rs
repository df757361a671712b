//! Formulas written to be judged wrongly: each has cost some checker a wrong verdict.
#![allow(clippy::unwrap_used)] // a test may fail

mod asking;

use asking::{ask, request, verdict};
use gradmark::verdict::Verdict;
use serde_json::json;

#[track_caller]
fn right(kind: &str, objective: &str, wrt: &str, candidate: &str) {
    assert_eq!(verdict(kind, objective, wrt, candidate), Some(Verdict::Correct), "{objective} by {wrt}: {candidate}");
}

#[track_caller]
fn wrong(kind: &str, objective: &str, wrt: &str, candidate: &str) {
    assert_eq!(verdict(kind, objective, wrt, candidate), Some(Verdict::Incorrect), "{objective} by {wrt}: {candidate}");
}

#[track_caller]
fn unread(objective: &str, candidate: &str) {
    let answer = ask(&request("identity", objective, "", Some(candidate)));
    assert_eq!(answer.verdict, Some(Verdict::Unreadable), "{objective}: {candidate} was read as {:?}", answer.read_as);
}

#[test]
fn free_indices_are_read_in_alphabetic_order() {
    right("gradient", "||X||^2", "X", "2 X_{ij}");
    right("gradient", "||X||^2", "X", "2 X_{jk}");
    wrong("gradient", "||X||^2", "X", "2 X_{ji}");
    right("gradient", "x'C x", "x", "sum_j (C_{ij} + C_{ji}) x_j");
    // A missing Σ is no free index of the answer.
    wrong("gradient", "x'C x", "x", "C_{ij} x_j + C_{ji} x_j");
    right("jacobian", "inv(C)", "C", "-(C^-1)_{ik} (C^-1)_{lj}");
    wrong("jacobian", "inv(C)", "C", "-(C^-1)_{ki} (C^-1)_{jl}");
    right("hessian", "logdet(C)", "C", "-(C^-1)_{jk} (C^-1)_{li}");
    wrong("hessian", "logdet(C)", "C", "-(C^-1)_{ik} (C^-1)_{lj}");
    right("gradient", "sum_{i=1}^{n-1} x_i x_{i+1}", "x_j", "(j < n) x_{j+1} + (j > 1) x_{j-1}");
    let mut either = request("jacobian", "inv(C)", "C", Some("-(C^-1)_{ki} (C^-1)_{jl}"));
    either["layout"] = json!("either");
    assert_eq!(ask(&either).verdict, Some(Verdict::Correct));
}

#[test]
fn no_part_of_a_formula_is_left_out() {
    unread("x", "\\overset{y}{x}");
    unread("x", "\\stackrel{y}{x}");
    unread("t", "t^2^s");
    unread("C", "I_q C");
    right("identity", "C_{12}", "", "C_{1,2}");
    wrong("identity", "C_{12}", "", "C_{2,1}");
}

#[test]
fn a_scalar_in_front_keeps_an_entrywise_product() {
    right("gradient", "sum(tanh(C .* C))", "C", "2 (1 - tanh(C.*C).^2) .* C");
}
