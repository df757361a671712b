//! The transpose.

use super::{Notation, Operator};

/// The transpose.
pub static TRANSPOSE: Operator =
    Operator { name: "transpose", notation: Notation::Special, arity: (1, 1), doc: "The transpose." };
