//! The operators' spellings, looked up. They are read from the operator table; nothing is listed twice.

use super::{Relation, Syntax};
use crate::operator::{Notation, OPERATORS, Op};
use rustc_hash::FxHashMap;
use std::sync::LazyLock;

/// The spellings of one notation.
pub(super) struct Spellings {
    calls: FxHashMap<&'static str, Op>,
    /// Infix spellings that are LaTeX commands, without the backslash.
    commands: FxHashMap<&'static str, Op>,
    /// Infix spellings made of signs, the longest first.
    signs: Vec<(&'static str, Op)>,
}

static PLAIN: LazyLock<Spellings> = LazyLock::new(|| Spellings::read(Syntax::Plain));
static LATEX: LazyLock<Spellings> = LazyLock::new(|| Spellings::read(Syntax::Latex));

impl Spellings {
    /// The spellings of that notation.
    pub(super) fn of(syntax: Syntax) -> &'static Self {
        match syntax {
            Syntax::Plain => &PLAIN,
            Syntax::Latex => &LATEX,
        }
    }

    fn read(syntax: Syntax) -> Self {
        let mut all = Self { calls: FxHashMap::default(), commands: FxHashMap::default(), signs: Vec::new() };
        for &op in OPERATORS {
            match &op.notation {
                Notation::Call { plain, latex, .. } => {
                    let words = if syntax == Syntax::Plain { plain } else { latex };
                    all.calls.extend(words.iter().map(|w| (*w, op)));
                }
                Notation::Infix { plain, latex, .. } => {
                    // Both lists: signs of one notation are typed in the other too, and none means two things.
                    for spelling in plain.iter().chain(latex.iter()) {
                        match spelling.strip_prefix('\\') {
                            Some(command) => {
                                all.commands.insert(command, op);
                            }
                            None if spelling.trim().is_empty() => {}
                            None => all.signs.push((spelling, op)),
                        }
                    }
                }
                Notation::Special => {}
            }
        }
        all.signs.sort_by_key(|(s, _)| std::cmp::Reverse(s.len()));
        all
    }

    /// The operator called by that name.
    pub(super) fn call(&self, name: &str) -> Option<Op> {
        self.calls.get(name).copied()
    }

    /// The infix operator of that LaTeX command.
    pub(super) fn command(&self, command: &str) -> Option<Op> {
        self.commands.get(command).copied()
    }

    /// The infix operator whose sign begins `rest`, and the sign's length.
    pub(super) fn sign(&self, rest: &str) -> Option<(Op, usize)> {
        self.signs.iter().find(|(s, _)| rest.starts_with(s)).map(|(s, op)| (*op, s.len()))
    }

    /// Every name of a call, for hints.
    pub(super) fn calls(&self) -> impl Iterator<Item = &'static str> + '_ {
        // A list for searching the nearest of: the order does not show.
        #[expect(clippy::iter_over_hash_type)]
        fn collect(map: &FxHashMap<&'static str, Op>) -> Vec<&'static str> {
            let mut names = Vec::new();
            for name in map.keys() {
                names.push(*name);
            }
            names.sort_unstable();
            names
        }
        collect(&self.calls).into_iter()
    }
}

/// Relation signs that are no operators: the relation, its signs, its LaTeX commands. The first of each is printed.
pub(super) const RELATIONS: &[(Relation, &[&str], &[&str])] = &[
    (Relation::Define, &[":=", "≜", "≔", "≝", "≡"], &["triangleq", "coloneqq", "equiv", "doteq", "coloneq"]),
    (
        Relation::Implies,
        &["⇒", "=>", "⟹", "→", "∴"],
        &[
            "Rightarrow",
            "implies",
            "therefore",
            "to",
            "rightarrow",
            "Longrightarrow",
            "longrightarrow",
            "iff",
            "Leftrightarrow",
        ],
    ),
    (Relation::Assign, &["←"], &["leftarrow", "gets"]),
    (Relation::Approximate, &["≈", "≃", "≅"], &["approx", "simeq", "cong", "sim"]),
    (Relation::Proportional, &["∝"], &["propto"]),
    (Relation::Semidefinite, &["⪰", "≽", "≻"], &["succeq", "succ", "succcurlyeq"]),
    (Relation::Member, &["∈"], &["in"]),
    (Relation::Equal, &["="], &["eq"]),
];

/// The relation whose sign begins `rest`, and the sign's length.
pub(super) fn relation_sign(rest: &str) -> Option<(Relation, usize)> {
    RELATIONS
        .iter()
        .flat_map(|(relation, signs, _)| signs.iter().map(move |s| (*relation, *s)))
        .find(|(_, s)| rest.starts_with(s))
        .map(|(relation, s)| (relation, s.len()))
}

/// The relation of a LaTeX command.
pub(super) fn relation_command(command: &str) -> Option<Relation> {
    RELATIONS.iter().find(|(.., commands)| commands.contains(&command)).map(|(r, ..)| *r)
}
