// Prints, as JSON, what each entry of the built package costs an application: bytes minified, by gzip and by Brotli.
//
// Each entry is bundled twice: with the packages that it depends on, as in an application that does not have them, and
// without.

import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'

import { build } from 'esbuild'

const folder = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..')
const dist = (file) => path.join(folder, 'dist', file)
const { dependencies, exports, peerDependencies = {} } = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8'))
// An application has its own.
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
  const { outputFiles } = await build({
    absWorkingDir: folder,
    bundle: true,
    charset: 'utf8',
    entryPoints: [dist(entry)],
    external,
    format: 'esm',
    legalComments: 'none',
    minify: true,
    platform: 'browser',
    target: 'es2022',
    write: false,
  })
  return measure(outputFiles[0].contents)
}

const sizes = {}
for (const name of ['index', 'slim', 'store', 'react', 'ai', 'ag-ui']) {
  if (!existsSync(dist(`${name}.js`))) continue
  sizes[name] = await bundle(`${name}.js`, peers)
  sizes[`${name}, without its dependencies`] = await bundle(`${name}.js`, [...peers, ...Object.keys(dependencies)])
}
for (const file of ['index.iife.js', 'flowise-stream.wasm']) {
  if (existsSync(dist(file))) sizes[file] = measure(readFileSync(dist(file)))
}
console.log(JSON.stringify(sizes))
