/**
 * Time limits: every call settles, whatever a server leaves unanswered.
 */

import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { describe, test } from 'node:test'

import { stage, startForTests } from '../support/stage.mjs'

/** A server that accepts connections and sends nothing. */
class SilentServer {
  url
  #connections = new Set()
  #server = createServer((connection) => {
    this.#connections.add(connection)
    connection.on('error', () => {})
  })

  async start() {
    this.#server.listen(0, '127.0.0.1')
    await once(this.#server, 'listening')
    this.url = `http://127.0.0.1:${this.#server.address().port}`
  }

  async stop() {
    if (!this.url) return
    for (const connection of this.#connections) connection.destroy()
    this.#server.close()
    await once(this.#server, 'close')
  }
}

describe('time limits', () => {
  const silent = new SilentServer()
  const { dev, open } = stage()
  startForTests(silent)

  test('a server that accepts connections and sends nothing', async (t) => {
    const page = await open(t)
    const codes = await page.evaluate(async (url) => {
      const { connect, query, stream } = await import('flowise-stream')
      const { outcome } = await import('/in-page.js')
      const options = { url, chatflowId: 'any', timeouts: { connect: 300 } }
      const socket = connect(url, options)
      const settled = await Promise.all([
        outcome(socket.query({ question: 'Hi' })),
        outcome(query({ question: 'Hi' }, options)),
        outcome(stream({ question: 'Hi' }, { ...options, transport: 'sse' }).result),
      ])
      socket.disconnect()
      return settled.map(({ error }) => error?.code)
    }, silent.url)
    assert.deepEqual(codes, ['connect', 'connect', 'timeout'])
  })

  for (const generation of ['2.0', '3.1']) {
    test(`no limit for the connection, with Flowise ${generation}`, async (t) => {
      const page = await open(t)
      const texts = await page.evaluate(async (url) => {
        const { connect, stream } = await import('flowise-stream')
        const options = { url, chatflowId: 'scripted', timeouts: { connect: 0 } }
        const socket = connect(url, options)
        const texts = [(await socket.query({ question: 'say One.' })).text, await stream({ question: 'say Two.' }, options).text]
        socket.disconnect()
        return texts
      }, dev.url(generation))
      assert.deepEqual(texts, ['One.', 'Two.'])
    })
  }

  /** Asks a server that a `fetch` imitates in part, and runs `act` on the answer. */
  const ask = async (t, { options, unanswered, replies = {}, act }) => {
    const page = await open(t)
    return page.evaluate(
      async ({ options, unanswered, replies, act }) => {
        const { stream } = await import('flowise-stream')
        const { describe, outcome, played } = await import('/in-page.js')
        const answer = played(replies)
        const fetch = (url, init) => {
          if (String(url).includes(unanswered)) return new Promise(() => {})
          return Object.keys(replies).length > 0 ? answer(url) : window.fetch(url, init)
        }
        const run = stream({ question: '20' }, { transport: 'sse', ...options, fetch })
        if (act !== 'abort') return outcome(run.result)
        await new Promise((resolve) => run.on('token', resolve))
        const { reached, error } = await run.abort()
        return { reached, error: describe(error), ...(await outcome(run.result)) }
      },
      { options, unanswered, replies, act },
    )
  }
  const PLAYED = { url: 'http://flowise.invalid', chatflowId: 'any' }
  const EMPTY = { event: 'metadata', data: { chatMessageId: 'm' } }

  test('a chatflow that does not stream, and does not answer', async (t) => {
    const { error } = await ask(t, {
      options: { ...PLAYED, timeouts: { idle: 300 } },
      unanswered: '/prediction/',
      replies: { '/chatflows-streaming/': { json: '{"isStreaming":false}' } },
    })
    assert.equal(error?.code, 'timeout')
  })

  test('a stop without a reply', async (t) => {
    const { reached, error, reply } = await ask(t, {
      options: { url: dev.sse, chatflowId: 'trouble-steady', timeouts: { connect: 500 } },
      unanswered: '/chatmessage/abort/',
      act: 'abort',
    })
    assert.deepEqual([reached, error.code, reply.finishReason], [false, 'timeout', 'aborted'])
  })

  test('a history without a reply, of an empty answer', async (t) => {
    const { reply, error } = await ask(t, {
      options: { ...PLAYED, apiKey: 'key', timeout: 500 },
      unanswered: '/chatmessage/',
      replies: {
        '/chatflows-streaming/': { json: '{"isStreaming":true}' },
        '/prediction/': { stream: [EMPTY, { event: 'end', data: '[DONE]' }].map((frame) => `data:${JSON.stringify(frame)}\n\n`).join('') },
      },
    })
    assert.equal(error, undefined)
    assert.equal(reply.finishReason, 'empty')
  })

  test('a `fetch` of the page that fails, where there is no other', async (t) => {
    const page = await open(t)
    const code = await page.evaluate(async () => {
      const { stream } = await import('flowise-stream')
      const { outcome } = await import('/in-page.js')
      window.fetch = undefined
      const options = { url: 'http://flowise.invalid', chatflowId: 'any', transport: 'sse', fetch: () => Promise.reject(new TypeError('no')) }
      return (await outcome(stream({ question: 'Hi' }, options).result)).error?.code
    })
    assert.equal(code, 'connect')
  })

  test('a Flowise passes its options to its sockets', async (t) => {
    const page = await open(t)
    const { opts, code } = await page.evaluate(async (url) => {
      const { Flowise } = await import('flowise-stream')
      const { outcome } = await import('/in-page.js')
      const socket = new Flowise({ url, chatflowId: 'trouble-steady', timeout: 1500, timeouts: { connect: 7000 } }).connect()
      const opts = socket.io.opts.timeout
      const { error } = await outcome(socket.query({ question: '20' }))
      socket.disconnect()
      return { opts, code: error?.code }
    }, dev.sse)
    assert.equal(opts, 7000, 'the connection has its own limit')
    assert.equal(code, 'timeout', 'an answer has that for everything')
  })

  test('a socket asks no other server than its own', async (t) => {
    const page = await open(t)
    await dev.clear()
    const { code, text } = await page.evaluate(
      async ({ url, other }) => {
        const { connect } = await import('flowise-stream')
        const { outcome } = await import('/in-page.js')
        const socket = connect(url, { chatflowId: 'chain', apiKey: 'dev-key' })
        const { error } = await outcome(socket.query({ question: 'Hi' }, { url: other }))
        const { text } = await socket.query({ question: 'say Here.' }, { url: `${url}/api/v1/prediction/scripted` })
        socket.disconnect()
        return { code: error?.code, text }
      },
      { url: dev.sse, other: dev.socketIo },
    )
    assert.equal(code, 'config')
    assert.equal(text, 'Here.', 'its URL may name another chatflow')
    assert.deepEqual((await dev.log()).filter(({ server }) => server === 'socketIo'), [])
  })
})
