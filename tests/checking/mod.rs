//! `gradmark check` at the command line.
#![allow(unreachable_pub, clippy::unwrap_used)] // a module of several runners, and a test may fail

use std::process::Command;

/// What the program says of these arguments, where it ends with the wanted status.
#[track_caller]
pub fn status(args: &[&str], wanted: i32) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_gradmark")).arg("check").args(args).output().unwrap();
    let text = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert_eq!(output.status.code(), Some(wanted), "{args:?}\n{text}");
    text
}
