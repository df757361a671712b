//! Every argument. Here they are only recorded; what they mean is made of them in `task`.

use clap::{Args, Parser, Subcommand, ValueEnum};

const EXAMPLES: &str = "\
Examples:
  gradmark derive \"1/2 ||W'W x - x||^2\" --wrt W
  gradmark check '∇_W ½‖WᵀWx − x‖² = W(WᵀWxxᵀ + xxᵀWᵀW − 2xxᵀ)'

Exit status, the first that applies: 2 where there is no result (unusable input),
1 where something is incorrect, 3 where something is undecided or unreadable,
0 where all is correct.";

/// Derives matrix derivatives, and checks those that people write.
#[derive(Parser, Debug)]
#[command(name = "gradmark", version, about, after_help = EXAMPLES, disable_help_subcommand = true)]
#[command(max_term_width = 100)]
pub(super) struct CommandLine {
    #[command(subcommand)]
    pub(super) command: Command,
    #[command(flatten)]
    pub(super) limits: LimitArgs,
}

#[derive(Subcommand, Debug)]
pub(super) enum Command {
    /// Print the derivative of a formula
    Derive(DeriveArgs),
    /// Print an objective and its derivative as functions of NumPy, JAX or PyTorch, or as a LaTeX document
    Export(ExportArgs),
    /// Show how one gets to a derivative, step by step
    Explain(ExplainArgs),
    /// Draw the computation graph of an objective, with the gradients that come back through it
    Graph(GraphArgs),
    /// Check a formula, an equation, a problem file or a stream of requests
    Check(CheckArgs),
    /// Grade submissions against a problem file
    Grade(GradeArgs),
    /// Write a problem file to begin with, from an objective
    New(NewArgs),
    /// Test certificates again, from the texts of their formulas alone
    Verify(VerifyArgs),
    /// Show an example, or explain a code such as E0302
    Help(HelpArgs),
}

/// What an input may cost.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Limits")]
pub(super) struct LimitArgs {
    /// Change a limit, as in terms=20000; docs/limits.md lists them
    #[arg(long = "limit", value_name = "NAME=N", global = true)]
    pub(super) limits: Vec<String>,
    /// Seconds after which a formula, a line or a submission is left undecided, whatever the limits; 0 for never
    #[arg(long, value_name = "SECONDS", default_value_t = 60, global = true)]
    pub(super) time_limit: u64,
}

/// What a formula may use, and how it is read.
#[derive(Args, Clone, Debug, Default)]
#[command(next_help_heading = "Declarations (what is left out is taken by convention, and said)")]
pub(super) struct DeclarationArgs {
    /// A shape: 'X: m×n', 'x: n', 'alpha: scalar', 'x_i: n, i=1..N', 'g: elementwise'
    #[arg(long, value_name = "NAME: SHAPE")]
    pub(super) shape: Vec<String>,
    /// A definition: 'K = alpha X X^T + I'
    #[arg(long = "let", value_name = "NAME = FORMULA")]
    pub(super) definitions: Vec<String>,
    /// A property or a constraint: 'K symmetric', 'alpha positive', 'm < n'
    #[arg(long, value_name = "WHAT")]
    pub(super) assume: Vec<String>,
    /// The notation of every formula; told by itself where not given
    #[arg(long, value_name = "NOTATION")]
    pub(super) syntax: Option<SyntaxArg>,
}

/// What is asked.
#[derive(Args, Clone, Debug, Default)]
#[command(next_help_heading = "Task")]
pub(super) struct TaskArgs {
    /// By what to differentiate; give it twice for a mixed second derivative
    #[arg(long, value_name = "VARIABLE")]
    pub(super) wrt: Vec<String>,
    /// What of it
    #[arg(long)]
    pub(super) ask: Option<AskArg>,
    /// The layout: a gradient has the shape of its variable, or the transposed convention, or both are accepted
    #[arg(long)]
    pub(super) layout: Option<LayoutArg>,
    /// Tied entries of a symmetric or diagonal variable move together
    #[arg(long)]
    pub(super) structured: bool,
}

