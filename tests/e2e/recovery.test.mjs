/**
 * Servers and networks that go down and come back, and tabs in the background.
 */

import assert from 'node:assert/strict'
import { describe, test } from 'node:test'

import { OWN } from '../support/browser.mjs'
import { names } from '../support/in-page.js'
import { needs } from '../support/needs.mjs'
import { stage } from '../support/stage.mjs'
import { until } from '../support/until.mjs'

/** How long a restart takes: long enough to refuse a POST that the browser repeats by itself. */
const DOWN_MS = 1000

/** Opens a socket in the page for the next steps. */
async function openSocket({ url, chatflowId, more }) {
  const { connect } = await import('flowise-stream')
  const { next, record } = await import('/in-page.js')
  const timing = { reconnectionDelay: 20, reconnectionDelayMax: 50, timeouts: { connect: 0 } }
  window.socket = connect(url, { chatflowId, ...timing, ...more })
  window.events = record(socket)
  await next(socket, 'connect')
  window.firstId = socket.id
}

/** Starts an endless answer, and waits for its first token. */
async function begin() {
  const { next, outcome } = await import('/in-page.js')
  window.asked = outcome(socket.query({ question: '20' }, { chatflowId: 'trouble-steady' }))
  await next(socket, 'token')
}

/**
 * Checks that the socket was connected, lost, connected again, and disconnected by the page.
 *
 * A Socket.IO server that returns between the two requests that detect its generation looks like a server of event streams. Its
 * first answer corrects that with one more reconnection.
 */
function assertReconnected(events, generation) {
  const connections = names(events.filter(([event]) => ['connect', 'disconnect'].includes(event)))
  const once = ['connect', 'disconnect', 'connect', 'disconnect']
  const twice = [...once, 'connect', 'disconnect']
  const mayBeTwice = generation === '2.0' && connections.length > once.length
  assert.deepEqual(connections, mayBeTwice ? twice : once, JSON.stringify(events))
}

