//! What evidence has to tell apart, kind by kind: a right formula and a wrong one of each.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // a test may

mod asking;

use asking::{ask, ask_fully, request};
use gradmark::evidence::{Limits, Numeric, Pair, numeric};
use gradmark::text::Code;
use gradmark::verdict::{Evidence, Verdict};
use serde_json::{Value, json};

#[track_caller]
fn right(kind: &str, objective: &str, wrt: &str, candidate: &str) {
    let answer = ask(&request(kind, objective, wrt, Some(candidate)));
    assert_eq!(answer.verdict, Some(Verdict::Correct), "{objective}: {candidate}: {:?}", answer.why);
}

#[track_caller]
fn wrong(kind: &str, objective: &str, wrt: &str, candidate: &str) {
    let answer = ask(&request(kind, objective, wrt, Some(candidate)));
    assert_eq!(answer.verdict, Some(Verdict::Incorrect), "{objective}: {candidate}: {:?}", answer.why);
}

/// An identity, asked both ways round.
#[track_caller]
fn both(expected: Verdict, left: &str, right: &str) {
    for (a, b) in [(left, right), (right, left)] {
        let answer = ask(&request("identity", a, "", Some(b)));
        assert_eq!(answer.verdict, Some(expected), "{a} = {b}: {:?}", answer.why);
    }
}

#[track_caller]
fn holds(left: &str, right: &str) {
    both(Verdict::Correct, left, right);
}

#[track_caller]
fn fails(left: &str, right: &str) {
    both(Verdict::Incorrect, left, right);
}

#[test]
fn determinants_of_multiples() {
    holds("det(2 C)", "2^n det(C)");
    holds("det(t C)", "t^n det(C)");
    holds("logdet(beta P)", "n log(beta) + logdet(P)");
    fails("det(2 C)", "2 det(C)");
    fails("det(-C)", "-det(C)");
    fails("det(t C)", "t^2 det(C)");
}

#[test]
fn elementary_functions() {
    holds("abs(x) .* sign(x)", "x");
    fails("abs(x) .* sign(x)", "abs(x)");
    holds("relu(x)", "x .* (x > 0)");
    fails("relu(x)", "x .* (x > 0) + 10^-8 x");
    holds("sigmoid(t)", "1/(1 + exp(-t))");
    holds("sigmoid(t) (1 - sigmoid(t))", "exp(-t)/(1 + exp(-t))^2");
    holds("1 - tanh(t)^2", "1/cosh(t)^2");
    fails("1 - tanh(t)^2", "1 - tanh(t^2)");
    holds("softplus(t) - softplus(-t)", "t");
    fails("softplus(t) + softplus(-t)", "t");
}

#[test]
fn saturated_functions_hide_nothing() {
    holds("tanh(exp(x'x))", "1 - 2/(1 + exp(2 exp(x'x)))");
    fails("tanh(exp(tr(P)))", "tanh(exp(3/2 tr(P)))");
    fails("sigmoid(det(P + C'C))", "sigmoid(det(P + 1.00000001 C'C))");
}

#[test]
fn kinks_are_looked_at_closely() {
    holds("sign(x'y + tr(C))", "sign(2 tr(C) + 2 y'x)");
    fails("sign(x'y + tr(C))", "sign(x'y + 1.00000001 tr(C))");
    fails("sign((I + P)^-1)", "sign((I + 2 P)^-1)");
    // Only a special function has one sign at 1 and at 2, and of an unknown one that is not known.
    for (a, b) in [("abs(g(w))", "g(w) .* sign(g(2 w))"), ("g(w) .* sign(g(2 w))", "abs(g(w))")] {
        assert_ne!(ask(&request("identity", a, "", Some(b))).verdict, Some(Verdict::Correct), "{a}");
    }
    // The argument is zero everywhere.
    holds("relu(norm1(A B) - sum(abs(A B)))", "0 t");
    fails("relu(norm1(A B))", "relu(norm1(A B) - sum(abs(A B)))");
    // Never negative, so there is no kink to cross.
    holds("sign(exp(t)/(1 + s^2))", "1");
    fails("sign(exp(t)/(1 + s^2))", "-1");
}

#[test]
fn domains() {
    // The normal forms are equal: each holds wherever both sides are defined.
    holds("exp(log(s))", "s");
    holds("exp(2 log(t))", "t^2");
    fails("exp(2 log(t))", "t");
    // The logarithm of a square is defined, and is something else, at negative numbers.
    fails("log(t^2)", "2 log(t)");
    // Defined nowhere.
    fails("logsumexp(x)", "log(-sum(exp(x)))");
    fails("Y", "(I - I)^-1 Y");
    fails("t/(1 + s^2)", "t/(s - s)");
}

