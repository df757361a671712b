//! The normal form of every node of a graph, operands before what uses them.

use super::atom::Atom;
use super::budget::StopReason;
use super::form::{BOUND, FormId, Forms};
use super::raw::{Raw, counted, label};
use crate::dimension::{IntVar, Poly};
use crate::number::Rational;
use crate::tensor::{Axes, Labels, Node, NodeId};
use smallvec::smallvec;

impl Forms<'_> {
    /// The normal forms of some nodes.
    pub(super) fn lower(&mut self, roots: &[NodeId]) -> Result<(), StopReason> {
        // Operands come before what uses them.
        for id in self.store.reachable(roots) {
            if self.form_of(id).is_none() {
                let form = self.lower_node(id)?;
                self.set_form(id, form);
            }
        }
        Ok(())
    }

    /// The normal form of a node that has been lowered.
    pub(super) fn lowered(&self, id: NodeId) -> Result<FormId, StopReason> {
        self.form_of(id).ok_or(StopReason::Incomplete)
    }

    fn lower_node(&mut self, id: NodeId) -> Result<FormId, StopReason> {
        let store = self.store;
        let axes = store.axes(id).clone();
        match store.node(id) {
            Node::Variable(v) => self.atom_form(Atom::Variable(*v), &axes, Rational::ONE),
            Node::Definition { body, .. } => self.lowered(*body),
            Node::Product(p) => {
                let mut parts: Vec<(FormId, Labels)> = Vec::with_capacity(p.factors.len());
                for (f, labels) in &p.factors {
                    parts.push((self.lowered(*f)?, labels.clone()));
                }
                self.contract(&parts, &p.out, &p.dims)
            }
            Node::Sum(terms) => {
                let mut parts: Vec<(Rational, FormId)> = Vec::with_capacity(terms.len());
                for (c, f) in terms {
                    parts.push((c.clone(), self.lowered(*f)?));
                }
                self.linear(axes, &parts)
            }
            Node::Zero(axes) => Ok(self.zero(axes.clone())),
            Node::Map(g, x) => {
                let x = self.lowered(*x)?;
                self.map(g, x)
            }
            Node::ScalarPower(x, y) => {
                let (x, y) = (self.lowered(*x)?, self.lowered(*y)?);
                self.raised(x, y)
            }
            Node::MatrixPower(x, p) => {
                let x = self.lowered(*x)?;
                self.power(x, p)
            }
            Node::Inverse(x) => {
                let x = self.lowered(*x)?;
                self.power(x, &Poly::constant(-1))
            }
            Node::Determinant(x) => {
                let x = self.lowered(*x)?;
                self.determinant(x)
            }
            Node::Unknown { function, order, batch, argument } => {
                let x = self.lowered(*argument)?;
                self.atom_form(Atom::Unknown(*function, *order, *batch, x), &axes, Rational::ONE)
            }
            Node::RangeSum { variable, lower, upper, body } => {
                let body = self.lowered(*body)?;
                self.range_sum(*variable, lower, upper, body)
            }
            Node::Integer(p) => self.integer(p),
            Node::Constant(c) => self.atom_form(Atom::Constant(*c), &axes, Rational::ONE),
            Node::Pattern(p) => self.atom_form(Atom::Pattern(p.clone()), &axes, Rational::ONE),
            Node::Fuse { argument, groups } => {
                let x = self.lowered(*argument)?;
                let inner = self.form(x).axes.clone();
                let mut dims = inner.clone();
                let mut raw_out = Labels::new();
                let mut parts: Vec<(FormId, Labels)> = vec![(x, counted(inner.len()))];
                let mut at = 0usize;
                for (g, d) in groups.iter().zip(&axes) {
                    let run = counted(inner.len())[at..at + *g as usize].to_vec();
                    at += *g as usize;
                    if let [one] = run.as_slice() {
                        raw_out.push(*one);
                        continue;
                    }
                    dims.push(*d);
                    let fused = label(dims.len() - 1);
                    raw_out.push(fused);
                    parts.push(self.fusion(*d, &run, fused, &dims)?);
                }
                self.contract(&parts, &raw_out, &dims)
            }
            Node::Split { argument, axis, factors } => {
                let x = self.lowered(*argument)?;
                let mut dims = self.form(x).axes.clone();
                let n = dims.len();
                let axis = *axis as usize;
                let fused = dims[axis];
                let run: Vec<u16> = (n..n + factors.len()).map(label).collect();
                dims.extend_from_slice(factors);
                let mut out: Labels = counted(n)[..axis].into();
                out.extend_from_slice(&run);
                out.extend_from_slice(&counted(n)[axis + 1..]);
                let fusion = self.fusion(fused, &run, label(axis), &dims)?;
                self.contract(&[(x, counted(n)), fusion], &out, &dims)
            }
        }
    }

    /// The tensor that fuses the labels `run` to one.
    fn fusion(
        &mut self,
        dim: crate::tensor::DimId,
        run: &[u16],
        fused: u16,
        dims: &[crate::tensor::DimId],
    ) -> Result<(FormId, Labels), StopReason> {
        let mut axes: Axes = smallvec![dim];
        axes.extend(run.iter().map(|l| dims[*l as usize]));
        let atom = Atom::Fusion(axes.clone());
        let form = self.atom_form(atom, &axes, Rational::ONE)?;
        let mut labels: Labels = smallvec![fused];
        labels.extend_from_slice(run);
        Ok((form, labels))
    }

    /// Σ_{r=a}^{b} f(r) = Σ_{r=0}^{b−a} f(r + a), term by term.
    fn range_sum(&mut self, v: IntVar, lower: &Poly, upper: &Poly, body: FormId) -> Result<FormId, StopReason> {
        let form = self.form(body).clone();
        let shift = lower.add(&Poly::variable(BOUND));
        let last = upper.sub(lower);
        let mut raws = Vec::new();
        for (m, c) in &form.terms {
            let mut raw = Raw::new(&counted(form.axes.len()), &form.axes);
            raw.coefficient = c.clone();
            raw.push(self.mono(*m), &counted(form.axes.len()), None)?;
            if raw.range.is_some() || last.contains(v) {
                return Err(StopReason::Range);
            }
            for i in 0..raw.factors.len() {
                if self.info(raw.factors[i].atom).integers.contains(&v) {
                    raw.factors[i].atom = self.substitute(raw.factors[i].atom, v, &shift)?;
                }
            }
            raw.range = Some(last.clone());
            raws.push(raw);
        }
        self.collect(form.axes, raws)
    }
}
