//! Links that are no plain equalities of their two sides: conditions, what holds where a gradient vanishes or for a
//! part of the objective, continuations of an earlier equation, choices, approximations.

use super::link::Compared;
use super::result::ClaimVerdict;
use super::side::{Hint, Reading, has_derivative};
use super::walk::{Side, Walk, join};
use crate::document::Lead;
use crate::shape::{Body, QuantityId};
use crate::syntax::{Kind, Name, Relation, Tree};

/// In which other sense a link is to be taken.
pub(super) enum Sense {
    /// It sets something to zero.
    Condition,
    /// It demands something of what is sought.
    Constraint,
    /// It defines a name with a prime.
    Named,
    /// It is true, and this is said of how.
    Holds(String),
    /// It gives a value to what is given: a choice, not a claim.
    Choice,
    /// It is listed, and not judged.
    Listed(&'static str),
}

impl Walk<'_> {
    /// Another sense in which a link that is no equality can be taken.
    pub(super) fn other_sense(
        &mut self,
        (c, i): (usize, usize),
        known: &Side,
        side: &Side,
        compared: &Compared,
        texts: [&str; 2],
        previous_wrong: bool,
    ) -> Option<Sense> {
        if self.constraint(c, i, known, side) {
            return Some(Sense::Constraint);
        }
        let is_zero = side.readings.iter().any(|r| r.zero);
        if is_zero && self.condition(known.tree.as_ref(), &known.readings) {
            return Some(Sense::Condition);
        }
        if self.under_condition(known.tree.as_ref(), compared, texts) {
            return Some(Sense::Holds("holds where the gradient is zero".into()));
        }
        if let Some(note) = self.meant_otherwise(c, i) {
            return Some(Sense::Holds(join(&self.meaning(known), &[note])));
        }
        if let Some(note) = self.where_indices_differ((c, i), compared, texts) {
            return Some(Sense::Holds(join(&self.meaning(known), &[note])));
        }
        if let Some(note) = self.at_the_start((c, i), compared, texts) {
            return Some(Sense::Holds(join(&self.meaning(known), &[note])));
        }
        if self.is_primed_name((c, i), known, side) {
            return Some(Sense::Named);
        }
        if let Some(note) = self.list_either_way(known, side, texts) {
            return Some(Sense::Holds(note));
        }
        let chain = &self.document.chains[c];
        if matches!(chain.pieces[i].relation, Some((Relation::Approximate, _))) {
            return Some(Sense::Listed("an approximation"));
        }
        if !previous_wrong {
            if let Some(note) = self.continues_earlier((c, i), side, texts[1]) {
                return Some(Sense::Holds(note));
            }
        }
        (i == 1 && chain.pieces.len() == 2 && self.is_choice(chain.lead.map(|l| l.0), known, side))
            .then_some(Sense::Choice)
    }

    /// Lists or judges a link in its other sense; returns whether the chain is wrong here.
    pub(super) fn in_other_sense(&mut self, (c, i): (usize, usize), sense: Sense, meaning: &str, before: bool) -> bool {
        let (verdict, meaning, wrong) = match sense {
            Sense::Condition if before => (ClaimVerdict::Carried, "a condition".to_owned(), true),
            Sense::Condition => (ClaimVerdict::Correct, "a condition".to_owned(), false),
            Sense::Holds(note) => (ClaimVerdict::Correct, note, false),
            Sense::Constraint => (ClaimVerdict::Definition, join(meaning, &["a constraint".into()]), false),
            Sense::Named => (ClaimVerdict::Definition, "definition of a name with a prime".to_owned(), false),
            Sense::Choice => (ClaimVerdict::Definition, join(meaning, &["a value that is chosen".into()]), false),
            Sense::Listed(why) => {
                self.not_judged(c, i, why);
                return before;
            }
        };
        self.claim(c, i, verdict, meaning, Vec::new(), Vec::new());
        wrong
    }

    /// `y' = X w` beside a vector y: where the right side has the shape of y and not of its transpose, the prime is
    /// part of the name.
    fn is_primed_name(&self, (c, i): (usize, usize), known: &Side, side: &Side) -> bool {
        let text = self.document.chains[c].pieces[0].text.trim();
        let primed =
            text.ends_with('\'') || text.ends_with("\\prime") || text.ends_with("'}") || text.ends_with("\\prime}");
        let (Some(tree), Some(a), Some(b)) = (&known.tree, known.readings.first(), side.readings.first()) else {
            return false;
        };
        let named = tree
            .as_apply(tree.root)
            .is_some_and(|(op, of)| *op == crate::operator::TRANSPOSE && matches!(tree.kind(of[0]), Kind::Symbol(_)));
        i == 1 && primed && named && a.shape.is_vector() && b.shape == a.shape.transposed()
    }

