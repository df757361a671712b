//! The meter of a claim: what is left of its work, and whether the clock behind all limits has stopped it.
//!
//! One claim is worked on by one thread, so the meter is the thread's: every loop that an input can make long counts
//! here, wherever it stands, without a budget in each signature. Outside of a claim nothing is bounded.

use super::table::{Limit, of};
use std::cell::{Cell, RefCell};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// How often the clock's flag is looked at, in operations.
const LOOK: u64 = 1 << 14;

/// Why a claim may not go on.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub enum Spent {
    /// Its work is done up.
    Work,
    /// The clock has run out.
    Time,
}

impl std::fmt::Display for Spent {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Work => write!(f, "it needs more than {} operations, the limit for one claim", of(Limit::Work)),
            Self::Time => f.write_str("the time limit ran out"),
        }
    }
}

/// A flag by which a clock, on any thread, stops the work on one item of a batch.
#[derive(Clone, Debug, Default)]
pub struct Guard(Arc<AtomicBool>);

impl Guard {
    /// Stops the item: from now on its claims are undecided.
    pub fn stop(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    fn is_stopped(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

thread_local! {
    static LEFT: Cell<u64> = const { Cell::new(u64::MAX) };
    static UNTIL_LOOK: Cell<u64> = const { Cell::new(LOOK) };
    static SPENT: Cell<Option<Spent>> = const { Cell::new(None) };
    static GUARD: RefCell<Option<Guard>> = const { RefCell::new(None) };
}

/// Counts work; whether the claim may go on.
#[inline]
pub fn spend(operations: u64) -> bool {
    let left = LEFT.get();
    let Some(rest) = left.checked_sub(operations) else {
        LEFT.set(0);
        if SPENT.get().is_none() {
            SPENT.set(Some(Spent::Work));
        }
        return false;
    };
    LEFT.set(rest);
    match UNTIL_LOOK.get().checked_sub(operations) {
        Some(until) => {
            UNTIL_LOOK.set(until);
            true
        }
        None => look(),
    }
}

#[cold]
fn look() -> bool {
    UNTIL_LOOK.set(LOOK);
    if GUARD.with_borrow(|g| g.as_ref().is_some_and(Guard::is_stopped)) {
        SPENT.set(Some(Spent::Time));
        LEFT.set(0);
        return false;
    }
    true
}

/// Why the claim that is being worked on may not go on.
#[must_use]
pub fn spent() -> Option<Spent> {
    SPENT.get()
}

/// Works on a claim with its whole allowance; the claim around it, if there is one, loses nothing.
pub fn claim<T>(work: impl FnOnce() -> T) -> T {
    let _restore = Restore(LEFT.replace(of(Limit::Work)), SPENT.take());
    look();
    work()
}

/// Gives the claim that is being worked on its whole allowance again: the next one begins.
pub fn renew() {
    LEFT.set(of(Limit::Work));
    SPENT.set(None);
    look();
}

/// As [`claim`], for what is looked for only after a verdict: that it is not found changes nothing.
pub fn apart<T>(work: impl FnOnce() -> T) -> T {
    claim(work)
}

struct Restore(u64, Option<Spent>);

impl Drop for Restore {
    fn drop(&mut self) {
        // The clock stops everything around, too.
        let time = SPENT.get().filter(|s| *s == Spent::Time);
        LEFT.set(if time.is_some() { 0 } else { self.0 });
        SPENT.set(self.1.or(time));
    }
}

/// Works on an item of a batch, which the guard may stop.
pub fn guarded<T>(guard: &Guard, work: impl FnOnce() -> T) -> T {
    struct Remove(u64, Option<Spent>);
    impl Drop for Remove {
        fn drop(&mut self) {
            GUARD.set(None);
            LEFT.set(self.0);
            SPENT.set(self.1);
        }
    }
    GUARD.set(Some(guard.clone()));
    let _remove = Remove(LEFT.get(), SPENT.get());
    work()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_claim_has_its_own_allowance() {
        assert!(spend(u64::MAX / 2) && spent().is_none());
        claim(|| {
            assert!(spend(of(Limit::Work)) && spent().is_none());
            assert!(!spend(1) && spent() == Some(Spent::Work));
            claim(|| assert!(spend(1) && spent().is_none()));
            assert!(!spend(1), "what was spent stays spent");
        });
        assert!(spend(1) && spent().is_none());
    }

    #[test]
    fn the_clock_stops_every_claim_of_an_item() {
        let guard = Guard::default();
        guarded(&guard, || {
            claim(|| assert!(spend(10 * LOOK)));
            guard.stop();
            claim(|| {
                assert!(!spend(1));
                assert_eq!(spent(), Some(Spent::Time));
            });
            claim(|| assert_eq!(spent(), Some(Spent::Time)));
        });
        assert!(spent().is_none() && spend(1));
    }
}
