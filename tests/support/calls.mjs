/**
 * The calls besides predictions in a page, against the dev server or a real Flowise 3.1.
 */

import assert from 'node:assert/strict'
import { test } from 'node:test'

/**
 * Declares the tests.
 *
 * @param {object} where
 * @param {(t: import('node:test').TestContext) => Promise<import('playwright-core').Page>} where.open opens an empty page
 * @param {(flow: string) => { url: string, chatflowId: string }} where.at a server that allows the page's origin everywhere
 * @param {(flow: string) => { url: string, chatflowId: string }} where.closed one with Flowise's default
 * @param {RegExp} where.noSpeech what the server says of speech that it cannot make
 */
export function testCalls({ open, at, closed, noSpeech }) {
  const call = async (t, options, name, ...args) => {
    const page = await open(t)
    return page.evaluate(
      async ([options, name, args]) => {
        const { Flowise } = await import('flowise-stream')
        const { outcome } = await import('/in-page.js')
        return outcome(new Flowise(options)[name](...args))
      },
      [options, name, args],
    )
  }

  test('isStreaming says whether the chatflow streams', async (t) => {
    assert.deepEqual(await call(t, at('chain'), 'isStreaming'), { reply: true })
    assert.deepEqual(await call(t, at('parser'), 'isStreaming'), { reply: false })
    assert.equal((await call(t, { ...at('chain'), chatflowId: '00000000-0000-4000-8000-000000000000' }, 'isStreaming')).error.code, 'not-found')
  })

  test("chatbotConfig returns the owner's settings, to every origin", async (t) => {
    for (const options of [at('files'), closed('files')]) {
      const { reply } = await call(t, options, 'chatbotConfig')
      assert.equal(reply.uploads.isImageUploadAllowed, true, JSON.stringify(reply))
    }
  })

  test('abort reaches a server that allows it', async (t) => {
    assert.deepEqual(await call(t, at('chain'), 'abort', 'no-such-chat'), { reply: { reached: true } })
  })

  test('calls that need CORS_ORIGINS fail with an error that says so', async (t) => {
    const page = await open(t)
    const codes = await page.evaluate(async (options) => {
      const { Flowise, isFlowiseError } = await import('flowise-stream')
      const flowise = new Flowise(options)
      const chatId = crypto.randomUUID()
      const refused = (promise) => promise.catch((error) => [isFlowiseError(error), error.code, error.message.includes('CORS_ORIGINS')])
      const { reached, error } = await flowise.abort(chatId)
      return {
        upload: await refused(flowise.upload(new File(['text'], 'a.txt', { type: 'text/plain' }), { chatId })),
        feedback: await refused(flowise.feedback({ chatId, messageId: chatId, rating: 'THUMBS_UP' })),
        lead: await refused(flowise.lead({ chatId, name: 'Me' })),
        abort: [reached, error.code, error.message.includes('CORS_ORIGINS')],
      }
    }, closed('files'))
    const refusal = [true, 'cors', true]
    assert.deepEqual(codes, { upload: refusal, feedback: refusal, lead: refusal, abort: [false, 'cors', true] })
  })

  test('files become uploads for a question: texts through the server, pictures and sound inline', async (t) => {
    const page = await open(t)
    const { uploads, inline, answer } = await page.evaluate(async (options) => {
      const { Flowise } = await import('flowise-stream')
      const flowise = new Flowise(options)
      const chatId = crypto.randomUUID()
      const files = [
        new File([new Uint8Array([137, 80, 78, 71])], 'dot.png', { type: 'image/png' }),
        new File(['Owls are birds. 🦉'], 'owls.txt', { type: 'text/plain' }),
        new File(['Hoo'], 'hoo.webm', { type: 'audio/webm' }),
      ]
      const uploads = await flowise.upload(files, { chatId })
      const inline = await flowise.upload(files[1], { chatId, mode: 'inline' })
      const answer = await flowise.query({ question: 'say Got it.', chatId, uploads: [uploads[1]] }, { transport: 'sse' })
      return { uploads, inline, answer: answer.text }
    }, at('files'))
    assert.deepEqual(uploads, [
      { type: 'file', name: 'dot.png', mime: 'image/png', data: 'data:image/png;base64,iVBORw==' },
      { type: 'file:full', name: 'owls.txt', mime: 'text/plain', data: 'Owls are birds. 🦉' },
      { type: 'audio', name: 'hoo.webm', mime: 'audio/webm', data: 'data:audio/webm;base64,SG9v' },
    ])
    assert.deepEqual(inline, [
      { type: 'file', name: 'owls.txt', mime: 'text/plain', data: 'data:text/plain;base64,T3dscyBhcmUgYmlyZHMuIPCfpok=' },
    ])
    assert.equal(answer, 'Got it.')
  })

  test("the server's reason for a refused file is the error", async (t) => {
    const page = await open(t)
    const { error } = await page.evaluate(async (options) => {
      const { Flowise } = await import('flowise-stream')
      const { outcome } = await import('/in-page.js')
      const file = new File(['text'], 'a.txt', { type: 'text/plain' })
      return outcome(new Flowise(options).upload(file, { chatId: crypto.randomUUID() }))
    }, at('tool'))
    assert.match(error.message, /File upload is not enabled/)
  })

  test('an upload without a chatId is a `config` error', async (t) => {
    assert.equal((await call(t, at('files'), 'upload', [], {})).error.code, 'config')
  })

  test('feedback is sent, and changed', async (t) => {
    const page = await open(t)
    const { given, unknown } = await page.evaluate(async (options) => {
      const { Flowise } = await import('flowise-stream')
      const { outcome } = await import('/in-page.js')
      const flowise = new Flowise(options)
      const { chatId, chatMessageId: messageId } = await flowise.query({ question: 'say fine' }, { transport: 'sse' })
      const given = await flowise.feedback({ chatId, messageId, rating: 'THUMBS_UP' })
      await flowise.feedback({ id: given.id, rating: 'THUMBS_DOWN', content: 'Not quite.' })
      const unknown = await outcome(flowise.feedback({ chatId, messageId: crypto.randomUUID(), rating: 'THUMBS_UP' }))
      return { given, unknown }
    }, at('chain'))
    assert.equal(given.rating, 'THUMBS_UP')
    assert.deepEqual([unknown.error.code, unknown.error.status], ['not-found', 404])
  })

  test('a lead is stored', async (t) => {
    const { reply } = await call(t, at('chain'), 'lead', { chatId: 'chat', name: 'Me', email: 'me@example.com' })
    assert.deepEqual([reply.name, reply.email, reply.chatId], ['Me', 'me@example.com', 'chat'])
    assert.ok(reply.id)
  })

  test('failed speech is an error, even with status 200', async (t) => {
    const page = await open(t)
    const { error } = await page.evaluate(async (options) => {
      const { Flowise } = await import('flowise-stream')
      const { outcome } = await import('/in-page.js')
      return outcome(new Flowise(options).speak('').result)
    }, at('chain'))
    assert.equal(error.code, 'server')
    assert.match(error.message, noSpeech)
  })

  test('an answer that was stopped does not cut the next one off', async (t) => {
    const page = await open(t)
    const { stopped, next } = await page.evaluate(async (options) => {
      const { createChat } = await import('flowise-stream/store')
      const chat = createChat({ ...options, transport: 'sse' })
      const sent = chat.send('long 30 slow')
      await new Promise((resolve) => chat.subscribe(() => chat.getSnapshot().messages.at(-1).text.split(' ').length > 3 && resolve()))
      await chat.stop()
      const stopped = await sent
      const next = await chat.send('long 60 slow')
      return { stopped, next }
    }, at('chain'))
    assert.equal(stopped.finishReason, 'aborted')
    assert.deepEqual([next.finishReason, next.text.split(' ').length], ['stop', 60])
  })
}
