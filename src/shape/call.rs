//! Calls of declared functions.

use super::Function;
use super::infer::{Inference, Surroundings, infer_with};
use super::typed::{Instance, Reading};
use crate::dimension::Shape;
use crate::operator;
use crate::syntax::{ExprId, Name};
use crate::text::{Code, Diagnostic};

/// How deep functions given by formulas may call each other.
const DEEPEST_CALL: u8 = 16;

impl Inference<'_> {
    pub(super) fn call(
        &mut self,
        id: ExprId,
        name: &Name,
        order: u8,
        arguments: &[ExprId],
        entrywise: bool,
    ) -> Result<Shape, Diagnostic> {
        // A prime makes a function of the table its derivative: σ'(z).
        if order > 0 && self.scope.function(name).is_none() {
            return self.derivative_of_known(id, name, order, arguments);
        }
        let Some(function) = self.scope.function(name).cloned() else {
            return Err(self.error(Code::UNKNOWN_SYMBOL, id, format!("the function {name} is not declared")));
        };
        let inside = entrywise || matches!(function, Function::Elementwise);
        let mut shapes = Vec::with_capacity(arguments.len());
        for a in arguments {
            let shape = self.visit(*a, inside)?;
            self.forbid_tensor(*a, &shape)?;
            shapes.push(self.unifier.resolve_shape(&shape));
        }
        match function {
            Function::Elementwise | Function::Scalar if shapes.len() != 1 => {
                Err(self.error(Code::BAD_ARGUMENTS, id, format!("{name} takes one argument, not {}", shapes.len())))
            }
            Function::Elementwise => Ok(shapes.remove(0)),
            Function::Scalar if order == 0 => Ok(Shape::scalar()),
            Function::Scalar if order == 1 => Ok(shapes.remove(0)),
            Function::Scalar => Err(self
                .error(Code::UNSUPPORTED, id, format!("higher derivatives of {name} cannot be written with primes"))
                .hint("write them as ∇²")),
            Function::Defined { .. } if order > 1 => Err(self.error(
                Code::UNSUPPORTED,
                id,
                format!("only the first derivative of {name} can be written with a prime"),
            )),
            Function::Defined { parameters, tree, .. } => self.instance(id, name, &parameters, &tree, &shapes),
        }
    }

    fn derivative_of_known(
        &mut self,
        id: ExprId,
        name: &Name,
        order: u8,
        arguments: &[ExprId],
    ) -> Result<Shape, Diagnostic> {
        let (Some(op), [argument]) = (operator::entrywise_function(name), arguments) else {
            let message = format!("{name} has no derivative that a prime could mean");
            return Err(self.error(Code::UNSUPPORTED, id, message).hint("write the derivative out"));
        };
        if order > 1 {
            let message = format!("only the first derivative of {} can be written with a prime", op.name);
            return Err(self.error(Code::UNSUPPORTED, id, message).hint("write the derivative out"));
        }
        let shape = self.visit(*argument, true)?;
        self.forbid_tensor(*argument, &shape)?;
        Ok(self.unifier.resolve_shape(&shape))
    }

    /// A function given by a formula: as it stands, or entry by entry where it is one of scalars.
    fn instance(
        &mut self,
        id: ExprId,
        name: &Name,
        parameters: &[Name],
        tree: &crate::syntax::Tree,
        shapes: &[Shape],
    ) -> Result<Shape, Diagnostic> {
        if parameters.len() != shapes.len() {
            return Err(self.error(
                Code::BAD_ARGUMENTS,
                id,
                format!("{name} takes {} arguments, not {}", parameters.len(), shapes.len()),
            ));
        }
        if self.around.depth >= DEEPEST_CALL {
            return Err(self.error(Code::CYCLIC_DEFINITION, id, format!("{name} is defined by itself")));
        }
        let direct = self.try_instance(parameters, tree, shapes);
        let (result, entrywise) = match direct {
            Err(_) if shapes.len() == 1 && !shapes[0].is_scalar() => {
                (self.try_instance(parameters, tree, &[Shape::scalar()]), true)
            }
            other => (other, false),
        };
        let (typed, assumed) =
            result.map_err(|d| Diagnostic::new(d.code, self.tree.span(id), format!("in {name}: {}", d.message)))?;
        for a in assumed {
            if !self.assumed.contains(&a) {
                self.assumed.push(a);
            }
        }
        let shape = if entrywise { shapes[0].clone() } else { typed.shape(tree.root).clone() };
        self.typed.readings[id.0 as usize] =
            Reading::Instance(Box::new(Instance { function: name.clone(), typed, entrywise }));
        Ok(shape)
    }

    fn try_instance(
        &mut self,
        parameters: &[Name],
        tree: &crate::syntax::Tree,
        shapes: &[Shape],
    ) -> Result<(super::Typed, Vec<String>), Diagnostic> {
        let around = Surroundings {
            parameters: parameters.iter().cloned().zip(shapes.iter().cloned()).collect(),
            letters: self.bound.iter().chain(&self.typed.free).chain(&self.around.letters).cloned().collect(),
            expected: None,
            depth: self.around.depth + 1,
        };
        // `infer_with` works on the scope's own unifier.
        std::mem::swap(&mut self.scope.unifier, self.unifier);
        let saved = self.scope.unifier.clone();
        let result = infer_with(tree, self.scope, &around);
        if result.is_err() {
            self.scope.unifier = saved;
        }
        std::mem::swap(&mut self.scope.unifier, self.unifier);
        result.map(|i| (i.typed, i.assumed))
    }
}
