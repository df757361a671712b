//! Definitions, objectives, aliases and questions: every formula read and shaped.

use super::constraint::constraints;
use super::declare::{about, properties, symbols, unique};
use super::file::{Ask, Layout, ProblemText, SymbolText};
use super::rubric::{MOST_POINTS, Rubric, rubric};
use super::undeclared::undeclared;
use crate::shape::{Body, Formula, Function, Quantity, QuantityId, Scope, Surroundings, infer_settled};
use crate::syntax::{Declared, ExprId, Kind, Name, NameKind, Syntax, Tree, detect, parse, parse_declared};
use crate::tensor::Property;
use crate::text::{Code, Diagnostic, Span};
use rustc_hash::FxHashMap;

/// A problem, read.
#[derive(Clone, Debug)]
pub struct Problem {
    /// What it is called.
    pub title: String,
    /// Everything declared; objectives are definitions.
    pub scope: Scope,
    /// The objectives in order.
    pub objectives: Vec<QuantityId>,
    /// Properties stated for definitions, to be checked.
    pub stated: Vec<(QuantityId, Property)>,
    /// What is asked.
    pub questions: Vec<Question>,
    /// How many of the quantities somebody declared; symbols after these were taken by convention.
    pub declared: usize,
}

/// A question, read.
#[derive(Clone, Debug)]
pub struct Question {
    /// Its name.
    pub id: String,
    /// The text after which its part of a submission begins.
    pub heading: Option<String>,
    /// What is asked.
    pub ask: Ask,
    /// Of which quantity or function, as written.
    pub of: String,
    /// By what, as written; one entry for each order.
    pub wrt: Vec<String>,
    /// What a definition has to satisfy.
    pub such_that: Option<String>,
    /// How many points it gives.
    pub points: f64,
    /// Which layout is accepted.
    pub layout: Layout,
    /// Whether tied entries move together.
    pub structured: bool,
    /// The author's answer.
    pub answer: Option<String>,
    /// How the points are split.
    pub rubric: Rubric,
}

/// One formula to be declared, before its shapes are known.
#[derive(Clone)]
pub(super) struct Pending {
    key: String,
    pub(super) declared: Declared,
    letters: Vec<Name>,
    source: String,
    syntax: Syntax,
    pub(super) tree: Tree,
    objective: bool,
}

/// Reads one problem; `syntax` fixes the notation of every formula, otherwise each is told by itself.
///
/// # Errors
/// The first thing that cannot be read, with the key it stands under.
pub fn build(text: &ProblemText, syntax: Option<Syntax>) -> Result<Problem, Diagnostic> {
    let mut scope = Scope::default();
    symbols(text, &mut scope)?;
    let stated = properties(text, &mut scope)?;
    integers(&mut scope);
    constraints(&text.constraints, &mut scope)?;
    let pending = read_formulas(text, &mut scope, syntax)?;
    let mut declared = scope.quantities().count();
    let objectives = if scope.names.is_complete() {
        let objectives = resolve(pending, &mut scope)?;
        declared = scope.quantities().count();
        objectives
    } else {
        undeclared(&pending, &stated, &mut scope, resolve)?
    };
    let stated = stated
        .into_iter()
        .map(|(name, p)| match scope.named(&name).first() {
            Some(q) => Ok((*q, p)),
            None => Err(about(
                &name,
                Diagnostic::new(
                    Code::UNKNOWN_SYMBOL,
                    Span::default(),
                    format!("{name} is not declared, so it can have no property"),
                ),
            )),
        })
        .collect::<Result<Vec<_>, Diagnostic>>()?;
    // What is stated of a variable is no claim to be checked.
    let stated = stated.into_iter().filter(|s| matches!(scope.quantity(s.0).body, Body::Definition(_))).collect();
    for (i, q) in text.questions.iter().enumerate() {
        let bad = |m: String| about("questions", Diagnostic::new(Code::BAD_PROBLEM, Span::default(), m));
        if !q.id.is_empty() && text.questions[..i].iter().any(|p| p.id == q.id) {
            return Err(bad(format!("two questions are called {:?}", q.id)));
        }
        if q.points.is_some_and(|p| !(p.is_finite() && p >= 0.0)) {
            return Err(bad(format!("the points of {:?} are no number of at least 0", q.id)));
        }
        if q.points.is_some_and(|p| p > MOST_POINTS) {
            return Err(bad(format!("the points of {:?} are more than {MOST_POINTS}", q.id)));
        }
    }
    let mut questions = Vec::new();
    for q in &text.questions {
        let points = q.points.unwrap_or(1.0);
        let rubric = rubric(q.rubric.as_ref().or(text.rubric.as_ref()), points).map_err(|mut d| {
            d.message = format!("question {}: {}", q.id, d.message);
            about("questions", d)
        })?;
        questions.push(Question {
            id: q.id.clone(),
            heading: q.heading.clone(),
            ask: q.ask,
            of: q.of.clone(),
            wrt: q.wrt.as_ref().map(super::file::WrtText::names).unwrap_or_default(),
            such_that: q.such_that.clone(),
            points,
            layout: q.layout,
            structured: q.structured,
            answer: q.answer.clone(),
            rubric,
        });
    }
    Ok(Problem { title: text.title.clone(), objectives, stated, questions, scope, declared })
}

