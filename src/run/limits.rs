//! Time limits, in milliseconds; 0 means no limit.

/// The maximum of `setTimeout`: it wraps around above this, and would fire at once.
/// <https://html.spec.whatwg.org/multipage/timers-and-user-prompts.html#timers>
const LONGEST: f64 = 2_147_483_647.0;

/// How many times the idle limit is checked within its duration. A timer restarted at every chunk would add a cost to each token. A
/// few checks of a counter cost nothing, and the limit is accurate to a quarter of itself.
pub(super) const TICKS: u32 = 4;

/// How long a run waits for each step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Limits {
    /// For a server's answer: a connection, and each request before or after the prediction.
    pub(crate) connect: u32,
    /// From the request to the first byte of an event stream.
    pub(crate) first_byte: u32,
    /// For silence after that, or until a reply that is not a stream.
    pub(crate) idle: u32,
    /// For the whole run.
    pub(crate) total: u32,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connect: 20_000,
            first_byte: 60_000,
            idle: 300_000,
            total: 0,
        }
    }
}

impl Limits {
    /// Takes the values that are numbers. The others get their defaults.
    pub(crate) fn from_options(
        connect: Option<f64>,
        first_byte: Option<f64>,
        idle: Option<f64>,
        total: Option<f64>,
    ) -> Self {
        let or = |given: Option<f64>, default: u32| {
            given
                .filter(|ms| *ms >= 0.0)
                // less than a millisecond does not mean "no limit"
                .map_or(default, |ms| ms.min(LONGEST).ceil() as u32)
        };
        let default = Self::default();
        Self {
            connect: or(connect, default.connect),
            first_byte: or(first_byte, default.first_byte),
            idle: or(idle, default.idle),
            total: or(total, default.total),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_invalid_limit_becomes_the_default_and_a_long_one_is_clamped() {
        let limits = Limits::from_options(Some(f64::NAN), Some(-1.0), Some(1e300), Some(0.4));
        assert_eq!(
            limits,
            Limits {
                connect: 20_000,
                first_byte: 60_000,
                idle: 2_147_483_647,
                total: 1,
            }
        );
        assert_eq!(
            Limits::from_options(Some(0.0), None, None, None).connect,
            0,
            "zero means no limit"
        );
    }
}
