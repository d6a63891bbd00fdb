//! Stops an answer from elsewhere in the program.

use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Waker};

/// Stops an answer whose stream another part of the program reads, such as the handler of a "Stop" button. It comes from
/// [`EventStream::abort_handle`](super::EventStream::abort_handle).
///
/// Clones stop the same answer. Handles are equal if they do. A handle does not keep the stream.
///
/// ```no_run
/// # async fn f(flowise: flowise_stream::Flowise, button: impl FnOnce(Box<dyn Fn()>)) -> Result<(), flowise_stream::Error> {
/// use flowise_stream::{FinishReason, PredictionRequest};
/// use futures_util::TryStreamExt as _;
///
/// let mut answer = flowise.stream(&PredictionRequest::new("How are you?"));
/// let handle = answer.abort_handle();
/// button(Box::new(move || handle.abort()));
/// while let Some(event) = answer.try_next().await? {
///     show(&event);
/// }
/// // the part that was received before somebody pressed the button
/// let part = answer.prediction().filter(|part| part.finish_reason == FinishReason::Aborted);
/// # Ok(()) }
/// # fn show(_: &flowise_stream::Event) {}
/// ```
#[derive(Clone, Default)]
pub struct AbortHandle(Arc<Shared>);

#[derive(Default)]
struct Shared {
    aborted: AtomicBool,
    /// The task that polls the stream.
    waker: Mutex<Option<Waker>>,
}

impl AbortHandle {
    /// Stops the answer, as [`EventStream::abort`](super::EventStream::abort) does: here at once, and on the server as soon as
    /// the task that reads the stream runs next. After the end it does nothing.
    pub fn abort(&self) {
        self.0.aborted.store(true, Ordering::Relaxed);
        let waker = self.waker().take();
        if let Some(waker) = waker {
            waker.wake();
        }
    }

    /// Whether the stream is to be aborted now. The task is woken when it is later.
    pub(super) fn poll(&self, cx: &Context<'_>) -> bool {
        match &mut *self.waker() {
            // called for each event, nearly always by the same task, and then nothing is cloned
            Some(waker) => waker.clone_from(cx.waker()),
            none => *none = Some(cx.waker().clone()),
        }
        self.0.aborted.swap(false, Ordering::Relaxed)
    }

    fn waker(&self) -> MutexGuard<'_, Option<Waker>> {
        self.0.waker.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl PartialEq for AbortHandle {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

impl Eq for AbortHandle {}

impl fmt::Debug for AbortHandle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AbortHandle").finish_non_exhaustive()
    }
}
