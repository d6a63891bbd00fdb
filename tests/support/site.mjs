/**
 * A web server for test pages: they import the built package by its public name, as pages without a bundler do.
 */

import { existsSync, readFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { createRequire } from 'node:module'
import { extname, join, resolve, sep } from 'node:path'
import { pathToFileURL } from 'node:url'

import { ENGINE } from './engines/engine.mjs'
import { PREPARE } from './engines/in-webkit.js'
import { listen } from './listen.mjs'

const ROOT = resolve(import.meta.dirname, '../..')
const PACKAGE = join(ROOT, 'pkg')
const DIST = join(PACKAGE, 'dist')

// The package's own bundler is enough for the few packages that pages import.
const { build } = createRequire(join(PACKAGE, 'package.json'))('esbuild')

const TYPES = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.wasm': 'application/wasm',
}

/** The packages that the built package imports by name. */
const DEPENDENCIES = ['socket.io-client', 'engine.io-client', 'socket.io-parser']

/** A site on a free port of 127.0.0.1, which `start` starts. */
export class Site {
  /** Its address. */
  url
  /** The import map for pages of one's own, as an element. */
  importMap
  #options
  #served
  #server

  /**
   * @param {object} [options]
   * @param {string[]} [options.packages] further npm packages that pages import by name
   * @param {string} [options.from] the folder whose `node_modules` has those packages
   * @param {Files | (() => Promise<Files>)} [options.files] by path, or a function that makes them; `/` is an empty page otherwise
   * @param {string} [options.folder] further files, served as they are
   *
   * @typedef {Record<string, string | { body: string | Uint8Array, headers?: Record<string, string> }>} Files
   */
  constructor(options = {}) {
    this.#options = options
  }

  async start() {
    if (!existsSync(join(DIST, 'index.js'))) throw new Error(`${DIST} is missing: build the package with cargo xtask build`)
    const { packages = [], from = join(ROOT, 'tests'), files = {}, folder } = this.#options
    this.#served = new Map(Object.entries(await bundle([...DEPENDENCIES, ...packages], from)))
    const imports = JSON.stringify({ imports: { ...packageImports(), ...dependencyImports(packages) } })
    this.importMap = `<script type="importmap">${imports}</script>`
    this.serve('/', page(this.importMap))
    this.serve('/prepare.js', PREPARE)
    this.serve('/in-page.js', readFileSync(join(import.meta.dirname, 'in-page.js'), 'utf8'))
    const own = typeof files === 'function' ? await files() : files
    for (const [path, file] of Object.entries(own)) this.serve(path, file)

    const server = createServer(async (request, response) => {
      const { pathname } = new URL(request.url, 'http://localhost')
      const file = this.#served.get(pathname) ?? (await stored(pathname, folder))
      const { body, headers } = typeof file === 'string' ? { body: file } : (file ?? {})
      const type = TYPES[extname(pathname)] ?? TYPES['.html']
      response.writeHead(body === undefined ? 404 : 200, { 'content-type': type, 'cache-control': 'no-store', ...headers })
      response.end(typeof body === 'string' && type === TYPES['.html'] ? prepared(body) : body)
    })
    this.#server = await listen(server)
    this.url = this.#server.url
  }

  /** Serves a file from now on. */
  serve(path, file) {
    this.#served.set(path, file)
  }

  async stop() {
    await this.#server?.stop()
  }
}

/** Starts a site. */
export async function startSite(options) {
  const site = new Site(options)
  await site.start()
  return site
}

/** A page that does nothing by itself. */
function page(importMap) {
  return `<!doctype html><html lang="en"><meta charset="utf-8"><title>Test page</title><link rel="icon" href="data:,">
${importMap}<body></body></html>`
}

/** A page in which nothing goes wrong unseen: WebKit's driver has no way to run a script before the page's own. */
const prepared = (html) => (ENGINE === 'webkit' ? html.replace(/^<!doctype html>/i, '$&<script src="/prepare.js"></script>') : html)

/** The package's own entries, from its `exports`. */
function packageImports() {
  const manifest = JSON.parse(readFileSync(join(PACKAGE, 'package.json'), 'utf8'))
  const files = Object.entries(manifest.exports).map(([subpath, target]) => [subpath, target.import?.default ?? target.default])
  return Object.fromEntries(
    files
      .filter(([, file]) => file?.startsWith('./dist/'))
      .map(([subpath, file]) => [`${manifest.name}${subpath.slice(1)}`, file.replace('./dist/', '/package/')])
  )
}

/** npm packages, as `bundle` names their files. */
const dependencyImports = (packages) =>
  Object.fromEntries([...DEPENDENCIES, ...packages].map((name) => [name, `/modules/${fileName(name)}.js`]))

const fileName = (name) => name.replaceAll('/', '__')

/** Bundles npm packages into modules that share what they have in common. */
async function bundle(names, from) {
  const result = await build({
    absWorkingDir: ROOT,
    bundle: true,
    define: { 'process.env.NODE_ENV': '"production"' },
    entryPoints: names.map((name) => ({ in: `entry:${name}`, out: fileName(name) })),
    format: 'esm',
    logLevel: 'error',
    nodePaths: [join(from, 'node_modules'), join(PACKAGE, 'node_modules')],
    outdir: join(ROOT, 'modules'),
    platform: 'browser',
    plugins: [exportsOf()],
    splitting: true,
    target: 'es2022',
    write: false,
  })
  return Object.fromEntries(result.outputFiles.map(({ path, text }) => [path.slice(ROOT.length), text]))
}

/** Entries that export all that a package does. Of a CommonJS package a bundler does not know the names, but Node does. */
function exportsOf() {
  return {
    name: 'exports-of',
    setup({ onLoad, onResolve, resolve }) {
      onResolve({ filter: /^entry:/ }, ({ path }) => ({ path: path.slice('entry:'.length), namespace: 'entry' }))
      onLoad({ filter: /.*/, namespace: 'entry' }, async ({ path: name }) => {
        const found = await resolve(name, { kind: 'import-statement', resolveDir: ROOT })
        if (found.errors.length > 0) return { errors: found.errors }
        const names = Object.keys(await import(pathToFileURL(found.path))).filter((one) => /^[A-Za-z_$][\w$]*$/.test(one))
        return { contents: `export { ${names.join(', ')} } from ${JSON.stringify(name)}`, resolveDir: ROOT }
      })
    },
  }
}

async function stored(pathname, folder) {
  const places = [[/^\/package\//, DIST]]
  if (folder) places.push([/^\//, folder])
  for (const [prefix, root] of places) {
    if (!prefix.test(pathname)) continue
    const file = resolve(root, decodeURIComponent(pathname.replace(prefix, '')))
    if (!file.startsWith(resolve(root) + sep)) continue
    const body = await readFile(file).catch(() => undefined)
    if (body !== undefined) return { body }
  }
  return undefined
}
