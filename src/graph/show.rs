//! Formulas as they are shown in a picture: letters for their names, bars above adjoints, digits below.

use super::{Graph, Kind, Vertex};
use crate::syntax::greek;

/// A formula or a name.
pub(super) fn pretty(text: &str) -> String {
    let mut out = String::new();
    let mut word = String::new();
    for c in text.chars() {
        if c.is_alphanumeric() && !is_script(c) || c == '_' {
            word.push(c);
            continue;
        }
        push_word(&mut out, &std::mem::take(&mut word));
        out.push(c);
    }
    push_word(&mut out, &word);
    squares(&sums(&out))
}

/// Sums over a whole family without their bounds: Σ_i.
fn sums(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some(at) = rest.find("∑_{") {
        let (before, sum) = rest.split_at(at);
        let inner = &sum["∑_{".len()..];
        let letter: String = inner.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
        let bounds = inner.split_once('}').filter(|(lower, _)| *lower == format!("{letter}=1"));
        let after = bounds.and_then(|(_, after)| after.strip_prefix("^{")).and_then(|after| after.split_once('}'));
        out.push_str(before);
        match after {
            Some((_, after)) => {
                out.push_str(&format!("Σ_{letter}"));
                rest = after;
            }
            None => {
                out.push_str("∑_{");
                rest = inner;
            }
        }
    }
    out + rest
}

fn is_script(c: char) -> bool {
    matches!(c, 'ᵀ' | '²' | '³' | '¹' | '⁻')
}

fn push_word(out: &mut String, word: &str) {
    let mut parts = word.split('_');
    let base = parts.next().unwrap_or_default();
    match greek(base) {
        Some(letter) => out.push(letter),
        None => out.push_str(base),
    }
    for (i, part) in parts.enumerate() {
        if i == 0 && part == "bar" && !base.is_empty() {
            out.push('\u{304}');
        } else if !part.is_empty() && part.chars().all(|c| c.is_ascii_digit()) {
            out.extend(part.chars().filter_map(|c| char::from_u32(0x2080 + c.to_digit(10)?)));
        } else {
            out.push('_');
            out.push_str(part);
        }
    }
}

/// x^2 as x².
fn squares(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some(at) = rest.find('^') {
        let (before, after) = rest.split_at(at);
        out.push_str(before);
        let mut digits = after[1..].chars();
        let small = match digits.next() {
            Some('2') => Some('²'),
            Some('3') => Some('³'),
            _ => None,
        };
        match small.filter(|_| !before.ends_with('.') && !digits.next().is_some_and(|c| c.is_alphanumeric())) {
            Some(c) => {
                out.push(c);
                rest = &after[2..];
            }
            None => {
                out.push('^');
                rest = &after[1..];
            }
        }
    }
    out + rest
}

/// The name of an adjoint: W̄.
pub(super) fn bar(name: &str) -> String {
    pretty(&super::fresh::adjoint(name))
}

/// What a node says of its value: `z₁ = W x`, or its name.
pub(super) fn value(v: &Vertex) -> String {
    match &v.formula {
        Some(f) => format!("{} = {}", pretty(&v.name), pretty(f)),
        None => pretty(&v.name),
    }
}

/// What a node says of its adjoint: as a sum of messages, and in terms of the values.
pub(super) fn adjoint(v: &Vertex) -> Vec<String> {
    let messages = v.messages.as_deref().map(pretty);
    let closed = v.adjoint.as_deref().map(pretty);
    let sign = v.jacobian_of.as_ref().map_or_else(|| bar(&v.name), |f| format!("∂{}/∂{}", pretty(f), pretty(&v.name)));
    let mut lines = Vec::new();
    match (&messages, &closed) {
        (Some(m), Some(c)) if m != c => {
            lines.push(format!("{sign} = {m}"));
            lines.push(format!("= {c}"));
        }
        (_, Some(c)) => lines.push(format!("{sign} = {c}")),
        (Some(m), None) => lines.push(format!("{sign} = {m}")),
        (None, None) => {}
    }
    lines
}

/// What an edge says, where that is short.
pub(super) fn edge(graph: &Graph, at: usize) -> Vec<String> {
    const SHORT: usize = 26;
    let e = &graph.edges[at];
    let mut lines = Vec::new();
    if e.transposed {
        lines.push(format!("as {}ᵀ", pretty(&graph.vertices[e.from].name)));
    }
    if let Some(m) = e.message.as_deref().map(pretty).filter(|m| m.chars().count() <= SHORT) {
        // The only message of a node stands in the node; a local derivative does not.
        let alone = graph.is_scalar && graph.edges.iter().filter(|o| o.from == e.from).count() == 1;
        if !alone {
            lines.push(m);
        }
    }
    lines
}

/// What a kind is called.
pub(super) fn kind(kind: Kind) -> &'static str {
    match kind {
        Kind::Variable => "variable",
        Kind::Constant => "constant",
        Kind::Step => "step",
        Kind::Objective => "objective",
    }
}

#[cfg(test)]
mod tests {
    use super::pretty;

    #[test]
    fn names_are_written_as_letters() {
        assert_eq!(pretty("z_bar_12 xᵀ + lambda W_1 ‖x_i‖^2"), "z\u{304}₁₂ xᵀ + λ W₁ ‖x_i‖²");
        assert_eq!(pretty("∑_{i=1}^{N} u_bar_i + ∑_{j=2}^{n} a"), "Σ_i u\u{304}_i + ∑_{j=2}^{n} a");
        assert_eq!(pretty("1 - z_3.^2 + t^20"), "1 - z₃.^2 + t^20");
    }
}
