//! Normal forms and where they are kept: atoms, networks and sums, each stored once.

use super::atom::{Atom, Info};
use super::budget::{Budget, StopReason};
use super::function::Functions;
use crate::dimension::{IntVar, Poly};
use crate::limit;
use crate::number::Rational;
use crate::tensor::{Axes, DimId, Labels, NodeId, Store};
use indexmap::IndexSet;
use rustc_hash::{FxBuildHasher, FxHashMap, FxHashSet, FxHasher};
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

/// The arena of one comparison.
pub(super) struct Forms<'a> {
    pub(super) store: &'a Store,
    pub(super) budget: Budget,
    pub(super) steps: usize,
    pub(super) functions: Functions,
    pub(super) atoms: IndexSet<Atom, FxBuildHasher>,
    pub(super) infos: Vec<Info>,
    monos: IndexSet<Mono, FxBuildHasher>,
    mono_keys: Vec<u64>,
    forms: IndexSet<Form, FxBuildHasher>,
    form_keys: Vec<u64>,
    pub(super) nodes: FxHashMap<NodeId, FormId>,
    /// Forms known to equal their transposes.
    pub(super) symmetric: FxHashSet<FormId>,
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

/// A hash of an exponent, quick for one.
/// What a network counts of a claim's work.
const NETWORK: u64 = 500;

pub(super) fn power_key(p: &Rational) -> u64 {
    if p.is_one() { 1 } else { hash_of(p) }
}

fn number(i: usize) -> u32 {
    u32::try_from(i).unwrap_or(u32::MAX)
}

impl<'a> Forms<'a> {
    pub(super) fn new(store: &'a Store, budget: &Budget) -> Self {
        Self {
            store,
            budget: *budget,
            steps: 0,
            functions: Functions::default(),
            atoms: IndexSet::default(),
            infos: Vec::new(),
            monos: IndexSet::default(),
            mono_keys: Vec::new(),
            forms: IndexSet::default(),
            form_keys: Vec::new(),
            nodes: FxHashMap::default(),
            symmetric: FxHashSet::default(),
        }
    }

    /// Counts the work on a coefficient of many digits: numbers must not grow where terms may not.
    pub(super) fn spend_on(&mut self, coefficient: &Rational) -> Result<(), StopReason> {
        self.steps += usize::try_from(coefficient.excess() / 32).unwrap_or(usize::MAX / 2);
        if self.steps > self.budget.steps { Err(StopReason::Steps) } else { Ok(()) }
    }

    /// Counts one network.
    pub(super) fn spend(&mut self) -> Result<(), StopReason> {
        self.steps += 1;
        if !limit::spend(NETWORK) || self.steps > self.budget.steps { Err(StopReason::Steps) } else { Ok(()) }
    }

    pub(super) fn info(&self, a: AtomId) -> &Info {
        &self.infos[a.0 as usize]
    }

    pub(super) fn atom_of(&self, a: AtomId) -> &Atom {
        &self.atoms[a.0 as usize]
    }

    pub(super) fn mono(&self, m: MonoId) -> &Mono {
        &self.monos[m.0 as usize]
    }

    pub(super) fn mono_key(&self, m: MonoId) -> u64 {
        self.mono_keys[m.0 as usize]
    }

    pub(super) fn form(&self, f: FormId) -> &Form {
        &self.forms[f.0 as usize]
    }

    pub(super) fn form_key(&self, f: FormId) -> u64 {
        self.form_keys[f.0 as usize]
    }

    /// The atom, stored once.
    pub(super) fn atom(&mut self, atom: Atom) -> AtomId {
        if let Some(i) = self.atoms.get_index_of(&atom) {
            return AtomId(number(i));
        }
        let info = self.describe(&atom);
        self.infos.push(info);
        AtomId(number(self.atoms.insert_full(atom).0))
    }

    /// A network that is in its canonical labelling.
    pub(super) fn intern_mono(&mut self, mono: Mono) -> MonoId {
        let (i, new) = self.monos.insert_full(mono);
        if new {
            let mono = &self.monos[i];
            let mut key = 0x2468;
            for l in &mono.out {
                key = mix(key, u64::from(*l));
            }
            for f in &mono.factors {
                key = mix(key, self.info(f.atom).key ^ power_key(&f.power));
                for l in &f.labels {
                    key = mix(key, u64::from(*l));
                }
            }
            if let Some(upper) = &mono.range {
                key = mix(key, hash_of(upper));
            }
            self.mono_keys.push(key);
        }
        MonoId(number(i))
    }

    /// The sum of terms, with equal networks merged.
    pub(super) fn sum(&mut self, axes: Axes, mut terms: Vec<(MonoId, Rational)>) -> FormId {
        let mut merged = Terms::new();
        match terms.as_mut_slice() {
            [] => {}
            [_] => merged.extend(terms.pop()),
            _ => {
                terms.sort_unstable_by_key(|t| (self.mono_keys[t.0.0 as usize], t.0));
                for (m, c) in terms {
                    match merged.last_mut() {
                        Some((last, sum)) if *last == m => *sum = &*sum + &c,
                        _ => merged.push((m, c)),
                    }
                }
            }
        }
        merged.retain(|t| !t.1.is_zero());
        self.intern_form(Form { axes, terms: merged })
    }

    fn intern_form(&mut self, form: Form) -> FormId {
        let (i, new) = self.forms.insert_full(form);
        if new {
            let key = self.forms[i]
                .terms
                .iter()
                .fold(0x1357, |key, (m, c)| mix(mix(key, self.mono_keys[m.0 as usize]), power_key(c)));
            self.form_keys.push(key);
        }
        FormId(number(i))
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