    /// A side that differentiates by what does not occur in it, in a chain that differentiates by something else: read
    /// by that, where it is then true.
    pub(super) fn by_the_same(&mut self, (c, i): (usize, usize), head: &Side) -> Option<String> {
        let chain = &self.document.chains[c];
        let tree = head.tree.as_ref()?;
        let Kind::Derivative { wrt, .. } = tree.kind(tree.root) else { return None };
        let ([by], piece) = (wrt.as_slice(), &chain.pieces[i]) else { return None };
        let Kind::Symbol(name) = tree.kind(*by) else { return None };
        let syntax = super::define::notation(piece, super::define::is_plain(chain));
        let mut other = self.session.parse(&piece.text, syntax).ok()?;
        let mut replaced = None;
        for id in other.ids().collect::<Vec<_>>() {
            let Kind::Derivative { wrt, .. } = other.kind(id) else { continue };
            let [own] = wrt.as_slice() else { continue };
            let own = *own;
            if let Kind::Symbol(n) = other.kind(own)
                && n != name
            {
                replaced = Some(n.clone());
                other.set_kind(own, Kind::Symbol(name.clone()));
            }
        }
        let replaced = replaced?;
        let hint = head.readings.first().map(Reading::hint).unwrap_or_default();
        let side = self.session.readings(&other, &hint).0;
        let texts = [chain.pieces[0].text.as_str(), piece.text.as_str()];
        let equal = self.session.compare(&head.readings, &side, texts).equal == Some(true);
        equal.then(|| format!("the derivative by {replaced} is read as that by {name}"))
    }

    /// `x = [2, 1]`: a list of entries says nothing of rows and columns.
    fn list_either_way(&mut self, known: &Side, side: &Side, texts: [&str; 2]) -> Option<String> {
        let is_list = |s: &Side| {
            let tree = s.tree.as_ref()?;
            let Kind::Array(rows) = tree.kind(tree.root) else { return None };
            (rows.len() == 1 && rows[0].len() > 1).then_some(())
        };
        is_list(side)?;
        let turned: Vec<Reading> = side.readings.iter().map(|r| self.session.turned(r)).collect();
        let equal = self.session.compare(&known.readings, &turned, texts).equal == Some(true);
        equal.then(|| join(&self.meaning(known), &["the list is read as a column".into()]))
    }

    /// Whether a display that begins with `=` goes on with an equation before the last one.
    fn continues_earlier(&mut self, (c, i): (usize, usize), side: &Side, text: &str) -> Option<String> {
        let chain = &self.document.chains[c];
        let begins = i > 0 && chain.pieces[i].formula != chain.pieces[i - 1].formula;
        if !begins || side.readings.iter().all(|r| r.zero) {
            return None;
        }
        let line = chain.pieces[i].line;
        let earlier: Vec<_> = self.heads.iter().rev().filter(|h| h.0 + NEAR >= line).take(3).cloned().collect();
        for (line, head, words) in earlier {
            if self.session.compare(&head, &side.readings, [&words, text]).equal == Some(true) {
                return Some(format!("continues the equation in line {line}"));
            }
        }
        None
    }

    /// `x_1 = [2, 1]`, `θ = 0`: a number for what is given. Under a condition it is a solution, and judged.
    fn is_choice(&self, lead: Option<Lead>, known: &Side, side: &Side) -> bool {
        let (Some(head), Some(value)) = (&known.tree, &side.tree) else { return false };
        let base = match head.kind(head.root) {
            Kind::Subscript { base, .. } => *base,
            _ => head.root,
        };
        let Kind::Symbol(name) = head.kind(base) else { return false };
        let scope = &self.session.scope;
        let given: Vec<QuantityId> = scope.named(name).to_vec();
        let variable = given.iter().all(|q| match &scope.quantity(*q).body {
            Body::Variable => true,
            // A definition by the sign of something is a label of the data.
            Body::Definition(f) => !has_derivative(&f.tree) && Some(*q) != self.session.objective && is_sign(&f.tree),
            Body::Stacked { .. } => false,
        });
        let mut names = Vec::new();
        super::local::symbols(value, value.root, &mut names);
        let solved = self.session.conditions.iter().any(|x| given.contains(&x.1)) || lead.is_some();
        !given.is_empty() && variable && names.is_empty() && !has_derivative(value) && !solved
    }

