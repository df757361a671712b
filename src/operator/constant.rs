//! Identity, ones and zeros.

use super::{Notation, Operator};

/// The identity matrix, with its size where it is written.
pub static IDENTITY: Operator = Operator {
    name: "identity",
    notation: Notation::Special,
    arity: (0, 1),
    doc: "The identity matrix, with its size where it is written.",
};

/// The vector of ones, with its length where it is written.
pub static ONES: Operator = Operator {
    name: "ones",
    notation: Notation::Special,
    arity: (0, 1),
    doc: "The vector of ones, with its length where it is written.",
};

/// The vector of zeros, with its length where it is written.
pub static ZEROS: Operator = Operator {
    name: "zeros",
    notation: Notation::Special,
    arity: (0, 1),
    doc: "The vector of zeros, with its length where it is written.",
};
