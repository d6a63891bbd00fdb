/**
 * The store of `flowise-stream/store`, with a chatflow that answers what the test says. How it looks in a page, and over both
 * wires, is in `e2e/react.test.mjs`.
 */

import assert from 'node:assert/strict'
import { describe, test } from 'node:test'

import { FlowiseError, isFlowiseError } from 'flowise-stream'
import { createChat } from 'flowise-stream/store'

import { answered, broken, chatWith } from './support/chats.mjs'

/** What becomes an uncaught error while `act` runs. */
async function reportedBy(act) {
  const reported = []
  const { queueMicrotask } = globalThis
  globalThis.queueMicrotask = (run) => {
    try {
      run()
    } catch (error) {
      reported.push(error.message)
    }
  }
  try {
    await act()
  } finally {
    globalThis.queueMicrotask = queueMicrotask
  }
  return reported
}

const boom = (message) => () => {
  throw new Error(message)
}

describe('what the page throws', () => {
  test('in a subscriber is reported, and affects neither the chat nor other subscribers', async () => {
    const it = chatWith()
    let told = 0
    it.chat.subscribe(boom('first'))
    it.chat.subscribe(() => told++)
    const reported = await reportedBy(async () => {
      assert.equal((await answered(it, 'One')).text, 'Answer to One')
      assert.equal((await answered(it, 'Two')).text, 'Answer to Two')
    })
    assert.ok(told >= 4)
    assert.equal(reported.length, told)
    assert.equal(it.now().status, 'ready')
  })

  for (const name of ['onAsk', 'onFinish', 'onError', 'onEvent']) {
    test(`in ${name} is reported, and does not change the answer`, async () => {
      const it = chatWith({ [name]: boom(name) })
      const reported = await reportedBy(async () => {
        const sent = it.chat.send('Hello')
        it.flow.last.say('token', 'Hi')
        it.flow.last.fail(new FlowiseError('failed', 'server'))
        assert.equal((await sent).error.message, 'failed')
        assert.equal((await answered(it, 'Again')).text, 'Answer to Again')
      })
      assert.deepEqual([...new Set(reported)], [name])
    })
  }
})

test('each subscription counts separately, even of the same function', async () => {
  const it = chatWith()
  let told = 0
  const listener = () => told++
  const end = it.chat.subscribe(listener)
  it.chat.subscribe(listener)
  it.chat.clear()
  assert.equal(told, 2)
  end()
  end()
  it.chat.clear()
  assert.equal(told, 3)
})

test('a chat works behind a Proxy', async () => {
  const it = chatWith()
  const chat = new Proxy(it.chat, {})
  let told = 0
  chat.subscribe(() => told++)
  await answered({ ...it, chat }, 'Hello')
  assert.equal(chat.getSnapshot().messages.length, 2)
  assert.ok(told > 0)
  chat.clear()
})

describe('callbacks run in the zone where they were registered:', () => {
  const zones = {
    Zone: (wrapped) => ({ current: { wrap: wrapped } }),
    AsyncContext: (wrapped) => ({ Snapshot: { wrap: wrapped } }),
  }
  for (const [name, make] of Object.entries(zones)) {
    test(name, async () => {
      let zone = 'the page’s'
      const wrapped = (callback) => {
        const registered = zone
        return (...args) => {
          const before = zone
          zone = registered
          callback(...args)
          zone = before
        }
      }
      globalThis[name] = make(wrapped)
      const seen = new Set()
      const note = (what) => () => seen.add(`${what} in ${zone}`)
      const it = chatWith({ onFinish: note('onFinish'), onEvent: note('onEvent'), onError: note('onError') })
      it.chat.subscribe(note('subscriber'))
      delete globalThis[name]
      zone = 'the transport’s'
      const sent = it.chat.send('Hello')
      it.flow.last.say('token', 'Hi').fail(new FlowiseError('failed', 'server'))
      await sent
      assert.deepEqual([...seen].sort(), ['onError', 'onEvent', 'onFinish', 'subscriber'].map((what) => `${what} in the page’s`))
    })
  }
})

describe('an error', () => {
  test('in a message is plain data that JSON keeps; the snapshot and `onError` have the error itself', async () => {
    const seen = []
    const it = chatWith({ onError: (error) => seen.push(error) })
    const sent = it.chat.send('Hello')
    const cause = Object.assign(new FlowiseError('no such key', 'unauthorized', 401), { partial: { text: 'Half', finishReason: 'error' } })
    it.flow.last.fail(cause)
    const message = await sent
    const expected = { name: 'FlowiseError', message: 'no such key', code: 'unauthorized', status: 401 }
    assert.deepEqual(JSON.parse(JSON.stringify(message)).error, expected)
    assert.deepEqual(structuredClone(message).error, expected)
    assert.equal(isFlowiseError(message.error), false)
    assert.equal(message.text, 'Half')
    assert.equal(it.now().error, cause)
    assert.deepEqual(seen, [cause])
  })

  test('of an upload is that of the answer, which can be asked again with its files', async () => {
    const it = chatWith()
    const works = it.flow.flowise.upload
    it.flow.flowise.upload = async () => Promise.reject(new FlowiseError('no', 'too-large'))
    const failed = await it.chat.send({ question: 'What is it?', files: [{ name: 'a.png', type: 'image/png' }] })
    assert.equal(failed.error.code, 'too-large')
    assert.deepEqual(it.flow.asked, [])
    it.flow.flowise.upload = works
    const sent = it.chat.regenerate()
    await new Promise(setImmediate)
    it.flow.last.end({ text: 'A dot.' })
    await sent
    assert.deepEqual(it.flow.last.body.uploads, [{ type: 'file', name: 'a.png', mime: 'image/png', data: 'data:,' }])
    assert.deepEqual(it.now().messages[0].uploads, it.flow.last.body.uploads)
  })
})

