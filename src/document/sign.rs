//! Relation signs and the arrows that separate statements.

use super::token::{Kind, Token, command_name, group};
use crate::syntax::Relation;

/// A sign between two expressions or two statements.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub(super) enum Sign {
    /// Joins two sides of a claim.
    Relation(Relation),
    /// `⇒`: separates two statements.
    Arrow,
    /// `∵`
    Because,
    /// A relation that no room judges: `⊂`, `∼`.
    Other,
}

const COMMANDS: &[(&[&str], Sign)] = &[
    (&["eq", "xlongequal"], Sign::Relation(Relation::Equal)),
    (&["triangleq", "coloneqq", "equiv", "doteq", "coloneq", "defeq", "eqdef"], Sign::Relation(Relation::Define)),
    (&["approx", "simeq", "cong", "approxeq"], Sign::Relation(Relation::Approximate)),
    (&["propto", "varpropto"], Sign::Relation(Relation::Proportional)),
    (&["neq", "ne"], Sign::Relation(Relation::NotEqual)),
    (&["lt", "ll"], Sign::Relation(Relation::Less)),
    (&["le", "leq", "leqslant", "leqq"], Sign::Relation(Relation::LessEqual)),
    (&["gt", "gg"], Sign::Relation(Relation::Greater)),
    (&["ge", "geq", "geqslant", "geqq"], Sign::Relation(Relation::GreaterEqual)),
    (&["succeq", "succ", "succcurlyeq"], Sign::Relation(Relation::Semidefinite)),
    (&["in"], Sign::Relation(Relation::Member)),
    (&["leftarrow", "gets", "longleftarrow"], Sign::Relation(Relation::Assign)),
    (
        &[
            "Rightarrow",
            "implies",
            "therefore",
            "to",
            "rightarrow",
            "Longrightarrow",
            "longrightarrow",
            "iff",
            "Leftrightarrow",
            "leftrightarrow",
            "Longleftrightarrow",
            "Leftarrow",
            "impliedby",
            "xrightarrow",
            "leadsto",
            "rightsquigarrow",
            "hookrightarrow",
            "xRightarrow",
        ],
        Sign::Arrow,
    ),
    (&["because"], Sign::Because),
    (
        &[
            "subset",
            "subseteq",
            "supset",
            "supseteq",
            "sim",
            "mapsto",
            "longmapsto",
            "notin",
            "preceq",
            "prec",
            "perp",
            "parallel",
            "ni",
            "models",
            "vdash",
            "preccurlyeq",
        ],
        Sign::Other,
    ),
];

/// Longer signs stand before their beginnings.
const CHARACTERS: &[(&str, Sign)] = &[
    ("===", Sign::Relation(Relation::Define)),
    ("==>", Sign::Arrow),
    ("==", Sign::Relation(Relation::Equal)),
    ("=>", Sign::Arrow),
    ("=:", Sign::Relation(Relation::Define)),
    ("=", Sign::Relation(Relation::Equal)),
    ("＝", Sign::Relation(Relation::Equal)),
    ("::=", Sign::Relation(Relation::Define)),
    (":=", Sign::Relation(Relation::Define)),
    ("!=", Sign::Relation(Relation::NotEqual)),
    ("<=>", Sign::Arrow),
    ("<=", Sign::Relation(Relation::LessEqual)),
    ("<- ", Sign::Relation(Relation::Assign)),
    ("<", Sign::Relation(Relation::Less)),
    (">=", Sign::Relation(Relation::GreaterEqual)),
    (">", Sign::Relation(Relation::Greater)),
    ("-->", Sign::Arrow),
    ("->", Sign::Arrow),
    ("~=", Sign::Relation(Relation::Approximate)),
    ("&lt;", Sign::Relation(Relation::Less)),
    ("&gt;", Sign::Relation(Relation::Greater)),
    ("≜", Sign::Relation(Relation::Define)),
    ("≔", Sign::Relation(Relation::Define)),
    ("≝", Sign::Relation(Relation::Define)),
    ("≡", Sign::Relation(Relation::Define)),
    ("≈", Sign::Relation(Relation::Approximate)),
    ("≃", Sign::Relation(Relation::Approximate)),
    ("≅", Sign::Relation(Relation::Approximate)),
    ("∝", Sign::Relation(Relation::Proportional)),
    ("≠", Sign::Relation(Relation::NotEqual)),
    ("≤", Sign::Relation(Relation::LessEqual)),
    ("⩽", Sign::Relation(Relation::LessEqual)),
    ("≥", Sign::Relation(Relation::GreaterEqual)),
    ("⩾", Sign::Relation(Relation::GreaterEqual)),
    ("⪰", Sign::Relation(Relation::Semidefinite)),
    ("≽", Sign::Relation(Relation::Semidefinite)),
    ("≻", Sign::Relation(Relation::Semidefinite)),
    ("∈", Sign::Relation(Relation::Member)),
    ("←", Sign::Relation(Relation::Assign)),
    ("⇒", Sign::Arrow),
    ("⟹", Sign::Arrow),
    ("→", Sign::Arrow),
    ("⟶", Sign::Arrow),
    ("⇔", Sign::Arrow),
    ("∴", Sign::Arrow),
    ("↔", Sign::Arrow),
    ("∵", Sign::Because),
    ("⊂", Sign::Other),
    ("⊆", Sign::Other),
    ("∼", Sign::Other),
    ("↦", Sign::Other),
    ("∉", Sign::Other),
    ("⪯", Sign::Other),
];

