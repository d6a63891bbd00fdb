/**
 * `flowise-stream/ai` after a reload during an answer: the server finishes it, and the page completes its message.
 */

import assert from 'node:assert/strict'
import { describe, test } from 'node:test'

import { FlowiseError } from 'flowise-stream'
import { FlowiseChatTransport } from 'flowise-stream/ai'

import { chatClass } from './support/ai-chat.mjs'
import { playing } from './support/played-flowise.mjs'
import { until } from './support/until.mjs'

const VERSIONS = { 5: 'ai-5', 6: 'ai-6', 7: 'ai' }
const ROWS = [
  { id: 'r1', role: 'userMessage', content: 'Count' },
  { id: 'r2', role: 'apiMessage', content: 'one', chatId: 'chat' },
  { id: 'r3', role: 'userMessage', content: 'Count' },
  { id: 'r4', role: 'apiMessage', content: 'one two three', chatId: 'chat', sourceDocuments: [{ pageContent: 'Numbers', metadata: {} }] },
]

for (const [version, name] of Object.entries(VERSIONS)) {
  describe(`a chat of the AI SDK ${version} after a reload`, async () => {
    const Chat = chatClass(await import(name))
    const pageOf = (flowise, more, messages = []) => {
      const chat = new Chat(new FlowiseChatTransport({ flowise, ...more }), { id: 'chat' })
      chat.messages = messages
      return chat
    }
    /** A page that is left in mid-answer: its storage, and the messages that it has kept. */
    const left = async (before = []) => {
      const storage = memory()
      const flowise = playing(function* () {
        yield ['token', 'one ']
        yield ['token', 'two']
      }, new Promise(() => {}))
      const chat = pageOf(flowise, { storage }, before)
      chat.sendMessage({ text: 'Count' })
      await until(() => JSON.stringify(chat.messages).includes('one two'))
      return { storage, messages: structuredClone(chat.messages) }
    }

    test('completes the message in its place, and asks nothing again', async () => {
      const { storage, messages } = await left()
      const flowise = playing([])
      let waits = 2
      const history = ({ chatId }) => (chatId === 'chat' && waits-- <= 0 ? ROWS : [])
      const chat = pageOf(flowise, { storage, history }, messages)
      await chat.resumeStream()
      assert.deepEqual(chat.messages.map(({ id }) => id), messages.map(({ id }) => id))
      assert.deepEqual(textsOf(chat), ['one two three'])
      assert.equal(chat.messages[1].metadata.finishReason, 'stop')
      assert.ok(chat.messages[1].parts.some(({ type }) => type === 'source-document'))
      assert.deepEqual([flowise.asked.length, storage.size, chat.status], [0, 0, 'ready'])
    })

    test('does not use an earlier answer to the same question', async () => {
      const answered = { id: 'a1', role: 'assistant', parts: [{ type: 'text', text: 'one' }], metadata: { chatMessageId: 'r2' } }
      const { storage, messages } = await left([{ id: 'q1', role: 'user', parts: [{ type: 'text', text: 'Count' }] }, answered])
      const asked = []
      const history = () => asked.push('asked') && (asked.length > 1 ? ROWS : ROWS.slice(0, 2))
      const chat = pageOf(playing([]), { storage, history }, messages)
      await chat.resumeStream()
      assert.deepEqual([textsOf(chat), asked.length], [['one two three'], 2])
    })

    test('completes nothing if the answer was complete, stopped, or cannot be fetched', async () => {
      const storage = memory()
      let asked = 0
      const history = () => (asked += 1) && ROWS
      const chat = pageOf(playing([['token', 'one']]), { storage, history })
      await chat.sendMessage({ text: 'Count' })
      await until(() => storage.size === 0)
      await chat.resumeStream()
      assert.deepEqual([textsOf(chat), asked, chat.status], [['one'], 0, 'ready'])

      const stopped = pageOf(playing([['token', 'one']], { finishReason: 'aborted' }), { storage, history })
      await stopped.sendMessage({ text: 'Count' })
      await until(() => storage.size === 0)

      const { storage: noted, messages } = await left()
      const without = pageOf(playing([]), { storage: noted }, messages)
      await without.resumeStream()
      assert.deepEqual(without.messages, messages)
    })

    test('completes an answer whose connection broke', async () => {
      const storage = memory()
      const flowise = playing([['token', 'one ']], new FlowiseError('the connection broke', 'interrupted'))
      const chat = pageOf(flowise, { storage, history: () => ROWS })
      await chat.sendMessage({ text: 'Count' })
      assert.equal(chat.status, 'error')
      await chat.resumeStream()
      assert.deepEqual([textsOf(chat), chat.messages.length, flowise.asked.length], [['one two three'], 2, 1])
    })

    test('waits for the answer until it is stopped', async () => {
      const { storage, messages } = await left()
      const asked = []
      const chat = pageOf(playing([]), { storage, history: () => asked.push('asked') && [] }, messages)
      const resumed = chat.resumeStream()
      await until(() => asked.length > 0)
      await chat.stop()
      await resumed
      assert.equal(chat.status, 'ready')
      assert.equal(chat.error, undefined)
      assert.deepEqual(chat.messages, messages)
    })

    test('works with a storage that throws', async () => {
      const refuse = () => { throw new DOMException('no', 'SecurityError') }
      const chat = pageOf(playing([['token', 'one']]), { storage: { getItem: refuse, setItem: refuse, removeItem: refuse }, history: () => ROWS })
      await chat.sendMessage({ text: 'Count' })
      await chat.resumeStream()
      assert.deepEqual([textsOf(chat), chat.error], [['one'], undefined])
    })
  })
}

describe('the transport itself', () => {
  const ask = { trigger: 'submit-message', chatId: 'chat', messages: [{ id: 'q', role: 'user', parts: [{ type: 'text', text: 'Count' }] }] }
  const pending = () => playing([], new Promise(() => {}))

  test('notes no answer to a decision, which the history does not tell apart', async () => {
    const storage = memory()
    const flowise = pending()
    await new FlowiseChatTransport({ flowise, storage }).sendMessages({ ...ask, messages: [], body: { humanInput: { type: 'proceed', feedback: '' } } })
    assert.deepEqual([flowise.asked.length, storage.size], [1, 0])
  })

  test('forgets an answer that failed for another reason than its connection', async () => {
    const storage = memory()
    const flowise = playing([], new FlowiseError('the model refused', 'server'))
    const chunks = await new FlowiseChatTransport({ flowise, storage }).sendMessages(ask)
    await assert.rejects(async () => {
      for await (const _ of chunks);
    }, { code: 'server' })
    await new Promise(setImmediate)
    assert.equal(storage.size, 0)
  })

  test('ends its search when its signal is aborted', async () => {
    const storage = memory()
    await new FlowiseChatTransport({ flowise: pending(), storage }).sendMessages(ask)
    const stop = new AbortController()
    const transport = new FlowiseChatTransport({ storage, history: () => [] })
    const found = await transport.reconnectToStream({ chatId: 'chat', abortSignal: stop.signal })
    const read = found.getReader().read()
    stop.abort()
    assert.equal((await read).done, true)
    assert.equal(storage.size, 1)
  })
})

const textsOf = ({ messages }) => messages.at(-1).parts.filter(({ type }) => type === 'text').map(({ text }) => text)

function memory() {
  const kept = new Map()
  return {
    get size() {
      return kept.size
    },
    getItem: (key) => kept.get(key) ?? null,
    setItem: (key, value) => kept.set(key, value),
    removeItem: (key) => kept.delete(key),
  }
}
