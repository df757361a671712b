//! From arguments to submissions: which files there are, and whose.

use super::super::args::GradeArgs;
use super::super::console::{Complaint, read, reason};
use crate::mark::{Pattern, Roster, Student, keys};
use crate::text::Code;
use std::path::Path;

/// A file with the student it is taken for.
#[derive(Clone, Debug)]
pub(super) struct Handed {
    /// The path as given, or below a folder that was.
    pub(super) file: String,
    pub(super) student: Student,
    /// Why it is not graded: another file is taken for the same student.
    pub(super) refused: Option<String>,
    /// Whether the roster lists the student; so for all where there is none.
    pub(super) listed: bool,
}

/// What was handed in, and who handed in nothing.
pub(super) struct Gathered {
    pub(super) handed: Vec<Handed>,
    pub(super) missing: Vec<Student>,
    /// Files that no row of the roster was found for, or two.
    pub(super) strangers: Vec<String>,
    /// Files whose names do not fit the pattern that was given.
    pub(super) nameless: Vec<String>,
}

/// What a folder is searched for.
const EXTENSIONS: &[&str] = &["md", "markdown", "mmd", "qmd", "rmd", "tex", "latex", "ltx", "txt", "text", "ipynb"];
/// How deep folders are searched.
const DEPTH: usize = 6;
/// Most files taken from folders.
const MOST: usize = 100_000;

pub(super) fn gather(args: &GradeArgs) -> Result<Gathered, Complaint> {
    let mut files = Vec::new();
    for path in &args.submissions {
        if path != "-" && Path::new(path).is_dir() {
            let before = files.len();
            search(Path::new(path), 0, &mut files)?;
            if files.len() == before {
                let message = format!("{path} holds no submission");
                return Err(Complaint::plain(Code::BAD_FILE, message)
                    .hint(format!("files that end in {} are searched for", EXTENSIONS.join(", "))));
            }
        } else {
            files.push(path.clone());
        }
    }
    let pattern = args.student.as_deref().map(Pattern::parse).transpose().map_err(|e| {
        Complaint::plain(Code::BAD_COMMAND, format!("--student: {e}")).hint("write it as in --student '{name}_{id}_*'")
    })?;
    let roster = args.roster.as_deref().map(roster).transpose()?;
    let plain = keys(&files);
    let mut gathered =
        Gathered { handed: Vec::new(), missing: Vec::new(), strangers: Vec::new(), nameless: Vec::new() };
    for (file, key) in files.into_iter().zip(plain) {
        let name = Path::new(&file).file_name().map_or_else(|| file.clone(), |n| n.to_string_lossy().into_owned());
        let stem = name.rsplit_once('.').map_or(name.as_str(), |(s, _)| s);
        let folder = Path::new(&file).parent().and_then(Path::file_name).map(|n| n.to_string_lossy().into_owned());
        // Course systems name the file, or the folder it lies in.
        let told = pattern.as_ref().and_then(|p| p.student(stem).or_else(|| p.student(folder.as_deref()?)));
        let fits = told.is_some();
        let told = told.unwrap_or_else(|| Student::new(key));
        let found: Vec<Student> = roster.iter().flat_map(|r| r.find(&name, &told)).cloned().collect();
        let listed = roster.is_none() || !found.is_empty();
        if !listed {
            gathered.strangers.push(file.clone());
        } else if pattern.is_some() && !fits && found.is_empty() {
            gathered.nameless.push(file.clone());
        }
        // Who worked together hands in one file.
        for student in if found.is_empty() { vec![told] } else { found } {
            let before = gathered.handed.iter().find(|h| h.student.key == student.key && h.refused.is_none());
            let refused = before.map(|h| format!("{} was handed in for the same student", h.file));
            gathered.handed.push(Handed { file: file.clone(), student, refused, listed });
        }
    }
    for (student, _) in roster.iter().flat_map(|r| &r.students) {
        if !gathered.handed.iter().any(|h| h.student.key == student.key) {
            gathered.missing.push(student.clone());
        }
    }
    Ok(gathered)
}

fn roster(path: &str) -> Result<Roster, Complaint> {
    Roster::parse(&read(path)?).map_err(|e| {
        Complaint::plain(Code::BAD_FILE, format!("{path}: {e}"))
            .hint("a roster is a CSV file whose first line names its columns: Student, ID, SIS Login ID, email, Section, file")
    })
}

/// The submissions in a folder, by name. Links are not followed, hidden files are not taken.
fn search(folder: &Path, depth: usize, out: &mut Vec<String>) -> Result<(), Complaint> {
    let fail = |e: &std::io::Error| {
        Complaint::plain(Code::BAD_FILE, format!("cannot read {}: {}", folder.display(), reason(e)))
    };
    let mut entries = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(|e| fail(&e))? {
        let entry = entry.map_err(|e| fail(&e))?;
        entries.push((entry.path(), entry.file_type().map_err(|e| fail(&e))?));
    }
    entries.sort_by(|a, b| a.0.cmp(&b.0));
    for (path, kind) in entries {
        let name = path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
        if name.starts_with('.') || out.len() >= MOST {
            continue;
        }
        if kind.is_dir() && depth < DEPTH {
            search(&path, depth + 1, out)?;
        } else if kind.is_file() {
            let extension = name.rsplit_once('.').map(|(_, e)| e.to_lowercase()).unwrap_or_default();
            if EXTENSIONS.contains(&extension.as_str()) {
                out.push(path.to_string_lossy().into_owned());
            }
        }
    }
    Ok(())
}
