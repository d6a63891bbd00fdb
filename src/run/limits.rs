//! Time limits, in milliseconds; 0 is none.

/// `setTimeout` wraps around above this, and would fire at once.
/// <https://html.spec.whatwg.org/multipage/timers-and-user-prompts.html#timers>
const LONGEST: f64 = 2_147_483_647.0;

/// How often the idle limit is looked at within its time. A timer set anew at every chunk would cost each token something; a
/// few that look at a counter cost nothing, and the limit is accurate to a quarter of itself.
pub(super) const TICKS: u32 = 4;

/// How long a run waits, and for what.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Limits {
    /// Until a server answers: a connection, and each question to the server before or after the prediction.
    pub(crate) connect: u32,
    /// From the request to the first byte of an event stream.
    pub(crate) first_byte: u32,
    /// Silence after that, or until a reply that is no stream.
    pub(crate) idle: u32,
    /// Everything together.
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
    /// Takes the limits that are numbers, and the defaults in the place of the others.
    pub(crate) fn from_options(
        connect: Option<f64>,
        first_byte: Option<f64>,
        idle: Option<f64>,
        total: Option<f64>,
    ) -> Self {
        let or = |given: Option<f64>, default: u32| {
            given
                .filter(|ms| *ms >= 0.0)
                // less than a millisecond is not "no limit"
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
    fn what_is_no_limit_gets_the_default_and_what_is_too_long_is_cut() {
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
            "zero is no limit"
        );
    }
}
