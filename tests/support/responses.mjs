/**
 * What `fromResponse` makes of responses that a page, or a server in Node, has already. The cases run where `run` runs them: they see
 * nothing but what they are given.
 */

import assert from 'node:assert/strict'
import { test } from 'node:test'

/**
 * Declares the tests.
 *
 * @param {(t: import('node:test').TestContext, act: (given: object) => Promise<any>, given: object) => Promise<any>} run
 * @param {() => import('./dev-server.mjs').DevServer} server
 */
export function testResponses(run, server) {
  /** The request for a question that the page sends itself. */
  const asking = (flow, question, chatId) => ({
    at: { url: server().sse, chatflowId: flow },
    url: `${server().sse}/api/v1/prediction/${flow}`,
    init: {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ question, chatId, streaming: true }),
    },
  })

  for (const form of ['a response', 'a promise of one']) {
    test(`${form} is the stream that \`stream\` returns: events, reply and all`, async (t) => {
      const { ours, theirs } = await run(
        t,
        async ({ at, url, init, isPromise }) => {
          const { fromResponse, stream } = await import('flowise-stream')
          const all = async (answer) => {
            const events = []
            for await (const { event, data } of answer) events.push([event, data])
            const { chatId, chatMessageId, sessionId, ...reply } = await answer.result
            return { events: events.filter(([event]) => event !== 'metadata'), reply, isNamed: chatId !== '' && sessionId !== '' }
          }
          const response = fetch(url, init)
          const ours = await all(fromResponse(isPromise ? response : await response))
          return { ours, theirs: await all(stream({ question: 'say One two three.' }, at)) }
        },
        { ...asking('scripted', 'say One two three.'), isPromise: form === 'a promise of one' },
      )
      assert.deepEqual(ours, theirs)
      assert.equal(ours.reply.text, 'One two three.')
      assert.equal(ours.reply.streamed, true)
      assert.equal(ours.events.at(-1)[0], 'end')
      assert.ok(ours.isNamed)
    })
  }

  test('textStream, listeners and a `Flowise` take it, too', async (t) => {
    const { pieces, heard } = await run(
      t,
      async ({ at, url, init }) => {
        const { Flowise, fromResponse } = await import('flowise-stream')
        const reader = fromResponse(await fetch(url, init)).textStream.getReader()
        const pieces = []
        for (let read = await reader.read(); !read.done; read = await reader.read()) pieces.push(read.value)
        const answer = new Flowise(at).fromResponse(await fetch(url, init))
        let heard = ''
        answer.on('token', (token) => (heard += token))
        await answer.result
        return { pieces, heard }
      },
      asking('scripted', 'say Again and again.'),
    )
    assert.ok(pieces.length > 1)
    assert.deepEqual([pieces.join(''), heard], ['Again and again.', 'Again and again.'])
  })

  test('a JSON reply is one token, and `end`', async (t) => {
    const { events, reply } = await run(
      t,
      async () => {
        const { fromResponse } = await import('flowise-stream')
        const answer = fromResponse(Response.json({ text: 'All at once.', chatId: 'a', sessionId: 's' }))
        const events = []
        for await (const { event, data } of answer) events.push([event, data])
        return { events, reply: await answer.result }
      },
      {},
    )
    assert.deepEqual(events, [['token', 'All at once.'], ['end', undefined]])
    assert.deepEqual(reply, { text: 'All at once.', chatId: 'a', sessionId: 's', finishReason: 'stop', streamed: false })
  })

  test('a reply without ids belongs to the conversation of the options', async (t) => {
    const { chatId, sessionId } = await run(
      t,
      async () => {
        const { fromResponse } = await import('flowise-stream')
        return fromResponse(Response.json({ text: 'A' }), { chatId: 'mine' }).result
      },
      {},
    )
    assert.deepEqual([chatId, sessionId], ['mine', 'mine'])
  })

  test('a response without a stream, as React Native has it, is read whole', async (t) => {
    const { text, streamed } = await run(
      t,
      async () => {
        const { fromResponse } = await import('flowise-stream')
        const body = 'message:\ndata:{"event":"token","data":"All 你."}\n\nmessage:\ndata:{"event":"end","data":"[DONE]"}\n\n'
        const headers = new Headers({ 'content-type': 'text/event-stream' })
        return fromResponse({ status: 200, ok: true, headers, text: async () => body }).result
      },
      {},
    )
    assert.deepEqual([text, streamed], ['All 你.', true])
  })

  test('the `end` of an answer closes a response that goes on', async (t) => {
    const isClosed = await run(
      t,
      async () => {
        const { fromResponse } = await import('flowise-stream')
        let isClosed = false
        const body = new ReadableStream({
          start: (controller) => controller.enqueue(new TextEncoder().encode('message:\ndata:{"event":"end","data":"[DONE]"}\n\n')),
          cancel: () => void (isClosed = true),
        })
        await fromResponse(new Response(body, { headers: { 'content-type': 'text/event-stream' } })).result
        return isClosed
      },
      {},
    )
    assert.equal(isClosed, true)
  })

  test('each failure has its code', async (t) => {
    const codes = await run(
      t,
      async () => {
        const { fromResponse } = await import('flowise-stream')
        const failure = async (response, options) => {
          const { code, status, cause } = await fromResponse(response, options).result.catch((error) => error)
          return [code, status ?? cause?.message]
        }
        const events = { headers: { 'content-type': 'text/event-stream' } }
        const read = new Response('read')
        await read.text()
        const locked = new Response('locked')
        locked.body.getReader()
        return {
          refused: await failure(new Response('{"message":"Unauthorized Access"}', { status: 401 })),
          'not there': await failure(new Response('', { status: 404 })),
          'a page': await failure(new Response('<p>', { headers: { 'content-type': 'text/html' } })),
          'no end': await failure(new Response('message:\ndata:{"event":"token","data":"A"}\n\n', events)),
          'an error': await failure(
            new Response('message:\ndata:{"event":"error","data":"no"}\n\nmessage:\ndata:{"event":"end","data":"[DONE]"}\n\n', events),
          ),
          'a request that failed': await failure(Promise.reject(new TypeError('no network'))),
          'no response': await failure('text'),
          nothing: await failure(undefined),
          'read already': await failure(read),
          'being read': await failure(locked),
          'a signal that is none': await failure(new Response(), { signal: 'stop' }),
          'a limit': await failure(new Response(new ReadableStream(), events), { timeout: 20 }),
          'nothing in time': await failure(new Promise(() => {}), { timeouts: { firstByte: 20 } }),
        }
      },
      {},
    )
    const isAbsent = undefined
    assert.deepEqual(codes, {
      refused: ['unauthorized', 401],
      'not there': ['not-found', 404],
      'a page': ['protocol', isAbsent],
      'no end': ['interrupted', isAbsent],
      'an error': ['server', isAbsent],
      'a request that failed': ['interrupted', 'no network'],
      'no response': ['config', isAbsent],
      nothing: ['config', isAbsent],
      'read already': ['config', isAbsent],
      'being read': ['config', isAbsent],
      'a signal that is none': ['config', isAbsent],
      'a limit': ['timeout', isAbsent],
      'nothing in time': ['timeout', isAbsent],
    })
  })

  test("the server's message says more than the name of its error", async (t) => {
    const message = await run(
      t,
      async () => {
        const { fromResponse } = await import('flowise-stream')
        const reply = { statusCode: 500, error: 'Internal Server Error', message: 'The model hung.' }
        return fromResponse(Response.json(reply, { status: 500 })).result.catch(({ message }) => message)
      },
      {},
    )
    assert.match(message, /The model hung\./)
  })

  test('whatever ends it early closes the response, and what came stays', async (t) => {
    const ends = await run(
      t,
      async () => {
        const { fromResponse } = await import('flowise-stream')
        const endless = () => {
          let closed
          const isClosed = new Promise((resolve) => (closed = resolve))
          const body = new ReadableStream({
            start: (controller) => controller.enqueue(new TextEncoder().encode('message:\ndata:{"event":"token","data":"tick"}\n\n')),
            cancel: () => closed(true),
          })
          return { response: new Response(body, { headers: { 'content-type': 'text/event-stream' } }), isClosed }
        }
        const ends = {}
        const note = async (name, answer, isClosed) => {
          const { text, finishReason } = await answer.result
          ends[name] = [finishReason, text, await isClosed]
        }
        for (const name of ['a loop that is left', 'abort()', 'a signal']) {
          const { response, isClosed } = endless()
          const controller = new AbortController()
          const answer = fromResponse(response, { signal: controller.signal })
          for await (const _ of answer) {
            if (name === 'abort()') ends.told = await answer.abort()
            else if (name === 'a signal') controller.abort()
            else break
          }
          await note(name, answer, isClosed)
        }
        const { response, isClosed } = endless()
        await note('a signal that had fired', fromResponse(response, { signal: AbortSignal.abort() }), isClosed)
        const later = endless()
        let arrives
        const promise = new Promise((resolve) => (arrives = resolve))
        const stopped = fromResponse(promise)
        await new Promise((resolve) => setTimeout(resolve))
        await stopped.abort()
        arrives(later.response)
        await note('before it came', stopped, later.isClosed)
        await note('a request that failed as nobody waited', fromResponse(Promise.reject(new Error()), { signal: AbortSignal.abort() }), true)
        return ends
      },
      {},
    )
    assert.deepEqual(ends, {
      'a loop that is left': ['aborted', 'tick', true],
      told: { reached: false },
      'abort()': ['aborted', 'tick', true],
      'a signal': ['aborted', 'tick', true],
      'a signal that had fired': ['aborted', '', true],
      'before it came': ['aborted', '', true],
      'a request that failed as nobody waited': ['aborted', '', true],
    })
  })

  test('a page that aborts its own request has stopped the answer', async (t) => {
    const { finishReason, text } = await run(
      t,
      async ({ url, init }) => {
        const { fromResponse } = await import('flowise-stream')
        const controller = new AbortController()
        const answer = fromResponse(await fetch(url, { ...init, signal: controller.signal }))
        answer.on('token', () => controller.abort())
        return answer.result
      },
      asking('trouble-steady', '20'),
    )
    assert.equal(finishReason, 'aborted')
    assert.match(text, /^tick1 /)
  })

  for (const [name, options, stops] of [
    ['is told to the server that the options name', ({ at }) => ({ ...at, chatId: 'told' }), ['told']],
    ['goes to nobody without a conversation', ({ at }) => at, []],
    ['goes to nobody without a chatflow', ({ at: { url } }) => ({ url, chatId: 'no chatflow' }), []],
  ]) {
    test(`a stop ${name}`, async (t) => {
      const given = asking('trouble-steady', '20', name)
      await server().clear()
      const outcome = await run(
        t,
        async ({ url, init, options }) => {
          const { fromResponse } = await import('flowise-stream')
          const answer = fromResponse(fetch(url, init), options)
          await new Promise((resolve) => answer.on('token', resolve))
          return answer.abort()
        },
        { ...given, options: options(given) },
      )
      assert.deepEqual(outcome, { reached: stops.length > 0 })
      const told = (await server().log('/chatmessage/abort/')).filter(({ method }) => method === 'PUT')
      assert.deepEqual(told.map(({ path }) => path.split('/').at(-1)), stops)
    })
  }

  test('a stop that the server refuses has not reached it', async (t) => {
    const { reached, code } = await run(
      t,
      async ({ url, init, at }) => {
        const { fromResponse } = await import('flowise-stream')
        const refuse = async () => Response.json({ message: 'no' }, { status: 500 })
        const answer = fromResponse(fetch(url, init), { ...at, chatId: 'refused', fetch: refuse })
        await new Promise((resolve) => answer.on('token', resolve))
        const { reached, error } = await answer.abort()
        return { reached, code: error?.code }
      },
      asking('trouble-steady', '20', 'refused'),
    )
    assert.deepEqual([reached, code], [false, 'server'])
  })
}
