//! Products over an index, sums that stop at another index, and functions of the table: right candidates beside wrong
//! ones, in both notations.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // a test may

mod checking;

use checking::status;
use std::process::Command;

/// Candidates for one derivative, with more arguments.
#[track_caller]
fn candidates(objective: &str, wrt: &str, more: &[&str], right: &[&str], wrong: &[&str]) {
    for (list, wanted) in [(right, 0), (wrong, 1)] {
        for candidate in list {
            let mut args = vec!["--objective", objective, "--wrt", wrt, "--candidate", candidate];
            args.extend(more);
            status(&args, wanted);
        }
    }
}

#[track_caller]
fn right_and_wrong(right: &str, wrong: &str) {
    status(&[right], 0);
    status(&[wrong], 1);
}

/// What a formula is read as, in the plain notation and in LaTeX.
#[track_caller]
fn read(formula: &str, more: &[&str]) -> (String, String) {
    let mut args = vec!["--read", formula];
    args.extend(more);
    let text = status(&args, 0);
    let line = |key: &str| {
        text.lines()
            .find_map(|l| l.trim_start().strip_prefix(key))
            .unwrap_or_else(|| panic!("no {key} in {text}"))
            .trim()
            .to_owned()
    };
    (line("read as"), line("latex"))
}

#[test]
fn the_logarithm_of_a_product_is_a_sum() {
    right_and_wrong("log prod_{i=1}^{n} x_i = sum_{i=1}^{n} log x_i", "log prod_{i=1}^{n} x_i = log sum_{i=1}^{n} x_i");
    right_and_wrong(
        r"\log \prod_{i=1}^n x_i = \sum_{i=1}^n \log x_i",
        r"\log \prod_{i=1}^n x_i = 2 \sum_{i=1}^n \log x_i",
    );
    let said = status(&["ln ∏_i x_i = Σ_i ln x_i"], 0);
    assert!(said.contains("the factors x_i of the product are above 0"), "{said}");
    let normal = r"\log \prod_{i=1}^{n} \frac{1}{\sqrt{2\pi\sigma^2}} \exp(-\frac{(x_i-\mu)^2}{2\sigma^2})";
    candidates(
        normal,
        r"\mu",
        &[],
        &[r"\frac{1}{\sigma^2}\sum_{i=1}^n (x_i - \mu)", "(sum(x) - n mu)/sigma^2"],
        &[r"\frac{1}{\sigma^2}\sum_{i=1}^n (\mu - x_i)", r"\frac{1}{2\sigma^2}\sum_{i=1}^n (x_i - \mu)"],
    );
    candidates(
        r"\log(\prod_{i=1}^{n} p_i^{y_i} (1-p_i)^{1-y_i})",
        "p_k",
        &[],
        &["y_k/p_k - (1 - y_k)/(1 - p_k)", "(y_k - p_k)/(p_k (1 - p_k))"],
        &["y_k/p_k + (1 - y_k)/(1 - p_k)", "y_k/p_k"],
    );
}

#[test]
fn a_product_of_positive_factors_is_differentiated() {
    let positive = ["--assume", "x positive", "--shape", "x: n"];
    candidates(
        "∏_{i=1}^{n} x_i",
        "x_k",
        &positive,
        &["∏_{j≠k} x_j", r"\prod_{j \neq k} x_j", "(prod_{j=1}^{n} x_j)/x_k", r"\frac{1}{x_k} \prod_j x_j"],
        &["∏_{j=1}^{n} x_j", "sum_{j≠k} x_j", "(prod_{j=1}^{n} x_j) x_k"],
    );
    let likelihood = r"\prod_{i=1}^{n} \sigma(\theta^\top x_i)^{y_i} (1-\sigma(\theta^\top x_i))^{1-y_i}";
    candidates(
        likelihood,
        "theta",
        &["--shape", "x_i: d, i=1..n", "--shape", "y_i: , i=1..n", "--shape", "theta: d"],
        &[&format!(r"\left({likelihood}\right) \sum_{{i=1}}^n (y_i - \sigma(\theta^\top x_i)) x_i")],
        &[&format!(r"\left({likelihood}\right) \sum_{{i=1}}^n (\sigma(\theta^\top x_i) - y_i) x_i")],
    );
    right_and_wrong(r"\prod_{i=1}^n e^{x_i} = e^{\sum_i x_i}", r"\prod_{i=1}^n e^{x_i} = e^{\prod_i e^{x_i}}");
    let rate = ["--assume", "lambda positive"];
    let exponential = "prod_{i=1}^n lambda exp(-lambda x_i)";
    for (right, wanted) in [("lambda^n exp(-lambda sum(x))", 0), ("lambda exp(-lambda sum(x))", 1)] {
        status(&[&[format!("{exponential} = {right}").as_str()], &rate[..]].concat(), wanted);
    }
    right_and_wrong("Π_{i=1}^{n} exp(x_i) = exp(sum(x))", "Π_{i=1}^{n} exp(x_i) = exp(n sum(x))");
    right_and_wrong(
        "prod_{i,j, i<j} e^{x_i x_j} = exp(sum_{i<j} x_i x_j)",
        "prod_{i,j} e^{x_i x_j} = exp(sum_{i<j} x_i x_j)",
    );
}

