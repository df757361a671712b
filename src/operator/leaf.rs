//! The elementwise functions as leaves: the only operators that carry a derivative of their own.

use crate::tensor::{Function, NodeId, Store};

/// What is known of an elementwise function of one argument.
pub struct Leaf {
    /// Its value; from `libm`, so that it is the same on every machine.
    pub value: fn(f64) -> f64,
    /// Its derivative as a number, for error bounds.
    pub slope: fn(f64) -> f64,
    /// Its derivative as a tensor of the same axes as the argument.
    pub derivative: fn(&mut Store, NodeId) -> NodeId,
    /// Where it is defined and differentiable.
    pub domain: Domain,
}

/// Where a function is defined, and where it has a kink or a jump.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub enum Domain {
    /// Everywhere, smooth.
    All,
    /// Positive arguments.
    Positive,
    /// Between −1 and 1.
    UnitInterval,
    /// Everywhere, with a kink or a jump at zero.
    KinkAtZero,
}

/// The leaf of a function; nothing for powers and for functions known only by name.
#[must_use]
pub fn leaf(f: &Function) -> Option<&'static Leaf> {
    use super::elementwise as e;
    Some(match f {
        Function::Exp => &e::EXP_LEAF,
        Function::Log => &e::LOG_LEAF,
        Function::Sin => &e::SIN_LEAF,
        Function::Cos => &e::COS_LEAF,
        Function::Tan => &e::TAN_LEAF,
        Function::Atan => &super::arc::ATAN_LEAF,
        Function::Asin => &super::arc::ASIN_LEAF,
        Function::Erf => &super::arc::ERF_LEAF,
        Function::Sinh => &e::SINH_LEAF,
        Function::Cosh => &e::COSH_LEAF,
        Function::Tanh => &e::TANH_LEAF,
        Function::Sigmoid => &e::SIGMOID_LEAF,
        Function::Softplus => &e::SOFTPLUS_LEAF,
        Function::Relu => &e::RELU_LEAF,
        Function::Abs => &e::ABS_LEAF,
        Function::Sign => &e::SIGN_LEAF,
        Function::Positive => &e::POSITIVE_LEAF,
        Function::NonNegative => &e::NON_NEGATIVE_LEAF,
        Function::Zero => &e::ZERO_LEAF,
        Function::Power(_) | Function::Unknown(..) => return None,
    })
}