#[test]
fn small_matrices_satisfy_more() {
    let two = "tr(C) C - det(C) I";
    let three = "tr(C) C C - 1/2 (tr(C)^2 - tr(C C)) C + det(C) I";
    fails("C C", two);
    fails("C C C", three);
    for (n, power, candidate, expected) in [
        (2, "C C", two, Verdict::Correct),
        (3, "C C C", three, Verdict::Correct),
        (3, "C C", two, Verdict::Incorrect),
        (2, "C C C", "tr(C) C C", Verdict::Incorrect),
    ] {
        let mut fixed = request("identity", power, "", Some(candidate));
        fixed["symbols"] = json!({"C": [n, n]});
        fixed["properties"] = json!({});
        assert_eq!(ask(&fixed).verdict, Some(expected), "{power} = {candidate} at n = {n}");
    }
}

#[test]
fn constants_that_vanish_in_some_field() {
    // Primes next to 2^61, and their product.
    for p in ["2305843009213693951", "2305843009213693921", "2305843009213693907", "2305843009213693951^2"] {
        fails("x", &format!("x + {p} y"));
        fails("det(C)", &format!("det(C) + {p} det(Y)"));
        holds(&format!("{p} (x + y)"), &format!("{p} y + {p} x"));
    }
}

#[test]
fn long_decimals_are_no_irrational_numbers() {
    let accepted = |truth: &str, number: &str| {
        let answer = ask(&request("gradient", &format!("{truth} t^2 / 2"), "t", Some(&format!("{number} t"))));
        answer.verdict == Some(Verdict::Correct)
    };
    assert!(!accepted("pi", "3.1415926535897932384626433832795028841971693993751"));
    assert!(!accepted("sqrt(2)", "1.4142135623730950488016887242096980785696718753769"));
    assert!(!accepted("exp(1)", "2.7182818284590452353602874713526624977572470936999"));
    assert!(accepted(
        "3.1415926535897932384626433832795028841971693993751",
        "3.1415926535897932384626433832795028841971693993751"
    ));
    assert!(accepted("pi", "pi") && accepted("0.125", "1/8") && accepted("sqrt(2)", "2/sqrt(2)"));
}

#[test]
fn small_terms_are_found() {
    for candidate in ["2 x + 10^-8 y", "2.00000001 x", "2 x + 10^-8 sin(x)"] {
        wrong("gradient", "x'x", "x", candidate);
    }
    right("gradient", "x'x + 10^-8 y'x", "x", "2 x + 10^-8 y");
}

/// What floating point says of a candidate at points drawn from many seeds.
fn at_many_points(objective: &str, wrt: &str, candidate: &str) -> Vec<Numeric> {
    let answer = ask(&request("gradient", objective, wrt, Some(candidate)));
    let (posed, (candidate, truth)) = (answer.posed.unwrap(), answer.pair.unwrap());
    let limits = Limits::default();
    let at = |n: usize| {
        let text = n.to_string();
        let sizes = &posed.scope.sizes;
        numeric(&Pair { store: &posed.store, candidate, truth, sizes, seed_text: [&text, "many"], limits: &limits })
    };
    (0..200).map(at).collect()
}

#[test]
fn badly_conditioned_matrices() {
    // Among so many points some are nearly singular.
    let right = at_many_points("tr(Y^-1)", "Y", "-(Y Y)^-T");
    assert!(right.iter().all(|n| !matches!(n, Numeric::Different { .. })));
    assert!(right.iter().filter(|n| matches!(n, Numeric::Equal { .. })).count() > 190);
    let wrong = at_many_points("tr(Y^-1)", "Y", "-(Y Y)^-1");
    assert!(wrong.iter().all(|n| matches!(n, Numeric::Different { .. })));
}

#[track_caller]
fn only_if(objective: &str, wrt: &str, candidate: &str, words: &str) {
    let answer = ask_fully(&request("gradient", objective, wrt, Some(candidate)));
    assert_eq!(answer.verdict, Some(Verdict::Incorrect), "{candidate}");
    let found: Vec<_> = answer.diagnosis.iter().map(|d| (d.kind, d.message.clone())).collect();
    assert!(found.iter().any(|(k, m)| *k == "assumption" && m.contains(words)), "{candidate}: {found:?}");
}

