//! The report for a browser: one file that needs no other, for a class or a single submission.
//!
//! In: a [`Class`]. Out: a page. Invariants: everything that comes from a submission is escaped; the page loads nothing
//! and runs nothing, which its own policy says as well; what colour says is said in words too.

mod chart;
mod formula;
mod student;

use super::markup::xml;
use crate::mark::{Class, Failure, decimal};
use crate::number::Rational;
use std::fmt::Write as _;

/// Most mistakes that are listed.
const MISTAKES: usize = 20;

/// The class as one page.
#[must_use]
pub fn class(class: &Class) -> String {
    let title = if class.title.is_empty() { "Marks" } else { &class.title };
    let mut out = format!(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n\
         <title>{title}</title>\n<style>\n{}</style>\n</head>\n<body>\n<a class=\"skip\" href=\"#submissions\">To the submissions</a>\n\
         <main>\n<h1>{title}</h1>\n",
        include_str!("style.css"),
        title = xml(title)
    );
    if class.entries.len() > 1 {
        overview(&mut out, class);
    }
    out.push_str("<h2 id=\"submissions\">Submissions</h2>\n");
    for (i, entry) in class.entries.iter().enumerate() {
        out.push_str(&student::student(class, entry, i));
    }
    out.push_str("</main>\n</body>\n</html>\n");
    out
}

fn overview(out: &mut String, class: &Class) {
    let graded: Vec<_> = class.graded().collect();
    let open = class.entries.iter().filter(|e| !e.open().is_empty()).count();
    let missing = class.entries.iter().filter(|e| matches!(e.result, Err(Failure::Missing))).count();
    let totals: Vec<Rational> =
        graded.iter().map(|(_, g)| g.total()).filter(|t| !t.provisional).map(|t| t.awarded).collect();
    use crate::grade::ClaimVerdict as V;
    let count = |v| graded.iter().map(|(_, g)| g.count(v)).sum::<usize>();
    let judged: usize =
        [V::Correct, V::Incorrect, V::Carried, V::Unreadable, V::Undecided].into_iter().map(count).sum();
    let share = (count(V::Correct) * 100 + judged / 2).checked_div(judged).unwrap_or(0);
    let failed = class.entries.len() - graded.len() - missing;
    out.push_str("<ul class=\"numbers\">\n");
    for (number, what) in [
        (graded.len().to_string(), "submissions graded".to_owned()),
        (failed.to_string(), "could not be graded".to_owned()),
        (missing.to_string(), "not handed in".to_owned()),
        (open.to_string(), "need a person".to_owned()),
        (
            chart::shown_average(&totals),
            format!("of {} points on average of {} final marks", decimal(&class.points()), totals.len()),
        ),
        (format!("{share} %"), format!("of {judged} claims right")),
    ] {
        let _ = writeln!(out, "<li><b>{number}</b><span>{what}</span></li>");
    }
    out.push_str("</ul>\n<h2>Marks</h2>\n");
    out.push_str(&chart::charts(class));
    mistakes(out, class);
    people(out, class);
    decisions(out, class);
    table(out, class);
}

fn mistakes(out: &mut String, class: &Class) {
    let all = class.mistakes();
    if all.is_empty() {
        return;
    }
    out.push_str("<h2>Frequent mistakes</h2>\n<div class=\"scroll\"><table>\n<thead><tr><th scope=\"col\">mistake</th>\
        <th scope=\"col\" class=\"n\">students</th><th scope=\"col\" class=\"n hide\">claims</th><th scope=\"col\">for example</th></tr></thead>\n<tbody>\n");
    for m in all.iter().take(MISTAKES) {
        let e = &m.example;
        let _ = writeln!(
            out,
            "<tr><th scope=\"row\">{}</th><td class=\"n\">{}</td><td class=\"n hide\">{}</td><td><div class=\"formula\">{}</div>\
             {} <span class=\"soft\">({}, line {})</span></td></tr>",
            xml(&m.kind.replace('_', " ")),
            m.students,
            m.claims,
            formula::formula_alone(&e.source, e.latex.as_deref()),
            student::quoted(&e.message),
            xml(&e.student),
            e.line
        );
    }
    out.push_str("</tbody></table></div>\n");
    if all.len() > MISTAKES {
        let _ = writeln!(out, "<p class=\"soft\">and {} rarer ones</p>", all.len() - MISTAKES);
    }
}

