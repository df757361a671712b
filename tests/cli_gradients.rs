//! `cases/gradients/*.toml`: forms of a derivative that are accepted, and forms that are refused.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // a test may

use serde_json::{Value, json};
use std::fs;
use std::io::Write;
use std::path::PathBuf;
use std::process::{Command, Stdio};

fn answers(requests: &str) -> Vec<Value> {
    let mut child = Command::new(env!("CARGO_BIN_EXE_gradmark"))
        .args(["check", "--jsonl"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut input = child.stdin.take().unwrap();
    let requests = requests.to_owned();
    let writer = std::thread::spawn(move || input.write_all(requests.as_bytes()).unwrap());
    let output = child.wait_with_output().unwrap();
    writer.join().unwrap();
    String::from_utf8(output.stdout).unwrap().lines().map(|l| serde_json::from_str(l).unwrap()).collect()
}

#[test]
fn forms_are_accepted_and_refused() {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("cases/gradients");
    let mut files: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|e| e.unwrap().path()).collect();
    files.sort();
    assert!(!files.is_empty());
    let (mut requests, mut wanted) = (String::new(), Vec::new());
    for file in &files {
        let table: toml::Table = toml::from_str(&fs::read_to_string(file).unwrap()).unwrap();
        let case: Value = serde_json::to_value(&table).unwrap();
        for (list, verdict) in [("accepted", "correct"), ("refused", "incorrect")] {
            for form in case[list].as_array().unwrap() {
                let mut request = json!({"candidate": form});
                for (key, value) in case.as_object().unwrap() {
                    if !["title", "accepted", "refused"].contains(&key.as_str()) {
                        request[key] = value.clone();
                    }
                }
                requests.push_str(&format!("{request}\n"));
                wanted.push((file.file_name().unwrap().to_str().unwrap().to_owned(), form.clone(), verdict));
            }
        }
    }
    let answers = answers(&requests);
    assert_eq!(answers.len(), wanted.len());
    let wrong: Vec<String> = answers
        .iter()
        .zip(&wanted)
        .filter(|(a, w)| a["verdict"] != w.2)
        .map(|(a, (file, form, verdict))| format!("{file}: {form} is {}, not {verdict}: {}", a["verdict"], a["error"]))
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
