//! A task whose truth is derived, checked and written once, for any number of candidates.
//!
//! The truth does not depend on the candidate where nothing of the task is open ([`Posed::is_settled`]); so it is made
//! first, and every candidate is read and judged on a copy. Whether the task is kept for the next one (see `memory`)
//! changes nothing in the answers.

use super::answer::{Answer, Options, judged_as};
use super::written::{Unwritten, Writing, Written, written};
use crate::syntax::Syntax;
use crate::text::{Code, Diagnostic, Span};
use crate::verdict::{Fault, Place, Posed, read_candidate, settle};
use std::sync::Arc;

/// A task with its truth, or why there is none.
pub(super) struct Task {
    posed: Posed,
    truth: Result<Result<Arc<Written>, Unwritten>, Fault>,
    /// Whether the truth is shown, so that it had to be read back.
    shown: bool,
}

impl Task {
    /// Derives and writes the truth of a settled task.
    pub(super) fn new(mut posed: Posed, declared: usize, shown: bool) -> Self {
        settle(&mut posed, declared);
        let derived = posed.derive();
        posed.share();
        let truth = derived.map(|()| {
            let written = written(&mut posed, None, Writing::Natural, shown.then_some(declared)).map(Arc::new);
            posed.share();
            written
        });
        Self { posed, truth, shown }
    }

    /// The task as posed in other words, with the truth of this one; nothing where it has none, or more than the words
    /// differs.
    pub(super) fn in_other_words(&self, mut posed: Posed, declared: usize) -> Option<Self> {
        let Ok(Ok(written)) = &self.truth else { return None };
        settle(&mut posed, declared);
        let posed = posed.with_truth_of(&self.posed)?;
        Some(Self { posed, truth: Ok(Ok(Arc::clone(written))), shown: self.shown })
    }

    /// How much of a memory the task takes, in nodes.
    pub(super) fn weight(&self) -> usize {
        self.posed.store.len() + self.posed.tree.len()
    }

    /// The answer where no candidate is given.
    pub(super) fn derivative(self, objective: &str) -> Answer {
        let Self { posed, truth, shown } = self;
        let written = match truth {
            Ok(Ok(w)) => w,
            Ok(Err(why)) => {
                let code = if why == Unwritten::TooLong { Code::TOO_LARGE } else { Code::INTERNAL };
                let d = Diagnostic::new(code, Span::new(0, objective.len()), why.words());
                let diagnostic = d.hint("name its repeated parts in definitions, and they stay folded");
                let fault = Fault { place: Place::Objective, diagnostic };
                return Answer { posed: Some(posed), ..Answer::fault(fault) };
            }
            Err(fault) => return Answer { posed: Some(posed), ..Answer::fault(fault) },
        };
        let mut answer =
            Answer { evidence: posed.check.iter().cloned().collect(), assumed: posed.assumed.clone(), ..Answer::new() };
        answer.take_written(written, shown);
        answer.posed = Some(posed);
        answer
    }

    /// Judges a candidate.
    pub(super) fn judge(&self, text: &str, syntax: Option<Syntax>, declared: usize, options: Options) -> Answer {
        let mut posed = self.posed.clone();
        let read = match read_candidate(&mut posed, text, syntax, declared) {
            Ok(read) => read,
            Err(fault) => return Answer { posed: Some(posed), ..Answer::fault(fault) },
        };
        let truth = match (&self.truth, &read.0.letters) {
            (Err(fault), _) => return Answer { posed: Some(posed), ..Answer::fault(fault.clone()) },
            (Ok(written), None) => written.clone(),
            (Ok(_), Some(letters)) => {
                written(&mut posed, Some(letters), Writing::Natural, self.shown.then_some(declared)).map(Arc::new)
            }
        };
        judged_as(posed, read, truth, options)
    }
}
