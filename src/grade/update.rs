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
use crate::syntax::{ExprId, Kind, NameKind, Tree, parse, parse_declared};

/// Where a rule steps to.
enum Step {
    Downhill,
    Uphill,
    Wrong,
}

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
        let named = |t: &Tree| matches!(t.kind(t.root), Kind::Symbol(n) if self.session.scope.find(n, 0).is_some());
        let is_symbol = parse_declared(&head.text).is_ok_and(|d| self.session.scope.names.contains(&d.whole))
            || parse(&head.text, notation(head, is_plain(chain)), &self.session.scope.names).is_ok_and(|t| named(&t));
        is_symbol && !name.is_empty() && matches!(after, Some('+' | '-' | '−'))
    }

    /// Judges or lists a rule; returns the new value, which the rest of the chain is about.
    pub(super) fn update(&mut self, c: usize, i: usize) -> Option<Side> {
        let chain = &self.document.chains[c];
        let notes = self.session.notes.len();
        match self.step(chain, i) {
            Some(Step::Downhill) => {
                self.claim(c, i, ClaimVerdict::Correct, "a step against the gradient".into(), Vec::new(), Vec::new());
            }
            Some(Step::Uphill) => {
                self.claim(c, i, ClaimVerdict::Correct, "a step along the gradient".into(), Vec::new(), Vec::new());
            }
            Some(Step::Wrong) => {
                let meaning = "a step by a gradient that was claimed wrongly";
                self.claim(c, i, ClaimVerdict::Carried, meaning.into(), Vec::new(), Vec::new());
            }
            None => {
                self.session.notes.truncate(notes);
                self.not_judged(c, i, "an update rule");
            }
        }
        self.read(chain, i, &Hint::default()).ok()
    }

    /// Where a rule steps to: against the gradient of the objective or along it, written out or not, or by a gradient
    /// that was claimed wrongly before.
    fn step(&mut self, chain: &Chain, i: usize) -> Option<Step> {
        let (old, new) = (&chain.pieces[0], &chain.pieces[i]);
        let plain = is_plain(chain);
        let (Ok(old), Ok(new)) =
            (self.session.parse(&old.text, notation(old, plain)), self.session.parse(&new.text, notation(new, plain)))
        else {
            return None;
        };
        let (op, [from, change]) = new.as_apply(new.root)? else { return None };
        let (sum, from, change) = (*op == operator::ADD, *from, *change);
        let (negative, step) = match new.as_apply(change) {
            Some((op, [step])) if *op == operator::NEGATE => (true, *step),
            _ => (false, change),
        };
        let objective = self.session.objective.map(|q| symbol(&self.session.scope.quantity(q).name.clone()));
        let (true, Some(objective)) = (sum && new.same(from, &old, old.root), objective) else {
            return None;
        };
        if !matches!(old.kind(old.root), Kind::Symbol(_)) {
            return None;
        }
        let direction: Vec<ExprId> =
            factors(&new, step).into_iter().filter(|f| !self.is_step_size(&new, *f, &objective)).collect();
        if direction.is_empty() {
            return None;
        }
        let mut tree = part(&new, step);
        let kept: Vec<ExprId> = direction.iter().map(|f| tree.graft(&new, *f)).collect();
        let root = tree.root;
        rebuild(&mut tree, root, &kept);
        let gradient = self.session.readings(&derivative_of(&objective, &old), &Hint::default()).0;
        let hint = gradient.first().map(Reading::hint).unwrap_or_default();
        let taken = self.session.readings(&tree, &hint).0;
        if self.session.compare(&gradient, &taken, ["", ""]).equal == Some(true) {
            // A loss does not grow smaller along its gradient; a likelihood is meant to grow.
            return if negative { Some(Step::Downhill) } else { self.is_maximised(chain).then_some(Step::Uphill) };
        }
        taken.first().is_some_and(|r| self.same_as_wrong(r)).then_some(Step::Wrong)
    }

    /// Whether the objective is one that is to grow: by its name, or by the words before the rule.
    fn is_maximised(&self, chain: &Chain) -> bool {
        const WORDS: &[&str] = &["ascent", "maximi", "上升", "最大", "likelihood", "似然", "ascen", "maximier"];
        const REACH: usize = 200;
        let named = self.session.objective.is_some_and(|q| {
            let name = &self.session.scope.quantity(q).name;
            matches!(name.as_str(), "l" | "ell" | "Q" | "LL" | "logL")
        });
        let at = chain.pieces.first().map_or(0, |p| p.span.start as usize);
        let mut from = at.saturating_sub(REACH);
        while !self.document.text.is_char_boundary(from) {
            from += 1;
        }
        let before = self.document.text.get(from..at).unwrap_or_default().to_lowercase();
        named || WORDS.iter().any(|w| before.contains(w))
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
