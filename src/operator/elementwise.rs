//! Elementwise functions.

use super::leaf::{Domain, Leaf};
use super::rule::{Operand, ShapeContext, ShapeResult};
use super::{Entrywise, Notation, Operator};
use crate::number::Rational;
use crate::tensor::{Function, NodeId, Store};

/// The exponential, entry by entry.
pub static EXP: Operator = Operator {
    name: "exp",
    notation: Notation::Call { plain: &["exp"], latex: &["exp"], command: true, greedy: false },
    arity: (1, 1),
    doc: "The exponential, entry by entry.",
    example: "exp(x)",
    entrywise: Entrywise::Opens,
    shape,
    lower: |store, of, _| Ok(store.mapped(Function::Exp, &of[0])),
    value: |of, _| Some(of[0].map(EXP_LEAF.value)),
};

/// The natural logarithm, entry by entry.
pub static LOG: Operator = Operator {
    name: "log",
    notation: Notation::Call { plain: &["log", "ln"], latex: &["log", "ln"], command: true, greedy: false },
    arity: (1, 1),
    doc: "The natural logarithm, entry by entry.",
    example: "log(x)",
    entrywise: Entrywise::Opens,
    shape,
    lower: |store, of, _| Ok(store.mapped(Function::Log, &of[0])),
    value: |of, _| Some(of[0].map(LOG_LEAF.value)),
};

/// The square root, entry by entry.
pub static SQRT: Operator = Operator {
    name: "sqrt",
    notation: Notation::Call { plain: &["sqrt"], latex: &["sqrt"], command: true, greedy: false },
    arity: (1, 1),
    doc: "The square root, entry by entry.",
    example: "sqrt(x)",
    entrywise: Entrywise::Opens,
    shape,
    lower: |store, of, _| {
        let half = Rational::new(1, 2).unwrap_or(Rational::ONE);
        Ok(store.mapped(Function::Power(half), &of[0]))
    },
    value: |of, _| Some(of[0].map(libm::sqrt)),
};

/// The absolute value, entry by entry.
pub static ABS: Operator = Operator {
    name: "abs",
    notation: Notation::Call { plain: &["abs"], latex: &["abs"], command: false, greedy: false },
    arity: (1, 1),
    doc: "The absolute value, entry by entry.",
    example: "abs(x)",
    entrywise: Entrywise::Opens,
    shape,
    lower: |store, of, _| Ok(store.mapped(Function::Abs, &of[0])),
    value: |of, _| Some(of[0].map(ABS_LEAF.value)),
};

/// The sign, entry by entry: −1, 0 or 1.
pub static SIGN: Operator = Operator {
    name: "sign",
    notation: Notation::Call { plain: &["sign", "sgn"], latex: &["sign", "sgn"], command: false, greedy: false },
    arity: (1, 1),
    doc: "The sign, entry by entry: −1, 0 or 1.",
    example: "sign(x)",
    entrywise: Entrywise::Opens,
    shape,
    lower: |store, of, _| Ok(store.mapped(Function::Sign, &of[0])),
    value: |of, _| Some(of[0].map(SIGN_LEAF.value)),
};

/// The sine, entry by entry.
pub static SIN: Operator = Operator {
    name: "sin",
    notation: Notation::Call { plain: &["sin"], latex: &["sin"], command: true, greedy: false },
    arity: (1, 1),
    doc: "The sine, entry by entry.",
    example: "sin(x)",
    entrywise: Entrywise::Opens,
    shape,
    lower: |store, of, _| Ok(store.mapped(Function::Sin, &of[0])),
    value: |of, _| Some(of[0].map(SIN_LEAF.value)),
};

/// The cosine, entry by entry.
pub static COS: Operator = Operator {
    name: "cos",
    notation: Notation::Call { plain: &["cos"], latex: &["cos"], command: true, greedy: false },
    arity: (1, 1),
    doc: "The cosine, entry by entry.",
    example: "cos(x)",
    entrywise: Entrywise::Opens,
    shape,
    lower: |store, of, _| Ok(store.mapped(Function::Cos, &of[0])),
    value: |of, _| Some(of[0].map(COS_LEAF.value)),
};

/// The tangent, entry by entry.
pub static TAN: Operator = Operator {
    name: "tan",
    notation: Notation::Call { plain: &["tan"], latex: &["tan"], command: true, greedy: false },
    arity: (1, 1),
    doc: "The tangent, entry by entry.",
    example: "tan(x)",
    entrywise: Entrywise::Opens,
    shape,
    lower: |store, of, _| Ok(store.mapped(Function::Tan, &of[0])),
    value: |of, _| Some(of[0].map(TAN_LEAF.value)),
};

