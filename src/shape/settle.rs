//! Readings that only the shapes can settle. A formula is read from the left and by its signs, and that reading stands
//! wherever it fits. Where it does not, what people write has one other meaning:
//!
//! - `a ⊙ W b` is a ⊙ (W b): an entrywise or Kronecker sign may take more of the factors beside it, first the whole run
//!   on its right, then fewer;
//! - `x · y` of two vectors is their inner product;
//! - `|x|^2` of a vector is the square of its length;
//! - `wᵀ X_{i,:}` takes the row of X as a column, as all rows in the formula then are;
//! - `tanh(z)^2` is the entrywise square where there is no other, as `z` is not square.
//!
//! What was settled so is said in the assumptions.

use super::Scope;
use super::grouping::groupings;
use super::infer::{Inferred, Surroundings, infer_with};
use crate::operator;
use crate::syntax::{ExprId, Kind, NameKind, Syntax, Tree, print};
use crate::text::{Code, Diagnostic, Span};

/// Places that are read otherwise in one formula, and readings tried in all.
const PLACES: usize = 8;
const ATTEMPTS: usize = 48;

/// Infers shapes as [`infer_with`]; where a formula does not fit as it was read, the first other reading that does takes
/// its place in the tree, and the assumptions say so.
///
/// # Errors
/// The diagnostic of the first reading, where no other fits.
pub fn infer_settled(tree: &mut Tree, scope: &mut Scope, around: &Surroundings) -> Result<Inferred, Diagnostic> {
    // What was known before is kept only where there is something to read otherwise.
    let Some(before) = has_another_reading(tree).then(|| scope.unifier.clone()) else {
        return infer_with(tree, scope, around);
    };
    let error = match infer_with(tree, scope, around) {
        Ok(inferred) if !is_turned(tree, scope, &inferred, around) => return Ok(inferred),
        Ok(inferred) => {
            let after = std::mem::replace(&mut scope.unifier, before);
            if let Some((settled, other)) = rows_as_columns(tree, scope, around) {
                *tree = settled;
                return Ok(other);
            }
            scope.unifier = after;
            return Ok(inferred);
        }
        Err(d) => d,
    };
    let after = std::mem::replace(&mut scope.unifier, before.clone());
    if let Some((settled, inferred)) = rows_as_columns(tree, scope, around) {
        *tree = settled;
        return Ok(inferred);
    }
    scope.unifier = before;
    if let Some((settled, inferred)) = settle(tree, scope, around, &error) {
        *tree = settled;
        return Ok(inferred);
    }
    scope.unifier = after;
    Err(error)
}

fn has_another_reading(tree: &Tree) -> bool {
    let open = [&operator::POWER, &operator::HADAMARD, &operator::KRONECKER];
    tree.ids()
        .any(|id| tree.as_apply(id).is_some_and(|(op, _)| open.contains(&op)) || is_row(tree, id) || tree.is_dotted(id))
}

/// `X_{i,:}`
fn is_row(tree: &Tree, id: ExprId) -> bool {
    let Kind::Subscript { base, indices } = tree.kind(id) else { return false };
    let [first, second] = indices.as_slice() else { return false };
    matches!(tree.kind(*base), Kind::Symbol(_))
        && matches!(tree.kind(*second), Kind::Slice)
        && !matches!(tree.kind(*first), Kind::Slice)
}

/// Whether a formula with rows of matrices is a row where a column is expected.
fn is_turned(tree: &Tree, scope: &Scope, inferred: &Inferred, around: &Surroundings) -> bool {
    let Some(expected) = &around.expected else { return false };
    let shape = scope.unifier.resolve_shape(inferred.typed.shape(tree.root));
    let is_row_vector = shape.tensor.is_none() && shape.rows.is_one() && !shape.cols.is_one();
    is_row_vector && expected.cols.is_one() && expected.rows == shape.cols && tree.ids().any(|id| is_row(tree, id))
}

/// The formula with the rows of its matrices as columns, where it fits so.
fn rows_as_columns(tree: &Tree, scope: &mut Scope, around: &Surroundings) -> Option<(Tree, Inferred)> {
    // A family's members are columns already.
    let rows: Vec<ExprId> = tree
        .ids()
        .filter(|id| is_row(tree, *id))
        .filter(|id| match tree.kind(tree.children(*id)[0]) {
            Kind::Symbol(name) => !scope.names.is(name, NameKind::Family),
            _ => false,
        })
        .collect();
    let first = print(tree, *rows.first()?, Syntax::Plain);
    let mut turned = tree.clone();
    for id in turned.ids() {
        match turned.as_apply(id) {
            Some((op, [row])) if op == &operator::TRANSPOSE && rows.contains(row) => {
                let kind = tree.kind(*row).clone();
                turned.set_kind(id, kind);
            }
            _ => {}
        }
    }
    let unturned: Vec<ExprId> = rows
        .iter()
        .copied()
        .filter(|row| {
            !tree.ids().any(|id| tree.as_apply(id).is_some_and(|(op, of)| op == &operator::TRANSPOSE && of == [*row]))
        })
        .collect();
    for row in unturned {
        let inner = turned.push(tree.kind(row).clone(), tree.span(row));
        let arguments = [inner].into_iter().collect();
        turned.set_kind(row, Kind::Apply { operator: &operator::TRANSPOSE, arguments });
    }
    let before = scope.unifier.clone();
    match infer_with(&turned, scope, around) {
        Ok(mut inferred) if around.expected.is_none() || !is_turned(&turned, scope, &inferred, around) => {
            inferred
                .assumed
                .push(format!("a row such as {first} is taken as a column, since it does not fit as a row"));
            Some((turned, inferred))
        }
        _ => {
            scope.unifier = before;
            None
        }
    }
}

