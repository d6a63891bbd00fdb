/**
 * No leaks: a thousand connections, a thousand stopped answers, a million events.
 */

import assert from 'node:assert/strict'
import { describe, test } from 'node:test'

import { OWN } from '../support/browser.mjs'
import { API_KEY } from '../support/dev-server.mjs'
import { assertFlat, memoryOf } from '../support/memory.mjs'
import { stage } from '../support/stage.mjs'
import { until } from '../support/until.mjs'

const TIMES = 1000
/** Rounds before the first measurement, in which caches fill and code is compiled. */
const WARM_UP = 100
/** The most bytes that all rounds may leave in the heap: compiled code, but less than a promise and its closure for each round. */
const MOST_HEAP = 250 * TIMES

const TASKS = {
  'connections that are opened and closed': async ({ url, times }) => {
    const { connect } = await import('flowise-stream')
    const { next } = await import('/in-page.js')
    for (let time = 0; time < times; time++) {
      const socket = connect(url, { chatflowId: 'scripted' })
      socket.on('token', () => {})
      await next(socket, 'connect')
      socket.disconnect()
    }
  },
  'answers of a socket that are stopped by a signal': async ({ url, apiKey, times }) => {
    const { connect } = await import('flowise-stream')
    const { countedFetch, listenerCount, next } = await import('/in-page.js')
    const { fetch, quiet } = countedFetch()
    const socket = connect(url, { chatflowId: 'trouble-steady', apiKey, fetch })
    await next(socket, 'connect')
    const before = listenerCount(socket)
    for (let time = 0; time < times; time++) {
      const controller = new AbortController()
      const stop = () => controller.abort()
      socket.once('token', stop)
      // A Socket.IO server continues until its next token, and the next question waits for that.
      const { finishReason } = await socket.query({ question: '5' }, { signal: controller.signal })
      if (finishReason !== 'aborted') throw new Error(finishReason)
      // The request to stop has reached the server.
      await quiet()
    }
    if (listenerCount(socket) !== before) throw new Error(`${listenerCount(socket)} listeners instead of ${before}`)
    socket.disconnect()
  },
  'answers that are followed by one signal to their end': async ({ url, times }) => {
    const { connect } = await import('flowise-stream')
    const { listenerCount, next } = await import('/in-page.js')
    window.controller ??= new AbortController()
    const socket = connect(url, { chatflowId: 'scripted' })
    await next(socket, 'connect')
    const before = listenerCount(socket)
    for (let time = 0; time < times; time++) {
      await socket.query({ question: 'fast say Hello.' }, { signal: controller.signal })
    }
    if (listenerCount(socket) !== before) throw new Error(`${listenerCount(socket)} listeners instead of ${before}`)
    socket.disconnect()
  },
  'loops that are left': async ({ url, times }) => {
    const { stream } = await import('flowise-stream')
    const { countedFetch } = await import('/in-page.js')
    const { fetch, quiet } = countedFetch()
    // Over Socket.IO each has its own connection, which another test covers.
    const options = { url, chatflowId: 'trouble-steady', transport: 'sse', fetch }
    for (let time = 0; time < times; time++) {
      for await (const { event } of stream({ question: '5' }, options)) {
        if (event === 'token') break
      }
      await quiet()
    }
  },
}

/** The most growth of WebAssembly's memory, in bytes: an answer may begin before the previous decoder is freed. */
const MOST_WASM = 2 * 65_536

describe('what is left behind', { timeout: 1_800_000 }, () => {
  const { dev, open } = stage({ args: ['--speed', '0'] })

  for (const generation of ['2.0', '3.1']) {
    for (const [what, task] of Object.entries(TASKS)) {
      if (what === 'loops that are left' && generation === '2.0') continue
      test(`${TIMES} ${what}, with Flowise ${generation}: nothing`, async (t) => {
        const url = dev.url(generation)
        const page = await open(t, '', OWN)
        const memory = await memoryOf(page)
        const quiet = async () => {
          const { socketIoClients, streams, runs } = await dev.connections(url)
          return socketIoClients + streams + runs === 0
        }
        await page.evaluate(task, { url, apiKey: API_KEY, times: WARM_UP })
        await until(quiet)
        const before = await memory.measure()
        await page.evaluate(task, { url, apiKey: API_KEY, times: TIMES })
        await until(quiet)
        const after = await memory.measure()
        assertFlat(t, before, after, { heap: MOST_HEAP, wasm: MOST_WASM })
      })
    }
  }

  test('a million events: memory holds no more than the answer', async (t) => {
    const page = await open(t, '', OWN)
    const memory = await memoryOf(page)
    const run = async ({ url, tokens }) => {
      const { stream } = await import('flowise-stream')
      const { evenFetch } = await import('/in-page.js')
      const answer = stream({ question: String(tokens) }, { url, chatflowId: 'trouble-many', fetch: evenFetch(300_000) })
      let count = 0
      for await (const { event } of answer) if (event === 'token') count++
      return count
    }
    // The decoder's memory depends on the sizes of chunks, which the network chooses. Here each chunk is longer than what the decoder
    // takes at once, so the first few make its buffer as large as it gets.
    assert.equal(await page.evaluate(run, { url: dev.sse, tokens: 50_000 }), 50_000)
    const before = await memory.measure()
    assert.equal(await page.evaluate(run, { url: dev.sse, tokens: 1_000_000 }), 1_000_000)
    const after = await memory.measure()
    assertFlat(t, before, after, { heap: MOST_HEAP })
  })
})
