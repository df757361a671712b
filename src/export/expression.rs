//! Steps as expressions.

use super::Refusal;
use super::step::{Step, StepId, Steps};
use super::target::{Prelude, Target, Written, derivative_name};
use super::text::Text;
use crate::dimension::{IntVar, Poly};
use crate::number::{Constant, Rational};
use crate::tensor::{DimId, Function, FunctionId, Pattern, Store, VariableId};
use std::collections::BTreeSet;

/// What is written so far.
pub(super) struct Writer<'a> {
    pub(super) store: &'a Store,
    pub(super) steps: &'a Steps,
    pub(super) target: Target,
    /// What variables and integers are called.
    pub(super) variable: &'a dyn Fn(VariableId) -> String,
    pub(super) integer: &'a dyn Fn(IntVar) -> String,
    /// An array whose type new arrays take.
    pub(super) like: Option<String>,
    pub(super) written: Written,
    /// The integers that the code names.
    pub(super) integers: BTreeSet<IntVar>,
    pub(super) preludes: BTreeSet<Prelude>,
    /// The functions that are called by name: their order, and whether they take a whole array to a number.
    pub(super) functions: BTreeSet<(FunctionId, u8, bool)>,
}

impl Writer<'_> {
    /// The expression of an operand, which stands before.
    pub(super) fn text(&self, id: StepId) -> Text {
        self.written.get(&id).cloned().unwrap_or_else(|| Text::atom("0"))
    }

    /// Whether a step is a number of Python, no array.
    pub(super) fn is_number(&self, id: StepId) -> bool {
        match self.steps.step(id) {
            Step::Integer(_) | Step::Constant(_) => true,
            Step::Linear(terms) => terms.iter().all(|t| self.is_number(t.1)),
            Step::Map(f, x) => !matches!(f, Function::Unknown(..)) && self.is_number(*x),
            Step::Pair { left, right, .. } => self.is_number(left.0) && self.is_number(right.0),
            Step::Power(a, b) => self.is_number(*a) && self.is_number(*b),
            _ => false,
        }
    }

    /// A polynomial in sizes.
    pub(super) fn poly(&mut self, p: &Poly) -> Text {
        self.integers.extend(p.variables());
        let mut out = String::new();
        let (mut count, mut factors) = (0, 0);
        // Numbers last: n + 1.
        let ordered: Vec<_> =
            p.terms().filter(|t| !t.0.is_empty()).chain(p.terms().filter(|t| t.0.is_empty())).collect();
        for (monomial, c) in ordered {
            let names: Vec<String> = monomial.iter().map(|v| (self.integer)(*v)).collect();
            let size = c.unsigned_abs();
            let mut parts = if size != 1 || names.is_empty() { vec![size.to_string()] } else { Vec::new() };
            parts.extend(names);
            out.push_str(match (out.is_empty(), c < 0) {
                (true, true) => "-",
                (true, false) => "",
                (false, true) => " - ",
                (false, false) => " + ",
            });
            out.push_str(&parts.join(" * "));
            count += 1 + usize::from(c < 0);
            factors = parts.len();
        }
        match (count, factors) {
            (0, _) => Text::atom("0"),
            (1, 1) => Text::atom(out),
            (1, _) => Text::product(out),
            _ if out.starts_with('-') && !out.contains([' ']) => Text::minus(out),
            _ => Text::sum(out),
        }
    }

    pub(super) fn dim(&mut self, d: DimId) -> String {
        let p = self.store.poly(d).clone();
        self.poly(&p).code
    }

    /// A shape: `(m, n)`.
    pub(super) fn shape(&mut self, dims: &[DimId]) -> String {
        let all: Vec<String> = dims.iter().map(|d| self.dim(*d)).collect();
        match all.as_slice() {
            [one] => one.clone(),
            _ => format!("({})", all.join(", ")),
        }
    }

    /// An array made anew.
    pub(super) fn made(&self, function: &str, arguments: &str) -> Text {
        self.target.made(function, arguments, self.like.as_deref())
    }

    /// The expression of a step, from those of its operands.
    pub(super) fn expression(&mut self, id: StepId) -> Result<Text, Refusal> {
        let target = self.target;
        Ok(match self.steps.step(id).clone() {
            Step::Argument(v) => Text::atom((self.variable)(v)),
            Step::Named { body, .. } => self.text(body),
            Step::Integer(p) => self.poly(&p),
            Step::Constant(c) => {
                let module = if target == Target::Torch { "math" } else { target.module() };
                Text::atom(format!("{module}.{}", if c == Constant::Pi { "pi" } else { "e" }))
            }
            Step::Linear(terms) => self.linear(id, &terms),
            Step::Pair { left, right, out } => self.pair(&left, &right, &out)?,
            Step::Single { of, labels, out } => self.single(id, of, &labels, &out)?,
            Step::Solve { matrix, transposed, right, batch } => self.solve(matrix, transposed, right, batch),
            Step::Map(Function::Unknown(f, order), of) => {
                self.functions.insert((f, order, false));
                let name = derivative_name(&self.function_name(f), order, false);
                Text::atom(format!("{name}({})", self.text(of).code))
            }
            Step::Map(f, of) => {
                let (x, number) = (self.text(of), self.is_number(of));
                match target.function(&f, &x, number, self.like.as_deref()) {
                    Some(text) => text,
                    None => return Err(Refusal::new("a function has no name in this library")),
                }
            }
            Step::Softmax { of, axis, log } => self.softmax(of, axis, log),
            Step::LogSumExp { of, axes } => {
                let axes: Vec<String> = axes.iter().map(ToString::to_string).collect();
                let axes = if let [one] = axes.as_slice() { one.clone() } else { format!("({})", axes.join(", ")) };
                let x = self.text(of).code;
                match target {
                    Target::Numpy => {
                        self.preludes.insert(Prelude::LogSumExp);
                        Text::atom(format!("logsumexp({x}, axis={axes})"))
                    }
                    Target::Jax => Text::atom(format!("jax.scipy.special.logsumexp({x}, axis={axes})")),
                    Target::Torch => Text::atom(format!("torch.logsumexp({x}, dim={axes})")),
                }
            }
            Step::Power(a, b) => {
                let exponent = self.text(b);
                let exponent = if exponent.is_name() { exponent.code } else { format!("({})", exponent.code) };
                Text::power(format!("{}**{exponent}", self.text(a).base()))
            }
            Step::MatrixPower(of, p) => {
                let p = self.poly(&p).code;
                target.call("linalg.matrix_power", &format!("{}, {p}", self.text(of).code))
            }
            Step::Inverse(of) => target.call("linalg.inv", &self.text(of).code),
            Step::Determinant(of) => target.call("linalg.det", &self.text(of).code),
            Step::LogDeterminant(of) => target.call("linalg.slogdet", &self.text(of).code).with("[1]"),
            Step::Unknown { function, order, batch, of } => {
                self.functions.insert((function, order, true));
                let name = derivative_name(&self.function_name(function), order, true);
                match batch {
                    0 => Text::atom(format!("{name}({})", self.text(of).code)),
                    1 => target.call("stack", &format!("[{name}(y) for y in {}]", self.text(of).term())),
                    _ => {
                        return Err(Refusal::new(
                            "a function known only by name is taken of a family with two indices",
                        ));
                    }
                }
            }
            Step::RangeSum { variable, lower, upper, body } => {
                let from = self.poly(&lower).code;
                let to = self.poly(&upper.add(&Poly::constant(1))).code;
                let range = if from == "0" { to } else { format!("{from}, {to}") };
                let axes = self.steps.axes(id).clone();
                let zero = if axes.is_empty() { "0".to_owned() } else { self.zeros(&axes).code };
                let letter = (self.integer)(variable);
                self.integers.remove(&variable);
                Text::atom(format!("sum(({} for {letter} in range({range})), {zero})", self.text(body).code))
            }
            Step::Zero => {
                let axes = self.steps.axes(id).clone();
                if axes.is_empty() { Text::atom("0.0") } else { self.zeros(&axes) }
            }
            Step::Pattern(p) => self.pattern(&p),
            Step::Fuse { of, groups } => self.fuse(id, of, &groups),
            Step::Reshape(of) => {
                let axes = self.steps.axes(id).clone();
                let shape = self.shape(&axes);
                self.text(of).with(&format!(".reshape({})", shape.trim_matches(['(', ')'])))
            }
        })
    }

    pub(super) fn function_name(&self, f: FunctionId) -> String {
        super::identifier::identifier(self.store.function_name(f))
    }

    fn zeros(&mut self, axes: &[DimId]) -> Text {
        let shape = self.shape(axes);
        self.made("zeros", &shape)
    }

    fn softmax(&mut self, of: StepId, axis: u8, log: bool) -> Text {
        let x = self.text(of).code;
        let name = if log { "log_softmax" } else { "softmax" };
        Text::atom(match self.target {
            Target::Numpy => {
                self.preludes.insert(if log { Prelude::LogSoftmax } else { Prelude::Softmax });
                format!("{name}({x}, axis={axis})")
            }
            Target::Jax => format!("jax.nn.{name}({x}, axis={axis})"),
            Target::Torch => format!("torch.{name}({x}, dim={axis})"),
        })
    }

    fn solve(&mut self, matrix: StepId, transposed: bool, right: StepId, batch: u8) -> Text {
        let a = self.text(matrix);
        let a = match (transposed, batch) {
            (false, _) => a,
            (true, 0) => self.transposed(matrix),
            (true, _) => match self.target {
                Target::Torch => a.with(".mT"),
                Target::Numpy | Target::Jax => self.target.call("swapaxes", &format!("{}, -1, -2", a.code)),
            },
        };
        let b = self.text(right);
        // A batch of vectors would be taken for a matrix.
        if batch > 0 && self.steps.rank(right) == usize::from(batch) + 1 {
            let b = b.with("[..., None]");
            return self.target.call("linalg.solve", &format!("{}, {}", a.code, b.code)).with("[..., 0]");
        }
        self.target.call("linalg.solve", &format!("{}, {}", a.code, b.code))
    }

    fn linear(&mut self, id: StepId, terms: &[(Rational, StepId)]) -> Text {
        let rank = self.steps.rank(id);
        let repeats = |w: &Self, s: StepId| rank > 0 && w.repeated(s).is_some();
        let any_full = terms.iter().any(|t| !repeats(self, t.1));
        let mut parts: Vec<(bool, Text)> = Vec::new();
        for (c, step) in terms {
            let broadcast = if any_full { self.repeated(*step) } else { None };
            let x = match broadcast {
                Some((of, labels, out)) => self.along(of, &labels, &out),
                None => self.text(*step),
            };
            let size = c.abs();
            let is_one = x.code == "1";
            let text = if size.is_one() {
                x
            } else if is_one {
                Text::atom(number(&size))
            } else if let Some(below) = x.code.strip_prefix("1 / ") {
                Text::product(format!("{} / {below}", number(&size)))
            } else {
                Text::product(format!("{} * {}", number(&size), x.left_factor()))
            };
            parts.push((c.is_negative(), text));
        }
        // What is added comes first.
        if let Some(first) = parts.iter().position(|p| !p.0) {
            let part = parts.remove(first);
            parts.insert(0, part);
        }
        if let [(false, one)] = parts.as_slice() {
            return one.clone();
        }
        let mut out = String::new();
        for (negative, text) in &parts {
            out.push_str(match (out.is_empty(), negative) {
                (true, true) => "-",
                (true, false) => "",
                (false, true) => " - ",
                (false, false) => " + ",
            });
            out.push_str(&text.term());
        }
        if parts.len() == 1 {
            return Text::minus(out);
        }
        Text::sum(out)
    }

    fn pattern(&mut self, p: &Pattern) -> Text {
        let target = self.target;
        let condition = match p {
            Pattern::Basis { dim, position } => {
                let (n, k) = (self.dim(*dim), self.poly(position).term());
                format!("{}.arange(1, {n} + 1) == {k}", target.module())
            }
            Pattern::Range { dim, lower, upper } => {
                let n = self.dim(*dim);
                let (from, to) = (self.poly(lower).term(), self.poly(upper).term());
                let count = format!("{}.arange(1, {n} + 1)", target.module());
                format!("({count} >= {from}) & ({count} <= {to})")
            }
            Pattern::Count { dim } => {
                let n = self.dim(*dim);
                let like = self.like.as_deref();
                return match (target, like) {
                    (Target::Torch, Some(_)) => target.made("arange", &format!("1, {n} + 1"), like),
                    _ => target.call("arange", &format!("1.0, {n} + 1")),
                };
            }
            Pattern::Shift { rows, cols, offset } => {
                let (m, n) = (self.dim(*rows), self.dim(*cols));
                let offset = self.poly(offset).term();
                format!("{0}.arange({m})[:, None] - {0}.arange({n}) == {offset}", target.module())
            }
            Pattern::Before { rows, cols } => {
                let (m, n) = (self.dim(*rows), self.dim(*cols));
                format!("{0}.arange({m})[:, None] < {0}.arange({n})", target.module())
            }
        };
        target.indicator(&condition, self.like.as_deref())
    }
}

/// A positive number: exact where a decimal is short.
pub(super) fn number(c: &Rational) -> String {
    if c.is_integer() {
        return c.to_string();
    }
    match c.to_decimal().filter(|d| d.len() <= 6) {
        Some(decimal) => decimal,
        None => {
            let (n, d) = c.parts();
            format!("({n} / {d})")
        }
    }
}
