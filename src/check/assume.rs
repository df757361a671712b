//! What a wrong candidate takes for granted: a property, a square matrix, a size of 1.

use super::answer::{Answer, judged};
use crate::diagnosis::Diagnosed;
use crate::dimension::{IntVar, Poly};
use crate::problem::Problem;
use crate::shape::Scope;
use crate::verdict::{Asked, Search, Verdict, only_if};

/// Names the assumption under which an incorrect candidate would be right: first where nothing else was named, else
/// behind the mistake that was.
pub(super) fn name_assumption(answer: &mut Answer, problem: &Problem, asked: &Asked<'_>, text: &str) {
    let unexplained = |d: &Diagnosed| matches!(d.kind, "shape" | "other");
    let named = |d: &Diagnosed| matches!(d.kind, "layout" | "assumption");
    if answer.verdict != Some(Verdict::Incorrect) || answer.diagnosis.iter().any(named) {
        return;
    }
    let alone = answer.diagnosis.iter().all(unexplained);
    let open = answer.diagnosis.iter().all(|d| unexplained(d) || d.is_exchange());
    let search = if open { Search::All } else { Search::Usual };
    let Some(words) = assumption(answer, problem, asked, text, search) else { return };
    let span = answer.candidate.as_ref().map(|c| c.tree.span(c.tree.root));
    answer.diagnosis.retain(|d| d.kind != "other");
    let message = match words.ends_with("= 1") {
        true => format!("This is right only if {words}: what more terms or entries would add is left out."),
        false => format!("This is right only if {words}, which is not declared."),
    };
    let place = if alone { 0 } else { answer.diagnosis.len() };
    let key = format!("assumption:{}", words.replace(" is ", " "));
    let hints = [format!("Look again at `{text}`."), message.clone(), message.clone()];
    answer.diagnosis.insert(place, Diagnosed { key, hints, ..Diagnosed::plain("assumption", message, span) });
}

fn assumption(answer: &Answer, problem: &Problem, asked: &Asked<'_>, text: &str, search: Search) -> Option<String> {
    let posed = answer.posed.as_ref()?;
    if let Some((candidate, truth)) = answer.pair {
        let texts = [text, posed.text.as_str()];
        let (found, _) = only_if(&posed.store, candidate, truth, &posed.scope.sizes, texts, search)?;
        return Some(found.words(&|v| posed.integer_name(v)));
    }
    if !answer.diagnosis.iter().any(|d| d.kind == "shape") {
        return None;
    }
    equal_dimensions(problem, asked, text)
}

/// Two dimensions that would have to be one: `m = n`, where a matrix is taken for square.
fn equal_dimensions(problem: &Problem, asked: &Asked<'_>, text: &str) -> Option<String> {
    let dims = dimensions(&problem.scope);
    for (i, a) in dims.iter().enumerate() {
        for b in &dims[i + 1..] {
            let mut scope = problem.scope.clone();
            scope.unifier.identify(*a, &Poly::variable(*b));
            if judged(&scope, problem.declared, asked, Some(text)).verdict == Some(Verdict::Correct) {
                return Some(format!("{} = {}", problem.scope.unifier.name(*a), problem.scope.unifier.name(*b)));
            }
        }
    }
    None
}

/// The declared dimensions of symbols, as far as they are few.
fn dimensions(scope: &Scope) -> Vec<IntVar> {
    let mut dims: Vec<IntVar> = scope
        .quantities()
        .flat_map(|(_, q)| [&q.shape.rows, &q.shape.cols])
        .filter_map(|p| scope.unifier.resolve(p).as_variable())
        .collect();
    dims.sort_unstable();
    dims.dedup();
    dims.truncate(4);
    dims
}
