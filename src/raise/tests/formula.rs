//! Trees evaluated as they are read, strictly: what the reading rules do not allow panics.

use super::dense::{Dense, unknown_entry, unknown_scalar};
use crate::operator as op;
use crate::syntax::{Constant, ExprId, Kind, Tree};
use nalgebra::DMatrix;
use std::collections::{HashMap, HashSet};

/// A value with its rows and columns; a vector has rows only.
#[derive(Clone, Debug)]
pub(super) struct Val {
    pub(super) row: bool,
    pub(super) col: bool,
    pub(super) m: DMatrix<f64>,
}

/// What names stand for.
#[derive(Default)]
pub(super) struct Scope {
    pub(super) symbols: HashMap<String, Dense>,
    pub(super) families: HashMap<String, Dense>,
    pub(super) numbers: HashMap<String, f64>,
    pub(super) bound: HashSet<String>,
}

fn scalar(x: f64) -> Val {
    Val { row: false, col: false, m: DMatrix::from_element(1, 1, x) }
}

fn from_dense(d: &Dense) -> Val {
    match d.dims.as_slice() {
        [] => scalar(d.data[0]),
        [n] => Val { row: true, col: false, m: DMatrix::from_row_slice(*n, 1, &d.data) },
        [r, c] => Val { row: true, col: true, m: DMatrix::from_row_slice(*r, *c, &d.data) },
        _ => panic!("rank {} as a value", d.dims.len()),
    }
}

fn shape(v: &Val) -> (bool, bool) {
    (v.row, v.col)
}

impl Scope {
    fn number(&mut self, t: &Tree, id: ExprId) -> f64 {
        let v = self.eval(t, id, None, false).expect("a number");
        assert_eq!(shape(&v), (false, false), "a scalar was expected");
        v.m[0]
    }

    #[allow(clippy::cast_possible_truncation)]
    fn integer(&mut self, t: &Tree, id: ExprId) -> i64 {
        let x = self.number(t, id);
        assert!((x - x.round()).abs() < 1e-9);
        x.round() as i64
    }

    fn index(&mut self, t: &Tree, id: ExprId) -> usize {
        usize::try_from(self.integer(t, id) - 1).unwrap()
    }

    fn entrywise(a: &Val, b: &Val, f: impl Fn(f64, f64) -> f64) -> Val {
        if shape(a) == (false, false) {
            return Val { m: b.m.map(|y| f(a.m[0], y)), ..b.clone() };
        }
        if shape(b) == (false, false) {
            return Val { m: a.m.map(|x| f(x, b.m[0])), ..a.clone() };
        }
        assert_eq!(shape(a), shape(b), "entrywise of unlike shapes");
        assert_eq!(a.m.shape(), b.m.shape(), "entrywise of unlike sizes");
        Val { m: a.m.zip_map(&b.m, f), ..a.clone() }
    }

    fn times(a: &Val, b: &Val) -> Val {
        if shape(a) == (false, false) || shape(b) == (false, false) {
            return Self::entrywise(a, b, |x, y| x * y);
        }
        assert_eq!(a.m.ncols(), b.m.nrows(), "a product that does not conform");
        Val { row: a.row, col: b.col, m: &a.m * &b.m }
    }

