//! JSON of the grading contract.

use super::json;
use super::mistake::{Hint, mistake};
use crate::grade::{Claim, ClaimVerdict, Graded, QuestionResult};
use serde_json::{Value, json};

/// The contract's name of a claim's verdict.
#[must_use]
pub fn verdict_name(v: ClaimVerdict) -> &'static str {
    match v {
        ClaimVerdict::Correct => "correct",
        ClaimVerdict::Incorrect => "incorrect",
        ClaimVerdict::Carried => "carried",
        ClaimVerdict::Definition => "definition",
        ClaimVerdict::Unreadable => "unreadable",
        ClaimVerdict::Undecided => "undecided",
    }
}

/// A graded submission under the file's name; with a hint, of mistakes only what it tells.
#[must_use]
pub fn submission(file: &str, graded: &Graded, hint: Option<Hint>) -> Value {
    let points: f64 = graded.questions.iter().map(|q| q.points).sum();
    let awarded: f64 = graded.questions.iter().map(|q| q.awarded).sum();
    json!({
        "file": file,
        "awarded": awarded,
        "points": points,
        "questions": graded.questions.iter().map(question).collect::<Vec<_>>(),
        "claims": graded.claims.iter().map(|c| claim(c, graded, hint)).collect::<Vec<_>>(),
        "not_read": graded.not_read.iter().map(|n| json!({"line": n.line, "source": n.source, "why": n.why})).collect::<Vec<_>>(),
    })
}

fn question(q: &QuestionResult) -> Value {
    let mut value =
        json!({"id": q.id, "points": q.points, "awarded": q.awarded, "answer": q.answer, "first_wrong": q.first_wrong});
    if q.provisional {
        value["provisional"] = json!(true);
    }
    value
}

fn claim(c: &Claim, graded: &Graded, hint: Option<Hint>) -> Value {
    let name =
        |v: crate::dimension::IntVar| graded.names.get(c.names).map_or_else(String::new, |u| u.name(v).to_owned());
    let diagnosis: Vec<Value> = c.diagnosis.iter().map(|d| mistake(d, hint)).collect();
    json!({
        "n": c.n,
        "line": c.line,
        "source": c.source,
        "meaning": c.meaning,
        "verdict": verdict_name(c.verdict),
        "evidence": c.evidence.iter().map(|e| json::evidence(e, &name)).collect::<Vec<_>>(),
        "diagnosis": diagnosis,
        "question": c.question,
    })
}
