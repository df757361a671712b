//! Commands that a document defines for itself: `\newcommand`, `\def` and their like, written out.
//!
//! Every use becomes what it stands for, and the definitions become blank; lines stay where they are. What is defined
//! without an end, or by itself without end, is left as it stands.

use rustc_hash::FxHashMap;

/// Commands within commands that are written out.
const DEEPEST: usize = 12;
/// How much longer than the text what is written out may be.
const GROWTH: usize = 8;
const LONGEST_BODY: usize = 2000;

/// A command's meaning.
struct Macro {
    parameters: usize,
    /// The value of the first parameter where it is left out.
    default: Option<String>,
    body: String,
    /// Whether a star may stand behind the name.
    starred: bool,
}

/// The text with its own commands written out; nothing where it defines none.
pub(super) fn expand(text: &str) -> Option<String> {
    const SIGNS: &[&str] = &["\\newcommand", "\\renewcommand", "\\providecommand", "\\def\\", "\\Declare"];
    if !SIGNS.iter().any(|s| text.contains(s)) {
        return None;
    }
    let mut macros = FxHashMap::default();
    let mut out = String::with_capacity(text.len());
    let mut most = text.len() * GROWTH + LONGEST_BODY;
    let mut rest = text;
    while let Some(at) = rest.find('\\') {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        if let Some((name, found, length)) = definition(rest) {
            macros.insert(name, found);
            out.extend(rest[..length].chars().map(|c| if c == '\n' { '\n' } else { ' ' }));
            rest = &rest[length..];
            continue;
        }
        match written_out(rest, &macros, DEEPEST, &mut most) {
            Some((body, length)) => {
                let flat = body.replace('\n', " ");
                out.push_str(&flat);
                separate(&mut out, &rest[length..]);
                out.extend(rest[..length].matches('\n'));
                rest = &rest[length..];
            }
            None => {
                let length = command(rest).map_or(1, |n| n.len() + 1).min(rest.len());
                let length = if length == 1 { rest.chars().take(2).map(char::len_utf8).sum() } else { length };
                out.push_str(&rest[..length]);
                rest = &rest[length..];
            }
        }
    }
    out.push_str(rest);
    (!macros.is_empty()).then_some(out)
}

/// The letters of the command a text begins with.
fn command(text: &str) -> Option<&str> {
    let rest = text.strip_prefix('\\')?;
    let length = rest.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(rest.len());
    (length > 0).then(|| &rest[..length])
}

/// The group `{…}` or `[…]` a text begins with, blanks before it aside: what is in it, and where it ends.
fn group(text: &str, open: char, close: char) -> Option<(&str, usize)> {
    let start = text.len() - text.trim_start().len();
    let mut depth = 0usize;
    let mut escaped = false;
    for (at, c) in text[start..].char_indices() {
        match c {
            c if depth == 0 && c != open => return None,
            _ if escaped => escaped = false,
            '\\' if depth > 0 => escaped = true,
            c if c == open => depth += 1,
            c if c == close => {
                depth = depth.checked_sub(1)?;
                if depth == 0 {
                    return Some((&text[start + 1..start + at], start + at + 1));
                }
            }
            _ => {}
        }
        if at > LONGEST_BODY {
            return None;
        }
    }
    None
}

/// A definition that a text begins with: the command, its meaning, and the length of it.
fn definition(text: &str) -> Option<(String, Macro, usize)> {
    let head = command(text)?;
    let mut at = head.len() + 1;
    if text[at..].starts_with('*') {
        at += 1;
    }
    let mut parameters = 0;
    let mut default = None;
    let name;
    match head {
        "newcommand" | "renewcommand" | "providecommand" | "DeclareMathOperator" | "DeclarePairedDelimiter" => {
            let rest = &text[at..];
            name = match group(rest, '{', '}') {
                Some((inner, length)) => {
                    at += length;
                    command(inner.trim()).filter(|n| n.len() + 1 == inner.trim().len())?
                }
                None => {
                    let bare = command(rest.trim_start())?;
                    at += rest.len() - rest.trim_start().len() + bare.len() + 1;
                    bare
                }
            };
            if let Some((count, length)) = group(&text[at..], '[', ']').filter(|_| head.ends_with("command")) {
                parameters = count.trim().parse().ok().filter(|n| (1..=9).contains(n))?;
                at += length;
                if let Some((value, length)) = group(&text[at..], '[', ']') {
                    default = Some(value.to_owned());
                    at += length;
                }
            }
        }
        "def" => {
            name = command(&text[at..])?;
            at += name.len() + 1;
            while text[at..].starts_with(&format!("#{}", parameters + 1)) {
                parameters += 1;
                at += 2;
            }
        }
        _ => return None,
    }
    let (body, length) = group(&text[at..], '{', '}')?;
    at += length;
    let mut starred = false;
    let body = match head {
        "DeclareMathOperator" => format!("\\operatorname{{{body}}}"),
        "DeclarePairedDelimiter" => {
            let (right, length) = group(&text[at..], '{', '}')?;
            at += length;
            (parameters, starred) = (1, true);
            format!("\\left{body} #1 \\right{right}")
        }
        _ => body.replace("\\ensuremath", "").replace("\\xspace", ""),
    };
    Some((name.to_owned(), Macro { parameters, default, body, starred }, at))
}

