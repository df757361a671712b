//! Diagnoses of wrong answers as they are written, with the words that a person reads.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // a test may

mod mutation;

use gradmark::check::{Answer, Options, RequestText, check, parse_request};
use gradmark::diagnosis::Budget;
use gradmark::problem::build;
use gradmark::verdict::{Depth, Verdict};

fn request(line: &str) -> (RequestText, Answer) {
    let request = parse_request(line).unwrap_or_else(|e| panic!("{line}: {e:?}"));
    let answer = answer(&request, request.candidate.as_deref());
    (request, answer)
}

fn answer(request: &RequestText, candidate: Option<&str>) -> Answer {
    let problem = build(&request.problem(), request.notation()).unwrap_or_else(|d| panic!("{}", d.message));
    let wrt = request.variables();
    let asked = request.asked(&wrt);
    let options = Options { depth: Depth::Decisive, counterexample: false, diagnosis: Some(Budget::default()) };
    check(&problem, &asked, candidate, options)
}

/// The first diagnosis is of that kind, its words contain those, and each repaired formula is right.
#[track_caller]
fn named(line: &str, kind: &str, words: &str) {
    let (request, wrong) = request(line);
    assert_eq!(wrong.verdict, Some(Verdict::Incorrect));
    let found: Vec<(&str, &str)> = wrong.diagnosis.iter().map(|d| (d.kind, d.message.as_str())).collect();
    assert_eq!(found.first().map(|f| f.0), Some(kind), "{found:?}");
    assert!(found[0].1.contains(words), "{found:?}");
    for d in &wrong.diagnosis {
        let Some(repaired) = &d.repaired else { continue };
        let again = answer(&request, Some(repaired));
        assert_eq!(again.verdict, Some(Verdict::Correct), "{repaired}");
    }
}

#[test]
fn the_path_through_the_transpose_is_named() {
    named(
        r#"{"symbols":{"W":["m","n"],"x":["n"]},"objective":"1/2 ||W'W x - x||^2","wrt":"W","candidate":"W x (W'W x - x)'"}"#,
        "missing_path",
        "through `W'` but not through `W`",
    );
}

#[test]
fn a_factor_that_differentiation_removes_is_named() {
    named(
        r#"{"symbols":{"x_i":{"family":"i","count":"N","shape":["d"]},"s_i":{"family":"i","count":"N","shape":["h"]},"W":["d","h"]},"objective":"sum_{i=1}^{N} sum_{j=1}^{d} sum_{k=1}^{h} W[j,k] s_i[k]","wrt":"W[a,b]","candidate":"sum_{i=1}^{N} W[a,b] s_i[b]"}"#,
        "factor",
        "`W[a,b]` has to go",
    );
}

#[test]
fn a_definition_read_with_the_wrong_sign_is_named() {
    named(
        r#"{"symbols":{"x":["m"],"W":["m","h"],"s":["h"]},"definitions":[["e","x - W s"]],"objective":"||e||^2","wrt":"s","candidate":"-2 W'(x + W s)"}"#,
        "sign",
        "`W s` is added here and has to be subtracted",
    );
}

#[test]
fn terms_merged_under_one_factor_are_named() {
    named(
        r#"{"symbols":{"a":["n"],"b":["n"],"w":["n"],"lambda":[]},"objective":"lambda a'w + 2 b'w","wrt":"w","candidate":"2 lambda (a + b)"}"#,
        "factor",
        "merged",
    );
}

