/**
 * The built files run in the lowest versions of the READMEs. `docs/browsers.md` lists the features, with versions from MDN's data.
 */

import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { test } from 'node:test'

import { ESLint } from 'eslint'
import compat from 'eslint-plugin-compat'
import esx from 'eslint-plugin-es-x'

const data = createRequire(import.meta.url)('@mdn/browser-compat-data')

const ROOT = resolve(import.meta.dirname, '..')
const DIST = join(ROOT, 'pkg/dist')
const BROWSERS = ['chrome', 'firefox', 'safari']

/** Entries with the same requirements, by their rows in the package's README. */
const ENTRIES = {
  '`flowise-stream`, and the classic script': ['index.js', 'index.cjs', 'index.iife.js'],
  '`flowise-stream/store`, `/react`, `/ai`, `/ag-ui`': ['store', 'react', 'ai', 'ag-ui'].flatMap((name) => [`${name}.js`, `${name}.cjs`]),
  '`flowise-stream/slim`': ['slim.js'],
}

/** Features that are used only if present; everything else works without them. */
const IF_THERE = [
  [/TransformStream|WebTransport/, 'socket.io-client, for its transport WebTransport, which has to be asked for'],
  [/Uint8Array\.fromBase64/, 'makes bytes of the WebAssembly in the script; without it, `atob` does'],
  [/ArrayBuffer\.prototype\.detached/, 'a member of our own with that name'],
]

/** Interfaces whose instances the package uses. */
const INTERFACES = [
  ...['AbortController', 'AbortSignal', 'Blob', 'Crypto', 'Document', 'Event', 'EventTarget', 'File', 'FormData', 'Headers', 'MessageEvent', 'MessagePort'],
  ...['ReadableStream', 'ReadableStreamDefaultController', 'ReadableStreamDefaultReader', 'Request', 'Response', 'Storage', 'TextDecoder', 'TextEncoder'],
  ...['URL', 'URLSearchParams', 'WebSocket', 'Window', 'XMLHttpRequest'],
]

/** Members of these names belong to socket.io-client's transports for Node and WebTransport. */
const OF_SOCKET_IO = ['getSetCookie', 'pipeThrough', 'pipeTo']

/** The features that `docs/browsers.md` lists: what they are, which entries need them, and the versions that introduced them. */
const FEATURES = rows(readFileSync(join(ROOT, 'docs/browsers.md'), 'utf8'), 'Feature').map(([what, key, entries, ...versions]) => ({
  what,
  key: key.replaceAll('`', ''),
  entries,
  versions,
}))

const README = rows(readFileSync(join(ROOT, 'pkg/README.md'), 'utf8'), 'Entry').filter(([entry]) => entry in ENTRIES)

/** The rows of the table whose head begins with a word and names the browsers. */
function rows(markdown, word) {
  const [, body] = new RegExp(`^\\| ${word} \\|.* Chrome.*\\| Firefox \\| Safari \\|\\n\\|[-|: ]+\\|\\n((?:\\|.*\\n)+)`, 'm').exec(markdown)
  return body.trim().split('\n').map((line) => line.split('|').slice(1, -1).map((cell) => cell.trim()))
}

/** Whether a row concerns an entry; `script` stands for the entries with the WebAssembly in a script. */
const concerns = (entries, entry) => entries === 'all' || (entries === 'script' ? !entry.includes('/slim') : entry.includes(entries))

const versionIn = (support, browser) => [support[browser]].flat()[0]?.version_added

test('the versions in docs/browsers.md are those of MDN’s data', () => {
  assert.ok(FEATURES.length > 10)
  for (const { what, key, versions } of FEATURES) {
    if (key.startsWith('http')) continue
    const { support } = key.split('.').reduce((at, name) => at?.[name], data)?.__compat ?? assert.fail(`${what}: there is no ${key}`)
    assert.deepEqual(versions, BROWSERS.map((browser) => versionIn(support, browser)), what)
  }
})

test('the README names the first versions that have all that an entry needs', () => {
  assert.equal(README.length, 3)
  for (const [entry, ...versions] of README) {
    const needed = FEATURES.filter(({ entries }) => concerns(entries, entry))
    const latest = BROWSERS.map((_, index) => needed.map(({ versions }) => versions[index]).reduce((a, b) => (Number(a) > Number(b) ? a : b)))
    assert.deepEqual(versions, latest, entry)
  }
})

const NEWER_SYNTAX = Object.fromEntries(
  Object.keys(esx.configs)
    .filter((name) => /^flat\/no-new-in-es(202[3-9]|next)/.test(name))
    .flatMap((name) => Object.entries(esx.configs[name].rules))
    // the linter cannot tell methods of iterators from those of arrays
    .filter(([rule]) => !rule.startsWith('es-x/no-iterator-prototype-')),
)

