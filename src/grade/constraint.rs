//! Constraints, wrongly claimed gradients, and names of solutions: what claims may hold under, and what they solve for.

use super::result::ClaimVerdict;
use super::side::Hint;
use super::walk::{Side, Walk, join};
use crate::operator;
use crate::shape::{Body, QuantityId};
use crate::syntax::{ExprId, Kind, Name, NameKind, Syntax, Tree, parse};
use crate::verdict::Evidence;

/// Words before a formula that make it a constraint, in lower case.
const CUES: &[&str] = &[
    "subject to",
    "s.t.",
    "s. t.",
    "such that",
    "constraint",
    "constrained",
    "under the condition",
    "nebenbedingung",
    "unter ",
    "sujeto a",
    "sujeita",
    "sujeito",
    "sous ",
    "contrainte",
    "约束",
    "满足",
    "使得",
    "条件",
    "제약",
    "조건",
    "при ",
];
/// How far before a formula such words may stand.
const REACH: usize = 60;

impl Walk<'_> {
    /// `subject to uᵀu = 1`: what is demanded is no claim; claims after it may hold under it.
    pub(super) fn constraint(&mut self, c: usize, i: usize, known: &Side, side: &Side) -> bool {
        let chain = &self.document.chains[c];
        let (Some(left), Some(right)) = (&known.tree, &side.tree) else { return false };
        let fixed = |tree: &Tree| {
            let mut names = Vec::new();
            super::local::symbols(tree, tree.root, &mut names);
            let identity = |id: ExprId| {
                tree.as_apply(id).is_some_and(|(op, _)| *op == operator::IDENTITY || *op == operator::DELTA)
            };
            names.is_empty() || tree.ids().any(identity)
        };
        if i != 1 || chain.pieces.len() != 2 || !fixed(right) || fixed(left) || super::side::has_derivative(left) {
            return false;
        }
        let at = chain.pieces[0].span.start as usize;
        let mut from = at.saturating_sub(REACH);
        while !self.document.text.is_char_boundary(from) {
            from += 1;
        }
        let before = self.document.text.get(from..at).unwrap_or_default().to_lowercase();
        let before = before.rsplit("\n\n").next().unwrap_or_default();
        if !CUES.iter().any(|cue| before.contains(cue)) {
            return false;
        }
        if let (Some(a), Some(b)) = (known.readings.first(), side.readings.first())
            && let Some((x, y, _)) = self.session.align(a, b)
        {
            let difference = self.session.store.subtract(x, y);
            self.session.constraints.push(difference);
        }
        true
    }

    /// Keeps a wrongly claimed gradient, from which conditions may follow.
    pub(super) fn remember_condition(&mut self, head: Option<&Tree>, side: &Side) {
        let (Some(head), Some(r)) = (head, side.readings.first()) else { return };
        let Some(unknown) = self.unknown_of(head) else { return };
        let letters = self.session.scope.quantity(unknown).letters.len();
        // Where everything became zero, everything would follow.
        if r.value.free.len() == letters && !self.session.store.is_zero(r.value.node) {
            self.session.wrong_conditions.push((r.value.node, unknown));
        }
    }

    /// `\hat w = …`, `w^* = …`, `\mu_{ML} = …`: a name for the solution of a condition is judged as the solution.
    /// Whether it is wrong; nothing where it is an ordinary definition.
    pub(super) fn estimate(&mut self, c: usize, i: usize, side: &Side) -> Option<bool> {
        let document = self.document;
        let chain = &document.chains[c];
        let declared = super::define::declared_head(&chain.pieces[0].text)?;
        let (name, unknown) = self.solved_for(&declared.whole)?;
        if !self.session.conditions.iter().chain(&self.session.asked).any(|x| x.1 == unknown) {
            return None;
        }
        let tree = side.tree.as_ref()?;
        let mut names = Vec::new();
        super::local::symbols(tree, tree.root, &mut names);
        // What is made from the unknown itself is a step towards it, and no solution.
        let step = declared.whole.ends_with(NEW) && super::occurrence::depends(&self.session.scope, unknown, tree);
        if names.contains(&name) || step {
            return None;
        }
        let head = super::occurrence::symbol(&name);
        let readings = self.session.readings(&head, &Hint::default()).0;
        let texts = [chain.pieces[0].text.as_str(), chain.pieces[i].text.as_str()];
        let compared = self.session.compare(&readings, &side.readings, texts);
        let note = format!("{} is read as the solution for {name}", chain.pieces[0].text.trim());
        if self.under_condition(Some(&head), &compared, texts) {
            let meaning = join("holds where the gradient is zero", &[note]);
            self.claim(c, i, ClaimVerdict::Correct, meaning, Vec::new(), Vec::new());
            return Some(false);
        }
        if self.under_wrong_condition(Some(&head), &compared, texts) {
            let meaning = join("follows from the wrong gradient set to zero", &[note]);
            self.claim(c, i, ClaimVerdict::Carried, meaning, compared.evidence, Vec::new());
            return Some(true);
        }
        let pair = compared.pair?;
        let stated: Vec<_> =
            self.session.conditions.iter().chain(&self.session.asked).filter(|x| x.1 == unknown).copied().collect();
        let refuted = self.session.constraints.is_empty()
            && stated.iter().any(|x| self.session.holds_under(x.0, x.1, pair, texts) == Some(false));
        if !refuted {
            return None;
        }
        let evidence = vec![Evidence::Refuted { by: "numeric" }];
        self.claim(c, i, ClaimVerdict::Incorrect, join("a solution of the condition", &[note]), evidence, Vec::new());
        Some(true)
    }

    /// The unknown that a decorated name stands for: `w` of `w_hat`, `w_star`, `w_ML`.
    fn solved_for(&self, whole: &str) -> Option<(Name, QuantityId)> {
        let parts: Vec<&str> = whole.split('_').collect();
        let at = parts.iter().skip(1).position(|p| *p == "hat" || *p == "star" || is_mark(p))? + 1;
        let name: Vec<&str> = parts.iter().enumerate().filter(|(n, _)| *n != at).map(|(_, p)| *p).collect();
        let name = name.join("_");
        let scope = &self.session.scope;
        let name = if scope.names.is(&name, NameKind::Symbol) {
            Name::from(name)
        } else {
            let tree = parse(&name, Syntax::Plain, &scope.names).ok()?;
            let Kind::Symbol(known) = tree.kind(tree.root) else { return None };
            known.clone()
        };
        let q = scope.find(&name, 0)?;
        matches!(scope.quantity(q).body, Body::Variable).then_some((name, q))
    }
}

/// The script of the next value, which is a solution where it is not made from the old one.
const NEW: &str = "new";

/// Whether a script names an estimate: `w_{MAP}`, `\beta_{OLS}`.
pub(super) fn is_mark(script: &str) -> bool {
    ["ML", "MLE", "MAP", "LS", "OLS", "ols", "ridge", "opt", "mle", "map", "best", NEW].contains(&script)
}

#[cfg(test)]
mod tests {
    use super::CUES;

    #[test]
    fn cues_are_in_lower_case() {
        assert!(CUES.iter().all(|c| c.to_lowercase() == **c));
    }
}
