//! The folder of a class's results: read, resumed, and written whole or not at all.
//!
//! A run writes every file into `.gradmark/next`, and then a list of them as `.gradmark/commit`. Only then are the files
//! renamed to their places. A run that ends before the list is written has changed nothing; one that ends after it is
//! completed by whoever opens the folder next. What a run before this one wrote and this one does not is removed; no
//! other file is touched.

use super::super::console::{Complaint, reason};
use crate::mark::Sheet;
use crate::text::Code;
use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::fs::{self, File};
use std::hash::Hasher;
use std::io::Write;
use std::path::{Component, Path, PathBuf};

/// A folder of results that no other run writes to.
pub(super) struct Folder {
    root: PathBuf,
    own: PathBuf,
    /// The program and the problem that results are kept for.
    base: String,
    /// The results of this run.
    used: std::sync::Mutex<BTreeSet<String>>,
    _lock: File,
}

/// A result that was kept, with all that it depends on.
#[derive(Serialize, Deserialize)]
struct Kept {
    base: String,
    name: String,
    text: String,
    sheet: Sheet,
}

fn cannot(what: &str, path: &Path, e: &std::io::Error) -> Complaint {
    let why = match e.kind() {
        std::io::ErrorKind::PermissionDenied => "writing there is not permitted".to_owned(),
        std::io::ErrorKind::StorageFull => "there is no space left".to_owned(),
        _ => reason(e),
    };
    Complaint::plain(Code::CANNOT_WRITE, format!("cannot {what} {}: {why}", path.display()))
        .hint("what was there before is as it was")
}

impl Folder {
    /// Opens or makes the folder, and completes what a run before could not.
    pub(super) fn open(path: &str, problem: &str) -> Result<Self, Complaint> {
        let root = PathBuf::from(path);
        let own = root.join(".gradmark");
        fs::create_dir_all(own.join("results")).map_err(|e| cannot("make the folder", &own, &e))?;
        let lock_path = own.join("lock");
        let lock = File::create(&lock_path).map_err(|e| cannot("write", &lock_path, &e))?;
        if lock.try_lock().is_err() {
            return Err(Complaint::plain(Code::CANNOT_WRITE, format!("another run is writing to {path}")));
        }
        let program = std::env::current_exe().and_then(fs::metadata).ok();
        let changed = program.as_ref().and_then(|m| m.modified().ok());
        let age = changed.and_then(|t| t.duration_since(std::time::UNIX_EPOCH).ok()).map_or(0, |d| d.as_nanos());
        let size = program.map_or(0, |m| m.len());
        let base = format!("{} {size} {age}\n{problem}", env!("CARGO_PKG_VERSION"));
        let folder = Self { root, own, base, used: std::sync::Mutex::default(), _lock: lock };
        folder.complete()?;
        Ok(folder)
    }

    /// The text of a file of the folder, where there is one.
    pub(super) fn text(&self, name: &str) -> Option<String> {
        fs::read_to_string(self.root.join(name)).ok()
    }

    fn key(&self, name: &str, text: &str) -> String {
        let mut hash = rustc_hash::FxHasher::default();
        [self.base.as_str(), name, text].iter().for_each(|s| {
            hash.write(s.as_bytes());
            hash.write_usize(s.len());
        });
        format!("{:016x}", hash.finish())
    }

    /// The result of an earlier run for the same problem, submission and program.
    pub(super) fn kept(&self, name: &str, text: &str) -> Option<Sheet> {
        let key = self.key(name, text);
        let kept: Kept = serde_json::from_slice(&fs::read(self.result(&key)).ok()?).ok()?;
        // The whole text is compared, so that equal keys can do no harm.
        let same = kept.base == self.base && kept.name == name && kept.text == text;
        same.then(|| {
            self.note(key);
            kept.sheet
        })
    }

    /// Keeps a result. That it cannot be kept costs only time.
    pub(super) fn keep(&self, name: &str, text: &str, sheet: &Sheet) {
        let key = self.key(name, text);
        let (base, name, text) = (self.base.clone(), name.to_owned(), text.to_owned());
        let kept = Kept { base, name, text, sheet: sheet.clone() };
        if let Ok(bytes) = serde_json::to_vec(&kept) {
            let part = self.own.join("results").join(format!("{key}.part"));
            if fs::write(&part, bytes).and_then(|()| fs::rename(&part, self.result(&key))).is_ok() {
                self.note(key);
            }
        }
    }

    fn result(&self, key: &str) -> PathBuf {
        self.own.join("results").join(format!("{key}.json"))
    }

    fn note(&self, key: String) {
        if let Ok(mut used) = self.used.lock() {
            used.insert(format!("{key}.json"));
        }
    }

