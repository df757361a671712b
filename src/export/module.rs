//! The text of a file: imports, what the library lacks, the objective and its derivative.

use super::function::{Body, Names, body};
use super::identifier::Given;
use super::target::{Target, derivative_name};
use super::{Derivative, Refusal, Source};
use crate::algebra;
use crate::dimension::{IntVar, Poly};
use crate::evaluation::{for_each_poly, variables};
use crate::shape::property_name;
use crate::tensor::{DimId, FunctionId, Node, NodeId, Store, Value, VariableId};
use rustc_hash::FxHashMap;
use std::collections::BTreeSet;
use std::fmt::Write;

/// Sizes that nobody gave are taken to be this.
const USUAL_SIZE: f64 = 100.0;

/// What a function takes.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub enum Argument {
    /// A symbol's value.
    Variable(VariableId),
    /// A size or an exponent.
    Integer(IntVar),
    /// A function known only by name, or its derivative of that order.
    Function {
        /// Which.
        function: FunctionId,
        /// Of which order.
        order: u8,
        /// Whether it takes a whole array to a number.
        scalar: bool,
    },
}

/// A module.
#[derive(Clone, Debug)]
pub struct Module {
    /// Its text.
    pub text: String,
    /// What both functions take, in order.
    pub arguments: Vec<Argument>,
    /// What the derivative's function is called.
    pub derivative: String,
}

/// A module of Python with the objective and its derivative.
///
/// # Errors
/// What cannot be written in this library.
pub fn python(source: &Source<'_>, target: Target) -> Result<Module, Refusal> {
    let store = source.store;
    let roots = [source.objective.node, source.derivative.node];
    let mut used = variables(store, &roots);
    used.sort_unstable();
    let integers = integers(store, &roots);
    let mut given = Given::default();
    let names: FxHashMap<VariableId, String> =
        used.iter().map(|v| (*v, given.give(&store.variable(*v).name))).collect();
    let sizes: FxHashMap<IntVar, String> = integers.iter().map(|v| (*v, given.give(&(source.integer)(*v)))).collect();
    let variable = |v: VariableId| names.get(&v).cloned().unwrap_or_default();
    let integer = |v: IntVar| sizes.get(&v).cloned().unwrap_or_default();
    let is_array = |v: &&VariableId| !store.variable(**v).axes.is_empty();
    let like = used.iter().find(is_array).or_else(|| used.first()).map(|v| variable(*v));
    let value = |v: IntVar| Some((source.size)(v).unwrap_or(USUAL_SIZE));
    let size = |d: DimId| extent(store.poly(d), &value);
    let names = Names { variable: &variable, integer: &integer, like, symmetric: symmetric(store, &roots) };
    let mut bodies = Vec::new();
    for root in roots {
        let own = Given::default().with(&given);
        bodies.push(body(store, root, target, &names, own, &size)?);
    }
    let signature = Signature::new(store, &used, &bodies, &names);
    let derivative = format!("{}_{}", source.name, source.what.word());
    let by = if source.what == Derivative::Hessian { source.wrt.get(..1).unwrap_or_default() } else { source.wrt };
    let what = format!("The {} of {} by {}.", source.what.words(), source.name, by.join(" and "));
    let mut out = String::from(target.imports());
    let preludes: BTreeSet<_> = bodies.iter().flat_map(|b| b.preludes.iter().copied()).collect();
    for p in preludes {
        write!(out, "\n\n{}", p.code()).unwrap_or_default();
    }
    for (name, what, value, body) in [
        (source.name, source.title.to_owned(), source.objective, &bodies[0]),
        (derivative.as_str(), what, source.derivative, &bodies[1]),
    ] {
        out.push_str("\n\n");
        signature.function(&mut out, source, (name, &what), value, body);
    }
    let functions = bodies.iter().flat_map(|b| b.functions.iter().copied()).collect::<BTreeSet<_>>();
    let functions =
        functions.into_iter().map(|(function, order, scalar)| Argument::Function { function, order, scalar });
    let arguments = signature.variables.iter().map(|v| Argument::Variable(v.0));
    let arguments = arguments.chain(signature.integers.iter().map(|i| Argument::Integer(i.0))).chain(functions);
    Ok(Module { text: out, arguments: arguments.collect(), derivative })
}

/// The matrices whose inverses are taken and that equal their transposes.
fn symmetric(store: &Store, roots: &[NodeId]) -> BTreeSet<NodeId> {
    let mut own = store.clone();
    let mut equal = |x: NodeId| {
        let turned = own.permute(x, &[1, 0]);
        !own.is_exceeded() && algebra::compare(&own, x, turned, &algebra::Budget::default()) == algebra::Proof::Equal
    };
    let inverted = store.reachable(roots).into_iter().filter_map(|id| match store.node(id) {
        Node::Inverse(x) if store.rank(*x) == 2 => Some(*x),
        _ => None,
    });
    inverted.filter(|x| equal(*x)).collect()
}

/// The value of a polynomial in sizes.
fn extent(p: &Poly, size: &dyn Fn(IntVar) -> Option<f64>) -> f64 {
    let term = |(vars, c): (&[IntVar], i64)| c as f64 * vars.iter().map(|v| size(*v).unwrap_or(1.0)).product::<f64>();
    p.terms().map(term).sum::<f64>().max(1.0)
}

/// Every named integer of the roots.
fn integers(store: &Store, roots: &[NodeId]) -> BTreeSet<IntVar> {
    let mut all = BTreeSet::new();
    for id in store.reachable(roots) {
        if let Node::RangeSum { variable, .. } = store.node(id) {
            all.insert(*variable);
        }
        for_each_poly(store, id, &mut |p: &Poly| all.extend(p.variables()));
    }
    all
}

