//! A section of a submission under one problem: its declarations, the document's own, and one graph for all of it.

use super::carried::WrongDerivative;
use super::derivative::Mode;
use super::local::{entry_name, local_name};
use crate::dimension::Poly;
use crate::lower::Quantities;
use crate::problem::{Layout, Problem};
use crate::shape::{Formula, QuantityId, Scope};
use crate::syntax::{Kind, Name, NameKind, Syntax, Tree, parse};
use crate::tensor::{NodeId, Store};
use crate::text::{Code, Diagnostic};

/// Brackets of one formula that are mended.
const MOST_MENDED: usize = 3;
/// What is said of a formula with such a bracket.
pub(super) const MENDED: &str = "a bracket that does not fit is mended";

/// What one section is read with.
pub(super) struct Session {
    /// The declarations, the document's included.
    pub(super) scope: Scope,
    /// The graph.
    pub(super) store: Store,
    /// The nodes of declared quantities.
    pub(super) quantities: Quantities,
    /// Other formulas for a quantity that the document claims and that are right.
    pub(super) alternatives: Vec<(QuantityId, Formula)>,
    /// What operators without an operand differentiate.
    pub(super) objective: Option<QuantityId>,
    /// What `∇f` without an index differentiates by.
    pub(super) variable: Option<Name>,
    /// The same for each objective that a question names.
    pub(super) variables: Vec<(Name, Name)>,
    /// Whether the document adds derivatives along paths.
    pub(super) paths: bool,
    /// The most generous layout of the section's questions.
    pub(super) layout: Layout,
    /// Gradients that the document sets to zero: the node, and the unknown.
    pub(super) conditions: Vec<(NodeId, QuantityId)>,
    /// What the document sets to zero as a constraint: a difference of two sides.
    pub(super) constraints: Vec<NodeId>,
    /// Conditions and systems of them of which no solution was found.
    pub(super) unsolved: Vec<NodeId>,
    pub(super) unsolved_systems: Vec<Vec<NodeId>>,
    /// Gradients that were claimed wrongly: what follows from setting one to zero is no second mistake.
    pub(super) wrong_conditions: Vec<(NodeId, QuantityId)>,
    /// Derivatives of objectives and differentials of them that were claimed wrongly.
    pub(super) wrong_derivatives: Vec<WrongDerivative>,
    pub(super) wrong_differentials: Vec<(QuantityId, NodeId)>,
    /// The gradients that the section's questions ask for: claims may hold where they vanish.
    pub(super) asked: Vec<(NodeId, QuantityId)>,
    /// The number of columns of the matrix by which a second derivative is asked for.
    pub(super) asked_columns: Option<Poly>,
    /// Symbols with their differentials.
    pub(super) differentials: Vec<(QuantityId, QuantityId)>,
    /// An objective that stands for another one: `L` where only a part of it, `L_2`, is meant.
    pub(super) meant: Option<(Name, Name)>,
    /// Names that the document gives a meaning: never spellings of others.
    pub(super) own: Vec<Name>,
    /// Names that are numbers in the chain at hand.
    pub(super) entries: Vec<Name>,
    /// Whether the chain at hand is a rule about letters that are not declared.
    pub(super) rule: bool,
    /// What was inferred of a name, and the chain that needs it first.
    pub(super) inferred: Vec<(usize, String)>,
    /// Symbols of which numbered values are steps of an iteration.
    pub(super) iterates: Vec<Name>,
    /// Symbols that start at zero, and the line where this is said.
    pub(super) starts: Vec<(QuantityId, u32)>,
    /// Two index letters that are said to differ, and the line.
    pub(super) distinct: Option<(Name, Name, u32)>,
    /// Whether the side at hand was written with a term that is only called constant.
    pub(super) constant: bool,
    /// How many symbols stand for values in the formula at hand.
    pub(super) stands: usize,
    /// Readings that were needed beyond the letter, in words.
    pub(super) notes: Vec<String>,
}

impl Session {
    pub(super) fn new(problem: &Problem) -> Self {
        Self { objective: problem.objectives.first().copied(), ..Self::bare(problem.scope.clone()) }
    }

