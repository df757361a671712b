//! Two formulas, a line each: what is printed means the same, a verdict does not depend on which stands first, and a
//! normal form never contradicts the values in prime fields.
#![no_main]

use gradmark::algebra::{self, Budget, Proof};
use gradmark::check::{Answer, Options, check, read};
use gradmark::evidence::{Exact, Limits, Pair, exact};
use gradmark::problem::{Ask, Layout};
use gradmark::verdict::{Asked, Decision, Depth, Verdict, compare};
use gradmark_fuzz::problem;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let Some((a, b)) = text.split_once('\n') else { return };
    reads_back(a);
    let answer = identity(a, b);
    let (Some(posed), Some((x, y))) = (&answer.posed, answer.pair) else { return };
    let (store, sizes) = (&posed.store, &posed.scope.sizes);
    let limits = Limits::default();
    let pair = |x, y| Pair { store, candidate: x, truth: y, sizes, seed_text: [a, b], limits: &limits };
    let (there, back) =
        (algebra::compare(store, x, y, &Budget::default()), algebra::compare(store, y, x, &Budget::default()));
    let contradict = |p, q| matches!((p, q), (Proof::Equal, Proof::Different) | (Proof::Different, Proof::Equal));
    assert!(!contradict(there, back), "the normal forms of {a:?} and {b:?}: {there:?}, {back:?}");
    if there == Proof::Equal || back == Proof::Equal {
        let values = exact(&pair(x, y));
        let different = matches!(values, Exact::Different { conclusive: true, .. });
        assert!(!different, "equal normal forms and different values of {a:?} and {b:?}");
    }
    let one = compare(store, x, y, sizes, [a, b], Depth::Decisive);
    let two = compare(store, y, x, sizes, [b, a], Depth::Decisive);
    // A side that is defined on less is told so, and that does depend on which side it is.
    let domain = one.notes.defined_on_less || two.notes.defined_on_less || one.notes.narrower || two.notes.narrower;
    let opposite =
        |p, q| matches!((p, q), (Decision::Equal, Decision::Different) | (Decision::Different, Decision::Equal));
    assert!(domain || !opposite(one.decision, two.decision), "{a:?} against {b:?}: {one:?}, {two:?}");
});

fn identity(a: &str, b: &str) -> Answer {
    let asked =
        Asked { objective: a, wrt: &[], ask: Ask::Identity, layout: Layout::Standard, structured: false, syntax: None };
    check(problem(), &asked, Some(b), Options { depth: Depth::Decisive, counterexample: false, diagnosis: None })
}

/// A formula said back, once shapes have settled how it is grouped, is that formula.
fn reads_back(a: &str) {
    let Ok(sides) = read(problem(), a, None) else { return };
    let [side] = sides.as_slice() else { return };
    for printed in [&side.plain, &side.latex] {
        let found = identity(a, printed);
        assert!(found.verdict != Some(Verdict::Incorrect), "{a:?} said back as {printed:?} is another formula");
    }
}
