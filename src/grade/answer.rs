//! Each question's final answer: the boxed one, else the last claim about what is asked.

use super::define::{is_plain, notation};
use super::result::ClaimVerdict;
use super::section::Section;
use super::session::{MENDED, Session};
use super::side::{Hint, Reading};
use super::walk::{Side, Walk};
use crate::document::Document;
use crate::limit;
use crate::problem::{Ask, Problem, Question};
use crate::shape::{Function, Scope, Surroundings, Wrt, infer_wrt};
use crate::syntax::{
    DerivativeStyle, ExprId, ExprIds, Kind, Name, NameKind, Relation, Tree, detect, parse, parse_declared,
    parse_statement,
};
use crate::text::Span;

/// Finds and judges the answers to the questions of a section.
pub(super) fn answers(walk: &mut Walk<'_>, problems: &[Problem], section: &Section) {
    let mut numbers = Vec::new();
    for (p, k) in &section.questions {
        let question = &problems[*p].questions[*k];
        let number: usize = problems[..*p].iter().map(|q| q.questions.len()).sum::<usize>() + k;
        let found = limit::claim(|| {
            let found = if question.ask == Ask::Definition {
                definition_answer(walk, section, question)
            } else {
                derivative_answer(walk, section, &problems[*p], question)
            };
            let undecided = |(claim, _)| (claim, ClaimVerdict::Undecided);
            if limit::spent().is_some() { found.map(undecided) } else { found }
        });
        let result = &mut walk.graded.questions[number];
        if let Some((claim, verdict)) = found {
            result.answer = claim;
            result.verdict = Some(verdict);
            result.provisional = matches!(verdict, ClaimVerdict::Unreadable | ClaimVerdict::Undecided);
        }
        numbers.push(number);
    }
    // A chain that answers one question holds no mistake of another.
    let chain_of = |n: usize| walk.judged.iter().find(|j| walk.graded.questions[n].answer == Some(j.2)).map(|j| j.0);
    let chains: Vec<Option<usize>> = numbers.iter().map(|n| chain_of(*n)).collect();
    for (at, number) in numbers.iter().enumerate() {
        let elsewhere = |c: usize| chains[at] != Some(c) && chains.contains(&Some(c));
        let first_wrong = walk
            .judged
            .iter()
            .filter(|j| !elsewhere(j.0))
            .filter_map(|j| walk.graded.claims.get(j.2 - 1))
            .find(|c| c.verdict == ClaimVerdict::Incorrect && !c.aside)
            .map(|c| c.n);
        walk.graded.questions[*number].first_wrong = first_wrong;
    }
}

/// The value that a question asks for, as a formula.
pub(super) fn asked(session: &Session, question: &Question) -> Option<Tree> {
    let names = &session.scope.names;
    let of = parse(&question.of, detect(&question.of), names).ok()?;
    if question.ask == Ask::Identity || question.wrt.is_empty() {
        return Some(of);
    }
    let mut variables: Vec<Tree> = question.wrt.iter().filter_map(|w| parse(w, detect(w), names).ok()).collect();
    if question.ask == Ask::Hessian && variables.len() == 1 {
        let again = variables[0].clone();
        variables.push(again);
    }
    let mut tree = Tree::new();
    let body = tree.graft(&of, of.root);
    let wrt: ExprIds = variables.iter().map(|v| tree.graft(v, v.root)).collect();
    tree.root = tree.push(Kind::Derivative { of: Some(body), wrt, style: DerivativeStyle::Partial }, Span::default());
    Some(tree)
}

/// ∂of/∂wrt.
pub(super) fn derivative_of(of: &Tree, wrt: &Tree) -> Tree {
    let mut tree = Tree::new();
    let body = tree.graft(of, of.root);
    let wrt: ExprIds = std::iter::once(tree.graft(wrt, wrt.root)).collect();
    tree.root = tree.push(Kind::Derivative { of: Some(body), wrt, style: DerivativeStyle::Partial }, Span::default());
    tree
}

