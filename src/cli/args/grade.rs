//! Arguments of `grade`, and of `new`, which begins a problem file.

use super::{DeclarationArgs, TaskArgs};
use clap::{Args, ValueEnum};

const GRADE_EXAMPLES: &str = "\
Examples:
  gradmark grade cases/gp-lvm/problem.toml cases/gp-lvm/right.*
  gradmark grade cases/gp-lvm/problem.toml cases/gp-lvm/sign.md --format json
  gradmark grade cases/gp-lvm/problem.toml cases/gp-lvm/sign.md --hint 2
  gradmark grade cases/classes/ridge/problem.toml cases/classes/ridge/submissions/[abc]* \\
      --roster cases/classes/ridge/roster.csv --format canvas
  gradmark grade cases/classes/ridge/problem.toml cases/classes/ridge/submissions/[abc]* \\
      --out $(mktemp -d)/results";

#[derive(Args, Debug)]
#[command(after_help = GRADE_EXAMPLES)]
pub(in crate::cli) struct GradeArgs {
    /// The problem file
    pub(in crate::cli) problem: String,
    /// The submissions: Markdown, LaTeX, plain text or notebooks, or folders of them; - reads one from standard input
    #[arg(required = true)]
    pub(in crate::cli) submissions: Vec<String>,
    /// How the result is written; text where neither --out nor --against is given
    #[arg(long, value_enum)]
    pub(in crate::cli) format: Option<GradeFormat>,
    /// Of a mistake say only where it is (1), what kind it is (2), or how it is repaired (3)
    #[arg(long, value_name = "LEVEL", value_parser = clap::value_parser!(u8).range(1..=3))]
    pub(in crate::cli) hint: Option<u8>,
    /// How many threads grade; all cores where not given
    #[arg(long, value_name = "N")]
    pub(in crate::cli) threads: Option<usize>,
    /// Write every format, feedback for each student, and marks.toml, which may be edited, into a folder
    #[arg(long, value_name = "DIR", help_heading = "Classes")]
    pub(in crate::cli) out: Option<String>,
    /// Do not take results from an earlier run that was written to the same folder
    #[arg(long, help_heading = "Classes", requires = "out")]
    pub(in crate::cli) fresh: bool,
    /// Show which marks changed since the run that was written to this folder
    #[arg(long, value_name = "DIR", help_heading = "Classes")]
    pub(in crate::cli) against: Option<String>,
    /// Who is in the class: a CSV file such as a course system exports
    #[arg(long, value_name = "CSV", help_heading = "Classes")]
    pub(in crate::cli) roster: Option<String>,
    /// How file names tell students: '{name}_{id}_*', with {sis_id}, {login} and {email}
    #[arg(long, value_name = "PATTERN", help_heading = "Classes")]
    pub(in crate::cli) student: Option<String>,
    /// What the course system calls the assignment: 'Homework 1 (4711)'
    #[arg(long, value_name = "NAME", help_heading = "Classes")]
    pub(in crate::cli) assignment: Option<String>,
    /// Take provisional marks into gradebook files as well
    #[arg(long, help_heading = "Classes")]
    pub(in crate::cli) provisional: bool,
}

#[derive(Copy, Clone, PartialEq, Eq, Debug, ValueEnum)]
pub(in crate::cli) enum GradeFormat {
    /// For a person
    Text,
    /// For a program: the grading contract
    Json,
    /// Feedback in Markdown
    Markdown,
    /// A report for a browser, in one file
    Html,
    /// A table: one row for each student and question
    Csv,
    /// results.json of a Gradescope autograder, for one submission
    Gradescope,
    /// A file for the import of a Canvas gradebook
    Canvas,
    /// A file for the import of a Moodle gradebook
    Moodle,
    /// results.json of a PrairieLearn grader, for one submission
    Prairielearn,
    /// JUnit XML
    Junit,
    /// A table with the columns of nbgrader's export
    Nbgrader,
}

const NEW_EXAMPLES: &str = "\
Examples:
  gradmark new \"1/2 ||W'W x - x||^2\" --wrt W
  gradmark new '‖X w − y‖² + λ ‖w‖²' --wrt w --name E --title 'Ridge regression' \\
      --points 5 --assume 'lambda positive' --out $(mktemp -d)/ridge.toml";

#[derive(Args, Debug)]
#[command(after_help = NEW_EXAMPLES)]
pub(in crate::cli) struct NewArgs {
    /// The formula that students differentiate; - reads it from standard input
    pub(in crate::cli) objective: String,
    #[command(flatten)]
    pub(in crate::cli) task: TaskArgs,
    /// What the objective is called
    #[arg(long, default_value = "L", help_heading = "Task")]
    pub(in crate::cli) name: String,
    /// The problem's title
    #[arg(long, default_value = "Untitled problem", help_heading = "Task")]
    pub(in crate::cli) title: String,
    /// What the question gives at most
    #[arg(long, default_value = "10", help_heading = "Task")]
    pub(in crate::cli) points: String,
    #[command(flatten)]
    pub(in crate::cli) declarations: DeclarationArgs,
    /// Write to a file, which must not exist; standard output where not given
    #[arg(long, value_name = "FILE")]
    pub(in crate::cli) out: Option<String>,
}