#[test]
fn a_product_of_factors_of_any_sign_is_refused() {
    for formula in [
        "prod_{i=1}^{n} x_i = |prod_{i=1}^{n} x_i|",
        r"\prod_{i=1}^n x_i = \left|\prod_{i=1}^n x_i\right|",
        "∏_i x_i^2 = (∏_i x_i)^2",
        "∏_i (1 - x_i) = exp(Σ_i log(1 - x_i))",
    ] {
        let said = status(&[formula], 2);
        assert!(said.contains("only where its factors"), "{said}");
    }
    // Not positive in every case: max(0, x), a probability that may be 0, 1 − p of an unknown p.
    for (formula, property) in
        [("∏_i relu(x_i) = exp(Σ_i log relu(x_i))", "x nonnegative"), ("∏_i x_i = |∏_i x_i|", "x nonnegative")]
    {
        status(&[formula, "--assume", property], 2);
    }
    let said = status(&["--read", "∏_l W_l x", "--shape", "W_l: n×n, l=1..L", "--shape", "x: n"], 2);
    assert!(said.contains("not scalars"), "{said}");
}

#[test]
fn sums_stop_at_another_index() {
    candidates(
        r"\sum_{i=1}^n \sum_{j=1}^{i} A_{ij} x_j",
        "x_k",
        &[],
        &[r"\sum_{i=k}^{n} A_{ik}", "sum_{i≥k} A_{ik}", "sum_{i=1}^{n} 1[i >= k] A_{ik}"],
        &[r"\sum_{i=1}^{k} A_{ik}", "sum_{i>k} A_{ik}", r"\sum_{i=1}^{n} A_{ik}"],
    );
    candidates(
        "sum_{i=1}^{n} sum_{j=i+1}^{n} A_{ij} x_j",
        "x_k",
        &[],
        &["sum_{i=1}^{k-1} A_{ik}", "sum_{i<k} A_{ik}"],
        &["sum_{i=1}^{k} A_{ik}", "sum_{i≤k} A_{ik}", "sum_{i≠k} A_{ik}"],
    );
    candidates(
        "sum_{i<j} x_i x_j",
        "x_k",
        &[],
        &["sum_{j≠k} x_j", "sum(x) - x_k", r"\sum_{j<k} x_j + \sum_{j>k} x_j"],
        &["sum_{j<k} x_j", "sum_{j} x_j", "2 sum_{j≠k} x_j"],
    );
    candidates(
        r"\sum_{i<j} x_i x_j",
        "x",
        &[],
        &[r"(\mathbf{1}\mathbf{1}^\top - I) x"],
        &[r"\mathbf{1}\mathbf{1}^\top x"],
    );
    right_and_wrong(
        "sum_{i=1}^{n} sum_{j≤i} A_{ij} + sum_{i<j} A_{ij} = sum_{i,j} A_{ij}",
        "sum_{i=1}^{n} sum_{j<i} A_{ij} + sum_{i<j} A_{ij} = sum_{i,j} A_{ij}",
    );
    right_and_wrong(
        r"\sum_{i=1}^{n} \sum_{j=i+1}^{n} A_{ij} = \sum_{1 \le i < j \le n} A_{ij}",
        r"\sum_{i=1}^{n} \sum_{j=i}^{n} A_{ij} = \sum_{1 \le i < j \le n} A_{ij}",
    );
    right_and_wrong(
        r"\sum_{i,j, i<j} A_{ij} = \sum_{j} \sum_{i<j} A_{ij}",
        r"\sum_{i,j, i<j} A_{ij} = \sum_{i} \sum_{j<i} A_{ij}",
    );
    right_and_wrong(
        "sum_{i=1}^{n} sum_{j=1}^{i+1} A_{ij} = sum_{i=1}^{n} sum_{j=1}^{i} A_{ij} + sum_{i=1}^{n-1} A_{i,i+1}",
        "sum_{i=1}^{n} sum_{j=1}^{i+1} A_{ij} = sum_{i=1}^{n} sum_{j=1}^{i} A_{ij} + sum_{i=1}^{n-1} A_{i+1,i}",
    );
    let vector = ["--shape", "x: n"];
    for (formula, wanted) in [
        ("sum_{i=1}^{n} sum_{j=1}^{i} x_j = sum_{j=1}^{n} (n - j + 1) x_j", 0),
        ("sum_{i=1}^{n} sum_{j=1}^{i} x_j = sum_{j=1}^{n} (n - j) x_j", 1),
    ] {
        status(&[&[formula], &vector[..]].concat(), wanted);
    }
    right_and_wrong(
        r"\sum_{t=1}^T \sum_{s=1}^t a_s b_t = \sum_{s=1}^T a_s\sum_{t=s}^T b_t",
        r"\sum_{t=1}^T \sum_{s=1}^t a_s b_t = \sum_{s=1}^T a_s\sum_{t=1}^s b_t",
    );
    right_and_wrong(
        r"\sum_{t=1}^T \sum_{s=1}^t a_s = \sum_{s=1}^T \sum_{t=s}^T a_s",
        r"\sum_{t=1}^T \sum_{s=1}^t a_s = \sum_{s=1}^T \sum_{t=1}^s a_s",
    );
    // An index may not run further than what it indexes.
    let said = status(&["--read", "sum_{i=1}^{m} sum_{j=1}^{i} A_{ij}", "--shape", "A: m×n"], 2);
    assert!(said.contains("runs over"), "{said}");
}