fn derivative_answer(
    walk: &mut Walk<'_>,
    section: &Section,
    problem: &Problem,
    question: &Question,
) -> Option<(Option<usize>, ClaimVerdict)> {
    let tree = asked(&walk.session, question)?;
    let (mut truth, _) = walk.session.readings(&tree, &Hint::default());
    truth.retain(|r| !r.path);
    let others: Vec<Tree> = section
        .questions
        .iter()
        .filter(|(_, k)| problem.questions[*k].of.starts_with(&format!("{}_", question.of)))
        .filter_map(|(_, k)| asked(&walk.session, &problem.questions[*k]))
        .collect();
    let mut best = best_chain(walk, section, &tree, &others, None);
    if best.is_none() {
        best = best_chain(walk, section, &tree, &others, Some(&truth));
    }
    let (c, i, _) = best?;
    let claim = walk.judged.iter().find(|j| j.0 == c && j.1 == i).map(|j| j.2);
    let chain = &walk.document.chains[c];
    let piece = &chain.pieces[i];
    // A Hessian may be answered by its entries, and a member of a family by any letter, which the claim itself names.
    let entries = chain.pieces.first().and_then(|h| walk.session.parse(&h.text, notation(h, is_plain(chain))).ok());
    if let Some(head) = entries.filter(|h| by_entries(&walk.session.scope, h) || by_member(&walk.session.scope, h)) {
        truth.splice(0..0, walk.session.readings(&head, &Hint::default()).0.into_iter().filter(|r| !r.path));
    }
    let hint = truth.first().map(Reading::hint).unwrap_or_default();
    walk.session.notes.clear();
    let read = walk.session.side(&piece.text, notation(piece, is_plain(chain)), &hint);
    let mended = walk.session.notes.iter().any(|n| n == MENDED);
    let verdict = match read {
        Err(d) if super::equality::is_misfit(d.code) && !mended => ClaimVerdict::Incorrect,
        Err(_) => ClaimVerdict::Unreadable,
        Ok(_) if truth.is_empty() => ClaimVerdict::Undecided,
        Ok((tree, mut right)) => {
            let side = Side { tree: Some(tree), readings: right.clone() };
            if let Some(wide) = walk.session.summed_on(&truth, &side, &hint) {
                right = wide.readings;
            }
            right.retain(|r| !r.path);
            let compared = walk.session.compare(&truth, &right, [&question.of, &piece.text]);
            if let (Some(true), Some(n)) = (compared.equal, claim) {
                // What the answer means as the answer to this question.
                if let Some(claim) = walk.graded.claims.get_mut(n - 1) {
                    if matches!(
                        claim.verdict,
                        ClaimVerdict::Incorrect | ClaimVerdict::Carried | ClaimVerdict::Undecided
                    ) {
                        claim.verdict = ClaimVerdict::Correct;
                        claim.evidence.clone_from(&compared.evidence);
                        claim.diagnosis.clear();
                        claim.meaning = format!("the answer to {}", question.id);
                    }
                    for note in compared.notes {
                        if !claim.meaning.contains(&note) {
                            claim.meaning = format!("{}; {note}", claim.meaning);
                        }
                    }
                }
            }
            match (compared.equal, compared.misfit.is_some() && compared.undecided.is_none()) {
                (Some(true), _) => ClaimVerdict::Correct,
                (Some(false), _) | (None, true) => ClaimVerdict::Incorrect,
                (None, false) => ClaimVerdict::Undecided,
            }
        }
    };
    if let Some(n) = claim {
        if let Some(claim) = walk.graded.claims.get_mut(n - 1) {
            claim.question = Some(question.id.clone());
        }
    }
    Some((claim, verdict))
}

/// The chain about a question that says most of it, and its last side: a boxed one, or else the last one. Given the
/// truth, the derivative of anything that has the same value is what is asked.
fn best_chain(
    walk: &mut Walk<'_>,
    section: &Section,
    tree: &Tree,
    others: &[Tree],
    truth: Option<&[Reading]>,
) -> Option<(usize, usize, bool)> {
    let mut best: Option<(usize, usize, bool)> = None;
    for c in &section.chains {
        let chain = &walk.document.chains[*c];
        let plain = is_plain(chain);
        let mut about = false;
        let mut elsewhere = false;
        let mut last = None;
        for (i, piece) in chain.pieces.iter().enumerate() {
            let is_equality =
                matches!(piece.relation, None | Some((Relation::Equal | Relation::Define | Relation::Approximate, _)));
            if !is_equality {
                break;
            }
            let Ok(side) = walk.session.parse(&piece.text, notation(piece, plain)) else {
                last = Some(i).filter(|i| *i > 0).or(last);
                continue;
            };
            if is_about(
                &walk.session.scope,
                &side,
                tree,
                walk.session.objective.map(|q| walk.session.scope.quantity(q).name.clone()),
            ) || (i == 0 && same_value(walk, &side, tree, truth))
            {
                about = true;
            } else if matches!(side.kind(side.root), Kind::Derivative { .. })
                && others.iter().any(|o| is_about(&walk.session.scope, &side, o, None))
            {
                elsewhere = true;
            } else if !(i > 0 && matches!(side.kind(side.root), Kind::Number(n) if n.is_zero()))
                && (i > 0 || piece.relation.is_some())
            {
                last = Some(i);
            }
        }
        if let (true, false, Some(i)) = (about, elsewhere, last) {
            let boxed = chain.pieces.iter().any(|p| p.boxed);
            if best.is_none_or(|b| boxed >= b.2) {
                best = Some((*c, i, boxed));
            }
        }
    }
    best
}

