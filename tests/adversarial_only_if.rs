//! A formula that is right only under a property nobody declared is wrong, and the property is named.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // a test may

mod asking;

use asking::{ask_fully, request};
use gradmark::verdict::Verdict;

#[track_caller]
fn only_if(objective: &str, wrt: &str, candidate: &str, words: &str) {
    let answer = ask_fully(&request("derivative", objective, wrt, Some(candidate)));
    assert_eq!(answer.verdict, Some(Verdict::Incorrect), "{candidate}");
    let found: Vec<_> = answer.diagnosis.iter().map(|d| (d.kind, d.message.clone())).collect();
    assert!(found.iter().any(|(k, m)| *k == "assumption" && m.contains(words)), "{candidate}: {found:?}");
}

#[test]
fn symmetric() {
    only_if("x'C x", "x", "2 C x", "C is symmetric");
    only_if("||C x||^2", "x", "2 C C x", "C is symmetric");
    only_if("a' C^-1 y", "C", "-C^-1 a y' C^-1", "C is symmetric");
}

#[test]
fn orthogonal_and_diagonal() {
    only_if("||C x||^2", "x", "2 x", "C is orthogonal");
    only_if("a'(C .* I) x", "x", "C (a + y) - C y ./ (x .* x) .* x .* x", "C is diagonal");
}

#[test]
fn square() {
    only_if("logdet(X'X)", "X", "2 X^-T", "m = n");
}

#[test]
fn entries() {
    only_if("sum(abs(x))", "x", "ones", "x has only positive entries");
    only_if("t log(t^2)", "t", "2 log(t) + 2", "t has only positive entries");
}

#[test]
fn one() {
    only_if("(x'y)^2", "x", "2 (y'y)^2 x ./ (y .* y)", "n = 1");
}

#[test]
fn nothing_is_invented() {
    let answer = ask_fully(&request("gradient", "x'C x", "x", Some("3 C x")));
    assert_eq!(answer.verdict, Some(Verdict::Incorrect));
    assert!(answer.diagnosis.iter().all(|d| d.kind != "assumption"), "{:?}", answer.diagnosis);
}
