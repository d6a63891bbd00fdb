// The event stream decoder. WebAssembly does the work; one call of it takes a chunk and leaves a batch of events in memory,
// see src/batch.rs and src/js/decoder.rs. This file makes strings of the batch, and passes every event on.
//
// `FrameDecoder` delivers the events of a prediction: it calls a method of the sink for each event.
//
//   new FrameDecoder(sink, { maxMessageBytes })     sink: an object with all of these methods
//     sink.text(event, text)           an event whose payload is a string
//     sink.json(event, raw)            an event with another payload, as JSON text: `parsePayload(event, raw)` parses it
//     sink.value(event, value, extra)  an event that the decoder had to parse; `extra`: further members, if any
//     sink.error(error)                a skipped message: FlowiseError, `decode` or `message-too-long`
//   decoder.push(chunk)   decoder.finish()   decoder.free()
//
// A sink may throw: the other events of the chunk are still delivered, and `push` throws the first exception at its
// end. A sink may call `push` (the chunk is copied, and decoded after the current one), and `free` (nothing more is
// delivered) from inside.

import { FlowiseError } from './error.js'
import { asciiString, bytes, largeString, manyWide, view, wideSlice, wideString, words } from './memory.js'

// The bits of a result and the words of a control block: see src/js/decoder.rs
const COUNT = 0xffff
const MORE = 1 << 16
const INDEX = 0
const TEXT = 1
const TEXT_LENGTH = 2
const WIDE = 3
const WIDE_LENGTH = 4
const LARGE_AT = 5
const LARGE_LENGTH = 6
const ROOM = 7
const ROOM_LENGTH = 8

// The bits of an entry: see src/batch/entry.rs
const FORM = 3
const LARGE_ENTRY = 4
const WIDE_ENTRY = 8
const TEXT_FORM = 0
const JSON_FORM = 1
const OTHER_FORM = 2
const PLAIN = 4
const SCALAR_PLAIN = 2
const ALWAYS_PLAIN = 3
const ALL_BUT_KIND = ~0xff00

// A longer chunk is processed in pieces, so that WebAssembly's memory does not grow to hold it.
const PIECE = 256 << 10

// Whether an entry is a text with a known name, as most are.
const isText = (word) => (word & ALL_BUT_KIND & ~WIDE_ENTRY) === TEXT_FORM

let wasm, names, defaultMaxMessageBytes

/** WebAssembly calls this when it has loaded. */
export function attach(exports, itsNames, maxMessageBytes) {
  wasm = exports
  names = itsNames.split(',')
  defaultMaxMessageBytes = maxMessageBytes
}

const INNER = Symbol('decoder')

const forgotten = new FinalizationRegistry((handle) => wasm.decoder_free(handle))

const decodeError = (code, message, raw, cause) => {
  const error = new FlowiseError(message, code, undefined, cause)
  error.raw = raw
  return error
}

const malformed = (raw, cause) =>
  decodeError('decode', 'A message of the event stream is not valid JSON: the text is in `raw`. The stream goes on.', raw, cause)

// Events whose meaning does not depend on the payload.
const SIGNALS = new Set(['end', 'abort', 'tts_abort'])

/** Parses the payload of an event that a sink received as JSON text. */
export function parsePayload(event, raw) {
  try {
    return JSON.parse(raw)
  } catch (cause) {
    if (SIGNALS.has(event)) return raw
    throw malformed(`{"event":${JSON.stringify(event)},"data":${raw}}`, cause)
  }
}

export class FrameDecoder {
  #sink
  #handle
  #block
  #maxMessageBytes
  #busy = false
  #freed = false
  #waiting

