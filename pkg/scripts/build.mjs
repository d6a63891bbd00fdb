// Bundles the npm package into pkg/dist.
//
//   node pkg/scripts/build.mjs GLUE      GLUE: the folder with wasm-bindgen's output and wasm.js
//
// The hand-written entries import generated files by these names:
//   #core              wasm-bindgen's glue: the crate's exports and `initSync`
//   #wasm              a function that returns the WebAssembly bytes
//   #snippet/<name>    a JavaScript file of the crate: the same module that the glue imports

import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

import { build } from 'esbuild'

import { bundledPackages, notice } from './licenses.mjs'

const folder = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..')
const dist = path.join(folder, 'dist')
const glue = path.resolve(process.argv[2])
const core = path.join(glue, 'core.js')
const manifest = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8'))

// The entries in package.json’s `exports`: the name of each, and whether it can be required. `cargo xtask test package` reports
// missing ones.
const exported = Object.entries(manifest.exports)
  .filter(([subpath]) => path.extname(subpath) === '')
  .map(([subpath, conditions]) => ({ name: subpath === '.' ? 'index' : subpath.slice('./'.length), isRequired: 'require' in conditions }))
  .filter(({ name }) => existsSync(path.join(folder, `${name}.js`)))
const onlyModules = exported.filter(({ isRequired }) => !isRequired).map(({ name }) => name)

const common = {
  absWorkingDir: folder,
  bundle: true,
  legalComments: 'none',
  metafile: true,
  minify: true,
  // The glue is outside the folder whose packages it imports.
  nodePaths: [path.join(folder, 'node_modules')],
  outdir: dist,
  platform: 'browser',
  target: 'es2022',
  write: false,
}

