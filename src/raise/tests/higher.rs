//! Second derivatives, tensors that are sums, fused and split axes.

use super::Lab;
use crate::tensor::{Function, Value};
use smallvec::smallvec;

#[test]
fn hessians_that_are_matrices() {
    let mut l = Lab::new();
    let (x, a, y) = (l.symbol("x", &["n"]), l.symbol("a", &["n"]), l.symbol("y", &["m"]));
    let m = l.symbol("X", &["m", "n"]);
    let n = l.poly("n");
    let eye = Value::matrix(l.store.identity(&n), true, true);
    let r = l.minus(&x, &a);
    let rr = l.matrix(&[(&r, "i"), (&r, "i")], "");
    let over = l.power(&rr, -1, 2);
    let over3 = l.power(&rr, -3, 2);
    let first = l.matrix(&[(&over, ""), (&eye, "ij")], "ij");
    let second = l.matrix(&[(&over3, ""), (&r, "i"), (&r, "j")], "ij");
    let h = l.minus(&first, &second);
    l.check(&h, "1 / norm(x - a) (I - (x - a) (x - a)' / norm(x - a)^2)");
    let xx = l.matrix(&[(&x, "i"), (&x, "i")], "");
    let first = l.matrix(&[(&xx, ""), (&eye, "ij")], "ij");
    let first = l.scale(4, 1, &first);
    let second = l.matrix(&[(&x, "i"), (&x, "j")], "ij");
    let second = l.scale(8, 1, &second);
    let h = l.plus(&first, &second);
    l.check(&h, "4 (norm(x)^2 I + 2 x x')");
    let w = l.product(&[&m, &x]);
    let z = l.store.entrywise(&y, &w);
    let z = l.scale(-1, 1, &z);
    let e = l.map(Function::Exp, &z);
    let axes = l.store.axes(e.node).clone();
    let ones = Value::matrix(l.store.ones(axes), true, false);
    let s = l.plus(&ones, &e);
    let over = l.power(&s, -1, 1);
    let g = l.matrix(&[(&m, "ij"), (&y, "i"), (&e, "i"), (&over, "i")], "j");
    l.check(&g, "X' (y ⊙ sigmoid(-y ⊙ (X x)))");
    let over2 = l.power(&s, -2, 1);
    let h = l.matrix(&[(&m, "ij"), (&y, "i"), (&y, "i"), (&e, "i"), (&over2, "i"), (&m, "ik")], "jk");
    l.check(&h, "X' diag(y.^2 ⊙ sigmoid(y ⊙ (X x)) ⊙ (1 - sigmoid(y ⊙ (X x)))) X");
    let t = l.map(Function::Tanh, &w);
    let h = l.matrix(&[(&m, "ij"), (&y, "i"), (&t, "i"), (&m, "ik")], "jk");
    let h = l.scale(-2, 1, &h);
    l.check(&h, "-2 X' diag(y ⊙ tanh(X x)) X");
    let h = l.matrix(&[(&m, "ij"), (&y, "i"), (&m, "ij")], "j");
    l.check(&h, "(X').^2 y");
    let h = l.matrix(&[(&m, "ij"), (&m, "ij"), (&m, "ij"), (&x, "j")], "i");
    l.check(&h, "X.^3 x");
}

#[test]
fn tensors_contracted_again() {
    let mut l = Lab::new();
    let (a, b, x) = (l.symbol("A", &["n", "n"]), l.symbol("B", &["n", "n"]), l.symbol("X", &["n", "n"]));
    let v = l.symbol("v", &["n"]);
    let p = l.tensor(&[(&a, "ik"), (&b, "lj")], "ijkl");
    let q = l.tensor(&[(&b, "ik"), (&a, "jl")], "ijkl");
    let s = l.plus(&p, &q);
    let g = l.matrix(&[(&s, "ijkl"), (&x, "kl")], "ij");
    l.check(&g, "A X B + B X A'");
    let g = l.matrix(&[(&p, "ijkl"), (&x, "ij"), (&v, "k")], "l");
    l.check(&g, "B X' A v");
    l.check(&s, "A[i,k] B[l,j] + B[i,k] A[j,l]");
    let m = l.map(Function::Exp, &s);
    l.check(&m, "exp(A[i,k] B[l,j] + B[i,k] A[j,l])");
    let g = l.matrix(&[(&m, "ijkl"), (&x, "kl")], "ij");
    l.check(&g, "Σ_{k=1}^{n} (Σ_{l=1}^{n} exp(A[i,k] B[l,j] + B[i,k] A[j,l]) X[k,l])");
    let t = l.matrix(&[(&a, "ij"), (&b, "kj"), (&x, "lj"), (&v, "k"), (&v, "l")], "i");
    l.check(&t, "A (B' v ⊙ (X' v))");
    let t = l.tensor(&[(&a, "ij"), (&b, "kj"), (&x, "lj")], "ikl");
    l.check(&t, "Σ_{l=1}^{n} A[i,l] B[j,l] X[k,l]");
    let sum = l.tensor(&[(&a, "ij"), (&b, "kj"), (&x, "lj")], "");
    l.check(&sum, "sum(X (A' 1_{n} ⊙ (B' 1_{n})))");
    let khatri = l.matrix(&[(&a, "ij"), (&b, "kj"), (&x, "lj"), (&v, "l")], "ik");
    l.check(&khatri, "A diag(X' v) B'");
}

