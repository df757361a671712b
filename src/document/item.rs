//! The items of a row: operands, operators, relation signs, and what separates statements.

use super::formula::Formula;
use super::lines::is_prose_letter;
use super::sign::{Sign, sign};
use super::text_line::is_function;
use super::token::{Kind, command_name, group};
use crate::syntax::Relation;

/// What an item is.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub(super) enum What {
    /// A symbol, a group, a bracketed expression.
    Operand,
    /// `+ − · /`
    Operator,
    Relation(Relation),
    /// A relation that no room judges.
    Other,
    /// `⇒`
    Arrow,
    Because,
    ForAll,
    Comma,
    /// `\quad`, or the end of an environment.
    Wide,
    /// Words.
    Prose,
    Amp,
    /// `.` and `:`
    Stop,
    /// A bracket without its partner in the row.
    LooseOpen,
    LooseClose,
    /// A brace or environment without its partner.
    Broken,
}

/// An item and its place in the document.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub(super) struct Item {
    pub(super) what: What,
    pub(super) start: usize,
    pub(super) end: usize,
}

const OPERATORS: &[&str] = &[
    "cdot", "times", "odot", "otimes", "circ", "oslash", "pm", "mp", "ast", "star", "bullet", "div", "oplus", "ominus",
    "setminus",
];
const WIDE: &[&str] = &["quad", "qquad", "hspace", "hfill", "hspace*", "par", "enspace"];
const THIN: &[&str] = &[",", ";", "!", ":", ">", " ", "/", "thinspace", "limits", "nolimits", "left", "right", "-"];
pub(super) const TEXT: &[&str] = &[
    "text",
    "textrm",
    "textbf",
    "textit",
    "textnormal",
    "mbox",
    "hbox",
    "intertext",
    "shortintertext",
    "textsf",
    "texttt",
    "textup",
    "rm",
    "emph",
];
const ENDINGS: &[&str] = &["square", "blacksquare", "Box", "qed", "blacktriangle", "qedsymbol", "diamond", "Diamond"];

/// The items of the tokens `from..to`, which are one row (or rows glued into one).
pub(super) fn items(formula: &Formula<'_>, from: usize, to: usize) -> Vec<Item> {
    let mates = brackets(formula, from, to);
    let mut items: Vec<Item> = Vec::new();
    let mut at = from;
    let mut script = false;
    while at < to {
        let token = formula.tokens[at];
        if formula.blank[at] || formula.inner[at] || token.kind == Kind::Row {
            if token.kind == Kind::End && formula.blank[at] {
                items.push(Item { what: What::Wide, start: token.start, end: token.end });
            }
            at += 1;
            continue;
        }
        let (what, mut past) = match token.kind {
            Kind::Char if formula.text[token.start..].starts_with("s.t.") => (What::Prose, (at + 4).min(to)),
            Kind::Amp => (What::Amp, at + 1),
            Kind::OpenGroup | Kind::Begin => {
                token.mate.map_or((What::Broken, at + 1), |mate| (What::Operand, mate + 1))
            }
            Kind::CloseGroup | Kind::End => (What::Broken, at + 1),
            Kind::Open => match mates[at - from] {
                Some(mate) if only_words(formula, at + 1, mate) => (What::Prose, mate + 1),
                Some(mate) => (What::Operand, mate + 1),
                None => (What::LooseOpen, at + 1),
            },
            Kind::Close => (What::LooseClose, at + 1),
            _ if script => (What::Operand, at + 1),
            Kind::Command => command(formula, at, to, items.last()),
            _ => character(formula, at, to, &items),
        };
        // `=^{(1)}`: a reference on the sign.
        if matches!(what, What::Relation(_))
            && past < to
            && matches!(formula.slice(past), "^" | "_")
            && let Some((_, end)) = group(&formula.tokens[..to], past + 1)
        {
            past = end;
        }
        script = token.kind == Kind::Char && matches!(formula.slice(at), "^" | "_") && !script;
        let end = formula.tokens[past - 1].end;
        if past > at + 1 || what != What::Operand || !formula.slice(at).is_empty() {
            items.push(Item { what, start: token.start, end });
        }
        at = past;
    }
    items.retain(|i| i.start < i.end);
    items
}

