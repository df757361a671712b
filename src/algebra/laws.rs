//! The rules one by one, each with a true use and a near miss, and the law of polynomial networks.

use super::tests::{Desk, dim};
use super::{Proof, normal_form};
use crate::algebra::Budget;
use crate::dimension::{IntVar, Poly};
use crate::tensor::{Function, Property as P, Value};

#[test]
fn properties() {
    let d = &mut Desk::default();
    let (s, a) = (d.var("S", "nn", &[P::Symmetric]), d.var("A", "nn", &[]));
    let (st, at) = (d.t(&s), d.t(&a));
    d.equal(&s, &st);
    d.unequal(&a, &at);
    let (sa, ats) = (d.mul(&[&s, &a]), d.mul(&[&at, &s]));
    let t = d.t(&sa);
    d.equal(&t, &ats);
    d.unequal(&sa, &ats);
    // D x = diag(D) ∘ x, D E = E D for diagonal D, E
    let (dd, e) = (d.var("D", "nn", &[P::Diagonal]), d.var("E", "nn", &[P::Diagonal]));
    let (p, q) = (d.mul(&[&dd, &e]), d.mul(&[&e, &dd]));
    d.equal(&p, &q);
    let (p, q) = (d.mul(&[&dd, &a]), d.mul(&[&a, &dd]));
    d.unequal(&p, &q);
    let di = d.inv(&dd);
    let (p, i) = (d.mul(&[&di, &dd]), d.eye('n'));
    d.equal(&p, &i);
    // QᵀQ = I; QQᵀ = I for square Q only
    let (o, q) = (d.var("O", "mn", &[P::Orthogonal]), d.var("Q", "nn", &[P::Orthogonal]));
    let (ot, qt) = (d.t(&o), d.t(&q));
    let p = d.mul(&[&ot, &o]);
    d.equal(&p, &i);
    let (p, im) = (d.mul(&[&o, &ot]), d.eye('m'));
    d.unequal(&p, &im);
    let (p, qi) = (d.mul(&[&q, &qt]), d.inv(&q));
    d.equal(&p, &i);
    d.equal(&qi, &qt);
    d.unequal(&q, &qt);
    // Σ t = 1, t ∘ t = t for one-hot; not for probabilities
    let (t, u) = (d.var("t", "n", &[P::OneHot]), d.var("u", "n", &[P::Probability]));
    let one = d.num(1, 1);
    let (p, q) = (d.sum(&t), d.sum(&u));
    d.equal(&p, &one);
    d.equal(&q, &one);
    let (p, q) = (d.had(&t, &t), d.had(&u, &u));
    d.equal(&p, &t);
    d.unequal(&q, &u);
    let (z, w) = (d.var("z", "n", &[P::Sign]), d.var("w", "n", &[]));
    let (p, q, r) = (d.had(&z, &z), d.had(&z, &w), d.had(&w, &w));
    let rest = d.sub(&p, &one);
    let zero = d.sub(&w, &w);
    d.equal(&rest, &zero);
    d.unequal(&q, &w);
    d.unequal(&r, &p);
}

#[test]
fn determinants() {
    let d = &mut Desk::default();
    let (a, c, k) = (d.var("A", "nn", &[P::Invertible]), d.var("c", "", &[]), d.var("K", "nn", &[P::PositiveDefinite]));
    let (ca, at, ai) = (d.mul(&[&c, &a]), d.t(&a), d.inv(&a));
    let (p, q, da) = (d.det(&ca), d.det(&at), d.det(&a));
    d.equal(&q, &da);
    // det(cA) = cⁿ det A
    let n = d.store.integer(&dim('n'));
    let cn = Value::scalar(d.store.scalar_power(c.node, n));
    let (q, w) = (d.mul(&[&cn, &da]), d.mul(&[&c, &da]));
    d.equal(&p, &q);
    d.unequal(&p, &w);
    // det A⁻¹ = 1 / det A
    let (p, q) = (d.det(&ai), d.pow(&da, -1, 1));
    d.equal(&p, &q);
    d.unequal(&p, &da);
    // log det(K K) = 2 log det K for K positive definite
    let kk = d.mul(&[&k, &k]);
    let (p, q) = (d.det(&kk), d.det(&k));
    let (p, q) = (d.f(Function::Log, &p), d.f(Function::Log, &q));
    let two = d.num(2, 1);
    let q = d.mul(&[&two, &q]);
    d.equal(&p, &q);
    let aa = d.mul(&[&a, &a]);
    let p = d.det(&aa);
    let (p, q) = (d.f(Function::Log, &p), d.f(Function::Log, &da));
    let q = d.mul(&[&two, &q]);
    d.unequal(&p, &q);
    // det(A)² / det(A) = det A
    let p = d.mul(&[&da, &da]);
    let q = d.pow(&da, -1, 1);
    let p = d.mul(&[&p, &q]);
    d.equal(&p, &da);
}