#[test]
fn roots_of_matrices() {
    holds("diag(x.^2)^(1/2)", "diag(abs(x))");
    fails("diag(x.^2)^(1/2)", "diag(x)");
    holds("diag(x.^2)^(-1/2) diag(x.^2)", "diag(abs(x))");
    fails("diag(x.^2)^(-1/2) diag(x.^2)", "diag(x.^2)");
    right("gradient", "sum(diag(x.^2)^(1/2) C y)", "y", "C' diag(abs(x)) ones");
    wrong("gradient", "sum(diag(x.^2)^(1/2) C y)", "y", "C diag(abs(x)) ones");
    // A root that is not known is not wrong.
    let answer = ask(&request("gradient", "tr(P X'X)", "X", Some("2 X P^(1/2) P^(1/2)")));
    assert_eq!(answer.verdict, Some(Verdict::Unreadable));
    assert_eq!(answer.fault.unwrap().diagnostic.code, Code::UNSUPPORTED);
}

#[test]
fn a_formula_that_is_seldom_defined_is_checked_where_it_is() {
    right("gradient", "t y'x - sum(log(x + 5 y - 4))", "x", "t y - 1 ./ (x + 5 y - 4)");
    wrong("gradient", "t y'x - sum(log(x + 5 y - 4))", "x", "t y + 1 ./ (x + 5 y - 4)");
}

#[test]
fn a_size_that_nothing_tells_is_not_read() {
    for (objective, candidate) in [("tr(I)", "tr(I)"), ("x/norm(I)", "x/norm(I)"), ("tr(C C^-1)", "tr(I)")] {
        let answer = ask(&request("identity", objective, "", Some(candidate)));
        assert_eq!(answer.verdict, Some(Verdict::Unreadable), "{candidate}");
        assert_eq!(answer.fault.unwrap().diagnostic.code, Code::UNKNOWN_DIMENSION, "{candidate}");
    }
    right("identity", "C C^-1", "", "I");
    right("identity", "kron(I, I)", "", "I");
    wrong("identity", "C C^-1", "", "2 I");
}

#[test]
fn right_only_under_an_assumption() {
    only_if("x'C x", "x", "2 C x", "C is symmetric");
    only_if("logdet(X'X)", "X", "2 X^-T", "m = n");
    only_if("sum(abs(x))", "x", "ones", "x has only positive entries");
    only_if("(y.^2)'x + x'x sum(y)", "x", "y + 2 x", "y is one-hot");
    let answer = ask_fully(&request("gradient", "x'R x", "x", Some("2 R x")));
    assert_eq!(answer.verdict, Some(Verdict::Correct));
    assert!(answer.diagnosis.is_empty());
}

#[test]
fn right_except_at_kinks() {
    let said = |candidate: &str| {
        let answer = ask_fully(&request("gradient", "sum(abs(x))", "x", Some(candidate)));
        (answer.verdict, answer.remarks.iter().any(|r| r.contains("at kinks it is not defined")))
    };
    assert_eq!(said("sign(x)"), (Some(Verdict::Correct), true));
    assert_eq!(said("2 (x > 0) - 1"), (Some(Verdict::Correct), true));
    assert_eq!(said("-sign(x)"), (Some(Verdict::Incorrect), false));
}

#[test]
fn counterexamples_are_small_and_always_the_same() {
    let show = |request: &Value| {
        let answer = ask_fully(request);
        let c = answer.counterexample.expect("a counterexample");
        format!("{c:?}")
    };
    let request = request("gradient", "x'C x", "x", Some("2 C x"));
    assert_eq!(show(&request), show(&request));
    let c = ask_fully(&request).counterexample.unwrap();
    assert!(c.dims.0.iter().all(|d| d.1 == 2), "{c:?}");
    for (_, value) in &c.values {
        let gradmark::evidence::Array::Rational(t) = value else { panic!("{c:?}") };
        assert!(t.data.iter().all(|x| x.to_f64().abs() <= 1.0), "{c:?}");
        assert!(t.data.iter().filter(|x| x.to_f64() != 0.0).count() <= 1, "{c:?}");
    }
    let right = asking::request("gradient", "x'C x", "x", Some("C x + C'x"));
    assert_eq!(ask_fully(&right).counterexample, None);
}

#[test]
fn proofs_come_before_numbers() {
    let first = |a: &str, b: &str| ask(&request("identity", a, "", Some(b))).evidence.into_iter().next();
    assert!(matches!(first("x'C y", "y'C'x"), Some(Evidence::Proved)));
    assert!(matches!(first("x'C y", "y'C x"), Some(Evidence::Refuted { by: "exact" })));
}
