//! Properties, domains, functions and sums: what is drawn, and where.

use super::*;
use crate::syntax::Constant;

#[test]
fn properties_are_sampled_over_all_they_name() {
    let mut f = Formulas::default();
    let one = f.number(1, 1);
    let q = f.var("Q", "nn", &[Property::Orthogonal]);
    let (qt, qi, det) = (f.t(&q), f.inv(&q), f.store.determinant_of(&q));
    f.equal(&qt, &qi);
    f.different(&det, &one, true);
    let square = f.mul(&[&det, &det]);
    f.equal(&square, &one);
    let p = f.var("p", "n", &[Property::Probability]);
    let total = f.store.total(&p);
    f.equal(&total, &one);
    let squares = f.store.entrywise(&p, &p);
    f.different(&squares, &p, true);
    let y = f.var("y", "n", &[Property::OneHot]);
    let squares = f.store.entrywise(&y, &y);
    f.equal(&squares, &y);
    let thin = f.var("U", "mn", &[Property::Orthogonal]);
    let thin_t = f.t(&thin);
    let (gram, projector) = (f.mul(&[&thin_t, &thin]), f.mul(&[&thin, &thin_t]));
    let (i_n, im) = (f.identity('n'), f.identity('m'));
    f.equal(&gram, &i_n);
    f.different(&projector, &im, true);
    let s = f.var("s", "n", &[Property::Sign]);
    let squares = f.store.entrywise(&s, &s);
    let cubes = f.store.entrywise(&squares, &s);
    f.equal(&cubes, &s);
    f.different(&squares, &s, true);
    let k = f.var("K", "nn", &[Property::PositiveDefinite]);
    let kt = f.t(&k);
    f.equal(&k, &kt);
    let d = f.var("D", "nn", &[Property::Diagonal]);
    let e = f.var("E", "nn", &[Property::Diagonal]);
    let (de, ed, dk, kd) = (f.mul(&[&d, &e]), f.mul(&[&e, &d]), f.mul(&[&d, &k]), f.mul(&[&k, &d]));
    f.equal(&de, &ed);
    f.different(&dk, &kd, true);
}

#[test]
fn roots_keep_their_sign() {
    let mut f = Formulas::default();
    let (t, u) = (f.var("t", "", &[]), f.var("u", "", &[Property::Positive]));
    let square = f.mul(&[&t, &t]);
    let root = f.power(1, 2, &square);
    let (exact, numeric) = f.compare(&root, &t);
    assert!(matches!(exact, Exact::Different { conclusive: false, .. }), "{exact:?}");
    assert!(matches!(numeric, Numeric::Different { .. }));
    let abs = f.map(Function::Abs, &t);
    f.numerically_equal(&root, &abs);
    let square = f.mul(&[&u, &u]);
    let root = f.power(1, 2, &square);
    f.equal(&root, &u);
    // The norm's gradient x/‖x‖ in two forms.
    let x = f.var("x", "n", &[]);
    let xt = f.t(&x);
    let xx = f.mul(&[&xt, &x]);
    let (minus, plus, inverse) = (f.power(-1, 2, &xx), f.power(1, 2, &xx), f.inv(&xx));
    let (a, b) = (f.mul(&[&minus, &x]), f.mul(&[&plus, &inverse, &x]));
    f.equal(&a, &b);
    let wrong = f.mul(&[&inverse, &x]);
    f.different(&wrong, &a, false);
}