/// Integer symbols are exponents and counts: small numbers.
pub(super) fn integers(scope: &mut Scope) {
    let found: Vec<(Name, bool, bool)> = scope
        .quantities()
        .filter(|(_, q)| q.properties.contains(&Property::Integer) && q.shape.is_scalar() && q.letters.is_empty())
        .map(|(_, q)| {
            (q.name.clone(), q.properties.contains(&Property::Positive), q.properties.contains(&Property::NonNegative))
        })
        .collect();
    for (name, positive, nonnegative) in found {
        let v = scope.unifier.named(&name);
        let smallest = if positive {
            1
        } else if nonnegative {
            0
        } else {
            -3
        };
        if !scope.sizes.integers.iter().any(|i| i.0 == v) {
            scope.sizes.integers.push((v, smallest, 5));
        }
    }
}

fn read_formulas(text: &ProblemText, scope: &mut Scope, syntax: Option<Syntax>) -> Result<Vec<Pending>, Diagnostic> {
    let all = text.definitions.0.iter().map(|d| (d, false)).chain(text.objectives.0.iter().map(|o| (o, true)));
    let mut found = Vec::new();
    for ((key, source), objective) in all {
        let declared = parse_declared(key).map_err(|d| about(key, d))?;
        let letters = index_letters(&declared, source);
        found.push((key, source, objective, declared, letters));
    }
    // `a_t = W x_t` of a symbol x_t is no family, and nor is what is made of it.
    let single = |s: &SymbolText| !matches!(s, SymbolText::Table(t) if t.family.is_some());
    let scripted = text.symbols.iter().filter(|s| single(s.1)).map(|s| s.0.as_str()).filter(|n| n.contains('_'));
    let mut wholes: Vec<String> = scripted.map(unbraced).collect();
    loop {
        let whole = found.iter_mut().find(|(_, source, _, declared, letters)| {
            let rest = wholes.iter().fold(unbraced(source), |rest, w| rest.replace(w.as_str(), " "));
            !letters.is_empty() && index_letters(declared, &rest).is_empty()
        });
        let Some((key, _, _, _, letters)) = whole else { break };
        letters.clear();
        wholes.push(unbraced(key));
    }
    let mut heads = Vec::new();
    for (key, source, objective, declared, letters) in found {
        let name = if letters.is_empty() { &declared.whole } else { &declared.name };
        let kind = match (declared.parameters.is_empty(), letters.is_empty()) {
            (false, _) => NameKind::Function,
            (true, true) => NameKind::Symbol,
            (true, false) => NameKind::Family,
        };
        let name = if kind == NameKind::Function { function_name(&declared) } else { name.clone() };
        if kind != NameKind::Function {
            unique(key, &name, letters.len(), scope)?;
        }
        scope.names.declare(&name, kind);
        heads.push((key.clone(), declared, letters, source.clone(), objective));
    }
    for (name, spellings) in &text.aliases {
        for s in spellings {
            scope.names.alias(s, name);
        }
    }
    if !text.symbols.is_empty() && !text.open {
        scope.names.set_complete();
    }
    let mut pending = Vec::new();
    for (key, declared, letters, source, objective) in heads {
        let notation = syntax.unwrap_or_else(|| detect(&source));
        let tree = if declared.parameters.is_empty() {
            parse(&source, notation, &scope.names)
        } else {
            let mut names = scope.names.clone();
            declared.parameters.iter().for_each(|p| names.declare(p, NameKind::Symbol));
            parse(&source, notation, &names)
        };
        let tree = tree.map_err(|d| about(&key, d))?;
        pending.push(Pending { key, declared, letters, source, syntax: notation, tree, objective });
    }
    Ok(pending)
}

