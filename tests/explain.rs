//! Explanations: every one over the gallery, read again by the grader, is right in each of its claims.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stdout)] // a test may

mod objectives;

use gradmark::check::RequestText;
use gradmark::document::{Format, read};
use gradmark::explain::{Explanation, Method, explain};
use gradmark::grade::{ClaimVerdict, Graded, grade};
use gradmark::problem::{Pairs, QuestionText, WrtText, build};
use gradmark::report::explained;
use objectives::{files, requests};

/// The explanation of a request, and its page.
fn explained(r: &RequestText, method: Option<Method>) -> (Explanation, [String; 2]) {
    let problem = build(&r.problem(), None).unwrap();
    let wrt = r.variables();
    let (answer, explanation) = explain(&problem, &r.asked(&wrt), method);
    let e = explanation.unwrap_or_else(|| panic!("{}", r.objective));
    let pages = [explained::markdown(&answer, &e), explained::latex(&answer, &e)];
    (e, pages)
}

/// A page graded against a problem made of the same request.
fn graded(r: &RequestText, name: &str, page: &str) -> Graded {
    let mut text = r.problem();
    text.objectives = Pairs(vec![(name.to_owned(), r.objective.clone())]);
    text.questions = vec![QuestionText {
        id: "1".to_owned(),
        ask: r.ask,
        of: name.to_owned(),
        wrt: r.wrt.clone(),
        ..QuestionText::default()
    }];
    let problem = build(&text, None).unwrap_or_else(|d| panic!("{}: {}", r.objective, d.message));
    grade(&read(page, Format::Markdown), &[problem])
}

fn check_all(method: Option<Method>) {
    let (mut all, mut short, mut steps, mut bad) = (0, 0, 0, Vec::new());
    for file in files() {
        for r in requests(&file) {
            let wrt = r.wrt.as_ref().map(WrtText::names).unwrap_or_default().join(", ");
            let what = format!("{} by {wrt}", r.objective);
            let (e, [page, document]) = explained(&r, method);
            all += 1;
            steps += e.steps.len();
            bad.extend(e.failed.iter().map(|f| format!("{what}: failed: {f}")));
            if let Some(why) = &e.short {
                short += 1;
                println!("short: {what}: {why}");
            }
            if std::env::var_os("SHOW").is_some() {
                println!("\n=== {what}");
                for s in &e.steps {
                    println!("  {:50} {}", s.what, s.plain);
                }
            }
            if let Some(fault) = structure(&document) {
                bad.push(format!("{what}: {fault}"));
            }
            let graded = graded(&r, &e.name, &page);
            let right = |v| matches!(v, ClaimVerdict::Correct | ClaimVerdict::Definition);
            for c in graded.claims.iter().filter(|c| !right(c.verdict)) {
                bad.push(format!("{what}: {:?}: {}", c.verdict, c.source));
            }
            bad.extend(graded.not_read.iter().map(|n| format!("{what}: not read: {}: {}", n.source, n.why)));
            if graded.claims.len() != e.steps.len() {
                bad.push(format!("{what}: {} claims of {} steps", graded.claims.len(), e.steps.len()));
            }
            bad.extend(twisted(&r, &e, &page).into_iter().map(|f| format!("{what}: {f}")));
            if graded.questions[0].verdict != Some(ClaimVerdict::Correct) {
                bad.push(format!("{what}: the final answer is {:?}", graded.questions[0].verdict));
            }
        }
    }
    println!("{all} objectives, {steps} steps, {short} of them explained shortly");
    assert!(bad.is_empty(), "{} faults\n{}", bad.len(), bad.join("\n"));
}

/// A page in which one step is twice what it should be is not found right: what was not noticed.
fn twisted(r: &RequestText, e: &Explanation, page: &str) -> Option<String> {
    let middle = e.steps.get(e.steps.len() / 2)?;
    let (left, right) = middle.latex.split_once(" = ")?;
    let page = page.replace(&middle.latex, &format!("{left} = 2 \\left({right}\\right)"));
    let graded = graded(r, &e.name, &page);
    let seen = graded.claims.iter().any(|c| matches!(c.verdict, ClaimVerdict::Incorrect | ClaimVerdict::Carried));
    // What the page itself introduces may be anything.
    let defined = graded.claims.iter().any(|c| c.verdict == ClaimVerdict::Definition);
    (!seen && !defined).then(|| format!("twice {} was not noticed", middle.plain))
}

/// What would keep a document from compiling.
fn structure(document: &str) -> Option<String> {
    if let Some(c) = document.chars().find(|c| !c.is_ascii()) {
        return Some(format!("the document has the character {c}"));
    }
    let count = |s: &str| document.matches(s).count();
    for (open, close) in [("\\begin{", "\\end{"), ("\\[", "\\]"), ("\\left", "\\right"), ("{", "}")] {
        let more = if open == "\\left" { count("\\leftarrow") } else { 0 };
        if count(open) - more != count(close) {
            return Some(format!("{open} and {close} are not as many"));
        }
    }
    // A command that takes an argument has one.
    ["\\sqrt\\left", "\\frac\\left", "^\\left", "_\\left"]
        .iter()
        .find(|s| document.contains(**s))
        .map(|s| format!("{s} does not compile"))
}

#[test]
fn explanations_are_graded_as_right() {
    check_all(None);
}
