//! Diagnoses of wrong answers as they are written, with the words that a person reads.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // a test may

mod mutation;

use gradmark::check::{Answer, Options, RequestText, check, parse_request};
use gradmark::diagnosis::{Budget, Example, MISTAKES};
use gradmark::problem::{Ask, Layout, build};
use gradmark::syntax::{Syntax, parse, print};
use gradmark::verdict::{Asked, Depth, Verdict};

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

/// A wrong answer of the table of mistakes, in words.
fn shown(e: &Example) -> String {
    let task = mutation::tasks::Task { symbols: e.symbols, objective: e.objective, wrt: e.wrt, right: &[] };
    let answer = mutation::answer(&mutation::problem(&task), &task, e.candidate, Some(Budget::default()));
    let d = answer.diagnosis.first().unwrap_or_else(|| panic!("{} has no diagnosis", e.candidate));
    assert_eq!(d.kind, e.kind, "{}", e.candidate);
    format!("`{}` for the derivative of `{}` by `{}`. `{}`: {}", e.candidate, e.objective, e.wrt, d.kind, d.message)
}

#[test]
fn the_page_of_mistakes_shows_every_one_as_it_is_named() {
    let page = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/mistakes.md");
    let text = std::fs::read_to_string(&page).unwrap();
    let (head, rest) = text.split_once("<!-- table: written by the test of this page -->\n").unwrap();
    let (_, tail) = rest.split_once("<!-- end of the table -->").unwrap();
    let mut table = String::new();
    for (n, m) in MISTAKES.iter().enumerate() {
        table.push_str(&format!("\n### {}. {}\n\n{}\n\n", n + 1, m.name, m.doc));
        for e in &m.examples {
            table.push_str(&format!("- {}\n", shown(e)));
        }
        table.push_str(&format!("- Near miss: {}\n", shown(&m.near_miss)));
    }
    let fresh =
        format!("{head}<!-- table: written by the test of this page -->\n{table}\n<!-- end of the table -->{tail}");
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(&page, &fresh).unwrap();
    } else {
        assert_eq!(text, fresh, "run this test with UPDATE=1");
    }
}

/// What is said of an example written in LaTeX: the kind, the key, and the repaired formula.
fn in_latex(e: &Example) -> (String, String, Option<String>) {
    let task = mutation::tasks::Task { symbols: e.symbols, objective: e.objective, wrt: e.wrt, right: &[] };
    let problem = mutation::problem(&task);
    let written = |text: &str| {
        let tree = parse(text, Syntax::Plain, &problem.scope.names).unwrap_or_else(|d| panic!("{text}: {}", d.message));
        print(&tree, tree.root, Syntax::Latex)
    };
    let (objective, wrt, candidate) = (written(e.objective), [written(e.wrt)], written(e.candidate));
    let asked = Asked {
        objective: &objective,
        wrt: &wrt,
        ask: Ask::Derivative,
        layout: Layout::Standard,
        structured: false,
        syntax: Some(Syntax::Latex),
    };
    let options = Options { depth: Depth::Decisive, counterexample: false, diagnosis: Some(Budget::default()) };
    let answer = check(&problem, &asked, Some(&candidate), options);
    assert_eq!(answer.verdict, Some(Verdict::Incorrect), "{candidate}");
    let d = answer.diagnosis.first().unwrap_or_else(|| panic!("{candidate} has no diagnosis"));
    let last = answer.diagnosis.iter().rev().find_map(|d| d.repaired.clone());
    if let Some(repaired) = &last {
        let again = check(&problem, &asked, Some(repaired), options);
        assert_eq!(again.verdict, Some(Verdict::Correct), "{candidate} repaired as {repaired}");
    }
    (d.kind.to_owned(), d.key.clone(), last)
}

#[test]
fn every_mistake_is_named_alike_in_both_notations() {
    for m in MISTAKES {
        for e in m.examples.iter().chain([&m.near_miss]) {
            let task = mutation::tasks::Task { symbols: e.symbols, objective: e.objective, wrt: e.wrt, right: &[] };
            let plain = mutation::answer(&mutation::problem(&task), &task, e.candidate, Some(Budget::default()));
            let (kind, key, repaired) = in_latex(e);
            assert_eq!((kind.as_str(), &key), (e.kind, &plain.diagnosis[0].key), "{}", e.candidate);
            assert_eq!(repaired.is_some(), plain.diagnosis.iter().any(|d| d.repaired.is_some()), "{}", e.candidate);
        }
    }
}

