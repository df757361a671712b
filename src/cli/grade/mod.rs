//! `gradmark grade`: submissions against a problem file. One submission's failure costs no other anything.
//!
//! `gather` finds the submissions and whose they are, `work` grades them on all cores, `output` makes every format, and
//! `folder` keeps results and writes them whole or not at all.

mod folder;
mod gather;
mod output;
mod progress;
mod work;

use super::args::{GradeArgs, GradeFormat};
use super::console::{Complaint, Console, read};
use super::questions;
use super::status::Status;
use crate::grade::ClaimVerdict;
use crate::mark::{
    self, Class, Decisions, Entry, Failure, MarksFile, Sheet, changes, decimal, marks, parse_marks_file, settle,
};
use crate::number::Rational;
use crate::problem::{Problem, Question};
use crate::report::{Hint, changes_text, class_text, graded, json};
use crate::text::{Code, Span};
use folder::Folder;
use gather::{Gathered, Handed, gather};

/// The most that Moodle takes as a mark where it is not told otherwise; one that is more stops a whole import.
const MOODLE: i64 = 100;

pub(super) fn run(args: &GradeArgs, console: Console) -> Result<Status, Complaint> {
    let source = read(&args.problem)?;
    let (title, problems) = questions::problems(&args.problem, &source)?;
    let unfit = questions::unfit(&args.problem, &source, &problems);
    if !unfit.is_empty() {
        unfit.iter().for_each(|c| console.complain(c));
        return Ok(Status::Unusable);
    }
    let problems: Vec<Problem> = problems.into_iter().map(|p| p.1).collect();
    if problems.iter().all(|p| p.questions.is_empty()) {
        let none =
            Complaint::plain(Code::NOT_GRADABLE, format!("{} asks no question: there are no marks", args.problem));
        console.complain(&none.hint("add [[questions]] with `id`, `of`, `wrt` and `points`"));
    }
    let gathered = gather(args)?;
    let folder = args.out.as_deref().map(|out| Folder::open(out, &source)).transpose()?;
    let previous = folder.as_ref().and_then(|f| f.text("marks.toml"));
    let decisions = match (&previous, &args.out) {
        (Some(text), Some(out)) => earlier(&format!("{out}/marks.toml"), text)?.decisions(),
        _ => Decisions::default(),
    };
    let against = args.against.as_deref().map(|dir| {
        let path = format!("{dir}/marks.toml");
        earlier(&path, &read(&path)?)
    });
    let against = against.transpose()?;
    let results = work::grade_all(&gathered.handed, &problems, args, folder.as_ref())?;
    let questions: Vec<&Question> = problems.iter().flat_map(|p| &p.questions).collect();
    let mut class = Class {
        title,
        questions: questions.iter().map(|q| (q.id.clone(), q.rubric.points.clone())).collect(),
        entries: Vec::new(),
    };
    let mut status = Status::Correct;
    for (handed, result) in gathered.handed.iter().zip(results) {
        let (entry, this) = entry(handed, result, &questions, &decisions, console);
        status = status.and(this);
        class.entries.push(entry);
    }
    told(&gathered, console);
    for student in gathered.missing {
        let (result, listed) = (Err(Failure::Missing), true);
        class.entries.push(decided(Entry { student, file: String::new(), result, listed }, &questions, &decisions));
    }
    for (key, _) in decisions.students().filter(|d| !class.entries.iter().any(|e| e.student.key == d.0)) {
        say(key, "what was decided counts nowhere: this student is not in the class now".to_owned(), console);
    }
    let changed = against.map(|a| changes(&class, &a));
    let format = args.format.or((folder.is_none() && changed.is_none()).then_some(GradeFormat::Text));
    match (format, &changed) {
        (Some(GradeFormat::Json), Some(c)) => {
            let mut value = graded::class(&class, args.hint.map(Hint::of_level));
            value["changes"] = graded::changes(c);
            console.json(&value);
        }
        (Some(GradeFormat::Json), None) => console.json(&graded::class(&class, args.hint.map(Hint::of_level))),
        (Some(GradeFormat::Text), _) => console.print(&output::text(&class, args, GradeFormat::Text, console)?),
        (Some(format), _) => console.write(&output::text(&class, args, format, console)?),
        (None, _) => {}
    }
    if let Some(folder) = &folder {
        folder.write(&output::files(&class, args, &decisions, previous)?)?;
        left_out(&class, args, console);
    }
    if format.is_none() {
        let written = args.out.as_ref().map_or_else(String::new, |out| {
            format!("written to {out}: report.html shows the class, marks.toml takes your decisions\n")
        });
        console.print(&format!("{}{written}", class_text(&class, console.paint)));
    }
    if let (Some(changed), Some(dir), true) = (&changed, &args.against, format != Some(GradeFormat::Json)) {
        let text = changes_text(changed, dir);
        if matches!(format, None | Some(GradeFormat::Text)) { console.print(&text) } else { console.note(&text) }
    }
    Ok(status)
}

/// A marks file of an earlier run.
fn earlier(path: &str, text: &str) -> Result<MarksFile, Complaint> {
    parse_marks_file(text).map_err(|diagnostic| Complaint {
        origin: path.to_owned(),
        source: Some(text.to_owned()).filter(|_| diagnostic.span != Span::default()),
        diagnostic,
    })
}

