//! The sizes at which what depends on sizes as numbers shows, gone through after the usual ones.

use super::Why;
use crate::evaluation::{Assignment, Far, Stop};

/// What came of one assignment.
pub(super) enum Tried {
    /// The sides were equal.
    Equal,
    /// They were not.
    Different,
    /// Nothing.
    Stopped(Why),
}

/// The assignments at which the sides were equal, all that are needed; `Ok(None)` where they differ.
pub(super) fn go(far: Option<Far>, mut at: impl FnMut(&Assignment) -> Tried) -> Result<Option<Vec<Assignment>>, Why> {
    let far = far.ok_or(Why::Reach)?;
    let mut equal = Vec::new();
    for a in far.line {
        if equal.len() == far.needed {
            break;
        }
        match at(&a) {
            Tried::Equal => equal.push(a),
            Tried::Different => return Ok(None),
            Tried::Stopped(_) => {}
        }
    }
    if equal.len() < far.needed {
        return Err(Why::Reach);
    }
    for a in far.all {
        match at(&a) {
            Tried::Equal => equal.push(a),
            Tried::Different => return Ok(None),
            Tried::Stopped(Why::Truth(Stop::Budget | Stop::TooLarge)) => return Err(Why::Reach),
            // Where there is no value, nothing has to be equal.
            Tried::Stopped(_) => {}
        }
    }
    Ok(Some(equal))
}