/// What both functions take.
struct Signature<'a> {
    store: &'a Store,
    /// Arrays and numbers.
    variables: Vec<(VariableId, String)>,
    /// Sizes and exponents that no array tells.
    integers: Vec<(IntVar, String)>,
    /// Functions known only by name.
    functions: Vec<(String, String)>,
    /// How the other sizes are told.
    told: FxHashMap<IntVar, String>,
    names: &'a Names<'a>,
}

impl<'a> Signature<'a> {
    fn new(store: &'a Store, used: &[VariableId], bodies: &[Body], names: &'a Names<'a>) -> Self {
        let variables: Vec<(VariableId, String)> = used.iter().map(|v| (*v, (names.variable)(*v))).collect();
        let mut told = FxHashMap::default();
        for (v, name) in &variables {
            for (axis, d) in store.variable(*v).axes.iter().enumerate() {
                if let Some(n) = store.poly(*d).as_variable() {
                    told.entry(n).or_insert_with(|| format!("{} = {name}.shape[{axis}]", (names.integer)(n)));
                }
            }
        }
        let needed: BTreeSet<IntVar> = bodies.iter().flat_map(|b| b.integers.iter().copied()).collect();
        let integers = needed.iter().filter(|v| !told.contains_key(v)).map(|v| (*v, (names.integer)(*v))).collect();
        let functions: BTreeSet<_> = bodies.iter().flat_map(|b| b.functions.iter().copied()).collect();
        let functions = functions
            .into_iter()
            .map(|(f, order, scalar)| {
                let base = super::identifier::identifier(store.function_name(f));
                let name = derivative_name(&base, order, scalar);
                let words = match (order, scalar) {
                    (0, false) => "a function of every entry".to_owned(),
                    (0, true) => "a function of an array, with a number as value".to_owned(),
                    (1, false) => format!("the derivative of {base}"),
                    (1, true) => format!("the gradient of {base}, with the shape of its argument"),
                    (n, false) => format!("the derivative of {base} of order {n}"),
                    (n, true) => {
                        format!("the derivatives of {base} of order {n}, with the axes of its argument {n} times")
                    }
                };
                (name, words)
            })
            .collect();
        Self { store, variables, integers, functions, told, names }
    }

    fn function(&self, out: &mut String, source: &Source<'_>, (name, what): (&str, &str), value: &Value, body: &Body) {
        let arguments = self.variables.iter().map(|v| v.1.as_str());
        let arguments = arguments.chain(self.integers.iter().map(|i| i.1.as_str()));
        let arguments: Vec<&str> = arguments.chain(self.functions.iter().map(|f| f.0.as_str())).collect();
        let what = what.replace('"', "'").replace('\n', " ");
        let raw = if what.contains('\\') { "r" } else { "" };
        let mut lines = vec![format!("{raw}\"\"\"{what}"), String::new()];
        for (v, name) in &self.variables {
            lines.push(format!("{name}: {}", self.described(*v)));
        }
        lines.extend(self.integers.iter().map(|(v, name)| {
            let is_size = self.store.variables().any(|(_, w)| w.axes.iter().any(|d| self.store.poly(*d).contains(*v)));
            format!("{name}: {}", if is_size { "a size" } else { "an integer" })
        }));
        lines.extend(self.functions.iter().map(|(name, words)| format!("{name}: {words}")));
        lines.push(format!("returns {}", self.returned(value)));
        if let Some(sizes) = source.sizes {
            lines.push(format!("products in the order that is cheapest at {sizes}"));
        }
        lines.push("\"\"\"".to_owned());
        let told = body.integers.iter().filter_map(|v| self.told.get(v).cloned());
        lines.extend(told);
        lines.extend(body.lines.iter().cloned());
        lines.push(format!("return {}", body.result));
        out.push_str(&format!("def {name}({}):\n", arguments.join(", ")));
        for line in lines {
            out.push_str(if line.is_empty() { "" } else { "    " });
            out.push_str(&line);
            out.push('\n');
        }
    }

    fn shape(&self, dims: &[DimId]) -> String {
        // As Python would write it: m*n, n+1.
        let product = |d: &DimId| {
            let words = self.store.poly(*d).display(&|v| (self.names.integer)(v));
            words.replace(" + ", "+").replace(" - ", "-").replace(' ', "*")
        };
        let all: Vec<String> = dims.iter().map(product).collect();
        match all.as_slice() {
            [one] => format!("({one},)"),
            _ => format!("({})", all.join(", ")),
        }
    }

    fn described(&self, v: VariableId) -> String {
        let variable = self.store.variable(v);
        let mut words = match (variable.axes.as_slice(), &variable.family) {
            ([], _) => "a number".to_owned(),
            (axes, Some(letter)) => format!("{}, [{letter}] is {}_{letter}", self.shape(axes), variable.name),
            (axes, None) if variable.is_row => format!("{}, a row", self.shape(axes)),
            (axes, None) => self.shape(axes),
        };
        for p in &variable.properties {
            write!(words, ", {}", property_name(*p).replace('_', " ")).unwrap_or_default();
        }
        words
    }

    fn returned(&self, value: &Value) -> String {
        let axes = self.store.axes(value.node);
        if axes.is_empty() {
            return "a number".to_owned();
        }
        let shape = self.shape(axes);
        match value.free.as_slice() {
            [] => shape,
            letters => {
                let letters: Vec<&str> = letters.iter().map(|l| l.as_str()).collect();
                format!("{shape}, the first for {}", letters.join(", "))
            }
        }
    }
}
