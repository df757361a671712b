//! Whole derivations as students write them, in many notations: every claim is judged as is written beside it.
//!
//! Each folder of `cases/derivations` holds a problem, one submission, and `claims.txt`: a line for each claim in order,
//! with its line in the submission, its verdict, and where it is wrong the kind of mistake (`-` where none is asked for).
//! The verdicts were settled by hand, from what was planted in each derivation.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // a test may

mod grading;

use gradmark::document::Format;
use gradmark::grade::Claim;
use std::fs;
use std::path::{Path, PathBuf};

fn folders() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("cases/derivations");
    let mut found: Vec<PathBuf> = fs::read_dir(root).unwrap().map(|e| e.unwrap().path()).collect();
    found.sort();
    assert!(found.len() >= 15);
    found
}

fn submission(folder: &Path) -> PathBuf {
    let mut found = fs::read_dir(folder).unwrap().map(|e| e.unwrap().path());
    found.find(|p| p.file_stem().unwrap() == "submission").unwrap()
}

fn claims(folder: &Path) -> Vec<Claim> {
    let problem = fs::read_to_string(folder.join("problem.toml")).unwrap();
    let path = submission(folder);
    let text = fs::read_to_string(&path).unwrap();
    grading::graded(&problem, &text, Format::detect(path.to_str().unwrap(), &text)).claims
}

#[test]
fn every_claim_is_judged_as_it_should_be() {
    let mut wrong = Vec::new();
    for folder in folders() {
        let name = folder.file_name().unwrap().to_str().unwrap().to_owned();
        let expected = fs::read_to_string(folder.join("claims.txt")).unwrap();
        let expected: Vec<Vec<&str>> = expected.lines().map(|l| l.split_whitespace().take(3).collect()).collect();
        let judged = claims(&folder);
        for (n, claim) in judged.iter().enumerate() {
            let Some([line, verdict, kind]) = expected.get(n).map(Vec::as_slice) else {
                wrong.push(format!("{name}:{}: unexpected {}", claim.line, claim.source));
                continue;
            };
            let named = claim.diagnosis.first().map_or("-", |d| d.kind);
            if *line != claim.line.to_string() || *verdict != claim.verdict.name() || (*kind != "-" && *kind != named) {
                wrong.push(format!(
                    "{name}:{}: {} {named}, and should be {line} {verdict} {kind}: {}",
                    claim.line,
                    claim.verdict.name(),
                    claim.source
                ));
            }
        }
        if judged.len() < expected.len() {
            wrong.push(format!("{name}: {} of {} claims", judged.len(), expected.len()));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
