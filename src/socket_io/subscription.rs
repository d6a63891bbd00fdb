//! Events as a stream.

use std::fmt;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll};

use futures_core::{FusedStream, Stream};

use super::listener::Listener;
use super::owner::Source;
use crate::queue::Queue;

/// Events as a [`Stream`].
///
/// It ends when the page closes the source with [`Socket::disconnect`](super::Socket::disconnect) or
/// [`Manager::close`](super::Manager::close), after the events received before. It does not end when the connection is lost or
/// when the server closes it, since the connection may come back. Until the end it keeps the socket, as a [`Listener`] does.
/// Dropping it removes the listeners.
///
/// Events that arrive faster than they are read are queued, without a limit.
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
    /// `None` once the stream has ended.
    open: Option<Open>,
}

struct Open {
    source: Rc<dyn Source>,
    listeners: Vec<Listener>,
    /// Called when the page closes `source`.
    _wake: Rc<dyn Fn()>,
}

impl<T: 'static> Subscription<T> {
    pub(super) fn new<L>(source: Rc<dyn Source>, listen: impl FnOnce(Box<dyn Fn(T)>) -> L) -> Self
    where
        L: IntoIterator<Item = Listener>,
    {
        let queue = Queue::new();
        let (sender, reader) = (queue.clone(), queue.clone());
        let wake: Rc<dyn Fn()> = Rc::new(move || reader.wake());
        source.watch(&wake);
        let listeners = listen(Box::new(move |item| sender.push(item)));
        Self {
            queue,
            open: Some(Open {
                source,
                listeners: listeners.into_iter().collect(),
                _wake: wake,
            }),
        }
    }
}

impl<T> Stream for Subscription<T> {
    type Item = T;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<T>> {
        let Some(open) = &self.open else {
            return Poll::Ready(None);
        };
        match self.queue.poll(cx) {
            Poll::Pending if open.source.is_closed() => {
                self.open = None;
                Poll::Ready(None)
            }
            polled => polled.map(Some),
        }
    }
}

impl<T> FusedStream for Subscription<T> {
    fn is_terminated(&self) -> bool {
        self.open.is_none()
    }
}

impl<T> fmt::Debug for Subscription<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let listeners = self.open.as_ref().map(|open| &open.listeners);
        f.debug_tuple("Subscription").field(&listeners).finish()
    }
}
