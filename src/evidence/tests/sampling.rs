//! Known identities are found equal, and beside each a wrong formula is found different.

use super::*;
use crate::dimension::{IntVar, Poly, Sizes};
use crate::number::Constant;
use crate::number::Rational;
use crate::tensor::{Function, Property, Value, Variable, VariableId};

/// Builds formulas without a parser. Dimension letters are `m`, `n`, `p`, `q`; digits are numbers.
#[derive(Default)]
pub(super) struct Formulas {
    pub(super) store: Store,
    declared: Vec<(String, VariableId)>,
}

impl Formulas {
    fn poly(letter: char) -> Poly {
        match letter.to_digit(10) {
            Some(n) => Poly::constant(i64::from(n)),
            None => Poly::variable(IntVar(letter as u32 - 'm' as u32)),
        }
    }

    fn var(&mut self, name: &str, dims: &str, properties: &[Property]) -> Value {
        let known = self.declared.iter().find(|d| d.0 == name).map(|d| d.1);
        let id = known.unwrap_or_else(|| {
            let axes = dims.chars().map(|c| self.store.dim(&Self::poly(c))).collect();
            let id =
                self.store.declare(Variable { name: name.into(), axes, family: None, properties: properties.into() });
            self.declared.push((name.into(), id));
            id
        });
        let node = self.store.variable_node(id);
        Value::matrix(node, !dims.is_empty(), dims.len() > 1)
    }

    fn number(&mut self, n: i64, d: i64) -> Value {
        let node = self.store.rational(&Rational::new(n, d).unwrap());
        Value::scalar(node)
    }

    fn identity(&mut self, letter: char) -> Value {
        let node = self.store.identity(&Self::poly(letter));
        Value::matrix(node, true, true)
    }

    fn mul(&mut self, factors: &[&Value]) -> Value {
        let mut product = factors[0].clone();
        for f in &factors[1..] {
            product = self.store.times(&product, f);
        }
        product
    }

    fn add(&mut self, a: &Value, b: &Value) -> Value {
        self.store.plus(a, &Rational::ONE, b)
    }

    fn sub(&mut self, a: &Value, b: &Value) -> Value {
        self.store.plus(a, &Rational::MINUS_ONE, b)
    }

    fn t(&mut self, a: &Value) -> Value {
        self.store.transposed(a)
    }

    fn inv(&mut self, a: &Value) -> Value {
        self.store.inverted(a)
    }

    fn map(&mut self, f: Function, a: &Value) -> Value {
        self.store.mapped(f, a)
    }

    fn power(&mut self, n: i64, d: i64, a: &Value) -> Value {
        self.store.mapped(Function::Power(Rational::new(n, d).unwrap()), a)
    }

    fn compare(&self, candidate: &Value, truth: &Value) -> (Exact, Numeric) {
        self.compare_within(candidate, truth, &Sizes::default())
    }

    fn compare_within(&self, candidate: &Value, truth: &Value, sizes: &Sizes) -> (Exact, Numeric) {
        let limits = Limits::default();
        let (candidate, truth) = (candidate.node, truth.node);
        let pair =
            Pair { store: &self.store, candidate, truth, sizes, seed_text: ["candidate", "truth"], limits: &limits };
        (exact(&pair), numeric(&pair))
    }

    fn example(&self, candidate: &Value, truth: &Value) -> Option<Counterexample> {
        let (limits, sizes) = (Limits::default(), Sizes::default());
        let (candidate, truth) = (candidate.node, truth.node);
        counterexample(&Pair {
            store: &self.store,
            candidate,
            truth,
            sizes: &sizes,
            seed_text: ["", ""],
            limits: &limits,
        })
    }

    /// Both layers find the sides equal.
    #[track_caller]
    fn equal(&self, a: &Value, b: &Value) {
        let (exact, numeric) = self.compare(a, b);
        assert!(matches!(exact, Exact::Equal { bound: None | Some(0.0..1e-6), .. }), "{exact:?}");
        assert!(matches!(numeric, Numeric::Equal { .. }), "{numeric:?}");
        assert_eq!(self.example(a, b), None);
    }

