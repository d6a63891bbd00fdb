/**
 * Builds Rust front ends: compiled, bound, and in a page like the one that Trunk makes from `index.html`.
 */

import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'

export const ROOT = resolve(import.meta.dirname, '../..')
export const TARGET = process.env.CARGO_TARGET_DIR ?? join(ROOT, 'target')
export const WASM_TARGET = 'wasm32-unknown-unknown'

/** Runs a program in the repository, or in `cwd`, and returns its output. */
export const run = (program, args, options) =>
  execFileSync(program, args, { cwd: ROOT, stdio: ['ignore', 'pipe', 'inherit'], encoding: 'utf8', ...options })

/** Compiles the package of a folder and puts its page into `site`, below its name. */
export function buildPage({ folder, name, site, manifest = join(folder, 'Cargo.toml'), flags = ['--locked'], head = '' }) {
  const target = join(TARGET, 'front-ends-build')
  const build = ['build', '--quiet', ...flags, '--package', name, '--target', WASM_TARGET, '--target-dir', target, '--manifest-path', manifest]
  // the toolchain of the repository, even for a folder outside it; what a debugger needs would be nine tenths of the file
  run('cargo', build, { env: { ...process.env, CARGO_PROFILE_DEV_DEBUG: 'false' } })
  const page = join(site, name)
  run('wasm-bindgen', ['--target', 'web', '--no-typescript', '--out-dir', page, join(target, WASM_TARGET, 'debug', `${name}.wasm`)])
  cpSync(join(folder, 'style.css'), join(page, 'style.css'))
  const link = '<link rel="rust" data-trunk data-wasm-opt="z" />'
  const style = '<link rel="css" data-trunk href="style.css" />'
  const html = readFileSync(join(folder, 'index.html'), 'utf8')
  assert.ok(html.includes(link) && html.includes(style), 'the links are such as Trunk knows')
  const load = `<script type="module">import init from './${name}.js'; init()</script>`
  const styled = html.replace(style, '<link rel="stylesheet" href="style.css" />')
  writeFileSync(join(page, 'index.html'), styled.replace(link, head + load))
}

const documentation = () => readFileSync(join(ROOT, 'docs/rust.md'), 'utf8')

/** How docs/rust.md has an application turn off the crate's copy of socket.io-client: the rest of its line in `Cargo.toml`. */
export const withoutCopy = () => /^flowise-stream = \{ version = "[\d.]+", (default-features = false, .*"client".*) \}$/m.exec(documentation())[1]

/** The import map that docs/rust.md shows, for the file as the site serves it. */
export function importMap(site) {
  const blocks = [...documentation().matchAll(/```html\n(.*?)```/gs)].map(([, block]) => block)
  const map = blocks.find((block) => block.includes('importmap'))
  const [address, version, file] = /https:[^"]*socket\.io-client@([\d.]+)\/(dist\/[^"]+)/.exec(map)
  const { dependencies } = JSON.parse(readFileSync(join(ROOT, 'pkg/package.json'), 'utf8'))
  assert.equal(version, dependencies['socket.io-client'], 'the map names the tested release')
  mkdirSync(site, { recursive: true })
  cpSync(join(ROOT, 'pkg/node_modules/socket.io-client', file), join(site, 'socket.io.js'))
  return map.replace(address, '/socket.io.js')
}
