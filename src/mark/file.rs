//! The marks file: what the program gives, and what a person decides. It is written by one and edited by the other.

use super::class::{Class, Entry};
use super::sheet::Sheet;
use super::{decimal, sum};
use crate::grade::ClaimVerdict;
use crate::number::Rational;
use crate::problem::exact_points;
use crate::text::{Code, Diagnostic, Span, meant};
use serde::Deserialize;
use std::fmt::Write as _;

/// The version of the form.
const SCHEMA: u32 = 1;

const HEAD: &str = "\
# What the program gives, and your last word.
#
# To change a mark, write `override = 4` under the question; to change a verdict, write `override = \"correct\"`
# (or \"incorrect\", \"carried\", \"definition\", \"unreadable\", \"undecided\") under the claim. `comment = \"…\"` under a
# question or a student goes into the feedback. A claim that is not listed here can be added by its `source` and `line`.
# What could not be graded, or was handed in on paper, counts as soon as one of its questions has an override.
# Grading again keeps all of these and writes the rest of this file anew; what the file was stands in
# marks.previous.toml.
";

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct FileText {
    schema: u32,
    title: String,
    students: Vec<StudentText>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct StudentText {
    key: String,
    name: Option<String>,
    file: Option<String>,
    error: Option<String>,
    awarded: Option<f64>,
    points: Option<f64>,
    comment: Option<String>,
    questions: Vec<QuestionText>,
    claims: Vec<ClaimText>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct QuestionText {
    id: String,
    points: Option<f64>,
    computed: Option<f64>,
    awarded: Option<f64>,
    provisional: Option<String>,
    lines: Vec<u32>,
    #[serde(rename = "override")]
    decided: Option<f64>,
    comment: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct ClaimText {
    #[serde(default)]
    n: usize,
    #[serde(default)]
    line: u32,
    source: String,
    verdict: Option<ClaimVerdict>,
    #[serde(rename = "override")]
    decided: Option<ClaimVerdict>,
}

/// A marks file, read.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct MarksFile {
    /// The students in order.
    pub students: Vec<EarlierStudent>,
}

/// A student in it.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct EarlierStudent {
    /// The student's name in all that is written.
    pub key: String,
    /// The marks.
    pub questions: Vec<EarlierMark>,
    /// What a person decided.
    pub decisions: StudentDecisions,
}

impl EarlierStudent {
    /// The points of all questions.
    #[must_use]
    pub fn awarded(&self) -> Rational {
        sum(self.questions.iter().map(|q| &q.awarded))
    }
}

/// A mark in it.
#[derive(Clone, PartialEq, Debug)]
pub struct EarlierMark {
    /// The question.
    pub id: String,
    /// What was given.
    pub awarded: Rational,
}

/// What a person decided about a submission.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct StudentDecisions {
    /// Words to the student.
    pub comment: Option<String>,
    /// Marks and words about questions.
    pub questions: Vec<QuestionDecision>,
    /// Verdicts of claims.
    pub claims: Vec<ClaimDecision>,
}

/// A person's mark.
#[derive(Clone, PartialEq, Debug)]
pub struct QuestionDecision {
    /// The question.
    pub id: String,
    /// The mark, where one is set.
    pub points: Option<Rational>,
    /// What the program gave then.
    pub computed: Option<Rational>,
    /// Words to the student.
    pub comment: Option<String>,
}

/// A person's verdict.
#[derive(Clone, PartialEq, Debug)]
pub struct ClaimDecision {
    /// The claim's number then.
    pub n: usize,
    /// Its line then.
    pub line: u32,
    /// As written.
    pub source: String,
    /// The verdict that counts.
    pub verdict: ClaimVerdict,
    /// What the program said then.
    pub computed: Option<ClaimVerdict>,
}

/// All decisions by student.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Decisions(Vec<(String, StudentDecisions)>);

impl Decisions {
    /// What was decided about a student.
    #[must_use]
    pub fn of(&self, key: &str) -> StudentDecisions {
        self.0.iter().find(|d| d.0 == key).map(|d| d.1.clone()).unwrap_or_default()
    }

    /// The students about whom something was decided.
    pub fn students(&self) -> impl Iterator<Item = (&str, &StudentDecisions)> {
        self.0.iter().map(|d| (d.0.as_str(), &d.1))
    }
}

impl MarksFile {
    /// What a person decided.
    #[must_use]
    pub fn decisions(&self) -> Decisions {
        let some = self.students.iter().filter(|s| s.decisions != StudentDecisions::default());
        Decisions(some.map(|s| (s.key.clone(), s.decisions.clone())).collect())
    }
}

