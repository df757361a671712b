//! The LaTeX notation: what students and papers write.
//!
//! In: folded text. Out: the same tokens as of the plain notation, with fonts, sizes, spaces and labels gone and
//! accents put on their letters. The grammar over the tokens is in `read`, and is published in `grammar/latex.bnf`.

mod command;
mod size;

use super::Relation;
use super::Syntax;
use super::fold::Folded;
use super::letter::{Accent, Letter, greek_command};
use super::lexer::{Fail, Lexer, fail, word};
use super::spelling::{Spellings, relation_command};
use super::token::{Bracket, Tok, Token};
use crate::text::{Code, Span};
use command::{Command, Opened, argument, stacked_on_relation};

/// What the group that is open means.
#[derive(Copy, Clone, PartialEq)]
enum Group {
    /// `{ … }`
    Plain,
    /// The argument of a font: braces that are not passed on unless they hold a script together.
    /// The command begins at `start`, the first token inside is the one with that number.
    Font { upright: bool, bold: bool, shown: bool, start: Option<usize>, first: usize },
    /// The argument of an accent.
    Accent { accent: Accent, start: Option<usize>, first: usize },
    /// A group after which a label in a script is dropped.
    Labelled,
}

struct Latex<'f> {
    lexer: Lexer<'f>,
    groups: Vec<Group>,
    environments: Vec<Opened>,
    /// What the next letter or group is to be set in.
    font: Option<(bool, bool)>,
    /// Where the commands before the next token or group begin that belong to it: its font, its accent, its size.
    began: Option<usize>,
    /// The accent that waits for its letter.
    accent: Option<Accent>,
    /// Whether the next group is labelled.
    labelled: bool,
    /// How many arguments of one digit are still due (`\frac12`, `x^12`).
    single: u8,
    /// Whether a definition sign was stacked on the next relation.
    defining: bool,
}

/// The tokens of a formula in LaTeX notation.
pub(super) fn tokens(folded: &Folded<'_>) -> Result<Vec<Token>, Fail> {
    let mut latex = Latex {
        lexer: Lexer::new(folded, Spellings::of(Syntax::Latex)),
        groups: Vec::new(),
        environments: Vec::new(),
        font: None,
        began: None,
        accent: None,
        labelled: false,
        single: 0,
        defining: false,
    };
    while let Some(first) = latex.lexer.rest().chars().next() {
        latex.next(first)?;
    }
    Ok(without_empty_groups(latex.lexer.finish()))
}

/// An empty group behind an operand (`\frac{a}{b}{}`) only ends a command's name, and is dropped.
fn without_empty_groups(tokens: Vec<Token>) -> Vec<Token> {
    let mut kept: Vec<Token> = Vec::with_capacity(tokens.len());
    let mut opened: Vec<usize> = Vec::new();
    // Whether the brace closed last was the numerator of a fraction, whose denominator comes next.
    let mut numerator = false;
    let mut rest = tokens.into_iter().peekable();
    while let Some(token) = rest.next() {
        let closes_at_once = rest.peek().is_some_and(|t| t.tok == Tok::Close(Bracket::Group));
        if token.tok == Tok::Open(Bracket::Group) && closes_at_once {
            let operand = kept.last().is_some_and(|t| match t.tok {
                Tok::Close(Bracket::Group) => !numerator,
                Tok::Close(_) | Tok::Letter(_) | Tok::Number | Tok::Prime => true,
                _ => false,
            });
            if operand {
                rest.next();
                continue;
            }
        }
        match token.tok {
            Tok::Open(Bracket::Group) => opened.push(kept.len()),
            Tok::Close(Bracket::Group) => {
                let open = opened.pop().unwrap_or(0);
                numerator = open > 0 && kept[open - 1].tok == Tok::Frac;
            }
            _ => {}
        }
        kept.push(token);
    }
    kept
}

impl<'f> Latex<'f> {
    fn next(&mut self, first: char) -> Result<(), Fail> {
        match first {
            c if c.is_whitespace() => self.lexer.spaces(),
            '~' | '$' => self.lexer.skip(1),
            '%' => {
                let line = self.lexer.rest();
                self.lexer.skip(line.find('\n').unwrap_or(line.len()));
            }
            '\\' => return self.command(),
            '{' => self.open(),
            '}' => return self.close(),
            '&' => {
                if matches!(self.environments.last(), Some(Opened::Array { .. })) {
                    self.lexer.push(Tok::Ampersand, 1);
                } else {
                    self.lexer.skip(1);
                }
            }
            '0' | '1' if self.bold() && !self.lexer.rest()[1..].starts_with(|c: char| c.is_ascii_digit()) => {
                let before = self.lexer.tokens.len();
                self.lexer.push(if first == '1' { Tok::Ones } else { Tok::Zeros }, 1);
                let began = self.began.take();
                self.widen(before, began);
                self.font = None;
            }
            '0'..='9' if self.single > 0 => {
                self.single -= 1;
                self.lexer.number(1)?;
            }
            '^' | '_' => {
                self.lexer.common(first, false)?;
                self.single = 1;
            }
            _ => {
                let before = self.lexer.tokens.len();
                self.lexer.common(first, self.upright())?;
                self.finish_token(before);
            }
        }
        Ok(())
    }

