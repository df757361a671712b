//! JSON of the batch contract: the only place that knows its keys.

use super::mistake::{Hint, mistake};
use crate::check::Answer;
use crate::evaluation::Tensor;
use crate::evidence::{Array, Assignment, Counterexample};
use crate::number::Rational;
use crate::syntax::Syntax;
use crate::tensor::Store;
use crate::text::{Code, Diagnostic, Span};
use crate::verdict::{Evidence, LayoutRead, Place, Verdict};
use serde::Serialize;
use serde_json::{Map, Value, json};

/// The version of the answers' form.
pub const SCHEMA: u32 = 1;

/// A span as `[start, end]`.
#[must_use]
pub fn span(s: Span) -> Value {
    json!([s.start, s.end])
}

/// Sizes by name, in order.
#[must_use]
pub fn sizes(a: &Assignment, name: &dyn Fn(crate::dimension::IntVar) -> String) -> Value {
    let mut pairs: Vec<(String, i64)> = a.0.iter().map(|(v, n)| (name(*v), *n)).collect();
    pairs.sort();
    Value::Object(pairs.into_iter().map(|(k, v)| (k, json!(v))).collect())
}

/// A piece of evidence.
#[must_use]
pub fn evidence(e: &Evidence, name: &dyn Fn(crate::dimension::IntVar) -> String) -> Value {
    let dims = |d: &[Assignment]| Value::Array(d.iter().map(|a| sizes(a, name)).collect());
    match e {
        Evidence::Proved => json!({"kind": "proved"}),
        Evidence::Exact { bound, points, dims: d, seed } => {
            json!({"kind": "exact", "bound": bound, "points": points, "dims": dims(d), "seed": seed})
        }
        Evidence::Numeric { points, max_rel_diff, dims: d, seed } => {
            json!({"kind": "numeric", "points": points, "max_rel_diff": rounded(*max_rel_diff), "dims": dims(d), "seed": seed})
        }
        Evidence::FiniteDifference { points, max_rel_diff, dims: d, seed } => {
            json!({"kind": "finite_difference", "points": points, "max_rel_diff": rounded(*max_rel_diff), "dims": dims(d), "seed": seed})
        }
        Evidence::Refuted { by } => json!({"kind": "refuted", "by": by}),
    }
}

/// Two digits are all that a difference means, and all that is the same on every machine.
fn rounded(x: f64) -> Value {
    format!("{x:.1e}").parse::<f64>().map_or(Value::Null, |v| json!(v))
}

/// An error, with the text it is in.
#[must_use]
pub fn error(d: &Diagnostic, place: &str) -> Value {
    let at = if d.span == Span::default() && d.source.is_some() { Value::Null } else { span(d.span) };
    let message = match &d.source {
        Some(s) if place != "candidate" => format!("{s}: {}", d.message),
        _ => d.message.clone(),
    };
    json!({"code": d.code.to_string(), "in": place, "message": message, "span": at, "hint": d.hint})
}

/// Why nothing decides a candidate.
fn not_decided(why: &str) -> Value {
    json!({"code": Code::NOT_DECIDED.to_string(), "in": "candidate", "message": why, "span": null, "hint": null})
}

/// The answer to a line that is no request.
#[must_use]
pub fn bad_request(message: &str, column: Option<usize>) -> Value {
    let d = Diagnostic::new(Code::BAD_REQUEST, column.map_or(Span::default(), |c| Span::new(c, c + 1)), message)
        .hint("one JSON object a line; see `gradmark check --help`");
    let mut e = error(&d, "request");
    if column.is_none() {
        e["span"] = Value::Null;
    }
    answer(Value::Null, "unreadable", e)
}

/// An answer that is an error.
#[must_use]
pub fn answer(id: Value, verdict: &str, error: Value) -> Value {
    json!({"schema": SCHEMA, "id": id, "verdict": verdict, "layout": null, "evidence": [], "truth": null, "diagnosis": [],
        "read_as": null, "counterexample": null, "assumed": [], "error": error})
}

