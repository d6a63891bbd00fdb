/**
 * The crate as published: packaged, unpacked, and built into the example chats. One of them uses its own socket.io-client as
 * docs/rust.md describes, the others use the crate's copy.
 */

import assert from 'node:assert/strict'
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { before, describe, test } from 'node:test'

import { Browser, openFor, OWN } from '../support/browser.mjs'
import { DevServer } from '../support/dev-server.mjs'
import { startFolder } from '../support/folder.mjs'
import { buildPage, importMap, ROOT, run, TARGET, WASM_TARGET, withoutCopy } from '../support/front-end.mjs'
import { startForTests, starting } from '../support/stage.mjs'

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
  // with the times of now: all files in it have one of long ago, so cargo would use what it has built of an earlier one
  run('tar', ['--extract', '-m', '--file', file, '--directory', CRATE, '--strip-components=1'])
  cpSync(join(ROOT, 'examples'), join(CRATE, 'examples'), { recursive: true })
}

/** Builds an example, with the socket.io-client of the crate or with one of its page. */
function build({ name, own }) {
  const folder = join(CRATE, 'examples', name)
  if (own) {
    const manifest = join(folder, 'Cargo.toml')
    const path = '{ path = "../.."'
    writeFileSync(manifest, readFileSync(manifest, 'utf8').replace(path, `${path}, ${withoutCopy()}`))
  }
  buildPage({ folder, name, site: SITE, manifest: join(CRATE, 'examples/Cargo.toml'), head: own ? importMap(SITE) : '' })
}

test('the packaged crate has all that belongs into it, and nothing else', () => {
  const files = pack('--list').trimEnd().split('\n')
  const made = ['.cargo_vcs_info.json', 'Cargo.lock', 'Cargo.toml', 'Cargo.toml.orig']
  const texts = ['CHANGELOG.md', 'LICENSE-APACHE', 'LICENSE-MIT', 'README.md']
  const others = [...made, ...texts, 'benches/decode.rs', 'build.rs']
  const sources = run('git', ['ls-files', '--cached', '--others', '--exclude-standard', 'src']).trimEnd().split('\n')
  assert.deepEqual(files.sort(), [...others, ...sources, 'src/vendor/socket.io.js'].sort())
})

// what `cargo publish` does before it publishes anything
for (const [title, ...target] of [['natively'], ['for WebAssembly', '--target', WASM_TARGET]]) {
  test(`the packaged crate builds on its own ${title}`, () => {
    pack(...target)
  })
}

describe('front ends in Rust', () => {
  const [browser, dev, site] = [new Browser(), new DevServer(), starting(() => startFolder(SITE))]

  before(() => {
    unpack()
    for (const frontEnd of FRONT_ENDS) build(frontEnd)
  })
  startForTests(browser, dev, site)

  for (const { name, title, own } of FRONT_ENDS) {
    describe(title, () => {
      const open = (t, generation, chatflow) => {
        const prediction = encodeURIComponent(`${dev.url(generation)}/api/v1/prediction/${chatflow}`)
        // a storage of its own
        return openFor(t, browser, `${site.url}/${name}/?url=${prediction}`, OWN)
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
        test(`an answer of Flowise ${generation} that does not come in pieces is shown whole`, async (t) => {
          const page = await open(t, generation, 'parser')
          const answer = await ask(page, 'say red, green, blue')
          await isReady(page)
          assert.match(await answer.textContent(), /^\["red","green","blue/)
        })

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

      /** The bodies of the questions that a page asks, as they come. */
      const questions = (page) => {
        const bodies = []
        page.on('request', (request) => {
          if (request.method() === 'POST' && request.postDataJSON()?.question) bodies.push(request.postDataJSON())
        })
        return bodies
      }
      const shown = async (page) => (await page.locator('ol > li').allInnerTexts()).map((text) => text.trim())

      for (const generation of ['2.0', '3.1']) {
        test(`a conversation with Flowise ${generation} is there after a reload, and the next question continues it`, async (t) => {
          const page = await open(t, generation, 'scripted')
          const asked = questions(page)
          for (const question of ['say One.', 'sources say Two.']) {
            await ask(page, question)
            await isReady(page)
          }
          await page.reload()
          const answer = await ask(page, 'say Three.')
          await isReady(page)
          assert.equal(await answer.textContent(), 'Three.')
          const texts = await shown(page)
          assert.deepEqual(texts.map((text) => text.split('\n')[0]), ['say One.', 'One.', 'sources say Two.', 'Two.', 'say Three.', 'Three.'])
          assert.ok((await page.locator('.flowise .sources').count()) > 0)
          assert.equal(asked.length, 3)
          for (const body of asked) assert.equal(body.chatId, asked[0].chatId)
        })
      }

      test('a stopped answer is there after a reload, and the next one has its memory but not its words', async (t) => {
        const page = await open(t, '3.1', 'scripted-chain')
        const asked = questions(page)
        const answer = await ask(page, 'slow long 60')
        await answer.filter({ hasText: /\S/ }).waitFor()
        await page.getByRole('button', { name: 'Stop' }).click()
        await isReady(page)
        const part = (await answer.textContent()).trim()
        await page.reload()
        const next = await ask(page, 'say Done.')
        await isReady(page)
        assert.deepEqual(await shown(page), ['slow long 60', part, 'say Done.', 'Done.'])
        assert.equal(await next.textContent(), 'Done.')
        const [first, second] = asked
        assert.notEqual(second.chatId, first.chatId)
        assert.equal(second.overrideConfig.sessionId, first.chatId)
      })

      test('a page that is reloaded in mid-answer has its question, and the next answer does not meet the run', async (t) => {
        const page = await open(t, '3.1', 'scripted-chain')
        const asked = questions(page)
        const answer = await ask(page, 'slow long 60')
        await answer.filter({ hasText: /\S/ }).waitFor()
        await page.reload()
        assert.equal(await page.locator('.user').textContent(), 'slow long 60')
        const next = await ask(page, 'say Done.')
        await isReady(page)
        assert.equal(await next.textContent(), 'Done.')
        const [first, second] = asked
        assert.notEqual(second.chatId, first.chatId)
        assert.equal(second.overrideConfig.sessionId, first.chatId)
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