describe('a component that unmounts and mounts again in one task', () => {
  test('has asked once, and has not stopped the answer', async () => {
    const it = chatWith()
    const mount = () => {
      const release = it.chat.retain()
      return { release, sent: it.chat.send('Hello') }
    }
    const first = mount()
    first.release()
    const second = mount()
    await new Promise((resolve) => setTimeout(resolve))
    it.flow.last.end({ text: 'Hi' })
    assert.equal(await first.sent, await second.sent)
    assert.equal(it.flow.runs.length, 1)
    assert.equal(it.flow.last.isStopped, false)
    assert.equal(it.now().messages.length, 2)
  })

  test('during an answer (hot reload) has asked once, too', async () => {
    const it = chatWith()
    const release = it.chat.retain()
    const sent = it.chat.send('Hello')
    it.flow.last.say('token', 'H')
    release()
    it.chat.retain()
    const again = it.chat.send('Hello')
    it.flow.last.end({ text: 'Hi' })
    assert.equal(await sent, await again)
    assert.equal(it.flow.runs.length, 1)
  })

  test('with another question gets that one answered', async () => {
    const it = chatWith()
    const release = it.chat.retain()
    const first = it.chat.send('Hello')
    it.flow.last.say('token', 'H')
    release()
    it.chat.retain()
    const second = it.chat.send('Hello there')
    assert.equal((await first).finishReason, 'aborted')
    it.flow.last.end({ text: 'Hi' })
    assert.equal((await second).text, 'Hi')
  })

  test('that does not mount again stops the answer', async () => {
    const it = chatWith()
    const release = it.chat.retain()
    const sent = it.chat.send('Hello')
    release()
    release()
    assert.equal((await sent).finishReason, 'aborted')
    assert.ok(it.flow.last.isStopped)
  })

  test('does not stop the answer while another component shows the chat', async () => {
    const it = chatWith()
    it.chat.retain()
    const release = it.chat.retain()
    const sent = it.chat.send('Hello')
    release()
    await new Promise((resolve) => setTimeout(resolve))
    it.flow.last.end({ text: 'Hi' })
    assert.equal((await sent).finishReason, 'stop')
  })
})

describe('the decision that a flow waits for', () => {
  const action = { id: 'a', mapping: { approve: 'Yes', reject: 'No' }, elements: [{ type: 'approve-button', label: 'Yes' }] }

  test('is in the snapshot until it is answered', async () => {
    const it = chatWith()
    const sent = it.chat.send('Book it')
    it.flow.last.say('action', action)
    assert.equal(it.now().pendingAction, undefined)
    it.flow.last.end({ text: 'Shall I?' })
    await sent
    assert.deepEqual(it.now().pendingAction, action)
    const resumed = it.chat.resume('proceed')
    assert.equal(it.now().pendingAction, undefined)
    it.flow.last.end({ text: 'Done.' })
    await resumed
    assert.equal(it.now().pendingAction, undefined)
    assert.equal(it.now().messages[1].decision, 'proceed')
    assert.deepEqual(it.flow.last.body.action, action)
  })

  test('is gone after another question', async () => {
    const it = chatWith()
    await answered(it, 'Book it', { action })
    await answered(it, 'Never mind')
    assert.equal(it.now().pendingAction, undefined)
    await assert.rejects(it.chat.resume('proceed'), { code: 'config' })
  })
})

test('a socket of the page carries one answer at a time, and keeps no listener', async () => {
  const listeners = new Map()
  const queries = []
  const socket = {
    on: (event, listener) => listeners.set(listener, event),
    off: (event, listener) => listeners.delete(listener),
    onAny: (listener) => listeners.set(listener, '*'),
    offAny: (listener) => listeners.delete(listener),
    query: (body, { signal }) =>
      new Promise((resolve) => {
        queries.push({ body, resolve })
        signal.addEventListener('abort', () => resolve({ text: '', finishReason: 'aborted' }))
      }),
  }
  const emit = (name, data) => listeners.forEach((event, listener) => event === name && listener(data))
  const chats = [createChat({ socket }), createChat({ socket })]
  const sent = chats.map((chat) => chat.send('Hello'))
  await new Promise(setImmediate)
  assert.equal(queries.length, 1)
  emit('token', 'Hi')
  assert.deepEqual(await chats[0].stop(), { reached: false })
  assert.deepEqual([(await sent[0]).text, (await sent[0]).finishReason], ['Hi', 'aborted'])
  await new Promise(setImmediate)
  assert.equal(queries.length, 2)
  queries[1].resolve({ text: 'Yes', finishReason: 'stop' })
  assert.equal((await sent[1]).text, 'Yes')
  assert.equal(listeners.size, 0)
})

