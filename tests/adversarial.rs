//! Formulas written to be judged wrongly: each has cost some checker a wrong verdict.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // a test may

mod asking;

use asking::{ask, ask_fully, request, verdict};
use gradmark::verdict::Verdict;
use serde_json::json;

#[track_caller]
fn right(kind: &str, objective: &str, wrt: &str, candidate: &str) {
    assert_eq!(verdict(kind, objective, wrt, candidate), Some(Verdict::Correct), "{objective} by {wrt}: {candidate}");
}

#[track_caller]
fn wrong(kind: &str, objective: &str, wrt: &str, candidate: &str) {
    assert_eq!(verdict(kind, objective, wrt, candidate), Some(Verdict::Incorrect), "{objective} by {wrt}: {candidate}");
}

#[track_caller]
fn unread(objective: &str, candidate: &str) {
    let answer = ask(&request("identity", objective, "", Some(candidate)));
    assert_eq!(answer.verdict, Some(Verdict::Unreadable), "{objective}: {candidate} was read as {:?}", answer.read_as);
}

#[test]
fn free_indices_are_read_in_alphabetic_order() {
    right("gradient", "||X||^2", "X", "2 X_{ij}");
    right("gradient", "||X||^2", "X", "2 X_{jk}");
    wrong("gradient", "||X||^2", "X", "2 X_{ji}");
    right("gradient", "x'C x", "x", "sum_j (C_{ij} + C_{ji}) x_j");
    // A missing Σ is no free index of the answer.
    wrong("gradient", "x'C x", "x", "C_{ij} x_j + C_{ji} x_j");
    right("jacobian", "inv(C)", "C", "-(C^-1)_{ik} (C^-1)_{lj}");
    wrong("jacobian", "inv(C)", "C", "-(C^-1)_{ki} (C^-1)_{jl}");
    right("hessian", "logdet(C)", "C", "-(C^-1)_{jk} (C^-1)_{li}");
    wrong("hessian", "logdet(C)", "C", "-(C^-1)_{ik} (C^-1)_{lj}");
    right("gradient", "sum_{i=1}^{n-1} x_i x_{i+1}", "x_j", "(j < n) x_{j+1} + (j > 1) x_{j-1}");
    let mut either = request("jacobian", "inv(C)", "C", Some("-(C^-1)_{ki} (C^-1)_{jl}"));
    either["layout"] = json!("either");
    assert_eq!(ask(&either).verdict, Some(Verdict::Correct));
}

#[test]
fn no_part_of_a_formula_is_left_out() {
    unread("x", "\\overset{y}{x}");
    unread("x", "\\stackrel{y}{x}");
    unread("t", "t^2^s");
    unread("C", "I_q C");
    right("identity", "C_{12}", "", "C_{1,2}");
    wrong("identity", "C_{12}", "", "C_{2,1}");
}

#[test]
fn a_scalar_in_front_keeps_an_entrywise_product() {
    right("gradient", "sum(tanh(C .* C))", "C", "2 (1 - tanh(C.*C).^2) .* C");
}

#[test]
fn signs_to_the_power_of_a_dimension() {
    // det(−D) is det D at every even n, also beside a function that only floating point evaluates.
    wrong("identity", "norm1(A B) + det(D)", "", "det(-D') + norm1(A B)");
    wrong("identity", "det(-D') + norm1(A B)", "", "norm1(A B) + det(D)");
    right("identity", "norm1(A B) + det(D)", "", "det(D') + norm1(A B)");
}

#[test]
fn signs_that_one_variable_alone_changes() {
    // The two differ only where −2 < s < −1.
    wrong("gradient", "norm1(A B + s A B)", "s", "tr(A B sign((2 + s) A B)')");
    right("gradient", "norm1(A B + s A B)", "s", "tr(A B sign((1 + s) A B)')");
    for other in ["x - o", "x - o/2 - o/2", "-(o/2 + o/2) + x", "x + 2 o", "x + q"] {
        wrong("identity", "sign(logsumexp(o + x))", "", &format!("sign(logsumexp({other}))"));
    }
}

#[test]
fn terms_too_small_to_see() {
    for weight in ["10^-8", "10^-15", "10^-33", "10^-40"] {
        wrong("gradient", "x'x", "x", &format!("2 x + {weight} y"));
        wrong("gradient", "sum(exp(x))", "x", &format!("exp(x) + {weight} sin(y)"));
    }
    for extra in ["10^-300", "exp(-200)", "(1 - tanh(90))", "sigmoid(-500)"] {
        let found = verdict("gradient", "sum(exp(x))", "x", &format!("exp(x) + {extra} y"));
        assert_ne!(found, Some(Verdict::Correct), "{extra}");
    }
    // Such constants are no reason to doubt what is right.
    right("gradient", "sum(tanh(100 x))", "x", "100 - 100 tanh(100 x).^2");
    right("gradient", "t^2 * 10^-40", "t", "2 t * 10^-40");
}