/// Whether a side is a derivative by what is asked, of something else with the same value.
fn same_value(walk: &mut Walk<'_>, side: &Tree, asked: &Tree, truth: Option<&[Reading]>) -> bool {
    let (Kind::Derivative { of: Some(_), wrt, .. }, Kind::Derivative { wrt: variables, .. }) =
        (side.kind(side.root), asked.kind(asked.root))
    else {
        return false;
    };
    let same = wrt.len() == variables.len() && wrt.iter().zip(variables).all(|(a, b)| side.same(*a, asked, *b));
    let Some(truth) = truth.filter(|t| same && !t.is_empty()) else { return false };
    let notes = walk.session.notes.len();
    let mut readings = walk.session.readings(side, &Hint::default()).0;
    walk.session.notes.truncate(notes);
    readings.retain(|r| !r.path);
    walk.session.compare(truth, &readings, ["", ""]).equal == Some(true)
}

/// Whether a side is a second derivative by entries of which every index is a letter of its own: all entries at once.
fn by_entries(scope: &Scope, side: &Tree) -> bool {
    let Kind::Derivative { wrt, .. } = side.kind(side.root) else { return false };
    let mut letters: Vec<&Name> = Vec::new();
    for w in wrt {
        let Kind::Subscript { indices, .. } = side.kind(*w) else { return false };
        for i in indices {
            let Kind::Symbol(letter) = side.kind(*i) else { return false };
            if letters.contains(&letter) || !scope.named(letter).is_empty() {
                return false;
            }
            letters.push(letter);
        }
    }
    wrt.len() == 2
}

/// Whether a side is a derivative by any member of a family: by one with a letter of its own.
fn by_member(scope: &Scope, side: &Tree) -> bool {
    let Kind::Derivative { wrt, .. } = side.kind(side.root) else { return false };
    let [one] = wrt.as_slice() else { return false };
    let Kind::Subscript { base, indices } = side.kind(*one) else { return false };
    match (side.kind(*base), indices.as_slice()) {
        (Kind::Symbol(name), [index]) => {
            scope.find(name, 1).is_some()
                && matches!(side.kind(*index), Kind::Symbol(letter) if scope.named(letter).is_empty())
        }
        _ => false,
    }
}

/// Whether a side is the derivative that is asked for, in any spelling, by the whole variable or an entry of it.
fn is_about(scope: &Scope, side: &Tree, asked: &Tree, objective: Option<Name>) -> bool {
    let (Kind::Derivative { of, wrt, .. }, Kind::Derivative { of: Some(body), wrt: variables, .. }) =
        (side.kind(side.root), asked.kind(asked.root))
    else {
        return side.same(side.root, asked, asked.root);
    };
    let name = |tree: &Tree, id: ExprId| match tree.kind(id) {
        Kind::Symbol(n) => Some(n.clone()),
        _ => None,
    };
    let same_of = match of {
        Some(o) => side.same(*o, asked, *body),
        None => name(asked, *body).is_some_and(|n| Some(n) == objective),
    };
    // ∂²L/∂x∂xᵀ is the Hessian like ∂²L/∂x∂x.
    let second = wrt.len() == 2;
    let quantity = |tree: &Tree, id: ExprId, place: usize| {
        if let Some(plain) = name(tree, id).and_then(|n| scope.find(&n, 0)) {
            return Some(plain);
        }
        let mut scope = scope.clone();
        let mut part = Tree::new();
        part.root = part.graft(tree, id);
        match infer_wrt(&part, &mut scope, &Surroundings::default()) {
            Ok((Wrt::Quantity { quantity, transposed, .. }, _)) if !transposed || second && place == 1 => {
                Some(quantity)
            }
            _ => None,
        }
    };
    if !same_of {
        return false;
    }
    let wrt: Vec<_> = wrt.iter().enumerate().map(|(i, w)| quantity(side, *w, i)).collect();
    let variables: Vec<_> = variables.iter().enumerate().map(|(i, w)| quantity(asked, *w, i)).collect();
    (wrt == variables || wrt.is_empty()) && variables.iter().all(Option::is_some)
}