#[test]
fn fused_and_split_axes() {
    let mut l = Lab::new();
    let (c, x) = (l.symbol("C", &["m n", "m n"]), l.symbol("X", &["m", "n"]));
    let a = l.symbol("A", &["n", "m"]);
    let kron = l.store.kronecker(&x, &a);
    l.check(&kron, "X ⊗ A");
    let sum = l.plus(&kron, &c);
    l.check(&sum, "X ⊗ A + C");
    let e = l.map(Function::Exp, &kron);
    l.check(&e, "exp(X ⊗ A)");
    let trace = l.product(&[&c, &kron]);
    let trace = l.store.traced(&trace);
    l.check(&trace, "Σ_{i=1}^{n} (Σ_{j=1}^{m} (Σ_{k=1}^{n} (Σ_{l=1}^{m} δ[m (i - 1) + j,m (k - 1) + l] (Σ_{p=1}^{m} X[p,k] (Σ_{q=1}^{n} C[m (i - 1) + j,n (p - 1) + q] A[q,l])))))");
    let v = l.store.vectorised(&x);
    let cv = l.product(&[&c, &v]);
    l.check(&cv, "C vec(X)");
    let vcv = l.t(&v);
    let vcv = l.product(&[&vcv, &cv]);
    l.check(&vcv, "vec(X)' C vec(X)");
    let i = l.store.inverted(&kron);
    l.check(&i, "(X ⊗ A)^-1");
    let kx = l.net(&[(&x, "ij"), (&x, "kl")], "ijkl");
    let fused = Value::matrix(l.store.fuse(kx, smallvec![2, 2]), true, true);
    l.check(&fused, "vec(X') vec(X')'");
    let all = Value::matrix(l.store.fuse(kx, smallvec![4]), true, false);
    l.check(&all, "X[i,j] X[k,l]");
}

#[test]
fn families_of_matrices_and_double_sums() {
    let mut l = Lab::new();
    let (x, c, s) = (l.family("x", &["n"]), l.family("S", &["n", "n"]), l.family("c", &[]));
    let (mu, w, y) = (l.symbol("mu", &["n"]), l.symbol("W", &["n", "n"]), l.symbol("y", &["N"]));
    let v = l.matrix(&[(&x, "ia"), (&c, "iab"), (&x, "ib")], "");
    l.check(&v, "Σ_{i=1}^{N} x[i]' S[i] x[i]");
    let i = l.store.inverse(c.node);
    let i = c.with(i);
    let v = l.matrix(&[(&i, "iab"), (&x, "ib")], "a");
    l.check(&v, "Σ_{i=1}^{N} S[i]^-1 x[i]");
    let d = l.store.determinant(c.node);
    let d = Value { node: d, free: c.free.clone(), row: false, col: false, integer: None };
    let log = l.map(Function::Log, &d);
    let v = l.matrix(&[(&log, "i")], "");
    l.check(&v, "Σ_{i=1}^{N} logdet(S[i])");
    let v = l.matrix(&[(&s, "i"), (&x, "ia"), (&x, "ib"), (&w, "bc")], "ac");
    l.check(&v, "Σ_{i=1}^{N} c[i] x[i] x[i]' W");
    let v = l.matrix(&[(&y, "i"), (&x, "ia")], "a");
    l.check(&v, "Σ_{i=1}^{N} y[i] x[i]");
    let v = l.matrix(&[(&x, "ia"), (&x, "ja"), (&s, "i"), (&s, "j")], "");
    l.check(&v, "Σ_{i=1}^{N} c[i] (Σ_{j=1}^{N} c[j] x[i]' x[j])");
    let v = l.matrix(&[(&x, "ia"), (&mu, "a"), (&x, "jb"), (&mu, "b")], "");
    l.check(&v, "(Σ_{j=1}^{N} x[j]' mu) (Σ_{i=1}^{N} x[i]' mu)");
    let total = l.matrix(&[(&x, "ia")], "a");
    let inner = l.matrix(&[(&x, "ja"), (&total, "a")], "j");
    let inner = Value { free: x.free.clone(), row: false, ..inner };
    l.check(&inner, "Σ_{j=1}^{N} x[i]' x[j]");
    let square = l.power(&inner, 2, 1);
    let twice = l.matrix(&[(&square, "i")], "");
    l.check(&twice, "Σ_{i=1}^{N} (Σ_{j=1}^{N} x[i]' x[j])^2");
    let broadcast = l.minus(&x, &mu);
    let e = l.map(Function::Exp, &broadcast);
    let v = l.matrix(&[(&e, "ia"), (&mu, "a")], "");
    l.check(&v, "Σ_{i=1}^{N} exp(x[i] - mu)' mu");
}
