/**
 * The entry with its WebAssembly in a separate file, and pages with a strict Content-Security-Policy.
 */

import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { describe, test } from 'node:test'

import { bundlePage, pageOf } from '../support/bundle.mjs'
import { stage } from '../support/stage.mjs'

const PAGE = new URL('pages/slim.js', import.meta.url).pathname
const WASM = new URL('../../pkg/dist/flowise-stream.wasm', import.meta.url)

const policy = (script) => ({
  body: pageOf('/page.js'),
  headers: { 'content-security-policy': `default-src 'self'; script-src ${script}; connect-src *; img-src data:` },
})

const { dev, open: openPage } = stage({
  site: {
    files: async () => {
      const wasm = await readFile(WASM)
      return {
        '/page': pageOf('/page.js'),
        '/page.js': await bundlePage(PAGE),
        '/flowise-stream.wasm': { body: wasm },
        '/untyped': { body: wasm, headers: { 'content-type': 'application/octet-stream' } },
        '/damaged.wasm': { body: wasm.subarray(0, 1000) },
        '/strict': policy("'self'"),
        '/strict-with-wasm': policy("'self' 'wasm-unsafe-eval'"),
      }
    },
  },
})

/** Asks in a page, with one of the entries. */
async function ask([entry, options, question]) {
  const { text } = await window[entry].query({ question }, options)
  return text
}

async function open(t, path = '/page') {
  const page = await openPage(t, path)
  await page.waitForFunction(() => window.slim)
  return page
}

const options = () => ({ url: dev.sse, chatflowId: 'scripted' })

describe('the slim entry', () => {
  for (const [name, input] of Object.entries({
    'the file beside it': () => undefined,
    'an address': () => '/flowise-stream.wasm',
    'a URL': () => new URL('/flowise-stream.wasm', location.href),
    'a response': () => fetch('/flowise-stream.wasm'),
    'a response of another content type': () => fetch('/untyped'),
    'bytes': () => fetch('/flowise-stream.wasm').then((response) => response.arrayBuffer()),
    'a module': () => WebAssembly.compileStreaming(fetch('/flowise-stream.wasm')),
  })) {
    test(`streams with its WebAssembly from ${name}`, async (t) => {
      const page = await open(t)
      await page.evaluate(`slim.init((${input})())`)
      assert.equal(await page.evaluate(ask, ['slim', options(), 'say slim']), 'slim')
    })
  }

  test('a call before init fails with an error that names init', async (t) => {
    const page = await open(t)
    const [code, message] = await page.evaluate(() => {
      try {
        slim.connect('http://127.0.0.1:1')
      } catch (error) {
        return [error.code, error.message]
      }
    })
    assert.equal(code, 'config')
    assert.match(message, /init\(\)/)
  })

  test('init can be called again after a failure', async (t) => {
    const page = await open(t)
    const failures = await page.evaluate(async () => {
      const failed = (input) => slim.init(input).catch(({ code, status, message }) => ({ code, status, message }))
      return [await failed('/missing.wasm'), await failed('/damaged.wasm')]
    })
    assert.deepEqual([failures[0].code, failures[0].status], ['connect', 404])
    assert.equal(failures[1].code, 'unsupported')
    assert.match(failures[1].message, /damaged/)
    await page.evaluate(() => slim.init())
    assert.equal(await page.evaluate(ask, ['slim', options(), 'say again']), 'again')
  })
})

describe('a page with a Content-Security-Policy', () => {
  test("that allows 'wasm-unsafe-eval' streams", async (t) => {
    const page = await open(t, '/strict-with-wasm')
    await page.evaluate(() => slim.init())
    for (const entry of ['main', 'slim']) assert.equal(await page.evaluate(ask, [entry, options(), 'say strict']), 'strict')
  })

  test('that does not gets an error that says what to allow', async (t) => {
    const page = await open(t, '/strict')
    const errors = await page.evaluate(async () => {
      const said = ({ code, message }) => [code, message.includes("'wasm-unsafe-eval'")]
      const thrown = () => {
        try {
          main.connect('http://127.0.0.1:1')
        } catch (error) {
          return error
        }
      }
      const rejected = await main.query({ question: 'x' }, { url: 'http://127.0.0.1:1', chatflowId: 'x' }).catch((error) => error)
      return [thrown(), rejected, await slim.init().catch((error) => error)].map(said)
    })
    assert.deepEqual(errors, Array(3).fill(['unsupported', true]))
    // the browser's own message about it
    page.problems.length = 0
  })
})
