//! How people write: the same derivation in many forms, each right one beside a wrong twin.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // a test may

mod grading;

use grading::{check, graded, letters};
use gradmark::document::Format;
use gradmark::grade::ClaimVerdict;
use gradmark::problem::{build, parse_problem_file};

const RIDGE: &str = r#"
[symbols]
X = ["n", "d"]
w = ["d"]
y = ["n"]
lambda = []
eta = []
[properties]
lambda = ["positive"]
[objectives]
L = "\\|X w - y\\|^2 + \\lambda \\|w\\|^2"
[aliases]
w = ["\\theta"]
[[questions]]
id = "1"
heading = "(a)"
ask = "gradient"
of = "L"
wrt = "w"
points = 4
[[questions]]
id = "2"
heading = "(b)"
ask = "hessian"
of = "L"
wrt = "w"
points = 2
"#;

const LOGISTIC: &str = r#"
[symbols]
x_i = { family = "i", count = "N", shape = ["d"] }
y_i = { family = "i", count = "N", shape = [] }
w = ["d"]
[definitions]
"z_i" = "w^T x_i"
"p_i" = "sigmoid(z_i)"
[objectives]
L = "-\\sum_{i=1}^N (y_i \\log p_i + (1-y_i)\\log(1-p_i))"
[[questions]]
id = "1"
ask = "gradient"
of = "L"
wrt = "w"
points = 4
"#;

const NETWORK: &str = r#"
[symbols]
x = ["d"]
W = ["h", "d"]
V = ["k", "h"]
t = ["k"]
[definitions]
a = "W x"
h = "tanh(a)"
[objectives]
L = "1/2 ||V h - t||^2"
[[questions]]
id = "1"
ask = "gradient"
of = "L"
wrt = "W"
points = 4
"#;

const MIXTURE: &str = r#"
[symbols]
x_n = { family = "n", count = "N", shape = ["D"] }
mu_k = { family = "k", count = "K", shape = ["D"] }
pi_k = { family = "k", count = "K", shape = [] }
[properties]
pi_k = ["positive"]
[definitions]
"q_{nk}" = "\\exp(-\\frac12 \\|x_n - \\mu_k\\|^2)"
"r_{nk}" = "\\frac{\\pi_k q_{nk}}{\\sum_{j=1}^K \\pi_j q_{nj}}"
"N_k" = "\\sum_{n=1}^N r_{nk}"
[objectives]
L = "\\sum_{n=1}^N \\log \\sum_{k=1}^K \\pi_k q_{nk}"
[[questions]]
id = "1"
ask = "gradient"
of = "L"
wrt = "mu_k"
points = 4
"#;

/// The kind and the words of the first mistake.
fn mistake(problem: &str, text: &str) -> (String, String) {
    let result = graded(problem, text, Format::Markdown);
    let found = result.claims.iter().flat_map(|c| &c.diagnosis).next();
    found.map(|d| (d.kind.to_owned(), d.message.clone())).unwrap_or_default()
}

#[test]
fn a_quantity_with_its_argument_is_no_product() {
    check(RIDGE, r"$\nabla L(w) = 2 X^T (X w - y) + 2 \lambda w$", "c");
    check(RIDGE, r"$\nabla L(w) = 2 X^T (X w - y) + \lambda w$", "i");
    check(RIDGE, r"$\nabla L\left(\theta\right) = 2 X^T (X \theta - y) + 2 \lambda \theta$", "c");
    check(RIDGE, r"$\nabla^2 L(w) = 2 X^T X + 2 \lambda I$", "c");
    check(RIDGE, r"$\nabla^2 L(w) = X^T X + \lambda I$", "i");
    // At another point it is not read, and no product of a number and a vector.
    check(RIDGE, r"Let $v \in \mathbb{R}^d$. $L(w + v) = \|X w + X v - y\|^2 + \lambda \|w + v\|^2$", "du");
    check(RIDGE, r"$w^T (w + w) = 2 w^T w$ and $w^T (w + w) = w^T w$", "ci");
    // The bracket of a number that is multiplied stays one.
    check(RIDGE, r"$L \cdot (w) = w L$", "c");
    assert_eq!(mistake(RIDGE, r"$\nabla^2 L(w) = X^T X + \lambda I$").0, "factor");
}

