//! The reciprocals of sine, cosine and tangent, and of their hyperbolic kin.

use super::elementwise::shape;
use super::{Entrywise, Notation, Operator};
use crate::number::Rational;
use crate::tensor::{Function, Store, Value};

/// One over the cosine, entry by entry.
pub static SEC: Operator = Operator {
    name: "sec",
    notation: Notation::Call { plain: &["sec"], latex: &["sec"], command: true, greedy: false },
    arity: (1, 1),
    doc: "One over the cosine, entry by entry.",
    example: "sec(x)",
    entrywise: Entrywise::Opens,
    shape,
    lower: |store, of, _| Ok(one_over(store, Function::Cos, &of[0])),
    value: |of, _| Some(of[0].map(|x| 1.0 / libm::cos(x))),
};

/// One over the sine, entry by entry.
pub static CSC: Operator = Operator {
    name: "csc",
    notation: Notation::Call { plain: &["csc"], latex: &["csc"], command: true, greedy: false },
    arity: (1, 1),
    doc: "One over the sine, entry by entry.",
    example: "csc(x)",
    entrywise: Entrywise::Opens,
    shape,
    lower: |store, of, _| Ok(one_over(store, Function::Sin, &of[0])),
    value: |of, _| Some(of[0].map(|x| 1.0 / libm::sin(x))),
};

/// One over the hyperbolic cosine, entry by entry.
pub static SECH: Operator = Operator {
    name: "sech",
    notation: Notation::Call { plain: &["sech"], latex: &["sech"], command: false, greedy: false },
    arity: (1, 1),
    doc: "One over the hyperbolic cosine, entry by entry.",
    example: "sech(x)",
    entrywise: Entrywise::Opens,
    shape,
    lower: |store, of, _| Ok(one_over(store, Function::Cosh, &of[0])),
    value: |of, _| Some(of[0].map(|x| 1.0 / libm::cosh(x))),
};

/// One over the hyperbolic sine, entry by entry.
pub static CSCH: Operator = Operator {
    name: "csch",
    notation: Notation::Call { plain: &["csch"], latex: &["csch"], command: false, greedy: false },
    arity: (1, 1),
    doc: "One over the hyperbolic sine, entry by entry.",
    example: "csch(x)",
    entrywise: Entrywise::Opens,
    shape,
    lower: |store, of, _| Ok(one_over(store, Function::Sinh, &of[0])),
    value: |of, _| Some(of[0].map(|x| 1.0 / libm::sinh(x))),
};

/// Cosine over sine, entry by entry.
pub static COT: Operator = Operator {
    name: "cot",
    notation: Notation::Call { plain: &["cot"], latex: &["cot"], command: true, greedy: false },
    arity: (1, 1),
    doc: "Cosine over sine, entry by entry.",
    example: "cot(x)",
    entrywise: Entrywise::Opens,
    shape,
    lower: |store, of, _| {
        Ok({
            let (above, below) = (store.mapped(Function::Cos, &of[0]), one_over(store, Function::Sin, &of[0]));
            store.entrywise(&above, &below)
        })
    },
    value: |of, _| Some(of[0].map(|x| libm::cos(x) / libm::sin(x))),
};

/// Hyperbolic cosine over hyperbolic sine, entry by entry.
pub static COTH: Operator = Operator {
    name: "coth",
    notation: Notation::Call { plain: &["coth"], latex: &["coth"], command: true, greedy: false },
    arity: (1, 1),
    doc: "Hyperbolic cosine over hyperbolic sine, entry by entry.",
    example: "coth(x)",
    entrywise: Entrywise::Opens,
    shape,
    lower: |store, of, _| {
        Ok({
            let (above, below) = (store.mapped(Function::Cosh, &of[0]), one_over(store, Function::Sinh, &of[0]));
            store.entrywise(&above, &below)
        })
    },
    value: |of, _| Some(of[0].map(|x| libm::cosh(x) / libm::sinh(x))),
};

fn one_over(store: &mut Store, f: Function, x: &Value) -> Value {
    let y = store.mapped(f, x);
    store.mapped(Function::Power(Rational::MINUS_ONE), &y)
}
