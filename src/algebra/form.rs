//! Normal forms and where they are kept: atoms, networks and sums, each stored once.

use super::atom::{Atom, Info};
use super::budget::{Budget, StopReason};
use super::function::Functions;
use crate::dimension::{IntVar, Poly};
use crate::limit;
use crate::number::Rational;
use crate::tensor::{Axes, DimId, Labels, Layers, NodeId, Store};
use rustc_hash::{FxHashSet, FxHasher};
use smallvec::SmallVec;
use std::hash::{Hash, Hasher};

/// An atom of a [`Forms`].
#[derive(Copy, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub(super) struct AtomId(pub(super) u32);

/// A network of a [`Forms`].
#[derive(Copy, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub(super) struct MonoId(pub(super) u32);

/// A sum of a [`Forms`].
#[derive(Copy, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub(super) struct FormId(pub(super) u32);

/// The variable of a sum over a range, inside a network.
pub(super) const BOUND: IntVar = IntVar(u32::MAX);

/// An atom in a network: its entries, each to the same power.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub(super) struct Factor {
    pub(super) atom: AtomId,
    pub(super) power: Rational,
    pub(super) labels: Labels,
}

/// A network in its canonical labelling: the labels of `out` come first, then the summed ones.
///
/// With a range it is summed over [`BOUND`] from 0 to that integer as well.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub(super) struct Mono {
    pub(super) factors: SmallVec<[Factor; 4]>,
    pub(super) out: Labels,
    pub(super) dims: SmallVec<[DimId; 8]>,
    pub(super) range: Option<Poly>,
}

/// Networks with coefficients that are not zero, each once, ordered by their keys.
pub(super) type Terms = SmallVec<[(MonoId, Rational); 2]>;

/// A sum of networks with the same axes.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub(super) struct Form {
    pub(super) axes: Axes,
    pub(super) terms: Terms,
}

/// Normal forms with the nodes that have them. A copy shares what [`Arena::share`] was called on.
#[derive(Clone, Debug, Default)]
pub(super) struct Arena {
    /// Each with what is known of it; networks and sums with a hash of what they are.
    atoms: Layers<Atom, Info>,
    monos: Layers<Mono, u64>,
    forms: Layers<Form, u64>,
    nodes: Layers<NodeId, FormId>,
    /// Forms known to equal their transposes.
    pub(super) symmetric: FxHashSet<FormId>,
    pub(super) functions: Functions,
    /// Networks built in all, and the work on coefficients of many digits.
    steps: usize,
    networks: u64,
}

/// What one comparison works on.
pub(super) struct Forms<'a> {
    pub(super) store: &'a Store,
    pub(super) budget: Budget,
    pub(super) arena: Arena,
}

