//! What the array libraries spell differently.

use super::step::StepId;
use super::text::Text;
use crate::number::Rational;
use crate::tensor::Function;

/// For which library a function is written.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub enum Target {
    /// NumPy.
    Numpy,
    /// JAX.
    Jax,
    /// PyTorch.
    Torch,
}

/// A function that NumPy lacks, written out before those that use it.
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) enum Prelude {
    LogSumExp,
    Softmax,
    LogSoftmax,
}

impl Prelude {
    /// Its definition in NumPy.
    pub(super) fn code(self) -> &'static str {
        match self {
            Self::LogSumExp => {
                "def logsumexp(x, axis):\n    top = np.max(x, axis=axis, keepdims=True)\n    \
                 return np.log(np.sum(np.exp(x - top), axis=axis)) + np.squeeze(top, axis=axis)\n"
            }
            Self::Softmax => {
                "def softmax(x, axis):\n    weights = np.exp(x - np.max(x, axis=axis, keepdims=True))\n    \
                 return weights / np.sum(weights, axis=axis, keepdims=True)\n"
            }
            Self::LogSoftmax => {
                "def log_softmax(x, axis):\n    shifted = x - np.max(x, axis=axis, keepdims=True)\n    \
                 return shifted - np.log(np.sum(np.exp(shifted), axis=axis, keepdims=True))\n"
            }
        }
    }
}

impl Target {
    /// The library's name in code.
    pub(super) fn module(self) -> &'static str {
        match self {
            Self::Numpy => "np",
            Self::Jax => "jnp",
            Self::Torch => "torch",
        }
    }

    /// The lines that make it known.
    pub(super) fn imports(self) -> &'static str {
        match self {
            Self::Numpy => "import numpy as np\n",
            Self::Jax => "import jax\nimport jax.numpy as jnp\n",
            Self::Torch => "import math\n\nimport torch\n",
        }
    }

    /// What an argument is called that numbers axes.
    pub(super) fn axis(self) -> &'static str {
        match self {
            Self::Numpy | Self::Jax => "axis",
            Self::Torch => "dim",
        }
    }

    /// A call of the library.
    pub(super) fn call(self, function: &str, arguments: &str) -> Text {
        Text::atom(format!("{}.{function}({arguments})", self.module()))
    }

    /// An array of that shape made anew: of ones, of zeros, the identity; `like` is an array whose type it takes.
    pub(super) fn made(self, function: &str, arguments: &str, like: Option<&str>) -> Text {
        match (self, like) {
            (Self::Torch, Some(like)) => {
                self.call(function, &format!("{arguments}, dtype={like}.dtype, device={like}.device"))
            }
            (Self::Torch, None) => self.call(function, &format!("{arguments}, dtype=torch.float64")),
            _ => self.call(function, arguments),
        }
    }

    /// A condition as 0 and 1.
    pub(super) fn indicator(self, condition: &str, like: Option<&str>) -> Text {
        Text::atom(match (self, like) {
            (Self::Numpy, _) => format!("np.where({condition}, 1.0, 0.0)"),
            (Self::Jax, _) => format!("jnp.where({condition}, 1.0, 0.0)"),
            (Self::Torch, Some(like)) => format!("({condition}).to({like}.dtype)"),
            (Self::Torch, None) => format!("({condition}).to(torch.float64)"),
        })
    }

    /// A function of the table on an array, or on a number of Python.
    pub(super) fn function(self, f: &Function, x: &Text, number: bool, like: Option<&str>) -> Option<Text> {
        let module = if number && self == Self::Torch { "math" } else { self.module() };
        let call = |name: &str| Some(Text::atom(format!("{module}.{name}({})", x.code)));
        match f {
            Function::Exp => call("exp"),
            Function::Log => call("log"),
            Function::Sin => call("sin"),
            Function::Cos => call("cos"),
            Function::Tan => call("tan"),
            Function::Atan if number && self == Self::Torch => call("atan"),
            Function::Asin if number && self == Self::Torch => call("asin"),
            Function::Atan => call("arctan"),
            Function::Asin => call("arcsin"),
            Function::Erf => match self {
                // NumPy has no error function.
                Self::Numpy => None,
                Self::Jax => Some(Text::atom(format!("jax.scipy.special.erf({})", x.code))),
                Self::Torch => call("erf"),
            },
            Function::Sinh => call("sinh"),
            Function::Cosh => call("cosh"),
            Function::Tanh => call("tanh"),
            Function::Sigmoid if number => Some(Text::product(format!("1 / (1 + {module}.exp(-{}))", x.factor()))),
            Function::Softplus if number => Some(Text::atom(format!("{module}.log(1 + {module}.exp({}))", x.code))),
            Function::Sigmoid => Some(match self {
                Self::Numpy => Text::atom(format!("np.exp(-np.logaddexp(0, {}))", x.negative())),
                Self::Jax => Text::atom(format!("jax.nn.sigmoid({})", x.code)),
                Self::Torch => Text::atom(format!("torch.sigmoid({})", x.code)),
            }),
            Function::Softplus => Some(match self {
                Self::Numpy => Text::atom(format!("np.logaddexp(0, {})", x.code)),
                Self::Jax => Text::atom(format!("jax.nn.softplus({})", x.code)),
                Self::Torch => Text::atom(format!("torch.nn.functional.softplus({}, threshold=40.0)", x.code)),
            }),
            Function::Relu => Some(match self {
                Self::Numpy => Text::atom(format!("np.maximum({}, 0)", x.code)),
                Self::Jax => Text::atom(format!("jax.nn.relu({})", x.code)),
                Self::Torch => Text::atom(format!("torch.relu({})", x.code)),
            }),
            Function::Abs if number => Some(Text::atom(format!("abs({})", x.code))),
            Function::Abs => call("abs"),
            Function::Sign => call("sign"),
            Function::Positive => Some(self.indicator(&format!("{} > 0", x.term()), like)),
            Function::NonNegative => Some(self.indicator(&format!("{} >= 0", x.term()), like)),
            Function::Zero => Some(self.indicator(&format!("{} == 0", x.term()), like)),
            Function::Power(p) => Some(power(module, p, x)),
            Function::Unknown(..) => None,
        }
    }
}

fn power(module: &str, p: &Rational, x: &Text) -> Text {
    let two = Rational::from(2);
    if p.is_negative() {
        let positive = p.abs();
        let below = if positive.is_one() { x.clone() } else { power(module, &positive, x) };
        return Text::product(format!("1 / {}", below.factor()));
    }
    if (p * &two).is_one() {
        return Text::atom(format!("{module}.sqrt({})", x.code));
    }
    if p.is_integer() {
        return Text::power(format!("{}**{p}", x.base()));
    }
    let (n, d) = p.parts();
    Text::power(format!("{}**({n} / {d})", x.base()))
}

/// What a step that stands for an argument's derivative is called.
pub(super) fn derivative_name(function: &str, order: u8, scalar: bool) -> String {
    match (order, scalar) {
        (0, _) => function.to_owned(),
        (1, false) => format!("{function}_prime"),
        (2, false) => format!("{function}_second"),
        (1, true) => format!("{function}_gradient"),
        (2, true) => format!("{function}_hessian"),
        (n, _) => format!("{function}_derivative_{n}"),
    }
}

/// Texts by step, where they are written already.
pub(super) type Written = rustc_hash::FxHashMap<StepId, Text>;
