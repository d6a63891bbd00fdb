// Decoding in each engine, against the libraries that people use:
//
//   node decode.mjs [--quick] [--engine ENGINE] [--json FILE] [--wasm DIR]
//
// Every decoder gets the same chunks and must give the same parsed events, which is checked first. Rounds are interleaved,
// so that all see the same machine; the figure is the median. Each has a page of its own: in one page, a decoder would pay for the garbage
// of the one before.

import { once } from 'node:events'
import { createServer } from 'node:http'
import { argv } from 'node:process'
import { fileURLToPath } from 'node:url'

import { ENGINES, chosen, launchEngine, openIn } from './engines.mjs'
import { bundle, median, runAlone, table } from './harness.mjs'

const COUNT = 20_000
// What a decoder costs by itself shows in an answer of usual length.
const ANSWER = 500
// Whoever needs longer for one event is not waited for.
const LIMIT_MS = 20_000

const SIZES = { 'one event per chunk': undefined, '1400-byte chunks': 1400, '16 KiB chunks': 16 << 10, '64 KiB chunks': 64 << 10 }

const shapes = (engine, quick) => [
  ...['mixed', 'English'].flatMap((text) =>
    Object.entries(SIZES).map(([name, size]) => ({ name: `${text} text, ${name}`, text, size, count: COUNT, rounds: quick ? 7 : 21, warmUp: 5 })),
  ),
  { name: `mixed text, 16 KiB chunks, a decoder for ${ANSWER} events`, text: 'mixed', size: SIZES['16 KiB chunks'], count: ANSWER, rounds: quick ? 7 : 21, warmUp: 5 },
  // that the time grows with the size and not with its square is a matter of the code and not of the engine
  ...(quick || engine !== 'chromium' ? [2] : [2, 8, 64]).map((megabytes) => ({
    name: `one event of ${megabytes} MB`,
    bytes: megabytes << 20,
    size: 64 << 10,
    rounds: quick ? 7 : 9,
    warmUp: 1,
    limit: LIMIT_MS,
  })),
]

/** Measures; gives the figures, and tables of them in Markdown. */
export async function decode(values) {
  const script = await bundle('decode/page.js', values)
  const figures = []
  for (const engine of chosen(values)) {
    const browser = await launchEngine(engine)
    const site = await serve(script)
    try {
      figures.push({ engine, version: browser.version, shapes: await measure(await openAll(browser, site.url), shapes(engine, values.quick)) })
    } finally {
      await browser.close()
      site.stop()
    }
  }
  return { markdown: figures.map(report).join('\n\n'), figures: { decode: figures } }
}

/** Opens a page for each decoder: their names and their pages. */
async function openAll(browser, url) {
  const first = await openIn(browser, url)
  const pages = new Map()
  for (const name of await first.run(() => globalThis.names())) pages.set(name, pages.size === 0 ? first : await openIn(browser, url))
  return pages
}

async function measure(pages, shapes) {
  const figures = []
  for (const shape of shapes) {
    const times = new Map()
    let sizes
    for (const [name, page] of pages) {
      sizes = await page.run(([shape, name]) => globalThis.prepare(shape, name), [shape, name])
      times.set(name, [])
    }
    for (let round = -shape.warmUp; round < shape.rounds; round++) {
      for (const [name, page] of pages) {
        if (times.get(name).includes(null)) continue
        const time = await page.run((isWarmUp) => globalThis.measure(isWarmUp), round < 0)
        if (round >= 0 || time === null) times.get(name).push(time)
      }
    }
    const milliseconds = Object.fromEntries([...times].map(([name, each]) => [name, each.includes(null) ? null : median(each)]))
    figures.push({ shape: shape.name, ...sizes, rounds: shape.rounds, milliseconds })
  }
  return figures
}

/** Serves a page with a script. It is isolated from other origins, which makes its clock exact to 5 or 20 µs. */
async function serve(script) {
  const server = createServer((request, response) => {
    response.setHeader('Cross-Origin-Opener-Policy', 'same-origin')
    response.setHeader('Cross-Origin-Embedder-Policy', 'require-corp')
    if (request.url === '/script.js') response.setHeader('Content-Type', 'text/javascript').end(script)
    else response.setHeader('Content-Type', 'text/html').end('<!doctype html><link rel=icon href=data:,><script type=module src=/script.js></script>')
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${server.address().port}/`,
    stop() {
      server.close()
      server.closeAllConnections()
    },
  }
}

function report({ engine, version, shapes }) {
  const [ours, ...peers] = Object.keys(shapes[0].milliseconds)
  const rows = shapes.map(({ shape, events, milliseconds }) => {
    const cell = (name) => {
      const time = milliseconds[name]
      if (time === null) return `> ${LIMIT_MS / 1000} s`
      return events > 1 ? `${((time / events) * 1e6).toFixed(0)} ns` : `${time.toFixed(1)} ms`
    }
    const best = Math.min(...peers.map((name) => milliseconds[name] ?? Infinity))
    const factor = best === Infinity ? '' : `${(best / milliseconds[ours]).toFixed(1)}×`
    return [shape, cell(ours), ...peers.map(cell), factor]
  })
  return table([[`time per event in ${ENGINES[engine]} ${version}`, ours, ...peers, 'best peer / ours'], ...rows])
}

if (argv[1] === fileURLToPath(import.meta.url)) await runAlone(decode)