    /// Puts the waiting accent and definition sign on the token just made, and ends a font without braces.
    fn finish_token(&mut self, before: usize) {
        self.single = self.single.saturating_sub(1);
        self.font = None;
        let began = self.began.take();
        self.widen(before, began);
        let Some(token) = self.lexer.tokens.get_mut(before) else { return };
        match &mut token.tok {
            Tok::Letter(letter) => {
                if let Some(accent) = self.accent.take() {
                    letter.accent = accent;
                }
            }
            Tok::Relation(relation @ Relation::Equal) if self.defining => {
                *relation = Relation::Define;
                self.defining = false;
            }
            _ => {}
        }
    }

    /// Has what was read since token `first` begin where a command before it does, and end here.
    fn widen(&mut self, first: usize, began: Option<usize>) {
        let Some(began) = began else { return };
        let (begin, end) = (self.lexer.folded.span(began, began + 1), self.lexer.folded.span(began, self.lexer.at));
        if let Some(token) = self.lexer.tokens.get_mut(first) {
            token.span = Span::new(begin.start as usize, token.span.end as usize);
        }
        if let Some(token) = self.lexer.tokens.get_mut(first..).and_then(<[Token]>::last_mut) {
            token.span = Span::new(token.span.start as usize, end.end as usize);
        }
    }

    fn upright(&self) -> bool {
        self.font.map_or_else(
            || self.groups.iter().rev().any(|g| matches!(g, Group::Font { upright: true, .. })),
            |(upright, _)| upright,
        )
    }

    fn bold(&self) -> bool {
        self.font.map_or_else(|| matches!(self.groups.last(), Some(Group::Font { bold: true, .. })), |(_, bold)| bold)
    }

    fn open(&mut self) {
        let (start, first) = (self.began.take(), self.lexer.tokens.len());
        // `{\rm tr}`: an upright word, in the spelling of old.
        let inside = self.lexer.rest().get(1..).unwrap_or_default();
        let old =
            inside.trim_start().strip_prefix("\\rm").filter(|r| !r.starts_with(|c: char| c.is_ascii_alphabetic()));
        if let (Some(rest), None, None) = (old, self.font, &self.accent) {
            self.lexer.at += inside.len() - rest.len();
            self.font = Some((true, false));
        }
        let in_script = matches!(self.lexer.tokens.last().map(|t| t.tok), Some(Tok::Superscript | Tok::Subscript));
        let group = if let Some((upright, bold)) = self.font.take() {
            Group::Font { upright, bold, shown: in_script || self.single > 0, start, first }
        } else if let Some(accent) = self.accent.take() {
            Group::Accent { accent, start, first }
        } else if std::mem::take(&mut self.labelled) {
            Group::Labelled
        } else {
            Group::Plain
        };
        self.single = 0;
        self.groups.push(group);
        if matches!(group, Group::Plain | Group::Labelled | Group::Font { shown: true, .. }) {
            self.lexer.push(Tok::Open(Bracket::Group), 1);
            self.widen(first, start);
        } else {
            self.lexer.at += 1;
            self.lexer.glued = false;
        }
    }

    /// `\operatorname { t r }`, as scans are written out: the letters of one word.
    fn spelled_word(&mut self) {
        let rest = self.lexer.rest();
        let Some((inside, _)) = rest.trim_start().strip_prefix('{').and_then(|r| r.split_once('}')) else { return };
        let mut letters = inside.split_whitespace();
        let spelled =
            letters.clone().count() > 1 && letters.all(|w| w.len() == 1 && w.bytes().all(|b| b.is_ascii_alphabetic()));
        if !spelled {
            return;
        }
        self.lexer.spaces();
        self.open();
        for letter in inside.chars() {
            if letter.is_whitespace() {
                self.lexer.at += letter.len_utf8();
            } else {
                self.lexer.letter(letter, true);
            }
        }
    }

