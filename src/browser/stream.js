// The stream of a prediction: one object to iterate over, to listen to, or to await.

import { guarded } from './report.js'

// How many events wait for a slow reader before reading of the response pauses.
const HIGH_WATER_MARK = 256

const DONE = Object.freeze({ value: undefined, done: true })

/**
 * The events of one prediction, to iterate over, to listen to, or to await: the object for the page, and the audience that the
 * events are emitted to. The state is in closures, since a page may look at the object through a `Proxy`, such as Vue's.
 */
export function predictionStream(run) {
  const queue = []
  const listeners = new Map()
  const anyListeners = new Map()
  const waiting = []
  // a loop, or one of the ReadableStreams, takes the events
  let reading = false
  // without iteration, no event has to wait or be kept
  let flowing = false
  let closed = false
  let failure
  let drained
  let stopped
  let settle
  const result = new Promise((resolve) => (settle = resolve))

  const drain = () => {
    drained?.()
    drained = undefined
  }

  const flow = () => {
    flowing = true
    if (!reading) drain()
  }

  const stop = () => (stopped ??= run()?.abort() ?? Promise.resolve({ reached: false }))

  const tell = (some, ...args) => {
    for (const listener of some.values()) listener(...args)
  }

  const next = () => {
    if (queue.length > 0) {
      const value = queue.shift()
      if (drained && queue.length === 0) drain()
      return Promise.resolve({ value, done: false })
    }
    if (!reading) return Promise.resolve(DONE)
    if (failure) {
      const { error } = failure
      failure = undefined
      return Promise.reject(error)
    }
    if (closed) return Promise.resolve(DONE)
    return new Promise((resolve, reject) => waiting.push({ resolve, reject }))
  }

  const iterate = () => {
    if (reading) throw new TypeError('the stream is already being read: use one loop or one of its ReadableStreams')
    reading = true
    // the loop throws the reason that the result rejects with
    result.catch(() => {})
    return {
      next,
      async return() {
        if (!closed) stop()
        reading = false
        flow()
        queue.length = 0
        return DONE
      },
      [Symbol.asyncIterator]() {
        return this
      },
    }
  }

  const readable = (take) => {
    const events = iterate()
    const stream = new ReadableStream(
      {
        async pull(controller) {
          while (controller.desiredSize > 0) {
            const { value, done } = await events.next()
            if (done) return controller.close()
            take(value, controller)
          }
        },
        cancel: () => events.return(),
      },
      { highWaterMark: 1 },
    )
    return iterable(stream)
  }

  const audience = {
    wants: (event) => reading || !flowing || listeners.has(event) || anyListeners.size > 0,
    emit(event, data, extra) {
      const some = listeners.get(event)
      if (some) tell(some, data, extra)
      if (anyListeners.size > 0) tell(anyListeners, event, data, extra)
      if (flowing && !reading) return
      const item = extra ? { event, data, ...extra } : { event, data }
      if (waiting.length > 0) waiting.shift().resolve({ value: item, done: false })
      else queue.push(item)
    },
    /** If the reader is slow: a promise to await before reading on. */
    backlog() {
      if (queue.length < HIGH_WATER_MARK || (flowing && !reading)) return
      return new Promise((resolve) => (drained = resolve))
    },
  }

  const close = (ended) => {
    closed = true
    const first = ended && waiting.shift()
    if (first) first.reject(ended.error)
    else failure = ended
    for (const { resolve } of waiting.splice(0)) resolve(DONE)
    drain()
  }

  const stream = {
    get chatId() {
      return run()?.answer.chatId ?? ''
    },
    get warnings() {
      return [...(run()?.answer.warnings ?? [])]
    },
    get result() {
      flow()
      return result
    },
    get text() {
      return stream.result.then(({ text }) => text)
    },
    get textStream() {
      return readable(({ event, data }, controller) => event === 'token' && controller.enqueue(data))
    },
    toReadableStream: () => readable((item, controller) => controller.enqueue(item)),
    on(event, listener) {
      if (!listeners.has(event)) listeners.set(event, new Map())
      listeners.get(event).set(listener, guarded(listener))
      flow()
      return this
    },
    off(event, listener) {
      listeners.get(event)?.delete(listener)
      return this
    },
    onAny(listener) {
      anyListeners.set(listener, guarded(listener))
      flow()
      return this
    },
    offAny(listener) {
      anyListeners.delete(listener)
      return this
    },
    abort: stop,
    [Symbol.asyncIterator]: iterate,
  }

  return {
    stream,
    audience,
    /** Settles like this promise. */
    follow(prediction) {
      settle(prediction)
      prediction.then(
        () => close(),
        (error) => close({ error }),
      )
    },
  }
}

// Safari's ReadableStreams cannot be iterated over.
// https://streams.spec.whatwg.org/#rs-asynciterator
function iterable(stream) {
  if (Symbol.asyncIterator in stream) return stream
  async function* values({ preventCancel = false } = {}) {
    const reader = stream.getReader()
    let isOver = false
    try {
      for (;;) {
        const { done, value } = await reader.read().catch((error) => {
          isOver = true
          throw error
        })
        if (done) {
          isOver = true
          return
        }
        yield value
      }
    } finally {
      if (!isOver && !preventCancel) reader.cancel().catch(() => {})
      reader.releaseLock()
    }
  }
  return Object.defineProperties(stream, { values: { value: values }, [Symbol.asyncIterator]: { value: values } })
}
