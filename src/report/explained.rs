//! An explanation on the page: plain text, Markdown, a LaTeX document, JSON.

use super::paint::Paint;
use super::{json, text as page};
use crate::check::Answer;
use crate::explain::{Explanation, Method, Step};
use crate::verdict::Evidence;
use serde_json::{Value, json as object};

/// A heading as a sentence begins: with a capital, and a colon behind.
fn sentence(what: &str) -> String {
    let mut letters = what.chars();
    match letters.next() {
        Some(first) => format!("{}{}:", first.to_uppercase(), letters.as_str()),
        None => String::new(),
    }
}

/// How the steps were checked, in words.
fn checked(steps: &[Step]) -> String {
    let mut counts: Vec<(&str, usize)> = Vec::new();
    for evidence in steps.iter().filter_map(|s| s.evidence.as_ref()) {
        let how = match evidence {
            Evidence::Proved => "proved",
            Evidence::Exact { .. } => "equal in exact arithmetic",
            _ => "equal in floating point",
        };
        match counts.iter_mut().find(|c| c.0 == how) {
            Some(c) => c.1 += 1,
            None => counts.push((how, 1)),
        }
    }
    let total: usize = counts.iter().map(|c| c.1).sum();
    let parts: Vec<String> = counts.iter().map(|(how, n)| format!("{n} {how}")).collect();
    let steps = if total == 1 { "the step was" } else { "steps were each" };
    if total == 1 {
        format!("{steps} checked before it was printed: {}", parts.join(", "))
    } else {
        format!("{total} {steps} checked before they were printed: {}", parts.join(", "))
    }
}

fn shorter(why: &str) -> String {
    format!("The steps between are not shown: {why}.")
}

/// For a person at a terminal.
#[must_use]
pub fn text(answer: &Answer, e: &Explanation, paint: Paint) -> String {
    let mut out = String::new();
    let last = e.steps.len().saturating_sub(1);
    for (i, step) in e.steps.iter().enumerate() {
        let formula = if i == last { paint.bold(&step.plain) } else { step.plain.clone() };
        out.push_str(&format!("{}\n    {formula}\n", paint.faint(&step.what)));
        if let (0, Some(why)) = (i, &e.short) {
            out.push_str(&format!("{}\n", shorter(why)));
        }
    }
    out.push('\n');
    out.push_str(&page::explained(answer, &checked(&e.steps), paint));
    out
}

/// Markdown with formulas in LaTeX.
#[must_use]
pub fn markdown(_: &Answer, e: &Explanation) -> String {
    let mut out = String::new();
    for (i, step) in e.steps.iter().enumerate() {
        out.push_str(&format!("{}\n\n$$\n{}\n$$\n\n", sentence(&step.what), step.latex));
        if let (0, Some(why)) = (i, &e.short) {
            out.push_str(&format!("{}\n\n", shorter(why)));
        }
    }
    let note = checked(&e.steps);
    out.push_str(&format!("{}.\n", sentence(&note).trim_end_matches(':')));
    out
}

/// A LaTeX document.
#[must_use]
pub fn latex(_: &Answer, e: &Explanation) -> String {
    let mut out = String::from("\\documentclass{article}\n\\usepackage{amsmath,amssymb}\n\\begin{document}\n");
    for (i, step) in e.steps.iter().enumerate() {
        out.push_str(&format!("\\noindent {}\n\\[\n{}\n\\]\n", in_text(&sentence(&step.what)), step.latex));
        if let (0, Some(why)) = (i, &e.short) {
            out.push_str(&format!("{}\n", in_text(&shorter(why))));
        }
    }
    let note = checked(&e.steps);
    out.push_str(&format!("\n\\noindent {}.\n\\end{{document}}\n", in_text(sentence(&note).trim_end_matches(':'))));
    out
}

/// A rule's name may hold a formula, as in vec(A)ᵀ vec(B).
fn in_text(words: &str) -> String {
    words.replace('ᵀ', "$^\\top$").replace('⊗', "$\\otimes$")
}

/// For a program.
#[must_use]
pub fn json(answer: &Answer, e: &Explanation) -> Value {
    let steps: Vec<Value> = e
        .steps
        .iter()
        .map(|s| {
            let how = s.evidence.as_ref().map(|e| json::evidence(e, &|v| answer.integer_name(v)));
            object!({ "what": s.what, "plain": s.plain, "latex": s.latex, "evidence": how })
        })
        .collect();
    object!({
        "schema": json::SCHEMA,
        "objective": e.name,
        "by": match e.method { Method::Differentials => "differentials", Method::Graph => "graph" },
        "steps": steps,
        "short": e.short,
        "failed": e.failed,
        "assumed": answer.assumed,
    })
}
