//! Names that stand for derivatives of the objective: `\bar v` and `dV` for ∂L/∂v, where the document says so.
//!
//! That a bar is no mean and `dV` no differential is known from the document: it sets the objective's own bar to 1,
//! writes a bar beside the derivative it stands for, or gives `dV` a value in which nothing is infinitesimal.

use super::answer::derivative_of;
use super::define::{is_plain, notation};
use super::mend::adjoint_name;
use super::occurrence::{depends, symbol};
use super::session::Session;
use crate::document::{Chain, Document};
use crate::number::Rational;
use crate::operator;
use crate::problem::Layout;
use crate::shape::{Body, Formula, Quantity, QuantityId, Surroundings, infer_with};
use crate::syntax::{Kind, Name, NameKind, Relation, Syntax, Tree, parse, parse_declared};
use crate::text::Span;

/// A name that may stand for a derivative.
struct Adjoint {
    name: Name,
    of: QuantityId,
    /// Spellings that are no plain names: `\overline{y'}`.
    spellings: Vec<String>,
}

impl Session {
    /// Declares the names that stand for derivatives of the objective in this section.
    pub(super) fn find_adjoints(&mut self, document: &Document, chains: &[usize]) {
        let Some(objective) = self.objective else { return };
        let chains: Vec<&Chain> = chains.iter().map(|i| &document.chains[*i]).collect();
        let bars = self.bars();
        if chains.iter().any(|c| self.shows_bar(c, &bars, objective)) {
            bars.into_iter().for_each(|a| self.declare_adjoint(a, objective));
        }
        let totals = self.totals();
        if chains.iter().any(|c| self.shows_total(c, objective)) {
            totals.into_iter().filter(|a| a.of != objective).for_each(|a| self.declare_adjoint(a, objective));
        }
    }

    /// `h_bar_1` for every declared `h_1`, with bars over other spellings.
    fn bars(&self) -> Vec<Adjoint> {
        let mut found = Vec::new();
        for (of, q) in self.scope.quantities().filter(|(_, q)| q.letters.is_empty()) {
            let (base, script) = match q.name.split_once('_') {
                Some((base, script)) => (base, format!("_{script}")),
                None => (q.name.as_str(), String::new()),
            };
            let spellings = self
                .scope
                .names
                .aliases()
                .iter()
                .filter(|a| *a.1 == *q.name)
                .flat_map(|a| [format!("\\overline{{{}}}", a.0), format!("\\bar{{{}}}", a.0)])
                .chain([format!("\\overline{{{}}}", latex_name(&q.name)), format!("\\bar{{{}}}", latex_name(&q.name))])
                .collect();
            found.push(Adjoint { name: format!("{base}_bar{script}").into(), of, spellings });
        }
        found
    }

    /// `dW_1` for every declared `W_1`.
    fn totals(&self) -> Vec<Adjoint> {
        let plain = self.scope.quantities().filter(|(_, q)| q.letters.is_empty());
        plain.map(|(of, q)| Adjoint { name: adjoint_name(&q.name), of, spellings: Vec::new() }).collect()
    }

    /// Whether a chain shows that bars are derivatives.
    fn shows_bar(&self, chain: &Chain, bars: &[Adjoint], objective: QuantityId) -> bool {
        let [head, body, ..] = chain.pieces.as_slice() else { return false };
        if !matches!(body.relation, Some((Relation::Equal | Relation::Define, _))) {
            return false;
        }
        let Ok(declared) = parse_declared(head.text.trim()) else { return false };
        if self.scope.names.contains(&declared.whole) {
            return false;
        }
        let bar = bars.iter().find(|b| b.name == declared.whole);
        let syntax = notation(body, is_plain(chain));
        if bar.is_some_and(|b| b.of == objective) {
            return body.text.trim() == "1";
        }
        // `\bar v = ∂L/∂v`, of a declared v or of any.
        let mut names = self.scope.names.clone();
        let of = match bar {
            Some(b) => self.scope.quantity(b.of).name.clone(),
            None => {
                let Some(v) = declared.whole.strip_suffix("_bar") else { return false };
                names.declare(v, NameKind::Symbol);
                v.into()
            }
        };
        let Ok(tree) = parse(&body.text, syntax, &names) else { return false };
        self.is_derivative_by(&tree, objective, &of)
    }