#[test]
fn a_place_in_latex_cuts_no_brace_and_no_command() {
    let line = |candidate: &str| {
        format!(
            r#"{{"symbols":{{"A":["m","n"],"x":["n"],"b":["m"],"λ":[]}},"objective":"\\|\\mathbf{{A}}\\mathbf{{x}} - \\mathbf{{b}}\\|^2 + \\lambda \\mathbf{{x}}^\\top\\mathbf{{x}}","wrt":"x","syntax":"latex","candidate":"{}"}}"#,
            candidate.replace('\\', "\\\\")
        )
    };
    for (candidate, marked) in [
        (r"2\mathbf{A}\left(\mathbf{A}\mathbf{x} - \mathbf{b}\right) + 2\lambda\mathbf{x}", r"\mathbf{A}"),
        (
            r"2\mathbf{A}^\top\left(\mathbf{b} - \mathbf{A}\mathbf{x}\right) + 2\lambda\mathbf{x}",
            r"2\mathbf{A}^\top\left(\mathbf{b} - \mathbf{A}\mathbf{x}\right)",
        ),
        (r"2\mathbf{A}^\top\bigl(\mathbf{Ax} + \mathbf{b}\bigr) + 2\lambda\mathbf{x}", r"\mathbf{b}"),
    ] {
        let Ok(request) = parse_request(&line(candidate)) else { panic!("{candidate}") };
        let d = &answer(&request, Some(candidate)).diagnosis;
        let span = d.first().and_then(|d| d.span).unwrap();
        assert_eq!(&candidate[span.range()], marked, "{candidate}");
    }
}

