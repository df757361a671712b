//! What error bounds make of a difference.

use crate::evaluation::{Bounded, Real, Tensor};

/// Beyond the bounds by this factor, a difference is certain.
const CERTAIN: f64 = 1e3;
/// Relative bounds above this say nothing.
const LOOSE: f64 = 1e-6;
/// Room for what the bounds leave out: libm's own errors are stated, not proved.
const SAFETY: f64 = 4.0;
/// A value below this, with such a bound in double-double, is zero.
const NEGLIGIBLE: f64 = 1e-18;

/// The largest difference and what the bounds make of it.
pub(super) struct Judged {
    pub(super) finding: Finding,
    /// Relative to the largest entry.
    pub(super) rel_diff: f64,
    /// The entry that differs most.
    pub(super) at: usize,
}

#[derive(Copy, Clone, PartialEq, Eq)]
pub(super) enum Finding {
    /// Within the bounds.
    Equal,
    /// Far beyond them.
    Different,
    /// Neither, or the bounds are too wide.
    Unclear,
}

/// Compares two tensors of equal dimensions entry by entry.
pub(super) fn judge<T: Real>([candidate, truth]: &[Tensor<Bounded<T>>; 2]) -> Judged {
    let largest = |t: &Tensor<Bounded<T>>| t.data.iter().map(|x| x.to_f64().abs()).fold(0.0, f64::max);
    let scale = largest(candidate).max(largest(truth));
    let relative = |x: f64| if scale > 0.0 { x / scale } else { 0.0 };
    let mut judged = Judged { finding: Finding::Equal, rel_diff: 0.0, at: 0 };
    let mut worst = 0.0;
    for (at, (a, b)) in candidate.data.iter().zip(&truth.data).enumerate() {
        let difference = a.value.sub(b.value).to_f64().abs();
        let bound = (a.error + b.error + T::UNIT * difference) * SAFETY;
        judged.rel_diff = judged.rel_diff.max(relative(difference));
        let loose = bound > LOOSE * scale && !(T::UNIT < 1e-25 && bound < NEGLIGIBLE);
        let finding = if difference > CERTAIN * bound {
            Finding::Different
        } else if difference > bound || loose || !bound.is_finite() {
            Finding::Unclear
        } else {
            Finding::Equal
        };
        match finding {
            Finding::Different if judged.finding != Finding::Different || difference > worst => {
                judged.finding = Finding::Different;
                (judged.at, worst) = (at, difference);
            }
            Finding::Unclear if judged.finding == Finding::Equal => judged.finding = Finding::Unclear,
            Finding::Different | Finding::Unclear | Finding::Equal => {}
        }
    }
    judged
}
