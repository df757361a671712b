//! Certificates: what decides a verdict, for another program to check again.
//!
//! In: a request as it was read and the answer to it. Out: a JSON object with the request's texts, the verdict and its
//! ground: digests of normal forms, points of prime fields with the values there, points of floating point, or a
//! counterexample. [`verify`] starts from the texts alone: it reads and derives again, and tests the ground as it
//! stands: the points and numbers of the certificate are evaluated, not searched for again.
//! Invariants: a certificate without a ground that can be tested is never found to hold; the same answer gives the
//! same certificate.
//! Not here: files and the command line.

mod ground;
mod point;
mod verify;

pub use verify::{Verified, verify};

use crate::check::{Answer, RequestText};
use crate::verdict::Verdict;
use serde_json::{Value, json};

/// The version of the form.
const VERSION: u32 = 1;

/// Says that symbols which are not declared are taken by convention although others are declared.
const OPEN: &str = "undeclared_by_convention";

/// The certificate of an answer; nothing where there is no verdict to certify.
#[must_use]
pub fn certify(request: &Value, answer: &Answer) -> Option<Value> {
    let verdict = verdict_name(answer.verdict?)?;
    let ground = ground::of(answer)?;
    let mut texts = request.clone();
    if let Some(o) = texts.as_object_mut() {
        // The name of the line and how much evidence was asked for decide nothing.
        o.remove("id");
        o.remove("evidence");
    }
    Some(json!({"certificate": VERSION, "request": texts, "verdict": verdict, "ground": ground}))
}

/// The certificate of an answer to a request that was not written as JSON.
#[must_use]
pub fn certify_request(request: &RequestText, answer: &Answer) -> Option<Value> {
    let mut texts = serde_json::to_value(request).ok()?;
    let empty = |v: &Value| match v {
        Value::Null | Value::Bool(false) => true,
        Value::Array(a) => a.is_empty(),
        Value::Object(o) => o.is_empty(),
        _ => false,
    };
    texts.as_object_mut()?.retain(|_, v| !empty(v));
    let mut certificate = certify(&texts, answer)?;
    if request.open {
        certificate[OPEN] = Value::Bool(true);
    }
    Some(certificate)
}

/// Verdicts that can be certified.
fn verdict_name(verdict: Verdict) -> Option<&'static str> {
    match verdict {
        Verdict::Correct => Some("correct"),
        Verdict::Incorrect => Some("incorrect"),
        Verdict::Unreadable | Verdict::Undecided => None,
    }
}