#[derive(Copy, Clone, PartialEq, Eq, Debug, ValueEnum)]
pub(super) enum AskArg {
    Gradient,
    Jacobian,
    Hessian,
    Derivative,
    Identity,
}

#[derive(Copy, Clone, Debug, ValueEnum)]
pub(super) enum LayoutArg {
    Standard,
    Transposed,
    Either,
}

#[derive(Copy, Clone, Debug, ValueEnum)]
pub(super) enum SyntaxArg {
    Plain,
    Latex,
}

#[derive(Copy, Clone, PartialEq, Eq, Debug, Default, ValueEnum)]
pub(super) enum Format {
    /// For a person
    #[default]
    Text,
    /// For a program: the answer of the batch contract
    Json,
}

#[derive(Copy, Clone, PartialEq, Eq, Debug, ValueEnum)]
pub(super) enum EvidenceArg {
    /// Stop at the first layer that decides
    Decisive,
    /// Run all layers
    All,
}

const DERIVE_EXAMPLES: &str = "\
Examples:
  gradmark derive \"1/2 ||W'W x - x||^2\" --wrt W
  gradmark derive \"x' A x\" --wrt x --order 2 --assume 'A symmetric'
  gradmark derive 'log det K' --let \"K = alpha X X' + beta^-1 I\" --wrt X \\
      --shape 'X: m×n' --latex
  gradmark derive \"||A x - b||^2\" --wrt x --form expanded
  echo 'sum_{i=1}^{N} ||x_i - W s_i||^2' | gradmark derive - --wrt W \\
      --shape 'W: d×h' --shape 'x_i: d, i=1..N' --shape 's_i: h, i=1..N'";

const EXPLAIN_EXAMPLES: &str = "\
Examples:
  gradmark explain 'tr(X^-1 B)' --wrt X
  gradmark explain \"||A x - b||^2\" --wrt x --format markdown
  gradmark explain 'log det K' --let \"K = alpha X X' + beta^-1 I\" --wrt X \\
      --shape 'X: m×n' --format latex
  gradmark explain '1/2 ||V g(W x) - y||^2' --wrt W --by graph --shape 'g: elementwise' \\
      --shape 'V: k×m'";

#[derive(Args, Debug)]
#[command(after_help = EXPLAIN_EXAMPLES)]
pub(super) struct ExplainArgs {
    /// The formula to differentiate; - reads it from standard input
    pub(super) objective: String,
    #[command(flatten)]
    pub(super) task: TaskArgs,
    /// 2 is the second derivative by the same variable
    #[arg(long, help_heading = "Task", value_parser = clap::value_parser!(u8).range(1..=2))]
    pub(super) order: Option<u8>,
    #[command(flatten)]
    pub(super) declarations: DeclarationArgs,
    /// Which way is shown; the one that suits the formula where not given
    #[arg(long, value_enum)]
    pub(super) by: Option<MethodArg>,
    /// How the result is written
    #[arg(long, value_enum, default_value_t)]
    pub(super) format: PageFormat,
}

#[derive(Copy, Clone, PartialEq, Eq, Debug, ValueEnum)]
pub(super) enum MethodArg {
    /// dL is taken apart until only dX is left
    Differentials,
    /// Node by node through the computation graph, backwards
    Graph,
}

#[derive(Copy, Clone, PartialEq, Eq, Debug, Default, ValueEnum)]
pub(super) enum PageFormat {
    /// For a person
    #[default]
    Text,
    /// Markdown with formulas in LaTeX
    Markdown,
    /// A LaTeX document
    Latex,
    /// For a program
    Json,
}

#[derive(Args, Debug)]
#[command(after_help = DERIVE_EXAMPLES)]
pub(super) struct DeriveArgs {
    /// The formula to differentiate; - reads it from standard input
    pub(super) objective: String,
    #[command(flatten)]
    pub(super) task: TaskArgs,
    /// 2 is the second derivative by the same variable
    #[arg(long, help_heading = "Task", value_parser = clap::value_parser!(u8).range(1..=2))]
    pub(super) order: Option<u8>,
    /// Multiply by a direction of the variable's shape: a Jacobian or, with --order 2, a Hessian times v
    #[arg(long, value_name = "V", help_heading = "Task")]
    pub(super) times: Option<String>,
    #[command(flatten)]
    pub(super) declarations: DeclarationArgs,
    /// How the result is written
    #[arg(long, value_enum, default_value_t)]
    pub(super) format: Format,
    /// Print the formula in LaTeX
    #[arg(long)]
    pub(super) latex: bool,
    /// How the formula is put together
    #[arg(long, value_enum, default_value_t)]
    pub(super) form: FormArg,
}