/// The function's name: `h_theta` of `h_theta(x)`.
fn function_name(d: &Declared) -> Name {
    d.whole.split('(').next().unwrap_or(&d.whole).into()
}

/// The scripts of a definition's name that are indices: each a single letter that also stands as a script in the
/// formula. `z_i = y_i − θᵀx_i` defines a family, `z_1 = W_1 x` a symbol.
fn index_letters(declared: &Declared, source: &str) -> Vec<Name> {
    let is_index =
        |l: &Name| l.len() == 1 && l.chars().all(|c| c.is_ascii_alphabetic()) && scripts(source).contains(l.as_str());
    if !declared.parameters.is_empty() || declared.indices.is_empty() || !declared.indices.iter().all(is_index) {
        return Vec::new();
    }
    declared.indices.clone()
}

/// A formula without the braces around single letters and without spaces beside scripts: `x_{t}` is `x_t`.
fn unbraced(text: &str) -> String {
    let chars: Vec<char> = text.chars().filter(|c| *c != ' ').collect();
    let mut out = String::new();
    let mut i = 0;
    while i < chars.len() {
        match chars.get(i..i + 3) {
            Some(['{', c, '}']) if out.ends_with(['_', '^']) => {
                out.push(*c);
                i += 3;
            }
            _ => {
                out.push(chars[i]);
                i += 1;
            }
        }
    }
    out
}

/// Every character that stands in a script of the source, as far as brackets tell.
fn scripts(source: &str) -> String {
    let mut out = String::new();
    let chars: Vec<char> = source.chars().collect();
    let mut i = 0;
    while i < chars.len() {
        if matches!(chars[i], '_' | '^' | '[') {
            let bracket = chars[i] == '[';
            let mut j = i + usize::from(!bracket);
            let (mut depth, start) = (0usize, j);
            while j < chars.len() {
                match chars[j] {
                    '{' | '(' | '[' => depth += 1,
                    '}' | ')' | ']' => depth = depth.saturating_sub(1),
                    c => out.push(c),
                }
                j += 1;
                if depth == 0 {
                    break;
                }
            }
            i = if bracket { start + 1 } else { j };
        } else {
            i += 1;
        }
    }
    out
}

