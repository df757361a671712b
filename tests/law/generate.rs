//! Formulas from shapes downwards.

use super::Random;
use super::tree::{Dim, Kind, Op, SCALAR, SYMBOLS, Shape, Tree};

/// A formula of that shape.
pub fn formula(r: &mut Random, shape: Shape, depth: usize) -> Tree {
    if depth == 0 {
        return leaf(r, shape);
    }
    let d = depth - 1;
    let node = |op, of| Tree::new(shape, op, of);
    if shape == SCALAR {
        return scalar(r, d);
    }
    let (rows, cols) = shape;
    let vector = cols == Dim::One;
    let inner = *r.pick(&[Dim::M, Dim::N, Dim::N, Dim::P]);
    match r.below(20) {
        0 | 1 => node(Op::Add, vec![formula(r, shape, d), formula(r, shape, d)]),
        2 => node(Op::Negate, vec![formula(r, shape, d)]),
        3..=6 if rows != Dim::One => {
            let (a, b) = (formula(r, (rows, inner), d), formula(r, (inner, cols), d));
            node(Op::Multiply, vec![a, b])
        }
        7 => node(Op::Multiply, vec![formula(r, SCALAR, d), formula(r, shape, d)]),
        8 if !vector => node(Op::Transpose, vec![formula(r, (cols, rows), d)]),
        9 | 10 => node(Op::Hadamard, vec![formula(r, shape, d), formula(r, shape, d)]),
        11 => {
            let of = formula(r, shape, d);
            function(r, of)
        }
        12 if rows == cols => node(Op::Inverse, vec![invertible(r, rows, d)]),
        12 if vector => node(Op::Softmax, vec![formula(r, shape, d)]),
        13 if rows == cols => node(Op::Diagonal, vec![formula(r, (rows, Dim::One), d)]),
        13 if vector => node(Op::DiagonalOf, vec![formula(r, (rows, rows), d)]),
        14 if rows == cols => node(Op::Power(*r.pick(&[2, 3])), vec![formula(r, shape, d)]),
        14 => node(Op::EntryPower(*r.pick(&[2, 3])), vec![formula(r, shape, d)]),
        15 => node(Op::Divide, vec![formula(r, shape, d), positive(r, SCALAR, d)]),
        16 => node(Op::HadamardDivide, vec![formula(r, shape, d), positive(r, shape, d)]),
        17 if vector => node(Op::Compare(comparison(r)), vec![formula(r, shape, d), formula(r, shape, d)]),
        17 if rows == cols => node(Op::PowerK(r.below(2) as i32), vec![formula(r, shape, d.min(1))]),
        18 if rows == Dim::N && cols == Dim::N => {
            let k = *r.pick(&[-1, -2]);
            node(Op::Power(k), vec![invertible(r, rows, d)])
        }
        18 if vector => node(Op::Bars, vec![formula(r, shape, d)]),
        18 => node(Op::EntryPower(*r.pick(&[-1, -2])), vec![positive(r, shape, d)]),
        19 if rows == cols => node(Op::PowerSum, vec![formula(r, shape, d.min(1))]),
        _ => leaf(r, shape),
    }
}

fn scalar(r: &mut Random, d: usize) -> Tree {
    let node = |op, of| Tree::new(SCALAR, op, of);
    let any = |r: &mut Random| (*r.pick(&[Dim::M, Dim::N]), *r.pick(&[Dim::N, Dim::One, Dim::P]));
    match r.below(35) {
        20.. => special(r, d),
        0 | 1 => node(Op::Add, vec![formula(r, SCALAR, d), formula(r, SCALAR, d)]),
        2 => node(Op::Multiply, vec![formula(r, SCALAR, d), formula(r, SCALAR, d)]),
        3 | 4 => {
            let n = *r.pick(&[Dim::M, Dim::N, Dim::N]);
            node(Op::Trace, vec![formula(r, (n, n), d)])
        }
        5 | 6 => {
            let shape = any(r);
            node(Op::Sum, vec![formula(r, shape, d)])
        }
        7 | 8 => {
            let shape = any(r);
            node(Op::NormSquared, vec![formula(r, shape, d)])
        }
        9 => {
            let n = *r.pick(&[Dim::M, Dim::N]);
            let (a, b) = (formula(r, (n, Dim::One), d), formula(r, (n, Dim::One), d));
            let row = Tree::new((Dim::One, n), Op::Transpose, vec![a]);
            node(Op::Multiply, vec![row, b])
        }
        10 => node(Op::Determinant, vec![invertible(r, Dim::N, d)]),
        11 => node(Op::LogDeterminant, vec![definite(r, d)]),
        12 => {
            let shape = any(r);
            node(Op::Norm, vec![formula(r, shape, d)])
        }
        13 => {
            let shape = any(r);
            node(Op::Inner, vec![formula(r, shape, d), formula(r, shape, d)])
        }
        14 => {
            let (a, b) = (any(r), any(r));
            node(Op::SumKronecker, vec![formula(r, a, d.min(1)), formula(r, b, d.min(1))])
        }
        15 => {
            let shape = any(r);
            node(Op::VecInner, vec![formula(r, shape, d), formula(r, shape, d)])
        }
        16 => node(Op::LogSumExp, vec![formula(r, (Dim::N, Dim::One), d)]),
        17 => {
            let of = formula(r, SCALAR, d);
            function(r, of)
        }
        18 => node(Op::Divide, vec![formula(r, SCALAR, d), positive(r, SCALAR, d)]),
        _ => {
            let shape = any(r);
            node(Op::Norm1, vec![formula(r, shape, d)])
        }
    }
}