/// Who needs a person, and why.
fn people(out: &mut String, class: &Class) {
    let mut rows = String::new();
    for (i, entry) in class.entries.iter().enumerate() {
        let why = entry.open();
        if !why.is_empty() {
            let _ = writeln!(
                rows,
                "<li><a href=\"#s{i}\">{}</a>: {}</li>",
                xml(entry.student.shown()),
                xml(&why.join(". "))
            );
        }
    }
    if !rows.is_empty() {
        let _ = write!(out, "<h2>Submissions that need a person</h2>\n<ul class=\"items\">\n{rows}</ul>\n");
    }
}

/// What a person decided, beside what the program gives.
fn decisions(out: &mut String, class: &Class) {
    let mut rows = String::new();
    let mut row = |i: usize, who: &str, what: String, program: &str, person: &str| {
        let _ = writeln!(
            rows,
            "<tr><th scope=\"row\"><a href=\"#s{i}\">{}</a></th><td>{}</td><td>{program}</td><td>{person}</td></tr>",
            xml(who),
            xml(&what)
        );
    };
    for (i, entry) in class.entries.iter().enumerate() {
        let Ok(graded) = &entry.result else { continue };
        let who = entry.student.shown();
        for mark in graded.marks.iter().filter(|m| m.by_person) {
            row(i, who, format!("question {}", mark.id), &decimal(&mark.computed), &decimal(&mark.awarded));
        }
        for claim in &graded.sheet.claims {
            if let Some(computed) = claim.computed {
                row(i, who, format!("line {}", claim.line), computed.name(), claim.verdict.name());
            }
        }
    }
    if !rows.is_empty() {
        let _ = write!(
            out,
            "<h2>Decided by a person</h2>\n<div class=\"scroll\"><table>\n<thead><tr><th scope=\"col\">student</th>\
             <th scope=\"col\">what</th><th scope=\"col\">the program</th><th scope=\"col\">the person</th></tr></thead>\n\
             <tbody>\n{rows}</tbody></table></div>\n"
        );
    }
}

fn table(out: &mut String, class: &Class) {
    out.push_str("<h2>All marks</h2>\n<div class=\"scroll\"><table>\n<thead><tr><th scope=\"col\">student</th>");
    for (id, points) in &class.questions {
        let _ = write!(
            out,
            "<th scope=\"col\" class=\"n\">{} <span class=\"soft\">of {}</span></th>",
            xml(id),
            decimal(points)
        );
    }
    let _ = writeln!(
        out,
        "<th scope=\"col\" class=\"n\">total <span class=\"soft\">of {}</span></th></tr></thead>\n<tbody>",
        decimal(&class.points())
    );
    for (i, entry) in class.entries.iter().enumerate() {
        let _ = write!(out, "<tr><th scope=\"row\"><a href=\"#s{i}\">{}</a></th>", xml(entry.student.shown()));
        match &entry.result {
            Ok(g) => {
                let mut cell = |awarded: &Rational, open: bool| {
                    let sign = if open { "<span class=\"open\" title=\"provisional\"> ?</span>" } else { "" };
                    let _ = write!(out, "<td class=\"n\">{}{sign}</td>", decimal(awarded));
                };
                g.marks.iter().for_each(|m| cell(&m.awarded, m.is_provisional()));
                let total = g.total();
                cell(&total.awarded, total.provisional);
            }
            Err(_) => {
                let _ = write!(out, "<td class=\"open\" colspan=\"{}\">not graded</td>", class.questions.len() + 1);
            }
        }
        out.push_str("</tr>\n");
    }
    out.push_str("</tbody></table></div>\n<p class=\"soft\">A mark with a question mark is provisional.</p>\n");
}