/// What the command a text begins with stands for, and the length of its use.
fn written_out(
    text: &str,
    macros: &FxHashMap<String, Macro>,
    depth: usize,
    most: &mut usize,
) -> Option<(String, usize)> {
    let name = command(text)?;
    let meant = macros.get(name).filter(|_| depth > 0)?;
    let mut at = name.len() + 1;
    if meant.starred && text[at..].starts_with('*') {
        at += 1;
    }
    let mut values: Vec<String> = Vec::new();
    if let Some(default) = &meant.default {
        match group(&text[at..], '[', ']') {
            Some((value, length)) => {
                values.push(value.to_owned());
                at += length;
            }
            None => values.push(default.clone()),
        }
    }
    while values.len() < meant.parameters {
        let (value, length) = argument(&text[at..])?;
        values.push(value.to_owned());
        at += length;
    }
    let mut body = String::new();
    let mut parts = meant.body.split('#');
    body.push_str(parts.next().unwrap_or_default());
    for part in parts {
        let number = part.chars().next().and_then(|d| d.to_digit(10)).filter(|d| *d > 0)? as usize;
        body.push_str(values.get(number - 1)?);
        body.push_str(&part[1..]);
    }
    *most = most.checked_sub(body.len())?;
    // What stands in it may be a command of the document again.
    let mut out = String::new();
    let mut rest = body.as_str();
    while let Some(next) = rest.find('\\') {
        out.push_str(&rest[..next]);
        rest = &rest[next..];
        let (piece, length) = match written_out(rest, macros, depth - 1, most) {
            Some(found) => found,
            None => {
                let length =
                    command(rest).map_or_else(|| rest.chars().take(2).map(char::len_utf8).sum(), |n| n.len() + 1);
                (rest[..length].to_owned(), length)
            }
        };
        rest = &rest[length..];
        out.push_str(&piece);
        separate(&mut out, rest);
    }
    out.push_str(rest);
    Some((out, at))
}

/// The argument a text begins with: a group, a command or one letter.
fn argument(text: &str) -> Option<(&str, usize)> {
    let space = text.len() - text.trim_start().len();
    let rest = &text[space..];
    if rest.starts_with('{') {
        return group(text, '{', '}');
    }
    let length = match command(rest) {
        Some(name) => name.len() + 1,
        None => rest.chars().next().filter(|c| c.is_alphanumeric())?.len_utf8(),
    };
    Some((&rest[..length], space + length))
}

/// Keeps a command at the end of what was written out and the letter behind it apart.
fn separate(out: &mut String, behind: &str) {
    let letters = out.len() - out.trim_end_matches(|c: char| c.is_ascii_alphabetic()).len();
    let ends_in_command = letters > 0 && out[..out.len() - letters].ends_with('\\');
    if ends_in_command && behind.starts_with(|c: char| c.is_ascii_alphabetic()) {
        out.push(' ');
    }
}

#[cfg(test)]
mod tests {
    use super::expand;

    fn check(text: &str, expected: &str) {
        assert_eq!(expand(text).unwrap_or_default().trim(), expected);
    }

    #[test]
    fn commands_are_written_out() {
        check("\\newcommand{\\bw}{\\mathbf{w}}\n$\\bw\\bw x$", "$\\mathbf{w}\\mathbf{w} x$");
        check("\\newcommand\\T{^\\top}\n$A\\T x, A\\T b$", "$A^\\top x, A^\\top b$");
        check("\\def\\u{\\mathbf u}$\\u + \\ub$", "$\\mathbf u + \\ub$");
        check("\\newcommand{\\n}[1]{\\|#1\\|}$\\n{x + \\n y}$", "$\\|x + \\|y\\|\\|$");
        check(
            "\\newcommand{\\d}[2][L]{\\frac{\\partial #1}{\\partial #2}}$\\d W + \\d[E]{x}$",
            "$\\frac{\\partial L}{\\partial W} + \\frac{\\partial E}{\\partial x}$",
        );
        check("\\def\\p#1#2{#1 + #2}$\\p{a}{b}$", "$a + b$");
        check("\\DeclareMathOperator*{\\tr}{tr}$\\tr(A)$", "$\\operatorname{tr}(A)$");
        check("\\DeclarePairedDelimiter{\\norm}{\\lVert}{\\rVert}$\\norm*{x}$", "$\\left\\lVert x \\right\\rVert$");
        check("\\def\\a{\\b}\\def\\b{c}$\\a$", "$c$");
    }

    #[test]
    fn lines_stay_and_nothing_runs_away() {
        let text = "\\newcommand{\\a}{x}\n\n$\\a\n+ 1$\n";
        assert_eq!(expand(text).unwrap_or_default().matches('\n').count(), text.matches('\n').count());
        assert!(expand("\\def\\a{\\a\\a\\a}$\\a$").is_some_and(|t| t.len() < 100_000));
        check("\\newcommand{\\a}{x $\\a$", "");
        assert!(expand("$\\alpha$").is_none());
    }
}
