//! Constructors of the nodes that are not products: each keeps its node's invariants.

use super::{Axes, Function, FunctionId, Node, NodeId, Pattern, Store, VariableId};
use crate::dimension::{IntVar, Poly};
use crate::number::Constant;
use crate::number::Rational;
use smallvec::SmallVec;

/// Numbers of more bits are not raised to a power while a formula is built.
const MOST_BITS: u64 = 256;

impl Store {
    /// A variable as a tensor.
    pub fn variable_node(&mut self, v: VariableId) -> NodeId {
        self.intern(Node::Variable(v))
    }

    /// A defined quantity.
    pub fn definition(&mut self, name: VariableId, body: NodeId) -> NodeId {
        self.intern(Node::Definition { name, body })
    }

    /// A rational scalar.
    pub fn rational(&mut self, value: &Rational) -> NodeId {
        let one = self.one();
        self.scale(value, one)
    }

    /// The scalar one.
    pub fn one(&mut self) -> NodeId {
        self.intern(Node::Integer(Poly::constant(1)))
    }

    /// An integer scalar, symbolic or not.
    pub fn integer(&mut self, value: &Poly) -> NodeId {
        match value.as_constant() {
            Some(0) => self.zero(Axes::new()),
            Some(c) => self.rational(&Rational::from(c)),
            None => self.intern(Node::Integer(value.clone())),
        }
    }

    /// π or e.
    pub fn constant(&mut self, c: Constant) -> NodeId {
        self.intern(Node::Constant(c))
    }

    /// A tensor of zeros.
    pub fn zero(&mut self, axes: Axes) -> NodeId {
        self.intern(Node::Zero(axes))
    }

    /// Whether a node is the zero tensor as it stands.
    #[must_use]
    pub fn is_zero(&self, id: NodeId) -> bool {
        matches!(self.node(id), Node::Zero(_))
    }

    /// A fixed tensor.
    pub fn pattern(&mut self, p: Pattern) -> NodeId {
        self.intern(Node::Pattern(p))
    }

    /// The rational value of a scalar that is one as it stands.
    #[must_use]
    pub fn as_rational(&self, id: NodeId) -> Option<Rational> {
        match self.node(id) {
            Node::Integer(p) => p.as_constant().map(Rational::from),
            Node::Zero(axes) if axes.is_empty() => Some(Rational::ZERO),
            Node::Sum(terms) => match terms.as_slice() {
                [(c, x)] if matches!(self.node(*x), Node::Integer(p) if p.is_one()) => Some(c.clone()),
                _ => None,
            },
            _ => None,
        }
    }

    /// The coefficient and the rest of a node: `3 x` is (3, x).
    #[must_use]
    pub fn split_coefficient(&self, id: NodeId) -> (Rational, NodeId) {
        match self.node(id) {
            Node::Sum(terms) if terms.len() == 1 => terms[0].clone(),
            _ => (Rational::ONE, id),
        }
    }

    /// A multiple.
    pub fn scale(&mut self, c: &Rational, x: NodeId) -> NodeId {
        self.sum(&[(c.clone(), x)])
    }

    /// The negative.
    pub fn negate(&mut self, x: NodeId) -> NodeId {
        self.scale(&Rational::MINUS_ONE, x)
    }

    /// The sum of two tensors of equal axes.
    pub fn add(&mut self, x: NodeId, y: NodeId) -> NodeId {
        self.sum(&[(Rational::ONE, x), (Rational::ONE, y)])
    }

    /// The difference of two tensors of equal axes.
    pub fn subtract(&mut self, x: NodeId, y: NodeId) -> NodeId {
        self.sum(&[(Rational::ONE, x), (Rational::MINUS_ONE, y)])
    }