/// The rarer operators, and rarer spellings.
fn special(r: &mut Random, d: usize) -> Tree {
    let node = |op, of| Tree::new(SCALAR, op, of);
    let any = |r: &mut Random| (*r.pick(&[Dim::M, Dim::N]), *r.pick(&[Dim::N, Dim::One, Dim::P]));
    match r.below(15) {
        0 => {
            let shape = any(r);
            node(Op::Mean, vec![formula(r, shape, d)])
        }
        1 => node(Op::Indicator, vec![formula(r, SCALAR, d)]),
        2 => node(Op::Compare(comparison(r)), vec![formula(r, SCALAR, d), formula(r, SCALAR, d)]),
        3 => node(Op::Bars, vec![formula(r, SCALAR, d)]),
        4 => node(Op::Bars, vec![invertible(r, Dim::N, d)]),
        5 => {
            let shape = any(r);
            node(Op::NormF, vec![formula(r, shape, d)])
        }
        6 => node(Op::Norm2, vec![formula(r, (Dim::N, Dim::One), d)]),
        7 => {
            let mut dim = || *r.pick(&[Dim::M, Dim::N, Dim::P]);
            let (a, b, c, e) = (dim(), dim(), dim(), dim());
            let d = d.min(1);
            let of = [(a, b), (b, e), (a, c), (c, e)].map(|shape| formula(r, shape, d));
            node(Op::KroneckerForm, of.to_vec())
        }
        8 => {
            let (a, b) = (*r.pick(&[Dim::M, Dim::N]), *r.pick(&[Dim::N, Dim::P]));
            node(Op::TraceKronecker, vec![formula(r, (a, a), d.min(1)), formula(r, (b, b), d.min(1))])
        }
        9 => {
            let (a, b) = (any(r), any(r));
            node(Op::NormKronecker, vec![formula(r, a, d.min(1)), formula(r, b, d.min(1))])
        }
        10 => {
            let (a, b) = (*r.pick(&[Dim::M, Dim::N]), *r.pick(&[Dim::N, Dim::P]));
            node(Op::CommutationForm, vec![formula(r, (b, a), d), formula(r, (a, b), d)])
        }
        11 => {
            let n = *r.pick(&[Dim::M, Dim::N]);
            node(Op::DeltaSum, vec![formula(r, (n, n), d)])
        }
        12 => {
            let shape = (*r.pick(&[Dim::M, Dim::N]), Dim::One);
            node(Op::EntrySum, vec![formula(r, shape, d), formula(r, shape, d)])
        }
        13 => {
            let shape = any(r);
            node(Op::Entry(1 + r.below(2), 1 + r.below(2)), vec![formula(r, shape, d)])
        }
        _ => node(Op::PowerK(r.below(2) as i32), vec![formula(r, SCALAR, d)]),
    }
}

fn comparison(r: &mut Random) -> &'static str {
    r.pick::<&str>(&[">", "<", ">=", "<=", "==", "!="])
}

