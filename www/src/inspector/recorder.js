import { oncePerFrame } from '../chat/frame.js'

// An answer of a hundred thousand tokens must not fill the memory of a page that nobody inspects.
const MOST_ENTRIES = 20_000

const encoder = new TextEncoder()

const sizeOf = (data) => (data === undefined ? 0 : encoder.encode(typeof data === 'string' ? data : JSON.stringify(data)).length)

/**
 * Notes all that happens: what was asked, each event with its time and payload, and how it ended.
 *
 * It is a store for `useSyncExternalStore`, and tells its listeners once a frame.
 */
export class Recorder {
  #entries = []
  #first = 0
  #run
  #snapshot = { entries: [], run: undefined, dropped: 0 }
  #listeners = new Set()
  #requestFrame = oncePerFrame(() => this.#publish())

  subscribe = (listener) => {
    this.#listeners.add(listener)
    this.#publish()
    return () => this.#listeners.delete(listener)
  }

  snapshot = () => this.#snapshot

  /** A question goes out. */
  begin({ question, body }) {
    this.#run = { startedAt: performance.now(), tokens: 0, bytes: 0, events: 0 }
    this.#add('ask', 'query', { question, ...body })
  }

  event(name, data, extra) {
    const run = this.#run
    const size = sizeOf(data)
    if (run && run.endedAt === undefined) {
      const now = performance.now()
      run.firstEventAt ??= now
      run.events++
      run.bytes += size
      if (name === 'token') {
        run.firstTokenAt ??= now
        run.lastTokenAt = now
        run.tokens++
      }
    }
    this.#add('event', name, data, extra, size)
  }

  /** Something that is no event of the server's: `connect`, `disconnect` … */
  note(name, data) {
    this.#add('note', name, data)
  }

  /** The promise settled. */
  end(name, data) {
    if (this.#run) this.#run.endedAt = performance.now()
    this.#add(name === 'failure' ? 'failure' : 'reply', name, data)
  }

  clear() {
    this.#entries = []
    this.#first = 0
    this.#run = undefined
    this.#publish()
  }

  #add(kind, name, data, extra, size) {
    this.#entries.push({ key: this.#first + this.#entries.length, at: performance.now(), kind, name, data, extra, size })
    if (this.#entries.length > MOST_ENTRIES) {
      // A tenth at a time: moving all the others costs.
      const dropped = MOST_ENTRIES / 10
      this.#entries.splice(0, dropped)
      this.#first += dropped
    }
    if (this.#listeners.size > 0) this.#requestFrame()
  }

  #publish() {
    this.#snapshot = { entries: this.#entries.slice(), run: this.#run && { ...this.#run }, dropped: this.#first }
    for (const listener of this.#listeners) listener()
  }
}
