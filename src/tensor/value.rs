//! Values: nodes seen as matrices, with free indices.
//!
//! A formula's value has rows and columns, and besides them the index letters that are free in it: `w_{jk}` is a
//! scalar with free `j` and `k`, `x_i` a vector with free `i`. All matrix notation is built from the operations here;
//! free indices are carried through each of them, so that no operator has to think of families.

use super::{Axes, DimId, Function, Label, Labels, Node, NodeId, Store};
use crate::dimension::Poly;
use crate::number::Rational;
use crate::text::Name;
use smallvec::{SmallVec, smallvec};

/// A free index.
pub type Letter = Name;

/// A tensor as the value of a formula: its axes are the free indices in order, then rows if there are more than one,
/// then columns if there are more than one.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Value {
    /// The tensor.
    pub node: NodeId,
    /// The free indices.
    pub free: SmallVec<[Letter; 2]>,
    /// Whether there is a row axis.
    pub row: bool,
    /// Whether there is a column axis.
    pub col: bool,
    /// The value as an integer polynomial, where it is a scalar known to be one: an exponent or a bound.
    pub integer: Option<Poly>,
}

impl Value {
    /// A scalar without free indices.
    #[must_use]
    pub fn scalar(node: NodeId) -> Self {
        Self { node, free: SmallVec::new(), row: false, col: false, integer: None }
    }

    /// A value without free indices; `row` and `col` say which axes the node has.
    #[must_use]
    pub fn matrix(node: NodeId, row: bool, col: bool) -> Self {
        Self { node, free: SmallVec::new(), row, col, integer: None }
    }

    /// Whether there is neither a row nor a column axis.
    #[must_use]
    pub fn is_scalar(&self) -> bool {
        !self.row && !self.col
    }

    /// The same tensor as another node with the same axes.
    #[must_use]
    pub fn with(&self, node: NodeId) -> Self {
        Self { node, integer: None, ..self.clone() }
    }
}

/// A value inside a contraction, with the labels of its rows and columns.
pub(crate) type Factor<'a> = (&'a Value, Label, Label);

