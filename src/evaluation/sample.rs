//! Points: a value for every variable, with the properties that are declared of it.
//!
//! A value is made from raw numbers by the operations of the number system, so the same raw numbers give the same
//! orthogonal or stochastic matrix in every one of them, each as exactly as it can.

use super::random::{Random, mix};
use super::ring::{Ring, Stop};
use super::tensor::{Assignment, Budget, Dims, Limits, Point, Tensor};
use super::{matrix, source::Kind, source::Source};
use crate::tensor::{Node, NodeId, Property, Store, Variable, VariableId};

/// The variables that roots are made from.
#[must_use]
pub fn variables(store: &Store, roots: &[NodeId]) -> Vec<VariableId> {
    let mut found: Vec<VariableId> = Vec::new();
    for id in store.reachable(roots) {
        if let Node::Variable(v) = store.node(id)
            && !found.contains(v)
        {
            found.push(*v);
        }
    }
    found
}

/// The variables that roots are made from, in the order of their names: the same whichever root comes first.
#[must_use]
pub fn variables_by_name(store: &Store, roots: &[NodeId]) -> Vec<VariableId> {
    let mut found = variables(store, roots);
    found.sort_by(|a, b| store.variable(*a).name.cmp(&store.variable(*b).name).then(a.cmp(b)));
    found
}

/// A name as a number: numbers drawn for a variable do not depend on which variables were met before it.
fn key(name: &str) -> u64 {
    name.bytes().fold(0x6e61_6d65, |k, b| mix(k, u64::from(b)))
}

/// Which of the properties' finite choices a point makes: points counted from 0 go through signs and positions.
#[derive(Copy, Clone, Debug)]
pub struct Draw {
    /// Seed of the point's random numbers.
    pub seed: u64,
    /// The number of the point.
    pub number: u64,
    /// Whether the finite choices are gone through one by one, by the number of the point, instead of drawn.
    pub enumerate: bool,
}

/// Number of joint values of the variables that take finitely many; 1 where there is no such variable, `None` beyond
/// a thousand.
#[must_use]
pub fn choices(store: &Store, variables: &[VariableId], sizes: &Assignment) -> Option<u64> {
    let mut product = 1u64;
    for v in variables {
        let variable = store.variable(*v);
        if !is_discrete(variable) {
            continue;
        }
        let dims: Dims =
            variable.axes.iter().map(|d| sizes.dimension(store.poly(*d))).collect::<Result<_, _>>().ok()?;
        let width = dims.last().copied().unwrap_or(1).max(1);
        let count = dims.iter().try_fold(1usize, |n, d| n.checked_mul(*d))?;
        let has = |p: Property| variable.properties.contains(&p);
        let (base, digits) = match () {
            () if has(Property::OneHot) => (width, count / width),
            () if has(Property::Sign) => (2, count),
            () => (2, count / width),
        };
        product =
            (base as u64).checked_pow(u32::try_from(digits).ok()?)?.checked_mul(product).filter(|p| *p <= 1000)?;
    }
    Some(product)
}

/// A point at the given sizes.
///
/// # Errors
/// Fails where a dimension has no value, or where a matrix that has to be inverted on the way has no inverse.
pub fn sample<R: Ring, S: Source<R>>(
    ring: &R,
    source: &mut S,
    store: &Store,
    variables: &[VariableId],
    sizes: &Assignment,
    draw: Draw,
    entries: usize,
) -> Result<Point<R::Element>, Stop> {
    let mut values = Vec::with_capacity(variables.len());
    let mut choice = draw.number;
    for (ordinal, v) in variables.iter().enumerate() {
        let variable = store.variable(*v);
        let dims: Dims = variable.axes.iter().map(|d| sizes.dimension(store.poly(*d))).collect::<Result<_, _>>()?;
        let size = dims.iter().try_fold(1usize, |n, d| n.checked_mul(*d)).filter(|n| *n <= entries);
        let size = size.ok_or(Stop::TooLarge)?;
        let random = Random::new(mix(draw.seed, key(&variable.name)));
        let data = Vec::with_capacity(size);
        source.begin(ordinal);
        let mut maker = Maker { ring, source, random, choice, draw, ordinal, data };
        maker.variable(variable, &dims)?;
        choice = maker.choice;
        values.push((*v, Tensor { dims, data: maker.data }));
    }
    Ok(Point { sizes: sizes.clone(), values })
}

struct Maker<'a, R: Ring, S> {
    ring: &'a R,
    source: &'a mut S,
    random: Random,
    /// What is left of the point's number, as digits of the finite choices.
    choice: u64,
    draw: Draw,
    ordinal: usize,
    data: Vec<R::Element>,
}

