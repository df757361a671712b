//! Kinds of claims in whole documents, each right one beside a wrong twin: what `grade` says of every claim, in order.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // a test may

mod grading;

use grading::{check, letters};
use gradmark::document::Format;
use gradmark::grade::{ClaimVerdict, Graded};

const LEAST_SQUARES: &str = r#"
[symbols]
X = ["n", "d"]
w = ["d"]
y = ["n"]
lambda = []
[properties]
lambda = ["nonnegative"]
[objectives]
L = "\\|X w - y\\|^2 + \\lambda \\|w\\|^2"
[[questions]]
id = "1"
ask = "gradient"
of = "L"
wrt = "w"
points = 4
"#;

const LOG_DET: &str = r#"
[symbols]
X = ["m", "n"]
alpha = []
beta = []
[properties]
alpha = ["positive"]
beta = ["positive"]
[definitions]
K = "\\alpha X X^\\top + \\beta^{-1} I"
[objectives]
L = "\\log |K|"
[[questions]]
id = "1"
ask = "gradient"
of = "L"
wrt = "X"
points = 4
"#;

fn graded(problem: &str, text: &str) -> Graded {
    grading::graded(problem, text, Format::Markdown)
}

fn verdicts(problem: &str, text: &str) -> String {
    letters(&graded(problem, text))
}

#[test]
fn a_space_agrees_with_the_declared_shape_or_contradicts_it() {
    check(LEAST_SQUARES, r"We have $X \in \mathbb{R}^{n \times d}$ and $X w \in \mathbb{R}^n$.", "cc");
    check(LEAST_SQUARES, r"We have $X \in \mathbb{R}^{d \times n}$ and $X w \in \mathbb{R}^d$.", "ii");
    check(LEAST_SQUARES, r"Then $w^\top w \in \mathbb{R}$.", "c");
    check(LEAST_SQUARES, r"Then $w w^\top \in \mathbb{R}$.", "i");
    // Sizes by letters of the writer's own say nothing.
    check(LEAST_SQUARES, r"Here $X \in \mathbb{R}^{N \times p}$.", "");
}

#[test]
fn a_wrong_label_under_a_brace_is_a_mistake_beside_the_step() {
    let head = r"$$\nabla_w L = ";
    check(LEAST_SQUARES, &format!(r"{head}2 \underbrace{{X^\top}}_{{d \times n}} (X w - y) + 2 \lambda w$$"), "c");
    let text = format!(r"{head}2 \underbrace{{X^\top}}_{{n \times d}} (X w - y) + 2 \lambda w$$");
    check(LEAST_SQUARES, &text, "ci");
    let result = graded(LEAST_SQUARES, &text);
    assert!(result.claims[1].aside && result.questions[0].first_wrong.is_none());
    assert_eq!(result.claims[1].diagnosis[0].kind, "shape");
}

#[test]
fn products_of_sizes() {
    check(LEAST_SQUARES, "$(d \\times n) \\cdot (n \\times 1) = d \\times 1$", "c");
    check(LEAST_SQUARES, "$(d \\times n) \\cdot (d \\times 1) = d \\times 1$", "i");
    check(LEAST_SQUARES, "$(d \\times n) \\cdot (n \\times 1) = n \\times 1$", "i");
}

#[test]
fn inequalities_are_shown_by_their_form_or_refuted() {
    check(LEAST_SQUARES, r"Note $w^\top X^\top X w = \|X w\|^2 \geq 0$ for all $w$.", "cc");
    check(LEAST_SQUARES, r"Note $\|X w\|^2 + \lambda \|w\|^2 \geq 0$ for all $w$.", "c");
    check(LEAST_SQUARES, r"Note $w^\top X^\top y \geq 0$ for all $w$.", "i");
    check(LEAST_SQUARES, r"Note $w_j^2 \geq 0$ for all $j$.", "c");
    check(LEAST_SQUARES, r"Note $w_j^2 > 0 \quad \forall j$.", "i");
    check(LEAST_SQUARES, r"Note $e^{w_j} > 0 \quad \forall j$.", "c");
    // Without a quantifier it may be a condition, and what is said of what is given is an assumption.
    check(LEAST_SQUARES, r"If $w^\top X^\top y > 0$ the point is kept.", "");
    check(LEAST_SQUARES, r"Let $\lambda \geq 0$ be given.", "");
    check(LEAST_SQUARES, r"Note $X^\top X + \lambda I \succeq 0$.", "c");
}

