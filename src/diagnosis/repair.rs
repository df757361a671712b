//! What a repair is: a change, its place, and what is said of it.

use super::bench::Bench;
use super::hand::Hand;
use super::outline::Outline;
use super::patch::Patch;
use super::place::whole;
use crate::syntax::{ExprId, Syntax, Tree, print};
use crate::text::Span;

/// A change that may make the candidate right.
#[derive(Clone, Debug)]
pub(super) struct Repair {
    /// The change.
    pub(super) patch: Patch,
    /// The contract's kind.
    pub(super) kind: &'static str,
    /// Where it is.
    pub(super) place: ExprId,
    /// What was done, in one sentence.
    pub(super) naming: String,
    /// What is to be done there, in one sentence that quotes the term as written.
    pub(super) pointing: String,
    /// What the mistake is about, for statistics: the same for the same mistake in many answers.
    pub(super) about: String,
}

/// The candidate as the detectors see it.
pub(super) struct View<'t> {
    /// Its sums, products and nodes.
    pub(super) outline: Outline<'t>,
    /// Its text.
    pub(super) text: &'t str,
    /// Its notation.
    pub(super) syntax: Syntax,
    /// How it writes.
    pub(super) hand: Hand<'t>,
    /// Whether its shapes do not fit, or are not those of the answer.
    pub(super) is_misfit: bool,
    /// Formulas that belong to the task: pieces of the truth, of the objective and of its definitions.
    pub(super) pieces: Vec<Piece>,
    /// The names of quantities and definitions.
    pub(super) symbols: Vec<crate::syntax::Name>,
    /// Index letters of the answer.
    pub(super) asked: Vec<crate::syntax::Name>,
    /// Index letters of the answer, and those bound in the candidate.
    pub(super) letters: Vec<crate::syntax::Name>,
    /// The truth as a formula.
    pub(super) truth: Tree,
}

/// A formula of the task.
#[derive(Clone, Debug)]
pub(super) struct Piece {
    /// The formula.
    pub(super) tree: Tree,
    /// In the candidate's notation.
    pub(super) text: String,
}

impl<'t> View<'t> {
    pub(super) fn tree(&self) -> &'t Tree {
        self.outline.tree
    }

    /// A node as it was written.
    pub(super) fn source(&self, id: ExprId) -> String {
        let id = self.known(id);
        self.hand.typed(id).map_or_else(|| self.hand.write(self.tree(), id), str::to_owned)
    }

    /// Any formula in the candidate's hand.
    pub(super) fn show(&self, tree: &Tree, id: ExprId) -> String {
        self.hand.write(tree, id)
    }

    /// What was written from one node to another.
    pub(super) fn between(&self, first: ExprId, last: ExprId) -> String {
        let span = whole(self.text, self.span(first).to(self.span(last)));
        let text = self.text.get(span.range()).filter(|_| self.span(first).end <= self.span(last).start);
        text.map_or_else(|| format!("{} {}", self.source(first), self.source(last)), |t| t.trim().to_owned())
    }

    /// Where a node stands.
    pub(super) fn span(&self, id: ExprId) -> Span {
        whole(self.text, self.tree().span(self.known(id)))
    }

    /// The node, or the whole where it is none of the candidate's.
    pub(super) fn known(&self, id: ExprId) -> ExprId {
        if (id.0 as usize) < self.tree().len() { id } else { self.tree().root }
    }

    /// A node in a form that does not depend on how it was written.
    pub(super) fn plain(&self, id: ExprId) -> String {
        print(self.tree(), self.known(id), Syntax::Plain)
    }
}

/// A kind of mistake: how repairs of it are proposed, and what it looks like.
pub struct Mistake {
    /// Its name: what was done.
    pub name: &'static str,
    /// What it is, in one sentence.
    pub doc: &'static str,
    /// Proposes repairs, the simplest first.
    pub(super) propose: fn(&mut Bench<'_>, &View<'_>) -> Vec<Repair>,
    /// Whether two repairs of such kinds are tried together: each is a single local change.
    pub(super) in_pairs: bool,
    /// Two wrong answers with this mistake.
    pub examples: [Example; 2],
    /// A wrong answer that looks like it and has another mistake, or none that is simple.
    pub near_miss: Example,
}

/// A wrong answer.
#[derive(Copy, Clone, Debug)]
pub struct Example {
    /// Symbols with their shapes: `A: m×n, x: n`.
    pub symbols: &'static str,
    /// What is differentiated.
    pub objective: &'static str,
    /// By what.
    pub wrt: &'static str,
    /// The wrong answer.
    pub candidate: &'static str,
    /// The kind that is found first.
    pub kind: &'static str,
}
