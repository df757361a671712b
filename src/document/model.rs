//! What reading a document yields: headings, chains of claims, declarations, and what could not be read.

use crate::syntax::Relation;
use crate::text::Span;

/// A submission, with its mathematics found and cut. All spans count in [`Document::text`].
#[derive(Clone, Debug, Default)]
pub struct Document {
    /// The text the spans and lines count in: the file as given, or the joined Markdown cells of a notebook, with
    /// the commands that it defines written out. Zero bytes are spaces in it.
    pub text: String,
    /// Headings and the markers that place claims, in order.
    pub headings: Vec<Heading>,
    /// Chains of claims, in the order in which they begin.
    pub chains: Vec<Chain>,
    /// Formulas in prose that declare a shape or define a name.
    pub declarations: Vec<Declaration>,
    /// What looks like mathematics and was not cut, with the reason, in order.
    pub not_read: Vec<NotRead>,
    /// How many formulas were found, read or not.
    pub formulas: usize,
}

/// A heading, or a marker such as `(b)` at the start of a line.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Heading {
    /// The line's text without the marks of Markdown or LaTeX.
    pub span: Span,
    /// The line, from 1.
    pub line: u32,
    /// The words, with single spaces and without emphasis marks.
    pub text: String,
    /// 1 is the highest; `Problem 2` is 2 at least, `(b)` 7, `i)` 8.
    pub level: u8,
}

/// How a formula stands in the document.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub enum Display {
    /// Within a sentence.
    Inline,
    /// Set apart: `$$`, an environment, a math fence.
    Block,
    /// A line of plain text that is a formula.
    TextLine,
}

/// What introduces a statement.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub enum Lead {
    /// `⇒`, `∴`, `→`: it follows from what stands before.
    Implies,
    /// `∵`
    Because,
    /// `∀`: a quantifier, not a claim.
    ForAll,
}

/// Expressions with relations between them: `a = b = c`, possibly over several rows or displays.
///
/// A chain of one piece is an expression that stands alone, or (where the piece has a relation) the
/// continuation of something that was not found.
#[derive(Clone, Debug)]
pub struct Chain {
    /// The sides, in order.
    pub pieces: Vec<Piece>,
    /// The line of the first piece, from 1.
    pub line: u32,
    /// How the first piece stands.
    pub display: Display,
    /// The environment around the first piece: `aligned`.
    pub environment: Option<String>,
    /// What introduces the chain, and where.
    pub lead: Option<(Lead, Span)>,
}

/// One side of a chain.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Piece {
    /// The formula: the document's text at `span` with alignment marks, row ends, tags and boxes blanked out.
    /// It has exactly the length of `span`, so a place in it is a place in the document.
    pub text: String,
    /// Where it stands.
    pub span: Span,
    /// The line it begins on, from 1.
    pub line: u32,
    /// The sign before it; nothing for a first side, and for an implied `=`.
    pub relation: Option<(Relation, Span)>,
    /// Whether a box (or a double underline) goes around all of it.
    pub boxed: bool,
    /// Whether it is a row without a sign under a chain, which is usually meant as "= the row above", or what words
    /// call equal to the derivative before it ("becomes").
    pub implied: bool,
    /// The number of the formula it stands in; pieces of one formula share it.
    pub formula: u32,
}

impl Piece {
    /// Where a place in `text` stands in the document.
    #[must_use]
    pub fn place(&self, within: Span) -> Span {
        within.shift(self.span.start as usize)
    }
}

impl Chain {
    /// The numbers of the pieces that are right sides: each makes one link with the piece before it.
    pub fn links(&self) -> impl Iterator<Item = usize> + '_ {
        (0..self.pieces.len()).filter(|i| *i > 0 || self.pieces[0].relation.is_some())
    }

    /// Where link `i` stands: the first from its left side, a later one from its sign, to the end of its right side.
    #[must_use]
    pub fn link_span(&self, i: usize) -> Span {
        let Some(right) = self.pieces.get(i) else { return Span::default() };
        let sign = right.relation.map_or(right.span, |(_, sign)| sign.to(right.span));
        match self.pieces.first() {
            Some(left) if i == 1 && left.relation.is_none() && left.formula == right.formula => left.span.to(sign),
            _ => sign,
        }
    }
}

/// The text of link `i` of a chain as written in the document.
#[must_use]
pub fn link_source<'d>(document: &'d Document, chain: &Chain, i: usize) -> &'d str {
    document.text.get(chain.link_span(i).range()).unwrap_or_default()
}

/// What a declaration declares.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub enum DeclarationKind {
    /// `X \in \mathbb{R}^{d \times n}`
    Shape,
    /// `let z = Wx`, `c := d - x`
    Definition,
}

/// A formula that declares a shape or defines a name.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Declaration {
    /// What it declares.
    pub kind: DeclarationKind,
    /// Its chain; nothing for a size in words ("$V$ is an $n \times m$ matrix").
    pub chain: Option<usize>,
    /// The declared name or names as written.
    pub name: String,
    /// What it is declared to be: a set, a size, a formula.
    pub body: String,
    /// The line, from 1.
    pub line: u32,
    /// The whole declaration.
    pub span: Span,
}

/// Something that looks like mathematics and was not cut.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct NotRead {
    /// The line it begins on, from 1.
    pub line: u32,
    /// Its text, shortened where it is long.
    pub source: String,
    /// Why it was not read: one line, no full stop.
    pub why: &'static str,
    /// Where it stands.
    pub span: Span,
}
