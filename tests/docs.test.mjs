/** The documentation names existing tests, all exports and the tested recipes. */

import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { test } from 'node:test'

const ROOT = resolve(import.meta.dirname, '..')
const read = (name) => readFileSync(resolve(ROOT, name), 'utf8')

const TITLE = /\btest\(\s*(?:'((?:[^'\\]|\\.)*)'|`([^`]*)`)/g
const FILE = /[\w-]+\.test\.mjs/g

test('docs/reliability.md names tests that exist', () => {
  const named = namedTests(read('docs/reliability.md'))
  assert.ok(named.length > 20, JSON.stringify(named))
  assert.deepEqual(named.filter(({ name, files }) => !files.some((file) => has(read(`tests/e2e/${file}`), name))), [])
})

test('docs/rust.md lists every export of the npm package and of the crate', () => {
  const { page, rust } = namedExports(read('docs/rust.md'))
  const missing = (names, named) => names.filter((name) => !named.has(name))
  const [exported, crate] = [pageExports(), rustExports()]
  assert.ok(exported.length > 80 && crate.length > 90, `${exported.length}, ${crate.length}`)
  assert.deepEqual([missing(exported, page), missing(crate, rust)], [[], []])
})

test('the recipes of pkg/README.md for frameworks and CopilotKit are those that are tested', () => {
  const readme = read('pkg/README.md')
  const [provider] = /function App.*?^}\n/ms.exec(read('tests/packaging/projects/copilotkit/chat.jsx'))
  assert.ok(readme.includes(provider), provider)
  const recipes = ['vue/flowise.js', 'svelte/flowise.js', 'solid/flowise.js', 'angular/flowise.ts']
  for (const file of recipes) assert.ok(readme.includes(`\n${read(`tests/packaging/projects/${file}`)}\`\`\`\n`), file)
})

/** The names in code in the two columns of the table of both APIs. */
function namedExports(markdown) {
  const [, section] = /^## The same in both APIs$(.*?)^## /ms.exec(markdown)
  const rows = [...section.matchAll(/^\| (.*) \|$/gm)].map(([, row]) => row.split(' | '))
  const names = (place) => new Set(rows.flatMap((row) => row[place].match(/`[^`]*`/g) ?? []).flatMap((code) => code.match(/\w+/g) ?? []))
  assert.ok(rows.every((row) => row.length === 2))
  return { page: names(0), rust: names(1) }
}

/** The exports of the package: values of all entries, types of the main one, members of its classes, and options. */
function pageExports() {
  const own = (name, kind) => [...read(`pkg/${name}.d.ts`).matchAll(new RegExp(`^export (?:${kind}) (\\w+)`, 'gm'))].map(([, name]) => name)
  const entries = Object.keys(JSON.parse(read('pkg/package.json')).exports)
  const names = entries.filter((entry) => !/\.\w+$/.test(entry)).map((entry) => entry.slice(2) || 'index')
  const values = names.flatMap((name) => own(name, 'function|class|const'))
  const types = ['index', 'events', 'prediction', 'slim'].flatMap((name) => own(name, 'interface|type'))
  const members = [
    ['index', 'class Flowise'],
    ['index', 'interface PredictionStream'],
    ['prediction', 'interface ServerOptions'],
    ['prediction', 'interface QueryOptions'],
    ['prediction', 'interface Timeouts'],
  ]
  return [...values, ...types, ...members.flatMap(([file, what]) => membersOf(read(`pkg/${file}.d.ts`), what))]
}

function membersOf(source, what) {
  const [, body] = new RegExp(`^export ${what}\\b[^\\n]*\\{\\n(.*?)^\\}`, 'ms').exec(source)
  const names = [...body.matchAll(/^ {2}(?:readonly )?(\w+)[?(:<]/gm)].map(([, name]) => name)
  assert.ok(names.length > 0, what)
  return names.filter((name) => name !== 'constructor')
}

/** The exports of the crate outside its modules, and the methods of the types that a page uses. */
function rustExports() {
  const listed = read('tests/public-api.txt')
  const items = /^(?:(?:struct|enum|mod) flowise_stream::|flowise_stream re-exports )(\w+)(?!\w|::)/gm
  const methods = /^flowise_stream::(?:Flowise|FlowiseBuilder|Chat|EventStream|SpeechStream|EventDecoder|Upload)::(\w+)/gm
  return [items, methods].flatMap((pattern) => [...listed.matchAll(pattern)].map(([, name]) => name))
}

/** The last cells of the tables whose last heading is `test`, with the files that the section, or the cell itself, names. */
function namedTests(markdown) {
  return markdown.split(/^## /m).flatMap((section) => {
    const lines = section.split('\n')
    const start = lines.findIndex((line) => /\| test \|$/.test(line))
    if (start < 0) return []
    const files = lines.slice(0, start).join('\n').match(FILE)
    const rows = lines.slice(start + 2, lines.indexOf('', start))
    return rows.map((row) => {
      const cell = row.split(' | ').at(-1).replace(/ [¹²³]? ?\|$| \|$/, '')
      const [, file, name] = /^(?:`([\w-]+\.test\.mjs)`: )?(.*)$/.exec(cell)
      return { name, files: file ? [file] : files }
    })
  })
}

/** Whether a file has a test of this name. What it puts into a name may be anything but a name of its own. */
function has(source, name) {
  return [...source.matchAll(TITLE)].some(([, plain, template]) => {
    if (plain !== undefined) return plain.replaceAll('\\', '') === name
    const parts = template.split(/\$\{.*?\}/)
    if (parts.join('').trim() === '') return name.split(' ').some((_, at, words) => quotes(source, words.slice(0, at)) && quotes(source, words.slice(at)))
    return new RegExp(`^${parts.map(escape).join('.+')}$`).test(name)
  })
}

const quotes = (source, words) => source.includes(`'${words.join(' ')}'`)
const escape = (text) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
