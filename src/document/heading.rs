//! Headings and markers that place claims: `# …`, `\section{…}`, bold lines, `Problem 1.a`, `Q7`, `(b)`, `c.`

use super::lines::{Lines, trim};
use super::model::{Document, Heading};
use crate::text::Span;

/// Words with which a part of an assignment begins, before its number.
const PARTS: &[&str] = &[
    "problem",
    "exercise",
    "question",
    "task",
    "part",
    "aufgabe",
    "assignment",
    "solution",
    "ejercicio",
    "exercício",
    "questão",
    "problema",
    "exercice",
    "step",
    "q",
    "ex",
    "ex.",
    "case",
];
const MAX_TEXT: usize = 200;

/// All headings of a text; `inside` says whether a byte lies in mathematics or code.
pub(super) fn headings(text: &str, lines: &Lines, inside: impl Fn(usize) -> bool) -> Vec<Heading> {
    let mut found = Vec::new();
    for (start, end) in lines.ranges(text) {
        let (from, to) = trim(text, start, end);
        if from == to || inside(from) {
            continue;
        }
        if let Some((level, from, to)) = heading(text, from, to) {
            let text = plain(&text[from..to], MAX_TEXT);
            if !text.is_empty() {
                found.push(Heading { span: Span::new(from, to), line: lines.line(start), text, level });
            }
        }
    }
    found
}

fn heading(text: &str, from: usize, to: usize) -> Option<(u8, usize, usize)> {
    let line = &text[from..to];
    let hashes = line.bytes().take_while(|b| *b == b'#').count();
    if (1..=6).contains(&hashes) {
        let (start, end) = trim(text, from + hashes, to);
        return Some((u8::try_from(hashes).unwrap_or(6), start, end));
    }
    for (level, command) in [
        (1, "\\chapter"),
        (1, "\\section"),
        (2, "\\subsection"),
        (3, "\\subsubsection"),
        (4, "\\paragraph"),
        (2, "\\question"),
        (2, "\\part"),
    ] {
        if let Some(rest) = line.strip_prefix(command).map(|r| r.trim_start_matches('*'))
            && let Some(body) = rest.strip_prefix('{')
        {
            let start = to - body.len();
            return Some((level, start, start + body.rfind('}').unwrap_or(body.len())));
        }
    }
    let bare = line.trim_start_matches(['*', '_', '>', ' ']);
    let start = to - bare.len();
    if is_part(bare) {
        return Some((if bold(line) { 5 } else { 6 }, start, to));
    }
    if bold(line) {
        return Some((6, start, to));
    }
    marker_length(bare).map(|length| {
        let roman =
            bare[..length].trim_matches(|c: char| !c.is_alphanumeric()).chars().all(|c| matches!(c, 'i' | 'v' | 'x'));
        (if roman { 8 } else { 7 }, start, to)
    })
}

/// Whether a whole line, or what stands first in it, is bold.
fn bold(line: &str) -> bool {
    ["**", "__"]
        .iter()
        .any(|mark| line.strip_prefix(mark).is_some_and(|rest| rest.contains(mark) && !rest.starts_with(' ')))
}

/// `Problem 1.a`, `Q7`, `Exercise 2`
fn is_part(line: &str) -> bool {
    let letters = line.len() - line.trim_start_matches(|c: char| c.is_alphabetic()).len();
    let word = line[..letters].to_lowercase();
    let rest = line[letters..].trim_start_matches(['.', ' ', ':']);
    PARTS.contains(&word.as_str())
        && (rest.starts_with(|c: char| c.is_ascii_digit())
            || (word.len() > 2 && line[letters..].starts_with(' ') && marker_word(rest)))
}

/// A single letter or Roman number, alone: the `B` of `Part B`.
fn marker_word(rest: &str) -> bool {
    let word = rest.split(|c: char| !c.is_alphanumeric()).next().unwrap_or_default();
    word.len() == 1
        || (!word.is_empty() && word.len() < 5 && word.chars().all(|c| matches!(c, 'i' | 'v' | 'x' | 'I' | 'V' | 'X')))
}