describe('steps of agents are one list:', () => {
  const labels = (message) => message.steps.map(({ label, status }) => `${label} ${status}`)

  test('of a team', async () => {
    const it = chatWith()
    const sent = it.chat.send('Hello')
    const supervisor = { agentName: 'Supervisor', messages: ['Go'], next: 'Writer', instructions: 'Write' }
    it.flow.last.say('agentReasoning', [supervisor]).say('nextAgent', 'Writer')
    const soFar = await new Promise((resolve) => it.chat.subscribe(() => resolve(it.now().messages.at(-1))))
    assert.deepEqual(labels(soFar), ['Supervisor done', 'Writer running'])
    it.flow.last.end({ agentReasoning: [supervisor, { agentName: 'Writer', messages: ['An owl.'] }] })
    const message = await sent
    assert.deepEqual(labels(message), ['Supervisor done', 'Writer done'])
    assert.deepEqual([message.steps[0].instructions, message.steps[1].text], ['Write', 'An owl.'])
  })

  test('of an AgentFlow, in which a loop runs a node twice', async () => {
    const it = chatWith()
    const sent = it.chat.send('Hello')
    const node = (nodeId, status) => it.flow.last.say('nextAgentFlow', { nodeId, nodeLabel: nodeId.toUpperCase(), status })
    for (const id of ['a', 'b', 'a']) node(id, 'INPROGRESS') && node(id, 'FINISHED')
    node('c', 'INPROGRESS')
    const data = { name: 'llmAgentflow', output: { content: 'Hi', timeMetadata: { delta: 1500 } } }
    it.flow.last.end({ finishReason: 'aborted', agentFlowExecutedData: [{ nodeId: 'a', nodeLabel: 'A', status: 'FINISHED', data }] })
    const { steps } = await sent
    assert.deepEqual(steps.map(({ key, status }) => `${key} ${status}`), ['a#0 done', 'b#0 done', 'a#1 done', 'c#0 stopped'])
    assert.deepEqual([steps[0].kind, steps[0].seconds, steps[0].output.content], ['llm', 1.5, 'Hi'])
  })
})

test('payloads of another shape than Flowise’s do no harm', async () => {
  const it = chatWith()
  const odd = { odd: [1, null] }
  const sent = it.chat.send('Hello')
  for (const event of ['start', 'token', 'thinking', 'tool', 'calledTools', 'usedTools', 'sourceDocuments', 'artifacts', 'fileAnnotations']) {
    for (const data of [odd, [odd, null, 5], null, 'text', 7]) if (event !== 'token' || typeof data !== 'string') it.flow.last.say(event, data)
  }
  for (const event of ['agentReasoning', 'nextAgent', 'nextAgentFlow', 'action', 'usageMetadata']) {
    for (const data of [odd, [odd, null, 5], null, 'text', { nodeId: 1, status: odd, nodeLabel: odd }]) it.flow.last.say(event, data)
  }
  it.flow.last.say('token', 'Still here.').end({ thinking: odd, agentReasoning: odd, action: { elements: [odd, { type: 'x', label: 'Yes' }] } })
  const message = await sent
  assert.equal(message.text, 'Still here.')
  assert.deepEqual(message.action.elements, [{ type: 'x', label: 'Yes' }])
})

test('timing and thinking time are reported', async () => {
  const it = chatWith()
  const sent = it.chat.send('Hello')
  it.flow.last.say('thinking', 'Hm').say('thinking', '', { duration: 2 }).say('token', 'H').say('token', 'i').end({})
  const { timing, thinking, thinkingSeconds, text } = await sent
  assert.deepEqual([thinking, thinkingSeconds, text, timing.tokens], ['Hm', 2, 'Hi', 2])
  assert.ok(timing.firstTokenMs >= 0 && timing.firstTokenMs <= timing.totalMs)
})

test('the next question belongs to the chat of the reply, even of a broken one, but not of one that was left', async () => {
  const it = chatWith()
  await answered(it, 'One', { chatId: 'first', sessionId: 'first' })
  assert.equal(it.now().chatId, 'first')
  const sent = it.chat.send('Two')
  it.flow.last.fail(broken({ text: '', chatId: 'second' }))
  await sent
  assert.equal(it.now().chatId, 'second')
  const left = it.chat.send('Three')
  // The memory is the one that it began with, whatever becomes of the page.
  assert.deepEqual([it.flow.last.body.chatId, it.flow.last.body.overrideConfig], ['second', { sessionId: 'first' }])
  it.chat.clear()
  it.flow.last.end({ chatId: 'third' })
  await left
  assert.equal(it.now().chatId, undefined)
})
