//! One thing to say about one place in a source.

use super::{Code, Span};
use smol_str::SmolStr;

/// A message about a place in a source text. Rendered only in `report`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Diagnostic {
    /// The stable code, explained by `gradmark help CODE`.
    pub code: Code,
    /// What was found and what was expected: one line, no full stop.
    pub message: String,
    /// The place.
    pub span: Span,
    /// Further places, each with its own words ("X is m×n here").
    pub labels: Vec<(Span, String)>,
    /// How to write it instead; begins with a verb.
    pub hint: Option<String>,
    /// The source the spans count in, where that is not the formula at hand
    /// (for example the name of a definition).
    pub source: Option<SmolStr>,
}

impl Diagnostic {
    /// A message with a code and a place.
    #[must_use]
    pub fn new(code: Code, span: Span, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), span, labels: Vec::new(), hint: None, source: None }
    }

    /// The same with a hint.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// The same with one more labelled place.
    #[must_use]
    pub fn label(mut self, span: Span, words: impl Into<String>) -> Self {
        self.labels.push((span, words.into()));
        self
    }
}
