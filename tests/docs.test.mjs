/** What the documentation says of tests: those that it names are there. */

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

test('the recipes of pkg/README.md for frameworks are those that are tested', () => {
  const readme = read('pkg/README.md')
  const recipes = ['vue/flowise.js', 'svelte/flowise.js', 'solid/flowise.js', 'angular/flowise.ts']
  for (const file of recipes) assert.ok(readme.includes(`\n${read(`tests/packaging/projects/${file}`)}\`\`\`\n`), file)
})

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
