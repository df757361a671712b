//! Equations as people type them, checked without declarations: each right one beside a wrong one.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // a test may

mod checking;

use checking::status;

#[track_caller]
fn right_and_wrong(right: &str, wrong: &str) {
    status(&[right], 0);
    status(&[wrong], 1);
}

#[test]
fn differentials() {
    right_and_wrong("d tr(A X) = tr(A dX)", "d tr(A X) = tr(dX' A)");
    right_and_wrong("d tr(X X) = 2 tr(X dX)", "d tr(X X) = tr(X dX)");
    right_and_wrong("d(X^-1) = -X^-1 dX X^-1", "d(X^-1) = -X^-1 X^-1 dX");
    right_and_wrong("d||x||^2 = 2 x' dx", "d||x||^2 = 2 x dx'");
    right_and_wrong("d log det X = tr(X^-1 dX)", "d log det X = tr(X^-1' dX)");
    right_and_wrong(
        r"\mathrm{d}(AB) = (\mathrm{d}A) B + A\,\mathrm{d}B",
        r"\mathrm{d}(AB) = (\mathrm{d}A)(\mathrm{d}B)",
    );
}

#[test]
fn a_differential_keeps_the_pattern_of_its_symbol() {
    status(&["d tr(A X) = tr(A' dX)", "--assume", "X symmetric"], 0);
    status(&["d tr(A X) = tr(A' dX)", "--assume", "X diagonal"], 0);
    status(&["d tr(A X) = tr(A' dX)"], 1);
    status(&["d tr(A X) = -tr(A' dX)", "--assume", "X symmetric"], 1);
    // The entries of an orthogonal matrix do not vary freely: no verdict rather than a false one.
    assert!(status(&["Q' dQ = -dQ' Q", "--assume", "Q orthogonal"], 2).contains("vary freely"));
}

#[test]
fn bars_below_a_logarithm_are_a_determinant() {
    right_and_wrong("∂/∂K log|K| = K^{-T}", "∂/∂K log|K| = K^-1");
    assert!(status(&["--read", "log|K|"], 0).contains("1×1"));
}

#[test]
fn what_the_shapes_settled_is_said() {
    let text = status(&["x ⊙ A y = diag(x) A y"], 0);
    assert!(text.contains("is grouped so, since it does not fit from the left"), "{text}");
    status(&["x ⊙ A y = A diag(x) y"], 1);
    let text = status(&["sum(z^2) = z'z", "--shape", "z: n"], 0);
    assert!(text.contains("is taken entry by entry"), "{text}");
    // A square matrix has powers of its own.
    status(&["tr(C^2) = tr(C C)", "--shape", "C: n×n"], 0);
    status(&["tr(C^2) = sum(C .* C)", "--shape", "C: n×n"], 1);
}

#[test]
fn undeclared_names_do_not_shrink_to_fit_a_wrong_side() {
    // x xᵀ is a matrix: ‖x‖² = x xᵀ is not saved by taking x for a number.
    right_and_wrong("||x||^2 = x' x", "||x||^2 = x x'");
    right_and_wrong("∇_x (a'x) = a", "∇_x (a'x) = a x");
    right_and_wrong("d||x||^2 = 2 x' dx", "d||x||^2 = 2 x dx'");
    // Upper case may be a vector where nothing else fits.
    right_and_wrong("∇_w ||Y - X w||^2 = 2 X'(X w - Y)", "∇_w ||Y - X w||^2 = 2 X (X w - Y)");
}

#[test]
fn undeclared_names_are_numbers_where_nothing_speaks_against_it() {
    right_and_wrong("d/dx sin(x)^2 = sin(2x)", "d/dx sin(x)^2 = 2 sin(x)");
    right_and_wrong("d/dx exp(-x) = -exp(-x)", "d/dx exp(-x) = exp(-x)");
    right_and_wrong("d/dx log(x) = 1/x", "d/dx log(x) = 1/x^2");
    right_and_wrong("d/dx x/(1 + x) = 1/(1 + x)^2", "d/dx x/(1 + x) = -1/(1 + x)^2");
    right_and_wrong("d/dx (a x^2 + b x + c) = 2 a x + b", "d/dx (a x^2 + b x + c) = a x + b");
}

