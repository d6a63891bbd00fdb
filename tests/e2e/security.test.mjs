/**
 * The API key goes only to the configured server, and no server data changes the page's own objects. `SECURITY.md` explains it to
 * readers.
 */

import assert from 'node:assert/strict'
import { describe, test } from 'node:test'

import { OWN } from '../support/browser.mjs'
import { API_KEY } from '../support/dev-server.mjs'
import { stage } from '../support/stage.mjs'
import { until } from '../support/until.mjs'

describe('what goes where', () => {
  const { site, dev, open } = stage({ args: ['--speed', '0'] })

  /** Asks with the key, on a socket and by a stream; returns how both settle. */
  const askWithKey = async (t, generation, chatflowId) => {
    const page = await open(t, '', OWN)
    return page.evaluate(
      async ({ url, apiKey, chatflowId }) => {
        const { connect, stream } = await import('flowise-stream')
        const { outcome } = await import('/in-page.js')
        const socket = connect(url, { chatflowId, apiKey })
        const settled = [
          await outcome(socket.query({ question: 'Hi' })),
          await outcome(stream({ question: 'Hi' }, { url, chatflowId, apiKey }).result),
        ]
        socket.disconnect()
        return settled
      },
      { url: dev.url(generation), apiKey: API_KEY, chatflowId }
    )
  }

  for (const generation of ['2.0', '3.1']) {
    describe(`with Flowise ${generation}`, () => {
      test('a redirect is not followed, so the key stays where it was sent', async (t) => {
        // Another test's page sends nothing any more. A browser may keep its connections for a minute.
        await dev.restart(dev.socketIo)
        // it does not listen for a moment
        const connections = () => dev.connections(dev.socketIo).catch(() => ({}))
        await until(async () => (await connections()).sockets === 0)
        await dev.clear()
        const settled = await askWithKey(t, generation, 'trouble-redirect')
        assert.deepEqual(settled.map(({ error }) => error?.code), ['protocol', 'protocol'])
        const log = await dev.log()
        const here = generation === '2.0' ? 'socketIo' : 'sse'
        assert.ok(log.some(({ server, headers }) => server === here && headers.authorization === `Bearer ${API_KEY}`))
        assert.deepEqual(log.filter(({ server }) => server !== here), [], 'nobody else was asked anything')
      })

      test('the key is only in the header of calls to Flowise, and in no URL', async (t) => {
        await dev.clear()
        const settled = await askWithKey(t, generation, 'locked')
        assert.deepEqual(settled.map(({ reply }) => reply?.finishReason), ['stop', 'stop'])
        const log = await dev.log()
        assert.ok(log.some(({ headers }) => headers.authorization), 'the key was sent')
        for (const { path, headers, body } of log) {
          assert.ok(!path.includes(API_KEY), path)
          assert.ok(!body.includes(API_KEY), path)
          if (headers.authorization) assert.match(path, /^\/api\/v1\//)
        }
      })

      test('the key is in no error, whatever the server replies', async (t) => {
        for (const flow of ['trouble-status-401', 'trouble-status-500', 'trouble-html', 'trouble-cut', 'error-model']) {
          for (const { error } of await askWithKey(t, generation, flow)) {
            assert.ok(error, flow)
            assert.ok(!JSON.stringify(error).includes(API_KEY), flow)
          }
        }
      })
    })
  }

  /** Asks a server that a `fetch` imitates; `replies`: its JSON or event streams by path. */
  const askPlayed = async (t, replies) => {
    const page = await open(t)
    return page.evaluate(async (replies) => {
      const { query } = await import('flowise-stream')
      const { describe, played } = await import('/in-page.js')
      const options = { url: 'http://flowise.invalid', chatflowId: 'any', transport: 'sse', fetch: played(replies) }
      const reply = await query({ question: 'Hi' }, options).catch((error) => ({ error: describe(error) }))
      return {
        reply: JSON.stringify(reply),
        text: reply.text,
        error: reply.error,
        polluted: [{}.polluted, Object.prototype.polluted, reply.polluted],
      }
    }, replies)
  }

  const HOSTILE = '"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}}'
  const streaming = (isStreaming) => ({ '/chatflows-streaming/': { json: JSON.stringify({ isStreaming }) } })

  for (const [what, replies] of [
    ['a JSON reply', { ...streaming(false), '/prediction/': { json: `{"text":"Hello.",${HOSTILE}}` } }],
    [
      'metadata and payloads',
      {
        ...streaming(true),
        '/prediction/': {
          stream: [
            `{"event":"token","data":"Hello."}`,
            `{"event":"usedTools","data":[{${HOSTILE}}],${HOSTILE}}`,
            `{"event":"metadata","data":{"chatMessageId":"m",${HOSTILE}}}`,
            `{"event":"__proto__","data":{"polluted":true}}`,
            `{"event":"end","data":"[DONE]"}`,
          ]
            .map((frame) => `message:\ndata:${frame}\n\n`)
            .join(''),
        },
      },
    ],
  ]) {
    test(`${what} with members such as __proto__ changes no object`, async (t) => {
      const { reply, text, error, polluted } = await askPlayed(t, replies)
      assert.equal(error, undefined)
      assert.equal(text, 'Hello.')
      assert.ok(polluted.every((value) => value === undefined))
      assert.ok(Object.hasOwn(JSON.parse(reply), '__proto__'), 'it is an ordinary member of the reply')
    })
  }

  test('a key that a model’s provider repeats in its error is not shown', async (t) => {
    const message = 'Incorrect API key provided: sk-proj-secret123. You can find it at https://example.com'
    const { error } = await askPlayed(t, { ...streaming(false), '/prediction/': { status: 500, json: JSON.stringify({ message }) } })
    assert.equal(error.code, 'server')
    assert.match(error.message, /Incorrect API key provided/)
    assert.ok(!error.message.includes('secret123'), error.message)
  })

  for (const generation of ['2.0', '3.1']) {
    test(`a page whose policy forbids eval works, with Flowise ${generation}`, async (t) => {
      const policy = "default-src 'none'; script-src 'self' 'unsafe-inline' 'wasm-unsafe-eval'; connect-src *; img-src data:"
      site.serve('/policy.html', { body: `<!doctype html>${site.importMap}`, headers: { 'content-security-policy': policy } })
      const page = await open(t, '/policy.html')
      const texts = await page.evaluate(async (url) => {
        const { connect, stream } = await import('flowise-stream')
        const { outcome } = await import('/in-page.js')
        const options = { url, chatflowId: 'scripted' }
        const socket = connect(url, options)
        const texts = [(await socket.query({ question: 'say One.' })).text, (await stream({ question: 'say Two.' }, options).result).text]
        socket.disconnect()
        const refused = stream({ question: 'Hi' }, {})
        const { reached } = await refused.abort()
        return [...texts, reached, (await outcome(refused.result)).error.code]
      }, dev.url(generation))
      assert.deepEqual(texts, ['One.', 'Two.', false, 'config'])
    })
  }

  test('duplicate headers are refused', async (t) => {
    const page = await open(t)
    const codes = await page.evaluate(async (url) => {
      const { query } = await import('flowise-stream')
      const { outcome } = await import('/in-page.js')
      const settled = [{ apiKey: 'a\r\nx-more: b' }, { headers: { 'x-a': 'a\r\nx-more: b' } }, { headers: { 'x y': 'a' } }].map((more) =>
        outcome(query({ question: 'Hi' }, { url, chatflowId: 'chain', transport: 'sse', ...more }))
      )
      return (await Promise.all(settled)).map(({ error }) => error?.code)
    }, dev.sse)
    assert.deepEqual(codes, ['config', 'config', 'config'])
  })
})
