/**
 * A chatflow for tests of the store: the test chooses its events, and sees the requests.
 */

/** `flow.flowise` goes into `createChat`; `flow.asked` has the bodies, and `flow.last` is the run that was asked for last. */
export function scriptedFlow() {
  const runs = []
  return {
    runs,
    get asked() {
      return runs.map(({ body }) => body)
    },
    get last() {
      return runs.at(-1)
    },
    flowise: {
      stream(body) {
        const run = new Run(body)
        runs.push(run)
        return run.stream
      },
      upload: async (files) => Array.from(files, ({ name, type }) => ({ type: 'file', name, mime: type, data: 'data:,' })),
    },
  }
}

class Run {
  isStopped = false
  #listeners = []
  #settle

  constructor(body) {
    this.body = body
    const result = new Promise((resolve, reject) => (this.#settle = { resolve, reject }))
    this.stream = {
      chatId: body.chatId,
      result,
      on: (event, listener) => this.#listeners.push({ event, call: listener }),
      onAny: (listener) => this.#listeners.push({ call: (data, extra, event) => listener(event, data, extra) }),
      abort: async () => {
        this.isStopped = true
        this.end({ finishReason: 'aborted' })
        return { reached: true }
      },
    }
  }

  /** Sends an event. */
  say(event, data, extra) {
    for (const listener of this.#listeners) if (!listener.event || listener.event === event) listener.call(data, extra, event)
    return this
  }

  /** Ends the answer. */
  end(prediction) {
    this.#settle.resolve({ text: '', chatId: this.body.chatId, finishReason: 'stop', ...prediction })
  }

  /** Ends it with an error. */
  fail(error) {
    this.#settle.reject(error)
  }
}