#[test]
fn what_is_printed_reads_back() {
    for (formula, more) in [
        ("∏_{i=1}^{n} exp(x_i) lambda", &["--shape", "x: n", "--assume", "lambda positive"][..]),
        ("(∏_{j} exp(x_j)) lambda", &["--shape", "x: n"]),
        ("sum_{i=1}^{n} sum_{j=1}^{i-1} A[i,j]", &[]),
        ("sum_{1≤i<j≤n} A[i,j]", &["--shape", "A: n×n"]),
        ("sum_{i, j>i} A[i,j]", &["--shape", "A: n×n"]),
        ("sech(x) + arctan(x) + leakyrelu(x, alpha)", &[]),
        ("tanh'(x) ⊙ sigmoid'(x)", &[]),
        ("W[k,:] x + W_{k·} y", &["--shape", "W: m×n", "--shape", "x: n", "--shape", "y: n"]),
        (r"A^{\mathrm H} A", &["--shape", "A: m×n"]),
    ] {
        let (plain, latex) = read(formula, more);
        assert_eq!(read(&plain, more), (plain.clone(), latex.clone()), "{formula}");
        assert_eq!(read(&latex, more), (plain, latex.clone()), "{formula}");
    }
}

#[test]
fn functions_have_their_derivatives() {
    for (objective, right, wrong) in [
        ("sum(arctan(x))", "1 ./ (1 + x .^ 2)", "1 ./ (1 - x .^ 2)"),
        (r"\sum_i \arctan(x_i)", r"\frac{1}{1 + x \odot x}", r"\sec(x) \odot \sec(x)"),
        ("sum(arcsin(x))", "1 ./ sqrt(1 - x .^ 2)", "1 ./ (1 - x .^ 2)"),
        ("sum(acos(x))", "-(1 - x ⊙ x).^(-1/2)", "(1 - x ⊙ x).^(-1/2)"),
        ("sum(sec(x))", "sec(x) ⊙ tan(x)", "-sec(x) ⊙ tan(x)"),
        (r"\sum_i \cot(x_i)", r"-\csc(x) \odot \csc(x)", r"\csc(x) \odot \csc(x)"),
        ("sum(sech(x))", "-sech(x) ⊙ tanh(x)", "sech(x) ⊙ tanh(x)"),
        ("sum(tanh(x))", "sech(x) .^ 2", "sech(x)"),
        ("sum(coth(x))", "-csch(x) .^ 2", "1 - tanh(x) .^ 2"),
        ("sum(erf(x))", "2/sqrt(pi) exp(-x ⊙ x)", "1/sqrt(pi) exp(-x ⊙ x)"),
        ("sum(silu(x))", "σ(x) + x ⊙ σ(x) ⊙ (1 - σ(x))", "σ(x) ⊙ (1 - σ(x))"),
        ("sum(gelu(x))", "1/2 (1 + erf(x/sqrt(2))) + x ⊙ exp(-x ⊙ x/2)/sqrt(2 pi)", "1/2 (1 + erf(x/sqrt(2)))"),
        ("sum(leakyrelu(x, alpha))", "(x > 0) + alpha (x < 0)", "(x > 0) - alpha (x < 0)"),
    ] {
        candidates(objective, "x", &[], &[right], &[wrong]);
    }
}

