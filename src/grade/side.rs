//! One side of a claim as values, in every reading that is allowed.

use super::session::Session;
use crate::dimension::{Poly, Shape};
use crate::lower::Lowering;
use crate::shape::{Surroundings, infer_settled};
use crate::syntax::{Kind, Name, Syntax, Tree};
use crate::tensor::Value;
use crate::text::{Code, Diagnostic};

/// What the other side says of this one.
#[derive(Clone, Debug, Default)]
pub(super) struct Hint {
    pub(super) letters: Vec<(Name, Poly)>,
    pub(super) shape: Option<Shape>,
}

/// A value of a side.
#[derive(Clone, Debug)]
pub(super) struct Reading {
    pub(super) value: Value,
    pub(super) shape: Shape,
    pub(super) letters: Vec<(Name, Poly)>,
    /// Whether derivatives were taken along paths.
    pub(super) path: bool,
    /// Whether named quantities were held fixed in derivatives.
    pub(super) partial: bool,
    /// Whether this is the number zero.
    pub(super) zero: bool,
}

impl Reading {
    pub(super) fn hint(&self) -> Hint {
        Hint { letters: self.letters.clone(), shape: Some(self.shape.clone()) }
    }
}

impl Session {
    /// Every reading of a formula; the first is the plainest.
    ///
    /// # Errors
    /// Where none can be made.
    pub(super) fn side(&mut self, text: &str, syntax: Syntax, hint: &Hint) -> Result<(Tree, Vec<Reading>), Diagnostic> {
        let mut tree = self.parse(text, syntax)?;
        let mut first_error = None;
        for _ in 0..4 {
            let (readings, error) = self.readings(&tree, hint);
            if !readings.is_empty() {
                return Ok((tree, readings));
            }
            match error {
                Some(d) if d.code == Code::UNKNOWN_SYMBOL && self.other_case(text, &d) => {
                    tree = self.parse(text, syntax)?
                }
                other => {
                    first_error = other;
                    break;
                }
            }
        }
        Err(first_error
            .unwrap_or_else(|| Diagnostic::new(Code::UNSUPPORTED, tree.span(tree.root), "this has no reading")))
    }

    /// The readings of a tree, and the first reason why one could not be made.
    pub(super) fn readings(&mut self, tree: &Tree, hint: &Hint) -> (Vec<Reading>, Option<Diagnostic>) {
        let (mut readings, mut error): (Vec<Reading>, Option<Diagnostic>) = (Vec::new(), None);
        let plain = !has_derivative(tree);
        let prepared = self.prepared(tree);
        for mode in self.modes(adds_paths(&prepared)) {
            self.stands = 0;
            let mut resolved = prepared.clone();
            let root = resolved.root;
            let result = self.resolve(&mut resolved, root, mode).and_then(|()| self.value(&resolved, hint));
            match result {
                Ok((value, shape, letters)) => {
                    let known = readings.iter().any(|r| r.value == value && r.shape == shape);
                    if !known {
                        let zero = matches!(resolved.kind(resolved.root), Kind::Number(n) if n.is_zero());
                        readings.push(Reading { value, shape, letters, path: mode.path, partial: mode.local, zero });
                    }
                }
                Err(d) => error = error.or(Some(d)),
            }
            if plain {
                break;
            }
        }
        (readings, error)
    }

    /// The value of a tree without derivatives.
    pub(super) fn value(&mut self, tree: &Tree, hint: &Hint) -> Result<(Value, Shape, Vec<(Name, Poly)>), Diagnostic> {
        let around =
            Surroundings { letters: hint.letters.clone(), expected: hint.shape.clone(), ..Surroundings::default() };
        let before = self.scope.unifier.clone();
        let mut grouped = tree.clone();
        let inferred = match infer_settled(&mut grouped, &mut self.scope, &around) {
            Ok(inferred) => inferred,
            Err(d) => {
                self.scope.unifier = before.clone();
                let other = (d.code == Code::SUM_SHAPE_MISMATCH).then(|| self.widened(tree, &around)).flatten();
                let Some((mut wide, said)) = other else { return Err(d) };
                let Ok(inferred) = infer_settled(&mut wide, &mut self.scope, &around) else {
                    self.scope.unifier = before;
                    return Err(d);
                };
                said.into_iter().for_each(|s| self.note(s));
                grouped = wide;
                inferred
            }
        };
        let (tree, typed) = (&grouped, inferred.typed);
        if let Some(id) = typed.open_shape(tree, &self.scope.unifier) {
            return Err(Diagnostic::new(
                Code::UNKNOWN_DIMENSION,
                tree.span(id),
                "the size of this cannot be determined",
            ));
        }
        let mut lowering =
            Lowering { scope: &self.scope, store: &mut self.store, quantities: &mut self.quantities, marked: None };
        let value = lowering.lower(tree, &typed)?;
        if self.store.is_exceeded() {
            return Err(Diagnostic::new(
                Code::TOO_LARGE,
                tree.span(tree.root),
                "the formula needs more nodes than the limit",
            ));
        }
        let shape = self.scope.unifier.resolve_shape(typed.shape(tree.root));
        let letters = typed.free.iter().map(|(l, r)| (l.clone(), self.scope.unifier.resolve(r))).collect();
        Ok((value, shape, letters))
    }
}

/// Whether a derivative is written somewhere in a tree.
pub(super) fn has_derivative(tree: &Tree) -> bool {
    fn visit(tree: &Tree, id: crate::syntax::ExprId) -> bool {
        matches!(tree.kind(id), Kind::Derivative { .. } | Kind::Differential(_))
            || tree.children(id).iter().any(|c| visit(tree, *c))
    }
    visit(tree, tree.root)
}

/// Whether a formula adds products of two derivatives: the paths from one quantity to another.
fn adds_paths(tree: &Tree) -> bool {
    fn terms(tree: &Tree, id: crate::syntax::ExprId) -> usize {
        match tree.as_apply(id) {
            Some((op, [a, b])) if *op == crate::operator::ADD => terms(tree, *a) + terms(tree, *b),
            _ => {
                let derivative = |f: &crate::syntax::ExprId| matches!(tree.kind(*f), Kind::Derivative { .. });
                usize::from(super::occurrence::factors(tree, id).iter().any(derivative))
            }
        }
    }
    terms(tree, tree.root) > 1
}
