//! The sizes at which what depends on sizes as numbers shows, gone through after the usual ones.

use super::Why;
use crate::evaluation::{Assignment, Far, Stop};

/// What came of one assignment, or of a point at it; `D` says where the sides differ.
pub(super) enum Tried<D> {
    /// The sides were equal.
    Equal,
    /// They were not.
    Different(Box<D>),
    /// Nothing.
    Stopped(Why),
}

/// Adds to `dims` the assignments at which the sides were equal, all that are needed.
///
/// # Errors
/// Where the sides differ, or nothing can be said.
pub(super) fn go<D>(
    far: Option<Far>,
    dims: &mut Vec<Assignment>,
    mut at: impl FnMut(&Assignment) -> Tried<D>,
) -> Result<(), Tried<D>> {
    let far = far.ok_or(Tried::Stopped(Why::Reach))?;
    let mut equal = Vec::new();
    for a in far.line {
        if equal.len() == far.needed {
            break;
        }
        match at(&a) {
            Tried::Equal => equal.push(a),
            different @ Tried::Different(_) => return Err(different),
            Tried::Stopped(_) => {}
        }
    }
    if equal.len() < far.needed {
        return Err(Tried::Stopped(Why::Reach));
    }
    for a in far.all {
        match at(&a) {
            Tried::Equal => equal.push(a),
            different @ Tried::Different(_) => return Err(different),
            Tried::Stopped(Why::Truth(Stop::Budget | Stop::TooLarge)) => return Err(Tried::Stopped(Why::Reach)),
            // Where there is no value, nothing has to be equal.
            Tried::Stopped(_) => {}
        }
    }
    for a in equal {
        if !dims.contains(&a) {
            dims.push(a);
        }
    }
    Ok(())
}