#[test]
fn functions_and_their_identities() {
    let mut f = Formulas::default();
    let x = f.var("x", "n", &[]);
    let tanh = f.map(Function::Tanh, &x);
    let cosh = f.map(Function::Cosh, &x);
    let square = f.power(2, 1, &tanh);
    let reciprocal = f.power(-2, 1, &cosh);
    let ones = f.number(1, 1);
    let slope = f.sub(&ones, &square);
    f.equal(&slope, &reciprocal);
    let wrong = f.add(&ones, &square);
    f.different(&wrong, &reciprocal, false);
    let g = f.store.function("g");
    let (g0, g1, g2) =
        (f.map(Function::Unknown(g, 0), &x), f.map(Function::Unknown(g, 1), &x), f.map(Function::Unknown(g, 2), &x));
    f.different(&g1, &g2, false);
    let minus = f.number(-1, 1);
    let negated = f.mul(&[&minus, &x]);
    let (odd, even) = (f.map(Function::Unknown(g, 0), &negated), f.mul(&[&minus, &g0]));
    f.different(&odd, &even, false);
    f.different(&odd, &g0, false);
    // log x² is 2 log |x|; 2 log x is defined on less.
    let (squared, log) = (f.power(2, 1, &x), f.map(Function::Log, &x));
    let two = f.number(2, 1);
    let (log_square, twice) = (f.map(Function::Log, &squared), f.mul(&[&two, &log]));
    let (_, numeric) = f.compare(&twice, &log_square);
    assert!(matches!(numeric, Numeric::Equal { notes: Notes { defined_on_less: true, .. }, .. }), "{numeric:?}");
    let (_, numeric) = f.compare(&log_square, &twice);
    assert!(matches!(numeric, Numeric::Equal { notes: Notes { defined_on_less: false, .. }, .. }), "{numeric:?}");
    let (relu, step) = (f.map(Function::Relu, &x), f.map(Function::Positive, &x));
    let product = f.store.entrywise(&x, &step);
    f.equal(&relu, &product);
    f.different(&relu, &x, false);
    let pi = Value::scalar(f.store.constant(Constant::Pi));
    let rational = f.number(314_159_265_358_979, 100_000_000_000_000);
    let (a, b) = (f.mul(&[&pi, &x]), f.mul(&[&rational, &x]));
    let (_, numeric) = f.compare(&a, &b);
    assert!(matches!(numeric, Numeric::Different { .. }), "{numeric:?}");
}

#[test]
fn scalar_functions_known_by_name() {
    let mut f = Formulas::default();
    let (x, a) = (f.var("X", "mn", &[]), f.var("A", "mn", &[]));
    let sum = f.add(&x, &a);
    let back = f.sub(&sum, &a);
    let g = f.store.function("f");
    for order in 0..3u8 {
        let same = f.store.unknown(g, order, 0, back.node);
        let here = f.store.unknown(g, order, 0, x.node);
        let other = f.store.unknown(g, order, 0, sum.node);
        let value = |node| Value { row: order > 0, col: order > 0, ..Value::scalar(node) };
        f.equal(&value(same), &value(here));
        f.different(&value(other), &value(here), false);
    }
}

#[test]
fn counterexamples_are_small_and_true() {
    let mut f = Formulas::default();
    let x = f.var("X", "nn", &[]);
    let xt = f.t(&x);
    let found = f.example(&x, &xt).unwrap();
    assert_eq!(found.dims.0, [(IntVar(1), 2)]);
    let Array::Rational(t) = &found.values[0].1 else { panic!("not exact") };
    let sizes: i64 = t.data.iter().map(|q| q.to_integer().unwrap().abs()).sum();
    assert_eq!(sizes, 1, "one entry is enough: {t:?}");
    assert_ne!(found.candidate, found.truth);
}

