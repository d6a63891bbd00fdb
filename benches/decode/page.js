// Runs in the page: `measure(shape)` decodes one stream with every decoder in turn and returns their times.

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

// A time is that of so many passes that the clock is exact to 5 % of it.
const LEAST_MS = 20 * resolution()

/** Throws unless every decoder gives exactly the events that were sent. */
async function check(streamChunks, events, rivals) {
  const wanted = JSON.stringify(events)
  for (const [name, decode] of rivals) {
    const got = []
    await decode(streamChunks, (event, data) => got.push([event, data]), never)
    if (JSON.stringify(got) !== wanted) throw new Error(`${name} gives other events`)
  }
}

globalThis.measure = async ({ text, count, bytes, size, rounds, warmUp = 0, limit }) => {
  const { events, blocks } = bytes ? bigEvent(bytes) : tokenEvents(count, text)
  const pieces = chunks(blocks, size)
  const all = Object.entries(decoders)
  const times = Object.fromEntries(all.map(([name]) => [name, []]))
  const passes = Object.fromEntries(all.map(([name]) => [name, 1]))
  // Whoever gives up on a big event is quadratic; that it decodes events right is checked on smaller ones.
  if (!bytes || bytes < 4 << 20) await check(pieces, events, all)
  for (let round = -warmUp; round < rounds; round++) {
    for (const [name, decode] of all) {
      if (times[name].includes(null)) continue
      let seen = 0
      // Untimed, because it pays for the garbage of the decoder before: engines collect it while they allocate.
      if (limit === undefined) await decode(pieces, () => {}, never)
      const start = performance.now()
      let gaveUp = false
      const late = () => (gaveUp ||= limit !== undefined && performance.now() - start > limit)
      for (let pass = 0; pass < passes[name]; pass++) {
        await decode(pieces, (event, data) => { seen += data.length }, limit === undefined ? never : late)
      }
      const time = (performance.now() - start) / passes[name]
      if (!gaveUp && seen === 0) throw new Error(`${name} gave no events`)
      if (round >= 0 || gaveUp) times[name].push(gaveUp ? null : time)
      else passes[name] = Math.max(1, Math.ceil(LEAST_MS / Math.max(time, LEAST_MS / 100)))
    }
  }
  return { times, events: events.length, bytes: pieces.reduce((sum, { length }) => sum + length, 0) }
}
