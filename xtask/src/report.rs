//! What the commands print while they run: steps with their time, and progress.

use std::fmt;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use anyhow::Result;

/// A step could not check anything here, and says why. This is neither a failure nor a success.
#[derive(Debug)]
pub(crate) struct NotChecked(pub(crate) String);

impl fmt::Display for NotChecked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for NotChecked {}

static NOTES: Mutex<Vec<String>> = Mutex::new(Vec::new());

/// Prints a message that must not get lost in a long run: the summary repeats it.
pub(crate) fn note(text: String) {
    say(&text);
    NOTES
        .lock()
        .unwrap_or_else(PoisonError::into_inner)
        .push(text);
}

/// The noted messages.
pub(crate) fn notes() -> Vec<String> {
    NOTES.lock().unwrap_or_else(PoisonError::into_inner).clone()
}

/// Announces the next action. It goes to standard error, so that it does not mix with a command's output.
pub(crate) fn say(text: impl AsRef<str>) {
    eprintln!("xtask: {}", text.as_ref());
}

/// Runs a step under a heading and prints its duration.
pub(crate) fn step(title: &str, run: impl FnOnce() -> Result<()>) -> Result<Duration> {
    eprintln!("\n=== {title}");
    let start = Instant::now();
    let result = run();
    let time = start.elapsed();
    let outcome = match &result {
        Ok(()) => "done",
        Err(error) if error.is::<NotChecked>() => "NOT CHECKED",
        Err(_) => "FAILED",
    };
    eprintln!("=== {title}: {outcome} in {}", seconds(time));
    result.map(|()| time)
}

/// A duration in a readable form.
pub(crate) fn seconds(time: Duration) -> String {
    match time.as_secs() {
        0..60 => format!("{:.1} s", time.as_secs_f64()),
        whole => format!("{} min {} s", whole / 60, whole % 60),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_in_minutes_from_one_minute_on() {
        assert_eq!(seconds(Duration::from_millis(1_250)), "1.2 s");
        assert_eq!(seconds(Duration::from_secs(61)), "1 min 1 s");
    }
}
