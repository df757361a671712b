//! The problem file as written: the fixed keys of the contract.

use super::rubric::RubricText;
use crate::text::{Code, Diagnostic, Span, meant};
use indexmap::IndexMap;
use serde::{Deserialize, Serialize};

/// A problem as written.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ProblemText {
    /// What it is called.
    pub title: String,
    /// What the dimensions satisfy: `m < n`.
    pub constraints: Vec<String>,
    /// Symbols, families, functions and stacked matrices by name.
    pub symbols: IndexMap<String, SymbolText>,
    /// Properties by name.
    pub properties: IndexMap<String, Vec<String>>,
    /// Definitions.
    pub definitions: Pairs,
    /// Objectives.
    pub objectives: Pairs,
    /// Other spellings by name.
    pub aliases: IndexMap<String, Vec<String>>,
    /// How the points of questions are split that have no rubric of their own.
    pub rubric: Option<RubricText>,
    /// What is asked.
    pub questions: Vec<QuestionText>,
    /// Several problems in one file, each with these keys.
    pub problems: Vec<ProblemText>,
    /// Whether symbols may be left out although others are declared: those are taken by convention.
    #[serde(skip)]
    pub open: bool,
}

impl ProblemText {
    /// The problems of a file: itself, where it declares or asks anything, and those it lists, each with its position in
    /// the list.
    #[must_use]
    pub fn each(&self) -> Vec<(Option<usize>, &Self)> {
        let own = !self.questions.is_empty() || !self.symbols.is_empty() || self.problems.is_empty();
        let listed = self.problems.iter().enumerate().map(|(i, p)| (Some(i), p));
        own.then_some((None, self)).into_iter().chain(listed).collect()
    }
}

/// Names with formulas: a table, or a list of pairs.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(from = "PairsText")]
pub struct Pairs(pub Vec<(String, String)>);

#[derive(Deserialize)]
#[serde(untagged)]
enum PairsText {
    List(Vec<(String, String)>),
    Table(IndexMap<String, String>),
}

impl From<PairsText> for Pairs {
    fn from(text: PairsText) -> Self {
        match text {
            PairsText::Table(t) => Self(t.into_iter().collect()),
            PairsText::List(l) => Self(l),
        }
    }
}

/// A symbol as declared.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(untagged)]
pub enum SymbolText {
    /// A list of dimensions: none for a scalar, one for a vector, two for a matrix, more for a tensor.
    Shape(Vec<DimensionText>),
    /// A family, a function or a stacked matrix.
    Table(SymbolTable),
}

/// The table form of a symbol.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default)]
pub struct SymbolTable {
    /// The index letter of a family.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub family: Option<String>,
    /// How many members it has.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub count: Option<DimensionText>,
    /// The shape of a member.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub shape: Option<Vec<DimensionText>>,
    /// `elementwise` or `scalar`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub function: Option<String>,
    /// The family whose members are the rows.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rows: Option<String>,
    /// The family whose members are the columns.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub columns: Option<String>,
}

/// A dimension as written: a number, or a name or product in quotes.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(untagged)]
pub enum DimensionText {
    /// A name or a product: nearly all are, and a reader tries the kinds in this order.
    Text(String),
    /// A number.
    Number(i64),
}

/// What a question asks for.
#[derive(Copy, Clone, PartialEq, Eq, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Ask {
    /// The gradient: the shape of the variable.
    #[default]
    Gradient,
    /// The Jacobian: the output's indices first.
    Jacobian,
    /// The second derivative.
    Hessian,
    /// Whichever fits.
    Derivative,
    /// A claim that has to hold.
    Identity,
    /// A definition that makes something hold.
    Definition,
}

/// Which layout is accepted.
#[derive(Copy, Clone, PartialEq, Eq, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Layout {
    /// The gradient has the shape of its variable, a Jacobian the output's indices first.
    #[default]
    Standard,
    /// The transposed convention.
    Transposed,
    /// Both.
    Either,
}

/// A question as written.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct QuestionText {
    /// Its name.
    pub id: String,
    /// The text after which its part of a submission begins.
    pub heading: Option<String>,
    /// What is asked.
    pub ask: Ask,
    /// Of which quantity.
    pub of: String,
    /// By what.
    pub wrt: Option<WrtText>,
    /// What a definition has to satisfy.
    pub such_that: Option<String>,
    /// How many points it gives.
    pub points: Option<f64>,
    /// Which layout is accepted.
    pub layout: Layout,
    /// Whether tied entries of a symmetric or diagonal variable move together.
    pub structured: bool,
    /// The author's answer, checked when the file is loaded.
    pub answer: Option<String>,
    /// How the points are split.
    pub rubric: Option<RubricText>,
}

/// What a derivative is taken by: one name or element, or a list of two.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(untagged)]
pub enum WrtText {
    /// One.
    One(String),
    /// Several, one for each order.
    Several(Vec<String>),
}

impl WrtText {
    /// The names, one for each order.
    #[must_use]
    pub fn names(&self) -> Vec<String> {
        match self {
            Self::One(n) => vec![n.clone()],
            Self::Several(n) => n.clone(),
        }
    }
}

/// Reads a problem file, TOML or JSON.
///
/// # Errors
/// A diagnostic with the key and the place.
pub fn parse_problem_file(text: &str) -> Result<ProblemText, Diagnostic> {
    let bad = |span: Span, message: String| {
        let message = message.trim_end().replace('\n', " ");
        let hint = meant(&message).unwrap_or_else(|| "see docs/problem-file.md for the keys".to_owned());
        Diagnostic::new(Code::BAD_PROBLEM, span, message).hint(hint)
    };
    if text.trim().is_empty() {
        return Err(bad(Span::new(0, text.len()), "the problem file is empty".into()));
    }
    if text.trim_start().starts_with('{') {
        return serde_json::from_str(text).map_err(|e| {
            let line_start: usize = text.split_inclusive('\n').take(e.line().saturating_sub(1)).map(str::len).sum();
            let at = (line_start + e.column().saturating_sub(1)).min(text.len());
            let message = e.to_string();
            let message = message.split(" at line ").next().unwrap_or(&message).to_owned();
            bad(Span::new(at, (at + 1).min(text.len())), message)
        });
    }
    toml::from_str(text).map_err(|e| {
        let span = e.span().map_or(Span::new(0, 0), |r| Span::new(r.start, r.end));
        bad(span, e.message().to_owned())
    })
}
