//! A student's formula as mathematics: MathML where it can be made, the text as written otherwise.
//!
//! The MathML is made by a renderer that is not ours, of a source that anybody may have written. So what it makes is read
//! again here, and taken only where it is nothing but known elements with known attributes; else the text is shown.

use super::super::markup::xml;
use pulldown_latex::{Parser, RenderConfig, Storage, push_mathml};

/// Longest source that is rendered.
const LONGEST: usize = 6000;
/// Deepest nesting of brackets that is rendered.
const DEEPEST: usize = 40;

const ELEMENTS: &[&str] = &[
    "math",
    "mrow",
    "mi",
    "mo",
    "mn",
    "ms",
    "mtext",
    "mspace",
    "mfrac",
    "msqrt",
    "mroot",
    "mstyle",
    "msub",
    "msup",
    "msubsup",
    "munder",
    "mover",
    "munderover",
    "mmultiscripts",
    "mprescripts",
    "mtable",
    "mtr",
    "mtd",
    "mpadded",
    "mphantom",
    "menclose",
];

const ATTRIBUTES: &[&str] = &[
    "display",
    "displaystyle",
    "scriptlevel",
    "mathvariant",
    "stretchy",
    "symmetric",
    "fence",
    "separator",
    "form",
    "lspace",
    "rspace",
    "minsize",
    "maxsize",
    "largeop",
    "movablelimits",
    "accent",
    "accentunder",
    "linethickness",
    "width",
    "height",
    "depth",
    "voffset",
    "notation",
    "class",
    "columnalign",
    "rowspacing",
    "columnspacing",
];

/// The formula: as it was written where that can be rendered, else as it was read, else its text.
pub(super) fn formula(source: &str, latex: Option<&str>) -> String {
    let text = as_written(source);
    match rendered(source, latex) {
        Some(m) => format!("{m}<details class=\"as-written\"><summary>as written</summary>{text}</details>"),
        None => text,
    }
}

/// The formula without what was written to make it.
pub(super) fn formula_alone(source: &str, latex: Option<&str>) -> String {
    rendered(source, latex).unwrap_or_else(|| as_written(source))
}

/// A formula in a line of words, where it can be rendered.
pub(super) fn inline(latex: &str) -> Option<String> {
    cleaned(latex).filter(|l| !l.trim().is_empty()).and_then(|l| mathml(&l))
}

fn as_written(source: &str) -> String {
    format!("<code class=\"source\">{}</code>", xml(source))
}

fn rendered(source: &str, latex: Option<&str>) -> Option<String> {
    let written = source.contains('\\').then(|| cleaned(source)).flatten().and_then(|s| mathml(&s));
    written.or_else(|| latex.and_then(mathml))
}

/// A link of an alignment stands without its environment: marks of columns and ends of rows outside of brackets go.
fn cleaned(source: &str) -> Option<String> {
    if source.contains("\\begin") || source.contains("\\end") {
        return Some(source.to_owned());
    }
    let mut out = String::with_capacity(source.len());
    let mut chars = source.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\\' => match chars.next()? {
                '\\' => out.push(' '),
                // Marks of the ends of formulas.
                '[' | ']' | '(' | ')' => out.push(' '),
                next => {
                    out.push('\\');
                    out.push(next);
                }
            },
            '&' | '$' => out.push(' '),
            '%' => return None,
            c => out.push(c),
        }
    }
    Some(out)
}

/// MathML that is nothing but MathML.
fn mathml(latex: &str) -> Option<String> {
    if latex.len() > LONGEST || depth(latex) > DEEPEST || latex.contains("\\def") || latex.contains("\\newcommand") {
        return None;
    }
    let made = std::panic::catch_unwind(|| {
        let storage = Storage::new();
        let mut out = String::new();
        let events: Vec<_> = Parser::new(latex, &storage).collect();
        if events.iter().any(Result::is_err) {
            return None;
        }
        push_mathml(&mut out, events.into_iter(), RenderConfig::default()).ok()?;
        Some(out)
    });
    made.ok().flatten().and_then(|m| checked(&m))
}

fn depth(latex: &str) -> usize {
    let (mut now, mut most) = (0usize, 0usize);
    for c in latex.chars() {
        match c {
            '{' | '(' | '[' => {
                now += 1;
                most = most.max(now);
            }
            '}' | ')' | ']' => now = now.saturating_sub(1),
            _ => {}
        }
    }
    // Every command may nest by what it takes.
    most.max(latex.matches("\\frac").count() / 4).max(latex.matches('^').count() / 8)
}

