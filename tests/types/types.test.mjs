/** The hand-written types: what must compile does, what must not does not, and they say what the code says. */

import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { readdir, readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const root = new URL('../../', import.meta.url)
const path = (name) => fileURLToPath(new URL(name, root))
const text = (name) => readFile(path(name), 'utf8')

const PROJECTS = ['tsconfig.json', 'tsconfig.nodenext.json', 'tsconfig.ai-sdk.json', 'tsconfig.ai-sdk-6.json', 'tsconfig.ai-sdk-5.json']

for (const project of PROJECTS) {
  test(`${project}: what must compile does, and the lines that expect an error have one`, async () => {
    const compile = promisify(execFile)(path('pkg/node_modules/.bin/tsc'), ['--project', path(`tests/types/${project}`)])
    await compile.catch(({ stdout }) => assert.fail(stdout))
  })
}

test('the codes of FlowiseError are those of ErrorKind', async () => {
  const union = /type FlowiseErrorCode =([^\n]*\n(?: +\|.*\n)+)/.exec(await text('pkg/index.d.ts'))[1]
  const kinds = /pub enum ErrorKind \{\n(.*?)\n    \}/s.exec(await text('src/error/kind.rs'))[1]
  const known = quoted(kinds.replace(/\/\/\/.*/g, ''), '"')
  assert.deepEqual(quoted(union, "'"), known)
})

test('every code is explained', async () => {
  const types = await text('pkg/index.d.ts')
  const explained = [...types.matchAll(/^ \* - `([a-z-]+)`:/gm)].map(([, code]) => code)
  assert.deepEqual(explained.sort(), quoted(/type FlowiseErrorCode =([^\n]*\n(?: +\|.*\n)+)/.exec(types)[1], "'"))
})

test('the known events are those of EventKind', async () => {
  const payloads = /interface FlowisePayloads \{\n(.*?)\n\}/s.exec(await text('pkg/events.d.ts'))[1]
  const typed = [...payloads.matchAll(/^  (\w+):/gm)].map(([, name]) => name)
  const kinds = /event_kinds! \{\n(.*?)\n\}/s.exec(await text('src/frame/kind.rs'))[1]
  assert.deepEqual(typed.sort(), quoted(kinds.replace(/\/\/\/.*/g, ''), '"'))
})

for (const entry of ['index', 'slim', 'store', 'react', 'ai', 'ag-ui']) {
  test(`${entry}: every value that is typed is exported, and every export is typed`, async () => {
    const declared = new Set(await values(entry))
    assert.deepEqual([...declared].sort(), (await exportsOf(entry)).sort())
  })
}

test('no entry loads a file of which it needs nothing: bundlers warn of that', async () => {
  const files = (await readdir(path('pkg/dist'))).filter((name) => name.endsWith('.js'))
  const bare = await Promise.all(files.map(async (name) => [name, /\bimport\s*["']\.\//.test(await text(`pkg/dist/${name}`))]))
  assert.deepEqual(bare.filter(([, isBare]) => isBare), [])
})

/** The names that a built entry exports. It is not run: what it imports may not be there. */
async function exportsOf(entry) {
  const { build } = createRequire(path('pkg/package.json'))('esbuild')
  const { metafile } = await build({ entryPoints: [path(`pkg/dist/${entry}.js`)], format: 'esm', metafile: true, outdir: '.', write: false })
  return Object.values(metafile.outputs)[0].exports
}

/** The values that a declaration file declares, with those of what it passes on. */
async function values(entry) {
  const types = await text(`pkg/${entry}.d.ts`)
  const own = [...types.matchAll(/^export (?:declare )?(?:function|class|const) (\w+)/gm)].map(([, name]) => name)
  const passed = [...types.matchAll(/^export \* from '\.\/(\w+)\.js'/gm)].map(([, name]) => values(name))
  const named = [...types.matchAll(/^export \{ (\w[^}]*) \} from/gm)].flatMap(([, names]) => names.split(', ')).filter((name) => name !== 'default')
  const isDefault = /^export (?:default |\{ default \})/m.test(types) ? ['default'] : []
  return [...own, ...named, ...isDefault, ...(await Promise.all(passed)).flat().filter((name) => name !== 'default')]
}

function quoted(source, quote) {
  return [...source.matchAll(new RegExp(`${quote}([^${quote}]+)${quote}`, 'g'))].map(([, name]) => name).sort()
}