/// The length of a marker such as `(b)`, `1)`, `2.`, `c.`, `iv)` at the start of a text, with the space after it.
pub(super) fn marker_length(text: &str) -> Option<usize> {
    let open = usize::from(text.starts_with(['(', '（'])) * text.chars().next().map_or(0, char::len_utf8);
    let body = &text[open..];
    let word = body.len() - body.trim_start_matches(|c: char| c.is_ascii_alphanumeric()).len();
    let label = &body[..word];
    let short = label.len() == 1 && label.bytes().all(|b| b.is_ascii_alphabetic())
        || (1..=2).contains(&label.len()) && label.bytes().all(|b| b.is_ascii_digit())
        || (2..=4).contains(&label.len()) && label.bytes().all(|b| matches!(b, b'i' | b'v' | b'x'))
        || label.len() == 2 && label.as_bytes()[0].is_ascii_digit() && label.as_bytes()[1].is_ascii_lowercase();
    if !short {
        return None;
    }
    let after = &body[word..];
    let close = after.chars().next()?;
    let closes = matches!(close, ')' | '）') || (open == 0 && close == '.');
    let rest = &after[close.len_utf8()..];
    // `x) = 2` and `(a)b` are formulas, `1.5` is a number.
    let apart = rest.is_empty()
        || rest.starts_with(char::is_whitespace)
        || rest.starts_with(super::lines::is_prose_letter)
        || rest.starts_with(['*', '_', ':']);
    if !closes || !apart || rest.trim_start().starts_with(['=', '+', '^', '-']) {
        return None;
    }
    Some(open + word + close.len_utf8() + (rest.len() - rest.trim_start().len()))
}

/// A line without the marks of Markdown and with single spaces, shortened.
fn plain(text: &str, most: usize) -> String {
    let mut out = String::new();
    let mut space = false;
    let mut count = 0;
    for c in text.chars().filter(|c| !matches!(c, '*' | '#' | '$' | '`') && !super::lines::is_invisible(*c)) {
        if c.is_whitespace() {
            space = !out.is_empty();
            continue;
        }
        if space {
            out.push(' ');
            space = false;
        }
        out.push(c);
        count += 1;
        if count >= most {
            break;
        }
    }
    out
}

/// Where a question's declared `heading` begins a heading or a line, at or after byte `from`.
///
/// White space and the marks of Markdown do not count. The same letters in the same case are preferred, a heading to
/// another line, and an earlier place to a later one; `1.` does not find `1.2`, nor `Problem 1` `Problem 10`.
#[must_use]
pub fn find_heading(document: &Document, heading: &str, from: usize) -> Option<Span> {
    let wanted = plain(heading.trim_start_matches(['\\', '>']), MAX_TEXT);
    if wanted.is_empty() {
        return None;
    }
    let lower = wanted.to_lowercase();
    let mut best: Option<(u8, Span)> = None;
    let mut consider = |rank: u8, span: Span| {
        if best.is_none_or(|(b, _)| rank < b) {
            best = Some((rank, span));
        }
    };
    for found in document.headings.iter().filter(|h| h.span.start as usize >= from) {
        if begins(&found.text, &wanted) {
            consider(0, found.span);
        } else if begins(&found.text.to_lowercase(), &lower) {
            consider(2, found.span);
        }
    }
    let most = 4 * wanted.len() + 100;
    let mut at = 0;
    for line in document.text.split_inclusive('\n') {
        let (start, end) = trim(&document.text, at, at + line.len());
        at += line.len();
        if start < from || start == end {
            continue;
        }
        let mut cut = end.min(start + most);
        while !document.text.is_char_boundary(cut) {
            cut -= 1;
        }
        let line = plain(document.text[start..cut].trim_start_matches(['>', '-', '_', ' ']), wanted.len() + 40);
        if begins(&line, &wanted) {
            consider(1, Span::new(start, end));
        } else if begins(&line.to_lowercase(), &lower) {
            consider(3, Span::new(start, end));
        }
    }
    best.map(|(_, span)| span)
}

/// Whether a line begins with a text and does not go on with the same word or number.
fn begins(line: &str, wanted: &str) -> bool {
    let Some(rest) = line.strip_prefix(wanted) else { return false };
    let mut next = rest.chars();
    match next.next() {
        None => true,
        Some(c) if c.is_alphanumeric() => !wanted.ends_with(|c: char| c.is_alphanumeric()) && !c.is_ascii_digit(),
        Some('.') => !next.next().is_some_and(|c| c.is_ascii_digit()),
        Some(_) => true,
    }
}
