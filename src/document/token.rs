//! The tokens of a formula: just enough LaTeX to know what encloses what.

/// The kind of a token.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub(super) enum Kind {
    /// `\alpha`, `\,`
    Command,
    /// `\\`, with its star and extra space
    Row,
    /// `{`
    OpenGroup,
    /// `}`
    CloseGroup,
    /// `(`, `[`, `\{`, `\left(`
    Open,
    /// `)`, `]`, `\}`, `\right)`
    Close,
    /// `&`
    Amp,
    /// White space, and characters without width
    Space,
    /// `% …` to the end of the line
    Comment,
    /// `\begin{…}`
    Begin,
    /// `\end{…}`
    End,
    /// Any other character
    Char,
}

/// A token and its place in the document.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub(super) struct Token {
    pub(super) kind: Kind,
    pub(super) start: usize,
    pub(super) end: usize,
    /// The number of the token that closes or opens the same group or environment.
    pub(super) mate: Option<usize>,
}

/// Commands that open and close brackets.
const OPENING: &[&str] = &["{", "langle", "lfloor", "lceil", "lbrace", "lbrack", "lparen"];
const CLOSING: &[&str] = &["}", "rangle", "rfloor", "rceil", "rbrace", "rbrack", "rparen"];

/// The tokens of `text[from..to]`; `latex` says whether `%` begins a comment.
pub(super) fn tokens(text: &str, from: usize, to: usize, latex: bool) -> Vec<Token> {
    let text = &text[..to];
    let mut found = Vec::new();
    let mut at = from;
    while let Some(first) = text[at..].chars().next() {
        let (kind, length) = match first {
            '\\' => command(&text[at..]),
            '{' => (Kind::OpenGroup, 1),
            '}' => (Kind::CloseGroup, 1),
            '(' | '[' | '（' | '［' => (Kind::Open, first.len_utf8()),
            ')' | ']' | '）' | '］' => (Kind::Close, first.len_utf8()),
            '&' if text[at..].starts_with("&lt;") || text[at..].starts_with("&gt;") => (Kind::Char, 4),
            '&' if text[at..].starts_with("&amp;") => (Kind::Amp, 5),
            '&' => (Kind::Amp, 1),
            '%' if latex => (Kind::Comment, text[at..].find('\n').unwrap_or(text.len() - at)),
            '~' if latex => (Kind::Space, 1),
            '$' => (Kind::Space, 1),
            c if c.is_whitespace() || super::lines::is_invisible(c) => (Kind::Space, c.len_utf8()),
            c => (Kind::Char, c.len_utf8()),
        };
        found.push(Token { kind, start: at, end: at + length, mate: None });
        at += length;
    }
    pair(text, &mut found);
    found
}

/// Pairs braces and environments. What is not closed, or not opened, stays without a mate.
fn pair(text: &str, tokens: &mut [Token]) {
    let mut open: Vec<usize> = Vec::new();
    let mut environments = 0usize;
    for at in 0..tokens.len() {
        let opener = match tokens[at].kind {
            Kind::OpenGroup | Kind::Begin => {
                environments += usize::from(tokens[at].kind == Kind::Begin);
                open.push(at);
                continue;
            }
            Kind::CloseGroup => match open.last() {
                Some(top) if tokens[*top].kind == Kind::OpenGroup => open.pop(),
                _ => None,
            },
            Kind::End if environments > 0 => {
                environments -= 1;
                // Braces that are still open inside the environment were never closed.
                while open.last().is_some_and(|top| tokens[*top].kind == Kind::OpenGroup) {
                    open.pop();
                }
                let same = |b: usize| {
                    environment(&text[tokens[b].start..]).map(|e| e.0)
                        == environment(&text[tokens[at].start..]).map(|e| e.0)
                };
                open.pop().filter(|begin| same(*begin))
            }
            _ => None,
        };
        if let Some(opener) = opener {
            tokens[opener].mate = Some(at);
            tokens[at].mate = Some(opener);
        }
    }
}

/// The group that begins at token `at`, white space skipped: its brace, and one past its closing brace.
pub(super) fn group(tokens: &[Token], at: usize) -> Option<(usize, usize)> {
    let open = (at..tokens.len()).find(|t| tokens[*t].kind != Kind::Space)?;
    let close = tokens[open].mate.filter(|_| tokens[open].kind == Kind::OpenGroup)?;
    Some((open, close + 1))
}

/// The name of a command at the start of `rest`, without the backslash.
pub(super) fn command_name(rest: &str) -> &str {
    let body = rest.strip_prefix('\\').unwrap_or(rest);
    let letters = body.len() - body.trim_start_matches(|c: char| c.is_ascii_alphabetic()).len();
    if letters > 0 { &body[..letters] } else { &body[..body.chars().next().map_or(0, char::len_utf8)] }
}

fn command(rest: &str) -> (Kind, usize) {
    let name = command_name(rest);
    let length = name.len() + 1;
    let kind = match name {
        "\\" => return (Kind::Row, row_length(rest)),
        "" | "(" | ")" | "[" | "]" | "\n" => Kind::Space,
        "begin" | "end" => {
            let kind = if name == "begin" { Kind::Begin } else { Kind::End };
            return match environment(rest) {
                Some((_, whole)) => (kind, whole),
                None => (Kind::Command, length),
            };
        }
        "left" => return (Kind::Open, length + delimiter(&rest[length..])),
        "right" => return (Kind::Close, length + delimiter(&rest[length..])),
        "middle" => return (Kind::Command, length + delimiter(&rest[length..])),
        n if OPENING.contains(&n) => Kind::Open,
        n if CLOSING.contains(&n) => Kind::Close,
        _ => Kind::Command,
    };
    (kind, length.min(rest.len()))
}

/// The name in `\begin{name}` or `\end{name}`, and the length of the whole.
pub(super) fn environment(rest: &str) -> Option<(&str, usize)> {
    let open = command_name(rest).len() + 1;
    let body = rest.get(open..)?.strip_prefix('{')?;
    let name = &body[..body.bytes().take(40).position(|b| b == b'}')?];
    name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'*').then_some((name.trim(), open + name.len() + 2))
}

/// The length of the delimiter after `\left`.
fn delimiter(rest: &str) -> usize {
    let spaces = rest.len() - rest.trim_start_matches(' ').len();
    let rest = &rest[spaces..];
    spaces
        + if rest.starts_with('\\') {
            command_name(rest).len() + 1
        } else {
            rest.chars().next().map_or(0, char::len_utf8)
        }
}

/// The length of `\\`, `\\*`, `\\[0.7em]`.
fn row_length(rest: &str) -> usize {
    let mut length = 2 + usize::from(rest[2..].starts_with('*'));
    if let Some(space) = rest[length..].strip_prefix('[') {
        let close = space.bytes().take(20).position(|b| b == b']');
        if let Some(close) = close {
            let amount = space[..close].trim();
            let unit = amount.trim_start_matches(|c: char| c.is_ascii_digit() || matches!(c, '.' | '-' | ' '));
            if unit.len() < amount.len() && matches!(unit, "em" | "ex" | "pt" | "mm" | "cm" | "in" | "px" | "mu") {
                length += close + 2;
            }
        }
    }
    length
}
