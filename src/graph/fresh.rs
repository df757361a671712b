//! Names for steps that nobody named.

use crate::shape::Scope;
use crate::syntax::Name;
use std::collections::BTreeSet;

/// Letters for steps, in order of preference; those of families take none with a number, for the index stands there.
const NUMBERED: &[&str] = &["z", "u", "v", "q", "p", "h"];
const FAMILIES: &[&str] = &["u", "v", "r", "q", "p", "h", "o", "c", "g", "a", "b", "l", "s", "t", "w", "y"];

/// Names that are free.
pub(super) struct Fresh<'a> {
    scope: &'a Scope,
    base: &'static str,
    count: usize,
    given: BTreeSet<&'static str>,
}

impl<'a> Fresh<'a> {
    pub(super) fn new(scope: &'a Scope) -> Self {
        let used = |letter: &str| {
            let own = |n: &str| n == letter || n.split('_').next() == Some(letter);
            scope.names.contains(letter) || scope.quantities().any(|(_, q)| own(&q.name))
        };
        let base = NUMBERED.iter().copied().find(|l| !used(l)).unwrap_or("step");
        Self { scope, base, count: 0, given: BTreeSet::new() }
    }

    /// A name; nothing where there is no letter left.
    pub(super) fn name(&mut self, family: bool) -> Option<Name> {
        if !family {
            self.count += 1;
            return Some(Name::from(format!("{}_{}", self.base, self.count)));
        }
        let taken = |l: &str| {
            let letter = self.scope.quantities().any(|(_, q)| q.name == l || q.letters.iter().any(|i| i == l));
            letter || self.scope.names.contains(l) || self.scope.unifier.find(l).is_some() || l == self.base
        };
        let letter = FAMILIES.iter().copied().find(|l| !taken(l) && !self.given.contains(l))?;
        self.given.insert(letter);
        Some(Name::from(letter))
    }
}

/// The name of a quantity's adjoint: `z_bar_1` for `z_1`.
pub(super) fn adjoint(name: &str) -> String {
    match name.split_once('_') {
        Some((base, rest)) => format!("{base}_bar_{rest}"),
        None => format!("{name}_bar"),
    }
}
