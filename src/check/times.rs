//! A derivative times a vector or a matrix: the derivative along a direction, without the derivative's own axes. Of a
//! gradient it is the Hessian times the direction, in the shape of the variable; of a vector the Jacobian times it.

use super::answer::{Answer, Options, check};
use crate::calculus;
use crate::dimension::Shape;
use crate::lower::Lowering;
use crate::problem::{Ask, Problem};
use crate::shape::{Body, QuantityId};
use crate::syntax::parse_declared;
use crate::tensor::Value;
use crate::text::{Code, Diagnostic, Span};
use crate::verdict::{Asked, By, Depth, Fault, Form, Place, Posed};

/// The derivative that is asked for, times what `along` names: a declared symbol of the shape of the last variable, or
/// a new one of that shape.
#[must_use]
pub fn times(problem: &Problem, asked: &Asked<'_>, along: &str) -> Answer {
    let options = Options { depth: Depth::Decisive, counterexample: false, diagnosis: None };
    let whole = check(problem, asked, None, options);
    let Some(posed) = whole.posed.as_ref().filter(|_| whole.fault.is_none()) else { return whole };
    match directed(posed, along) {
        Ok(posed) => Answer::of_formula(posed, &whole, problem.declared),
        Err(diagnostic) => Answer::fault(Fault { place: Place::Request, diagnostic }),
    }
}

/// The same task with the product for its truth.
fn directed(posed: &Posed, along: &str) -> Result<Posed, Diagnostic> {
    let unsupported = |message: &str| Diagnostic::new(Code::UNSUPPORTED, Span::default(), message);
    let (first, last) = match posed.by.as_slice() {
        [one] => (None, one),
        [first, last] => (Some(first), last),
        _ => return Err(unsupported("a product with a direction is that of a first or a second derivative")),
    };
    let whole = |b: &By| b.indices.is_empty() && !b.transposed;
    if !posed.by.iter().all(whole) || !posed.objective.free.is_empty() || posed.structured {
        return Err(unsupported("a derivative by entries or members cannot be taken along a direction")
            .hint("differentiate by a whole symbol"));
    }
    let mut task = posed.clone();
    let direction = direction(&mut task, along, &last.shape)?;
    let mut lowering =
        Lowering { scope: &task.scope, store: &mut task.store, quantities: &mut task.quantities, marked: None };
    let moved = (lowering.tensor(last.quantity)?, lowering.tensor(direction)?);
    let base = match first {
        Some(b) => {
            if !posed.objective.is_scalar() {
                return Err(unsupported("a second derivative along a direction is that of a scalar"));
            }
            let target = lowering.tensor(b.quantity)?;
            let gradient = calculus::derivative(lowering.store, posed.objective.node, target);
            let row = !b.shape.rows.is_one();
            Value::matrix(gradient, row, !b.shape.cols.is_one())
        }
        None => posed.objective.clone(),
    };
    let node = calculus::differential(&mut task.store, base.node, &[moved]);
    let shape =
        first.map_or_else(|| task.scope.unifier.resolve_shape(task.typed.shape(task.tree.root)), |b| b.shape.clone());
    task.truth = Value { integer: None, ..base.with(node) };
    task.objective = task.truth.clone();
    (task.derivative, task.formed) = (node, node);
    task.form = Form { letters: Vec::new(), shape, flipped: false };
    task.ask = Ask::Identity;
    if task.store.is_exceeded() {
        let message = "the formula needs more nodes than the limit";
        return Err(Diagnostic::new(Code::TOO_LARGE, Span::default(), message));
    }
    Ok(task)
}

/// The symbol that names the direction.
fn direction(task: &mut Posed, along: &str, shape: &Shape) -> Result<QuantityId, Diagnostic> {
    let bad = |message: String| Diagnostic::new(Code::BAD_DECLARATION, Span::default(), message);
    let name = parse_declared(along)
        .ok()
        .filter(|d| d.parameters.is_empty())
        .map(|d| d.whole)
        .ok_or_else(|| bad(format!("`{along}` is no name of a direction")).hint("write one symbol, as in v"))?;
    let wanted = task.scope.unifier.show_shape(shape);
    if let Some(q) = task.scope.find(&name, 0) {
        let own = task.scope.unifier.resolve_shape(&task.scope.quantity(q).shape);
        let variable = matches!(task.scope.quantity(q).body, Body::Variable | Body::Definition(_));
        if own != *shape || !variable {
            let found = task.scope.unifier.show_shape(&own);
            return Err(bad(format!("{name} is {found}, and the direction has the shape of the variable, {wanted}"))
                .hint("give another name"));
        }
        return Ok(q);
    }
    if task.scope.names.contains(&name) {
        return Err(bad(format!("{name} already stands for something else")).hint("give another name"));
    }
    task.assumed.push(format!("{name} is a direction, {wanted}"));
    Ok(task.scope.declare_symbol(&name, shape.clone(), Vec::new()))
}
