//! Which problem and which questions a chain belongs to.

use crate::document::{Document, find_heading};
use crate::problem::Problem;

/// A part of a submission.
#[derive(Clone, Debug)]
pub(super) struct Section {
    /// The problem, where a heading says it; otherwise the one in which its claims can be read.
    pub(super) problem: Option<usize>,
    /// The questions that are answered here.
    pub(super) questions: Vec<(usize, usize)>,
    /// Its chains.
    pub(super) chains: Vec<usize>,
    /// The bytes of the document that it takes.
    pub(super) extent: std::ops::Range<usize>,
}

/// Cuts a document at the headings of the questions. A question without a heading belongs to the part of the
/// question before it that has one; where no question has one, the document is one part.
pub(super) fn sections(document: &Document, problems: &[Problem]) -> Vec<Section> {
    let mut starts: Vec<(usize, usize, Vec<(usize, usize)>)> = Vec::new();
    let mut homeless: Vec<(usize, usize)> = Vec::new();
    let mut from = 0usize;
    for (p, problem) in problems.iter().enumerate() {
        let mut current: Option<usize> = None;
        for (k, q) in problem.questions.iter().enumerate() {
            let found = q
                .heading
                .as_ref()
                .and_then(|h| find_heading(document, h, from).or_else(|| find_heading(document, h, 0)));
            match found {
                Some(span) => {
                    let at = span.start as usize;
                    from = at;
                    match starts.iter().position(|s| s.0 == at) {
                        Some(i) => {
                            starts[i].2.push((p, k));
                            current = Some(i);
                        }
                        None => {
                            starts.push((at, p, vec![(p, k)]));
                            current = Some(starts.len() - 1);
                        }
                    }
                }
                None => match current {
                    Some(i) => starts[i].2.push((p, k)),
                    None => homeless.push((p, k)),
                },
            }
        }
    }
    let start_of = |i: usize| document.chains[i].pieces.first().map_or(0, |p| p.span.start as usize);
    let mut order: Vec<usize> = (0..starts.len()).collect();
    order.sort_by_key(|i| starts[*i].0);
    let mut sections: Vec<Section> = Vec::new();
    let first = order.first().map_or(usize::MAX, |i| starts[*i].0);
    let before: Vec<usize> = (0..document.chains.len()).filter(|i| start_of(*i) < first).collect();
    if !before.is_empty() || !homeless.is_empty() || order.is_empty() {
        let problem = (problems.len() == 1)
            .then_some(0)
            .or_else(|| order.first().filter(|_| homeless.is_empty()).map(|i| starts[*i].1));
        sections.push(Section { problem, questions: homeless, chains: before, extent: 0..first });
    }
    for (n, i) in order.iter().enumerate() {
        let (from, problem, questions) = &starts[*i];
        let to = order.get(n + 1).map_or(usize::MAX, |j| starts[*j].0);
        let chains = (0..document.chains.len()).filter(|c| (*from..to).contains(&start_of(*c))).collect();
        sections.push(Section { problem: Some(*problem), questions: questions.clone(), chains, extent: *from..to });
    }
    sections
}
