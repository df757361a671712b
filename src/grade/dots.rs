//! Vectors written with dots: `(a_1, …, a_n)` is the vector whose entry t is what first and last entry have in
//! common, with t where one has 1 and the other the last position.

use super::occurrence::part;
use super::session::Session;
use crate::dimension::{Poly, Shape};
use crate::number::Rational;
use crate::shape::{Body, Formula, Quantity, Surroundings, infer_with};
use crate::syntax::{ExprId, ExprIds, Kind, Name, Syntax, Tree};
use crate::text::{Code, Diagnostic};

impl Session {
    /// Replaces a list with dots by a symbol that stands for the vector.
    pub(super) fn resolve_dots(&mut self, tree: &mut Tree, id: ExprId) -> Result<(), Diagnostic> {
        // `[a_1, …, a_n]^T`: the list is the row, and the whole is the column that a list without it is taken for.
        if let Some((op, [list])) = tree.as_apply(id) {
            let list = *list;
            let row = matches!(tree.kind(list), Kind::Array(rows) if rows.len() == 1
                && rows[0].iter().any(|e| *tree.kind(*e) == Kind::Dots));
            if *op == crate::operator::TRANSPOSE && row {
                let kind = tree.kind(list).clone();
                tree.set_kind(id, kind);
            }
        }
        let Kind::Array(rows) = tree.kind(id) else { return Ok(()) };
        let flat: Vec<ExprId> = rows.iter().flatten().copied().collect();
        let is_list = rows.len() == 1 || rows.iter().all(|r| r.len() == 1);
        let dots = flat.iter().position(|e| *tree.kind(*e) == Kind::Dots);
        let (true, Some(at), Some(first), Some(last)) = (is_list, dots, flat.first(), flat.last()) else {
            return Ok(());
        };
        let unreadable = |m: &str| Diagnostic::new(Code::UNSUPPORTED, tree.span(id), m.to_owned());
        if at == 0 || at + 1 == flat.len() || *tree.kind(*last) == Kind::Dots {
            return Err(unreadable("it is not said where these dots lead"));
        }
        let letter = Name::from("\u{4}t");
        let mut entry = part(tree, *first);
        let end = part(tree, *last);
        let mut range: Option<Poly> = None;
        let root = entry.root;
        if !self.generalise(&mut entry, root, &end, end.root, &letter, &mut range) {
            return Err(unreadable("the first and the last entry do not differ by an index only"));
        }
        let Some(range) = range else { return Err(unreadable("the entries do not depend on their position")) };
        let span = tree.span(id);
        // Indices that are free in the entries stay free.
        let mut scope = self.scope.clone();
        let around = Surroundings { letters: vec![(letter.clone(), range)], ..Surroundings::default() };
        let inferred = infer_with(&entry, &mut scope, &around)?;
        let mut letters: Vec<(Name, Poly)> = inferred.typed.free.iter().filter(|f| f.0 != letter).cloned().collect();
        let shape = scope.unifier.resolve_shape(inferred.typed.shape(entry.root));
        let vertical = rows.len() > 1;
        if letters.is_empty() && shape.is_vector() && shape.rows.is_one() == vertical {
            self.scope = scope;
            return self.stacked(tree, id, entry, (letter, around.letters[0].1.clone()), vertical);
        }
        if letters.len() > 1 || !inferred.typed.shape(entry.root).is_scalar() {
            return Err(Diagnostic::new(
                Code::UNSUPPORTED,
                span,
                "dots between entries of this kind cannot be computed with",
            ));
        }
        letters.extend(around.letters.iter().cloned());
        let name = Name::from(format!("\u{4}{}", scope.quantities().count()));
        let shape = inferred.typed.shape(entry.root).clone();
        let ranges = letters.iter().map(|l| scope.unifier.resolve(&l.1)).collect();
        let formula = Formula { source: String::new(), syntax: Syntax::Latex, tree: entry, typed: inferred.typed };
        let names: Vec<Name> = letters.iter().map(|l| l.0.clone()).collect();
        let body = Body::Definition(Box::new(formula));
        scope.declare(Quantity {
            name: name.clone(),
            letters: names.clone(),
            ranges,
            shape,
            properties: Vec::new(),
            body,
        });
        self.scope = scope;
        if names.len() == 1 {
            tree.set_kind(id, Kind::Symbol(name));
        } else {
            let base = tree.push(Kind::Symbol(name), span);
            let indices: ExprIds = std::iter::once(tree.push(Kind::Symbol(names[0].clone()), span)).collect();
            tree.set_kind(id, Kind::Subscript { base, indices });
        }
        Ok(())
    }

