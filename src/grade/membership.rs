//! Claims of shape: `W^T W x ∈ R^n`.

use super::define::{is_plain, notation};
use super::result::ClaimVerdict;
use super::session::Session;
use super::side::Hint;
use super::walk::Walk;
use crate::syntax::Syntax;

impl Session {
    /// Whether a formula has the shape that is claimed; nothing where either cannot be read.
    pub(super) fn has_shape(&mut self, formula: &str, syntax: Syntax, set: &str) -> Option<bool> {
        let (_, readings) = self.side(formula, syntax, &Hint::default()).ok()?;
        let before = self.scope.clone();
        let claimed = self.real_space(set);
        self.scope = before;
        let claimed = claimed?;
        Some(
            readings.iter().any(|r| self.scope.unifier.show_shape(&r.shape) == self.scope.unifier.show_shape(&claimed)),
        )
    }
}

impl Walk<'_> {
    pub(super) fn membership(&mut self, c: usize, i: usize) {
        let chain = &self.document.chains[c];
        let (formula, set) = (&chain.pieces[0], &chain.pieces[i]);
        let syntax = notation(formula, is_plain(chain));
        match self.session.has_shape(&formula.text, syntax, &set.text) {
            Some(true) => self.claim(c, i, ClaimVerdict::Correct, "a shape".into(), Vec::new(), Vec::new()),
            Some(false) => self.not_judged(c, i, "a shape that differs from the declared one"),
            None => self.not_judged(c, i, "a shape that could not be read"),
        }
    }
}
