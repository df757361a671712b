//! One function: its statements, in the order in which they are computed.

use super::Refusal;
use super::expression::Writer;
use super::identifier::Given;
use super::read::read;
use super::step::{Step, StepId, Steps};
use super::target::{Prelude, Target, Written};
use super::text::Text;
use crate::dimension::{IntVar, Poly};
use crate::tensor::{DimId, FunctionId, NodeId, Pattern, Store, VariableId};
use std::collections::BTreeSet;

/// An expression longer than this gets a name.
const LONGEST: usize = 64;

/// What a function's body needs from outside, beside its statements.
pub(super) struct Body {
    /// The statements.
    pub(super) lines: Vec<String>,
    /// What is returned.
    pub(super) result: String,
    pub(super) integers: BTreeSet<IntVar>,
    pub(super) preludes: BTreeSet<Prelude>,
    pub(super) functions: BTreeSet<(FunctionId, u8, bool)>,
}

/// What names stand for, the same in both functions.
pub(super) struct Names<'a> {
    pub(super) variable: &'a dyn Fn(VariableId) -> String,
    pub(super) integer: &'a dyn Fn(IntVar) -> String,
    /// An array whose type new arrays take.
    pub(super) like: Option<String>,
    /// The matrices that equal their transposes.
    pub(super) symmetric: BTreeSet<NodeId>,
}

/// The body of a function that computes a node.
pub(super) fn body(
    store: &Store,
    root: NodeId,
    target: Target,
    names: &Names<'_>,
    mut given: Given,
    size: &dyn Fn(DimId) -> f64,
) -> Result<Body, Refusal> {
    let (steps, root) = read(store, root, &names.symmetric, size);
    let order = steps.reachable(root);
    let mut uses = vec![0usize; root.0 as usize + 1];
    for id in &order {
        for x in steps.step(*id).operands() {
            uses[x.0 as usize] += 1;
        }
    }
    let bound = bound(&steps, &order);
    let mut writer = Writer {
        store,
        steps: &steps,
        target,
        variable: names.variable,
        integer: names.integer,
        like: names.like.clone(),
        written: Written::default(),
        integers: BTreeSet::new(),
        preludes: BTreeSet::new(),
        functions: BTreeSet::new(),
    };
    let mut lines = Vec::new();
    let mut next = 0;
    for id in order {
        let text = writer.expression(id)?;
        let shared = uses[id.0 as usize] > 1 || text.code.chars().count() > LONGEST && id != root;
        let text = match steps.step(id) {
            _ if bound[id.0 as usize] || text.is_name() => text,
            Step::Named { name, .. } => {
                let name = store.variable(*name).name.clone();
                let plain = !name.is_empty() && !name.starts_with('\u{1}');
                let own = if plain { given.give(&name) } else { given.temporary(&mut next) };
                lines.push(format!("{own} = {}", text.code));
                Text::atom(own)
            }
            _ if shared && !writer.is_cheap(id) => {
                let own = given.temporary(&mut next);
                lines.push(format!("{own} = {}", text.code));
                Text::atom(own)
            }
            _ => text,
        };
        writer.written.insert(id, text);
    }
    let result = writer.text(root).code;
    // What was only needed for an array that is written as a number in the end is not needed.
    let occurs = |v: &IntVar| {
        let name = (names.integer)(*v);
        lines.iter().chain([&result]).any(|l| l.split(|c: char| !c.is_alphanumeric() && c != '_').any(|w| w == name))
    };
    let integers = writer.integers.iter().copied().filter(occurs).collect();
    Ok(Body { lines, result, integers, preludes: writer.preludes, functions: writer.functions })
}

impl Writer<'_> {
    /// Whether a step is as easily written again as named: a transposed name, a number, what only repeats.
    fn is_cheap(&self, id: StepId) -> bool {
        match self.steps.step(id) {
            Step::Single { of, labels, out } => {
                let turned = labels.len() == 2 && out.as_slice() == [1, 0];
                turned && self.text(*of).is_name() || self.repeated(id).is_some()
            }
            Step::Linear(terms) => terms.len() == 1 && self.text(terms[0].1).is_name() && self.steps.rank(id) == 0,
            _ => self.is_number(id),
        }
    }
}

/// Which steps contain the variable of a sum over integers from outside that sum: these are written where they are
/// used.
fn bound(steps: &Steps, order: &[StepId]) -> Vec<bool> {
    let all: Vec<IntVar> = order
        .iter()
        .filter_map(|id| match steps.step(*id) {
            Step::RangeSum { variable, .. } => Some(*variable),
            _ => None,
        })
        .collect();
    let mut inside: Vec<Vec<IntVar>> = vec![Vec::new(); order.last().map_or(0, |o| o.0 as usize + 1)];
    for id in order {
        let step = steps.step(*id);
        let mut own: Vec<IntVar> = step.operands().iter().flat_map(|x| inside[x.0 as usize].clone()).collect();
        polys(step, &mut |p| own.extend(all.iter().filter(|v| p.contains(**v))));
        if let Step::RangeSum { variable, .. } = step {
            own.retain(|v| v != variable);
        }
        own.sort_unstable();
        own.dedup();
        inside[id.0 as usize] = own;
    }
    inside.iter().map(|v| !v.is_empty()).collect()
}

fn polys(step: &Step, f: &mut impl FnMut(&Poly)) {
    match step {
        Step::Integer(p) | Step::MatrixPower(_, p) => f(p),
        Step::RangeSum { lower, upper, .. } => {
            f(lower);
            f(upper);
        }
        Step::Pattern(Pattern::Basis { position: p, .. } | Pattern::Shift { offset: p, .. }) => f(p),
        Step::Pattern(Pattern::Range { lower, upper, .. }) => {
            f(lower);
            f(upper);
        }
        Step::Pattern(Pattern::Count { .. } | Pattern::Before { .. })
        | Step::Argument(_)
        | Step::Named { .. }
        | Step::Constant(_)
        | Step::Linear(_)
        | Step::Pair { .. }
        | Step::Single { .. }
        | Step::Solve { .. }
        | Step::Map(..)
        | Step::Softmax { .. }
        | Step::LogSumExp { .. }
        | Step::Power(..)
        | Step::Inverse(_)
        | Step::Determinant(_)
        | Step::LogDeterminant(_)
        | Step::Unknown { .. }
        | Step::Zero
        | Step::Fuse { .. }
        | Step::Reshape(_) => {}
    }
}
