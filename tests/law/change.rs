//! Changes of a formula: rewrites that keep its value, and mutations that as a rule do not.

use super::Random;
use super::tree::{Dim, Op, SCALAR, SYMBOLS, Tree};

/// A formula with the same value; nothing where no rewrite fits the place that was drawn.
pub fn rewritten(r: &mut Random, t: &Tree) -> Option<Tree> {
    let n = r.below(t.size());
    let new = rewrite(r, t.part(n))?;
    Some(t.with_part(n, &new))
}

fn rewrite(r: &mut Random, t: &Tree) -> Option<Tree> {
    let node = |op, of| Tree::new(t.shape, op, of);
    let (a, b) = (t.of.first().cloned(), t.of.get(1).cloned());
    let one = || Tree::number(1);
    Some(match (t.op, r.below(7)) {
        (_, 0) => general(r, t)?,
        (Op::Add, 1 | 2) => node(Op::Add, vec![b?, a?]),
        (Op::Add, 3) => {
            let a = a?;
            if a.op != Op::Add {
                return None;
            }
            node(Op::Add, vec![a.of[0].clone(), a.of[1].clone().plus(b?)])
        }
        (Op::Multiply, 1) => {
            let (a, b) = (a?, b?);
            if a.op == Op::Add {
                a.of[0].clone().times(b.clone()).plus(a.of[1].clone().times(b))
            } else if b.op == Op::Add {
                a.clone().times(b.of[0].clone()).plus(a.times(b.of[1].clone()))
            } else if a.op == Op::Multiply
                && !a.is_scalar()
                && !a.of[0].is_scalar()
                && !a.of[1].is_scalar()
                && !b.is_scalar()
            {
                a.of[0].clone().times(a.of[1].clone().times(b))
            } else {
                return None;
            }
        }
        (Op::Multiply, 2) => {
            let (a, b) = (a?, b?);
            if a.is_scalar() || b.is_scalar() { b.times(a) } else { b.transposed().times(a.transposed()).transposed() }
        }
        (Op::Transpose, 1 | 2) => {
            let a = a?;
            match a.op {
                Op::Multiply => {
                    let (x, y) = (a.of[0].clone(), a.of[1].clone());
                    if x.is_scalar() || y.is_scalar() {
                        return None;
                    }
                    y.transposed().times(x.transposed())
                }
                Op::Add => a.of[0].clone().transposed().plus(a.of[1].clone().transposed()),
                Op::Transpose => a.of[0].clone(),
                Op::Hadamard => node(Op::Hadamard, a.of.iter().map(|x| x.clone().transposed()).collect()),
                Op::Inverse => node(Op::Inverse, vec![a.of[0].clone().transposed()]),
                _ => return None,
            }
        }
        (Op::Trace, 1 | 2) => {
            let a = a?;
            match a.op {
                Op::Multiply if !a.of[0].is_scalar() && !a.of[1].is_scalar() => {
                    node(Op::Trace, vec![a.of[1].clone().times(a.of[0].clone())])
                }
                Op::Add => node(Op::Trace, vec![a.of[0].clone()]).plus(node(Op::Trace, vec![a.of[1].clone()])),
                _ => node(Op::Trace, vec![a.transposed()]),
            }
        }
        (Op::Trace, 3) => {
            let n = a.clone()?.shape.0;
            let identity = Tree::new((n, n), Op::Identity, vec![]);
            node(Op::Inner, vec![identity, a?])
        }
        (Op::Hadamard | Op::Inner | Op::VecInner, 1 | 2) => node(t.op, vec![b?, a?]),
        (Op::Inner, 3) => node(Op::VecInner, vec![a?, b?]),
        (Op::VecInner, 3) => {
            let shape = a.clone()?.shape;
            let product = Tree::new(shape, Op::Hadamard, vec![a?, b?]);
            node(Op::Sum, vec![product])
        }
        (Op::Inner, 4) => {
            let a = a?;
            let product = Tree::new((a.shape.1, a.shape.1), Op::Multiply, vec![a.clone().transposed(), b?]);
            if a.is_vector() { product } else { node(Op::Trace, vec![product]) }
        }
        (Op::NormSquared, 1) => node(Op::Inner, vec![a.clone()?, a?]),
        (Op::NormSquared, 2) => {
            let a = a?;
            let square = Tree::new(a.shape, Op::EntryPower(2), vec![a]);
            node(Op::Sum, vec![square])
        }
        (Op::NormSquared, 3) => node(Op::Power(2), vec![node(Op::Norm, vec![a?])]),
        (Op::Norm, 1) => node(Op::Function("sqrt"), vec![node(Op::NormSquared, vec![a?])]),
        (Op::Norm1, 1) => {
            let a = a?;
            node(Op::Sum, vec![Tree::new(a.shape, Op::Function("abs"), vec![a])])
        }
        (Op::Sum, 1) => {
            let a = a?;
            let ones = |d| Tree::new((d, Dim::One), Op::Ones, vec![]);
            let (rows, cols) = a.shape;
            let left = Tree::new((Dim::One, cols), Op::Multiply, vec![ones(rows).transposed(), a.clone()]);
            if cols == Dim::One { left } else { Tree::new(SCALAR, Op::Multiply, vec![left, ones(cols)]) }
        }
        (Op::Sum, 2) => node(Op::Sum, vec![a?.transposed()]),
        (Op::SumKronecker, 1) => node(Op::Sum, vec![a?]).times(node(Op::Sum, vec![b?])),
        (Op::SumKronecker, 2) => node(Op::SumKronecker, vec![b?, a?]),
        (Op::Determinant | Op::LogDeterminant, 1) => node(t.op, vec![a?.transposed()]),
        (Op::LogDeterminant, 2) => {
            node(Op::LogDeterminant, vec![Tree::new(a.clone()?.shape, Op::Inverse, vec![a?])]).negated()
        }
        (Op::Determinant, 2) => {
            let a = a?;
            if a.op != Op::Multiply || a.of.iter().any(Tree::is_scalar) || a.of[0].shape != a.shape {
                return None;
            }
            let det = |x: &Tree| Tree::new(SCALAR, Op::Determinant, vec![x.clone()]);
            det(&a.of[1]).times(det(&a.of[0]))
        }
        (Op::Inverse, 1) => {
            let a = a?;
            if a.op != Op::Multiply || a.of.iter().any(Tree::is_scalar) || a.of[0].shape != a.shape {
                return None;
            }
            let inverse = |x: &Tree| Tree::new(x.shape, Op::Inverse, vec![x.clone()]);
            inverse(&a.of[1]).times(inverse(&a.of[0]))
        }
        (Op::Inverse, 2) => node(Op::Inverse, vec![a?.transposed()]).transposed(),
        (Op::Inverse, 3) => node(Op::Power(-1), vec![a?]),
        (Op::Power(k), 1..=3) if k < 0 => {
            let a = a?;
            let inverse = Tree::new(a.shape, Op::Inverse, vec![a]);
            if k == -1 { inverse } else { node(Op::Power(-k), vec![inverse]) }
        }
        (Op::PowerK(1), 1 | 2) => {
            let power = node(Op::PowerK(0), vec![a.clone()?]);
            if r.below(2) == 0 { power.times(a?) } else { a?.times(power) }
        }
        (Op::PowerK(c), 3) if !t.is_scalar() => node(Op::PowerK(c), vec![a?.transposed()]).transposed(),
        (Op::PowerSum, 1 | 2) => {
            let (a, identity) = (a?, Tree::new(t.shape, Op::Identity, vec![]));
            identity.plus(a.clone().times(t.clone())).plus(node(Op::PowerK(0), vec![a]).negated())
        }
        (_, 1..=3) if rarer(t).is_some() => rarer(t)?,
        (Op::Power(k), 1 | 2) => (1..k).try_fold(a.clone()?, |p, _| Some(p.times(a.clone()?)))?,
        (Op::EntryPower(2), 1 | 2) => node(Op::Hadamard, vec![a.clone()?, a?]),
        (Op::DiagonalOf, 1) => node(Op::DiagonalOf, vec![a?.transposed()]),
        (Op::Diagonal, 1) => node(t.op, vec![a?]).transposed(),
        (Op::Softmax, 1) => {
            let e = Tree::new(t.shape, Op::Function("exp"), vec![a?]);
            let sum = Tree::new(SCALAR, Op::Sum, vec![e.clone()]);
            node(Op::Divide, vec![e, sum])
        }
        (Op::LogSumExp, 1) => {
            let a = a?;
            let e = Tree::new(a.shape, Op::Function("exp"), vec![a]);
            node(Op::Function("log"), vec![node(Op::Sum, vec![e])])
        }
        (Op::Divide, 1) => {
            let inverse = Tree::new(SCALAR, Op::Divide, vec![one(), b?]);
            inverse.times(a?)
        }
        (Op::Function(f), 1..=3) => of_function(f, t, a?)?,
        _ => return None,
    })
}

