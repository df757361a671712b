//! Kinks and jumps that a sample may never reach: `max(0, s − 10)` is 0 at every small s.
//!
//! An equality that only floating point found is trusted only if every argument of a function with a kink was seen on
//! both sides of it. Points are drawn at many scales until that is so, and the two sides are compared there. Where
//! the two sides have their kinks at different arguments, sign(x + y) and sign(x + 1.00000001 y) say, they differ in a
//! region too thin to be met by chance, so the zero itself is looked for and both sides are compared right beside it.

use super::signs::is_one_signed;
use crate::evaluation::{
    Bounded, Draw, Floats, Generic, Point, Tensor, evaluate, mix, sample, seed, sizes, variables, variables_by_name,
};
use crate::evidence::{Assignment, Pair};
use crate::tensor::{Function, Node, NodeId, Property, Store, VariableId};

/// What growing scales show.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub(super) enum Kinks {
    /// Every kink was seen from both sides, and the two nodes agree.
    Seen,
    /// The two nodes differ at a larger scale.
    Differ,
    /// Some kink was never crossed.
    Unseen,
}

/// Moderate numbers first: between these a zero is best found.
const SCALES: [f64; 12] = [0.4, 1.0, 4.0, 0.05, 16.0, 1e-3, 64.0, 256.0, 1e-5, 2048.0, 16384.0, 1e-7];
const POINTS: u64 = 6;
/// Two assignments of sizes are small, and all dimensions of a third at least this.
const LARGE: i64 = 3;
/// Arguments, entries and variables of each, shifts of a variable, and halvings on the way to a zero.
const ARGUMENTS: usize = 4;
const ENTRIES: usize = 3;
/// Points at which the variables rest that do not move.
const RESTS: usize = 6;
const VARIABLES: usize = 4;
const SHIFTS: [f64; 6] = [-3.0, 3.0, -12.0, 12.0, -96.0, 96.0];
const HALVINGS: usize = 40;
/// After so many the zero is as near as it has to be.
const NEAR: usize = 20;
/// Between values with such a gap around zero there are no others.
const GAP: f64 = 1e-2;
/// Ways to a zero of one entry.
const WAYS: usize = 6;
/// Rounding is below this share of a value, where its bound does not say more.
const DIFFERENT: f64 = 1e-13;

type At = Point<Bounded<f64>>;

/// Whether two values differ far beyond rounding.
fn differ(a: &Tensor<Bounded<f64>>, b: &Tensor<Bounded<f64>>) -> bool {
    let size = a.data.iter().chain(&b.data).map(|x| x.to_f64().abs()).fold(0.0, f64::max);
    a.data.iter().zip(&b.data).any(|(a, b)| {
        let difference = (a.to_f64() - b.to_f64()).abs();
        difference > DIFFERENT * size && difference > 1e3 * (a.error + b.error)
    })
}

/// The arguments of functions with a kink or a jump.
pub(super) fn arguments(store: &Store, roots: &[NodeId]) -> Vec<NodeId> {
    let has_kink = |f: &Function| {
        matches!(
            f,
            Function::Relu
                | Function::Abs
                | Function::Sign
                | Function::Positive
                | Function::NonNegative
                | Function::Zero
        )
    };
    store
        .reachable(roots)
        .into_iter()
        .filter_map(|id| match store.node(id) {
            // A comparison of indices is the same at every point.
            Node::Map(f, x) if has_kink(f) && !variables(store, &[*x]).is_empty() => Some(*x),
            _ => None,
        })
        .collect()
}

/// Where an argument was seen.
#[derive(Copy, Clone, Default)]
struct Sides {
    above: bool,
    below: bool,
    at: bool,
}

/// Whether an argument is only asked whether it is zero: then its sign is no matter.
fn is_only_compared(store: &Store, roots: &[NodeId], argument: NodeId) -> bool {
    store.reachable(roots).into_iter().all(|id| match store.node(id) {
        Node::Map(f, x) if *x == argument => matches!(f, Function::Zero),
        _ => true,
    })
}