impl<R: Ring, S: Source<R>> Maker<'_, R, S> {
    fn variable(&mut self, variable: &Variable, dims: &[usize]) -> Result<(), Stop> {
        let (members, rest) = match (&variable.family, dims) {
            (Some(_), [n, rest @ ..]) => (*n, rest),
            _ => (1, dims),
        };
        for _ in 0..members {
            self.member(&variable.properties, rest)?;
        }
        Ok(())
    }

    fn member(&mut self, properties: &[Property], dims: &[usize]) -> Result<(), Stop> {
        use Property as P;
        let has = |p: P| properties.contains(&p);
        let kind = kind_of(properties);
        if let [rows, cols] = *dims {
            if rows == cols {
                let n = rows;
                if has(P::Diagonal) {
                    return self.diagonal(diagonal_kind(properties, kind), n);
                }
                if has(P::Orthogonal) {
                    return self.orthogonal(
                        n,
                        n,
                        has(P::Symmetric),
                        has(P::PositiveDefinite) || has(P::PositiveSemidefinite),
                    );
                }
                if (has(P::PositiveDefinite) || has(P::PositiveSemidefinite)) && !self.source.definite_is_symmetric() {
                    return self.definite(kind, n, has(P::PositiveDefinite) || has(P::Invertible));
                }
                if has(P::Symmetric) || has(P::PositiveDefinite) || has(P::PositiveSemidefinite) {
                    return self.symmetric(kind, n);
                }
            } else if has(P::Orthogonal) {
                return self.orthogonal(rows, cols, false, false);
            }
        }
        let width = dims.last().copied().unwrap_or(1);
        let count: usize = dims.iter().product();
        if has(P::OneHot) || has(P::Probability) {
            for _ in 0..count / width.max(1) {
                if has(P::OneHot) {
                    self.one_hot(width);
                } else {
                    self.probability(width)?;
                }
            }
            return Ok(());
        }
        for _ in 0..count {
            let x = self.entry(kind);
            self.data.push(x);
        }
        Ok(())
    }

    fn entry(&mut self, kind: Kind) -> R::Element {
        if kind == Kind::Sign {
            let sign = 1 - 2 * i64::from(self.choose(2) == 1);
            return self.ring.integer(sign);
        }
        self.source.draw(self.ring, &mut self.random, kind)
    }

    /// One of `n` choices: the next digit of the point's number, or drawn.
    fn choose(&mut self, n: u64) -> u64 {
        if !self.draw.enumerate {
            return self.source.position(&mut self.random, n);
        }
        let digit = self.choice % n.max(1);
        self.choice /= n.max(1);
        digit
    }

    /// A sign that alternates from point to point, and differently for the next variable.
    fn sign(&mut self) -> i64 {
        if (self.draw.number >> (self.ordinal % 2)) & 1 == 0 { 1 } else { -1 }
    }

    fn one_hot(&mut self, width: usize) {
        let position = self.choose(width as u64);
        for i in 0..width as u64 {
            self.data.push(self.ring.integer(i64::from(i == position)));
        }
    }

    fn probability(&mut self, width: usize) -> Result<(), Stop> {
        let weights: Vec<R::Element> = (0..width).map(|_| self.entry(Kind::Positive)).collect();
        let sum = weights.iter().fold(self.ring.integer(0), |s, w| self.ring.add(&s, w));
        let scale = self.ring.inverse(&sum)?;
        self.data.extend(weights.iter().map(|w| self.ring.mul(w, &scale)));
        Ok(())
    }

    fn diagonal(&mut self, kind: Kind, n: usize) -> Result<(), Stop> {
        for i in 0..n {
            for j in 0..n {
                let x = if i == j { self.entry(kind) } else { self.ring.integer(0) };
                self.data.push(x);
            }
        }
        Ok(())
    }

    fn symmetric(&mut self, kind: Kind, n: usize) -> Result<(), Stop> {
        let start = self.data.len();
        for i in 0..n {
            for j in 0..n {
                let x = if j < i { self.data[start + j * n + i].clone() } else { self.entry(kind) };
                self.data.push(x);
            }
        }
        Ok(())
    }

    /// BᵀB, and a positive multiple of I added where it has to be definite.
    fn definite(&mut self, kind: Kind, n: usize, strictly: bool) -> Result<(), Stop> {
        let b: Vec<R::Element> = (0..n * n).map(|_| self.entry(kind)).collect();
        let shift = self.source.shift(self.ring, &mut self.random);
        let start = self.data.len();
        for i in 0..n {
            for j in 0..n {
                if j < i {
                    self.data.push(self.data[start + j * n + i].clone());
                    continue;
                }
                let zero = self.ring.integer(0);
                let mut x = (0..n).fold(zero, |s, k| self.ring.add_product(&s, &b[k * n + i], &b[k * n + j]));
                if i == j && strictly {
                    x = self.ring.add(&x, &shift);
                }
                self.data.push(x);
            }
        }
        Ok(())
    }

    /// Cayley's (I − S)(I + S)⁻¹ with S antisymmetric, one row multiplied by ±1; the first columns of it; or Q D Qᵀ
    /// with signs D.
    fn orthogonal(&mut self, rows: usize, cols: usize, symmetric: bool, definite: bool) -> Result<(), Stop> {
        if rows < cols {
            return Err(Stop::Missing);
        }
        let n = rows;
        let ring = self.ring;
        let identity = |i: usize| ring.integer(i64::from(i / n == i % n));
        if definite {
            self.data.extend((0..n * n).map(identity));
            return Ok(());
        }
        let mut s: Vec<R::Element> = (0..n * n).map(|_| ring.integer(0)).collect();
        for i in 0..n {
            for j in i + 1..n {
                let x = self.entry(Kind::Any);
                s[j * n + i] = ring.neg(&x);
                s[i * n + j] = x;
            }
        }
        let minus: Vec<R::Element> = s.iter().enumerate().map(|(i, x)| ring.sub(&identity(i), x)).collect();
        let plus = s.iter().enumerate().map(|(i, x)| ring.add(&identity(i), x)).collect();
        let mut budget = Budget::new(&Limits { operations: u64::MAX, entries: usize::MAX, ..Limits::default() });
        let inverse = matrix::inverse(ring, &Tensor { dims: Dims::from_slice(&[n, n]), data: plus }, &mut budget)?;
        let mut q = matrix::multiply(ring, &minus, &inverse.data, n);
        if symmetric {
            let signs: Vec<i64> = (0..n).map(|_| 1 - 2 * i64::from(self.choose(2) == 1)).collect();
            let transposed: Vec<R::Element> = (0..n * n).map(|i| q[i % n * n + i / n].clone()).collect();
            for (i, x) in q.iter_mut().enumerate() {
                *x = ring.mul(x, &ring.integer(signs[i % n]));
            }
            q = matrix::multiply(ring, &q, &transposed, n);
            // Rounding must not make it less symmetric than it is.
            for i in 0..n {
                for j in 0..i {
                    q[i * n + j] = q[j * n + i].clone();
                }
            }
        } else if self.sign() < 0 {
            q.iter_mut().take(n).for_each(|x| *x = ring.neg(x));
        }
        for row in q.chunks(n.max(1)) {
            self.data.extend_from_slice(&row[..cols]);
        }
        Ok(())
    }
}