#[test]
fn multiples_of_primes() {
    for p in ["2305843009213693951", "2147483647", "18446744073709551557", "2305843009213693921"] {
        wrong("gradient", "x'x", "x", &format!("2 x + {p} y"));
        wrong("gradient", "x'C x", "x", &format!("C x + C'x + {p} * {p} C C x"));
    }
}

#[test]
fn a_smaller_domain_is_another_function() {
    wrong("identity", "log(t^2)", "", "2 log(t)");
    wrong("identity", "2 log(t)", "", "log(t^2)");
    right("identity", "log(beta^2)", "", "2 log(beta)");
    wrong("identity", "log(s t)", "", "log(s) + log(t)");
    // Equal as normal forms, and so wherever both are defined, either way round.
    right("identity", "t", "", "exp(log t)");
    right("identity", "exp(log t)", "", "t");
    right("gradient", "t^2/2", "t", "exp(log t)");
    wrong("gradient", "t^2/2", "t", "exp(log(t^2))/t + exp(log t) - t + 10^-8");
    right("identity", "tan(t)", "", "sin(t)/cos(t)");
    right("gradient", "log(t^2)", "t", "2/t");
    wrong("gradient", "t log(t^2)", "t", "2 log(t) + 2");
}

#[test]
fn identities_of_small_matrices() {
    wrong("identity", "C C", "", "tr(C) C - det(C) I");
    wrong("identity", "C C C", "", "tr(C) C C - 1/2 (tr(C)^2 - tr(C C)) C + det(C) I");
    wrong("identity", "det(C)", "", "1/2 (tr(C)^2 - tr(C C))");
    let mut two = request("identity", "C C", "", Some("tr(C) C - det(C) I"));
    two["symbols"]["C"] = json!([2, 2]);
    assert_eq!(ask(&two).verdict, Some(Verdict::Correct));
    wrong("identity", "tr(C)", "", "1/2 n tr(C)");
    wrong("identity", "(-1)^n", "", "1");
}

#[test]
fn properties_are_sampled_whole() {
    wrong("identity", "det(Q)", "", "1");
    right("identity", "|det(Q)|", "", "1");
    wrong("identity", "Q Q", "", "I");
    wrong("identity", "o'x", "", "x_1");
    right("identity", "o o'", "", "diag(o)");
    wrong("identity", "q .* q", "", "q");
    wrong("identity", "w", "", "ones");
    right("identity", "w.^3", "", "w");
    wrong("identity", "C^k", "", "C^2");
}

#[test]
fn blocks_of_an_axis() {
    let index = "sum_{p=1}^n sum_{q=1}^n delta(i, n (u - 1) + p) delta(j, n (l - 1) + q) D[p,q]";
    right("jacobian", "(kron(C, D))_{ij}", "C_{ul}", index);
    wrong("jacobian", "(kron(C, D))_{ij}", "C_{lu}", index);
}

#[track_caller]
fn same(left: &str, right: &str) {
    self::right("identity", left, "", right);
    self::right("identity", right, "", left);
}

#[track_caller]
fn other(left: &str, right: &str) {
    wrong("identity", left, "", right);
    wrong("identity", right, "", left);
}

#[test]
fn places_far_into_a_vector_exist() {
    other("x[9]^2", "0");
    other("x[9]", "x[8]");
    other("sum(x)", "sum_{i=1}^n x_i (1 - delta(i,9))");
    same("x[9] x[2]", "x[2] x[9]");
    // Too far away for a vector of that length to be tried: proved, or left open.
    same("x[90000] x[2]", "x[2] x[90000]");
    assert_eq!(verdict("identity", "x[90000]", "", "0"), Some(Verdict::Undecided));
    right("gradient", "x[9] a[9]", "x[9]", "a[9]");
    wrong("gradient", "x[9] a[9]", "x[9]", "0");
    right("gradient", "sum(x)", "x[9]", "1");
    wrong("gradient", "sum(x)", "x[9]", "0");
}

#[test]
fn sizes_are_compared_where_that_changes() {
    other("x'x", "x'x (n < 12)");
    other("x'x", "x'x (n > 1)");
    other("sum(x)", "sum_{i=1}^n x_i (i < 9)");
    other("t relu(n - 5)", "0");
    other("t sqrt((n - 5)^2)", "t (5 - n)");
    same("t abs(n - 1)", "t (n - 1)");
    same("t sqrt((n - 5)^2)", "t abs(n - 5)");
    // (I + 11ᵀ)⁻¹ and (I − 11ᵀ)⁻¹ have equal signs but for n = 2, where the latter has zeros on its diagonal.
    other("(inv(I_n - ones_n ones_n') > 0)", "(inv(I_n + ones_n ones_n') > 0)");
    same("(inv(I_n + ones_n ones_n') > 0)", "(I_n > 0)");
}

#[test]
fn signs_to_the_power_of_a_product_of_sizes() {
    other("det(C)^k", "det(-C)^k");
    other("(-1)^(m n) tr(A'X)", "tr(A'X)");
    same("(-1)^(m n) (-1)^(m n) tr(A'X)", "tr(A'X)");
    same("det(-C)^k", "(-1)^(n k) det(C)^k");
    other("det(kron(C, A A'))", "det(kron(-C, A A'))");
    same("det(-C)^2", "det(C)^2");
}

