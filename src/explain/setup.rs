//! What an explanation is written with: the sheet, the name of the objective, and the numbers steps are checked against.

use super::sheet::Sheet;
use super::verify;
use super::{Explanation, Method, Step};
use crate::check::Answer;
use crate::problem::Ask;
use crate::shape::{Body, QuantityId, Reading, Scope, Surroundings, declare_differentials, infer_with};
use crate::syntax::{DerivativeStyle, ExprId, Kind, Syntax, Tree, print};
use crate::tensor::{Property, Value};
use crate::text::Span;
use crate::verdict::{Depth, Evidence, LayoutRead, Posed, Verdict, judge, read_candidate};

/// Formulas with more nodes than this are not taken apart.
const LARGEST: usize = 600;
/// From so many nested operations that are not linear, the graph is clearer.
const DEEP: usize = 3;
/// Lines longer than this are not shown.
const LONGEST: usize = 1200;

pub(super) struct Setup {
    pub(super) posed: Posed,
    /// The task before differentials were declared, for answers.
    task: Posed,
    pub(super) sheet: Sheet,
    /// The objective's formula.
    pub(super) root: ExprId,
    pub(super) wrt: Option<QuantityId>,
    /// What the objective is called.
    pub(super) name: String,
    truth: Tree,
    declared: usize,
    pub(super) steps: Vec<Step>,
    failed: Vec<String>,
}

impl Setup {
    /// Nothing where there is no truth to explain.
    pub(super) fn new(answer: &Answer, declared: usize) -> Option<Self> {
        let task = answer.posed.clone().filter(|_| answer.fault.is_none())?;
        if task.ask == Ask::Identity {
            return None;
        }
        let posed = task.clone();
        let mut sheet = Sheet::new(&posed.tree, &posed.typed, &posed.scope);
        let mut root = posed.tree.root;
        let is_scalar = sheet.is_scalar(root);
        let taken = |n: &str| posed.scope.names.contains(n) || posed.scope.unifier.find(n).is_some();
        let names: &[&str] = if is_scalar { &["L", "E", "J", "f", "L_0"] } else { &["f", "F", "y", "Y", "f_0"] };
        let mut name = names.iter().find(|n| !taken(n)).copied().unwrap_or("objective").to_owned();
        // An objective that has a name keeps it.
        if let (Kind::Symbol(own), Some(f)) = (posed.tree.kind(root).clone(), sheet.definition(root)) {
            name = own.to_string();
            root = sheet.copy(&f.tree, &f.typed, f.tree.root);
        }
        let wrt = match posed.by.as_slice() {
            [b] if b.indices.is_empty() && !b.transposed => Some(b.quantity),
            _ => None,
        };
        let truth = answer.truth().cloned()?;
        Some(Self { posed, task, sheet, root, wrt, name, truth, declared, steps: Vec::new(), failed: Vec::new() })
    }

    /// The explanation; `first` is the first derivative, where the second is asked for.
    pub(super) fn explain(mut self, method: Option<Method>, first: Option<&Answer>) -> Explanation {
        if let Some(first) = first.and_then(|f| Self::new(f, self.declared)) {
            return self.second(first, method);
        }
        self.objective();
        let suits = match self.wrt {
            Some(q) if matches!(self.posed.scope.quantity(q).body, Body::Definition(_)) => Method::Graph,
            _ if self.depth(self.root) >= DEEP => Method::Graph,
            _ => Method::Differentials,
        };
        let first = method.unwrap_or(suits);
        let other = if first == Method::Graph { Method::Differentials } else { Method::Graph };
        let (mut method, mut short) = (first, None);
        let (steps, scopes) = (self.steps.len(), (self.posed.clone(), self.sheet.scope.clone()));
        // Where one way does not lead to the derivative, the other may.
        for way in [first, other] {
            match self.derive(way) {
                Ok(()) => {
                    (method, short) = (way, None);
                    break;
                }
                Err(why) => {
                    self.steps.truncate(steps);
                    (self.posed, self.sheet.scope) = scopes.clone();
                    short = short.or(Some(why.to_owned()));
                }
            }
        }
        self.result();
        Explanation { name: self.name, method, steps: self.steps, short, failed: self.failed }
    }

