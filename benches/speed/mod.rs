//! What the benchmarks of speed share: the formulas, prepared stage by stage.

use gradmark::calculus;
use gradmark::check::{Options, RequestText, parse_request};
use gradmark::diagnosis::Budget;
use gradmark::evidence::{Limits, Pair};
use gradmark::lower::Lowering;
use gradmark::problem::{Problem, build};
use gradmark::tensor::NodeId;
use gradmark::verdict::{Candidate, Depth, Posed, judge, pose, read_candidate, settle};

const FORMULAS: &str = include_str!("../formulas.jsonl");

/// The requests whose name starts so: `right`, `wrong`.
pub fn requests(kind: &str) -> Vec<RequestText> {
    FORMULAS
        .lines()
        .map(|l| parse_request(l).expect("a request"))
        .filter(|r| r.id.as_str().is_some_and(|id| id.starts_with(kind)))
        .collect()
}

/// How a batch checks; a verdict alone where nothing is explained.
pub fn options(explain: bool) -> Options {
    let diagnosis = explain.then(Budget::default);
    Options { depth: Depth::Decisive, counterexample: explain, diagnosis }
}

/// A request with everything that the stages need.
pub struct Case {
    pub request: RequestText,
    pub problem: Problem,
    pub wrt: Vec<String>,
    /// Posed, with nothing derived.
    pub open: Posed,
    /// With the truth, and the candidate in the graph.
    pub posed: Posed,
    pub candidate: Candidate,
    /// The candidate and the truth.
    pub pair: (NodeId, NodeId),
}

impl Case {
    pub fn new(request: RequestText) -> Option<Self> {
        let problem = build(&request.problem(), request.notation()).ok()?;
        let wrt = request.variables();
        let text = request.candidate.clone()?;
        let mut open = pose(&problem.scope, &request.asked(&wrt), Some(&text)).ok()?;
        settle(&mut open, problem.declared);
        let mut posed = open.clone();
        posed.derive().ok()?;
        let (mut candidate, typed) = read_candidate(&mut posed, &text, request.notation(), problem.declared).ok()?;
        let typed = typed?;
        let judged = judge(&mut posed, &mut candidate, Some(&typed), Depth::Decisive).ok()?;
        Some(Self { pair: judged.pair?, request, problem, wrt, open, posed, candidate })
    }

    /// From the objective's text to its derivative in the graph.
    pub fn derived(&self) -> Option<NodeId> {
        let mut posed = pose(&self.problem.scope, &self.request.asked(&self.wrt), None).ok()?;
        settle(&mut posed, self.problem.declared);
        differentiate(&mut posed)
    }

    /// What the layers of evidence compare.
    pub fn compared<R>(&self, of: impl FnOnce(&Pair<'_>) -> R) -> R {
        let limits = Limits::default();
        let (candidate, truth) = self.pair;
        of(&Pair {
            store: &self.posed.store,
            candidate,
            truth,
            sizes: &self.posed.scope.sizes,
            seed_text: self.posed.texts(&self.candidate.text),
            limits: &limits,
        })
    }
}

/// The objective in the graph, and its derivative; nothing where that is refused.
pub fn differentiate(posed: &mut Posed) -> Option<NodeId> {
    let mut lowering =
        Lowering { scope: &posed.scope, store: &mut posed.store, quantities: &mut posed.quantities, marked: None };
    let mut node = lowering.lower(&posed.tree, &posed.typed).ok()?.node;
    for b in &posed.by {
        let target = lowering.tensor(b.quantity).ok()?;
        node = calculus::derivative(lowering.store, node, target);
    }
    Some(node)
}
