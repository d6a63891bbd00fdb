/**
 * Every fault of the dev server and its effect on a page: the promise settles, the text received so far stays, and the error says what
 * happened. `docs/reliability.md` has the same table for readers.
 */

import assert from 'node:assert/strict'
import { describe, test } from 'node:test'

import { API_KEY } from '../support/dev-server.mjs'
import { ENGINE } from '../support/engines/engine.mjs'
import { textOf } from '../support/in-page.js'
import { stage } from '../support/stage.mjs'

/** WebKit ends a body whose connection was closed half-way as if it were complete: the page asks for the server, which is there, and the socket stays. */
const HALF_IS_WHOLE = ENGINE === 'webkit'

const WHOLE = 'One two three four five six seven eight nine ten.'
const PART = 'One two three'

/** The complete answer. */
const answered = (more) => ({ reply: { text: WHOLE, finishReason: 'stop', streamed: true, ...more } })

/** A failure with the partial answer. */
const failed = (code, { status, ...partial } = {}) => ({
  error: { code, status, partial: { text: '', finishReason: 'error', ...partial } },
})

/** A lost or abandoned connection with the partial answer. */
const lost = (code, text) => failed(code, { text, finishReason: 'interrupted' })

/**
 * `both`: the outcome with either generation; `2.0` and `3.1`: with one of them. `connected`: whether the socket is connected when the promise
 * settles, `true` by default: socket.io-client restores a lost connection.
 */
const FAULTS = [
  { flow: 'trouble-hang', what: 'a server that does not answer', both: lost('timeout', ''), limit: 1000 },
  { flow: 'trouble-silent', what: 'a stream that never begins', both: lost('timeout', ''), limit: 1000 },
  { flow: 'trouble-stall', what: 'a stream that falls silent', both: lost('timeout', PART), limit: 2000 },
  {
    flow: 'trouble-cut',
    what: 'a connection that is reset',
    both: lost('interrupted', PART),
    connected: { '2.0': undefined, '3.1': false },
  },
  {
    flow: 'trouble-half-closed',
    what: 'a connection that is closed half-way',
    // A browser repeats a POST by itself if a kept-alive connection closes before the first header.
    '2.0': lost('interrupted', new RegExp(`^(${PART})+$`)),
    '3.1': lost('interrupted', PART),
    connected: { '2.0': true, '3.1': HALF_IS_WHOLE },
  },
  {
    flow: 'trouble-cut-socket',
    what: 'a Socket.IO connection that is reset while the reply comes',
    both: answered(),
    connected: { '2.0': undefined, '3.1': true },
  },
  { flow: 'trouble-no-end', what: 'a stream that ends without `end`', '2.0': answered(), '3.1': lost('interrupted', WHOLE) },
  {
    flow: 'trouble-truncated',
    what: 'an answer that ends within a frame',
    '2.0': failed('protocol', { text: WHOLE }),
    '3.1': lost('interrupted', PART),
  },
  { flow: 'trouble-bytes', what: 'one byte at a time', both: answered() },
  { flow: 'trouble-buffered', what: 'a proxy that buffers', both: answered() },
  { flow: 'trouble-status-401', what: 'status 401', both: failed('unauthorized', { status: 401 }), says: /apiKey/ },
  { flow: 'trouble-status-403', what: 'status 403', both: failed('forbidden', { status: 403 }), says: /origins/ },
  { flow: 'trouble-status-404', what: 'status 404', both: failed('not-found', { status: 404 }), says: /chatflowId/ },
  { flow: 'trouble-status-413', what: 'status 413', both: failed('too-large', { status: 413 }), says: /FLOWISE_FILE_SIZE_LIMIT/ },
  { flow: 'trouble-status-429', what: 'status 429', both: failed('rate-limited', { status: 429 }), says: /wait/ },
  { flow: 'trouble-status-500', what: 'status 500', both: failed('server', { status: 500 }), says: /Cannot read properties/ },
  { flow: 'trouble-status-502', what: 'a proxy’s 502 page', both: failed('status', { status: 502 }), says: /^[^<]*502[^<]*$/ },
  { flow: 'trouble-html', what: 'HTML instead of an answer', both: failed('protocol'), says: /text\/html/ },
  {
    flow: 'trouble-json',
    what: 'JSON instead of a stream',
    both: answered({ streamed: false }),
    // A server that could stream but does not is of the other generation: the socket detects that.
    connected: { '2.0': true, '3.1': false },
  },
  { flow: 'trouble-wrong-type', what: 'a wrong content type', '2.0': answered(), '3.1': failed('protocol'), says: /text\/plain/ },
  { flow: 'trouble-malformed', what: 'malformed frames', '2.0': answered(), '3.1': answered({ text: WHOLE.replace('six', '\ud83dsix') }) },
  { flow: 'trouble-late', what: 'events after `end`', both: answered() },
  { flow: 'trouble-overtaken', what: 'a reply that comes before its events', both: answered() },
  { flow: 'trouble-start-twice', what: 'two `start` events', both: answered() },
  { flow: 'trouble-crlf', what: 'all that the event stream format allows', '3.1': answered({ text: 'One two three four five six' }) },
  { flow: 'trouble-empty', what: 'an empty answer', both: answered({ text: '', finishReason: 'empty' }) },
  {
    flow: 'trouble-empty-once',
    what: 'an answer of which only the history knows',
    // The reply of a Socket.IO server contains everything that the history does.
    '2.0': answered({ text: '', finishReason: 'empty' }),
    '3.1': answered(),
    apiKey: API_KEY,
  },
  { flow: 'trouble-redirect', what: 'a redirect', both: failed('protocol'), says: /final address/ },
  {
    flow: 'trouble-cors',
    what: 'a reply that the page may not read',
    both: failed('cors'),
    says: /CORS_ORIGINS/,
    connected: { '2.0': true, '3.1': false },
    connect: 3000,
  },
  {
    flow: 'trouble-steady',
    what: 'an answer that does not end in time',
    question: '20',
    both: lost('timeout', /^tick1 tick2 /),
    total: 3000,
    says: /`timeout`/,
  },
  { flow: 'trouble-heartbeat', what: 'heartbeats alone', question: '20', '3.1': lost('timeout', ''), limit: 1000, total: 3000, says: /`timeout`/ },
]

