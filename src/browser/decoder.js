// The event stream decoder. WebAssembly does the work; one call of it takes a chunk and leaves a batch of events in memory,
// see src/batch.rs and src/js/decoder.rs. Here strings are made of it, and every event is handed on.
//
// `FrameDecoder` is for the delivery of a prediction's events: one call of a sink's method for each event.
//
//   new FrameDecoder(sink, { maxMessageBytes })     sink: an object with all of these methods
//     sink.text(event, text)           an event whose payload is a string
//     sink.json(event, raw)            an event with another payload, as JSON text: `parsePayload(event, raw)` if it is wanted
//     sink.value(event, value, extra)  an event that had to be parsed to be known; `extra`: further members, if any
//     sink.error(error)                a message that is left out: FlowiseError, `decode` or `message-too-long`
//   decoder.push(chunk)   decoder.finish()   decoder.free()
//
// A sink may throw: the other events of the chunk are delivered all the same, and `push` throws the first exception at its
// end. A sink may call `push` (the chunk is copied, and decoded after the one at hand), and `free` (nothing more is
// delivered) from inside.

import { FlowiseError } from './error.js'

// The bits of a result and the words of a control block: see src/js/decoder.rs
const COUNT = 0xffff
const MORE = 1 << 16
const NOT_ASCII = 1 << 17
const LARGE = 1 << 18
const INDEX = 0
const TEXT = 1
const TEXT_LENGTH = 2
const LARGE_AT = 3
const LARGE_LENGTH = 4
const ROOM = 5
const ROOM_LENGTH = 6

// The forms of an entry: see src/batch/entry.rs
const FORM = 3
const LARGE_ENTRY = 4
const TEXT_FORM = 0
const JSON_FORM = 1
const OTHER_FORM = 2

// A longer chunk is taken in pieces, so that WebAssembly's memory does not grow to hold it.
const PIECE = 256 << 10
// How much of a large payload is decoded at once.
const LARGE_PIECE = 64 << 10
// Up to this length a string of ASCII is made faster by hand than by a TextDecoder.
const SHORT = 24

let wasm, memory, names, defaultMaxMessageBytes
let bytes = new Uint8Array(0)
let words = new Uint32Array(0)

/** Called by WebAssembly once it is there. */
export function attach(exports, itsMemory, itsNames, maxMessageBytes) {
  wasm = exports
  memory = itsMemory
  names = itsNames.split(',')
  defaultMaxMessageBytes = maxMessageBytes
  view()
}

// Views die whenever the memory grows.
function view() {
  bytes = new Uint8Array(memory.buffer)
  words = new Uint32Array(memory.buffer)
}

// `ignoreBOM`: what looks like a byte order mark in the middle of a stream is a character.
const utf8 = new TextDecoder('utf-8', { ignoreBOM: true })
const largeUtf8 = new TextDecoder('utf-8', { ignoreBOM: true })

const forgotten = new FinalizationRegistry((handle) => wasm.decoder_free(handle))

const decodeError = (code, message, raw, cause) => {
  const error = new FlowiseError(message, code, undefined, cause)
  error.raw = raw
  return error
}

const malformed = (raw, cause) =>
  decodeError('decode', 'A message of the event stream is not valid JSON: the text is in `raw`. The stream goes on.', raw, cause)

/** Parses the payload of an event that a sink got as JSON text. */
export function parsePayload(event, raw) {
  try {
    return JSON.parse(raw)
  } catch (cause) {
    throw malformed(`{"event":${JSON.stringify(event)},"data":${raw}}`, cause)
  }
}

// A TextDecoder is several times slower with much text at once than with the same text in pieces.
function largeString(at, length) {
  let string = ''
  for (const end = at + length; at < end; at += LARGE_PIECE) {
    string += largeUtf8.decode(bytes.subarray(at, Math.min(at + LARGE_PIECE, end)), { stream: true })
  }
  return string + largeUtf8.decode()
}

