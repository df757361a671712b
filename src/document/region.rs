//! Finding the formulas of a document, with exact byte offsets.
//!
//! One walk over the text: code, comments and addresses are stepped over, every way to set mathematics is found, and
//! the lines that are left may be formulas in plain text.

use super::format::Format;
use super::label;
use super::lines::{Lines, paragraph_end, trim};
use super::model::Display;
use super::plausible::{in_text_group, is_blank_line, is_inline, looks_mathematical};
use super::text_line;
use super::token::environment;
use rustc_hash::FxHashMap;

/// A formula: what stands between its delimiters, and with them.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Region {
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) outer: (usize, usize),
    pub(super) display: Display,
}

/// What the walk found.
#[derive(Default)]
pub(super) struct Found {
    pub(super) regions: Vec<Region>,
    /// Code, comments and the like, in order.
    pub(super) skipped: Vec<(usize, usize)>,
    /// What looks like a formula and has no end or no beginning.
    pub(super) broken: Vec<(usize, usize, &'static str)>,
}

impl Found {
    /// Whether a byte lies in code, or in a formula that began before it.
    pub(super) fn covers(&self, at: usize) -> bool {
        let after = self.regions.partition_point(|r| r.outer.0 < at);
        let in_region = after > 0 && at < self.regions[after - 1].outer.1;
        let after = self.skipped.partition_point(|s| s.0 <= at);
        in_region || (after > 0 && at < self.skipped[after - 1].1)
    }
}

/// Environments that are formulas without dollar signs.
const DISPLAYS: &[&str] = &[
    "equation",
    "align",
    "aligned",
    "gather",
    "gathered",
    "multline",
    "split",
    "eqnarray",
    "cases",
    "alignat",
    "flalign",
    "displaymath",
    "math",
    "dmath",
    "IEEEeqnarray",
    "alignedat",
];
/// LaTeX environments that are no mathematics.
const VERBATIM: &[&str] = &["verbatim", "lstlisting", "tikzpicture", "minted", "comment", "filecontents"];

pub(super) struct Finder<'t> {
    pub(super) text: &'t str,
    pub(super) bytes: &'t [u8],
    pub(super) format: Format,
    pub(super) found: Found,
    pub(super) environments: FxHashMap<usize, usize>,
    /// Delimiters that are known not to close any more.
    closed: Vec<&'static str>,
    /// The shortest fence of each character that is known not to close.
    pub(super) open_fence: [usize; 2],
    /// The closing fence of the note that is open.
    pub(super) note_end: Option<(usize, usize)>,
}

/// Finds the formulas of a text, in order.
pub(super) fn find(text: &str, format: Format, lines: &Lines) -> Found {
    let mut finder = Finder {
        text,
        bytes: text.as_bytes(),
        format,
        found: Found::default(),
        environments: environments(text),
        closed: Vec::new(),
        open_fence: [usize::MAX; 2],
        note_end: None,
    };
    finder.walk();
    let mut found = finder.found;
    if format != Format::Latex {
        lines_of_text(text, lines, &mut found);
    }
    found.broken.sort_unstable_by_key(|b| b.0);
    found.regions = merge(text, std::mem::take(&mut found.regions));
    found
}

/// For each `\begin` that is closed, the end of its `\end`.
fn environments(text: &str) -> FxHashMap<usize, usize> {
    let mut open: FxHashMap<&str, Vec<usize>> = FxHashMap::default();
    let mut found = FxHashMap::default();
    for (at, _) in text.match_indices('\\') {
        let rest = &text[at..];
        if rest.starts_with("\\begin{") {
            if let Some((name, _)) = environment(rest) {
                open.entry(name).or_default().push(at);
            }
        } else if rest.starts_with("\\end{")
            && let Some((name, length)) = environment(rest)
            && let Some(begin) = open.get_mut(name).and_then(Vec::pop)
        {
            found.insert(begin, at + length);
        }
    }
    found
}

