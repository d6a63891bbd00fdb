/** The JavaScript of the READMEs: it can be parsed, and it fits the types. */

import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { before, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

import { examples } from '../support/readme.mjs'

const path = (name) => fileURLToPath(new URL(`../../${name}`, import.meta.url))
// The packages that the examples import are found from here.
const FOLDER = path('tests/artifacts/readme')
const READMES = ['README.md', 'pkg/README.md', 'docs/coming-from.md', 'docs/reliability.md', 'docs/rust.md']
const EXTENSIONS = { ts: 'ts', tsx: 'tsx' }

const found = (await Promise.all(READMES.map(async (name) => examples(await readFile(path(name), 'utf8')).map((one) => ({ ...one, readme: name }))))).flat()

before(async () => {
  await rm(FOLDER, { recursive: true, force: true })
  await mkdir(FOLDER, { recursive: true })
  await Promise.all(found.map(({ readme, line, language, code }) => writeFile(`${FOLDER}/${readme.replace('/', '-')}-${line}.${EXTENSIONS[language] ?? 'jsx'}`, code)))
})

test('the examples of the READMEs are found', () => {
  const count = (name) => found.filter(({ readme }) => readme === name).length
  assert.ok(count('README.md') >= 2 && count('pkg/README.md') >= 9, JSON.stringify(found))
})

test('they compile, with the types of the package', async () => {
  const compile = promisify(execFile)(path('pkg/node_modules/.bin/tsc'), ['--project', path('tests/types/tsconfig.readme.json')])
  await compile.catch(({ stdout }) => assert.fail(stdout))
})