#[test]
fn commands_of_the_document() {
    let head = r"\newcommand{\bw}{\mathbf{w}}\newcommand\T{^{\top}}\newcommand{\norm}[1]{\left\lVert #1 \right\rVert}
\def\X{\mathbf X}\DeclareMathOperator{\tr}{tr}
";
    check(RIDGE, &format!(r"{head}$L = \norm{{\X\bw - y}}^2 + \lambda\bw\T\bw$"), "c");
    check(RIDGE, &format!(r"{head}$L = \norm{{\X\bw - y}}^2 - \lambda\bw\T\bw$"), "i");
    check(RIDGE, &format!(r"{head}$\nabla_\bw L = 2\X\T(\X\bw - y) + 2\lambda\bw$"), "c");
    let result = graded(RIDGE, &format!("{head}\n$\\nabla_\\bw L = 2\\X\\T(\\X\\bw - y)$"), Format::Latex);
    assert_eq!((letters(&result).as_str(), result.claims[0].line), ("i", 4));
}

#[test]
fn definitions_hold_in_the_parts_below() {
    let text = |last: &str| format!("Let $r = X w - y$.\n\n(a) $\\nabla_w L = 2 X^T r + 2 \\lambda w$\n\n(b) {last}\n");
    check(RIDGE, &text("$L = r^T r + \\lambda w^T w$"), "dcc");
    check(RIDGE, &text("$L = r^T r - \\lambda w^T w$"), "dci");
    // A part that gives the name a meaning of its own is about that.
    check(RIDGE, &text("Let $r = w^T w$. $L = \\|X w - y\\|^2 + \\lambda r$"), "dcdc");
}

#[test]
fn differentials_beside_a_size_d() {
    check(RIDGE, "$dL = 2 (X w - y)^T X dw + 2 \\lambda w^T dw$", "c");
    check(RIDGE, "$dL = 2 (X w - y)^T X dw + \\lambda w^T dw$", "i");
    // Nothing is said to vary but what the question differentiates by.
    check(RIDGE, "Let $r = X w - y$. Then $\\partial (r^T r) = 2 r^T \\partial r$.", "dc");
    check(RIDGE, "Let $r = X w - y$. Then $\\partial (r^T r) = r^T \\partial r$.", "di");
    // Without differentials d is the size.
    check(RIDGE, "$\\operatorname{tr}(I_d) w = d w$", "c");
}

#[test]
fn rows_behind_words_between_rows() {
    let text = |last: &str| {
        format!(
            "\\begin{{align}}\nL &= \\|X w - y\\|^2 + \\lambda w^T w \\intertext{{and so}}\n\
             \\nabla_w L &= 2 X^T X w - 2 X^T y + 2 \\lambda w \\\\\n&= {last}\n\\end{{align}}\n"
        )
    };
    check(RIDGE, &text("2 X^T (X w - y) + 2 \\lambda w"), "ccc");
    check(RIDGE, &text("2 X^T (X w - y) + \\lambda w"), "cci");
}

#[test]
fn a_box_behind_an_arrow() {
    let text = |solution: &str| format!("\\[ X^T (X w - y) + \\lambda w = 0 \\implies \\boxed{{w = {solution}}}. \\]");
    check(RIDGE, &text("(X^T X + \\lambda I)^{-1} X^T y"), "cc");
    check(RIDGE, &text("(X^T X - \\lambda I)^{-1} X^T y"), "ci");
}

#[test]
fn an_array_behind_an_empty_bracket() {
    let text = |last: &str| {
        format!(
            "$$\n\\left. \\begin{{array}}{{l}} L = \\| X w - y \\| ^ 2 + \\lambda w ^ T w \\\\ \
             \\nabla_w L = {last} \\\\ \\end{{array}} \\right.\n$$"
        )
    };
    check(RIDGE, &text("2 X ^ T (X w - y) + 2 \\lambda w"), "cc");
    check(RIDGE, &text("2 X (X w - y) + 2 \\lambda w"), "ci");
}

#[test]
fn formulas_on_lines_of_their_own_go_on_over_a_blank_line() {
    let head = "$\\nabla_w L = 2 X^T X w - 2 X^T y + 2 \\lambda w$\n\n";
    check(RIDGE, &format!("{head}$= 2 X^T (X w - y) + 2 \\lambda w$"), "cc");
    check(RIDGE, &format!("{head}$= 2 X^T (X w + y) + 2 \\lambda w$"), "ci");
}

