// A limit, so that a long answer does not fill the memory of a page that nobody inspects.
const MOST_ENTRIES = 20_000
// How long an entry may wait until it is shown, in milliseconds.
const AT_MOST_MS = 50

// The members of a question and of a reply that a recording keeps: no ids of the page, and nothing that follows from the events.
const OF_QUESTION = ['question', 'form', 'action', 'humanInput']
const OF_PAGE = new Set(['id', 'role', 'createdAt', 'steps', 'nodes', 'timing'])

const encoder = new TextEncoder()

const sizeOf = (data) => (data === undefined ? 0 : encoder.encode(typeof data === 'string' ? data : JSON.stringify(data)).length)

/**
 * Records questions, each event with its time and payload, and how each answer ended.
 *
 * It is a store for `useSyncExternalStore`. Its functions do not use `this`: they are callbacks of the chat.
 */
export class Recorder {
  #entries = []
  #first = 0
  #run
  #snapshot = { entries: [], run: undefined, dropped: 0 }
  #listeners = new Set()
  #timer

  subscribe = (listener) => {
    this.#listeners.add(listener)
    this.#publish()
    return () => this.#listeners.delete(listener)
  }

  snapshot = () => this.#snapshot

  /** Records a question. */
  begin = (data) => {
    this.#run = { startedAt: performance.now(), tokens: 0, bytes: 0, events: 0 }
    this.#add('ask', 'query', Object.fromEntries(OF_QUESTION.filter((name) => name in data).map((name) => [name, data[name]])))
  }

  event = (name, data, extra) => {
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

  /** An entry that is not an event of the server: `connect`, `disconnect` … */
  note(name, data) {
    this.#add('note', name, data)
  }

  /** Records the end of an answer. */
  end = (message) => {
    if (this.#run) this.#run.endedAt = performance.now()
    const { error } = message
    if (error) this.#add('failure', 'failure', { code: error.code, status: error.status, message: error.message })
    else this.#add('reply', 'reply', replyOf(message))
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
      // A tenth at a time, because each removal moves all later entries.
      const dropped = MOST_ENTRIES / 10
      this.#entries.splice(0, dropped)
      this.#first += dropped
    }
    if (this.#listeners.size > 0) this.#timer ??= setTimeout(() => this.#publish(), AT_MOST_MS)
  }

  #publish() {
    clearTimeout(this.#timer)
    this.#timer = undefined
    this.#snapshot = { entries: this.#entries.slice(), run: this.#run && { ...this.#run }, dropped: this.#first }
    for (const listener of this.#listeners) listener()
  }
}

/** The reply behind a message. The most telling members come first, because a row shows only the beginning. */
function replyOf({ finishReason, chatId, chatMessageId, sessionId, ...message }) {
  const further = Object.entries(message).filter(([name]) => !OF_PAGE.has(name))
  return { finishReason, chatId, chatMessageId, sessionId, ...Object.fromEntries(further) }
}
