//! Symbols that nobody declared, in definitions and properties: by the usual convention.

use super::build::{Pending, integers};
use super::declare::{about, square_needed};
use crate::dimension::Shape;
use crate::shape::{Body, Convention, OneIndex, QuantityId, Scope, declare_by_convention};
use crate::syntax::{Kind, Name, Tree};
use crate::tensor::Property;
use crate::text::{Diagnostic, Span};

/// Declares what the definitions use and resolves them, with `x_i` first as an entry, then as a member of a family.
pub(super) fn undeclared(
    pending: &[Pending],
    stated: &[(Name, Property)],
    scope: &mut Scope,
    resolve: impl Fn(Vec<Pending>, &mut Scope) -> Result<Vec<QuantityId>, Diagnostic>,
) -> Result<Vec<QuantityId>, Diagnostic> {
    // The parameters of a function are no symbols.
    let formulas = pending.iter().filter(|p| p.declared.parameters.is_empty()).map(|p| &p.tree);
    let symbols: Vec<Tree> = stated.iter().map(|(name, _)| symbol(name)).collect();
    let trees: Vec<&Tree> = formulas.chain(&symbols).collect();
    let mut first_error = None;
    for one_index in [OneIndex::Entry, OneIndex::Member] {
        let mut attempt = scope.clone();
        for (name, property) in stated {
            // A number, whatever its letter.
            if *property == Property::Integer && !attempt.names.contains(name) {
                attempt.declare_symbol(name, Shape::scalar(), Vec::new());
            }
        }
        declare_by_convention(&trees, &[], &mut attempt, Convention { one_index, strict: false });
        let resolved = give(stated, &mut attempt).and_then(|()| {
            integers(&mut attempt);
            resolve(pending.to_vec(), &mut attempt)
        });
        match resolved {
            Ok(objectives) => {
                *scope = attempt;
                return Ok(objectives);
            }
            Err(d) => first_error = first_error.or(Some(d)),
        }
    }
    Err(first_error
        .unwrap_or_else(|| Diagnostic::new(crate::text::Code::INTERNAL, Span::default(), "nothing was tried")))
}

fn symbol(name: &Name) -> Tree {
    let mut tree = Tree::new();
    tree.root = tree.push(Kind::Symbol(name.clone()), Span::default());
    tree
}

/// Gives the symbols just declared their properties.
fn give(stated: &[(Name, Property)], scope: &mut Scope) -> Result<(), Diagnostic> {
    for (name, property) in stated {
        let Some(q) = scope.find(name, 0) else { continue };
        let quantity = scope.quantity(q);
        if !matches!(quantity.body, Body::Variable) {
            continue;
        }
        if square_needed(*property) {
            let shape = quantity.shape.clone();
            if !scope.unifier.unify(&shape.rows, &shape.cols) {
                let message =
                    format!("this property needs a square matrix, and {name} is {}", scope.unifier.show_shape(&shape));
                let d = Diagnostic::new(crate::text::Code::BAD_DECLARATION, Span::default(), message);
                return Err(about(name, d));
            }
        }
        scope.quantity_mut(q).properties.push(*property);
    }
    Ok(())
}