/** Whether a rule is about a feature that the page lists for these entries. */
const isListed = (rule, entry) =>
  FEATURES.some(({ key, entries }) => concerns(entries, entry) && /Array\.findLast/.test(key) && rule.includes('findlast'))

/** A file with all that it imports from the package. */
function withImports(file, found = new Set()) {
  if (found.has(file)) return found
  found.add(file)
  const source = readFileSync(join(DIST, file), 'utf8')
  for (const [, other] of source.matchAll(/(?:from|import|require)\s*\(?["']\.\/([\w.-]+\.c?js)["']/g)) withImports(other, found)
  return found
}

/** The member names that are newer in every interface that has them. A linter cannot know which object a member belongs to. */
function newerMembers(source, versions) {
  const used = new Set([...source.matchAll(/\.([A-Za-z]\w+)/g)].map(([, name]) => name))
  const places = new Map()
  for (const face of INTERFACES) {
    for (const [key, { __compat }] of Object.entries(data.api[face])) {
      const isStatic = key.endsWith('_static')
      const name = isStatic ? `${face}.${key.slice(0, -'_static'.length)}` : key
      if (__compat && (isStatic ? source.includes(name) : used.has(name))) (places.get(name) ?? places.set(name, []).get(name)).push(__compat.support)
    }
  }
  const isOld = (support) => BROWSERS.every((browser, index) => Number(versionIn(support, browser)) <= Number(versions[index]))
  return [...places].filter(([, supports]) => !supports.some(isOld)).map(([name]) => name)
}

for (const [entry, ...versions] of README) {
  test(`${entry}: the scripts use nothing newer than Chrome ${versions[0]}, Firefox ${versions[1]} and Safari ${versions[2]}`, async () => {
    const files = [...new Set(ENTRIES[entry].flatMap((file) => [...withImports(file)]))]
    const eslint = new ESLint({
      cwd: DIST,
      overrideConfigFile: true,
      allowInlineConfig: false,
      overrideConfig: {
        files: ['**/*.js', '**/*.cjs'],
        // syntax that does not parse is newer
        languageOptions: { ecmaVersion: 2022 },
        plugins: { compat, 'es-x': esx },
        settings: { 'es-x': { aggressive: true }, browsers: BROWSERS.map((name, index) => `${name} ${versions[index]}`), lintAllEsApis: true },
        rules: { ...NEWER_SYNTAX, 'compat/compat': 'error' },
      },
    })
    const problems = (await eslint.lintFiles(files)).flatMap(({ filePath, messages }) =>
      messages
        .filter(({ ruleId, message }) => !isListed(String(ruleId), entry) && !IF_THERE.some(([what]) => what.test(message)))
        .map(({ message, line, column }) => `${filePath}:${line}:${column} ${message}`),
    )
    assert.deepEqual(problems, [])
    const members = files.flatMap((file) => newerMembers(readFileSync(join(DIST, file), 'utf8'), versions).map((name) => `${file}: ${name}`))
    assert.deepEqual(members.filter((found) => !OF_SOCKET_IO.some((name) => found === `index.iife.js: ${name}`)), [])
  })
}

test('the WebAssembly needs no other features than docs/browsers.md lists', () => {
  const flags = {
    'webassembly.bulk-memory-operations': 'bulk-memory',
    'webassembly.fixed-width-SIMD': 'simd',
    'webassembly.multi-value': 'multivalue',
    'webassembly.non-trapping-float-to-int-conversions': 'nontrapping-float-to-int',
    'webassembly.reference-types': 'reference-types',
  }
  const listed = FEATURES.flatMap(({ key }) => flags[key] ?? [])
  assert.equal(listed.length, Object.keys(flags).length)
  // it fails if the module uses a feature that is not enabled
  const isEnough = (names) => {
    const args = ['--mvp-features', ...names.map((name) => `--enable-${name}`), join(DIST, 'flowise-stream.wasm'), '-o', join(tmpdir(), 'validated.wasm')]
    try {
      execFileSync(join(ROOT, 'pkg/node_modules/.bin/wasm-opt'), args, { stdio: 'pipe' })
      return true
    } catch {
      return false
    }
  }
  // every browser had these before SIMD
  const old = ['sign-ext', 'mutable-globals']
  assert.ok(isEnough([...old, ...listed]))
  for (const name of listed) assert.ok(!isEnough([...old, ...listed.filter((other) => other !== name)]), `${name} is not needed`)
})
