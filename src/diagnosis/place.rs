//! Where a node stands, widened to what a person would mark: a whole word, a letter with its font, a bracket with its
//! size.

use crate::operator::{Notation, OPERATORS};
use crate::syntax::{Kind, Syntax, Tree};
use crate::text::Span;

/// Commands around a letter that belong to it.
const FONTS: [&str; 16] = [
    "mathbf",
    "boldsymbol",
    "bm",
    "mathrm",
    "mathsf",
    "mathit",
    "mathcal",
    "text",
    "textbf",
    "hat",
    "bar",
    "tilde",
    "vec",
    "widehat",
    "overline",
    "underline",
];
/// Words that begin a construct and are no operators of the table.
const WORDS: [&str; 7] = ["sum", "ones", "zeros", "kron", "delta", "inner", "Σ"];

/// The tree with the span of every node widened.
pub(super) fn widen(tree: &Tree, text: &str, syntax: Syntax) -> Tree {
    let mut tree = tree.clone();
    for i in tree.ids() {
        let span = tree.span(i);
        let is_symbol = matches!(tree.kind(i), Kind::Symbol(_) | Kind::Number(_));
        let wide = match syntax {
            Syntax::Plain if is_symbol => span,
            Syntax::Plain => word(text, span),
            Syntax::Latex => group(text, span),
        };
        if text.get(wide.range()).is_some() {
            tree.set_span(i, wide);
        }
    }
    tree
}

/// A call begins with its whole name.
fn word(text: &str, span: Span) -> Span {
    let (start, end) = (span.start as usize, span.end as usize);
    let Some(inside) = text.get(start..end) else { return span };
    let rest: usize = inside.bytes().take_while(u8::is_ascii_alphanumeric).count();
    if !inside.starts_with(|c: char| c.is_ascii_alphanumeric()) {
        return span;
    }
    let before = text[..start].bytes().rev().take_while(u8::is_ascii_alphanumeric).count();
    for n in 0..=before {
        let name = &text[start - n..start + rest];
        let is_operator = OPERATORS.iter().any(|op| match &op.notation {
            Notation::Call { plain, .. } => plain.contains(&name),
            _ => false,
        });
        if is_operator || WORDS.contains(&name) {
            return Span::new(start - n, end);
        }
    }
    span
}

/// Braces are closed, a font goes with its letter, and `\left` with its bracket.
fn group(text: &str, span: Span) -> Span {
    let (mut start, mut end) = (span.start as usize, span.end as usize);
    for _ in 0..8 {
        let (Some(before), Some(inside), Some(after)) = (text.get(..start), text.get(start..end), text.get(end..))
        else {
            return span;
        };
        let (mut open, mut lowest) = (0i32, 0i32);
        let mut escaped = false;
        for c in inside.chars() {
            match c {
                '{' if !escaped => open += 1,
                '}' if !escaped => {
                    open -= 1;
                    lowest = lowest.min(open);
                }
                _ => {}
            }
            escaped = c == '\\';
        }
        if lowest < 0 {
            // A brace was opened before: take it in, with its command.
            let Some(at) = before.rfind('{') else { return span };
            start = command_start(&before[..at]);
        } else if open > 0 {
            let Some(at) = after.find('}') else { return span };
            end += at + 1;
        } else if let Some(font) = before.strip_suffix('{').filter(|b| is_font(b) && after.starts_with('}')) {
            start = command_start(font);
            end += 1;
        } else if let Some(font) = Some(before.trim_end()).filter(|b| is_font(b) && !inside.starts_with('\\')) {
            start = command_start(font);
        } else if before.ends_with("\\left") && inside.starts_with(['(', '[', '|', '{']) {
            start -= "\\left".len();
        } else {
            break;
        }
    }
    Span::new(start, end)
}

/// Where the command begins that a text ends with.
fn command_start(text: &str) -> usize {
    let letters = text.bytes().rev().take_while(u8::is_ascii_alphabetic).count();
    let start = text.len() - letters;
    if letters > 0 && text[..start].ends_with('\\') { start - 1 } else { text.len() }
}

fn is_font(text: &str) -> bool {
    FONTS.iter().any(|f| text.strip_suffix(f).is_some_and(|t| t.ends_with('\\')))
}