#[test]
fn matrix_powers_and_sums_over_integers() {
    let mut f = Formulas::default();
    let x = f.var("X", "nn", &[]);
    let k = Poly::variable(IntVar(50));
    let r = IntVar(51);
    let sizes = Sizes { integers: vec![(IntVar(50), 0, 1000)], ..Sizes::default() };
    // Σ_{r=0}^{k−1} X^r (X − I) = X^k − I
    let power_r = f.store.matrix_power(x.node, &Poly::variable(r));
    let sum = f.store.range_sum(r, &Poly::constant(0), &k.sub(&Poly::constant(1)), power_r);
    let sum = Value::matrix(sum, true, true);
    let i = f.identity('n');
    let factor = f.sub(&x, &i);
    let left = f.mul(&[&sum, &factor]);
    let power_k = Value::matrix(f.store.matrix_power(x.node, &k), true, true);
    let right = f.sub(&power_k, &i);
    let (exact, numeric) = f.compare_within(&left, &right, &sizes);
    assert!(matches!(exact, Exact::Equal { .. }), "{exact:?}");
    assert!(matches!(numeric, Numeric::Equal { .. }), "{numeric:?}");
    let short = f.store.range_sum(r, &Poly::constant(1), &k.sub(&Poly::constant(1)), power_r);
    let wrong = f.mul(&[&Value::matrix(short, true, true), &factor]);
    let (exact, _) = f.compare_within(&wrong, &right, &sizes);
    assert!(matches!(exact, Exact::Different { conclusive: true, .. }), "{exact:?}");
}

#[test]
fn nested_sums_do_not_share_values() {
    // Σ_s Σ_r r s = (Σ r)²; the inner sum's nodes change with its own variable only.
    let mut f = Formulas::default();
    let (r, s, k) = (IntVar(51), IntVar(52), Poly::variable(IntVar(50)));
    let sizes = Sizes { integers: vec![(IntVar(50), 1, 9)], ..Sizes::default() };
    let one = Poly::constant(1);
    let r_value = Value::scalar(f.store.integer(&Poly::variable(r)));
    let s_value = Value::scalar(f.store.integer(&Poly::variable(s)));
    let product = f.mul(&[&r_value, &s_value]);
    let inner = f.store.range_sum(r, &one, &k, product.node);
    let left = Value::scalar(f.store.range_sum(s, &one, &k, inner));
    let single = Value::scalar(f.store.range_sum(r, &one, &k, r_value.node));
    let right = f.mul(&[&single, &single]);
    let (exact, _) = f.compare_within(&left, &right, &sizes);
    assert!(matches!(exact, Exact::Equal { .. }), "{exact:?}");
    let (exact, _) = f.compare_within(&left, &single, &sizes);
    assert!(matches!(exact, Exact::Different { conclusive: true, .. }), "{exact:?}");
}

#[test]
fn vectorisation_and_kronecker_products() {
    let mut f = Formulas::default();
    let (a, x, b) = (f.var("A", "mn", &[]), f.var("X", "np", &[]), f.var("B", "pq", &[]));
    let bt = f.t(&b);
    let product = f.mul(&[&a, &x, &b]);
    let left = f.store.vectorised(&product);
    let (kron, vec) = (f.store.kronecker(&bt, &a), f.store.vectorised(&x));
    let right = f.mul(&[&kron, &vec]);
    f.equal(&left, &right);
    let y = f.var("Y", "np", &[]);
    let wrong = f.store.vectorised(&y);
    let wrong = f.mul(&[&kron, &wrong]);
    f.different(&wrong, &left, true);
}

#[test]
fn inverses_that_exist_only_at_some_sizes() {
    let mut f = Formulas::default();
    // (WᵀW)⁻¹ needs m ≥ n, (VVᵀ)⁻¹ p ≤ q.
    let (w, v, b) = (f.var("W", "mn", &[]), f.var("V", "pq", &[]), f.var("B", "np", &[]));
    let (wt, vt) = (f.t(&w), f.t(&v));
    let (g, h) = (f.mul(&[&wt, &w]), f.mul(&[&v, &vt]));
    let (gi, hi) = (f.inv(&g), f.inv(&h));
    let (left, right) = (f.mul(&[&gi, &b, &hi, &h]), f.mul(&[&gi, &b]));
    f.equal(&left, &right);
    let wrong = f.mul(&[&g, &b]);
    f.different(&wrong, &right, true);
    // Right, but without a value where q < p.
    let cancelled = f.mul(&[&hi, &h]);
    let left = f.mul(&[&b, &cancelled]);
    let (exact, _) = f.compare(&left, &b);
    assert!(matches!(exact, Exact::Equal { defined_on_less: true, .. }), "{exact:?}");
    // The inverse of a matrix of rank one never exists.
    let x = f.var("x", "n", &[]);
    let xt = f.t(&x);
    let outer = f.mul(&[&x, &xt]);
    let never = f.inv(&outer);
    let (exact, numeric) = f.compare(&never, &outer);
    assert!(matches!(exact, Exact::Inconclusive { why: Why::Candidate(Stop::Singular) }), "{exact:?}");
    let on_less = matches!(
        numeric,
        Numeric::Inconclusive { why: Why::Candidate(Stop::Singular), notes: Notes { defined_on_less: true, .. } }
    );
    assert!(on_less, "{numeric:?}");
}

