//! The evaluation of a graph at a point, every node once.

use super::contract::{Factor, contract};
use super::matrix;
use super::plan::{Plan, integer};
use super::ring::{Ring, Stop};
use super::tensor::{Budget, Dims, Limits, Point, Tensor};
use crate::dimension::{IntVar, Poly};
use crate::tensor::{Axes, DimId, Node, NodeId, Pattern, Product, Store};
use smallvec::SmallVec;
use std::rc::Rc;

/// The values of `roots` at a point.
///
/// # Errors
/// Fails where a function or an inverse is undefined at the point, or where the limits are reached.
pub fn evaluate<R: Ring>(
    ring: &R,
    store: &Store,
    roots: &[NodeId],
    point: &Point<R::Element>,
    limits: &Limits,
) -> Result<Vec<Tensor<R::Element>>, Stop> {
    evaluate_plan(ring, store, &Plan::new(store, roots), roots, point, &mut Budget::new(limits))
}

/// The values of `roots`, whose plan is known; what is left of the budget is what later evaluations may spend.
pub(crate) fn evaluate_plan<R: Ring>(
    ring: &R,
    store: &Store,
    plan: &Plan,
    roots: &[NodeId],
    point: &Point<R::Element>,
    budget: &mut Budget,
) -> Result<Vec<Tensor<R::Element>>, Stop> {
    if store.is_exceeded() {
        return Err(Stop::Budget);
    }
    let values = vec![None; plan.count];
    let mut evaluation = Evaluation { ring, store, plan, point, budget, bound: SmallVec::new(), values };
    for id in &plan.order {
        evaluation.store_value(*id)?;
    }
    roots.iter().map(|r| Ok((*evaluation.value(*r)?).clone())).collect()
}

struct Evaluation<'a, R: Ring> {
    ring: &'a R,
    store: &'a Store,
    plan: &'a Plan,
    point: &'a Point<R::Element>,
    budget: &'a mut Budget,
    /// The variables of the sums that are being evaluated.
    bound: SmallVec<[(IntVar, i64); 2]>,
    values: Vec<Option<Rc<Tensor<R::Element>>>>,
}

type Value<R> = Rc<Tensor<<R as Ring>::Element>>;