fn settle(tree: &Tree, scope: &mut Scope, around: &Surroundings, error: &Diagnostic) -> Option<(Tree, Inferred)> {
    let (mut tree, mut error) = (tree.clone(), error.clone());
    let mut said: Vec<String> = Vec::new();
    let mut attempts = 0;
    for _ in 0..PLACES {
        let others = match error.code {
            Code::BAD_EXPONENT => powers(&tree, error.span),
            Code::SHAPE_MISMATCH | Code::SUM_SHAPE_MISMATCH | Code::NOT_SQUARE => {
                let mut others: Vec<Other> = dot_product(&tree, error.span).into_iter().collect();
                if others.is_empty() {
                    others = groupings(&tree, error.span);
                }
                others
            }
            _ => return None,
        };
        let place = others.first().map(|o: &Other| o.place)?;
        let mut moved = None;
        for other in others {
            attempts += 1;
            if attempts > ATTEMPTS {
                return None;
            }
            let before = scope.unifier.clone();
            match infer_with(&other.tree, scope, around) {
                Ok(mut inferred) => {
                    said.push(other.words());
                    inferred.assumed.extend(said);
                    return Some((other.tree, inferred));
                }
                Err(d) => {
                    scope.unifier = before;
                    if moved.is_none() && !(holds(place, d.span) && d.code == error.code) {
                        moved = Some((other, d));
                    }
                }
            }
        }
        let (other, next) = moved?;
        said.push(other.words());
        (tree, error) = (other.tree, next);
    }
    None
}

/// Another reading of a formula.
pub(super) struct Other {
    pub(super) tree: Tree,
    /// The part that is read otherwise, in the new tree and in the text.
    pub(super) node: ExprId,
    pub(super) place: Span,
    pub(super) why: &'static str,
}

impl Other {
    fn words(&self) -> String {
        format!("{} {}", print(&self.tree, self.node, Syntax::Plain), self.why)
    }
}

/// What else the power at a place may be: of a length, where its base stands in single bars, or entry by entry.
fn powers(tree: &Tree, place: Span) -> Vec<Other> {
    let mut stack = vec![tree.root];
    while let Some(id) = stack.pop() {
        if let Some((op, &[base, exponent])) = tree.as_apply(id)
            && op == &operator::POWER
            && tree.span(id) == place
            && matches!(tree.kind(exponent), Kind::Number(_))
        {
            let length = tree.as_apply(base).filter(|(op, _)| *op == &operator::BARS).map(|(_, of)| {
                let arguments = of.iter().copied().collect();
                other(
                    tree,
                    base,
                    Kind::Apply { operator: &operator::NORM, arguments },
                    place,
                    "is what single bars mean around a vector",
                )
            });
            let arguments = [base, exponent].into_iter().collect();
            let entrywise = Kind::Apply { operator: &operator::HADAMARD_POWER, arguments };
            let why = "is taken entry by entry, as there is no other power of it";
            return length.into_iter().chain([other(tree, id, entrywise, place, why)]).collect();
        }
        stack.extend(tree.children(id));
    }
    Vec::new()
}

/// The product with a dot at a place as an inner product.
fn dot_product(tree: &Tree, place: Span) -> Option<Other> {
    let id = tree.ids().find(|id| tree.is_dotted(*id) && tree.span(*id) == place)?;
    let (_, of) = tree.as_apply(id)?;
    let arguments = of.iter().copied().collect();
    let why = "is what a dot between two vectors means";
    Some(other(tree, id, Kind::Apply { operator: &operator::INNER, arguments }, place, why))
}

fn other(tree: &Tree, node: ExprId, kind: Kind, place: Span, why: &'static str) -> Other {
    let mut tree = tree.clone();
    tree.set_kind(node, kind);
    Other { tree, node, place, why }
}

pub(super) fn holds(outer: Span, inner: Span) -> bool {
    outer.start <= inner.start && inner.end <= outer.end
}