/// How a derivative is put together.
#[derive(clap::ValueEnum, Copy, Clone, PartialEq, Eq, Default, Debug)]
pub(super) enum FormArg {
    /// Shared factors before brackets, definitions folded, repeated parts named
    #[default]
    Natural,
    /// Common coefficients before brackets too
    Factored,
    /// Products multiplied out
    Expanded,
    /// Free indices and sums
    Index,
}

const EXPORT_EXAMPLES: &str = "\
Examples:
  gradmark export \"1/2 ||W'W x - x||^2\" --wrt W
  gradmark export 'log det K' --let \"K = alpha X X' + beta^-1 I\" --wrt X \\
      --shape 'X: m×n' --to jax
  gradmark export \"||A B x - y||^2\" --wrt x --dims m=3,n=500 --name loss \\
      --shape 'A: m×n' --shape 'B: n×n' --to torch";

#[derive(Args, Debug)]
#[command(after_help = EXPORT_EXAMPLES)]
pub(super) struct ExportArgs {
    /// The formula to differentiate; - reads it from standard input
    #[arg(required_unless_present = "formula")]
    pub(super) objective: Option<String>,
    /// The same, as an option
    #[arg(long = "objective", value_name = "FORMULA", allow_hyphen_values = true, conflicts_with = "objective")]
    pub(super) formula: Option<String>,
    /// For what it is written
    #[arg(long, value_enum, default_value_t)]
    pub(super) to: ExportTo,
    /// What the function of the objective is called
    #[arg(long, default_value = "f")]
    pub(super) name: String,
    /// Sizes to expect, which decide the order of products: m=3,n=500
    #[arg(long, value_name = "SIZES")]
    pub(super) dims: Option<String>,
    #[command(flatten)]
    pub(super) task: TaskArgs,
    /// 2 is the second derivative by the same variable
    #[arg(long, help_heading = "Task", value_parser = clap::value_parser!(u8).range(1..=2))]
    pub(super) order: Option<u8>,
    #[command(flatten)]
    pub(super) declarations: DeclarationArgs,
}

/// For what a derivative is exported.
#[derive(ValueEnum, Copy, Clone, PartialEq, Eq, Default, Debug)]
pub(super) enum ExportTo {
    /// A module for NumPy
    #[default]
    Numpy,
    /// A module for JAX
    Jax,
    /// A module for PyTorch
    Torch,
    /// A document with the formulas
    Latex,
}

const GRAPH_EXAMPLES: &str = "\
Examples:
  gradmark graph \"1/2 ||W'W x - x||^2\" --wrt W
  gradmark graph '1/2 ||W_2 tanh(W_1 x + b) - y||^2' --wrt W_1 --wrt W_2 \\
      --shape 'W_1: h×n' --shape 'W_2: m×h' --shape 'x: n' --format svg
  gradmark graph 'log det K + y^T K^-1 y' --let 'K = alpha X X^T + I' --wrt X \\
      --shape 'X: m×n' --format dot";

#[derive(Args, Debug)]
#[command(after_help = GRAPH_EXAMPLES)]
pub(super) struct GraphArgs {
    /// The formula; - reads it from standard input
    #[arg(allow_hyphen_values = true)]
    pub(super) objective: String,
    /// By what to differentiate, once or several times; by every symbol where not given
    #[arg(long, value_name = "VARIABLE")]
    pub(super) wrt: Vec<String>,
    /// What the objective is called
    #[arg(long, default_value = "L")]
    pub(super) name: String,
    /// How it is drawn
    #[arg(long, value_enum, default_value_t)]
    pub(super) format: GraphFormat,
    #[command(flatten)]
    pub(super) declarations: DeclarationArgs,
}

