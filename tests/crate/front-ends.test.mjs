/**
 * The crate as front ends in Rust get it: packaged, unpacked, and built into the two examples. One of them takes the
 * socket.io-client that the crate brings along, the other brings its own in the way that docs/rust.md shows.
 */

import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join, resolve } from 'node:path'
import { after, before, describe, test } from 'node:test'

import { openFor, startBrowser } from '../support/browser.mjs'
import { startDevServer } from '../support/dev-server.mjs'
import { startFolder } from '../support/folder.mjs'

const ROOT = resolve(import.meta.dirname, '../..')
const PACKAGE = join(ROOT, 'pkg')
const TARGET = process.env.CARGO_TARGET_DIR ?? join(ROOT, 'target')
const CRATE = join(TARGET, 'front-ends')
const SITE = join(CRATE, 'site')
const WASM_TARGET = 'wasm32-unknown-unknown'

const FRONT_ENDS = [
  { name: 'leptos-chat', title: 'Leptos, with the socket.io-client of the crate' },
  { name: 'yew-chat', title: 'Yew, with a socket.io-client of its own', own: true },
]

const run = (command, ...args) => execFileSync(command, args, { cwd: ROOT, stdio: ['ignore', 'pipe', 'inherit'] })

/** Makes the file that would be published. */
const pack = (...how) =>
  run('cargo', 'package', '--package', 'flowise-stream', '--allow-dirty', '--quiet', '--target-dir', TARGET, ...how)

/** Unpacks that file, with the examples in it. */
function unpack() {
  pack('--no-verify')
  const { packages } = JSON.parse(run('cargo', 'metadata', '--no-deps', '--format-version', '1'))
  const { version } = packages.find(({ name }) => name === 'flowise-stream')
  rmSync(CRATE, { recursive: true, force: true })
  mkdirSync(CRATE, { recursive: true })
  run('tar', '--extract', '--file', join(TARGET, `package/flowise-stream-${version}.crate`), '--directory', CRATE, '--strip-components=1')
  cpSync(join(ROOT, 'examples'), join(CRATE, 'examples'), { recursive: true })
}

/** Builds an example as Trunk does, and gives the page that Trunk would make of its `index.html`. */
async function buildPage({ name, own }) {
  const folder = join(CRATE, 'examples', name)
  if (own) {
    const manifest = join(folder, 'Cargo.toml')
    const path = '{ path = "../.."'
    const features = `${path}, default-features = false, features = ["client"]`
    writeFileSync(manifest, readFileSync(manifest, 'utf8').replace(path, features))
  }
  run(
    'cargo', 'build', '--quiet', '--locked', '--package', name, '--target', WASM_TARGET,
    '--manifest-path', join(CRATE, 'examples/Cargo.toml'), '--target-dir', join(TARGET, 'front-ends-build'),
  )
  const program = join(TARGET, 'front-ends-build', WASM_TARGET, 'debug', `${name}.wasm`)
  run('wasm-bindgen', '--target', 'web', '--no-typescript', '--out-dir', join(SITE, name), program)
  cpSync(join(folder, 'style.css'), join(SITE, name, 'style.css'))
  const link = '<link rel="rust" data-trunk data-wasm-opt="z" />'
  const style = '<link rel="css" data-trunk href="style.css" />'
  const html = readFileSync(join(folder, 'index.html'), 'utf8')
  assert.ok(html.includes(link) && html.includes(style), 'the links are such as Trunk knows')
  const load = `<script type="module">import init from './${name}.js'; init()</script>`
  const styled = html.replace(style, '<link rel="stylesheet" href="style.css" />')
  writeFileSync(join(SITE, name, 'index.html'), styled.replace(link, (own ? await importMap() : '') + load))
}

/** Makes the module of the npm packages that the documentation shows, and gives its import map. */
async function importMap() {
  const documentation = readFileSync(join(ROOT, 'docs/rust.md'), 'utf8')
  const block = (language, word) => {
    const blocks = documentation.matchAll(new RegExp(`\`\`\`${language}\\n(.*?)\`\`\``, 'gs'))
    return [...blocks].map(([, text]) => text).find((text) => text.includes(word))
  }
  const { build } = createRequire(join(PACKAGE, 'package.json'))('esbuild')
  await build({
    stdin: { contents: block('js', 'socket.io-client'), resolveDir: PACKAGE },
    bundle: true,
    format: 'esm',
    outfile: join(SITE, 'socket.io.js'),
  })
  return block('html', 'importmap')
}

// what `cargo publish` does before it publishes anything
for (const [title, ...target] of [['natively'], ['for WebAssembly', '--target', WASM_TARGET]]) {
  test(`the packaged crate builds on its own ${title}`, () => {
    pack(...target)
  })
}

describe('front ends in Rust', () => {
  let browser, dev, site

  before(async () => {
    unpack()
    for (const frontEnd of FRONT_ENDS) await buildPage(frontEnd)
    ;[browser, dev, site] = await Promise.all([startBrowser(), startDevServer(), startFolder(SITE)])
  })
  after(() => Promise.all([browser, dev, site].map((one) => one?.stop())))

  for (const { name, title, own } of FRONT_ENDS) {
    describe(title, () => {
      const open = (t, generation, chatflow) => {
        const prediction = encodeURIComponent(`${dev.url(generation)}/api/v1/prediction/${chatflow}`)
        return openFor(t, browser, `${site.url}/${name}/?url=${prediction}`)
      }
      const ask = async (page, question) => {
        await page.getByLabel('Question').fill(question)
        await page.getByRole('button', { name: 'Ask' }).click()
        return page.locator('.flowise').last()
      }
      const isReady = (page) => page.locator('button:has-text("Ask"):enabled').waitFor()

      for (const generation of ['2.0', '3.1']) {
        test(`an answer of Flowise ${generation} is shown as it comes`, async (t) => {
          const page = await open(t, generation, 'scripted')
          const answer = await ask(page, 'say One two three four five.')
          await isReady(page)
          assert.equal(await answer.textContent(), 'One two three four five.')
          assert.equal(await page.locator('.user').textContent(), 'say One two three four five.')
          assert.equal(await page.getByRole('alert').textContent(), '')
        })

        test(`an answer of Flowise ${generation} can be stopped, and the next one comes whole`, async (t) => {
          const page = await open(t, generation, 'scripted')
          const answer = await ask(page, 'slow long 400')
          await answer.filter({ hasText: /\S/ }).waitFor()
          await page.getByRole('button', { name: 'Stop' }).click()
          await isReady(page)
          assert.notEqual(await answer.textContent(), '')
          const next = await ask(page, 'say Done.')
          await isReady(page)
          assert.equal(await next.textContent(), 'Done.')
        })
      }

      test('an error is told in words', async (t) => {
        const page = await open(t, '3.1', 'nobody-knows')
        await ask(page, 'Hi')
        await page.getByRole('alert').filter({ hasText: 'chatflowId' }).waitFor()
      })

      test(`socket.io-client is ${own ? "the page's" : "the crate's"}`, async (t) => {
        const page = await open(t, '2.0', 'scripted')
        const loaded = await page.evaluate(() => performance.getEntriesByType('resource').map(({ name }) => new URL(name).pathname))
        const copies = loaded.filter((path) => path.endsWith('socket.io.js'))
        assert.equal(copies.length, 1)
        assert.equal(copies[0] === '/socket.io.js', Boolean(own), copies[0])
      })
    })
  }
})