impl Finder<'_> {
    fn walk(&mut self) {
        let mut at = self.front_matter();
        let mut line_start = true;
        while at < self.bytes.len() {
            if line_start && let Some(past) = self.fence(at) {
                at = past;
                line_start = self.bytes.get(at.wrapping_sub(1)) == Some(&b'\n');
                continue;
            }
            let next = match self.bytes[at] {
                b'\\' => self.backslash(at),
                b'@' => self.doxygen(at),
                b'$' => self.dollar(at),
                b'`' if self.format != Format::Latex => self.code(at),
                b'<' if self.text[at..].starts_with("<!--") => self.skip_to(at, "-->"),
                b'%' if self.format == Format::Latex => self.skip_line(at),
                b'!' | b']' if self.format != Format::Latex => self.address(at),
                _ => at + 1,
            };
            line_start = self.bytes[at] == b'\n'
                || (line_start && matches!(self.bytes[at], b' ' | b'>' | b'\t') && next == at + 1);
            at = next;
        }
    }

    pub(super) fn region(&mut self, start: usize, end: usize, outer: (usize, usize), display: Display) -> usize {
        let (start, end) = trim(self.text, start, end);
        if start < end {
            self.found.regions.push(Region { start, end, outer, display });
        }
        outer.1
    }

    pub(super) fn broken(&mut self, start: usize, end: usize, why: &'static str) {
        if start < end {
            self.found.broken.push((start, end, why));
        }
    }

    fn skip_to(&mut self, at: usize, close: &'static str) -> usize {
        match self.find_close(at + 1, close) {
            Some(found) => {
                self.found.skipped.push((at, found + close.len()));
                found + close.len()
            }
            None => at + 1,
        }
    }

    fn skip_line(&mut self, at: usize) -> usize {
        let end = self.text[at..].find('\n').map_or(self.text.len(), |n| at + n);
        self.found.skipped.push((at, end));
        end
    }

    /// Looks for a closing delimiter once per kind where there is none.
    pub(super) fn find_close(&mut self, from: usize, close: &'static str) -> Option<usize> {
        if self.closed.contains(&close) {
            return None;
        }
        let mut at = from;
        while let Some(found) = self.text.get(at..).and_then(|t| t.find(close)) {
            let slashes = self.bytes[from..at + found].iter().rev().take_while(|b| **b == b'\\').count();
            if !close.starts_with('\\') || close.starts_with("\\\\") || slashes % 2 == 0 {
                return Some(at + found);
            }
            at += found + 1;
        }
        self.closed.push(close);
        None
    }

    /// `@f$ … @f$`, `@f[ … @f]`, `\f{align}{ … \f}`
    fn doxygen(&mut self, at: usize) -> usize {
        let rest = &self.text[at..];
        let close: &'static str = if rest.starts_with("@f[") {
            "@f]"
        } else if rest.starts_with("\\f[") {
            "\\f]"
        } else if rest.starts_with("@f$") {
            "@f$"
        } else if rest.starts_with("\\f$") {
            "\\f$"
        } else if rest.starts_with("@f{") {
            "@f}"
        } else {
            return at + 1;
        };
        let display = if close.ends_with('$') { Display::Inline } else { Display::Block };
        let mut start = at + 3;
        if close == "@f}" {
            // `@f{align*}{`
            let skip = self.text[start..].bytes().take(40).position(|b| b == b'}').unwrap_or(0);
            start += skip + 1;
            start += usize::from(self.bytes.get(start) == Some(&b'{'));
        }
        match self.find_close(start, close) {
            Some(end) => self.region(start, end, (at, end + 3), display),
            None => {
                self.broken(at, paragraph_end(self.text, at), "this formula is not closed");
                at + 3
            }
        }
    }

    fn backslash(&mut self, at: usize) -> usize {
        let rest = &self.text[at..];
        let markdown = self.format != Format::Latex;
        if rest.starts_with("\\f[") || rest.starts_with("\\f$") {
            return self.doxygen(at);
        }
        if markdown && rest.starts_with("\\\\(") && self.short_close(at + 3, "\\\\)") {
            return self.delimited(at, 3, "\\\\)", Display::Inline);
        }
        if markdown && rest.starts_with("\\\\[") && self.short_close(at + 3, "\\\\]") {
            return self.delimited(at, 3, "\\\\]", Display::Block);
        }
        if rest.starts_with("\\(") {
            return self.delimited(at, 2, "\\)", Display::Inline);
        }
        if rest.starts_with("\\[") {
            return self.delimited(at, 2, "\\]", Display::Block);
        }
        if rest.starts_with("\\begin{")
            && let Some((name, length)) = environment(rest)
        {
            let plain = name.trim_end_matches('*');
            let closed = self.environments.get(&at).copied();
            if DISPLAYS.contains(&plain) {
                return match closed {
                    Some(past) => {
                        let found = self.region(at, past, (at, past), Display::Block);
                        self.extend_display();
                        found
                    }
                    None => self.unclosed(at, at + length, self.text.len(), "this environment is not closed"),
                };
            }
            if VERBATIM.contains(&plain)
                && let Some(past) = closed
            {
                self.found.skipped.push((at, past));
                return past;
            }
        }
        at + 1 + rest[1..].chars().next().map_or(0, char::len_utf8)
    }

    /// A formula after a bare environment on the same line goes on: `\end{aligned} = Ax + b`.
    fn extend_display(&mut self) {
        let Some(region) = self.found.regions.last_mut() else { return };
        let line_end = self.text[region.end..].find('\n').map_or(self.text.len(), |n| region.end + n);
        let rest = self.text[region.end..line_end].trim_start();
        if rest.starts_with('=') && !rest.contains('$') {
            region.end = line_end;
            region.outer.1 = line_end;
        }
    }

    fn short_close(&self, from: usize, close: &str) -> bool {
        const WIDEST: usize = 5000;
        let mut to = self.text.len().min(from + WIDEST);
        while !self.text.is_char_boundary(to) {
            to -= 1;
        }
        self.text.get(from..to).is_some_and(|t| t.contains(close))
    }

    fn delimited(&mut self, at: usize, open: usize, close: &'static str, display: Display) -> usize {
        match self.find_close(at + open, close) {
            Some(end) if looks_mathematical(&self.text[at + open..end]) => {
                self.region(at + open, end, (at, end + close.len()), display)
            }
            Some(_) => at + open,
            None => {
                self.broken(at, paragraph_end(self.text, at), "this formula is not closed");
                at + open
            }
        }
    }

    fn dollar(&mut self, at: usize) -> usize {
        if self.text[at..].starts_with("$$") { self.double_dollar(at) } else { self.single_dollar(at) }
    }

    /// A dollar sign without a partner is reported where a formula follows it, and money where not.
    fn open_dollar(&mut self, at: usize) {
        const WIDEST: usize = 500;
        let rest = &self.bytes[at + 1..self.bytes.len().min(at + WIDEST)];
        let length = rest.iter().position(|b| *b == b'\n').unwrap_or(rest.len());
        let Some(line) = self.text.get(at + 1..at + 1 + length) else { return };
        if line.starts_with(|c: char| c.is_alphabetic() || c == '\\') && line.contains(['=', '\\', '^', '_']) {
            self.broken(at, at + 1 + length, "this formula is not closed");
        }
    }

    fn single_dollar(&mut self, at: usize) -> usize {
        const WIDEST: usize = 20_000;
        let mut end = at + 1;
        let mut pairs = 0usize;
        loop {
            let limit = self.bytes.len().min(at + WIDEST);
            while end < limit && self.bytes[end] != b'$' {
                if self.bytes[end] == b'\\' {
                    end += 1;
                } else if self.bytes[end] == b'\n' && is_blank_line(&self.text[end + 1..]) {
                    end = limit;
                    break;
                }
                end += 1;
            }
            if end >= limit || self.bytes[end] != b'$' {
                self.open_dollar(at);
                return at + 1;
            }
            // A dollar within `\text{…}` does not end the formula.
            if pairs < 20 && in_text_group(&self.text[at + 1..end]) {
                pairs += 1;
                end += 1;
                continue;
            }
            break;
        }
        let content = &self.text[at + 1..end];
        let digit_after = self.bytes.get(end + 1).is_some_and(u8::is_ascii_digit);
        if !is_inline(content, digit_after) {
            return at + 1;
        }
        let (mut start, mut stop) = (at + 1, end);
        if content.starts_with('`') && content.ends_with('`') && content.len() > 2 {
            (start, stop) = (start + 1, stop - 1);
        }
        self.region(start, stop, (at, end + 1), Display::Inline)
    }
}

