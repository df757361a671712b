//! Displays between double dollar signs, and what is left of a display that is not closed.
//!
//! A display without an end must not take the beginning of the next one for it: a line of prose ends it. What stands
//! before that line is read, and the place is said.

use super::lines::{is_prose_letter, trim};
use super::model::Display;
use super::plausible::{has_marks, is_blank_line, is_display};
use super::region::Finder;
use super::token::environment;

impl Finder<'_> {
    pub(super) fn double_dollar(&mut self, at: usize) -> usize {
        const WHY: &str = "this display is not closed";
        let Some(end) = self.find_close(at + 2, "$$") else {
            return self.unclosed(at, at + 2, self.text.len(), WHY);
        };
        let content = &self.text[at + 2..end];
        if content.trim().is_empty() {
            return end + 2;
        }
        let swallows = prose_after_blank(content);
        if is_display(content) && !swallows {
            return self.region(at + 2, end, (at, end + 2), Display::Block);
        }
        let first = &content[..display_length(content)];
        if has_marks(first) && is_display(first) {
            return self.unclosed(at, at + 2, end, WHY);
        }
        // The display this ends has no beginning.
        let start = self.found.regions.last().map_or(0, |r| r.outer.1);
        let start = self.text[start..at].rfind("\n\n").map_or(start, |n| start + n);
        let (start, end) = trim(self.text, start, at);
        self.broken(start, end.max(start), "this display is closed but was not opened, or not closed");
        at + 2
    }

    /// Reads what stands behind an opening at `at` that is not closed before `limit`, up to a blank line or prose.
    pub(super) fn unclosed(&mut self, at: usize, from: usize, limit: usize, why: &'static str) -> usize {
        const WIDEST: usize = 20_000;
        let mut limit = limit.min(from + WIDEST);
        while !self.text.is_char_boundary(limit) {
            limit -= 1;
        }
        let mut from = from;
        let mut end = from + display_length(&self.text[from..limit]);
        self.broken(at, from, why);
        // Environments that are opened here and not closed either.
        loop {
            let rest = &self.text[from..end];
            let space = rest.len() - rest.trim_start().len();
            let opened = rest.trim_start();
            match environment(opened) {
                Some((_, length))
                    if opened.starts_with("\\begin{") && !self.environments.contains_key(&(from + space)) =>
                {
                    from += space + length;
                }
                _ => break,
            }
        }
        // Another display within it begins something else.
        let others = ["$$", "\n\\[", "\\section", "\\begin{align}", "\\begin{align*}", "\\begin{equation"];
        if let Some(n) = others.iter().filter_map(|m| self.text[from..end].find(m)).min() {
            end = from + n;
        }
        // What is cut off in the middle says something else than what was meant.
        let written = end;
        while !is_balanced(&self.text[from..end]) {
            match self.text[from..end].rfind("\\\\") {
                Some(row) => end = from + row,
                None => {
                    self.broken(from, written, "this formula is cut off");
                    return from;
                }
            }
        }
        if !has_marks(&self.text[from..end]) || !is_display(&self.text[from..end]) {
            return from;
        }
        self.region(from, end, (at, end), Display::Block).max(from)
    }
}

/// How far a text goes on as a display: up to a blank line behind something, or a line of prose.
fn display_length(content: &str) -> usize {
    let mut at = 0;
    let mut written = false;
    for line in content.split_inclusive('\n') {
        let blank = line.trim().is_empty();
        if (blank && written) || is_prose_line(line) {
            break;
        }
        written |= !blank;
        at += line.len();
    }
    at
}

/// Whether a blank line and then a line of prose stand in what would be a display.
fn prose_after_blank(content: &str) -> bool {
    let mut blank = false;
    content.char_indices().filter(|(_, c)| *c == '\n').any(|(n, _)| {
        let rest = &content[n + 1..];
        blank |= is_blank_line(rest) || rest.trim().is_empty();
        blank && is_prose_line(rest.lines().next().unwrap_or_default())
    })
}

/// A line of words: no sign of a formula stands in it.
fn is_prose_line(line: &str) -> bool {
    let line = line.trim();
    let mut run = 0usize;
    let mut longest = 0usize;
    for c in line.chars() {
        run = if c.is_alphabetic() { run + 1 } else { 0 };
        longest = longest.max(run);
    }
    !has_marks(line)
        && !line.contains(['+', '&', '|', '$', '(', '['])
        && (line.chars().any(is_prose_letter) || (longest >= 3 && line.len() >= 4))
}

/// Whether every bracket of a formula has its partner, by number.
fn is_balanced(text: &str) -> bool {
    let pairs = [("{", "}"), ("(", ")"), ("\\left", "\\right"), ("\\begin{", "\\end{")];
    let count = |mark: &str| text.matches(mark).count();
    // `\leftarrow` and `\rightarrow` are no brackets.
    let arrows = |mark: &str| count(&format!("{mark}arrow"));
    pairs.iter().all(|(open, close)| count(open) - arrows(open) == count(close) - arrows(close))
}
