//! Formulas typed into plain text, without any sign that mathematics begins: `dL/db = -2 X^T y + 2 X^T X b`.
//!
//! A line is a formula where it holds a relation sign and no words of prose between its first and last symbol; a
//! formula that follows a word such as "let" is found within a sentence too.

use super::lines::{is_prose_letter, trim};
use super::sign::{Sign, character_sign};
use super::token::command_name;

/// Names that stand in formulas.
const NAMES: &[&str] = &[
    "sin",
    "cos",
    "tan",
    "exp",
    "log",
    "ln",
    "det",
    "tr",
    "trace",
    "diag",
    "inv",
    "vec",
    "sum",
    "norm",
    "sigmoid",
    "softmax",
    "relu",
    "tanh",
    "sign",
    "sgn",
    "max",
    "min",
    "argmin",
    "argmax",
    "grad",
    "nabla",
    "kron",
    "abs",
    "sqrt",
    "cosh",
    "sinh",
    "logdet",
    "logsumexp",
    "prod",
    "mean",
    "var",
    "cov",
    "rank",
    "partial",
    "normf",
    "eye",
    "ones",
    "zeros",
    "softplus",
    "alpha",
    "beta",
    "gamma",
    "delta",
    "epsilon",
    "zeta",
    "eta",
    "theta",
    "iota",
    "kappa",
    "lambda",
    "mu",
    "nu",
    "xi",
    "pi",
    "rho",
    "sigma",
    "tau",
    "upsilon",
    "phi",
    "chi",
    "psi",
    "omega",
    "ell",
    "hessian",
    "loss",
];
/// Short words of prose; longer ones are recognised by their length.
const SHORT: &[&str] = &[
    "is", "of", "to", "we", "by", "the", "and", "for", "if", "in", "on", "as", "so", "be", "at", "it", "or", "an",
    "are", "let", "get", "has", "can", "not", "all", "now", "its", "our", "use", "see", "was", "but", "any", "one",
    "two", "set", "put", "no", "do", "then", "also", "with", "thus", "where", "hence", "since", "this", "that", "from",
    "such", "when", "have", "out", "st", "per", "how", "who", "why", "sea", "con", "como", "que", "und", "der", "die",
    "das", "mit", "est", "les", "une",
];
/// Words after which a formula may begin within a sentence.
const CUES: &[&str] = &[
    "let", "where", "with", "set", "define", "denote", "put", "and", "assume", "write", "setting", "sei", "sea", "seja",
];
/// Words that may stand before a formula on its line.
const LEADS: &[&str] = &[
    "so",
    "thus",
    "hence",
    "then",
    "therefore",
    "now",
    "finally",
    "also",
    "similarly",
    "we",
    "get",
    "have",
    "obtain",
    "is",
    "if",
    "since",
    "because",
    "gives",
    "yields",
    "that",
    "find",
    "but",
    "recall",
    "given",
    "this",
    "it",
    "follows",
    "implies",
    "next",
    "again",
    "first",
    "for",
    "by",
    "e.g",
    "i.e",
];

/// Whether a lower-case word names a function or a Greek letter.
pub(super) fn is_function(word: &str) -> bool {
    NAMES.contains(&word)
}

struct Word {
    start: usize,
    end: usize,
}

/// The formulas in `text[start..end]`, which is one line without other mathematics.
pub(super) fn formulas(text: &str, start: usize, end: usize) -> Vec<(usize, usize)> {
    const MAX_LINE: usize = 4000;
    let (start, end) = trim(text, start, end);
    let line = &text[start..end];
    if line.len() > MAX_LINE || refused(line) {
        return Vec::new();
    }
    let words = prose(line);
    let mut found = Vec::new();
    for n in 0..=words.len() {
        let from = n.checked_sub(1).map_or(0, |w| words[w].end);
        let to = words.get(n).map_or(line.len(), |w| w.start);
        let Some((from, to)) = shave(line, from, to) else { continue };
        if !relates(&line[from..to], n == 0 && words.is_empty()) {
            continue;
        }
        let word = |w: &Word| line[w.start..w.end].to_lowercase();
        let cue = n.checked_sub(1).is_some_and(|w| CUES.contains(&word(&words[w]).as_str()));
        let led = line[..from].trim_end().ends_with(':')
            || words[..n].iter().all(|w| LEADS.contains(&word(w).as_str()) || CUES.contains(&word(w).as_str()));
        let rest = line[to..].trim_start_matches([' ', '.']);
        let commented = rest.is_empty()
            || rest.starts_with(['(', '[', ',', ';', '#', '<', '-', '/'])
            || words.get(n).is_some_and(|w| {
                matches!(word(w).as_str(), "where" | "since" | "by" | "for" | "with" | "if" | "because" | "and" | "so")
            });
        if cue || (led && commented) {
            found.push((start + from, start + to));
        }
    }
    found
}