/// Reads a marks file.
///
/// # Errors
/// What in it cannot be read, with its place.
pub fn parse_marks_file(text: &str) -> Result<MarksFile, Diagnostic> {
    let bad = |span: Span, message: String| {
        let hint = meant(&message).unwrap_or_else(|| "correct it, or grade into another folder".to_owned());
        Diagnostic::new(Code::BAD_MARKS, span, message).hint(hint)
    };
    let file: FileText = toml::from_str(text).map_err(|e| {
        let span = e.span().map_or(Span::default(), |r| Span::new(r.start, r.end));
        bad(span, e.message().trim_end().replace('\n', " "))
    })?;
    if file.schema != SCHEMA {
        return Err(bad(
            Span::default(),
            format!("this marks file has the form {}, and {SCHEMA} is known", file.schema),
        ));
    }
    let points = |x: Option<f64>, what: &str| match x {
        None => Ok(None),
        Some(x) => {
            exact_points(x).map(Some).ok_or_else(|| bad(Span::default(), format!("{what}: {x} is no number of points")))
        }
    };
    let at = |message: String| bad(Span::default(), message);
    let mut students: Vec<EarlierStudent> = Vec::new();
    for s in file.students {
        let mut student = EarlierStudent { key: s.key.clone(), ..EarlierStudent::default() };
        student.decisions.comment = s.comment.filter(|c| !c.is_empty());
        let mut seen: Vec<String> = Vec::new();
        for q in s.questions {
            let what = format!("{}, question {}", s.key, q.id);
            if seen.contains(&q.id) {
                return Err(at(format!("{what}: it stands here twice")));
            }
            seen.push(q.id.clone());
            let computed = points(q.computed, &what)?;
            let awarded = points(q.awarded, &what)?;
            let decided = points(q.decided, &what)?;
            // Somebody wrote over what the program gives: that must not be lost.
            if let (None, Some(a), Some(c)) = (&decided, &awarded, &computed)
                && a != c
            {
                let (a, c) = (decimal(a), decimal(c));
                return Err(at(format!("{what}: `awarded` is {a} where the program gave {c}"))
                    .hint(format!("to change a mark write `override = {a}` and leave the other numbers as they are")));
            }
            if let Some(awarded) = awarded {
                student.questions.push(EarlierMark { id: q.id.clone(), awarded });
            }
            let comment = q.comment.filter(|c| !c.is_empty());
            if decided.is_some() || comment.is_some() {
                student.decisions.questions.push(QuestionDecision { id: q.id, points: decided, computed, comment });
            }
        }
        for c in s.claims {
            if let Some(verdict) = c.decided {
                let decision = ClaimDecision { n: c.n, line: c.line, source: c.source, verdict, computed: c.verdict };
                student.decisions.claims.push(decision);
            }
        }
        // A second file of one student is listed as well, and holds no marks.
        let is_empty = student.questions.is_empty() && student.decisions == StudentDecisions::default();
        match students.iter_mut().find(|s| s.key == student.key) {
            None => students.push(student),
            Some(_) if is_empty => {}
            Some(before) if before.questions.is_empty() && before.decisions == StudentDecisions::default() => {
                *before = student;
            }
            Some(_) => return Err(at(format!("the student {} stands here twice", student.key))),
        }
    }
    Ok(MarksFile { students })
}

/// A string in quotes.
fn quoted(text: &str) -> String {
    toml::Value::String(text.to_owned()).to_string()
}

fn verdict(v: ClaimVerdict) -> String {
    quoted(v.name())
}

/// The marks file of a class, with what was decided before.
#[must_use]
pub fn write_marks_file(class: &Class, decisions: &Decisions) -> String {
    let mut out = format!("{HEAD}\nschema = {SCHEMA}\ntitle = {}\n", quoted(&class.title));
    for entry in &class.entries {
        // What was decided about a student stands once.
        let nothing = StudentDecisions::default();
        let own = if class.is_graded_elsewhere(entry) { nothing } else { decisions.of(&entry.student.key) };
        student(&mut out, class, entry, &own);
    }
    for (key, d) in decisions.students().filter(|d| !class.entries.iter().any(|e| e.student.key == d.0)) {
        let _ = write!(out, "\n# This student was not in the last run.\n[[students]]\nkey = {}\n", quoted(key));
        comment(&mut out, d.comment.as_deref());
        d.questions.iter().for_each(|q| lone_question(&mut out, q));
        d.claims.iter().for_each(|c| lone_claim(&mut out, c));
    }
    out
}

