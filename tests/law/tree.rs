//! Formulas as the laws see them.

use std::fmt::Write;

/// A dimension.
#[derive(Copy, Clone, PartialEq, Eq, Debug, PartialOrd, Ord)]
pub enum Dim {
    One,
    M,
    N,
    P,
}

/// Rows and columns.
pub type Shape = (Dim, Dim);

pub const SCALAR: Shape = (Dim::One, Dim::One);

/// What is known of a symbol's numbers.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub enum Kind {
    Free,
    Positive,
    Symmetric,
    Definite,
    Orthogonal,
    OneHot,
    Sign,
}

/// The symbols: name, shape, kind.
pub const SYMBOLS: &[(&str, Shape, Kind)] = &[
    ("A", (Dim::M, Dim::N), Kind::Free),
    ("X", (Dim::M, Dim::N), Kind::Free),
    ("B", (Dim::N, Dim::P), Kind::Free),
    ("C", (Dim::N, Dim::N), Kind::Free),
    ("D", (Dim::N, Dim::N), Kind::Free),
    ("S", (Dim::N, Dim::N), Kind::Symmetric),
    ("K", (Dim::N, Dim::N), Kind::Definite),
    ("Q", (Dim::N, Dim::N), Kind::Orthogonal),
    ("M", (Dim::M, Dim::M), Kind::Free),
    ("x", (Dim::N, Dim::One), Kind::Free),
    ("y", (Dim::N, Dim::One), Kind::Free),
    ("v", (Dim::N, Dim::One), Kind::Positive),
    ("o", (Dim::N, Dim::One), Kind::OneHot),
    ("w", (Dim::N, Dim::One), Kind::Sign),
    ("b", (Dim::M, Dim::One), Kind::Free),
    ("z", (Dim::P, Dim::One), Kind::Free),
    ("t", SCALAR, Kind::Free),
    ("s", SCALAR, Kind::Free),
    ("beta", SCALAR, Kind::Positive),
];

/// A formula with its shape.
#[derive(Clone, PartialEq, Debug)]
pub struct Tree {
    pub shape: Shape,
    pub op: Op,
    pub of: Vec<Tree>,
}

/// What a formula does with its parts.
#[derive(Copy, Clone, PartialEq, Debug)]
pub enum Op {
    Symbol(usize),
    /// A quotient of integers.
    Number(i32, i32),
    Identity,
    Ones,
    Add,
    Negate,
    /// By rows and columns, or a scalar in front.
    Multiply,
    /// By a scalar.
    Divide,
    Transpose,
    Inverse,
    Power(i32),
    Hadamard,
    HadamardDivide,
    EntryPower(i32),
    Trace,
    Determinant,
    LogDeterminant,
    Sum,
    NormSquared,
    Norm,
    Norm1,
    /// A diagonal matrix of a vector.
    Diagonal,
    /// The diagonal of a matrix.
    DiagonalOf,
    Inner,
    /// The sum of the entries of a Kronecker product.
    SumKronecker,
    /// vec(a)ᵀ vec(b).
    VecInner,
    LogSumExp,
    Softmax,
    /// 1 where above zero.
    Step,
    Function(&'static str),
}

impl Tree {
    pub fn new(shape: Shape, op: Op, of: Vec<Tree>) -> Self {
        Self { shape, op, of }
    }

    pub fn number(n: i32) -> Self {
        Self::new(SCALAR, Op::Number(n, 1), vec![])
    }

    pub fn symbol(i: usize) -> Self {
        Self::new(SYMBOLS[i].1, Op::Symbol(i), vec![])
    }

    pub fn is_scalar(&self) -> bool {
        self.shape == SCALAR
    }

    pub fn is_vector(&self) -> bool {
        self.shape.0 != Dim::One && self.shape.1 == Dim::One
    }

    pub fn is_matrix(&self) -> bool {
        self.shape.0 != Dim::One && self.shape.1 != Dim::One
    }

    pub fn plus(self, other: Tree) -> Self {
        Self::new(self.shape, Op::Add, vec![self, other])
    }

    pub fn negated(self) -> Self {
        Self::new(self.shape, Op::Negate, vec![self])
    }

    pub fn times(self, other: Tree) -> Self {
        let shape = match (self.is_scalar(), other.is_scalar()) {
            (true, _) => other.shape,
            (_, true) => self.shape,
            _ => (self.shape.0, other.shape.1),
        };
        Self::new(shape, Op::Multiply, vec![self, other])
    }

    pub fn transposed(self) -> Self {
        Self::new((self.shape.1, self.shape.0), Op::Transpose, vec![self])
    }

