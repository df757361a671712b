//! `check --jsonl`: order, bad lines, streaming, threads.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // a test may

use serde_json::Value;
use std::io::{BufRead, BufReader, Write};
use std::process::{Command, Output, Stdio};

fn run(args: &[&str], input: &[u8]) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_gradmark"))
        .args(["check", "--jsonl"])
        .args(args)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let input = input.to_vec();
    let writer = std::thread::spawn(move || stdin.write_all(&input));
    let output = child.wait_with_output().unwrap();
    let _ = writer.join().unwrap();
    output
}

fn answers(output: &Output) -> Vec<Value> {
    String::from_utf8(output.stdout.clone()).unwrap().lines().map(|l| serde_json::from_str(l).unwrap()).collect()
}

const RIGHT: &str = r#"{"id":"right","objective":"tr(A X)","wrt":"X","candidate":"A'"}"#;
const WRONG: &str = r#"{"id":"wrong","objective":"tr(A X)","wrt":"X","candidate":"2 A'"}"#;

#[test]
fn bad_lines_are_answered_and_the_run_goes_on() {
    let mut input = Vec::new();
    let mut push = |line: &[u8]| {
        input.extend_from_slice(line);
        input.push(b'\n');
    };
    push(RIGHT.as_bytes());
    push(b"not json");
    push(b"");
    push(b"\xff\xfe{}");
    push(br#"{"id":1,"objective":"\ud800","wrt":"X"}"#);
    push(br#"{"id":2,"objective":"x","wrt":"x","unknown":1}"#);
    push(br#"[]"#);
    push(&vec![b'x'; 3 << 20]);
    push(br#"{"id":3,"objective":"q + r","wrt":"x","symbols":{"x":[]}}"#);
    push(br#"{"id":4,"objective":"x","wrt":"x","symbols":{"x":[]},"candidate":"1 +"}"#);
    push(WRONG.as_bytes());
    let output = run(&[], &input);
    assert_eq!(output.status.code(), Some(2));
    let all = answers(&output);
    let verdicts: Vec<&str> = all.iter().map(|a| a["verdict"].as_str().unwrap_or("null")).collect();
    assert_eq!(verdicts.len(), 10, "{verdicts:?}");
    assert_eq!(verdicts[0], "correct");
    assert!(verdicts[1..9].iter().all(|v| *v == "unreadable"), "{verdicts:?}");
    assert_eq!(verdicts[9], "incorrect");
    for a in &all[1..7] {
        assert_eq!(
            (&a["id"], &a["error"]["code"], &a["error"]["in"]),
            (&Value::Null, &"E0601".into(), &"request".into())
        );
        assert!(a["error"]["message"].is_string() && a["error"]["hint"].is_string());
    }
    assert_eq!(all[7]["id"], 3);
    assert_eq!(all[8]["error"]["in"], "candidate");
}

#[test]
fn the_exit_status_is_the_first_that_applies() {
    let unreadable = r#"{"objective":"tr(A X)","wrt":"X","candidate":"A' +"}"#;
    for (lines, status) in [
        (vec![RIGHT], 0),
        (vec![RIGHT, WRONG], 1),
        (vec![RIGHT, unreadable], 3),
        (vec![unreadable, WRONG], 1),
        (vec![WRONG, unreadable, "{}"], 2),
        (vec![], 0),
    ] {
        assert_eq!(run(&[], lines.join("\n").as_bytes()).status.code(), Some(status), "{lines:?}");
    }
}

#[test]
fn the_same_bytes_with_one_thread_and_many() {
    let mut input = String::new();
    for i in 0..300 {
        let candidate = ["A'", "A", "2 A'", "A' + 0", "(", "B"][i % 6];
        input.push_str(&format!(
            "{{\"id\":{i},\"objective\":\"tr(A X)\",\"wrt\":\"X\",\"candidate\":\"{candidate}\"}}\n"
        ));
    }
    let one = run(&["--threads", "1"], input.as_bytes());
    let many = run(&["--threads", "4"], input.as_bytes());
    assert_eq!(one.stdout, many.stdout);
    let ids: Vec<u64> = answers(&one).iter().map(|a| a["id"].as_u64().unwrap()).collect();
    assert_eq!(ids, (0..300).collect::<Vec<_>>());
}

#[test]
fn an_answer_comes_before_the_next_request() {
    let mut child = Command::new(env!("CARGO_BIN_EXE_gradmark"))
        .args(["check", "--jsonl", "--timings"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut input = child.stdin.take().unwrap();
    let mut output = BufReader::new(child.stdout.take().unwrap());
    for _ in 0..3 {
        input.write_all(format!("{RIGHT}\n").as_bytes()).unwrap();
        input.flush().unwrap();
        let mut line = String::new();
        output.read_line(&mut line).unwrap();
        let answer: Value = serde_json::from_str(&line).unwrap();
        assert_eq!(answer["verdict"], "correct");
        assert!(answer["micros"].is_u64());
    }
    drop(input);
    assert!(child.wait().unwrap().success());
}

#[test]
fn a_reader_that_goes_away_is_no_error() {
    let mut child = Command::new(env!("CARGO_BIN_EXE_gradmark"))
        .args(["check", "--jsonl"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let mut input = child.stdin.take().unwrap();
    for _ in 0..200 {
        if input.write_all(format!("{RIGHT}\n").as_bytes()).is_err() {
            break;
        }
    }
    drop(input);
    let output = child.wait_with_output().unwrap();
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
    assert_eq!(output.status.code(), Some(0));
}

#[test]
fn a_problem_without_a_candidate_gives_the_derivative() {
    let output = run(&[], br#"{"id":[1,"a"],"objective":"x'A x","wrt":"x"}"#);
    let answer = &answers(&output)[0];
    assert_eq!((answer["schema"].as_u64(), &answer["verdict"]), (Some(1), &Value::Null));
    assert_eq!(answer["id"], serde_json::json!([1, "a"]));
    assert_eq!(answer["evidence"][0]["kind"], "finite_difference");
    assert!(answer["truth"]["plain"].is_string() && answer["truth"]["latex"].is_string());
}
