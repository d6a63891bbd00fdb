//! What happens when a timer expires.

use super::ask::Task;
use super::call::Call;
use super::effect::{Effect, Timer};
use super::fact::Seen;
use super::knowledge::Knowledge;
use super::limits::TICKS;
use super::states::{InFlight, Out, Run, State};
use super::target::Wire;
use crate::error::{Error, ErrorKind, Hint};

impl Run {
    pub(super) fn elapsed(
        &mut self,
        timer: Timer,
        seen: Seen,
        known: &mut Knowledge,
        out: Out<'_>,
    ) {
        match timer {
            Timer::Total => self.out_of_time(Hint::TooLong, seen, known, out),
            Timer::Step => self.step_elapsed(seen, known, out),
            Timer::Tick => match self.state {
                State::Late(_) => self.late_tick(seen, known, out),
                _ => self.idle_tick(seen, known, out),
            },
        }
    }

    fn step_elapsed(&mut self, seen: Seen, known: &mut Knowledge, out: Out<'_>) {
        let timeout = || Error::hinting(ErrorKind::Timeout, Hint::NoConnection);
        match self.state {
            // a server that does not answer the handshake may answer the next request
            State::Handshake => {
                out(Effect::Cancel);
                self.refused = Some(self.unreachable());
                self.open(Wire::EventStream, known, out);
            }
            State::Connecting => {
                let error = self.refused.take().unwrap_or_else(timeout);
                self.fail(error, seen, known, out);
            }
            State::Waiting(InFlight::Question) | State::Streaming if seen.activity == 0 => {
                self.forget_streamable(known);
                self.out_of_time(Hint::NoFirstByte, seen, known, out);
            }
            State::Waiting(InFlight::Asking(purpose))
            | State::Reading(InFlight::Asking(purpose), _)
            | State::Knocking(InFlight::Asking(purpose)) => {
                out(Effect::Cancel);
                let error = self.refused.take().unwrap_or_else(timeout);
                self.asked(purpose, Err(error), seen, known, out);
            }
            State::Waiting(InFlight::History) | State::Reading(InFlight::History, _) => {
                out(Effect::Cancel);
                self.complete(seen, known, out);
            }
            State::Waiting(InFlight::Knock) => {
                self.probed(Err(timeout()), known, out);
            }
            State::Waiting(InFlight::Call)
            | State::Reading(InFlight::Call, _)
            | State::Knocking(InFlight::Call) => {
                let is_stop = matches!(self.task, Task::Call(Call::Abort { .. }));
                let hint = if is_stop {
                    Hint::NoConnection
                } else {
                    Hint::NoFirstByte
                };
                self.out_of_time(hint, seen, known, out);
            }
            _ => {}
        }
    }

    /// Checks whether the server has fallen silent.
    fn idle_tick(&mut self, seen: Seen, known: &mut Knowledge, out: Out<'_>) {
        let is_silent = seen.activity == self.activity && !seen.has(Seen::PAUSED);
        self.silent = if is_silent { self.silent + 1 } else { 0 };
        self.activity = seen.activity;
        if self.silent < TICKS {
            self.start(Timer::Tick, self.limits.idle.div_ceil(TICKS), out);
        } else {
            self.out_of_time(Hint::Silence, seen, known, out);
        }
    }
}