/// For each token of the row, the bracket that closes it. Brackets without a partner are left out.
fn brackets(formula: &Formula<'_>, from: usize, to: usize) -> Vec<Option<usize>> {
    const REACH: usize = 16;
    let mut mates = vec![None; to - from];
    let mut open: Vec<(usize, u8)> = Vec::new();
    for at in (from..to).filter(|t| !formula.blank[*t] && !formula.inner[*t]) {
        let shape = shape(formula.slice(at));
        match formula.tokens[at].kind {
            Kind::Open => open.push((at, shape)),
            Kind::Close => {
                // A bracket of the same shape near the top, else the top (as in `[0, 1)`), unless it is a `\left`.
                let near = open.len().saturating_sub(REACH);
                let same = open[near..].iter().rposition(|(_, s)| *s == shape).map(|n| near + n);
                let top = open.last().filter(|(_, s)| shape < 2 && *s < 2).map(|_| open.len() - 1);
                if let Some(n) = same.or(top) {
                    mates[open[n].0 - from] = Some(at);
                    open.truncate(n);
                }
            }
            _ => {}
        }
    }
    mates
}

/// The shape of a bracket: round 0, square 1, curly 2, angled 3, `\left` and `\right` 4.
fn shape(bracket: &str) -> u8 {
    match bracket {
        "(" | ")" | "（" | "）" => 0,
        "[" | "]" | "［" | "］" => 1,
        "\\{" | "\\}" | "\\lbrace" | "\\rbrace" => 2,
        b if b.starts_with("\\left") || b.starts_with("\\right") => 4,
        _ => 3,
    }
}

/// Whether a bracket holds nothing but words in `\text`.
fn only_words(formula: &Formula<'_>, from: usize, to: usize) -> bool {
    let Some(first) = (from..to).find(|t| formula.tokens[*t].kind != Kind::Space) else { return false };
    if !TEXT.contains(&command_name(formula.slice(first))) {
        return false;
    }
    let Some((open, past)) = group(&formula.tokens, first + 1) else { return false };
    let words = &formula.text[formula.tokens[open].end..formula.tokens[past - 1].start];
    words.trim().contains(' ') && (past..to).all(|t| formula.tokens[t].kind == Kind::Space)
}

fn command(formula: &Formula<'_>, at: usize, to: usize, before: Option<&Item>) -> (What, usize) {
    let name = command_name(formula.slice(at));
    if let Some((sign, past)) = sign(formula.text, &formula.tokens[..to], at) {
        return (of_sign(sign), past);
    }
    let argument = group(&formula.tokens[..to], at + 1);
    let past = argument.map_or(at + 1, |(_, past)| past);
    if OPERATORS.contains(&name) {
        (What::Operator, at + 1)
    } else if WIDE.contains(&name) {
        (What::Wide, if name == "hspace" { past } else { at + 1 })
    } else if THIN.contains(&name) {
        (What::Amp, at + 1)
    } else if matches!(name, "forall" | "exists") {
        (What::ForAll, at + 1)
    } else if ENDINGS.contains(&name) {
        (What::Stop, at + 1)
    } else if let (true, Some((open, past))) = (TEXT.contains(&name), argument) {
        let words = &formula.text[formula.tokens[open].end..formula.tokens[past - 1].start];
        let next = (past..to).find(|t| !formula.blank[*t]).map_or("", |t| formula.slice(t));
        (words_kind(words, next, before), past)
    } else if let (false, Some((open, past))) = (matches!(name, "operatorname" | "mathrm" | "mathit"), argument) {
        // A command that is not known, with a sentence as its argument: `\eqncomment{by the chain rule}`.
        let words = &formula.text[formula.tokens[open].end..formula.tokens[past - 1].start];
        if is_sentence(words) { (What::Prose, past) } else { (What::Operand, at + 1) }
    } else {
        (What::Operand, at + 1)
    }
}

/// Words that connect statements and never name a quantity.
const CONNECTIVES: &[&str] = &[
    "and",
    "or",
    "where",
    "if",
    "when",
    "otherwise",
    "so",
    "then",
    "thus",
    "hence",
    "therefore",
    "with",
    "for",
    "let",
    "since",
    "because",
    "s.t.",
    "subject",
    "such",
    "by",
    "as",
    "is",
    "that",
    "from",
    "using",
    "apply",
    "i.e.",
    "else",
    "iff",
    "set",
    "given",
    "but",
    "we",
    "to",
    "scalar",
    "matrix",
    "vector",
    "note",
    "of",
    "on",
    "in",
    "which",
    "here",
];