/// A student's row, with what a person decided put in.
fn entry(
    handed: &Handed,
    result: Result<Sheet, Complaint>,
    questions: &[&Question],
    decisions: &Decisions,
    console: Console,
) -> (Entry, Status) {
    let (student, file, listed) = (handed.student.clone(), handed.file.clone(), handed.listed);
    let mut sheet = match result {
        Ok(sheet) => sheet,
        Err(complaint) => {
            console.complain(&complaint);
            let code = complaint.diagnostic.code.to_string();
            let error = json::error(&complaint.diagnostic, "submission");
            let message = error["message"].as_str().unwrap_or_default().to_owned();
            let entry = Entry { student, file, result: Err(Failure::Unusable { code, message }), listed };
            // What was decided about a student is about the file that is graded.
            let entry = if handed.refused.is_some() { entry } else { decided(entry, questions, decisions) };
            return (entry, Status::Unusable);
        }
    };
    let own = decisions.of(&student.key);
    let lost = settle(&mut sheet, &own);
    let marks = marks(&sheet, questions, &own);
    let say = |message: String| say(&student.key, message, console);
    lost.into_iter().for_each(|l| say(format!("a verdict was set for a claim that is not there any more, {l}")));
    for d in &own.claims {
        let now = sheet.claims.iter().find(|c| c.source == d.source).and_then(|c| c.computed);
        if let (Some(now), Some(then)) = (now, d.computed.filter(|then| Some(*then) != now)) {
            let (then, now, kept) = (then.name(), now.name(), d.verdict.name());
            say(format!("line {}: the program said {then} and now says {now}; your {kept} was kept", d.line));
        }
    }
    for d in &own.questions {
        let Some(mark) = marks.iter().find(|m| m.id == d.id) else {
            say(format!("there is no question {}; what was decided about it was kept, and counts nowhere", d.id));
            continue;
        };
        let Some(kept) = &d.points else { continue };
        if let Some(then) = d.computed.as_ref().filter(|then| **then != mark.computed) {
            let (then, now, kept) = (decimal(then), decimal(&mark.computed), decimal(kept));
            say(format!("question {}: the program gave {then} and now gives {now}; your {kept} was kept", d.id));
        }
    }
    let status = status_of(&sheet);
    let graded = mark::Graded { sheet, marks, comment: own.comment };
    (Entry { student, file, result: Ok(graded), listed }, status)
}

/// A person's marks for what the program has none for: it could not be graded, or was handed in on paper.
fn decided(entry: Entry, questions: &[&Question], decisions: &Decisions) -> Entry {
    let own = decisions.of(&entry.student.key);
    let why = match &entry.result {
        Err(Failure::Unusable { message, .. }) => message.as_str(),
        Err(Failure::Missing) => "no submission",
        Ok(_) => return entry,
    };
    if own.questions.iter().all(|d| d.points.is_none()) {
        return entry;
    }
    let sheet = Sheet::ungraded(questions, why);
    let marks = marks(&sheet, questions, &own);
    Entry { result: Ok(mark::Graded { sheet, marks, comment: own.comment }), ..entry }
}

/// Says what a person has to know about a decision.
fn say(key: &str, message: String, console: Console) {
    let complaint = Complaint::plain(Code::KEPT_DECISION, format!("{key}: {message}"));
    console.complain(&complaint.hint("look at it again in marks.toml"));
}

/// What a roster and the files do not agree on.
fn told(gathered: &Gathered, console: Console) {
    for file in &gathered.nameless {
        let c = Complaint::plain(Code::BAD_FILE, format!("the name of {file} does not fit --student"));
        console.complain(&c.hint("the student is called as the file is"));
    }
    for file in &gathered.strangers {
        let c =
            Complaint::plain(Code::BAD_FILE, format!("the roster lists nobody, or more than one student, for {file}"));
        console.complain(&c.hint("name the student in the file's name, or the file in a column `file` of the roster"));
    }
}

/// Who is not in the gradebook files.
fn left_out(class: &Class, args: &GradeArgs, console: Console) {
    if class.points() > Rational::from(MOODLE) {
        console.note(&format!("Moodle takes a mark of more than {MOODLE} only where its grades are unlimited\n"));
    }
    let all = class.graded().count();
    let twice = class.handed_in_twice();
    let known = || class.graded().filter(|(e, _)| e.listed);
    let open = known().filter(|(_, g)| g.total().provisional).count();
    let two =
        known().filter(|(e, g)| !g.total().provisional && twice.contains(e.student.key.as_str()) && !g.by_person());
    let taken = "; --provisional takes them as well";
    for (count, why, how) in [
        (if args.provisional { 0 } else { open }, "their marks are provisional", taken),
        (if args.provisional { 0 } else { two.count() }, "more than one file was handed in for them", taken),
        (all - known().count(), "the roster does not list them", ""),
    ] {
        if count > 0 {
            let are = if count == 1 { "is" } else { "are" };
            console.note(&format!("{count} of {all} students {are} not in the gradebook files, because {why}{how}\n"));
        }
    }
}

fn status_of(sheet: &Sheet) -> Status {
    let of = |v: ClaimVerdict| match v {
        ClaimVerdict::Correct | ClaimVerdict::Definition => Status::Correct,
        ClaimVerdict::Incorrect | ClaimVerdict::Carried => Status::Incorrect,
        ClaimVerdict::Unreadable | ClaimVerdict::Undecided => Status::Open,
    };
    let claims = sheet.claims.iter().map(|c| of(c.verdict));
    let questions = sheet.questions.iter().map(|q| q.verdict.map_or(Status::Open, of));
    claims.chain(questions).fold(Status::Correct, Status::and)
}