#[test]
fn points_are_found_inside_the_domain() {
    let mut f = Formulas::default();
    let (a, x) = (f.var("A", "mn", &[]), f.var("x", "n", &[]));
    // Σ log A is defined only where every entry is positive.
    let log = f.map(Function::Log, &a);
    let (sum, total) = (f.store.total(&log), f.number(2, 1));
    let twice = f.mul(&[&total, &sum]);
    let square = f.store.entrywise(&a, &a);
    let log_square = f.map(Function::Log, &square);
    let sum_square = f.store.total(&log_square);
    f.numerically_equal(&sum_square, &twice);
    // √(1 − xᵀx) is defined only where x is short.
    let (xt, one) = (f.t(&x), f.number(1, 1));
    let xx = f.mul(&[&xt, &x]);
    let rest = f.sub(&one, &xx);
    let (root, reciprocal) = (f.power(1, 2, &rest), f.power(-1, 2, &rest));
    let product = f.mul(&[&reciprocal, &rest]);
    f.equal(&product, &root);
    let wrong = f.mul(&[&root, &rest]);
    f.different(&wrong, &root, false);
    // log det X for a general X, and the sign that log |det X| would hide.
    let s = f.var("S", "nn", &[]);
    let det = f.store.determinant_of(&s);
    let inverse = f.inv(&s);
    let det_inverse = f.store.determinant_of(&inverse);
    let (log, log_inverse) = (f.map(Function::Log, &det), f.map(Function::Log, &det_inverse));
    let minus = f.number(-1, 1);
    let negated = f.mul(&[&minus, &log]);
    f.equal(&log_inverse, &negated);
    f.different(&log_inverse, &log, false);
}

#[test]
fn only_what_has_to_be_positive_is() {
    // Where log a forces a > 0, b keeps both signs: |b| is not b.
    let mut f = Formulas::default();
    let (a, b) = (f.var("a", "n", &[]), f.var("b", "n", &[]));
    let (log, abs) = (f.map(Function::Log, &a), f.map(Function::Abs, &b));
    let (wrong, right) = (f.store.entrywise(&log, &b), f.store.entrywise(&log, &abs));
    f.different(&wrong, &right, false);
    let square = f.power(2, 1, &b);
    let root = f.power(1, 2, &square);
    let right_too = f.store.entrywise(&log, &root);
    f.numerically_equal(&right_too, &right);
}

#[test]
fn constraints_are_kept() {
    let mut f = Formulas::default();
    let x = f.var("X", "mn", &[]);
    let (m, n) = (Poly::variable(IntVar(0)), Poly::variable(IntVar(1)));
    let less = crate::dimension::Constraint { left: n.scale(3), order: crate::dimension::Order::Less, right: m };
    let sizes = Sizes { constraints: vec![less], ..Sizes::default() };
    let (Exact::Equal { dims, .. }, Numeric::Equal { .. }) = f.compare_within(&x, &x, &sizes) else { panic!("equal") };
    assert!(dims.len() > 1 && dims.iter().all(|a| 3 * a.of(IntVar(1)).unwrap() < a.of(IntVar(0)).unwrap()), "{dims:?}");
    let never = crate::dimension::Constraint { left: n.clone(), order: crate::dimension::Order::Less, right: n };
    let sizes = Sizes { constraints: vec![never], ..Sizes::default() };
    assert_eq!(f.compare_within(&x, &x, &sizes).0, Exact::Inconclusive { why: Why::Sizes });
}

