/** Throws what a page threw where nobody catches it: it is the page's to see, and no reason to stop an answer. */
export const report = (error) =>
  queueMicrotask(() => {
    throw error
  })

/** A listener that runs where it was registered: in its zone of zone.js, and with its AsyncContext. */
export function bound(listener) {
  const { Zone, AsyncContext } = globalThis
  const zoned = Zone?.current?.wrap ? Zone.current.wrap(listener, 'flowise-stream') : listener
  return AsyncContext?.Snapshot?.wrap ? AsyncContext.Snapshot.wrap(zoned) : zoned
}