/// A function on every entry; logarithms and roots take what is positive.
fn function(r: &mut Random, of: Tree) -> Tree {
    const ANY: &[&str] =
        &["exp", "sin", "cos", "tan", "tanh", "sigmoid", "softplus", "relu", "abs", "sinh", "cosh", "sign", "g", "g"];
    const RARE: &[&str] = &["sec", "csc", "cot", "sech", "csch", "coth", "arctan", "erf", "silu", "gelu"];
    let shape = of.shape;
    match r.below(10) {
        8 => Tree::new(shape, Op::Function(r.pick::<&str>(RARE)), vec![of]),
        9 => {
            let inside = Tree::new(shape, Op::Function("tanh"), vec![of]);
            Tree::new(shape, Op::Function(r.pick::<&str>(&["arcsin", "arccos"])), vec![inside])
        }
        0 => Tree::new(shape, Op::Function(r.pick::<&str>(&["log", "sqrt"])), vec![positive(r, shape, 0)]),
        1 => Tree::new(shape, Op::Step, vec![of]),
        _ => Tree::new(shape, Op::Function(r.pick::<&str>(ANY)), vec![of]),
    }
}

/// Above zero everywhere.
fn positive(r: &mut Random, shape: Shape, depth: usize) -> Tree {
    let of = formula(r, shape, depth.min(1));
    if shape == SCALAR {
        let square = Tree::new(SCALAR, Op::Power(2), vec![of]);
        return Tree::number(1).plus(square);
    }
    Tree::new(shape, Op::Function(r.pick::<&str>(&["exp", "cosh", "softplus"])), vec![of])
}

/// With an inverse nearly everywhere.
fn invertible(r: &mut Random, n: Dim, depth: usize) -> Tree {
    let shape = (n, n);
    let identity = Tree::new(shape, Op::Identity, vec![]);
    match r.below(4) {
        0 if n == Dim::N => definite(r, depth),
        1 => identity.plus(formula(r, shape, depth.min(1))),
        2 if n == Dim::N => Tree::symbol(3).times(Tree::symbol(6)),
        _ if n == Dim::N => Tree::symbol(*r.pick(&[3, 4, 5, 6, 7])),
        _ if n == Dim::M => identity.plus(Tree::symbol(8)),
        _ => identity.plus(Tree::symbol(2).transposed().times(Tree::symbol(2))),
    }
}

fn definite(r: &mut Random, depth: usize) -> Tree {
    let a = formula(r, (Dim::N, Dim::N), depth.min(1));
    let square = a.clone().times(a.transposed());
    if r.below(2) == 0 { Tree::symbol(6).plus(square) } else { Tree::symbol(6) }
}

fn leaf(r: &mut Random, shape: Shape) -> Tree {
    let fitting: Vec<usize> = (0..SYMBOLS.len()).filter(|i| SYMBOLS[*i].1 == shape).collect();
    let turned: Vec<usize> = (0..SYMBOLS.len()).filter(|i| SYMBOLS[*i].1 == (shape.1, shape.0)).collect();
    if shape == SCALAR && r.below(3) == 0 {
        return match r.below(3) {
            0 => Tree::new(SCALAR, Op::Number(1, 2), vec![]),
            n => Tree::number(i32::try_from(n).unwrap() + 1),
        };
    }
    if shape.0 == shape.1 && shape != SCALAR && r.below(6) == 0 {
        return Tree::new(shape, Op::Identity, vec![]);
    }
    if shape.1 == Dim::One && shape != SCALAR && r.below(8) == 0 {
        let op = if r.below(6) == 0 { Op::Zeros } else { Op::Ones };
        return Tree::new(shape, op, vec![]);
    }
    // Discrete symbols are rarer than the others.
    let common = |i: &usize| !matches!(SYMBOLS[*i].2, Kind::OneHot | Kind::Sign) || r.clone().below(4) == 0;
    let usual: Vec<usize> = fitting.iter().copied().filter(common).collect();
    let _ = r.next();
    if !usual.is_empty() && (turned.is_empty() || r.below(4) > 0) {
        return Tree::symbol(*r.pick(&usual));
    }
    if !turned.is_empty() {
        return Tree::symbol(*r.pick(&turned)).transposed();
    }
    // m×p and the like: a product of symbols, or an outer product of ones.
    match shape {
        (Dim::M, Dim::P) => Tree::symbol(0).times(Tree::symbol(2)),
        (Dim::P, Dim::M) => Tree::symbol(0).times(Tree::symbol(2)).transposed(),
        (rows, cols) => {
            let ones = |d| Tree::new((d, Dim::One), Op::Ones, vec![]);
            if cols == Dim::One {
                return ones(rows);
            }
            if rows == Dim::One {
                return ones(cols).transposed();
            }
            ones(rows).times(ones(cols).transposed())
        }
    }
}
