//! What is no mathematics: code, front matter, pictures and addresses. Math fences are, and notes hold text.

use super::format::Format;
use super::model::Display;
use super::region::Finder;

/// Info strings of fences that hold formulas; those of notes (`ad-note`, `{note}`) hold Markdown.
const MATH_FENCES: &[&str] = &["math", "latex", "tex", "katex", "{math}", "{.math}"];

/// Whether the word after a fence's mark says that Markdown follows.
fn is_note(word: &str) -> bool {
    let directive = word.strip_prefix('{').is_some_and(|w| {
        w.len() > 2
            && !w.contains(['.', '=', '#'])
            && !w.starts_with("r}")
            && !w.starts_with("r ")
            && !w.contains("code")
            && !w.starts_with("py")
    });
    word.starts_with("ad-") || directive
}

impl Finder<'_> {
    /// `--- … ---` at the start of a Markdown file.
    pub(super) fn front_matter(&mut self) -> usize {
        const MAX_FRONT_MATTER: usize = 5000;
        if !self.text.starts_with("---\n") || self.format == Format::Latex {
            return 0;
        }
        let Some(end) = self.text[4..].find("\n---") else { return 0 };
        let yaml = &self.text[4..4 + end];
        if end > MAX_FRONT_MATTER || yaml.contains('$') || !yaml.lines().next().is_some_and(|l| l.contains(':')) {
            return 0;
        }
        self.found.skipped.push((0, end + 8));
        end + 8
    }

    pub(super) fn fence(&mut self, at: usize) -> Option<usize> {
        const LONGEST: usize = 16;
        let mark = *self.bytes.get(at)?;
        let kind = match mark {
            b'`' => 0,
            b'~' => 1,
            _ => return None,
        };
        let count = self.bytes[at..].iter().take(LONGEST).take_while(|b| **b == mark).count();
        if count < 3 || self.format == Format::Latex {
            return None;
        }
        if let Some((start, past)) = self.note_end
            && (start..past).contains(&at)
        {
            self.found.skipped.push((at, past));
            return Some(past);
        }
        let line_end = self.text[at..].find('\n').map_or(self.text.len(), |n| at + n);
        let info = self.text[at + count..line_end].trim().to_lowercase();
        if info.contains('`') {
            return None;
        }
        let close = if count >= self.open_fence[kind] { None } else { self.fence_end(line_end, mark, count) };
        let Some((end, past)) = close else {
            self.open_fence[kind] = self.open_fence[kind].min(count);
            self.broken(at, line_end, "this code fence is not closed");
            return Some(line_end);
        };
        let word = info.split_whitespace().next().unwrap_or_default();
        if MATH_FENCES.contains(&word) {
            self.region(line_end, end, (at, past), Display::Block);
            return Some(past);
        }
        if is_note(word) {
            // A note in Markdown: its text is read, its fences are not.
            self.found.skipped.push((at, line_end));
            self.note_end = Some((end, past));
            return Some(line_end);
        }
        self.found.skipped.push((at, past));
        Some(past)
    }

    /// Where the content of a fence ends, and the fence itself.
    fn fence_end(&self, from: usize, mark: u8, count: usize) -> Option<(usize, usize)> {
        let mut at = from;
        while at < self.bytes.len() {
            let start = at + 1;
            let end = self.text.get(start..)?.find('\n').map_or(self.text.len(), |n| start + n);
            let line = self.text[start..end].trim_start_matches([' ', '\t', '>']).trim_end();
            if line.len() >= count && line.bytes().all(|b| b == mark) {
                return Some((start, end));
            }
            at = end;
        }
        None
    }

    /// `` `code` ``: no mathematics.
    pub(super) fn code(&mut self, at: usize) -> usize {
        const MAX_CODE: usize = 1000;
        let count = self.bytes[at..].iter().take_while(|b| **b == b'`').count();
        let mut from = at + count;
        let limit = self.bytes.len().min(at + MAX_CODE);
        while from < limit {
            if self.bytes[from] == b'`' {
                let run = self.bytes[from..].iter().take_while(|b| **b == b'`').count();
                if run == count {
                    self.found.skipped.push((at, from + run));
                    return from + run;
                }
                from += run;
            } else if self.bytes[from] == b'\n' && self.bytes.get(from + 1) == Some(&b'\n') {
                break;
            } else {
                from += 1;
            }
        }
        at + count
    }

    /// The address in `[words](address)` and the whole of `![words](address)`.
    pub(super) fn address(&mut self, at: usize) -> usize {
        const MAX_ADDRESS: usize = 500;
        let image = self.bytes[at] == b'!';
        let open = match self.bytes[at] {
            b'!' if self.bytes.get(at + 1) == Some(&b'[') => {
                let words = self.bytes[at..].iter().take(MAX_ADDRESS).position(|b| matches!(b, b']' | b'\n' | b'$'));
                match words {
                    Some(n) if self.bytes[at + n] == b']' => at + n + 1,
                    _ => return at + 1,
                }
            }
            b']' => at + 1,
            _ => return at + 1,
        };
        if self.bytes.get(open) != Some(&b'(') {
            return at + 1;
        }
        match self.bytes[open..]
            .iter()
            .take(MAX_ADDRESS)
            .position(|b| matches!(b, b')' | b'\n') || (!image && matches!(b, b'$' | b' ')))
        {
            Some(n) if self.bytes[open + n] == b')' => {
                self.found.skipped.push((at, open + n + 1));
                open + n + 1
            }
            _ => at + 1,
        }
    }
}
