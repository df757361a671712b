//! Matrices written out, and values by condition.

use super::super::token::{Environment, Tok};
use super::super::{ExprId, Kind, Relation};
use super::{Open, Reader, Reading};
use crate::operator::{BARS, EQUAL};
use crate::text::{Code, Span};

impl Reader<'_> {
    /// `[a]`, or `[a, b; c, d]`
    pub(super) fn array_or_one(&mut self) -> Reading<ExprId> {
        let start = self.span();
        let first = self.condition()?;
        if !matches!(self.tok(), Tok::Comma | Tok::Semicolon) {
            return Ok(first);
        }
        let mut rows = vec![vec![first]];
        loop {
            if self.accept(Tok::Comma) {
                let cell = self.expression()?;
                if let Some(row) = rows.last_mut() {
                    row.push(cell);
                }
            } else if self.accept(Tok::Semicolon) {
                rows.push(vec![self.expression()?]);
            } else {
                let span = self.since(start);
                return self.array(rows, span);
            }
        }
    }

    /// `\begin{bmatrix} … \end{bmatrix}` and its like.
    pub(super) fn environment(&mut self, environment: Environment) -> Reading<ExprId> {
        let start = self.span();
        self.advance();
        let id = self.within(Open::Environment, |reader| {
            let id = match environment {
                Environment::Cases => reader.cases(start)?,
                _ => {
                    let rows = reader.rows()?;
                    let span = reader.since(start).to(reader.span());
                    reader.array(rows, span)?
                }
            };
            match reader.tok() {
                Tok::End(_) => reader.advance(),
                Tok::Finish => return Err(reader.unbalanced(start, "this environment is not closed".to_owned())),
                _ => return reader.unexpected("`&`, `\\\\` or the end of the environment"),
            }
            Ok(id)
        })?;
        let span = self.since(start);
        let id = if environment == Environment::Determinant { self.apply(&BARS, &[id], span) } else { id };
        self.scripts(id, false)
    }

    fn rows(&mut self) -> Reading<Vec<Vec<ExprId>>> {
        let mut rows = vec![Vec::new()];
        loop {
            let cell = self.expression()?;
            if let Some(row) = rows.last_mut() {
                row.push(cell);
            }
            match self.tok() {
                Tok::Ampersand => self.advance(),
                Tok::NewRow => {
                    self.advance();
                    // A last `\\` begins no row.
                    if matches!(self.tok(), Tok::End(_)) {
                        return Ok(rows);
                    }
                    rows.push(Vec::new());
                }
                _ => return Ok(rows),
            }
        }
    }

    fn array(&mut self, rows: Vec<Vec<ExprId>>, span: Span) -> Reading<ExprId> {
        let width = rows.first().map_or(0, Vec::len);
        let ragged = rows.iter().find(|row| row.len() != width);
        let dotted = rows.iter().flatten().any(|cell| matches!(self.tree.kind(*cell), Kind::Dots));
        if let (Some(row), false) = (ragged, dotted) {
            let at = row.first().map_or(span, |cell| self.tree.span(*cell));
            return Self::fail_at(
                Code::UNBALANCED_BRACKET,
                at,
                "this row has another number of entries than the first",
                "give every row of the matrix the same number of entries",
            );
        }
        Ok(self.tree.push(Kind::Array(rows), span))
    }

    fn cases(&mut self, start: Span) -> Reading<ExprId> {
        let mut rows = Vec::new();
        loop {
            let value = self.expression()?;
            while matches!(self.tok(), Tok::Comma | Tok::Stop) {
                self.advance();
            }
            let condition = if self.accept(Tok::Ampersand) { self.case_condition()? } else { None };
            while matches!(self.tok(), Tok::Comma | Tok::Stop) {
                self.advance();
            }
            rows.push((value, condition));
            if !self.accept(Tok::NewRow) || matches!(self.tok(), Tok::End(_)) {
                break;
            }
        }
        let span = start.to(self.span());
        Ok(self.tree.push(Kind::Cases(rows), span))
    }

    fn case_condition(&mut self) -> Reading<Option<ExprId>> {
        let word = self.upright_word();
        match word.as_str() {
            "otherwise" | "else" | "elsewhere" => {
                self.at += word.len();
                return Ok(None);
            }
            "if" | "for" | "when" => self.at += word.len(),
            _ => {}
        }
        let from = self.span();
        let condition = self.condition()?;
        if self.accept(Tok::Relation(Relation::Equal)) {
            let right = self.expression()?;
            let span = self.since(from);
            return Ok(Some(self.apply(&EQUAL, &[condition, right], span)));
        }
        Ok(Some(condition))
    }

    /// The word here, where it is set upright.
    fn upright_word(&self) -> String {
        let mut word = String::new();
        for token in self.tokens.iter().skip(self.at).take(12) {
            match token.tok {
                Tok::Letter(letter) if letter.upright && (word.is_empty() || token.glued) => word.push(letter.glyph),
                _ => break,
            }
        }
        word
    }
}
