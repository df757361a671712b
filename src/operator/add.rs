//! Sums and signs.

use super::{Notation, Operator};

/// The sum of two terms of one shape; a scalar is added to every entry of a vector.
pub static ADD: Operator = Operator {
    name: "add",
    notation: Notation::Infix { plain: &["+"], latex: &["+"], precedence: 1 },
    arity: (2, 2),
    doc: "The sum of two terms of one shape; a scalar is added to every entry of a vector.",
};

/// The negative.
pub static NEGATE: Operator =
    Operator { name: "negate", notation: Notation::Special, arity: (1, 1), doc: "The negative." };
