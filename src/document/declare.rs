//! Declarations in prose that carry formulas: `X \in \mathbb{R}^{d \times n}`, "let z = Wx".

use super::lines::is_prose_letter;
use super::model::{Chain, Declaration, DeclarationKind};
use super::token::command_name;
use crate::syntax::Relation;

/// Words before a formula that make it a definition.
const CUES: &[&str] = &[
    "let", "where", "with", "set", "define", "denote", "put", "write", "setting", "defining", "denoting", "letting",
    "sei", "sea", "seja", "onde", "donde", "soit", "recall", "call", "hinted", "sejam", "wobei",
];
const CUE_LETTERS: &[&str] = &["记", "令", "设", "定义", "其中", "以及", "이라", "两"];

/// The declarations among the chains.
pub(super) fn declarations(text: &str, chains: &[Chain]) -> Vec<Declaration> {
    let mut found = Vec::new();
    for (number, chain) in chains.iter().enumerate() {
        let Some(name) = chain.pieces.first().filter(|p| p.relation.is_none()) else { continue };
        let member =
            chain.pieces.iter().position(|p| matches!(p.relation, Some((Relation::Member, _))) && is_space(&p.text));
        let defined = chain.pieces.iter().position(|p| matches!(p.relation, Some((Relation::Define, _))));
        let equal = chain.pieces.get(1).is_some_and(|p| matches!(p.relation, Some((Relation::Equal, _))));
        let (kind, piece) = match (member, defined) {
            (Some(piece), _) => (DeclarationKind::Shape, piece),
            (None, Some(piece)) => (DeclarationKind::Definition, piece),
            (None, None) if equal && is_name(&name.text) && is_cued(text, name.span.start as usize) => {
                (DeclarationKind::Definition, 1)
            }
            (None, None) => continue,
        };
        let name = chain.pieces[piece.saturating_sub(1).min(if kind == DeclarationKind::Shape { 0 } else { piece })]
            .text
            .trim()
            .to_owned();
        let span = chain.pieces[0].span.to(chain.pieces[piece].span);
        let body = chain.pieces[piece].text.trim().to_owned();
        found.push(Declaration { kind, chain: Some(number), name, body, line: chain.line, span });
    }
    found
}

/// Whether an expression is one name with its scripts and arguments: `z`, `\hat x_i`, `g(z)`, `S^{(k)}_{ij}`.
fn is_name(text: &str) -> bool {
    let text = text.trim().replace("\\left", "").replace("\\right", "");
    let mut depth = 0usize;
    let mut letters = 0usize;
    let mut script = false;
    let mut called = false;
    let mut at = 0;
    while let Some(first) = text[at..].chars().next() {
        let length = if first == '\\' { 1 + command_name(&text[at..]).len() } else { first.len_utf8() };
        let token = &text[at..at + length];
        at += length;
        match first {
            '{' | '(' | '[' => {
                called |= depth == 0 && first != '{';
                depth += 1;
            }
            '}' | ')' | ']' => {
                depth = depth.saturating_sub(1);
                script &= depth > 0;
            }
            _ if depth > 0 && (script || called) => {}
            '_' | '^' => {
                script = true;
                continue;
            }
            '+' | '-' | '−' | '*' | '/' | '·' | '|' | '‖' | ',' | '0'..='9' | '∂' | '∇' => return false,
            '\\' if FONTS.contains(&token) => continue,
            '\\' if token.len() == 2 || matches!(token, "\\frac" | "\\partial" | "\\nabla" | "\\sum") => return false,
            c if c.is_alphabetic() || first == '\\' => {
                letters += usize::from(!script);
                script &= depth > 0;
            }
            _ => {}
        }
    }
    letters == 1
        || (letters > 1 && !text.contains([' ', '\\', '^']) && text.chars().count() <= 4 && called)
        || text.starts_with("\\operatorname{")
        || text.starts_with("\\mathrm{")
        || text.starts_with("\\text{")
}

const FONTS: &[&str] = &[
    "\\mathbf",
    "\\mathrm",
    "\\mathcal",
    "\\mathbb",
    "\\boldsymbol",
    "\\bm",
    "\\hat",
    "\\bar",
    "\\tilde",
    "\\vec",
    "\\widehat",
    "\\overline",
    "\\widetilde",
    "\\dot",
    "\\mathit",
    "\\mathsf",
];

/// `\mathbb{R}^{…}`, `ℝ^n`, `R^n`
fn is_space(set: &str) -> bool {
    let set = set.trim_start();
    [
        "\\mathbb",
        "\\R",
        "\\Re",
        "ℝ",
        "R^",
        "\\mathbf{R}",
        "\\mathcal{R}",
        "\\mathrm{R}",
        "\\mathbb R",
        "{\\mathbb",
        "{\\R",
    ]
    .iter()
    .any(|s| set.starts_with(s))
}

/// Whether a word such as "let" stands before the formula, at most a name or two away.
fn is_cued(text: &str, at: usize) -> bool {
    const REACH: usize = 60;
    let mut from = at.saturating_sub(REACH);
    while !text.is_char_boundary(from) {
        from += 1;
    }
    let before = &text[from..at];
    let before = before
        .rsplit(['\n', '.', '。'])
        .find(|part| !part.trim_matches(|c: char| c.is_whitespace() || c == '$').is_empty());
    let Some(before) = before else { return false };
    let before = before.trim_end_matches(|c: char| c.is_whitespace() || matches!(c, '$' | '\\' | '(' | '['));
    if CUE_LETTERS.iter().any(|cue| before.ends_with(cue)) {
        return true;
    }
    // `let $a = 1$, $b = 2$ and $c = 3$`: other formulas may stand between.
    let words = before.split(|c: char| !c.is_alphabetic() || is_prose_letter(c)).filter(|w| !w.is_empty());
    let mut last = words.filter(|w| w.chars().count() > 1 && w.chars().all(|c| c.is_alphabetic())).rev().take(3);
    last.next().is_some_and(|w| CUES.contains(&w.to_lowercase().as_str()))
        || (before.ends_with(',') && last.any(|w| CUES.contains(&w.to_lowercase().as_str())))
}
