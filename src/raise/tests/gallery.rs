//! Derivatives as people know them.

use super::Lab;
use crate::dimension::Poly;
use crate::tensor::{Function, Value};

#[test]
fn least_squares() {
    let mut l = Lab::new();
    let (x, w, y) = (l.symbol("X", &["m", "n"]), l.symbol("w", &["n"]), l.symbol("y", &["m"]));
    let xw = l.product(&[&x, &w]);
    let r = l.minus(&xw, &y);
    let g = l.matrix(&[(&x, "ij"), (&r, "i")], "j");
    let g = l.scale(2, 1, &g);
    l.check(&g, "2 X' (X w - y)");
    let loss = l.matrix(&[(&r, "i"), (&r, "i")], "");
    l.check(&loss, "norm(X w - y)^2");
    let norm = l.power(&loss, 1, 2);
    l.check(&norm, "norm(X w - y)");
    let over = l.power(&loss, -1, 2);
    let unit = l.matrix(&[(&x, "ij"), (&r, "i"), (&over, "")], "j");
    l.check(&unit, "X' (X w - y) / norm(X w - y)");
    let h = l.matrix(&[(&x, "ij"), (&x, "ik")], "jk");
    let h = l.scale(2, 1, &h);
    l.check(&h, "2 X' X");
    let row = l.t(&g);
    l.check(&row, "2 (X w - y)' X");
    l.check_index(&g, "2 (Σ_{j=1}^{m} X[j,i] (Σ_{k=1}^{n} X[j,k] w[k] - y[j]))");
}

#[test]
fn autoencoder() {
    let mut l = Lab::new();
    let (w, x) = (l.symbol("W", &["m", "n"]), l.symbol("x", &["n"]));
    let wt = l.t(&w);
    let wx = l.product(&[&w, &x]);
    let wwx = l.product(&[&wt, &wx]);
    let r = l.minus(&wwx, &x);
    let first = l.matrix(&[(&wx, "i"), (&r, "j")], "ij");
    l.check(&first, "W x (W' W x - x)'");
    let second = l.matrix(&[(&w, "ij"), (&r, "j"), (&x, "k")], "ik");
    l.check(&second, "W (W' W x - x) x'");
    let both = l.plus(&first, &second);
    l.check(&both, "W (x (W' W x - x)' + (W' W x - x) x')");
}

#[test]
fn traces() {
    let mut l = Lab::new();
    let (a, x, b) = (l.symbol("A", &["n", "m"]), l.symbol("X", &["m", "n"]), l.symbol("B", &["n", "n"]));
    let v = l.matrix(&[(&a, "ij"), (&x, "ji")], "");
    l.check(&v, "trace(A X)");
    let v = l.matrix(&[(&x, "ij"), (&x, "ij")], "");
    l.check(&v, "norm-F(X)^2");
    let v = l.matrix(&[(&a, "ij"), (&x, "jk"), (&b, "kl"), (&x, "ml"), (&a, "im")], "");
    l.check(&v, "trace(A X B X' A')");
    let v = l.matrix(&[(&x, "ij"), (&b, "jk"), (&x, "ik")], "");
    l.check(&v, "trace(X B X')");
    let v = l.matrix(&[(&b, "ii")], "");
    l.check(&v, "trace(B)");
    let bt = l.t(&b);
    let s = l.plus(&b, &bt);
    let v = l.matrix(&[(&x, "ij"), (&s, "jk")], "ik");
    l.check(&v, "X (B + B')");
    let v = l.matrix(&[(&b, "ij"), (&b, "jk"), (&b, "ki")], "");
    l.check(&v, "trace(B^3)");
    let v = l.matrix(&[(&b, "ji"), (&b, "kj")], "ik");
    let v = l.scale(3, 1, &v);
    l.check(&v, "3 B^2'");
    let d = l.minus(&x, &a.clone());
    let _ = d;
}

