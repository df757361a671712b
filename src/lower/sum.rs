//! Sums over indices and over integers, and derivatives that are written out.

use super::expression::{Frame, Lowering, Marked};
use crate::calculus;
use crate::number::Rational;
use crate::shape::{BinderReading, Index, Reading, Wrt};
use crate::syntax::{ExprId, Name};
use crate::tensor::{NodeId, Pattern, Value};
use crate::text::{Code, Diagnostic};
use smallvec::SmallVec;

impl Lowering<'_> {
    pub(super) fn sum(&mut self, f: &Frame<'_>, id: ExprId, body: ExprId) -> Result<Value, Diagnostic> {
        let Reading::Sum(binders) = f.typed.reading(id) else {
            return Err(Diagnostic::new(Code::INTERNAL, f.tree.span(id), "a sum without its ranges"));
        };
        let mut value = self.expression(f, body)?;
        for b in binders.iter().rev() {
            value = match b {
                BinderReading::Integer { variable, lower, upper } => {
                    let (lower, upper) = (self.scope.unifier.resolve(lower), self.scope.unifier.resolve(upper));
                    let node = self.store.range_sum(*variable, &lower, &upper, value.node);
                    value.with(node)
                }
                BinderReading::Axis { letter, range, part, except } => {
                    let range = self.scope.unifier.resolve(range);
                    let dim = self.store.dim(&range);
                    let mut summed = value;
                    if let Some((lower, upper)) = part {
                        let (lower, upper) = (self.scope.unifier.resolve(lower), self.scope.unifier.resolve(upper));
                        let mask = self.store.pattern(Pattern::Range { dim, lower, upper });
                        let mask = Value { free: SmallVec::from_iter([letter.clone()]), ..Value::scalar(mask) };
                        summed = self.store.times(&mask, &summed);
                    }
                    for e in except {
                        let here = self.delta([&Index::Letter(letter.clone()), e], Some(&range))?;
                        let skipped = self.store.times(&here, &summed);
                        summed = self.store.plus(&summed, &Rational::MINUS_ONE, &skipped);
                    }
                    match self.store.sum_over(&summed, letter) {
                        Some(v) => v,
                        None => {
                            let count = self.integer(&range);
                            self.store.times(&count, &summed)
                        }
                    }
                }
            };
        }
        Ok(value)
    }

    /// A derivative written inside a formula is replaced by the derived one.
    pub(super) fn written_derivative(
        &mut self,
        f: &Frame<'_>,
        id: ExprId,
        of: ExprId,
        wrt: &[ExprId],
    ) -> Result<Value, Diagnostic> {
        let Reading::Derivative(by) = f.typed.reading(id) else {
            return Err(Diagnostic::new(Code::INTERNAL, f.tree.span(id), "a derivative without a variable"));
        };
        let mut value = self.differentiand(f, of, by, wrt)?;
        for w in by {
            value = self.by(f, id, &value, w)?;
        }
        self.marked = None;
        Ok(value)
    }

    /// What is differentiated; where it is by a subexpression, with that kept apart.
    fn differentiand(&mut self, f: &Frame<'_>, of: ExprId, by: &[Wrt], wrt: &[ExprId]) -> Result<Value, Diagnostic> {
        if let Some(position) = by.iter().position(|w| matches!(w, Wrt::Expression(_))) {
            let id = wrt.get(position).copied().unwrap_or(of);
            self.marked = Some(Marked { tree: f.tree.clone(), id, node: None, value: None });
        }
        self.expression(f, of)
    }

    fn by(&mut self, f: &Frame<'_>, id: ExprId, value: &Value, wrt: &Wrt) -> Result<Value, Diagnostic> {
        match wrt {
            Wrt::Quantity { quantity, indices, transposed } => {
                let target = self.tensor(*quantity)?;
                let derivative = calculus::derivative(self.store, value.node, target);
                let q = self.scope.quantity(*quantity);
                let letters: Vec<Option<Name>> =
                    indices.iter().map(|i| if let Index::Letter(l) = i { Some(l.clone()) } else { None }).collect();
                if letters.iter().any(Option::is_none) || letters.len() < q.letters.len() {
                    return Err(Diagnostic::new(
                        Code::UNSUPPORTED,
                        f.tree.span(id),
                        "a derivative by this element cannot stand inside a formula",
                    ));
                }
                let letters: Vec<Name> = letters.into_iter().flatten().collect();
                Ok(self.shaped_derivative(value, derivative, &letters, *transposed))
            }
            Wrt::Expression(_) => {
                // Kept for the next order: ∇² has the same variable twice.
                let Some(target) = self.marked.as_ref().and_then(|m| m.value.clone()) else {
                    return Err(Diagnostic::new(
                        Code::NOT_IN_OBJECTIVE,
                        f.tree.span(id),
                        "what this is differentiated by does not occur in it",
                    ));
                };
                let derivative = calculus::derivative(self.store, value.node, target.node);
                Ok(self.shaped_derivative(value, derivative, &target.free.clone(), false))
            }
        }
    }

    /// A derivative with the output's free indices and the variable's, and as rows and columns: the variable's for a
    /// scalar output, the output's for a scalar variable, output by variable for two vectors.
    pub fn shaped_derivative(
        &mut self,
        output: &Value,
        derivative: NodeId,
        letters: &[Name],
        transposed: bool,
    ) -> Value {
        let rank = self.store.rank(derivative);
        let out_axes = self.store.rank(output.node);
        let own_axes = rank - out_axes - letters.len();
        // Order now: output's free, output's row and column, the variable's letters, the variable's rows and columns.
        let free_out = output.free.len();
        let mut names: Vec<Name> = output.free.to_vec();
        let sides_out = out_axes - free_out;
        let row_col: Vec<usize> = (free_out..out_axes).chain(rank - own_axes..rank).collect();
        let letter_axes: Vec<usize> = (out_axes..out_axes + letters.len()).collect();
        names.extend(letters.iter().cloned());
        let order: Vec<usize> = (0..free_out).chain(letter_axes).chain(row_col).collect();
        let node = self.store.permute(derivative, &order);
        let labelled = self.merge_letters(node, &names);
        let sides = sides_out + own_axes;
        let (row, col) = match (sides_out, own_axes) {
            (0, 0) => (false, false),
            (0, 1) => (true, false),
            (_, 0) => (output.row, output.col),
            _ => (sides >= 1, sides >= 2),
        };
        let value = Value { row, col, ..labelled };
        if transposed { self.store.transposed(&value) } else { value }
    }

    /// Gives the first axes of a node their letters; a letter that stands twice takes the diagonal.
    fn merge_letters(&mut self, node: NodeId, names: &[Name]) -> Value {
        let axes = self.store.axes(node).clone();
        let rest: Vec<Name> = (names.len()..axes.len()).map(|i| Name::from(format!("\u{1}{i}"))).collect();
        let all: Vec<Name> = names.iter().cloned().chain(rest.iter().cloned()).collect();
        let value = self.store.indexed(node, &all);
        let free: SmallVec<[Name; 2]> = value.free.iter().filter(|l| !rest.contains(l)).cloned().collect();
        Value { free, ..value }
    }
}