/// What the rarer operators, and rarer spellings, stand for.
fn rarer(t: &Tree) -> Option<Tree> {
    let node = |op, of| Tree::new(t.shape, op, of);
    let scalar = |op, of| Tree::new(SCALAR, op, of);
    let of = |i: usize| t.of[i].clone();
    Some(match t.op {
        Op::Indicator => node(Op::Step, vec![of(0)]),
        Op::Compare(c) => {
            let turned = |c| node(Op::Compare(c), vec![of(1), of(0)]);
            match c {
                ">" => turned("<"),
                "<" => turned(">"),
                ">=" => turned("<="),
                "<=" => turned(">="),
                other => turned(other),
            }
        }
        Op::Bars if t.of[0].is_scalar() || t.of[0].is_vector() => node(Op::Function("abs"), vec![of(0)]),
        Op::Bars => node(Op::Determinant, vec![of(0)]),
        Op::NormF | Op::Norm2 => node(Op::Norm, vec![of(0)]),
        Op::Mean => {
            let ones = |d| scalar(Op::Sum, vec![Tree::new((d, Dim::One), Op::Ones, vec![])]);
            let (rows, cols) = t.of[0].shape;
            let count = if cols == Dim::One { ones(rows) } else { ones(rows).times(ones(cols)) };
            scalar(Op::Divide, vec![scalar(Op::Sum, vec![of(0)]), count])
        }
        Op::KroneckerForm => {
            let product = of(2).times(of(3)).times(of(1).transposed());
            scalar(Op::Inner, vec![of(0), product])
        }
        Op::TraceKronecker => scalar(Op::Trace, vec![of(0)]).times(scalar(Op::Trace, vec![of(1)])),
        Op::NormKronecker => scalar(Op::Norm, vec![of(0)]).times(scalar(Op::Norm, vec![of(1)])),
        Op::CommutationForm => scalar(Op::Inner, vec![of(0), of(1).transposed()]),
        Op::DeltaSum => scalar(Op::Trace, vec![of(0)]),
        Op::EntrySum => scalar(Op::Inner, vec![of(0), of(1)]),
        Op::HadamardDivide => node(Op::Hadamard, vec![of(0), node(Op::EntryPower(-1), vec![of(1)])]),
        Op::EntryPower(-1) => node(Op::EntryPower(-2), vec![node(Op::Function("sqrt"), vec![of(0)])]),
        _ => return None,
    })
}

