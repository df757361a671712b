//! Arguments of `check`, and of `verify`, which looks at its certificates.

use super::{DeclarationArgs, Format, TaskArgs};
use clap::{Args, ValueEnum};

#[derive(Copy, Clone, PartialEq, Eq, Debug, ValueEnum)]
pub(in crate::cli) enum EvidenceArg {
    /// Stop at the first layer that decides
    Decisive,
    /// Run all layers
    All,
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
pub(in crate::cli) struct CheckArgs {
    /// An equation, a problem file (.toml, .json), or - for either from standard input
    #[arg(value_name = "EQUATION|PROBLEM")]
    pub(in crate::cli) what: Option<String>,
    /// The formula that is differentiated, or one side of an identity
    #[arg(long, value_name = "FORMULA", allow_hyphen_values = true, conflicts_with = "what")]
    pub(in crate::cli) objective: Option<String>,
    /// What its derivative, or the other side, is claimed to be
    #[arg(long, value_name = "FORMULA", allow_hyphen_values = true, requires = "objective")]
    pub(in crate::cli) candidate: Option<String>,
    /// Only say how a formula is understood
    #[arg(long, value_name = "FORMULA", allow_hyphen_values = true, conflicts_with_all = ["what", "objective"])]
    pub(in crate::cli) read: Option<String>,
    #[command(flatten)]
    pub(in crate::cli) task: TaskArgs,
    #[command(flatten)]
    pub(in crate::cli) declarations: DeclarationArgs,
    /// Answer requests, one JSON object a line, from a file or standard input
    #[arg(long, value_name = "FILE", num_args = 0..=1, default_missing_value = "-")]
    #[arg(help_heading = "Batches", conflicts_with_all = ["what", "objective", "read"])]
    pub(in crate::cli) jsonl: Option<String>,
    /// Add the time that each answer took, in microseconds
    #[arg(long, help_heading = "Batches", requires = "jsonl")]
    pub(in crate::cli) timings: bool,
    /// How many threads answer; all cores where not given
    #[arg(long, value_name = "N", help_heading = "Batches", requires = "jsonl")]
    pub(in crate::cli) threads: Option<usize>,
    /// How much evidence is gathered
    #[arg(long, value_name = "HOW MUCH", help_heading = "Evidence")]
    pub(in crate::cli) evidence: Option<EvidenceArg>,
    /// Repeat a printed comparison at these dimensions: m=3,n=5
    #[arg(long, value_name = "SIZES", help_heading = "Evidence")]
    pub(in crate::cli) dims: Option<String>,
    /// The seed of the comparison to repeat
    #[arg(long, value_name = "SEED", help_heading = "Evidence", requires = "dims")]
    pub(in crate::cli) seed: Option<u64>,
    /// Print the counterexample as a few lines of NumPy
    #[arg(long, help_heading = "Evidence")]
    pub(in crate::cli) numpy: bool,
    /// Of a mistake say only where it is (1), what kind it is (2), or how it is repaired (3)
    #[arg(long, value_name = "LEVEL", help_heading = "Mistakes", conflicts_with = "numpy")]
    #[arg(value_parser = clap::value_parser!(u8).range(1..=3))]
    pub(in crate::cli) hint: Option<u8>,
    /// Write what decides the verdict to a file, one line a verdict, for `gradmark verify`
    #[arg(long, value_name = "FILE", help_heading = "Evidence", conflicts_with = "read")]
    pub(in crate::cli) certificate: Option<String>,
    /// How the result is written
    #[arg(long, value_enum, default_value_t)]
    pub(in crate::cli) format: Format,
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
pub(in crate::cli) struct VerifyArgs {
    /// A file written by check --certificate; - reads standard input
    pub(in crate::cli) file: String,
    /// How the result is written
    #[arg(long, value_enum, default_value_t)]
    pub(in crate::cli) format: Format,
}