/// The text again, where every tag in it is known and every attribute harmless. Styles are left out.
fn checked(text: &str) -> Option<String> {
    let mut out = String::with_capacity(text.len());
    let mut open: Vec<String> = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.find('<') {
        content(&rest[..at], &mut out)?;
        let end = tag_end(&rest[at..])? + at;
        let tag = &rest[at + 1..end];
        rest = &rest[end + 1..];
        if let Some(name) = tag.strip_prefix('/') {
            if open.pop().as_deref() != Some(name.trim()) {
                return None;
            }
            out.push_str(&format!("</{}>", name.trim()));
            continue;
        }
        let (tag, closed) = tag.strip_suffix('/').map_or((tag, false), |t| (t, true));
        let name: String = tag.chars().take_while(char::is_ascii_alphabetic).collect();
        if !ELEMENTS.contains(&name.as_str()) {
            return None;
        }
        out.push_str(&format!("<{name}"));
        attributes(&tag[name.len()..], &mut out)?;
        out.push_str(if closed { "/>" } else { ">" });
        if !closed {
            open.push(name);
        }
    }
    content(rest, &mut out)?;
    open.is_empty().then_some(out)
}

/// Where a tag ends: the first `>` outside of quotes.
fn tag_end(text: &str) -> Option<usize> {
    let mut quoted = false;
    for (i, c) in text.char_indices() {
        match c {
            '"' => quoted = !quoted,
            '>' if !quoted => return Some(i),
            _ => {}
        }
    }
    None
}

fn attributes(text: &str, out: &mut String) -> Option<()> {
    let mut rest = text.trim();
    while !rest.is_empty() {
        let (name, after) = rest.split_once("=\"")?;
        let (value, after) = after.split_once('"')?;
        rest = after.trim_start();
        let plain = value.chars().all(|c| c.is_ascii_alphanumeric() || " .-+%#".contains(c));
        if name == "style" || name == "xmlns" {
            continue; // how it looks is the page's own matter
        }
        if !ATTRIBUTES.contains(&name) || !plain {
            return None;
        }
        out.push_str(&format!(" {name}=\"{value}\""));
    }
    Some(())
}

/// Text between tags: entities stay, and nothing else may be a sign of markup.
fn content(text: &str, out: &mut String) -> Option<()> {
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        out.push_str(&xml(&rest[..at]));
        let end = rest[at..].find(';')? + at;
        let entity = &rest[at + 1..end];
        if entity.is_empty() || !entity.chars().all(|c| c.is_ascii_alphanumeric() || c == '#') {
            return None;
        }
        out.push_str(&rest[at..=end]);
        rest = &rest[end + 1..];
    }
    out.push_str(&xml(rest));
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn latex_becomes_mathml() {
        for source in [
            "\\frac{\\partial L}{\\partial W} = W x x^\\top",
            "&= 2 X^\\top (X w - y) \\\\",
            "\\nabla_W L = \\operatorname{tr}(A) \\odot \\mathbf{B}",
            "\\begin{bmatrix} a & b \\\\ c & d \\end{bmatrix} = A",
            "\\| x \\|_2^2 = \\left\\| x \\right\\|^2",
            "\\sum_{i=1}^N \\tfrac12 x_i",
        ] {
            let out = formula(source, None);
            assert!(out.starts_with("<math"), "{source}: {out}");
            assert!(!out.contains("merror"), "{source}: {out}");
        }
        // What was typed without LaTeX is shown as it was read.
        assert!(formula("W'*x", Some("W^\\top x")).starts_with("<math"));
    }

    #[test]
    fn what_cannot_be_rendered_is_shown_as_it_is() {
        for source in [
            "\\frac{a",
            "\\unknowncommand{x}",
            "W ⟂ x",
            "a & b < c",
            &format!("{}x{}", "{".repeat(500), "}".repeat(500)),
        ] {
            let out = formula(source, None);
            assert!(out.starts_with("<code"), "{source}: {out}");
        }
    }

    #[test]
    fn nothing_a_student_writes_is_markup() {
        for source in [
            "<script>alert(1)</script> \\alpha",
            "\\text{<img src=x onerror=alert(1)>} = 1",
            "\\href{javascript:alert(1)}{x}",
            "\\mathrm{\"><script>}",
            "\\color{red;background:url(x)}x",
            "\\unicode{x3c}script\\unicode{x3e}",
            "\\class{x\" onclick=\"y}{z}",
        ] {
            let out = formula(source, Some(source));
            let lower = out.to_lowercase();
            for bad in ["<script", "<img", "<a ", "javascript:alert(1)\"", "url(x)\"", " onclick=\"", " style="] {
                assert!(!lower.contains(bad), "{source}: {out}");
            }
        }
        assert_eq!(checked("<math><script>1</script></math>"), None);
        assert_eq!(checked("<math><mi onclick=\"x\">1</mi></math>"), None);
        assert_eq!(checked("<math><mi>1</math></mi>"), None);
        assert_eq!(
            checked("<math><mi mathvariant=\"normal\">a</mi></math>").as_deref(),
            Some("<math><mi mathvariant=\"normal\">a</mi></math>")
        );
    }
}
