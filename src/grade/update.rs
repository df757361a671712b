//! Update rules: `θ := θ − …`.

use super::walk::Walk;
use crate::document::Chain;
use crate::syntax::parse_declared;

impl Walk<'_> {
    /// `θ := θ − …`, `W = W − (step) …`: a declared symbol made from itself.
    pub(super) fn is_update(&mut self, chain: &Chain) -> bool {
        let compact = |s: &str| s.chars().filter(|c| !c.is_whitespace()).collect::<String>();
        let [head, body, ..] = chain.pieces.as_slice() else { return false };
        let (name, rest) = (compact(&head.text), compact(&body.text));
        let after = rest.strip_prefix(name.as_str()).and_then(|r| r.chars().next());
        let is_symbol = parse_declared(&head.text).is_ok_and(|d| self.session.scope.names.contains(&d.whole));
        is_symbol && !name.is_empty() && matches!(after, Some('+' | '-' | '−'))
    }
}