#[test]
fn functions() {
    let d = &mut Desk::default();
    let (x, p, one) = (d.var("x", "n", &[]), d.var("p", "n", &[P::Positive]), d.num(1, 1));
    let neg = d.num(-1, 1);
    let y = d.mul(&[&neg, &x]);
    let (s, t) = (d.f(Function::Sigmoid, &x), d.f(Function::Sigmoid, &y));
    // σ(−x) = 1 − σ(x)
    let u = d.sub(&one, &s);
    d.equal(&t, &u);
    d.unequal(&t, &s);
    // tanh x = 2σ(2x) − 1
    let two = d.num(2, 1);
    let x2 = d.mul(&[&two, &x]);
    let (th, s2) = (d.f(Function::Tanh, &x), d.f(Function::Sigmoid, &x2));
    let u = d.mul(&[&two, &s2]);
    let u = d.sub(&u, &one);
    d.equal(&th, &u);
    d.unequal(&th, &s2);
    // σ(1 − σ) = e^−x / (1 + e^−x)²
    let e = d.f(Function::Exp, &y);
    let w = d.add(&one, &e);
    let w = d.pow(&w, -2, 1);
    let (u, v) = (d.had(&e, &w), d.sub(&one, &s));
    let v = d.had(&s, &v);
    d.equal(&u, &v);
    // relu x = x [x > 0], |x| = x sign x, |x|² = x², (x²)^½ = |x| ≠ x
    let (r, h, a, g) =
        (d.f(Function::Relu, &x), d.f(Function::Positive, &x), d.f(Function::Abs, &x), d.f(Function::Sign, &x));
    let (u, v, w) = (d.had(&x, &h), d.had(&x, &g), d.had(&x, &x));
    d.equal(&r, &u);
    d.equal(&a, &v);
    let (aa, root) = (d.had(&a, &a), d.pow(&w, 1, 2));
    d.equal(&aa, &w);
    d.equal(&root, &a);
    d.unequal(&root, &x);
    d.unequal(&r, &x);
    let gg = d.had(&g, &g);
    let rest = d.sub(&gg, &one);
    let zero = d.sub(&x, &x);
    d.equal(&rest, &zero);
    // Not for an argument that can be 0 often.
    let k = d.var("k", "n", &[P::Integer]);
    let gk = d.f(Function::Sign, &k);
    let gk = d.had(&gk, &gk);
    let rest = d.sub(&gk, &one);
    d.unequal(&rest, &zero);
    // log(p x) = log p + log x where p is positive; log x² is not 2 log x
    let (px, xx) = (d.had(&p, &x), d.had(&x, &x));
    let (l, lp, lx, l2) =
        (d.f(Function::Log, &px), d.f(Function::Log, &p), d.f(Function::Log, &x), d.f(Function::Log, &xx));
    let u = d.add(&lp, &lx);
    d.equal(&l, &u);
    let v = d.mul(&[&two, &lx]);
    d.unequal(&l2, &v);
    // exp(a + b) = exp a exp b; √p² = p
    let u = d.add(&x, &p);
    let (u, v, w) = (d.f(Function::Exp, &u), d.f(Function::Exp, &x), d.f(Function::Exp, &p));
    let v = d.had(&v, &w);
    d.equal(&u, &v);
    d.unequal(&u, &w);
    let u = d.pow(&p, 1, 2);
    let v = d.had(&u, &u);
    d.equal(&v, &p);
    d.unequal(&u, &p);
    // softplus x − softplus(−x) = x
    let (u, v) = (d.f(Function::Softplus, &x), d.f(Function::Softplus, &y));
    let w = d.sub(&u, &v);
    d.equal(&w, &x);
    d.unequal(&u, &x);
    // 1/(1 + a) − 1/(1 + b) = (b − a)/((1 + a)(1 + b))
    let (a, b) = (d.var("a", "", &[]), d.var("b", "", &[]));
    let (a1, b1) = (d.add(&one, &a), d.add(&one, &b));
    let (ai, bi) = (d.pow(&a1, -1, 1), d.pow(&b1, -1, 1));
    let (u, v) = (d.sub(&ai, &bi), d.sub(&b, &a));
    let v = d.mul(&[&v, &ai, &bi]);
    d.equal(&u, &v);
    d.unequal(&u, &ai);
    // 1/(a² − 1) = ½/(a − 1) − ½/(a + 1)
    let half = d.num(1, 2);
    let (aa, m1) = (d.mul(&[&a, &a]), d.sub(&a, &one));
    let aa = d.sub(&aa, &one);
    let (u, mi) = (d.pow(&aa, -1, 1), d.pow(&m1, -1, 1));
    let v = d.sub(&mi, &ai);
    let w = d.mul(&[&half, &v]);
    d.equal(&u, &w);
    d.unequal(&u, &v);
}