#[test]
fn quotations_and_brackets_that_end_with_the_formula() {
    let text = |c: &str| {
        format!(
            "> So\n>\n> $$\\begin{{aligned}}\n> \\nabla_w L &= 2 X^T X w - 2 X^T y + 2 \\lambda w \\\\\n\
             > &= 2 X^T (X w - y) + {c} \\lambda w\n> \\end{{aligned}}$$\n"
        )
    };
    check(RIDGE, &text("2"), "cc");
    check(RIDGE, &text("1"), "ci");
    check(RIDGE, r"\(\nabla_w L = 2 \left(X^T X w - X^T y + \lambda w\right.\)", "c");
    check(RIDGE, r"\(\nabla_w L = 2 \left(X^T X w - X^T y - \lambda w\right.\)", "i");
}

#[test]
fn members_are_the_rows_of_a_matrix_or_its_columns() {
    let rows = |sign: &str| format!("$L = \\sum_{{i=1}}^n (\\mathbf{{x}}_i^T w {sign} y_i)^2 + \\lambda w^T w$");
    check(RIDGE, &rows("-"), "c");
    check(RIDGE, &rows("+"), "i");
    let said = graded(RIDGE, &rows("-"), Format::Markdown).claims[0].meaning.clone();
    assert!(said.contains("x_i is read as row i of X"), "{said}");
    check(RIDGE, "$\\sum_{j=1}^d x_j w_j = X w$", "c");
    check(RIDGE, "$\\sum_{j=1}^d x_j w_j = X^T w$", "i");
    // Entries stay entries.
    check(RIDGE, "$(X w)_i = \\sum_j x_{ij} w_j$", "c");
}

#[test]
fn solutions_by_the_marks_of_their_names() {
    let head = "$\\nabla_w L = 2 X^T (X w - y) + 2 \\lambda w = 0$, so ";
    for name in ["w^\\star", "w^{\\ast}", "w^{new}", "\\hat{w}", "\\theta^{new}"] {
        check(RIDGE, &format!("{head}${name} = (X^T X + \\lambda I)^{{-1}} X^T y$"), "ccc");
        check(RIDGE, &format!("{head}${name} = (X^T X + 2 \\lambda I)^{{-1}} X^T y$"), "cci");
    }
    // A step from the old value is no solution.
    check(RIDGE, &format!("{head}let $r = X w - y$ and $w^{{new}} = X^T r$."), "ccdd");
}

#[test]
fn an_update_by_another_spelling_is_no_equation() {
    check(RIDGE, "$\\theta := \\theta - \\eta (2 X^T (X \\theta - y) + 2 \\lambda \\theta)$", "c");
    // Up the slope of a loss: no step that is known, and no claim that holds.
    check(RIDGE, "$\\theta := \\theta + \\eta (2 X^T (X \\theta - y) + 2 \\lambda \\theta)$", "");
}

#[test]
fn answers_are_found_in_other_spellings() {
    let answered = |problem: &str, text: &str, q: usize| {
        let result = graded(problem, text, Format::Markdown);
        result.questions[q].answer.map(|n| result.questions[q].verdict == Some(ClaimVerdict::Correct) && n > 0)
    };
    let text = |h: &str| format!("(b) $\\frac{{\\partial^2 L}}{{\\partial w \\partial w^T}} = {h}$");
    assert_eq!(answered(RIDGE, &text("2 X^T X + 2 \\lambda I"), 1), Some(true));
    assert_eq!(answered(RIDGE, &text("2 X^T X"), 1), Some(false));
    // By a member with another letter.
    let member =
        |sign: &str| format!("$\\frac{{\\partial L}}{{\\partial \\mu_j}} = {sign}\\sum_n r_{{nj}} (x_n - \\mu_j)$");
    assert_eq!(answered(MIXTURE, &member(""), 0), Some(true));
    assert_eq!(answered(MIXTURE, &member("-"), 0), Some(false));
    // Of something of equal value.
    let equal =
        |c: &str| format!("(a) $\\nabla_w (\\|X w - y\\|^2 + \\lambda w^T w) = 2 X^T (X w - y) + {c} \\lambda w$");
    assert_eq!(answered(RIDGE, &equal("2"), 0), Some(true));
}

#[test]
fn a_sum_without_brackets_goes_on_over_its_terms() {
    check(LOGISTIC, "$$L = -\\sum_i y_i \\log p_i + (1 - y_i) \\log(1 - p_i)$$", "c");
    check(LOGISTIC, "$$L = -\\sum_i y_i \\log p_i - (1 - y_i) \\log(1 - p_i)$$", "i");
    // Where no index says so, a term behind a sum is a term of its own.
    check(LOGISTIC, "$$L + w^T w = -\\sum_i (y_i \\log p_i + (1 - y_i) \\log(1 - p_i)) + w^T w$$", "c");
}

