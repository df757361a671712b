//! Each rule with a use that is true and a near miss; the identities of the literature.

use super::{Budget, Proof, StopReason, compare};
use crate::dimension::{IntVar, Poly};
use crate::number::Rational;
use crate::tensor::{Function, NodeId, Property, Store, Value, Variable};

/// Builds formulas in matrix notation.
#[derive(Default)]
pub(super) struct Desk {
    pub(super) store: Store,
}

pub(super) fn dim(name: char) -> Poly {
    Poly::variable(IntVar(name as u32))
}

impl Desk {
    /// A variable; `shape` names its dimensions, one letter each.
    pub(super) fn var(&mut self, name: &str, shape: &str, properties: &[Property]) -> Value {
        let found = self.store.variables().find(|(_, v)| v.name == name).map(|(id, _)| id);
        let axes = shape.chars().map(|c| self.store.dim(&dim(c))).collect();
        let id = found.unwrap_or_else(|| {
            let mut properties = properties.to_vec();
            properties.sort_unstable();
            self.store.declare(Variable { name: name.into(), axes, family: None, properties, is_row: false })
        });
        let node = self.store.variable_node(id);
        Value::matrix(node, !shape.is_empty(), shape.len() == 2)
    }
    pub(super) fn mul(&mut self, all: &[&Value]) -> Value {
        let mut it = all.iter();
        let first = (*it.next().unwrap()).clone();
        it.fold(first, |a, b| self.store.times(&a, b))
    }
    pub(super) fn t(&mut self, a: &Value) -> Value {
        self.store.transposed(a)
    }
    pub(super) fn add(&mut self, a: &Value, b: &Value) -> Value {
        self.store.plus(a, &Rational::ONE, b)
    }
    pub(super) fn sub(&mut self, a: &Value, b: &Value) -> Value {
        self.store.plus(a, &Rational::MINUS_ONE, b)
    }
    pub(super) fn num(&mut self, n: i64, d: i64) -> Value {
        Value::scalar(self.store.rational(&Rational::new(n, d).unwrap()))
    }
    pub(super) fn inv(&mut self, a: &Value) -> Value {
        self.store.inverted(a)
    }
    pub(super) fn det(&mut self, a: &Value) -> Value {
        self.store.determinant_of(a)
    }
    pub(super) fn f(&mut self, g: Function, a: &Value) -> Value {
        self.store.mapped(g, a)
    }
    pub(super) fn pow(&mut self, a: &Value, n: i64, d: i64) -> Value {
        self.store.mapped(Function::Power(Rational::new(n, d).unwrap()), a)
    }
    pub(super) fn eye(&mut self, n: char) -> Value {
        let node = self.store.identity(&dim(n));
        Value::matrix(node, true, true)
    }
    pub(super) fn had(&mut self, a: &Value, b: &Value) -> Value {
        self.store.entrywise(a, b)
    }
    pub(super) fn tr(&mut self, a: &Value) -> Value {
        self.store.traced(a)
    }
    pub(super) fn sum(&mut self, a: &Value) -> Value {
        self.store.total(a)
    }
    pub(super) fn diag(&mut self, a: &Value) -> Value {
        let (node, _) = (self.store.axes(a.node).clone(), ());
        let id = self.store.product(&[(a.node, smallvec::smallvec![0])], &[0, 0], &node);
        Value::matrix(id, true, true)
    }
    pub(super) fn is(&self, a: &Value, b: &Value) -> Proof {
        compare(&self.store, a.node, b.node, &Budget::default())
    }
    #[track_caller]
    pub(super) fn equal(&self, a: &Value, b: &Value) {
        assert_eq!(self.is(a, b), Proof::Equal);
        assert_eq!(self.is(b, a), Proof::Equal);
    }
    #[track_caller]
    pub(super) fn unequal(&self, a: &Value, b: &Value) {
        assert_ne!(self.is(a, b), Proof::Equal);
        assert_ne!(self.is(b, a), Proof::Equal);
    }
}

#[test]
fn polynomials() {
    let d = &mut Desk::default();
    let (a, b, x) = (d.var("A", "nn", &[]), d.var("B", "nn", &[]), d.var("x", "n", &[]));
    let sum = d.add(&a, &b);
    let square = d.mul(&[&sum, &sum]);
    let parts = [d.mul(&[&a, &a]), d.mul(&[&a, &b]), d.mul(&[&b, &a]), d.mul(&[&b, &b])];
    let all = parts.iter().skip(1).fold(parts[0].clone(), |s, p| d.add(&s, p));
    d.equal(&square, &all);
    let twice = d.add(&parts[1], &parts[1]);
    let wrong = d.add(&parts[0], &twice);
    let wrong = d.add(&wrong, &parts[3]);
    assert_eq!(d.is(&square, &wrong), Proof::Different);
    // xᵀAx = xᵀAᵀx
    let (xt, at) = (d.t(&x), d.t(&a));
    let (p, q) = (d.mul(&[&xt, &a, &x]), d.mul(&[&xt, &at, &x]));
    d.equal(&p, &q);
    let (p, q) = (d.mul(&[&a, &x]), d.mul(&[&at, &x]));
    assert_eq!(d.is(&p, &q), Proof::Different);
    // tr(A B) = tr(Bᵀ Aᵀ), tr(ABAB) ≠ tr(AABB), tr X^5
    let bt = d.t(&b);
    let (p, q) = (d.mul(&[&a, &b]), d.mul(&[&bt, &at]));
    let (p, q) = (d.tr(&p), d.tr(&q));
    d.equal(&p, &q);
    let (p, q) = (d.mul(&[&a, &b, &a, &b]), d.mul(&[&a, &a, &b, &b]));
    let (p, q) = (d.tr(&p), d.tr(&q));
    assert_eq!(d.is(&p, &q), Proof::Different);
    let i = d.eye('n');
    let (n, n1) = (d.tr(&i), Value::scalar(d.store.integer(&dim('n'))));
    d.equal(&n, &n1);
    let one = d.num(1, 1);
    d.unequal(&n, &one);
    let (p, q) = (d.had(&x, &x), x.clone());
    assert_eq!(d.is(&p, &q), Proof::Different);
}

