//! What is known of the sizes of named integers.

use super::{IntVar, Poly};

/// A comparison of two integers, such as `m < n` or `d >= 2`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Constraint {
    /// Left side.
    pub left: Poly,
    /// The relation.
    pub order: Order,
    /// Right side.
    pub right: Poly,
}

/// How two integers compare.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub enum Order {
    /// `<`
    Less,
    /// `<=`
    LessEqual,
    /// `=`
    Equal,
    /// `>=`
    GreaterEqual,
    /// `>`
    Greater,
    /// `!=`
    NotEqual,
}

impl Constraint {
    /// Whether the constraint holds at the given integers; `None` where one of them has no value.
    #[must_use]
    pub fn holds(&self, of: &impl Fn(IntVar) -> Option<i64>) -> Option<bool> {
        let (l, r) = (self.left.evaluate(of)?, self.right.evaluate(of)?);
        Some(match self.order {
            Order::Less => l < r,
            Order::LessEqual => l <= r,
            Order::Equal => l == r,
            Order::GreaterEqual => l >= r,
            Order::Greater => l > r,
            Order::NotEqual => l != r,
        })
    }
}

/// What sizes may be sampled.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Sizes {
    /// Integers that are not dimensions, with their smallest and largest sensible sample (a symbol `k` with
    /// property `integer`); every other named integer is a dimension, sampled from 2 upwards.
    pub integers: Vec<(IntVar, i64, i64)>,
    /// What has to hold between them.
    pub constraints: Vec<Constraint>,
}