fn of_function(f: &str, t: &Tree, a: Tree) -> Option<Tree> {
    let node = |op, of| Tree::new(t.shape, op, of);
    let call = |f, x: &Tree| Tree::new(t.shape, Op::Function(f), vec![x.clone()]);
    Some(match f {
        "relu" => node(Op::Hadamard, vec![a.clone(), node(Op::Step, vec![a])]),
        "abs" => node(Op::Hadamard, vec![a.clone(), call("sign", &a)]),
        "cosh" if t.is_scalar() => {
            let sum = call("exp", &a).plus(call("exp", &a.negated()));
            node(Op::Divide, vec![sum, Tree::number(2)])
        }
        "sigmoid" if t.is_scalar() => {
            let below = Tree::number(1).plus(call("exp", &a.negated()));
            node(Op::Divide, vec![Tree::number(1), below])
        }
        "tan" if t.is_scalar() => node(Op::Divide, vec![call("sin", &a), call("cos", &a)]),
        "tanh" if t.is_scalar() => node(Op::Divide, vec![call("sinh", &a), call("cosh", &a)]),
        "softplus" if t.is_scalar() => node(Op::Function("log"), vec![Tree::number(1).plus(call("exp", &a))]),
        "sin" | "sinh" | "sign" | "tanh" => call_named(f, t, &a.negated()).negated(),
        "cos" | "cosh" => call_named(f, t, &a.negated()),
        "exp" if a.op == Op::Add => node(Op::Hadamard, vec![call("exp", &a.of[0]), call("exp", &a.of[1])]),
        _ => return None,
    })
}

