//! What somebody may send to crash, hang or fill the machine: each case of `cases/hostile` is answered rightly or
//! refused, within a time that only a hang would need. `benches/hostile` gives the time and the memory of each.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // a test may

use serde::Deserialize;
use std::io::Write;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// Far above the bar of a tenth of a second, since tests are built without optimisation and run beside others.
const HANG: Duration = Duration::from_secs(60);

#[derive(Deserialize)]
struct Cases {
    cases: Vec<Case>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    name: String,
    run: Vec<String>,
    #[serde(default)]
    pieces: Vec<(String, usize)>,
    #[serde(default)]
    file: Option<String>,
    exit: Vec<i32>,
    #[serde(default)]
    says: Option<String>,
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// The text of a case.
fn text(pieces: &[(String, usize)]) -> Vec<u8> {
    let mut out = Vec::new();
    for (piece, times) in pieces {
        if let Some(hex) = piece.strip_prefix("hex:") {
            let bytes: Vec<u8> =
                (0..hex.len() / 2).map(|i| u8::from_str_radix(&hex[2 * i..2 * i + 2], 16).unwrap()).collect();
            out.extend(bytes.repeat(*times));
        } else if piece.contains("{n") {
            for n in 1..=*times {
                let numbered = piece
                    .replace("{n}", &n.to_string())
                    .replace("{n+1}", &(n + 1).to_string())
                    .replace("{n-1}", &(n - 1).to_string());
                out.extend(numbered.bytes());
            }
        } else {
            out.extend(piece.as_bytes().repeat(*times));
        }
    }
    out
}

/// What is wrong with how a case was answered.
fn wrong(case: &Case) -> Option<String> {
    let folder = std::env::temp_dir().join(format!("gradmark-hostile-{}-{}", std::process::id(), case.name));
    std::fs::create_dir_all(&folder).unwrap();
    let path = folder.join(format!("input.{}", case.file.as_deref().unwrap_or("txt")));
    let input = text(&case.pieces);
    std::fs::write(&path, &input).unwrap();
    let arguments = case.run.iter().map(|a| if a == "FILE" { path.to_str().unwrap() } else { a.as_str() });
    let start = Instant::now();
    let mut child = Command::new(env!("CARGO_BIN_EXE_gradmark"))
        .args(arguments)
        .current_dir(root())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    // What is refused is not read to its end.
    let writer = std::thread::spawn(move || drop(stdin.write_all(&input)));
    let output = child.wait_with_output().unwrap();
    writer.join().unwrap();
    let passed = start.elapsed();
    std::fs::remove_dir_all(&folder).unwrap();
    let said = String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned();
    let shown: String = said.chars().take(600).collect();
    if said.contains("panicked") || said.contains("internal error") {
        return Some(format!("{}: a defect\n{shown}", case.name));
    }
    if !output.status.code().is_some_and(|c| case.exit.contains(&c)) {
        return Some(format!("{}: {}, and not one of {:?}\n{shown}", case.name, output.status, case.exit));
    }
    if let Some(words) = case.says.as_ref().filter(|w| !said.contains(*w)) {
        return Some(format!("{}: it does not say {words:?}\n{shown}", case.name));
    }
    (passed > HANG).then(|| format!("{}: it took {passed:?}", case.name))
}

#[test]
fn each_hostile_input_is_answered_or_refused() {
    let file = std::fs::read_to_string(root().join("cases/hostile/cases.toml")).unwrap();
    let cases: Cases = toml::from_str(&file).unwrap();
    assert!(cases.cases.len() > 40);
    let all: Vec<String> = cases.cases.iter().filter_map(wrong).collect();
    assert!(all.is_empty(), "{} of {}:\n{}", all.len(), cases.cases.len(), all.join("\n\n"));
}