/// The sign that begins with token `at`, and the number of the token after it.
pub(super) fn sign(text: &str, tokens: &[Token], at: usize) -> Option<(Sign, usize)> {
    let token = tokens.get(at)?;
    match token.kind {
        Kind::Command => stacked_sign(text, tokens, at).or_else(|| simple_sign(text, tokens, at)),
        Kind::Char => simple_sign(text, tokens, at),
        _ => None,
    }
}

/// A sign that is one command or a few characters.
fn simple_sign(text: &str, tokens: &[Token], at: usize) -> Option<(Sign, usize)> {
    let token = tokens.get(at)?;
    if token.kind == Kind::Command {
        let name = command_name(&text[token.start..token.end]);
        return COMMANDS.iter().find(|(names, _)| names.contains(&name)).map(|(_, sign)| (*sign, at + 1));
    }
    if token.kind != Kind::Char {
        return None;
    }
    let limit = tokens.last().map_or(token.end, |t| t.end);
    let (sign, length) = character_sign(&text[token.start..limit])?;
    let end = token.start + length;
    let past = tokens[at..].iter().position(|t| t.start >= end).map_or(tokens.len(), |n| at + n);
    Some((sign, past))
}

/// The sign at the start of a text, and its length.
pub(super) fn character_sign(rest: &str) -> Option<(Sign, usize)> {
    CHARACTERS.iter().find(|(s, _)| rest.starts_with(s)).map(|(s, sign)| (*sign, s.trim_end().len()))
}

/// A sign made of several tokens: `\stackrel{def}{=}`, `\not=`, `\mathrel{=}`, `\colon=`, `\xlongequal{}`.
fn stacked_sign(text: &str, tokens: &[Token], at: usize) -> Option<(Sign, usize)> {
    let name = command_name(&text[tokens[at].start..tokens[at].end]);
    match name {
        "stackrel" | "overset" | "underset" | "mathrel" | "mathbin" | "mathop" => {
            let first = group(tokens, at + 1)?;
            let (signed, over) = if matches!(name, "stackrel" | "overset" | "underset") {
                (group(tokens, first.1)?, &text[tokens[first.0].start..tokens[first.1 - 1].end])
            } else {
                (first, "")
            };
            let inside = &tokens[..signed.1 - 1];
            let inner = (signed.0 + 1..inside.len()).find(|t| inside[*t].kind != Kind::Space)?;
            let (found, past) = simple_sign(text, inside, inner)?;
            if inside[past..].iter().any(|t| t.kind != Kind::Space) {
                return None;
            }
            // The first argument may make it a definition.
            let defines = ["def", "Def", "triangle", "Delta", "△", "Δ"].iter().any(|d| over.contains(d));
            Some((if defines { Sign::Relation(Relation::Define) } else { found }, signed.1))
        }
        "not" => {
            let next = (at + 1..tokens.len()).find(|t| tokens[*t].kind != Kind::Space)?;
            let (found, past) = simple_sign(text, tokens, next)?;
            let equal = found == Sign::Relation(Relation::Equal);
            Some((if equal { Sign::Relation(Relation::NotEqual) } else { Sign::Other }, past))
        }
        "colon" => {
            let (found, past) = simple_sign(text, tokens, at + 1)?;
            (found == Sign::Relation(Relation::Equal)).then_some((Sign::Relation(Relation::Define), past))
        }
        "xlongequal" | "xrightarrow" | "xRightarrow" => {
            let (sign, past) = simple_sign(text, tokens, at)?;
            Some((sign, group(tokens, at + 1).map_or(past, |g| g.1)))
        }
        _ => None,
    }
}
