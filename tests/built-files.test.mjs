/**
 * Engines keep a script at one byte a character as long as no character in it is above U+00FF: with one that is, the WebAssembly
 * in the script takes twice its size, and so does the whole bundle of an application.
 */

import assert from 'node:assert/strict'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join, resolve } from 'node:path'
import { test } from 'node:test'

const PACKAGE = resolve(import.meta.dirname, '../pkg')
const DIST = join(PACKAGE, 'dist')
const { build, transform } = createRequire(join(PACKAGE, 'package.json'))('esbuild')

const scripts = readdirSync(DIST).filter((file) => /\.c?js$/.test(file))

test('there are scripts', () => assert.ok(scripts.includes('index.js') && scripts.includes('index.cjs'), scripts.join()))

for (const file of scripts) {
  test(`${file} is one byte a character, also when a bundler has been over it`, async () => {
    const source = readFileSync(join(DIST, file), 'utf8')
    // It writes what a literal means: the character instead of its escape.
    const { code } = await transform(source, { charset: 'utf8', minify: true })
    for (const text of [source, code]) {
      const [found] = /.{0,40}[^\0-\xff]/.exec(text) ?? []
      assert.equal(found, undefined)
    }
  })
}

test('the folders for tools that read no `exports` lead to files that are there', () => {
  const folders = readdirSync(PACKAGE).filter((name) => existsSync(join(PACKAGE, name, 'package.json')))
  const led = folders.flatMap((name) => {
    const { main, module, types } = JSON.parse(readFileSync(join(PACKAGE, name, 'package.json'), 'utf8'))
    return [main, module, types].filter(Boolean).map((file) => join(PACKAGE, name, file))
  })
  assert.ok(led.length > 10, led.join())
  assert.deepEqual(led.filter((file) => !existsSync(file)), [])
})

test('the types for CommonJS refer to no types for modules', () => {
  const types = readdirSync(DIST).filter((file) => file.endsWith('.d.cts'))
  assert.ok(types.length > 5, types.join())
  assert.deepEqual(types.filter((file) => /['"]\.\/[\w-]+\.js['"]/.test(readFileSync(join(DIST, file), 'utf8'))), [])
})

const { exports } = JSON.parse(readFileSync(join(PACKAGE, 'package.json'), 'utf8'))
const entries = Object.keys(exports).filter((entry) => !/\.(wasm|json)$/.test(entry))

/** What a bundler makes of a module that imports an entry. */
async function bundled(contents, conditions) {
  const { outputFiles } = await build({
    bundle: true,
    conditions,
    external: ['react'],
    format: 'esm',
    loader: { '.wasm': 'empty' },
    logLevel: 'error',
    minify: true,
    stdin: { contents, resolveDir: import.meta.dirname },
    write: false,
  })
  return outputFiles[0].text
}

for (const conditions of [[], ['workerd']]) {
  for (const entry of entries) {
    const name = entry.replace('.', 'flowise-stream')
    // The WebAssembly of Workers is ready when it is imported, which is an effect.
    const keeps = conditions.length > 0 && entry !== './slim'
    test(`${['a bundle', ...conditions].join(' for ')} ${keeps ? 'has' : 'has nothing of'} ${name} where nothing of it is used`, async () => {
      const text = await bundled(`import * as unused from '${name}'`, conditions)
      assert.equal(text.length > 0, keeps, text.slice(0, 200))
    })
  }
}
