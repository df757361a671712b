//! `results.json` of an external grader of PrairieLearn: one submission.

use super::feedback;
use super::graded::number;
use crate::mark::{Entry, Failure, Graded};
use serde_json::{Value, json};

/// Most bytes that PrairieLearn takes.
const LARGEST: usize = 1 << 20;

/// The results of a submission. What needs a person is not gradable there: it takes no attempt and no points.
#[must_use]
pub fn prairielearn(entry: &Entry) -> Value {
    let not = |why: Vec<String>| json!({"gradable": false, "format_errors": why});
    match &entry.result {
        Err(Failure::Unusable { message, .. }) => not(vec![clean(message)]),
        Err(Failure::Missing) => not(vec!["no submission".to_owned()]),
        Ok(graded) => {
            let open: Vec<String> = graded
                .marks
                .iter()
                .filter(|m| m.is_provisional())
                .flat_map(|m| m.unsettled.iter().map(|u| clean(&format!("question {}: {}", m.id, u.why))))
                .collect();
            if !open.is_empty() {
                return not(open);
            }
            let value = results(graded, true);
            // Without the outputs it is small whatever was written.
            if value.to_string().len() > LARGEST { results(graded, false) } else { value }
        }
    }
}

fn results(graded: &Graded, outputs: bool) -> Value {
    let total = graded.total();
    let share = total.points.recip().map_or(0.0, |r| (&total.awarded * &r).to_f64()).clamp(0.0, 1.0);
    let tests: Vec<Value> = graded
        .marks
        .iter()
        .enumerate()
        .map(|(i, mark)| {
            let mut test =
                json!({"name": clean(&mark.id), "points": number(&mark.awarded), "max_points": number(&mark.points)});
            if outputs {
                test["output"] = json!(clean(&feedback::question(graded, i)));
            }
            test
        })
        .collect();
    json!({"score": share, "message": clean(&feedback::summary(graded)), "tests": tests})
}

/// Text without the signs that a terminal would obey.
fn clean(s: &str) -> String {
    s.chars().filter(|c| !c.is_control() || matches!(c, '\n' | '\t')).collect()
}
