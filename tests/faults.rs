//! What the world outside may do: a full disk, a folder that cannot be written, a process that is killed, a reader that
//! goes away, and two runs at once. Results that were there stay whole, and the next run goes on.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stderr)] // a test may

#[allow(dead_code)] // other tests use the rest
mod class;

use class::{Folder, gradmark, root, stderr};
use std::fs;
use std::io::Read;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

const PROBLEM: &str = "cases/tied-autoencoder/problem.toml";

/// A class of as many students as are wanted, right or wrong by turns, and others in another version.
fn class(folder: &Folder, name: &str, students: usize, version: usize) -> String {
    for i in 0..students {
        let sign = if (i + version).is_multiple_of(2) { '-' } else { '+' };
        let text = format!(
            "# Answer {i} of version {version}\n\n$$\\nabla_W L = W (W^\\top W x x^\\top + x x^\\top W^\\top W {sign} 2 x x^\\top)$$\n"
        );
        folder.write(&format!("{name}/s{i:03}.md"), &text);
    }
    folder.path(name)
}

/// The files of a run, without the copy that it makes of the marks before it.
fn results(folder: &Folder, name: &str) -> Vec<(String, String)> {
    folder.all(name).into_iter().filter(|f| f.0 != "marks.previous.toml").collect()
}

fn graded(class: &str, out: &str) -> std::process::Output {
    gradmark(&["grade", PROBLEM, class, "--out", out, "--threads", "2"])
}

/// A file system of its own in a folder, which goes with it; nothing where mounting is not allowed.
struct Mount(String);

impl Mount {
    fn new(path: &str, size: &str) -> Option<Self> {
        fs::create_dir_all(path).unwrap();
        let options = format!("size={size}");
        let mounted = Command::new("mount").args(["-t", "tmpfs", "-o", &options, "tmpfs", path]).output();
        mounted.is_ok_and(|o| o.status.success()).then(|| Self(path.to_owned()))
    }

    fn read_only(&self) -> bool {
        Command::new("mount").args(["-o", "remount,ro", &self.0]).status().is_ok_and(|s| s.success())
    }
}

impl Drop for Mount {
    fn drop(&mut self) {
        let _ = Command::new("umount").args(["-l", &self.0]).status();
    }
}

#[test]
fn a_full_disk_leaves_what_was_there() {
    let folder = Folder::new();
    let disk = folder.path("disk");
    let Some(_mount) = Mount::new(&disk, "2m") else {
        eprintln!("skipped: no file system can be mounted here");
        return;
    };
    let out = format!("{disk}/out");
    assert_ne!(graded(&class(&folder, "one", 12, 0), &out).status.code(), Some(2));
    let before = folder.all("disk/out");
    // What is left of the disk is filled up.
    let mut filler = vec![0u8; 4 << 20];
    while !filler.is_empty() && fs::write(format!("{disk}/filler"), &filler).is_err() {
        filler.truncate(filler.len() - 4096);
    }
    let full = graded(&class(&folder, "two", 12, 1), &out);
    assert_eq!(full.status.code(), Some(2), "{}", stderr(&full));
    assert!(stderr(&full).contains("E0605"), "{}", stderr(&full));
    assert_eq!(folder.all("disk/out"), before, "nothing of it was changed");
    fs::remove_file(format!("{disk}/filler")).unwrap();
    assert_ne!(graded(&folder.path("two"), &out).status.code(), Some(2), "with space again, it goes on");
    assert_ne!(folder.all("disk/out"), before);
}

#[test]
fn a_folder_that_cannot_be_written_stays_as_it_is() {
    let folder = Folder::new();
    let disk = folder.path("disk");
    // To the superuser permissions are nothing, but a file system that is mounted for reading is.
    let Some(mount) = Mount::new(&disk, "4m") else {
        eprintln!("skipped: no file system can be mounted here");
        return;
    };
    let out = format!("{disk}/out");
    graded(&class(&folder, "one", 4, 0), &out);
    let before = folder.all("disk/out");
    assert!(mount.read_only());
    let refused = graded(&class(&folder, "two", 4, 1), &out);
    assert_eq!(refused.status.code(), Some(2), "{}", stderr(&refused));
    assert!(stderr(&refused).contains("E0605"), "{}", stderr(&refused));
    assert_eq!(folder.all("disk/out"), before);
}

