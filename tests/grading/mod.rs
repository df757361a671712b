//! Grades a submission's text against the text of a problem file, and says the verdicts in a few letters.
#![allow(dead_code, unreachable_pub, clippy::unwrap_used)] // each runner uses its part, and a test may fail

use gradmark::document::{Format, read};
use gradmark::grade::{ClaimVerdict, Graded, grade};
use gradmark::problem::{build, parse_problem_file};

/// A submission, graded.
pub fn graded(problem: &str, text: &str, format: Format) -> Graded {
    let file = parse_problem_file(problem).unwrap();
    let problems: Vec<_> = file.each().into_iter().map(|(_, p)| build(p, None).unwrap()).collect();
    grade(&read(text, format), &problems)
}

/// `c` correct, `i` incorrect, `r` carried, `d` definition, `u` unreadable, `o` open.
pub fn letters(graded: &Graded) -> String {
    let letter = |v| match v {
        ClaimVerdict::Correct => 'c',
        ClaimVerdict::Incorrect => 'i',
        ClaimVerdict::Carried => 'r',
        ClaimVerdict::Definition => 'd',
        ClaimVerdict::Unreadable => 'u',
        ClaimVerdict::Undecided => 'o',
    };
    graded.claims.iter().map(|c| letter(c.verdict)).collect()
}

/// The verdicts of a submission in Markdown, one letter a claim.
#[track_caller]
pub fn check(problem: &str, text: &str, expected: &str) {
    let result = graded(problem, text, Format::Markdown);
    assert_eq!(letters(&result), expected, "{text}\n{:#?}", result.claims);
}
