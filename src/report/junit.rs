//! JUnit XML: a suite for each student, a case for each question.

use super::markup::{xml, xml_attribute};
use crate::mark::{Class, Entry, Failure, decimal};
use std::fmt::Write as _;

/// How a case ended: the element, and what it says.
enum Case {
    Passed,
    Not(&'static str, String),
}

/// The class. What is wrong is a failure, what needs a person an error, what was not handed in is skipped.
#[must_use]
pub fn junit(class: &Class) -> String {
    let mut body = String::new();
    let mut totals = [0usize; 3];
    for entry in &class.entries {
        let cases = cases(class, entry);
        let count = |what: &str| cases.iter().filter(|c| matches!(&c.1, Case::Not(w, _) if *w == what)).count();
        let (failures, errors, skipped) = (count("failure"), count("error"), count("skipped"));
        totals = [totals[0] + cases.len(), totals[1] + failures, totals[2] + errors];
        let name = xml_attribute(&entry.student.key);
        let _ = writeln!(
            body,
            "  <testsuite name=\"{name}\" tests=\"{}\" failures=\"{failures}\" errors=\"{errors}\" skipped=\"{skipped}\">",
            cases.len()
        );
        if let Ok(graded) = &entry.result {
            let total = graded.total();
            let _ = writeln!(
                body,
                "    <properties>\n      <property name=\"awarded\" value=\"{}\"/>\n      <property name=\"points\" value=\"{}\"/>\n    </properties>",
                decimal(&total.awarded),
                decimal(&total.points)
            );
        }
        for (id, case) in &cases {
            let id = xml_attribute(id);
            match case {
                Case::Passed => {
                    let _ = writeln!(body, "    <testcase name=\"{id}\" classname=\"{name}\"/>");
                }
                Case::Not(element, message) => {
                    let (short, long) = (xml_attribute(message.lines().next().unwrap_or_default()), xml(message));
                    let _ = writeln!(
                        body,
                        "    <testcase name=\"{id}\" classname=\"{name}\">\n      <{element} message=\"{short}\">{long}</{element}>\n    </testcase>"
                    );
                }
            }
        }
        body.push_str("  </testsuite>\n");
    }
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"{}\" tests=\"{}\" failures=\"{}\" errors=\"{}\">\n{body}</testsuites>\n",
        xml_attribute(&class.title),
        totals[0],
        totals[1],
        totals[2]
    )
}

fn cases(class: &Class, entry: &Entry) -> Vec<(String, Case)> {
    let graded = match &entry.result {
        Ok(g) => g,
        Err(Failure::Missing) => {
            let skipped = || Case::Not("skipped", "no submission".to_owned());
            return class.questions.iter().map(|q| (q.0.clone(), skipped())).collect();
        }
        Err(Failure::Unusable { message, .. }) => {
            return class.questions.iter().map(|q| (q.0.clone(), Case::Not("error", message.clone()))).collect();
        }
    };
    graded
        .marks
        .iter()
        .map(|mark| {
            let why = || {
                let mut lines = vec![format!("{} of {} points", decimal(&mark.awarded), decimal(&mark.points))];
                lines.extend(mark.items.iter().map(|i| format!("{}: {}", i.part.name(), i.why)));
                lines.join("\n")
            };
            let case = if mark.is_provisional() {
                let reasons: Vec<&str> = mark.unsettled.iter().map(|u| u.why.as_str()).collect();
                Case::Not("error", reasons.join("; "))
            } else if mark.awarded < mark.points {
                Case::Not("failure", why())
            } else {
                Case::Passed
            };
            (mark.id.clone(), case)
        })
        .collect()
}
