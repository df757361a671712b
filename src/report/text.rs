//! What a person reads of an answer.

use super::matrix::{matrices, sides};
use super::mistake::{Hint, marked, words};
use super::paint::Paint;
use crate::check::{Answer, Compared, Comparisons};
use crate::evidence::{Array, Assignment, Counterexample, Numbers};
use crate::syntax::{Syntax, Tree};
use crate::tensor::Store;
use crate::verdict::{Evidence, LayoutRead, Verdict};

/// Width of the labels.
const LABEL: usize = 10;
/// Width of prose.
const WIDTH: usize = 96;

/// A line with a label; further lines stand under the first.
fn line(out: &mut String, paint: Paint, label: &str, text: &str) {
    for (i, part) in text.lines().enumerate() {
        let label = if i == 0 { label } else { "" };
        out.push_str(&format!("  {}  {part}\n", paint.faint(&format!("{label:LABEL$}"))));
    }
}

/// Prose in lines of bounded width; a formula in back quotes is not parted.
fn wrapped(text: &str) -> String {
    let (mut out, mut width, mut quoted) = (String::new(), 0, false);
    for word in text.split(' ') {
        let length = word.chars().count();
        if width > 0 && !quoted && width + 1 + length > WIDTH {
            out.push('\n');
            width = 0;
        } else if width > 0 {
            out.push(' ');
            width += 1;
        }
        out.push_str(word);
        width += length;
        quoted ^= word.matches('`').count() % 2 == 1;
    }
    out
}

/// How symbols are understood, one a line.
#[must_use]
pub fn symbols(all: &[(String, String)], paint: Paint) -> String {
    let mut out = String::new();
    for (i, (name, what)) in all.iter().enumerate() {
        line(&mut out, paint, if i == 0 { "symbols" } else { "" }, &format!("{name}: {what}"));
    }
    if !all.is_empty() {
        out.push('\n');
    }
    out
}

/// A derivative that was asked for.
#[must_use]
pub fn derived(answer: &Answer, latex: bool, paint: Paint) -> String {
    let syntax = if latex { Syntax::Latex } else { Syntax::Plain };
    let print = |tree: &Tree, id| crate::syntax::print(tree, id, syntax);
    let formula = match answer.named() {
        Some(n) => print(&n.tree, n.tree.root),
        None => answer.truth_text(syntax).unwrap_or_default().to_owned(),
    };
    let mut out = format!("{}\n", paint.bold(&formula));
    let mut more = String::new();
    for (i, (name, part)) in answer
        .named()
        .iter()
        .flat_map(|n| n.parts.iter().map(move |p| (n, p)))
        .enumerate()
        .map(|(i, (n, p))| (i, (&p.0, print(&n.tree, p.1))))
    {
        line(&mut more, paint, if i == 0 { "where" } else { "" }, &format!("{name} = {part}"));
    }
    if let Some(posed) = &answer.posed {
        line(&mut more, paint, "shape", &posed.scope.unifier.show_shape(&posed.form.shape));
    }
    match answer.evidence.first() {
        Some(e) => line(&mut more, paint, "checked", &evidence(answer, e)),
        None => line(
            &mut more,
            paint,
            "checked",
            "not against finite differences: no point was found at which they can be taken",
        ),
    }
    assumptions(&mut more, answer, paint);
    for remark in &answer.remarks {
        line(&mut more, paint, "remark", remark);
    }
    out.push('\n');
    out.push_str(&more);
    out
}

/// What stands below an explanation: how it was checked, and what was assumed.
#[must_use]
pub fn explained(answer: &Answer, steps: &str, paint: Paint) -> String {
    let mut out = String::new();
    line(&mut out, paint, "steps", steps);
    if let Some(e) = answer.evidence.first() {
        line(&mut out, paint, "checked", &evidence(answer, e));
    }
    assumptions(&mut out, answer, paint);
    for remark in &answer.remarks {
        line(&mut out, paint, "remark", remark);
    }
    out
}

