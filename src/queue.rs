//! A queue with one asynchronous reader.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::rc::Rc;
use std::task::{Context, Poll, Waker};

/// Clones are handles on the same queue.
#[derive(Debug)]
pub(crate) struct Queue<T>(Rc<RefCell<Inner<T>>>);

#[derive(Debug)]
struct Inner<T> {
    items: VecDeque<T>,
    reader: Option<Waker>,
}

impl<T> Queue<T> {
    pub(crate) fn new() -> Self {
        Self(Rc::new(RefCell::new(Inner {
            items: VecDeque::new(),
            reader: None,
        })))
    }

    pub(crate) fn push(&self, item: T) {
        self.0.borrow_mut().items.push_back(item);
        self.wake();
    }

    /// Wakes the reader.
    pub(crate) fn wake(&self) {
        let reader = self.0.borrow_mut().reader.take();
        if let Some(reader) = reader {
            reader.wake();
        }
    }

    /// Waits for the next item.
    pub(crate) fn poll(&self, cx: &mut Context<'_>) -> Poll<T> {
        let mut inner = self.0.borrow_mut();
        match inner.items.pop_front() {
            Some(item) => Poll::Ready(item),
            None => {
                inner.reader = Some(cx.waker().clone());
                Poll::Pending
            }
        }
    }
}

impl<T> Clone for Queue<T> {
    fn clone(&self) -> Self {
        Self(Rc::clone(&self.0))
    }
}
