//! Steps: what one line of an array library computes, each once.
//!
//! A step is coarser than a node of the graph: contractions are of two operands at most and in the order in which they
//! are computed, and what has a stable function of its own (solving, the logarithm of a determinant, softmax) is one.

use crate::dimension::{IntVar, Poly};
use crate::number::{Constant, Rational};
use crate::tensor::{Axes, Function, FunctionId, Label, Labels, Pattern, VariableId};
use indexmap::IndexSet;
use rustc_hash::FxBuildHasher;
use smallvec::{SmallVec, smallvec};

/// A step of [`Steps`].
#[derive(Copy, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub(super) struct StepId(pub(super) u32);

/// What is computed.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub(super) enum Step {
    /// An argument of the function.
    Argument(VariableId),
    /// A defined quantity.
    Named { name: VariableId, body: StepId },
    /// An integer: a size, an exponent.
    Integer(Poly),
    /// π or e.
    Constant(Constant),
    /// A linear combination of arrays of equal axes.
    Linear(Vec<(Rational, StepId)>),
    /// The contraction of two operands; within an operand and within `out` no label stands twice.
    Pair { left: (StepId, Labels), right: (StepId, Labels), out: Labels },
    /// Diagonals, sums, transposition, repetition and embedding of one operand: a label twice in `labels` takes the
    /// diagonal, one that is not in `out` is summed, one only in `out` repeats, one twice in `out` embeds.
    Single { of: StepId, labels: Labels, out: Labels },
    /// matrix⁻¹ right, or matrix⁻ᵀ right; the first `batch` axes of both number independent systems.
    Solve { matrix: StepId, transposed: bool, right: StepId, batch: u8 },
    /// A function on every entry.
    Map(Function, StepId),
    /// exp(x) / Σ exp(x) over an axis, or its logarithm.
    Softmax { of: StepId, axis: u8, log: bool },
    /// log Σ exp(x) over some axes.
    LogSumExp { of: StepId, axes: SmallVec<[u8; 4]> },
    /// base^exponent entry by entry.
    Power(StepId, StepId),
    /// An integer power of square matrices.
    MatrixPower(StepId, Poly),
    /// Inverses of square matrices.
    Inverse(StepId),
    /// Determinants.
    Determinant(StepId),
    /// log |det|.
    LogDeterminant(StepId),
    /// A scalar function known only by name, or a derivative of it.
    Unknown { function: FunctionId, order: u8, batch: u8, of: StepId },
    /// A sum over integers.
    RangeSum { variable: IntVar, lower: Poly, upper: Poly, body: StepId },
    /// Zeros.
    Zero,
    /// A fixed array.
    Pattern(Pattern),
    /// Runs of adjacent axes made one.
    Fuse { of: StepId, groups: SmallVec<[u8; 4]> },
    /// The same entries on other axes.
    Reshape(StepId),
}

impl Step {
    /// What it is computed from, in order.
    pub(super) fn operands(&self) -> SmallVec<[StepId; 4]> {
        match self {
            Self::Argument(_) | Self::Integer(_) | Self::Constant(_) | Self::Zero | Self::Pattern(_) => smallvec![],
            Self::Linear(terms) => terms.iter().map(|t| t.1).collect(),
            Self::Pair { left, right, .. } => smallvec![left.0, right.0],
            Self::Solve { matrix, right, .. } => smallvec![*matrix, *right],
            Self::Power(a, b) => smallvec![*a, *b],
            Self::Named { body: of, .. }
            | Self::Single { of, .. }
            | Self::Map(_, of)
            | Self::Softmax { of, .. }
            | Self::LogSumExp { of, .. }
            | Self::MatrixPower(of, _)
            | Self::Inverse(of)
            | Self::Determinant(of)
            | Self::LogDeterminant(of)
            | Self::Unknown { of, .. }
            | Self::RangeSum { body: of, .. }
            | Self::Fuse { of, .. }
            | Self::Reshape(of) => smallvec![*of],
        }
    }
}