    /// A session with declarations only.
    pub(super) fn bare(mut scope: Scope) -> Self {
        scope.names.set_complete();
        Self {
            scope,
            store: Store::default(),
            quantities: Quantities::default(),
            alternatives: Vec::new(),
            objective: None,
            variable: None,
            variables: Vec::new(),
            paths: false,
            layout: Layout::Standard,
            conditions: Vec::new(),
            constraints: Vec::new(),
            wrong_conditions: Vec::new(),
            wrong_derivatives: Vec::new(),
            wrong_differentials: Vec::new(),
            unsolved: Vec::new(),
            unsolved_systems: Vec::new(),
            asked: Vec::new(),
            asked_columns: None,
            differentials: Vec::new(),
            meant: None,
            own: Vec::new(),
            entries: Vec::new(),
            rule: false,
            inferred: Vec::new(),
            iterates: Vec::new(),
            starts: Vec::new(),
            distinct: None,
            constant: false,
            stands: 0,
            notes: Vec::new(),
        }
    }

    /// Reads a formula as it stands, or with the one bracket too many left out or too few put in, which is noted.
    pub(super) fn parse(&mut self, text: &str, syntax: Syntax) -> Result<Tree, Diagnostic> {
        let result = self.parse_balanced(text, syntax);
        let Err(d) = &result else { return result };
        if d.code != Code::UNBALANCED_BRACKET {
            return result;
        }
        let mut mended = text.to_owned();
        for _ in 0..MOST_MENDED {
            let Err(d) = self.parse_balanced(&mended, syntax) else { break };
            let range = d.span.range();
            match mended.get(range.clone()) {
                Some(")" | "]") => mended.replace_range(range, " "),
                // `\left( … \right.` too is closed where the formula ends.
                Some(open) if open.ends_with('(') => mended.push(')'),
                Some(open) if open.ends_with('[') => mended.push(']'),
                _ => return result,
            }
        }
        match self.parse_balanced(&mended, syntax) {
            Ok(tree) => {
                self.note(MENDED.into());
                Ok(tree)
            }
            Err(_) => result,
        }
    }

    /// Reads a formula; a name that is declared only in the other case is taken for that one, and this is noted.
    fn parse_balanced(&mut self, text: &str, syntax: Syntax) -> Result<Tree, Diagnostic> {
        for _ in 0..4 {
            match parse(text, syntax, &self.scope.names) {
                Err(d) if d.code == Code::UNKNOWN_SYMBOL && self.other_case(text, &d) => {}
                result => return result.map(|t| self.with_entries(t)),
            }
        }
        parse(text, syntax, &self.scope.names)
    }

    /// A tree in which the entries of written matrices are their own numbers.
    fn with_entries(&self, mut tree: Tree) -> Tree {
        if self.entries.is_empty() {
            return tree;
        }
        for id in tree.ids() {
            if let Some(name) = entry_name(&tree, id).filter(|n| self.entries.contains(n)) {
                tree.set_kind(id, Kind::Symbol(local_name(&name)));
            }
        }
        tree
    }

    /// Declares the unknown name of a diagnostic as a spelling of the one in the other case, where there is one.
    pub(super) fn other_case(&mut self, text: &str, d: &Diagnostic) -> bool {
        let Some(written) = text.get(d.span.range()).map(str::trim) else { return false };
        let mut letters = written.chars();
        let (Some(first), rest) = (letters.next(), letters.as_str()) else { return false };
        let other: String = if first.is_uppercase() {
            first.to_lowercase().chain(rest.chars()).collect()
        } else {
            first.to_uppercase().chain(rest.chars()).collect()
        };
        let known = other != written
            && self.entries.is_empty()
            && !is_script(text, written)
            && !self.own.iter().any(|n| n == written || *n == other)
            && (self.scope.names.is(&other, NameKind::Symbol) || self.scope.names.is(&other, NameKind::Family));
        if known {
            self.scope.names.alias(written, &other);
            self.note(format!("{written} is read as {other}"));
        }
        known
    }

    pub(super) fn note(&mut self, words: String) {
        if !self.notes.contains(&words) {
            self.notes.push(words);
        }
    }

    /// The readings of derivatives that the document allows, the plainest first; in a sum over paths, each partial
    /// derivative may be that along one path.
    pub(super) fn modes(&self, adds_paths: bool) -> Vec<Mode> {
        let both = |path, local| [false, true].map(|numerator| Mode { path, numerator, local });
        let mut modes = both(false, false).to_vec();
        if self.paths {
            modes.extend(both(true, false));
        }
        if adds_paths {
            modes.extend(both(false, true));
        }
        modes
    }
}

/// Whether a letter stands in a script of the formula: then it is an index wherever it stands.
fn is_script(text: &str, letter: &str) -> bool {
    letter.chars().count() == 1
        && text.match_indices('_').any(|(at, _)| {
            let script = text[at + 1..].trim_start();
            match script.strip_prefix('{') {
                Some(group) => group.split('}').next().is_some_and(|g| g.contains(letter) && !g.contains('\\')),
                None => script.starts_with(letter),
            }
        })
}