    fn close(&mut self) -> Result<(), Fail> {
        match self.groups.pop() {
            Some(Group::Accent { accent, start, first }) => {
                self.lexer.skip(1);
                self.widen(first, start);
                self.put_accent(accent, first)
            }
            Some(Group::Font { shown: false, upright, start, first, .. }) => {
                self.lexer.skip(1);
                // Letters in an upright font are one word; others are a product, of which each keeps its place.
                if upright || self.lexer.tokens.len() == first + 1 {
                    self.widen(first, start);
                }
                Ok(())
            }
            Some(Group::Labelled) => {
                self.lexer.push(Tok::Close(Bracket::Group), 1);
                self.drop_label();
                Ok(())
            }
            Some(Group::Plain | Group::Font { .. }) | None => {
                self.lexer.push(Tok::Close(Bracket::Group), 1);
                Ok(())
            }
        }
    }

    /// Puts an accent on the only letter of the group that began with token `first`.
    fn put_accent(&mut self, accent: Accent, first: usize) -> Result<(), Fail> {
        let more = self.lexer.tokens.get(first + 1).map(|t| t.tok);
        match self.lexer.tokens.get_mut(first) {
            Some(Token { tok: Tok::Letter(letter), .. })
                if matches!(more, None | Some(Tok::Subscript | Tok::Superscript | Tok::Prime)) =>
            {
                letter.accent = accent;
                Ok(())
            }
            _ if accent == Accent::Vector => Ok(()),
            _ => {
                let span = self.lexer.folded.span(self.lexer.at.saturating_sub(1), self.lexer.at);
                let mut failure = fail(Code::BAD_SCRIPT, span, "an accent must stand over one letter");
                failure.hint = Some("declare the whole as an alias of a symbol".to_owned());
                Err(failure)
            }
        }
    }

    fn drop_label(&mut self) {
        self.lexer.spaces();
        if self.lexer.rest().starts_with(['_', '^']) {
            self.lexer.skip(1);
            self.lexer.spaces();
            self.drop_argument();
        }
    }

