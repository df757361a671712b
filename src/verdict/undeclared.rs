//! Symbols that nobody declared: which are taken by convention, and which are more likely a slip.

use crate::dimension::Shape;
use crate::operator;
use crate::shape::{
    Body, Convention, Inferred, OneIndex, Quantity, Scope, Surroundings, declare_by_convention, declare_differentials,
    infer_settled, stands_bare,
};
use crate::syntax::{ExprId, Kind, Name, Tree};
use crate::text::{Code, Diagnostic, Span};

/// Numbers beside inner products in one formula.
const OFFSETS: usize = 4;

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

/// The letters that stand as indices in what is differentiated by.
fn index_letters(tree: &Tree) -> Vec<Name> {
    let indices = tree.ids().flat_map(|id| match tree.kind(id) {
        Kind::Subscript { indices, .. } => indices.clone(),
        _ => Default::default(),
    });
    let letters = indices.filter_map(|i| match tree.kind(i) {
        Kind::Symbol(name) => Some(name.clone()),
        _ => None,
    });
    letters.collect()
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
/// for matrices alone, then as whatever fits. What is added to an inner product is a number: the `b` of `wᵀx + b`.
pub(super) fn by_convention(
    scope: &mut Scope,
    objective: &mut Tree,
    variables: &[Tree],
    candidate: Option<&Tree>,
    equation: bool,
) -> Result<Inferred, Diagnostic> {
    let mut fit = first_fitting(scope, objective, variables, candidate, equation)?;
    for _ in 0..OFFSETS {
        let Some(name) = offset(&fit.tree, &fit.inferred, scope) else { break };
        let mut other = scope.clone();
        other.declare(number(name));
        let Ok(found) = first_fitting(&other, objective, variables, candidate, equation) else { break };
        (*scope, fit) = (other, found);
    }
    (*objective, *scope) = (fit.tree, fit.scope);
    Ok(fit.inferred)
}

/// A reading of an objective that fits, with the declarations by which it does.
struct Fit {
    tree: Tree,
    scope: Scope,
    inferred: Inferred,
}

fn number(name: Name) -> Quantity {
    let (letters, ranges) = (Vec::new(), Vec::new());
    Quantity { name, letters, ranges, shape: Shape::scalar(), properties: Vec::new(), body: Body::Variable }
}

/// An undeclared symbol that stands as a term beside an inner product, where something had to be assumed to add them.
fn offset(tree: &Tree, found: &Inferred, scope: &Scope) -> Option<Name> {
    if found.assumed.is_empty() {
        return None;
    }
    let is_scalar = |id: ExprId| found.typed.shape(id).is_scalar();
    let is_number = |name: &Name| !scope.names.contains(name) && !is_turned(tree, name);
    tree.ids().find_map(|id| {
        let (op, &[a, b]) = tree.as_apply(id)? else { return None };
        if op != &operator::ADD {
            return None;
        }
        [(a, b), (b, a)].into_iter().find_map(|(term, beside)| match tree.kind(unsigned(tree, term)) {
            Kind::Symbol(name) if is_number(name) && is_scalar(beside) => {
                has_inner_product(tree, beside).then(|| name.clone())
            }
            _ => None,
        })
    })
}

/// Whether a symbol is transposed somewhere, as nobody writes of a number.
fn is_turned(tree: &Tree, name: &Name) -> bool {
    tree.ids().any(|id| match tree.as_apply(id) {
        Some((op, &[of])) if op == &operator::TRANSPOSE => matches!(tree.kind(of), Kind::Symbol(n) if n == name),
        _ => false,
    })
}

fn unsigned(tree: &Tree, id: ExprId) -> ExprId {
    match tree.as_apply(id) {
        Some((op, &[of])) if op == &operator::NEGATE => of,
        _ => id,
    }
}

/// Whether a term of a scalar is the product of a row and a column.
fn has_inner_product(tree: &Tree, id: ExprId) -> bool {
    match tree.as_apply(id) {
        Some((op, of)) if [&operator::ADD, &operator::NEGATE, &operator::MULTIPLY].contains(&op) => {
            of.iter().any(|o| has_inner_product(tree, *o))
        }
        Some((op, _)) => [&operator::TRANSPOSE, &operator::INNER].contains(&op),
        None => false,
    }
}

fn first_fitting(
    scope: &Scope,
    objective: &Tree,
    variables: &[Tree],
    candidate: Option<&Tree>,
    equation: bool,
) -> Result<Fit, Diagnostic> {
    // By x_k: Σ_{i=1}^{k} ends at that index, unless the objective has it as a size or a number.
    let letters: Vec<Name> = variables.iter().flat_map(index_letters).filter(|l| !stands_bare(objective, l)).collect();
    let trees: Vec<&Tree> = std::iter::once(objective).chain(variables).chain(candidate).collect();
    let mut tree = objective.clone();
    let mut first_error = None;
    use OneIndex::{Entry, Member};
    for (one_index, strict) in [(Entry, true), (Member, true), (Entry, false), (Member, false)] {
        let mut attempt = scope.clone();
        declare_by_convention(&trees, &letters, &mut attempt, Convention { one_index, strict });
        if equation {
            declare_differentials(&trees, &mut attempt);
        }
        match infer_settled(&mut tree, &mut attempt, &Surroundings::default()) {
            Ok(inferred) => return Ok(Fit { tree, scope: attempt, inferred }),
            Err(d) => first_error = first_error.or(Some(d)),
        }
    }
    Err(first_error.unwrap_or_else(|| Diagnostic::new(Code::INTERNAL, Span::default(), "no reading was tried")))
}
