//! The clock behind all limits: it stops an item that takes too long, on whichever thread it is worked on.
//!
//! Every limit counts operations, so that a verdict is the same on every machine. This one is for what nobody thought
//! of: one thread looks from time to time whether an item is past its time, and raises its flag.

use crate::limit::{self, Guard};
use std::sync::{Mutex, OnceLock};
use std::time::{Duration, Instant};

/// The time of one item; nothing where there is no bound.
static TIME: OnceLock<Option<Duration>> = OnceLock::new();
/// What is being worked on: when it has to be done, and how it is stopped.
static ITEMS: Mutex<Vec<(Instant, u64, Guard)>> = Mutex::new(Vec::new());

/// Sets the time of an item, in seconds; 0 is no bound.
pub(super) fn configure(seconds: u64) {
    let time = (seconds > 0).then(|| Duration::from_secs(seconds));
    if TIME.set(time).is_ok()
        && let Some(time) = time
    {
        let pause = (time / 20).clamp(Duration::from_millis(10), Duration::from_millis(200));
        // Without this thread only the last resort is missing.
        let _ = std::thread::Builder::new().name("clock".into()).spawn(move || watch(pause));
    }
}

fn watch(pause: Duration) {
    loop {
        std::thread::sleep(pause);
        let now = Instant::now();
        let Ok(items) = ITEMS.lock() else { return };
        items.iter().filter(|i| i.0 <= now).for_each(|i| i.2.stop());
    }
}

/// Works on an item within its time.
pub(super) fn within<T>(work: impl FnOnce() -> T) -> T {
    let Some(end) = TIME.get().copied().flatten().and_then(|time| Instant::now().checked_add(time)) else {
        return work();
    };
    let watched = Watched::new(end);
    limit::guarded(&watched.1, work)
}

/// An item on the list, until it is done.
struct Watched(u64, Guard);

impl Watched {
    fn new(end: Instant) -> Self {
        static NUMBER: std::sync::atomic::AtomicU64 = std::sync::atomic::AtomicU64::new(0);
        let number = NUMBER.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        let guard = Guard::default();
        if let Ok(mut items) = ITEMS.lock() {
            items.push((end, number, guard.clone()));
        }
        Self(number, guard)
    }
}

impl Drop for Watched {
    fn drop(&mut self) {
        if let Ok(mut items) = ITEMS.lock() {
            items.retain(|i| i.1 != self.0);
        }
    }
}
