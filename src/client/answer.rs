//! Collects what a server says about one prediction, with types.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::rc::Rc;
use std::task::{Context, Waker};

use crate::answer::Answer;
use crate::error::Error;
use crate::event::{Event, EventDecoder};
use crate::finish::FinishReason;
use crate::payload::Prediction;
use crate::run::{Outcome, Seen};

/// A limit on collected failures: a server that sends only malformed messages must not fill the memory.
const MOST_WARNINGS: usize = 10;

/// Clones are handles on the same answer.
#[derive(Clone, Debug)]
pub(super) struct Heard(Rc<RefCell<Inner>>);

#[derive(Debug)]
struct Inner {
    decoder: EventDecoder,
    answer: Answer,
    /// The reply as JSON text. It is parsed when it is needed.
    reply: Option<String>,
    ready: VecDeque<Event>,
    warnings: Vec<Error>,
    activity: u32,
    ended: bool,
    /// The program holds an event and has not asked for the next one.
    paused: bool,
    waker: Option<Waker>,
}

impl Heard {
    pub(super) fn new(most_bytes: Option<usize>) -> Self {
        Self(Rc::new(RefCell::new(Inner {
            decoder: most_bytes
                .map_or_else(EventDecoder::new, EventDecoder::with_max_message_bytes),
            answer: Answer::new(),
            reply: None,
            ready: VecDeque::new(),
            warnings: Vec::new(),
            activity: 0,
            ended: false,
            paused: false,
            waker: None,
        })))
    }

    /// The next event, if there is one.
    pub(super) fn next(&self) -> Option<Event> {
        self.0.borrow_mut().ready.pop_front()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.borrow().ready.is_empty()
    }

    /// Drops the events that the program has not taken.
    pub(super) fn clear(&self) {
        self.0.borrow_mut().ready.clear();
    }

    pub(super) fn set_paused(&self, paused: bool) {
        self.0.borrow_mut().paused = paused;
    }

    /// The task to wake when an event arrives over a socket.
    pub(super) fn wake_with(&self, cx: &Context<'_>) {
        self.0.borrow_mut().waker = Some(cx.waker().clone());
    }

    pub(super) fn warnings(&self) -> Vec<Error> {
        self.0.borrow().warnings.clone()
    }

    /// Takes a chunk of an event stream, which `copy` writes. Returns whether the answer has ended.
    pub(super) fn push(&self, len: usize, copy: impl FnOnce(&mut [u8])) -> bool {
        let mut inner = self.0.borrow_mut();
        inner.activity = inner.activity.wrapping_add(1);
        if let Some(room) = inner.decoder.spare(len).get_mut(..len) {
            copy(room);
        }
        inner.decoder.advance(len);
        inner.take_decoded(true);
        inner.ended
    }

    /// Takes an event of a Socket.IO server. Such a server sends `end` after each call of a model, so that event does not end the answer.
    pub(super) fn push_event(&self, name: &str, payload: &str) {
        let waker = {
            let mut inner = self.0.borrow_mut();
            inner.activity = inner.activity.wrapping_add(1);
            inner.decoder.push_event(name, payload);
            inner.take_decoded(false);
            inner.waker.take()
        };
        if let Some(waker) = waker {
            waker.wake();
        }
    }

    /// Takes the reply of a question, as JSON text.
    pub(super) fn reply(&self, text: String) {
        self.0.borrow_mut().reply = Some(text);
    }

    /// Takes the text from the history.
    pub(super) fn recover(&self, text: &str) {
        let mut inner = self.0.borrow_mut();
        inner.answer.apply(&Event::Token(text.to_owned()));
    }

    /// Delivers a text that did not arrive as events, and then the end.
    pub(super) fn say(&self) {
        let text = self.draft().text;
        let mut inner = self.0.borrow_mut();
        if inner.answer.text().is_empty() && !text.is_empty() {
            inner.ready.push_back(Event::Token(text));
        }
        inner.ready.push_back(Event::End);
    }

    /// The message of the server's `error` event.
    pub(super) fn error(&self) -> String {
        let inner = self.0.borrow();
        inner.answer.error().unwrap_or_default().to_owned()
    }

    pub(super) fn message_id(&self) -> String {
        self.draft().chat_message_id.unwrap_or_default()
    }

    /// What the machine needs to know about the answer.
    pub(super) fn seen(&self) -> Seen {
        let draft = self.draft();
        let inner = self.0.borrow();
        let is_heard =
            inner.reply.is_some() && is_all_of(&draft, &inner.answer.clone().into_prediction());
        let bits = [
            (draft.is_answer(), Seen::ANSWER),
            (inner.ended || inner.answer.is_complete(), Seen::END),
            (inner.answer.error().is_some(), Seen::ERROR),
            (inner.answer.is_aborted(), Seen::ABORT),
            (inner.paused, Seen::PAUSED),
            (is_heard, Seen::SAME_TEXT),
            (draft.chat_message_id.is_some(), Seen::MESSAGE_ID),
        ];
        let bits = bits.into_iter().filter(|(holds, _)| *holds);
        Seen::new(inner.activity, bits.fold(0, |all, (_, bit)| all | bit))
    }

    /// The whole answer.
    pub(super) fn whole(&self, outcome: &Outcome, chat_id: &str) -> Prediction {
        let mut prediction = self.draft();
        prediction.finish_reason = outcome.reason;
        prediction.streamed = outcome.streamed;
        if prediction.chat_id.is_empty() {
            chat_id.clone_into(&mut prediction.chat_id);
        }
        prediction
            .session_id
            .get_or_insert_with(|| outcome.session_id.clone());
        prediction
    }

    /// The part of an answer that has not ended.
    pub(super) fn unfinished(&self, chat_id: &str) -> Prediction {
        let mut prediction = self.draft();
        prediction.finish_reason = FinishReason::Interrupted;
        if prediction.chat_id.is_empty() {
            chat_id.clone_into(&mut prediction.chat_id);
        }
        prediction
    }

    fn draft(&self) -> Prediction {
        let inner = self.0.borrow();
        let mut answer = inner.answer.clone();
        if let Some(reply) = &inner.reply {
            // its failures were noted when it arrived
            let _ = answer.apply_reply_json(reply);
        }
        answer.into_prediction()
    }
}

impl Inner {
    /// Applies the events that the decoder found in the last bytes.
    fn take_decoded(&mut self, ends: bool) {
        while !self.ended {
            match self.decoder.next() {
                None => return,
                Some(Ok(event)) => {
                    self.answer.apply(&event);
                    self.ended = ends && event == Event::End;
                    if ends || event != Event::End {
                        self.ready.push_back(event);
                    }
                }
                Some(Err(error)) if self.warnings.len() < MOST_WARNINGS => {
                    self.warnings.push(error)
                }
                Some(Err(_)) => {}
            }
        }
    }
}

/// Whether events have brought all parts of an answer: its text, and each of its lists.
fn is_all_of(whole: &Prediction, heard: &Prediction) -> bool {
    let lists = [
        (whole.source_documents.len(), heard.source_documents.len()),
        (whole.used_tools.len(), heard.used_tools.len()),
        (whole.artifacts.len(), heard.artifacts.len()),
        (whole.file_annotations.len(), heard.file_annotations.len()),
        (whole.agent_reasoning.len(), heard.agent_reasoning.len()),
    ];
    let is_missing = |(whole, heard): (usize, usize)| whole > 0 && heard == 0;
    whole.text == heard.text && !lists.into_iter().any(is_missing)
}