    /// The value; nothing where it holds an identity whose size nothing has told yet.
    pub(super) fn eval(&mut self, t: &Tree, id: ExprId, hint: Option<usize>, entrywise: bool) -> Option<Val> {
        Some(match t.kind(id) {
            Kind::Dots => panic!("dots"),
            Kind::Number(c) => scalar(c.to_f64()),
            Kind::Constant(Constant::Pi) => scalar(std::f64::consts::PI),
            Kind::Constant(Constant::Euler) => scalar(std::f64::consts::E),
            Kind::Symbol(n) => match (self.numbers.get(n.as_str()), self.symbols.get(n.as_str())) {
                (Some(x), _) => scalar(*x),
                (None, Some(d)) => from_dense(d),
                (None, None) => panic!("{n} is not declared"),
            },
            Kind::Subscript { base, indices } => {
                let at: Vec<usize> = indices.iter().map(|i| self.index(t, *i)).collect();
                if let Kind::Symbol(n) = t.kind(*base) {
                    if let Some(d) = self.families.get(n.as_str()).or(self.symbols.get(n.as_str())) {
                        let family = self.families.contains_key(n.as_str());
                        assert!(family && at.len() == 1 || at.len() == d.dims.len(), "indices of {n}");
                        let rest = d.dims[at.len()..].to_vec();
                        return Some(from_dense(&Dense::build(&rest, &mut |i| d.at(&[&at[..], i].concat()))));
                    }
                }
                if let Kind::Derivative { of: Some(f), wrt, .. } = t.kind(*base) {
                    let (y, rank) = self.argument(t, *f);
                    return Some(scalar(unknown_scalar(&y, u8::try_from(wrt.len()).unwrap(), &at, rank)));
                }
                let v = self.eval(t, *base, None, false)?;
                match at.as_slice() {
                    [i] if shape(&v) == (true, false) => scalar(v.m[(*i, 0)]),
                    [i, j] if shape(&v) == (true, true) => scalar(v.m[(*i, *j)]),
                    _ => panic!("entry of an unlike shape"),
                }
            }
            Kind::Apply { operator, arguments } => return self.apply(t, operator.name, arguments, hint, entrywise),
            Kind::Call { order, arguments, function } => {
                if function == "f" {
                    let (y, rank) = self.argument(t, id);
                    return Some(scalar(unknown_scalar(&y, 0, &[], rank)));
                }
                let v = self.eval(t, arguments[0], None, true)?;
                Val { m: v.m.map(|x| unknown_entry(x, *order)), ..v }
            }
            Kind::Sum { binders, body } => {
                let b = &binders[0];
                let (lower, upper) = (self.integer(t, b.lower.unwrap()), self.integer(t, b.upper.unwrap()));
                let mut sum: Option<Val> = None;
                let before = self.numbers.get(b.letter.as_str()).copied();
                assert!(self.bound.insert(b.letter.to_string()), "{} is bound twice", b.letter);
                for i in lower..=upper {
                    #[allow(clippy::cast_precision_loss)]
                    self.numbers.insert(b.letter.to_string(), i as f64);
                    let v = self.eval(t, *body, hint, false)?;
                    sum = Some(match sum {
                        Some(s) => Self::entrywise(&s, &v, |x, y| x + y),
                        None => v,
                    });
                }
                self.numbers.remove(b.letter.as_str());
                self.numbers.extend(before.map(|x| (b.letter.to_string(), x)));
                self.bound.remove(b.letter.as_str());
                sum.unwrap_or_else(|| scalar(0.0))
            }
            Kind::Derivative { of: Some(f), wrt, .. } => {
                let (y, rank) = self.argument(t, *f);
                let order = u8::try_from(wrt.len()).unwrap();
                let dims: Vec<usize> = y.dims.iter().cycle().take(rank * order as usize).copied().collect();
                from_dense(&Dense::build(&dims, &mut |i| unknown_scalar(&y, order, i, rank)))
            }
            other => panic!("{other:?} is not read"),
        })
    }

    /// The argument of the unknown scalar function.
    fn argument(&mut self, t: &Tree, call: ExprId) -> (Dense, usize) {
        let Kind::Call { arguments, .. } = t.kind(call) else { panic!("a call was expected") };
        let v = self.eval(t, arguments[0], None, false).unwrap();
        let dims = match shape(&v) {
            (false, false) => vec![],
            (true, false) => vec![v.m.nrows()],
            _ => vec![v.m.nrows(), v.m.ncols()],
        };
        let rank = dims.len();
        (Dense { dims, data: v.m.transpose().iter().copied().collect() }, rank)
    }

