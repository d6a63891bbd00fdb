/**
 * The actions that listeners may take during a call, and events that imitate other events.
 */

import assert from 'node:assert/strict'
import { describe, test } from 'node:test'

import { textOf } from '../support/in-page.js'
import { stage } from '../support/stage.mjs'
import { until } from '../support/until.mjs'

const WHOLE = 'One two three four five six seven eight nine ten.'

describe('listeners and hostile events', () => {
  const { browser, site, dev, open } = stage({ args: ['--speed', '20'] })

  for (const generation of ['2.0', '3.1']) {
    describe(`with Flowise ${generation}`, () => {
      for (const kind of ['socket', 'stream']) {
        test(`a listener of a ${kind} that throws stops neither the answer nor the other listeners`, async (t) => {
          const page = await browser.open(site.url)
          t.after(() => page.context().close())
          const { settled, heard } = await page.evaluate(
            async ({ url, kind }) => {
              const { connect, stream } = await import('flowise-stream')
              const { outcome, unhandled } = await import('/in-page.js')
              const thrice = unhandled(3)
              const options = { url, chatflowId: 'scripted' }
              const socket = kind === 'socket' ? connect(url, options) : undefined
              const run = socket ?? stream({ question: 'say One two three.' }, options)
              let heard = ''
              let thrown = 0
              run.on('start', () => {
                throw new Error('thrown by a listener')
              })
              run.on('token', (token) => {
                heard += token
              })
              run.on('token', () => {
                if (thrown++ < 2) throw new Error('thrown by a listener')
              })
              const settled = await outcome(socket ? socket.query({ question: 'say One two three.' }) : run.result)
              socket?.disconnect()
              // the browser tells of a rejection in a later task
              await thrice
              return { settled, heard }
            },
            { url: dev.url(generation), kind }
          )
          assert.equal(settled.reply?.finishReason, 'stop', JSON.stringify(settled))
          assert.equal(settled.reply.text, 'One two three.')
          assert.equal(heard, 'One two three.')
          // the browser's driver hears of it after the page
          await until(() => page.problems.length >= 3)
          assert.equal(page.problems.length, 3, 'exceptions are seen where the page’s exceptions are')
          assert.ok(page.problems.every((problem) => problem.includes('thrown by a listener')), page.problems.join('\n'))
        })
      }

      test('a listener may disconnect', async (t) => {
        const page = await open(t)
        const { reply, error, after } = await page.evaluate(async (url) => {
          const { connect } = await import('flowise-stream')
          const { outcome } = await import('/in-page.js')
          const socket = connect(url, { chatflowId: 'scripted' })
          let tokens = 0
          let after = 0
          socket.on('token', () => {
            if (!socket.active) after++
            if (++tokens === 3) socket.disconnect()
          })
          return { ...(await outcome(socket.query({ question: 'slow long 300' }))), after }
        }, dev.url(generation))
        assert.equal(error, undefined)
        assert.equal(reply.finishReason, 'aborted')
        assert.match(reply.text, /^word1 word2/)
        assert.equal(after, 0, 'nothing is heard after disconnect()')
      })

      test('a listener may ask again: that answer follows', async (t) => {
        const page = await open(t)
        const { replies, heard } = await page.evaluate(async (url) => {
          const { connect } = await import('flowise-stream')
          const socket = connect(url, { chatflowId: 'scripted' })
          let second
          let heard = ''
          socket.on('token', (token) => {
            heard += token
            second ??= socket.query({ question: 'say Second.' })
          })
          const first = await socket.query({ question: 'say First.' })
          const replies = [first.text, (await second).text]
          socket.disconnect()
          return { replies, heard }
        }, dev.url(generation))
        assert.deepEqual(replies, ['First.', 'Second.'])
        assert.equal(heard, 'First.Second.')
      })

      test('a loop may ask again, and stop both', async (t) => {
        const page = await open(t)
        const texts = await page.evaluate(async (url) => {
          const { stream } = await import('flowise-stream')
          const options = { url, chatflowId: 'scripted' }
          const outer = stream({ question: 'slow long 300' }, options)
          const texts = []
          for await (const { event } of outer) {
            if (event !== 'token') continue
            const inner = stream({ question: 'say Inner.' }, options)
            for await (const { event, data } of inner) if (event === 'token') texts.push(data)
            texts.push((await inner.result).text)
            break
          }
          texts.push((await outer.result).finishReason)
          return texts
        }, dev.url(generation))
        assert.deepEqual(texts.slice(-2), ['Inner.', 'aborted'])
        assert.equal(texts.slice(0, -2).join(''), 'Inner.')
      })

      test('events named like members of objects arrive, and change no object', async (t) => {
        const page = await open(t)
        const { reply, error, events, polluted } = await page.evaluate(async (url) => {
          const { connect } = await import('flowise-stream')
          const { outcome, record } = await import('/in-page.js')
          const socket = connect(url, { chatflowId: 'trouble-names' })
          const events = record(socket)
          const settled = await outcome(socket.query({ question: 'Hi' }))
          socket.disconnect()
          const polluted = [{}.polluted, Object.prototype.polluted, [].polluted, Function.prototype.polluted, settled.reply?.polluted]
          return { ...settled, events: events.map(([event, data]) => [event, typeof data === 'string' ? data : undefined]), polluted }
        }, dev.url(generation))
        assert.equal(error, undefined)
        assert.equal(reply.text, WHOLE)
        assert.equal(textOf(events), WHOLE)
        assert.ok(polluted.every((value) => value === undefined))
        const heard = new Set(events.map(([event]) => event))
        for (const name of ['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty', 'ping', '']) {
          assert.ok(heard.has(name), `hears ${JSON.stringify(name)}`)
        }
      })

      test('events named like the socket’s own do not reach the page', async (t) => {
        const page = await open(t)
        const { reply, error, events, connected } = await page.evaluate(async (url) => {
          const { connect } = await import('flowise-stream')
          const { outcome, record } = await import('/in-page.js')
          const socket = connect(url, { chatflowId: 'trouble-reserved', reconnectionDelay: 10, reconnectionDelayMax: 20 })
          const events = record(socket)
          socket.on('disconnecting', () => events.push(['disconnecting']))
          const settled = await outcome(socket.query({ question: 'Hi' }))
          const next = await outcome(socket.query({ question: 'say Still here.' }, { chatflowId: 'scripted' }))
          const { connected } = socket
          socket.disconnect()
          return { ...settled, next, events, connected }
        }, dev.url(generation))
        assert.equal(error, undefined)
        assert.equal(reply.text, WHOLE)
        assert.equal(connected, true)
        const own = events.filter(([event]) => event.startsWith('connect') || event.startsWith('disconnect')).map(([event]) => event)
        if (generation === '3.1') assert.deepEqual(own, ['connect', 'disconnect'])
        // socket.io-client takes such a packet for a broken one, closes the connection and makes a new one.
        else assert.equal(own.filter((event) => event === 'connect').length, own.filter((event) => event === 'disconnect').length)
        assert.ok(events.every(([, data]) => data?.polluted === undefined))
      })
    })
  }
})