/// Two hashes made one; the result does not depend on the machine.
pub(super) fn mix(a: u64, b: u64) -> u64 {
    let x = (a.rotate_left(23) ^ b).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    let x = (x ^ (x >> 29)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    x ^ (x >> 32)
}

/// A hash of a plain value.
pub(super) fn hash_of(x: &impl Hash) -> u64 {
    let mut h = FxHasher::default();
    x.hash(&mut h);
    mix(h.finish(), 0x51)
}

/// What a network counts of a claim's work.
const NETWORK: u64 = 500;

/// A hash of an exponent, quick for one.
pub(super) fn power_key(p: &Rational) -> u64 {
    if p.is_one() { 1 } else { hash_of(p) }
}

impl Arena {
    /// Makes all that there is a part of what copies share.
    pub(super) fn share(&mut self) {
        self.atoms.share();
        self.monos.share();
        self.forms.share();
        self.nodes.share();
    }

    /// Counts the work that was done for this arena once more: it is done for every comparison that uses it.
    pub(super) fn count_again(&self) -> Result<(), StopReason> {
        if limit::spend(NETWORK.saturating_mul(self.networks)) { Ok(()) } else { Err(StopReason::Steps) }
    }
}

impl<'a> Forms<'a> {
    pub(super) fn new(store: &'a Store, budget: &Budget) -> Self {
        Self { store, budget: *budget, arena: Arena::default() }
    }

    /// Counts the work on a coefficient of many digits: numbers must not grow where terms may not.
    pub(super) fn spend_on(&mut self, coefficient: &Rational) -> Result<(), StopReason> {
        self.arena.steps += usize::try_from(coefficient.excess() / 32).unwrap_or(usize::MAX / 2);
        if self.arena.steps > self.budget.steps { Err(StopReason::Steps) } else { Ok(()) }
    }

    /// Counts one network.
    pub(super) fn spend(&mut self) -> Result<(), StopReason> {
        self.arena.steps += 1;
        self.arena.networks += 1;
        if !limit::spend(NETWORK) || self.arena.steps > self.budget.steps { Err(StopReason::Steps) } else { Ok(()) }
    }

    pub(super) fn info(&self, a: AtomId) -> &Info {
        self.arena.atoms.at(a.0).1
    }

    pub(super) fn atom_of(&self, a: AtomId) -> &Atom {
        self.arena.atoms.at(a.0).0
    }

    pub(super) fn mono(&self, m: MonoId) -> &Mono {
        self.arena.monos.at(m.0).0
    }

    pub(super) fn mono_key(&self, m: MonoId) -> u64 {
        *self.arena.monos.at(m.0).1
    }

    pub(super) fn form(&self, f: FormId) -> &Form {
        self.arena.forms.at(f.0).0
    }

    pub(super) fn form_key(&self, f: FormId) -> u64 {
        *self.arena.forms.at(f.0).1
    }

    /// The normal form of a node, where it is known.
    pub(super) fn form_of(&self, id: NodeId) -> Option<FormId> {
        Some(*self.arena.nodes.at(self.arena.nodes.find(&id).ok()?).1)
    }

    /// Keeps the normal form of a node.
    pub(super) fn set_form(&mut self, id: NodeId, form: FormId) {
        if let Err(place) = self.arena.nodes.find(&id) {
            self.arena.nodes.store(place, id, form);
        }
    }

    /// The atom, stored once.
    pub(super) fn atom(&mut self, atom: Atom) -> AtomId {
        AtomId(self.arena.atoms.find(&atom).unwrap_or_else(|place| {
            let info = self.describe(&atom);
            self.arena.atoms.store(place, atom, info)
        }))
    }

    /// A network that is in its canonical labelling.
    pub(super) fn intern_mono(&mut self, mono: Mono) -> MonoId {
        MonoId(self.arena.monos.find(&mono).unwrap_or_else(|place| {
            let key = self.key_of_mono(&mono);
            self.arena.monos.store(place, mono, key)
        }))
    }

    fn key_of_mono(&self, mono: &Mono) -> u64 {
        let mut key = mono.out.iter().fold(0x2468, |key, l| mix(key, u64::from(*l)));
        for f in &mono.factors {
            key = mix(key, self.info(f.atom).key ^ power_key(&f.power));
            key = f.labels.iter().fold(key, |key, l| mix(key, u64::from(*l)));
        }
        mono.range.as_ref().map_or(key, |upper| mix(key, hash_of(upper)))
    }

    /// The sum of terms, with equal networks merged.
    pub(super) fn sum(&mut self, axes: Axes, mut terms: Vec<(MonoId, Rational)>) -> FormId {
        let mut merged = Terms::new();
        match terms.as_mut_slice() {
            [] => {}
            [_] => merged.extend(terms.pop()),
            _ => {
                terms.sort_unstable_by_key(|t| (self.mono_key(t.0), t.0));
                for (m, c) in terms {
                    match merged.last_mut() {
                        Some((last, sum)) if *last == m => *sum = &*sum + &c,
                        _ => merged.push((m, c)),
                    }
                }
            }
        }
        merged.retain(|t| !t.1.is_zero());
        let form = Form { axes, terms: merged };
        FormId(self.arena.forms.find(&form).unwrap_or_else(|place| {
            let hash = |key, (m, c): &(MonoId, Rational)| mix(mix(key, self.mono_key(*m)), power_key(c));
            let key = form.terms.iter().fold(0x1357, hash);
            self.arena.forms.store(place, form, key)
        }))
    }

    /// The tensor of zeros.
    pub(super) fn zero(&mut self, axes: Axes) -> FormId {
        self.sum(axes, Vec::new())
    }

    /// Σ cᵢ Fᵢ
    pub(super) fn linear(&mut self, axes: Axes, parts: &[(Rational, FormId)]) -> Result<FormId, StopReason> {
        let mut all: Vec<(MonoId, Rational)> = Vec::new();
        for (c, f) in parts {
            let terms = &self.form(*f).terms;
            if c.is_one() {
                all.extend(terms.iter().cloned());
            } else {
                all.extend(terms.iter().map(|(m, d)| (*m, c * d)));
            }
            if all.len() > self.budget.terms {
                return Err(StopReason::Terms);
            }
        }
        Ok(self.sum(axes, all))
    }

    /// One network with coefficient one.
    pub(super) fn single(&mut self, m: MonoId) -> FormId {
        let mono = self.mono(m);
        let axes = mono.out.iter().map(|l| mono.dims[*l as usize]).collect();
        self.sum(axes, vec![(m, Rational::ONE)])
    }

    /// The rational value of a scalar that is one.
    pub(super) fn as_number(&self, f: FormId) -> Option<Rational> {
        let form = self.form(f);
        match form.terms.as_slice() {
            [] if form.axes.is_empty() => Some(Rational::ZERO),
            [(m, c)] if form.axes.is_empty() && self.mono(*m).is_one() => Some(c.clone()),
            _ => None,
        }
    }
}

impl Mono {
    /// Whether this is the scalar one.
    pub(super) fn is_one(&self) -> bool {
        self.factors.is_empty() && self.range.is_none() && self.out.is_empty()
    }

    /// Whether no label stands twice in `out`.
    pub(super) fn is_plain(&self) -> bool {
        self.out.iter().enumerate().all(|(i, l)| *l as usize == i)
    }

    /// How many labels are not summed.
    pub(super) fn open(&self) -> usize {
        self.out.iter().map(|l| *l as usize + 1).max().unwrap_or(0)
    }

    /// Whether any label is summed.
    pub(super) fn has_sum(&self) -> bool {
        self.dims.len() > self.open() || self.range.is_some()
    }
}
