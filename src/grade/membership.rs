//! Claims of shape: `W^T W x ∈ R^n`.

use super::session::Session;
use super::side::Hint;
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
