/**
 * Unusual pages: without XMLHttpRequest, with zones, with signals of other realms and classes, behind a gateway that needs a query
 * string.
 */

import assert from 'node:assert/strict'
import { describe, test } from 'node:test'

import { OWN } from '../support/browser.mjs'
import { stage } from '../support/stage.mjs'

describe('surroundings', () => {
  const { dev, open } = stage({ args: ['--speed', '20'] })

  for (const generation of ['2.0', '3.1']) {
    describe(`with Flowise ${generation}`, () => {
      const options = (chatflowId = 'scripted') => ({ url: dev.url(generation), chatflowId })

      test("without XMLHttpRequest, as in an extension's worker, events still arrive", async (t) => {
        const page = await open(t, '', OWN)
        const heard = await page.evaluate(async ({ url, chatflowId }) => {
          delete globalThis.XMLHttpRequest
          const { connect, stream } = await import('flowise-stream')
          const socket = connect(url, { chatflowId })
          const heard = { socket: '', stream: '' }
          socket.on('token', (token) => (heard.socket += token))
          await socket.query({ question: 'say On a socket.' })
          socket.disconnect()
          const answer = stream({ question: 'say Alone.' }, { url, chatflowId })
          answer.on('token', (token) => (heard.stream += token))
          const { streamed } = await answer.result
          return { ...heard, streamed }
        }, options())
        assert.deepEqual(heard, { socket: 'On a socket.', stream: 'Alone.', streamed: true })
      })

      for (const kind of ['of a frame', 'of another class']) {
        test(`a signal ${kind} stops the answer`, async (t) => {
          const page = await open(t)
          const { finishReason, text } = await page.evaluate(
            async ({ kind, options }) => {
              const { stream } = await import('flowise-stream')
              let signal, stop
              if (kind === 'of a frame') {
                const frame = document.body.appendChild(document.createElement('iframe'))
                const controller = new frame.contentWindow.AbortController()
                signal = controller.signal
                stop = () => controller.abort()
              } else {
                // such as jsdom's
                signal = Object.assign(new EventTarget(), { aborted: false })
                stop = () => signal.dispatchEvent(new Event('abort'))
              }
              const answer = stream({ question: '20' }, { ...options, signal })
              answer.on('token', stop)
              return answer.result
            },
            { kind, options: options('trouble-steady') },
          )
          assert.equal(finishReason, 'aborted')
          assert.match(text, /^tick1 /)
        })
      }

      test('a query string in the URL is part of each request and of the handshake', async (t) => {
        const page = await open(t)
        await dev.clear()
        const text = await page.evaluate(async ({ url, chatflowId }) => {
          const { connect, Flowise } = await import('flowise-stream')
          const at = { url: `${url}/?tenant=a%20b`, chatflowId }
          const flowise = new Flowise(at)
          await flowise.chatbotConfig()
          let text = ''
          for await (const { event, data } of flowise.stream({ question: 'say Alone.' })) if (event === 'token') text += data
          const socket = connect(at.url, { chatflowId })
          await socket.query({ question: 'say On a socket.' })
          socket.disconnect()
          return text
        }, options())
        assert.equal(text, 'Alone.')
        const paths = (await dev.log()).filter(({ method }) => method !== 'OPTIONS').map(({ path }) => path)
        for (const part of ['/prediction/', '/public-chatbotConfig/', '/socket.io/']) assert.ok(paths.some((path) => path.includes(part)), paths.join())
        assert.deepEqual(paths.filter((path) => !/[?&]tenant=a(%20|\+)b(&|$)/.test(path)), [])
      })
    })
  }

  test('listeners of streams and sockets run in the zone in which the page registered them', async (t) => {
    const page = await open(t, '', OWN)
    const zones = await page.evaluate(async ({ url, chatflowId }) => {
      let zone = 'root'
      // what zone.js does, of which a page of Angular's has its own
      globalThis.Zone = {
        get current() {
          const name = zone
          return {
            wrap: (callback) =>
              function (...args) {
                const before = zone
                zone = name
                try {
                  return callback.apply(this, args)
                } finally {
                  zone = before
                }
              },
          }
        },
      }
      const { then } = Promise.prototype
      Promise.prototype.then = function (...callbacks) {
        return then.apply(this, callbacks.map((callback) => callback && Zone.current.wrap(callback)))
      }
      const within = (name, act) => Zone.current.wrap(() => ((zone = name), act()))()
      const { connect, stream } = await import('flowise-stream')
      const zones = new Set()
      const note = (what) => () => zones.add(`${what} in ${zone}`)
      const socket = within('page', () => connect(url, { chatflowId }))
      within('page', () => socket.on('token', note('socket')))
      await socket.query({ question: 'say Hello.' })
      socket.disconnect()
      const answer = stream({ question: 'say Hello.' }, { url, chatflowId })
      within('page', () => answer.on('token', note('on')))
      within('other', () => answer.onAny(note('onAny')))
      await answer.result
      return [...zones].sort()
    }, { url: dev.sse, chatflowId: 'scripted' })
    assert.deepEqual(zones, ['on in page', 'onAny in other', 'socket in page'])
  })
})