#[test]
fn what_is_added_to_an_inner_product_is_a_number() {
    right_and_wrong(
        "∂/∂w sigmoid(w'x + b) = sigmoid(w'x + b) (1 - sigmoid(w'x + b)) x",
        "∂/∂w sigmoid(w'x + b) = sigmoid(w'x + b) (1 + sigmoid(w'x + b)) x",
    );
    right_and_wrong("∂/∂w (y - w'x - b)^2 = -2 (y - w'x - b) x", "∂/∂w (y - w'x - b)^2 = 2 (y - w'x - b) x");
    // What is transposed is a vector all the same.
    assert!(status(&["--read", "b'b + (w'x + b)'(w'x + b)"], 0).contains("b is a vector"));
}

#[test]
fn single_bars_around_a_vector_measure_it_under_a_power() {
    right_and_wrong("∂/∂x |A x - b|^2 = 2 A'(A x - b)", "∂/∂x |A x - b|^2 = 2 A'|A x - b|");
    right_and_wrong("∂/∂x sum_i |x_i|^2 = 2 x", "∂/∂x sum_i |x_i|^2 = 2 |x|");
    right_and_wrong("x'x + tr(C) = |x|^2 + tr(C)", "x'x + tr(C) = |x| + tr(C)");
    status(&["sum_{i=1}^n x_i (|x|.^2)_i = sum(x .* x .* x)", "--shape", "x: n"], 0);
}

#[test]
fn a_delta_has_the_range_of_its_own_sum() {
    let shapes = ["--shape", "b: m", "--shape", "C: n×n"];
    let sides =
        |right: &str| format!("sum_{{i=1}}^m b_i^2 + sum_{{i=1}}^n sum_{{j=1}}^n delta(i,j) C_{{ij}} = {right}");
    status(&[&[sides("||b||^2 + tr(C)").as_str()], &shapes[..]].concat(), 0);
    status(&[&[sides("||b||^2 - tr(C)").as_str()], &shapes[..]].concat(), 1);
    status(
        &[&["sum_{i=1}^m i b_i + sum_{i=1}^n i C_{ii} = sum_{k=1}^m k b_k + sum_{j=1}^n j C_{jj}"], &shapes[..]]
            .concat(),
        0,
    );
}

#[test]
fn inverses_that_exist_together_only_for_a_square_matrix() {
    let shape = ["--shape", "X: m×n"];
    for constraint in [&[][..], &["--assume", "m < n"], &["--assume", "m > n"]] {
        status(&[&["X'(X X')^-1 = (X'X)^-1 X'"], &shape[..], constraint].concat(), 1);
    }
    status(&[&["d/dX log det(X'X) = 2 (X X')^-1 X"], &shape[..]].concat(), 1);
    status(&[&["d/dX log det(X'X) = 2 X (X'X)^-1"], &shape[..]].concat(), 0);
    // Full column rank is what the inverse says; the sides are equal wherever it exists.
    status(&[&["X (X'X)^-1 X'X = X"], &shape[..]].concat(), 0);
    status(&["X'(X X')^-1 = (X'X)^-1 X'", "--shape", "X: n×n"], 0);
}

#[test]
fn the_logistic_function_of_zero_is_a_number() {
    let shapes = ["--shape", "s: scalar", "--shape", "t: scalar"];
    status(&[&["∂/∂s (s t sigmoid(0)) = t sigmoid(0)"], &shapes[..]].concat(), 0);
    status(&[&["∂/∂s (s t sigmoid(t - t)) = t/2"], &shapes[..]].concat(), 0);
    status(&[&["∂/∂s (s t sigmoid(0)) = t"], &shapes[..]].concat(), 1);
}
