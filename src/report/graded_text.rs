//! What a person reads of a graded submission.

use super::mistake::{Hint, marked, words};
use super::paint::Paint;
use crate::grade::ClaimVerdict;
use crate::mark::{Change, Class, Entry, Failure, Graded, Mark, Outcome, Part, Step, average, counted, decimal};
use crate::number::Rational;

/// Longest source shown on one line.
const WIDTH: usize = 100;
/// Most students that are listed.
const LISTED: usize = 20;

/// A graded submission under the file's name; with a hint, of mistakes only what it tells.
#[must_use]
pub fn graded_text(file: &str, graded: &Graded, hint: Option<Hint>, paint: Paint) -> String {
    let total = graded.total();
    let (awarded, points) = (decimal(&total.awarded), decimal(&total.points));
    let mut out = format!("{}\n\n", paint.bold(&format!("{}: {awarded} of {points} points", file.replace('\n', " "))));
    for (mark, q) in graded.marks.iter().zip(&graded.sheet.questions) {
        out.push_str(&question(mark, q, graded, paint));
    }
    if let Some(comment) = &graded.comment {
        out.push_str(&format!("  comment: {}\n", one_line(comment)));
    }
    for c in &graded.sheet.claims {
        out.push('\n');
        out.push_str(&claim(c, hint, paint));
    }
    if !graded.sheet.not_read.is_empty() {
        out.push_str(&format!("\n  {}\n", paint.faint("not judged")));
        for n in &graded.sheet.not_read {
            out.push_str(&format!("  line {}: {} ({})\n", n.line, one_line(&n.source), n.why));
        }
    }
    out
}

fn painted(v: ClaimVerdict, paint: Paint) -> String {
    let name = v.name();
    match v {
        ClaimVerdict::Correct => paint.good(name),
        ClaimVerdict::Incorrect => paint.bad(name),
        ClaimVerdict::Carried | ClaimVerdict::Unreadable | ClaimVerdict::Undecided => paint.open(name),
        ClaimVerdict::Definition => paint.faint(name),
    }
}

fn question(mark: &Mark, q: &Outcome, graded: &Graded, paint: Paint) -> String {
    let line = |n: usize| graded.sheet.claim(n).map_or(0, |c| c.line);
    let mut out = format!("  {:10} {} of {}", q.id, decimal(&mark.awarded), decimal(&mark.points));
    match (q.verdict, q.answer) {
        (Some(v), Some(n)) => {
            out.push_str(&format!("   the final answer, in line {}, is {}", line(n), painted(v, paint)));
        }
        (Some(v), None) => out.push_str(&format!("   the final answer is {}", painted(v, paint))),
        (None, _) => out.push_str(&format!("   {}", paint.open("no final answer was found"))),
    }
    if let Some(n) = q.first_wrong {
        out.push_str(&format!("; the first wrong step is in line {}", line(n)));
    }
    if mark.is_provisional() {
        out.push_str(&format!("; {}", paint.open("a person has to look at this")));
    }
    out.push('\n');
    // What the line above does not say already.
    let told = mark.items.len() == 1
        && mark.items.iter().all(|i| i.part == Part::Answer && (i.points == i.of || i.points.is_zero()));
    for item in mark.items.iter().filter(|_| !told) {
        let lines = if item.lines.is_empty() { String::new() } else { format!(" ({})", lines(&item.lines)) };
        let (points, of) = (decimal(&item.points), decimal(&item.of));
        out.push_str(&format!("             {:6} {points} of {of}: {}{lines}\n", item.part.name(), item.why));
    }
    for open in mark.unsettled.iter().filter(|_| !told && !mark.by_person) {
        let lines = if open.lines.is_empty() { String::new() } else { format!(" ({})", lines(&open.lines)) };
        out.push_str(&format!("             {:6} {}: {}{lines}\n", "open", counted(&open.points), open.why));
    }
    if let Some(comment) = &mark.comment {
        out.push_str(&format!("             comment: {}\n", one_line(comment)));
    }
    out
}

/// Line numbers in words.
pub(super) fn lines(numbers: &[u32]) -> String {
    let all: Vec<String> = numbers.iter().map(ToString::to_string).collect();
    format!("{} {}", if all.len() == 1 { "line" } else { "lines" }, all.join(", "))
}

