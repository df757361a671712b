//! Names that only one chain knows: any number, the entries of matrices written out, the letters of a rule, and what a
//! quantifier binds.

use super::define::{is_plain, notation};
use super::membership::Fit;
use super::occurrence::part;
use super::side::Hint;
use super::walk::Walk;
use crate::dimension::Shape;
use crate::document::{Chain, Lead};
use crate::shape::{Surroundings, infer_with};
use crate::syntax::{ExprId, Kind, Name, Relation, Tree, parse, parse_declared};
use crate::text::Code;

impl Walk<'_> {
    /// A chain with names of its own is judged with them declared for its length.
    pub(super) fn chain(&mut self, c: usize, defined: bool) {
        if defined {
            return self.judge(c, true);
        }
        let (scope, quantities) = (self.session.scope.clone(), self.session.quantities.clone());
        let local = self.bound_by_quantifier(c) || self.declare_local(c);
        self.judge(c, false);
        if !local {
            // What was learned on the way, as that w is W, stays known.
            return;
        }
        // Sizes made on the way stay known, since claims name them.
        let unifier = std::mem::take(&mut self.session.scope.unifier);
        self.session.scope = scope;
        self.session.scope.unifier = unifier;
        self.session.quantities = quantities;
        self.session.entries.clear();
        self.session.rule = false;
    }

    /// Declares the names that only this chain knows; whether there are any.
    fn declare_local(&mut self, c: usize) -> bool {
        if let Some(letter) = self.any_number(c) {
            self.session.scope.declare_symbol(&letter, Shape::scalar(), Vec::new());
            self.session.note(format!("{letter} is any number"));
            return true;
        }
        !self.is_readable(c) && (self.name_entries(c) || self.rule_letters(c))
    }

    fn is_readable(&mut self, c: usize) -> bool {
        let chain = &self.document.chains[c];
        let notes = self.session.notes.len();
        let all = chain
            .pieces
            .iter()
            .all(|p| self.session.side(&p.text, notation(p, is_plain(chain)), &Hint::default()).is_ok());
        if !all {
            self.session.notes.truncate(notes);
        }
        all
    }

    /// Whether the sides of a chain have one shape.
    fn sides_fit(&mut self, c: usize) -> bool {
        let chain = &self.document.chains[c];
        let mut first: Option<String> = None;
        for piece in chain.pieces.iter().filter(|p| p.relation.is_none_or(|r| r.0 == Relation::Equal)) {
            let side = self.session.side(&piece.text, notation(piece, is_plain(chain)), &Hint::default());
            let Some(r) = side.ok().and_then(|s| s.1.into_iter().next()) else { return false };
            let shape = self.session.scope.unifier.show_shape(&r.shape);
            if *first.get_or_insert_with(|| shape.clone()) != shape {
                return false;
            }
        }
        true
    }

    fn trees(&self, chain: &Chain) -> Option<Vec<Tree>> {
        let read = |p: &crate::document::Piece| parse(&p.text, notation(p, is_plain(chain)), &self.session.scope.names);
        chain.pieces.iter().map(|p| read(p).ok()).collect()
    }

    /// The undeclared letter that is the only symbol of a chain.
    fn any_number(&self, c: usize) -> Option<Name> {
        let mut letters: Vec<Name> = Vec::new();
        for tree in self.trees(&self.document.chains[c])? {
            symbols(&tree, tree.root, &mut letters);
        }
        let [letter] = letters.as_slice() else { return None };
        let single = letter.chars().count() == 1 && letter.chars().all(|l| l.is_ascii_lowercase());
        (single && self.session.scope.find(letter, 0).is_none()).then(|| letter.clone())
    }

    /// Matrices written out entry by entry: their letters are numbers in this chain, whatever they are elsewhere.
    fn name_entries(&mut self, c: usize) -> bool {
        let chain = &self.document.chains[c];
        let Some(trees) = self.trees(chain) else { return false };
        let mut names: Vec<Name> = Vec::new();
        let mut explicit = true;
        for tree in &trees {
            for id in tree.ids() {
                if let Kind::Array(rows) = tree.kind(id) {
                    rows.iter().flatten().for_each(|e| explicit &= entry_names(tree, *e, &mut names));
                }
            }
        }
        if !explicit || names.is_empty() {
            return false;
        }
        let before = self.session.scope.clone();
        for name in &names {
            let local = local_name(name);
            self.session.scope.declare_symbol(&local, Shape::scalar(), Vec::new());
        }
        self.session.entries = names;
        if !self.is_readable(c) {
            self.session.scope = before;
            self.session.entries.clear();
            return false;
        }
        self.session.note("the letters in the matrices are any numbers".into());
        true
    }

    /// `∂ tr(XA)/∂X = …` with an undeclared `A`: a rule about any matrix that fits.
    fn rule_letters(&mut self, c: usize) -> bool {
        const MOST: usize = 3;
        let chain = &self.document.chains[c];
        if chain.pieces.iter().any(|p| matches!(p.relation, Some((Relation::Member, _)))) {
            return false;
        }
        let mut unknown: Vec<Name> = Vec::new();
        for piece in &chain.pieces {
            match parse(&piece.text, notation(piece, is_plain(chain)), &self.session.scope.names) {
                Ok(tree) => symbols(&tree, tree.root, &mut unknown),
                Err(d) if d.code == Code::UNKNOWN_SYMBOL => {
                    unknown.extend(piece.text.get(d.span.range()).map(|n| Name::from(n.trim())));
                }
                Err(_) => return false,
            }
        }
        let scope = &self.session.scope;
        unknown.retain(|n| scope.named(n).is_empty() && !scope.names.contains(n) && scope.unifier.find(n).is_none());
        unknown.dedup();
        let letter = |n: &Name| n.chars().count() == 1 && n.chars().all(|l| l.is_ascii_uppercase());
        if unknown.is_empty() || unknown.len() > MOST || !unknown.iter().all(letter) {
            return false;
        }
        if unknown.iter().any(|n| self.session.own.contains(n)) {
            return false;
        }
        for name in &unknown {
            let shape = Shape::matrix(self.session.scope.unifier.fresh(name), self.session.scope.unifier.fresh(name));
            self.session.scope.declare_symbol(name, shape, Vec::new());
            self.session.note(format!("{name} is any matrix that fits"));
        }
        self.session.rule = true;
        self.settle_sizes(c);
        true
    }

    /// Infers the sizes of a rule's letters from what is differentiated.
    fn settle_sizes(&mut self, c: usize) {
        for tree in self.trees(&self.document.chains[c]).unwrap_or_default() {
            for id in tree.ids() {
                let Kind::Derivative { of: Some(of), .. } = tree.kind(id) else { continue };
                let before = self.session.scope.unifier.clone();
                let operand = part(&tree, *of);
                if infer_with(&operand, &mut self.session.scope, &Surroundings::default()).is_err() {
                    self.session.scope.unifier = before;
                }
            }
        }
    }

    /// The chain's own quantifier, which stands behind it in the same formula: `… ∀x ∈ ℝ^r`.
    fn bound_by_quantifier(&mut self, c: usize) -> bool {
        let document = self.document;
        let Some(formula) = document.chains[c].pieces.last().map(|p| p.formula) else { return false };
        let quantifier = document.chains[c + 1..].iter().take(3).position(|q| {
            q.lead.is_some_and(|l| l.0 == Lead::ForAll)
                && q.pieces.first().is_some_and(|p| p.formula == formula)
                && matches!(q.pieces.get(1).map(|p| p.relation), Some(Some((Relation::Member, _))))
        });
        let Some(q) = quantifier.map(|n| c + 1 + n) else { return false };
        let bound = &document.chains[q];
        let Ok(name) = parse_declared(bound.pieces[0].text.trim()) else { return false };
        if self.session.scope.names.contains(&name.whole) || !self.session.scope.named(&name.whole).is_empty() {
            return false;
        }
        self.session.own.push(name.whole.clone());
        let before = self.session.scope.clone();
        if let Some(shape) = self.session.real_space(&bound.pieces[1].text) {
            self.session.scope.declare_symbol(&name.whole, shape, Vec::new());
            if self.is_readable(c) && self.sides_fit(c) {
                return true;
            }
        }
        // The chain may be right for a vector, and the quantifier wrong.
        self.session.scope = before;
        let length = self.session.scope.unifier.fresh(&name.whole);
        self.session.scope.declare_symbol(&name.whole, Shape::vector(length), Vec::new());
        if self.is_readable(c) {
            let set = bound.pieces[1].text.clone();
            let text = bound.pieces[0].text.clone();
            if let Fit::Contradicts(why) = self.session.fits_set(&text, crate::syntax::Syntax::Latex, &set) {
                self.contradicted.push((q, format!("in what is claimed for every {}, {why}", name.whole)));
            }
            self.session.note(format!("{} is any vector that fits", name.whole));
        }
        true
    }
}

