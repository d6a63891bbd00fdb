// The parts of the page: its callbacks, its zone, its random numbers.

/** Reports an exception of the page's own code the way browsers report uncaught ones. */
export function report(error) {
  if (typeof reportError === 'function') return reportError(error)
  setTimeout(() => {
    throw error
  })
}

/**
 * Wraps a callback so that it runs in the zone where it was registered (zone.js, `AsyncContext`), and so that what it throws is
 * reported and interrupts nothing else.
 */
export function guarded(callback) {
  const inZone = globalThis.Zone?.current?.wrap(callback, 'flowise-stream') ?? callback
  const bound = globalThis.AsyncContext?.Snapshot?.wrap(inZone) ?? inZone
  return (...args) => {
    try {
      bound(...args)
    } catch (error) {
      report(error)
    }
  }
}

/** Returns a UUID. `crypto.randomUUID` is missing in pages without TLS. */
export function newId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  bytes[6] = (bytes[6] & 0x0f) | 0x40
  bytes[8] = (bytes[8] & 0x3f) | 0x80
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-')
}