impl<R: Ring> Evaluation<'_, R> {
    fn value(&self, id: NodeId) -> Result<Value<R>, Stop> {
        self.values.get(self.plan.place(id)).and_then(Clone::clone).ok_or(Stop::Missing)
    }

    fn store_value(&mut self, id: NodeId) -> Result<(), Stop> {
        let value = self.node(id)?;
        value.data.iter().try_for_each(|x| self.ring.check(x))?;
        let place = self.plan.place(id);
        self.values[place] = Some(value);
        Ok(())
    }

    fn integer_of(&self, v: IntVar) -> Option<i64> {
        let bound = self.bound.iter().rev().find(|(w, _)| *w == v).map(|(_, n)| *n);
        bound.or_else(|| self.point.sizes.of(v))
    }

    fn poly(&self, p: &Poly) -> Result<i64, Stop> {
        match p.as_constant() {
            Some(n) => Ok(n),
            None => p.evaluate(&|v| self.integer_of(v)).ok_or(Stop::Missing),
        }
    }

    fn dim(&self, d: DimId) -> Result<usize, Stop> {
        usize::try_from(self.poly(self.store.poly(d))?).map_err(|_| Stop::TooLarge)
    }

    fn dims(&self, axes: &Axes) -> Result<Dims, Stop> {
        axes.iter().map(|d| self.dim(*d)).collect()
    }

    fn node(&mut self, id: NodeId) -> Result<Value<R>, Stop> {
        let ring = self.ring;
        Ok(Rc::new(match self.store.node(id) {
            Node::Variable(v) => {
                let value = self.point.value(*v)?;
                if value.dims != self.dims(self.store.axes(id))? {
                    return Err(Stop::Missing);
                }
                value.clone()
            }
            Node::Definition { body, .. } => return self.value(*body),
            Node::Product(p) => self.product(p)?,
            Node::Sum(terms) => {
                let mut sum: Option<Tensor<R::Element>> = None;
                for (c, x) in terms {
                    let x = self.value(*x)?;
                    self.budget.spend::<R>(x.data.len())?;
                    self.add_multiple(&mut sum, c, &x)?;
                }
                sum.ok_or(Stop::Missing)?
            }
            Node::Zero(axes) => self.filled(axes, |_| 0)?,
            Node::Map(f, x) => {
                let x = self.value(*x)?;
                // A function costs about as much as ten multiplications.
                self.budget.spend::<R>(10 * x.data.len())?;
                let data = x.data.iter().map(|x| ring.apply(f, x)).collect::<Result<_, _>>()?;
                Tensor { dims: x.dims.clone(), data }
            }
            Node::ScalarPower(base, exponent) => {
                let x = self.value(*base)?;
                self.budget.spend::<R>(20 * x.data.len())?;
                let data = match integer(self.store, *exponent, &|v| self.integer_of(v)) {
                    Some(n) => x.data.iter().map(|x| ring.integer_power(x, n)).collect::<Result<_, _>>()?,
                    None => {
                        let y = self.value(*exponent)?;
                        x.data.iter().zip(&y.data).map(|(x, y)| ring.power(x, y)).collect::<Result<_, _>>()?
                    }
                };
                Tensor { dims: x.dims.clone(), data }
            }
            Node::MatrixPower(x, p) => {
                let exponent = self.poly(p)?;
                let x = self.value(*x)?;
                matrix::power(ring, &x, exponent, self.budget)?
            }
            Node::Inverse(x) => {
                let x = self.value(*x)?;
                matrix::inverse(ring, &x, self.budget)?
            }
            Node::Determinant(x) => {
                let x = self.value(*x)?;
                matrix::determinant(ring, &x, self.budget)?
            }
            Node::Unknown { function, order, batch, argument } => {
                let dims = self.dims(self.store.axes(id))?;
                let size = self.budget.size(&dims)?;
                let x = self.value(*argument)?;
                let inner: usize = x.dims.iter().skip(*batch as usize).product();
                self.budget.spend::<R>(4 * (size + 1) * (inner + 1))?;
                let mut data = Vec::with_capacity(size);
                for part in x.data.chunks(inner.max(1)) {
                    ring.unknown(*function, *order, part, &mut data)?;
                }
                Tensor { dims, data }
            }
            Node::RangeSum { variable, lower, upper, body } => self.range_sum(id, *variable, lower, upper, *body)?,
            Node::Integer(p) => Tensor::scalar(ring.integer(self.poly(p)?)),
            Node::Constant(c) => Tensor::scalar(ring.constant(*c)?),
            Node::Pattern(p) => self.pattern(p)?,
            Node::Fuse { argument, .. } => self.reshaped(id, *argument)?,
            Node::Split { argument, .. } => self.reshaped(id, *argument)?,
        }))
    }

    /// The entries in the same order on other axes.
    fn reshaped(&mut self, id: NodeId, argument: NodeId) -> Result<Tensor<R::Element>, Stop> {
        let dims = self.dims(self.store.axes(id))?;
        let x = self.value(argument)?;
        if self.budget.size(&dims)? != x.data.len() {
            return Err(Stop::Missing);
        }
        Ok(Tensor { dims, data: x.data.clone() })
    }

    fn add_multiple(
        &self,
        sum: &mut Option<Tensor<R::Element>>,
        c: &crate::number::Rational,
        x: &Tensor<R::Element>,
    ) -> Result<(), Stop> {
        let ring = self.ring;
        let factor = if c.is_one() { None } else { Some(ring.rational(c)?) };
        match sum {
            None => {
                let data = match &factor {
                    None => x.data.clone(),
                    Some(c) => x.data.iter().map(|x| ring.mul(c, x)).collect(),
                };
                *sum = Some(Tensor { dims: x.dims.clone(), data });
            }
            Some(sum) if sum.dims == x.dims => {
                for (s, x) in sum.data.iter_mut().zip(&x.data) {
                    *s = match &factor {
                        None => ring.add(s, x),
                        Some(c) => ring.add_product(s, c, x),
                    };
                }
            }
            Some(_) => return Err(Stop::Missing),
        }
        Ok(())
    }

    fn product(&mut self, p: &Product) -> Result<Tensor<R::Element>, Stop> {
        let dims: Dims = p.dims.iter().map(|d| self.dim(*d)).collect::<Result<_, _>>()?;
        let mut values: SmallVec<[Value<R>; 4]> = SmallVec::new();
        for (x, _) in &p.factors {
            values.push(self.value(*x)?);
        }
        let factors: SmallVec<[Factor<'_, R::Element>; 4]> =
            values.iter().zip(&p.factors).map(|(v, f)| (&**v, f.1.as_slice())).collect();
        contract(self.ring, &factors, &p.out, &dims, self.budget)
    }

    fn range_sum(
        &mut self,
        id: NodeId,
        variable: IntVar,
        lower: &Poly,
        upper: &Poly,
        body: NodeId,
    ) -> Result<Tensor<R::Element>, Stop> {
        let (lower, upper) = (self.poly(lower)?, self.poly(upper)?);
        let plan = self.plan;
        let changing = plan.bodies.iter().find(|b| b.0 == id).map(|b| b.1.as_slice()).ok_or(Stop::Missing)?;
        // The same node may be in use outside this sum with another value of the same variable.
        let saved: Vec<_> = changing.iter().map(|x| self.values[plan.place(*x)].take()).collect();
        let mut sum = None;
        for n in lower..=upper {
            self.budget.spend::<R>(1)?;
            self.bound.push((variable, n));
            for x in changing {
                self.store_value(*x)?;
            }
            self.bound.pop();
            let value = self.value(body)?;
            self.budget.spend::<R>(value.data.len())?;
            self.add_multiple(&mut sum, &crate::number::Rational::ONE, &value)?;
        }
        for (x, value) in changing.iter().zip(saved) {
            self.values[plan.place(*x)] = value;
        }
        match sum {
            Some(sum) => Ok(sum),
            None => self.filled(self.store.axes(id), |_| 0),
        }
    }

    /// A tensor of integers, by their positions.
    fn filled(&self, axes: &Axes, of: impl Fn(&[usize]) -> i64) -> Result<Tensor<R::Element>, Stop> {
        let dims = self.dims(axes)?;
        let size = self.budget.size(&dims)?;
        let mut at = Dims::from_elem(0, dims.len());
        let mut data = Vec::with_capacity(size);
        for _ in 0..size {
            data.push(self.ring.integer(of(&at)));
            for (i, d) in at.iter_mut().zip(&dims).rev() {
                *i += 1;
                if *i < *d {
                    break;
                }
                *i = 0;
            }
        }
        Ok(Tensor { dims, data })
    }

    fn pattern(&self, p: &Pattern) -> Result<Tensor<R::Element>, Stop> {
        let position = |i: usize| i64::try_from(i).unwrap_or(i64::MAX - 1) + 1;
        let (axes, from, to): (Axes, i64, i64) = match p {
            Pattern::Basis { dim, position } => {
                let at = self.poly(position)?;
                (Axes::from_slice(&[*dim]), at, at)
            }
            Pattern::Range { dim, lower, upper } => (Axes::from_slice(&[*dim]), self.poly(lower)?, self.poly(upper)?),
            Pattern::Count { dim } => return self.filled(&Axes::from_slice(&[*dim]), |at| position(at[0])),
            Pattern::Shift { rows, cols, offset } => {
                let offset = self.poly(offset)?;
                let axes = Axes::from_slice(&[*rows, *cols]);
                return self
                    .filled(&axes, |at| i64::from(position(at[0]).checked_sub(position(at[1])) == Some(offset)));
            }
            Pattern::Before { rows, cols } => {
                return self.filled(&Axes::from_slice(&[*rows, *cols]), |at| i64::from(at[0] < at[1]));
            }
        };
        self.filled(&axes, |at| i64::from((from..=to).contains(&position(at[0]))))
    }
}