function shortString(at, length) {
  let string = ''
  for (const end = at + length; at < end; at++) string += String.fromCharCode(bytes[at])
  return string
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
    if (this.#freed) throw new Error('The decoder was freed.')
    if (this.#busy) {
      ;(this.#waiting ??= []).push(chunk.slice())
      return
    }
    this.#busy = true
    let thrown
    try {
      thrown = this.#take(chunk)
      while (this.#waiting?.length) thrown = this.#take(this.#waiting.shift()) ?? thrown
    } finally {
      this.#busy = false
      if (this.#freed) this.#release()
    }
    if (thrown) throw thrown.exception
  }

  /** Ends the stream: a message that is not complete is dropped, as the standard has it; says whether there was one. */
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
      for (let at = 0; at < chunk.length; at += PIECE) {
        thrown ??= this.#take(chunk.subarray(at, at + PIECE))
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
      if ((result & COUNT) !== 0) thrown ??= this.#deliver(result)
      if ((result & MORE) === 0) break
      result = wasm.decoder_push(this.#handle, 0)
    }
    return thrown
  }

  // Delivers a batch; gives the first exception of a sink.
  #deliver(result) {
    const sink = this.#sink
    const at = words[this.#block + TEXT]
    const length = words[this.#block + TEXT_LENGTH]
    const text =
      length <= SHORT && (result & NOT_ASCII) === 0
        ? shortString(at, length)
        : utf8.decode(bytes.subarray(at, at + length))
    let entry = words[this.#block + INDEX] >>> 2
    if ((result & COUNT) === 1 && (words[entry] & ~0xff00) === TEXT_FORM) {
      try {
        return void sink.text(names[words[entry] >>> 8], text)
      } catch (exception) {
        return { exception }
      }
    }
    let thrown
    let start = 0
    for (const last = entry + 2 * (result & COUNT); entry < last && !this.#freed; entry += 2) {
      // a listener may have made the memory grow
      if (words.length === 0) view()
      const word = words[entry]
      const end = words[entry + 1]
      try {
        if ((word & ~0xff00) === TEXT_FORM) {
          sink.text(names[word >>> 8], text.substring(start, end))
        } else {
          this.#deliverOther(word, text.substring(start, end))
        }
      } catch (exception) {
        thrown ??= { exception }
      }
      start = end
    }
    return thrown
  }

  // Delivers an event whose payload is no string, or large, or whose name comes with it.
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
      else if (form === OTHER_FORM) this.#deliverWhole(event, payload)
      else throw this.#tooLong()
    } catch (error) {
      if (!(error instanceof FlowiseError && 'raw' in error)) throw error
      sink.error(error)
    }
  }

  // Delivers a message that is no frame in the form that servers usually write.
  #deliverWhole(eventType, raw) {
    let frame
    try {
      frame = JSON.parse(raw)
    } catch (cause) {
      throw malformed(raw, cause)
    }
    if (frame !== null && typeof frame === 'object' && Object.hasOwn(frame, 'event') && typeof frame.event === 'string') {
      const { event, data, ...extra } = frame
      for (const _ in extra) return this.#sink.value(event, data, extra)
      return this.#sink.value(event, data, undefined)
    }
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
 * Decodes an event stream, for whoever owns the fetch: `onEvent(event, data, extra)` is called for every event.
 *
 * `data` is the string or the parsed JSON value; `extra` is an object of the frame's further members, if there are any.
 * `onError(error)` gets a FlowiseError for each message that is left out, since it is malformed (`decode`, with the text
 * in `raw`) or too long (`message-too-long`); without it, that is written to the console.
 */
export class EventStreamDecoder extends FrameDecoder {
  constructor(onEvent, { maxMessageBytes, onError } = {}) {
    super(
      {
        text: onEvent,
        json: (event, raw) => onEvent(event, parsePayload(event, raw)),
        value: onEvent,
        error: onError ?? ((error) => console.error(error)),
      },
      { maxMessageBytes },
    )
  }
}