#[test]
fn inverses_and_determinants() {
    let mut l = Lab::new();
    let (k, x, y) = (l.symbol("K", &["n", "n"]), l.symbol("x", &["n"]), l.symbol("y", &["n"]));
    let i = l.store.inverted(&k);
    let g = l.matrix(&[(&i, "ji"), (&x, "j"), (&y, "k"), (&i, "lk")], "il");
    let g = l.scale(-1, 1, &g);
    l.check(&g, "-K^-1' x y' K^-1'");
    let q = l.matrix(&[(&x, "i"), (&i, "ij"), (&x, "j")], "");
    l.check(&q, "x' K^-1 x");
    let d = l.store.determinant_of(&k);
    l.check(&d, "determinant(K)");
    let log = l.map(Function::Log, &d);
    l.check(&log, "logdet(K)");
    let g = l.matrix(&[(&d, ""), (&i, "ij")], "ji");
    l.check(&g, "determinant(K) K^-1'");
    let s = l.symmetric("S", "n");
    let i = l.store.inverted(&s);
    let g = l.matrix(&[(&i, "ji"), (&x, "j"), (&x, "k"), (&i, "lk")], "il");
    l.check(&g, "S^-1 x x' S^-1");
    let j = l.tensor(&[(&i, "ik"), (&i, "lj")], "ijkl");
    let j = l.scale(-1, 1, &j);
    l.check(&j, "-S^-1[i,k] S^-1[l,j]");
}

#[test]
fn gaussian_process() {
    let mut l = Lab::new();
    let (x, y) = (l.symbol("X", &["n", "k"]), l.symbol("Y", &["n", "m"]));
    let (al, be) = (l.symbol("alpha", &[]), l.symbol("beta", &[]));
    let xx = l.matrix(&[(&al, ""), (&x, "ij"), (&x, "kj")], "ik");
    let n = l.poly("n");
    let eye = Value::matrix(l.store.identity(&n), true, true);
    let over = l.power(&be, -1, 1);
    let noise = l.matrix(&[(&over, ""), (&eye, "ij")], "ij");
    let k = l.plus(&xx, &noise);
    l.check(&k, "alpha X X' + beta^-1 I");
    let def = l.define("K", &k);
    let i = l.store.inverted(&def);
    let d = Value::scalar(l.store.integer(&Poly::variable(l.int("d"))));
    let g = l.matrix(&[(&d, ""), (&al, ""), (&i, "ij"), (&x, "jk")], "ik");
    l.check(&g, "alpha d K^-1 X");
    let q = l.matrix(&[(&i, "ij"), (&y, "jk"), (&y, "ik")], "");
    l.check(&q, "trace(K^-1 Y Y')");
    let plain = l.store.inverted(&k);
    let g = l.matrix(&[(&al, ""), (&plain, "ij"), (&x, "jk")], "ik");
    l.check(&g, "alpha (alpha X X' + beta^-1 I)^-1 X");
}

#[test]
fn softmax() {
    let mut l = Lab::new();
    let (x, w) = (l.symbol("x", &["n"]), l.symbol("W", &["m", "n"]));
    let e = l.map(Function::Exp, &x);
    let total = l.matrix(&[(&e, "i")], "");
    let over = l.power(&total, -1, 1);
    let s = l.matrix(&[(&e, "i"), (&over, "")], "i");
    l.check(&s, "softmax(x)");
    let over2 = l.power(&total, -2, 1);
    let diag = l.matrix(&[(&e, "i"), (&over, "")], "ii");
    let outer = l.matrix(&[(&e, "i"), (&e, "j"), (&over2, "")], "ij");
    let j = l.minus(&diag, &outer);
    l.check(&j, "diag(softmax(x)) - softmax(x) softmax(x)'");
    let lse = l.map(Function::Log, &total);
    l.check(&lse, "logsumexp(x)");
    let ls = l.map(Function::Log, &s);
    l.check(&ls, "log(softmax(x))");
    let z = l.product(&[&w, &x]);
    let e = l.map(Function::Exp, &z);
    let total = l.matrix(&[(&e, "i")], "");
    let over = l.power(&total, -1, 1);
    let g = l.matrix(&[(&e, "i"), (&over, ""), (&x, "j")], "ij");
    l.check(&g, "softmax(W x) x'");
    let e = l.map(Function::Exp, &w);
    let rows = l.matrix(&[(&e, "ij")], "i");
    let over = l.power(&rows, -1, 1);
    let s = l.matrix(&[(&e, "ij"), (&over, "i")], "ij");
    l.check(&s, "softmax(W)");
    let cols = l.matrix(&[(&e, "ij")], "j");
    let over = l.power(&cols, -1, 1);
    let s = l.matrix(&[(&e, "ij"), (&over, "j"), (&x, "j")], "i");
    l.check(&s, "softmax(W')' x");
}