/// How a graph is drawn.
#[derive(ValueEnum, Copy, Clone, PartialEq, Eq, Default, Debug)]
pub(super) enum GraphFormat {
    /// For a terminal
    #[default]
    Text,
    /// A picture
    Svg,
    /// For Graphviz
    Dot,
}

const CHECK_EXAMPLES: &str = "\
Examples:
  gradmark check '∇_W ½‖WᵀWx − x‖² = W(WᵀWxxᵀ + xxᵀWᵀW − 2xxᵀ)'
  gradmark check '\\frac{\\partial}{\\partial x} x^\\top A x = 2 A x'
  gradmark check --objective 'log det K' --let 'K = alpha X Xᵀ + beta⁻¹ I' \\
      --wrt X --candidate '2 alpha K⁻¹ X' --shape 'X: m×n' \\
      --assume 'alpha positive' --assume 'beta positive'
  gradmark check 'd/dx ||A x - b||^2 = 2 A (A x - b)' --hint 1
  gradmark check --read 'tr A X^T B'
  echo '{\"objective\":\"tr(A X)\",\"wrt\":\"X\",\"candidate\":\"A^T\"}' \\
      | gradmark check --jsonl";

#[derive(Args, Debug)]
#[command(after_help = CHECK_EXAMPLES)]
pub(super) struct CheckArgs {
    /// An equation, a problem file (.toml, .json), or - for either from standard input
    #[arg(value_name = "EQUATION|PROBLEM")]
    pub(super) what: Option<String>,
    /// The formula that is differentiated, or one side of an identity
    #[arg(long, value_name = "FORMULA", allow_hyphen_values = true, conflicts_with = "what")]
    pub(super) objective: Option<String>,
    /// What its derivative, or the other side, is claimed to be
    #[arg(long, value_name = "FORMULA", allow_hyphen_values = true, requires = "objective")]
    pub(super) candidate: Option<String>,
    /// Only say how a formula is understood
    #[arg(long, value_name = "FORMULA", allow_hyphen_values = true, conflicts_with_all = ["what", "objective"])]
    pub(super) read: Option<String>,
    #[command(flatten)]
    pub(super) task: TaskArgs,
    #[command(flatten)]
    pub(super) declarations: DeclarationArgs,
    /// Answer requests, one JSON object a line, from a file or standard input
    #[arg(long, value_name = "FILE", num_args = 0..=1, default_missing_value = "-")]
    #[arg(help_heading = "Batches", conflicts_with_all = ["what", "objective", "read"])]
    pub(super) jsonl: Option<String>,
    /// Add the time that each answer took, in microseconds
    #[arg(long, help_heading = "Batches", requires = "jsonl")]
    pub(super) timings: bool,
    /// How many threads answer; all cores where not given
    #[arg(long, value_name = "N", help_heading = "Batches", requires = "jsonl")]
    pub(super) threads: Option<usize>,
    /// How much evidence is gathered
    #[arg(long, value_name = "HOW MUCH", help_heading = "Evidence")]
    pub(super) evidence: Option<EvidenceArg>,
    /// Repeat a printed comparison at these dimensions: m=3,n=5
    #[arg(long, value_name = "SIZES", help_heading = "Evidence")]
    pub(super) dims: Option<String>,
    /// The seed of the comparison to repeat
    #[arg(long, value_name = "SEED", help_heading = "Evidence", requires = "dims")]
    pub(super) seed: Option<u64>,
    /// Print the counterexample as a few lines of NumPy
    #[arg(long, help_heading = "Evidence")]
    pub(super) numpy: bool,
    /// Of a mistake say only where it is (1), what kind it is (2), or how it is repaired (3)
    #[arg(long, value_name = "LEVEL", help_heading = "Mistakes", conflicts_with = "numpy")]
    #[arg(value_parser = clap::value_parser!(u8).range(1..=3))]
    pub(super) hint: Option<u8>,
    /// Write what decides the verdict to a file, one line a verdict, for `gradmark verify`
    #[arg(long, value_name = "FILE", help_heading = "Evidence", conflicts_with = "read")]
    pub(super) certificate: Option<String>,
    /// How the result is written
    #[arg(long, value_enum, default_value_t)]
    pub(super) format: Format,
}

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
pub(super) struct GradeArgs {
    /// The problem file
    pub(super) problem: String,
    /// The submissions: Markdown, LaTeX, plain text or notebooks, or folders of them; - reads one from standard input
    #[arg(required = true)]
    pub(super) submissions: Vec<String>,
    /// How the result is written; text where neither --out nor --against is given
    #[arg(long, value_enum)]
    pub(super) format: Option<GradeFormat>,
    /// Of a mistake say only where it is (1), what kind it is (2), or how it is repaired (3)
    #[arg(long, value_name = "LEVEL", value_parser = clap::value_parser!(u8).range(1..=3))]
    pub(super) hint: Option<u8>,
    /// How many threads grade; all cores where not given
    #[arg(long, value_name = "N")]
    pub(super) threads: Option<usize>,
    /// Write every format, feedback for each student, and marks.toml, which may be edited, into a folder
    #[arg(long, value_name = "DIR", help_heading = "Classes")]
    pub(super) out: Option<String>,
    /// Do not take results from an earlier run that was written to the same folder
    #[arg(long, help_heading = "Classes", requires = "out")]
    pub(super) fresh: bool,
    /// Show which marks changed since the run that was written to this folder
    #[arg(long, value_name = "DIR", help_heading = "Classes")]
    pub(super) against: Option<String>,
    /// Who is in the class: a CSV file such as a course system exports
    #[arg(long, value_name = "CSV", help_heading = "Classes")]
    pub(super) roster: Option<String>,
    /// How file names tell students: '{name}_{id}_*', with {sis_id}, {login} and {email}
    #[arg(long, value_name = "PATTERN", help_heading = "Classes")]
    pub(super) student: Option<String>,
    /// What the course system calls the assignment: 'Homework 1 (4711)'
    #[arg(long, value_name = "NAME", help_heading = "Classes")]
    pub(super) assignment: Option<String>,
    /// Take provisional marks into gradebook files as well
    #[arg(long, help_heading = "Classes")]
    pub(super) provisional: bool,
}

