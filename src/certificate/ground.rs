//! What a verdict stands on.

use super::point;
use crate::algebra::{self, Budget, Proof, normal_form};
use crate::check::Answer;
use crate::evaluation::{Assignment, Draw, Field, Limits, Residue, Uniform, evaluate, mix, sample, variables};
use crate::report::json::sizes;
use crate::tensor::{NodeId, Store};
use crate::verdict::Evidence;
use serde_json::{Value, json};

/// Points of prime fields that a certificate holds, at each assignment of sizes.
const POINTS: u64 = 2;
/// How often a point at which something is undefined is drawn again.
const TRIES: u64 = 32;

/// The ground of an answer's verdict.
pub(super) fn of(answer: &Answer) -> Option<Value> {
    let posed = answer.posed.as_ref()?;
    let name = |v| posed.integer_name(v);
    let shown = |dims: &[Assignment]| Value::Array(dims.iter().map(|a| sizes(a, &name)).collect());
    let pair = answer.pair;
    answer.evidence.iter().find_map(|e| {
        Some(match e {
            Evidence::Proved => normal_forms(&posed.store, pair?)?,
            Evidence::Exact { bound, points, dims, seed } => {
                let values: Option<Vec<Value>> =
                    dims.iter().map(|a| field_points(&posed.store, pair?, a, *seed, &name)).collect();
                json!({"kind": "exact", "bound": bound, "points": points, "dims": shown(dims), "seed": seed,
                    "values": values?})
            }
            Evidence::Numeric { points, max_rel_diff, dims, seed } => json!({
                "kind": "numeric", "points": points, "max_rel_diff": max_rel_diff, "dims": shown(dims), "seed": seed}),
            Evidence::Refuted { by } => match &answer.counterexample {
                Some(c) => json!({"kind": "counterexample", "at": point::written(c, &posed.store, &name)}),
                None => json!({"kind": "refuted", "by": by}),
            },
            Evidence::FiniteDifference { .. } => return None,
        })
    })
}

/// The digests of both normal forms; where the two are equal only after denominators are cleared, that is said.
pub(super) fn normal_forms(store: &Store, (candidate, truth): (NodeId, NodeId)) -> Option<Value> {
    let budget = Budget::default();
    if algebra::compare(store, candidate, truth, &budget) != Proof::Equal {
        return None;
    }
    let digest = |node| normal_form(store, node, &budget).ok().map(|f| format!("{:016x}", f.digest()));
    let (a, b) = (digest(candidate), digest(truth));
    Some(json!({"kind": "normal_form", "candidate": a, "truth": b, "cleared": a != b}))
}

/// Both sides at points of two prime fields at those sizes: the first entries, which have to be equal.
pub(super) fn field_points(
    store: &Store,
    (candidate, truth): (NodeId, NodeId),
    dims: &Assignment,
    seed: u64,
    name: &dyn Fn(crate::dimension::IntVar) -> String,
) -> Option<Value> {
    let free = variables(store, &[candidate, truth]);
    let limits = Limits::default();
    let mut points = Vec::new();
    for number in 0..POINTS {
        let field = Field::new(mix(seed, 1 + number));
        let found = (0..TRIES).find_map(|attempt| {
            let draw = Draw { seed: mix(seed, mix(number, attempt)), number, enumerate: false };
            let field = field.keyed(mix(draw.seed, 3));
            let point = sample(&field, &mut Uniform, store, &free, dims, draw, limits.entries).ok()?;
            let values = evaluate(&field, store, &[candidate, truth], &point, &limits).ok()?;
            let [c, t] = values.as_slice() else { return None };
            let equal = c.dims == t.dims && c.data == t.data;
            let hash = t.data.iter().fold(0u64, |h, x: &Residue| mix(h, field.value(*x)));
            let first = t.data.first().map_or(0, |x| field.value(*x));
            Some(json!({"prime": field.prime(), "attempt": attempt, "equal": equal, "first": first, "all": hash}))
        });
        points.push(found?);
    }
    Some(json!({"dims": sizes(dims, name), "at": points}))
}
