//! Every argument. Here they are only recorded; what they mean is made of them in `task`.

mod check;
mod derive;
mod grade;

pub(super) use check::{CheckArgs, EvidenceArg, VerifyArgs};
pub(super) use derive::{
    DerivationArgs, DeriveArgs, ExplainArgs, ExportArgs, ExportTo, FormArg, GraphArgs, GraphFormat, MethodArg,
    PageFormat,
};
pub(super) use grade::{GradeArgs, GradeFormat, NewArgs};

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

#[derive(Args, Debug)]
pub(super) struct HelpArgs {
    /// A code such as E0302, or a command
    pub(super) topic: Option<String>,
}