    /// Only floating point can decide, and finds them equal.
    #[track_caller]
    fn numerically_equal(&self, a: &Value, b: &Value) {
        let (exact, numeric) = self.compare(a, b);
        assert!(!matches!(exact, Exact::Equal { .. } | Exact::Different { conclusive: true, .. }), "{exact:?}");
        assert!(matches!(numeric, Numeric::Equal { .. }), "{numeric:?}");
    }

    /// Both layers find them different, the first conclusively where `conclusive`.
    #[track_caller]
    fn different(&self, a: &Value, b: &Value, conclusive: bool) {
        let (exact, numeric) = self.compare(a, b);
        assert!(matches!(exact, Exact::Different { conclusive: c, .. } if c == conclusive), "{exact:?}");
        assert!(matches!(numeric, Numeric::Different { .. }), "{numeric:?}");
        assert!(self.example(a, b).is_some());
    }
}

#[test]
fn push_through_and_woodbury() {
    let mut f = Formulas::default();
    let (a, c) = (f.var("A", "mn", &[]), f.var("C", "nm", &[]));
    let (im, i_n) = (f.identity('m'), f.identity('n'));
    let ac = f.mul(&[&a, &c]);
    let ca = f.mul(&[&c, &a]);
    let (left, right) = (f.add(&im, &ac), f.add(&i_n, &ca));
    let (left, right) = (f.inv(&left), f.inv(&right));
    let (x, y) = (f.mul(&[&left, &a]), f.mul(&[&a, &right]));
    f.equal(&x, &y);
    // I − A (I + CA)⁻¹ C, and with the sign lost.
    let middle = f.mul(&[&a, &right, &c]);
    let woodbury = f.sub(&im, &middle);
    f.equal(&left, &woodbury);
    let wrong = f.add(&im, &middle);
    f.different(&left, &wrong, true);
}

#[test]
fn inverse_of_a_product_and_its_determinant() {
    let mut f = Formulas::default();
    let (a, b) = (f.var("A", "nn", &[]), f.var("B", "nn", &[]));
    let ab = f.mul(&[&a, &b]);
    let (ai, bi, abi) = (f.inv(&a), f.inv(&b), f.inv(&ab));
    let (right, wrong) = (f.mul(&[&bi, &ai]), f.mul(&[&ai, &bi]));
    f.equal(&abi, &right);
    f.different(&abi, &wrong, true);
    let (da, db, dab) = (f.store.determinant_of(&a), f.store.determinant_of(&b), f.store.determinant_of(&ab));
    let product = f.mul(&[&da, &db]);
    f.equal(&dab, &product);
    let sum = f.add(&da, &db);
    f.different(&dab, &sum, true);
}

#[test]
fn small_matrices_do_not_stand_for_large_ones() {
    let mut f = Formulas::default();
    let cayley_hamilton = |f: &mut Formulas, letter: char, name: &str| {
        let x = f.var(name, &format!("{letter}{letter}"), &[]);
        let trace = f.store.traced(&x);
        let det = f.store.determinant_of(&x);
        let i = f.identity(letter);
        let (square, tx, di) = (f.mul(&[&x, &x]), f.mul(&[&trace, &x]), f.mul(&[&det, &i]));
        let right = f.sub(&tx, &di);
        (square, right)
    };
    let (a, b) = cayley_hamilton(&mut f, 'n', "X");
    f.different(&a, &b, true);
    let (a, b) = cayley_hamilton(&mut f, '2', "Y");
    f.equal(&a, &b);
}

