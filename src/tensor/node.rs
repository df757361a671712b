//! The closed set of nodes.

use super::Function;
use crate::dimension::{IntVar, Poly};
use crate::number::Constant;
use crate::number::Rational;
use smallvec::SmallVec;

/// A node of a [`Store`](super::Store).
#[derive(Copy, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct NodeId(pub u32);

/// An interned dimension.
#[derive(Copy, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct DimId(pub u32);

/// A declared symbol or definition.
#[derive(Copy, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct VariableId(pub u32);

/// A function known only by name.
#[derive(Copy, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct FunctionId(pub u32);

/// An index inside one product; it has no meaning outside.
pub type Label = u16;

/// The labels of a tensor's axes, in order.
pub type Labels = SmallVec<[Label; 4]>;

/// The dimensions of a tensor's axes, in order.
pub type Axes = SmallVec<[DimId; 4]>;

/// A tensor.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum Node {
    /// A declared symbol. A family is one variable whose first axis counts the members.
    Variable(VariableId),
    /// A defined quantity: it has the value of its body, and keeps its name for printing and differentiation.
    Definition {
        /// Its name.
        name: VariableId,
        /// What it stands for.
        body: NodeId,
    },
    /// A contraction.
    Product(Product),
    /// A linear combination of at least one tensor of equal axes. No coefficient is zero; with one term, the
    /// coefficient is not one.
    Sum(SmallVec<[(Rational, NodeId); 2]>),
    /// All entries zero.
    Zero(Axes),
    /// A function on every entry.
    Map(Function, NodeId),
    /// base^exponent entry by entry, with an exponent that is no rational number; both have the same axes.
    ScalarPower(NodeId, NodeId),
    /// An integer power, possibly symbolic, of the square matrices on the last two axes.
    MatrixPower(NodeId, Poly),
    /// The inverses of the square matrices on the last two axes.
    Inverse(NodeId),
    /// The determinants of the square matrices on the last two axes.
    Determinant(NodeId),
    /// A scalar function, known only by name, of a tensor; or its derivative of that order, whose axes are the
    /// batch axes of the argument, then `order` times its other axes.
    Unknown {
        /// The function.
        function: FunctionId,
        /// Order of the derivative.
        order: u8,
        /// How many leading axes of the argument only number independent arguments.
        batch: u8,
        /// The argument.
        argument: NodeId,
    },
    /// The sum of the body over an integer variable from `lower` to `upper`, both included.
    RangeSum {
        /// The variable, which the body's exponents and integers contain.
        variable: IntVar,
        /// First value.
        lower: Poly,
        /// Last value; below `lower` the sum is empty.
        upper: Poly,
        /// What is summed.
        body: NodeId,
    },
    /// An integer as a scalar: a dimension, an integer symbol, the variable of a sum.
    Integer(Poly),
    /// π or e as a scalar.
    Constant(Constant),
    /// A fixed tensor of zeros and ones, or the counting vector.
    Pattern(Pattern),
    /// Runs of adjacent axes made one, the first of a run slowest; `groups` gives the run lengths.
    Fuse {
        /// The tensor.
        argument: NodeId,
        /// Run lengths, adding up to the argument's number of axes.
        groups: SmallVec<[u8; 4]>,
    },
    /// One axis of composite dimension made several adjacent ones, the first slowest.
    Split {
        /// The tensor.
        argument: NodeId,
        /// Which axis.
        axis: u8,
        /// The dimensions it falls into; their product is the axis's.
        factors: Axes,
    },
}

/// A contraction: the product of the factors' entries, summed over every label that is not in `out`.
///
/// A label in `out` that no factor has repeats the value along that axis; a label twice in `out` puts the value on
/// the diagonal; a label twice in a factor takes its diagonal. So the identity is the product of no factors with
/// `out = [0, 0]`, and the vector of ones that with `out = [0]`.
/// Invariants: labels are numbered by first occurrence in `out`, then in the factors; every label is in `out` or in
/// a factor; no factor is itself a product of fewer than two factors.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Product {
    /// The factors with the labels of their axes.
    pub factors: SmallVec<[(NodeId, Labels); 3]>,
    /// The labels of the result's axes.
    pub out: Labels,
    /// The dimension of each label.
    pub dims: SmallVec<[DimId; 4]>,
}

/// A fixed tensor.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum Pattern {
    /// The vector with 1 at `position` (counted from 1) and 0 elsewhere.
    Basis {
        /// Its length.
        dim: DimId,
        /// Where the 1 stands.
        position: Poly,
    },
    /// The vector with 1 from position `lower` to `upper` (counted from 1) and 0 elsewhere.
    Range {
        /// Its length.
        dim: DimId,
        /// First position.
        lower: Poly,
        /// Last position.
        upper: Poly,
    },
    /// The vector 1, 2, 3, …
    Count {
        /// Its length.
        dim: DimId,
    },
    /// The matrix with 1 where row − column = `offset`, and 0 elsewhere.
    Shift {
        /// Number of rows.
        rows: DimId,
        /// Number of columns.
        cols: DimId,
        /// The difference.
        offset: Poly,
    },
    /// The matrix with 1 where row < column, and 0 elsewhere.
    Before {
        /// Number of rows.
        rows: DimId,
        /// Number of columns.
        cols: DimId,
    },
}
