//! The judge: values of a formula's tree in floating point, and what they say of two formulas.

use super::Random;
use super::tree::{Dim, Kind, Op, SYMBOLS, Tree};
use nalgebra::DMatrix;

/// A value for every symbol, at sizes for every dimension.
pub struct World {
    sizes: [usize; 4],
    /// The symbolic exponent.
    k: i32,
    values: Vec<DMatrix<f64>>,
}

impl World {
    /// Random numbers with the kinds of the symbols.
    pub fn random(r: &mut Random, number: usize) -> Self {
        let sizes = [[1, 3, 2, 4], [1, 2, 4, 3], [1, 4, 3, 2]][number % 3];
        let values = SYMBOLS
            .iter()
            .map(|(_, (rows, cols), kind)| {
                let (m, n) = (sizes[*rows as usize], sizes[*cols as usize]);
                let free = DMatrix::from_fn(m, n, |_, _| 1.3 * r.unit());
                match kind {
                    Kind::Free => free,
                    Kind::Positive => free.map(|x| x.abs() + 0.1),
                    Kind::Symmetric => (&free + free.transpose()) * 0.5,
                    Kind::Definite => &free * free.transpose() + DMatrix::identity(m, m) * 0.7,
                    Kind::Orthogonal => {
                        let s = &free - free.transpose();
                        let one = DMatrix::<f64>::identity(m, m);
                        let q = (&one - &s) * (&one + &s).try_inverse().unwrap();
                        if r.below(2) == 0 {
                            q
                        } else {
                            DMatrix::from_fn(m, m, |i, j| if i == 0 { -q[(i, j)] } else { q[(i, j)] })
                        }
                    }
                    Kind::OneHot => {
                        let at = r.below(m);
                        DMatrix::from_fn(m, 1, |i, _| f64::from(u8::from(i == at)))
                    }
                    Kind::Sign => free.map(f64::signum),
                }
            })
            .collect();
        Self { sizes, k: [2, 3, 1, 4][number % 4], values }
    }

    /// The value of a symbol, to be changed.
    pub fn value_mut(&mut self, symbol: usize) -> &mut DMatrix<f64> {
        &mut self.values[symbol]
    }

