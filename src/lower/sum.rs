//! Sums and products over indices and over integers, and derivatives that are written out.

use super::element::Side;
use super::expression::{Frame, Lowering, Marked};
use crate::calculus;
use crate::dimension::{Poly, Shape};
use crate::number::Rational;
use crate::operator;
use crate::shape::{Beside, BinderReading, Index, Reading, Wrt};
use crate::syntax::{ExprId, Kind, Name};
use crate::tensor::{Axes, Function, NodeId, Pattern, Value};
use crate::text::{Code, Diagnostic};
use smallvec::SmallVec;

impl Lowering<'_> {
    pub(super) fn sum(&mut self, f: &Frame<'_>, id: ExprId, body: ExprId) -> Result<Value, Diagnostic> {
        let value = self.expression(f, body)?;
        self.summed(f, id, value)
    }

    /// ∏ c f is cⁿ exp(Σ log f) with a c without the index: every factor is above 0 here.
    pub(super) fn product(&mut self, f: &Frame<'_>, id: ExprId, body: ExprId) -> Result<Value, Diagnostic> {
        let Some((letters, count)) = self.whole_ranges(f, id) else {
            let total = self.log_product(f, id, body)?;
            return Ok(self.store.mapped(Function::Exp, &total));
        };
        let mut parts = Vec::new();
        self.scalar_factors(f, body, false, &mut parts);
        let mut power: Option<Value> = None;
        let mut varying = Vec::new();
        for (part, divides) in parts {
            let value = self.expression(f, part)?;
            if value.free.iter().any(|l| letters.contains(l)) || self.is_exponential(f, part) {
                varying.push((part, divides));
                continue;
            }
            let value = if divides { self.store.mapped(Function::Power(Rational::MINUS_ONE), &value) } else { value };
            power = Some(match power {
                Some(p) => self.store.times(&p, &value),
                None => value,
            });
        }
        let logarithm = self.logarithm_of(f, &varying)?;
        let total = self.summed(f, id, logarithm)?;
        let exponential = self.store.mapped(Function::Exp, &total);
        let Some(power) = power else { return Ok(exponential) };
        let count = self.integer(&count);
        let power = (operator::POWER.lower)(self.store, &[power, count], &Shape::scalar())
            .map_err(|e| Diagnostic::new(e.code, f.tree.span(id), e.message))?;
        Ok(self.store.times(&power, &exponential))
    }

    /// log ∏ f
    pub(super) fn log_product(&mut self, f: &Frame<'_>, id: ExprId, body: ExprId) -> Result<Value, Diagnostic> {
        let logarithm = self.logarithm(f, body)?;
        self.summed(f, id, logarithm)
    }

    /// The indices of a product and how many factors it has, where each index runs over its whole range.
    fn whole_ranges(&self, f: &Frame<'_>, id: ExprId) -> Option<(Vec<Name>, Poly)> {
        let Reading::Sum(binders) = f.typed.reading(id) else { return None };
        let mut letters = Vec::new();
        let mut count = Poly::constant(1);
        for b in binders {
            match b {
                BinderReading::Axis { letter, range, part: None, beside, except }
                    if beside.is_empty() && except.is_empty() =>
                {
                    letters.push(letter.clone());
                    count = count.mul(&self.scope.unifier.resolve(range));
                }
                _ => return None,
            }
        }
        Some((letters, count))
    }

    fn is_exponential(&self, f: &Frame<'_>, id: ExprId) -> bool {
        f.tree.as_apply(id).is_some_and(|(op, _)| *op == operator::EXP)
    }

    /// The logarithm of a factor: of what is above 0 by its form, an exponential or a power of no integer exponent, it
    /// is taken apart; the rest stays one.
    fn logarithm(&mut self, f: &Frame<'_>, id: ExprId) -> Result<Value, Diagnostic> {
        let mut parts = Vec::new();
        self.scalar_factors(f, id, false, &mut parts);
        self.logarithm_of(f, &parts)
    }

    /// The same of factors, with whether each stands below the line.
    fn logarithm_of(&mut self, f: &Frame<'_>, parts: &[(ExprId, bool)]) -> Result<Value, Diagnostic> {
        let (mut total, mut rest): (Option<Value>, Option<Value>) = (None, None);
        for &(part, divides) in parts {
            let sign = if divides { Rational::MINUS_ONE } else { Rational::ONE };
            match self.logarithm_by_form(f, part)? {
                Some(logarithm) => {
                    let zero = Value::scalar(self.store.zero(Axes::new()));
                    total = Some(self.store.plus(&total.unwrap_or(zero), &sign, &logarithm));
                }
                None => {
                    let value = self.expression(f, part)?;
                    let value = if divides { self.store.mapped(Function::Power(sign), &value) } else { value };
                    rest = Some(match rest {
                        Some(r) => self.store.times(&r, &value),
                        None => value,
                    });
                }
            }
        }
        let rest = rest.map(|r| self.store.mapped(Function::Log, &r));
        Ok(match (total, rest) {
            (Some(t), Some(r)) => self.store.plus(&t, &Rational::ONE, &r),
            (Some(one), None) | (None, Some(one)) => one,
            (None, None) => Value::scalar(self.store.zero(Axes::new())),
        })
    }

    /// The factors of a product or quotient of scalars, and whether each stands below the line.
    fn scalar_factors(&self, f: &Frame<'_>, id: ExprId, divides: bool, out: &mut Vec<(ExprId, bool)>) {
        match f.tree.as_apply(id) {
            Some((op, [a, b]))
                if (*op == operator::MULTIPLY || *op == operator::DIVIDE)
                    && self.shape(f, *a).is_scalar()
                    && self.shape(f, *b).is_scalar() =>
            {
                self.scalar_factors(f, *a, divides, out);
                self.scalar_factors(f, *b, divides != (*op == operator::DIVIDE), out);
            }
            _ => out.push((id, divides)),
        }
    }

    fn logarithm_by_form(&mut self, f: &Frame<'_>, id: ExprId) -> Result<Option<Value>, Diagnostic> {
        match f.tree.as_apply(id) {
            Some((op, [u])) if *op == operator::EXP => Ok(Some(self.expression(f, *u)?)),
            Some((op, [base, exponent])) if *op == operator::POWER && self.shape(f, *base).is_scalar() => {
                let power = self.expression(f, *exponent)?;
                if power.integer.is_some() || self.store.as_rational(power.node).is_some() {
                    return Ok(None);
                }
                let logarithm = self.logarithm(f, *base)?;
                Ok(Some(self.store.times(&power, &logarithm)))
            }
            _ => match f.tree.kind(id) {
                Kind::Product { body, .. } => self.log_product(f, id, *body).map(Some),
                _ => Ok(None),
            },
        }
    }

    /// A value summed over the indices of the sum or product at `id`.
    fn summed(&mut self, f: &Frame<'_>, id: ExprId, mut value: Value) -> Result<Value, Diagnostic> {
        let Reading::Sum(binders) = f.typed.reading(id) else {
            return Err(Diagnostic::new(Code::INTERNAL, f.tree.span(id), "a sum without its ranges"));
        };
        for b in binders.iter().rev() {
            value = match b {
                BinderReading::Integer { variable, lower, upper } => {
                    let (lower, upper) = (self.scope.unifier.resolve(lower), self.scope.unifier.resolve(upper));
                    let node = self.store.range_sum(*variable, &lower, &upper, value.node);
                    value.with(node)
                }
                BinderReading::Axis { letter, range, part, beside, except } => {
                    let range = self.scope.unifier.resolve(range);
                    let dim = self.store.dim(&range);
                    let mut summed = value;
                    if let Some((lower, upper)) = part {
                        let (lower, upper) = (self.scope.unifier.resolve(lower), self.scope.unifier.resolve(upper));
                        let mask = self.store.pattern(Pattern::Range { dim, lower, upper });
                        let mask = Value { free: SmallVec::from_iter([letter.clone()]), ..Value::scalar(mask) };
                        summed = self.store.times(&mask, &summed);
                    }
                    for b in beside {
                        let mask = self.beside(letter, b, &range)?;
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

    /// 1 where an index stands below or above another one, as it has to, and 0 elsewhere.
    fn beside(&mut self, letter: &Name, beside: &Beside, range: &Poly) -> Result<Value, Diagnostic> {
        let dim = self.store.dim(range);
        let before = self.store.pattern(Pattern::Before { rows: dim, cols: dim });
        let (here, other) = (Index::Letter(letter.clone()), |c: i64| match c {
            0 => Index::Letter(beside.other.clone()),
            c => Index::Shifted(beside.other.clone(), Poly::constant(c)),
        });
        // j ≤ i + c is j < i + c + 1, or else not i + c < j: whichever stays inside the range.
        let (most, negated) = if beside.above { (beside.offset - 1, true) } else { (beside.offset, false) };
        let (indices, complement) =
            if most < 0 { ([here, other(most + 1)], negated) } else { ([other(most), here], !negated) };
        let mask = self.index(before, &[], &[Side::Row, Side::Column], &indices)?;
        if !complement {
            return Ok(mask);
        }
        let one = Value::scalar(self.store.one());
        Ok(self.store.plus(&one, &Rational::MINUS_ONE, &mask))
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