/// The hyperbolic sine, entry by entry.
pub static SINH: Operator = Operator {
    name: "sinh",
    notation: Notation::Call { plain: &["sinh"], latex: &["sinh"], command: true, greedy: false },
    arity: (1, 1),
    doc: "The hyperbolic sine, entry by entry.",
    example: "sinh(x)",
    entrywise: Entrywise::Opens,
    shape,
    lower: |store, of, _| Ok(store.mapped(Function::Sinh, &of[0])),
    value: |of, _| Some(of[0].map(SINH_LEAF.value)),
};

/// The hyperbolic cosine, entry by entry.
pub static COSH: Operator = Operator {
    name: "cosh",
    notation: Notation::Call { plain: &["cosh"], latex: &["cosh"], command: true, greedy: false },
    arity: (1, 1),
    doc: "The hyperbolic cosine, entry by entry.",
    example: "cosh(x)",
    entrywise: Entrywise::Opens,
    shape,
    lower: |store, of, _| Ok(store.mapped(Function::Cosh, &of[0])),
    value: |of, _| Some(of[0].map(COSH_LEAF.value)),
};

/// The hyperbolic tangent, entry by entry.
pub static TANH: Operator = Operator {
    name: "tanh",
    notation: Notation::Call { plain: &["tanh"], latex: &["tanh"], command: true, greedy: false },
    arity: (1, 1),
    doc: "The hyperbolic tangent, entry by entry.",
    example: "tanh(x)",
    entrywise: Entrywise::Opens,
    shape,
    lower: |store, of, _| Ok(store.mapped(Function::Tanh, &of[0])),
    value: |of, _| Some(of[0].map(TANH_LEAF.value)),
};

/// The logistic function 1/(1 + exp(−x)), entry by entry; σ where it is not declared as a symbol.
pub static SIGMOID: Operator = Operator {
    name: "sigmoid",
    notation: Notation::Call {
        plain: &["sigmoid", "sigm", "logistic", "sigma", "σ"],
        latex: &["sigmoid", "sigm", "logistic", "sigma"],
        command: false,
        greedy: false,
    },
    arity: (1, 1),
    doc: "The logistic function 1/(1 + exp(−x)), entry by entry; σ where it is not declared as a symbol.",
    example: "sigmoid(x)",
    entrywise: Entrywise::Opens,
    shape,
    lower: |store, of, _| Ok(store.mapped(Function::Sigmoid, &of[0])),
    value: |of, _| Some(of[0].map(SIGMOID_LEAF.value)),
};

/// The positive part max(x, 0), entry by entry.
pub static RELU: Operator = Operator {
    name: "relu",
    notation: Notation::Call { plain: &["relu", "ReLU"], latex: &["relu", "ReLU"], command: false, greedy: false },
    arity: (1, 1),
    doc: "The positive part max(x, 0), entry by entry.",
    example: "relu(x)",
    entrywise: Entrywise::Opens,
    shape,
    lower: |store, of, _| Ok(store.mapped(Function::Relu, &of[0])),
    value: |of, _| Some(of[0].map(RELU_LEAF.value)),
};

/// log(1 + exp(x)), entry by entry.
pub static SOFTPLUS: Operator = Operator {
    name: "softplus",
    notation: Notation::Call { plain: &["softplus"], latex: &["softplus"], command: false, greedy: false },
    arity: (1, 1),
    doc: "log(1 + exp(x)), entry by entry.",
    example: "softplus(x)",
    entrywise: Entrywise::Opens,
    shape,
    lower: |store, of, _| Ok(store.mapped(Function::Softplus, &of[0])),
    value: |of, _| Some(of[0].map(SOFTPLUS_LEAF.value)),
};

fn zero_like(store: &mut Store, x: NodeId) -> NodeId {
    let axes = store.axes(x).clone();
    store.zero(axes)
}

/// 1 − y², where y is an entrywise function of x.
fn one_minus_square(store: &mut Store, y: NodeId) -> NodeId {
    let axes = store.axes(y).clone();
    let one = store.ones(axes);
    let square = store.map(Function::Power(Rational::from(2)), y);
    store.subtract(one, square)
}

pub(super) static EXP_LEAF: Leaf =
    Leaf { value: libm::exp, slope: libm::exp, derivative: |s, x| s.map(Function::Exp, x), domain: Domain::All };
