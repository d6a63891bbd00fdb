import { report } from './delivery.js'

// How many events wait for a slow reader before no more of the response is read.
const HIGH_WATER_MARK = 256

const DONE = Object.freeze({ value: undefined, done: true })

/** The events of one prediction, to be iterated over, listened to, or only awaited. */
export class PredictionStream {
  #queue = []
  #listeners = new Map()
  #anyListeners = new Set()
  #answer
  #reading = false
  #flowing = false
  #closed = false
  #failure
  #waiting = []
  #drained
  #abort
  #stopped
  #result
  #settle

  /**
   * `answer` is what the server has said so far; `abort` tells the client and the server to stop, and promises what became of
   * that: there is none if nothing was begun.
   */
  constructor(answer, abort) {
    this.#answer = answer
    this.#abort = abort
    this.#result = new Promise((resolve) => (this.#settle = resolve))
  }

  get chatId() {
    return this.#answer.chatId
  }

  get warnings() {
    return [...this.#answer.warnings]
  }

  get result() {
    this.#flow()
    return this.#result
  }

  get text() {
    return this.result.then(({ text }) => text)
  }

  get textStream() {
    return this.#readable(({ event, data }, controller) => event === 'token' && controller.enqueue(data))
  }

  toReadableStream() {
    return this.#readable((item, controller) => controller.enqueue(item))
  }

  on(event, listener) {
    const listeners = this.#listeners.get(event)
    if (listeners) listeners.add(listener)
    else this.#listeners.set(event, new Set([listener]))
    this.#flow()
    return this
  }

  onAny(listener) {
    this.#anyListeners.add(listener)
    this.#flow()
    return this
  }

  offAny(listener) {
    this.#anyListeners.delete(listener)
    return this
  }

  off(event, listener) {
    this.#listeners.get(event)?.delete(listener)
    return this
  }

  abort() {
    return (this.#stopped ??= this.#abort?.() ?? Promise.resolve({ reached: false }))
  }

  [Symbol.asyncIterator]() {
    if (this.#reading) throw new TypeError('the stream is already being read: use one loop or one of its ReadableStreams')
    this.#reading = true
    // the loop throws what the result rejects with
    this.#result.catch(() => {})
    return {
      next: () => this.#next(),
      return: async () => {
        if (!this.#closed) this.abort()
        this.#reading = false
        this.#flow()
        this.#queue.length = 0
        return DONE
      },
      [Symbol.asyncIterator]() {
        return this
      },
    }
  }

  // What follows is for the delivery loop.

  wants(event) {
    return this.#reading || !this.#flowing || this.#listeners.has(event) || this.#anyListeners.size > 0
  }

  emit(event, data, extra) {
    const listeners = this.#listeners.get(event)
    if (listeners) this.#tell(listeners, data, extra)
    if (this.#anyListeners.size > 0) this.#tell(this.#anyListeners, event, data, extra)
    if (this.#flowing && !this.#reading) return
    const item = extra ? { event, data, ...extra } : { event, data }
    if (this.#waiting.length > 0) this.#waiting.shift().resolve({ value: item, done: false })
    else this.#queue.push(item)
  }

  /** A promise to wait for before more is read, if the reader is slow. */
  backlog() {
    if (this.#queue.length < HIGH_WATER_MARK || (this.#flowing && !this.#reading)) return
    return new Promise((resolve) => (this.#drained = resolve))
  }

  /** Ends as this promise does. */
  follow(prediction) {
    this.#settle(prediction)
    prediction.then(
      () => this.#close(),
      (error) => this.#close({ error }),
    )
  }

  #close(failure) {
    this.#closed = true
    const first = failure && this.#waiting.shift()
    if (first) first.reject(failure.error)
    else this.#failure = failure
    for (const { resolve } of this.#waiting.splice(0)) resolve(DONE)
    this.#drain()
  }

  #tell(listeners, ...args) {
    for (const listener of listeners) {
      try {
        listener(...args)
      } catch (error) {
        report(error)
      }
    }
  }

  // Nobody iterates, so nothing has to wait or to be kept.
  #flow() {
    this.#flowing = true
    if (!this.#reading) this.#drain()
  }

  #drain() {
    this.#drained?.()
    this.#drained = undefined
  }

  #next() {
    if (this.#queue.length > 0) {
      const value = this.#queue.shift()
      if (this.#drained && this.#queue.length === 0) this.#drain()
      return Promise.resolve({ value, done: false })
    }
    if (!this.#reading) return Promise.resolve(DONE)
    if (this.#failure) {
      const { error } = this.#failure
      this.#failure = undefined
      return Promise.reject(error)
    }
    if (this.#closed) return Promise.resolve(DONE)
    return new Promise((resolve, reject) => this.#waiting.push({ resolve, reject }))
  }

  #readable(take) {
    const events = this[Symbol.asyncIterator]()
    return new ReadableStream(
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
  }
}
