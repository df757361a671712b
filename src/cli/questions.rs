//! `gradmark check PROBLEM`: every question's derived answer, and the author's answers and properties checked.

use super::answer::Show;
use super::args::Format;
use super::clock::within;
use super::console::{Complaint, Console};
use super::status::Status;
use crate::check::{Answer, Options, check, contradictions};
use crate::problem::{Ask, Problem, Question, advice, build, locate, locate_in_question, parse_problem_file};
use crate::report::{json, text};
use crate::shape::{Body, Quantity, property_name};
use crate::syntax::{Syntax, print};
use crate::text::{Code, Diagnostic, Span};
use crate::verdict::{Asked, Depth, Place};
use serde_json::{Value, json};

/// One file, with what is needed to point into it.
struct File<'a> {
    name: &'a str,
    text: &'a str,
}

impl File<'_> {
    /// A complaint about a place that `span` gives from a located text.
    fn complain(&self, at: Option<Span>, mut diagnostic: Diagnostic) -> Complaint {
        match at {
            Some(at) => {
                let inside = diagnostic.span != Span::default() && diagnostic.span.end <= at.end - at.start;
                diagnostic.span = if inside { diagnostic.span.shift(at.start as usize) } else { at };
                diagnostic.labels.iter_mut().for_each(|l| l.0 = l.0.shift(at.start as usize));
                if !inside {
                    diagnostic.labels.clear();
                }
                Complaint { origin: self.name.to_owned(), source: Some(self.text.to_owned()), diagnostic }
            }
            None => Complaint { origin: self.name.to_owned(), source: None, diagnostic },
        }
    }
}

/// The problems of a file, each with its position in the file's list, and the title of the whole.
type Problems = (String, Vec<(Option<usize>, Problem)>);

/// Reads every problem of a file, before anything is printed.
pub(super) fn problems(name: &str, source: &str) -> Result<Problems, Complaint> {
    let file = File { name, text: source };
    let parsed = parse_problem_file(source).map_err(|d| Complaint {
        origin: name.to_owned(),
        source: Some(source.to_owned()).filter(|s| !s.trim().is_empty()),
        diagnostic: d,
    })?;
    let mut problems: Vec<(Option<usize>, Problem)> = Vec::new();
    for (n, text) in parsed.each() {
        let problem = build(text, None).map_err(|d| {
            let section = (d.code == Code::UNKNOWN_PROPERTY).then_some("properties");
            let at = d.source.as_ref().and_then(|key| locate(source, n, key, section));
            file.complain(at, d)
        })?;
        problems.push((n, problem));
    }
    Ok((parsed.title, problems))
}

pub(super) fn run(name: &str, source: &str, show: &Show, console: Console) -> Result<Status, Complaint> {
    let file = File { name, text: source };
    let (_, problems) = problems(name, source)?;
    let mut status = Status::Correct;
    let mut complaints = Vec::new();
    let mut out = String::new();
    let mut answers = Vec::new();
    for (n, problem) in &problems {
        if show.format == Format::Text && !problem.title.is_empty() {
            out.push_str(&format!("{}\n\n", console.paint.bold(&problem.title)));
        }
        if show.format == Format::Text {
            out.push_str(&text::symbols(&symbols(problem), console.paint));
        }
        let contradicted = properties(&file, *n, problem);
        if !contradicted.is_empty() {
            status = status.and(Status::Incorrect);
        }
        complaints.extend(contradicted);
        for (i, q) in problem.questions.iter().enumerate() {
            let (this, answer) = question(&file, *n, i, problem, q, Depth::All, &mut complaints);
            status = status.and(this);
            match show.format {
                Format::Text => out.push_str(&person(q, answer.as_ref(), console)),
                Format::Json => answers.push(program(q, answer.as_ref())),
            }
        }
    }
    if show.format == Format::Json {
        let titles: Vec<&str> = problems.iter().map(|p| p.1.title.as_str()).collect();
        out = format!("{}\n", json!({"schema": json::SCHEMA, "problem": name, "titles": titles, "questions": answers}));
    }
    if let Ok(parsed) = parse_problem_file(source) {
        for ((n, text), (_, problem)) in parsed.each().into_iter().zip(&problems) {
            complaints.extend(advice(text, problem).into_iter().map(|d| {
                let at = d.source.as_ref().and_then(|key| locate(source, n, key, Some("aliases")));
                file.complain(at.filter(|_| d.code != Code::NOT_GRADABLE), Diagnostic { source: None, ..d })
            }));
        }
    }
    console.print(&out);
    complaints.iter().for_each(|c| console.complain(c));
    Ok(status)
}

/// What makes a problem file unfit to grade by: properties that do not hold, questions about what is not declared, and
/// answers of the author's that are wrong. What can only not be computed is left to the grading.
pub(super) fn unfit(name: &str, source: &str, problems: &[(Option<usize>, Problem)]) -> Vec<Complaint> {
    let file = File { name, text: source };
    let mut all = Vec::new();
    for (n, problem) in problems {
        all.extend(properties(&file, *n, problem));
        for (i, q) in problem.questions.iter().enumerate() {
            question(&file, *n, i, problem, q, Depth::Decisive, &mut all);
        }
    }
    let cannot = [Code::NOT_DIFFERENTIABLE, Code::FAILED_SELF_CHECK, Code::UNSUPPORTED, Code::NO_SAMPLE];
    all.retain(|c| !cannot.contains(&c.diagnostic.code) && c.diagnostic.code < Code::TOO_DEEP);
    all
}