#[test]
fn equality_of_signs_is_no_matter_of_chance() {
    other("(sign(t) == 1)", "0");
    other("(sign(t) == sign(s))", "(sign(t) == sign(s) + t)");
    other("((t > 0) == (s > 0))", "0");
    same("(sign(t) == 1)", "(t > 0)");
    same("((t > 0) == (s > 0))", "((s > 0) == (t > 0))");
    same("(t != s)", "1");
    other("((t > 0) >= 1)", "((t > 0) > 1)");
    other("(relu(t) >= 0)", "(relu(t) > 0)");
    other("(relu(t) > 0) + (relu(t) < 0)", "1");
    // The kink of one side is a value of the other.
    other("((C' C)^k > 0)", "(((C' C)^(k + 1) + (C' C)^k) / 2 > 0)");
    same("((C' C)^k > 0)", "(((C' C)^k + (C' C)^k) / 2 > 0)");
    same("((t > 0) >= 1)", "(1 <= (t > 0))");
    other("((y + (v <= ones_n)) >= v)", "((y + ((v <= ones_n) + ones_n) / 2) >= v)");
}

#[test]
fn small_jumps_and_small_constants() {
    other("abs(t)", "abs(t) + 10^-9 (t > 5)");
    other("relu(t)", "relu(t) - 10^-8 (t > 3) t");
    same("abs(t) + 10^-9 (t > 5)", "abs(t) + 10^-9 (5 < t)");
    same("exp(log(2) t)", "2^t");
    other("exp(log(2) t)", "3^t");
}

#[test]
fn polynomials_in_sizes_are_looked_at_beyond_their_zeros() {
    other("x'x", "x'x + exp(t)(n-2)(n-3)(n-4)(n-5)(n-6)(n-7)(n-8)");
    other("det(C)", "det(C) + (n-2)(n-3)(n-4)(n-5)(n-6)");
    other("X", "X + (m-n-1)(m-n+1)(m-n-2)(m-n+2) cos(t) X");
    other("(tr(C C^-1)-2)(tr(C C^-1)-3)(tr(C C^-1)-4)(tr(C C^-1)-5)(tr(C C^-1)-6) exp(t)", "0");
    same("exp(t)(n-2)(n-3)", "exp(t)(n^2 - 5 n + 6)");
    same("det(2 C) (n + 1)^2", "2^n det(C) (n^2 + 2 n + 1)");
}

#[test]
fn a_prime_before_a_bracket_transposes_what_is_no_function() {
    same("x'(a)", "a'x");
    same("x' (C) a", "a'C'x");
    same("C'(x)", "C' x");
    right("gradient", "x'(a)", "x", "a");
    wrong("gradient", "x'(a)", "x", "-a");
    wrong("identity", "C'(x)", "", "C x");
}

/// Where the two sides are shown to differ, as one size.
#[track_caller]
fn shown_at(left: &str, right: &str, size: Option<i64>) {
    let answer = ask_fully(&request("identity", left, "", Some(right)));
    assert_eq!(answer.verdict, Some(Verdict::Incorrect), "{left} = {right}");
    let found = answer.counterexample.unwrap_or_else(|| panic!("{left} = {right} has no counterexample"));
    assert_eq!(found.dims.0.first().map(|d| d.1), size, "{left} = {right}");
}

#[test]
fn a_counterexample_is_found_far_away_too() {
    shown_at("x'x", "x'x (n < 12)", Some(13));
    shown_at("x[9]^2", "0", Some(9));
    shown_at("x'x", "x'x + exp(t)(n-1)(n-2)(n-3)(n-4)(n-5)(n-6)", Some(7));
    shown_at("t relu(n - 5)", "0", Some(6));
    shown_at("relu(t - 1000)", "0", None);
    shown_at("(t > 0)", "(t > 10^-9)", None);
}

#[test]
fn a_sum_that_leaves_out_an_index_runs_over_it_unless_it_stands_free() {
    same("sum_{i != j} c_i'c_j", "||sum_{i=1}^N c_i||^2 - sum_{i=1}^N ||c_i||^2");
    other("sum_{i != j} c_i'c_j", "||sum_{i=1}^N c_i||^2");
    same("sum_{i != j} c_i'c_j", "c_j' sum_{i=1}^N c_i - c_j'c_j");
    other("sum_{i != j} c_i'c_j", "c_j' sum_{i=1}^N c_i");
    right("gradient", "sum_{i != j} c_i'c_j", "c_l", "2 sum_{i} c_i - 2 c_l");
    wrong("gradient", "sum_{i != j} c_i'c_j", "c_l", "sum_{i} c_i - c_l");
    right("gradient", "sum_{i} sum_{j != i} c_i'c_j", "c_l", "2 sum_{i != l} c_i");
}
