//! The form of an answer: its free indices, rows and columns, for what is differentiated by what.

use crate::dimension::{Poly, Shape};
use crate::problem::{Ask, Layout};
use crate::shape::{Index, QuantityId};
use crate::syntax::Name;
use crate::tensor::{Axes, Label, Labels, NodeId, Pattern, Store, Value};
use crate::text::{Code, Diagnostic, Span};
use smallvec::SmallVec;

/// One variable of differentiation.
#[derive(Clone, Debug)]
pub struct By {
    /// The quantity.
    pub quantity: QuantityId,
    /// The indices it is written with, the family's first.
    pub indices: Vec<Index>,
    /// The shape that the indices leave.
    pub shape: Shape,
    /// Whether it is written transposed (`∂L/∂Wᵀ`).
    pub transposed: bool,
}

/// What an answer has to look like.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Form {
    /// The free indices with their ranges.
    pub letters: Vec<(Name, Poly)>,
    /// Rows and columns, in the standard layout.
    pub shape: Shape,
    /// Whether the standard form is the transposed of what the axes give: the Jacobian of a scalar.
    pub flipped: bool,
}

/// One side of a derivative: what is left of the output or of a variable beside free indices.
fn vec_length(s: &Shape) -> Poly {
    s.rows.mul(&s.cols)
}

impl Form {
    /// The form of the derivative of something with these free indices and this shape.
    ///
    /// # Errors
    /// Where the order is too high to be written without indices.
    pub fn new(
        letters: &[(Name, Poly)],
        output: &Shape,
        by: &[By],
        ask: Ask,
        layout: Layout,
    ) -> Result<Self, Diagnostic> {
        let mut all: Vec<(Name, Poly)> = letters.to_vec();
        for b in by {
            for i in &b.indices {
                if let Index::Letter(l) = i {
                    if !all.iter().any(|a| a.0 == *l) {
                        all.push((l.clone(), Poly::constant(0)));
                    }
                }
            }
        }
        let sides: Vec<&Shape> =
            std::iter::once(output).chain(by.iter().map(|b| &b.shape)).filter(|s| !s.is_scalar()).collect();
        let shape = match sides.as_slice() {
            [] => Shape::scalar(),
            [one] => (*one).clone(),
            [a, b] => Shape::matrix(vec_length(a), vec_length(b)),
            _ => {
                return Err(Diagnostic::new(
                    Code::UNSUPPORTED,
                    Span::default(),
                    "a derivative of this order has to be asked for by elements",
                )
                .hint("write the variables with free indices, as in X_{ij}"));
            }
        };
        let flipped = ask == Ask::Jacobian && by.len() == 1 && output.is_scalar();
        let turned = flipped != (layout == Layout::Transposed);
        let shape = if turned { shape.transposed() } else { shape };
        Ok(Self { letters: all, shape, flipped: turned })
    }

    /// The value of that form from a derivative whose axes are the output's free indices, rows and columns, then for
    /// each variable its indices, rows and columns.
    pub fn assemble(&self, store: &mut Store, output: &Value, by: &[By], derivative: NodeId) -> Value {
        let axes = store.axes(derivative).clone();
        debug_assert!(axes.len() >= output.free.len(), "a derivative has the axes of its output");
        let mut parts: Vec<(NodeId, Labels)> = vec![(derivative, (0..axes.len()).map(label).collect())];
        let mut letters: SmallVec<[(Name, Label); 4]> = SmallVec::new();
        let mut groups: Vec<Vec<Label>> = Vec::new();
        let mut next = 0usize;
        let mut dims: Axes = axes.clone();
        let mut merges: Vec<(Label, Label)> = Vec::new();
        for l in &output.free {
            letters.push((l.clone(), label(next)));
            next += 1;
        }
        let sides = usize::from(output.row) + usize::from(output.col);
        groups.push((next..next + sides).map(label).collect());
        next += sides;
        let rank_left = axes.len() - next;
        for (position, b) in by.iter().enumerate() {
            let rank = if by.len() == 1 { rank_left } else { self.rank_of(b, rank_left, position) };
            let mut group = Vec::new();
            for i in 0..rank {
                let here = label(next);
                match b.indices.get(i) {
                    Some(Index::Letter(l)) => match letters.iter().find(|x| x.0 == *l) {
                        Some((_, known)) => merges.push((*known, here)),
                        None => letters.push((l.clone(), here)),
                    },
                    Some(Index::At(p)) => {
                        let basis = store.pattern(Pattern::Basis { dim: axes[next], position: p.clone() });
                        parts.push((basis, Labels::from_slice(&[here])));
                    }
                    Some(Index::Shifted(l, offset)) => {
                        let pattern = store.pattern(Pattern::Shift {
                            rows: axes[next],
                            cols: axes[next],
                            offset: offset.clone(),
                        });
                        dims.push(axes[next]);
                        let new = label(dims.len() - 1);
                        letters.push((l.clone(), new));
                        parts.push((pattern, Labels::from_slice(&[here, new])));
                    }
                    // A place in blocks is refused before (see `shape`).
                    Some(Index::Slice | Index::Block { .. }) | None => group.push(here),
                }
                next += 1;
            }
            groups.push(group);
        }
        for (keep, gone) in merges {
            for p in &mut parts {
                p.1.iter_mut().filter(|l| **l == gone).for_each(|l| *l = keep);
            }
        }
        let free: SmallVec<[Name; 2]> = letters.iter().map(|l| l.0.clone()).collect();
        let mut out: Labels = letters.iter().map(|l| l.1).collect();
        let filled: Vec<&Vec<Label>> = groups.iter().filter(|g| !g.is_empty()).collect();
        let value = match filled.as_slice() {
            [] => {
                let node = store.product(&parts, &out, &dims);
                Value { node, free, row: false, col: false, integer: None }
            }
            [one] => {
                out.extend(one.iter().copied());
                let node = store.product(&parts, &out, &dims);
                let shape = if self.flipped { self.shape.transposed() } else { self.shape.clone() };
                let (row, col) = (!shape.rows.is_one(), !shape.cols.is_one());
                Value { node, free, row, col, integer: None }
            }
            more => {
                // vec runs down the columns: the last axis is the slowest.
                let mut runs: SmallVec<[u8; 4]> = free.iter().map(|_| 1).collect();
                for g in more.iter().take(2) {
                    out.extend(g.iter().rev().copied());
                    runs.push(u8::try_from(g.len()).unwrap_or(u8::MAX));
                }
                let node = store.product(&parts, &out, &dims);
                let node = store.fuse(node, runs);
                Value { node, free, row: true, col: true, integer: None }
            }
        };
        if self.flipped { store.transposed(&value) } else { value }
    }

    /// How many of the axes that are left belong to a variable, with both variables of equal rank unless their indices
    /// say otherwise.
    fn rank_of(&self, b: &By, left: usize, position: usize) -> usize {
        let own = b.indices.iter().filter(|i| **i != Index::Slice).count()
            + usize::from(!b.shape.rows.is_one())
            + usize::from(!b.shape.cols.is_one());
        if position == 0 { own.min(left) } else { own }
    }
}

fn label(i: usize) -> Label {
    Label::try_from(i).unwrap_or(0)
}
