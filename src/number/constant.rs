//! Numbers that have a name.

/// A number that has a name.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub enum Constant {
    /// π
    Pi,
    /// e, the base of the natural logarithm (`e^x` is read as `exp(x)`; this is e alone).
    Euler,
}
