//! A class of 500 submissions of 20 claims each, graded to every format by one command: time, memory, and what a
//! second core gives.
//!
//! Run with `cargo bench --bench class`; `cargo bench --bench class -- 50` takes 50 submissions, and
//! `cargo bench --bench class -- 500 DIR` leaves the class and its results in DIR.
#![allow(clippy::print_stdout, clippy::expect_used, clippy::panic)] // what a measurement is for

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

/// Draws that are the same on every machine.
struct Draw(u64);

impl Draw {
    fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap_or(0) % n
    }

    fn of<'a>(&mut self, all: &[&'a str]) -> &'a str {
        all[self.below(all.len())]
    }

    /// Whether something of a frequency in a hundred happens.
    fn happens(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }
}

/// A derivation: for each claim the right formula and the wrong ones that students write.
const DERIVATIONS: [(&str, &[&[&str]]); 4] = [
    (
        "Problem 1",
        &[
            &["\\nabla_w \\|X w - y\\|^2 = 2 X^\\top (X w - y)", "\\nabla_w \\|X w - y\\|^2 = 2 (X w - y)"],
            &["\\nabla_w \\lambda \\|w\\|^2 = 2 \\lambda w", "\\nabla_w \\lambda \\|w\\|^2 = \\lambda w"],
            &["\\|X w - y\\|^2 = w^\\top X^\\top X w - 2 y^\\top X w + y^\\top y"],
            &["\\nabla_w w^\\top X^\\top X w = 2 X^\\top X w", "\\nabla_w w^\\top X^\\top X w = X^\\top X w"],
            &[
                "\\nabla_w E = 2 X^\\top (X w - y) + 2 \\lambda w",
                "\\nabla_w E = 2 X^\\top (X w - y) - 2 \\lambda w",
                "\\nabla_w E = X^\\top (X w - y) + 2 \\lambda w",
                "\\nabla_w E = 2 X (X w - y) + 2 \\lambda w",
                "\\nabla_w E = 2 X^\\top (X w - y)",
            ],
        ],
    ),
    (
        "Problem 2",
        &[
            &["L = \\frac{1}{2} z^\\top W^\\top W W^\\top W z - z^\\top W^\\top W z + \\frac{1}{2} z^\\top z"],
            &["\\nabla_W \\|W z\\|^2 = 2 W z z^\\top", "\\nabla_W \\|W z\\|^2 = 2 z z^\\top W"],
            &[
                "\\nabla_W z^\\top W^\\top W W^\\top W z = 2 W W^\\top W z z^\\top + 2 W z z^\\top W^\\top W",
                "\\nabla_W z^\\top W^\\top W W^\\top W z = 4 W W^\\top W z z^\\top",
            ],
            &["z z^\\top W^\\top W = (W^\\top W z z^\\top)^\\top"],
            &[
                "\\nabla_W L = W (W^\\top W z z^\\top + z z^\\top W^\\top W - 2 z z^\\top)",
                "\\nabla_W L = W (W^\\top W z z^\\top + z z^\\top W^\\top W + 2 z z^\\top)",
                "\\nabla_W L = W (W^\\top W z z^\\top - z z^\\top)",
                "\\nabla_W L = W (W^\\top W z z^\\top + z z^\\top W^\\top W - z z^\\top)",
            ],
        ],
    ),
    (
        "Problem 3",
        &[
            &[
                "\\frac{\\partial}{\\partial A} \\log \\det K = 2 \\alpha K^{-1} A",
                "\\frac{\\partial}{\\partial A} \\log \\det K = \\alpha K^{-1} A",
            ],
            &[
                "\\frac{\\partial F}{\\partial K} = \\frac{1}{2} K^{-1} Y Y^\\top K^{-1} - \\frac{D}{2} K^{-1}",
                "\\frac{\\partial F}{\\partial K} = \\frac{1}{2} K^{-1} Y Y^\\top K^{-1} + \\frac{D}{2} K^{-1}",
            ],
            &["\\operatorname{tr}(K^{-1} Y Y^\\top) = \\operatorname{tr}(Y^\\top K^{-1} Y)"],
            &[
                "\\frac{\\partial}{\\partial A} \\operatorname{tr}(K^{-1} Y Y^\\top) = -2 \\alpha K^{-1} Y Y^\\top K^{-1} A",
                "\\frac{\\partial}{\\partial A} \\operatorname{tr}(K^{-1} Y Y^\\top) = -2 \\alpha K^{-1} Y Y^\\top A",
            ],
            &[
                "\\frac{\\partial F}{\\partial A} = \\alpha K^{-1} Y Y^\\top K^{-1} A - \\alpha D K^{-1} A",
                "\\frac{\\partial F}{\\partial A} = \\alpha K^{-1} Y Y^\\top K^{-1} A + \\alpha D K^{-1} A",
                "\\frac{\\partial F}{\\partial A} = \\alpha K^{-1} Y Y^\\top A - \\alpha D K^{-1} A",
                "\\frac{\\partial F}{\\partial A} = \\alpha K^{-1} Y Y^\\top K^{-1} A - \\frac{D}{2} K^{-1} A",
            ],
        ],
    ),
    (
        "Problem 4",
        &[
            &[
                "\\nabla_w \\mathbf{1}^\\top (X w) = X^\\top \\mathbf{1}",
                "\\nabla_w \\mathbf{1}^\\top (X w) = X \\mathbf{1}",
            ],
            &["\\nabla_w (y^\\top X w) = X^\\top y", "\\nabla_w (y^\\top X w) = y^\\top X"],
            &["1 - \\sigma(X w) = \\sigma(-X w)", "1 - \\sigma(X w) = -\\sigma(X w)"],
            &["\\log \\sigma(X w) = -\\log(1 + \\exp(-X w))", "\\log \\sigma(X w) = \\log(1 + \\exp(-X w))"],
            &[
                "\\nabla_w J = X^\\top (\\sigma(X w) - y)",
                "\\nabla_w J = X^\\top (y - \\sigma(X w))",
                "\\nabla_w J = X^\\top (\\sigma(X w) + y)",
                "\\nabla_w J = X (\\sigma(X w) - y)",
            ],
        ],
    ),
];