/// Looks at both sides of every kink.
pub(super) fn look(pair: &Pair<'_>) -> Kinks {
    let store = pair.store;
    let roots = [pair.candidate, pair.truth];
    let arguments = arguments(store, &roots);
    if arguments.is_empty() {
        return Kinks::Seen;
    }
    if arguments.iter().any(|x| is_beyond_sampling(pair, *x)) {
        return Kinks::Unseen;
    }
    // Not at one size alone: the inverse of I + K has the signs of that of I + 2K where K is small, and powers of a
    // definite matrix have equal signs where it has two rows.
    let all: Vec<NodeId> = roots.iter().chain(&arguments).copied().collect();
    let is_thin = |x: NodeId| is_own(pair, x) && !is_flat(store, x) && !is_one_signed(store, x);
    let thin: Vec<usize> = (0..arguments.len()).filter(|i| is_thin(arguments[*i])).collect();
    let mut found = Kinks::Unseen;
    for here in sizes(store, &all, pair.sizes, LARGE) {
        match look_at(pair, &arguments, &thin, &all, &here) {
            Kinks::Differ => return Kinks::Differ,
            Kinks::Seen => found = Kinks::Seen,
            Kinks::Unseen => {}
        }
    }
    found
}

/// The same at one assignment of sizes; `thin` numbers the arguments between which regions may be thin, and `all` are
/// the two sides and then the arguments.
fn look_at(pair: &Pair<'_>, arguments: &[NodeId], thin: &[usize], all: &[NodeId], here: &Assignment) -> Kinks {
    let store = pair.store;
    let roots = [pair.candidate, pair.truth];
    let used = variables_by_name(store, all);
    let floats = Floats::<f64>::new().vanishing();
    let seed = seed(&pair.seed_text);
    let mut sides = vec![Sides::default(); arguments.len()];
    let mut seen: Vec<(At, Vec<Tensor<Bounded<f64>>>)> = Vec::new();
    for (step, scale) in SCALES.iter().enumerate() {
        for number in 0..POINTS {
            let positive = if number % 3 == 2 { u64::MAX } else { 0 };
            let mut source = Generic::new(*scale, positive, number % 2 == 1);
            let draw = Draw { seed: mix(seed, mix(step as u64 + 77, number)), number, enumerate: false };
            let Ok(point) = sample(&floats, &mut source, store, &used, here, draw, pair.limits.entries) else {
                continue;
            };
            let Ok(values) = evaluate(&floats, store, all, &point, pair.limits) else { continue };
            for (side, x) in sides.iter_mut().zip(&values[2..]) {
                side.above |= x.data.iter().any(|b| b.to_f64() > 0.0);
                side.below |= x.data.iter().any(|b| b.to_f64() < 0.0);
                side.at |= x.data.iter().any(|b| b.to_f64() == 0.0);
            }
            if differ(&values[0], &values[1]) {
                return Kinks::Differ;
            }
            seen.push((point, values));
        }
    }
    match beside_kinks(pair, arguments, thin, &seen) {
        Kinks::Seen => {}
        found => return found,
    }
    // An argument that cannot have another sign (a square, say) has no kink to cross.
    let crossed = |(side, x): (&Sides, &NodeId)| {
        let met = side.at && (side.above || side.below) && is_only_compared(store, &roots, *x);
        side.above && side.below || met || is_one_signed(store, *x)
    };
    if sides.iter().zip(arguments).all(crossed) { Kinks::Seen } else { Kinks::Unseen }
}

/// Properties between whose values there are no others.
const RIGID: [Property; 4] = [Property::Orthogonal, Property::OneHot, Property::Sign, Property::Integer];

fn moves(store: &Store, v: VariableId) -> bool {
    !store.variable(v).properties.iter().any(|p| RIGID.contains(p))
}

/// Whether only one side has a kink at the argument, though the other may have its value elsewhere.
fn is_own(pair: &Pair<'_>, x: NodeId) -> bool {
    [pair.candidate, pair.truth].iter().filter(|root| arguments(pair.store, &[**root]).contains(&x)).count() == 1
}