/** Maps the names of the snippet files to their paths: wasm-bindgen puts them into a folder with a hash in its name. */
function snippets() {
  const root = path.join(glue, 'snippets')
  if (!existsSync(root)) return new Map()
  const files = readdirSync(root, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
  return new Map(files.map((entry) => [entry.name, path.join(entry.parentPath ?? entry.path, entry.name)]))
}

/**
 * The glue, with each snippet once in the imports of the WebAssembly. wasm-bindgen repeats a snippet for every block of
 * Rust that names it, and bundlers warn about that.
 */
function coreGlue() {
  const listed = new Set()
  const lines = readFileSync(core, 'utf8').split('\n')
  const isNew = (line) => {
    const key = /^\s*("[^"]+"): import\d+,$/.exec(line)?.[1]
    return !key || (!listed.has(key) && listed.add(key))
  }
  return lines.filter(isNew).join('\n')
}

const generated = {
  name: 'generated',
  setup({ onLoad, onResolve }) {
    const files = snippets()
    onLoad({ filter: /[\\/]core\.js$/ }, (args) => (args.path === core ? { contents: coreGlue(), loader: 'js' } : undefined))
    // An entry that builds on another imports its file, so that neither code nor state exists twice.
    onResolve({ filter: /^\.\.?\/(core|store)\.js$/ }, (args) =>
      args.kind === 'entry-point' ? undefined : { path: `./${path.basename(args.path)}`, external: true },
    )
    onResolve({ filter: /^#core$/ }, () => ({ path: core, sideEffects: false }))
    onResolve({ filter: /^#wasm$/ }, () => ({ path: path.join(glue, 'wasm.js'), sideEffects: false }))
    onResolve({ filter: /^#snippet\// }, (args) => {
      const found = files.get(args.path.slice('#snippet/'.length))
      if (found) return { path: found }
      return { errors: [{ text: `the crate has no JavaScript file of this name; it has ${[...files.keys()].join(', ') || 'none'}` }] }
    })
  },
}

// The files that contain or load the WebAssembly; all others import one of them. `core` is not an entry: the entries that do not
// need socket.io-client at first share it.
const CORES = ['index', 'slim', 'core']

/** The ES modules. Code that the cores share is in a separate file, so that it exists once. */
async function modules() {
  const bundle = (isWanted) =>
    build({
      ...common,
      // One character per byte, as in the embedded WebAssembly; modules are always read as UTF-8.
      charset: 'utf8',
      chunkNames: 'shared-[hash]',
      entryPoints: ['core', ...exported.map(({ name }) => name)].filter(isWanted).map((name) => `${name}.js`),
      external: Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies }),
      format: 'esm',
      inject: ['text-codec.js'],
      plugins: [generated],
      splitting: true,
    })
  const [cores, others] = await Promise.all([bundle((name) => CORES.includes(name)), bundle((name) => !CORES.includes(name))])
  return [...cores.outputFiles, ...others.outputFiles].map(withoutBareImports)
}

/** Removes imports without bindings, which only mark a shared file: no module of this package has side effects. */
function withoutBareImports({ path, text }) {
  const kept = text.replace(/(?<=^|;)import"\.\/shared-[^"]+";/g, '')
  return { path, text: kept, contents: Buffer.from(kept) }
}

/** The same files as CommonJS modules, which share code in the same way. */
function commonJs(outputs) {
  const sources = new Map(outputs.map((file) => [path.basename(file.path), file.text]))
  const fromMemory = {
    name: 'from-memory',
    setup({ onLoad, onResolve }) {
      onResolve({ filter: /.*/ }, (args) => {
        if (args.kind === 'entry-point') return { path: path.basename(args.path), namespace: 'memory' }
        return { path: args.path.replace(/^(\.\/.*)\.js$/, '$1.cjs'), external: true }
      })
      onLoad({ filter: /.*/, namespace: 'memory' }, (args) => ({ contents: sources.get(args.path), loader: 'js' }))
    },
  }
  return build({
    ...common,
    charset: 'utf8',
    entryPoints: [...sources.keys()].filter((file) => !onlyModules.includes(path.basename(file, '.js'))),
    format: 'cjs',
    outExtension: { '.js': '.cjs' },
    platform: 'node',
    plugins: [fromMemory],
  })
}

/** A classic script that contains everything. It is plain ASCII, so that a page of any encoding reads it correctly. */
function script() {
  return build({
    ...common,
    charset: 'ascii',
    entryPoints: [{ in: 'index.js', out: 'index.iife' }],
    format: 'iife',
    globalName: 'FlowiseStream',
    inject: ['text-codec.js'],
    plugins: [generated],
  })
}

/** The entries for Cloudflare Workers, which compile no bytes at run time: their bundlers make a module of an imported file. */
function forWorkers() {
  const entries = exported.filter(({ name }) => name !== 'slim').map(({ name }) => name)
  return entries.map((name) => {
    const values = name === 'index' ? ['*', '{default}'] : ['*']
    const exports = values.map((what) => `export ${what} from"../${name}.js";`).join('')
    return [`workerd/${name}.js`, `import module from"../flowise-stream.wasm";import{useModule}from"../core.js";useModule(module);${exports}\n`]
  })
}

/** The hand-written types, for modules and for CommonJS. */
function types() {
  const files = readdirSync(folder).filter((file) => file.endsWith('.d.ts'))
  return files.flatMap((file) => {
    const forModules = readFileSync(path.join(folder, file), 'utf8')
    if (onlyModules.includes(path.basename(file, '.d.ts'))) return [[file, forModules]]
    const forCommonJs = forModules.replace(/((?:from|import\()\s*['"]\.\.?\/[^'"]*)\.js(['"])/g, '$1.cjs$2')
    return [[file, forModules], [file.replace(/\.d\.ts$/, '.d.cts'), forCommonJs]]
  })
}

/** The licences of this package, from the parent folder. */
function licenses() {
  const above = path.dirname(folder)
  return readdirSync(above)
    .filter((file) => file.startsWith('LICENSE'))
    .map((file) => [file, readFileSync(path.join(above, file))])
}

const esm = await modules()
const cjs = await commonJs(esm)
const iife = await script()
const bundled = bundledPackages(iife.metafile, folder)
const holds = bundled.map(({ name, version }) => `${name} ${version}`).join(', ')
const banner = `/*! ${manifest.name} ${manifest.version}, ${manifest.license}; with ${holds}: see THIRD-PARTY-LICENSES.txt */\n`

const files = new Map([
  ...[...esm, ...cjs.outputFiles].map((file) => [path.basename(file.path), file.contents]),
  ['index.iife.js', banner + iife.outputFiles[0].text],
  ['THIRD-PARTY-LICENSES.txt', `index.iife.js contains these packages.\n\n${notice(bundled)}\n`],
  ...forWorkers(),
  ...types(),
  ...licenses(),
])
if (manifest.exports['./slim.wasm']) files.set('flowise-stream.wasm', readFileSync(path.join(glue, 'core_bg.wasm')))

// All files are written at the end, so that a failed build leaves the previous one.
rmSync(dist, { recursive: true, force: true })
mkdirSync(path.join(dist, 'workerd'), { recursive: true })
for (const [file, contents] of files) writeFileSync(path.join(dist, file), contents)