#[test]
fn conditions_on_members_that_are_asked_for() {
    let head = "$$\\frac{\\partial L}{\\partial \\mu_k} = \\sum_{n=1}^N r_{nk} (x_n - \\mu_k)$$\nSet it to zero: ";
    check(MIXTURE, &format!("{head}$\\mu_k = \\frac{{1}}{{N_k}} \\sum_n r_{{nk}} x_n$"), "cc");
    check(MIXTURE, &format!("{head}$\\mu_k = \\frac{{1}}{{N}} \\sum_n r_{{nk}} x_n$"), "ci");
}

#[test]
fn what_follows_from_a_wrong_derivative_on_the_way_is_carried() {
    let head =
        "$\\frac{\\partial L}{\\partial h} = V^T (V h - t)$\n\n$\\frac{\\partial L}{\\partial a} = V^T (V h - t)$\n\n";
    check(NETWORK, &format!("{head}$\\frac{{\\partial L}}{{\\partial W}} = V^T (V h - t) x^T$"), "cir");
    check(NETWORK, &format!("{head}$\\frac{{\\partial L}}{{\\partial W}} = x (V h - t)^T V$"), "cii");
    // Without the mistake before it, it is a mistake.
    check(NETWORK, "$\\frac{\\partial L}{\\partial W} = V^T (V h - t) x^T$", "i");
    // Of members, and by a differential.
    let members = "$\\frac{\\partial L}{\\partial z_i} = y_i - p_i$\n\n";
    check(LOGISTIC, &format!("{members}$\\nabla_w L = \\sum_i (y_i - p_i) x_i$"), "ir");
    let differential = "$dL = 2 (X w - y)^T X dw + \\lambda w^T dw$\n\n";
    check(RIDGE, &format!("{differential}$\\nabla_w L = 2 X^T (X w - y) + \\lambda w$"), "ir");
}

#[test]
fn entries_of_a_derivative_under_a_sum() {
    const LAYER: &str = "[symbols]\nX = [\"N\", \"D\"]\nY = [\"N\", \"H\"]\nW = [\"D\", \"H\"]\nb = [\"H\"]\n[definitions]\n\
                         A = \"X W + ones_N b'\"\n[objectives]\nL = \"1/2 ||A - Y||_F^2\"\n[[questions]]\nid = \"1\"\n\
                         of = \"L\"\nwrt = \"b\"\n";
    let text = |index: &str| {
        format!(
            "$\\frac{{\\partial L}}{{\\partial b_h}} = \\sum_{{n=1}}^N \\left[\\frac{{\\partial L}}{{\\partial A}}\\right]_{{{index}}}$"
        )
    };
    check(LAYER, &text("nh"), "c");
    let half = "$\\frac{\\partial L}{\\partial b_h} = \\frac12 \\sum_{n=1}^N \\left[\\frac{\\partial L}{\\partial A}\\right]_{nh}$";
    check(LAYER, half, "i");
    // Rows of ones by their size.
    check(LAYER, "$A = X W + \\mathbf{1}_{N \\times H} \\operatorname{diag}(b)$", "c");
    check(LAYER, "$A = X W - \\mathbf{1}_{N \\times H} \\operatorname{diag}(b)$", "i");
}

#[test]
fn an_entry_in_diag_is_the_vector_of_all() {
    const NEWTON: &str = "[symbols]\nX = [\"n\", \"d\"]\ny = [\"n\"]\nw = [\"d\"]\n[definitions]\np = \"sigmoid(X w)\"\n\
                          S = \"diag(p .* (1-p))\"\n[objectives]\nL = \"-y' log(p) - (1-y)' log(1-p)\"\n[[questions]]\n\
                          id = \"1\"\nask = \"hessian\"\nof = \"L\"\nwrt = \"w\"\n";
    check(NEWTON, "$S = \\mathrm{diag}(p_i (1 - p_i))$", "c");
    check(NEWTON, "$S = \\mathrm{diag}(p_i (1 + p_i))$", "i");
    check(NEWTON, "$\\nabla_w^2 L = X^T \\mathrm{diag}(p_i (1 - p_i)) X$", "c");
}