  constructor(sink, { maxMessageBytes = defaultMaxMessageBytes } = {}) {
    if (!wasm) throw new Error('The WebAssembly module is not there yet.')
    this.#sink = sink
    this.#maxMessageBytes = maxMessageBytes
    this.#handle = wasm.decoder_new(Math.min(maxMessageBytes, 2 ** 31))
    this.#block = wasm.decoder_block(this.#handle) >>> 2
    forgotten.register(this, this.#handle, this)
  }

  push(chunk) {
    // the second test is slower, and detects bytes of another realm
    if (!(chunk instanceof Uint8Array) && !(ArrayBuffer.isView(chunk) && chunk.BYTES_PER_ELEMENT === 1)) {
      throw new TypeError('push() takes the bytes of an event stream: a Uint8Array.')
    }
    if (this.#freed) throw new Error('The decoder was freed.')
    if (this.#busy) {
      ;(this.#waiting ??= []).push(chunk.slice())
      return
    }
    this.#busy = true
    let thrown
    try {
      thrown = this.#take(chunk)
      while (this.#waiting?.length && !this.#freed) {
        const latest = this.#take(this.#waiting.shift())
        thrown ??= latest
      }
    } finally {
      this.#busy = false
      if (this.#freed) this.#release()
    }
    if (thrown) throw thrown.exception
  }

  /** Ends the stream: drops an incomplete message, as the standard requires, and returns whether there was one. */
  finish() {
    if (this.#freed) return false
    if (this.#busy) throw new Error('finish() was called by a listener of the decoder.')
    return wasm.decoder_finish(this.#handle) !== 0
  }

  free() {
    if (this.#freed) return
    this.#freed = true
    if (!this.#busy) this.#release()
  }

  #release() {
    forgotten.unregister(this)
    wasm.decoder_free(this.#handle)
  }

  #take(chunk) {
    let thrown
    if (chunk.length > PIECE) {
      for (let at = 0; at < chunk.length && !this.#freed; at += PIECE) {
        const latest = this.#take(chunk.subarray(at, at + PIECE))
        thrown ??= latest
      }
      return thrown
    }
    const length = chunk.length
    if (words.length === 0) view()
    if (length > words[this.#block + ROOM_LENGTH]) {
      wasm.decoder_room(this.#handle, length)
      if (words.length === 0) view()
    }
    bytes.set(chunk, words[this.#block + ROOM])
    let result = wasm.decoder_push(this.#handle, length)
    while (result !== 0 && !this.#freed) {
      if (words.length === 0) view()
      if ((result & COUNT) !== 0) {
        const latest = this.#deliver(result)
        thrown ??= latest
      }
      if ((result & MORE) === 0) break
      result = wasm.decoder_push(this.#handle, 0)
    }
    return thrown
  }

  // Delivers a batch; returns the first exception of a sink. JavaScriptCore compiles a function without the paths that have not been taken yet, and
  // runs all of it unoptimised for a long time once one is. So what a stream may need late is a function of its own.
  #deliver(result) {
    const count = result & COUNT
    const entry = words[this.#block + INDEX] >>> 2
    return count === 1 && isText(words[entry]) ? this.#deliverText(words[entry]) : this.#deliverAll(entry, entry + 2 * count)
  }

  // Delivers the only event of a batch, a text.
  #deliverText(word) {
    const at = this.#block
    const string = (word & WIDE_ENTRY) === 0 ? asciiString(words[at + TEXT], words[at + TEXT_LENGTH]) : wideString(words[at + WIDE], words[at + WIDE_LENGTH])
    try {
      this.#sink.text(names[word >>> 8], string)
    } catch (exception) {
      return { exception }
    }
  }

  // Delivers the events of several entries of the index.
  #deliverAll(entry, last) {
    const sink = this.#sink
    const block = this.#block
    const text = asciiString(words[block + TEXT], words[block + TEXT_LENGTH])
    const wideAt = words[block + WIDE]
    const wide = manyWide(wideAt, words[block + WIDE_LENGTH])
    let thrown
    let start = 0
    let wideStart = 0
    for (; entry < last && !this.#freed; entry += 2) {
      // the memory may have grown in a listener
      if (words.length === 0) view()
      const word = words[entry]
      const end = words[entry + 1]
      let string
      if ((word & WIDE_ENTRY) === 0) {
        string = text.slice(start, end)
        start = end
      } else {
        string = wideSlice(wide, wideAt, wideStart, end)
        wideStart = end
      }
      try {
        if (isText(word)) sink.text(names[word >>> 8], string)
        else this.#deliverOther(word, string)
      } catch (exception) {
        thrown ??= { exception }
      }
    }
    return thrown
  }

  // Delivers an event whose payload is not a string, or is large, or whose name is in the text.
  #deliverOther(word, text) {
    const sink = this.#sink
    const form = word & FORM
    const nameLength = word >>> 16
    const event = nameLength === 0 ? names[(word >>> 8) & 0xff] : text.substring(0, nameLength)
    let payload = nameLength === 0 ? text : text.substring(nameLength)
    if ((word & LARGE_ENTRY) !== 0) {
      const at = words[this.#block + LARGE_AT]
      payload = largeString(at, words[this.#block + LARGE_LENGTH])
    }
    try {
      if (form === TEXT_FORM) sink.text(event, payload)
      else if (form === JSON_FORM) sink.json(event, payload)
      else if (form === OTHER_FORM) this.#deliverWhole(event, payload, (word >>> PLAIN) & 3)
      else throw this.#tooLong()
    } catch (error) {
      if (!(error instanceof FlowiseError && 'raw' in error)) throw error
      sink.error(error)
    }
  }

  // Delivers a message that is not a frame in the form that servers usually write; `plain`: see src/frame/plain.rs
  #deliverWhole(eventType, raw, plain) {
    let frame
    try {
      frame = JSON.parse(raw)
    } catch (cause) {
      if (plain === 0) throw malformed(raw, cause)
      return this.#sink.text(eventType, raw)
    }
    const isObject = typeof frame === 'object' && frame !== null
    if (isObject && Object.hasOwn(frame, 'event') && typeof frame.event === 'string') {
      const { event, data, ...extra } = frame
      for (const _ in extra) return this.#sink.value(event, data, extra)
      return this.#sink.value(event, data, undefined)
    }
    const isText = plain === ALWAYS_PLAIN || (plain === SCALAR_PLAIN && !isObject)
    if (isText && typeof frame !== 'string') return this.#sink.text(eventType, raw)
    this.#sink.value(eventType || 'message', frame, undefined)
  }

  #tooLong() {
    return decodeError(
      'message-too-long',
      `A message of the event stream is longer than ${this.#maxMessageBytes} bytes: raise maxMessageBytes if such messages are expected. The stream goes on.`,
      undefined,
    )
  }
}

/**
 * Decodes an event stream, for code that owns its fetch: calls `onEvent(event, data, extra)` for every event.
 *
 * `data` is the string or the parsed JSON value; `extra` is an object with the frame's further members, if there are any.
 * `onError(error)` receives a FlowiseError for each skipped message: a malformed one (`decode`, with its text in
 * `raw`) or one that is too long (`message-too-long`). Without `onError`, errors are written to the console.
 */
export class EventStreamDecoder {
  constructor(onEvent, { maxMessageBytes, onError } = {}) {
    const decoder = new FrameDecoder(
      {
        text: onEvent,
        json: (event, raw) => onEvent(event, parsePayload(event, raw)),
        value: onEvent,
        error: onError ?? ((error) => console.error(error)),
      },
      { maxMessageBytes },
    )
    // A function, because a Proxy around this object (Vue's `reactive`) wraps the objects inside it, but not functions.
    Object.defineProperty(this, INNER, { value: () => decoder })
  }

  push(chunk) {
    this[INNER]().push(chunk)
  }

  finish() {
    return this[INNER]().finish()
  }

  free() {
    this[INNER]().free()
  }
}
