//! The exit status: the first of unusable, incorrect, open, correct that applies.

use crate::verdict::{Place, Verdict};
use std::process::ExitCode;

/// How a run, a file or a line ended; later ones in the order outweigh earlier ones.
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) enum Status {
    /// All is right: 0.
    Correct,
    /// Something is undecided or unreadable: 3.
    Open,
    /// Something is wrong: 1.
    Incorrect,
    /// There is no result: 2.
    Unusable,
}

impl Status {
    /// The status of one answer.
    pub(super) fn of(answer: &crate::check::Answer) -> Self {
        match &answer.fault {
            Some(f) if f.place == Place::Candidate => Self::Open,
            Some(_) => Self::Unusable,
            None => match answer.verdict {
                None | Some(Verdict::Correct) => Self::Correct,
                Some(Verdict::Incorrect) => Self::Incorrect,
                Some(Verdict::Undecided | Verdict::Unreadable) => Self::Open,
            },
        }
    }

    /// The status of two.
    pub(super) fn and(self, other: Self) -> Self {
        self.max(other)
    }
}

impl From<Status> for ExitCode {
    fn from(status: Status) -> Self {
        ExitCode::from(match status {
            Status::Correct => 0,
            Status::Incorrect => 1,
            Status::Unusable => 2,
            Status::Open => 3,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::Status;

    #[test]
    fn unusable_outweighs_incorrect_outweighs_open() {
        let all = [Status::Correct, Status::Open, Status::Incorrect, Status::Unusable];
        for (i, a) in all.into_iter().enumerate() {
            for (j, b) in all.into_iter().enumerate() {
                assert_eq!(a.and(b), all[i.max(j)]);
            }
        }
    }
}
