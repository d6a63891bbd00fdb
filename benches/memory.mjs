// Memory before and after an answer of a million tokens:
//
//   node memory.mjs [--quick] [--json FILE]
//
// A first answer brings everything to life. What is left of the second one after a collection is what leaks.

import { argv } from 'node:process'
import { fileURLToPath } from 'node:url'

import { startFlowise } from './flowise.mjs'
import { bundle, launch, runAlone, table } from './harness.mjs'
import { openPage } from './page.mjs'

const CLIENTS = ['query + on', 'stream', 'EventStreamDecoder']

/** Measures; gives the figures, and a table of them in Markdown. */
export async function memory(values) {
  const tokens = values.quick ? 100_000 : 1_000_000
  const script = await bundle('memory/page.js', values)
  const flowise = await startFlowise({ scripts: { '/script.js': script } })
  const browser = await launch(values)
  const figures = {}
  try {
    for (const client of CLIENTS) figures[client] = await measure(browser, flowise, client, tokens)
  } finally {
    await browser.close()
    await flowise.stop()
  }
  return { markdown: report(figures, tokens), figures: { memory: { tokens, bytes: figures } } }
}

/** Bytes of the JavaScript heap and of WebAssembly's memory, before and after. */
async function measure(browser, flowise, client, tokens) {
  const page = await openPage(browser, flowise.url, '/script.js')
  const take = async (count) => {
    await page.run((client) => globalThis.start(client), client)
    const answer = await flowise.prediction()
    answer.begin()
    await answer.tokens(count)
    answer.end()
    const seen = await page.run(() => globalThis.finished)
    if (seen !== count) throw new Error(`${client} gave ${seen} tokens of ${count}`)
  }
  const weigh = async () => ({ heap: await page.heap(), wasm: await page.run(() => globalThis.wasmMemory.buffer.byteLength) })
  try {
    await take(tokens / 10)
    const before = await weigh()
    await take(tokens)
    return { before, after: await weigh() }
  } finally {
    await page.close()
  }
}

function report(figures, tokens) {
  const kilobytes = (bytes) => `${(bytes / 1000).toFixed(0)} kB`
  const grown = (before, after) => `${after < before ? '−' : '+'}${kilobytes(Math.abs(after - before))}`
  const rows = Object.entries(figures).map(([client, { before, after }]) => [
    client,
    kilobytes(before.heap),
    kilobytes(after.heap),
    grown(before.heap, after.heap),
    kilobytes(before.wasm),
    grown(before.wasm, after.wasm),
  ])
  const millions = tokens === 1_000_000 ? 'a million tokens' : `${tokens} tokens`
  return table([[`memory and ${millions}`, 'heap before', 'after', 'growth', 'wasm before', 'growth'], ...rows])
}

if (argv[1] === fileURLToPath(import.meta.url)) await runAlone(memory)
