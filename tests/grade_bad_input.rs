//! Submissions that are broken in one place: the place is said with a reason, and what stands around it is graded.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // a test may

mod grading;

use gradmark::document::{Format, MAX_FORMULA};
use gradmark::grade::{ClaimVerdict, Graded};

const PROBLEM: &str = r#"
[symbols]
X = ["n", "d"]
w = ["d"]
y = ["n"]
[objectives]
L = "\\|X w - y\\|^2"
[[questions]]
id = "1"
ask = "gradient"
of = "L"
wrt = "w"
points = 4
"#;
const RIGHT: &str = "$$\\nabla_w L = 2 X^\\top (X w - y)$$";
const WRONG: &str = "$$\\nabla_w L = 3 X^\\top (X w - y)$$";

fn graded(text: &str) -> Graded {
    grading::graded(PROBLEM, text, Format::Markdown)
}

/// The broken part is listed at its line with its reason, and a right and a wrong answer after it are told apart.
#[track_caller]
fn check(broken: &str, line: u32, why: &str) {
    for (answer, verdict) in [(RIGHT, ClaimVerdict::Correct), (WRONG, ClaimVerdict::Incorrect)] {
        let result = graded(&format!("{broken}\n\n{answer}\n"));
        let listed = result.not_read.iter().any(|n| n.line == line && n.why == why);
        assert!(listed, "{:?}", result.not_read.iter().map(|n| (n.line, &n.why)).collect::<Vec<_>>());
        assert_eq!(result.questions[0].verdict, Some(verdict), "{answer}");
    }
}

#[test]
fn unbalanced_braces() {
    check("Then\n\n$$\\nabla_w L = 2 \\frac{X^\\top (X w - y)$$", 3, "unbalanced braces or environments");
}

#[test]
fn an_environment_that_is_not_closed() {
    check("\\begin{align}\n\\nabla_w L &= 2 X^\\top (X w - y)", 1, "this environment is not closed");
}

#[test]
fn a_bracket_that_is_not_closed_is_no_mistake_of_shapes() {
    let text = format!("$$\\nabla_w L = 2 X^\\top (X w - y + w$$\n\n{RIGHT}");
    let result = graded(&text);
    assert_eq!(result.claims[0].verdict, ClaimVerdict::Unreadable);
    assert!(result.claims[0].meaning.contains("a bracket that does not fit is mended"));
    assert_eq!(result.questions[0].verdict, Some(ClaimVerdict::Correct));
    // With its bracket it is one.
    assert_eq!(graded("$$\\nabla_w L = 2 X^\\top (X w - y + w)$$").claims[0].verdict, ClaimVerdict::Incorrect);
}

#[test]
fn a_formula_of_a_million_characters() {
    let long = "X w + ".repeat(170_000);
    assert!(long.len() > 1_000_000 && long.len() > MAX_FORMULA);
    check(&format!("$$\\nabla_w L = {long} y$$"), 1, "this formula is longer than the limit");
}

#[test]
fn a_line_of_a_million_characters() {
    let result = graded(&format!("{}\n\n{RIGHT}", "word ".repeat(200_000)));
    assert_eq!(result.questions[0].verdict, Some(ClaimVerdict::Correct));
    let result = graded(&format!("{}\n\n{WRONG}", "word ".repeat(200_000)));
    assert_eq!(result.questions[0].verdict, Some(ClaimVerdict::Incorrect));
}

#[test]
fn binary_data() {
    check("Here it is.\n\0\0PNG\0\0", 2, "this is not text but binary data");
}

#[test]
fn no_mathematics() {
    let result = graded("I did not do this one.\n");
    assert_eq!(result.not_read[0].why, "there is no mathematics in this text");
    assert!(result.questions[0].provisional && result.questions[0].verdict.is_none());
}

#[test]
fn an_empty_submission() {
    let result = graded("");
    assert!(result.claims.is_empty() && result.questions[0].provisional);
    assert!(result.questions[0].verdict.is_none() && result.questions[0].answer.is_none());
}