impl Store {
    /// The contraction of values over row and column labels 0..8; free indices with one letter are one index and stay.
    ///
    /// `out` are the labels of the result's rows and columns, where it has them.
    pub(crate) fn contract(&mut self, factors: &[Factor<'_>], out: (Option<Label>, Option<Label>)) -> Value {
        let axes: SmallVec<[Label; 4]> = out.0.into_iter().chain(out.1).collect();
        let (node, free) = self.contract_onto(factors, &axes);
        Value { node, free, row: out.0.is_some(), col: out.1.is_some(), integer: None }
    }

    /// The contraction with any row and column labels kept as axes, after the free indices.
    fn contract_onto(&mut self, factors: &[Factor<'_>], out: &[Label]) -> (NodeId, SmallVec<[Letter; 2]>) {
        const FIRST_FREE: usize = 8;
        let mut free: SmallVec<[Letter; 2]> = SmallVec::new();
        let mut dims: SmallVec<[DimId; 12]> = SmallVec::from_elem(DimId(0), FIRST_FREE);
        let mut parts: Vec<(NodeId, Labels)> = Vec::with_capacity(factors.len());
        for (value, row, col) in factors {
            let axes = self.axes(value.node).clone();
            let mut labels = Labels::new();
            for (letter, d) in value.free.iter().zip(&axes) {
                let position = free.iter().position(|f| f == letter).unwrap_or_else(|| {
                    free.push(letter.clone());
                    dims.push(*d);
                    free.len() - 1
                });
                labels.push(Label::try_from(FIRST_FREE + position).unwrap_or(0));
            }
            let rest = [value.row.then_some(*row), value.col.then_some(*col)];
            for (l, d) in rest.into_iter().flatten().zip(&axes[value.free.len()..]) {
                dims[l as usize] = *d;
                labels.push(l);
            }
            parts.push((value.node, labels));
        }
        let mut labels: Labels = (0..free.len()).map(|i| Label::try_from(FIRST_FREE + i).unwrap_or(0)).collect();
        labels.extend_from_slice(out);
        (self.product(&parts, &labels, &dims), free)
    }

    /// The matrix product; a scalar times anything.
    pub fn times(&mut self, a: &Value, b: &Value) -> Value {
        if a.is_scalar() || b.is_scalar() {
            let shape = if a.is_scalar() { b } else { a };
            let out = (shape.row.then_some(0), shape.col.then_some(1));
            let mut value = self.contract(&[(a, 0, 1), (b, 0, 1)], out);
            if let (Some(p), Some(q)) = (&a.integer, &b.integer) {
                value.integer = Some(p.mul(q)).filter(Poly::is_moderate);
            }
            return value;
        }
        self.contract(&[(a, 0, 1), (b, 1, 2)], (a.row.then_some(0), b.col.then_some(2)))
    }

    /// The transpose.
    pub fn transposed(&mut self, a: &Value) -> Value {
        if a.row && a.col {
            return self.contract(&[(a, 1, 0)], (Some(0), Some(1)));
        }
        Value { row: a.col, col: a.row, ..a.clone() }
    }

    /// Entries multiplied; both have the same rows and columns, or one is a scalar.
    pub fn entrywise(&mut self, a: &Value, b: &Value) -> Value {
        let out = ((a.row || b.row).then_some(0), (a.col || b.col).then_some(1));
        self.contract(&[(a, 0, 1), (b, 0, 1)], out)
    }

    /// The sum of `a` and `c` times `b`; a scalar or missing free index is repeated along the other's axes.
    pub fn plus(&mut self, a: &Value, c: &Rational, b: &Value) -> Value {
        let mut free = a.free.clone();
        free.extend(b.free.iter().filter(|l| !a.free.contains(l)).cloned().collect::<Vec<_>>());
        let (row, col) = (a.row || b.row, a.col || b.col);
        let axes = self.common_axes(&free, &[a, b], row, col);
        let x = self.broadcast(a, &free, row, col, &axes);
        let y = self.broadcast(b, &free, row, col, &axes);
        let node = self.sum(&[(Rational::ONE, x), (c.clone(), y)]);
        let integer = match (&a.integer, &b.integer, c.to_integer()) {
            (Some(p), Some(q), Some(k)) => Some(p.add(&q.scale(k))),
            _ => None,
        };
        Value { node, free, row, col, integer }
    }

    fn common_axes(&self, free: &[Letter], values: &[&Value], row: bool, col: bool) -> Axes {
        let axis = |v: &Value, position: usize| self.axes(v.node)[position];
        let mut axes: Axes = free
            .iter()
            .filter_map(|l| values.iter().find_map(|v| v.free.iter().position(|f| f == l).map(|p| axis(v, p))))
            .collect();
        if row {
            axes.extend(values.iter().find(|v| v.row).map(|v| axis(v, v.free.len())));
        }
        if col {
            axes.extend(values.iter().find(|v| v.col).map(|v| axis(v, v.free.len() + usize::from(v.row))));
        }
        axes
    }

    /// The tensor of a value with its axes in the order `free`, row, column, repeated along those it lacks.
    pub fn broadcast(&mut self, v: &Value, free: &[Letter], row: bool, col: bool, axes: &Axes) -> NodeId {
        if v.free.as_slice() == free && v.row == row && v.col == col {
            return v.node;
        }
        let place = |i: usize| Label::try_from(i).unwrap_or(0);
        let mut labels: Labels =
            v.free.iter().map(|l| place(free.iter().position(|f| f == l).unwrap_or(usize::MAX))).collect();
        if v.row {
            labels.push(place(free.len()));
        }
        if v.col {
            labels.push(place(free.len() + usize::from(row)));
        }
        let out: Labels = (0..axes.len()).map(place).collect();
        self.product(&[(v.node, labels)], &out, axes)
    }

    /// A multiple.
    pub fn scaled(&mut self, c: &Rational, v: &Value) -> Value {
        let node = self.scale(c, v.node);
        let integer = v.integer.as_ref().and_then(|p| c.to_integer().map(|k| p.scale(k)));
        Value { integer, ..v.with(node) }
    }

    /// A function on every entry.
    pub fn mapped(&mut self, f: Function, v: &Value) -> Value {
        let node = self.map(f, v.node);
        v.with(node)
    }

    /// The sum of all entries, for each value of the free indices.
    pub fn total(&mut self, v: &Value) -> Value {
        self.contract(&[(v, 0, 1)], (None, None))
    }

    /// The sum of all entries over all axes, free ones too.
    pub fn sum_all(&mut self, node: NodeId) -> NodeId {
        let axes = self.axes(node).clone();
        let labels: Labels = (0..axes.len()).map(|i| Label::try_from(i).unwrap_or(0)).collect();
        self.product(&[(node, labels)], &[], &axes)
    }

    /// The sum of the diagonal.
    pub fn traced(&mut self, v: &Value) -> Value {
        self.contract(&[(v, 0, 0)], (None, None))
    }

    /// The inverse matrix, or the reciprocal of a scalar.
    pub fn inverted(&mut self, v: &Value) -> Value {
        let node = if v.row && v.col { self.inverse(v.node) } else { self.reciprocal(v.node) };
        v.with(node)
    }

    /// The determinant; of a scalar, itself.
    pub fn determinant_of(&mut self, v: &Value) -> Value {
        if !(v.row && v.col) {
            return v.clone();
        }
        let node = self.determinant(v.node);
        Value { row: false, col: false, ..v.with(node) }
    }

    /// The sum over a free index; `None` where the value does not have it.
    pub fn sum_over(&mut self, v: &Value, letter: &str) -> Option<Value> {
        let position = v.free.iter().position(|l| l == letter)?;
        let axes = self.axes(v.node).clone();
        let labels: Labels = (0..axes.len()).map(|i| Label::try_from(i).unwrap_or(0)).collect();
        let out: Labels = labels.iter().copied().filter(|l| *l as usize != position).collect();
        let node = self.product(&[(v.node, labels)], &out, &axes);
        let mut free = v.free.clone();
        free.remove(position);
        Some(Value { node, free, row: v.row, col: v.col, integer: None })
    }

    /// A value without rows and columns whose free indices are `letters`, made from axes in that order; a letter that
    /// stands twice takes the diagonal.
    pub fn indexed(&mut self, node: NodeId, letters: &[Letter]) -> Value {
        let axes = self.axes(node).clone();
        let mut free: SmallVec<[Letter; 2]> = SmallVec::new();
        let mut dims: SmallVec<[DimId; 4]> = SmallVec::new();
        let labels: Labels = letters
            .iter()
            .zip(&axes)
            .map(|(l, d)| {
                let position = free.iter().position(|f| f == l).unwrap_or_else(|| {
                    free.push(l.clone());
                    dims.push(*d);
                    free.len() - 1
                });
                Label::try_from(position).unwrap_or(0)
            })
            .collect();
        let out: Labels = (0..free.len()).map(|i| Label::try_from(i).unwrap_or(0)).collect();
        let node = self.product(&[(node, labels)], &out, &dims);
        Value { node, free, row: false, col: false, integer: None }
    }

    /// The columns of a matrix, one below the other: entry (i, j) of an m×n matrix becomes entry i + m·j.
    pub fn vectorised(&mut self, v: &Value) -> Value {
        if !(v.row && v.col) {
            return Value { row: v.row || v.col, col: false, ..v.clone() };
        }
        let order: Vec<usize> = (0..v.free.len()).chain([v.free.len() + 1, v.free.len()]).collect();
        let swapped = self.permute(v.node, &order);
        let mut groups: SmallVec<[u8; 4]> = smallvec![1; v.free.len()];
        groups.push(2);
        let node = self.fuse(swapped, groups);
        Value { col: false, ..v.with(node) }
    }

    /// The Kronecker product: block (i, j) is a_ij B.
    pub fn kronecker(&mut self, a: &Value, b: &Value) -> Value {
        let rows: Labels = a.row.then_some(0).into_iter().chain(b.row.then_some(2)).collect();
        let cols: Labels = a.col.then_some(1).into_iter().chain(b.col.then_some(3)).collect();
        let out: Labels = rows.iter().chain(&cols).copied().collect();
        let (node, free) = self.contract_onto(&[(a, 0, 1), (b, 2, 3)], &out);
        let mut groups: SmallVec<[u8; 4]> = smallvec![1; free.len()];
        groups.extend([rows.len(), cols.len()].into_iter().filter(|n| *n > 0).map(|n| u8::try_from(n).unwrap_or(1)));
        let node = self.fuse(node, groups);
        Value { node, free, row: !rows.is_empty(), col: !cols.is_empty(), integer: None }
    }

    /// Whether a value is the zero tensor as it stands.
    #[must_use]
    pub fn is_zero_value(&self, v: &Value) -> bool {
        matches!(self.node(v.node), Node::Zero(_))
    }
}