fn call_named(f: &str, t: &Tree, x: &Tree) -> Tree {
    const NAMES: &[&str] = &["sin", "sinh", "sign", "tanh", "cos", "cosh", "abs"];
    let name = NAMES.iter().find(|n| **n == f).unwrap();
    Tree::new(t.shape, Op::Function(name), vec![x.clone()])
}

/// What may be done to anything.
fn general(r: &mut Random, t: &Tree) -> Option<Tree> {
    let n = t.shape.0;
    let square = (Dim::N, Dim::N);
    Some(match r.below(6) {
        0 => t.clone().negated().negated(),
        1 if !t.is_scalar() => t.clone().transposed().transposed(),
        2 if n == Dim::N => {
            let c = Tree::symbol(*r.pick(&[3, 4, 6, 7]));
            let inverse = Tree::new(square, Op::Inverse, vec![c.clone()]);
            inverse.times(c).times(t.clone())
        }
        3 if n != Dim::One => Tree::new((n, n), Op::Identity, vec![]).times(t.clone()),
        4 => {
            let half = Tree::new(t.shape, Op::Divide, vec![t.clone(), Tree::number(2)]);
            half.clone().plus(half)
        }
        5 => {
            let extra = (0..SYMBOLS.len()).find(|i| SYMBOLS[*i].1 == t.shape)?;
            t.clone().plus(Tree::symbol(extra)).plus(Tree::symbol(extra).negated())
        }
        _ => return None,
    })
}

/// A formula of the same shape that as a rule has another value.
pub fn mutated(r: &mut Random, t: &Tree) -> Option<Tree> {
    let n = r.below(t.size());
    let part = t.part(n);
    let node = |op, of| Tree::new(part.shape, op, of);
    let new = match r.below(9) {
        0 => part.clone().negated(),
        1 => Tree::number(2).times(part.clone()),
        2 if part.shape.0 == part.shape.1 && !part.is_scalar() => part.clone().transposed(),
        3 if part.op == Op::Multiply && part.of.iter().all(|p| p.shape == part.shape) => {
            part.of[1].clone().times(part.of[0].clone())
        }
        4 if part.op == Op::Add => part.of[r.below(2)].clone(),
        4 if part.op == Op::Multiply && part.of[0].is_scalar() => part.of[1].clone(),
        4 if matches!(part.op, Op::Inverse | Op::EntryPower(_) | Op::Power(_) | Op::Function(_)) => part.of[0].clone(),
        5 => match part.op {
            Op::Symbol(i) => {
                let same: Vec<usize> =
                    (0..SYMBOLS.len()).filter(|j| *j != i && SYMBOLS[*j].1 == SYMBOLS[i].1).collect();
                if same.is_empty() {
                    return None;
                }
                Tree::symbol(*r.pick(&same))
            }
            Op::Number(a, b) => node(Op::Number(a + 1, b), vec![]),
            Op::Function(f) => {
                let other = match f {
                    "sin" | "tan" => "cos",
                    "cos" => "sin",
                    "tanh" => "sigmoid",
                    "exp" => "cosh",
                    "relu" => "softplus",
                    "abs" => "relu",
                    "g" => "sin",
                    _ => "g",
                };
                node(Op::Function(other), part.of.clone())
            }
            Op::Power(k) => node(Op::Power(k + 1), part.of.clone()),
            Op::EntryPower(k) => node(Op::EntryPower(if k == -1 { -2 } else { k + 1 }), part.of.clone()),
            Op::PowerK(c) => node(Op::PowerK(1 - c), part.of.clone()),
            Op::Compare(c) => node(Op::Compare(if c == "<" { ">" } else { "<" }), part.of.clone()),
            Op::Entry(i, j) => node(Op::Entry(3 - i, 3 - j), part.of.clone()),
            Op::Mean => node(Op::Sum, part.of.clone()),
            _ => return None,
        },
        6 if part.op == Op::Hadamard && part.shape.0 == part.shape.1 && !part.is_scalar() => {
            part.of[0].clone().times(part.of[1].clone())
        }
        7 if part.op == Op::Norm => node(Op::Norm1, part.of.clone()),
        7 if part.op == Op::Identity => {
            let ones = Tree::new((part.shape.0, Dim::One), Op::Ones, vec![]);
            ones.clone().times(ones.transposed())
        }
        8 => {
            let tiny = Tree::new(SCALAR, Op::Number(1, 100_000_000), vec![]);
            part.clone().plus(tiny.times(part.clone()))
        }
        _ => return None,
    };
    Some(t.with_part(n, &new))
}