fn comment(out: &mut String, text: Option<&str>) {
    if let Some(text) = text {
        let _ = writeln!(out, "comment = {}", quoted(text));
    }
}

fn student(out: &mut String, class: &Class, entry: &Entry, decisions: &StudentDecisions) {
    let _ = write!(out, "\n[[students]]\nkey = {}\n", quoted(&entry.student.key));
    if let Some(name) = &entry.student.name {
        let _ = writeln!(out, "name = {}", quoted(name));
    }
    if !entry.file.is_empty() {
        let _ = writeln!(out, "file = {}", quoted(&entry.file));
    }
    let graded = match &entry.result {
        Ok(g) => g,
        Err(e) => {
            let why = match e {
                super::class::Failure::Unusable { message, .. } => message.as_str(),
                super::class::Failure::Missing => "no submission",
            };
            let _ = writeln!(out, "error = {}", quoted(why));
            comment(out, decisions.comment.as_deref());
            // Where a person's mark can be written.
            let decided = |id: &str| decisions.questions.iter().any(|d| d.id == id);
            for (id, points) in class.questions.iter().filter(|q| !class.is_graded_elsewhere(entry) && !decided(&q.0)) {
                let (id, points) = (quoted(id), decimal(points));
                let _ = write!(out, "\n[[students.questions]]\nid = {id}\npoints = {points}\n");
            }
            decisions.questions.iter().for_each(|q| lone_question(out, q));
            decisions.claims.iter().for_each(|c| lone_claim(out, c));
            return;
        }
    };
    let total = graded.total();
    let _ = writeln!(out, "awarded = {}\npoints = {}", decimal(&total.awarded), decimal(&total.points));
    comment(out, decisions.comment.as_deref());
    for mark in &graded.marks {
        let _ = write!(
            out,
            "\n[[students.questions]]\nid = {}\npoints = {}\ncomputed = {}\nawarded = {}\n",
            quoted(&mark.id),
            decimal(&mark.points),
            decimal(&mark.computed),
            decimal(&mark.awarded)
        );
        if mark.is_provisional() {
            let why: Vec<&str> = mark.unsettled.iter().map(|u| u.why.as_str()).collect();
            let _ = writeln!(out, "provisional = {}", quoted(&why.join("; ")));
        }
        let lines = mark.lines();
        if !lines.is_empty() {
            let _ = writeln!(out, "lines = {lines:?}");
        }
        if let Some(d) = decisions.questions.iter().find(|d| d.id == mark.id) {
            if let Some(points) = &d.points {
                let _ = writeln!(out, "override = {}", decimal(points));
            }
            comment(out, d.comment.as_deref());
        }
    }
    for d in decisions.questions.iter().filter(|d| !graded.marks.iter().any(|m| m.id == d.id)) {
        lone_question(out, d);
    }
    let mut kept: Vec<&super::file::ClaimDecision> = decisions.claims.iter().collect();
    for claim in graded.sheet.claims.iter().filter(|c| Sheet::is_notable(c) || c.computed.is_some()) {
        let _ = write!(
            out,
            "\n[[students.claims]]\nn = {}\nline = {}\nsource = {}\nverdict = {}\n",
            claim.n,
            claim.line,
            quoted(&claim.source),
            verdict(claim.computed.unwrap_or(claim.verdict))
        );
        if claim.computed.is_some() {
            let _ = writeln!(out, "override = {}", verdict(claim.verdict));
            if let Some(i) = kept.iter().position(|d| d.source == claim.source && d.verdict == claim.verdict) {
                kept.remove(i);
            }
        }
    }
    kept.into_iter().for_each(|c| lone_claim(out, c));
}

/// A decision about a question that is not there any more.
fn lone_question(out: &mut String, d: &QuestionDecision) {
    let _ = write!(out, "\n[[students.questions]]\nid = {}\n", quoted(&d.id));
    if let Some(computed) = &d.computed {
        let _ = writeln!(out, "computed = {}", decimal(computed));
    }
    if let Some(points) = &d.points {
        let _ = writeln!(out, "override = {}", decimal(points));
    }
    comment(out, d.comment.as_deref());
}

/// A decision about a claim that is not there any more.
fn lone_claim(out: &mut String, d: &ClaimDecision) {
    let _ = write!(
        out,
        "\n# This claim was not in the last run.\n[[students.claims]]\nn = {}\nline = {}\nsource = {}\n",
        d.n,
        d.line,
        quoted(&d.source)
    );
    if let Some(v) = d.computed {
        let _ = writeln!(out, "verdict = {}", verdict(v));
    }
    let _ = writeln!(out, "override = {}", verdict(d.verdict));
}
