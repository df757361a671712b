//! Aliases, prepared for being met: token patterns, and plain renamings.

use super::declared::{Declared, parse_declared};
use super::letter::Accent;
use super::token::{Bracket, Tok, Token};
use super::{Name, detect, tokens_of};
use smol_str::SmolStr;

/// One token of a pattern. Fonts, spaces and braces are not part of it.
#[derive(Clone, PartialEq, Debug)]
pub(super) enum Key {
    Letter(char, Accent),
    Number(SmolStr),
    Sign(Tok),
    /// A command without a meaning of its own.
    Command(SmolStr),
    /// Any letter or number: the index with that number.
    Index(usize),
}

/// A spelling that stands for a declared name.
#[derive(Clone, Debug)]
pub(super) struct Pattern {
    pub(super) keys: Vec<Key>,
    pub(super) target: Declared,
    /// The letters of the target's indices.
    pub(super) indices: Vec<Name>,
}

/// What an alias becomes.
pub(super) enum Prepared {
    /// The spelling is a name itself: one name for another.
    Renaming(Name),
    Pattern(Pattern),
    /// It cannot be read; it then matches nothing.
    Nothing,
}

/// Prepares an alias.
pub(super) fn prepare(spelling: &str, name: &str) -> Prepared {
    let Ok(target) = parse_declared(name) else { return Prepared::Nothing };
    let folded = super::fold::fold(spelling);
    let Ok(tokens) = tokens_of(&folded, detect(spelling)) else { return Prepared::Nothing };
    let text: &str = &folded.text;
    let plain_name = tokens.iter().all(|t| {
        matches!(
            t.tok,
            Tok::Letter(_)
                | Tok::Subscript
                | Tok::Number
                | Tok::Finish
                | Tok::Open(Bracket::Group)
                | Tok::Close(Bracket::Group)
        )
    });
    if plain_name
        && target.indices.iter().all(|i| i.bytes().all(|b| b.is_ascii_digit()) || i.len() > 1)
        && let Ok(declared) = parse_declared(spelling)
        && !tokens.iter().skip(1).any(|t| matches!(t.tok, Tok::Letter(_)) && !t.glued)
    {
        return Prepared::Renaming(declared.whole);
    }
    let indices: Vec<Name> =
        target.indices.iter().filter(|i| !i.bytes().all(|b| b.is_ascii_digit())).cloned().collect();
    let keys = keys(text, &tokens, &indices);
    if keys.is_empty() {
        return Prepared::Nothing;
    }
    let target = if indices.is_empty() { Declared { indices: Vec::new(), ..target } } else { target };
    Prepared::Pattern(Pattern { keys, target, indices })
}

fn keys(text: &str, tokens: &[Token], indices: &[Name]) -> Vec<Key> {
    let mut keys = Vec::new();
    for (at, token) in tokens.iter().enumerate() {
        let key = match token.tok {
            Tok::Finish | Tok::Open(Bracket::Group) | Tok::Close(Bracket::Group) => continue,
            Tok::Letter(letter) => {
                let mut name = String::new();
                letter.write(&mut name);
                // The first letter is the symbol itself, never its index.
                match indices.iter().position(|i| at > 0 && *i == name) {
                    Some(slot) => Key::Index(slot),
                    None if letter.accent == Accent::Vector => Key::Letter(letter.glyph, Accent::None),
                    None => Key::Letter(letter.glyph, letter.accent),
                }
            }
            Tok::Number => {
                Key::Number(SmolStr::new(text.get(token.text.0 as usize..token.text.1 as usize).unwrap_or("")))
            }
            Tok::Unknown => {
                Key::Command(SmolStr::new(text.get(token.text.0 as usize..token.text.1 as usize).unwrap_or("")))
            }
            tok => Key::Sign(tok),
        };
        keys.push(key);
    }
    keys
}