#[test]
fn twenty_identities() {
    let d = &mut Desk::default();
    let (am, x, b) = (d.var("M", "mn", &[]), d.var("x", "n", &[]), d.var("b", "m", &[]));
    // ‖Mx − b‖² = xᵀMᵀMx − 2bᵀMx + bᵀb
    let mx = d.mul(&[&am, &x]);
    let r = d.sub(&mx, &b);
    let rt = d.t(&r);
    let norm = d.mul(&[&rt, &r]);
    let root = d.pow(&norm, 1, 2);
    let left = d.pow(&root, 2, 1);
    let (xt, mt, bt) = (d.t(&x), d.t(&am), d.t(&b));
    let p = d.mul(&[&xt, &mt, &am, &x]);
    let two = d.num(2, 1);
    let q = d.mul(&[&two, &bt, &am, &x]);
    let s = d.mul(&[&bt, &b]);
    let right = d.sub(&p, &q);
    let right = d.add(&right, &s);
    d.equal(&left, &right);
    // inverses
    let (a, c) = (d.var("A", "nn", &[Property::Invertible]), d.var("C", "nn", &[Property::Invertible]));
    let (ai, at) = (d.inv(&a), d.t(&a));
    let (p, q) = (d.t(&ai), d.inv(&at));
    d.equal(&p, &q);
    d.unequal(&p, &ai);
    let ac = d.mul(&[&a, &c]);
    let ci = d.inv(&c);
    let (p, q, w) = (d.inv(&ac), d.mul(&[&ci, &ai]), d.mul(&[&ai, &ci]));
    d.equal(&p, &q);
    d.unequal(&p, &w);
    let p = d.mul(&[&ci, &c, &a]);
    d.equal(&p, &a);
    // (I + MN)⁻¹M = M(I + NM)⁻¹
    let nm = d.var("N", "nm", &[]);
    let (mn, nm2) = (d.mul(&[&am, &nm]), d.mul(&[&nm, &am]));
    let (im, i) = (d.eye('m'), d.eye('n'));
    let (f, g) = (d.add(&im, &mn), d.add(&i, &nm2));
    let (fi, gi) = (d.inv(&f), d.inv(&g));
    let (p, q) = (d.mul(&[&fi, &am]), d.mul(&[&am, &gi]));
    d.equal(&p, &q);
    let g = d.sub(&i, &nm2);
    let gi = d.inv(&g);
    let q = d.mul(&[&am, &gi]);
    d.unequal(&p, &q);
    // (MᵀM)⁻ᵀ = (MᵀM)⁻¹
    let g = d.mul(&[&mt, &am]);
    let p = d.inv(&g);
    let q = d.t(&p);
    d.equal(&p, &q);
    // (MᵀM)⁻¹MᵀM = I
    let q = d.mul(&[&p, &mt, &am]);
    d.equal(&q, &i);
    // det(AC) = det A det C
    let (p, q, r) = (d.det(&ac), d.det(&a), d.det(&c));
    let q = d.mul(&[&q, &r]);
    d.equal(&p, &q);
    d.unequal(&p, &r);
    // diag(x) y = x ∘ y
    let y = d.var("y", "n", &[]);
    let dx = d.diag(&x);
    let (p, q) = (d.mul(&[&dx, &y]), d.had(&x, &y));
    d.equal(&p, &q);
    // tr(MᵀP) = sum(M ∘ P)
    let pm = d.var("P", "mn", &[]);
    let p = d.mul(&[&mt, &pm]);
    let p = d.tr(&p);
    let q = d.had(&am, &pm);
    let q = d.sum(&q);
    d.equal(&p, &q);
    // 1 − tanh² = 4 e²ˣ / (1 + e²ˣ)²
    let th = d.f(Function::Tanh, &x);
    let th2 = d.pow(&th, 2, 1);
    let one = d.num(1, 1);
    let p = d.sub(&one, &th2);
    let x2 = d.mul(&[&two, &x]);
    let e = d.f(Function::Exp, &x2);
    let e1 = d.add(&one, &e);
    let e1 = d.pow(&e1, -2, 1);
    let q = d.had(&e, &e1);
    let four = d.num(4, 1);
    let q4 = d.mul(&[&four, &q]);
    d.equal(&p, &q4);
    d.unequal(&p, &q);
    // log exp x = x
    let e = d.f(Function::Exp, &x);
    let l = d.f(Function::Log, &e);
    d.equal(&l, &x);
    // Σ softmax = 1
    let s = d.sum(&e);
    let si = d.pow(&s, -1, 1);
    let soft = d.mul(&[&si, &e]);
    let total = d.sum(&soft);
    d.equal(&total, &one);
}