/// A definition that has to make something hold: `g_j(r_i) = r_{ij}^2` under `‖g(r_i)‖₁ = ‖r_i‖²`.
fn definition_answer(
    walk: &mut Walk<'_>,
    section: &Section,
    question: &Question,
) -> Option<(Option<usize>, ClaimVerdict)> {
    let such_that = question.such_that.as_ref()?;
    let (c, function) = proposed(&walk.session.scope, walk.document, section, question)?;
    let claim = walk.judged.iter().find(|j| j.0 == c && j.1 == 1).map(|j| j.2);
    let verdict = match makes_hold(&walk.session.scope, &question.of, function, such_that) {
        Some(true) => ClaimVerdict::Correct,
        Some(false) => ClaimVerdict::Incorrect,
        None => ClaimVerdict::Undecided,
    };
    if let Some(claim) = claim.and_then(|n| walk.graded.claims.get_mut(n - 1)) {
        claim.verdict = verdict;
        claim.meaning = format!("a definition of {} under which {such_that} has to hold", question.of);
        claim.question = Some(question.id.clone());
    }
    Some((claim, verdict))
}

/// The last definition of the function that is asked for: its chain, and the function.
pub(super) fn proposed(
    scope: &Scope,
    document: &Document,
    section: &Section,
    question: &Question,
) -> Option<(usize, Function)> {
    section.chains.iter().rev().find_map(|c| {
        let chain = &document.chains[*c];
        let (head, body) = (chain.pieces.first()?, chain.pieces.get(1)?);
        let (name, argument) = applied(&head.text)?;
        let rule = || entrywise_rule(scope, &argument, &body.text, notation(body, is_plain(chain)));
        (name == question.of).then(rule).flatten().map(|f| (*c, f))
    })
}

/// The function and the argument of `g_j(r_i)` or `g(r)`, an index of the function aside.
fn applied(text: &str) -> Option<(String, String)> {
    let (function, inner) = text.trim().strip_suffix(')')?.split_once('(')?;
    Some((parse_declared(function).ok()?.name.to_string(), inner.to_owned()))
}

/// The rule u ↦ f(u) that a formula in the entries (or the whole) of the argument gives.
fn entrywise_rule(scope: &Scope, argument: &str, body: &str, syntax: crate::syntax::Syntax) -> Option<Function> {
    let argument = parse(argument, syntax, &scope.names).ok()?;
    let base = match argument.kind(argument.root) {
        Kind::Subscript { base, .. } => *base,
        _ => argument.root,
    };
    let mut tree = parse(body, syntax, &scope.names).ok()?;
    let parameter = Name::from("\u{3}u");
    let entries: Vec<ExprId> = tree
        .ids()
        .filter(|id| match tree.kind(*id) {
            Kind::Subscript { base: b, .. } => tree.same(*b, &argument, base),
            _ => tree.same(*id, &argument, argument.root),
        })
        .collect();
    if entries.is_empty() {
        return None;
    }
    for id in entries {
        tree.set_kind(id, Kind::Symbol(parameter.clone()));
    }
    Some(Function::Defined { parameters: vec![parameter], source: body.to_owned(), tree })
}

/// Whether an identity holds once a function is what was proposed.
fn makes_hold(scope: &Scope, name: &str, function: Function, such_that: &str) -> Option<bool> {
    let mut scope = scope.clone();
    scope.declare_function(name, function);
    scope.names.declare(name, NameKind::Function);
    let statement = parse_statement(such_that, detect(such_that), &scope.names).ok()?;
    let sides: Vec<&Tree> = statement.parts.iter().filter_map(|p| p.tree.as_ref()).collect();
    let [left, right] = sides.as_slice() else { return None };
    let mut session = Session::bare(scope);
    let left = session.readings(left, &Hint::default()).0;
    let right = session.readings(right, &Hint::default()).0;
    session.compare(&left, &right, [such_that, such_that]).equal
}
