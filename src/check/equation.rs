//! An equation as a task: what it says is differentiated by what, and what that is claimed to be.

use crate::problem::Ask;
use crate::shape::Scope;
use crate::syntax::{DerivativeStyle, Kind, Part, Relation, Syntax, Tree, detect, parse, parse_statement, print};
use crate::text::{Code, Diagnostic, Span};

/// A task read off an equation.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Equation {
    /// What is differentiated, or the left side of an identity.
    pub objective: String,
    /// Where the objective stands in the equation, where it is written there as it is.
    pub objective_at: Option<usize>,
    /// By what, one entry for each order.
    pub wrt: Vec<String>,
    /// What of it.
    pub ask: Ask,
    /// What it is claimed to be.
    pub candidate: String,
    /// Where the candidate stands in the equation.
    pub candidate_at: usize,
}

/// Reads an equation. A derivative on the left, in any spelling, is the task, and every further side is claimed to be
/// it; otherwise every side is claimed to equal the one before.
///
/// # Errors
/// Where it cannot be read, or is no equation.
pub fn read_equation(text: &str, syntax: Option<Syntax>, scope: &Scope) -> Result<Vec<Equation>, Diagnostic> {
    let notation = syntax.unwrap_or_else(|| detect(text));
    let statement = parse_statement(text, notation, &scope.names)?;
    let sides = sides(&statement.parts, text)?;
    let Some(((first, _), rest)) = sides.split_first() else { return Err(no_equation(text)) };
    if rest.is_empty() {
        return Err(no_equation(text));
    }
    let derivative = match first.kind(first.root) {
        Kind::Derivative { of, wrt, style } => Some((*of, wrt.clone(), *style)),
        _ => None,
    };
    let written = |at: std::ops::Range<usize>| (text.get(at.clone()).unwrap_or_default().to_owned(), at.start);
    let Some((of, wrt, style)) = derivative else {
        let pairs = sides.windows(2).map(|w| {
            let (objective, objective_at) = written(w[0].1.clone());
            let (candidate, candidate_at) = written(w[1].1.clone());
            Equation {
                objective,
                objective_at: Some(objective_at),
                wrt: Vec::new(),
                ask: Ask::Identity,
                candidate,
                candidate_at,
            }
        });
        return Ok(pairs.collect());
    };
    let Some(of) = of else {
        return Err(Diagnostic::new(
            Code::BAD_EQUATION,
            first.span(first.root),
            "it is not said what is differentiated",
        )
        .hint("write it after the sign, as in ∂/∂W (tr(A W))"));
    };
    let (objective, objective_at) = piece(text, notation, scope, first, of);
    if let Kind::Symbol(name) = first.kind(of) {
        if scope.named(name).is_empty() {
            let message = format!("{name} is differentiated, and it is not said what it is");
            return Err(Diagnostic::new(Code::UNKNOWN_SYMBOL, first.span(of), message)
                .hint(format!("define it, as in --let '{name} = …', or write it out")));
        }
    }
    let order = match style {
        DerivativeStyle::Nabla { order } | DerivativeStyle::Prime { order } => usize::from(order),
        DerivativeStyle::Partial | DerivativeStyle::Total => 1,
    };
    let mut by: Vec<String> = wrt.iter().map(|w| piece(text, notation, scope, first, *w).0).collect();
    if by.is_empty() {
        return Err(Diagnostic::new(
            Code::BAD_EQUATION,
            first.span(first.root),
            "it is not said by what to differentiate",
        )
        .hint("write it under the sign, as in ∇_W"));
    }
    while by.len() < order {
        by.push(by[0].clone());
    }
    let ask = match (by.len(), style) {
        (1, DerivativeStyle::Nabla { .. }) => Ask::Gradient,
        (1, _) => Ask::Derivative,
        _ => Ask::Hessian,
    };
    let tasks = rest.iter().map(|(_, at)| {
        let (candidate, candidate_at) = written(at.clone());
        Equation { objective: objective.clone(), objective_at, wrt: by.clone(), ask, candidate, candidate_at }
    });
    Ok(tasks.collect())
}

fn no_equation(text: &str) -> Diagnostic {
    Diagnostic::new(Code::BAD_EQUATION, Span::new(0, text.len()), "this is no equation, so there is nothing to check")
        .hint("write both sides, as in '∇_x xᵀA x = (A + Aᵀ) x', or ask for the derivative with `gradmark derive`")
}

/// Every side with the place of its text.
fn sides<'a>(parts: &'a [Part], text: &str) -> Result<Vec<(&'a Tree, std::ops::Range<usize>)>, Diagnostic> {
    let mut out = Vec::new();
    for (i, part) in parts.iter().enumerate() {
        let Some(tree) = &part.tree else { return Err(no_equation(text)) };
        if let Some((relation, span)) = part.relation {
            if !matches!(relation, Relation::Equal | Relation::Define) {
                return Err(Diagnostic::new(Code::BAD_EQUATION, span, "only equations can be checked")
                    .hint("write an equals sign between the two sides"));
            }
        }
        let start = part.relation.map_or(0, |r| r.1.end as usize);
        let end = parts.get(i + 1).and_then(|p| p.relation).map_or(text.len(), |r| r.1.start as usize);
        let side = text.get(start..end).unwrap_or_default();
        let lead = side.len() - side.trim_start().len();
        out.push((tree, start + lead..start + lead + side.trim().len()));
    }
    Ok(out)
}

/// A part of a side as text: as it stands in the source where that reads as the same, otherwise printed.
fn piece(text: &str, syntax: Syntax, scope: &Scope, tree: &Tree, id: crate::syntax::ExprId) -> (String, Option<usize>) {
    let span = tree.span(id);
    if let Some(source) = text.get(span.range()) {
        if parse(source, syntax, &scope.names).is_ok_and(|t| t.same(t.root, tree, id)) {
            return (source.to_owned(), Some(span.start as usize));
        }
    }
    (print(tree, id, syntax), None)
}
