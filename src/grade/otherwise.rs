//! Links that hold in another sense than the plainest: where a gradient vanishes, or for a part of the objective.

use super::link::Compared;
use super::side::{Hint, Reading, has_derivative};
use super::walk::Walk;
use crate::syntax::{Kind, Name, Tree};

impl Walk<'_> {
    /// Whether a link about an objective `L` holds for a part of it, `L_1` or `L_2`, that the problem declares.
    pub(super) fn meant_otherwise(&mut self, c: usize, i: usize) -> Option<String> {
        let whole = self.session.objective.map(|q| self.session.scope.quantity(q).name.clone())?;
        let base: Name = whole.split('_').next()?.into();
        let prefix = format!("{base}_");
        let all = self.session.scope.quantities().map(|(_, q)| q.name.clone());
        let parts: Vec<Name> = all.filter(|n| n.starts_with(prefix.as_str())).collect();
        let document = self.document;
        let chain = &document.chains[c];
        for part in parts {
            self.session.meant = Some((base.clone(), part.clone()));
            let left = self.read(chain, 0, &Hint::default());
            let right = left.as_ref().ok().and_then(|l| self.read(chain, i, &l.readings.first()?.hint()).ok());
            self.session.meant = None;
            let (Ok(left), Some(right)) = (left, right) else { continue };
            let texts = [chain.pieces[0].text.clone(), chain.pieces[i].text.clone()];
            let compared = self.session.compare(&left.readings, &right.readings, [&texts[0], &texts[1]]);
            if compared.equal == Some(true) {
                return Some(format!("{base} is read as {part}"));
            }
        }
        None
    }

    /// `G = 0`: a condition where G is a derivative of a declared quantity.
    pub(super) fn condition(&mut self, tree: Option<&Tree>, left: &[Reading]) -> bool {
        let Some(tree) = tree else { return false };
        let Kind::Derivative { wrt, .. } = tree.kind(tree.root) else { return false };
        let unknown = match wrt.first().map(|w| tree.kind(*w)) {
            Some(Kind::Symbol(name)) => self.session.scope.find(name, 0),
            Some(_) => None,
            None => self.session.variable.as_ref().and_then(|v| self.session.scope.find(v, 0)),
        };
        if let (Some(q), Some(r)) = (unknown, left.first()) {
            if r.value.free.is_empty() {
                self.session.conditions.push((r.value.node, q));
            }
        }
        true
    }

    /// Whether a claim holds on the solutions of a condition of this part.
    pub(super) fn under_condition(&mut self, tree: Option<&Tree>, compared: &Compared, texts: [&str; 2]) -> bool {
        let Some(pair) = compared.pair.filter(|_| compared.equal == Some(false)) else { return false };
        // What is differentiated is no condition's consequence.
        if tree.is_none_or(has_derivative) {
            return false;
        }
        let conditions: Vec<_> = self.session.conditions.iter().rev().chain(&self.session.asked).copied().collect();
        conditions.into_iter().any(|(gradient, unknown)| {
            self.session.rearranges(gradient, pair, texts)
                || self.session.holds_under(gradient, unknown, pair, texts) == Some(true)
        })
    }
}
