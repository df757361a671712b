//! How a formula is understood, without judging it.

use crate::problem::{Ask, Layout, Problem};
use crate::shape::Body;
use crate::syntax::{Syntax, detect, parse_statement, print, print_relation};
use crate::text::Diagnostic;
use crate::verdict::{Asked, Fault, Place, pose, settle};

/// One side of what was read.
#[derive(Clone, Debug)]
pub struct Reading {
    /// The relation sign before it.
    pub relation: Option<String>,
    /// The formula in the plain notation.
    pub plain: String,
    /// The formula in LaTeX.
    pub latex: String,
    /// Its shape.
    pub shape: String,
    /// Its free indices with what they run over.
    pub indices: Vec<(String, String)>,
    /// The symbols with their shapes.
    pub symbols: Vec<(String, String)>,
    /// What was assumed.
    pub assumed: Vec<String>,
}

/// Reads a formula, or every side of an equation.
///
/// # Errors
/// What cannot be read or does not fit, and where.
pub fn read(problem: &Problem, text: &str, syntax: Option<Syntax>) -> Result<Vec<Reading>, Diagnostic> {
    let notation = syntax.unwrap_or_else(|| detect(text));
    let statement = parse_statement(text, notation, &problem.scope.names)?;
    let mut out = Vec::new();
    for (i, part) in statement.parts.iter().enumerate() {
        if part.tree.is_none() {
            continue;
        }
        let start = part.relation.map_or(0, |r| r.1.end as usize);
        let end = statement.parts.get(i + 1).and_then(|p| p.relation).map_or(text.len(), |r| r.1.start as usize);
        let side = text.get(start..end).unwrap_or_default();
        let mut reading = side_of(problem, side, notation).map_err(|mut f| {
            if f.place == Place::Objective {
                f.diagnostic.span = f.diagnostic.span.shift(start);
                f.diagnostic.labels.iter_mut().for_each(|l| l.0 = l.0.shift(start));
            }
            f.diagnostic
        })?;
        reading.relation = part.relation.map(|r| print_relation(r.0, Syntax::Plain));
        out.push(reading);
    }
    Ok(out)
}

fn side_of(problem: &Problem, text: &str, syntax: Syntax) -> Result<Reading, Fault> {
    let asked = Asked {
        objective: text,
        wrt: &[],
        ask: Ask::Identity,
        layout: Layout::Standard,
        structured: false,
        syntax: Some(syntax),
    };
    let mut posed = pose(&problem.scope, &asked, None)?;
    settle(&mut posed, problem.declared);
    let unifier = &posed.scope.unifier;
    let symbols =
        posed.scope.quantities().filter(|(_, q)| matches!(q.body, Body::Variable) && !q.name.starts_with('\u{1}')).map(
            |(_, q)| {
                let name = q.letters.iter().fold(q.name.to_string(), |n, l| format!("{n}_{l}"));
                (name, unifier.show_shape(&q.shape))
            },
        );
    Ok(Reading {
        relation: None,
        plain: print(&posed.tree, posed.tree.root, Syntax::Plain),
        latex: print(&posed.tree, posed.tree.root, Syntax::Latex),
        shape: unifier.show_shape(&posed.form.shape),
        indices: posed.form.letters.iter().map(|(l, r)| (l.to_string(), unifier.show(r))).collect(),
        symbols: symbols.collect(),
        assumed: posed.assumed.clone(),
    })
}
