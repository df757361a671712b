//! `results.json` of a Gradescope autograder: one submission.

use super::feedback;
use super::graded::number;
use crate::grade::ClaimVerdict;
use crate::mark::{Entry, Failure, Graded};
use serde_json::{Value, json};

/// The results of a submission. Until a person has looked at what is provisional, the student does not see the score.
#[must_use]
pub fn gradescope(entry: &Entry) -> Value {
    match &entry.result {
        Ok(graded) => results(graded),
        Err(failure) => {
            let why = match failure {
                Failure::Unusable { message, .. } => message.as_str(),
                Failure::Missing => "no submission",
            };
            json!({"score": 0, "output": format!("Not graded: {why}. A person has to look at this."),
                "output_format": "text", "visibility": "after_published",
                "tests": [{"name": "The submission can be read", "status": "failed", "output": why, "output_format": "text"}]})
        }
    }
}

fn results(graded: &Graded) -> Value {
    let total = graded.total();
    let read = graded.count(ClaimVerdict::Unreadable) == 0;
    let mut tests: Vec<Value> = graded
        .marks
        .iter()
        .zip(&graded.sheet.questions)
        .enumerate()
        .map(|(i, (mark, outcome))| {
            let mut tags: Vec<String> = Vec::new();
            let own = outcome.answer.and_then(|n| graded.sheet.claim(n)).into_iter().chain(graded.sheet.steps(outcome));
            for slip in own.filter(|c| c.verdict == ClaimVerdict::Incorrect).flat_map(|c| &c.diagnosis) {
                let tag = slip.kind.replace('_', "-");
                if !tags.contains(&tag) {
                    tags.push(tag);
                }
            }
            let full = mark.awarded == mark.points && !mark.is_provisional();
            json!({"name": format!("Question {}", mark.id), "number": (i + 1).to_string(), "score": number(&mark.awarded),
                "max_score": number(&mark.points), "status": if full { "passed" } else { "failed" },
                "output": feedback::question(graded, i), "output_format": "md", "tags": tags,
                "extra_data": {"lines": mark.lines(), "provisional": mark.is_provisional(), "open": number(&mark.open())}})
        })
        .collect();
    tests.push(json!({"name": "All claims could be read", "status": if read { "passed" } else { "failed" }}));
    let visibility = if total.provisional { "after_published" } else { "visible" };
    json!({"score": number(&total.awarded), "output": feedback::summary(graded), "output_format": "text",
        "visibility": visibility, "tests": tests})
}
