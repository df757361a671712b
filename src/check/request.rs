//! A request of the batch contract.

use crate::problem::{Ask, Layout, Pairs, ProblemText, SymbolText, WrtText};
use crate::syntax::Syntax;
use crate::verdict::Asked;
use indexmap::IndexMap;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// A request as written.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct RequestText {
    /// Any value, echoed.
    #[serde(default)]
    pub id: Value,
    /// As in a problem file.
    #[serde(default)]
    pub symbols: IndexMap<String, SymbolText>,
    /// As in a problem file.
    #[serde(default)]
    pub properties: IndexMap<String, Vec<String>>,
    /// As in a problem file.
    #[serde(default)]
    pub definitions: Pairs,
    /// As in a problem file.
    #[serde(default)]
    pub aliases: IndexMap<String, Vec<String>>,
    /// As in a problem file.
    #[serde(default)]
    pub constraints: Vec<String>,
    /// What is differentiated, or the other side of an identity.
    pub objective: String,
    /// By what.
    #[serde(default)]
    pub wrt: Option<WrtText>,
    /// What of it.
    #[serde(default)]
    pub ask: Ask,
    /// Which layout is accepted.
    #[serde(default)]
    pub layout: Layout,
    /// Whether tied entries move together.
    #[serde(default)]
    pub structured: bool,
    /// The candidate; without one the answer is the derivative.
    #[serde(default)]
    pub candidate: Option<String>,
    /// The notation: `plain` or `latex`.
    #[serde(default)]
    pub syntax: Option<SyntaxText>,
    /// `all` runs every layer of evidence.
    #[serde(default)]
    pub evidence: Option<EvidenceText>,
    /// Whether symbols may be left out although others are declared.
    #[serde(skip)]
    pub open: bool,
}

/// A notation by name.
#[derive(Copy, Clone, Debug, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum SyntaxText {
    /// What people type.
    Plain,
    /// LaTeX.
    Latex,
}

/// How much evidence.
#[derive(Copy, Clone, PartialEq, Eq, Debug, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum EvidenceText {
    /// To the first decisive layer.
    Decisive,
    /// All layers.
    All,
}

impl RequestText {
    /// The declarations as a problem.
    #[must_use]
    pub fn problem(&self) -> ProblemText {
        ProblemText {
            symbols: self.symbols.clone(),
            properties: self.properties.clone(),
            definitions: self.definitions.clone(),
            aliases: self.aliases.clone(),
            constraints: self.constraints.clone(),
            open: self.open,
            ..ProblemText::default()
        }
    }

    /// By what to differentiate, one entry for each order.
    #[must_use]
    pub fn variables(&self) -> Vec<String> {
        self.wrt.as_ref().map(WrtText::names).unwrap_or_default()
    }

    /// What is asked, by the variables that [`RequestText::variables`] names.
    #[must_use]
    pub fn asked<'a>(&'a self, variables: &'a [String]) -> Asked<'a> {
        Asked {
            objective: &self.objective,
            wrt: variables,
            ask: self.ask,
            layout: self.layout,
            structured: self.structured,
            syntax: self.notation(),
        }
    }

    /// All that a task is made from, as one text: the same for two requests only where they differ at most in the name
    /// of the line, in the candidate, and in how much evidence is asked for.
    pub(super) fn task_key(&self, shown: bool) -> Option<String> {
        let declared =
            (&self.symbols, &self.properties, &self.definitions, &self.aliases, &self.constraints, self.open);
        let asked = (&self.objective, &self.wrt, self.ask, self.layout, self.structured, self.syntax, shown);
        serde_json::to_string(&(declared, asked)).ok()
    }

    /// The part of a task's key that does not depend on how the objective and the definitions are written.
    pub(super) fn meaning_key(&self, shown: bool) -> Option<String> {
        let declared = (&self.symbols, &self.properties, &self.aliases, &self.constraints, self.open);
        let asked = (&self.wrt, self.ask, self.layout, self.structured, shown);
        serde_json::to_string(&(declared, asked)).ok()
    }

    /// The notation, where it is said.
    #[must_use]
    pub fn notation(&self) -> Option<Syntax> {
        self.syntax.map(|s| match s {
            SyntaxText::Plain => Syntax::Plain,
            SyntaxText::Latex => Syntax::Latex,
        })
    }
}

/// Reads a line.
///
/// # Errors
/// What is wrong with it, and in which column (counted from 0).
pub fn parse_request(line: &str) -> Result<RequestText, (String, Option<usize>)> {
    serde_json::from_str(line).map_err(|e| (e.to_string(), (e.column() > 0).then(|| e.column() - 1)))
}
