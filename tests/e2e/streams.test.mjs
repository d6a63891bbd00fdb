/**
 * The forms of a stream, several streams at once, and the warnings about skipped messages.
 */

import assert from 'node:assert/strict'
import { describe, test } from 'node:test'

import { stage } from '../support/stage.mjs'

/** The body of an event stream as Flowise writes it; a string is a whole frame. */
const body = (...frames) => frames.map((frame) => `message:\ndata:${typeof frame === 'string' ? frame : JSON.stringify(frame)}\n\n`).join('')
const END = { event: 'end', data: '[DONE]' }
const STREAMS = { '/chatflows-streaming/': { json: '{"isStreaming":true}' } }

describe('streams', () => {
  const { dev, open } = stage({ args: ['--speed', '20'] })

  for (const generation of ['2.0', '3.1']) {
    describe(`with Flowise ${generation}`, () => {
      const options = (chatflowId = 'scripted') => ({ url: dev.url(generation), chatflowId })

      test('textStream yields the tokens, and text the whole answer', async (t) => {
        const page = await open(t)
        const { pieces, text } = await page.evaluate(async (options) => {
          const { stream } = await import('flowise-stream')
          const answer = stream({ question: 'say One two three.' }, options)
          const pieces = []
          for await (const piece of answer.textStream) pieces.push(piece)
          return { pieces, text: await answer.text }
        }, options())
        assert.ok(pieces.length > 1)
        assert.ok(pieces.every((piece) => typeof piece === 'string' && piece !== ''), 'of no other event')
        assert.equal(pieces.join(''), 'One two three.')
        assert.equal(text, 'One two three.')
      })

      test('toReadableStream yields the events', async (t) => {
        const page = await open(t)
        const events = await page.evaluate(async (options) => {
          const { stream } = await import('flowise-stream')
          const events = []
          const sink = new WritableStream({ write: ({ event }) => void events.push(event) })
          await stream({ question: 'say One two three.' }, options).toReadableStream().pipeTo(sink)
          return events
        }, options())
        assert.equal(events[0], 'start')
        assert.equal(events.at(-1), 'end')
        assert.ok(events.includes('token'))
      })

      for (const form of ['textStream', 'toReadableStream()']) {
        test(`${form} that is cancelled stops the answer`, async (t) => {
          const page = await open(t)
          const { reason, text } = await page.evaluate(
            async ({ form, options }) => {
              const { stream } = await import('flowise-stream')
              const answer = stream({ question: '20' }, options)
              const reader = (form === 'textStream' ? answer.textStream : answer.toReadableStream()).getReader()
              let read
              do read = await reader.read()
              while (read.value.event === 'start')
              await reader.cancel()
              const { finishReason, text } = await answer.result
              return { reason: finishReason, text }
            },
            { form, options: options('trouble-steady') },
          )
          assert.equal(reason, 'aborted')
          assert.match(text, /^tick1 /)
        })
      }

      test('a stream can be read only once', async (t) => {
        const page = await open(t)
        const { thrown, text } = await page.evaluate(async (options) => {
          const { stream } = await import('flowise-stream')
          const answer = stream({ question: 'say Once.' }, options)
          let text = ''
          const { textStream } = answer
          let thrown
          try {
            answer.toReadableStream()
          } catch (error) {
            thrown = error.message
          }
          for await (const piece of textStream) text += piece
          return { thrown, text }
        }, options())
        assert.match(thrown, /already being read/)
        assert.equal(text, 'Once.')
      })

      test('a failure ends a loop and a ReadableStream like the result', async (t) => {
        const page = await open(t)
        const codes = await page.evaluate(async (options) => {
          const { stream } = await import('flowise-stream')
          const { outcome } = await import('/in-page.js')
          const loop = async (events) => {
            for await (const _ of events);
          }
          const settled = []
          for (const form of [(answer) => answer, (answer) => answer.toReadableStream(), (answer) => answer.textStream]) {
            const answer = stream({ question: 'drop' }, options)
            settled.push(await outcome(loop(form(answer))), await outcome(answer.result))
          }
          return settled.map(({ error }) => error?.code)
        }, options())
        assert.deepEqual(codes, Array(6).fill('server'))
      })

      test('several streams run side by side', { timeout: 120_000 }, async (t) => {
        const page = await open(t)
        const { texts, reasons } = await page.evaluate(
          async ({ options, endless }) => {
            const { stream } = await import('flowise-stream')
            const answers = ['a', 'b', 'c', 'd', 'e'].map((name) => stream({ question: `slow say ${name} ${name} ${name}` }, options))
            const texts = await Promise.all(answers.map(({ text }) => text))
            // None of these ends by itself: if one waited for another, its first token would never arrive.
            const others = Array.from({ length: 5 }, () => stream({ question: '20' }, endless))
            await Promise.all(others.map((answer) => new Promise((resolve) => answer.on('token', resolve))))
            await Promise.all(others.map((answer) => answer.abort()))
            const replies = await Promise.all(others.map(({ result }) => result))
            return { texts, reasons: replies.map(({ finishReason }) => finishReason) }
          },
          { options: options(), endless: options('trouble-steady') },
        )
        assert.deepEqual(texts, ['a a a', 'b b b', 'c c c', 'd d d', 'e e e'])
        assert.deepEqual(reasons, Array(5).fill('aborted'))
      })

      test('onAny hears every event, until offAny', async (t) => {
        const page = await open(t)
        const { events, after } = await page.evaluate(async (options) => {
          const { stream } = await import('flowise-stream')
          const answer = stream({ question: 'say One two three.' }, options)
          const events = []
          let after = 0
          const first = () => answer.offAny(first).onAny((...args) => events.push(args)) && after++
          answer.onAny(first)
          await answer.result
          return { events, after }
        }, options())
        assert.equal(after, 1)
        assert.equal(events.flatMap(([event, data]) => (event === 'token' ? data : [])).join(''), 'One two three.')
        assert.equal(events.at(-1)[0], 'end')
      })
    })
  }

  /** The outcome of a question to a server that a `fetch` imitates. */
  const ask = async (t, stream, more) => {
    const page = await open(t)
    return page.evaluate(
      async ({ replies, more }) => {
        const { stream } = await import('flowise-stream')
        const { outcome, played } = await import('/in-page.js')
        const answer = stream({ question: 'Hi' }, { url: 'http://flowise.invalid', chatflowId: 'any', transport: 'sse', fetch: played(replies), ...more })
        const { reply, error } = await outcome(answer.result)
        const warnings = answer.warnings.map(({ code, raw }) => ({ code, raw }))
        return { reply: reply && { ...reply, warnings: reply.warnings?.length }, error, warnings }
      },
      { replies: { ...STREAMS, '/prediction/': { stream } }, more },
    )
  }

  test('a whole answer in one token is the text, even without listeners', async (t) => {
    const token = 'A line\n'.repeat(1000)
    const { reply } = await ask(t, body({ event: 'start', data: '' }, { event: 'token', data: token }, END))
    assert.equal(reply.text, token)
    assert.equal(reply.finishReason, 'stop')
  })

  test('events after an end with an odd payload do not count', async (t) => {
    const { reply } = await ask(t, body({ event: 'token', data: 'Whole.' }, { event: 'end', data: null }, { event: 'token', data: ' Late.' }))
    assert.equal(reply.text, 'Whole.')
  })

  test('the message of an error event that is an object is used', async (t) => {
    const { error } = await ask(t, body({ event: 'error', data: { message: 'No such model.' } }, END))
    assert.equal(error.code, 'server')
    assert.match(error.message, /No such model\./)
  })

  test('skipped messages are reported', async (t) => {
    const long = { event: 'token', data: 'x'.repeat(5000) }
    const stream = body({ event: 'token', data: 'All ' }, '{"event":"token","data":"br', long, { event: 'token', data: 'there.' }, END)
    const { reply, warnings } = await ask(t, stream, { maxMessageBytes: 1000 })
    assert.equal(reply.text, 'All there.')
    assert.deepEqual(warnings, [
      { code: 'decode', raw: '{"event":"token","data":"br' },
      { code: 'message-too-long', raw: undefined },
    ])
    assert.equal(reply.warnings, 2)
    assert.equal((await ask(t, body({ event: 'token', data: 'All.' }, END))).reply.warnings, undefined)
  })

  test('only ten warnings are kept, with a limited excerpt each', async (t) => {
    const broken = Array(20).fill(`{"event":"token","data":"${'x'.repeat(20_000)}`)
    const { warnings } = await ask(t, body(...broken, { event: 'token', data: 'Fine.' }, END))
    assert.deepEqual(warnings, Array(10).fill({ code: 'decode', raw: undefined }))
  })
})
