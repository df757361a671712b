//! Elements, members, entries and deltas: axes that become free indices, positions or nothing.

use super::expression::{Frame, Lowering};
use crate::dimension::Poly;
use crate::shape::{Index, Reading};
use crate::syntax::{ExprId, Name};
use crate::tensor::{DimId, Label, Labels, NodeId, Pattern, Value};
use crate::text::{Code, Diagnostic, Span};
use smallvec::SmallVec;

/// A tensor being indexed: what becomes of each axis.
struct Indexing {
    factors: Vec<(NodeId, Labels)>,
    dims: Vec<DimId>,
    free: SmallVec<[Name; 2]>,
    free_labels: Labels,
}

impl Indexing {
    fn fresh(&mut self, dim: DimId) -> Label {
        self.dims.push(dim);
        Label::try_from(self.dims.len() - 1).unwrap_or(0)
    }

    fn letter(&mut self, letter: &Name, dim: DimId) -> Label {
        if let Some(position) = self.free.iter().position(|l| l == letter) {
            return self.free_labels[position];
        }
        let label = self.fresh(dim);
        self.free.push(letter.clone());
        self.free_labels.push(label);
        label
    }
}

impl Lowering<'_> {
    pub(super) fn subscript(&mut self, f: &Frame<'_>, id: ExprId, base: ExprId) -> Result<Value, Diagnostic> {
        match f.typed.reading(id) {
            Reading::Member { quantity, indices } => {
                let (node, _) = self.labelled(*quantity)?;
                let q = self.scope.quantity(*quantity);
                let shape = self.scope.unifier.resolve_shape(&q.shape);
                let own = [!shape.rows.is_one(), !shape.cols.is_one()];
                // Axes of a matrix given by entries are its rows and columns.
                let letters = q.letters.len();
                let sides: SmallVec<[Side; 4]> = if letters == 2 && !own[0] && !own[1] {
                    SmallVec::from_slice(&[Side::Row, Side::Column])
                } else {
                    let row =
                        if letters == 1 && indices.first() == Some(&Index::Slice) { Side::Row } else { Side::Only };
                    std::iter::once(row)
                        .chain(std::iter::repeat(Side::Only))
                        .take(letters)
                        .chain(own[0].then_some(Side::Row))
                        .chain(own[1].then_some(Side::Column))
                        .collect()
                };
                let one_of_two =
                    letters == 2 && indices.len() == 2 && indices[1] == Index::Slice && f.tree.children(id).len() == 2;
                let value = self.index(node, &[], &sides, indices)?;
                // One index of a matrix given by entries is a row as a column.
                Ok(if one_of_two { Value { row: value.col, col: false, ..value } } else { value })
            }
            Reading::Entry(indices) => {
                let value = self.expression(f, base)?;
                if self.is_tensor(f, base) {
                    let sides: SmallVec<[Side; 4]> = value.free.iter().map(|_| Side::Only).collect();
                    return self.index(value.node, &[], &sides, indices);
                }
                let sides: SmallVec<[Side; 4]> =
                    value.row.then_some(Side::Row).into_iter().chain(value.col.then_some(Side::Column)).collect();
                // Both indices are written even where one side has a single row or column.
                let needed: SmallVec<[Index; 2]> = if indices.len() == 2 && sides.len() == 1 {
                    SmallVec::from_iter([if value.row { indices[0].clone() } else { indices[1].clone() }])
                } else {
                    indices.clone()
                };
                self.index(value.node, &value.free, &sides, &needed)
            }
            _ => Err(Diagnostic::new(Code::BAD_INDEX, f.tree.span(id), "a subscript without a meaning")),
        }
    }

    fn is_tensor(&self, f: &Frame<'_>, id: ExprId) -> bool {
        f.typed.shape(id).tensor.is_some()
    }

    /// Indexes the axes of a tensor after its free ones; an axis without an index stays what it is.
    pub(super) fn index(
        &mut self,
        node: NodeId,
        free: &[Name],
        sides: &[Side],
        indices: &[Index],
    ) -> Result<Value, Diagnostic> {
        let mut node = node;
        let mut sides = SmallVec::<[Side; 4]>::from_slice(sides);
        let mut indices = SmallVec::<[Index; 2]>::from(indices);
        // An axis made of blocks is taken apart.
        for position in (0..indices.len()).rev() {
            if let Index::Block { outer, size, inner } = indices[position].clone() {
                let axis = free.len() + position;
                let size = self.scope.unifier.resolve(&size);
                let range = self.store.axes(node).get(axis).map(|d| self.store.poly(*d).clone());
                let Some(count) = range.and_then(|r| crate::shape::quotient(&r, &size)) else {
                    let span = Span::default();
                    return Err(Diagnostic::new(Code::BAD_INDEX, span, "the blocks do not make up the range"));
                };
                let parts = [self.store.dim(&count), self.store.dim(&size)];
                node = self.store.split(node, axis, &parts);
                indices[position] = Index::Letter(outer);
                indices.insert(position + 1, Index::Letter(inner));
                if position < sides.len() {
                    sides.insert(position + 1, Side::Only);
                }
            }
        }
        let axes = self.store.axes(node).clone();
        let mut x =
            Indexing { factors: Vec::new(), dims: Vec::new(), free: SmallVec::new(), free_labels: Labels::new() };
        let mut labels = Labels::new();
        for (letter, d) in free.iter().zip(&axes) {
            labels.push(x.letter(letter, *d));
        }
        let (mut row, mut col) = (None, None);
        for (position, d) in axes[free.len()..].iter().enumerate() {
            let label = match indices.get(position) {
                Some(Index::Letter(l)) => x.letter(l, *d),
                Some(Index::At(p)) => {
                    let position = self.scope.unifier.resolve(p);
                    let basis = self.store.pattern(Pattern::Basis { dim: *d, position });
                    let label = x.fresh(*d);
                    x.factors.push((basis, Labels::from_slice(&[label])));
                    label
                }
                Some(Index::Shifted(l, offset)) => {
                    // entry i + c: Σ_a [a − i = c] x_a
                    let label = x.fresh(*d);
                    let letter = x.letter(l, *d);
                    let offset = self.scope.unifier.resolve(offset);
                    let shift = self.store.pattern(Pattern::Shift { rows: *d, cols: *d, offset });
                    x.factors.push((shift, Labels::from_slice(&[label, letter])));
                    label
                }
                Some(Index::Slice | Index::Block { .. }) | None => {
                    let label = x.fresh(*d);
                    match sides.get(position) {
                        Some(Side::Row) => row = Some(label),
                        Some(Side::Column) => col = Some(label),
                        Some(Side::Only) | None => {
                            return Err(Diagnostic::new(Code::BAD_INDEX, Span::default(), "an index is missing"));
                        }
                    }
                    label
                }
            };
            labels.push(label);
        }
        x.factors.insert(0, (node, labels));
        let mut out = x.free_labels.clone();
        out.extend(row.into_iter().chain(col));
        let node = self.store.product(&x.factors, &out, &x.dims);
        Ok(Value { node, free: x.free, row: row.is_some(), col: col.is_some(), integer: None })
    }

    /// Kronecker's delta of letters over a range, or of two places.
    pub(super) fn delta(&mut self, [i, j]: [&Index; 2], range: Option<&Poly>) -> Result<Value, Diagnostic> {
        if let (Index::At(p), Index::At(q)) = (i, j) {
            let same = self.scope.unifier.resolve(p) == self.scope.unifier.resolve(q);
            return Ok(self.integer(&Poly::constant(i64::from(same))));
        }
        let range = range.ok_or_else(|| Diagnostic::new(Code::INTERNAL, Span::default(), "δ without a range"))?;
        let identity = self.store.identity(&self.scope.unifier.resolve(range));
        self.index(identity, &[], &[Side::Row, Side::Column], &[i.clone(), j.clone()])
    }
}

/// What an axis is when it is not indexed.
#[derive(Copy, Clone, PartialEq, Eq)]
pub(super) enum Side {
    Row,
    Column,
    /// It has to be indexed.
    Only,
}
