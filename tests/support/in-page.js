/**
 * What test pages share. The site serves it at `/in-page.js`.
 */

/** Records every event of a socket as `[event, ...arguments]`. */
export function record(socket) {
  const events = []
  for (const event of ['connect', 'connect_error', 'disconnect']) {
    socket.on(event, (detail) => events.push([event, detail instanceof Error ? detail.message : detail]))
  }
  socket.onAny((...args) => events.push(args))
  return events
}

/** The joined tokens of a recording. */
export const textOf = (events) => events.flatMap(([event, data]) => (event === 'token' ? data : [])).join('')

/** The names of events, with consecutive duplicates removed. */
export const names = (events) => events.map(([event]) => event).filter((event, at, all) => event !== all[at - 1])

/** How a promise settles, as a plain value: `{ reply }` or `{ error }`. */
export async function outcome(promise) {
  try {
    return { reply: structuredClone(await promise) }
  } catch (error) {
    return { error: describe(error) }
  }
}

/** An error as a plain value. */
export function describe(error) {
  const { name, code, status, message, partial, cause } = error ?? {}
  return { isError: error instanceof Error, name, code, status, message, partial, cause: cause && `${cause.name}: ${cause.message}` }
}

/** The arguments of the next event of this name. */
export const next = (emitter, event) => new Promise((resolve) => emitter.once(event, (...args) => resolve(args)))

/** Waits for this many uncaught exceptions and unhandled rejections. Call it before they can occur. */
export function unhandled(count) {
  return new Promise((resolve) => {
    for (const event of ['error', 'unhandledrejection']) {
      addEventListener(event, () => --count === 0 && resolve())
    }
  })
}

/** A `fetch` that imitates a server: `replies` maps paths to `{ json }` or `{ stream }`. */
export const played = (replies) => async (url) => {
  const [, reply] = Object.entries(replies).find(([path]) => String(url).includes(path))
  const type = reply.stream ? 'text/event-stream' : 'application/json'
  return new Response(reply.stream ?? reply.json, { status: reply.status ?? 200, headers: { 'content-type': type } })
}

/** How many listeners a socket and its manager have. */
export const listenerCount = (socket) =>
  ['connect', 'connect_error', 'disconnect', 'token'].reduce((sum, event) => sum + socket.listeners(event).length, 0) +
  socket.listenersAny().length +
  socket.io.listeners('close').length

/** A `fetch`, and a promise that resolves when none of its requests is pending. */
export function countedFetch() {
  let running = 0
  let quiet
  const counted = (...args) => {
    running++
    return fetch(...args).finally(() => --running === 0 && quiet?.())
  }
  return { fetch: counted, quiet: () => new Promise((resolve) => (running === 0 ? resolve() : (quiet = resolve))) }
}

/** A `fetch` whose bodies arrive in chunks of this size, whatever chunks the network delivers. */
export const evenFetch = (size) => async (...args) => {
  const response = await fetch(...args)
  let chunk = new Uint8Array(size)
  let filled = 0
  const even = new TransformStream({
    transform(bytes, controller) {
      for (let at = 0; at < bytes.length; ) {
        const part = bytes.subarray(at, at + size - filled)
        chunk.set(part, filled)
        filled += part.length
        at += part.length
        if (filled < size) continue
        controller.enqueue(chunk)
        chunk = new Uint8Array(size)
        filled = 0
      }
    },
    flush(controller) {
      if (filled > 0) controller.enqueue(chunk.subarray(0, filled))
    },
  })
  return new Response(response.body?.pipeThrough(even), response)
}
