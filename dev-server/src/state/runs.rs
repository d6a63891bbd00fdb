//! The runs that can be aborted.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError, Weak};

use tokio_util::sync::CancellationToken;

/// The running questions, by chatflow and chat.
#[derive(Debug, Default)]
pub(crate) struct Runs {
    running: Mutex<HashMap<(String, String), Weak<CancellationToken>>>,
}

impl Runs {
    /// Adds a run. It stays in the list while the token lives.
    pub(crate) fn start(&self, flow: &str, chat: &str) -> Arc<CancellationToken> {
        let token = Arc::new(CancellationToken::new());
        let mut running = self.lock();
        running.retain(|_, token| token.strong_count() > 0);
        running.insert((flow.to_owned(), chat.to_owned()), Arc::downgrade(&token));
        token
    }

    /// Requests a run to stop. The flow decides whether it does.
    pub(crate) fn abort(&self, flow: &str, chat: &str) {
        let key = (flow.to_owned(), chat.to_owned());
        if let Some(token) = self.lock().get(&key).and_then(Weak::upgrade) {
            token.cancel();
        }
    }

    /// The number of unfinished runs.
    pub(crate) fn count(&self) -> usize {
        self.lock()
            .values()
            .filter(|token| token.strong_count() > 0)
            .count()
    }

    fn lock(
        &self,
    ) -> std::sync::MutexGuard<'_, HashMap<(String, String), Weak<CancellationToken>>> {
        self.running.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
