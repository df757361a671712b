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
    /// The same, as an indicator.
    Indicator,
    /// Two values compared, entry by entry.
    Compare(&'static str),
    /// The determinant of a matrix, the absolute value of anything else.
    Bars,
    /// Other spellings of the norm: Frobenius, and of a vector only.
    NormF,
    Norm2,
    Mean,
    Zeros,
    /// vec(Y)ᵀ (A ⊗ B) vec(X), of Y, A, B, X.
    KroneckerForm,
    TraceKronecker,
    NormKronecker,
    /// vec(Y)ᵀ K vec(X) with the commutation matrix K.
    CommutationForm,
    /// ΣᵢΣⱼ δᵢⱼ Aᵢⱼ.
    DeltaSum,
    /// Σᵢ xᵢ yᵢ.
    EntrySum,
    /// An entry, counted from 1.
    Entry(usize, usize),
    /// The power k, or k + 1, of a symbolic integer k.
    PowerK(i32),
    /// Σ Aʳ for r from 0 to k − 1.
    PowerSum,
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
            Op::Indicator => write!(out, "1[{} > 0]", part(0)).unwrap(),
            Op::Compare(c) => write!(out, "({} {c} {})", part(0), part(1)).unwrap(),
            Op::Bars => write!(out, "(|({})|)", part(0)).unwrap(),
            Op::NormF => write!(out, "normF({})", part(0)).unwrap(),
            Op::Norm2 => write!(out, "||{}||_2", part(0)).unwrap(),
            Op::Mean => write!(out, "mean({})", part(0)).unwrap(),
            Op::Zeros => write!(out, "zeros_{}", dim(self.shape.0)).unwrap(),
            Op::KroneckerForm => {
                let [y, a, b, x] = [0, 1, 2, 3].map(part);
                write!(out, "(vec({y})' * kron({a}, {b}) * vec({x}))").unwrap();
            }
            Op::TraceKronecker => write!(out, "tr(kron({}, {}))", part(0), part(1)).unwrap(),
            Op::NormKronecker => write!(out, "||kron({}, {})||", part(0), part(1)).unwrap(),
            Op::CommutationForm => {
                let (rows, cols) = self.of[1].shape;
                let sizes = format!("{}, {}", dim(rows), dim(cols));
                write!(out, "(vec({})' * commutation({sizes}) * vec({}))", part(0), part(1)).unwrap();
            }
            Op::DeltaSum => {
                let n = dim(self.of[0].shape.0);
                write!(out, "(sum_{{i=1}}^{{{n}}} sum_{{j=1}}^{{{n}}} delta(i,j) * ({})[i,j])", part(0)).unwrap();
            }
            Op::EntrySum => {
                let n = dim(self.of[0].shape.0);
                write!(out, "(sum_{{i=1}}^{{{n}}} ({})[i] * ({})[i])", part(0), part(1)).unwrap();
            }
            Op::Entry(i, j) if self.of[0].is_vector() => write!(out, "({})[{}]", part(0), i.max(j)).unwrap(),
            Op::Entry(i, j) => write!(out, "({})[{i},{j}]", part(0)).unwrap(),
            Op::PowerK(0) => write!(out, "({})^k", part(0)).unwrap(),
            Op::PowerK(c) => write!(out, "({})^(k + {c})", part(0)).unwrap(),
            Op::PowerSum => write!(out, "(sum_{{r=0}}^{{k-1}} ({})^r)", part(0)).unwrap(),
            Op::Function(f) => write!(out, "{f}({})", part(0)).unwrap(),
        }
    }
}
