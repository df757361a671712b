//! Tasks kept for the next request that asks the same: a batch has many candidates for one objective.
//!
//! The key is all that a task is made from: every declaration, what is asked and of what, and the notation. A task that
//! was met in other words, in the other notation say, is known again once it is read, and shares its truth. What is kept
//! is what would be made again, so no answer depends on what was kept, nor on the order of the requests. Memory is
//! bounded: tasks lie in two generations, and when the younger has grown to its limit, the older is forgotten.

use super::answer::{Answer, Options, bounded, check, explained};
use super::request::RequestText;
use super::task::Task;
use crate::problem::{Problem, build};
use crate::text::Diagnostic;
use crate::verdict::{Posed, pose};
use rustc_hash::FxHashMap;
use std::sync::{Arc, Mutex, PoisonError};

/// Nodes and bytes of keys in one generation, nodes counted as this many bytes.
const MOST: usize = 16 << 20;
const NODE: usize = 256;
/// Keys in one generation; most tasks have two.
const KEYS: usize = 2048;

/// Declarations, with a task made of them where no candidate can add to it.
struct Known {
    problem: Problem,
    task: Option<Task>,
}

#[derive(Default)]
struct Generations {
    young: FxHashMap<String, Arc<Known>>,
    old: FxHashMap<String, Arc<Known>>,
    /// What the young generation takes.
    weight: usize,
}

/// The tasks of the last requests; to be used by any number of threads.
#[derive(Default)]
pub struct Memory {
    generations: Mutex<Generations>,
}

impl Memory {
    /// Answers a request.
    ///
    /// # Errors
    /// Where its declarations cannot be read.
    pub fn check(&self, request: &RequestText, options: Options) -> Result<Answer, Diagnostic> {
        let wrt = request.variables();
        let asked = request.asked(&wrt);
        let key = request.task_key(options.counterexample);
        let (Some(candidate), Some(key)) = (request.candidate.as_deref(), key) else {
            let problem = build(&request.problem(), request.notation())?;
            return Ok(check(&problem, &asked, request.candidate.as_deref(), options));
        };
        let known = match self.recall(&key) {
            Some(known) => known,
            None => {
                let problem = build(&request.problem(), request.notation())?;
                let (mut task, mut meaning) = (None, None);
                let open = bounded(&asked, true, || {
                    let posed = pose(&problem.scope, &asked, Some(candidate)).ok().filter(|p| p.is_settled());
                    if let Some(posed) = posed {
                        let (made, new) = self.task(posed, &problem, request, options.counterexample);
                        (task, meaning) = (Some(made), new);
                    }
                    Answer::new()
                });
                if open.fault.is_some() {
                    return Ok(open);
                }
                let known = Arc::new(Known { problem, task });
                if let Some(meaning) = meaning {
                    self.keep(meaning, &known);
                }
                self.keep(key, &known);
                known
            }
        };
        let Known { problem, task } = &*known;
        Ok(match task {
            Some(task) => {
                let answer = bounded(&asked, true, || task.judge(candidate, asked.syntax, problem.declared, options));
                explained(answer, problem, &asked, Some(candidate), options)
            }
            None => check(problem, &asked, Some(candidate), options),
        })
    }

    /// The task with its truth, which another one of the same meaning may have; with the key of its meaning, where that
    /// is new.
    fn task(&self, posed: Posed, problem: &Problem, request: &RequestText, shown: bool) -> (Task, Option<String>) {
        let meaning = request.meaning_key(shown).and_then(|mut key| posed.write_meaning(&mut key).then_some(key));
        let kept = meaning.as_ref().and_then(|key| self.recall(key));
        let told = kept.as_ref().and_then(|k| k.task.as_ref()?.in_other_words(posed.clone(), problem.declared));
        match told {
            Some(task) => (task, None),
            None => (Task::new(posed, problem.declared, shown), meaning.filter(|_| kept.is_none())),
        }
    }

    fn recall(&self, key: &str) -> Option<Arc<Known>> {
        let mut all = self.generations.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = all.young.get(key) {
            return Some(Arc::clone(known));
        }
        let (key, known) = all.old.remove_entry(key)?;
        all.keep(key, Arc::clone(&known));
        Some(known)
    }

    fn keep(&self, key: String, known: &Arc<Known>) {
        self.generations.lock().unwrap_or_else(PoisonError::into_inner).keep(key, Arc::clone(known));
    }
}

impl Generations {
    fn keep(&mut self, key: String, known: Arc<Known>) {
        let weight = key.len() + NODE * (64 + known.task.as_ref().map_or(0, Task::weight));
        if weight > MOST {
            return;
        }
        if self.weight + weight > MOST || self.young.len() >= KEYS {
            self.old = std::mem::take(&mut self.young);
            self.weight = 0;
        }
        self.weight += weight;
        self.young.insert(key, known);
    }
}
