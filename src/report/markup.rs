//! Text inside of XML, HTML and Markdown. All that comes from a submission goes through here.

use super::visible::is_hidden;

/// Text for the content of an element.
pub(super) fn xml(s: &str) -> String {
    let mut out = String::with_capacity(s.len() + 8);
    for c in s.chars() {
        match c {
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            '\t' | '\n' => out.push(c),
            // What XML does not allow.
            '\r' => {}
            c if c.is_control() || turns(c) || matches!(c, '\u{fffe}' | '\u{ffff}') => out.push('\u{fffd}'),
            c => out.push(c),
        }
    }
    out
}

/// Text for the value of an attribute in double quotes.
pub(super) fn xml_attribute(s: &str) -> String {
    xml(s).replace('\n', "&#10;").replace('\t', "&#9;")
}

/// Words in Markdown: what would be markup is escaped, so that they read as they are.
pub(super) fn markdown(s: &str) -> String {
    let mut out = String::with_capacity(s.len() + 8);
    for c in s.chars() {
        match c {
            '\n' | '\r' | '\t' => out.push(' '),
            '<' => out.push_str("&lt;"),
            '&' => out.push_str("&amp;"),
            '\\' | '`' | '*' | '_' | '{' | '}' | '[' | ']' | '(' | ')' | '#' | '+' | '-' | '!' | '|' | '>' | '~'
            | '$' => {
                out.push('\\');
                out.push(c);
            }
            c if c.is_control() || turns(c) => out.push('\u{fffd}'),
            c => out.push(c),
        }
    }
    out
}

/// Signs that nobody sees and that change what is seen; joiners aside, which are part of names in many languages.
fn turns(c: char) -> bool {
    is_hidden(c) && !matches!(c, '\u{200c}' | '\u{200d}')
}

/// Words with formulas between back quotes, in Markdown: the formulas as code, the rest as it reads.
pub(super) fn markdown_words(s: &str) -> String {
    let parts: Vec<&str> = s.split('`').collect();
    if parts.len().is_multiple_of(2) {
        return markdown(s);
    }
    let code = |p: &str| {
        let clean: String = p.chars().map(|c| if c.is_control() || turns(c) { ' ' } else { c }).collect();
        // Without a sign that is not a blank there is no code in Markdown; a bar would end the cell of a table.
        if clean.trim().is_empty() || clean.contains('|') { markdown(p) } else { format!("`{clean}`") }
    };
    parts.iter().enumerate().map(|(i, p)| if i % 2 == 1 { code(p) } else { markdown(p) }).collect()
}

/// Text as a block of code in Markdown, with a fence longer than any in it.
pub(super) fn fenced(s: &str) -> String {
    let longest = s.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest.max(2) + 1);
    let clean: String = s.chars().map(|c| if c.is_control() && c != '\n' || turns(c) { ' ' } else { c }).collect();
    format!("{fence}text\n{}\n{fence}\n", clean.trim_end_matches('\n'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_of_a_text_is_markup() {
        assert_eq!(xml("<script>\"&'\u{0}\u{202e}"), "&lt;script&gt;&quot;&amp;&#39;\u{fffd}\u{fffd}");
        assert_eq!(xml_attribute("a\n\"b"), "a&#10;&quot;b");
        assert_eq!(markdown("[x](javascript:1) <b>\n# h"), "\\[x\\]\\(javascript:1\\) &lt;b\\> \\# h");
        assert_eq!(fenced("a\n````\nb"), "`````text\na\n````\nb\n`````\n");
        assert_eq!(markdown_words("Take `2 \\mu_x*` for <b>."), "Take `2 \\mu_x*` for &lt;b\\>.");
        assert_eq!(markdown_words("one ` alone_"), "one \\` alone\\_");
        assert_eq!(markdown_words("` ` and `a|b`"), "  and a\\|b");
    }
}
