// The bytes that a page loads at first for each entry, with everything that the entry imports:
//
//   node size.mjs [--json FILE]
//
// The frameworks that an application has anyway are left out. `cargo xtask size` holds the package's own sizes to a budget.

import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { argv } from 'node:process'
import { fileURLToPath } from 'node:url'
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'

import { build } from 'esbuild'

import { runAlone, table } from './harness.mjs'

const here = import.meta.dirname

const ENTRIES = ['index', 'slim', 'store', 'react', 'ai', 'ag-ui']

// What an application imports of each peer.
const PEERS = {
  'socket.io-client': `export { io } from 'socket.io-client'`,
  '@microsoft/fetch-event-source': `export { fetchEventSource } from '@microsoft/fetch-event-source'`,
  'flowise-sdk': `export { FlowiseClient } from 'flowise-sdk'`,
  '`@ai-sdk/react` + `ai`': `export { useChat } from '@ai-sdk/react'; export { DefaultChatTransport } from 'ai'`,
}

/** Measures; gives the figures, and a table of them in Markdown. */
export async function size({ dist }) {
  const sizes = {}
  for (const name of ENTRIES) {
    if (!existsSync(join(dist, `${name}.js`))) continue
    const parts = [await bundled({ entryPoints: [join(dist, `${name}.js`)], plugins: [own(dist)] })]
    // what is loaded as a file of its own is paid for, too
    if (name === 'slim') parts.push(await readFile(join(dist, 'flowise-stream.wasm')))
    sizes[name === 'index' ? '`flowise-stream`' : `\`flowise-stream/${name}\``] = weigh(parts)
  }
  for (const [name, contents] of Object.entries(PEERS)) {
    sizes[name] = weigh([await bundled({ stdin: { contents, resolveDir: here } })])
  }
  // it comes as a bundle
  sizes['flowise-embed'] = weigh([await readFile(resolve(here, 'node_modules/flowise-embed/dist/web.js'))])
  return { markdown: report(sizes), figures: { size: sizes } }
}

async function bundled(options) {
  const { outputFiles } = await build({
    ...options,
    absWorkingDir: here,
    bundle: true,
    charset: 'utf8',
    external: ['react'],
    format: 'esm',
    legalComments: 'none',
    minify: true,
    nodePaths: [resolve(here, '../pkg/node_modules')],
    platform: 'browser',
    target: 'es2022',
    write: false,
  })
  return outputFiles[0].contents
}

// An entry that builds on another imports the package by name or the file beside it. What is imported later is another file.
const own = (dist) => ({
  name: 'own',
  setup({ onResolve }) {
    onResolve({ filter: /./ }, ({ kind, path }) => (kind === 'dynamic-import' ? { path, external: true } : undefined))
    onResolve({ filter: /^flowise-stream$/ }, () => ({ path: join(dist, 'index.js') }))
  },
})

function weigh(parts) {
  const sum = (measure) => parts.reduce((bytes, part) => bytes + measure(part).length, 0)
  return {
    minified: sum((part) => part),
    gzip: sum((part) => gzipSync(part, { level: 9 })),
    brotli: sum((part) =>
      brotliCompressSync(part, {
        params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: part.length },
      }),
    ),
  }
}

function report(sizes) {
  const kilobytes = (bytes) => `${(bytes / 1000).toFixed(1)} kB`
  const rows = Object.entries(sizes).map(([name, { minified, gzip, brotli }]) => [name, ...[minified, gzip, brotli].map(kilobytes)])
  return table([['size', 'minified', 'gzip', 'Brotli'], ...rows])
}

if (argv[1] === fileURLToPath(import.meta.url)) await runAlone(size)
