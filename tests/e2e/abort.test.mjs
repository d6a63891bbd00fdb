/**
 * Stopping an answer, by every means and at every moment: the text received so far stays, nothing hangs, and one stop request is sent.
 */

import assert from 'node:assert/strict'
import { describe, test } from 'node:test'

import { OWN } from '../support/browser.mjs'
import { stage } from '../support/stage.mjs'
import { until } from '../support/until.mjs'

/** How a page can stop; each is told what to stop when it is given the running answer. */
const MEANS = ['stream.abort()', 'signal', 'leaving the loop', 'socket.disconnect()']

/** When it does, and what of the answer there is by then. */
const MOMENTS = [
  { when: 'before the connection', flow: 'trouble-steady', text: '', asks: false },
  { when: 'before the first byte', flow: 'trouble-silent', text: '', asks: true },
  { when: 'within the answer', flow: 'trouble-steady', text: /^tick1 (tick\d+ )*$/, asks: true },
  { when: 'after the end', flow: 'scripted', text: 'Hello.', asks: false, finishReason: 'stop' },
]

/** Asks, stops, and tells what became of it. Runs in the page. */
async function stop({ url, chatflowId, means, when }) {
  const { connect, stream } = await import('flowise-stream')
  const { outcome } = await import('/in-page.js')
  const controller = new AbortController()
  const data = { question: chatflowId === 'scripted' ? 'say Hello.' : '20' }
  const options = { url, chatflowId, signal: controller.signal }
  const posted = () =>
    new Promise((resolve) => {
      const send = window.fetch
      window.fetch = (address, init) => {
        const reply = send(address, init)
        if (init?.method === 'POST' && String(address).includes('/prediction/')) setTimeout(resolve, 100)
        return reply
      }
    })

  if (means === 'socket.disconnect()') {
    const socket = connect(url, options)
    const begun = when === 'before the first byte' ? posted() : new Promise((resolve) => socket.on('token', resolve))
    const reply = outcome(socket.query(data))
    if (when === 'after the end') await reply
    else if (when !== 'before the connection') await begun
    socket.disconnect()
    socket.disconnect()
    return { ...(await reply), connected: socket.connected }
  }

  const begunSilently = when === 'before the first byte' && posted()
  const run = stream(data, options)
  const begun = begunSilently || new Promise((resolve) => run.on('token', resolve))
  const reply = outcome(run.result)
  const reached = []
  const iterator = means === 'leaving the loop' && run[Symbol.asyncIterator]()
  if (when === 'after the end') await reply
  else if (when !== 'before the connection') await begun
  if (means === 'signal') {
    controller.abort()
    controller.abort()
  } else if (iterator) {
    await iterator.return()
    await iterator.return()
  } else {
    reached.push(await run.abort(), await run.abort())
  }
  return { ...(await reply), reached: reached.map(({ reached }) => reached) }
}

