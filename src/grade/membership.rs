//! Claims of shape: `W^T W x ∈ R^n`, and a formula that is said to be a number.

use super::define::{is_plain, notation};
use super::result::ClaimVerdict;
use super::session::Session;
use super::side::Hint;
use super::walk::Walk;
use crate::dimension::Shape;
use crate::syntax::Syntax;
use crate::verdict::Evidence;

/// What a claim of shape comes to.
pub(super) enum Fit {
    /// It is right.
    Fits,
    /// It is not, and this is why.
    Contradicts(String),
    /// The formula, the set or a size in it is not known here.
    Unknown,
}

impl Session {
    /// Whether a formula has the shape of a set such as `\mathbb{R}^{m \times n}`.
    pub(super) fn fits_set(&mut self, formula: &str, syntax: Syntax, set: &str) -> Fit {
        let known = self.scope.unifier.len();
        let before = self.scope.clone();
        let claimed = self.real_space(set);
        let new_letters = self.scope.unifier.len() > known;
        self.scope = before;
        match claimed {
            // Sizes by letters of the writer's own say nothing against the declared ones.
            Some(shape) if !new_letters => self.fits_shape(formula, syntax, &shape),
            _ => Fit::Unknown,
        }
    }

    /// Whether a formula has a shape.
    pub(super) fn fits_shape(&mut self, formula: &str, syntax: Syntax, claimed: &Shape) -> Fit {
        let notes = self.notes.len();
        let Ok((_, readings)) = self.side(formula, syntax, &Hint::default()) else { return Fit::Unknown };
        self.notes.truncate(notes);
        let show = |s: &Shape| self.scope.unifier.show_shape(s);
        let claimed = show(claimed);
        match readings.first() {
            _ if readings.iter().any(|r| show(&r.shape) == claimed) => Fit::Fits,
            Some(r) => Fit::Contradicts(format!("this is {} here, and not {claimed}", show(&r.shape))),
            None => Fit::Unknown,
        }
    }
}

impl Walk<'_> {
    /// A claim that the side before the sign lies in a space.
    pub(super) fn membership(&mut self, c: usize, i: usize) {
        let chain = &self.document.chains[c];
        let Some(formula) = i.checked_sub(1).and_then(|n| chain.pieces.get(n)) else {
            return self.not_judged(c, i, "a shape of something that stands elsewhere");
        };
        let set = chain.pieces[i].text.clone();
        match self.session.fits_set(&formula.text, notation(formula, is_plain(chain)), &set) {
            Fit::Fits => {
                self.claim(c, i, ClaimVerdict::Correct, "a shape".into(), Vec::new(), Vec::new());
                self.mark_aside();
            }
            Fit::Contradicts(why) => {
                let found = vec![crate::check::Diagnosed::plain("shape", why, None)];
                let evidence = vec![Evidence::Refuted { by: "shape" }];
                self.claim(c, i, ClaimVerdict::Incorrect, "a shape".into(), evidence, found);
                self.mark_aside();
            }
            Fit::Unknown => self.not_judged(c, i, "a shape that could not be read"),
        }
    }

    /// A quantifier: listed, or wrong where what it quantifies cannot be so.
    pub(super) fn quantifier(&mut self, c: usize, i: usize) {
        match self.contradicted.iter().find(|q| q.0 == c).map(|q| q.1.clone()) {
            Some(why) => {
                let found = vec![crate::check::Diagnosed::plain("shape", why, None)];
                let evidence = vec![Evidence::Refuted { by: "shape" }];
                self.claim(c, i, ClaimVerdict::Incorrect, "a quantifier".into(), evidence, found);
                self.mark_aside();
            }
            None => self.not_judged(c, i, "a quantifier"),
        }
    }

    fn mark_aside(&mut self) {
        if let Some(claim) = self.graded.claims.last_mut() {
            claim.aside = true;
        }
    }
}
