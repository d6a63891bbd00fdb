// Decoding in Chromium, against the libraries that people use:
//
//   node decode.mjs [--quick] [--json FILE] [--wasm DIR]
//
// Every decoder gets the same chunks and must give the same parsed events, which is checked first. Rounds are interleaved,
// so that all see the same machine; the figure is the median.

import { argv } from 'node:process'
import { fileURLToPath } from 'node:url'

import { bundle, median, runAlone, table, withPage } from './harness.mjs'

const COUNT = 20_000
// Whoever needs longer for one event is not waited for.
const LIMIT_MS = 20_000

const SIZES = { 'one event per chunk': undefined, '1400-byte chunks': 1400, '16 KiB chunks': 16 << 10, '64 KiB chunks': 64 << 10 }

const shapes = (quick) => [
  ...['mixed', 'English'].flatMap((text) =>
    Object.entries(SIZES).map(([name, size]) => ({ name: `${text} text, ${name}`, text, size, count: COUNT, rounds: quick ? 7 : 21, warmUp: 5 })),
  ),
  ...(quick ? [2] : [2, 8, 64]).map((megabytes) => ({
    name: `one event of ${megabytes} MB`,
    bytes: megabytes << 20,
    size: 64 << 10,
    rounds: quick ? 7 : 9,
    warmUp: 1,
    limit: LIMIT_MS,
  })),
]

/** Measures; gives the figures, and a table of them in Markdown. */
export async function decode(values) {
  const script = await bundle('decode/page.js', values)
  const { version, result } = await withPage(script, values, async (page) => {
    const figures = []
    for (const shape of shapes(values.quick)) {
      const { times, events, bytes } = await page.evaluate((shape) => globalThis.measure(shape), shape)
      const milliseconds = Object.fromEntries(
        Object.entries(times).map(([name, each]) => [name, each.includes(null) ? null : median(each)]),
      )
      figures.push({ shape: shape.name, events, bytes, rounds: shape.rounds, milliseconds })
    }
    return figures
  })
  return { markdown: report(result, version), figures: { chromium: version, decode: result } }
}

function report(figures, version) {
  const [ours, ...peers] = Object.keys(figures[0].milliseconds)
  const rows = figures.map(({ shape, events, milliseconds }) => {
    const cell = (name) => {
      const time = milliseconds[name]
      if (time === null) return `> ${LIMIT_MS / 1000} s`
      return events > 1 ? `${((time / events) * 1e6).toFixed(0)} ns` : `${time.toFixed(1)} ms`
    }
    const best = Math.min(...peers.map((name) => milliseconds[name] ?? Infinity))
    const factor = best === Infinity ? '' : `${(best / milliseconds[ours]).toFixed(1)}×`
    return [shape, cell(ours), ...peers.map(cell), factor]
  })
  return `${table([['time per event', ours, ...peers, 'best peer / ours'], ...rows])}\n\nChromium ${version}`
}

if (argv[1] === fileURLToPath(import.meta.url)) await runAlone(decode)