/// Adds the lines that are formulas in plain text.
fn lines_of_text(text: &str, lines: &Lines, found: &mut Found) {
    let mut extra = Vec::new();
    let mut labels = Vec::new();
    let mut region = 0;
    let (mut skipped, mut broken) = (0, 0);
    for (start, end) in lines.ranges(text) {
        while found.regions.get(region).is_some_and(|r| r.outer.1 <= start) {
            region += 1;
        }
        while found.skipped.get(skipped).is_some_and(|s| s.1 <= start) {
            skipped += 1;
        }
        if found.regions.get(region).is_some_and(|r| r.outer.0 < end)
            || found.skipped.get(skipped).is_some_and(|s| s.0 < end)
        {
            continue;
        }
        if is_size_line(text, start, end) {
            labels.push((start, end, "shape label"));
            continue;
        }
        while found.broken.get(broken).is_some_and(|b| b.1 <= start) {
            broken += 1;
        }
        if found.broken.get(broken).is_some_and(|b| b.0 < end) {
            continue;
        }
        for (from, to) in text_line::formulas(text, start, end) {
            extra.push(Region { start: from, end: to, outer: (from, to), display: Display::TextLine });
        }
    }
    found.broken.extend(labels);
    found.regions.extend(extra);
    found.regions.sort_by_key(|r| r.outer.0);
}

