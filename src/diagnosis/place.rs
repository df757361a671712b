//! Where a node stands, widened so that no brace is cut.
//!
//! The readers give every node a place of whole words, fonts and brackets. Only a group that is set as a whole,
//! `\mathbf{W x} y`, can begin inside braces and end outside them.

use crate::text::Span;

/// Whether every brace that opens in a text closes there.
pub(super) fn is_whole(text: &str) -> bool {
    depths(text) == (0, 0)
}

/// The place widened to the braces that it cuts, with the command before them.
pub(super) fn whole(text: &str, span: Span) -> Span {
    let (mut start, mut end) = (span.start as usize, span.end as usize);
    for _ in 0..8 {
        let Some((before, inside, after)) = parts(text, start, end) else { return span };
        let (lowest, last) = depths(inside);
        if lowest < 0 {
            let Some(at) = before.rfind('{') else { return span };
            start = command_start(&before[..at]);
        } else if last > 0 {
            let Some(at) = after.find('}') else { return span };
            end += at + 1;
        } else {
            return Span::new(start, end);
        }
    }
    span
}

fn parts(text: &str, start: usize, end: usize) -> Option<(&str, &str, &str)> {
    Some((text.get(..start)?, text.get(start..end)?, text.get(end..)?))
}

/// How deep the braces of a text go below where it begins, and how deep it ends.
fn depths(text: &str) -> (i32, i32) {
    let (mut open, mut lowest, mut escaped) = (0i32, 0i32, false);
    for c in text.chars() {
        match c {
            '{' if !escaped => open += 1,
            '}' if !escaped => {
                open -= 1;
                lowest = lowest.min(open);
            }
            _ => {}
        }
        escaped = c == '\\' && !escaped;
    }
    (lowest, open)
}

/// Where the command begins that a text ends with.
fn command_start(text: &str) -> usize {
    let letters = text.bytes().rev().take_while(u8::is_ascii_alphabetic).count();
    let start = text.len() - letters;
    if letters > 0 && text[..start].ends_with('\\') { start - 1 } else { text.len() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_brace_is_cut() {
        let text = "a \\mathbf{W x} y";
        let at = |part: &str| {
            let start = text.find(part).unwrap();
            let wide = whole(text, Span::new(start, start + part.len()));
            &text[wide.range()]
        };
        assert_eq!(at("W x"), "W x");
        assert_eq!(at("x} y"), "\\mathbf{W x} y");
        assert_eq!(at("a \\mathbf{W"), "a \\mathbf{W x}");
        assert!(is_whole("\\{ a \\}") && !is_whole("a}") && !is_whole("} {"));
    }
}