#[test]
fn of_several_explanations_the_simpler_is_given() {
    // Each answer can be made right in more than one way; the ranking of docs/mistakes.md decides.
    let symbols = r#""symbols":{"A":["n","n"],"B":["n","n"],"X":["n","n"],"x":["n"],"b":["n"],"λ":[]}"#;
    let first = |asked: &str, candidate: &str| {
        let line = format!(r#"{{{symbols},{asked},"candidate":"{candidate}"}}"#);
        request(&line).1.diagnosis.iter().map(|d| d.key.clone()).collect::<Vec<_>>()
    };
    let form = r#""objective":"x'A x + b'x","wrt":"x""#;
    // One change before a property; a sign before a term that would make up for it.
    assert_eq!(first(form, "A x + A x + b")[0], "transpose:A");
    assert_eq!(first(form, "A x + A'x - b"), ["sign:b"]);
    // A property before two changes.
    assert_eq!(first(form, "2 A x + b"), ["assumption:A symmetric"]);
    // The other layout before two changes of factors; a transpose of one factor before the order of two.
    let trace = r#""objective":"tr(A X B)","wrt":"X""#;
    assert_eq!(first(trace, "B A")[0], "layout:whole");
    assert_eq!(first(trace, "A'B")[0], "transpose:B");
    assert_eq!(first(trace, "B'A'")[0], "order:Bᵀ Aᵀ");
    // Two changes where no single one is enough.
    let ridge = r#""objective":"||A x - b||^2 + λ x'x","wrt":"x""#;
    let two = first(ridge, "2 A(A x - b) - 2 λ x");
    assert_eq!(two.iter().map(|k| k.split(':').next().unwrap()).collect::<Vec<_>>(), ["sign", "transpose"]);
    for asked in [form, trace, ridge] {
        for candidate in ["2 A x + b", "A'B", "2 A(A x - b) - 2 λ x"] {
            assert_eq!(first(asked, candidate), first(asked, candidate), "the same every time");
        }
    }
}

#[test]
fn a_misread_objective_is_named_by_what_was_read() {
    let net = r#""symbols":{"W":["m","n"],"x":["n"],"b":["m"],"t":["m"]},"objective":"1/2 ||sigmoid(W x + b) - t||^2","wrt":"W""#;
    named(
        &format!(
            r#"{{{net},"candidate":"((sigmoid(W x - b) - t) .* sigmoid(W x - b) .* (1 - sigmoid(W x - b))) x'"}}"#
        ),
        "sign",
        "This is the derivative of an objective with `W x - b`, where the problem has `W x + b`.",
    );
    let squares = r#""symbols":{"A":["m","n"],"x":["n"],"b":["m"],"α":[]}"#;
    named(
        &format!(r#"{{{squares},"objective":"||A x - b||^2","wrt":"x","candidate":"2 A'(A x + b)"}}"#),
        "sign",
        "with `A x + b`, where the problem has `A x - b`. `b` is added here and has to be subtracted.",
    );
    named(
        &format!(r#"{{{squares},"objective":"||α A x - b||^2","wrt":"x","candidate":"2 A'(A x - b)"}}"#),
        "wrong_symbol",
        "with `A x`, where the problem has `α A x`",
    );
    named(
        r#"{"symbols":{"x":["m"],"W":["m","h"],"s":["h"]},"definitions":[["e","x - W s"]],"objective":"||e||^2","wrt":"s","candidate":"2 W'(x + W s)"}"#,
        "sign",
        "with `x + W s` in the definition of e, where the problem has `x - W s`",
    );
    // A sign that is wrong in the answer only is no misreading.
    let (_, answer) = request(
        r#"{"symbols":{"A":["m","n"],"x":["n"],"b":["m"]},"objective":"||A x - b||^2","wrt":"x","candidate":"-2 A'(A x + b)"}"#,
    );
    assert!(!answer.diagnosis[0].message.contains("where the problem has"), "{:?}", answer.diagnosis);
}

#[test]
fn an_inverse_missing_on_both_sides_is_named() {
    let form = r#""symbols":{"K":["n","n"],"y":["n"]},"objective":"1/2 y'K^-1 y + 1/2 logdet(K)","wrt":"K""#;
    named(&format!(r#"{{{form},"candidate":"1/2 K^-1' - 1/2 y y'"}}"#), "inverse", "missing on both sides");
}

#[test]
fn two_lost_sums_are_put_back() {
    named(
        r#"{"symbols":{"X":["d","n"],"W":["d","r"],"H":["r","n"],"λ":[]},"objective":"normF(X - W H)^2 + λ normF(H)^2","wrt":"H[a,b]","candidate":"2 (X[i,b] - W[i,a] H[a,b]) (-W[i,a]) + 2 λ H[a,b]"}"#,
        "index",
        "has to be summed over `i`",
    );
}

#[test]
fn a_repaired_formula_keeps_the_hand_of_the_candidate() {
    let repaired = |line: &str| {
        let (_, answer) = request(line);
        answer.diagnosis.last().and_then(|d| d.repaired.clone()).unwrap_or_default()
    };
    let form = r#""symbols":{"A":["n","n"],"x":["n"],"b":["n"]},"objective":"x'A x + b'x","wrt":"x""#;
    assert_eq!(repaired(&format!(r#"{{{form},"candidate":"A*x + A'*x"}}"#)), "A*x + A'*x + b");
    assert_eq!(repaired(&format!(r#"{{{form},"candidate":"A*x + b"}}"#)), "A*x + b + A'*x");
    assert_eq!(repaired(&format!(r#"{{{form},"candidate":"A^T x + b"}}"#)), "A^T x + b + A x");
    assert_eq!(repaired(&format!(r#"{{{form},"candidate":"Aᵀx + b"}}"#)), "Aᵀx + b + A x");
    assert_eq!(
        repaired(&format!(r#"{{{form},"candidate":"\\mathbf{{A}}^T\\mathbf{{x}} + \\mathbf{{b}}","syntax":"latex"}}"#)),
        "\\mathbf{A}^T\\mathbf{x} + \\mathbf{b} + \\mathbf{A} \\mathbf{x}"
    );
    let trace = r#""symbols":{"X":["n","n"],"A":["n","n"]},"objective":"logdet(X) - tr(A X)","wrt":"X""#;
    assert_eq!(repaired(&format!(r#"{{{trace},"candidate":"-A'"}}"#)), "-A' + X^-1'");
    assert_eq!(repaired(&format!(r#"{{{trace},"candidate":"X' - A'"}}"#)), "X^-1' - A'");
    let product = r#""symbols":{"X":["n","n"]},"objective":"tr(X)^2","wrt":"X""#;
    assert_eq!(repaired(&format!(r#"{{{product},"candidate":"tr(X) * I"}}"#)), "2 * tr(X) * I");
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
