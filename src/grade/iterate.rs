//! Letters that are numbered otherwise than entries are: iterates `w_0, w_1`, and indices that are said to be equal or
//! different (`for i ≠ j`).

use super::define::{is_plain, notation};
use super::link::Compared;
use super::session::Session;
use super::walk::Walk;
use crate::check::Diagnosed;
use crate::document::{Chain, Document};
use crate::number::Rational;
use crate::shape::Body;
use crate::syntax::{Kind, Name, NameKind, Relation, parse, parse_declared};
use crate::tensor::{Label, Labels, NodeId};
use crate::verdict::{Decision, Depth, compare};

/// Lines below which "for i ≠ j" is meant.
const NEAR: u32 = 4;

impl Session {
    /// The declared symbols whose value number 0 the document speaks of: what is numbered are steps, not entries.
    pub(super) fn find_iterates(&mut self, document: &Document, chains: &[usize]) {
        for chain in chains.iter().map(|i| &document.chains[*i]) {
            let Some(head) = chain.pieces.first() else { continue };
            let Some((base, index)) = numbered(&head.text) else { continue };
            if index == "0" && self.is_array(&base) && !self.scope.names.contains(&format!("{base}_0")) {
                self.iterates.push(base);
            }
        }
    }

    fn is_array(&self, name: &str) -> bool {
        self.scope.names.is(name, NameKind::Symbol)
            && self.scope.find(name, 0).is_some_and(|q| {
                let q = self.scope.quantity(q);
                matches!(q.body, Body::Variable) && !self.scope.unifier.resolve_shape(&q.shape).is_scalar()
            })
    }
}

/// `w_0`, `\theta^{(1)}`: the name and its number.
fn numbered(text: &str) -> Option<(Name, String)> {
    let declared = parse_declared(text.trim()).ok()?;
    let (base, index) = declared.whole.rsplit_once('_')?;
    index.bytes().all(|b| b.is_ascii_digit()).then(|| (base.into(), index.to_owned()))
}

impl Walk<'_> {
    /// Whether a chain gives an iterate its value: a step of one run, and no claim about the problem.
    pub(super) fn is_iterate(&self, chain: &Chain) -> bool {
        let Some(head) = chain.pieces.first().filter(|_| chain.pieces.len() > 1) else { return false };
        numbered(&head.text).is_some_and(|(base, _)| self.session.iterates.contains(&base))
    }

    /// `i = j`, `i \neq j` of two letters that are nothing else: whether the chain is such a condition on indices.
    pub(super) fn index_condition(&mut self, chain: &Chain) -> bool {
        let [a, b] = chain.pieces.as_slice() else { return false };
        let relation = b.relation.map(|r| r.0);
        if a.relation.is_some() || !matches!(relation, Some(Relation::Equal | Relation::NotEqual)) {
            return false;
        }
        let letter = |text: &str| {
            let text = text.trim();
            let single = text.chars().count() == 1 && text.chars().all(|c| c.is_ascii_lowercase());
            (single && !self.session.scope.names.contains(text)).then(|| Name::from(text))
        };
        let (Some(i), Some(j)) = (letter(&a.text), letter(&b.text)) else { return false };
        self.session.distinct = (relation == Some(Relation::NotEqual)).then_some((i, j, chain.line));
        true
    }

    /// Whether the two sides of a claim agree wherever the indices differ that are said to.
    pub(super) fn where_indices_differ(
        &mut self,
        (c, i): (usize, usize),
        compared: &Compared,
        texts: [&str; 2],
    ) -> Option<String> {
        let (x, y) = compared.pair.filter(|_| compared.equal == Some(false))?;
        let (a, b, line) = self.session.distinct.clone()?;
        let chain = &self.document.chains[c];
        let near = chain.pieces[i].line >= line && chain.pieces[i].line - line <= NEAR;
        let head = parse(&chain.pieces[0].text, notation(&chain.pieces[0], is_plain(chain)), &self.session.scope.names)
            .ok()?;
        let written = |l: &Name| head.ids().any(|id| matches!(head.kind(id), Kind::Symbol(n) if n == l));
        if !near || !written(&a) || !written(&b) {
            return None;
        }
        // The letters' axes stand first, in the order of the reading's free letters.
        let free = self.free_of(c, i)?;
        let place = |l: &Name| free.iter().position(|f| f == l);
        let (p, q) = (place(&a)?, place(&b)?);
        let (x, y) = (self.off_diagonal(x, p, q)?, self.off_diagonal(y, p, q)?);
        let session = &self.session;
        let same = compare(&session.store, x, y, &session.scope.sizes, texts, Depth::Decisive).decision;
        (same == Decision::Equal).then(|| format!("holds where {a} and {b} differ"))
    }

    /// Whether only the sign of the right side is wrong wherever the indices differ that are said to.
    pub(super) fn sign_where_indices_differ(&mut self, at: (usize, usize), compared: &Compared) -> Option<Diagnosed> {
        let (x, y) = compared.pair?;
        self.session.distinct.as_ref()?;
        let turned = self.session.store.scale(&Rational::MINUS_ONE, x);
        let turned = Compared { pair: Some((turned, y)), ..compared.clone() };
        let where_it_holds = self.where_indices_differ(at, &turned, ["", ""])?;
        let words = where_it_holds.strip_prefix("holds ").unwrap_or_default();
        let message = format!("The sign of the whole is wrong: {words}, this has to be taken with the opposite sign.");
        Some(Diagnosed { key: "sign:whole".into(), ..Diagnosed::plain("sign", message, None) })
    }

    fn free_of(&mut self, c: usize, i: usize) -> Option<Vec<Name>> {
        let chain = &self.document.chains[c];
        let left = self.read(chain, 0, &super::side::Hint::default()).ok()?;
        let right = self.read(chain, i, &left.readings.first()?.hint()).ok()?;
        let (a, b) = (&left.readings.first()?.value.free, &right.readings.first()?.value.free);
        Some(if a.len() >= b.len() { a.to_vec() } else { b.to_vec() })
    }

    /// A tensor with the entries set to zero at which two of its axes have one index.
    fn off_diagonal(&mut self, node: NodeId, p: usize, q: usize) -> Option<NodeId> {
        let store = &mut self.session.store;
        let dims: Vec<_> = store.axes(node).to_vec();
        let (first, second) = (*dims.get(p)?, *dims.get(q)?);
        if first != second {
            return None;
        }
        let size = store.poly(first).clone();
        let ones = store.ones([first, second].into_iter().collect());
        let identity = store.identity(&size);
        let differ = store.subtract(ones, identity);
        let label = |i: usize| Label::try_from(i).unwrap_or(0);
        let all: Labels = (0..dims.len()).map(label).collect();
        let two: Labels = [label(p), label(q)].into_iter().collect();
        Some(store.product(&[(node, all.clone()), (differ, two)], &all, &dims))
    }
}