/// Whether words in `\text` are prose or a name: `\text{tr}(X)`, `\text{log }|K|`.
fn words_kind(words: &str, next: &str, before: Option<&Item>) -> What {
    let words = words.trim_matches(|c: char| c.is_whitespace() || matches!(c, '~' | ',' | '\\'));
    if words.is_empty() {
        return What::Amp;
    }
    let lower = words.to_lowercase();
    if words.contains(char::is_whitespace) || words.contains('$') || words.chars().any(is_prose_letter) {
        return What::Prose;
    }
    if is_function(&lower) {
        return What::Operand;
    }
    if CONNECTIVES.contains(&lower.trim_matches(['.', ',', ':'])) || CONNECTIVES.contains(&lower.as_str()) {
        return What::Prose;
    }
    if super::label::is_shape(words) || words.ends_with([':', '.']) || words.starts_with(['(', '-', '<']) {
        return What::Prose;
    }
    let called =
        next.starts_with(['(', '{', '_', '^', '[', '|']) || next.starts_with("\\left") || next.starts_with("\\big");
    let operand_before = before.is_some_and(|b| matches!(b.what, What::Operand | What::LooseClose));
    if words.chars().count() > 6 && !called && operand_before { What::Prose } else { What::Operand }
}

/// Three words or more, without commands.
fn is_sentence(text: &str) -> bool {
    !text.contains(['\\', '=', '^', '_', '{'])
        && text.split_whitespace().filter(|w| w.len() > 1 && w.chars().all(|c| c.is_alphabetic())).count() >= 3
}

fn of_sign(sign: Sign) -> What {
    match sign {
        Sign::Relation(relation) => What::Relation(relation),
        Sign::Arrow => What::Arrow,
        Sign::Because => What::Because,
        Sign::Other => What::Other,
    }
}

fn character(formula: &Formula<'_>, at: usize, to: usize, items: &[Item]) -> (What, usize) {
    let slice = formula.slice(at);
    let first = slice.chars().next().unwrap_or(' ');
    if first == '<'
        && let Some(close) = angle(formula, at, to)
    {
        return (What::Operand, close + 1);
    }
    if let Some((found, past)) = sign(formula.text, &formula.tokens[..to], at) {
        if first == '=' && in_bare_subscript(formula, items, past, to) {
            return (What::Operand, past);
        }
        return (of_sign(found), past);
    }
    let run = |same: fn(char) -> bool| (at..to).find(|t| !formula.slice(*t).chars().all(same)).unwrap_or(to);
    match first {
        '-' if run(|c| c == '-') >= at + 3 => (What::Wide, run(|c| c == '-')),
        '+' | '-' | '−' | '–' | '*' | '·' | '⋅' | '×' | '⊙' | '⊗' | '∘' | '/' | '±' | '∗' => {
            (What::Operator, at + 1)
        }
        ',' | ';' | '，' | '；' | '、' => (What::Comma, at + 1),
        '.' if run(|c| c == '.') >= at + 3 => (What::Operand, run(|c| c == '.')),
        '.' | ':' | '。' | '：' | '□' | '■' | '∎' => (What::Stop, at + 1),
        '∀' | '∃' => (What::ForAll, at + 1),
        c if is_prose_letter(c) => (What::Prose, run(is_prose_letter)),
        _ => (What::Operand, at + 1),
    }
}

/// The `>` that closes `<A, B>`.
fn angle(formula: &Formula<'_>, at: usize, to: usize) -> Option<usize> {
    const MAX_WIDTH: usize = 60;
    let mut comma = false;
    for t in at + 1..to.min(at + MAX_WIDTH) {
        match formula.slice(t) {
            "," | "|" => comma = true,
            "=" | "<" => return None,
            ">" => return comma.then_some(t),
            _ => {}
        }
    }
    None
}

/// `\sum_i=1^n` without braces: the `=` belongs to the subscript.
fn in_bare_subscript(formula: &Formula<'_>, items: &[Item], past: usize, to: usize) -> bool {
    let text = |i: &Item| &formula.text[i.start..i.end];
    let [.., sum, low, _] = items else { return false };
    matches!(text(sum), "\\sum" | "\\prod" | "∑" | "Σ" | "\\limits")
        && text(low) == "_"
        && (past..to.min(past + 4)).any(|t| formula.slice(t) == "^")
}