    /// The value of a formula; nothing where it is undefined, huge, or near a kink.
    pub fn value(&self, t: &Tree) -> Option<DMatrix<f64>> {
        let of: Option<Vec<DMatrix<f64>>> = t.of.iter().map(|p| self.value(p)).collect();
        let of = of?;
        let size = |d: Dim| self.sizes[d as usize];
        let one = |x: f64| DMatrix::from_element(1, 1, x);
        let value = match t.op {
            Op::Symbol(i) => self.values[i].clone(),
            Op::Number(a, b) => one(f64::from(a) / f64::from(b)),
            Op::Identity => DMatrix::identity(size(t.shape.0), size(t.shape.0)),
            Op::Ones => DMatrix::from_element(size(t.shape.0), 1, 1.0),
            Op::Add => &of[0] + &of[1],
            Op::Negate => -&of[0],
            Op::Multiply => match (t.of[0].is_scalar(), t.of[1].is_scalar()) {
                (true, _) => &of[1] * of[0][0],
                (_, true) => &of[0] * of[1][0],
                _ => &of[0] * &of[1],
            },
            Op::Divide => &of[0] / of[1][0],
            Op::Transpose => of[0].transpose(),
            Op::Inverse => inverse(&of[0])?,
            Op::Power(k) => power(&of[0], k)?,
            Op::PowerK(c) => power(&of[0], self.k + c)?,
            Op::PowerSum => {
                let n = of[0].nrows();
                (0..self.k).try_fold(DMatrix::zeros(n, n), |sum, r| Some(sum + power(&of[0], r)?))?
            }
            Op::Hadamard => of[0].component_mul(&of[1]),
            Op::HadamardDivide => of[0].component_div(&of[1]),
            Op::EntryPower(k) => of[0].map(|x| x.powi(k)),
            Op::Trace => one(of[0].trace()),
            Op::Bars if t.of[0].shape.0 == t.of[0].shape.1 && !t.of[0].is_scalar() => one(of[0].determinant()),
            Op::Bars => {
                kink(&of[0])?;
                of[0].map(f64::abs)
            }
            Op::Determinant => one(of[0].determinant()),
            Op::LogDeterminant => {
                let d = of[0].determinant();
                if d < 1e-6 {
                    return None;
                }
                one(d.ln())
            }
            Op::Sum => one(of[0].sum()),
            Op::NormSquared => one(of[0].norm_squared()),
            Op::Norm | Op::NormF | Op::Norm2 => {
                if of[0].norm() < 1e-3 {
                    return None;
                }
                one(of[0].norm())
            }
            Op::Norm1 => {
                kink(&of[0])?;
                one(of[0].iter().map(|x| x.abs()).sum())
            }
            Op::Diagonal => DMatrix::from_diagonal(&of[0].column(0).into_owned()),
            Op::DiagonalOf => {
                let d = of[0].diagonal();
                DMatrix::from_column_slice(d.len(), 1, d.as_slice())
            }
            Op::Inner | Op::VecInner | Op::EntrySum => one(of[0].dot(&of[1])),
            Op::Mean => one(of[0].mean()),
            Op::Zeros => DMatrix::zeros(size(t.shape.0), 1),
            Op::KroneckerForm => {
                let vec = |m: &DMatrix<f64>| DMatrix::from_column_slice(m.len(), 1, m.as_slice());
                vec(&of[0]).transpose() * of[1].kronecker(&of[2]) * vec(&of[3])
            }
            Op::TraceKronecker => one(of[0].kronecker(&of[1]).trace()),
            Op::NormKronecker => {
                let norm = of[0].kronecker(&of[1]).norm();
                if norm < 1e-3 {
                    return None;
                }
                one(norm)
            }
            Op::CommutationForm => one(of[0].dot(&of[1].transpose())),
            Op::DeltaSum => one(of[0].trace()),
            Op::Entry(i, j) if t.of[0].is_vector() => one(of[0][i.max(j) - 1]),
            Op::Entry(i, j) => one(of[0][(i - 1, j - 1)]),
            Op::SumKronecker => one(of[0].kronecker(&of[1]).sum()),
            Op::LogSumExp => one(of[0].map(f64::exp).sum().ln()),
            Op::Softmax => {
                let e = of[0].map(f64::exp);
                let sum = e.sum();
                positive(e / sum)?
            }
            Op::Compare(c) => {
                let apart = &of[0] - &of[1];
                kink(&apart)?;
                apart.map(|d| f64::from(u8::from(holds(c, d))))
            }
            Op::Step | Op::Indicator => {
                kink(&of[0])?;
                of[0].map(|x| f64::from(u8::from(x > 0.0)))
            }
            Op::Function(f) => {
                if matches!(f, "relu" | "abs" | "sign") {
                    kink(&of[0])?;
                }
                if f == "tan" && of[0].iter().any(|x| x.cos().abs() < 0.05) {
                    return None;
                }
                if matches!(f, "log" | "sqrt") && of[0].iter().any(|x| *x < 1e-6) {
                    return None;
                }
                let value = of[0].map(|x| function(f, x));
                // Where a function is saturated, its value says nothing of its argument.
                if matches!(f, "tanh" | "erf") && value.iter().any(|y| y.abs() > 1.0 - 1e-7) {
                    return None;
                }
                if matches!(f, "exp" | "sigmoid" | "softplus") { positive(value)? } else { value }
            }
        };
        value.iter().all(|x| x.is_finite() && x.abs() < 1e8).then_some(value)
    }
}

fn kink(m: &DMatrix<f64>) -> Option<()> {
    m.iter().all(|x| x.abs() > 1e-6 || *x == 0.0).then_some(())
}

/// What is positive everywhere, where it is not too small to be told from zero.
fn positive(m: DMatrix<f64>) -> Option<DMatrix<f64>> {
    m.iter().all(|x| *x > 0.0).then_some(m)
}

fn holds(comparison: &str, difference: f64) -> bool {
    match comparison {
        ">" => difference > 0.0,
        "<" => difference < 0.0,
        ">=" => difference >= 0.0,
        "<=" => difference <= 0.0,
        "==" => difference == 0.0,
        _ => difference != 0.0,
    }
}

fn inverse(m: &DMatrix<f64>) -> Option<DMatrix<f64>> {
    let inverse = m.clone().try_inverse()?;
    (inverse.norm() * m.norm() <= 1e4).then_some(inverse)
}

fn power(m: &DMatrix<f64>, k: i32) -> Option<DMatrix<f64>> {
    let base = if k < 0 { inverse(m)? } else { m.clone() };
    Some((0..k.abs()).fold(DMatrix::identity(m.nrows(), m.nrows()), |p, _| p * &base))
}

