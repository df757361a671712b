//! Problems in which the steps are definitions, or in which they stand for themselves.

use super::fresh::adjoint;
use super::split::Piece;
use crate::dimension::Shape;
use crate::problem::{DimensionText, Pairs, ProblemText, SymbolTable, SymbolText};
use crate::shape::{Body, Function, Quantity, Scope};
use crate::syntax::{Name, Syntax, parse_declared, print};
use std::collections::BTreeSet;

/// A name as it is declared: with the index of a family.
pub(super) fn key(name: &str, letter: Option<&Name>) -> String {
    letter.map_or_else(|| name.to_owned(), |l| format!("{name}_{l}"))
}

/// The declarations as written, with what was taken by convention, and definitions in plain notation.
pub(super) fn declared(text: &ProblemText, scope: &Scope) -> ProblemText {
    let mut own = text.clone();
    own.open = false;
    own.objectives = Pairs::default();
    own.questions.clear();
    for (_, q) in scope.quantities().filter(|(_, q)| matches!(q.body, Body::Variable) && !q.name.starts_with('\u{1}')) {
        let key = key(&q.name, q.letters.first());
        let known = own.symbols.keys().any(|k| {
            *k == key
                || parse_declared(k).is_ok_and(|d| {
                    d.whole.as_str() == key || d.whole == q.name || d.name == q.name && !q.letters.is_empty()
                })
        });
        if !known {
            own.symbols.insert(key, symbol(scope, q));
        }
    }
    let plain = |(key, formula): &(String, String)| {
        let read = parse_declared(key).ok();
        let function = read.as_ref().filter(|d| !d.parameters.is_empty()).and_then(|d| scope.function(&d.name));
        let printed = match function {
            Some(Function::Defined { tree, .. }) => Some(print(tree, tree.root, Syntax::Plain)),
            _ => read.and_then(|d| {
                let named = scope.named(&d.whole).iter().chain(scope.named(&d.name));
                named.map(|q| &scope.quantity(*q).body).find_map(|b| match b {
                    Body::Definition(f) => Some(print(&f.tree, f.tree.root, Syntax::Plain)),
                    _ => None,
                })
            }),
        };
        (key.clone(), printed.unwrap_or_else(|| formula.clone()))
    };
    own.definitions = Pairs(text.definitions.0.iter().map(plain).collect());
    own
}

/// The same with steps as definitions, in the place of those that were cut.
pub(super) fn stepwise(text: &ProblemText, pieces: &[Piece], replaced: &BTreeSet<Name>) -> ProblemText {
    let mut own = text.clone();
    own.definitions.0.retain(|(key, _)| {
        parse_declared(key)
            .is_ok_and(|d| !d.parameters.is_empty() || !replaced.contains(&d.name) && !replaced.contains(&d.whole))
    });
    let definition = |p: &Piece| (key(&p.name, p.letter.as_ref()), print(&p.formula, p.formula.root, Syntax::Plain));
    own.definitions.0.extend(pieces.iter().map(definition));
    own
}

/// A quantity as a symbol.
pub(super) fn symbol(scope: &Scope, q: &Quantity) -> SymbolText {
    let shape = dimensions(scope, &q.shape);
    match (q.letters.as_slice(), q.ranges.as_slice()) {
        ([letter], [range]) => SymbolText::Table(SymbolTable {
            family: Some(letter.to_string()),
            count: Some(DimensionText::Text(scope.unifier.show(range))),
            shape: Some(shape),
            ..SymbolTable::default()
        }),
        _ => SymbolText::Shape(shape),
    }
}

fn dimensions(scope: &Scope, shape: &Shape) -> Vec<DimensionText> {
    let shape = scope.unifier.resolve_shape(shape);
    let text = |p: &crate::dimension::Poly| DimensionText::Text(scope.unifier.show(p));
    match &shape.tensor {
        Some(t) => t.iter().map(text).collect(),
        None if shape.is_scalar() => Vec::new(),
        None if shape.cols.is_one() => vec![text(&shape.rows)],
        None => vec![text(&shape.rows), text(&shape.cols)],
    }
}

/// The problem in which every step is a symbol, with the adjoint of each beside it: derivatives in it are those of one
/// step.
pub(super) fn local(text: &ProblemText, scope: &Scope, pieces: &[Piece]) -> ProblemText {
    let mut own = text.clone();
    own.definitions.0.retain(|(key, _)| parse_declared(key).is_ok_and(|d| !d.parameters.is_empty()));
    let defined = scope.quantities().filter(|(_, q)| matches!(q.body, Body::Definition(_)));
    for (_, q) in defined {
        if q.letters.len() < 2 {
            own.symbols.insert(key(&q.name, q.letters.first()), symbol(scope, q));
        }
    }
    for p in pieces {
        if let Some(q) = scope.find(&p.name, usize::from(p.letter.is_some())) {
            let q = scope.quantity(q);
            own.symbols.insert(key(&adjoint(&p.name), p.letter.as_ref()), symbol(scope, q));
        }
    }
    own
}

/// Σ of the adjoint's entries times the step's: what the step adds to the differential of the objective.
pub(super) fn pairing(scope: &Scope, p: &Piece) -> Option<String> {
    let q = scope.quantity(scope.find(&p.name, usize::from(p.letter.is_some()))?);
    let shape = scope.unifier.resolve_shape(&q.shape);
    let bar = key(&adjoint(&p.name), p.letter.as_ref());
    let formula = print(&p.formula, p.formula.root, Syntax::Plain);
    let product = if shape.is_scalar() {
        format!("{bar} * ({formula})")
    } else if shape.cols.is_one() {
        format!("{bar}' ({formula})")
    } else {
        format!("tr({bar}' ({formula}))")
    };
    Some(match (&p.letter, q.ranges.first()) {
        (Some(letter), Some(range)) => format!("sum_{{{letter}=1}}^{{{}}} ({product})", scope.unifier.show(range)),
        _ => product,
    })
}