/// Lines that are code, tables, pictures or addresses.
fn refused(line: &str) -> bool {
    const SIGNS: &[&str] =
        &["://", "\"", "`", "+=", "def ", "import ", "return ", "print(", "np.", "();", "</", "&nbsp;", "$"];
    line.starts_with(['#', '!', '%']) && !line.starts_with("!=")
        || (line.starts_with('<') && line[1..].starts_with(|c: char| c.is_ascii_alphabetic() || matches!(c, '/' | '!')))
        || (line.starts_with('|') && line.matches('|').count() > 2 && line.ends_with('|') && !line.contains("||"))
        || SIGNS.iter().any(|s| line.contains(s))
}

/// The words of prose in a line.
fn prose(line: &str) -> Vec<Word> {
    let mut words = Vec::new();
    let mut at = 0;
    while let Some(first) = line[at..].chars().next() {
        if first == '\\' {
            at += 1 + command_name(&line[at..]).len();
        } else if is_prose_letter(first) {
            let length = line[at..].find(|c| !is_prose_letter(c)).unwrap_or(line.len() - at);
            words.push(Word { start: at, end: at + length });
            at += length;
        } else if first.is_alphabetic() {
            let rest = &line[at..];
            let length = rest.find(|c: char| !c.is_alphabetic() && c != '\u{2019}').unwrap_or(rest.len());
            let before = line[..at].chars().next_back();
            let after = rest[length..].chars().next();
            if is_prose(&rest[..length], before, after) {
                words.push(Word { start: at, end: at + length });
            }
            at += length;
        } else {
            at += first.len_utf8();
        }
    }
    words
}

fn is_prose(word: &str, before: Option<char>, after: Option<char>) -> bool {
    let lower = word.to_lowercase();
    let joined = |c: char| matches!(c, '_' | '^' | '/' | '{' | '}' | '\\' | '[');
    if before.is_some_and(joined)
        || after.is_some_and(|c| joined(c) || c == '(' || c.is_numeric())
        || is_function(&lower)
    {
        return false;
    }
    if SHORT.contains(&lower.as_str()) || LEADS.contains(&lower.as_str()) || CUES.contains(&lower.as_str()) {
        // `AS` and `IT` are products.
        return word.len() > 2 || !word.chars().all(char::is_uppercase);
    }
    let length = word.chars().count();
    length >= 4 && word.chars().skip(1).all(char::is_lowercase)
}

/// A candidate without labels before it and without brackets, commas and dashes that lead to prose.
fn shave(line: &str, from: usize, to: usize) -> Option<(usize, usize)> {
    let (mut from, mut to) = trim(line, from, to);
    // `(a)`, `1.`, `SSE:` before the formula.
    if let Some(marker) = super::heading::marker_length(&line[from..to]) {
        from += marker;
    }
    if let Some(colon) = line[from..to].find(": ")
        && !line[from..from + colon].contains('=')
    {
        from += colon + 1;
    }
    let opening = |c: char| {
        c.is_whitespace()
            || matches!(
                c,
                ',' | '.'
                    | ';'
                    | ':'
                    | '('
                    | '['
                    | '{'
                    | '#'
                    | '-'
                    | '—'
                    | '<'
                    | '>'
                    | '*'
                    | '/'
                    | '|'
                    | '，'
                    | '。'
                    | '：'
            )
    };
    loop {
        let part = &line[from..to];
        let shorter = part.trim_end_matches(opening);
        // A bracket that is closed within the candidate stays; the rest led to prose.
        if shorter.len() == part.len() {
            break;
        }
        to = from + shorter.len();
    }
    let part = &line[from..to];
    from += part.len()
        - part
            .trim_start_matches(|c: char| {
                c.is_whitespace() || matches!(c, ',' | '.' | ';' | ')' | ':' | '，' | '：' | '。')
            })
            .len();
    (from < to).then_some((from, to))
}

/// Whether a candidate has a relation with something on both sides, or begins with one.
fn relates(candidate: &str, whole: bool) -> bool {
    let mut depth = 0i32;
    let mut at = 0;
    while let Some(first) = candidate[at..].chars().next() {
        match first {
            '(' | '[' | '{' => depth += 1,
            ')' | ']' | '}' => depth -= 1,
            _ => {}
        }
        let rest = &candidate[at..];
        let (relation, length) = if first == '\\' {
            let name = command_name(rest);
            let relation = matches!(
                name,
                "approx"
                    | "triangleq"
                    | "equiv"
                    | "propto"
                    | "leq"
                    | "geq"
                    | "le"
                    | "ge"
                    | "in"
                    | "coloneqq"
                    | "neq"
                    | "succeq"
            );
            (relation, name.len() + 1)
        } else if depth <= 0 {
            match character_sign(rest) {
                Some((Sign::Relation(_), length)) => (true, length),
                Some((_, length)) => (false, length),
                None => (false, first.len_utf8()),
            }
        } else {
            (false, first.len_utf8())
        };
        if relation && first != '>' {
            let mathematical = |c: char| c.is_alphanumeric() || matches!(c, '\\' | '∂' | '∇' | '|' | '‖');
            let left = candidate[..at].contains(mathematical);
            let right = candidate[at + length..].contains(mathematical);
            return right && (left || (whole && at == 0));
        }
        at += length;
    }
    // A continued sum: `+ 2 X^T X b` on a line of its own.
    whole && candidate.starts_with(['+', '−']) && candidate.contains(['^', '_', '(', '\\'])
}