pub(super) static LOG_LEAF: Leaf =
    Leaf { value: libm::log, slope: |x| 1.0 / x, derivative: |s, x| s.reciprocal(x), domain: Domain::Positive };
pub(super) static SIN_LEAF: Leaf =
    Leaf { value: libm::sin, slope: libm::cos, derivative: |s, x| s.map(Function::Cos, x), domain: Domain::All };
pub(super) static COS_LEAF: Leaf = Leaf {
    value: libm::cos,
    slope: |x| -libm::sin(x),
    derivative: |s, x| {
        let y = s.map(Function::Sin, x);
        s.negate(y)
    },
    domain: Domain::All,
};
pub(super) static TAN_LEAF: Leaf = Leaf {
    value: libm::tan,
    slope: |x| 1.0 + libm::tan(x) * libm::tan(x),
    derivative: |s, x| {
        let y = s.map(Function::Cos, x);
        s.map(Function::Power(Rational::from(-2)), y)
    },
    domain: Domain::All,
};
pub(super) static SINH_LEAF: Leaf =
    Leaf { value: libm::sinh, slope: libm::cosh, derivative: |s, x| s.map(Function::Cosh, x), domain: Domain::All };
pub(super) static COSH_LEAF: Leaf =
    Leaf { value: libm::cosh, slope: libm::sinh, derivative: |s, x| s.map(Function::Sinh, x), domain: Domain::All };
pub(super) static TANH_LEAF: Leaf = Leaf {
    value: libm::tanh,
    slope: |x| 1.0 - libm::tanh(x) * libm::tanh(x),
    derivative: |s, x| {
        let y = s.map(Function::Tanh, x);
        one_minus_square(s, y)
    },
    domain: Domain::All,
};
pub(super) static SIGMOID_LEAF: Leaf = Leaf {
    value: sigmoid,
    slope: |x| sigmoid(x) * sigmoid(-x),
    derivative: |s, x| {
        let y = s.map(Function::Sigmoid, x);
        let axes = s.axes(y).clone();
        let one = s.ones(axes);
        let rest = s.subtract(one, y);
        s.hadamard(y, rest)
    },
    domain: Domain::All,
};
pub(super) static SOFTPLUS_LEAF: Leaf = Leaf {
    value: |x| if x > 0.0 { x + libm::log1p(libm::exp(-x)) } else { libm::log1p(libm::exp(x)) },
    slope: sigmoid,
    derivative: |s, x| s.map(Function::Sigmoid, x),
    domain: Domain::All,
};
pub(super) static RELU_LEAF: Leaf = Leaf {
    value: |x| if x > 0.0 { x } else { 0.0 },
    slope: step,
    derivative: |s, x| s.map(Function::Positive, x),
    domain: Domain::KinkAtZero,
};
pub(super) static ABS_LEAF: Leaf =
    Leaf { value: libm::fabs, slope: sign, derivative: |s, x| s.map(Function::Sign, x), domain: Domain::KinkAtZero };
pub(super) static SIGN_LEAF: Leaf =
    Leaf { value: sign, slope: |_| 0.0, derivative: zero_like, domain: Domain::KinkAtZero };
pub(super) static POSITIVE_LEAF: Leaf =
    Leaf { value: step, slope: |_| 0.0, derivative: zero_like, domain: Domain::KinkAtZero };
pub(super) static NON_NEGATIVE_LEAF: Leaf = Leaf {
    value: |x| if x >= 0.0 { 1.0 } else { 0.0 },
    slope: |_| 0.0,
    derivative: zero_like,
    domain: Domain::KinkAtZero,
};
pub(super) static ZERO_LEAF: Leaf = Leaf {
    value: |x| if x.abs() > 0.0 { 0.0 } else { 1.0 },
    slope: |_| 0.0,
    derivative: zero_like,
    domain: Domain::KinkAtZero,
};

fn sigmoid(x: f64) -> f64 {
    1.0 / (1.0 + libm::exp(-x))
}

fn sign(x: f64) -> f64 {
    if x > 0.0 {
        1.0
    } else if x < 0.0 {
        -1.0
    } else {
        0.0
    }
}

fn step(x: f64) -> f64 {
    if x > 0.0 { 1.0 } else { 0.0 }
}

pub(super) fn shape(cx: &mut ShapeContext<'_>, of: &[Operand]) -> ShapeResult {
    if of[0].shape.is_matrix() {
        cx.assume("functions of a matrix are taken entry by entry");
    }
    Ok(of[0].shape.clone())
}
