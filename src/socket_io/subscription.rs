use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll};

use futures_core::Stream;

use super::listener::Listener;
use crate::queue::Queue;

/// What listeners hear, as a [`Stream`]. It does not end by itself: dropping it removes the listeners.
///
/// What comes faster than it is read waits, without a limit.
///
/// ```no_run
/// # async fn f(socket: flowise_stream::socket_io::Socket) {
/// use futures_util::StreamExt as _;
///
/// let mut news = socket.listen("news");
/// while let Some(event) = news.next().await {
///     show(event.data::<String>());
/// }
/// # }
/// # fn show<T>(_: T) {}
/// ```
#[must_use = "a stream does nothing unless it is polled"]
pub struct Subscription<T> {
    queue: Queue<T>,
    listeners: Vec<Listener>,
}

impl<T: 'static> Subscription<T> {
    pub(super) fn new<L>(listen: impl FnOnce(Box<dyn Fn(T)>) -> L) -> Self
    where
        L: IntoIterator<Item = Listener>,
    {
        let queue = Queue::new();
        let sender = queue.clone();
        let listeners = listen(Box::new(move |item| sender.push(item)));
        Self {
            queue,
            listeners: listeners.into_iter().collect(),
        }
    }

    pub(super) fn poll_item(&self, cx: &mut Context<'_>) -> Poll<T> {
        self.queue.poll(cx)
    }
}

impl<T> Stream for Subscription<T> {
    type Item = T;

    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<T>> {
        self.queue.poll(cx).map(Some)
    }
}

impl<T> fmt::Debug for Subscription<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Subscription")
            .field(&self.listeners)
            .finish()
    }
}
