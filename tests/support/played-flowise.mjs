/**
 * A `Flowise` whose answers are written in the test: for entries that only make something of an answer's events.
 */

/**
 * @param {[event: string, data?: unknown, extra?: object][] | ((data: object) => [string, unknown?, object?][])} events
 * @param {object | Error | Promise<object>} [outcome] members of the prediction, beside its text, or what it fails with
 */
export function playing(events, outcome = {}) {
  const asked = []
  return {
    /** What `stream` was called with: `{ data, options, aborted }`. */
    asked,
    stream(data, options) {
      const call = { data, options, aborted: 0 }
      asked.push(call)
      return new PlayedStream(typeof events === 'function' ? events(data) : events, outcome, call)
    },
  }
}

const turn = () => new Promise((resolve) => setImmediate(resolve))

class PlayedStream {
  result
  #listeners = []
  #call

  constructor(events, outcome, call) {
    this.#call = call
    this.chatId = call.data.chatId
    this.result = this.#play(events, outcome)
    this.result.catch(() => {})
  }

  on(event, listener) {
    this.#listeners.push([event, listener])
    return this
  }

  async abort() {
    this.#call.aborted += 1
    return { reached: true }
  }

  async #play(events, outcome) {
    let text = ''
    await turn()
    for (const [event, data, extra] of events) {
      if (event === 'token') text += data
      for (const [name, listener] of [...this.#listeners]) if (name === event) listener(data, extra)
      await turn()
    }
    if (outcome instanceof Error) throw outcome
    return { text, chatId: this.chatId, finishReason: 'stop', streamed: true, ...(await outcome) }
  }
}