describe('what a page sees of trouble', () => {
  const { dev, open } = stage()

  const meet = (page, { flow, question = 'Hi', limit = 5000, connect = 5000, total = 0, apiKey }, generation) =>
    page.evaluate(
      async ({ url, chatflowId, question, timeouts, apiKey, isRefused }) => {
        const { connect } = await import('flowise-stream')
        const { next, outcome, record } = await import('/in-page.js')
        const socket = connect(url, { chatflowId, apiKey, timeouts, reconnectionDelay: 20, reconnectionDelayMax: 50 })
        const events = record(socket)
        if (!isRefused) {
          await next(socket, 'connect')
          // a server sends nothing while it upgrades a connection
          const { engine } = socket.io
          if (engine.transport.name === 'polling') await next(engine, 'upgrade')
        }
        const settled = await outcome(socket.query({ question }))
        const { connected } = socket
        socket.disconnect()
        return { ...settled, connected, events }
      },
      {
        url: dev.url(generation),
        chatflowId: flow,
        question,
        apiKey,
        timeouts: { connect, firstByte: limit, idle: limit, total },
        isRefused: isRefused(flow, generation),
      }
    )

  for (const generation of ['2.0', '3.1']) {
    describe(`with Flowise ${generation}`, () => {
      for (const fault of FAULTS) {
        const expected = fault.both ?? fault[generation]
        if (!expected) continue
        test(`${fault.flow}: ${fault.what}`, async (t) => {
          const page = await open(t)
          const { reply, error, connected, events } = await meet(page, fault, generation)
          const seen = JSON.stringify({ reply, error, connected })

          const got = reply ?? error?.partial
          const wanted = expected.reply ?? expected.error.partial
          assert.equal(Boolean(reply), Boolean(expected.reply), seen)
          if (wanted.text instanceof RegExp) assert.match(got.text, wanted.text)
          else assert.equal(got.text, wanted.text, seen)
          assert.equal(got.finishReason, wanted.finishReason, seen)
          if (expected.reply) assert.equal(reply.streamed, wanted.streamed, seen)
          if (error) {
            assert.deepEqual([error.name, error.code, error.status], ['FlowiseError', expected.error.code, expected.error.status], seen)
            assert.match(error.message, fault.says ?? /./)
          }
          assert.equal(typeof got.chatId, 'string')
          if (expected.reply?.streamed && tokensAreText(fault, generation)) assert.equal(textOf(events), got.text)

          const stays = fault.connected ? fault.connected[generation] : true
          if (stays !== undefined) assert.equal(connected, stays, seen)
          const connections = events.filter(([event]) => event === 'connect' || event === 'connect_error').map(([event]) => event)
          assert.equal(connections[0], isRefused(fault.flow, generation) ? 'connect_error' : 'connect')
        })
      }
    })
  }
})

/** Whether the page's socket never connects: the check for this generation is a request that the page may not make. */
const isRefused = (flow, generation) => flow === 'trouble-cors' && generation === '3.1'

/** Whether the tokens for listeners make up the answer: not if they are lost, odd, or arrive after the end. */
const tokensAreText = ({ flow }, generation) =>
  !(flow === 'trouble-empty-once' || (generation === '2.0' && /malformed|cut-socket|late/.test(flow)))
