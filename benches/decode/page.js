// Runs in the page of one decoder: `prepare(shape, name)`, then `measure()` for each round.

import { decoders } from './decoders.js'
import { bigEvent, chunks, tokenEvents } from './streams.js'

const never = () => false

/** How exact the page's clock is, in milliseconds. */
function resolution() {
  let least = Infinity
  for (let each = 0; each < 20; each++) {
    const before = performance.now()
    let now = before
    while (now === before) now = performance.now()
    least = Math.min(least, now - before)
  }
  return least
}

// A time is that of so many passes that the clock is exact to 5 % of it, and that most of it is after a page's waking.
const LEAST_MS = Math.max(20 * resolution(), 20)

let decode, pieces, limit, passes

/** Makes a stream, and throws unless the decoder gives exactly the events that were sent. */
globalThis.prepare = async ({ text, count, bytes, size, limit: itsLimit }, name) => {
  const { events, blocks } = bytes ? bigEvent(bytes) : tokenEvents(count, text)
  pieces = chunks(blocks, size)
  decode = decoders[name]
  limit = itsLimit
  passes = 1
  // Whoever gives up on a big event is quadratic; that it decodes events right is checked on smaller ones.
  if (!bytes || bytes < 4 << 20) {
    const got = []
    await decode(pieces, (event, data) => got.push([event, data]), never)
    if (JSON.stringify(got) !== JSON.stringify(events)) throw new Error(`${name} gives other events`)
  }
  return { events: events.length, bytes: pieces.reduce((sum, { length }) => sum + length, 0) }
}

/** Decodes the stream: the milliseconds of a pass, or null if it takes longer than the limit. */
globalThis.measure = async (isWarmUp) => {
  // A page that was idle has given back its memory.
  if (limit === undefined) await decode(pieces, () => {}, never)
  let seen = 0
  let gaveUp = false
  const start = performance.now()
  const late = limit === undefined ? never : () => (gaveUp ||= performance.now() - start > limit)
  for (let pass = 0; pass < passes; pass++) await decode(pieces, (event, data) => { seen += data.length }, late)
  const time = (performance.now() - start) / passes
  if (gaveUp) return null
  if (seen === 0) throw new Error('no events')
  if (isWarmUp) passes = Math.max(1, Math.ceil(LEAST_MS / Math.max(time, LEAST_MS / 100)))
  return time
}

/** The names of the decoders. */
globalThis.names = () => Object.keys(decoders)
