//! A submission: its sections, each under its problem, and the claims of all of them in order.

use super::answer::{answers, asked, proposed};
use super::define::{is_plain, notation};
use super::occurrence::set_formula;
use super::result::{Graded, NotRead, QuestionResult};
use super::section::{Section, sections};
use super::session::Session;
use super::side::Hint;
use super::walk::Walk;
use crate::document::Document;
use crate::problem::{Ask, Layout, Problem, Question};
use crate::shape::{Body, QuantityId};
use crate::syntax::{Kind, Tree, parse_declared};
use crate::tensor::NodeId;

/// Grades a document against the problems of a file.
#[must_use]
pub fn grade(document: &Document, problems: &[Problem]) -> Graded {
    let mut graded = Graded::default();
    for q in problems.iter().flat_map(|p| &p.questions) {
        graded.questions.push(QuestionResult {
            id: q.id.clone(),
            answer: None,
            verdict: None,
            first_wrong: None,
            provisional: true,
        });
    }
    let mut earlier: Vec<Vec<usize>> = vec![Vec::new(); problems.len()];
    for section in sections(document, problems) {
        match section.problem {
            Some(p) => grade_section(document, problems, p, &section, &mut earlier[p], &mut graded),
            None => grade_homeless(document, problems, &section, &mut earlier, &mut graded),
        }
    }
    graded.claims.sort_by_key(|c| (c.span.start, c.span.end));
    let old: Vec<usize> = graded.claims.iter().map(|c| c.n).collect();
    for (i, c) in graded.claims.iter_mut().enumerate() {
        c.n = i + 1;
    }
    for q in &mut graded.questions {
        let renumber = |n: usize| old.iter().position(|o| *o == n).map(|i| i + 1);
        q.answer = q.answer.and_then(renumber);
        q.first_wrong = q.first_wrong.and_then(renumber);
    }
    let labels = std::mem::take(&mut graded.labels);
    for (i, n) in document.not_read.iter().enumerate() {
        let why = labels.iter().find(|l| l.0 == i).map_or_else(|| n.why.to_owned(), |l| l.1.clone());
        if !why.is_empty() {
            graded.not_read.push(NotRead { line: n.line, source: n.source.clone(), why });
        }
    }
    graded.not_read.sort_by_key(|n| n.line);
    graded
}

/// Without headings, each chain goes to the first problem in which all of it can be read.
fn grade_homeless(
    document: &Document,
    problems: &[Problem],
    section: &Section,
    earlier: &mut [Vec<usize>],
    graded: &mut Graded,
) {
    let mut shares: Vec<Vec<usize>> = vec![Vec::new(); problems.len()];
    let mut probes: Vec<Session> = problems.iter().map(Session::new).collect();
    for p in &mut probes {
        p.define(document, &section.chains, &[]);
    }
    let mut last = 0;
    for c in &section.chains {
        let chain = &document.chains[*c];
        let readable = |s: &mut Session| {
            chain
                .pieces
                .iter()
                .filter(|p| s.side(&p.text, notation(p, is_plain(chain)), &Hint::default()).is_ok())
                .count()
        };
        let counts: Vec<usize> = probes.iter_mut().map(readable).collect();
        let best = counts.iter().copied().max().unwrap_or(0);
        // A tie stays with the problem of the chain before.
        let choice =
            if counts.get(last) == Some(&best) { last } else { counts.iter().position(|n| *n == best).unwrap_or(0) };
        last = choice;
        if let Some(share) = shares.get_mut(choice) {
            share.push(*c);
        }
    }
    for (p, chains) in shares.into_iter().enumerate() {
        let questions = section.questions.iter().copied().filter(|q| q.0 == p).collect();
        let part = Section { problem: Some(p), questions, chains, extent: section.extent.clone() };
        grade_section(document, problems, p, &part, &mut earlier[p], graded);
    }
}

