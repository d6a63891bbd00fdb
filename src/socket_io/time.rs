//! Durations as socket.io-client takes them: in milliseconds.

use std::time::Duration;

/// `setTimeout` wraps around above this, and would fire at once.
const MOST: f64 = 2_147_483_647.0;

/// A delay of at least a millisecond: socket.io-client replaces 0 by its default.
pub(super) fn pause(duration: Duration) -> f64 {
    (duration.as_secs_f64() * 1000.0).clamp(1.0, MOST)
}

/// A limit; zero means none.
pub(super) fn limit(duration: Duration) -> Option<f64> {
    (!duration.is_zero()).then(|| pause(duration))
}

/// The longest delay; zero means no limit.
pub(super) fn longest_pause(duration: Duration) -> f64 {
    limit(duration).unwrap_or(MOST)
}

pub(super) fn duration(milliseconds: f64) -> Duration {
    // a page may have set any value in JavaScript
    Duration::try_from_secs_f64(milliseconds / 1000.0).unwrap_or_default()
}
