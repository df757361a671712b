//! Update rules: `θ ← θ − η ∇`, `θ = θ − …`, `θ_{t+1} = θ_t − …`.
//!
//! A step against the objective's gradient is right. Any other step may be another method's, and is listed. What follows
//! the rule in its chain says what the new value is, not what the old one was.

use super::answer::derivative_of;
use super::define::{is_plain, notation};
use super::occurrence::{depends, factors, part, rebuild, symbol};
use super::result::ClaimVerdict;
use super::side::{Hint, Reading};
use super::walk::{Side, Walk};
use crate::document::Chain;
use crate::operator;
use crate::shape::Body;
use crate::syntax::{ExprId, Kind, NameKind, Tree, parse_declared};

impl Walk<'_> {
    /// `θ := θ − …`, `W = W − (step) …`, `w_{t+1} = w_t − …`: a declared symbol made from itself.
    pub(super) fn is_update(&mut self, chain: &Chain) -> bool {
        let [head, body, ..] = chain.pieces.as_slice() else { return false };
        let (name, rest) = (compact(&head.text), compact(&body.text));
        if is_next_step(&name, &rest) {
            let base = name.split(['_', '^']).next().unwrap_or_default();
            return self.session.scope.names.is(base, NameKind::Symbol);
        }
        let after = rest.strip_prefix(name.as_str()).and_then(|r| r.chars().next());
        let is_symbol = parse_declared(&head.text).is_ok_and(|d| self.session.scope.names.contains(&d.whole));
        is_symbol && !name.is_empty() && matches!(after, Some('+' | '-' | '−'))
    }

    /// Judges or lists a rule; returns the new value, which the rest of the chain is about.
    pub(super) fn update(&mut self, c: usize, i: usize) -> Option<Side> {
        let chain = &self.document.chains[c];
        let notes = self.session.notes.len();
        if self.goes_downhill(chain, i) {
            self.claim(c, i, ClaimVerdict::Correct, "a step against the gradient".into(), Vec::new(), Vec::new());
        } else {
            self.session.notes.truncate(notes);
            self.not_judged(c, i, "an update rule");
        }
        self.read(chain, i, &Hint::default()).ok()
    }

    /// Whether a rule takes a step against the gradient of the objective, written out or not.
    fn goes_downhill(&mut self, chain: &Chain, i: usize) -> bool {
        let (old, new) = (&chain.pieces[0], &chain.pieces[i]);
        let plain = is_plain(chain);
        let (Ok(old), Ok(new)) =
            (self.session.parse(&old.text, notation(old, plain)), self.session.parse(&new.text, notation(new, plain)))
        else {
            return false;
        };
        let Some((op, [from, change])) = new.as_apply(new.root) else { return false };
        let (sum, from, change) = (*op == operator::ADD, *from, *change);
        let Some((op, [step])) = new.as_apply(change) else { return false };
        let (negative, step) = (*op == operator::NEGATE, *step);
        let objective = self.session.objective.map(|q| symbol(&self.session.scope.quantity(q).name.clone()));
        let (true, Some(objective)) = (sum && negative && new.same(from, &old, old.root), objective) else {
            return false;
        };
        if !matches!(old.kind(old.root), Kind::Symbol(_)) {
            return false;
        }
        let direction: Vec<ExprId> =
            factors(&new, step).into_iter().filter(|f| !self.is_step_size(&new, *f, &objective)).collect();
        if direction.is_empty() {
            return false;
        }
        let mut tree = part(&new, step);
        let kept: Vec<ExprId> = direction.iter().map(|f| tree.graft(&new, *f)).collect();
        let root = tree.root;
        rebuild(&mut tree, root, &kept);
        let gradient = self.session.readings(&derivative_of(&objective, &old), &Hint::default()).0;
        let hint = gradient.first().map(Reading::hint).unwrap_or_default();
        let taken = self.session.readings(&tree, &hint).0;
        self.session.compare(&gradient, &taken, ["", ""]).equal == Some(true)
    }

    /// A letter that the objective does not know: declared as a number, or not declared.
    fn is_step_size(&self, tree: &Tree, id: ExprId, objective: &Tree) -> bool {
        let Kind::Symbol(name) = tree.kind(id) else { return false };
        let scope = &self.session.scope;
        match scope.find(name, 0) {
            Some(q) => {
                let known = scope.quantity(q);
                matches!(known.body, Body::Variable) && known.shape.is_scalar() && !depends(scope, q, objective)
            }
            None => scope.named(name).is_empty() && scope.function(name).is_none(),
        }
    }
}

fn compact(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace() && !matches!(c, '{' | '}' | '(' | ')')).collect()
}

/// `w_t+1` made from `w_t`, `w_new` made from `w_old`: brackets aside.
fn is_next_step(new: &str, body: &str) -> bool {
    let Some(at) = new.find(['_', '^']) else { return false };
    let (base, index) = (&new[..=at], &new[at + 1..]);
    let Some(rest) = body.strip_prefix(base) else { return false };
    let before = match index.strip_suffix("+1") {
        Some(t) => rest.strip_prefix(t),
        None if index.contains("new") => rest.strip_prefix(index.replace("new", "old").as_str()),
        None => None,
    };
    before.is_some_and(|r| r.starts_with(['+', '-', '−']))
}
