//! Rational identities, at every size and precision.

use super::*;

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