/// A candidate's verdict with everything beside it.
#[must_use]
pub fn judged(answer: &Answer, comparisons: Option<&Comparisons>, paint: Paint) -> String {
    let mut out = format!("{}\n\n", headline(answer, paint));
    if let Some(read) = &answer.read_as {
        line(&mut out, paint, "read as", read);
    }
    if let Some(truth) = answer.truth_text(Syntax::Plain) {
        let label = if comparisons.is_some_and(|c| c.is_identity) { "other side" } else { "derived" };
        line(&mut out, paint, label, truth);
    }
    if answer.layout == Some(LayoutRead::Transposed) {
        line(&mut out, paint, "layout", "it holds in the transposed convention");
    }
    mistakes(&mut out, answer, None, paint);
    // Floating point is shown among the comparisons.
    let shown = |e: &&Evidence| comparisons.is_none() || !matches!(e, Evidence::Numeric { .. });
    let mut pieces: Vec<&Evidence> = answer.evidence.iter().filter(shown).collect();
    if pieces.is_empty() {
        pieces = answer.evidence.iter().collect();
    }
    for (i, e) in pieces.into_iter().enumerate() {
        line(&mut out, paint, if i == 0 { "evidence" } else { "" }, &evidence(answer, e));
    }
    assumptions(&mut out, answer, paint);
    for remark in &answer.remarks {
        line(&mut out, paint, "remark", remark);
    }
    if let Some(c) = comparisons {
        out.push('\n');
        comparison_lines(&mut out, answer, c, paint);
    }
    if let (Some(c), Some(posed)) = (&answer.counterexample, &answer.posed) {
        out.push('\n');
        out.push_str(&counterexample(answer, c, &posed.store, paint));
    }
    out
}

/// A candidate's verdict with hints at its mistakes, and nothing that tells more than they do.
#[must_use]
pub fn hinted(answer: &Answer, hint: Hint, paint: Paint) -> String {
    let mut out = format!("{}\n\n", headline(answer, paint));
    if let Some(read) = &answer.read_as {
        line(&mut out, paint, "read as", read);
    }
    mistakes(&mut out, answer, Some(hint), paint);
    assumptions(&mut out, answer, paint);
    out
}

fn mistakes(out: &mut String, answer: &Answer, hint: Option<Hint>, paint: Paint) {
    for d in &answer.diagnosis {
        let label = if hint == Some(Hint::Where) { "hint" } else { d.kind };
        let mut text = wrapped(&words(d, hint));
        if let Some(m) = answer.candidate.as_ref().and_then(|c| marked(&c.text, d.span, paint)) {
            text.push('\n');
            text.push_str(&m);
        }
        line(out, paint, label, &text);
    }
}

fn headline(answer: &Answer, paint: Paint) -> String {
    match answer.verdict {
        Some(Verdict::Correct) => paint.good("correct"),
        Some(Verdict::Incorrect) => paint.bad("incorrect"),
        Some(Verdict::Undecided) => {
            let why = answer.why.as_deref().unwrap_or("no layer of evidence decides it");
            format!("{}: {why}", paint.open("undecided"))
        }
        Some(Verdict::Unreadable) | None => paint.open("unreadable"),
    }
}

fn assumptions(out: &mut String, answer: &Answer, paint: Paint) {
    for (i, a) in answer.assumed.iter().enumerate() {
        line(out, paint, if i == 0 { "assumed" } else { "" }, a);
    }
}

/// Sizes as `--dims` takes them.
#[must_use]
pub fn sizes(answer: &Answer, a: &Assignment) -> String {
    let mut pairs: Vec<(String, i64)> = a.0.iter().map(|(v, n)| (answer.integer_name(*v), *n)).collect();
    pairs.sort();
    pairs.iter().map(|(name, n)| format!("{name}={n}")).collect::<Vec<_>>().join(",")
}

fn at(answer: &Answer, dims: &[Assignment], seed: u64) -> String {
    let all: Vec<String> = dims.iter().map(|d| sizes(answer, d)).filter(|s| !s.is_empty()).collect();
    if all.is_empty() { format!("seed {seed}") } else { format!("{}; seed {seed}", all.join("  ")) }
}

/// Two digits are all that a difference means.
fn difference(x: f64) -> String {
    if x == 0.0 { "0".to_owned() } else { format!("{x:.1e}") }
}

fn points(n: usize) -> String {
    format!("{n} point{}", if n == 1 { "" } else { "s" })
}

