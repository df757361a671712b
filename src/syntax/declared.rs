//! Names on the left of declarations, in either notation.

use super::letter::accent_command;
use super::lexer::{Fail, fail};
use super::read::is_star;
use super::token::{Bracket, Tok, Token};
use super::{Name, detect, fold, tokens_of};
use crate::text::{Code, Diagnostic};
use smol_str::SmolStr;

/// A declared name, taken apart as far as its writing tells.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Declared {
    /// The whole as one canonical name: `D_ij`, `Sigma_xy`, `x_i`, `x_hat_i`, `h_theta`.
    pub whole: Name,
    /// The base, if the scripts are indices: `D`, `Sigma`, `x`, `x_hat`, `h`.
    pub name: Name,
    /// The scripts as indices: `i`, `j`.
    pub indices: Vec<Name>,
    /// The parameters in brackets: `u` of `h(u)`.
    pub parameters: Vec<Name>,
}

/// Reads a name as it stands on the left of a declaration, in either notation.
///
/// # Errors
/// Where the text is no name.
pub fn parse_declared(text: &str) -> Result<Declared, Diagnostic> {
    read(text).map_err(|failure| *failure)
}

fn read(text: &str) -> Result<Declared, Fail> {
    let folded = fold::fold(text);
    let tokens = tokens_of(&folded, detect(text))?;
    let mut reader = NameReader { text: &folded.text, tokens: &tokens, at: 0 };
    let mut name = String::new();
    while let Tok::Letter(letter) = reader.token().tok {
        letter.write(&mut name);
        reader.at += 1;
    }
    if name.is_empty() {
        return Err(reader.unexpected("a name"));
    }
    while reader.token().tok == Tok::Number {
        name.push_str(reader.characters());
        reader.at += 1;
    }
    let mut whole = name.clone();
    let mut indices = Vec::new();
    while matches!(reader.token().tok, Tok::Subscript | Tok::Superscript) {
        let mut script = Vec::new();
        reader.script(&mut script)?;
        whole.push('_');
        whole.extend(script.iter().map(SmolStr::as_str).filter(|part| *part != ":"));
        // A typed accent (`x_hat`) belongs to the base.
        let joined: String = script.iter().map(SmolStr::as_str).collect();
        if indices.is_empty() && (accent_command(&joined).is_some() || joined == "star") {
            name.clone_from(&whole);
        } else {
            indices.append(&mut script);
        }
    }
    let mut parameters = Vec::new();
    if matches!(reader.token().tok, Tok::Open(Bracket::Round)) {
        loop {
            reader.at += 1;
            parameters.push(reader.parameter()?);
            if reader.token().tok != Tok::Comma {
                break;
            }
        }
        if reader.token().tok != Tok::Close(Bracket::Round) {
            return Err(reader.unexpected("`)`"));
        }
        reader.at += 1;
    }
    if reader.token().tok != Tok::Finish {
        return Err(reader.unexpected("the end of the name"));
    }
    Ok(Declared { whole: whole.into(), name: name.into(), indices, parameters })
}

struct NameReader<'a> {
    text: &'a str,
    tokens: &'a [Token],
    at: usize,
}

impl NameReader<'_> {
    fn token(&self) -> &Token {
        &self.tokens[self.at.min(self.tokens.len() - 1)]
    }

    fn characters(&self) -> &str {
        let (start, end) = self.token().text;
        self.text.get(start as usize..end as usize).unwrap_or("")
    }

    fn unexpected(&self, expected: &str) -> Fail {
        let mut failure = fail(
            Code::BAD_DECLARATION,
            self.token().span,
            format!("`{}` cannot stand in a declared name: {expected} was expected", self.characters().trim()),
        );
        failure.hint = Some("write a name such as W, lambda, x_i, D_{ij} or h(u)".to_owned());
        failure
    }

    /// A script: its letters and numbers, brackets and commas left out.
    fn script(&mut self, parts: &mut Vec<Name>) -> Result<(), Fail> {
        self.at += 1;
        let mut depth = 0usize;
        loop {
            match self.token().tok {
                Tok::Open(Bracket::Group | Bracket::Round | Bracket::Square) => depth += 1,
                Tok::Close(Bracket::Group | Bracket::Round | Bracket::Square) if depth > 0 => depth -= 1,
                Tok::Letter(letter) => {
                    let mut name = String::new();
                    letter.write(&mut name);
                    parts.push(name.into());
                }
                Tok::Number => parts.push(self.characters().into()),
                Tok::Infix(_) | Tok::Mark if is_star(self.characters()) => parts.push("star".into()),
                Tok::Comma if depth > 0 => {}
                Tok::Infix(_) if self.characters() == ":" && depth > 0 => parts.push(":".into()),
                _ => return Err(self.unexpected("a letter or number")),
            }
            self.at += 1;
            let more = depth > 0 || (self.token().glued && matches!(self.token().tok, Tok::Letter(_) | Tok::Number));
            if !more {
                break;
            }
        }
        if parts.is_empty() {
            return Err(self.unexpected("a letter or number"));
        }
        self.greek(parts);
        Ok(())
    }

    /// Letters that spell a Greek name in plain text are that one letter.
    fn greek(&self, parts: &mut Vec<Name>) {
        let joined: String = parts.iter().map(SmolStr::as_str).collect();
        if parts.len() > 1 && super::letter::greek(&joined).is_some() {
            *parts = vec![joined.into()];
        }
    }

    fn parameter(&mut self) -> Result<Name, Fail> {
        let mut name = String::new();
        loop {
            match self.token().tok {
                Tok::Letter(letter) => letter.write(&mut name),
                Tok::Number if !name.is_empty() => {
                    let digits = self.characters().to_owned();
                    name.push_str(&digits);
                }
                Tok::Subscript if !name.is_empty() => name.push('_'),
                Tok::Open(Bracket::Group) | Tok::Close(Bracket::Group) => {}
                _ => break,
            }
            self.at += 1;
        }
        if name.is_empty() { Err(self.unexpected("a parameter")) } else { Ok(name.into()) }
    }
}
