//! What an author should look at although the file can be read: spellings that may mean two things, and questions to
//! which no answer can be told right or wrong.

use super::build::Problem;
use super::declare::about;
use super::file::{Ask, ProblemText};
use crate::syntax::{NameKind, parse_declared};
use crate::text::{Code, Diagnostic, Span};

/// Warnings about a problem; each names the key it is about.
#[must_use]
pub fn advice(text: &ProblemText, problem: &Problem) -> Vec<Diagnostic> {
    let mut all = aliases(text, problem);
    all.extend(questions(text));
    all
}

fn aliases(text: &ProblemText, problem: &Problem) -> Vec<Diagnostic> {
    let mut all = Vec::new();
    let mut warn = |name: &str, message: String, hint: &str| {
        all.push(about(name, Diagnostic::new(Code::AMBIGUOUS_ALIAS, Span::default(), message).hint(hint)));
    };
    let mut seen: Vec<(&str, &str)> = Vec::new();
    for (name, spellings) in &text.aliases {
        let known = parse_declared(name)
            .is_ok_and(|d| problem.scope.names.contains(&d.whole) || problem.scope.names.contains(&d.name));
        if !known {
            warn(name, format!("{name} has aliases and is not declared"), "declare it, or correct its name");
        }
        for spelling in spellings {
            let plain = spelling.trim();
            if let Some((_, other)) = seen.iter().find(|s| s.0 == plain && s.1 != name) {
                warn(name, format!("{plain} is an alias of {other} and of {name}"), "give it to one of them");
            }
            seen.push((plain, name));
            let Ok(declared) = parse_declared(plain) else { continue };
            let names = &problem.scope.names;
            let is = |kind| names.is(&declared.whole, kind);
            let own = parse_declared(name).is_ok_and(|d| d.whole == declared.whole);
            if own {
                continue;
            }
            if is(NameKind::Symbol) || is(NameKind::Family) || is(NameKind::Function) {
                warn(
                    name,
                    format!("the alias {plain} of {name} is declared as something else"),
                    "what is declared wins; take another spelling",
                );
            } else if is(NameKind::Dimension) {
                warn(
                    name,
                    format!("the alias {plain} of {name} is also a dimension"),
                    "in a formula it will mean the alias",
                );
            } else if matches!(plain, "d" | "e" | "i" | "\\pi" | "pi" | "T") {
                let message = format!("the alias {plain} of {name} is also a sign of its own");
                warn(
                    name,
                    message,
                    "it is taken as the alias wherever it can be; leave it out if students mean the sign",
                );
            }
        }
    }
    all
}

fn questions(text: &ProblemText) -> Vec<Diagnostic> {
    let mut all = Vec::new();
    let mut warn = |message: String, hint: &str| {
        all.push(about("questions", Diagnostic::new(Code::NOT_GRADABLE, Span::default(), message).hint(hint)));
    };
    for (i, q) in text.questions.iter().enumerate() {
        if q.ask == Ask::Definition && q.such_that.as_ref().is_none_or(|s| s.trim().is_empty()) {
            warn(
                format!("question {} asks for a definition and does not say what it has to satisfy", q.id),
                "add such_that",
            );
        }
        if q.points == Some(0.0) {
            warn(format!("question {} gives no points", q.id), "write points");
        }
        let wrt = |q: &super::file::QuestionText| q.wrt.as_ref().map(super::file::WrtText::names).unwrap_or_default();
        let twin = text.questions[..i].iter().find(|p| {
            p.of == q.of && wrt(p) == wrt(q) && p.ask == q.ask && (q.heading.is_none() || p.heading == q.heading)
        });
        if let Some(twin) = twin {
            warn(
                format!(
                    "questions {} and {} ask for the same, and no heading tells their answers apart",
                    twin.id, q.id
                ),
                "give each its heading",
            );
        }
    }
    all
}