describe('what goes and comes back', () => {
  const { dev, open } = stage({ args: ['--speed', '20'] })

  for (const generation of ['2.0', '3.1']) {
    describe(`with Flowise ${generation}`, () => {
      const openWithSocket = async (t, more) => {
        const page = await open(t, '', OWN)
        await page.evaluate(openSocket, { url: dev.url(generation), chatflowId: 'scripted', more })
        return page
      }
      const askAgain = (page) =>
        page.evaluate(async () => {
          const { query } = await import('flowise-stream')
          const { next } = await import('/in-page.js')
          // a page may have kept the id from before the reconnection
          const { text } = await query({ question: 'say Back.', socketIOClientId: firstId })
          if (!socket.connected) await next(socket, 'connect')
          socket.disconnect()
          return { text, events }
        })

      for (const how of ['is killed', 'restarts']) {
        test(`a server that ${how} during an answer interrupts it; the socket reconnects and answers`, async (t) => {
          const page = await openWithSocket(t)
          await page.evaluate(begin)
          await dev.clear()
          if (how === 'restarts') await dev.restart(dev.url(generation), DOWN_MS)
          else await dev.kill()
          const { error } = await page.evaluate(() => asked)
          assert.equal(error?.code, 'interrupted', JSON.stringify(error))
          assert.equal(error.partial.finishReason, 'interrupted')
          assert.match(error.partial.text, /^tick1 /)
          if (how === 'is killed') await dev.start()
          const { text, events } = await askAgain(page)
          assert.equal(text, 'Back.')
          assertReconnected(events, generation)
          const posts = (await dev.log('/prediction/trouble-steady')).filter(({ method }) => method === 'POST')
          assert.equal(posts.length, 0, 'what may have run is not asked again')
        })
      }

      test('a server that changes its generation is detected', async (t) => {
        const url = dev.url(generation)
        const page = await openWithSocket(t)
        const other = generation === '2.0' ? '3.1' : '2.0'
        t.after(() => dev.play(generation, url))
        await dev.clear()
        await dev.play(other, url)
        // A server of event streams has no connection that could end: only the next answer, or its absence, shows the loss.
        const settled = await page.evaluate(async () => {
          const { outcome } = await import('/in-page.js')
          return outcome(socket.query({ question: 'say Hello.' }))
        })
        assert.equal(settled.reply?.text, 'Hello.', JSON.stringify(settled.error))
        const { text, events } = await askAgain(page)
        assert.equal(text, 'Back.')
        const streamed = await dev.log('/prediction/')
        assert.ok(streamed.some((entry) => entry.generation === other))
        assert.equal(events.at(-1)[0], 'disconnect')
        assert.ok(events.some(([event]) => event === 'token'), 'tokens come over the other wire')
      })

      test('a lost network interrupts an answer; the socket reconnects when it is back', needs('network'), async (t) => {
        const page = await openWithSocket(t)
        await page.evaluate(begin)
        await page.context().setOffline(true)
        // The browser keeps open connections; here the server closes them.
        await dev.restart(dev.url(generation), DOWN_MS)
        const { error } = await page.evaluate(() => asked)
        assert.equal(error?.code, 'interrupted', JSON.stringify(error))
        assert.match(error.partial.text, /^tick1 /)
        const refused = await page.evaluate(async () => {
          const { next, outcome } = await import('/in-page.js')
          await next(socket, 'connect_error')
          return outcome(socket.query({ question: 'Hi' }, { timeouts: { connect: 2000 } }))
        })
        assert.equal(refused.error?.code, 'connect', JSON.stringify(refused))
        await page.context().setOffline(false)
        const { text, events } = await askAgain(page)
        assert.equal(text, 'Back.')
        assertReconnected(events, generation)
      })

      if (generation === '3.1') {
        test('a short time offline loses no event of an answer', needs('network'), async (t) => {
          const page = await openWithSocket(t)
          await page.evaluate(async () => {
            const { next, outcome } = await import('/in-page.js')
            window.asked = outcome(socket.query({ question: 'slow long 90' }))
            await next(socket, 'token')
          })
          await page.context().setOffline(true)
          await page.waitForFunction(() => !socket.connected)
          await page.context().setOffline(false)
          await page.waitForFunction(() => socket.connected)
          const { reply, error, heard } = await page.evaluate(async () => {
            const settled = await asked
            const heard = events.flatMap(([event, data]) => (event === 'token' ? data : [])).join('')
            socket.disconnect()
            return { ...settled, heard }
          })
          assert.equal(reply?.finishReason, 'stop', JSON.stringify(error))
          assert.match(reply.text, /word90$/)
          assert.equal(heard, reply.text)
        })
      }

      test('a tab that is hidden and frozen continues where it was', needs('freezing'), async (t) => {
        const page = await openWithSocket(t)
        const cdp = await page.context().newCDPSession(page)
        const other = await page.context().newPage()
        // other tests send the same requests
        await dev.clear()
        await page.evaluate(async () => {
          const { outcome } = await import('/in-page.js')
          window.asked = outcome(socket.query({ question: 'slow long 100' }))
        })
        await until(async () => (await dev.connections(dev.url(generation))).runs > 0)
        await other.bringToFront()
        await cdp.send('Emulation.setFocusEmulationEnabled', { enabled: false })
        await cdp.send('Page.setWebLifecycleState', { state: 'frozen' })
        // the whole answer arrives meanwhile
        await until(async () => (await dev.connections(dev.url(generation))).runs === 0)
        await cdp.send('Page.setWebLifecycleState', { state: 'active' })
        const { reply, error } = await page.evaluate(() => asked)
        assert.equal(reply?.finishReason, 'stop', JSON.stringify(error))
        assert.match(reply.text, /word100$/)
        assert.equal((await askAgain(page)).text, 'Back.')
        const posts = (await dev.log('/prediction/scripted')).filter(({ method, body }) => method === 'POST' && body.includes('long 100'))
        assert.equal(posts.length, 1, 'a tab that is shown again does not ask again')
      })
    })
  }
})
