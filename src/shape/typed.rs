//! What inference finds out of a tree.

use super::QuantityId;
use crate::dimension::{IntVar, Poly, Shape, Unifier};
use crate::syntax::{ExprId, Name, Tree};
use smallvec::SmallVec;

/// Shapes and readings, beside a tree, by node.
#[derive(Clone, Debug, Default)]
pub struct Typed {
    /// The shape of each node.
    pub shapes: Vec<Shape>,
    /// What each node stands for.
    pub readings: Vec<Reading>,
    /// The free index letters with their ranges, in order of first appearance.
    pub free: Vec<(Name, Poly)>,
}

/// What a symbol, subscript, sum, call or derivative stands for.
#[derive(Clone, Debug, Default)]
pub enum Reading {
    /// The node says it all.
    #[default]
    Plain,
    /// A declared quantity.
    Quantity(QuantityId),
    /// An integer: a dimension, an integer symbol, the variable of a sum over integers.
    Integer(Poly),
    /// An index used as a number, and its range.
    Count(Name, Poly),
    /// A parameter of the function that is being applied.
    Parameter(usize),
    /// A member of a family, or of a quantity given by entries; with more indices, its entry.
    Member {
        /// The family.
        quantity: QuantityId,
        /// The indices, the family's first.
        indices: SmallVec<[Index; 2]>,
    },
    /// An entry, a row or a column of the base's value.
    Entry(SmallVec<[Index; 2]>),
    /// Kronecker's delta, and the range of a letter in it.
    Delta(Index, Index, Option<Poly>),
    /// What each index of a sum or product runs over.
    Sum(SmallVec<[BinderReading; 1]>),
    /// A function given by a formula, applied.
    Instance(Box<Instance>),
    /// Of what is independent in a matrix with a pseudo-inverse: its columns, or its rows.
    Independent {
        /// Its columns.
        columns: bool,
    },
    /// What a derivative is taken by.
    Derivative(SmallVec<[Wrt; 2]>),
}

/// An index.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Index {
    /// A letter, free or bound by a sum.
    Letter(Name),
    /// A letter and an integer: `i + 1`.
    Shifted(Name, Poly),
    /// A place in an axis made of blocks: `m (j − 1) + k`.
    Block {
        /// The letter that counts the blocks.
        outer: Name,
        /// The length of a block.
        size: Poly,
        /// The letter inside a block.
        inner: Name,
    },
    /// A position: a number, or a dimension for the last one.
    At(Poly),
    /// All.
    Slice,
}

/// What an index of a sum or product runs over.
#[derive(Clone, Debug)]
pub enum BinderReading {
    /// The whole range of an axis, or a part of it.
    Axis {
        /// The letter.
        letter: Name,
        /// The range of the axis.
        range: Poly,
        /// First and last value, where they are not one and the range.
        part: Option<(Poly, Poly)>,
        /// Indices it stays below or above.
        beside: Vec<Beside>,
        /// Indices it must differ from.
        except: SmallVec<[Index; 1]>,
    },
    /// Integers that occur in exponents and coefficients.
    Integer {
        /// The variable.
        variable: IntVar,
        /// First value.
        lower: Poly,
        /// Last value.
        upper: Poly,
    },
}

/// A bound that is another index and a number: j ≤ i + c, or j ≥ i + c.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Beside {
    /// The other index.
    pub other: Name,
    /// The number.
    pub offset: i64,
    /// Whether the index is at least that, not at most.
    pub above: bool,
}

/// A function given by a formula, applied to arguments.
#[derive(Clone, Debug)]
pub struct Instance {
    /// The function's name.
    pub function: Name,
    /// Shapes and readings of the formula at these arguments.
    pub typed: Typed,
    /// Whether the formula is one of scalars, applied entry by entry.
    pub entrywise: bool,
}

/// What a derivative is taken by.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Wrt {
    /// A declared quantity as a whole, or an entry or member of it.
    Quantity {
        /// Which.
        quantity: QuantityId,
        /// The indices of the member or entry, if any.
        indices: SmallVec<[Index; 2]>,
        /// Whether it is written transposed.
        transposed: bool,
    },
    /// A subexpression of what is differentiated.
    Expression(ExprId),
}

impl Typed {
    /// The quantities that stand in the formula, and in those of functions that are applied.
    #[must_use]
    pub fn quantities(&self) -> Vec<QuantityId> {
        let mut all = Vec::new();
        let mut inside = vec![self];
        while let Some(typed) = inside.pop() {
            for reading in &typed.readings {
                match reading {
                    Reading::Quantity(q) | Reading::Member { quantity: q, .. } => all.push(*q),
                    Reading::Instance(i) => inside.push(&i.typed),
                    _ => {}
                }
            }
        }
        all
    }

    /// Puts in all that has become known of the dimensions.
    pub fn resolve(&mut self, unifier: &Unifier) {
        if unifier.binds_nothing() {
            return;
        }
        for shape in &mut self.shapes {
            unifier.settle_shape(shape);
        }
        for (_, range) in &mut self.free {
            unifier.settle_poly(range);
        }
        for reading in &mut self.readings {
            match reading {
                Reading::Sum(binders) => binders.iter_mut().for_each(|b| b.resolve(unifier)),
                Reading::Instance(i) => i.typed.resolve(unifier),
                Reading::Count(_, range) | Reading::Delta(_, _, Some(range)) => unifier.settle_poly(range),
                _ => {}
            }
        }
    }

    /// A node whose shape is not known for want of a size, where there is one.
    #[must_use]
    pub fn open_shape(&self, tree: &Tree, unifier: &Unifier) -> Option<ExprId> {
        if !unifier.has_inferred() {
            return None;
        }
        let is_open = |p: &Poly| p.any(|v| unifier.is_inferred(v));
        fn visit(t: &Typed, tree: &Tree, id: ExprId, is_open: &impl Fn(&Poly) -> bool) -> Option<ExprId> {
            let s = t.shape(id);
            let below = || tree.children(id).iter().find_map(|c| visit(t, tree, *c, is_open));
            if is_open(&s.rows) || is_open(&s.cols) { below().or(Some(id)) } else { below() }
        }
        visit(self, tree, tree.root, &is_open)
    }

    /// The shape of a node.
    #[must_use]
    pub fn shape(&self, id: ExprId) -> &Shape {
        &self.shapes[id.0 as usize]
    }

    /// What a node stands for.
    #[must_use]
    pub fn reading(&self, id: ExprId) -> &Reading {
        &self.readings[id.0 as usize]
    }
}