/// The name of an entry while its letters are numbers.
pub(super) fn local_name(name: &Name) -> Name {
    format!("{name}°").into()
}

/// The numbers that an entry of a written matrix is made of; `false` where it is made of anything else.
fn entry_names(tree: &Tree, id: ExprId, out: &mut Vec<Name>) -> bool {
    if let Some(name) = entry_name(tree, id) {
        if !out.contains(&name) {
            out.push(name);
        }
        return true;
    }
    match tree.kind(id) {
        Kind::Number(_) | Kind::Constant(_) => true,
        Kind::Apply { arguments, .. } => arguments.iter().all(|a| entry_names(tree, *a, out)),
        _ => false,
    }
}

/// `a`, `x_1` and `w_{12}` as names of numbers.
pub(super) fn entry_name(tree: &Tree, id: ExprId) -> Option<Name> {
    match tree.kind(id) {
        Kind::Symbol(name) => Some(name.clone()),
        Kind::Subscript { base, indices } => {
            let Kind::Symbol(name) = tree.kind(*base) else { return None };
            let mut whole = name.to_string();
            for i in indices {
                let Kind::Number(n) = tree.kind(*i) else { return None };
                whole = format!("{whole}_{n}");
            }
            Some(whole.into())
        }
        _ => None,
    }
}

/// Every name in a tree, once.
pub(super) fn symbols(tree: &Tree, id: ExprId, out: &mut Vec<Name>) {
    if let Kind::Symbol(n) = tree.kind(id) {
        if !out.contains(n) {
            out.push(n.clone());
        }
    }
    tree.children(id).iter().for_each(|c| symbols(tree, *c, out));
}
