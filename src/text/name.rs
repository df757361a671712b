//! Names.

use smol_str::SmolStr;

/// A canonical name: `W`, `lambda`, `x_hat`, `W_1`, `Sigma_xy`; never LaTeX, never a Greek letter.
pub type Name = SmolStr;