/// Whether an argument of one side alone is a function known only by name of finitely many values: the sign of one
/// function at them says nothing of another's.
fn is_beyond_sampling(pair: &Pair<'_>, x: NodeId) -> bool {
    let store = pair.store;
    let unknown = |id: &NodeId| matches!(store.node(*id), Node::Map(Function::Unknown(..), _) | Node::Unknown { .. });
    store.reachable(&[x]).iter().any(unknown)
        && !variables(store, &[x]).into_iter().any(|v| moves(store, v))
        && is_own(pair, x)
}

/// Compares the sides right beside a zero of every argument that only one of them has.
fn beside_kinks(
    pair: &Pair<'_>,
    arguments: &[NodeId],
    thin: &[usize],
    seen: &[(At, Vec<Tensor<Bounded<f64>>>)],
) -> Kinks {
    let store = pair.store;
    for (number, i) in thin.iter().enumerate() {
        let x = &arguments[*i];
        if is_only_compared(store, &[pair.candidate, pair.truth], *x) {
            // Equal at single points at most, but for some small integer it may be so everywhere.
            if has_integers(store, *x) {
                return Kinks::Unseen;
            }
            continue;
        }
        let free = variables(store, &[*x]).into_iter().all(|v| moves(store, v));
        let count = seen.first().map_or(0, |s| s.1[2 + *i].data.len());
        let mut way = Way::Lost;
        for entry in entries(count).filter(|_| free) {
            let at = |s: &(At, Vec<Tensor<Bounded<f64>>>)| s.1[2 + *i].data.get(entry).map_or(0.0, |b| b.to_f64());
            // On more than one way: the sides may agree at some of the zeros.
            let (above, below) = (seen.iter().filter(|s| at(s) > 0.0), seen.iter().filter(|s| at(s) < 0.0));
            for (above, below) in above.zip(below).take(WAYS) {
                way = way.max(between(pair, *x, entry, below.0.clone(), above.0.clone()));
                if way == Way::Differ {
                    return Kinks::Differ;
                }
            }
        }
        way = way.max(along_a_variable(pair, *x, count, seen));
        if way == Way::Differ {
            return Kinks::Differ;
        }
        let is_apart = !free && !is_near_zero(seen.iter().map(|s| &s.1[2 + *i]));
        if number >= ARGUMENTS || way == Way::Lost && !is_apart {
            return Kinks::Unseen;
        }
    }
    Kinks::Seen
}

/// Whether a value changes by jumps alone, so that its zeros are no thin region.
fn is_flat(store: &Store, x: NodeId) -> bool {
    match store.node(x) {
        Node::Variable(_) => false,
        Node::Map(Function::Sign | Function::Positive | Function::NonNegative | Function::Zero, _) => true,
        _ => store.operands(x).iter().all(|o| is_flat(store, *o)),
    }
}

/// Whether a power or a number depends on an integer or a size.
fn has_integers(store: &Store, x: NodeId) -> bool {
    store.reachable(&[x]).into_iter().any(|id| match store.node(id) {
        Node::Integer(p) | Node::MatrixPower(_, p) => p.as_constant().is_none(),
        _ => false,
    })
}

/// Whether values of one kind come so near to zero that others may lie between.
fn is_near_zero<'a>(values: impl Iterator<Item = &'a Tensor<Bounded<f64>>>) -> bool {
    let sizes = values.flat_map(|t| t.data.iter().map(|b| b.to_f64().abs())).filter(|x| *x > 0.0);
    let (least, most) = sizes.fold((f64::INFINITY, 0.0f64), |(a, b), x| (a.min(x), b.max(x)));
    least < most * GAP
}

/// Some of as many entries.
fn entries(count: usize) -> impl Iterator<Item = usize> {
    (0..count).step_by(count.div_ceil(ENTRIES).max(1))
}

