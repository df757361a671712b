//! Shape labels: sizes under braces, sizes beside a definition, and products of sizes.
//!
//! A wrong label is a mistake of its own: the step beside which it stands is judged by its value.

use super::define::{is_plain, notation};
use super::membership::Fit;
use super::session::Session;
use super::walk::Walk;
use crate::dimension::{Poly, Shape};
use crate::document::NotRead;
use crate::problem::parse_dimension;
use crate::syntax::{Relation, Syntax};
use crate::text::Span;

/// Labels of one side that are looked at.
const MOST_LABELS: usize = 40;

/// A formula with a label: where the whole stands in its text, the formula, and the label.
struct Labelled {
    span: (usize, usize),
    body: (usize, usize),
    label: (usize, usize),
}

impl Session {
    /// The shape that a label names by declared sizes: `m \times n`, `mxn`, `(1 \times n)`, `m by n`.
    pub(super) fn labelled_shape(&mut self, label: &str) -> Option<Shape> {
        let mut flat = label.to_owned();
        for (from, to) in [("\\times", "×"), ("\\text", " "), ("\\mathrm", " "), (" by ", "×"), ("\\,", " ")] {
            flat = flat.replace(from, to);
        }
        let words = ["matrix", "vector", "scalar", "column", "row"];
        let flat: String = flat.chars().map(|c| if matches!(c, '{' | '}' | '(' | ')') { ' ' } else { c }).collect();
        let flat = flat.split_whitespace().filter(|w| !words.contains(w)).collect::<Vec<_>>().join(" ");
        let parts: Vec<&str> = flat.split(['×', 'x']).map(str::trim).collect();
        if parts.len() != 2 || parts.iter().any(|p| p.is_empty() || p.contains(char::is_whitespace)) {
            return None;
        }
        let dims: Option<Vec<Poly>> = parts
            .iter()
            .map(|p| {
                let mut known = true;
                let mut find = |n: &str| match self.scope.unifier.find(n) {
                    Some(v) => Poly::variable(v),
                    None => {
                        known = false;
                        Poly::constant(1)
                    }
                };
                parse_dimension(p, &mut find).ok().filter(|_| known)
            })
            .collect();
        dims.map(|d| Shape::matrix(d[0].clone(), d[1].clone()))
    }
}

impl Walk<'_> {
    /// The labels under the braces of a side that contradict the shapes.
    pub(super) fn labels(&mut self, c: usize, i: usize) {
        let piece = &self.document.chains[c].pieces[i];
        for found in labelled(&piece.text).into_iter().take(MOST_LABELS) {
            let (Some(body), Some(label)) =
                (piece.text.get(found.body.0..found.body.1), piece.text.get(found.label.0..found.label.1))
            else {
                continue;
            };
            let Some(shape) = self.session.labelled_shape(label) else { continue };
            if let Fit::Contradicts(why) = self.session.fits_shape(body, Syntax::Latex, &shape) {
                let span = piece.place(Span::new(found.span.0, found.span.1));
                self.aside(piece.line, span, false, "a shape label", Some(why));
            }
        }
    }

    /// What a label that stands by itself comes to: judged as a claim where it multiplies sizes or says the shape of a
    /// name, and otherwise only said to contradict. `true` where a claim was made of it.
    pub(super) fn label_alone(&mut self, label: &NotRead, why: &mut String) -> bool {
        if let Some(fits) = self.product_of_sizes(&label.source) {
            let message = (!fits).then(|| "these sizes do not multiply to this".to_owned());
            self.aside(label.line, label.span, fits, "a product of sizes", message);
            return true;
        }
        if let Some((name, sizes)) = label.source.split_once("\\in").or_else(|| label.source.split_once('∈')) {
            if let Some(shape) = self.session.labelled_shape(sizes) {
                if let Fit::Contradicts(what) = self.session.fits_shape(name, Syntax::Latex, &shape) {
                    *why = format!("shape label that contradicts {}: {what}", name.trim());
                }
            }
            return false;
        }
        // `$n \times 1$ $c = d - x$`: the only equation that begins on the line.
        let from = self.document.chains.partition_point(|c| c.line < label.line);
        let mut beside = self.document.chains[from..].iter().take_while(|c| c.line == label.line);
        let (Some(chain), None) = (beside.next(), beside.next()) else { return false };
        let named =
            matches!(chain.pieces.get(1).map(|p| p.relation), Some(Some((Relation::Equal | Relation::Define, _))));
        let (true, Some(shape)) = (named, self.session.labelled_shape(&label.source)) else { return false };
        let head = &chain.pieces[0];
        if let Fit::Contradicts(what) = self.session.fits_shape(&head.text, notation(head, is_plain(chain)), &shape) {
            *why = format!("shape label that contradicts {}: {what}", head.text.trim());
        }
        false
    }

    /// `(m \times 1) \cdot (1 \times n) = m \times n`: whether it is right, where all of it can be read.
    fn product_of_sizes(&mut self, text: &str) -> Option<bool> {
        let (product, result) = text.split_once('=')?;
        let result = self.session.labelled_shape(result)?;
        let factors: Vec<&str> = product.split(')').map(str::trim).filter(|p| !p.is_empty()).collect();
        let shapes: Option<Vec<Shape>> = factors
            .iter()
            .map(|f| self.session.labelled_shape(f.trim_start_matches("\\cdot").trim_start_matches(['·', '(', ' '])))
            .collect();
        let shapes = shapes.filter(|s| s.len() > 1)?;
        let conform = shapes.windows(2).all(|w| w[0].cols == w[1].rows);
        let (first, last) = (shapes.first()?, shapes.last()?);
        Some(conform && first.rows == result.rows && last.cols == result.cols)
    }
}

/// The formulas with a label: `\underbrace{…}_{…}`, `\overbrace{…}^{…}`, `\underset{…}{…}`.
fn labelled(text: &str) -> Vec<Labelled> {
    let mut found = Vec::new();
    for (command, sign, label_first) in
        [("\\underbrace", "_", false), ("\\overbrace", "^", false), ("\\underset", "", true), ("\\overset", "", true)]
    {
        for (at, _) in text.match_indices(command).take(MOST_LABELS) {
            let Some(first) = group(text, at + command.len()) else { continue };
            let Some(next) = skip(text, first.1 + 1).filter(|n| text[*n..].starts_with(sign)) else { continue };
            let Some(second) = group(text, next + sign.len()) else { continue };
            let (body, label) = if label_first { (second, first) } else { (first, second) };
            found.push(Labelled { span: (at, second.1 + 1), body, label });
        }
    }
    found.sort_by_key(|f| f.span);
    found
}

/// The next place that is no white space.
fn skip(text: &str, from: usize) -> Option<usize> {
    text.get(from..)?.find(|c: char| !c.is_whitespace()).map(|n| from + n)
}

/// The inside of the braces at a place.
pub(super) fn group(text: &str, from: usize) -> Option<(usize, usize)> {
    let open = skip(text, from).filter(|n| text[*n..].starts_with('{'))?;
    let mut depth = 0usize;
    let mut escaped = false;
    for (n, c) in text[open..].char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '{' => depth += 1,
            '}' if depth == 1 => return Some((open + 1, open + n)),
            '}' => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    None
}
