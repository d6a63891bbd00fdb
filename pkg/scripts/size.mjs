// Prints the size of each entry of the built package as JSON: bytes minified, with gzip and with Brotli.
//
// Each entry is bundled twice: with the packages that it depends on, as in an application that does not have them, and
// without. The size is that of a page's first load: a chunk that is fetched on demand does not count.

import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'

import { build } from 'esbuild'

const folder = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..')
const dist = (file) => path.join(folder, 'dist', file)
const { dependencies, exports, peerDependencies = {} } = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8'))
// The application has its own React.
const peers = Object.keys(peerDependencies)
const entries = Object.keys(exports).map((subpath) => (subpath === '.' ? 'index' : subpath.slice('./'.length)))

function measure(bytes) {
  return {
    bytes: bytes.length,
    gzip: gzipSync(bytes, { level: 9 }).length,
    brotli: brotliCompressSync(bytes, {
      params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length },
    }).length,
  }
}

async function bundle(entry, external) {
  const { metafile, outputFiles } = await build({
    absWorkingDir: folder,
    bundle: true,
    charset: 'utf8',
    entryPoints: [dist(entry)],
    external,
    format: 'esm',
    legalComments: 'none',
    metafile: true,
    minify: true,
    outdir: 'out',
    platform: 'browser',
    splitting: true,
    target: 'es2022',
    write: false,
  })
  const texts = new Map(outputFiles.map((file) => [path.relative(folder, file.path), file.contents]))
  const first = new Set()
  const load = (file) => {
    if (first.has(file) || !texts.has(file)) return
    first.add(file)
    for (const { kind, path } of metafile.outputs[file].imports) if (kind === 'import-statement') load(path)
  }
  load(path.join('out', entry))
  return measure(Buffer.concat([...first].map((file) => texts.get(file))))
}

const sizes = {}
for (const name of entries.filter((name) => path.extname(name) === '')) {
  if (!existsSync(dist(`${name}.js`))) continue
  sizes[name] = await bundle(`${name}.js`, peers)
  sizes[`${name}, without its dependencies`] = await bundle(`${name}.js`, [...peers, ...Object.keys(dependencies)])
}
for (const file of ['index.iife.js', 'flowise-stream.wasm']) {
  if (existsSync(dist(file))) sizes[file] = measure(readFileSync(dist(file)))
}
console.log(JSON.stringify(sizes))