    /// A linear combination of tensors of equal axes; at least one term.
    pub fn sum(&mut self, terms: &[(Rational, NodeId)]) -> NodeId {
        let Some(first) = terms.first() else { return self.zero(Axes::new()) };
        let axes = self.axes(first.1).clone();
        let mut flat: SmallVec<[(Rational, NodeId); 2]> = SmallVec::new();
        let add = |flat: &mut SmallVec<[(Rational, NodeId); 2]>, c: Rational, x: NodeId| match flat
            .iter_mut()
            .find(|t| t.1 == x)
        {
            Some(t) => t.0 = &t.0 + &c,
            None => flat.push((c, x)),
        };
        for (c, x) in terms {
            if c.is_zero() {
                continue;
            }
            match self.node(*x) {
                Node::Zero(_) => {}
                // A multiple is merged; a whole sum only where nothing has to be multiplied out. Its terms are distinct.
                Node::Sum(inner) if flat.is_empty() && (inner.len() == 1 || c.is_one()) => {
                    flat.extend(inner.iter().map(|(d, y)| (c * d, *y)));
                }
                Node::Sum(inner) if inner.len() == 1 || c.is_one() => {
                    for (d, y) in inner {
                        add(&mut flat, c * d, *y);
                    }
                }
                _ => add(&mut flat, c.clone(), *x),
            }
        }
        flat.retain(|t| !t.0.is_zero());
        match flat.as_slice() {
            [] => self.zero(axes),
            [(c, x)] if c.is_one() => *x,
            _ => self.fused_sum(flat),
        }
    }

    /// A sum of equally fused tensors is the fused sum.
    fn fused_sum(&mut self, terms: SmallVec<[(Rational, NodeId); 2]>) -> NodeId {
        let mut shared: Option<SmallVec<[u8; 4]>> = None;
        let mut inner: SmallVec<[(Rational, NodeId); 2]> = SmallVec::new();
        for (c, x) in &terms {
            match self.node(*x) {
                Node::Fuse { argument, groups } if shared.as_ref().is_none_or(|s| s == groups) => {
                    if inner.first().is_some_and(|(_, first)| self.axes(*first) != self.axes(*argument)) {
                        return self.intern(Node::Sum(terms));
                    }
                    shared = Some(groups.clone());
                    inner.push((c.clone(), *argument));
                }
                _ => return self.intern(Node::Sum(terms)),
            }
        }
        match shared {
            Some(groups) => {
                let body = self.sum(&inner);
                self.fuse(body, groups)
            }
            None => self.intern(Node::Sum(terms)),
        }
    }

    /// A function on every entry.
    pub fn map(&mut self, f: Function, x: NodeId) -> NodeId {
        if let Node::Fuse { argument, groups } = self.node(x).clone() {
            let inner = self.map(f, argument);
            return self.fuse(inner, groups);
        }
        match (&f, self.node(x)) {
            (Function::Log, Node::Map(Function::Exp, y)) => return *y,
            (Function::Power(p), _) if p.is_one() => return x,
            (Function::Power(p), _) if p.is_zero() => return self.ones(self.axes(x).clone()),
            // (x^q)^p = x^(pq) wherever the right side is defined: for integers, and for roots of what is a square.
            (Function::Power(p), Node::Map(Function::Power(q), y))
                if p.is_integer() && (q.is_integer() || self.is_square(*y)) =>
            {
                let (power, y) = (p * q, *y);
                return self.map(Function::Power(power), y);
            }
            // |x|² = x², which has no kink.
            (Function::Power(p), Node::Map(Function::Abs, y)) if p.to_integer().is_some_and(|p| p % 2 == 0) => {
                let y = *y;
                return self.map(f, y);
            }
            (Function::Exp, Node::Zero(axes)) => return self.ones(axes.clone()),
            _ => {}
        }
        if let (Function::Power(p), Some(c)) = (&f, self.as_rational(x)) {
            let small = p.to_integer().and_then(|p| i32::try_from(p).ok()).filter(|p| p.abs() <= 64);
            if let Some(value) = small.filter(|_| c.bits() <= MOST_BITS).and_then(|p| c.pow(p)) {
                return self.rational(&value);
            }
            if c.is_one() {
                return x;
            }
        }
        self.intern(Node::Map(f, x))
    }

    /// Whether a node is a sum of squares as it stands.
    fn is_square(&self, x: NodeId) -> bool {
        match self.node(x) {
            Node::Product(p) => matches!(p.factors.as_slice(), [a, b] if a == b),
            Node::Definition { body, .. } => self.is_square(*body),
            _ => false,
        }
    }

    /// base^exponent entry by entry.
    pub fn scalar_power(&mut self, base: NodeId, exponent: NodeId) -> NodeId {
        if let Some(p) = self.as_rational(exponent) {
            return self.map(Function::Power(p), base);
        }
        self.intern(Node::ScalarPower(base, exponent))
    }