    fn apply(&mut self, t: &Tree, name: &str, a: &[ExprId], hint: Option<usize>, entrywise: bool) -> Option<Val> {
        let is = |o: op::Op| o.name == name;
        if is(&op::IDENTITY) {
            let n = match a.first() {
                Some(d) => usize::try_from(self.integer(t, *d)).unwrap(),
                None => hint?,
            };
            return Some(Val { row: true, col: true, m: DMatrix::identity(n, n) });
        }
        if is(&op::ONES) || is(&op::ZEROS) {
            let n = usize::try_from(self.integer(t, a[0])).unwrap();
            let value = if is(&op::ONES) { 1.0 } else { 0.0 };
            return Some(Val { row: true, col: false, m: DMatrix::from_element(n, 1, value) });
        }
        let inside = [&op::HADAMARD, &op::HADAMARD_DIVIDE, &op::HADAMARD_POWER].iter().any(|o| is(o))
            || crate::operator::OPERATORS.iter().any(|o| o.name == name)
                && [
                    "exp", "log", "sqrt", "abs", "sign", "sin", "cos", "tan", "sinh", "cosh", "tanh", "sigmoid",
                    "relu", "softplus",
                ]
                .contains(&name);
        let keep = entrywise && (is(&op::ADD) || is(&op::NEGATE) || is(&op::DIVIDE));
        let mut operands = |hint: Option<usize>| -> Vec<Option<Val>> {
            let mut keep = inside || keep;
            let mut out = Vec::new();
            for x in a {
                let value = self.eval(t, *x, hint, keep);
                // A scalar in front does not end an entrywise operation.
                keep |= is(&op::MULTIPLY) && entrywise && value.as_ref().is_some_and(|v| shape(v) == (false, false));
                out.push(value);
            }
            out
        };
        let mut v = operands(hint);
        if v.iter().any(Option::is_none) {
            let known = v.iter().flatten().find(|v| v.row && v.col).map(|v| v.m.nrows())?;
            v = operands(Some(known));
        }
        let v: Vec<Val> = v.into_iter().collect::<Option<_>>()?;
        let x = &v[0];
        let map = |f: fn(f64) -> f64| Val { m: x.m.map(f), ..x.clone() };
        let total = |f: fn(f64) -> f64| scalar(x.m.iter().map(|y| f(*y)).sum());
        let square = || assert!(x.row && x.col && x.m.is_square(), "{name} of no square matrix");
        Some(match name {
            "add" => {
                let (y, broadcast) = (&v[1], shape(x) != shape(&v[1]));
                if broadcast {
                    let number = |id: ExprId| {
                        matches!(t.kind(id), Kind::Number(_))
                            || t.as_apply(id)
                                .is_some_and(|(o, n)| o == &op::NEGATE && matches!(t.kind(n[0]), Kind::Number(_)))
                    };
                    let other = if shape(x) == (false, false) { y } else { x };
                    let one = if shape(x) == (false, false) { a[0] } else { a[1] };
                    assert!(shape(x) == (false, false) || shape(y) == (false, false), "a sum of unlike shapes");
                    assert!(
                        shape(other) == (true, false) || shape(other) == (true, true) && entrywise && number(one),
                        "a scalar beside a matrix in {}",
                        crate::syntax::print(t, t.root, crate::syntax::Syntax::Plain)
                    );
                }
                Self::entrywise(x, y, |x, y| x + y)
            }
            "negate" => map(|x| -x),
            "multiply" => Self::times(x, &v[1]),
            "divide" => {
                assert_eq!(shape(&v[1]), (false, false), "division by a scalar");
                Self::entrywise(x, &v[1], |x, y| x / y)
            }
            "power" if x.row => {
                square();
                let k = self.integer(t, a[1]);
                let m = if k < 0 { x.m.clone().try_inverse().unwrap() } else { x.m.clone() };
                Val { m: m.pow(u32::try_from(k.abs()).unwrap()), ..x.clone() }
            }
            "power" => scalar(libm::pow(x.m[0], v[1].m[0])),
            "transpose" => Val { row: x.col, col: x.row, m: x.m.transpose() },
            "inverse" => {
                square();
                Val { m: x.m.clone().try_inverse().unwrap(), ..x.clone() }
            }
            "hadamard" => Self::entrywise(x, &v[1], |x, y| x * y),
            "hadamard-divide" => Self::entrywise(x, &v[1], |x, y| x / y),
            "hadamard-power" => Self::entrywise(x, &v[1], libm::pow),
            "kronecker" => Val { row: x.row || v[1].row, col: x.col || v[1].col, m: x.m.kronecker(&v[1].m) },
            "trace" => {
                square();
                scalar(x.m.trace())
            }
            "determinant" => scalar(x.m.determinant()),
            "logdet" => scalar(libm::log(x.m.determinant())),
            "norm" => {
                assert!(!(x.row && x.col));
                scalar(x.m.norm())
            }
            "norm-F" => scalar(x.m.norm()),
            "norm-1" => total(f64::abs),
            "sum" => total(|x| x),
            "vec" => {
                assert!(x.row && x.col, "vec of no matrix");
                Val { row: true, col: false, m: DMatrix::from_column_slice(x.m.len(), 1, x.m.as_slice()) }
            }
            "diag" if x.row && x.col => {
                Val { row: true, col: false, m: DMatrix::from_column_slice(x.m.nrows(), 1, x.m.diagonal().as_slice()) }
            }
            "diag" => {
                assert!(x.row, "diag of a column");
                Val { row: true, col: true, m: DMatrix::from_diagonal(&x.m.column(0).into_owned()) }
            }
            "delta" => scalar(f64::from(u8::from((x.m[0] - v[1].m[0]).abs() < 1e-9))),
            "softmax" => {
                let e = x.m.map(libm::exp);
                let m = if x.row && x.col {
                    DMatrix::from_fn(e.nrows(), e.ncols(), |i, j| e[(i, j)] / e.row(i).sum())
                } else {
                    &e / e.sum()
                };
                Val { m, ..x.clone() }
            }
            "logsumexp" => scalar(libm::log(x.m.map(libm::exp).sum())),
            "greater" => Self::entrywise(x, &v[1], |x, y| f64::from(u8::from(x > y))),
            "greater-equal" => Self::entrywise(x, &v[1], |x, y| f64::from(u8::from(x >= y))),
            "less" => Self::entrywise(x, &v[1], |x, y| f64::from(u8::from(x < y))),
            "less-equal" => Self::entrywise(x, &v[1], |x, y| f64::from(u8::from(x <= y))),
            "equal" => Self::entrywise(x, &v[1], |x, y| f64::from(u8::from((x - y).abs() < 1e-12))),
            "sqrt" => map(libm::sqrt),
            "abs" => map(libm::fabs),
            "sign" => map(f64::signum),
            "exp" => map(libm::exp),
            "log" => map(libm::log),
            "sin" => map(libm::sin),
            "cos" => map(libm::cos),
            "tan" => map(libm::tan),
            "sinh" => map(libm::sinh),
            "cosh" => map(libm::cosh),
            "tanh" => map(libm::tanh),
            "sigmoid" => map(|x| 1.0 / (1.0 + libm::exp(-x))),
            "relu" => map(|x| x.max(0.0)),
            "softplus" => map(|x| x.max(0.0) + libm::log1p(libm::exp(-x.abs()))),
            "commutation" => {
                let (m, n) = (self.integer(t, a[0]), self.integer(t, a[1]));
                let (m, n) = (usize::try_from(m).unwrap(), usize::try_from(n).unwrap());
                // Column i + m j of the matrix is the unit vector of j + n i.
                let entry = |row: usize, col: usize| f64::from(u8::from(row == col / m + n * (col % m)));
                Val { row: true, col: true, m: DMatrix::from_fn(m * n, m * n, entry) }
            }
            other => panic!("{other} is not evaluated"),
        })
    }
}