    /// Replaces a list of rows below each other, or of columns beside each other, by the matrix they make.
    fn stacked(
        &mut self,
        tree: &mut Tree,
        id: ExprId,
        mut entry: Tree,
        (letter, range): (Name, Poly),
        rows: bool,
    ) -> Result<(), Diagnostic> {
        // Members of a family are columns.
        if rows {
            let root = entry.root;
            entry.root = entry.apply(&crate::operator::TRANSPOSE, [root], tree.span(id));
        }
        let around = Surroundings { letters: vec![(letter.clone(), range.clone())], ..Surroundings::default() };
        let inferred = infer_with(&entry, &mut self.scope, &around)?;
        let shape = self.scope.unifier.resolve_shape(inferred.typed.shape(entry.root));
        let range = self.scope.unifier.resolve(&range);
        let number = self.scope.quantities().count();
        let formula = Formula { source: String::new(), syntax: Syntax::Latex, tree: entry, typed: inferred.typed };
        let family = self.scope.declare(Quantity {
            name: format!("\u{4}{number}").into(),
            letters: vec![letter],
            ranges: vec![range.clone()],
            shape: shape.clone(),
            properties: Vec::new(),
            body: Body::Definition(Box::new(formula)),
        });
        let whole = if rows { Shape::matrix(range, shape.rows) } else { Shape::matrix(shape.rows, range) };
        let name = Name::from(format!("\u{4}{number}m"));
        self.scope.declare(Quantity {
            name: name.clone(),
            letters: Vec::new(),
            ranges: Vec::new(),
            shape: whole,
            properties: Vec::new(),
            body: Body::Stacked { family, rows },
        });
        tree.set_kind(id, Kind::Symbol(name));
        Ok(())
    }

    /// Puts the letter where `entry` has 1 and `end` has the last position; `false` where they differ otherwise.
    pub(super) fn generalise(
        &self,
        entry: &mut Tree,
        id: ExprId,
        end: &Tree,
        other: ExprId,
        letter: &Name,
        range: &mut Option<Poly>,
    ) -> bool {
        if entry.same(id, end, other) {
            return true;
        }
        let position = match end.kind(other) {
            Kind::Number(n) => n.to_integer().map(Poly::constant),
            Kind::Symbol(s) => self.scope.unifier.find(s).map(Poly::variable),
            _ => None,
        };
        if let (Kind::Number(one), Some(position)) = (entry.kind(id), position) {
            let fits = *one == Rational::ONE && range.as_ref().is_none_or(|r| *r == position);
            if fits {
                *range = Some(position);
                entry.set_kind(id, Kind::Symbol(letter.clone()));
            }
            return fits;
        }
        let (mut a, mut b) = (entry.kind(id).clone(), end.kind(other).clone());
        a.map_children(&mut |_| ExprId(0));
        b.map_children(&mut |_| ExprId(0));
        a.forget_places();
        b.forget_places();
        let (left, right) = (entry.children(id), end.children(other));
        a == b
            && left.len() == right.len()
            && left.iter().zip(&right).all(|(l, r)| self.generalise(entry, *l, end, *r, letter, range))
    }
}
