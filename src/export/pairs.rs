//! Contractions as expressions: `@`, `*`, sums along axes, and `einsum` where nothing plainer says it.

use super::Refusal;
use super::expression::Writer;
use super::step::{Step, StepId};
use super::target::Target;
use super::text::Text;
use crate::number::Rational;
use crate::tensor::{DimId, Function, Label, Labels};
use smallvec::SmallVec;

/// An operand with its labels.
type Labelled = (StepId, Labels);

const LETTERS: &[u8] = b"ijklmnpqrstuvwxyzabcdefgh";

fn letters(labels: &[Label]) -> Result<String, Refusal> {
    labels
        .iter()
        .map(|l| LETTERS.get(*l as usize).map(|b| *b as char))
        .collect::<Option<String>>()
        .ok_or_else(|| Refusal::new("a contraction has more indices than einsum has letters"))
}

fn distinct(labels: &[Label]) -> bool {
    labels.iter().enumerate().all(|(i, l)| !labels[..i].contains(l))
}

impl Writer<'_> {
    /// The transposed matrix.
    pub(super) fn transposed(&self, id: StepId) -> Text {
        match self.steps.step(id) {
            Step::Single { of, labels, out } if labels.as_slice() == [0, 1] && out.as_slice() == [1, 0] => {
                self.text(*of)
            }
            _ => self.text(id).with(".T"),
        }
    }

    /// Whether a step only repeats another along more axes.
    pub(super) fn repeated(&self, id: StepId) -> Option<(StepId, Labels, Labels)> {
        match self.steps.step(id) {
            Step::Single { of, labels, out } => {
                let only = distinct(labels) && distinct(out) && labels.iter().all(|l| out.contains(l));
                (only && out.len() > labels.len()).then(|| (*of, labels.clone(), out.clone()))
            }
            _ => None,
        }
    }

    /// An operand whose axes are brought into the order of `out`, with axes of length 1 where it lacks one of them.
    pub(super) fn along(&self, of: StepId, labels: &[Label], out: &[Label]) -> Text {
        let order: SmallVec<[Label; 4]> = out.iter().copied().filter(|l| labels.contains(l)).collect();
        let text = self.permuted(of, labels, &order);
        let Some(first) = out.iter().position(|l| labels.contains(l)) else { return text };
        let index: Vec<&str> = out[first..].iter().map(|l| if labels.contains(l) { ":" } else { "None" }).collect();
        if index.iter().all(|i| *i == ":") { text } else { text.with(&format!("[{}]", index.join(", "))) }
    }

    /// The same axes in another order.
    fn permuted(&self, of: StepId, labels: &[Label], order: &[Label]) -> Text {
        if labels == order {
            return self.text(of);
        }
        if labels.len() == 2 {
            return self.transposed(of);
        }
        let place = |l: &Label| labels.iter().position(|m| m == l).unwrap_or(0).to_string();
        let places: Vec<String> = order.iter().map(place).collect();
        let function = if self.target == Target::Torch { "permute" } else { "transpose" };
        self.target.call(function, &format!("{}, ({})", self.text(of).code, places.join(", ")))
    }

    /// An operand without the transposition that its labels can say as well.
    fn unturned(&self, (id, labels): &Labelled) -> Labelled {
        if let (Step::Single { of, labels: inner, out }, false) = (self.steps.step(*id), self.text(*id).is_name()) {
            if distinct(inner) && distinct(out) && inner.len() == out.len() && out.len() == labels.len() {
                let place = |l: &Label| out.iter().position(|o| o == l).map(|p| labels[p]);
                if let Some(own) = inner.iter().map(place).collect::<Option<Labels>>() {
                    return (*of, own);
                }
            }
        }
        (*id, labels.clone())
    }

    fn einsum(&self, operands: &[(&[Label], String)], out: &[Label]) -> Result<Text, Refusal> {
        let inputs: Vec<String> = operands.iter().map(|(l, _)| letters(l)).collect::<Result<_, _>>()?;
        let texts: Vec<&str> = operands.iter().map(|(_, t)| t.as_str()).collect();
        let spec = format!("'{}->{}', {}", inputs.join(","), letters(out)?, texts.join(", "));
        Ok(self.target.call("einsum", &spec))
    }

    /// The contraction of two operands.
    pub(super) fn pair(&mut self, left: &Labelled, right: &Labelled, out: &[Label]) -> Result<Text, Refusal> {
        let ((a, la), (b, lb)) = (left, right);
        let contracted: Labels = la.iter().copied().filter(|l| lb.contains(l) && !out.contains(l)).collect();
        let kept = la.iter().any(|l| lb.contains(l) && out.contains(l));
        if contracted.is_empty() {
            return Ok(self.entrywise(left, right, out));
        }
        let einsum = |w: &Self| {
            let ((x, lx), (y, ly)) = (w.unturned(left), w.unturned(right));
            w.einsum(&[(&lx, w.text(x).code), (&ly, w.text(y).code)], out)
        };
        if kept {
            return einsum(self);
        }
        let product = |x: Text, y: Text| Text::matmul(format!("{} @ {}", x.left_matrix(), y.factor()));
        let last = |l: &Labels| l.last().is_some_and(|l| contracted.contains(l));
        Ok(match (la.len(), lb.len(), contracted.len()) {
            (1, 1, 1) => product(self.text(*a), self.text(*b)),
            (2, 1, 1) if last(la) => product(self.text(*a), self.text(*b)),
            (2, 1, 1) => product(self.transposed(*a), self.text(*b)),
            (1, 2, 1) if last(lb) => product(self.text(*b), self.text(*a)),
            (1, 2, 1) => product(self.transposed(*b), self.text(*a)),
            (_, 1, 1) if last(la) && la[..la.len() - 1] == *out => product(self.text(*a), self.text(*b)),
            (2, 2, 1) => {
                let inner = contracted[0];
                let rows = |s: StepId, l: &Labels, w: &Self| if l[1] == inner { w.text(s) } else { w.transposed(s) };
                let cols = |s: StepId, l: &Labels, w: &Self| if l[0] == inner { w.text(s) } else { w.transposed(s) };
                if la.contains(&out[0]) {
                    product(rows(*a, la, self), cols(*b, lb, self))
                } else {
                    product(rows(*b, lb, self), cols(*a, la, self))
                }
            }
            (n, m, k) if n == k && m == k => {
                let (x, y) = (self.text(*a), self.permuted(*b, lb, la));
                self.target.call("sum", &format!("{} * {}", x.left_factor(), y.factor()))
            }
            _ => return einsum(self),
        })
    }

    /// x and y with 1/y written as a division.
    fn entrywise(&mut self, left: &Labelled, right: &Labelled, out: &[Label]) -> Text {
        let (mut x, mut y) = (left, right);
        if self.below(x.0).is_some() && self.below(y.0).is_none() {
            (x, y) = (y, x);
        }
        if let Some((f, of)) = self.below(y.0) {
            let number = self.is_number(of);
            let arranged = self.along(of, &y.1, out);
            let below = match f {
                None => Some(arranged),
                Some(f) => self.target.function(&f, &arranged, number, self.like.as_deref()),
            };
            if let Some(below) = below {
                let above = self.along(x.0, &x.1, out);
                return Text::product(format!("{} / {}", above.left_factor(), below.factor()));
            }
        }
        let outer = x.1.len() == 1 && y.1.len() == 1 && *out == [x.1[0], y.1[0]];
        if outer && x.1 != y.1 {
            return self.target.call("outer", &format!("{}, {}", self.text(x.0).code, self.text(y.0).code));
        }
        // Numbers come first.
        if y.1.is_empty() && !x.1.is_empty() {
            (x, y) = (y, x);
        }
        let (a, b) = (self.along(x.0, &x.1, out), self.along(y.0, &y.1, out));
        Text::product(format!("{} * {}", a.left_factor(), b.factor()))
    }

    /// What a reciprocal divides by, where it is not named: a function's value, or an operand itself.
    fn below(&self, id: StepId) -> Option<(Option<Function>, StepId)> {
        let Step::Map(Function::Power(p), of) = self.steps.step(id) else { return None };
        if !p.is_negative() || self.text(id).is_name() {
            return None;
        }
        let f = if *p == Rational::MINUS_ONE { None } else { Some(Function::Power(p.abs())) };
        Some((f, *of))
    }

    /// One operand arranged otherwise.
    pub(super) fn single(&mut self, id: StepId, of: StepId, labels: &[Label], out: &[Label]) -> Result<Text, Refusal> {
        let axes = self.steps.axes(id).clone();
        // First what is summed and what is taken of diagonals, then what is repeated and embedded.
        let mut core = Labels::new();
        for l in out {
            if labels.contains(l) && !core.contains(l) {
                core.push(*l);
            }
        }
        let all_of_out = core.as_slice() == out;
        let reduced = self.reduced(of, labels, &core)?;
        if all_of_out {
            return Ok(reduced);
        }
        let is_one = self.steps.is_one(of);
        if distinct(out) {
            let shape = self.shape(&axes);
            let ones = self.made("ones", &shape);
            if is_one {
                return Ok(ones);
            }
            let first = out.iter().position(|l| core.contains(l)).unwrap_or(out.len());
            let index: Vec<&str> = out[first..].iter().map(|l| if core.contains(l) { ":" } else { "None" }).collect();
            let x = if index.contains(&"None") { reduced.with(&format!("[{}]", index.join(", "))) } else { reduced };
            return Ok(Text::product(format!("{} * {}", x.left_factor(), ones.code)));
        }
        if let ([a, b], true) = (out, core.as_slice() == out.get(..1).unwrap_or_default() || core.is_empty()) {
            if a == b && core.len() == 1 {
                return Ok(self.target.call("diag", &reduced.code));
            }
            if a == b {
                let eye = self.eye(axes[0]);
                return Ok(if is_one {
                    eye
                } else {
                    Text::product(format!("{} * {}", reduced.left_factor(), eye.code))
                });
            }
        }
        self.embedded(&axes, &core, out, if is_one { None } else { Some(reduced) })
    }

    fn eye(&mut self, d: DimId) -> Text {
        let n = self.dim(d);
        self.made("eye", &n)
    }

    /// Identities and ones times what is there, by `einsum`.
    fn embedded(&mut self, axes: &[DimId], core: &[Label], out: &[Label], x: Option<Text>) -> Result<Text, Refusal> {
        // Every axis of the result has a letter of its own; axes of one label are tied by identities.
        let own = |i: usize| Label::try_from(i).unwrap_or(Label::MAX);
        let first = |l: &Label| out.iter().position(|m| m == l).unwrap_or(0);
        let mut operands: Vec<(Labels, String)> = Vec::new();
        if let Some(x) = x {
            operands.push((core.iter().map(|l| own(first(l))).collect(), x.code));
        }
        for (i, l) in out.iter().enumerate() {
            if first(l) != i {
                let eye = self.eye(axes[i]).code;
                operands.push((Labels::from_slice(&[own(first(l)), own(i)]), eye));
            } else if !core.contains(l) && out.iter().filter(|m| *m == l).count() == 1 {
                let n = self.dim(axes[i]);
                operands.push((Labels::from_slice(&[own(i)]), self.made("ones", &n).code));
            }
        }
        let borrowed: Vec<(&[Label], String)> = operands.iter().map(|(l, t)| (l.as_slice(), t.clone())).collect();
        let all: Labels = (0..out.len()).map(own).collect();
        self.einsum(&borrowed, &all)
    }

    /// Diagonals and sums.
    fn reduced(&mut self, of: StepId, labels: &[Label], core: &[Label]) -> Result<Text, Refusal> {
        let x = self.text(of);
        let axis = self.target.axis();
        if !distinct(labels) {
            return match (labels, core) {
                ([a, b], []) if a == b => Ok(self.target.call("trace", &x.code)),
                ([a, b], [_]) if a == b => Ok(self.target.call("diagonal", &x.code)),
                _ => self.einsum(&[(labels, x.code)], core),
            };
        }
        if labels.len() == core.len() {
            return Ok(self.permuted(of, labels, core));
        }
        if core.is_empty() {
            return Ok(self.target.call("sum", &x.code));
        }
        let rest: Labels = labels.iter().copied().filter(|l| core.contains(l)).collect();
        if rest.as_slice() != core {
            return self.einsum(&[(labels, x.code)], core);
        }
        let gone = labels.iter().enumerate().filter(|(_, l)| !core.contains(l));
        let gone: Vec<String> = gone.map(|(i, _)| i.to_string()).collect();
        let gone = if let [one] = gone.as_slice() { one.clone() } else { format!("({})", gone.join(", ")) };
        Ok(self.target.call("sum", &format!("{}, {axis}={gone}", x.code)))
    }

    /// Axes made one: a Kronecker product where it is one, the columns of a matrix one below the other.
    pub(super) fn fuse(&mut self, id: StepId, of: StepId, groups: &[u8]) -> Text {
        if groups == [2, 2] && !self.text(of).is_name() {
            if let Some(kron) = self.kronecker(of) {
                return kron;
            }
        }
        if groups.len() == 1 {
            return self.text(of).with(".reshape(-1)");
        }
        let axes = self.steps.axes(id).clone();
        let shape = self.shape(&axes);
        self.text(of).with(&format!(".reshape({})", shape.trim_matches(['(', ')'])))
    }

    fn kronecker(&mut self, of: StepId) -> Option<Text> {
        let step = self.steps.step(of).clone();
        let oriented = |w: &Self, (s, l): &Labelled, rows: Label, cols: Label| match l.as_slice() {
            [a, b] if (*a, *b) == (rows, cols) => Some(w.text(*s)),
            [a, b] if (*b, *a) == (rows, cols) => Some(w.transposed(*s)),
            _ => None,
        };
        let (x, y) = match step {
            Step::Pair { left, right, out } => {
                let [p, q, r, s] = out.as_slice() else { return None };
                if !distinct(&out) {
                    return None;
                }
                let first = oriented(self, &left, *p, *r).zip(oriented(self, &right, *q, *s));
                first.or_else(|| oriented(self, &right, *p, *r).zip(oriented(self, &left, *q, *s)))?
            }
            Step::Single { of: inner, labels, out } => {
                let axes = self.steps.axes(of).clone();
                let matrix = (inner, labels.clone());
                match out.as_slice() {
                    [p, q, r, s] if p == r && q == s && labels.is_empty() && p != q && self.steps.is_one(inner) => {
                        let side = |n: String| if n.contains(' ') { format!("({n})") } else { n };
                        let size = format!("{} * {}", side(self.dim(axes[0])), side(self.dim(axes[1])));
                        return Some(self.made("eye", &size));
                    }
                    [p, q, r, s] if p == r && q != s && distinct(&labels) && !labels.contains(p) => {
                        (self.eye(axes[0]), oriented(self, &matrix, *q, *s)?)
                    }
                    [p, q, r, s] if q == s && p != r && distinct(&labels) && !labels.contains(q) => {
                        (oriented(self, &matrix, *p, *r)?, self.eye(axes[1]))
                    }
                    _ => return None,
                }
            }
            _ => return None,
        };
        // PyTorch has no Kronecker product of arrays that are only seen transposed.
        let whole = |t: Text| if self.target == Target::Torch { t.with(".contiguous()") } else { t };
        let (x, y) = (whole(x), whole(y));
        Some(self.target.call("kron", &format!("{}, {}", x.code, y.code)))
    }
}