/// A counterexample with sizes and values by name.
#[must_use]
pub fn counterexample(c: &Counterexample, store: &Store, name: &dyn Fn(crate::dimension::IntVar) -> String) -> Value {
    let mut values = Map::new();
    for (v, array) in &c.values {
        let variable = store.variable(*v);
        let key = match &variable.family {
            Some(l) => format!("{}_{l}", variable.name),
            None => variable.name.to_string(),
        };
        values.insert(key, array_json(array));
    }
    json!({"dims": sizes(&c.dims, name), "values": values, "candidate": c.candidate.as_ref().map(array_json), "truth": c.truth.as_ref().map(array_json)})
}

/// A tensor as nested lists.
#[must_use]
pub fn array_json(a: &Array) -> Value {
    match a {
        Array::Rational(t) => nested(t, 0, &mut 0, &|x: &Rational| match x.to_integer() {
            Some(n) => json!(n),
            None => json!(x.to_string()),
        }),
        Array::Float(t) => {
            nested(t, 0, &mut 0, &|x: &f64| format!("{x:.9e}").parse::<f64>().map_or(Value::Null, |v| json!(v)))
        }
    }
}

fn nested<E>(t: &Tensor<E>, axis: usize, next: &mut usize, of: &impl Fn(&E) -> Value) -> Value {
    let Some(n) = t.dims.get(axis) else {
        let value = t.data.get(*next).map_or(Value::Null, of);
        *next += 1;
        return value;
    };
    Value::Array((0..*n).map(|_| nested(t, axis + 1, next, of)).collect())
}

/// An answer to a request, its keys in order.
#[derive(Serialize)]
pub struct Checked<'a> {
    schema: u32,
    id: &'a Value,
    verdict: Option<&'static str>,
    layout: Option<&'static str>,
    evidence: Vec<Value>,
    truth: Option<Truth<'a>>,
    diagnosis: Vec<Value>,
    read_as: Option<&'a str>,
    counterexample: Option<Value>,
    assumed: &'a [String],
    error: Option<Value>,
    /// How long it took, where that is wanted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub micros: Option<u64>,
}

#[derive(Serialize)]
struct Truth<'a> {
    plain: &'a str,
    latex: &'a str,
}

impl std::fmt::Display for Checked<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&serde_json::to_string(self).map_err(|_| std::fmt::Error)?)
    }
}

impl Checked<'_> {
    /// The answer as a value, to stand in another.
    #[must_use]
    pub fn value(&self) -> Value {
        json!(self)
    }
}

/// An answer to a request with this `id`; `judged` where there was a candidate. With a hint, nothing is told beyond it.
#[must_use]
pub fn checked<'a>(id: &'a Value, judged: bool, answer: &'a Answer, hint: Option<Hint>) -> Checked<'a> {
    let name = |v| answer.integer_name(v);
    let verdict = answer.verdict.filter(|_| judged || answer.fault.is_some()).map(|v| match v {
        Verdict::Correct => "correct",
        Verdict::Incorrect => "incorrect",
        Verdict::Unreadable => "unreadable",
        Verdict::Undecided => "undecided",
    });
    let truth = match (answer.truth_text(Syntax::Plain), answer.truth_text(Syntax::Latex)) {
        (Some(plain), Some(latex)) if hint.is_none() || !judged => Some(Truth { plain, latex }),
        _ => None,
    };
    let error = answer.fault.as_ref().map(|f| {
        let place = match f.place {
            Place::Candidate => "candidate",
            Place::Objective => "objective",
            Place::Wrt => "wrt",
            Place::Declarations | Place::Request => "request",
        };
        error(&f.diagnostic, place)
    });
    let error = match (answer.verdict, &answer.why) {
        (Some(Verdict::Undecided), Some(why)) if error.is_none() => Some(not_decided(why)),
        _ => error,
    };
    let counterexample = match (&answer.counterexample, &answer.posed) {
        (Some(c), Some(p)) if hint.is_none() => Some(counterexample(c, &p.store, &name)),
        _ => None,
    };
    Checked {
        schema: SCHEMA,
        id,
        verdict,
        layout: answer.layout.map(|l| match l {
            LayoutRead::Standard => "standard",
            LayoutRead::Transposed => "transposed",
        }),
        evidence: answer.evidence.iter().map(|e| evidence(e, &name)).collect(),
        truth,
        diagnosis: answer.diagnosis.iter().map(|d| mistake(d, hint)).collect(),
        read_as: answer.read_as.as_deref(),
        counterexample,
        assumed: &answer.assumed,
        error,
        micros: None,
    }
}