/// Declares the formulas, each after what it uses.
fn resolve(pending: Vec<Pending>, scope: &mut Scope) -> Result<Vec<QuantityId>, Diagnostic> {
    let provides: FxHashMap<Name, Vec<usize>> =
        pending.iter().enumerate().fold(FxHashMap::default(), |mut map, (i, p)| {
            let name = match (p.declared.parameters.is_empty(), p.letters.is_empty()) {
                (false, _) => function_name(&p.declared),
                (true, true) => p.declared.whole.clone(),
                (true, false) => p.declared.name.clone(),
            };
            map.entry(name).or_insert_with(Vec::new).push(i);
            map
        });
    let needs: Vec<Vec<usize>> = pending
        .iter()
        .enumerate()
        .map(|(own, p)| {
            let mut used = Vec::new();
            mentioned(&p.tree, p.tree.root, &mut used);
            // A name used inside its own definition is the symbol or the size of that name, where there is one
            // (A_k = A_{k,:}, N_k = Σ_{n=1}^N r_nk).
            let is_symbol = |n: &Name| !scope.named(n).is_empty() || scope.unifier.find(n).is_some();
            let by_name = used.iter().flat_map(|n| provides.get(n).into_iter().flatten().map(move |i| (n, *i)));
            by_name.filter(|(n, i)| *i != own || !is_symbol(n)).map(|(_, i)| i).collect()
        })
        .collect();
    let mut order = Vec::new();
    let mut state = vec![0u8; pending.len()];
    for start in 0..pending.len() {
        let mut stack = vec![(start, 0usize)];
        while let Some((i, next)) = stack.pop() {
            if next == 0 {
                match state[i] {
                    2 => continue,
                    1 => {
                        let d = Diagnostic::new(
                            Code::CYCLIC_DEFINITION,
                            Span::default(),
                            format!("the definition of {} needs itself", pending[i].key),
                        );
                        return Err(about(&pending[i].key, d));
                    }
                    _ => state[i] = 1,
                }
            }
            if let Some(child) = needs[i].get(next) {
                stack.push((i, next + 1));
                if *child == i {
                    let message = format!("the definition of {} needs itself", pending[i].key);
                    let d = Diagnostic::new(Code::CYCLIC_DEFINITION, Span::default(), message)
                        .hint("its name, or an alias of it, stands in its own formula: rename one of them");
                    return Err(about(&pending[i].key, d));
                }
                if state[*child] == 1 {
                    let d = Diagnostic::new(
                        Code::CYCLIC_DEFINITION,
                        Span::default(),
                        format!("the definitions of {} and {} need each other", pending[i].key, pending[*child].key),
                    );
                    return Err(about(&pending[i].key, d));
                }
                stack.push((*child, 0));
            } else {
                state[i] = 2;
                order.push(i);
            }
        }
    }
    let mut objectives: Vec<(usize, QuantityId)> = Vec::new();
    let mut slots: Vec<Option<Pending>> = pending.into_iter().map(Some).collect();
    for i in order {
        if let Some(p) = slots[i].take() {
            let objective = p.objective;
            if let Some(q) = declare_formula(p, scope)? {
                if objective {
                    objectives.push((i, q));
                }
            }
        }
    }
    objectives.sort_unstable();
    Ok(objectives.into_iter().map(|o| o.1).collect())
}

fn mentioned(tree: &Tree, id: ExprId, out: &mut Vec<Name>) {
    match tree.kind(id) {
        Kind::Symbol(n) => out.push(n.clone()),
        Kind::Call { function, .. } => out.push(function.clone()),
        _ => {}
    }
    tree.children(id).iter().for_each(|c| mentioned(tree, *c, out));
}

fn declare_formula(mut p: Pending, scope: &mut Scope) -> Result<Option<QuantityId>, Diagnostic> {
    if !p.declared.parameters.is_empty() {
        let function = Function::Defined { parameters: p.declared.parameters.clone(), source: p.source, tree: p.tree };
        scope.declare_function(&function_name(&p.declared), function);
        return Ok(None);
    }
    let mut around = Surroundings::default();
    for l in &p.letters {
        let range = scope.unifier.fresh("n");
        around.letters.push((l.clone(), range));
    }
    let inferred = infer_settled(&mut p.tree, scope, &around).map_err(|d| about(&p.key, d))?;
    let shape = inferred.typed.shape(p.tree.root).clone();
    if let Some((letter, _)) = inferred.typed.free.iter().find(|(l, _)| !p.letters.contains(l)) {
        let d = Diagnostic::new(
            Code::BAD_INDEX,
            p.tree.span(p.tree.root),
            format!("the index {letter} is free in this formula and not in its name"),
        );
        if !p.objective {
            return Err(about(&p.key, d.hint("bind it by a sum, or write it in the name")));
        }
    }
    if let Some(letter) = p.letters.iter().find(|l| inferred.typed.free.iter().all(|f| f.0 != **l)) {
        let d = Diagnostic::new(
            Code::BAD_INDEX,
            p.tree.span(p.tree.root),
            format!("the index {letter} of the name is not free in this formula"),
        );
        return Err(about(&p.key, d.hint("name a sum's index by another letter")));
    }
    let ranges = around.letters.iter().map(|(_, r)| scope.unifier.resolve(r)).collect();
    let name = if p.letters.is_empty() { p.declared.whole.clone() } else { p.declared.name.clone() };
    let formula = Formula { source: p.source, syntax: p.syntax, tree: p.tree, typed: inferred.typed };
    let quantity = Quantity {
        name,
        letters: p.letters,
        ranges,
        shape,
        properties: Vec::new(),
        body: Body::Definition(Box::new(formula)),
    };
    Ok(Some(scope.declare(quantity)))
}
