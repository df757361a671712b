//! Things stored once, each with what is known of it, in two layers with one numbering: first what copies share, then
//! what this one has added. A copy costs what was added, not what is shared.

use indexmap::IndexMap;
use indexmap::map::raw_entry_v1::{RawEntryApiV1, RawEntryMut};
use rustc_hash::FxBuildHasher;
use std::hash::{BuildHasher, Hash};
use std::sync::Arc;

type Layer<K, V> = IndexMap<K, V, FxBuildHasher>;

/// The first thing makes room for as many, since most formulas are small.
const FEW: usize = 14;

#[derive(Clone, Debug)]
pub(crate) struct Layers<K, V> {
    shared: Arc<Layer<K, V>>,
    own: Layer<K, V>,
}

/// The place where a thing that is not stored has to go: its hash, which is taken once.
#[derive(Copy, Clone, Debug)]
pub(crate) struct Vacant(u64);

impl<K, V> Default for Layers<K, V> {
    fn default() -> Self {
        Self { shared: Arc::default(), own: Layer::default() }
    }
}

impl<K, V> Layers<K, V> {
    pub(crate) fn len(&self) -> usize {
        self.shared.len() + self.own.len()
    }

    /// The thing of that number, and what is known of it.
    pub(crate) fn at(&self, number: u32) -> (&K, &V) {
        let (layer, at) = match (number as usize).checked_sub(self.shared.len()) {
            None => (&*self.shared, number as usize),
            Some(own) => (&self.own, own),
        };
        layer.get_index(at).unwrap_or_else(|| unreachable!("numbers are given out here alone"))
    }
}

impl<K: Hash + Eq + Clone, V: Clone> Layers<K, V> {
    /// The number of a thing, where it is stored.
    pub(crate) fn find(&self, thing: &K) -> Result<u32, Vacant> {
        let hash = FxBuildHasher.hash_one(thing);
        let within = |layer: &Layer<K, V>| layer.raw_entry_v1().index_from_hash(hash, |known| known == thing);
        let index = within(&self.shared).or_else(|| Some(self.shared.len() + within(&self.own)?));
        index.map(number).ok_or(Vacant(hash))
    }

    /// Stores a thing in the place that was found for it; its number.
    pub(crate) fn store(&mut self, Vacant(hash): Vacant, thing: K, known: V) -> u32 {
        let index = self.len();
        if self.own.is_empty() {
            self.own.reserve(FEW);
        }
        if let RawEntryMut::Vacant(place) = self.own.raw_entry_mut_v1().from_hash(hash, |_| false) {
            place.insert_hashed_nocheck(hash, thing, known);
        }
        number(index)
    }

    /// Makes all that there is a part of what copies share.
    pub(crate) fn share(&mut self) {
        let own = std::mem::take(&mut self.own);
        if self.shared.is_empty() {
            self.shared = Arc::new(own);
        } else if !own.is_empty() {
            Arc::make_mut(&mut self.shared).extend(own);
        }
    }
}

fn number(index: usize) -> u32 {
    u32::try_from(index).unwrap_or(u32::MAX)
}