#[test]
fn a_quantifier_is_wrong_where_its_domain_contradicts_the_claim() {
    check(LEAST_SQUARES, r"$v^\top X^\top X v = \|X v\|^2 \geq 0 \quad \forall v \in \mathbb{R}^d$", "cc");
    check(LEAST_SQUARES, r"$v^\top X^\top X v = \|X v\|^2 \geq 0 \quad \forall v \in \mathbb{R}^{d \times n}$", "cci");
}

#[test]
fn a_missing_name_is_what_makes_the_equations_true() {
    let graph = "$$L = a$$\n$$a = \\log b$$\n$$b = \\det c$$\n$$c = j + d$$\n$$d = \\alpha X X^\\top$$\n";
    check(LOG_DET, &format!("{graph}$$\\frac{{dL}}{{db}} = \\frac{{1}}{{b}}$$"), "cddddc");
    check(LOG_DET, &format!("{graph}$$\\frac{{dL}}{{db}} = -\\frac{{1}}{{b}}$$"), "cddddi");
    // No part of the problem makes this true.
    let wrong = graph.replace("d = \\alpha", "d = \\alpha^2");
    assert!(!verdicts(LOG_DET, &wrong).starts_with('c'));
}

#[test]
fn a_derivative_by_what_does_not_occur_proves_nothing() {
    // z is defined, and L is not written with it: its derivative would be 0 on both sides.
    let text = "Let $z = \\alpha X$.\n\n$$\\frac{\\partial L}{\\partial z} = 3 \\frac{\\partial L}{\\partial z}$$";
    check(LOG_DET, text, "du");
}

#[test]
fn matrices_written_out_are_about_numbers() {
    let left = r"\begin{bmatrix} a & b \\ c & d \end{bmatrix} \begin{bmatrix} x_1 \\ x_2 \end{bmatrix}";
    let right = r"\begin{bmatrix} a x_1 + b x_2 \\ c x_1 + d x_2 \end{bmatrix}";
    check(LEAST_SQUARES, &format!("$${left} = {right}$$"), "c");
    check(LEAST_SQUARES, &format!("$${left} = {}$$", right.replace("+ d", "- d")), "i");
}

#[test]
fn a_rule_about_other_letters_is_refuted_by_shapes_only() {
    check(LEAST_SQUARES, r"$$\frac{\partial \operatorname{tr}(X A)}{\partial X} = A^\top$$", "c");
    check(LEAST_SQUARES, r"$$\frac{\partial \operatorname{tr}(X A)}{\partial X} = X^\top$$", "i");
    check(LEAST_SQUARES, r"$$\frac{\partial \operatorname{tr}(X A)}{\partial X} = 2 A^\top$$", "o");
}

#[test]
fn choices_and_approximations_are_no_mistakes() {
    check(LEAST_SQUARES, "We set $n = 9$ and start at $w = 0$.", "dd");
    check(LEAST_SQUARES, "So $X w \\approx y$.", "");
    // Where the gradient is set to zero, a value is a solution.
    let text = "$$\\nabla_w L = 2 X^\\top (X w - y) + 2 \\lambda w = 0$$\n$$\\Rightarrow w = 0$$";
    assert!(verdicts(LEAST_SQUARES, text).ends_with('i'));
}

/// A problem whose Hessian is asked for by a matrix.
const FACTORS: &str = r#"
[symbols]
X = ["m", "n"]
W = ["m", "k"]
H = ["k", "n"]
lambda_2 = []
[objectives]
ell = "\\|X - W H\\|_F^2 + \\lambda_2 \\|H\\|_F^2"
[[questions]]
id = "1"
ask = "hessian"
of = "ell"
wrt = "H"
points = 4
"#;

const TIED: &str = r#"
[symbols]
W = ["m", "n"]
x = ["n"]
[objectives]
L = "\\frac{1}{2} \\|W^\\top W x - x\\|^2"
[[questions]]
id = "1"
ask = "gradient"
of = "L"
wrt = "W"
points = 4
"#;

