//! A class in a folder of its own, and the program run on it.

use serde_json::Value;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::atomic::{AtomicUsize, Ordering};

pub(crate) fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

pub(crate) fn gradmark(args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_gradmark")).args(args).current_dir(root()).output().unwrap()
}

/// A folder that goes when the test ends.
pub(crate) struct Folder(PathBuf);

impl Folder {
    pub(crate) fn new() -> Self {
        static NUMBER: AtomicUsize = AtomicUsize::new(0);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let path = std::env::temp_dir().join(format!("gradmark-test-{}-{number}", std::process::id()));
        fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    pub(crate) fn path(&self, name: &str) -> String {
        self.0.join(name).to_str().unwrap().to_owned()
    }

    pub(crate) fn write(&self, name: &str, text: &str) -> String {
        let path = self.0.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, text).unwrap();
        path.to_str().unwrap().to_owned()
    }

    pub(crate) fn read(&self, name: &str) -> String {
        fs::read_to_string(self.0.join(name)).unwrap()
    }

    pub(crate) fn has(&self, name: &str) -> bool {
        self.0.join(name).exists()
    }

    /// Every file below a folder with its text, hidden ones aside.
    pub(crate) fn all(&self, name: &str) -> Vec<(String, String)> {
        let mut out = Vec::new();
        collect(&self.0.join(name), "", &mut out);
        out.sort();
        out
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn collect(folder: &Path, prefix: &str, out: &mut Vec<(String, String)>) {
    for entry in fs::read_dir(folder).unwrap() {
        let entry = entry.unwrap();
        let name = entry.file_name().to_str().unwrap().to_owned();
        if name.starts_with('.') {
            continue;
        }
        let full = format!("{prefix}{name}");
        if entry.path().is_dir() {
            collect(&entry.path(), &format!("{full}/"), out);
        } else {
            out.push((full, fs::read_to_string(entry.path()).unwrap()));
        }
    }
}

pub(crate) const PROBLEM: &str = "cases/classes/ridge/problem.toml";
pub(crate) const CLASS: &str = "cases/classes/ridge/submissions";
pub(crate) const ROSTER: &str = "cases/classes/ridge/roster.csv";

/// The class of the repository with its roster, and more arguments.
pub(crate) fn ridge(more: &[&str]) -> Output {
    gradmark(&[&["grade", PROBLEM, CLASS, "--roster", ROSTER], more].concat())
}

pub(crate) fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

pub(crate) fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

pub(crate) fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|e| panic!("{e}: {text}"))
}
