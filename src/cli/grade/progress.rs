//! How far a long run is: a line on standard error, where that is a terminal.

use std::io::{IsTerminal, Write};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

/// Width of the bar.
const WIDTH: usize = 30;
/// Runs that are over at once show nothing.
const PATIENCE: f64 = 0.5;

/// Counts what is done.
pub(super) struct Progress {
    done: AtomicUsize,
    all: usize,
    start: Instant,
    shown: bool,
}

impl Progress {
    pub(super) fn new(all: usize) -> Self {
        let shown = all > 1 && std::io::stderr().is_terminal();
        Self { done: AtomicUsize::new(0), all, start: Instant::now(), shown }
    }

    /// One more is done.
    pub(super) fn step(&self) {
        let done = self.done.fetch_add(1, Ordering::Relaxed) + 1;
        let passed = self.start.elapsed().as_secs_f64();
        if self.shown && passed > PATIENCE {
            let _ = write!(std::io::stderr().lock(), "\r{}", line(done, self.all, passed));
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if self.shown && self.start.elapsed().as_secs_f64() > PATIENCE {
            let _ = write!(std::io::stderr().lock(), "\r{}\r", " ".repeat(WIDTH + 40));
        }
    }
}

/// The bar, the counts and the time that is left.
fn line(done: usize, all: usize, passed: f64) -> String {
    let full = (done * WIDTH).checked_div(all).unwrap_or(WIDTH).min(WIDTH);
    let left = passed / done.max(1) as f64 * all.saturating_sub(done) as f64;
    format!("[{}{}] {done} of {all}, {:.0} s left  ", "#".repeat(full), "-".repeat(WIDTH - full), left)
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_bar_fills() {
        assert_eq!(super::line(0, 4, 0.0), format!("[{}] 0 of 4, 0 s left  ", "-".repeat(30)));
        assert_eq!(super::line(2, 4, 6.0), format!("[{}{}] 2 of 4, 6 s left  ", "#".repeat(15), "-".repeat(15)));
        assert!(super::line(0, 0, 0.0).starts_with("[####"));
    }
}
