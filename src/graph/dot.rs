//! The graph in DOT, for Graphviz.

use super::show::{adjoint, edge, pretty, value};
use super::{Graph, Kind};
use std::fmt::Write;

/// The graph in DOT.
#[must_use]
pub fn dot(graph: &Graph) -> String {
    let mut out = String::from("digraph {\n  rankdir = TB\n  node [shape = box, fontname = \"monospace\"]\n");
    let _ = writeln!(out, "  edge [fontname = \"monospace\"]\n  label = {}", quoted(&pretty(&graph.title)));
    for (i, v) in graph.vertices.iter().enumerate() {
        let mut lines = vec![value(v), v.shape.clone()];
        lines.extend(adjoint(v));
        let style = match v.kind {
            Kind::Variable => ", style = bold",
            Kind::Constant => ", style = dashed",
            Kind::Step => "",
            Kind::Objective => ", peripheries = 2",
        };
        let _ = writeln!(out, "  n{i} [label = {}{style}]", quoted(&lines.join("\n")));
    }
    for (i, e) in graph.edges.iter().enumerate() {
        let label = edge(graph, i);
        let label = if label.is_empty() { String::new() } else { format!(" [label = {}]", quoted(&label.join("\n"))) };
        let _ = writeln!(out, "  n{} -> n{}{label}", e.from, e.to);
    }
    out.push_str("}\n");
    out
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n"))
}

#[cfg(test)]
mod tests {
    #[test]
    fn quotes_are_escaped() {
        assert_eq!(super::quoted("a \"b\" \\c\nd"), r#""a \"b\" \\c\nd""#);
    }
}