#[test]
fn output_that_cannot_be_written_is_said() {
    if !Path::new("/dev/full").exists() {
        eprintln!("skipped: there is no /dev/full here");
        return;
    }
    for args in [
        &["derive", "x'x", "--wrt", "x"][..],
        &["check", "--jsonl", "benches/diagnosis.jsonl"],
        &["grade", PROBLEM, "cases/tied-autoencoder/right.md", "--format", "json"],
    ] {
        let full = fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
        let output = Command::new(env!("CARGO_BIN_EXE_gradmark"))
            .args(args)
            .current_dir(root())
            .stdout(full)
            .stderr(Stdio::piped())
            .output()
            .unwrap();
        assert_eq!(output.status.code(), Some(2), "{args:?}: {}", stderr(&output));
        assert!(stderr(&output).contains("E0605"), "{args:?}: {}", stderr(&output));
    }
}

#[test]
fn a_reader_that_goes_away_is_no_error() {
    let folder = Folder::new();
    let request = "{\"objective\":\"x'x\",\"wrt\":\"x\",\"candidate\":\"2 x\"}\n";
    let lines = folder.write("lines.jsonl", &request.repeat(3000));
    let class = class(&folder, "class", 20, 0);
    for (args, right) in [
        (vec!["check", "--jsonl", &lines], vec![0]),
        (vec!["grade", PROBLEM, &class], vec![0, 1]),
        (vec!["grade", PROBLEM, &class, "--format", "html"], vec![0, 1]),
        (vec!["help"], vec![0]),
    ] {
        let mut child = Command::new(env!("CARGO_BIN_EXE_gradmark"))
            .args(&args)
            .current_dir(root())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut first = [0];
        let _ = child.stdout.take().unwrap().read(&mut first);
        let output = child.wait_with_output().unwrap();
        assert!(output.status.code().is_some_and(|c| right.contains(&c)), "{args:?}: {:?}", output.status);
        assert_eq!(stderr(&output), "", "{args:?}");
    }
}

#[test]
fn a_run_that_is_killed_loses_nothing() {
    let folder = Folder::new();
    let classes = [class(&folder, "zero", 30, 0), class(&folder, "one", 30, 1)];
    let whole: Vec<_> = (0..2)
        .map(|v| {
            graded(&classes[v], &folder.path(&format!("whole{v}")));
            results(&folder, &format!("whole{v}"))
        })
        .collect();
    assert_ne!(whole[0], whole[1]);
    graded(&classes[0], &folder.path("out"));
    assert_eq!(results(&folder, "out"), whole[0]);
    let mut random = 88_172_645_463_325_252_u64;
    for round in 1..=10 {
        let now = round % 2;
        let mut child = Command::new(env!("CARGO_BIN_EXE_gradmark"))
            .args(["grade", PROBLEM, &classes[now], "--out", &folder.path("out"), "--fresh"])
            .current_dir(root())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        random ^= random << 13;
        random ^= random >> 7;
        random ^= random << 17;
        std::thread::sleep(Duration::from_micros(random % 400_000));
        let _ = child.kill();
        let _ = child.wait();
        let found = results(&folder, "out");
        if folder.has("out/.gradmark/commit") {
            // All is written and is being put in place: each file is whole, of one version or the other.
            assert!(found.iter().all(|f| whole[0].contains(f) || whole[1].contains(f)), "round {round}");
        } else {
            assert!(found == whole[0] || found == whole[1], "round {round}: files of two versions");
        }
        graded(&classes[now], &folder.path("out"));
        assert_eq!(results(&folder, "out"), whole[now], "round {round}: the next run goes on");
    }
}

#[test]
fn two_runs_in_one_folder_do_not_mix() {
    let folder = Folder::new();
    let classes = [class(&folder, "zero", 20, 0), class(&folder, "one", 20, 1)];
    let whole: Vec<_> = (0..2)
        .map(|v| {
            graded(&classes[v], &folder.path(&format!("whole{v}")));
            results(&folder, &format!("whole{v}"))
        })
        .collect();
    for _ in 0..3 {
        let runs: Vec<_> = classes
            .iter()
            .map(|class| {
                Command::new(env!("CARGO_BIN_EXE_gradmark"))
                    .args(["grade", PROBLEM, class, "--out", &folder.path("out"), "--fresh"])
                    .current_dir(root())
                    .stdout(Stdio::null())
                    .stderr(Stdio::piped())
                    .spawn()
                    .unwrap()
            })
            .collect();
        let ends: Vec<_> = runs.into_iter().map(|r| r.wait_with_output().unwrap()).collect();
        let refused = ends.iter().filter(|e| e.status.code() == Some(2)).count();
        assert!(refused < 2, "one of them writes");
        for e in ends.iter().filter(|e| e.status.code() == Some(2)) {
            assert!(stderr(e).contains("another run is writing"), "{}", stderr(e));
        }
        let found = results(&folder, "out");
        assert!(found == whole[0] || found == whole[1], "files of two runs");
    }
}
