//! Derivatives of what is no scalar: df is brought into the form J dx, of matrices into Σ A dX B, whose vec is
//! Σ (Bᵀ ⊗ A) vec dX.

use super::rule::{Rules, Term};
use super::setup::Setup;
use crate::dimension::Shape;
use crate::operator;
use crate::shape::QuantityId;
use crate::syntax::{ExprId, Kind};
use crate::tensor::Value;

/// Rounds at most, and terms on a line.
const ROUNDS: usize = 40;
const TERMS: usize = 24;

/// left · d part · right, or left · (d part)ᵀ · right.
#[derive(Clone, Debug)]
struct Sided {
    left: Option<ExprId>,
    part: ExprId,
    right: Option<ExprId>,
    turned: bool,
}

const NO_FORM: &str = "a term of it cannot be brought into the form J dx in matrix notation";

impl Setup {
    /// The derivative of an expression on the sheet that is called `name`, step by step.
    pub(super) fn jacobian(
        &mut self,
        name: &str,
        root: ExprId,
        wrt: QuantityId,
        whole: &Value,
    ) -> Result<ExprId, &'static str> {
        if !(Rules { sheet: &mut self.sheet, wrt, nodes: &[] }).varies(root) {
            return Err("it does not depend on the variable");
        }
        let mut terms = vec![Sided { left: None, part: root, right: None, turned: false }];
        let mut names = Vec::new();
        for _ in 0..ROUNDS {
            let mut next = Vec::new();
            let curved = terms.iter().all(|t| self.is_settled(t, wrt) || !self.is_linear(t, wrt));
            for term in std::mem::take(&mut terms) {
                // Linearity first, all at once; then the other rules.
                if self.is_settled(&term, wrt) || !curved && !self.is_linear(&term, wrt) {
                    next.push(term);
                    continue;
                }
                self.opened(&term, wrt, &mut next, &mut names)?;
            }
            if next.len() > TERMS {
                return Err("it has too many terms to be shown line by line");
            }
            terms = next;
            let settled = terms.iter().all(|t| self.is_settled(t, wrt));
            let more = terms.iter().any(|t| !self.is_settled(t, wrt) && self.is_linear(t, wrt));
            if !more || settled {
                let line = self.sided_line(&terms);
                self.add_of(name, &names.join(", "), line, whole);
                names.clear();
            }
            if settled {
                return self.read_off(name, &terms, whole);
            }
        }
        Err("it is nested too deeply to be shown line by line")
    }

    fn is_settled(&self, term: &Sided, wrt: QuantityId) -> bool {
        self.is_variable(term.part, wrt)
    }

    fn is_linear(&mut self, term: &Sided, wrt: QuantityId) -> bool {
        let probe = self.probe(term.part);
        (Rules { sheet: &mut self.sheet, wrt, nodes: &[] }).expand(&probe).is_some_and(|e| e.linear)
    }

    /// A term whose adjoint does not matter.
    fn probe(&mut self, part: ExprId) -> Term {
        let shape = self.sheet.shape(part).clone();
        let adjoint = self.sheet.ones(&shape);
        Term { part, adjoint, binders: Vec::new() }
    }

    /// The terms that a term's differential is taken apart into.
    fn opened(
        &mut self,
        term: &Sided,
        wrt: QuantityId,
        next: &mut Vec<Sided>,
        names: &mut Vec<&'static str>,
    ) -> Result<(), &'static str> {
        const NO_RULE: &str = "it has an operation for whose differential there is no rule in matrix notation";
        // d softmax(a) = (diag(p) − p pᵀ) da
        if let Some((op, &[a])) = self.sheet.tree.as_apply(term.part)
            && op == &operator::SOFTMAX
            && self.sheet.shape(a).cols.is_one()
            && !term.turned
        {
            let p = term.part;
            let (diagonal, turned) = (self.sheet.diagonal(p), self.sheet.transposed(p));
            let outer = self.sheet.times(p, turned);
            let minus = self.sheet.negative(outer);
            let middle = self.sheet.sum(&[diagonal, minus]);
            let left = self.joined(term.left, Some(middle));
            note(names, "differential of softmax");
            next.push(Sided { left, part: a, ..term.clone() });
            return Ok(());
        }
        let probe = self.probe(term.part);
        let expanded = (Rules { sheet: &mut self.sheet, wrt, nodes: &[] }).expand(&probe).ok_or(NO_RULE)?;
        note(names, expanded.rule);
        for piece in expanded.pieces {
            if !piece.term.binders.is_empty() {
                return Err(NO_FORM);
            }
            if term.turned {
                let shown = self.sheet.transposed(piece.shown);
                let around = Sided { left: term.left, part: term.part, right: term.right, turned: false };
                next.push(self.sided(&around, shown).ok_or(NO_FORM)?);
            } else {
                next.push(self.sided(term, piece.shown).ok_or(NO_FORM)?);
            }
        }
        Ok(())
    }

    fn joined(&mut self, a: Option<ExprId>, b: Option<ExprId>) -> Option<ExprId> {
        match (a, b) {
            (Some(a), Some(b)) => Some(self.sheet.times(a, b)),
            (one, None) | (None, one) => one,
        }
    }

    /// left · shown · right with the differential in `shown` as its middle.
    fn sided(&mut self, around: &Sided, shown: ExprId) -> Option<Sided> {
        let here = Sided { left: around.left, part: shown, right: around.right, turned: false };
        match self.sheet.tree.kind(shown).clone() {
            Kind::Differential(part) => return Some(self.without_rows(Sided { part, ..here })),
            Kind::Apply { operator: op, arguments } => match (op, arguments.as_slice()) {
                (op, &[a]) if op == &operator::TRANSPOSE => {
                    let Kind::Differential(part) = *self.sheet.tree.kind(a) else { return None };
                    return Some(self.without_rows(Sided { part, turned: true, ..here }));
                }
                (op, &[a, b]) if op == &operator::HADAMARD || op == &operator::HADAMARD_DIVIDE => {
                    if !self.sheet.shape(shown).cols.is_one() {
                        return None;
                    }
                    let (d, weight) = if self.moves(a) { (a, b) } else { (b, a) };
                    if op == &operator::HADAMARD_DIVIDE && d != a {
                        return None;
                    }
                    let weight = if op == &operator::HADAMARD_DIVIDE {
                        let shape = self.sheet.shape(weight).clone();
                        let ones = self.sheet.ones(&shape);
                        self.sheet.entrywise_quotient(ones, weight)
                    } else {
                        weight
                    };
                    let diagonal = self.sheet.diagonal(weight);
                    let left = self.joined(around.left, Some(diagonal));
                    return self.sided(&Sided { left, ..here }, d);
                }
                (op, &[a]) if op == &operator::SUM => {
                    let shape = self.sheet.shape(a).clone();
                    if !shape.cols.is_one() {
                        return None;
                    }
                    let ones = self.sheet.ones(&shape);
                    let row = self.sheet.transposed(ones);
                    let left = self.joined(around.left, around.right);
                    let left = self.joined(left, Some(row));
                    return self.sided(&Sided { left, right: None, ..here }, a);
                }
                _ => {}
            },
            _ => {}
        }
        let mut p = self.sheet.take_wholly_apart(shown);
        if p.over.iter().any(|f| self.moves(*f)) {
            return None;
        }
        if let Some(at) = p.factors.iter().position(|f| self.moves(*f)) {
            let after = p.factors.split_off(at + 1);
            let d = p.factors.pop()?;
            let before = self.sheet.build(p);
            let before = if self.is_one(before) { None } else { Some(before) };
            let after = self.sheet.chain(&after);
            let left = self.joined(around.left, before);
            let right = self.joined(after, around.right);
            if d == shown {
                return None;
            }
            return self.sided(&Sided { left, right, ..here }, d);
        }
        let at = p.scalars.iter().position(|f| self.moves(*f))?;
        let d = p.scalars.remove(at);
        if d == shown {
            return None;
        }
        let rest = self.sheet.build(p);
        let rest = if self.is_one(rest) { None } else { Some(rest) };
        // A scalar may stand last, behind what it is multiplied with.
        let left = self.joined(around.left, rest);
        let left = self.joined(left, around.right);
        self.sided(&Sided { left, right: None, ..here }, d)
    }

    fn is_one(&self, id: ExprId) -> bool {
        matches!(self.sheet.tree.kind(id), Kind::Number(n) if n.is_one())
    }

    /// Whether there is a differential in an expression.
    fn moves(&self, id: ExprId) -> bool {
        matches!(self.sheet.tree.kind(id), Kind::Differential(_))
            || self.sheet.tree.children(id).iter().any(|c| self.moves(*c))
    }

    /// (dx)ᵀ c = cᵀ dx, and d x c = c dx where x is a scalar: nothing stands behind a differential that is no matrix.
    fn without_rows(&mut self, term: Sided) -> Sided {
        let shape = self.sheet.shape(term.part).clone();
        if shape.is_matrix() {
            return term;
        }
        match term.right {
            Some(right) if term.turned && shape.cols.is_one() && self.sheet.shape(right).cols.is_one() => {
                let row = self.sheet.transposed(right);
                let left = self.joined(term.left, Some(row));
                Sided { left, right: None, turned: false, ..term }
            }
            Some(right) if shape.is_scalar() => {
                let left = self.joined(term.left, Some(right));
                Sided { left, right: None, turned: false, ..term }
            }
            _ => term,
        }
    }

    fn sided_line(&mut self, terms: &[Sided]) -> ExprId {
        let all: Vec<ExprId> = terms
            .iter()
            .map(|t| {
                let mut d = self.sheet.differential(t.part);
                if t.turned {
                    d = self.sheet.transposed(d);
                }
                let with = self.joined(t.left, Some(d));
                let with = self.joined(with, t.right);
                with.unwrap_or(d)
            })
            .collect();
        self.sheet.sum(&all)
    }

    /// J, where every term ends with the differential of the variable.
    fn read_off(&mut self, name: &str, terms: &[Sided], whole: &Value) -> Result<ExprId, &'static str> {
        let variable = terms.first().map(|t| t.part).ok_or(NO_FORM)?;
        let shape = self.sheet.shape(variable).clone();
        if !shape.is_matrix() {
            if terms.iter().any(|t| t.right.is_some() || t.turned) {
                return Err(NO_FORM);
            }
            let mut all = Vec::new();
            for t in terms {
                let n = &shape.rows;
                let left = match t.left {
                    // A number alone stands for its multiple of the identity.
                    Some(l) if self.sheet.is_scalar(l) && !shape.is_scalar() => {
                        let i = self.sheet.identity(n);
                        self.sheet.times(l, i)
                    }
                    Some(l) => l,
                    None if shape.is_scalar() => self.sheet.integer(1),
                    None => self.sheet.identity(n),
                };
                all.push(left);
            }
            let factor = self.sheet.sum(&all);
            if terms.len() > 1 {
                let d = self.sheet.differential(variable);
                let line = self.sheet.times(factor, d);
                self.add_of(name, "collected before the differential", line, whole);
            }
            return Ok(factor);
        }
        let mut all = Vec::new();
        for t in terms {
            let (rows, cols) = if t.turned { (&shape.cols, &shape.rows) } else { (&shape.rows, &shape.cols) };
            let mut scale = None;
            let side = |this: &mut Self, e: Option<ExprId>, n, scale: &mut Option<ExprId>| match e {
                Some(e) if this.sheet.is_scalar(e) => {
                    *scale = this.joined(*scale, Some(e));
                    this.sheet.identity(n)
                }
                Some(e) => e,
                None => this.sheet.identity(n),
            };
            let left = side(self, t.left, rows, &mut scale);
            let right = side(self, t.right, cols, &mut scale);
            let right = self.sheet.transposed(right);
            let mut factor = self.sheet.kronecker(right, left);
            if t.turned {
                let (m, n) = (self.sheet.size(&shape.rows), self.sheet.size(&shape.cols));
                let size = shape.rows.mul(&shape.cols);
                let k = self.sheet.apply(&operator::COMMUTATION, &[m, n], Shape::matrix(size.clone(), size));
                factor = self.sheet.times(factor, k);
            }
            if let Some(s) = scale {
                factor = self.sheet.times(s, factor);
            }
            all.push(factor);
        }
        Ok(self.sheet.sum(&all))
    }
}

fn note(names: &mut Vec<&'static str>, name: &'static str) {
    if !names.contains(&name) {
        names.push(name);
    }
}
