//! Derivatives, matrices and values by condition in print.

use super::{Printer, Strength};
use crate::syntax::{DerivativeStyle, ExprId, Kind};

impl Printer<'_> {
    pub(super) fn derivative(&self, of: Option<ExprId>, wrt: &[ExprId], style: DerivativeStyle) -> (String, Strength) {
        match style {
            DerivativeStyle::Nabla { order } => {
                let mut out = self.choose("∇", "\\nabla").to_owned();
                let same = wrt.windows(2).all(|w| self.tree.same(w[0], self.tree, w[1]));
                let listed = if same { wrt.get(..1).unwrap_or_default() } else { wrt };
                if !listed.is_empty() {
                    let list: Vec<_> = listed.iter().map(|w| self.text(*w, Strength::Sum)).collect();
                    out.push_str(&format!("_{{{}}}", list.join(", ")));
                }
                if order > 1 && same {
                    out.push_str(&format!("^{order}"));
                }
                match of {
                    Some(of) => {
                        out.push(' ');
                        out.push_str(&self.text(of, Strength::Factor));
                        (out, Strength::Product)
                    }
                    None => (out, Strength::Product),
                }
            }
            DerivativeStyle::Prime { order } => {
                let of = of.map(|of| self.text(of, Strength::Base)).unwrap_or_default();
                let wrt = wrt.first().map(|w| self.text(*w, Strength::Sum)).unwrap_or_default();
                (format!("{of}{}({wrt})", "'".repeat(usize::from(order))), Strength::Base)
            }
            DerivativeStyle::Partial | DerivativeStyle::Total => {
                let sign = match (style, self.latex) {
                    (DerivativeStyle::Partial, false) => "∂",
                    (DerivativeStyle::Partial, true) => "\\partial ",
                    _ => "d",
                };
                let raised = match (wrt.len(), self.latex) {
                    (0 | 1, _) => String::new(),
                    (2, false) => "²".to_owned(),
                    (3, false) => "³".to_owned(),
                    (n, _) => format!("^{n}{}", if of.is_some() { " " } else { "" }),
                };
                // A sign before a number is no derivative's.
                let variable = |w: &ExprId| match self.text(*w, Strength::Factor) {
                    text if text.starts_with(|c: char| c.is_ascii_digit()) => self.bracketed(&text),
                    text => text,
                };
                let under: Vec<String> = wrt.iter().map(|w| format!("{sign}{}", variable(w))).collect();
                let sign = sign.trim_end();
                // A derivative of a derivative: its slash must not be taken for the outer one.
                let over = of.map(|of| match self.tree.kind(of) {
                    Kind::Derivative { .. } | Kind::Differential(_) => self.bracketed(&self.node(of).0),
                    _ => self.text(of, Strength::Factor),
                });
                let over = over.unwrap_or_default();
                let space = if self.latex && raised.is_empty() && style == DerivativeStyle::Partial { " " } else { "" };
                if self.latex {
                    let text = format!("\\frac{{{sign}{raised}{space}{over}}}{{{}}}", under.join(" "));
                    (text, if of.is_some() { Strength::Factor } else { Strength::Product })
                } else {
                    let strength = if of.is_some() { Strength::Factor } else { Strength::Product };
                    (format!("{sign}{raised}{over}/{}", under.join("")), strength)
                }
            }
        }
    }

    pub(super) fn array(&self, rows: &[Vec<ExprId>]) -> String {
        let cells = |row: &Vec<ExprId>, joint: &str| {
            row.iter().map(|c| self.text(*c, Strength::Sum)).collect::<Vec<_>>().join(joint)
        };
        if self.latex {
            let rows: Vec<_> = rows.iter().map(|r| cells(r, " & ")).collect();
            return format!("\\begin{{bmatrix}}{}\\end{{bmatrix}}", rows.join(" \\\\ "));
        }
        match rows {
            // One cell in square brackets would be a bracketed expression.
            [row] if row.len() == 1 => format!("[{}]", cells(row, ", ")),
            _ => format!("[{}]", rows.iter().map(|r| cells(r, ", ")).collect::<Vec<_>>().join("; ")),
        }
    }

    pub(super) fn cases(&self, rows: &[(ExprId, Option<ExprId>)]) -> String {
        let rows: Vec<String> = rows
            .iter()
            .map(|(value, condition)| {
                let value = self.text(*value, Strength::Sum);
                match condition {
                    Some(c) => format!("{value} & {}", self.text(*c, Strength::Relation)),
                    None => format!("{value} & \\text{{otherwise}}"),
                }
            })
            .collect();
        // The plain notation has no form of its own for values by condition.
        format!("\\begin{{cases}}{}\\end{{cases}}", rows.join(" \\\\ "))
    }
}