/// Grades one part; `earlier` are the chains of the parts before it that define names, which go on to stand for the same.
fn grade_section(
    document: &Document,
    problems: &[Problem],
    p: usize,
    section: &Section,
    earlier: &mut Vec<usize>,
    graded: &mut Graded,
) {
    let problem = &problems[p];
    let mut session = Session::new(problem);
    let questions: Vec<_> = section.questions.iter().map(|(_, k)| &problem.questions[*k]).collect();
    session.layout = if questions.iter().any(|q| q.layout == Layout::Either) {
        Layout::Either
    } else if questions.iter().any(|q| q.layout == Layout::Transposed) {
        Layout::Transposed
    } else {
        Layout::Standard
    };
    let first = questions.iter().find(|q| q.ask != Ask::Definition);
    session.objective = first.and_then(|q| session.scope.find(&q.of, 0)).or(session.objective);
    session.variable = first.and_then(|q| q.wrt.first()).map(|w| w.as_str().into());
    session.variables =
        questions.iter().filter_map(|q| Some((q.of.as_str().into(), q.wrt.first()?.as_str().into()))).collect();
    let hessian = questions.iter().find(|q| q.ask == Ask::Hessian).and_then(|q| q.wrt.first());
    session.asked_columns =
        hessian.and_then(|w| session.scope.find(w, 0)).map(|q| session.scope.quantity(q).shape.cols.clone());
    session.paths = adds_paths(document, section);
    define_asked_function(&mut session, document, section, &questions);
    let defined = session.define(document, &section.chains, earlier);
    earlier.extend(&defined);
    session.notes.clear();
    session.asked = asked_gradients(&mut session, &questions);
    let question = (questions.len() == 1).then(|| questions[0].id.clone());
    let mut walk = Walk {
        document,
        session,
        graded,
        question,
        wrong: Vec::new(),
        diagnosed: 0,
        differs: None,
        heads: Vec::new(),
        contradicted: Vec::new(),
        judged: Vec::new(),
    };
    for c in &section.chains {
        walk.chain(*c, defined.contains(c));
    }
    for (n, label) in document.not_read.iter().enumerate().filter(|(_, l)| l.why == "shape label") {
        let known = walk.graded.labels.iter().any(|l| l.0 == n);
        if section.extent.contains(&(label.span.start as usize)) && !known {
            let mut why = label.why.to_owned();
            if walk.label_alone(label, &mut why) {
                why.clear();
            }
            walk.graded.labels.push((n, why));
        }
    }
    answers(&mut walk, problems, section);
    let names = walk.session.scope.unifier.clone();
    graded.names.push(names);
}

/// The gradients that are asked for, with what they are taken by.
fn asked_gradients(session: &mut Session, questions: &[&Question]) -> Vec<(NodeId, QuantityId)> {
    let mut found = Vec::new();
    for q in questions.iter().filter(|q| matches!(q.ask, Ask::Gradient | Ask::Derivative) && q.wrt.len() == 1) {
        let (Some(tree), member) = (asked(session, q), parse_declared(&q.wrt[0]).ok()) else { continue };
        let member = member.and_then(|m| session.scope.find(&m.name, 1).filter(|_| m.indices.len() == 1));
        let unknown = session.scope.find(&q.wrt[0], 0).or(member);
        let Some(unknown) = unknown.filter(|u| matches!(session.scope.quantity(*u).body, Body::Variable)) else {
            continue;
        };
        let letters = session.scope.quantity(unknown).letters.len();
        let (truth, _) = session.readings(&tree, &Hint::default());
        found.extend(
            truth.iter().filter(|r| r.value.free.len() == letters && !r.path).take(1).map(|r| (r.value.node, unknown)),
        );
    }
    found
}

/// Where a definition is asked for, the document's own is what its name stands for in all that is claimed.
fn define_asked_function(session: &mut Session, document: &Document, section: &Section, questions: &[&Question]) {
    for q in questions.iter().filter(|q| q.ask == Ask::Definition) {
        if let Some((_, function)) = proposed(&session.scope, document, section, q) {
            session.scope.declare_function(&q.of, function);
            retype_calls(session, &q.of);
        }
    }
}

/// Infers again the definitions that call a function which has got a formula.
fn retype_calls(session: &mut Session, function: &str) {
    let calls = |tree: &Tree| {
        tree.ids().any(|id| matches!(tree.kind(id), Kind::Call { function: name, .. } if name == function))
    };
    let found: Vec<(QuantityId, Tree)> = session
        .scope
        .quantities()
        .filter_map(|(id, q)| match &q.body {
            Body::Definition(f) if calls(&f.tree) => Some((id, f.tree.clone())),
            _ => None,
        })
        .collect();
    for (id, tree) in found {
        // A definition that cannot be inferred any more stays as it was, and is said to be unreadable where it is used.
        let _ = set_formula(&mut session.scope, id, tree);
    }
}

/// Whether the part speaks of a derivative by a transposed variable, so that its paths are added.
fn adds_paths(document: &Document, section: &Section) -> bool {
    section.chains.iter().flat_map(|c| &document.chains[*c].pieces).any(|p| {
        let compact: String = p.text.chars().filter(|c| !c.is_whitespace()).collect();
        compact.match_indices("\\partial").any(|(i, _)| {
            let below: String = compact[i..].chars().take(24).collect();
            ["^T}", "^\\top}", "^{T}}", "^{\\top}}", "^\\intercal}"].iter().any(|t| below.contains(t))
        }) || compact.contains("dW^T}")
            || compact.contains("}{dW^T}")
    })
}
