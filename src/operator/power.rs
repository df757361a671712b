//! Powers.

use super::{Notation, Operator};

/// A power: of a scalar to a scalar, of a square matrix to an integer, symbolic or not.
pub static POWER: Operator = Operator {
    name: "power",
    notation: Notation::Special,
    arity: (2, 2),
    doc: "A power: of a scalar to a scalar, of a square matrix to an integer, symbolic or not.",
};