#[test]
fn a_prime_makes_a_known_function_its_derivative() {
    right_and_wrong("tanh'(x) = 1 - tanh(x)^2", "tanh'(x) = 1 + tanh(x)^2");
    right_and_wrong(r"\sigma'(z) = \sigma(z) \odot (1 - \sigma(z))", r"\sigma'(z) = \sigma(z) \odot (1 + \sigma(z))");
    candidates(
        "1/2 ||sigma(W x) - y||^2",
        "W",
        &[],
        &["((σ(W x) - y) ⊙ σ'(W x)) x'", r"\left((\sigma(Wx) - y) \odot \sigma'(Wx)\right) x^\top"],
        &["((σ(W x) - y) ⊙ σ(W x)) x'", "((σ(W x) - y) ⊙ tanh'(W x)) x'"],
    );
    candidates("sum(relu(A x))", "x", &[], &["A' relu'(A x)"], &["A relu'(A x)", "A' relu(A x)"]);
    let said = status(&["--read", "softmax'(x)"], 2);
    assert!(said.contains("no derivative that a prime could mean"), "{said}");
}

/// An identity as a batch request, with its verdict.
#[track_caller]
fn identity(left: &str, right: &str, rest: &str, wanted: &str) -> String {
    let quote = |s: &str| format!("\"{}\"", s.replace('\\', "\\\\"));
    let request =
        format!("{{\"ask\":\"identity\",\"objective\":{},\"candidate\":{},{rest}}}", quote(left), quote(right));
    let mut child = Command::new(env!("CARGO_BIN_EXE_gradmark"))
        .args(["check", "--jsonl", "-"])
        .stdin(std::process::Stdio::piped())
        .stdout(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    std::io::Write::write_all(&mut child.stdin.take().unwrap(), request.as_bytes()).unwrap();
    let text = String::from_utf8(child.wait_with_output().unwrap().stdout).unwrap();
    assert!(text.contains(&format!("\"verdict\":\"{wanted}\"")), "{left} = {right}\n{text}");
    text
}

#[test]
fn rows_and_columns_of_a_matrix() {
    let shapes = "\"symbols\":{\"W\":[\"m\",\"n\"],\"x\":[\"n\"]}";
    for row in ["W_{k,:} x", "W_{k:} x", r"W_{k\cdot} x", r"W_{k,\cdot} x", r"W_{k\bullet} x", "W[k,:] x", "W_{k.} x"] {
        identity("(Wx)_k", row, shapes, "correct");
        identity("(Wx)_k", &format!("2 {row}"), shapes, "incorrect");
    }
    for column in ["W[k,:]^T x", "x^T W[k,:]", r"x^\top W_{k\cdot}"] {
        let said = identity("(Wx)_k", column, shapes, "correct");
        assert!(said.contains("is taken as a column, since it does not fit as a row"), "{said}");
        identity("(Wx)_k", &format!("-{column}"), shapes, "incorrect");
    }
    let two = "\"symbols\":{\"A\":[\"m\",\"n\"],\"X\":[\"n\",\"p\"]}";
    identity("A X", r"\sum_k A_{\cdot k} X_{k \cdot}", two, "correct");
    identity("(A X)_{ij}", "A_{i:} X_{:j}", two, "correct");
    let square = "\"symbols\":{\"A\":[\"n\",\"n\"],\"X\":[\"n\",\"n\"]}";
    identity("(A X)_{ij}", "A_{i:} X_{j:}", square, "incorrect");
    identity("A X", r"\sum_k A_{k\cdot}^\top X_{k \cdot}", square, "incorrect");
    let more = ["--shape", "X: n×d", "--shape", "w: d", "--shape", "y: n"];
    candidates(
        r"\sum_i (y_i - w^T X_{i,:})^2",
        "w",
        &more,
        &[r"-2\sum_i (y_i - w^T X_{i,:}) X_{i,:}", "-2 X' (y - X w)"],
        &[r"2\sum_i (y_i - w^T X_{i,:}) X_{i,:}", r"-2\sum_i (y_i - X_{i,:} w) X_{i,:}"],
    );
}

#[test]
fn pseudo_inverses_and_conjugates() {
    let shapes = |constraint: &str| format!("\"symbols\":{{\"X\":[\"m\",\"n\"]}},\"constraints\":[{constraint}]");
    let (tall, wide) = (shapes("\"m > n\""), shapes("\"m <= n\""));
    for inverse in ["X^+", r"X^{\dagger}", "pinv(X)", "X^†"] {
        let said = identity(inverse, "(X'X)^-1 X'", &tall, "correct");
        assert!(said.contains("the columns of X are independent"), "{said}");
        identity(inverse, "(X'X)^-1 X", &tall, "incorrect");
        identity(inverse, "X' (X X')^-1", &wide, "correct");
        identity(inverse, "X' (X' X)^-1", &wide, "incorrect");
        let said = identity(inverse, "(X'X)^-1 X'", &shapes(""), "unreadable");
        assert!(said.contains("add the constraint m > n or m < n"), "{said}");
    }
    identity("X^+ X X^+", "X^+", &tall, "correct");
    identity("X X^+", "I", &tall, "incorrect");
    let square = "\"symbols\":{\"A\":[\"n\",\"n\"],\"x\":[\"n\"]}";
    identity("A^+ A", "I", square, "unreadable");
    assert!(identity("x^+", "x", square, "unreadable").contains("max(0, x)"));
    assert!(identity("A^H A", "A^T A", square, "correct").contains("all matrices are real"));
    identity(r"A^{\mathsf H} A", "A A", square, "incorrect");
    // A star makes a name, and no transpose.
    identity("A^* A", "A^T A", square, "unreadable");
    let named = "\"symbols\":{\"A\":[\"n\",\"n\"],\"H\":[]},\"properties\":{\"H\":[\"integer\"]}";
    identity("A^H A", "A^{H+1}", named, "correct");
}

#[test]
fn a_sum_takes_the_terms_with_its_index_where_nothing_else_has_it() {
    let more = ["--shape", "theta: d", "--shape", "x_i: d, i=1..m", "--shape", "y_i: , i=1..m", "--shape", "lambda: "];
    let h = r"\sigma(\theta^\top x_i)";
    candidates(
        &format!(r"-\frac1m \sum_{{i=1}}^m y_i \log {h} + (1-y_i)\log(1-{h}) + \lambda \theta^\top\theta"),
        "theta",
        &more,
        &[&format!(r"\frac1m \sum_{{i=1}}^m ({h} - y_i) x_i + 2\lambda\theta")],
        &[
            &format!(r"\frac1m \sum_{{i=1}}^m (y_i - {h}) x_i + 2\lambda\theta"),
            &format!(r"\frac1m \sum_{{i=1}}^m ({h} - y_i) x_i"),
        ],
    );
    // In an answer a lost sum stays a mistake.
    candidates("sum_i (a_i x_i + b_i x_i^2)", "a", &[], &["x"], &["x + b"]);
    status(&["sum_i (a_i + b_i) = sum_i a_i + b_i"], 1);
}

#[test]
fn a_dot_between_two_vectors_is_their_inner_product() {
    let more = ["--shape", "x: n", "--shape", "w: n"];
    for dot in [r"w \cdot x", "w · x"] {
        candidates(&format!("({dot})^2"), "x", &more, &["2 (w'x) w", r"2 (w \cdot x) w"], &["2 (w'x) x", "(w · x) w"]);
    }
    // A star may be meant entry by entry.
    status(&["--objective", "sum(w * x)", "--wrt", "x", "--candidate", "w", "--shape", "x: n", "--shape", "w: n"], 2);
    candidates(r"\langle A, X\rangle_F", "X", &[], &["A"], &["A'"]);
    candidates(r"{\rm tr}(A X) + \mathop{\rm tr}(X)", "X", &["--shape", "A: n×n"], &["A' + I"], &["A + I"]);
}
