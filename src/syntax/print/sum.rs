//! Sums and products over indices.

use super::{Printer, Strength, print_relation};
use crate::syntax::{Binder, ExprId, Kind, Syntax};

impl Printer<'_> {
    /// A sign with its indices, and what stands behind it.
    pub(super) fn summed(&self, sign: &str, binders: &[Binder], body: ExprId) -> String {
        let signs: String = groups(binders).map(|group| self.binders(sign, group)).collect();
        let sign = if binders.is_empty() { sign } else { &signs };
        // Σ_i Σ_j needs no brackets.
        let body = match self.tree.kind(body) {
            Kind::Sum { .. } | Kind::Product { .. } => self.node(body).0,
            _ => self.text(body, Strength::Product),
        };
        format!("{sign} {body}")
    }

    /// One sign for binders that share their last value.
    fn binders(&self, sign: &str, binders: &[Binder]) -> String {
        let mut below = Vec::new();
        for binder in binders {
            let mut head = self.name(&binder.letter);
            if let Some((relation, other)) = binder.compared {
                let order = print_relation(relation, if self.latex { Syntax::Latex } else { Syntax::Plain });
                head.push_str(&format!(" {order} {}", self.text(other, Strength::Sum)));
                if let Some(lower) = binder.lower {
                    head = format!("{} {} {head}", self.text(lower, Strength::Sum), self.choose("≤", "\\leq"));
                }
            } else if let Some(lower) = binder.lower {
                head.push_str(&format!("={}", self.text(lower, Strength::Sum)));
            }
            if !binder.except.is_empty() {
                let except: Vec<_> = binder.except.iter().map(|e| self.text(*e, Strength::Sum)).collect();
                head.push_str(&format!("{}{}", self.choose(" ≠ ", " \\neq "), except.join(", ")));
            }
            below.push(head);
        }
        let upper = binders.first().and_then(|b| b.upper).map(|u| format!("^{{{}}}", self.text(u, Strength::Sum)));
        format!("{sign}_{{{}}}{}", below.join(", "), upper.unwrap_or_default())
    }
}

/// Runs of binders that can stand below one sign.
fn groups(binders: &[Binder]) -> impl Iterator<Item = &[Binder]> {
    binders.chunk_by(Binder::joins)
}