fn kind_of(properties: &[Property]) -> Kind {
    let has = |p: Property| properties.contains(&p);
    let integer = has(Property::Integer);
    if has(Property::Sign) {
        if has(Property::Positive) { Kind::One } else { Kind::Sign }
    } else if has(Property::Positive) {
        if integer { Kind::PositiveInteger } else { Kind::Positive }
    } else if has(Property::NonNegative) {
        if integer { Kind::NonNegativeInteger } else { Kind::NonNegative }
    } else if has(Property::NonZero) {
        if integer { Kind::NonZeroInteger } else { Kind::NonZero }
    } else if integer {
        Kind::Integer
    } else {
        Kind::Any
    }
}

/// The entries of a diagonal matrix with further properties.
fn diagonal_kind(properties: &[Property], kind: Kind) -> Kind {
    let has = |p: Property| properties.contains(&p);
    if has(Property::Orthogonal) {
        return if has(Property::PositiveDefinite) || has(Property::PositiveSemidefinite) {
            Kind::One
        } else {
            Kind::Sign
        };
    }
    match kind {
        Kind::Any | Kind::NonZero if has(Property::PositiveDefinite) => Kind::Positive,
        Kind::Any if has(Property::PositiveSemidefinite) && has(Property::Invertible) => Kind::Positive,
        Kind::Any if has(Property::PositiveSemidefinite) => Kind::NonNegative,
        Kind::Any if has(Property::Invertible) => Kind::NonZero,
        Kind::Integer | Kind::NonZeroInteger if has(Property::PositiveDefinite) => Kind::PositiveInteger,
        other => other,
    }
}

/// Whether a variable takes finitely many values, so that no bound can be claimed.
#[must_use]
pub fn is_discrete(variable: &Variable) -> bool {
    use Property as P;
    let has = |p: P| variable.properties.contains(&p);
    has(P::OneHot) || has(P::Sign) || (has(P::Orthogonal) && (has(P::Diagonal) || has(P::Symmetric)))
}