#[test]
fn a_transpose_and_an_outer_product_are_named() {
    let symbols = r#""symbols":{"X":["m","n"],"W":["m","r"],"H":["r","n"]},"objective":"1/2 normF(X - W H)^2""#;
    named(&format!(r#"{{{symbols},"wrt":"H","candidate":"W (W H - X)"}}"#), "transpose", "`W` has to stand transposed");
    named(&format!(r#"{{{symbols},"wrt":"H","candidate":"W'(X - W H)"}}"#), "sign", "taken the wrong way round");
    named(
        r#"{"symbols":{"W":["m","n"],"x":["n"],"t":["m"]},"objective":"1/2 ||W x - t||^2","wrt":"W","candidate":"x'(W x - t)"}"#,
        "order",
        "change places",
    );
}

#[test]
fn the_sign_of_a_term_with_a_definition_is_named() {
    named(
        r#"{"symbols":{"X":["n","p"],"Y":["n","d"],"alpha":[],"beta":[]},"properties":{"alpha":["positive"],"beta":["positive"]},"definitions":[["K","alpha X X' + beta^-1 I"]],"objective":"-d/2 logdet(K) - 1/2 tr(K^-1 Y Y')","wrt":"X","candidate":"alpha (K^-1 Y Y' K^-1 + d K^-1) X"}"#,
        "sign",
        "`d K^-1` is added here and has to be subtracted",
    );
}

#[test]
fn a_sum_that_collapsed_to_one_term_is_named() {
    named(
        r#"{"symbols":{"W":["m","r"],"H":["r","n"]},"objective":"sum_{k=1}^{r} W[i,k] H[k,b]","ask":"identity","candidate":"W[i,b] H[b,b]"}"#,
        "index",
        "",
    );
}

#[test]
fn two_mistakes_are_found_together() {
    named(
        r#"{"symbols":{"A":["m","n"],"b":["m"],"x":["n"],"lambda":[]},"objective":"||A x - b||^2 + lambda x'x","wrt":"x","candidate":"2 A(A x - b) - 2 lambda x"}"#,
        "sign",
        "There are two mistakes",
    );
}

#[test]
fn three_mistakes_are_named_one_by_one() {
    let line = r#"{"symbols":{"W":["d","h"],"x":["d"],"s":["h"],"lambda":[]},"objective":"||x - W s||^2 + lambda ||s||_1","wrt":"s_t","candidate":"2 lambda (s_t/|s_t| + sum_{k=1}^{d} (x_k + sum_{j=1}^{h} W_{kj} s_j) (W_{kt} s_t))"}"#;
    let (request, wrong) = request(line);
    let kinds: Vec<&str> = wrong.diagnosis.iter().map(|d| d.kind).collect();
    assert_eq!(kinds, ["sign", "factor", "factor"], "{:?}", wrong.diagnosis);
    let words = ["`x_k` is added here", "the factor `s_t` has to go", "merged under a factor"];
    for (d, words) in wrong.diagnosis.iter().zip(words) {
        assert!(d.message.contains(words), "{}", d.message);
        let repaired = d.repaired.as_deref().unwrap();
        assert_eq!(answer(&request, Some(repaired)).verdict, Some(Verdict::Correct), "{repaired}");
    }
}

#[test]
fn factors_are_put_where_they_fit() {
    let line = r#"{"symbols":{"W":["d","h"],"V":["d","h"],"x_i":{"family":"i","count":"N","shape":["d"]},"lambda":[],"g":{"function":"elementwise"}},"definitions":[["r_i","V^\\top x_i"]],"objective":"\\sum_{i=1}^N \\left( \\|x_i - W g(r_i)\\|^2 + \\lambda \\|r_i\\|^2 \\right)","wrt":"V","candidate":"\\sum_i \\left( 2 W g(r_i)' (x_i - W g(r_i)) + 2 \\lambda r_i \\right) x_i"}"#;
    let (request, wrong) = request(line);
    let message = wrong.diagnosis.iter().map(|d| d.message.as_str()).collect::<Vec<_>>().join("\n");
    for words in ["has to be subtracted", "`W` has to stand transposed", "An outer product is meant"] {
        assert!(message.to_lowercase().contains(&words.to_lowercase()), "{message}");
    }
    let repaired = wrong.diagnosis[0].repaired.as_deref().unwrap();
    assert_eq!(answer(&request, Some(repaired)).verdict, Some(Verdict::Correct), "{repaired}");
}

#[test]
fn an_answer_in_free_indices_is_repaired_in_them() {
    named(
        r#"{"symbols":{"W":["d","h"],"x":["d"],"s":["h"]},"objective":"||x - W s||^2","wrt":"W","candidate":"2 (x_j - sum_{l=1}^{h} W_{jl} s_l) (-W_{jk} s_k)"}"#,
        "factor",
        "the factor `W_{jk}` has to go",
    );
}

#[test]
fn what_is_right_only_for_a_symmetric_matrix_says_so() {
    let (_, answer) =
        request(r#"{"symbols":{"A":["n","n"],"x":["n"]},"objective":"x'A x","wrt":"x","candidate":"2 A x"}"#);
    let kinds: Vec<&str> = answer.diagnosis.iter().map(|d| d.kind).collect();
    assert_eq!(kinds, ["factor", "assumption"]);
    assert_eq!(answer.diagnosis[1].key, "assumption:A symmetric");
}

#[test]
fn nothing_is_invented() {
    let (_, answer) = request(
        r#"{"symbols":{"A":["n","n"],"x":["n"],"b":["n"]},"objective":"log(x'A x)","wrt":"x","candidate":"exp(b) .* sin(x) + A A A x"}"#,
    );
    assert_eq!(answer.diagnosis[0].kind, "other");
    assert!(answer.diagnosis[0].repaired.is_none());
}

#[test]
fn latex_is_answered_in_latex() {
    named(
        r#"{"symbols":{"W":["m","n"],"x":["n"],"t":["m"]},"objective":"\\tfrac12 \\|\\mathbf{W}\\mathbf{x} - \\mathbf{t}\\|^2","wrt":"x","candidate":"\\mathbf{W}(\\mathbf{W}\\mathbf{x} - \\mathbf{t})"}"#,
        "transpose",
        "`\\mathbf{W}^\\top(\\mathbf{W}\\mathbf{x} - \\mathbf{t})`",
    );
}

#[test]
fn a_single_mistake_in_a_right_formula_has_a_repair_that_checks() {
    let mut figures = mutation::Figures::default();
    for seed in 0..500 {
        mutation::round(seed, &mut figures);
    }
    assert!(figures.false_repairs.is_empty(), "{:#?}", figures.false_repairs);
    assert!(figures.wrong > 200 && figures.single() >= 95.0, "{}\n{}", figures.words(), figures.lost.join("\n"));
}
