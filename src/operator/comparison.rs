//! Comparisons and indicators.

use super::{Notation, Operator};

/// 1 where the comparison holds, 0 where it does not, entry by entry.
pub static GREATER: Operator = Operator {
    name: "greater",
    notation: Notation::Infix { plain: &[">"], latex: &[">", "\\gt"], precedence: 0 },
    arity: (2, 2),
    doc: "1 where the comparison holds, 0 where it does not, entry by entry.",
};

/// 1 where the comparison holds, 0 where it does not, entry by entry.
pub static LESS: Operator = Operator {
    name: "less",
    notation: Notation::Infix { plain: &["<"], latex: &["<", "\\lt"], precedence: 0 },
    arity: (2, 2),
    doc: "1 where the comparison holds, 0 where it does not, entry by entry.",
};

/// 1 where the comparison holds, 0 where it does not, entry by entry.
pub static GREATER_EQUAL: Operator = Operator {
    name: "greater-equal",
    notation: Notation::Infix { plain: &["≥", ">="], latex: &["\\geq", "\\ge", "\\geqslant", "≥"], precedence: 0 },
    arity: (2, 2),
    doc: "1 where the comparison holds, 0 where it does not, entry by entry.",
};

/// 1 where the comparison holds, 0 where it does not, entry by entry.
pub static LESS_EQUAL: Operator = Operator {
    name: "less-equal",
    notation: Notation::Infix { plain: &["≤", "<="], latex: &["\\leq", "\\le", "\\leqslant", "≤"], precedence: 0 },
    arity: (2, 2),
    doc: "1 where the comparison holds, 0 where it does not, entry by entry.",
};

/// 1 where the comparison holds, 0 where it does not, entry by entry.
pub static EQUAL: Operator = Operator {
    name: "equal",
    notation: Notation::Infix { plain: &["=="], latex: &["=="], precedence: 0 },
    arity: (2, 2),
    doc: "1 where the comparison holds, 0 where it does not, entry by entry.",
};

/// 1 where the comparison holds, 0 where it does not, entry by entry.
pub static NOT_EQUAL: Operator = Operator {
    name: "not-equal",
    notation: Notation::Infix { plain: &["≠", "!="], latex: &["\\neq", "\\ne", "≠"], precedence: 0 },
    arity: (2, 2),
    doc: "1 where the comparison holds, 0 where it does not, entry by entry.",
};

/// The indicator of a condition: 1[x > 0].
pub static INDICATOR: Operator = Operator {
    name: "indicator",
    notation: Notation::Special,
    arity: (1, 1),
    doc: "The indicator of a condition: 1[x > 0].",
};
