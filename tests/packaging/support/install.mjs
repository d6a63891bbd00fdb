/** Installs the built package as `npm install` does, from what `npm publish` would send. */

import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)

export const HERE = resolve(import.meta.dirname, '..')
export const WORK = join(HERE, 'work')
const PACKAGE = resolve(HERE, '../../pkg')

/** Where the tools' commands are. */
export const bin = (name) => join(HERE, 'node_modules/.bin', name)

export async function install() {
  if (!existsSync(join(PACKAGE, 'dist/index.js'))) throw new Error('the package is not built: cargo xtask build')
  await tools()
  await rm(WORK, { recursive: true, force: true })
  await mkdir(WORK)
  const [{ filename, files }] = JSON.parse((await run('npm', ['pack', '--json', '--pack-destination', WORK], { cwd: PACKAGE })).stdout)
  const archive = join(WORK, filename)
  await writeFile(join(WORK, 'package.json'), JSON.stringify({ private: true, dependencies: { 'flowise-stream': `file:${filename}` } }))
  // The peer is the application's, in the folder above.
  await run('npm', ['install', '--legacy-peer-deps', '--no-audit', '--no-fund', '--prefer-offline'], { cwd: WORK })
  const manifest = JSON.parse(await readFile(join(WORK, 'node_modules/flowise-stream/package.json'), 'utf8'))

  return {
    files: files.map(({ path }) => path),
    /** All files that package.json names. */
    targets: [...new Set(leaves([manifest.exports, manifest.main, manifest.module, manifest.types, manifest.unpkg]))],
    /** What publint complains of. */
    publint: () => complaints(bin('publint'), ['run', archive, '--strict']),
    /** What attw complains of. Of the slim entry alone it is no fault that nobody can `require` it: it awaits its WebAssembly. */
    async attw() {
      const slim = complaints(bin('attw'), [archive, '--entrypoints', 'slim', '--ignore-rules', 'cjs-resolves-to-esm'])
      const others = complaints(bin('attw'), [archive, '--exclude-entrypoints', 'slim', 'slim.wasm'])
      return (await slim) + (await others)
    },
  }
}

/** Installs the tools, unless they are there as they are locked. */
async function tools() {
  const changed = (file) => stat(join(HERE, file)).then(({ mtimeMs }) => mtimeMs, () => 0)
  const [locked, there] = await Promise.all([changed('package-lock.json'), changed('node_modules/.package-lock.json')])
  // not `npm ci`: it fails where a registry lacks an optional package, of a platform that is not this one
  if (there < locked) await run('npm', ['install', '--no-save', '--no-audit', '--no-fund', '--prefer-offline'], { cwd: HERE })
}

/** What a tool prints when it is not content. */
const complaints = (command, args) => run(command, args, { cwd: WORK }).then(() => '', ({ stdout, stderr }) => stdout + stderr)

function leaves(value) {
  if (typeof value === 'string') return value.startsWith('./') ? [value] : []
  return value && typeof value === 'object' ? Object.values(value).flatMap(leaves) : []
}
