//! Checking a step before it is printed: its text is read again in both notations and compared with what it must equal.

use crate::lower::Lowering;
use crate::shape::{Surroundings, infer_with};
use crate::syntax::{Syntax, Tree, parse};
use crate::tensor::Value;
use crate::verdict::{Decision, Depth, Evidence, Posed, compare};

/// The value of a formula.
pub(super) fn value(posed: &mut Posed, tree: &Tree) -> Option<Value> {
    let around = Surroundings { letters: posed.typed.free.clone(), ..Surroundings::default() };
    let typed = infer_with(tree, &mut posed.scope, &around).ok()?.typed;
    let mut lowering =
        Lowering { scope: &posed.scope, store: &mut posed.store, quantities: &mut posed.quantities, marked: None };
    lowering.lower(tree, &typed).ok()
}

/// The evidence that a text has a value; nothing where it is not shown to.
pub(super) fn holds(posed: &mut Posed, text: &str, syntax: Syntax, whole: &Value) -> Option<Evidence> {
    let tree = parse(text, syntax, &posed.scope.names).ok()?;
    let found = value(posed, &tree)?;
    if posed.store.is_exceeded() {
        return None;
    }
    let axes = posed.store.axes(whole.node).clone();
    let shaped = found.row == whole.row && found.col == whole.col && found.free.iter().all(|l| whole.free.contains(l));
    if !shaped {
        return None;
    }
    let node = posed.store.broadcast(&found, &whole.free, whole.row, whole.col, &axes);
    let texts = [text, posed.text.as_str()];
    let comparison = compare(&posed.store, node, whole.node, &posed.scope.sizes, texts, Depth::Decisive);
    match comparison.decision {
        Decision::Equal => comparison.evidence.into_iter().next(),
        Decision::Different | Decision::Undecided => None,
    }
}