#[test]
fn a_large_enough_assignment_is_always_there() {
    // The standard identity of degree 4 on 2×2 matrices would hold at n = 2, its degree-6 sister at n = 3.
    let mut f = Formulas::default();
    let x = f.var("X", "nn", &[]);
    let (a, b) = (f.var("A", "n", &[]), f.var("B", "n", &[]));
    // xᵀ X⁵ y is no combination of lower powers; the coefficients of Cayley–Hamilton at n = 3 would do at n ≤ 3.
    let at = f.t(&a);
    let (p1, p2) = (x.clone(), f.mul(&[&x, &x]));
    let p3 = f.mul(&[&p2, &x]);
    let (t1, t2, t3) = (f.store.traced(&p1), f.store.traced(&p2), f.store.traced(&p3));
    let half = f.number(1, 2);
    let sixth = f.number(1, 6);
    let t11 = f.mul(&[&t1, &t1]);
    let e2 = f.sub(&t11, &t2);
    let e2 = f.mul(&[&half, &e2]);
    let t111 = f.mul(&[&t11, &t1]);
    let t12 = f.mul(&[&t1, &t2]);
    let e3 = f.store.plus(&t111, &Rational::from(-3), &t12);
    let e3 = f.store.plus(&e3, &Rational::from(2), &t3);
    let e3 = f.mul(&[&sixth, &e3]);
    let i = f.identity('n');
    let (u, v, w) = (f.mul(&[&t1, &p2]), f.mul(&[&e2, &p1]), f.mul(&[&e3, &i]));
    let uv = f.sub(&u, &v);
    let right = f.add(&uv, &w);
    let (left, right) = (f.mul(&[&at, &p3, &b]), f.mul(&[&at, &right, &b]));
    f.different(&left, &right, true);
}

#[test]
fn constants_that_vanish_modulo_a_known_prime() {
    let mut f = Formulas::default();
    let x = f.var("X", "mn", &[]);
    let zero_modulo = f.number((1 << 61) - 1, 1);
    let term = f.mul(&[&zero_modulo, &x]);
    let sum = f.add(&x, &term);
    f.different(&sum, &x, true);
    let fraction = f.number(1, (1 << 61) - 1);
    let term = f.mul(&[&fraction, &x]);
    let sum = f.add(&x, &term);
    // Below the precision of a double, and found in double-double.
    f.different(&sum, &x, true);
}

#[test]
fn a_term_of_small_weight_is_found() {
    let mut f = Formulas::default();
    let (x, y) = (f.var("x", "n", &[]), f.var("y", "n", &[]));
    let s = f.map(Function::Sigmoid, &x);
    for weight in [100_000_000, 1_000_000_000_000_000_000] {
        let small = f.number(1, weight);
        let term = f.mul(&[&small, &y]);
        let sum = f.add(&s, &term);
        let (exact, numeric) = f.compare(&sum, &s);
        assert!(matches!(exact, Exact::Different { conclusive: false, .. }));
        assert!(matches!(numeric, Numeric::Different { .. }), "{weight}: {numeric:?}");
    }
}

#[test]
fn transposes_are_not_lost_on_accidental_symmetry() {
    let mut f = Formulas::default();
    let (x, a) = (f.var("X", "nn", &[]), f.var("a", "n", &[]));
    let inverse = f.inv(&x);
    let transposed = f.t(&inverse);
    f.different(&inverse, &transposed, true);
    let xt = f.t(&x);
    let sum = f.add(&x, &xt);
    let two = f.number(2, 1);
    let (right, wrong) = (f.mul(&[&sum, &a]), f.mul(&[&two, &x, &a]));
    f.different(&wrong, &right, true);
    let s = f.var("S", "nn", &[Property::Symmetric]);
    let st = f.t(&s);
    f.equal(&s, &st);
    let vector = f.var("x", "n", &[]);
    let square = f.store.entrywise(&vector, &vector);
    f.different(&square, &vector, true);
}

#[test]
fn an_ill_conditioned_matrix_is_not_refused() {
    // −(X²)⁻ᵀ in two forms at X = a multiple of the identity plus a large matrix of rank one.
    let mut f = Formulas::default();
    let (u, v) = (f.var("u", "n", &[]), f.var("v", "n", &[]));
    let vt = f.t(&v);
    let (i, big) = (f.identity('n'), f.number(1_000_000, 1));
    let outer = f.mul(&[&big, &u, &vt]);
    let x = f.add(&i, &outer);
    let square = f.mul(&[&x, &x]);
    let left = f.inv(&square);
    let left = f.t(&left);
    let xi = f.inv(&x);
    let xit = f.t(&xi);
    let right = f.mul(&[&xit, &xit]);
    f.equal(&left, &right);
    let wrong = f.mul(&[&xi, &xi]);
    f.different(&wrong, &left, true);
}

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
