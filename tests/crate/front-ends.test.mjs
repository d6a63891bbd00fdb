/**
 * The crate as published: packaged, unpacked, and built into the example chats. One of them uses its own socket.io-client as
 * docs/rust.md describes, the others use the crate's copy.
 */

import assert from 'node:assert/strict'
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'

import { openFor, startBrowser } from '../support/browser.mjs'
import { startDevServer } from '../support/dev-server.mjs'
import { startFolder } from '../support/folder.mjs'
import { buildPage, importMap, ROOT, run, TARGET, WASM_TARGET } from '../support/front-end.mjs'

const CRATE = join(TARGET, 'front-ends')
const SITE = join(CRATE, 'site')

const FRONT_ENDS = [
  { name: 'dioxus-chat', title: 'Dioxus, with the socket.io-client of the crate' },
  { name: 'leptos-chat', title: 'Leptos, with the socket.io-client of the crate' },
  { name: 'yew-chat', title: 'Yew, with a socket.io-client of its own', own: true },
]

/** Makes the file that would be published. */
const pack = (...how) =>
  run('cargo', ['package', '--package', 'flowise-stream', '--allow-dirty', '--quiet', '--target-dir', TARGET, ...how])

/** Unpacks that file, with the examples in it. */
function unpack() {
  pack('--no-verify')
  const { packages } = JSON.parse(run('cargo', ['metadata', '--no-deps', '--format-version', '1']))
  const { version } = packages.find(({ name }) => name === 'flowise-stream')
  rmSync(CRATE, { recursive: true, force: true })
  mkdirSync(CRATE, { recursive: true })
  const file = join(TARGET, `package/flowise-stream-${version}.crate`)
  run('tar', ['--extract', '--file', file, '--directory', CRATE, '--strip-components=1'])
  cpSync(join(ROOT, 'examples'), join(CRATE, 'examples'), { recursive: true })
}

/** Builds an example, with the socket.io-client of the crate or with one of its page. */
function build({ name, own }) {
  const folder = join(CRATE, 'examples', name)
  if (own) {
    const manifest = join(folder, 'Cargo.toml')
    const path = '{ path = "../.."'
    const features = `${path}, default-features = false, features = ["client"]`
    writeFileSync(manifest, readFileSync(manifest, 'utf8').replace(path, features))
  }
  buildPage({ folder, name, site: SITE, manifest: join(CRATE, 'examples/Cargo.toml'), head: own ? importMap(SITE) : '' })
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
    for (const frontEnd of FRONT_ENDS) build(frontEnd)
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

      for (const generation of ['2.0', '3.1']) {
        test(`what an answer of Flowise ${generation} is based on is listed`, async (t) => {
          const page = await open(t, generation, 'docs')
          const answer = await ask(page, 'Which birds hunt at night?')
          await isReady(page)
          await answer.getByText('Sources').click()
          const sources = answer.locator('.sources li')
          assert.ok((await sources.count()) > 0)
          assert.match(await sources.first().innerText(), /\w/)
        })
      }

      test('a question has the memory of those before', async (t) => {
        const page = await open(t, '3.1', 'scripted')
        const bodies = []
        page.on('request', (request) => {
          if (request.method() === 'POST') bodies.push(request.postDataJSON())
        })
        for (const question of ['say One.', 'say Two.']) {
          await ask(page, question)
          await isReady(page)
        }
        const [first, second] = bodies.filter((body) => body?.question)
        assert.equal(second.question, 'say Two.')
        assert.equal(second.chatId, first.chatId)
        assert.ok(second.overrideConfig.sessionId)
      })

      test('an error is told in words', async (t) => {
        const page = await open(t, '3.1', 'nobody-knows')
        await ask(page, 'Hi')
        await page.getByRole('alert').filter({ hasText: 'FlowiseBuilder::chatflow_id' }).waitFor()
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
