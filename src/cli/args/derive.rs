//! Arguments of what shows a derivative: `derive`, `explain`, `export`, `graph`.

use super::{DeclarationArgs, Format, TaskArgs};
use clap::{Args, ValueEnum};

/// What is derived, from which declarations.
#[derive(Args, Debug)]
pub(in crate::cli) struct DerivationArgs {
    #[command(flatten)]
    pub(in crate::cli) task: TaskArgs,
    /// 2 is the second derivative by the same variable
    #[arg(long, help_heading = "Task", value_parser = clap::value_parser!(u8).range(1..=2))]
    pub(in crate::cli) order: Option<u8>,
    #[command(flatten)]
    pub(in crate::cli) declarations: DeclarationArgs,
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
pub(in crate::cli) struct ExplainArgs {
    /// The formula to differentiate; - reads it from standard input
    pub(in crate::cli) objective: String,
    #[command(flatten)]
    pub(in crate::cli) derivation: DerivationArgs,
    /// Which way is shown; the one that suits the formula where not given
    #[arg(long, value_enum)]
    pub(in crate::cli) by: Option<MethodArg>,
    /// How the result is written
    #[arg(long, value_enum, default_value_t)]
    pub(in crate::cli) format: PageFormat,
}

#[derive(Copy, Clone, PartialEq, Eq, Debug, ValueEnum)]
pub(in crate::cli) enum MethodArg {
    /// dL is taken apart until only dX is left
    Differentials,
    /// Node by node through the computation graph, backwards
    Graph,
}

#[derive(Copy, Clone, PartialEq, Eq, Debug, Default, ValueEnum)]
pub(in crate::cli) enum PageFormat {
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
pub(in crate::cli) struct DeriveArgs {
    /// The formula to differentiate; - reads it from standard input
    pub(in crate::cli) objective: String,
    #[command(flatten)]
    pub(in crate::cli) derivation: DerivationArgs,
    /// Multiply by a direction of the variable's shape: a Jacobian or, with --order 2, a Hessian times v
    #[arg(long, value_name = "V", help_heading = "Task")]
    pub(in crate::cli) times: Option<String>,
    /// How the result is written
    #[arg(long, value_enum, default_value_t)]
    pub(in crate::cli) format: Format,
    /// Print the formula in LaTeX
    #[arg(long)]
    pub(in crate::cli) latex: bool,
    /// How the formula is put together
    #[arg(long, value_enum, default_value_t)]
    pub(in crate::cli) form: FormArg,
}

/// How a derivative is put together.
#[derive(ValueEnum, Copy, Clone, PartialEq, Eq, Default, Debug)]
pub(in crate::cli) enum FormArg {
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
pub(in crate::cli) struct ExportArgs {
    /// The formula to differentiate; - reads it from standard input
    #[arg(required_unless_present = "formula")]
    pub(in crate::cli) objective: Option<String>,
    /// The same, as an option
    #[arg(long = "objective", value_name = "FORMULA", allow_hyphen_values = true, conflicts_with = "objective")]
    pub(in crate::cli) formula: Option<String>,
    /// For what it is written
    #[arg(long, value_enum, default_value_t)]
    pub(in crate::cli) to: ExportTo,
    /// What the function of the objective is called
    #[arg(long, default_value = "f")]
    pub(in crate::cli) name: String,
    /// Sizes to expect, which decide the order of products: m=3,n=500
    #[arg(long, value_name = "SIZES")]
    pub(in crate::cli) dims: Option<String>,
    #[command(flatten)]
    pub(in crate::cli) derivation: DerivationArgs,
}

/// For what a derivative is exported.
#[derive(ValueEnum, Copy, Clone, PartialEq, Eq, Default, Debug)]
pub(in crate::cli) enum ExportTo {
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
pub(in crate::cli) struct GraphArgs {
    /// The formula; - reads it from standard input
    #[arg(allow_hyphen_values = true)]
    pub(in crate::cli) objective: String,
    /// By what to differentiate, once or several times; by every symbol where not given
    #[arg(long, value_name = "VARIABLE")]
    pub(in crate::cli) wrt: Vec<String>,
    /// What the objective is called
    #[arg(long, default_value = "L")]
    pub(in crate::cli) name: String,
    /// How it is drawn
    #[arg(long, value_enum, default_value_t)]
    pub(in crate::cli) format: GraphFormat,
    #[command(flatten)]
    pub(in crate::cli) declarations: DeclarationArgs,
}

/// How a graph is drawn.
#[derive(ValueEnum, Copy, Clone, PartialEq, Eq, Default, Debug)]
pub(in crate::cli) enum GraphFormat {
    /// For a terminal
    #[default]
    Text,
    /// A picture
    Svg,
    /// For Graphviz
    Dot,
}
