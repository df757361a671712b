//! Raising read by eye, and every tree evaluated and compared with its node.

mod deep;
mod dense;
mod dump;
mod formula;
mod gallery;
mod higher;
mod random;

use super::{Raised, raise_index, raise_lettered};
use crate::dimension::{IntVar, Poly};
use crate::syntax::{Name, Tree};
use crate::tensor::{Function, NodeId, Property, Store, Value, Variable};
use dense::{Dense, World};
use formula::Scope;

/// A store with named dimensions, declared symbols and values for them.
pub(super) struct Lab {
    pub(super) store: Store,
    names: Vec<&'static str>,
    world: World,
    scope: Scope,
    seed: u64,
}

const SIZES: &[(&str, i64)] = &[("n", 3), ("m", 2), ("p", 4), ("N", 5), ("k", 2), ("d", 6), ("r", 0)];

impl Lab {
    pub(super) fn new() -> Self {
        let world = World { values: Default::default(), sizes: Default::default() };
        let mut lab = Self { store: Store::default(), names: Vec::new(), world, scope: Scope::default(), seed: 7 };
        for (i, (name, size)) in SIZES.iter().enumerate() {
            lab.names.push(name);
            lab.world.sizes.insert(IntVar(u32::try_from(i).unwrap()), *size);
            #[allow(clippy::cast_precision_loss)]
            lab.scope.numbers.insert((*name).into(), *size as f64);
        }
        lab
    }

    pub(super) fn int(&self, name: &str) -> IntVar {
        IntVar(u32::try_from(self.names.iter().position(|n| *n == name).unwrap()).unwrap())
    }

    pub(super) fn poly(&self, name: &str) -> Poly {
        name.split(' ').fold(Poly::constant(1), |p, n| p.mul(&Poly::variable(self.int(n))))
    }

    fn random(&mut self) -> f64 {
        self.seed = self.seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let unit = f64::from(u32::try_from(self.seed >> 40).unwrap()) / f64::from(1 << 24);
        0.3 + unit
    }

    fn declare(&mut self, name: &str, dims: &[&str], family: Option<&str>, properties: Vec<Property>) -> NodeId {
        let axes = dims.iter().map(|d| self.store.dim(&self.poly(d))).collect();
        let sizes: Vec<usize> = dims.iter().map(|d| usize::try_from(self.world.size(&self.poly(d))).unwrap()).collect();
        let mut value = Dense::build(&sizes, &mut |_| 0.0);
        value.data.iter_mut().for_each(|x| *x = self.random());
        let rank = sizes.len();
        if rank >= 2 && sizes[rank - 1] == sizes[rank - 2] {
            let plain = value.clone();
            let symmetric = properties.contains(&Property::Symmetric);
            value = Dense::build(&sizes, &mut |i| {
                let mut j = i.to_vec();
                j.swap(rank - 1, rank - 2);
                let diagonal = if i[rank - 1] == i[rank - 2] { 2.0 } else { 0.0 };
                diagonal + if symmetric { plain.at(i) + plain.at(&j) } else { plain.at(i) }
            });
        }
        let variable =
            Variable { name: Name::from(name), axes, family: family.map(Name::from), properties, is_row: false };
        let id = self.store.declare(variable);
        let scope = if family.is_some() { &mut self.scope.families } else { &mut self.scope.symbols };
        scope.insert(name.into(), value.clone());
        self.world.values.insert(id, value);
        self.store.variable_node(id)
    }

    /// A scalar, vector or matrix.
    pub(super) fn symbol(&mut self, name: &str, dims: &[&str]) -> Value {
        let node = self.declare(name, dims, None, Vec::new());
        Value::matrix(node, !dims.is_empty(), dims.len() > 1)
    }

    pub(super) fn symmetric(&mut self, name: &str, dim: &str) -> Value {
        let node = self.declare(name, &[dim, dim], None, vec![Property::Symmetric]);
        Value::matrix(node, true, true)
    }

    /// The member with the index `i` of a family over N.
    pub(super) fn family(&mut self, name: &str, dims: &[&str]) -> Value {
        let all: Vec<&str> = std::iter::once("N").chain(dims.iter().copied()).collect();
        let node = self.declare(name, &all, Some("i"), Vec::new());
        let free = [Name::from("i")].into_iter().collect();
        Value { node, free, row: !dims.is_empty(), col: dims.len() > 1, integer: None }
    }

    /// A name for a value.
    pub(super) fn define(&mut self, name: &str, v: &Value) -> Value {
        let axes = self.store.axes(v.node).clone();
        let family = v.free.first().cloned();
        let variable =
            Variable { name: Name::from(name), axes, family: family.clone(), properties: Vec::new(), is_row: false };
        let id = self.store.declare(variable);
        let value = self.world.eval(&self.store, v.node);
        let scope = if family.is_some() { &mut self.scope.families } else { &mut self.scope.symbols };
        scope.insert(name.into(), value);
        v.with(self.store.definition(id, v.node))
    }

    pub(super) fn product(&mut self, factors: &[&Value]) -> Value {
        let mut all = factors[0].clone();
        for f in &factors[1..] {
            all = self.store.times(&all, f);
        }
        all
    }

    pub(super) fn minus(&mut self, a: &Value, b: &Value) -> Value {
        self.store.plus(a, &crate::number::Rational::MINUS_ONE, b)
    }

    pub(super) fn plus(&mut self, a: &Value, b: &Value) -> Value {
        self.store.plus(a, &crate::number::Rational::ONE, b)
    }

