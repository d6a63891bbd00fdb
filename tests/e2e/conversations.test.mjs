/**
 * Questions with one `chatId`: a server of event streams mixes up two runs of one conversation, and may continue a run without a listener.
 */

import assert from 'node:assert/strict'
import { describe, test } from 'node:test'

import { stage } from '../support/stage.mjs'

const LONG = 'long 60 slow'
const words = (text) => text.split(' ').length

describe('conversations', () => {
  const { dev, open } = stage({ args: ['--speed', '10'] })

  /** The bodies of the questions that the server got. */
  const asked = async () => {
    const posts = (await dev.log('/prediction/')).filter(({ method }) => method === 'POST')
    return posts.map(({ body }) => JSON.parse(body))
  }

  /** Asks in one conversation what `how` says, and again when the first answer is lost. */
  const askTwice = async ({ url, how, chatId, question }) => {
    const { connect, stream } = await import('flowise-stream')
    const options = { url, chatflowId: 'scripted-chain', transport: 'sse' }
    const socket = how === 'socket.query' ? connect(url, options) : undefined
    const begin = (signal, more = {}) => {
      const data = { question, chatId, ...more }
      if (!socket) return stream(data, { ...options, signal })
      return { result: socket.query(data, { signal }), on: (event, listener) => socket.once(event, listener) }
    }
    const controller = new AbortController()
    const first = begin(controller.signal)
    first.on('token', () => controller.abort())
    const stopped = await first.result
    const second = begin(undefined)
    const ids = [second.chatId]
    const whole = await second.result
    const third = await begin(undefined, { chatId: whole.chatId }).result
    socket?.disconnect()
    return { ids, answers: [stopped, whole, third].map(({ text, chatId, finishReason }) => ({ text, chatId, finishReason })) }
  }

  for (const how of ['stream', 'socket.query']) {
    test(`${how}: a run that continues after a stop does not get into the next answer, which keeps the memory`, async (t) => {
      const page = await open(t)
      await dev.clear()
      const chatId = `stopped-${how}`
      const { ids, answers } = await page.evaluate(askTwice, { url: dev.sse, how, chatId, question: LONG })
      assert.deepEqual(answers.map(({ finishReason }) => finishReason), ['aborted', 'stop', 'stop'])
      assert.equal(words(answers[1].text), 60)
      assert.equal(words(answers[2].text), 60)
      const [first, second, third] = await asked()
      assert.equal(first.chatId, chatId)
      assert.equal(first.overrideConfig, undefined)
      assert.notEqual(second.chatId, chatId)
      assert.equal(second.chatId, answers[1].chatId)
      if (how === 'stream') assert.deepEqual(ids, [second.chatId], 'a stream says under which id it goes on')
      assert.equal(third.chatId, second.chatId, 'the new conversation was not left')
      for (const { overrideConfig } of [second, third]) assert.deepEqual(overrideConfig, { sessionId: chatId })
    })
  }

  test('a session id of the page stays', async (t) => {
    const page = await open(t)
    await dev.clear()
    await page.evaluate(async (url) => {
      const { stream } = await import('flowise-stream')
      const options = { url, chatflowId: 'scripted-chain', transport: 'sse' }
      const data = { question: 'long 60 slow', chatId: 'own', overrideConfig: { sessionId: 'mine', vars: { a: 1 } } }
      for await (const { event } of stream(data, options)) if (event === 'token') break
      await stream({ ...data, question: 'say Hello.' }, options).result
    }, dev.sse)
    const [, second] = await asked()
    assert.notEqual(second.chatId, 'own')
    assert.deepEqual(second.overrideConfig, { sessionId: 'mine', vars: { a: 1 } })
  })

  test('a conversation keeps its id after a complete or refused answer', async (t) => {
    const page = await open(t)
    await dev.clear()
    await page.evaluate(async (url) => {
      const { stream } = await import('flowise-stream')
      const { outcome } = await import('/in-page.js')
      for (const chatflowId of ['scripted', 'error-model', 'trouble-status-500', 'trouble-json', 'scripted']) {
        await outcome(stream({ question: 'say Hello.', chatId: 'stays' }, { url, chatflowId, transport: 'sse' }).result)
      }
    }, dev.sse)
    const bodies = await asked()
    assert.equal(bodies.length, 5)
    for (const { chatId, overrideConfig } of bodies) {
      assert.equal(chatId, 'stays')
      assert.equal(overrideConfig, undefined)
    }
  })

  test('questions in one conversation run one after the other, whichever API asks them', async (t) => {
    const page = await open(t)
    const texts = await page.evaluate(async (url) => {
      const { connect, stream } = await import('flowise-stream')
      const options = { url, chatflowId: 'scripted', transport: 'sse' }
      const sockets = [connect(url, { ...options, forceNew: true }), connect(url, { ...options, forceNew: true })]
      const question = (name) => ({ question: `slow say ${name} ${name} ${name}`, chatId: 'one' })
      const texts = await Promise.all([
        sockets[0].query(question('a')).then(({ text }) => text),
        sockets[1].query(question('b')).then(({ text }) => text),
        stream(question('c'), options).text,
        stream(question('d'), options).text,
      ])
      for (const socket of sockets) socket.disconnect()
      return texts
    }, dev.sse)
    assert.deepEqual(texts, ['a a a', 'b b b', 'c c c', 'd d d'])
  })

  test('one that waits while the answer before it is stopped does not meet its run', async (t) => {
    const page = await open(t)
    const replies = await page.evaluate(async (url) => {
      const { stream } = await import('flowise-stream')
      const options = { url, chatflowId: 'scripted-chain', transport: 'sse' }
      const ask = () => stream({ question: 'long 60 slow', chatId: 'waits' }, options)
      const [first, second, third] = [ask(), ask(), ask()]
      first.on('token', () => first.abort())
      return (await Promise.all([first, second, third].map(({ result }) => result))).map(({ text, finishReason }) => ({ text, finishReason }))
    }, dev.sse)
    assert.deepEqual(replies.map(({ finishReason }) => finishReason), ['aborted', 'stop', 'stop'])
    assert.equal(words(replies[1].text), 60)
    assert.equal(words(replies[2].text), 60)
  })
})
