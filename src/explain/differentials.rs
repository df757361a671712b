//! By differentials: dL is taken apart from the outside, until every term ends with dX; then its factor is read off.

use super::rule::{Expanded, Rules, Term};
use super::setup::Setup;
use crate::operator;
use crate::shape::QuantityId;
use crate::syntax::{ExprId, Kind};
use crate::tensor::Value;

/// Rounds at most, and terms on a line.
const ROUNDS: usize = 40;
const TERMS: usize = 24;

/// A line's names, each once and in order.
#[derive(Default)]
struct Names(Vec<&'static str>);

impl Names {
    fn note(&mut self, name: &'static str) {
        if !self.0.contains(&name) {
            self.0.push(name);
        }
    }

    fn words(&self) -> String {
        self.0.join(", ")
    }
}

impl Setup {
    pub(super) fn differentials(&mut self, wrt: QuantityId) -> Result<(), &'static str> {
        const NO_RULE: &str = "it has an operation for whose differential there is no rule in matrix notation";
        let root = self.root;
        if !self.rules(wrt).varies(root) {
            return Err("it does not depend on the variable");
        }
        let tree = self.posed.tree.clone();
        let whole = self.vary(wrt, tree)?;
        let one = self.sheet.integer(1);
        let mut terms = vec![Term { part: self.root, adjoint: one, binders: Vec::new() }];
        let mut moves = Names::default();
        for _ in 0..ROUNDS {
            let changed = self.linear(wrt, &mut terms, &mut moves).ok_or(NO_RULE)?;
            if terms.len() > TERMS {
                return Err("it has too many terms to be shown line by line");
            }
            if changed || !moves.0.is_empty() {
                let line = self.line(&terms);
                self.add(&moves.words(), line, &whole);
            }
            if terms.iter().all(|t| self.is_variable(t.part, wrt)) {
                return self.collected(&terms, &whole);
            }
            moves = Names::default();
            let mut names = Names::default();
            let (mut shown, mut next) = (Vec::new(), Vec::new());
            for term in terms {
                if self.is_variable(term.part, wrt) {
                    shown.push(self.moved(&term));
                    next.push(term);
                    continue;
                }
                let Expanded { rule, pieces, .. } = self.rules(wrt).expand(&term).ok_or(NO_RULE)?;
                names.note(rule);
                for piece in pieces {
                    let before = self.sheet.pairing(term.adjoint, piece.shown);
                    let before = self.below(&term, before);
                    let after = self.moved(&piece.term);
                    if !self.sheet.same(before, after) {
                        moves.note(self.move_name(before, piece.shown));
                    }
                    shown.push(before);
                    next.push(piece.term);
                }
            }
            let line = self.sheet.sum(&shown);
            self.add(&names.words(), line, &whole);
            terms = next;
        }
        Err("it is nested too deeply to be shown line by line")
    }

    fn rules(&mut self, wrt: QuantityId) -> Rules<'_> {
        Rules { sheet: &mut self.sheet, wrt, nodes: &[] }
    }

    /// All that is only linearity, and definitions put in; whether there was any.
    fn linear(&mut self, wrt: QuantityId, terms: &mut Vec<Term>, names: &mut Names) -> Option<bool> {
        let mut changed = false;
        for _ in 0..ROUNDS {
            let mut more = false;
            let mut next = Vec::new();
            for term in terms.drain(..) {
                if self.is_variable(term.part, wrt) {
                    next.push(term);
                    continue;
                }
                let expanded = self.rules(wrt).expand(&term)?;
                if expanded.linear {
                    names.note(expanded.rule);
                    more = true;
                    next.extend(expanded.pieces.into_iter().map(|p| p.term));
                } else {
                    next.push(term);
                }
            }
            *terms = next;
            if !more || terms.len() > TERMS {
                break;
            }
            changed = true;
        }
        Some(changed)
    }

    /// ⟨adjoint, d part⟩ below its sums.
    fn moved(&mut self, term: &Term) -> ExprId {
        let d = self.sheet.differential(term.part);
        let pairing = self.sheet.pairing(term.adjoint, d);
        self.below(term, pairing)
    }

    pub(super) fn below(&mut self, term: &Term, mut body: ExprId) -> ExprId {
        for (binders, reading) in term.binders.iter().rev() {
            body = self.sheet.sum_over(binders, reading, body);
        }
        body
    }

    fn line(&mut self, terms: &[Term]) -> ExprId {
        let all: Vec<ExprId> = terms.iter().map(|t| self.moved(t)).collect();
        self.sheet.sum(&all)
    }

    /// What is done to bring a differential to the end of its term.
    fn move_name(&self, before: ExprId, shown: ExprId) -> &'static str {
        let inside = |op: crate::operator::Op, id: ExprId| {
            let mut stack = vec![id];
            while let Some(i) = stack.pop() {
                if self.sheet.tree.as_apply(i).is_some_and(|(o, _)| o == op) {
                    return true;
                }
                stack.extend(self.sheet.tree.children(i));
            }
            false
        };
        let turned = {
            let mut stack = vec![shown];
            let mut found = false;
            while let Some(i) = stack.pop() {
                if let Some((op, &[a])) = self.sheet.tree.as_apply(i)
                    && op == &operator::TRANSPOSE
                    && matches!(self.sheet.tree.kind(a), Kind::Differential(_))
                {
                    found = true;
                }
                stack.extend(self.sheet.tree.children(i));
            }
            found
        };
        let trace = inside(&operator::TRACE, before);
        match (turned, trace) {
            (true, true) => "transpose inside the trace",
            (true, false) => "transpose of a scalar",
            _ if inside(&operator::HADAMARD, shown) || inside(&operator::HADAMARD_DIVIDE, shown) => {
                "entrywise factors moved to the other side"
            }
            (false, true) => "trace rotation",
            (false, false) => "a scalar is its own trace",
        }
    }

    /// dL = tr(Gᵀ dX), and G.
    fn collected(&mut self, terms: &[Term], whole: &Value) -> Result<(), &'static str> {
        let Some(variable) = terms.first().map(|t| t.part) else {
            return Err("it does not depend on the variable");
        };
        let several = terms.len() > 1 || terms.iter().any(|t| !t.binders.is_empty());
        let mut factors = Vec::new();
        for t in terms {
            let below = self.below(t, t.adjoint);
            factors.push(below);
        }
        let gradient = self.sheet.sum(&factors);
        if several {
            let d = self.sheet.differential(variable);
            let line = self.sheet.pairing(gradient, d);
            self.add("collected before the differential", line, whole);
        }
        self.identify("identification", gradient);
        Ok(())
    }
}