    pub(super) fn map(&mut self, f: Function, a: &Value) -> Value {
        self.store.mapped(f, a)
    }

    pub(super) fn power(&mut self, a: &Value, n: i64, d: i64) -> Value {
        self.store.mapped(Function::Power(crate::number::Rational::new(n, d).unwrap()), a)
    }

    pub(super) fn t(&mut self, a: &Value) -> Value {
        self.store.transposed(a)
    }

    pub(super) fn scale(&mut self, n: i64, d: i64, a: &Value) -> Value {
        self.store.scaled(&crate::number::Rational::new(n, d).unwrap(), a)
    }

    /// The raised tree, after it was compared with the node.
    pub(super) fn tree(&mut self, v: &Value, index: bool) -> Tree {
        let names = self.names.clone();
        let name = move |v: IntVar| names[v.0 as usize].to_owned();
        let raised =
            if index { raise_index(&mut self.store, &name, v) } else { raise_lettered(&mut self.store, &name, v) };
        self.compare(v, &raised);
        raised.tree
    }

    /// Evaluates the tree at every value of its free letters and compares.
    fn compare(&mut self, v: &Value, raised: &Raised) {
        let tree = &raised.tree;
        let text = dump::dump(tree);
        let letters: Vec<String> = v.free.iter().chain(&raised.letters).map(ToString::to_string).collect();
        let node = if raised.letters.is_empty() { v.node } else { self.unfused(v.node) };
        let direct = self.world.eval(&self.store, node);
        let lead: Vec<usize> = direct.dims[..letters.len()].to_vec();
        let inner: Vec<usize> = direct.dims[letters.len()..].to_vec();
        let mut worst: f64 = 0.0;
        let mut size: f64 = 1e-9;
        let mut points: Vec<Vec<usize>> = Vec::new();
        let _ = Dense::build(&lead, &mut |i| {
            points.push(i.to_vec());
            0.0
        });
        for at in points {
            for (l, i) in letters.iter().zip(&at) {
                #[allow(clippy::cast_precision_loss)]
                self.scope.numbers.insert(l.clone(), *i as f64 + 1.0);
            }
            let value = self.scope.eval(tree, tree.root, None, false).unwrap_or_else(|| panic!("{text}: unknown size"));
            let shape = (inner.len(), value.row, value.col);
            let row_vector = inner.len() == 1 && v.col && !v.row;
            assert!(
                matches!(shape, (0, false, false) | (2, true, true))
                    || inner.len() == 1 && value.row != row_vector && value.col == row_vector,
                "{text}: shape {shape:?}"
            );
            let _ = Dense::build(&inner, &mut |i| {
                let truth = direct.at(&[&at[..], i].concat());
                let got = match i {
                    [] => value.m[0],
                    [a] => value.m[*a],
                    [a, b] => value.m[(*a, *b)],
                    _ => panic!("{text}: rank"),
                };
                worst = worst.max((truth - got).abs());
                size = size.max(truth.abs());
                0.0
            });
            for l in &letters {
                self.scope.numbers.remove(l);
            }
        }
        assert!(worst <= 1e-8 * size, "{text} differs by {worst} of {size}");
    }

    fn unfused(&mut self, node: NodeId) -> NodeId {
        let name = |_: IntVar| String::new();
        super::Raiser::new(&mut self.store, &name, super::Mode::Natural).unfused(node)
    }

    #[track_caller]
    pub(super) fn check(&mut self, v: &Value, expected: &str) {
        let tree = self.tree(v, false);
        let _ = self.tree(v, true);
        let text = dump::dump(&tree);
        assert_eq!(text, expected);
    }

    #[track_caller]
    pub(super) fn check_index(&mut self, v: &Value, expected: &str) {
        let tree = self.tree(v, true);
        let text = dump::dump(&tree);
        assert_eq!(text, expected);
    }
}

/// Contractions written with labels.
impl Lab {
    /// The contraction of nodes over lettered labels: `[(A, "ij"), (x, "j")]` onto `"i"`.
    pub(super) fn net(&mut self, factors: &[(&Value, &str)], out: &str) -> NodeId {
        let mut letters: Vec<char> = Vec::new();
        let mut dims = Vec::new();
        let mut list = Vec::new();
        for (v, labels) in factors {
            let axes = self.store.axes(v.node).clone();
            assert_eq!(axes.len(), labels.len(), "labels {labels}");
            let mut own = crate::tensor::Labels::new();
            for (c, d) in labels.chars().zip(&axes) {
                let place = letters.iter().position(|l| *l == c).unwrap_or_else(|| {
                    letters.push(c);
                    dims.push(*d);
                    letters.len() - 1
                });
                own.push(u16::try_from(place).unwrap());
            }
            list.push((v.node, own));
        }
        for (c, name) in [('N', "N"), ('n', "n"), ('m', "m")] {
            if out.contains(c) && !letters.contains(&c) {
                letters.push(c);
                let p = self.poly(name);
                dims.push(self.store.dim(&p));
            }
        }
        let out: Vec<u16> =
            out.chars().map(|c| u16::try_from(letters.iter().position(|l| *l == c).unwrap()).unwrap()).collect();
        self.store.product(&list, &out, &dims)
    }

    pub(super) fn matrix(&mut self, factors: &[(&Value, &str)], out: &str) -> Value {
        let node = self.net(factors, out);
        Value::matrix(node, !out.is_empty(), out.len() > 1)
    }

    /// A tensor whose axes have no role.
    pub(super) fn tensor(&mut self, factors: &[(&Value, &str)], out: &str) -> Value {
        Value::scalar(self.net(factors, out))
    }
}