#[test]
fn entrywise() {
    let mut l = Lab::new();
    let (a, x, b) = (l.symbol("A", &["m", "n"]), l.symbol("X", &["m", "n"]), l.symbol("B", &["m", "n"]));
    let (v, w) = (l.symbol("v", &["n"]), l.symbol("w", &["n"]));
    let h = l.matrix(&[(&a, "ij"), (&x, "ij")], "ij");
    let h = l.scale(2, 1, &h);
    l.check(&h, "2 A ⊙ X");
    let f = l.matrix(&[(&a, "ij"), (&x, "ij"), (&x, "ij")], "");
    l.check(&f, "sum(A ⊙ X.^2)");
    let d = l.minus(&x, &b);
    let g = l.matrix(&[(&a, "ij"), (&a, "ij"), (&d, "ij")], "ij");
    l.check(&g, "A.^2 ⊙ (X - B)");
    let q = l.matrix(&[(&v, "i"), (&w, "i"), (&x, "ji")], "j");
    l.check(&q, "X (v ⊙ w)");
    let q = l.matrix(&[(&v, "i"), (&x, "ji"), (&a, "ki")], "jk");
    l.check(&q, "X diag(v) A'");
    let q = l.matrix(&[(&x, "ij"), (&v, "j")], "ij");
    l.check(&q, "X diag(v)");
    let q = l.matrix(&[(&x, "ij"), (&a, "ij")], "j");
    l.check(&q, "diag(X' A)");
    let q = l.matrix(&[(&x, "ij")], "j");
    l.check(&q, "X' 1_{m}");
    let q = l.matrix(&[(&v, "i")], "im");
    l.check(&q, "v 1_{m}'");
    let t = l.map(Function::Tanh, &x);
    let t2 = l.power(&t, 2, 1);
    let axes = l.store.axes(x.node).clone();
    let ones = Value::matrix(l.store.ones(axes), true, true);
    let d = l.minus(&ones, &t2);
    l.check(&d, "1_{m} 1_{n}' - tanh(X).^2");
    let p = l.store.entrywise(&a, &d);
    l.check(&p, "A ⊙ (1 - tanh(X).^2)");
    let s = l.map(Function::Abs, &v);
    let s = l.matrix(&[(&s, "i")], "");
    l.check(&s, "sum(abs(v))");
    let over = l.power(&v, -1, 1);
    let q = l.matrix(&[(&w, "i"), (&over, "i")], "i");
    l.check(&q, "w ./ v");
    l.check(&over, "1 ./ v");
    let one = l.store.one();
    let shift = l.plus(&v, &Value::scalar(one));
    let log = l.map(Function::Log, &shift);
    l.check(&log, "log(v + 1)");
    let root = l.power(&v, -1, 2);
    l.check(&root, "1 ./ sqrt(v)");
    let p = l.map(Function::Positive, &v);
    let q = l.matrix(&[(&p, "i"), (&w, "i")], "i");
    l.check(&q, "w ⊙ (v > 0)");
}

