// The per-event path of a prediction. Everything here runs once a token, so it stays on one side of the boundary.

import { FrameDecoder, parsePayload } from './decoder.js'

// What the reply is made of, besides the text: the latest payload of each of these events.
const KEPT = new Set([
  'sourceDocuments', 'usedTools', 'calledTools', 'artifacts', 'fileAnnotations', 'agentReasoning', 'agentFlowExecutedData',
  'action', 'usageMetadata', 'metadata', 'error', 'abort', 'end',
])

// Parsed as soon as they come, whether or not anybody listens: of these, no later one takes the place of the one before.
const AT_ONCE = new Set(['token', 'thinking', 'error', 'abort', 'end'])

// A server that sends nothing but rubbish must not fill the memory.
const MOST_WARNINGS = 10
const MOST_RAW = 10_000

/** What the server has said of one prediction so far. */
export class Answer {
  chatId = ''
  text = ''
  thinking = ''
  warnings = []
  /** Signs of life: chunks, or Socket.IO events. */
  activity = 0
  /** The page's reader is slow, and nothing more is read: that is no silence of the server. */
  waits = false
  /** No later event counts. */
  ended = false
  #latest = new Map()
  // JSON text that nobody has wanted yet
  #unparsed = new Map()

  take(event, data) {
    if (event === 'token') {
      if (typeof data === 'string') this.text += data
    } else if (event === 'thinking') {
      if (typeof data === 'string') this.thinking += data
    } else if (KEPT.has(event)) {
      this.#unparsed.delete(event)
      this.#latest.set(event, data)
    }
  }

  keep(event, raw) {
    if (KEPT.has(event)) this.#unparsed.set(event, raw)
  }

  /** Notes that a message was left out. */
  warn(error) {
    if (error.raw?.length > MOST_RAW) error.raw = undefined
    if (this.warnings.length < MOST_WARNINGS) this.warnings.push(error)
  }

  get(event) {
    const raw = this.#unparsed.get(event)
    if (raw !== undefined) {
      this.#unparsed.delete(event)
      try {
        this.#latest.set(event, parsePayload(event, raw))
      } catch (error) {
        this.warn(error)
      }
    }
    return this.#latest.get(event)
  }

  has(event) {
    return this.#latest.has(event) || this.#unparsed.has(event)
  }
}

/** Throws what a listener threw where nobody catches it: it is the page's, and no reason to stop the answer. */
export const report = (error) =>
  queueMicrotask(() => {
    throw error
  })

// The decoder's sink: takes every event in, and hands on what is wanted.
class Delivery {
  #answer
  #sink

  constructor(answer, sink) {
    this.#answer = answer
    this.#sink = sink
  }

  text(event, text) {
    const answer = this.#answer
    if (event !== 'token' || answer.ended) return this.value(event, text)
    // nearly every event is one: what `value` does for it, without asking again what it is
    answer.text += text
    try {
      this.#sink.emit(event, text)
    } catch (error) {
      report(error)
    }
  }

  json(event, raw) {
    if (this.#answer.ended) return
    if (AT_ONCE.has(event) || this.#sink.wants(event)) this.value(event, parsePayload(event, raw))
    else this.#answer.keep(event, raw)
  }

  value(event, data, extra) {
    if (this.#answer.ended) return
    this.#answer.take(event, data)
    // "[DONE]", which Socket.IO servers do not send
    if (event === 'end' || event === 'abort') data = undefined
    if (event === 'end') this.#answer.ended = true
    try {
      this.#sink.emit(event, data, extra)
    } catch (error) {
      report(error)
    }
  }

  error(error) {
    this.#answer.warn(error)
  }
}

/** Reads an event stream to its end, or to the `end` event. */
export async function pump(body, answer, sink, maxMessageBytes, signal) {
  const reader = body.getReader()
  const decoder = new FrameDecoder(new Delivery(answer, sink), { maxMessageBytes })
  let wake
  const stop = () => {
    answer.ended = true
    reader.cancel().catch(() => {})
    wake?.()
  }
  signal.addEventListener('abort', stop)
  if (signal.aborted) stop()
  try {
    while (!answer.ended) {
      const { done, value } = await reader.read()
      if (done) break
      answer.activity++
      decoder.push(value)
      const backlog = sink.backlog?.()
      if (backlog) {
        answer.waits = true
        await new Promise((resolve) => {
          wake = resolve
          backlog.then(resolve)
        })
        answer.waits = false
      }
    }
  } catch (error) {
    // browsers do not say why a body was aborted
    throw signal.aborted ? signal.reason : error
  } finally {
    signal.removeEventListener('abort', stop)
    decoder.free()
    reader.cancel().catch(() => {})
  }
  await sink.settled?.()
  signal.throwIfAborted()
}

/** A listener for `onAny`: takes in what a Socket.IO server sends, and hands it on if a stream wants it. */
export const listener = (answer, sink) => (event, data) => {
  answer.activity++
  answer.take(event, data)
  sink?.emit(event, data)
}

/** Hands the events of a server-sent stream to the listeners of a socket. */
export const socketSink = (socket, transport) => ({
  wants: (event) => socket.hasListeners(event) || socket.listenersAny().length > 0,
  emit: (event, data, extra) => transport.deliver(socket.nsp, event, data, extra),
  // socket.io-client calls listeners in its next tick, which in Node comes after promises; bundlers see no `process` here
  settled() {
    const nextTick = globalThis.process?.nextTick
    return nextTick && new Promise((resolve) => nextTick(resolve))
  },
})