#[test]
fn powers_and_ranges() {
    let d = &mut Desk::default();
    let (x, a) = (d.var("X", "nn", &[]), d.var("A", "nn", &[]));
    let (k, r) = (dim('k'), IntVar('r' as u32));
    let rp = Poly::variable(r);
    let pow = |d: &mut Desk, x: &Value, p: &Poly| x.with(d.store.matrix_power(x.node, p));
    let one = Poly::constant(1);
    // X^k X = X^(k+1), (Xᵀ)^k = (X^k)ᵀ
    let (xk, xk1, xt) = (pow(d, &x, &k), pow(d, &x, &k.add(&one)), d.t(&x));
    let p = d.mul(&[&xk, &x]);
    d.equal(&p, &xk1);
    d.unequal(&p, &xk);
    let (p, q) = (pow(d, &xt, &k), d.t(&xk));
    d.equal(&p, &q);
    d.unequal(&p, &xk);
    // Σ_{r=0}^{k−1} X^r A X^{k−1−r} = Σ_{j=1}^{k} X^{k−j} A X^{j−1}
    let (l, h) = (pow(d, &x, &rp), pow(d, &x, &k.sub(&one).sub(&rp)));
    let body = d.mul(&[&l, &a, &h]);
    let s = body.with(d.store.range_sum(r, &Poly::constant(0), &k.sub(&one), body.node));
    let j = IntVar('j' as u32);
    let jp = Poly::variable(j);
    let (l, h) = (pow(d, &x, &k.sub(&jp)), pow(d, &x, &jp.sub(&one)));
    let body = d.mul(&[&l, &a, &h]);
    let t = body.with(d.store.range_sum(j, &one, &k, body.node));
    d.equal(&s, &t);
    let u = body.with(d.store.range_sum(j, &Poly::constant(0), &k, body.node));
    d.unequal(&s, &u);
    let st = d.t(&s);
    d.unequal(&s, &st);
    // Σ_{r=0}^{k−1} X^r X^{k−1−r} = k X^{k−1}
    let (l, h) = (pow(d, &x, &rp), pow(d, &x, &k.sub(&one).sub(&rp)));
    let body = d.mul(&[&l, &h]);
    let s = body.with(d.store.range_sum(r, &Poly::constant(0), &k.sub(&one), body.node));
    let (kn, xk) = (Value::scalar(d.store.integer(&k)), pow(d, &x, &k.sub(&one)));
    let p = d.mul(&[&kn, &xk]);
    d.equal(&s, &p);
    d.unequal(&s, &xk);
}

#[test]
fn inverses() {
    let d = &mut Desk::default();
    let (a, c, u, v) = (d.var("A", "nn", &[]), d.var("C", "mm", &[]), d.var("U", "nm", &[]), d.var("V", "mn", &[]));
    // Woodbury: (A + UCV)⁻¹ = A⁻¹ − A⁻¹U(C⁻¹ + VA⁻¹U)⁻¹VA⁻¹
    let ucv = d.mul(&[&u, &c, &v]);
    let sum = d.add(&a, &ucv);
    let (left, ai, ci) = (d.inv(&sum), d.inv(&a), d.inv(&c));
    let vau = d.mul(&[&v, &ai, &u]);
    let (plus, minus) = (d.add(&ci, &vau), d.sub(&ci, &vau));
    for (middle, holds) in [(plus, true), (minus, false)] {
        let inner = d.inv(&middle);
        let term = d.mul(&[&ai, &u, &inner, &v, &ai]);
        let right = d.sub(&ai, &term);
        if holds { d.equal(&left, &right) } else { d.unequal(&left, &right) }
    }
    // Ridge: (XᵀX + λI)⁻¹Xᵀ = Xᵀ(XXᵀ + λI)⁻¹
    let (x, l) = (d.var("X", "mn", &[]), d.var("l", "", &[]));
    let xt = d.t(&x);
    let (p, q) = (d.mul(&[&xt, &x]), d.mul(&[&x, &xt]));
    let (i, j) = (d.eye('n'), d.eye('m'));
    let (i, j) = (d.mul(&[&l, &i]), d.mul(&[&l, &j]));
    let (p, q) = (d.add(&p, &i), d.add(&q, &j));
    let (p, q) = (d.inv(&p), d.inv(&q));
    let (p1, q1) = (d.mul(&[&p, &xt]), d.mul(&[&xt, &q]));
    d.equal(&p1, &q1);
    d.unequal(&p1, &xt);
    let (pt, p2) = (d.t(&p), d.inv(&p));
    d.equal(&p, &pt);
    d.unequal(&p, &p2);
    // (diag(v) A)⁻¹ = A⁻¹ diag(1/v)
    let w = d.var("w", "n", &[]);
    let (dw, wi) = (d.diag(&w), d.pow(&w, -1, 1));
    let (da, dwi) = (d.mul(&[&dw, &a]), d.diag(&wi));
    let (p, q) = (d.inv(&da), d.mul(&[&ai, &dwi]));
    let r = d.mul(&[&dwi, &ai]);
    d.equal(&p, &q);
    d.unequal(&p, &r);
    // (A ⊗ C) vec(X) = vec(C X Aᵀ)
    let y = d.var("Y", "mn", &[]);
    let k = d.store.kronecker(&a, &c);
    let vy = d.store.vectorised(&y);
    let (at, ct) = (d.t(&a), d.t(&c));
    let (right, wrong) = (d.mul(&[&c, &y, &at]), d.mul(&[&ct, &y, &at]));
    let (left, right, wrong) = (d.mul(&[&k, &vy]), d.store.vectorised(&right), d.store.vectorised(&wrong));
    d.equal(&left, &right);
    d.unequal(&left, &wrong);
}