#[test]
fn networks() {
    let mut l = Lab::new();
    let (w1, w2) = (l.symbol("W_1", &["m", "n"]), l.symbol("W_2", &["p", "m"]));
    let (x, y, b) = (l.symbol("x", &["n"]), l.symbol("y", &["p"]), l.symbol("b", &["m"]));
    let z = l.product(&[&w1, &x]);
    let z = l.plus(&z, &b);
    let h = l.map(Function::Tanh, &z);
    let o = l.product(&[&w2, &h]);
    let r = l.minus(&o, &y);
    let h2 = l.power(&h, 2, 1);
    let axes = l.store.axes(h.node).clone();
    let ones = Value::matrix(l.store.ones(axes), true, false);
    let slope = l.minus(&ones, &h2);
    let g = l.matrix(&[(&w2, "ij"), (&r, "i"), (&slope, "j"), (&x, "k")], "jk");
    l.check(&g, "W_2' (W_2 tanh(W_1 x + b) - y) ⊙ (1 - tanh(W_1 x + b).^2) x'");
    let g = l.matrix(&[(&r, "i"), (&h, "j")], "ij");
    l.check(&g, "(W_2 tanh(W_1 x + b) - y) tanh(W_1 x + b)'");
    let j = l.matrix(&[(&w2, "ij"), (&slope, "j"), (&w1, "jk")], "ik");
    l.check(&j, "W_2 diag(1 - tanh(W_1 x + b).^2) W_1");
    let s = l.map(Function::Sigmoid, &z);
    let rest = l.minus(&ones, &s);
    let d = l.matrix(&[(&s, "i"), (&rest, "i")], "i");
    l.check(&d, "sigmoid(W_1 x + b) ⊙ (1 - sigmoid(W_1 x + b))");
    let g = l.store.function("g");
    let gz = l.map(Function::Unknown(g, 1), &z);
    let q = l.matrix(&[(&gz, "i"), (&x, "j")], "ij");
    l.check(&q, "g'(W_1 x + b) x'");
}

#[test]
fn families() {
    let mut l = Lab::new();
    let (x, s) = (l.family("x", &["m"]), l.family("s", &["k"]));
    let (w, mu) = (l.symbol("W", &["m", "k"]), l.symbol("mu", &["m"]));
    let ws = l.product(&[&w, &s]);
    let r = l.minus(&x, &ws);
    let loss = l.matrix(&[(&r, "ia"), (&r, "ia")], "");
    l.check(&loss, "Σ_{i=1}^{N} norm(x[i] - W s[i])^2");
    let g = l.matrix(&[(&r, "ia"), (&s, "ib")], "ab");
    let g = l.scale(-2, 1, &g);
    l.check(&g, "-2 (Σ_{i=1}^{N} (x[i] - W s[i]) s[i]')");
    let gs = l.net(&[(&w, "ab"), (&r, "ia")], "ib");
    let gs = r.with(gs);
    l.check(&gs, "W' (x[i] - W s[i])");
    let c = l.minus(&x, &mu);
    let g = l.matrix(&[(&c, "ia")], "a");
    l.check(&g, "Σ_{i=1}^{N} (x[i] - mu)");
    let n = Value::scalar(l.store.integer(&Poly::variable(l.int("N"))));
    let over = l.power(&n, -1, 1);
    let mean = l.matrix(&[(&over, ""), (&x, "ia")], "a");
    l.check(&mean, "1 / N (Σ_{i=1}^{N} x[i])");
    let gram = l.matrix(&[(&x, "ia"), (&x, "ja")], "ij");
    l.check(&gram, "x[i]' x[j]");
    let z = l.define("z", &r);
    let loss = l.matrix(&[(&z, "ia"), (&w, "ab"), (&s, "ib")], "");
    l.check(&loss, "Σ_{i=1}^{N} z[i]' W s[i]");
    let total = l.matrix(&[(&x, "ia"), (&x, "ja"), (&mu, "b"), (&mu, "b")], "");
    l.check(&total, "norm(mu)^2 (Σ_{i=1}^{N} (Σ_{j=1}^{N} x[i]' x[j]))");
    let e = l.map(Function::Exp, &r);
    let se = l.net(&[(&e, "ia")], "i");
    let free = x.free.clone();
    let lse = l.store.map(Function::Log, se);
    let v = Value { node: lse, free, row: false, col: false, integer: None };
    l.check(&v, "logsumexp(x[i] - W s[i])");
}