#[test]
fn a_derivative_by_a_transposed_variable_is_the_transposed_derivative() {
    let whole = r"\frac{\partial L}{\partial W^T}";
    check(TIED, &format!(r"$$\frac{{\partial L}}{{\partial W}} = \left({whole}\right)^T$$"), "c");
    check(TIED, &format!(r"$$\frac{{\partial L}}{{\partial W}} = 2 \left({whole}\right)^T$$"), "i");
    check(TIED, &format!(r"$${whole} = (W (W^T W x x^T + x x^T W^T W - 2 x x^T))^T$$"), "c");
    check(TIED, &format!(r"$${whole} = (W (W^T W x x^T + x x^T W^T W - 3 x x^T))^T$$"), "i");
    // A second name for the objective, of which the derivative is the same.
    let named = "$$d_2 = L$$\n$$\\frac{\\partial d_2}{\\partial W} = ";
    let turned = r"\left(\frac{\partial d_2}{\partial W^T}\right)^T$$";
    check(TIED, &format!("{named}{turned}"), "dc");
    check(TIED, &format!("{named}-{turned}"), "di");
}

#[test]
fn a_hessian_is_answered_by_its_entries() {
    let head = r"\frac{\partial^2 \ell}{\partial H_{ab} \partial H_{cd}} = ";
    let text = format!(r"$${head}2 \delta_{{bd}} (\sum_i W_{{ia}} W_{{ic}} + \lambda_2 \delta_{{ac}})$$");
    check(FACTORS, &text, "c");
    assert_eq!(graded(FACTORS, &text).questions[0].verdict, Some(ClaimVerdict::Correct));
    for (from, to) in [("2 \\delta", "3 \\delta"), ("\\delta_{ac}", "\\delta_{bd}"), ("H_{cd}", "H_{ab}")] {
        let wrong = text.replace(from, to);
        assert_ne!(graded(FACTORS, &wrong).questions[0].verdict, Some(ClaimVerdict::Correct), "{wrong}");
    }
}

#[test]
fn a_step_against_the_gradient_is_judged_and_any_other_step_listed() {
    let gradient = r"2 X^\top (X w - y) + 2 \lambda w";
    for sign in [r"\leftarrow", "=", ":="] {
        check(LEAST_SQUARES, &format!(r"$$w {sign} w - \eta ({gradient})$$"), "c");
        check(LEAST_SQUARES, &format!(r"$$w {sign} w + \eta ({gradient})$$"), "");
        check(LEAST_SQUARES, &format!(r"$$w {sign} w - \eta (3 {gradient})$$"), "");
        // The objective's own letter is no step size.
        check(LEAST_SQUARES, &format!(r"$$w {sign} w - \lambda ({gradient})$$"), "");
    }
    check(LEAST_SQUARES, r"$$w \leftarrow w - \eta \nabla_w L$$", "c");
    check(LEAST_SQUARES, r"$$w_{t+1} = w_t - \eta \nabla L(w_t)$$", "");
    check(LEAST_SQUARES, r"$$w^{(t+1)} = w^{(t)} - \eta \nabla L(w^{(t)})$$", "");
    let rule = graded(LEAST_SQUARES, r"$$w \leftarrow w - \eta (3 X^\top y)$$");
    assert_eq!(rule.not_read[0].why, "an update rule");
}

#[test]
fn a_mistake_is_carried_where_it_is_used_again_soon_or_word_for_word() {
    let claim = |k: i32| format!("$$\\nabla_w L = {k} X^\\top (X w - y)$$\n\n");
    let many: String = (3..60).map(claim).collect();
    let again = r"$$\nabla_w L = 59 X^\top X w - 59 X^\top y$$";
    assert!(verdicts(LEAST_SQUARES, &format!("{many}{again}")).ends_with('r'));
    assert!(verdicts(LEAST_SQUARES, &format!("{many}{}", claim(3))).ends_with('r'));
    assert!(verdicts(LEAST_SQUARES, &format!("{many}{}", claim(99))).ends_with('i'));
}