/// The stated properties that do not hold.
fn properties(file: &File<'_>, n: Option<usize>, problem: &Problem) -> Vec<Complaint> {
    let complain = |c: crate::check::Contradiction| {
        let message = format!("{} is stated to be {}, but its definition is not", c.name, c.property);
        let d = Diagnostic::new(Code::CONTRADICTED_PROPERTY, Span::default(), message);
        file.complain(locate(file.text, n, &c.name, Some("properties")), d)
    };
    contradictions(problem).into_iter().map(complain).collect()
}

/// One question; what is wrong with it goes to the complaints.
fn question(
    file: &File<'_>,
    problem_number: Option<usize>,
    number: usize,
    problem: &Problem,
    q: &Question,
    depth: Depth,
    complaints: &mut Vec<Complaint>,
) -> (Status, Option<Answer>) {
    if q.ask == Ask::Definition {
        return (Status::Correct, None);
    }
    let asked =
        Asked { objective: &q.of, wrt: &q.wrt, ask: q.ask, layout: q.layout, structured: q.structured, syntax: None };
    // Before grading, only whether the file is fit for it is of interest.
    let shown = depth == Depth::All;
    let options = Options { depth, counterexample: shown, diagnosis: shown.then(crate::diagnosis::Budget::default) };
    let answer = within(|| check(problem, &asked, q.answer.as_deref(), options));
    let place = |field: &str| locate_in_question(file.text, problem_number, number, field);
    if let Some(f) = &answer.fault {
        let mut d = f.diagnostic.clone();
        let field = match f.place {
            Place::Objective => "of",
            Place::Wrt => "wrt",
            Place::Candidate => "answer",
            Place::Declarations | Place::Request => "id",
        };
        if d.code == Code::UNKNOWN_SYMBOL && f.place != Place::Candidate {
            d.code = Code::UNKNOWN_QUANTITY;
        }
        d.message = format!("question {}: {}", q.id, d.message);
        complaints.push(file.complain(place(field), d));
        return (Status::of(&answer), Some(answer));
    }
    let status = Status::of(&answer);
    if status == Status::Incorrect {
        let message = format!("question {}: the answer written here differs from the derived one", q.id);
        let d = Diagnostic::new(Code::WRONG_ANSWER, Span::default(), message);
        complaints.push(file.complain(place("answer"), d));
    }
    (status, Some(answer))
}

/// How the declared symbols are understood: each with its shape, and with its definition where it has one.
fn symbols(problem: &Problem) -> Vec<(String, String)> {
    let scope = &problem.scope;
    let of = |q: &Quantity| {
        let name = q.letters.iter().fold(q.name.to_string(), |n, l| format!("{n}_{l}"));
        let shape = match q.shape.is_scalar() {
            true => "a scalar".to_owned(),
            false => scope.unifier.show_shape(&q.shape),
        };
        let ranges: Vec<String> =
            q.letters.iter().zip(&q.ranges).map(|(l, r)| format!("{l} = 1..{}", scope.unifier.show(r))).collect();
        let mut words = std::iter::once(shape).chain(ranges).collect::<Vec<_>>();
        words.extend(q.properties.iter().map(|p| property_name(*p).replace('_', " ")));
        let is = match &q.body {
            Body::Definition(f) => format!(" = {}", print(&f.tree, f.tree.root, Syntax::Plain)),
            Body::Variable | Body::Stacked { .. } => String::new(),
        };
        (name, format!("{}{is}", words.join(", ")))
    };
    scope.quantities().filter(|(_, q)| !q.name.starts_with('\u{1}')).map(|(_, q)| of(q)).collect()
}

fn title(q: &Question) -> String {
    let what = match q.ask {
        Ask::Gradient => "gradient",
        Ask::Jacobian => "Jacobian",
        Ask::Hessian => "Hessian",
        Ask::Derivative => "derivative",
        Ask::Identity => return format!("{}: a claim about {}", q.id, q.of),
        Ask::Definition => return format!("{}: a definition of {}", q.id, q.of),
    };
    format!("{}: {what} of {} with respect to {}", q.id, q.of, q.wrt.join(" and "))
}

fn person(q: &Question, answer: Option<&Answer>, console: Console) -> String {
    let mut out = format!("{}\n", title(q));
    match answer {
        None => {
            if let Some(s) = &q.such_that {
                out.push_str(&format!("  such that  {s}\n"));
            }
            out.push_str("  the submission gives it, and it is judged there\n");
        }
        Some(a) if a.fault.is_some() => out.push_str("  no result\n"),
        Some(a) if a.verdict.is_some() => {
            let comparisons = a.comparisons();
            out.push_str(&format!("  the author's answer: {}", text::judged(a, comparisons.as_ref(), console.paint)));
        }
        Some(a) => out.push_str(&format!("  {}", text::derived(a, false, console.paint))),
    }
    out.push('\n');
    out
}

fn program(q: &Question, answer: Option<&Answer>) -> Value {
    match answer {
        Some(a) => json::checked(&json!(q.id), q.answer.is_some(), a, None).value(),
        None => json!({"schema": json::SCHEMA, "id": q.id, "verdict": null, "truth": null, "error": null}),
    }
}