    /// Number of parts.
    pub fn size(&self) -> usize {
        1 + self.of.iter().map(Tree::size).sum::<usize>()
    }

    /// The parts in order, the whole first.
    pub fn part(&self, n: usize) -> &Tree {
        let mut left = n;
        self.find(&mut left).unwrap_or(self)
    }

    fn find(&self, left: &mut usize) -> Option<&Tree> {
        if *left == 0 {
            return Some(self);
        }
        *left -= 1;
        self.of.iter().find_map(|t| t.find(left))
    }

    /// The formula with part number `n` replaced.
    pub fn with_part(&self, n: usize, new: &Tree) -> Tree {
        let mut left = n;
        self.replaced(&mut left, new)
    }

    fn replaced(&self, left: &mut usize, new: &Tree) -> Tree {
        if *left == 0 {
            *left = usize::MAX;
            return new.clone();
        }
        *left = left.wrapping_sub(1);
        let of = self.of.iter().map(|t| if *left == usize::MAX { t.clone() } else { t.replaced(left, new) }).collect();
        Tree { shape: self.shape, op: self.op, of }
    }

    /// Whether a part is of that kind.
    pub fn any(&self, is: &impl Fn(Op) -> bool) -> bool {
        is(self.op) || self.of.iter().any(|t| t.any(is))
    }

    /// Every part's operation replaced.
    pub fn mapped(&self, to: &impl Fn(Op) -> Op) -> Tree {
        Tree { shape: self.shape, op: to(self.op), of: self.of.iter().map(|t| t.mapped(to)).collect() }
    }

    /// In plain notation, with all brackets.
    pub fn text(&self) -> String {
        let mut out = String::new();
        self.write(&mut out);
        out
    }

    fn write(&self, out: &mut String) {
        let part = |i: usize| self.of[i].text();
        let dim = |d: Dim| match d {
            Dim::One => "1",
            Dim::M => "m",
            Dim::N => "n",
            Dim::P => "p",
        };
        match self.op {
            Op::Symbol(i) => out.push_str(SYMBOLS[i].0),
            Op::Number(a, 1) => write!(out, "{a}").unwrap(),
            Op::Number(a, b) => write!(out, "({a}/{b})").unwrap(),
            Op::Identity => write!(out, "I_{}", dim(self.shape.0)).unwrap(),
            Op::Ones => write!(out, "ones_{}", dim(self.shape.0)).unwrap(),
            Op::Add => write!(out, "({} + {})", part(0), part(1)).unwrap(),
            Op::Negate => write!(out, "(-{})", part(0)).unwrap(),
            Op::Multiply => write!(out, "({} * {})", part(0), part(1)).unwrap(),
            Op::Divide => write!(out, "({} / {})", part(0), part(1)).unwrap(),
            Op::Transpose => write!(out, "({})'", part(0)).unwrap(),
            Op::Inverse => write!(out, "inv({})", part(0)).unwrap(),
            Op::Power(k) => write!(out, "({})^{{{k}}}", part(0)).unwrap(),
            Op::Hadamard => write!(out, "({} .* {})", part(0), part(1)).unwrap(),
            Op::HadamardDivide => write!(out, "({} ./ {})", part(0), part(1)).unwrap(),
            Op::EntryPower(k) => write!(out, "({}).^{k}", part(0)).unwrap(),
            Op::Trace => write!(out, "tr({})", part(0)).unwrap(),
            Op::Determinant => write!(out, "det({})", part(0)).unwrap(),
            Op::LogDeterminant => write!(out, "logdet({})", part(0)).unwrap(),
            Op::Sum => write!(out, "sum({})", part(0)).unwrap(),
            Op::NormSquared => write!(out, "||{}||^2", part(0)).unwrap(),
            Op::Norm => write!(out, "||{}||", part(0)).unwrap(),
            Op::Norm1 => write!(out, "norm1({})", part(0)).unwrap(),
            Op::Diagonal | Op::DiagonalOf => write!(out, "diag({})", part(0)).unwrap(),
            Op::Inner => write!(out, "<{}, {}>", part(0), part(1)).unwrap(),
            Op::SumKronecker => write!(out, "sum(kron({}, {}))", part(0), part(1)).unwrap(),
            Op::VecInner => write!(out, "(vec({})' * vec({}))", part(0), part(1)).unwrap(),
            Op::LogSumExp => write!(out, "logsumexp({})", part(0)).unwrap(),
            Op::Softmax => write!(out, "softmax({})", part(0)).unwrap(),
            Op::Step => write!(out, "({} > 0)", part(0)).unwrap(),
            Op::Function(f) => write!(out, "{f}({})", part(0)).unwrap(),
        }
    }
}
