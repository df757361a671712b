//! `gradmark check`: which of its forms is meant.

use super::answer::{Answered, Origin, Show, answer, problem};
use super::args::{CheckArgs, EvidenceArg, Format};
use super::console::{Complaint, Console, read};
use super::status::Status;
use super::{batch, certificate, questions, reading, task};
use crate::check::{EvidenceText, RequestText, read_equation};
use crate::problem::WrtText;
use crate::report::Hint;
use crate::text::Code;

pub(super) fn run(args: &CheckArgs, console: Console) -> Result<Status, Complaint> {
    if let Some(file) = &args.jsonl {
        let hint = args.hint.map(Hint::of_level);
        return batch::run(file, args.timings, args.threads, hint, args.certificate.as_deref());
    }
    let mut request = task::declared(&args.declarations)?;
    task::asked(&args.task, None, &mut request);
    request.evidence = args.evidence.map(|e| match e {
        EvidenceArg::All => EvidenceText::All,
        EvidenceArg::Decisive => EvidenceText::Decisive,
    });
    let point = args.dims.as_deref().map(sizes).transpose()?.map(|s| (s, args.seed));
    let show = Show {
        format: args.format,
        numpy: args.numpy,
        point,
        hint: args.hint.map(Hint::of_level),
        certificate: args.certificate.is_some(),
        ..Show::default()
    };
    if let Some(formula) = &args.read {
        let formula = if formula == "-" { read("-")? } else { formula.clone() };
        return reading::run(&formula, &request, args.format, console);
    }
    if let Some(objective) = &args.objective {
        if request.wrt.is_none() && args.candidate.is_none() {
            return Err(Complaint::plain(Code::BAD_COMMAND, "there is nothing to check the objective against")
                .hint("add --candidate, and --wrt where it is a derivative"));
        }
        request.objective = objective.clone();
        request.candidate = args.candidate.clone();
        let answered = answer(&request, None, &show, console);
        return certified(args, vec![answered], console);
    }
    let Some(what) = &args.what else {
        return Err(Complaint::plain(Code::BAD_COMMAND, "there is nothing to check")
            .hint("give an equation, a problem file, --objective with --candidate, --read or --jsonl"));
    };
    let (name, text) = match what.as_str() {
        "-" => ("standard input", read("-")?),
        path if is_path(path) => (path, read(path)?),
        equation => ("equation", equation.to_owned()),
    };
    if is_path(what) || what == "-" && is_problem(&text) {
        if args.certificate.is_some() {
            return Err(Complaint::plain(
                Code::BAD_COMMAND,
                "certificates are written for formulas, not for problem files",
            )
            .hint("give an equation, or --objective with --candidate"));
        }
        return questions::run(name, &text, &show, console);
    }
    let answered = equation(name, text.trim(), &request, &show, console)?;
    certified(args, answered, console)
}

/// The status of all answers, their certificates written where that is asked.
fn certified(args: &CheckArgs, answers: Vec<Answered>, console: Console) -> Result<Status, Complaint> {
    let status = answers.iter().fold(Status::Correct, |s, a| s.and(a.status));
    let Some(path) = &args.certificate else { return Ok(status) };
    let wanted = answers.len();
    let found: Vec<_> = answers.into_iter().filter_map(|a| a.certificate).collect();
    if found.len() < wanted {
        let d = Complaint::plain(Code::BAD_COMMAND, "there is no verdict to certify")
            .hint("only what is correct or incorrect has a certificate");
        console.complain(&d);
    }
    if !found.is_empty() {
        certificate::write(path, &found)?;
    }
    Ok(status)
}

/// Whether an argument names a file: formulas do not end like that.
fn is_path(what: &str) -> bool {
    what.ends_with(".toml") || what.ends_with(".json") || (!what.contains('=') && std::path::Path::new(what).is_file())
}

/// Whether a text from standard input is a problem file and not an equation.
fn is_problem(text: &str) -> bool {
    text.trim_start().starts_with('{') || text.lines().any(|l| l.starts_with("[[") || l.trim_end() == "[symbols]")
}

fn equation(
    name: &str,
    text: &str,
    declared: &RequestText,
    show: &Show,
    console: Console,
) -> Result<Vec<Answered>, Complaint> {
    let scope = problem(declared)?.scope;
    let tasks = read_equation(text, declared.notation(), &scope).map_err(|diagnostic| Complaint {
        origin: name.to_owned(),
        source: Some(text.to_owned()),
        diagnostic,
    })?;
    let mut answers = Vec::new();
    for (i, t) in tasks.iter().enumerate() {
        if tasks.len() > 1 && show.format == Format::Text {
            let gap = if i > 0 { "\n" } else { "" };
            console.print(&format!("{gap}{} = {}\n", if i == 0 { t.objective.as_str() } else { "…" }, t.candidate));
        }
        let mut request = declared.clone();
        request.objective = t.objective.clone();
        request.candidate = Some(t.candidate.clone());
        request.wrt = (!t.wrt.is_empty()).then(|| WrtText::Several(t.wrt.clone()));
        request.ask = t.ask;
        let origin = Origin {
            name: name.to_owned(),
            text: text.to_owned(),
            objective_at: t.objective_at,
            candidate_at: t.candidate_at,
        };
        answers.push(answer(&request, Some(&origin), show, console));
    }
    Ok(answers)
}

/// `m=3,n=5`.
fn sizes(text: &str) -> Result<Vec<(String, i64)>, Complaint> {
    let one = |part: &str| {
        let (name, n) = part.split_once('=')?;
        let n = n.trim().parse::<i64>().ok().filter(|n| (1..=64).contains(n))?;
        Some((name.trim().to_owned(), n))
    };
    text.split(',').map(one).collect::<Option<Vec<_>>>().ok_or_else(|| {
        Complaint::plain(Code::BAD_COMMAND, format!("--dims {text}: sizes from 1 to 64 are expected"))
            .hint("write it as in --dims m=3,n=5")
    })
}