fn evidence(answer: &Answer, e: &Evidence) -> String {
    match e {
        Evidence::Proved => "proved: the normal forms are equal, for all dimensions".to_owned(),
        Evidence::Exact { bound, points: n, dims, seed } => {
            let sure = match bound {
                Some(b) => format!(", a wrong formula passes with probability below {b:.0e}"),
                None => String::new(),
            };
            format!("equal at {} of prime fields{sure}\n{}", points(*n), at(answer, dims, *seed))
        }
        Evidence::Numeric { points: n, max_rel_diff, dims, seed } => format!(
            "equal in floating point at {}, largest relative difference {}\n{}",
            points(*n),
            difference(*max_rel_diff),
            at(answer, dims, *seed)
        ),
        Evidence::FiniteDifference { points: n, max_rel_diff, dims, seed } => format!(
            "finite differences agree at {}, largest relative difference {}\n{}",
            points(*n),
            difference(*max_rel_diff),
            at(answer, dims, *seed)
        ),
        Evidence::Refuted { by: "exact" } => "refuted: the two sides differ in exact arithmetic".to_owned(),
        Evidence::Refuted { by: "shape" } => "refuted: the shapes do not fit".to_owned(),
        Evidence::Refuted { .. } => match &answer.counterexample {
            Some(c) if c.candidate.is_none() => "refuted: it has no value where the other side has one".to_owned(),
            Some(c) if c.truth.is_none() => "refuted: it has a value where the other side has none".to_owned(),
            _ => "refuted: the two sides differ far beyond rounding".to_owned(),
        },
    }
}

fn comparison_lines(out: &mut String, answer: &Answer, c: &Comparisons, paint: Paint) {
    let rows = [
        ("candidate and derived formula", &c.candidate_and_derived),
        ("candidate and finite differences", &c.candidate_and_differences),
        ("derived and finite differences", &c.derived_and_differences),
    ];
    let identity = [("the two sides", &c.candidate_and_derived)];
    let shown = if c.is_identity { identity.as_slice() } else { rows.as_slice() };
    for (what, compared) in shown {
        match compared {
            Compared::At { agree, points: n, max_rel_diff, dims, seed } => {
                let verb = if *agree { paint.good("agree ") } else { paint.bad("differ") };
                out.push_str(&format!(
                    "  {what:33} {verb} at {}, largest relative difference {}\n",
                    points(*n),
                    difference(*max_rel_diff)
                ));
                out.push_str(&format!("  {:33} {}\n", "", paint.faint(&at(answer, dims, *seed))));
            }
            Compared::Not { why } => out.push_str(&format!("  {what:33} not compared: {why}\n")),
        }
    }
}

fn named<'a>(values: &'a [(crate::tensor::VariableId, Array)], store: &Store) -> Vec<(String, bool, &'a Array)> {
    values
        .iter()
        .map(|(v, a)| {
            let variable = store.variable(*v);
            (variable.name.to_string(), variable.family.is_some(), a)
        })
        .collect()
}

fn counterexample(answer: &Answer, c: &Counterexample, store: &Store, paint: Paint) -> String {
    let with = sizes(answer, &c.dims);
    let with = if with.is_empty() { String::new() } else { format!(" with {}", with.replace(',', ", ")) };
    let mut out = format!("  {}\n", paint.bold(&format!("counterexample{with}")));
    out.push_str(&matrices(&named(&c.values, store), 4));
    out.push_str(&sides([("candidate", &c.candidate), ("derived", &c.truth)], 4));
    out
}

/// The numbers of both sides at one point of a comparison.
#[must_use]
pub fn numbers(answer: &Answer, n: &Numbers, dims: &str, paint: Paint) -> String {
    let Some(posed) = &answer.posed else { return String::new() };
    let mut out = format!("  {}\n", paint.bold(&format!("at {dims}; seed {}", n.seed)));
    out.push_str(&matrices(&named(&n.values, &posed.store), 4));
    out.push_str(&matrices(&[("candidate".to_owned(), false, &n.candidate)], 4));
    out.push_str(&matrices(&[("derived".to_owned(), false, &n.truth)], 4));
    out.push_str(&format!("    largest relative difference {}\n", difference(n.max_rel_diff)));
    out
}
