//! JSON of the grading contract, and the plain form of a graded submission.

use super::json;
use super::matrix::{matrices, sides};
use super::mistake::{Hint, mistake};
use crate::grade::{Claim, ClaimVerdict, Differs, Graded};
use crate::mark::{self, Class, Entry, Failure, Mark, Outcome, Sheet, Slip, Step, Student, Unread, decimal};
use crate::number::Rational;
use serde_json::{Map, Value, json};

/// A graded submission as plain data.
#[must_use]
pub fn sheet(graded: &Graded) -> Sheet {
    Sheet {
        claims: graded.claims.iter().map(|c| step(c, graded)).collect(),
        questions: graded
            .questions
            .iter()
            .map(|q| Outcome {
                id: q.id.clone(),
                answer: q.answer,
                verdict: q.verdict,
                first_wrong: q.first_wrong,
                provisional: q.provisional,
            })
            .collect(),
        not_read: graded
            .not_read
            .iter()
            .map(|n| Unread { line: n.line, source: n.source.clone(), why: n.why.clone() })
            .collect(),
    }
}

fn step(c: &Claim, graded: &Graded) -> Step {
    let name =
        |v: crate::dimension::IntVar| graded.names.get(c.names).map_or_else(String::new, |u| u.name(v).to_owned());
    let slip = |d: &crate::check::Diagnosed| Slip {
        kind: d.kind.to_owned(),
        message: d.message.clone(),
        span: d.span.map(|s| (s.start, s.end)),
        repaired: d.repaired.clone(),
        key: d.key.clone(),
        hints: d.hints.clone(),
    };
    Step {
        n: c.n,
        line: c.line,
        source: c.source.clone(),
        latex: c.latex.clone(),
        meaning: c.meaning.clone(),
        verdict: c.verdict,
        computed: None,
        evidence: c.evidence.iter().map(|e| json::evidence(e, &name)).collect(),
        diagnosis: c.diagnosis.iter().map(slip).collect(),
        counterexample: c.differs.as_ref().filter(|_| c.verdict == ClaimVerdict::Incorrect).map(differs),
        question: c.question.clone(),
        aside: c.aside,
    }
}

fn differs(d: &Differs) -> String {
    let sizes: Vec<String> = d.dims.iter().map(|(n, k)| format!("{n} = {k}")).collect();
    let mut out = if sizes.is_empty() { String::new() } else { format!("with {}\n", sizes.join(", ")) };
    let values: Vec<_> = d.values.iter().map(|(n, f, a)| (n.clone(), *f, a)).collect();
    out.push_str(&matrices(&values, 0));
    out.push_str(&sides([("written", &d.claimed), ("derived", &d.right)], 0));
    out.trim_end().to_owned()
}

/// Points as a number with exact decimals.
pub(super) fn number(points: &Rational) -> Value {
    decimal(points).parse::<f64>().map_or(Value::Null, |x| json!(x))
}

/// A whole class; with a hint, of mistakes only what it tells.
#[must_use]
pub fn class(class: &Class, hint: Option<Hint>) -> Value {
    let all: Vec<Value> = class.entries.iter().map(|e| entry(e, hint)).collect();
    json!({"problem": class.title, "submissions": all})
}

/// Marks that changed.
#[must_use]
pub fn changes(all: &[mark::Change]) -> Value {
    let points = |p: &Option<Rational>| p.as_ref().map_or(Value::Null, number);
    let one = |c: &mark::Change| json!({"student": c.key, "question": c.question, "before": points(&c.before), "now": points(&c.now)});
    Value::Array(all.iter().map(one).collect())
}

/// A student's submission, or why there is none.
#[must_use]
pub fn entry(entry: &Entry, hint: Option<Hint>) -> Value {
    let mut value = result(entry, hint);
    if let Some(student) = student(&entry.student) {
        value["student"] = student;
    }
    value
}

/// Who handed it in, where more is known than the file's name.
fn student(s: &Student) -> Option<Value> {
    let known = [
        ("name", &s.name),
        ("id", &s.id),
        ("sis_id", &s.sis_id),
        ("login", &s.login),
        ("email", &s.email),
        ("section", &s.section),
    ];
    let mut all: Map<String, Value> =
        known.into_iter().filter_map(|(k, v)| v.as_ref().map(|v| (k.to_owned(), json!(v)))).collect();
    if all.is_empty() {
        return None;
    }
    all.insert("key".to_owned(), json!(s.key));
    Some(Value::Object(all))
}

fn result(entry: &Entry, hint: Option<Hint>) -> Value {
    match &entry.result {
        Ok(graded) => submission(&entry.file, graded, hint),
        Err(failure) => {
            let error = match failure {
                Failure::Unusable { code, message } => {
                    json!({"code": code, "in": "submission", "message": message, "span": [0, 0], "hint": null})
                }
                Failure::Missing => {
                    json!({"code": null, "in": "submission", "message": "no submission", "span": null, "hint": null})
                }
            };
            json!({"file": entry.file, "awarded": null, "points": null, "questions": [], "claims": [], "not_read": [],
                "error": error})
        }
    }
}

fn submission(file: &str, graded: &mark::Graded, hint: Option<Hint>) -> Value {
    let total = graded.total();
    let questions = graded.marks.iter().zip(&graded.sheet.questions);
    let mut value = json!({
        "file": file,
        "awarded": number(&total.awarded),
        "points": number(&total.points),
        "questions": questions.map(|(m, q)| question(m, q)).collect::<Vec<_>>(),
        "claims": graded.sheet.claims.iter().map(|c| claim(c, hint)).collect::<Vec<_>>(),
        "not_read": graded.sheet.not_read.iter()
            .map(|n| json!({"line": n.line, "source": n.source, "why": n.why})).collect::<Vec<_>>(),
    });
    if let Some(comment) = &graded.comment {
        value["comment"] = json!(comment);
    }
    value
}

fn question(mark: &Mark, q: &Outcome) -> Value {
    let mut value = json!({"id": q.id, "points": number(&mark.points), "awarded": number(&mark.awarded),
        "answer": q.answer, "first_wrong": q.first_wrong});
    if mark.is_provisional() || q.provisional && !mark.by_person {
        value["provisional"] = json!(true);
        value["open"] = number(&mark.open());
    }
    let item = |i: &mark::Item| json!({"part": i.part.name(), "points": number(&i.points), "of": number(&i.of), "why": i.why, "lines": i.lines});
    value["parts"] = json!(mark.items.iter().map(item).collect::<Vec<_>>());
    if mark.by_person {
        value["computed"] = number(&mark.computed);
    }
    if let Some(comment) = &mark.comment {
        value["comment"] = json!(comment);
    }
    value
}

fn claim(c: &Step, hint: Option<Hint>) -> Value {
    let mut value = json!({
        "n": c.n,
        "line": c.line,
        "source": c.source,
        "meaning": c.meaning,
        "verdict": c.verdict.name(),
        "evidence": c.evidence,
        "diagnosis": c.diagnosis.iter().map(|d| mistake(&d.diagnosed(), hint)).collect::<Vec<_>>(),
        "question": c.question,
    });
    if let Some(computed) = c.computed {
        value["computed"] = json!(computed.name());
    }
    value
}