describe('stopping an answer', () => {
  const { dev, open } = stage()

  for (const generation of ['2.0', '3.1']) {
    describe(`with Flowise ${generation}`, () => {
      for (const { when, flow, text, asks, finishReason = 'aborted' } of MOMENTS) {
        for (const means of MEANS) {
          test(`${means} ${when}`, async (t) => {
            const page = await open(t)
            await dev.clear()
            const settled = await page.evaluate(stop, { url: dev.url(generation), chatflowId: flow, means, when })
            const seen = JSON.stringify(settled)
            assert.equal(settled.error, undefined, seen)
            assert.equal(settled.reply.finishReason, finishReason, seen)
            if (text instanceof RegExp) assert.match(settled.reply.text, text)
            else assert.equal(settled.reply.text, text)
            if (means === 'socket.disconnect()') assert.equal(settled.connected, false)
            // The server of this generation stops a run for an API key only.
            if (means === 'stream.abort()') assert.deepEqual(settled.reached, Array(2).fill(asks && generation === '3.1'), seen)

            // The request that asks it to stop outlives the answer, so it may be on its way still.
            const asked = () => dev.log('/chatmessage/abort/').then((log) => log.filter(({ method }) => method === 'PUT').length)
            if (asks) await until(async () => (await asked()) > 0)
            assert.equal(await asked(), asks ? 1 : 0, 'the server is asked to stop once, and only if there was something to stop')
            await until(async () => (await dev.connections(dev.url(generation))).runs === 0)
          })
        }
      }

      test('a signal that was aborted before sends nothing', async (t) => {
        const page = await open(t)
        await dev.clear()
        const { reply, error } = await page.evaluate(async (url) => {
          const { query } = await import('flowise-stream')
          const { outcome } = await import('/in-page.js')
          return outcome(query({ question: 'Hi' }, { url, chatflowId: 'chain', signal: AbortSignal.abort() }))
        }, dev.url(generation))
        assert.equal(reply?.finishReason, 'aborted', JSON.stringify(error))
        assert.equal(reply.text, '')
        assert.deepEqual((await dev.log('/prediction/')).length, 0)
      })

      test('a page that stops while it is left has asked the server to stop', { timeout: 60_000 }, async (t) => {
        const page = await open(t, '', OWN)
        await dev.clear()
        await page.evaluate(async (url) => {
          const { stream } = await import('flowise-stream')
          const run = stream({ question: '20' }, { url, chatflowId: 'trouble-steady' })
          await new Promise((resolve) => run.on('token', resolve))
          addEventListener('beforeunload', () => run.abort())
        }, dev.url(generation))
        await page.goto('about:blank')
        const asked = () => dev.log('/chatmessage/abort/').then((log) => log.filter(({ method }) => method === 'PUT').length)
        await until(async () => (await asked()) === 1)
      })

      test('a query that waits for its turn can be stopped, and the others go on', async (t) => {
        const page = await open(t)
        const replies = await page.evaluate(async (url) => {
          const { connect } = await import('flowise-stream')
          const socket = connect(url, { chatflowId: 'scripted' })
          const controller = new AbortController()
          const asked = [
            socket.query({ question: 'say First.' }),
            socket.query({ question: 'say Second.' }, { signal: controller.signal }),
            socket.query({ question: 'say Third.' }),
          ]
          controller.abort()
          const replies = await Promise.all(asked)
          socket.disconnect()
          return replies.map(({ text, finishReason }) => [text, finishReason])
        }, dev.url(generation))
        assert.deepEqual(replies, [['First.', 'stop'], ['', 'aborted'], ['Third.', 'stop']])
      })

      test('nothing of a stopped answer gets into the next one', async (t) => {
        const page = await open(t)
        const { heard, text, connected } = await page.evaluate(async (url) => {
          const { connect } = await import('flowise-stream')
          const { next } = await import('/in-page.js')
          const socket = connect(url, { chatflowId: 'scripted' })
          const controller = new AbortController()
          const stopped = socket.query({ question: 'long 2000' }, { signal: controller.signal })
          await next(socket, 'token')
          controller.abort()
          await stopped
          let heard = ''
          socket.once('start', () => socket.on('token', (token) => (heard += token)))
          const { text } = await socket.query({ question: 'long 20 say Next one, please: one two three four five.' })
          const { connected } = socket
          socket.disconnect()
          return { heard, text, connected }
        }, dev.url(generation))
        assert.equal(text, 'Next one, please: one two three four five.')
        assert.equal(heard, text)
        assert.equal(connected, true)
      })

      test('a stop while a slow reader pauses the stream settles at once', async (t) => {
        const page = await open(t)
        // a Socket.IO server cannot be held back: of an answer that ends, nothing might be left to stop
        const [flow, question, start] = generation === '2.0' ? ['trouble-steady', '1', /^tick1 /] : ['trouble-many', '100000', /^w1 w2 /]
        const settled = await page.evaluate(async ([url, chatflowId, question]) => {
          const { stream } = await import('flowise-stream')
          const { outcome } = await import('/in-page.js')
          const run = stream({ question }, { url, chatflowId, timeouts: { idle: 3000 } })
          const iterator = run[Symbol.asyncIterator]()
          for (let read = 0; read < 5; read++) await iterator.next()
          const reply = outcome(run.result)
          // Longer than the server may be silent: it is the page that is slow.
          await new Promise((resolve) => setTimeout(resolve, 4500))
          await run.abort()
          return reply
        }, [dev.url(generation), flow, question])
        assert.equal(settled.error, undefined, JSON.stringify(settled.error)?.slice(0, 300))
        assert.equal(settled.reply.finishReason, 'aborted')
        assert.match(settled.reply.text, start)
      })
    })
  }
})
