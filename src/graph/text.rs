//! The graph as text: values forwards, adjoints backwards, then what each use of an operand sends back.

use super::show::{adjoint, bar, kind, pretty, value};
use super::{Graph, Kind};
use std::fmt::Write;
use unicode_width::UnicodeWidthStr;

/// The graph as text.
#[must_use]
pub fn text(graph: &Graph) -> String {
    let mut out = String::new();
    let objective = graph.vertices.last().map_or_else(String::new, |v| pretty(&v.name));
    let _ = writeln!(out, "{objective} = {}\n\nsymbols", pretty(&graph.title));
    let symbols = graph.vertices.iter().filter(|v| v.formula.is_none());
    table(&mut out, symbols.map(|v| [pretty(&v.name), v.shape.clone(), kind(v.kind).to_owned()]).collect());
    out.push_str("\nvalues, forwards\n");
    let steps = graph.vertices.iter().filter(|v| v.formula.is_some());
    table(&mut out, steps.map(|v| [value(v), v.shape.clone(), String::new()]).collect());
    let adjoints: Vec<Vec<String>> = graph.vertices.iter().rev().map(adjoint).filter(|a| !a.is_empty()).collect();
    if !adjoints.is_empty() {
        let _ = match graph.is_scalar {
            true => writeln!(out, "\nadjoints, backwards ({} = ∂{objective}/∂x)", bar("x")),
            false => writeln!(out, "\nJacobians, backwards"),
        };
        for lines in adjoints {
            for (i, line) in lines.iter().enumerate() {
                let indent = if i == 0 { "  " } else { "      " };
                let _ = writeln!(out, "{indent}{line}");
            }
        }
    }
    let rows: Vec<[String; 3]> = graph
        .edges
        .iter()
        .filter_map(|e| {
            let (from, to) = (graph.vertices.get(e.from)?, graph.vertices.get(e.to)?);
            let name = pretty(&from.name);
            let name = if e.transposed { format!("{name} as {name}ᵀ") } else { name };
            let message =
                e.message.as_deref().map(pretty).or_else(|| (from.kind != Kind::Constant).then(String::new))?;
            Some([format!("{name} → {}", pretty(&to.name)), message, String::new()])
        })
        .collect();
    if rows.iter().any(|r| !r[1].is_empty()) {
        out.push_str(match graph.is_scalar {
            true => "\nedges, with what comes back along them\n",
            false => "\nedges, with the local derivatives\n",
        });
        table(&mut out, rows);
    }
    for note in &graph.notes {
        let _ = writeln!(out, "\nnote: {note}");
    }
    out
}

fn table(out: &mut String, rows: Vec<[String; 3]>) {
    let width = |k: usize| rows.iter().map(|r| r[k].width()).max().unwrap_or(0);
    let (first, second) = (width(0), width(1));
    for [a, b, c] in &rows {
        let pad = |s: &str, w: usize| format!("{s}{}", " ".repeat(w.saturating_sub(s.width())));
        let line = format!("  {}   {}   {c}", pad(a, first), pad(b, second));
        let _ = writeln!(out, "{}", line.trim_end());
    }
}
