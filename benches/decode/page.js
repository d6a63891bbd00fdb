// Runs in the page: `measure(shape)` decodes one stream with every decoder in turn and returns their times.

import { decoders } from './decoders.js'
import { bigEvent, chunks, tokenEvents } from './streams.js'

const never = () => false

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
  // Whoever gives up on a big event is quadratic; that it decodes events right is checked on smaller ones.
  if (!bytes || bytes < 4 << 20) await check(pieces, events, all)
  for (let round = -warmUp; round < rounds; round++) {
    for (const [name, decode] of all) {
      if (times[name].includes(null)) continue
      let seen = 0
      const start = performance.now()
      let gaveUp = false
      const late = () => (gaveUp ||= limit !== undefined && performance.now() - start > limit)
      await decode(pieces, (event, data) => { seen += data.length }, limit === undefined ? never : late)
      const time = performance.now() - start
      if (!gaveUp && seen === 0) throw new Error(`${name} gave no events`)
      if (round >= 0 || gaveUp) times[name].push(gaveUp ? null : time)
    }
  }
  return { times, events: events.length, bytes: pieces.reduce((sum, { length }) => sum + length, 0) }
}