    /// Skips an argument without reading it, and returns its text.
    fn drop_argument(&mut self) -> &'f str {
        self.lexer.spaces();
        let dropped = argument(self.lexer.rest());
        self.lexer.skip(dropped.len());
        dropped
    }

    fn command(&mut self) -> Result<(), Fail> {
        let rest = &self.lexer.rest()[1..];
        let name = match word(rest) {
            Some(name) => name,
            None => rest.chars().next().map_or("", |c| &rest[..c.len_utf8()]),
        };
        let length = 1 + name.len();
        if name == "\\" {
            return self.new_row();
        }
        if let Some(accent) = Accent::of_command(name) {
            self.accent = Some(accent);
            self.began.get_or_insert(self.lexer.at);
            self.lexer.skip(length);
            return Ok(());
        }
        if let Some((over, under)) = small_fraction(name, &rest[name.len()..]) {
            let before = self.lexer.tokens.len();
            self.lexer.push(Tok::Fraction(over, under), length + "{1}{2}".len());
            self.finish_token(before);
            return Ok(());
        }
        if let Some(command) = command::command(name) {
            return self.known(command, length);
        }
        let before = self.lexer.tokens.len();
        if let Some(glyph) = greek_command(name) {
            let upright = self.upright();
            self.lexer.push(Tok::Letter(Letter { glyph, accent: Accent::None, upright }), length);
        } else if let Some(op) = self.lexer.spellings.command(name) {
            self.lexer.push(Tok::Infix(op), length);
        } else if let Some(relation) = relation_command(name) {
            self.lexer.push(Tok::Relation(relation), length);
        } else if let Some(op) = self.lexer.spellings.call(name) {
            self.lexer.push(Tok::Function(op), length);
        } else if matches!(name, "max" | "min" | "kron" | "delta" | "inner" | "ones" | "zeros") {
            self.lexer.at += 1;
            self.lexer.glued = false;
            for c in name.chars() {
                self.lexer.letter(c, true);
            }
            self.lexer.glued = false;
            return Ok(());
        } else {
            self.lexer.push(Tok::Unknown, length);
        }
        self.finish_token(before);
        // `\alpha x` is no word, but `\alpha\beta` could be no other two letters either.
        self.lexer.glued = false;
        Ok(())
    }

    fn new_row(&mut self) -> Result<(), Fail> {
        let rest = &self.lexer.rest()[2..];
        // `\\[2pt]`: the distance to the next row.
        let distance = rest
            .strip_prefix('[')
            .filter(|r| r.starts_with(|c: char| c.is_ascii_digit() || c == '.' || c == '-'))
            .and_then(|r| r.find(']').filter(|at| r[..*at].ends_with(|c: char| c.is_ascii_alphabetic())))
            .map_or(0, |at| at + 2);
        if matches!(self.environments.last(), Some(Opened::Array { .. })) {
            self.lexer.push(Tok::NewRow, 2);
            self.lexer.skip(distance);
        } else {
            self.lexer.skip(2 + distance);
        }
        Ok(())
    }

    fn known(&mut self, command: Command, length: usize) -> Result<(), Fail> {
        match command {
            Command::Token(tok) => {
                let before = self.lexer.tokens.len();
                self.lexer.push(tok, length);
                self.finish_token(before);
            }
            Command::Frac => {
                self.lexer.push(Tok::Frac, length);
                self.single = 2;
            }
            Command::Space => self.lexer.skip(length),
            Command::Gap => {
                self.lexer.skip(length);
                self.lexer.gap = true;
            }
            Command::Boxed => {
                self.lexer.skip(length);
                self.lexer.spaces();
                // A box may hold a whole equation; then it groups nothing.
                if self.lexer.rest().starts_with('{') && argument(self.lexer.rest()).contains('=') {
                    self.font = Some((self.upright(), false));
                }
            }
            Command::Font { upright, bold } => {
                self.began.get_or_insert(self.lexer.at);
                self.lexer.skip(length);
                self.font = Some((upright, bold));
            }
            Command::Word => {
                self.began.get_or_insert(self.lexer.at);
                self.lexer.skip(length);
                if self.lexer.rest().starts_with('*') {
                    self.lexer.skip(1);
                }
                self.font = Some((true, false));
                self.spelled_word();
            }
            Command::Dropped => {
                self.lexer.skip(length);
                self.drop_argument();
            }
            Command::DroppedFirst => {
                self.lexer.skip(length);
                let dropped = self.drop_argument();
                let defining = dropped.contains("def") || dropped.contains("triangle");
                self.defining = defining;
            }
            // Above anything but a relation sign it would be a part of the formula that is left out.
            Command::Stacked if !stacked_on_relation(&self.lexer.rest()[length..]) => {
                let before = self.lexer.tokens.len();
                self.lexer.push(Tok::Unknown, length);
                self.finish_token(before);
            }
            Command::Stacked => return self.known(Command::DroppedFirst, length),
            Command::Labelled => {
                self.lexer.skip(length);
                self.labelled = true;
            }
            Command::Size(side) => self.size(side, length),
            Command::Begin | Command::End => return self.environment(command, length),
        }
        Ok(())
    }

    fn environment(&mut self, command: Command, length: usize) -> Result<(), Fail> {
        let start = self.lexer.at;
        self.lexer.skip(length);
        let name = self.drop_argument().trim_start_matches('{').trim_end_matches('}').trim().to_owned();
        let end = self.lexer.at;
        let span = self.lexer.folded.span(start, end);
        let Some(opened) = command::environment(&name) else {
            return Err(fail(Code::UNKNOWN_COMMAND, span, format!("the environment `{name}` is not known")));
        };
        if command == Command::Begin {
            self.environments.push(opened);
        } else if self.environments.pop() != Some(opened) {
            return Err(fail(Code::UNBALANCED_BRACKET, span, format!("`\\end{{{name}}}` does not close what is open")));
        }
        let Opened::Array { environment, columns } = opened else { return Ok(()) };
        if command == Command::Begin && columns {
            self.drop_argument();
        }
        let tok = match command {
            Command::Begin => Tok::Begin(environment),
            _ => Tok::End(environment),
        };
        let after = self.lexer.at;
        self.lexer.at = start;
        self.lexer.push(tok, end - start);
        self.lexer.at = after;
        Ok(())
    }
}

/// The numbers of `\tfrac{1}{2}` and the like, which have a sign of their own: they are one number, not a quotient.
fn small_fraction(name: &str, rest: &str) -> Option<(u8, u8)> {
    if name != "tfrac" {
        return None;
    }
    let (over, rest) = rest.strip_prefix('{')?.split_once("}{")?;
    let under = rest.get(..1).filter(|_| rest.get(1..).is_some_and(|r| r.starts_with('}')))?;
    let pair = (over.parse().ok().filter(|_| over.len() == 1)?, under.parse().ok()?);
    [(1, 2), (1, 3), (2, 3), (1, 4), (3, 4), (1, 5), (1, 6), (1, 8)].contains(&pair).then_some(pair)
}
