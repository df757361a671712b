//! The derived truth as a formula to be printed: in the form asked for, and only one that reads back as the truth.

use crate::limit::{self, Limit};
use crate::raise::{self, Named, Raised, Style};
use crate::syntax::{Name, Syntax, Tree, print};
use crate::tensor::Value;
use crate::verdict::{self, Depth, LayoutRead, Posed, Verdict, judge, read_candidate};
use std::sync::OnceLock;

/// How a derivative is written.
#[derive(Copy, Clone, PartialEq, Eq, Default, Debug)]
pub enum Writing {
    /// As a person would: shared factors before brackets, definitions folded.
    #[default]
    Natural,
    /// With common coefficients before brackets too.
    Factored,
    /// With products multiplied out.
    Expanded,
    /// With free indices and sums.
    Index,
}

/// A formula, and whether it was read back and found equal.
#[derive(Debug)]
pub(super) struct Written {
    pub(super) tree: Tree,
    pub(super) named: Option<Named>,
    pub(super) checked: bool,
    /// The formula in each notation, once it was printed.
    plain: OnceLock<String>,
    latex: OnceLock<String>,
}

impl Written {
    fn new(tree: Tree, named: Option<Named>) -> Self {
        Self { tree, named, checked: false, plain: OnceLock::new(), latex: OnceLock::new() }
    }

    /// The formula in a notation.
    pub(super) fn text(&self, syntax: Syntax) -> &str {
        let cell = match syntax {
            Syntax::Plain => &self.plain,
            Syntax::Latex => &self.latex,
        };
        cell.get_or_init(|| print(&self.tree, self.tree.root, syntax))
    }
}

/// Why the truth is not written.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub(super) enum Unwritten {
    /// It has too many symbols when it is written out.
    TooLong,
    /// No way of writing it reads back as it: a defect.
    Unlike,
}

impl Unwritten {
    pub(super) fn words(self) -> String {
        match self {
            Self::TooLong => {
                format!("the derivative has more than {} symbols when it is written out", limit::of(Limit::Symbols))
            }
            Self::Unlike => "internal error: no way of writing the derivative reads back as the derivative".into(),
        }
    }
}

/// The truth in that form. A formula that does not hold when it is read back is not given: another is tried in
/// its place.
pub(super) fn written(
    posed: &mut Posed,
    letters: Option<&[Name]>,
    writing: Writing,
    declared: Option<usize>,
) -> Result<Written, Unwritten> {
    let mut open = None;
    let other = if writing == Writing::Index { Writing::Natural } else { Writing::Index };
    for way in &[writing, other] {
        let Some((tree, named)) = tree_of(posed, letters, *way) else { return Err(Unwritten::TooLong) };
        let written = Written::new(tree, named);
        let Some(declared) = declared else { return Ok(written) };
        match holds(posed, written.text(Syntax::Plain), declared) {
            Some(true) => return Ok(Written { checked: true, ..written }),
            Some(false) => {}
            None => open = open.or(Some(written)),
        }
    }
    open.ok_or(Unwritten::Unlike)
}

/// In matrix notation where there is one, else with free indices, the given ones where there are any; nothing where it
/// would be too long.
fn tree_of(posed: &mut Posed, letters: Option<&[Name]>, writing: Writing) -> Option<(Tree, Option<Named>)> {
    let truth = posed.truth.clone();
    let scope = posed.scope.clone();
    let names = |v| verdict::integer_name(&scope, v);
    let style = match writing {
        Writing::Natural | Writing::Index => Style::Natural,
        Writing::Factored => Style::Factored,
        Writing::Expanded => Style::Expanded,
    };
    let raise = |posed: &mut Posed, value: &Value| -> Raised {
        if writing == Writing::Index {
            raise::raise_index(&mut posed.store, &names, value)
        } else {
            raise::raise_styled(&mut posed.store, &names, value, style)
        }
    };
    let mut raised = raise(posed, &truth);
    if !raised.letters.is_empty() || writing == Writing::Index && !truth.is_scalar() {
        let letters = letters.map_or_else(|| posed.usual_letters(), <[Name]>::to_vec);
        let indexed = posed.indexed(&letters);
        raised = raise(posed, &indexed);
    }
    // What shares its parts in the graph may double at every level on paper.
    if raised.size > limit::of(Limit::Symbols) {
        return None;
    }
    // A part of the formula that stands for a subexpression has no name to be printed.
    let named = raised.named.filter(|n| scope.spelled_out(n.tree.clone()).len() == n.tree.len());
    Some((scope.spelled_out(raised.tree), named))
}

/// Whether a printed formula, read again, is the truth; nothing where that is not decided.
fn holds(posed: &Posed, text: &str, declared: usize) -> Option<bool> {
    let mut again = posed.clone();
    let (mut candidate, typed) = read_candidate(&mut again, text, Some(Syntax::Plain), declared).ok()?;
    let judged = judge(&mut again, &mut candidate, typed.as_ref(), Depth::Decisive).ok()?;
    match judged.verdict {
        Verdict::Correct => Some(judged.layout == LayoutRead::Standard),
        Verdict::Incorrect => Some(false),
        Verdict::Unreadable | Verdict::Undecided => None,
    }
}
