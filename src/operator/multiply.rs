//! The product.

use super::{Notation, Operator};

/// The product: of matrices by rows and columns, of a scalar with anything.
pub static MULTIPLY: Operator = Operator {
    name: "multiply",
    notation: Notation::Infix {
        plain: &[" ", "*", "·", "⋅", "×"],
        latex: &[" ", "\\cdot", "\\times", "*"],
        precedence: 2,
    },
    arity: (2, 2),
    doc: "The product: of matrices by rows and columns, of a scalar with anything.",
};