#[derive(Copy, Clone, PartialEq, Eq, Debug, ValueEnum)]
pub(super) enum GradeFormat {
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
pub(super) struct NewArgs {
    /// The formula that students differentiate; - reads it from standard input
    pub(super) objective: String,
    #[command(flatten)]
    pub(super) task: TaskArgs,
    /// What the objective is called
    #[arg(long, default_value = "L", help_heading = "Task")]
    pub(super) name: String,
    /// The problem's title
    #[arg(long, default_value = "Untitled problem", help_heading = "Task")]
    pub(super) title: String,
    /// What the question gives at most
    #[arg(long, default_value = "10", help_heading = "Task")]
    pub(super) points: String,
    #[command(flatten)]
    pub(super) declarations: DeclarationArgs,
    /// Write to a file, which must not exist; standard output where not given
    #[arg(long, value_name = "FILE")]
    pub(super) out: Option<String>,
}

const VERIFY_EXAMPLES: &str = "\
Examples:
  gradmark check \"∇_x x'A x = (A + A') x\" --certificate /tmp/quadratic.json
  gradmark verify /tmp/quadratic.json

Formulas are read and derivatives derived again; then the ground that a certificate gives is tested as
it stands: the normal forms, the values at points of prime fields, or the counterexample.

Exit status, the first that applies: 2 where something is no certificate, 1 where one does not hold,
0 where all hold.";

#[derive(Args, Debug)]
#[command(after_help = VERIFY_EXAMPLES)]
pub(super) struct VerifyArgs {
    /// A file written by check --certificate; - reads standard input
    pub(super) file: String,
    /// How the result is written
    #[arg(long, value_enum, default_value_t)]
    pub(super) format: Format,
}

#[derive(Args, Debug)]
pub(super) struct HelpArgs {
    /// A code such as E0302, or a command
    pub(super) topic: Option<String>,
}