/// What was seen on the way to a zero: the later, the more it says.
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Way {
    /// The zero was not reached.
    Lost,
    /// The sides agree as near to the zero as numbers go.
    Reached,
    /// The sides differ somewhere on it.
    Differ,
}

/// Crosses the zeros that one variable alone makes, others at rest: between all of two points an entry of (2 + s) A is
/// zero for the sake of A, and never for that of s. Others rest at more than one place, where the sides may differ.
fn along_a_variable(pair: &Pair<'_>, x: NodeId, count: usize, seen: &[(At, Vec<Tensor<Bounded<f64>>>)]) -> Way {
    let mut found = Way::Lost;
    for (rest, _) in seen.iter().step_by(seen.len().div_ceil(RESTS).max(1)) {
        for entry in entries(count) {
            found = found.max(along_from(pair, x, entry, rest, seen));
            if found == Way::Differ {
                return found;
            }
        }
    }
    found
}

/// The same for one entry, from one point.
fn along_from(pair: &Pair<'_>, x: NodeId, entry: usize, rest: &At, seen: &[(At, Vec<Tensor<Bounded<f64>>>)]) -> Way {
    let store = pair.store;
    let floats = Floats::<f64>::new();
    let sign = |at: &At| {
        let values = evaluate(&floats, store, &[x], at, pair.limits).ok()?;
        let value = values.first()?.data.get(entry)?.to_f64();
        (value != 0.0).then_some(value > 0.0)
    };
    let Some(here) = sign(rest) else { return Way::Lost };
    let mut found = Way::Lost;
    for v in variables_by_name(store, &[x]).into_iter().filter(|v| moves(store, *v)).take(VARIABLES) {
        let place = |at: &At| at.values.iter().position(|(w, _)| *w == v);
        let Some(own) = place(rest) else { continue };
        let with = |other: Tensor<Bounded<f64>>| {
            let mut moved = rest.clone();
            moved.values[own].1 = other;
            (sign(&moved)? != here).then_some(moved)
        };
        let shifted = |by: &f64| {
            let mut other = rest.values[own].1.clone();
            other.data.iter_mut().for_each(|x| *x = Bounded::exact(x.to_f64() + by));
            with(other)
        };
        // All entries together first; where properties forbid that, or it changes nothing, as they were elsewhere.
        let shifts: &[f64] = if store.variable(v).properties.is_empty() { &SHIFTS } else { &[] };
        let elsewhere = |(at, _): &(At, Vec<Tensor<Bounded<f64>>>)| with(at.values[place(at)?].1.clone());
        let Some(there) = shifts.iter().find_map(shifted).or_else(|| seen.iter().find_map(elsewhere)) else { continue };
        let (below, above) = if here { (there, rest.clone()) } else { (rest.clone(), there) };
        found = found.max(between(pair, x, entry, below, above));
        if found == Way::Differ {
            return found;
        }
    }
    found
}

/// Halves the way from a point where an entry of `x` is negative to one where it is positive, and compares the sides at
/// every point on it.
fn between(pair: &Pair<'_>, x: NodeId, entry: usize, mut below: At, mut above: At) -> Way {
    let floats = Floats::<f64>::new();
    for step in 0..HALVINGS {
        let mut middle = below.clone();
        for ((_, m), (_, a)) in middle.values.iter_mut().zip(&above.values) {
            for (m, a) in m.data.iter_mut().zip(&a.data) {
                *m = Bounded::exact(0.5 * (m.to_f64() + a.to_f64()));
            }
        }
        // Where the zero is too near to tell its sign, the way ends.
        let Ok(values) = evaluate(&floats, pair.store, &[pair.candidate, pair.truth, x], &middle, pair.limits) else {
            return if step < NEAR { Way::Lost } else { Way::Reached };
        };
        let [candidate, truth, argument] = values.as_slice() else { return Way::Lost };
        if differ(candidate, truth) {
            return Way::Differ;
        }
        let Some(here) = argument.data.get(entry) else { return Way::Lost };
        if here.to_f64() > 0.0 { above = middle } else { below = middle }
    }
    Way::Reached
}
