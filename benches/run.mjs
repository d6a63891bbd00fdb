// Runs all benchmarks, or the named ones:
//
//   cargo xtask bench -- [decode] [tokens] [socket-io] [start] [memory] [size] [--engine ENGINE] [--quick] [--write] [--json FILE]
//
// Prints Markdown. `--write` puts a whole run into docs/benchmarks.md, with a chart.

import { mkdir, writeFile } from 'node:fs/promises'
import { loadavg } from 'node:os'
import { resolve } from 'node:path'
import { argv } from 'node:process'

import { decode } from './decode.mjs'
import { options } from './harness.mjs'
import { memory } from './memory.mjs'
import { image, page, targetTable, targets } from './report.mjs'
import { size } from './size.mjs'
import { socketIo } from './socket-io.mjs'
import { start } from './start.mjs'
import { profile, tokens } from './tokens.mjs'

const PARTS = { decode, tokens, 'socket-io': socketIo, start, memory, size }

const { values, positionals } = options({ write: { type: 'boolean', default: false } })
const names = positionals.length > 0 ? positionals : Object.keys(PARTS)
const unknown = names.find((name) => !(name in PARTS))
if (unknown) throw new Error(`there is no part ${unknown}: the parts are ${Object.keys(PARTS).join(', ')}`)
if (values.write && positionals.length > 0) throw new Error('--write is for a whole run: name no parts')

const began = performance.now()
const [load] = loadavg()
const parts = {}
const figures = {}
for (const name of names) {
  const started = performance.now()
  const part = await PARTS[name](values)
  parts[name] = part.markdown
  Object.assign(figures, part.figures)
  console.log(`${part.markdown}\n`)
  console.error(`${name}: ${((performance.now() - started) / 1000).toFixed(0)} s`)
}
console.log(targetTable(figures))
if (values.json) await writeFile(values.json, `${JSON.stringify(figures, null, 2)}\n`)

if (values.write) {
  const docs = resolve(import.meta.dirname, '../docs')
  await mkdir(resolve(docs, 'images'), { recursive: true })
  await writeFile(resolve(docs, 'images/benchmarks.svg'), image(figures))
  const about = {
    command: ['cargo xtask bench --', ...argv.slice(2).filter((option) => option !== '--')].join(' '),
    load,
    profile: await missedProfile(),
    seconds: (performance.now() - began) / 1000,
  }
  await writeFile(resolve(docs, 'benchmarks.md'), page(parts, figures, about))
}

/** A profile of the clients that cost a token more than they may; nothing if there are none. */
async function missedProfile() {
  const missed = targets(figures).filter(({ met }) => !met)
  const clients = ['query + on', 'stream'].filter((client) => missed.some(({ what }) => what.startsWith(`\`${client}\``)))
  if (clients.length === 0) return undefined
  const times = await profile(values, ['bare reader', ...clients])
  return `What Chromium's profiler finds the main thread busy with, while tokens come one every millisecond. \`(program)\` is the browser itself,
and short names are those of minified functions.\n\n${times}`
}