    /// 1/x entry by entry.
    pub fn reciprocal(&mut self, x: NodeId) -> NodeId {
        self.map(Function::Power(Rational::MINUS_ONE), x)
    }

    /// The inverses of the matrices on the last two axes.
    pub fn inverse(&mut self, x: NodeId) -> NodeId {
        if let Node::Inverse(y) = self.node(x) {
            return *y;
        }
        if let Node::Product(p) = self.node(x) {
            // The identity is its own inverse.
            if p.factors.is_empty() && p.out.as_slice() == [0, 0] {
                return x;
            }
        }
        let (c, rest) = self.split_coefficient(x);
        if let (false, Some(inverse)) = (c.is_one(), c.recip()) {
            let inner = self.inverse(rest);
            return self.scale(&inverse, inner);
        }
        self.intern(Node::Inverse(x))
    }

    /// The determinants of the matrices on the last two axes.
    pub fn determinant(&mut self, x: NodeId) -> NodeId {
        if let Node::Product(p) = self.node(x) {
            if p.factors.is_empty() && p.out.as_slice() == [0, 0] {
                return self.one();
            }
        }
        self.intern(Node::Determinant(x))
    }

    /// A symbolic integer power of the matrices on the last two axes.
    pub fn matrix_power(&mut self, x: NodeId, exponent: &Poly) -> NodeId {
        let labels =
            |from: u16, n: usize| (0..n).map(|i| from + u16::try_from(i).unwrap_or(0)).collect::<SmallVec<[u16; 4]>>();
        let rank = self.rank(x);
        match exponent.as_constant() {
            Some(1) => x,
            Some(0) => {
                let axes = self.axes(x).clone();
                let mut out = labels(0, rank);
                if let [.., a, b] = out.as_mut_slice() {
                    *b = *a;
                }
                self.product(&[], &out, &axes)
            }
            Some(-1) => self.inverse(x),
            Some(c) if c < 0 => {
                let inverse = self.inverse(x);
                self.matrix_power(inverse, &Poly::constant(c.saturating_neg()))
            }
            Some(c) if c <= 16 => {
                let axes = self.axes(x).clone();
                let dim = axes[rank - 1];
                let mut dims: Axes = axes.clone();
                let batch = rank - 2;
                let first = u16::try_from(batch).unwrap_or(0);
                let last = first + 1;
                let mut factors: Vec<(NodeId, SmallVec<[u16; 4]>)> = Vec::new();
                let mut row = first;
                for step in 1..=c {
                    let col = if step == c {
                        last
                    } else {
                        dims.push(dim);
                        u16::try_from(dims.len() - 1).unwrap_or(0)
                    };
                    let mut l = labels(0, batch);
                    l.extend([row, col]);
                    factors.push((x, l));
                    row = col;
                }
                self.product(&factors, &labels(0, rank), &dims)
            }
            _ => self.intern(Node::MatrixPower(x, exponent.clone())),
        }
    }

    /// A scalar function known only by name, or its derivative.
    pub fn unknown(&mut self, function: FunctionId, order: u8, batch: u8, argument: NodeId) -> NodeId {
        self.intern(Node::Unknown { function, order, batch, argument })
    }

    /// A sum over an integer variable.
    pub fn range_sum(&mut self, variable: IntVar, lower: &Poly, upper: &Poly, body: NodeId) -> NodeId {
        if self.is_zero(body) {
            return body;
        }
        let (c, rest) = self.split_coefficient(body);
        if !c.is_one() {
            let inner = self.range_sum(variable, lower, upper, rest);
            return self.scale(&c, inner);
        }
        self.intern(Node::RangeSum { variable, lower: lower.clone(), upper: upper.clone(), body })
    }

    /// A tensor of ones.
    pub fn ones(&mut self, axes: Axes) -> NodeId {
        if axes.is_empty() {
            return self.one();
        }
        let out: SmallVec<[u16; 4]> = (0..axes.len()).map(|i| u16::try_from(i).unwrap_or(0)).collect();
        self.product(&[], &out, &axes)
    }

    /// The identity matrix of that size.
    pub fn identity(&mut self, size: &Poly) -> NodeId {
        let d = self.dim(size);
        self.product(&[], &[0, 0], &[d])
    }
}