/// All steps, operands before what uses them, with the dimensions of their axes.
#[derive(Default)]
pub(super) struct Steps {
    all: IndexSet<(Step, Axes), FxBuildHasher>,
}

impl Steps {
    /// The step, made where it is not there yet.
    pub(super) fn add(&mut self, step: Step, axes: Axes) -> StepId {
        StepId(u32::try_from(self.all.insert_full((step, axes)).0).unwrap_or(u32::MAX))
    }

    /// The step, where it is there.
    pub(super) fn find(&self, step: Step, axes: Axes) -> Option<StepId> {
        self.all.get_index_of(&(step, axes)).and_then(|i| u32::try_from(i).ok()).map(StepId)
    }

    pub(super) fn step(&self, id: StepId) -> &Step {
        &self.all[id.0 as usize].0
    }

    pub(super) fn axes(&self, id: StepId) -> &Axes {
        &self.all[id.0 as usize].1
    }

    pub(super) fn rank(&self, id: StepId) -> usize {
        self.axes(id).len()
    }

    /// The number 1.
    pub(super) fn one(&mut self) -> StepId {
        self.add(Step::Integer(Poly::constant(1)), Axes::new())
    }

    pub(super) fn is_one(&self, id: StepId) -> bool {
        matches!(self.step(id), Step::Integer(p) if p.is_one())
    }

    /// A multiple.
    pub(super) fn scaled(&mut self, c: &Rational, of: StepId) -> StepId {
        if c.is_one() {
            return of;
        }
        let (c, of) = match self.step(of) {
            Step::Linear(terms) if terms.len() == 1 => (c * &terms[0].0, terms[0].1),
            _ => (c.clone(), of),
        };
        if c.is_one() {
            return of;
        }
        let axes = self.axes(of).clone();
        self.add(Step::Linear(vec![(c, of)]), axes)
    }

    /// A function on every entry.
    pub(super) fn map(&mut self, f: Function, of: StepId) -> StepId {
        let axes = self.axes(of).clone();
        self.add(Step::Map(f, of), axes)
    }

    /// One operand arranged otherwise; `dims` are the dimensions of the labels.
    pub(super) fn single(&mut self, of: StepId, labels: &[Label], out: &[Label], axes: Axes) -> StepId {
        let same = labels == out && labels.iter().enumerate().all(|(i, l)| !labels[..i].contains(l));
        if same {
            return of;
        }
        let (labels, out) = renumber2(labels, out);
        self.add(Step::Single { of, labels, out }, axes)
    }

    /// Every step that `root` is made from, operands first.
    pub(super) fn reachable(&self, root: StepId) -> Vec<StepId> {
        let mut seen = vec![false; root.0 as usize + 1];
        let mut stack = vec![root];
        while let Some(id) = stack.pop() {
            if !std::mem::replace(&mut seen[id.0 as usize], true) {
                stack.extend(self.step(id).operands());
            }
        }
        (0..seen.len()).filter(|i| seen[*i]).map(|i| StepId(u32::try_from(i).unwrap_or(u32::MAX))).collect()
    }
}

/// Labels by first occurrence, so that equal contractions are one step.
pub(super) fn renumber<const N: usize>(lists: [&[Label]; N]) -> [Labels; N] {
    let mut known: SmallVec<[Label; 8]> = SmallVec::new();
    lists.map(|list| {
        list.iter()
            .map(|l| {
                let place = known.iter().position(|k| k == l).unwrap_or_else(|| {
                    known.push(*l);
                    known.len() - 1
                });
                Label::try_from(place).unwrap_or(Label::MAX)
            })
            .collect()
    })
}

fn renumber2(labels: &[Label], out: &[Label]) -> (Labels, Labels) {
    let [a, b] = renumber([labels, out]);
    (a, b)
}