#[test]
fn budgets_end_the_work() {
    let d = &mut Desk::default();
    let (a, b) = (d.var("A", "nn", &[]), d.var("B", "nn", &[]));
    let sum = d.add(&a, &b);
    let long = d.mul(&vec![&sum; 40]);
    let other = d.sub(&long, &a);
    assert_eq!(d.is(&long, &other), Proof::Unknown(Some(StopReason::Terms)));
    let _ = NodeId(0);
}

#[test]
fn typical_gradients() {
    let d = &mut Desk::default();
    let (one, half) = (d.num(1, 1), d.num(1, 2));
    // Tied autoencoder: W(WᵀWxxᵀ + xxᵀWᵀW − 2xxᵀ) = W r xᵀ + W x rᵀ with r = WᵀWx − x
    let (w, x) = (d.var("W", "mn", &[]), d.var("x", "n", &[]));
    let (wt, xt) = (d.t(&w), d.t(&x));
    let (p, q, r) = (d.mul(&[&wt, &w, &x, &xt]), d.mul(&[&x, &xt, &wt, &w]), d.mul(&[&x, &xt]));
    let two = d.num(2, 1);
    let r2 = d.mul(&[&two, &r]);
    let s = d.add(&p, &q);
    let s = d.sub(&s, &r2);
    let left = d.mul(&[&w, &s]);
    let y = d.mul(&[&wt, &w, &x]);
    let r = d.sub(&y, &x);
    let rt = d.t(&r);
    let (p, q) = (d.mul(&[&w, &r, &xt]), d.mul(&[&w, &x, &rt]));
    let right = d.add(&p, &q);
    d.equal(&left, &right);
    d.unequal(&left, &p);
    // Logistic regression: −Σ(y log σ + (1 − y) log(1 − σ)) = Σ(softplus z − y z), and σ(z) − y
    let (z, y) = (d.var("z", "n", &[]), d.var("y", "n", &[]));
    let s = d.f(Function::Sigmoid, &z);
    let (s1, y1) = (d.sub(&one, &s), d.sub(&one, &y));
    let (l, l1) = (d.f(Function::Log, &s), d.f(Function::Log, &s1));
    let (a, b) = (d.had(&y, &l), d.had(&y1, &l1));
    let left = d.add(&a, &b);
    let (sp, yz) = (d.f(Function::Softplus, &z), d.had(&y, &z));
    let right = d.sub(&yz, &sp);
    d.equal(&left, &right);
    d.unequal(&left, &yz);
    // Cross-entropy with one-hot labels: log Σ eᶻ − tᵀz = −Σ t log softmax z
    let t = d.var("t", "n", &[Property::OneHot]);
    let e = d.f(Function::Exp, &z);
    let total = d.sum(&e);
    let inverse = d.pow(&total, -1, 1);
    let soft = d.mul(&[&inverse, &e]);
    let logs = d.f(Function::Log, &soft);
    let picked = d.had(&t, &logs);
    let left = d.sum(&picked);
    let (lse, tz) = (d.f(Function::Log, &total), d.had(&t, &z));
    let tz = d.sum(&tz);
    let right = d.sub(&tz, &lse);
    d.equal(&left, &right);
    d.unequal(&left, &tz);
    // Norms: x/‖x‖ = ‖x‖ x / ‖x‖², ½‖x‖² = ½ Σ x²
    let xx = d.mul(&[&xt, &x]);
    let (norm, over) = (d.pow(&xx, 1, 2), d.pow(&xx, -1, 2));
    let (below, unit) = (d.pow(&xx, -1, 1), d.mul(&[&over, &x]));
    let other = d.mul(&[&norm, &below, &x]);
    d.equal(&unit, &other);
    d.unequal(&unit, &x);
    let squares = d.had(&x, &x);
    let squares = d.sum(&squares);
    let (a, b) = (d.mul(&[&half, &xx]), d.mul(&[&half, &squares]));
    d.equal(&a, &b);
    // ReLU layer: W₂ᵀr ∘ [z > 0] = diag([z > 0]) W₂ᵀ r
    let (v, r) = (d.var("V", "mn", &[]), d.var("r", "m", &[]));
    let (vt, mask) = (d.t(&v), d.f(Function::Positive, &z));
    let (vr, dm) = (d.mul(&[&vt, &r]), d.diag(&mask));
    let (a, b) = (d.had(&vr, &mask), d.mul(&[&dm, &vt, &r]));
    d.equal(&a, &b);
    d.unequal(&a, &vr);
}
