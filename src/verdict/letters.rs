//! Answers in free indices that the task does not name: `2 X_{ij}` for a gradient by X, `-(X^{-1})_{ik} (X^{-1})_{lj}`
//! for the Jacobian of X⁻¹.
//!
//! The letters are given to the axes in alphabetic order: the rows and columns of what is differentiated first, then
//! those of each variable. The same letters, i, j, k, …, are used where a truth has no matrix notation, so that what
//! is printed reads back. The other order, variable first, is the transposed layout.

use super::compare::{Decision, Depth};
use super::form::{By, Form};
use super::judge::{Judgement, LayoutRead, against, judgement, refused_layout};
use super::pose::Posed;
use crate::dimension::{Poly, Shape};
use crate::problem::Layout;
use crate::shape::Index;
use crate::syntax::Name;
use crate::tensor::Value;

/// The letters of printed answers, in their order.
const LETTERS: [&str; 12] = ["i", "j", "k", "l", "p", "q", "r", "s", "u", "v", "a", "b"];

impl Posed {
    /// The lengths of the axes that have no letter, the output's first.
    fn open_sides(&self) -> Vec<Poly> {
        let output = self.scope.unifier.resolve_shape(self.typed.shape(self.tree.root));
        let mut sides = sides_of(&output);
        for b in &self.by {
            sides.extend(sides_of(&self.scope.unifier.resolve_shape(&b.shape)));
        }
        sides
    }

    /// The letters that a printed answer gives to its axes.
    #[must_use]
    pub fn usual_letters(&self) -> Vec<Name> {
        let free = |l: &&str| !self.scope.names.contains(l) && !self.form.letters.iter().any(|f| f.0 == **l);
        LETTERS.into_iter().filter(free).take(self.open_sides().len()).map(Name::from).collect()
    }

    /// The usual letters with the lengths of their axes.
    pub(super) fn lettered_sides(&self) -> Vec<(Name, Poly)> {
        self.usual_letters().into_iter().zip(self.open_sides()).collect()
    }

    /// The letters the axes have in a candidate with these free indices; nothing where they do not fit.
    pub(super) fn assign_letters(&mut self, free: &[(Name, Poly)]) -> Option<Vec<Name>> {
        let sides = self.open_sides();
        if self.form.shape.is_scalar() || self.by.iter().any(|b| b.transposed) {
            return None;
        }
        let mut extra: Vec<&(Name, Poly)> =
            free.iter().filter(|f| !self.form.letters.iter().any(|l| l.0 == f.0)).collect();
        let usual = self.usual_letters();
        let letters = if extra.iter().all(|f| usual.contains(&f.0)) && usual.len() == sides.len() {
            usual
        } else if extra.len() == sides.len() {
            extra.sort_by(|a, b| a.0.cmp(&b.0));
            extra.iter().map(|f| f.0.clone()).collect()
        } else {
            return None;
        };
        let before = self.scope.unifier.clone();
        // A range that is a product of others is known once those are.
        for _ in 0..extra.len() {
            let unifier = &mut self.scope.unifier;
            let mut fits = |e: &&(Name, Poly)| {
                let side = letters.iter().position(|l| *l == e.0).and_then(|i| sides.get(i));
                side.is_some_and(|side| unifier.unify(&e.1, side))
            };
            let known = extra.len();
            extra.retain(|e| !fits(e));
            if extra.is_empty() || extra.len() == known {
                break;
            }
        }
        if !extra.is_empty() {
            self.scope.unifier = before;
            return None;
        }
        Some(letters)
    }

    /// The truth with these letters for its axes.
    #[must_use]
    pub fn indexed(&mut self, letters: &[Name]) -> Value {
        let (output, by) = self.in_letters(letters);
        let form = Form { letters: Vec::new(), shape: Shape::scalar(), flipped: false };
        let derivative = self.formed;
        form.assemble(&mut self.store, &output, &by, derivative)
    }

    /// The same task, with the answer asked for in these free indices.
    #[must_use]
    pub fn asked_in(&self, letters: &[Name]) -> Self {
        let mut posed = self.clone();
        posed.truth = posed.indexed(letters);
        posed.by = self.in_letters(letters).1;
        posed.form.letters.extend(letters.iter().cloned().zip(self.open_sides()));
        (posed.form.shape, posed.form.flipped) = (Shape::scalar(), false);
        posed
    }

    /// What is differentiated, and by what, with letters for their axes.
    fn in_letters(&self, letters: &[Name]) -> (Value, Vec<By>) {
        let mut left = letters.iter().cloned();
        let mut output = self.objective.clone();
        let sides = usize::from(output.row) + usize::from(output.col);
        output.free.extend(left.by_ref().take(sides));
        (output.row, output.col) = (false, false);
        let by: Vec<By> = self
            .by
            .iter()
            .map(|b| {
                let open = sides_of(&b.shape).len();
                let mut new = left.by_ref().take(open).map(Index::Letter).collect::<Vec<_>>().into_iter();
                let mut indices: Vec<Index> = b
                    .indices
                    .iter()
                    .map(|i| if *i == Index::Slice { new.next().unwrap_or(Index::Slice) } else { i.clone() })
                    .collect();
                indices.extend(new);
                By { quantity: b.quantity, indices, shape: Shape::scalar(), transposed: false }
            })
            .collect();
        (output, by)
    }

    /// How many of the open axes are the output's.
    fn output_sides(&self) -> usize {
        usize::from(self.objective.row) + usize::from(self.objective.col)
    }

    /// Judges a candidate in free indices.
    pub(super) fn judge_letters(&mut self, value: &Value, letters: &[Name], text: &str, depth: Depth) -> Judgement {
        let mut output_first = letters.to_vec();
        let mut variable_first = letters.to_vec();
        variable_first.rotate_right(self.output_sides());
        if self.layout == Layout::Transposed {
            std::mem::swap(&mut output_first, &mut variable_first);
        }
        let remark = format!("the free indices {} are read in this order: output, then variable", letters.join(", "));
        let truth = self.indexed(&output_first);
        let first = against(self, value, &truth, text, depth);
        if first.0.decision == Decision::Equal {
            return Judgement { remarks: vec![remark], ..judgement(first, LayoutRead::Standard) };
        }
        if self.by_symmetric() && letters.len() == 2 && self.output_sides() == 0 {
            let swapped: Vec<Name> = letters.iter().rev().cloned().collect();
            let truth = self.indexed(&swapped);
            let other = against(self, value, &truth, text, depth);
            if other.0.decision == Decision::Equal {
                return Judgement { remarks: vec![remark], ..judgement(other, LayoutRead::Standard) };
            }
        }
        if letters.len() == 2 && self.output_sides() == 0 && self.by.len() == 1 {
            variable_first.reverse();
        }
        if variable_first != output_first {
            let truth = self.indexed(&variable_first);
            let other = against(self, value, &truth, text, depth);
            if other.0.decision == Decision::Equal {
                let mut found = judgement(other, LayoutRead::Transposed);
                found.remarks.push(remark.clone());
                if self.layout != Layout::Either {
                    refused_layout(&mut found, &first);
                }
                return found;
            }
        }
        Judgement { remarks: vec![remark], ..judgement(first, LayoutRead::Standard) }
    }
}

fn sides_of(shape: &Shape) -> Vec<Poly> {
    [&shape.rows, &shape.cols].into_iter().filter(|p| !p.is_one()).cloned().collect()
}
