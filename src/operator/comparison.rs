//! Comparisons and indicators.

use super::rule::{ShapeError, common, entry_by_entry};
use super::{Entrywise, Notation, Operator, entries};
use crate::number::Rational;
use crate::tensor::{Function, Node, Pattern, Store, Value};
use crate::text::Name;

/// 1 where the comparison holds, 0 where it does not, entry by entry.
pub static GREATER: Operator = Operator {
    name: "greater",
    notation: Notation::Infix { plain: &[">"], latex: &[">", "\\gt"], precedence: 0 },
    arity: (2, 2),
    doc: "1 where the comparison holds, 0 where it does not, entry by entry.",
    example: "(x > 0)",
    entrywise: Entrywise::Opens,
    shape: |cx, of| common(cx, of, "a comparison"),
    lower: |store, of, _| compare(store, Function::Positive, &of[0], &of[1]),
    value: |of, _| Some(entries(of, |a, b| f64::from(u8::from(a > b)))),
};

/// 1 where the comparison holds, 0 where it does not, entry by entry.
pub static LESS: Operator = Operator {
    name: "less",
    notation: Notation::Infix { plain: &["<"], latex: &["<", "\\lt"], precedence: 0 },
    arity: (2, 2),
    doc: "1 where the comparison holds, 0 where it does not, entry by entry.",
    example: "(x < 0)",
    entrywise: Entrywise::Opens,
    shape: |cx, of| common(cx, of, "a comparison"),
    lower: |store, of, _| compare(store, Function::Positive, &of[1], &of[0]),
    value: |of, _| Some(entries(of, |a, b| f64::from(u8::from(a < b)))),
};

/// 1 where the comparison holds, 0 where it does not, entry by entry.
pub static GREATER_EQUAL: Operator = Operator {
    name: "greater-equal",
    notation: Notation::Infix { plain: &["≥", ">="], latex: &["\\geq", "\\ge", "\\geqslant", "≥"], precedence: 0 },
    arity: (2, 2),
    doc: "1 where the comparison holds, 0 where it does not, entry by entry.",
    example: "(x >= 0)",
    entrywise: Entrywise::Opens,
    shape: |cx, of| common(cx, of, "a comparison"),
    lower: |store, of, _| compare(store, Function::NonNegative, &of[0], &of[1]),
    value: |of, _| Some(entries(of, |a, b| f64::from(u8::from(a >= b)))),
};

/// 1 where the comparison holds, 0 where it does not, entry by entry.
pub static LESS_EQUAL: Operator = Operator {
    name: "less-equal",
    notation: Notation::Infix { plain: &["≤", "<="], latex: &["\\leq", "\\le", "\\leqslant", "≤"], precedence: 0 },
    arity: (2, 2),
    doc: "1 where the comparison holds, 0 where it does not, entry by entry.",
    example: "(x <= 0)",
    entrywise: Entrywise::Opens,
    shape: |cx, of| common(cx, of, "a comparison"),
    lower: |store, of, _| compare(store, Function::NonNegative, &of[1], &of[0]),
    value: |of, _| Some(entries(of, |a, b| f64::from(u8::from(a <= b)))),
};

/// 1 where the comparison holds, 0 where it does not, entry by entry.
pub static EQUAL: Operator = Operator {
    name: "equal",
    notation: Notation::Infix { plain: &["=="], latex: &["=="], precedence: 0 },
    arity: (2, 2),
    doc: "1 where the comparison holds, 0 where it does not, entry by entry.",
    example: "(x == 0)",
    entrywise: Entrywise::Opens,
    shape: |cx, of| common(cx, of, "a comparison"),
    lower: |store, of, _| compare(store, Function::Zero, &of[0], &of[1]),
    value: |of, _| Some(entries(of, |a, b| f64::from(u8::from((a - b).abs() < 1e-12)))),
};

/// 1 where the comparison holds, 0 where it does not, entry by entry.
pub static NOT_EQUAL: Operator = Operator {
    name: "not-equal",
    notation: Notation::Infix { plain: &["≠", "!="], latex: &["\\neq", "\\ne", "≠"], precedence: 0 },
    arity: (2, 2),
    doc: "1 where the comparison holds, 0 where it does not, entry by entry.",
    example: "(x != 0)",
    entrywise: Entrywise::Opens,
    shape: |cx, of| common(cx, of, "a comparison"),
    lower: |store, of, _| {
        let equal = compare(store, Function::Zero, &of[0], &of[1])?;
        let one = Value::scalar(store.one());
        Ok(store.plus(&one, &Rational::MINUS_ONE, &equal))
    },
    value: |of, _| Some(entries(of, |a, b| f64::from(u8::from((a - b).abs() >= 1e-12)))),
};

/// The indicator of a condition: 1[x > 0].
pub static INDICATOR: Operator = Operator {
    name: "indicator",
    notation: Notation::Special,
    arity: (1, 1),
    doc: "The indicator of a condition: 1[x > 0].",
    example: "1[x > 0]",
    entrywise: Entrywise::Keeps,
    shape: entry_by_entry,
    lower: |_, of, _| Ok(of[0].clone()),
    value: |of, _| Some(of[0].clone()),
};

#[allow(clippy::unnecessary_wraps)] // the form of every lowering
fn compare(store: &mut Store, f: Function, a: &Value, b: &Value) -> Result<Value, ShapeError> {
    if let Some(value) = compare_indices(store, &f, a, b) {
        return Ok(value);
    }
    let difference = store.plus(a, &Rational::MINUS_ONE, b);
    Ok(store.mapped(f, &difference))
}

/// Two different indices compared as numbers.
fn compare_indices(store: &mut Store, f: &Function, a: &Value, b: &Value) -> Option<Value> {
    let dim = |v: &Value| match store.node(v.node) {
        Node::Pattern(Pattern::Count { dim }) => Some(*dim),
        _ => None,
    };
    let ([i], [j]) = (a.free.as_slice(), b.free.as_slice()) else { return None };
    let (i, j, n) = (i.clone(), j.clone(), dim(a)?);
    if i == j || dim(b)? != n {
        return None;
    }
    let pair =
        |node, [first, second]: [Name; 2]| Value { free: [first, second].into_iter().collect(), ..Value::scalar(node) };
    let before = Pattern::Before { rows: n, cols: n };
    Some(match f {
        Function::Positive => pair(store.pattern(before), [j, i]),
        Function::NonNegative => {
            let below = pair(store.pattern(before), [i, j]);
            let one = Value::scalar(store.one());
            store.plus(&one, &Rational::MINUS_ONE, &below)
        }
        Function::Zero => {
            let size = store.poly(n).clone();
            pair(store.identity(&size), [i, j])
        }
        _ => return None,
    })
}