fn function(f: &str, x: f64) -> f64 {
    match f {
        "exp" => x.exp(),
        "log" => x.ln(),
        "sqrt" => x.sqrt(),
        "sin" => x.sin(),
        "cos" => x.cos(),
        "tan" => x.tan(),
        "sec" => 1.0 / x.cos(),
        "csc" => 1.0 / x.sin(),
        "cot" => x.cos() / x.sin(),
        "sech" => 1.0 / x.cosh(),
        "csch" => 1.0 / x.sinh(),
        "coth" => x.cosh() / x.sinh(),
        "arctan" => x.atan(),
        "arcsin" => x.asin(),
        "arccos" => x.acos(),
        "erf" => libm::erf(x),
        "silu" => x / (1.0 + (-x).exp()),
        "gelu" => 0.5 * x * (1.0 + libm::erf(x / 2f64.sqrt())),
        "tanh" => x.tanh(),
        "sinh" => x.sinh(),
        "cosh" => x.cosh(),
        "sigmoid" => 1.0 / (1.0 + (-x).exp()),
        "softplus" => (1.0 + x.exp()).ln(),
        "relu" => x.max(0.0),
        "abs" => x.abs(),
        "sign" if x == 0.0 => 0.0,
        "sign" => x.signum(),
        // Known only by name; any smooth function that is no special case.
        _ => (1.7 * x + 0.3).sin() * 0.8 + 0.4 * x * x * x - 0.9 * x + 0.35,
    }
}

/// What the judge says of two formulas.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub enum Opinion {
    Equal,
    Different,
    /// Too few points, or differences too small to be sure.
    Unsure,
}

const POINTS: usize = 36;
/// Points where a symbol takes finitely many values: only one of them may show a difference.
const MANY: usize = 300;

/// Compares two formulas at many points.
///
/// A change of weight 1e-8 may be below what these points show: then it is made a change of weight 1/2, which shows
/// whether the place matters at all, also under a ninth power. Steps and kinks that no point crosses prove no equality.
pub fn compare(a: &Tree, b: &Tree, seed: u64) -> Opinion {
    let found = sampled(a, b, seed);
    let both = |is: &dyn Fn(Op) -> bool| a.any(&|op| is(op)) || b.any(&|op| is(op));
    let steps = both(&has_kink);
    if found != Opinion::Different && both(&is_tiny) {
        let large = |op| if let (Op::Number(n, _), true) = (op, is_tiny(op)) { Op::Number(n, 2) } else { op };
        return match sampled(&a.mapped(&large), &b.mapped(&large), seed) {
            Opinion::Equal if !steps => found,
            Opinion::Different if !steps => Opinion::Different,
            _ => Opinion::Unsure,
        };
    }
    if found == Opinion::Equal && steps { Opinion::Unsure } else { found }
}

fn has_kink(op: Op) -> bool {
    let kinked = matches!(op, Op::Step | Op::Indicator | Op::Compare(_) | Op::Bars | Op::Norm1);
    kinked || matches!(op, Op::Function("sign" | "relu" | "abs"))
}

fn is_tiny(op: Op) -> bool {
    matches!(op, Op::Number(_, 100_000_000))
}

/// Compares two formulas that are equal by the rule by which one was made of the other, so that only a difference says
/// anything: then the rule is wrong.
pub fn rewritten(a: &Tree, b: &Tree, seed: u64) -> Opinion {
    if sampled(a, b, seed) == Opinion::Different { Opinion::Different } else { Opinion::Equal }
}

fn sampled(a: &Tree, b: &Tree, seed: u64) -> Opinion {
    let mut r = Random(seed);
    let (mut seen, mut unsure) = (0, false);
    let discrete = |op| matches!(op, Op::Symbol(i) if matches!(SYMBOLS[i].2, Kind::OneHot | Kind::Sign));
    for number in 0..if a.any(&discrete) || b.any(&discrete) { MANY } else { POINTS } {
        let world = World::random(&mut r, number);
        let (x, y) = match (world.value(a), world.value(b)) {
            (Some(x), Some(y)) => (x, y),
            (None, None) => continue,
            // Defined on less is not equal, and this judge cannot tell that from near a pole.
            _ => {
                unsure = true;
                continue;
            }
        };
        seen += 1;
        let scale = x.amax().max(y.amax()).max(1e-3);
        let apart = (&x - &y).amax() / scale;
        if apart > 1e-5 {
            return Opinion::Different;
        }
        unsure |= apart > 1e-9;
    }
    if seen < 8 || unsure { Opinion::Unsure } else { Opinion::Equal }
}