#[test]
fn four_axes() {
    let mut l = Lab::new();
    let (a, b) = (l.symbol("A", &["p", "m"]), l.symbol("B", &["n", "k"]));
    let x = l.symbol("x", &["n"]);
    let m = l.poly("m");
    let eye = Value::matrix(l.store.identity(&m), true, true);
    let j = l.tensor(&[(&a, "ik"), (&b, "lj")], "ijkl");
    l.check(&j, "A[i,l] B[q,j]");
    let j = l.tensor(&[(&eye, "ik"), (&x, "j"), (&x, "l")], "ijkl");
    l.check(&j, "δ[i,l] x[j] x[q]");
    // Fused: (j, i) by (l, k), the first slowest.
    let f = l.net(&[(&b, "lj"), (&a, "ik")], "jilk");
    let f = Value::matrix(l.store.fuse(f, smallvec::smallvec![2, 2]), true, true);
    l.check(&f, "B' ⊗ A");
    let f = l.net(&[(&x, "j"), (&x, "l"), (&eye, "ik")], "jilk");
    let f = l.store.fuse(f, smallvec::smallvec![2, 2]);
    let f = Value::matrix(f, true, true);
    let f = l.scale(2, 1, &f);
    l.check(&f, "2 (x x' ⊗ I_{m})");
    let f = l.net(&[(&eye, "jl"), (&x, "i"), (&x, "k")], "jilk");
    let f = Value::matrix(l.store.fuse(f, smallvec::smallvec![2, 2]), true, true);
    l.check(&f, "I_{m} ⊗ (x x')");
    let v = l.net(&[(&a, "ij")], "ji");
    let v = Value::matrix(l.store.fuse(v, smallvec::smallvec![2]), true, false);
    l.check(&v, "vec(A)");
    let f = l.net(&[(&eye, "jk"), (&x, "i"), (&x, "l")], "jilk");
    let f = Value::matrix(l.store.fuse(f, smallvec::smallvec![2, 2]), true, true);
    l.check(&f, "I_{m} ⊗ (x x') commutation(m, n)");
    let f = l.net(&[(&a, "ij"), (&b, "kl")], "jilk");
    let f = Value::matrix(l.store.fuse(f, smallvec::smallvec![2, 2]), true, true);
    l.check(&f, "vec(A) vec(B)'");
    let f = l.net(&[(&a, "ik"), (&x, "j")], "jik");
    let f = Value::matrix(l.store.fuse(f, smallvec::smallvec![2, 1]), true, true);
    l.check(&f, "x ⊗ A");
}

#[test]
fn powers_and_scalars() {
    let mut l = Lab::new();
    let (x, y) = (l.symbol("x", &["n"]), l.symmetric("A", "n"));
    let (t, u) = (l.symbol("t", &[]), l.symbol("u", &[]));
    let k = l.poly("k");
    let p = l.store.matrix_power(y.node, &k);
    let p = Value::matrix(p, true, true);
    l.check(&p, "A^k");
    let less = Poly::variable(l.int("k")).sub(&Poly::constant(1));
    let p = Value::matrix(l.store.matrix_power(y.node, &less), true, true);
    let kn = Value::scalar(l.store.integer(&k));
    let p = l.matrix(&[(&kn, ""), (&p, "ij")], "ji");
    l.check(&p, "k A^(k - 1)");
    let r = l.int("r");
    let below = Poly::variable(r);
    let left = Value::matrix(l.store.matrix_power(y.node, &below), true, true);
    let right = Value::matrix(l.store.matrix_power(y.node, &less.sub(&below)), true, true);
    let body = l.net(&[(&left, "ij"), (&x, "j"), (&x, "k"), (&right, "kl")], "il");
    let sum = l.store.range_sum(r, &Poly::constant(0), &less, body);
    l.check(&Value::matrix(sum, true, true), "Σ_{r=0}^{k - 1} A^r x x' A^(k - r - 1)");
    let xx = l.matrix(&[(&x, "i"), (&x, "i")], "");
    l.check(&xx, "norm(x)^2");
    let q = l.matrix(&[(&x, "i"), (&y, "ij"), (&x, "j")], "");
    let over = l.power(&xx, -1, 1);
    let ray = l.matrix(&[(&q, ""), (&over, "")], "");
    l.check(&ray, "x' A x / norm(x)^2");
    let over2 = l.power(&xx, -2, 1);
    let g1 = l.matrix(&[(&y, "ij"), (&x, "j"), (&over, "")], "i");
    let g2 = l.matrix(&[(&q, ""), (&over2, ""), (&x, "i")], "i");
    let g1 = l.scale(2, 1, &g1);
    let g2 = l.scale(-2, 1, &g2);
    let g = l.plus(&g1, &g2);
    l.check(&g, "2 / norm(x)^2 (A x - x' A x / norm(x)^2 x)");
    let four = l.power(&xx, 2, 1);
    l.check(&four, "norm(x)^4");
    let s = l.power(&t, -1, 1);
    let v = l.matrix(&[(&t, ""), (&u, ""), (&x, "i")], "i");
    l.check(&v, "t u x");
    let v = l.matrix(&[(&s, ""), (&x, "i")], "i");
    let v = l.scale(1, 2, &v);
    l.check(&v, "x / (2 t)");
    let q = l.power(&q, 1, 2);
    l.check(&q, "sqrt(x' A x)");
    let z = l.store.scalar_power(t.node, u.node);
    l.check(&Value::scalar(z), "t^u");
    let e = Value::scalar(l.store.constant(crate::syntax::Constant::Pi));
    let v = l.matrix(&[(&e, ""), (&t, ""), (&t, "")], "");
    l.check(&v, "Pi t^2");
    let axes = l.store.axes(x.node).clone();
    let zero = Value::matrix(l.store.zero(axes), true, false);
    l.check(&zero, "0_{n}");
}

