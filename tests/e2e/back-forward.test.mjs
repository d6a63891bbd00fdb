/**
 * The back/forward cache: a page that the browser restores from it continues where it was.
 */

import assert from 'node:assert/strict'
import { before, describe, test } from 'node:test'

import { OWN } from '../support/browser.mjs'
import { ENGINE } from '../support/engines/engine.mjs'
import { stage } from '../support/stage.mjs'
import { until } from '../support/until.mjs'

/** Which pages the browsers cache. Firefox caches no page with a WebSocket or a pending request. */
const isKept = (generation, answering) => ENGINE !== 'firefox' || (generation === '3.1' && !answering)

describe('the back/forward cache', () => {
  const { site, dev, open } = stage({
    args: ['--speed', '20'],
    browser: { backForwardCache: true },
    site: { files: { '/elsewhere': '<!doctype html><title>Elsewhere</title>' } },
  })
  // A browser does not cache a page that it may not store.
  before(() => site.serve('/kept', { body: `<!doctype html><title>Kept</title>${site.importMap}`, headers: { 'cache-control': 'no-cache' } }))

  /** Opens a page whose socket has answered once. The page notes whether it was restored from the cache. */
  const openAnswered = async (t, url) => {
    const page = await open(t, '/kept', OWN)
    await page.evaluate(async (url) => {
      const { connect } = await import('flowise-stream')
      const { record } = await import('/in-page.js')
      addEventListener('pageshow', ({ persisted }) => (window.persisted = persisted))
      window.socket = connect(url, { chatflowId: 'scripted', reconnectionDelay: 20, reconnectionDelayMax: 50 })
      window.events = record(socket)
      await socket.query({ question: 'say Before.' })
    }, url)
    return page
  }

  /** Navigates away and back. `meanwhile` runs while the page is away. */
  const leaveAndReturn = async (page, meanwhile = () => {}) => {
    await leave(page, () => location.assign('/elsewhere'))
    await reached(page, '/elsewhere')
    await meanwhile()
    await leave(page, () => history.back())
    await reached(page, '/kept')
  }
  /** Navigates away. The page may be gone before the driver gets a reply. */
  const leave = (page, how) => page.evaluate(`void setTimeout(${how})`).catch(() => {})
  const reached = (page, path) => until(() => page.evaluate(() => document.readyState === 'complete' && location.pathname).then((at) => at === path, () => false))

  /** Waits until the server has no connection of a page that was not cached. */
  const forgotten = (url) =>
    until(async () => {
      const { socketIoClients, streams } = await dev.connections(url)
      return socketIoClients + streams === 0
    })

  for (const generation of ['2.0', '3.1']) {
    describe(`with Flowise ${generation}`, () => {
      test('a page with an idle socket can ask when it is back', async (t) => {
        const page = await openAnswered(t, dev.url(generation))
        await leaveAndReturn(page)
        const seen = await page.evaluate(async () => {
          if (!window.socket) return
          const { text } = await socket.query({ question: 'say After.' })
          const { connected } = socket
          socket.disconnect()
          return { persisted, text, connected }
        })
        if (isKept(generation)) assert.deepEqual(seen, { persisted: true, text: 'After.', connected: true })
        else assert.equal(seen, undefined)
        await forgotten(dev.url(generation))
      })

      test('a running answer settles when the page is back', async (t) => {
        const page = await openAnswered(t, dev.url(generation))
        await page.evaluate(async () => {
          const { next, outcome } = await import('/in-page.js')
          window.asked = outcome(socket.query({ question: 'slow long 100' }))
          await next(socket, 'token')
        })
        await leaveAndReturn(page)
        const seen = await page.evaluate(async () => {
          if (!window.socket) return
          const { reply, error } = await asked
          const { text } = await socket.query({ question: 'say After.' })
          socket.disconnect()
          return { persisted, reply, error, text }
        })
        if (isKept(generation, 'answering')) {
          const { persisted, reply, error, text } = seen
          assert.deepEqual([persisted, text], [true, 'After.'])
          // An engine may let the answer arrive, or close its connection.
          assert.equal(reply?.finishReason ?? error.code, reply ? 'stop' : 'interrupted', JSON.stringify(error))
          assert.match((reply ?? error.partial).text, reply ? /^word1 .* word100$/ : /^word1\b/)
        } else {
          assert.equal(seen, undefined)
        }
        await forgotten(dev.url(generation))
      })
    })
  }
})
