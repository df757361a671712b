//! Symbols that nobody declared: which are taken by convention, and which are more likely a slip.

use crate::shape::{
    Convention, Inferred, OneIndex, Scope, Surroundings, declare_by_convention, declare_differentials, infer_settled,
};
use crate::syntax::{Kind, Name, Tree};
use crate::text::{Code, Diagnostic, Span};

/// Nothing is assumed of a variable that is neither declared nor in the objective: it is most likely a slip.
pub(super) fn known_or_used(scope: &Scope, variable: &Tree, objective: &Tree) -> Result<(), Diagnostic> {
    match symbols(variable).next() {
        Some(name) if !scope.names.contains(name) && symbols(objective).all(|s| s != name) => {
            let span = variable.span(variable.root);
            let message = format!("{name} is not declared and does not stand in the objective");
            Err(Diagnostic::new(Code::UNKNOWN_SYMBOL, span, message)
                .hint(format!("differentiate by a symbol of the objective, or declare {name}")))
        }
        _ => Ok(()),
    }
}

/// Whether a differential is written.
pub(super) fn has_differential(tree: &Tree) -> bool {
    tree.ids().any(|id| matches!(tree.kind(id), Kind::Differential(_)))
}

/// The names in a tree that stand for quantities.
fn symbols(tree: &Tree) -> impl Iterator<Item = &Name> {
    let all = tree.ids();
    all.filter_map(|id| match tree.kind(id) {
        Kind::Symbol(name) => Some(name),
        _ => None,
    })
}

/// Undeclared symbols by convention: `x_i` first as an entry, then as a member of a family, and first with upper case
/// for matrices alone, then as whatever fits.
pub(super) fn by_convention(
    scope: &mut Scope,
    objective: &mut Tree,
    variables: &[Tree],
    candidate: Option<&Tree>,
    equation: bool,
) -> Result<Inferred, Diagnostic> {
    let mut first_error = None;
    use OneIndex::{Entry, Member};
    for (one_index, strict) in [(Entry, true), (Member, true), (Entry, false), (Member, false)] {
        let mut attempt = scope.clone();
        let trees: Vec<&Tree> = std::iter::once(&*objective).chain(variables).chain(candidate).collect();
        declare_by_convention(&trees, &mut attempt, Convention { one_index, strict });
        if equation {
            declare_differentials(&trees, &mut attempt);
        }
        match infer_settled(objective, &mut attempt, &Surroundings::default()) {
            Ok(inferred) => {
                *scope = attempt;
                return Ok(inferred);
            }
            Err(d) => first_error = first_error.or(Some(d)),
        }
    }
    Err(first_error.unwrap_or_else(|| Diagnostic::new(Code::INTERNAL, Span::default(), "no reading was tried")))
}