/// Which marks changed since the run in a folder.
#[must_use]
pub fn changes_text(changes: &[Change], dir: &str) -> String {
    if changes.is_empty() {
        return format!("no marks changed since {dir}\n");
    }
    let shown = |p: &Option<Rational>| p.as_ref().map_or_else(|| "none".to_owned(), decimal);
    let mut out = format!(
        "{} changed since {dir}\n",
        if changes.len() == 1 { "1 mark".to_owned() } else { format!("{} marks", changes.len()) }
    );
    for c in changes {
        let question = c.question.as_deref().unwrap_or("all");
        out.push_str(&format!("  {:20} {question:12} {} → {}\n", c.key, shown(&c.before), shown(&c.now)));
    }
    out
}

/// What a run came to in a few lines, and who needs a person.
#[must_use]
pub fn class_text(class: &Class, paint: Paint) -> String {
    let noun = |n: usize| if n == 1 { "submission" } else { "submissions" };
    let count = |is: fn(&Entry) -> bool| class.entries.iter().filter(|e| is(e)).count();
    let graded = count(|e| e.result.is_ok());
    let failed = count(|e| matches!(e.result, Err(Failure::Unusable { .. })));
    let missing = count(|e| matches!(e.result, Err(Failure::Missing)));
    let mut out = format!("{graded} {} graded", noun(graded));
    if failed > 0 {
        out.push_str(&format!(", {failed} could not be graded"));
    }
    if missing > 0 {
        out.push_str(&format!(", {missing} not handed in"));
    }
    out.push('\n');
    let totals: Vec<Rational> =
        class.graded().map(|(_, g)| g.total()).filter(|t| !t.provisional).map(|t| t.awarded).collect();
    if let (Some(average), Some(least), Some(most)) = (average(&totals), totals.iter().min(), totals.iter().max()) {
        let marks = if totals.len() == 1 { "1 final mark".to_owned() } else { format!("{} final marks", totals.len()) };
        let of = decimal(&class.points());
        out.push_str(&format!("{marks}: {average} of {of} on average, from {} to {}\n", decimal(least), decimal(most)));
    }
    let open: Vec<&Entry> = class.entries.iter().filter(|e| !e.open().is_empty()).collect();
    if !open.is_empty() {
        let needs = if open.len() == 1 { "needs" } else { "need" };
        out.push_str(&format!("{}\n", paint.open(&format!("{} {needs} a person:", open.len()))));
    }
    for entry in open.iter().take(LISTED) {
        let key = one_line(&entry.student.key);
        out.push_str(&format!("  {key:20} {}\n", one_line(&entry.open().join("; "))));
    }
    if open.len() > LISTED {
        out.push_str(&format!("  and {} more, which report.html lists\n", open.len() - LISTED));
    }
    out
}

fn claim(c: &Step, hint: Option<Hint>, paint: Paint) -> String {
    let mut out = format!("  line {:<4} {}   {}\n", c.line, painted(c.verdict, paint), one_line(&c.source));
    if let Some(computed) = c.computed.filter(|v| *v != c.verdict) {
        out.push_str(&format!("            decided by a person; the program says {}\n", computed.name()));
    }
    if !c.meaning.is_empty() {
        out.push_str(&format!("            {}\n", paint.faint(&c.meaning)));
    }
    for d in &c.diagnosis {
        let d = d.diagnosed();
        // Why something could not be read is no mistake of a kind.
        let is_mistake = !matches!(c.verdict, ClaimVerdict::Unreadable | ClaimVerdict::Undecided);
        let kind = if is_mistake && hint != Some(Hint::Where) { format!("{}: ", d.kind) } else { String::new() };
        out.push_str(&format!("            {kind}{}\n", words(&d, hint)));
        for line in marked(&c.source, d.span, paint).iter().flat_map(|m| m.lines()) {
            out.push_str(&format!("              {line}\n"));
        }
    }
    out
}

/// A source on one line, cut where it is long.
pub(super) fn one_line(source: &str) -> String {
    let words: Vec<&str> = source.split_whitespace().collect();
    let line = words.join(" ");
    if line.chars().count() <= WIDTH {
        return line;
    }
    let cut: String = line.chars().take(WIDTH).collect();
    format!("{cut}…")
}