    /// The derivative of the gradient, which is found first.
    fn second(mut self, first: Self, method: Option<Method>) -> Explanation {
        // Where one variable rests while the other moves, differentials of both would say otherwise.
        let mixed = self.posed.by.first().map(|b| b.quantity) != self.posed.by.get(1).map(|b| b.quantity);
        let truth = first.truth.clone();
        let way = if mixed { Some(Method::Graph) } else { method };
        let gradient = first.explain(way, None);
        self.name.clone_from(&gradient.name);
        self.steps = gradient.steps;
        self.failed = gradient.failed;
        let before = self.steps.len();
        let short = match self.of_gradient(&truth) {
            Ok(()) => gradient.short,
            Err(why) => {
                self.steps.truncate(before);
                Some(why.to_owned())
            }
        };
        self.result();
        Explanation { name: self.name, method: gradient.method, steps: self.steps, short, failed: self.failed }
    }

    fn of_gradient(&mut self, gradient: &Tree) -> Result<(), &'static str> {
        const UNNAMED: &str = "the gradient has no formula without indices";
        let Some(wrt) = self.posed.by.get(1).filter(|b| b.indices.is_empty() && !b.transposed).map(|b| b.quantity)
        else {
            return Err("it is differentiated by an entry, a member of a family or a transposed symbol");
        };
        // A gradient written with the symmetry of its variable is right, and yet not to be differentiated by free entries.
        if self.posed.scope.quantity(wrt).properties.iter().any(is_tied) {
            return Err(
                "its variable is symmetric, so that the gradient's formula holds only where its entries are tied",
            );
        }
        let typed = infer_with(gradient, &mut self.posed.scope, &Surroundings::default()).map_err(|_| UNNAMED)?.typed;
        if !typed.free.is_empty() {
            return Err(UNNAMED);
        }
        let root = self.sheet.copy(gradient, &typed, gradient.root);
        let letters: &[&str] = if self.sheet.shape(root).is_matrix() { &["G", "F", "D"] } else { &["g", "h", "u"] };
        let taken = |n: &&&str| self.posed.scope.names.contains(n) || self.posed.scope.unifier.find(n).is_some();
        let name = letters.iter().find(|n| !taken(n)).copied().unwrap_or("gradient").to_owned();
        let (plain, latex) = (self.text(root, Syntax::Plain), self.text(root, Syntax::Latex));
        self.steps.push(Step {
            what: "the gradient gets a name".to_owned(),
            plain: format!("{name} = {plain}"),
            latex: format!("{} = {latex}", latex_name(&name)),
            evidence: None,
        });
        let whole = self.vary(wrt, gradient.clone())?;
        let found = self.jacobian(&name, root, wrt, &whole)?;
        self.identify("identification", found);
        Ok(())
    }

    fn derive(&mut self, way: Method) -> Result<(), &'static str> {
        if self.sheet.tree.len() > LARGEST {
            return Err("the formula is too long to be taken apart line by line");
        }
        if self.posed.by.len() != 1 {
            return Err("derivatives of this order are not taken apart");
        }
        if !self.posed.typed.free.is_empty() {
            return Err("the objective has free indices");
        }
        let Some(wrt) = self.wrt else {
            return Err("it is differentiated by an entry, a member of a family or a transposed symbol");
        };
        if !self.sheet.is_scalar(self.root) {
            if way == Method::Graph {
                return Err("the adjoints of a graph are those of a scalar");
            }
            let whole = self.vary(wrt, self.posed.tree.clone())?;
            let found = self.jacobian(&self.name.clone(), self.root, wrt, &whole)?;
            self.identify("identification", found);
            return Ok(());
        }
        match way {
            Method::Differentials => self.differentials(wrt),
            Method::Graph => self.graph(wrt),
        }
    }

    pub(super) fn fail(&mut self, step: String) {
        self.failed.push(step);
    }

    /// Declares dX, and gives the differential of a formula.
    pub(super) fn vary(&mut self, wrt: QuantityId, mut tree: Tree) -> Result<Value, &'static str> {
        const FIXED: &str = "its entries do not vary freely, so that it has no differential";
        if !matches!(self.posed.scope.quantity(wrt).body, Body::Variable) {
            return Err("it is differentiated by what a definition gives");
        }
        if self.posed.scope.find("d", 0).is_some() {
            return Err("a symbol is called d, and differentials beside it would be read as products");
        }
        let root = tree.push(Kind::Differential(tree.root), Span::default());
        let symbol = tree.push(Kind::Symbol(self.posed.scope.quantity(wrt).name.clone()), Span::default());
        tree.push(Kind::Differential(symbol), Span::default());
        tree.root = root;
        declare_differentials(&[&tree], &mut self.posed.scope);
        if self.posed.scope.differentials.is_empty() {
            return Err(FIXED);
        }
        verify::value(&mut self.posed, &tree).ok_or(FIXED)
    }

    /// The formula of an expression in a notation.
    pub(super) fn text(&self, id: ExprId, syntax: Syntax) -> String {
        let mut tree = self.sheet.tree.clone();
        tree.root = id;
        let tree = self.sheet.scope.spelled_out(tree);
        print(&tree, tree.root, syntax)
    }

    /// Adds a step, if what it says holds.
    pub(super) fn add(&mut self, what: &str, id: ExprId, whole: &Value) {
        let name = self.name.clone();
        self.add_of(&name, what, id, whole);
    }

    /// The same for the differential of something else.
    pub(super) fn add_of(&mut self, name: &str, what: &str, id: ExprId, whole: &Value) {
        let (plain, latex) = (self.text(id, Syntax::Plain), self.text(id, Syntax::Latex));
        let shown = written(&plain, &self.sheet.scope);
        if plain.len() > LONGEST || self.steps.last().is_some_and(|s| s.plain == format!("d{name} = {shown}")) {
            return;
        }
        let evidence = verify::holds(&mut self.posed, &plain, Syntax::Plain, whole);
        let again = evidence.is_some() && verify::holds(&mut self.posed, &latex, Syntax::Latex, whole).is_some();
        if !again {
            self.failed.push(format!("{what}: {plain}"));
            return;
        }
        self.steps.push(Step {
            what: what.to_owned(),
            plain: format!("d{name} = {shown}"),
            latex: format!("\\mathrm{{d}}{} = {latex}", latex_name(name)),
            evidence,
        });
    }

    fn objective(&mut self) {
        let (plain, latex) = (self.text(self.root, Syntax::Plain), self.text(self.root, Syntax::Latex));
        let step = Step {
            what: "the objective".to_owned(),
            plain: format!("{} = {plain}", self.name),
            latex: format!("{} = {latex}", latex_name(&self.name)),
            evidence: None,
        };
        self.steps.push(step);
    }

    /// The derivative's sign: ∂L/∂X.
    fn derivative(&self, syntax: Syntax) -> String {
        let mut tree = Tree::new();
        let of = tree.push(Kind::Symbol(self.name.as_str().into()), Span::default());
        let mut wrt: crate::syntax::ExprIds = self.task.by.iter().map(|b| self.by(&mut tree, b)).collect();
        // The Hessian of a vector: ∂²L/∂x∂xᵀ.
        if let ([a, b], [_, last]) = (self.task.by.as_slice(), wrt.as_mut_slice()) {
            let column = |b: &crate::verdict::By| b.indices.is_empty() && !b.transposed && b.shape.cols.is_one();
            if column(a) && column(b) && !b.shape.rows.is_one() {
                *last = tree.apply(&crate::operator::TRANSPOSE, [*last], Span::default());
            }
        }
        tree.root = tree.push(Kind::Derivative { of: Some(of), wrt, style: DerivativeStyle::Partial }, Span::default());
        print(&tree, tree.root, syntax)
    }

    fn by(&self, tree: &mut Tree, b: &crate::verdict::By) -> ExprId {
        use crate::shape::Index;
        let base = tree.push(Kind::Symbol(self.posed.scope.quantity(b.quantity).name.clone()), Span::default());
        let mut all = crate::syntax::ExprIds::new();
        for i in &b.indices {
            let kind = match i {
                Index::Letter(l) => Kind::Symbol(l.clone()),
                Index::At(p) => match p.as_constant() {
                    Some(n) => Kind::Number(crate::number::Rational::from(n)),
                    None => Kind::Symbol(self.posed.scope.unifier.show(p).into()),
                },
                Index::Shifted(..) | Index::Block { .. } | Index::Slice => Kind::Slice,
            };
            all.push(tree.push(kind, Span::default()));
        }
        let whole =
            if all.is_empty() { base } else { tree.push(Kind::Subscript { base, indices: all }, Span::default()) };
        if b.transposed { tree.apply(&crate::operator::TRANSPOSE, [whole], Span::default()) } else { whole }
    }

    /// What was found for the derivative, if it holds.
    pub(super) fn identify(&mut self, what: &str, id: ExprId) {
        let (plain, latex) = (self.text(id, Syntax::Plain), self.text(id, Syntax::Latex));
        self.state(what, &plain, &latex);
    }

    /// The derivative as it is printed elsewhere, where it is not the same.
    fn result(&mut self) {
        let (plain, latex) = [Syntax::Plain, Syntax::Latex].map(|s| print(&self.truth, self.truth.root, s)).into();
        if self.steps.last().is_some_and(|s| s.plain.ends_with(&format!(" = {plain}"))) {
            return;
        }
        let derived = self.steps.last().is_some_and(|s| s.plain.starts_with('∂'));
        self.state(if derived { "in its usual form" } else { "the derivative" }, &plain, &latex);
    }

    fn state(&mut self, what: &str, plain: &str, latex: &str) {
        let evidence = self.answers(plain, Syntax::Plain);
        if evidence.is_none() || self.answers(latex, Syntax::Latex).is_none() {
            self.failed.push(format!("{what}: {plain}"));
            return;
        }
        self.steps.push(Step {
            what: what.to_owned(),
            plain: format!("{} = {plain}", self.derivative(Syntax::Plain)),
            latex: format!("{} = {latex}", self.derivative(Syntax::Latex)),
            evidence,
        });
    }

    /// The evidence that a formula answers the task.
    fn answers(&self, text: &str, syntax: Syntax) -> Option<Evidence> {
        let mut task = self.task.clone();
        let (mut candidate, typed) = read_candidate(&mut task, text, Some(syntax), self.declared).ok()?;
        let judged = judge(&mut task, &mut candidate, typed.as_ref(), Depth::Decisive).ok()?;
        let right = judged.verdict == Verdict::Correct && judged.layout == LayoutRead::Standard;
        if right { judged.evidence.into_iter().next() } else { None }
    }

    /// Whether a node is the variable itself.
    pub(super) fn is_variable(&self, id: ExprId, wrt: QuantityId) -> bool {
        matches!(self.sheet.reading(id), Reading::Quantity(q) if *q == wrt)
    }
}