/// A random polynomial formula, and the same formula spelt in another way.
fn twins(d: &mut Desk, dice: &mut impl FnMut(usize) -> usize, depth: usize) -> (Value, Value) {
    if depth == 0 {
        let names = ["A", "B", "C"];
        let v = d.var(names[dice(3)], "nn", &[]);
        let t = d.t(&v);
        return match dice(4) {
            0 => (t.clone(), t),
            1 => {
                let back = d.t(&t);
                (v, back)
            }
            _ => (v.clone(), v),
        };
    }
    let (a, a2) = twins(d, dice, depth - 1);
    let (b, b2) = twins(d, dice, depth - 1);
    match dice(6) {
        0 | 1 => {
            // a b = (bᵀ aᵀ)ᵀ
            let (bt, at) = (d.t(&b2), d.t(&a2));
            let other = d.mul(&[&bt, &at]);
            (d.mul(&[&a, &b]), d.t(&other))
        }
        2 => (d.add(&a, &b), d.add(&b2, &a2)),
        3 => (d.had(&a, &b), d.had(&b2, &a2)),
        4 => {
            // (a + b) c = a c + b c
            let (c, c2) = twins(d, dice, depth - 1);
            let sum = d.sub(&a, &b);
            let (p, q) = (d.mul(&[&a2, &c2]), d.mul(&[&b2, &c2]));
            (d.mul(&[&sum, &c]), d.sub(&p, &q))
        }
        _ => {
            // tr(a b) a = a tr(bᵀ aᵀ)
            let (ab, bt, at) = (d.mul(&[&a, &b]), d.t(&b2), d.t(&a2));
            let ba = d.mul(&[&bt, &at]);
            let (s, t) = (d.tr(&ab), d.tr(&ba));
            (d.mul(&[&s, &a]), d.mul(&[&a2, &t]))
        }
    }
}

#[test]
fn polynomial_networks_are_equal_exactly_when_their_forms_are() {
    for seed in 0..400u64 {
        let mut state = seed;
        let mut dice = |n: usize| {
            state = super::form::mix(state, 7);
            usize::try_from(state >> 40).unwrap() % n
        };
        let d = &mut Desk::default();
        let (a, b) = twins(d, &mut dice, 1 + usize::try_from(seed % 3).unwrap());
        assert_eq!(d.is(&a, &b), Proof::Equal, "seed {seed}");
        let budget = Budget::default();
        let form = |v: &Value| normal_form(&d.store, v.node, &budget).unwrap();
        assert_eq!(form(&a), form(&b), "seed {seed}");
        assert_eq!(form(&a).digest(), form(&b).digest());
        // Near misses: a sign, a transpose, a term more.
        let x = d.var("A", "nn", &[]);
        let zero = d.sub(&a, &b);
        if d.store.is_zero_value(&zero) || d.is(&a, &zero) == Proof::Equal {
            continue;
        }
        let minus = d.num(-1, 1);
        let (minus, more) = (d.mul(&[&minus, &b]), d.add(&b, &x));
        assert_eq!(d.is(&a, &minus), Proof::Different, "seed {seed}");
        assert_eq!(d.is(&a, &more), Proof::Different, "seed {seed}");
    }
}
