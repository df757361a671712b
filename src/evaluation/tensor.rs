//! Dense tensors, the limits of an evaluation, and the point it is made at.

use super::ring::{Ring, Stop};
use crate::dimension::{IntVar, Poly};
use crate::limit::{self, Limit};
use crate::tensor::VariableId;
use smallvec::SmallVec;

/// The lengths of a tensor's axes.
pub type Dims = SmallVec<[usize; 4]>;

/// A dense tensor; the last index is fastest.
#[derive(Clone, PartialEq, Debug)]
pub struct Tensor<E> {
    /// The lengths of the axes.
    pub dims: Dims,
    /// The entries.
    pub data: Vec<E>,
}

impl<E> Tensor<E> {
    /// A tensor without axes.
    #[must_use]
    pub fn scalar(x: E) -> Self {
        Self { dims: Dims::new(), data: vec![x] }
    }
}

/// How much an evaluation or a comparison may cost.
#[derive(Clone, Debug)]
pub struct Limits {
    /// Most entries of one tensor.
    pub entries: usize,
    /// Most multiplications of one comparison; a function value counts as ten, double-double as ten times as much.
    pub operations: u64,
    /// Points in floating point.
    pub points: usize,
    /// How often a point is drawn again where it falls outside the domain.
    pub tries: usize,
    /// Pairs of values that the search for a counterexample may compute.
    pub candidates: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            entries: limit::size(Limit::Entries),
            operations: limit::of(Limit::Operations),
            points: 6,
            tries: 40,
            candidates: limit::size(Limit::Candidates),
        }
    }
}

/// What is left to spend of an evaluation's or a whole comparison's limits.
#[derive(Clone, Debug)]
pub struct Budget {
    operations: u64,
    entries: usize,
}

impl Budget {
    /// All that the limits allow.
    #[must_use]
    pub fn new(limits: &Limits) -> Self {
        Self { operations: limits.operations, entries: limits.entries }
    }

    /// At most so many of the operations, which count as spent in `self` as well.
    #[must_use]
    pub fn part(&mut self, operations: u64) -> Self {
        let operations = operations.min(self.operations);
        self.operations -= operations;
        Self { operations, entries: self.entries }
    }

    /// Puts back what was not spent.
    pub fn give_back(&mut self, part: &Self) {
        self.operations = self.operations.saturating_add(part.operations);
    }

    /// Counts operations of a number system; fails when there are none left.
    pub fn spend<R: Ring>(&mut self, operations: usize) -> Result<(), Stop> {
        let cost = R::COST.saturating_mul(operations as u64);
        self.operations = self.operations.checked_sub(cost).ok_or(Stop::Budget)?;
        if limit::spend(cost) { Ok(()) } else { Err(Stop::Budget) }
    }

    /// The number of entries of a tensor; fails where that is above the limit.
    pub fn size(&self, dims: &[usize]) -> Result<usize, Stop> {
        let size = dims.iter().try_fold(1usize, |n, d| n.checked_mul(*d)).ok_or(Stop::TooLarge)?;
        if size > self.entries { Err(Stop::TooLarge) } else { Ok(size) }
    }
}

/// Values of named integers, in the order of the integers.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Assignment(pub Vec<(IntVar, i64)>);

impl Assignment {
    /// The value of an integer.
    #[must_use]
    pub fn of(&self, v: IntVar) -> Option<i64> {
        let at = self.0.binary_search_by_key(&v, |known| known.0).ok()?;
        Some(self.0[at].1)
    }

    /// The value of a dimension.
    pub fn dimension(&self, p: &Poly) -> Result<usize, Stop> {
        let n = match p.as_constant() {
            Some(n) => n,
            None => p.evaluate(&|v| self.of(v)).ok_or(Stop::Missing)?,
        };
        usize::try_from(n).map_err(|_| Stop::TooLarge)
    }
}

/// A point: the values of the named integers and of the variables.
#[derive(Clone, PartialEq, Debug)]
pub struct Point<E> {
    /// The values of the named integers.
    pub sizes: Assignment,
    /// The values of the variables.
    pub values: Vec<(VariableId, Tensor<E>)>,
}

impl<E> Point<E> {
    /// The value of a variable.
    pub fn value(&self, v: VariableId) -> Result<&Tensor<E>, Stop> {
        self.values.iter().find(|(w, _)| *w == v).map(|(_, t)| t).ok_or(Stop::Missing)
    }
}
