// Shared by all browser benchmarks: bundle a page, start headless Chromium, and format tables.

import { argv } from 'node:process'
import { parseArgs } from 'node:util'
import { existsSync, readdirSync } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'

import { build } from 'esbuild'
import { chromium } from 'playwright-core'

const here = import.meta.dirname

/** The options that every benchmark has, and those of the caller. */
export function options(more) {
  return parseArgs({
    // cargo hands on the `--` before the options
    args: argv.slice(2).filter((argument) => argument !== '--'),
    allowPositionals: true,
    options: {
      // a folder with a built package, instead of pkg/dist
      dist: { type: 'string', default: resolve(here, '../pkg/dist') },
      // a folder that `wasm-bindgen --target web` wrote, instead of the built package
      wasm: { type: 'string' },
      // fewer rounds, for daily work
      quick: { type: 'boolean', default: false },
      chromium: { type: 'string', default: process.env.CHROME ?? '/usr/bin/chromium' },
      // the only engine to decode and to take tokens in
      engine: { type: 'string' },
      // where the figures go, besides the table that is printed
      json: { type: 'string' },
      ...more,
    },
  })
}

/** Runs a benchmark from the command line: prints its table, writes its figures. */
export async function runAlone(benchmark) {
  const { values } = options()
  const { markdown, figures } = await benchmark(values)
  console.log(markdown)
  if (values.json) await writeFile(values.json, `${JSON.stringify(figures, null, 2)}\n`)
}

/** Bundles a page's script; `flowise-stream` is the built package, or the folder that `--wasm` names. */
export async function bundle(entry, { wasm, dist, readable = false }) {
  const result = await build({
    entryPoints: [resolve(here, entry)],
    bundle: true,
    write: false,
    format: 'esm',
    // as Vite, webpack and Rollup write it; by default, esbuild escapes all that is not ASCII
    charset: 'utf8',
    minify: !readable,
    target: 'es2022',
    legalComments: 'none',
    nodePaths: [resolve(here, '../pkg/node_modules'), resolve(here, '../tests/node_modules')],
    plugins: [wasm ? fromFolder(resolve(wasm)) : fromPackage(resolve(dist))],
  })
  return result.outputFiles[0].text
}

const fromPackage = (folder) => ({
  name: 'package',
  setup({ onResolve }) {
    const path = join(folder, 'index.js')
    if (!existsSync(path)) throw new Error(`${path} is missing: build the package first (cargo xtask build), or give --wasm`)
    onResolve({ filter: /^flowise-stream$/ }, () => ({ path }))
  },
})

const fromFolder = (folder) => ({
  name: 'folder',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^flowise-stream$/ }, () => ({ path: 'flowise-stream', namespace: 'folder' }))
    onLoad({ filter: /.*/, namespace: 'folder' }, () => ({
      resolveDir: folder,
      contents: `
        import { initSync } from './flowise_stream.js'
        import module from './flowise_stream_bg.wasm'
        initSync({ module })
        export { EventStreamDecoder } from ${JSON.stringify(snippet(folder, 'decoder.js'))}`,
    }))
    onLoad({ filter: /\.wasm$/ }, async ({ path }) => {
      return { contents: await readFile(path), loader: 'binary' }
    })
  },
})

// wasm-bindgen puts the crate's JavaScript below a folder with a hash in its name.
const snippet = (folder, name) => {
  const path = readdirSync(join(folder, 'snippets'), { recursive: true }).find((path) => path.endsWith(name))
  return join(folder, 'snippets', path)
}

/** Starts Chromium. */
export const launch = ({ chromium: executablePath }) => chromium.launch({ executablePath, args: CHROMIUM_FLAGS })

const CHROMIUM_FLAGS = [
  '--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
  '--disable-component-update', '--disable-sync',
]

export const median = (numbers) => {
  const sorted = [...numbers].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
}

/** A Markdown table of rows of cells; the first row is the head. */
export function table([head, ...rows]) {
  const line = (cells) => `| ${cells.join(' | ')} |`
  return [line(head), line(head.map((_, column) => (column === 0 ? '---' : '---:'))), ...rows.map(line)].join('\n')
}
