//! Line numbers, and small questions about lines.

/// The starts of all lines of a text.
pub(super) struct Lines {
    starts: Vec<usize>,
}

impl Lines {
    pub(super) fn new(text: &str) -> Self {
        let mut starts = vec![0];
        starts.extend(text.bytes().enumerate().filter(|(_, b)| *b == b'\n').map(|(at, _)| at + 1));
        Self { starts }
    }

    /// The line of a byte, from 1.
    pub(super) fn line(&self, at: usize) -> u32 {
        u32::try_from(self.starts.partition_point(|s| *s <= at)).unwrap_or(u32::MAX)
    }

    /// Every line as a byte range without its end-of-line characters.
    pub(super) fn ranges<'t>(&'t self, text: &'t str) -> impl Iterator<Item = (usize, usize)> + 't {
        self.starts.iter().enumerate().map(move |(n, start)| {
            let end = self.starts.get(n + 1).map_or(text.len(), |next| next - 1);
            let end = if text[*start..end].ends_with('\r') { end - 1 } else { end };
            (*start, end)
        })
    }
}

/// The range without white space at its ends.
pub(super) fn trim(text: &str, start: usize, end: usize) -> (usize, usize) {
    let part = &text[start..end];
    let invisible = |c: char| c.is_whitespace() || is_invisible(c);
    let left = part.len() - part.trim_start_matches(invisible).len();
    let right = part.trim_end_matches(invisible).len();
    (start + left.min(right), start + right)
}

/// Characters that take no room and mean nothing.
pub(super) fn is_invisible(c: char) -> bool {
    matches!(c, '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}' | '\u{ad}')
}

/// Letters of scripts in which people write prose and no formulas.
pub(super) fn is_prose_letter(c: char) -> bool {
    matches!(c, '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}' | '\u{ac00}'..='\u{d7af}' | '\u{400}'..='\u{52f}')
}

/// Where the paragraph that contains `at` ends: before the next blank line, or soon.
pub(super) fn paragraph_end(text: &str, at: usize) -> usize {
    const FARTHEST: usize = 2000;
    let mut limit = text.len().min(at + FARTHEST);
    while !text.is_char_boundary(limit) {
        limit -= 1;
    }
    let text = &text[..limit];
    let mut line = at;
    while let Some(length) = text[line..].find('\n') {
        let next = line + length + 1;
        let end = text[next..].find('\n').map_or(text.len(), |n| next + n);
        if text[next..end].trim().is_empty() {
            return line + length;
        }
        line = next;
    }
    text.len()
}
