//! Activation functions made of others.

use super::elementwise::shape;
use super::rule::{Operand, ShapeContext, ShapeError, ShapeResult};
use super::{Entrywise, Notation, Operator};
use crate::number::Rational;
use crate::tensor::{Function, Value};
use crate::text::Code;

/// x σ(x), entry by entry.
pub static SILU: Operator = Operator {
    name: "silu",
    notation: Notation::Call {
        plain: &["silu", "SiLU", "swish"],
        latex: &["SiLU", "silu", "swish", "Swish"],
        command: false,
        greedy: false,
    },
    arity: (1, 1),
    doc: "x σ(x), entry by entry.",
    example: "silu(x)",
    entrywise: Entrywise::Opens,
    shape,
    lower: |store, of, _| {
        Ok({
            let gate = store.mapped(Function::Sigmoid, &of[0]);
            store.entrywise(&of[0], &gate)
        })
    },
    value: |of, _| Some(of[0].map(|x| x / (1.0 + libm::exp(-x)))),
};

/// x Φ(x) with the normal distribution Φ, entry by entry; not its approximation by tanh.
pub static GELU: Operator = Operator {
    name: "gelu",
    notation: Notation::Call { plain: &["gelu", "GELU"], latex: &["GELU", "gelu"], command: false, greedy: false },
    arity: (1, 1),
    doc: "x Φ(x) with the normal distribution Φ, entry by entry; not its approximation by tanh.",
    example: "gelu(x)",
    entrywise: Entrywise::Opens,
    shape,
    lower: |store, of, _| {
        Ok({
            let two = store.rational(&Rational::from(2));
            let root = store.map(Function::Power(Rational::new(-1, 2).unwrap_or(Rational::ONE)), two);
            let inside = store.times(&Value::scalar(root), &of[0]);
            let erf = store.mapped(Function::Erf, &inside);
            let one = Value::scalar(store.one());
            let twice = store.plus(&one, &Rational::ONE, &erf);
            let product = store.entrywise(&of[0], &twice);
            store.scaled(&Rational::new(1, 2).unwrap_or(Rational::ONE), &product)
        })
    },
    value: |of, _| Some(of[0].map(|x| 0.5 * x * (1.0 + libm::erf(x * std::f64::consts::FRAC_1_SQRT_2)))),
};

/// x where x > 0, and a multiple of x where it is not, entry by entry; the multiple is the second argument.
pub static LEAKY_RELU: Operator = Operator {
    name: "leaky-relu",
    notation: Notation::Call {
        plain: &["leakyrelu", "LeakyReLU", "lrelu"],
        latex: &["LeakyReLU", "leakyrelu", "lrelu"],
        command: false,
        greedy: false,
    },
    arity: (2, 2),
    doc: "x where x > 0, and a multiple of x where it is not, entry by entry; the multiple is the second argument.",
    example: "leakyrelu(x, alpha)",
    entrywise: Entrywise::Opens,
    shape: leaky_shape,
    lower: |store, of, _| {
        Ok({
            let minus = store.scaled(&Rational::MINUS_ONE, &of[0]);
            let (above, below) = (store.mapped(Function::Relu, &of[0]), store.mapped(Function::Relu, &minus));
            let below = store.times(&of[1], &below);
            store.plus(&above, &Rational::MINUS_ONE, &below)
        })
    },
    value: |of, _| Some(of[0].map(|x| if x > 0.0 { x } else { of[1][0] * x })),
};

fn leaky_shape(cx: &mut ShapeContext<'_>, of: &[Operand]) -> ShapeResult {
    if !of[1].shape.is_scalar() {
        let message = format!("the slope is {}, not a scalar", cx.show(&of[1].shape));
        return Err(ShapeError::new(Code::NOT_SCALAR, message));
    }
    shape(cx, of)
}
