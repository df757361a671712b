//! Kronecker's delta.

use super::{Notation, Operator};

/// Kronecker's delta of two indices.
pub static DELTA: Operator =
    Operator { name: "delta", notation: Notation::Special, arity: (2, 2), doc: "Kronecker's delta of two indices." };
