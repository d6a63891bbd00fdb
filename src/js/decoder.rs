//! The decoder for `src/browser/decoder.js`: functions of numbers, and memory that JavaScript reads in place.
//!
//! A decoder has a control block, an array of words: see [`Word`]. JavaScript copies a chunk to the free space that the block names,
//! calls [`decoder_push`] with its length, and reads the batch at the addresses in the block. The low half of the result
//! is the number of entries; its other bit is [`MORE`].

#![expect(unreachable_pub, reason = "wasm-bindgen exports public functions only")]

use std::cell::RefCell;

use wasm_bindgen::prelude::*;

use crate::{
    batch::Batch,
    frame::EventKind,
    sse::{DEFAULT_MAX_MESSAGE_BYTES, Decoder},
};

/// The decoder has more: call [`decoder_push`] with 0 after this batch.
const MORE: u32 = 1 << 16;

/// Space that is always free for the next chunk: usually enough for what a browser's fetch delivers at once.
const ROOM: usize = 64 << 10;

/// The words of a control block.
#[derive(Clone, Copy)]
enum Word {
    /// The address of the batch's index.
    Index,
    /// The address of its ASCII text, and the length in bytes.
    Text,
    TextLength,
    /// The address of its UTF-16 text, and the length in units.
    Wide,
    WideLength,
    /// The address of the last entry's payload if it is large, and the length in bytes.
    Large,
    LargeLength,
    /// The address for the next chunk, and its maximum length.
    Room,
    RoomLength,
    Count,
}

struct Slot {
    decoder: Decoder,
    batch: Batch,
    block: Box<[u32; Word::Count as usize]>,
}

impl Slot {
    fn new(limit: usize) -> Self {
        let mut slot = Self {
            decoder: Decoder::with_max_message_bytes(limit),
            batch: Batch::new(),
            block: Box::default(),
        };
        slot.set(Word::Index, address(slot.batch.index()));
        slot.set(Word::Text, address(slot.batch.text()));
        slot.set(Word::Wide, address(slot.batch.wide()));
        slot.make_room(ROOM);
        slot
    }

    fn set(&mut self, word: Word, value: u32) {
        self.block[word as usize] = value;
    }

    fn make_room(&mut self, len: usize) {
        let room = self.decoder.spare(len);
        let (at, len) = (address(room), room.len() as u32);
        self.set(Word::Room, at);
        self.set(Word::RoomLength, len);
    }

    fn push(&mut self, len: usize) -> u32 {
        self.decoder.advance(len);
        let more = self.batch.fill(&mut self.decoder);
        let mut result = self.batch.index().len() as u32;
        self.set(Word::TextLength, self.batch.text().len() as u32);
        self.set(Word::WideLength, self.batch.wide().len() as u32);
        if let Some(large) = self.batch.large(&self.decoder) {
            let (at, len) = (address(large), large.len() as u32);
            self.set(Word::Large, at);
            self.set(Word::LargeLength, len);
        }
        if more {
            result |= MORE;
        } else {
            self.make_room(ROOM);
        }
        result
    }
}

/// The address of a slice in memory; an address of WebAssembly fits into 32 bits.
fn address<T>(slice: &[T]) -> u32 {
    slice.as_ptr() as usize as u32
}

thread_local! {
    static SLOTS: RefCell<Vec<Option<Slot>>> = const { RefCell::new(Vec::new()) };
}

/// An invalid handle from JavaScript returns `R::default()`, and does no harm.
#[inline]
fn with<R: Default>(handle: usize, act: impl FnOnce(&mut Slot) -> R) -> R {
    SLOTS.with_borrow_mut(|slots| match slots.get_mut(handle) {
        Some(Some(slot)) => act(slot),
        _ => R::default(),
    })
}

/// Makes a decoder with a limit for the bytes of one message; returns its handle.
#[wasm_bindgen]
pub fn decoder_new(limit: usize) -> usize {
    SLOTS.with_borrow_mut(|slots| {
        let free = slots.iter().position(Option::is_none).unwrap_or_else(|| {
            slots.push(None);
            slots.len() - 1
        });
        slots[free] = Some(Slot::new(limit));
        free
    })
}

/// The address of a decoder's control block.
#[wasm_bindgen]
pub fn decoder_block(handle: usize) -> u32 {
    with(handle, |slot| address(slot.block.as_slice()))
}

/// Makes space for a chunk of `len` bytes.
#[wasm_bindgen]
pub fn decoder_room(handle: usize, len: usize) {
    with(handle, |slot| slot.make_room(len));
}

/// Takes `len` bytes that JavaScript wrote to the free space, and fills the batch.
#[wasm_bindgen]
pub fn decoder_push(handle: usize, len: usize) -> u32 {
    with(handle, |slot| slot.push(len))
}

/// Ends the stream, and prepares for another; true if it ended within a message.
#[wasm_bindgen]
pub fn decoder_finish(handle: usize) -> bool {
    with(handle, |slot| {
        let cut_short = slot.decoder.is_mid_message();
        slot.decoder.reset();
        slot.make_room(ROOM);
        cut_short
    })
}

/// Frees a decoder.
#[wasm_bindgen]
pub fn decoder_free(handle: usize) {
    SLOTS.with_borrow_mut(|slots| {
        if let Some(slot) = slots.get_mut(handle) {
            *slot = None;
        }
    });
}

#[wasm_bindgen(module = "/src/browser/decoder.js")]
extern "C" {
    fn attach(exports: &JsValue, names: &str, max_message_bytes: usize);
}

#[wasm_bindgen(module = "/src/browser/memory.js")]
extern "C" {
    #[wasm_bindgen(js_name = attachMemory)]
    fn attach_memory(memory: &JsValue);
}

/// Passes `decoder.js` the objects that it works on. Call this before any other function of it.
pub(crate) fn attach_decoder() {
    let names: Vec<_> = EventKind::ALL.iter().map(|kind| kind.name()).collect();
    attach_memory(&wasm_bindgen::memory());
    attach(
        &wasm_bindgen::exports(),
        &names.join(","),
        DEFAULT_MAX_MESSAGE_BYTES,
    );
}
