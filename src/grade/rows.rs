//! `x_i` for the i-th row or column of a declared matrix X, where no family x_i is declared.

use super::define::{is_plain, notation};
use super::session::Session;
use super::side::Hint;
use crate::document::{Document, Piece};
use crate::shape::Body;
use crate::syntax::{Declared, Name, NameKind, Syntax};

/// Formulas in which a reading is tried.
const MOST: usize = 24;

impl Session {
    /// Declares the members that the document writes: rows, or columns where rows do not fit.
    pub(super) fn find_rows(&mut self, document: &Document, chains: &[usize]) {
        let matrices: Vec<Name> = self
            .scope
            .quantities()
            .filter(|(_, q)| matches!(q.body, Body::Variable) && q.letters.is_empty())
            .filter(|(_, q)| {
                let shape = self.scope.unifier.resolve_shape(&q.shape);
                shape.is_matrix() && !shape.is_vector() && shape.rows != shape.cols
            })
            .map(|(_, q)| q.name.clone())
            .filter(|n| n.len() == 1 && n.chars().all(|c| c.is_ascii_uppercase()))
            .collect();
        for matrix in matrices {
            let member = Name::from(matrix.to_lowercase());
            let names = &self.scope.names;
            let known = names.is(&member, NameKind::Symbol)
                || names.is(&member, NameKind::Family)
                || names.is(&member, NameKind::Dimension)
                || self.own.iter().any(|n| n.split('_').next() == Some(&member));
            if known {
                continue;
            }
            let pieces: Vec<(usize, &Piece, Syntax)> = chains
                .iter()
                .map(|i| (*i, &document.chains[*i]))
                .flat_map(|(i, c)| c.pieces.iter().map(move |p| (i, p, notation(p, is_plain(c)))))
                .filter(|(_, p, _)| writes_member(&p.text, &member))
                .take(MOST)
                .collect();
            if let (Some(first), Some(what)) = (pieces.first(), self.declare_members(&matrix, &member, &pieces)) {
                self.inferred.push((first.0, format!("{member}_i is read as {what} i of {matrix}, a column")));
            }
        }
    }

    /// Takes the first reading in which the most formulas can be read, and says which it is.
    fn declare_members(
        &mut self,
        matrix: &Name,
        member: &Name,
        pieces: &[(usize, &Piece, Syntax)],
    ) -> Option<&'static str> {
        let before = self.scope.clone();
        let notes = self.notes.len();
        let mut best = None;
        for (formula, words) in [("_{i,:}^T", "row"), ("_{:,i}", "column")] {
            self.scope = before.clone();
            let declared = Declared {
                whole: member.clone(),
                name: member.clone(),
                indices: vec!["i".into()],
                parameters: Vec::new(),
            };
            if self.declare_as(&declared, &format!("{matrix}{formula}"), Syntax::Latex).is_none() {
                continue;
            }
            let read = pieces.iter().filter(|(_, p, s)| self.side(&p.text, *s, &Hint::default()).is_ok()).count();
            if read > best.as_ref().map_or(0, |b: &(usize, _, _)| b.0) {
                best = Some((read, self.scope.clone(), words));
            }
        }
        self.notes.truncate(notes);
        let (scope, words) = best.map_or((before, None), |(_, scope, words)| (scope, Some(words)));
        self.scope = scope;
        words
    }
}

/// Whether a formula writes a letter with one index, in any font: `x_i`, `\mathbf{x}_{i}`.
fn writes_member(text: &str, letter: &str) -> bool {
    text.match_indices(letter).any(|(at, _)| {
        let before = text[..at].chars().next_back();
        if before.is_some_and(|c| c.is_ascii_alphabetic() || c == '\\' || c == '_')
            && !text[..at].ends_with("\\mathbf ")
        {
            return false;
        }
        let rest = text[at + letter.len()..].trim_start_matches(['}', ' ']);
        let Some(script) = rest.strip_prefix('_').map(str::trim_start) else { return false };
        let index = match script.strip_prefix('{') {
            Some(group) => group.split('}').next().unwrap_or_default().trim(),
            None => script.get(..1).unwrap_or_default(),
        };
        index.len() == 1 && index.chars().all(|c| c.is_ascii_alphanumeric())
    })
}
