//! Nodes evaluated entry by entry, as their definition says and without any thought of speed.

use crate::dimension::{IntVar, Poly};
use crate::operator::leaf;
use crate::syntax::Constant;
use crate::tensor::{Function, Node, NodeId, Pattern, Store, VariableId};
use std::collections::HashMap;

/// A tensor, the last axis fastest.
#[derive(Clone, Debug)]
pub(super) struct Dense {
    pub(super) dims: Vec<usize>,
    pub(super) data: Vec<f64>,
}

impl Dense {
    pub(super) fn build(dims: &[usize], of: &mut dyn FnMut(&[usize]) -> f64) -> Self {
        let total: usize = dims.iter().product();
        let mut data = Vec::new();
        for n in 0..total {
            let mut index = vec![0; dims.len()];
            let mut rest = n;
            for a in (0..dims.len()).rev() {
                index[a] = rest % dims[a];
                rest /= dims[a];
            }
            data.push(of(&index));
        }
        Self { dims: dims.to_vec(), data }
    }

    pub(super) fn at(&self, index: &[usize]) -> f64 {
        assert_eq!(index.len(), self.dims.len());
        self.data[index.iter().zip(&self.dims).fold(0, |n, (i, d)| n * d + i)]
    }

    fn map(&self, f: impl Fn(f64) -> f64) -> Self {
        Self { dims: self.dims.clone(), data: self.data.iter().map(|x| f(*x)).collect() }
    }

    /// Applies something to the matrices on the last two axes.
    fn matrices(&self, of: &dyn Fn(&nalgebra::DMatrix<f64>) -> nalgebra::DMatrix<f64>) -> Self {
        let n = self.dims[self.dims.len() - 1];
        let mut data = Vec::new();
        for block in self.data.chunks(n * n) {
            let m = of(&nalgebra::DMatrix::from_row_slice(n, n, block));
            data.extend(m.transpose().iter());
        }
        Self { dims: self.dims.clone(), data }
    }
}

/// The function that stands for one known only by name, and its derivatives.
pub(super) fn unknown_entry(x: f64, order: u8) -> f64 {
    match order {
        0 => x * x * x + 2.0 * x,
        1 => 3.0 * x * x + 2.0,
        2 => 6.0 * x,
        _ => 6.0,
    }
}

/// Values of variables and sizes.
pub(super) struct World {
    pub(super) values: HashMap<VariableId, Dense>,
    pub(super) sizes: HashMap<IntVar, i64>,
}

impl World {
    pub(super) fn size(&self, p: &Poly) -> i64 {
        p.evaluate(&|v| self.sizes.get(&v).copied()).unwrap()
    }