    /// Puts the files in their places, all of them or none.
    pub(super) fn write(&self, files: &[(String, String)]) -> Result<(), Complaint> {
        let next = self.own.join("next");
        let _ = fs::remove_dir_all(&next);
        // Each waits for the disk: together they wait once.
        files.par_iter().try_for_each(|(name, text)| {
            let path = next.join(name);
            let put = || -> std::io::Result<()> {
                path.parent().map_or(Ok(()), fs::create_dir_all)?;
                let mut file = File::create(&path)?;
                file.write_all(text.as_bytes())?;
                file.sync_all()
            };
            put().map_err(|e| cannot("write", &path, &e))
        })?;
        let names: Vec<&str> = files.iter().map(|f| f.0.as_str()).collect();
        let part = self.own.join("commit.part");
        let list = || -> std::io::Result<()> {
            let mut file = File::create(&part)?;
            file.write_all(names.join("\n").as_bytes())?;
            file.sync_all()?;
            fs::rename(&part, self.own.join("commit"))
        };
        list().map_err(|e| cannot("write", &part, &e))?;
        self.complete()?;
        self.forget();
        Ok(())
    }

    /// Renames what a complete list names, and removes what the run before wrote and this one did not.
    fn complete(&self) -> Result<(), Complaint> {
        let list = self.own.join("commit");
        let Ok(text) = fs::read_to_string(&list) else { return Ok(()) };
        let is_inside = |name: &&str| {
            !name.is_empty()
                && Path::new(name).components().all(|c| matches!(c, Component::Normal(_)))
                && !name.starts_with(".gradmark")
        };
        let names: Vec<&str> = text.lines().filter(is_inside).collect();
        for name in &names {
            let (from, to) = (self.own.join("next").join(name), self.root.join(name));
            if !from.exists() {
                continue; // renamed before the interruption
            }
            let put = || -> std::io::Result<()> {
                to.parent().map_or(Ok(()), fs::create_dir_all)?;
                fs::rename(&from, &to)
            };
            put().map_err(|e| cannot("put in place", &to, &e))?;
        }
        let written = self.own.join("files");
        let before = fs::read_to_string(&written).unwrap_or_default();
        // What a person wrote in is never removed.
        for gone in before.lines().filter(is_inside).filter(|n| !names.contains(n) && !n.starts_with("marks.")) {
            let _ = fs::remove_file(self.root.join(gone));
        }
        fs::rename(&list, &written).map_err(|e| cannot("write", &written, &e))?;
        let _ = fs::remove_dir_all(self.own.join("next"));
        Ok(())
    }

    /// Removes results that this run did not use.
    fn forget(&self) {
        let Ok(used) = self.used.lock() else { return };
        let Ok(entries) = fs::read_dir(self.own.join("results")) else { return };
        for entry in entries.flatten() {
            if !used.contains(entry.file_name().to_string_lossy().as_ref()) {
                let _ = fs::remove_file(entry.path());
            }
        }
    }
}

/// A file name for each key: no key can leave the folder, be hidden, or be taken for another one.
pub(super) fn file_names(keys: &[&str]) -> Vec<String> {
    let mut taken: BTreeSet<String> = BTreeSet::new();
    keys.iter()
        .map(|key| {
            let plain: String = key
                .chars()
                .map(|c| if c.is_alphanumeric() || matches!(c, '-' | '.' | '_' | '@') { c } else { '_' })
                .collect();
            let mut name = String::new();
            for c in plain.trim_start_matches(['.', '-']).trim_end_matches('.').chars() {
                if name.len() + c.len_utf8() > 100 {
                    break;
                }
                name.push(c);
            }
            // Names that some systems keep for devices.
            let device = ["con", "prn", "aux", "nul"]
                .contains(&name.split('.').next().unwrap_or_default().to_lowercase().as_str());
            if name.is_empty() || device {
                name = format!("student_{name}");
            }
            let mut unique = name.clone();
            let mut n = 2;
            while !taken.insert(unique.to_lowercase()) {
                unique = format!("{name}-{n}");
                n += 1;
            }
            unique
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::file_names;

    #[test]
    fn no_name_leaves_the_folder() {
        let names =
            file_names(&["../../etc/passwd", "anna", "ANNA", "a/b", "a\\b", ".", "", "nul", "Åsa Ö", "x\0y", "-rf"]);
        let expected = [
            "_.._etc_passwd",
            "anna",
            "ANNA-2",
            "a_b",
            "a_b-2",
            "student_",
            "student_-2",
            "student_nul",
            "Åsa_Ö",
            "x_y",
            "rf",
        ];
        assert_eq!(names, expected);
        assert!(file_names(&[&"é".repeat(300)])[0].len() <= 100);
    }
}
