//! The declared names, as far as reading needs them.
//!
//! A word such as `Wx` or `logdet` and a script such as `_1`, `^T` or `(x)` read differently when the word,
//! the whole, or what stands before it is declared; this is all the parsers know of the declarations.

use super::Name;
use super::alias::{Pattern, Prepared, prepare};
use rustc_hash::{FxHashMap, FxHashSet};
use std::sync::Arc;

/// What a declared name is.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub enum NameKind {
    /// A symbol or definition that stands for one value.
    Symbol,
    /// The base name of a family (`x` of `x_i`): a script that is an index names a member.
    Family,
    /// A function: `f(x)` is a call, `f'(x)` its derivative.
    Function,
    /// A dimension, or the count of a family.
    Dimension,
}

/// The declared names of one problem or request. Copies share them until one of them declares more.
#[derive(Clone, Debug, Default)]
pub struct Names {
    known: Arc<Known>,
    complete: bool,
    differentials: bool,
}

#[derive(Clone, Debug, Default)]
struct Known {
    kinds: FxHashMap<Name, Vec<NameKind>>,
    aliases: Vec<(String, String)>,
    /// Aliases that are names themselves, with the names they stand for.
    renamings: FxHashMap<Name, Name>,
    /// The other aliases, the longest first.
    patterns: Vec<Pattern>,
    /// Symbols that are no function of others.
    given: FxHashSet<Name>,
}

impl Names {
    /// No names declared: words are split into letters by convention.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Declares a canonical name. A name may be of several kinds (a vector `x` and a family `x_i`).
    pub fn declare(&mut self, name: &str, kind: NameKind) {
        if !self.is(name, kind) {
            Arc::make_mut(&mut self.known).kinds.entry(name.into()).or_default().push(kind);
        }
    }

    /// Says whether a symbol is given, and no function of others: then `x'(y)` is a product and no derivative.
    pub fn set_given(&mut self, name: &str, given: bool) {
        if given == self.is_given(name) {
            return;
        }
        let known = &mut Arc::make_mut(&mut self.known).given;
        if given {
            known.insert(name.into());
        } else {
            known.remove(name);
        }
    }

    /// Whether a symbol is given, and no function of others.
    pub(super) fn is_given(&self, name: &str) -> bool {
        self.known.given.contains(name)
    }

    /// Adds another spelling, in either notation, of a declared name; it is taken whole.
    /// An index letter in the spelling that is also an index of the name stands for every index.
    pub fn alias(&mut self, spelling: &str, name: &str) {
        let known = Arc::make_mut(&mut self.known);
        known.aliases.push((spelling.to_owned(), name.to_owned()));
        match prepare(spelling, name) {
            Prepared::Renaming(other) => {
                known.renamings.insert(other, name.into());
            }
            Prepared::Pattern(pattern) => {
                let at = known.patterns.partition_point(|p| p.keys.len() >= pattern.keys.len());
                known.patterns.insert(at, pattern);
            }
            Prepared::Nothing => {}
        }
    }

    /// The other spellings: spelling, and the declared name as written there (`y_i`, `W_1`, `L`).
    #[must_use]
    pub fn aliases(&self) -> &[(String, String)] {
        &self.known.aliases
    }

    /// Says that `dX` is a differential although d is a size.
    pub fn set_differentials(&mut self) {
        self.differentials = true;
    }

    /// Whether `dX` is a differential although d is a size.
    pub(super) fn are_differentials(&self) -> bool {
        self.differentials
    }

    /// Says that every symbol is declared, so that an undeclared word is no new symbol.
    pub fn set_complete(&mut self) {
        self.complete = true;
    }

    /// Whether every symbol is declared.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        self.complete
    }

    /// Whether the canonical name is declared as anything.
    #[must_use]
    pub fn contains(&self, name: &str) -> bool {
        self.known.kinds.contains_key(name)
    }

    /// Whether the canonical name is declared as that kind.
    #[must_use]
    pub fn is(&self, name: &str, kind: NameKind) -> bool {
        self.known.kinds.get(name).is_some_and(|k| k.contains(&kind))
    }

    /// Whether nothing is declared.
    pub(super) fn is_empty(&self) -> bool {
        self.known.kinds.is_empty() && self.known.renamings.is_empty()
    }

    /// The declared name that a canonical name stands for: itself, or what it is an alias of.
    pub(super) fn resolve(&self, name: &str) -> Option<Name> {
        if let Some((own, _)) = self.known.kinds.get_key_value(name) {
            return Some(own.clone());
        }
        self.known.renamings.get(name).cloned()
    }

    /// The aliases that are more than a name, the longest first.
    pub(super) fn patterns(&self) -> &[Pattern] {
        &self.known.patterns
    }

    /// Every declared name, in alphabetic order.
    pub(super) fn names(&self) -> impl Iterator<Item = &Name> {
        #[expect(clippy::iter_over_hash_type, reason = "the names are sorted")]
        fn sorted(kinds: &FxHashMap<Name, Vec<NameKind>>) -> Vec<&Name> {
            let mut names = Vec::new();
            for name in kinds.keys() {
                names.push(name);
            }
            names.sort_unstable();
            names
        }
        sorted(&self.known.kinds).into_iter()
    }
}