#[test]
fn names_with_scripts_that_are_no_families() {
    const STEP: &str = "[symbols]\nW = [\"h\", \"h\"]\nU = [\"h\", \"d\"]\nx_t = [\"d\"]\ns = [\"h\"]\nv = [\"h\"]\n[definitions]\n\
                        a_t = \"W s + U x_t\"\nh_t = \"tanh(a_t)\"\n[objectives]\nL = \"v' h_t\"\n[[questions]]\nid = \"1\"\n\
                        of = \"L\"\nwrt = \"U\"\n";
    check(STEP, "$\\frac{\\partial L}{\\partial a_t} = v \\odot (1 - h_t^2)$", "c");
    check(STEP, "$\\frac{\\partial L}{\\partial a_t} = v \\odot (1 - h_t)$", "i");
    let family =
        "[symbols]\nx_i = { family = \"i\", count = \"N\", shape = [\"h\"] }\n[definitions]\nz_i = \"\\\\sum_i x_i\"\n";
    let file = parse_problem_file(family).unwrap();
    let refused = build(file.each()[0].1, None).unwrap_err();
    assert!(refused.message.contains("the index i of the name is not free"), "{}", refused.message);
}

#[test]
fn mistakes_are_named_as_a_teacher_would() {
    let first = |text: &str| mistake(NETWORK, text);
    const GATE: &str = "[symbols]\no = [\"n\"]\nc = [\"n\"]\nd = [\"n\"]\n[objectives]\nL = \"d' (o .* tanh(c))\"\n\
                        [[questions]]\nid = \"1\"\nof = \"L\"\nwrt = \"o\"\n";
    let (kind, words) = mistake(GATE, "$\\nabla_o L = d \\odot c$");
    assert!(kind == "wrong_symbol" && words.contains("`c` stands where `\\tanh\\left(c\\right)` belongs"), "{words}");
    let (kind, words) = first("$\\frac{\\partial L}{\\partial a} = V^T (V h - t) \\odot (1 - h)$");
    assert!(kind == "factor" && words.contains("`h` has to be squared, entry by entry"), "{kind}: {words}");
    // Both differences of (x − μ)(x − μ)ᵀ stay as they are.
    const NORMAL: &str = "[symbols]\nx = [\"d\"]\nm = [\"d\"]\nS = [\"d\", \"d\"]\n[properties]\nS = [\"positive_definite\"]\n[objectives]\n\
                          L = \"(x-m)' S^-1 (x-m)\"\n[[questions]]\nid = \"1\"\nof = \"L\"\nwrt = \"S\"\n";
    let (kind, words) = mistake(NORMAL, "$\\frac{\\partial L}{\\partial S} = S^{-1} (x - m)(x - m)^T S^{-1}$");
    assert!(kind == "sign" && words.contains("with the opposite sign"), "{words}");
    let (kind, words) = mistake(NORMAL, "$\\frac{\\partial L}{\\partial m} = 2 S^{-1} (x - m)$");
    assert!(kind == "sign" && words.contains("the wrong way round"), "{words}");
    // Where indices differ.
    const SOFTMAX: &str = "[symbols]\nz = [\"K\"]\nt = [\"K\"]\n[definitions]\ny = \"softmax(z)\"\n[objectives]\nJ = \"-t' log(y)\"\n\
                           [[questions]]\nid = \"1\"\nof = \"J\"\nwrt = \"z\"\n";
    check(SOFTMAX, "For $j \\ne k$: $\\frac{\\partial y_k}{\\partial z_j} = -y_k y_j$", "c");
    // The j of an index is no J.
    check(SOFTMAX, "$\\frac{\\partial y_k}{\\partial z_j} = y_k (\\mathbf{1}[k = j] - y_j)$", "c");
    check(SOFTMAX, "$\\frac{\\partial y_k}{\\partial z_j} = y_k (\\mathbf{1}[k = j] + y_j)$", "i");
    let (kind, words) = mistake(SOFTMAX, "For $j \\ne k$: $\\frac{\\partial y_k}{\\partial z_j} = y_k y_j$");
    assert!(kind == "sign" && words.contains("where j and k differ"), "{words}");
}

#[test]
fn labels_that_agree_by_chance_hide_no_mistake() {
    const HINGE: &str = "[symbols]\nx_i = { family = \"i\", count = \"n\", shape = [\"d\"] }\ny_i = { family = \"i\", count = \"n\", shape = [] }\n\
                         w = [\"d\"]\n[properties]\ny_i = [\"sign\"]\n[objectives]\nJ = \"\\\\sum_{i=1}^n \\\\max(0, 1 - y_i w^T x_i)\"\n\
                         [[questions]]\nid = \"1\"\nof = \"J\"\nwrt = \"w\"\n";
    let (kind, words) = mistake(HINGE, "$\\nabla_w J = -\\sum_{i=1}^n \\mathbb{1}[y_i w^T x_i < 1] x_i$");
    assert!(kind == "factor" && words.contains("The factor `y_i` is missing"), "{kind}: {words}");
}
