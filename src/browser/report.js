/** Rethrows an exception of the page as an uncaught error: the page should see it, but it must not stop an answer. */
export const report = (error) =>
  queueMicrotask(() => {
    throw error
  })

/** A listener that runs in the context of its registration: in its zone of zone.js, and with its AsyncContext. */
export function bound(listener) {
  const { Zone, AsyncContext } = globalThis
  const zoned = Zone?.current?.wrap ? Zone.current.wrap(listener, 'flowise-stream') : listener
  return AsyncContext?.Snapshot?.wrap ? AsyncContext.Snapshot.wrap(zoned) : zoned
}

/** Such a listener, which reports what it throws: neither its caller nor the other listeners notice. */
export function guarded(listener) {
  const own = bound(listener)
  return (...args) => {
    try {
      own(...args)
    } catch (error) {
      report(error)
    }
  }
}