#[test]
fn all_values_of_signs_are_tried() {
    // (1 − s₁)(1 − s₂)(1 − s₃) vanishes at seven of eight sign vectors.
    let mut f = Formulas::default();
    let s = f.var("s", "3", &[Property::Sign]);
    let one = f.number(1, 1);
    let factors = f.sub(&one, &s);
    let diagonal = {
        let labels = [0u16, 0].into_iter().collect::<crate::tensor::Labels>();
        let axes = f.store.axes(factors.node).clone();
        let node = f.store.product(&[(factors.node, [0u16].into_iter().collect())], &labels, &axes);
        Value::matrix(node, true, true)
    };
    let product = f.store.determinant_of(&diagonal);
    let zero = f.number(0, 1);
    f.different(&product, &zero, true);
}

#[test]
fn work_is_limited() {
    let mut f = Formulas::default();
    let x = f.var("X", "nn", &[]);
    let k = IntVar(50);
    let power = f.store.matrix_power(x.node, &Poly::variable(k));
    let many = Poly::constant(i64::MAX);
    let sum = Value::matrix(f.store.range_sum(k, &Poly::constant(1), &many, power), true, true);
    let (exact, numeric) = f.compare(&sum, &x);
    assert!(matches!(exact, Exact::Inconclusive { .. }), "{exact:?}");
    assert!(matches!(numeric, Numeric::Inconclusive { .. }), "{numeric:?}");
    assert_eq!(f.example(&sum, &x), None);
}

#[test]
fn families_and_their_members_properties() {
    let mut f = Formulas::default();
    let axes = [f.poly_dim('p'), f.poly_dim('n'), f.poly_dim('n')].into_iter().collect();
    let id = f.store.declare(Variable {
        is_row: false,
        name: "K".into(),
        axes,
        family: Some("i".into()),
        properties: vec![Property::PositiveDefinite],
    });
    let k = f.store.variable_node(id);
    let swapped = f.store.permute(k, &[0, 2, 1]);
    let value = |node| Value { free: ["i".into()].into_iter().collect(), ..Value::matrix(node, true, true) };
    f.equal(&value(swapped), &value(k));
    let inverse = f.store.inverse(k);
    f.different(&value(inverse), &value(k), true);
}

#[test]
fn both_signs_of_every_scalar_are_seen() {
    let mut f = Formulas::default();
    for name in 0..20 {
        let (t, u) = (f.var(&format!("t{name}"), "", &[]), f.var(&format!("u{name}"), "", &[]));
        let tu = f.mul(&[&t, &u]);
        let (abs_t, abs_tu) = (f.map(Function::Abs, &t), f.map(Function::Abs, &tu));
        assert!(matches!(f.compare(&abs_t, &t).1, Numeric::Different { .. }));
        assert!(matches!(f.compare(&abs_tu, &tu).1, Numeric::Different { .. }));
    }
}

#[test]
fn a_candidate_without_any_value_is_told_from_a_truth_without() {
    let mut f = Formulas::default();
    let x = f.var("X", "nn", &[]);
    let (log, minus) = (f.map(Function::Log, &x), f.number(-1, 1));
    let square = f.power(2, 1, &x);
    let negative = f.mul(&[&minus, &square]);
    let never = f.map(Function::Log, &negative);
    let (_, numeric) = f.compare(&never, &log);
    assert!(matches!(numeric, Numeric::Inconclusive { why: Why::Candidate(Stop::Domain), .. }), "{numeric:?}");
    let (_, numeric) = f.compare(&log, &never);
    assert!(matches!(numeric, Numeric::Inconclusive { why: Why::Truth(_), .. }), "{numeric:?}");
}
