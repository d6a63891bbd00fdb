// The per-event path of a prediction. Everything here runs once a token, so it stays on one side of the boundary.

import { FrameDecoder, parsePayload } from './decoder.js'
import { report } from './report.js'

// Parsed on arrival, even without a listener: a later event of these does not replace an earlier one.
const AT_ONCE = new Set(['token', 'thinking', 'error', 'abort', 'end'])

/** The audience of a question without listeners. */
export const NOBODY = { wants: () => false, emit() {} }

// The decoder's sink: applies every event to the answer, and passes on to the audience what it wants to hear.
class Delivery {
  constructor(answer, audience) {
    this.answer = answer
    this.audience = audience
  }

  text(event, text) {
    const { answer } = this
    if (event !== 'token' || answer.ended) return this.value(event, text)
    // nearly every event is a token: this does what `value` would do, without checking the event again
    answer.text += text
    try {
      this.audience.emit(event, text)
    } catch (error) {
      report(error)
    }
  }

  json(event, raw) {
    if (this.answer.ended) return
    if (AT_ONCE.has(event) || this.audience.wants(event)) this.value(event, parsePayload(event, raw))
    else this.answer.keep(event, raw)
  }

  value(event, data, extra) {
    const { answer } = this
    if (answer.ended) return
    answer.take(event, data)
    // "[DONE]", which Socket.IO servers do not send
    if (event === 'end' || event === 'abort') data = undefined
    if (event === 'end') answer.ended = true
    try {
      this.audience.emit(event, data, extra)
    } catch (error) {
      report(error)
    }
  }

  error(error) {
    this.answer.warn(error)
  }
}

/** Reads the event stream of a response to its end, or to the `end` event. An aborted signal ends it, too. */
export async function pump(response, answer, audience, maxMessageBytes, signal) {
  const reader = readerOf(response)
  const decoder = new FrameDecoder(new Delivery(answer, audience), { maxMessageBytes })
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
      const backlog = audience.backlog?.()
      if (backlog) {
        answer.paused = true
        await new Promise((resolve) => {
          wake = resolve
          backlog.then(resolve)
        })
        answer.paused = false
      }
    }
  } finally {
    signal.removeEventListener('abort', stop)
    decoder.free()
    reader.cancel().catch(() => {})
  }
  await audience.settled?.()
}

// A `fetch` of the page's own may return a response without a stream: React Native's, and old mocks. It is read whole.
function readerOf(response) {
  if (response.body?.getReader) return response.body.getReader()
  let read
  return {
    async read() {
      if (read) return { done: true }
      read = true
      return { value: new TextEncoder().encode(await response.text()) }
    },
    async cancel() {},
  }
}

/** A listener for `onAny`: applies what a Socket.IO server sends, and passes it on if a stream listens. */
export const listener = (answer, audience) => (event, data) => {
  answer.activity++
  answer.take(event, data)
  // a Socket.IO server sends `end` after each call of a model, so it does not end the answer
  if (event !== 'end') audience.emit(event, data)
}