#[test]
fn unknown_functions_and_patterns() {
    use crate::tensor::Pattern;
    let mut l = Lab::new();
    let (w, x) = (l.symbol("W", &["m", "n"]), l.symbol("x", &["n"]));
    let y = l.product(&[&w, &x]);
    let f = l.store.function("f");
    let call = Value::scalar(l.store.unknown(f, 0, 0, y.node));
    l.check(&call, "f(W x)");
    let grad = Value::matrix(l.store.unknown(f, 1, 0, y.node), true, false);
    l.check(&grad, "∇^1_{W x} f(W x)");
    let g = l.matrix(&[(&grad, "i"), (&x, "j")], "ij");
    l.check(&g, "∇^1_{W x} f(W x) x'");
    let h = Value::matrix(l.store.unknown(f, 2, 0, y.node), true, true);
    let g = l.matrix(&[(&w, "ij"), (&h, "ik"), (&w, "kl")], "jl");
    l.check(&g, "W' ∇^2_{W x} f(W x) W");
    let n = l.poly("n");
    let dim = l.store.dim(&n);
    let third = Value::matrix(l.store.pattern(Pattern::Basis { dim, position: Poly::constant(3) }), true, false);
    let v = l.matrix(&[(&x, "i"), (&third, "i")], "");
    l.check(&v, "x[3]");
    let v = l.matrix(&[(&x, "i"), (&third, "i")], "i");
    l.check(&v, "x[i] δ[i,3]");
    let range = l.store.pattern(Pattern::Range { dim, lower: Poly::constant(2), upper: n.clone() });
    let range = Value::matrix(range, true, false);
    let v = l.matrix(&[(&x, "i"), (&range, "i")], "");
    l.check(&v, "Σ_{i=2}^{n} x[i]");
    let count = Value::matrix(l.store.pattern(Pattern::Count { dim }), true, false);
    let v = l.matrix(&[(&x, "i"), (&count, "i")], "");
    l.check(&v, "Σ_{i=1}^{n} i x[i]");
    let before = Value::matrix(l.store.pattern(Pattern::Before { rows: dim, cols: dim }), true, true);
    let v = l.matrix(&[(&x, "i"), (&before, "ij"), (&x, "j")], "");
    l.check(&v, "Σ_{i=1}^{n} x[i] (Σ_{j=1}^{n} (i < j) x[j])");
    let shift =
        Value::matrix(l.store.pattern(Pattern::Shift { rows: dim, cols: dim, offset: Poly::constant(1) }), true, true);
    let v = l.matrix(&[(&x, "i"), (&shift, "ij"), (&x, "j")], "");
    l.check(&v, "Σ_{i=1}^{n} x[i] (Σ_{j=1}^{n} δ[i,j + 1] x[j])");
}
