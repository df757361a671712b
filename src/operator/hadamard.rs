//! Entrywise products, quotients and powers.

use super::{Notation, Operator};

/// The entrywise (Hadamard) product.
pub static HADAMARD: Operator = Operator {
    name: "hadamard",
    notation: Notation::Infix {
        plain: &["⊙", ".*", "∘", "∗"], latex: &["\\odot", "\\circ", "\\ast"], precedence: 2
    },
    arity: (2, 2),
    doc: "The entrywise (Hadamard) product.",
};

/// The entrywise quotient.
pub static HADAMARD_DIVIDE: Operator = Operator {
    name: "hadamard-divide",
    notation: Notation::Infix { plain: &["./", "⊘"], latex: &["\\oslash"], precedence: 2 },
    arity: (2, 2),
    doc: "The entrywise quotient.",
};

/// The entrywise power.
pub static HADAMARD_POWER: Operator =
    Operator { name: "hadamard-power", notation: Notation::Special, arity: (2, 2), doc: "The entrywise power." };
