//! Whether what stands between two delimiters is a formula, or prose, or money.

pub(super) fn is_blank_line(rest: &str) -> bool {
    rest.trim_start_matches([' ', '\t', '\r']).starts_with('\n')
}

/// Whether the text ends within the braces of a `\text`-like command.
pub(super) fn in_text_group(content: &str) -> bool {
    const MOST: usize = 2000;
    if content.len() > MOST {
        return false;
    }
    let Some(last) = ["\\text", "\\mbox", "\\hbox"].iter().filter_map(|t| content.rfind(t)).max() else { return false };
    let inside = &content[last..];
    inside.contains('{') && inside.matches('{').count() > inside.matches('}').count()
}

/// Words of prose: letters that no command and no `\text` explains.
fn words(content: &str) -> usize {
    let mut count = 0;
    let mut before = ' ';
    let mut length = 0;
    let mut spaced = true;
    let mut depth = 0i32;
    for c in content.chars().chain([' ']) {
        if c.is_alphabetic() && (length > 0 || !matches!(before, '\\' | '_' | '^')) && before != '\\' {
            if length == 0 {
                spaced = before.is_whitespace() || before == '(';
            }
            length += 1;
            before = c;
            continue;
        }
        if length >= 2 && spaced && depth == 0 && (c.is_whitespace() || matches!(c, ',' | '.' | ';' | ':' | ')' | '?'))
        {
            count += 1;
        }
        if c == '{' {
            depth += 1;
        } else if c == '}' {
            depth -= 1;
        }
        before = if before == '\\' && c.is_alphabetic() { '\\' } else { c };
        length = 0;
    }
    count
}

pub(super) fn has_marks(content: &str) -> bool {
    content.contains(['\\', '=', '^', '_', '≈', '∈', '≤', '≥'])
}

pub(super) fn looks_mathematical(content: &str) -> bool {
    let content = content.trim();
    !content.is_empty()
        && content.chars().any(|c| c.is_alphabetic() || c == '=')
        && (has_marks(content) || words(content) < 3)
}

pub(super) fn is_display(content: &str) -> bool {
    let prose = words(content) + content.chars().filter(|c| super::lines::is_prose_letter(*c)).count();
    let headed = content.contains("\n#");
    !headed
        && !has_loose_dollar(content)
        && (has_marks(content) || prose < 2)
        && (prose < 4 || content.contains(['\\', '=']))
}

/// Whether a single dollar sign stands outside of `\text{…}`.
fn has_loose_dollar(content: &str) -> bool {
    let mut depth = 0i32;
    let mut escaped = false;
    for c in content.chars() {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '{' => depth += 1,
            '}' => depth -= 1,
            '$' if depth <= 0 => return true,
            _ => {}
        }
    }
    false
}

/// Whether what stands between two dollar signs is a formula and not money.
pub(super) fn is_inline(content: &str, digit_after: bool) -> bool {
    let trimmed = content.trim();
    if trimmed.is_empty() {
        return false;
    }
    let prose = words(trimmed);
    let number = trimmed.starts_with(|c: char| c.is_ascii_digit());
    let money = number && (digit_after || prose >= 1) && !trimmed.contains(['\\', '^', '_']);
    let sentence = prose >= 2 && !has_marks(trimmed) || prose >= 5 && !trimmed.contains('\\');
    !money && !sentence
}