/// Whether entries of what has this property are tied to others.
fn is_tied(property: &Property) -> bool {
    use Property as P;
    matches!(property, P::Symmetric | P::Diagonal | P::PositiveDefinite | P::PositiveSemidefinite)
}

fn latex_name(name: &str) -> String {
    let mut tree = Tree::new();
    tree.root = tree.push(Kind::Symbol(name.into()), Span::default());
    print(&tree, tree.root, Syntax::Latex)
}

/// A formula with differentials as it is typed, `dX`, where no symbol of that letter makes a product of it.
fn written(plain: &str, scope: &Scope) -> String {
    if scope.names.contains("d") {
        return plain.to_owned();
    }
    let mut out = String::with_capacity(plain.len());
    let mut rest = plain;
    while let Some(at) = rest.find('∂') {
        let (before, after) = (&rest[..at], &rest[at + '∂'.len_utf8()..]);
        let word: String = after.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
        let behind = &after[word.len()..];
        // The brackets around a differential alone set it apart from a derivative, and are not needed here.
        let alone = before.strip_suffix('(').filter(|b| b.is_empty() || b.ends_with([' ', '(']));
        if let (Some(kept), false, true) = (alone, word.is_empty(), behind.starts_with(')')) {
            out.push_str(kept);
            out.push_str(&format!("d{word}"));
            rest = behind.strip_prefix(')').unwrap_or(behind);
            continue;
        }
        out.push_str(before);
        out.push('d');
        if word.chars().count() > 1 && behind.starts_with('(') {
            out.push(' ');
        }
        rest = after;
    }
    out.push_str(rest);
    out
}