    pub(super) fn eval(&mut self, store: &Store, id: NodeId) -> Dense {
        let dims: Vec<usize> =
            store.axes(id).iter().map(|d| usize::try_from(self.size(store.poly(*d))).unwrap()).collect();
        let fill = |of: &mut dyn FnMut(&[usize]) -> f64| Dense::build(&dims, of);
        match store.node(id).clone() {
            Node::Variable(v) => self.values[&v].clone(),
            Node::Definition { body, .. } => self.eval(store, body),
            Node::Product(p) => {
                let factors: Vec<Dense> = p.factors.iter().map(|f| self.eval(store, f.0)).collect();
                let sizes: Vec<usize> =
                    p.dims.iter().map(|d| usize::try_from(self.size(store.poly(*d))).unwrap()).collect();
                let mut sum = Dense::build(&dims, &mut |_| 0.0);
                let all = Dense::build(&sizes, &mut |l| {
                    let product = |f: (&(NodeId, crate::tensor::Labels), &Dense)| {
                        f.1.at(&f.0.1.iter().map(|x| l[*x as usize]).collect::<Vec<_>>())
                    };
                    p.factors.iter().zip(&factors).map(product).product()
                });
                let _ = Dense::build(&sizes, &mut |l| {
                    // A label twice in `out` puts the value on the diagonal.
                    let place = p.out.iter().zip(&dims).fold(0, |n, (x, d)| n * d + l[*x as usize]);
                    sum.data[place] += all.at(l);
                    0.0
                });
                sum
            }
            Node::Sum(terms) => {
                let mut sum = fill(&mut |_| 0.0);
                for (c, x) in &terms {
                    let x = self.eval(store, *x);
                    sum.data.iter_mut().zip(&x.data).for_each(|(s, x)| *s += c.to_f64() * x);
                }
                sum
            }
            Node::Zero(_) => fill(&mut |_| 0.0),
            Node::Map(f, x) => {
                let x = self.eval(store, x);
                match &f {
                    Function::Power(p) => x.map(|x| libm::pow(x, p.to_f64())),
                    Function::Unknown(_, order) => x.map(|x| unknown_entry(x, *order)),
                    f => x.map(leaf(f).unwrap().value),
                }
            }
            Node::ScalarPower(x, y) => {
                let (x, y) = (self.eval(store, x), self.eval(store, y));
                fill(&mut |i| libm::pow(x.at(i), y.at(i)))
            }
            Node::MatrixPower(x, p) => {
                let k = u32::try_from(self.size(&p)).unwrap();
                self.eval(store, x).matrices(&|m| m.pow(k))
            }
            Node::Inverse(x) => self.eval(store, x).matrices(&|m| m.clone().try_inverse().unwrap()),
            Node::Determinant(x) => {
                let x = self.eval(store, x);
                let n = x.dims[x.dims.len() - 1];
                let data =
                    x.data.chunks(n * n).map(|b| nalgebra::DMatrix::from_row_slice(n, n, b).determinant()).collect();
                Dense { dims, data }
            }
            Node::Unknown { order, batch, argument, .. } => {
                let y = self.eval(store, argument);
                let (lead, inner) = y.dims.split_at(batch as usize);
                let rank = inner.len();
                let inner = inner.to_vec();
                let lead = lead.len();
                fill(&mut |i| {
                    let block = Dense::build(&inner, &mut |j| y.at(&[&i[..lead], j].concat()));
                    unknown_scalar(&block, order, &i[lead..], rank)
                })
            }
            Node::RangeSum { variable, lower, upper, body } => {
                let (lower, upper) = (self.size(&lower), self.size(&upper));
                let mut sum = fill(&mut |_| 0.0);
                for v in lower..=upper {
                    self.sizes.insert(variable, v);
                    let x = self.eval(store, body);
                    sum.data.iter_mut().zip(&x.data).for_each(|(s, x)| *s += x);
                }
                self.sizes.remove(&variable);
                sum
            }
            #[allow(clippy::cast_precision_loss)]
            Node::Integer(p) => fill(&mut |_| self.size(&p) as f64),
            Node::Constant(Constant::Pi) => fill(&mut |_| std::f64::consts::PI),
            Node::Constant(Constant::Euler) => fill(&mut |_| std::f64::consts::E),
            Node::Pattern(p) => {
                let to = |n: usize| i64::try_from(n).unwrap();
                fill(&mut |i| {
                    let one = match &p {
                        Pattern::Basis { position, .. } => to(i[0]) + 1 == self.size(position),
                        Pattern::Range { lower, upper, .. } => {
                            (self.size(lower)..=self.size(upper)).contains(&(to(i[0]) + 1))
                        }
                        #[allow(clippy::cast_precision_loss)]
                        Pattern::Count { .. } => return i[0] as f64 + 1.0,
                        Pattern::Shift { offset, .. } => to(i[0]) - to(i[1]) == self.size(offset),
                        Pattern::Before { .. } => i[0] < i[1],
                    };
                    f64::from(u8::from(one))
                })
            }
            Node::Fuse { argument, .. } | Node::Split { argument, .. } => {
                Dense { dims, data: self.eval(store, argument).data }
            }
        }
    }
}

/// Σ y³ + (Σ y)², and its derivatives of order 1 and 2 at positions of `rank` numbers each.
pub(super) fn unknown_scalar(y: &Dense, order: u8, at: &[usize], rank: usize) -> f64 {
    let sum: f64 = y.data.iter().sum();
    match order {
        0 => y.data.iter().map(|x| x * x * x).sum::<f64>() + sum * sum,
        1 => 3.0 * y.at(at) * y.at(at) + 2.0 * sum,
        2 => (if at[..rank] == at[rank..] { 6.0 * y.at(&at[..rank]) } else { 0.0 }) + 2.0,
        _ => panic!("order {order}"),
    }
}