/// Whether a line says nothing but a size: `matrix nxm`.
fn is_size_line(text: &str, start: usize, end: usize) -> bool {
    const LONGEST: usize = 60;
    let line = &text[start..end];
    line.len() <= LONGEST && line.contains(['x', '×']) && label::is_shape(line.trim())
}

/// Joins formulas between which stands only an operator, and displays that go on with `+`.
fn merge(text: &str, regions: Vec<Region>) -> Vec<Region> {
    const WIDEST: usize = 12;
    let mut merged: Vec<Region> = Vec::with_capacity(regions.len());
    for region in regions {
        if let Some(last) = merged.last_mut() {
            let gap = text.get(last.outer.1..region.outer.0).unwrap_or_default();
            let sign = gap.trim();
            let operator = gap.len() <= WIDEST
                && !sign.is_empty()
                && sign.chars().all(|c| matches!(c, '+' | '-' | '−' | '=' | '·' | '*' | '<' | '>' | '≤' | '≥' | '≈'))
                && !(gap.contains('\n') && matches!(sign, "-" | "*"));
            let continued = sign.is_empty() && region.display != Display::Inline && last.display == region.display && {
                let content = &text[region.start..region.end];
                let content = content.trim_start_matches(['&', ' ']);
                content.starts_with('+') || (content.starts_with(['-', '−']) && !content.contains('='))
            };
            let inline = last.display == Display::Inline && region.display == Display::Inline;
            if (operator && inline && gap.matches('\n').count() < 2) || continued {
                last.end = region.end;
                last.outer.1 = region.outer.1;
                continue;
            }
        }
        merged.push(region);
    }
    merged
}
