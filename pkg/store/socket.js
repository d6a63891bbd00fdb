// Events on a socket do not name their answer. So one question runs at a time, and its listeners stay only until it ends.
const last = new WeakMap()

const OPTIONS = ['fetch', 'maxMessageBytes', 'timeout', 'timeouts']

/** An answer over the page's socket, as a stream. */
export function askOver(socket, data, options) {
  const listeners = []
  const anyListeners = []
  const abort = new AbortController()
  const { signal } = abort
  const given = Object.fromEntries(OPTIONS.filter((name) => options[name] !== undefined).map((name) => [name, options[name]]))

  const run = async (before) => {
    await before
    for (const listener of listeners) socket.on(...listener)
    for (const listener of anyListeners) socket.onAny(listener)
    try {
      return await socket.query(data, { ...given, signal })
    } finally {
      for (const listener of listeners) socket.off(...listener)
      for (const listener of anyListeners) socket.offAny(listener)
    }
  }
  const result = run(last.get(socket))
  const settled = result.then(
    () => {},
    () => {},
  )
  last.set(socket, settled)

  return {
    result,
    on: (event, listener) => listeners.push([event, listener]),
    onAny: (listener) => anyListeners.push(listener),
    async abort() {
      abort.abort()
      await settled
      // The socket does not report what the server did.
      return { reached: false }
    },
  }
}
