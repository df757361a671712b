//! Graphs that are deep or share much: no overflow, no long wait.

use super::Lab;
use crate::number::Rational;
use crate::raise::{raise_index, raise_lettered};
use crate::syntax::Kind;
use crate::tensor::{Function, Value};

/// As the work would run on a thread with a small stack.
fn both(lab: &mut Lab, v: &Value) {
    std::thread::scope(|s| {
        let work = std::thread::Builder::new().stack_size(STACK).spawn_scoped(s, || raise_both(lab, v));
        work.unwrap().join().unwrap();
    });
}

const STACK: usize = 1 << 20;

fn raise_both(lab: &mut Lab, v: &Value) {
    let name = |_: crate::dimension::IntVar| String::from("n");
    let natural = raise_lettered(&mut lab.store, &name, v);
    let index = raise_index(&mut lab.store, &name, v);
    for tree in [&natural.tree, &index.tree] {
        let dots = tree.ids();
        assert!(dots.into_iter().all(|i| *tree.kind(i) != Kind::Dots), "something was not written");
    }
    assert!(natural.tree.len() < 200_000 && index.tree.len() < 500_000);
}

#[test]
fn a_long_chain_of_layers() {
    let mut lab = Lab::new();
    let (w, b) = (lab.symbol("W", &["n", "n"]), lab.symbol("b", &["n"]));
    let mut x = b.clone();
    for _ in 0..500 {
        let z = lab.product(&[&w, &x]);
        let z = lab.plus(&z, &b);
        x = lab.map(Function::Tanh, &z);
    }
    both(&mut lab, &x);
    let mut m = w.clone();
    for _ in 0..500 {
        let z = lab.product(&[&w, &m]);
        let z = lab.plus(&z, &w);
        m = lab.store.inverted(&z);
    }
    both(&mut lab, &m);
    let t = lab.t(&m);
    both(&mut lab, &t);
}

#[test]
fn a_long_chain_of_members() {
    let mut lab = Lab::new();
    let (w, b) = (lab.symbol("W", &["n", "n"]), lab.family("b", &["n"]));
    let mut x = b.clone();
    for _ in 0..500 {
        let z = lab.product(&[&w, &x]);
        let z = lab.plus(&z, &b);
        x = lab.map(Function::Tanh, &z);
    }
    both(&mut lab, &x);
    let sum = lab.matrix(&[(&x, "ia")], "a");
    both(&mut lab, &sum);
}

#[test]
fn much_that_is_shared() {
    let mut lab = Lab::new();
    let (x, v) = (lab.symbol("X", &["n", "n"]), lab.symbol("v", &["n"]));
    let mut square = x.clone();
    for _ in 0..40 {
        square = lab.product(&[&square, &square]);
    }
    both(&mut lab, &square);
    let t = lab.t(&square);
    both(&mut lab, &t);
    let mut u = v.clone();
    let one = Value::scalar(lab.store.rational(&Rational::ONE));
    for _ in 0..60 {
        let rest = lab.minus(&u, &one);
        u = lab.store.entrywise(&u, &rest);
    }
    both(&mut lab, &u);
    let mut h = x.clone();
    for _ in 0..60 {
        let sum = lab.plus(&h, &x);
        h = lab.store.entrywise(&h, &sum);
    }
    let h = lab.t(&h);
    both(&mut lab, &h);
}
