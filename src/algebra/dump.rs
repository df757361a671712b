//! A normal form as text: what a certificate holds.
//!
//! The text depends on what a formula is, not on how it was built; equal texts mean equal normal forms, for variables
//! with distinct names. Atoms are numbered in the order in which the text first speaks of them and listed after the
//! sum, so the text is as long as the form, however often a part is repeated.

use super::atom::Atom;
use super::budget::{Budget, StopReason};
use super::form::{AtomId, BOUND, FormId, Forms};
use crate::dimension::{IntVar, Poly};
use crate::tensor::{NodeId, Pattern, Store};
use std::fmt::Write;

/// The normal form of a tensor, apart from the store that it came from.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct NormalForm {
    text: String,
}

impl NormalForm {
    /// The form written out, one sum a line.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// A hash of the form, the same on every machine.
    #[must_use]
    pub fn digest(&self) -> u64 {
        self.text.bytes().fold(0xcbf2_9ce4_8422_2325, |h, b| (h ^ u64::from(b)).wrapping_mul(0x0100_0000_01b3))
    }
}

/// The normal form of a tensor.
///
/// # Errors
/// Where the budget is too small, or the graph incomplete.
pub fn normal_form(store: &Store, node: NodeId, budget: &Budget) -> Result<NormalForm, StopReason> {
    if store.is_exceeded() {
        return Err(StopReason::Incomplete);
    }
    let mut forms = Forms::new(store, budget);
    forms.lower(&[node])?;
    let root = forms.lowered(node)?;
    let mut dump = Dump { forms: &forms, sums: vec![root], out: String::new() };
    let mut done = 0;
    while let Some(f) = dump.sums.get(done).copied() {
        let _ = write!(dump.out, "#{done} =");
        dump.sum(f);
        dump.out.push('\n');
        done += 1;
    }
    Ok(NormalForm { text: dump.out })
}

struct Dump<'d, 'f> {
    forms: &'d Forms<'f>,
    /// The sums spoken of so far; the first `done` are written.
    sums: Vec<FormId>,
    out: String,
}

impl Dump<'_, '_> {
    fn reference(&mut self, f: FormId) -> String {
        let at = self.sums.iter().position(|x| *x == f).unwrap_or_else(|| {
            self.sums.push(f);
            self.sums.len() - 1
        });
        format!("#{at}")
    }

    fn sum(&mut self, f: FormId) {
        let form = self.forms.form(f);
        if form.terms.is_empty() {
            self.out.push_str(" 0");
        }
        for d in &form.axes {
            let _ = write!(self.out, " [{}]", poly(self.forms.store.poly(*d)));
        }
        for (m, c) in &form.terms {
            let mono = self.forms.mono(*m);
            let _ = write!(self.out, " + {c}");
            if let Some(upper) = &mono.range {
                let _ = write!(self.out, " Σ_r≤{}", poly(upper));
            }
            if !mono.out.is_empty() {
                let _ = write!(self.out, " {:?}", mono.out.as_slice());
            }
            for x in &mono.factors {
                self.out.push(' ');
                let name = self.atom(x.atom);
                self.out.push_str(&name);
                if !x.labels.is_empty() {
                    let _ = write!(self.out, "{:?}", x.labels.as_slice());
                }
                if !x.power.is_one() {
                    let _ = write!(self.out, "^({})", x.power);
                }
            }
        }
    }

    fn pattern(&self, p: &Pattern) -> String {
        let size = |d: &crate::tensor::DimId| poly(self.forms.store.poly(*d));
        match p {
            Pattern::Basis { dim, position } => format!("basis({}, {})", size(dim), poly(position)),
            Pattern::Range { dim, lower, upper } => format!("range({}, {}, {})", size(dim), poly(lower), poly(upper)),
            Pattern::Count { dim } => format!("count({})", size(dim)),
            Pattern::Shift { rows, cols, offset } => format!("shift({}, {}, {})", size(rows), size(cols), poly(offset)),
            Pattern::Before { rows, cols } => format!("before({}, {})", size(rows), size(cols)),
        }
    }

    fn atom(&mut self, a: AtomId) -> String {
        match self.forms.atom_of(a) {
            Atom::Variable(v) => self.forms.store.variable(*v).name.to_string(),
            Atom::Integer(v) => integer(*v),
            Atom::Number(c) => format!("({c})"),
            Atom::Constant(c) => format!("{c:?}"),
            Atom::Base(f) => self.reference(*f),
            Atom::Map(g, f) => match g {
                crate::tensor::Function::Unknown(id, order) => {
                    let name = self.forms.store.function_name(*id).clone();
                    format!("{name}'{order}({})", self.reference(*f))
                }
                _ => format!("{g:?}({})", self.reference(*f)),
            },
            Atom::Raised(b, e) => {
                let base = self.reference(*b);
                format!("{base}**{}", self.reference(*e))
            }
            Atom::MatrixPower(f, p) => format!("power({}, {})", self.reference(*f), poly(p)),
            Atom::Determinant(f) => format!("det({})", self.reference(*f)),
            Atom::Unknown(g, order, batch, f) => {
                let name = self.forms.store.function_name(*g).clone();
                format!("{name}'{order}/{batch}({})", self.reference(*f))
            }
            Atom::Pattern(p) => self.pattern(p),
            Atom::Fusion(parts) => {
                let parts: Vec<String> = parts.iter().map(|d| poly(self.forms.store.poly(*d))).collect();
                format!("fusion({})", parts.join(", "))
            }
        }
    }
}

fn integer(v: IntVar) -> String {
    if v == BOUND { "r".into() } else { format!("d{}", v.0) }
}

fn poly(p: &Poly) -> String {
    p.display(&integer)
}