    /// Whether a chain gives `dV` a value in which nothing is infinitesimal, or the derivative that it stands for.
    fn shows_total(&self, chain: &Chain, objective: QuantityId) -> bool {
        let [head, body, ..] = chain.pieces.as_slice() else { return false };
        let plain = is_plain(chain);
        let read = |p: &crate::document::Piece| parse(&p.text, notation(p, plain), &self.scope.names);
        let (Ok(left), Ok(right)) = (read(head), read(body)) else { return false };
        let Kind::Differential(of) = left.kind(left.root) else { return false };
        let Kind::Symbol(name) = left.kind(*of) else { return false };
        if self.scope.find(name, 0).is_none_or(|q| q == objective) {
            return false;
        }
        let constant = {
            let mut names = Vec::new();
            super::local::symbols(&right, right.root, &mut names);
            names.is_empty()
        };
        self.is_derivative_by(&right, objective, name)
            || (!constant
                && !right.ids().any(|id| matches!(right.kind(id), Kind::Differential(_) | Kind::Derivative { .. })))
    }

    fn is_derivative_by(&self, tree: &Tree, objective: QuantityId, by: &Name) -> bool {
        let Kind::Derivative { of, wrt, .. } = tree.kind(tree.root) else { return false };
        let objective = &self.scope.quantity(objective).name;
        let named = |id| matches!(tree.kind(id), Kind::Symbol(n) if n == objective);
        of.is_none_or(named) && wrt.len() == 1 && matches!(tree.kind(wrt[0]), Kind::Symbol(n) if n == by)
    }

    /// Declares one such name as the derivative; what the objective does not depend on has none.
    fn declare_adjoint(&mut self, adjoint: Adjoint, objective: QuantityId) {
        if self.scope.names.contains(&adjoint.name) {
            return;
        }
        let of = symbol(&self.scope.quantity(objective).name.clone());
        let by = symbol(&self.scope.quantity(adjoint.of).name.clone());
        let mut tree = if adjoint.of == objective {
            let mut one = Tree::new();
            one.root = one.push(Kind::Number(Rational::from(1)), Span::default());
            one
        } else {
            if !depends(&self.scope, adjoint.of, &of) {
                return;
            }
            derivative_of(&of, &by)
        };
        let shape = self.scope.unifier.resolve_shape(&self.scope.quantity(adjoint.of).shape);
        if self.layout == Layout::Transposed && shape.is_vector() {
            let root = tree.root;
            tree.root = tree.apply(&operator::TRANSPOSE, [root], Span::default());
        }
        let mut scope = self.scope.clone();
        let Ok(inferred) = infer_with(&tree, &mut scope, &Surroundings::default()) else { return };
        if !inferred.typed.free.is_empty() {
            return;
        }
        let shape = scope.unifier.resolve_shape(inferred.typed.shape(tree.root));
        let formula = Formula { source: String::new(), syntax: Syntax::Plain, tree, typed: inferred.typed };
        scope.declare(Quantity {
            name: adjoint.name.clone(),
            letters: Vec::new(),
            ranges: Vec::new(),
            shape,
            properties: Vec::new(),
            body: Body::Definition(Box::new(formula)),
        });
        adjoint.spellings.iter().for_each(|s| scope.names.alias(s, &adjoint.name));
        self.scope = scope;
    }
}

/// `W_1` as people write it over a bar: `W_{1}` needs no spelling of its own, `W^{(1)}` and `W^{[1]}` do.
fn latex_name(name: &str) -> String {
    match name.split_once('_') {
        Some((base, script)) => format!("{base}^{{({script})}}"),
        None => name.to_owned(),
    }
}