    /// The objective's gradient by the symbol that a link solves for.
    fn own_condition(&mut self, head: &Tree) -> Option<(crate::tensor::NodeId, QuantityId)> {
        let Kind::Symbol(name) = head.kind(head.root) else { return None };
        let unknown = self.session.scope.find(name, 0)?;
        let objective = self.session.objective?;
        let known = self.session.asked.iter().any(|a| a.1 == unknown);
        if known || !matches!(self.session.scope.quantity(unknown).body, Body::Variable) {
            return None;
        }
        let of = super::occurrence::symbol(&self.session.scope.quantity(objective).name.clone());
        let tree = super::answer::derivative_of(&of, head);
        let (readings, _) = self.session.readings(&tree, &Hint::default());
        let gradient = readings.iter().find(|r| r.value.free.is_empty() && !r.path)?.value.node;
        (!self.session.store.is_zero(gradient)).then_some((gradient, unknown))
    }

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
        let Kind::Derivative { .. } = tree.kind(tree.root) else { return false };
        if let (Some(q), Some(r)) = (self.unknown_of(tree), left.first()) {
            if r.value.free.len() == self.session.scope.quantity(q).letters.len() {
                self.session.conditions.push((r.value.node, q));
            }
        }
        true
    }

    /// The declared quantity that a derivative is taken by: a symbol, or a member of a family with a free index.
    pub(super) fn unknown_of(&self, tree: &Tree) -> Option<QuantityId> {
        let Kind::Derivative { wrt, .. } = tree.kind(tree.root) else { return None };
        let scope = &self.session.scope;
        match wrt.first().map(|w| tree.kind(*w)) {
            Some(Kind::Symbol(name)) => scope.find(name, 0),
            Some(Kind::Subscript { base, indices }) => match (tree.kind(*base), indices.as_slice()) {
                (Kind::Symbol(name), [index]) if matches!(tree.kind(*index), Kind::Symbol(_)) => scope.find(name, 1),
                _ => None,
            },
            Some(_) => None,
            None => self.session.variable.as_ref().and_then(|v| scope.find(v, 0)),
        }
    }

    /// Whether a claim holds on the solutions of a condition of this part.
    pub(super) fn under_condition(&mut self, tree: Option<&Tree>, compared: &Compared, texts: [&str; 2]) -> bool {
        let Some(pair) = compared.pair.filter(|_| compared.equal == Some(false)) else { return false };
        // What is differentiated is no condition's consequence.
        if tree.is_none_or(has_derivative) {
            return false;
        }
        let conditions: Vec<_> = self.session.conditions.iter().rev().chain(&self.session.asked).copied().collect();
        let own = tree.and_then(|t| self.own_condition(t));
        let mut open = Vec::new();
        for (gradient, unknown) in conditions.iter().copied().chain(own) {
            if self.session.rearranges(gradient, pair, texts) {
                return true;
            }
            match self.session.holds_under(gradient, unknown, pair, texts) {
                Some(true) => return true,
                Some(false) => {}
                None => open.push(gradient),
            }
        }
        // The unknown alone finds no solution: an eigenvector needs its eigenvalue, a covariance enough samples.
        for gradient in open.into_iter().take(MOST_SYSTEMS) {
            if self.session.holds_on(&[gradient], pair, texts) == Some(true) {
                return true;
            }
        }
        let stated: Vec<_> =
            if self.session.conditions.is_empty() { &self.session.asked } else { &self.session.conditions }
                .iter()
                .map(|c| c.0)
                .collect();
        let joint = stated.len() + self.session.constraints.len() > 1 && stated.len() <= MOST_SYSTEMS;
        let system: Vec<_> = stated.into_iter().chain(self.session.constraints.iter().copied()).collect();
        joint && self.session.holds_on(&system, pair, texts) == Some(true)
    }

    /// Whether a claim follows from setting a wrongly claimed gradient to zero.
    pub(super) fn under_wrong_condition(&mut self, tree: Option<&Tree>, compared: &Compared, texts: [&str; 2]) -> bool {
        let Some(pair) = compared.pair.filter(|_| compared.equal == Some(false)) else { return false };
        if tree.is_none_or(has_derivative) {
            return false;
        }
        let wrong: Vec<_> = self.session.wrong_conditions.iter().rev().take(MOST_SYSTEMS).copied().collect();
        wrong.into_iter().any(|(gradient, unknown)| {
            self.session.rearranges(gradient, pair, texts)
                || self.session.holds_under(gradient, unknown, pair, texts) == Some(true)
        })
    }
}

/// Systems of conditions that are solved for one claim.
const MOST_SYSTEMS: usize = 4;

/// Lines back to an equation that a display may continue.
const NEAR: u32 = 12;

fn is_sign(tree: &Tree) -> bool {
    matches!(tree.as_apply(tree.root), Some((op, _)) if *op == crate::operator::SIGN)
}
