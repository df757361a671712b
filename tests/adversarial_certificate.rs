//! Certificates hold as written, also after a way through text, and no change of them does.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // a test may

mod asking;

use asking::{ask_fully, request};
use gradmark::certificate::{Verified, certify, verify};
use serde_json::{Value, json};

/// A certificate that went through text.
#[track_caller]
fn certificate(request: &Value) -> Value {
    let answer = ask_fully(request);
    let certificate = certify(request, &answer).unwrap_or_else(|| panic!("{request}: {:?}", answer.why));
    serde_json::from_str(&certificate.to_string()).unwrap()
}

#[track_caller]
fn holds(kind: &str, request: &Value) -> Value {
    let c = certificate(request);
    assert_eq!(c["ground"]["kind"], kind, "{c}");
    assert_eq!(verify(&c), Verified::Holds, "{c}");
    c
}

#[track_caller]
fn fails(c: &Value) {
    assert_ne!(verify(c), Verified::Holds, "{c}");
}

#[test]
fn right_formulas() {
    holds("normal_form", &request("gradient", "x'C x", "x", Some("(C + C') x")));
    holds("exact", &request("identity", "det(I + A B)", "", Some("det(I + B A)")).with_square());
    holds("numeric", &request("identity", "cos(2 t)", "", Some("1 - 2 sin(t)^2")));
}

#[test]
fn wrong_formulas() {
    holds("counterexample", &request("gradient", "x'C x", "x", Some("2 C x")));
    holds("counterexample", &request("gradient", "sum(tanh(x))", "x", Some("1 - tanh(x)")));
    holds("counterexample", &request("gradient", "-o'log(softmax(x))", "x", Some("softmax(x) + o")));
    holds("refuted", &request("gradient", "||X x - b||^2", "x", Some("2 X (X x - b)")));
}

#[test]
fn nothing_is_certified_without_a_verdict() {
    let unread = request("gradient", "x'C x", "x", Some("2 C z"));
    assert_eq!(certify(&unread, &ask_fully(&unread)), None);
}

#[test]
fn changed_certificates() {
    let mut c = holds("normal_form", &request("gradient", "x'C x", "x", Some("(C + C') x")));
    c["request"]["candidate"] = json!("(C - C') x");
    fails(&c);
    c["request"]["candidate"] = json!("C x + C' x + 0 y");
    c["ground"]["candidate"] = json!("0000000000000000");
    fails(&c);
    c["verdict"] = json!("incorrect");
    fails(&c);

    let mut c = holds("counterexample", &request("gradient", "x'C x", "x", Some("2 C x")));
    let good = c.clone();
    // At a symmetric matrix the two are equal.
    for v in c["ground"]["at"]["values"].as_array_mut().unwrap() {
        for e in v["value"]["entries"].as_array_mut().unwrap() {
            *e = json!("1");
        }
    }
    fails(&c);
    let mut c = good.clone();
    c["ground"]["at"]["truth"]["entries"][0] = json!("17");
    fails(&c);
    let mut c = good.clone();
    c["ground"] = json!({"kind": "normal_form"});
    fails(&c);
    let mut c = good;
    c["verdict"] = json!("correct");
    fails(&c);

    let mut c = holds("exact", &request("identity", "det(I + A B)", "", Some("det(I + B A)")).with_square());
    let good = c.clone();
    c["ground"]["values"][0]["at"][0]["all"] = json!(1);
    fails(&c);
    let mut c = good.clone();
    c["ground"]["seed"] = json!(7);
    fails(&c);
    let mut c = good;
    c["ground"]["bound"] = json!(1e-300);
    fails(&c);
    for broken in [json!(null), json!({}), json!({"certificate": 1}), json!({"certificate": 1, "request": {}})] {
        assert!(matches!(verify(&broken), Verified::Unusable(_)), "{broken}");
    }
}

trait WithSquare {
    fn with_square(self) -> Self;
}

impl WithSquare for Value {
    /// A is m×n and B is n×m.
    fn with_square(mut self) -> Self {
        self["symbols"]["B"] = json!(["n", "m"]);
        self
    }
}