/// A submission as this student writes: one habit for each notation, some formulas wrong, some not legible.
fn submission(number: usize) -> (String, String) {
    let mut draw = Draw(0x9e37_79b9_7f4a_7c15 ^ (number as u64).wrapping_mul(0xd134_2543_de82_ef95));
    (0..8).for_each(|_| _ = draw.below(2));
    let skill = draw.of(&["strong", "middle", "middle", "weak"]);
    let share = match skill {
        "strong" => 4,
        "middle" => 14,
        _ => 35,
    };
    let tex = draw.happens(30);
    let transpose = draw.of(&["^\\top", "^\\top", "^T", "^{\\mathsf T}", "^{\\top}", "^\\intercal"]);
    let bold = draw.happens(25);
    let mut text = if tex {
        "\\documentclass{article}\n\\begin{document}\n".to_owned()
    } else {
        "# Exercise sheet 3\n\n".to_owned()
    };
    for (heading, claims) in DERIVATIONS {
        text.push_str(&if tex { format!("\\section*{{{heading}}}\n") } else { format!("## {heading}\n\n") });
        for variants in claims {
            let wrong = variants.len() > 1 && draw.happens(share);
            let mut formula = if wrong { variants[1 + draw.below(variants.len() - 1)] } else { variants[0] }.to_owned();
            formula = formula.replace("^\\top", transpose);
            if bold {
                formula = formula.replace(" w", " \\mathbf{w}").replace(" z", " \\mathbf{z}");
            }
            if draw.happens(20) {
                formula = formula.replace('(', "\\left(").replace(')', "\\right)");
            }
            if draw.happens(1) {
                formula.push_str(" \\smudge{");
            }
            let words = draw.of(&["We have", "Then", "It follows that", "By the chain rule,", "Next,"]);
            text.push_str(&if tex {
                format!("{words}\n\\[ {formula} \\]\n")
            } else {
                format!("{words}\n\n$$\n{formula}\n$$\n\n")
            });
        }
    }
    if tex {
        text.push_str("\\end{document}\n");
    }
    (format!("student{number:03}.{}", if tex { "tex" } else { "md" }), text)
}

/// Runs the program; the time, and the most memory it held.
fn measure(arguments: &[&str]) -> (Duration, u64) {
    let start = Instant::now();
    let mut child = Command::new(env!("CARGO_BIN_EXE_gradmark"))
        .args(arguments)
        .stdout(std::process::Stdio::null())
        .stderr(std::process::Stdio::null())
        .spawn()
        .expect("the program starts");
    let mut most = 0;
    let status = loop {
        let held = fs::read_to_string(format!("/proc/{}/status", child.id())).unwrap_or_default();
        let line = held.lines().find_map(|l| l.strip_prefix("VmHWM:"));
        most = most.max(line.and_then(|l| l.trim().trim_end_matches(" kB").parse::<u64>().ok()).unwrap_or(0));
        if let Some(status) = child.try_wait().expect("the program can be waited for") {
            break status;
        }
        std::thread::sleep(Duration::from_millis(5));
    };
    assert!(matches!(status.code(), Some(0 | 1 | 3)), "the class was not graded: {status}");
    (start.elapsed(), most)
}

fn size(folder: &Path) -> u64 {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let of = |e: fs::DirEntry| e.metadata().map_or(0, |m| if m.is_dir() { size(&e.path()) } else { m.len() });
    entries.map(of).sum()
}

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|a| !a.starts_with("--")).collect();
    let count = arguments.first().and_then(|a| a.parse().ok()).unwrap_or(500usize);
    let kept = arguments.get(1).map(PathBuf::from);
    let root =
        kept.clone().unwrap_or_else(|| std::env::temp_dir().join(format!("gradmark-class-{}", std::process::id())));
    let class = root.join("submissions");
    fs::create_dir_all(&class).expect("a folder for the class");
    for number in 1..=count {
        let (name, text) = submission(number);
        fs::write(class.join(name), text).expect("a submission is written");
    }
    let problem = Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/class/problem.toml");
    let (problem, class) = (problem.display().to_string(), class.display().to_string());
    let mut times = Vec::new();
    for threads in ["1", "2"] {
        let out = root.join(format!("results-{threads}")).display().to_string();
        let (time, memory) = measure(&["grade", &problem, &class, "--out", &out, "--fresh", "--threads", threads]);
        let (seconds, memory) = (time.as_secs_f64(), memory as f64 / 1024.0);
        println!("{count} submissions, {threads} thread(s): {seconds:7.2} s, {memory:7.1} MiB");
        times.push(seconds);
    }
    let out = root.join("results-2").display().to_string();
    let (again, _) = measure(&["grade", &problem, &class, "--out", &out, "--threads", "2"]);
    println!("graded again, all results kept:  {:7.2} s", again.as_secs_f64());
    println!("two cores are {:.2} times as fast as one", times[0] / times[1].max(1e-9));
    let report = fs::metadata(Path::new(&out).join("report.html")).map_or(0, |m| m.len());
    println!(
        "report.html {:.1} MiB, all results {:.1} MiB",
        report as f64 / 1048576.0,
        size(Path::new(&out)) as f64 / 1048576.0
    );
    if kept.is_none() {
        let _ = fs::remove_dir_all(&root);
    }
}
