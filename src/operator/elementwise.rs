//! Elementwise functions.

use super::{Notation, Operator};

/// The exponential, entry by entry.
pub static EXP: Operator = Operator {
    name: "exp",
    notation: Notation::Call { plain: &["exp"], latex: &["exp"], command: true, greedy: false },
    arity: (1, 1),
    doc: "The exponential, entry by entry.",
};

/// The natural logarithm, entry by entry.
pub static LOG: Operator = Operator {
    name: "log",
    notation: Notation::Call { plain: &["log", "ln"], latex: &["log", "ln"], command: true, greedy: false },
    arity: (1, 1),
    doc: "The natural logarithm, entry by entry.",
};

/// The square root, entry by entry.
pub static SQRT: Operator = Operator {
    name: "sqrt",
    notation: Notation::Call { plain: &["sqrt"], latex: &["sqrt"], command: true, greedy: false },
    arity: (1, 1),
    doc: "The square root, entry by entry.",
};

/// The absolute value, entry by entry.
pub static ABS: Operator = Operator {
    name: "abs",
    notation: Notation::Call { plain: &["abs"], latex: &["abs"], command: false, greedy: false },
    arity: (1, 1),
    doc: "The absolute value, entry by entry.",
};

/// The sign, entry by entry: −1, 0 or 1.
pub static SIGN: Operator = Operator {
    name: "sign",
    notation: Notation::Call { plain: &["sign", "sgn"], latex: &["sign", "sgn"], command: false, greedy: false },
    arity: (1, 1),
    doc: "The sign, entry by entry: −1, 0 or 1.",
};

/// The sine, entry by entry.
pub static SIN: Operator = Operator {
    name: "sin",
    notation: Notation::Call { plain: &["sin"], latex: &["sin"], command: true, greedy: false },
    arity: (1, 1),
    doc: "The sine, entry by entry.",
};

/// The cosine, entry by entry.
pub static COS: Operator = Operator {
    name: "cos",
    notation: Notation::Call { plain: &["cos"], latex: &["cos"], command: true, greedy: false },
    arity: (1, 1),
    doc: "The cosine, entry by entry.",
};

/// The tangent, entry by entry.
pub static TAN: Operator = Operator {
    name: "tan",
    notation: Notation::Call { plain: &["tan"], latex: &["tan"], command: true, greedy: false },
    arity: (1, 1),
    doc: "The tangent, entry by entry.",
};

/// The hyperbolic sine, entry by entry.
pub static SINH: Operator = Operator {
    name: "sinh",
    notation: Notation::Call { plain: &["sinh"], latex: &["sinh"], command: true, greedy: false },
    arity: (1, 1),
    doc: "The hyperbolic sine, entry by entry.",
};

/// The hyperbolic cosine, entry by entry.
pub static COSH: Operator = Operator {
    name: "cosh",
    notation: Notation::Call { plain: &["cosh"], latex: &["cosh"], command: true, greedy: false },
    arity: (1, 1),
    doc: "The hyperbolic cosine, entry by entry.",
};

/// The hyperbolic tangent, entry by entry.
pub static TANH: Operator = Operator {
    name: "tanh",
    notation: Notation::Call { plain: &["tanh"], latex: &["tanh"], command: true, greedy: false },
    arity: (1, 1),
    doc: "The hyperbolic tangent, entry by entry.",
};

/// The logistic function 1/(1 + exp(−x)), entry by entry; σ where it is not declared as a symbol.
pub static SIGMOID: Operator = Operator {
    name: "sigmoid",
    notation: Notation::Call {
        plain: &["sigmoid", "sigm", "logistic", "σ"],
        latex: &["sigmoid", "sigm", "logistic", "sigma"],
        command: false,
        greedy: false,
    },
    arity: (1, 1),
    doc: "The logistic function 1/(1 + exp(−x)), entry by entry; σ where it is not declared as a symbol.",
};

/// The positive part max(x, 0), entry by entry.
pub static RELU: Operator = Operator {
    name: "relu",
    notation: Notation::Call { plain: &["relu", "ReLU"], latex: &["relu", "ReLU"], command: false, greedy: false },
    arity: (1, 1),
    doc: "The positive part max(x, 0), entry by entry.",
};

/// log(1 + exp(x)), entry by entry.
pub static SOFTPLUS: Operator = Operator {
    name: "softplus",
    notation: Notation::Call { plain: &["softplus"], latex: &["softplus"], command: false, greedy: false },
    arity: (1, 1),
    doc: "log(1 + exp(x)), entry by entry.",
};
