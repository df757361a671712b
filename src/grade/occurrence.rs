//! Naming occurrences: a subexpression, or one path of a variable, becomes a definition one can differentiate by.

use crate::operator;
use crate::shape::{Body, Formula, Quantity, QuantityId, Scope, Surroundings, infer_with};
pub(super) use crate::shape::{factors, part};
use crate::syntax::{ExprId, Kind, Name, Syntax, Tree};
use crate::text::{Code, Diagnostic, Span};

/// Replaces every occurrence of `pattern` in a tree by a symbol; a run of factors inside a product counts as one.
/// Returns how many there were.
pub(super) fn replace(tree: &mut Tree, pattern: &Tree, name: &Name) -> usize {
    let root = tree.root;
    let run = factors(pattern, pattern.root);
    visit(tree, root, pattern, &run, name)
}

fn visit(tree: &mut Tree, id: ExprId, pattern: &Tree, run: &[ExprId], name: &Name) -> usize {
    if tree.same(id, pattern, pattern.root) {
        tree.set_kind(id, Kind::Symbol(name.clone()));
        return 1;
    }
    let mut found = 0;
    if run.len() > 1 {
        let list = factors(tree, id);
        if list.len() > run.len() {
            let mut kept: Vec<ExprId> = Vec::new();
            let mut i = 0;
            while i < list.len() {
                let here = list
                    .get(i..i + run.len())
                    .is_some_and(|w| w.iter().zip(run).all(|(a, b)| tree.same(*a, pattern, *b)));
                if here {
                    let span = tree.span(list[i]).to(tree.span(list[i + run.len() - 1]));
                    kept.push(tree.push(Kind::Symbol(name.clone()), span));
                    i += run.len();
                    found += 1;
                } else {
                    kept.push(list[i]);
                    i += 1;
                }
            }
            if found > 0 {
                rebuild(tree, id, &kept);
            }
        }
    }
    for c in tree.children(id) {
        found += visit(tree, c, pattern, run, name);
    }
    found
}

/// Makes a node the product of factors, from the left.
pub(super) fn rebuild(tree: &mut Tree, id: ExprId, list: &[ExprId]) {
    let span = tree.span(id);
    let Some((first, rest)) = list.split_first() else { return };
    let Some((last, middle)) = rest.split_last() else {
        let kind = tree.kind(*first).clone();
        tree.set_kind(id, kind);
        return;
    };
    let left = middle.iter().fold(*first, |l, r| tree.apply(&operator::MULTIPLY, [l, *r], span));
    tree.set_kind(id, Kind::Apply { operator: &operator::MULTIPLY, arguments: [left, *last].into_iter().collect() });
}

/// Names a subexpression in every definition (but those in `except`) and in `of`. Returns the quantity and how often
/// it was found.
pub(super) fn name_everywhere(
    scope: &mut Scope,
    of: &mut Tree,
    pattern: &Tree,
    except: &[QuantityId],
) -> Result<(QuantityId, usize), Diagnostic> {
    let inferred = infer_with(pattern, scope, &Surroundings::default())?;
    if let Some((letter, _)) = inferred.typed.free.first() {
        let message = format!("an expression with the free index {letter} cannot be differentiated by");
        return Err(Diagnostic::new(Code::UNSUPPORTED, pattern.span(pattern.root), message));
    }
    let shape = scope.unifier.resolve_shape(inferred.typed.shape(pattern.root));
    let name = Name::from(format!(
        "\u{1}{}#{}",
        crate::syntax::print(pattern, pattern.root, Syntax::Plain),
        scope.quantities().count()
    ));
    let formula =
        Formula { source: String::new(), syntax: Syntax::Plain, tree: pattern.clone(), typed: inferred.typed };
    let q = scope.declare(Quantity {
        name: name.clone(),
        letters: Vec::new(),
        ranges: Vec::new(),
        shape,
        properties: Vec::new(),
        body: Body::Definition(Box::new(formula)),
    });
    let mut found = replace(of, pattern, &name);
    let others: Vec<QuantityId> =
        scope.quantities().map(|(id, _)| id).filter(|id| *id != q && !except.contains(id)).collect();
    for id in others {
        let Body::Definition(f) = &scope.quantity(id).body else { continue };
        let mut tree = f.tree.clone();
        let here = replace(&mut tree, pattern, &name);
        if here > 0 {
            found += here;
            set_formula(scope, id, tree)?;
        }
    }
    Ok((q, found))
}

/// Gives a defined quantity another formula.
pub(super) fn set_formula(scope: &mut Scope, id: QuantityId, tree: Tree) -> Result<(), Diagnostic> {
    let q = scope.quantity(id);
    let around = Surroundings {
        letters: q.letters.iter().cloned().zip(q.ranges.iter().cloned()).collect(),
        ..Surroundings::default()
    };
    let inferred = infer_with(&tree, scope, &around)?;
    match &mut scope.quantity_mut(id).body {
        Body::Definition(f) => {
            f.tree = tree;
            f.typed = inferred.typed;
            Ok(())
        }
        Body::Variable | Body::Stacked { .. } => {
            Err(Diagnostic::new(Code::INTERNAL, Span::default(), "a symbol has no formula"))
        }
    }
}

/// Whether a quantity's value is made from another one, through definitions.
pub(super) fn depends(scope: &Scope, on: QuantityId, tree: &Tree) -> bool {
    let mut seen = vec![false; scope.quantities().count()];
    let mut names: Vec<Name> = Vec::new();
    mentioned(tree, tree.root, &mut names);
    while let Some(name) = names.pop() {
        for id in scope.named(&name) {
            if *id == on {
                return true;
            }
            if !std::mem::replace(&mut seen[id.0 as usize], true) {
                match &scope.quantity(*id).body {
                    Body::Definition(f) => mentioned(&f.tree, f.tree.root, &mut names),
                    Body::Stacked { family, .. } => names.push(scope.quantity(*family).name.clone()),
                    Body::Variable => {}
                }
            }
        }
    }
    false
}

fn mentioned(tree: &Tree, id: ExprId, out: &mut Vec<Name>) {
    if let Kind::Symbol(n) = tree.kind(id) {
        out.push(n.clone());
    }
    tree.children(id).iter().for_each(|c| mentioned(tree, *c, out));
}

/// A tree of one symbol.
pub(super) fn symbol(name: &Name) -> Tree {
    let mut tree = Tree::new();
    tree.root = tree.push(Kind::Symbol(name.clone()), Span::default());
    tree
}
