/**
 * Conversations that last, in Chromium against real Flowise servers of both generations: what the model is sent after an edit, and what
 * a page finds when it is loaded again.
 */

import assert from 'node:assert/strict'
import { describe, test } from 'node:test'

import { OWN, openFor } from '../support/browser.mjs'
import { VERSIONS } from './cache.mjs'
import { stage } from './stage.mjs'
import { predict } from './streams.mjs'

/** Kinds of flows that remember, each with its way to take `history`. */
const REMEMBERING = {
  'a conversation chain': 'chain',
  'an agent with tools': 'tool',
  'a retrieval chain': 'docs',
  'sequential agents': 'essay',
}
const KINDS = { '2.0.7': REMEMBERING, '3.1.4': { ...REMEMBERING, 'an AgentFlow with memory': 'remembers' } }

/** Flows that remember nothing by themselves. Those of Flowise 3 take `history`. */
const FORGETFUL = { '2.0.7': { 'a team': 'team' }, '3.1.4': { 'a team': 'team', 'an AgentFlow': 'translator' } }
const TOLD = { '2.0.7': [], '3.1.4': ['say Ant', 'Ant'] }

const { browser, site, model, servers } = stage()

/** Shows a stored chat in a page. A page that is loaded again shows it as a visitor finds it. */
async function showChat(options) {
  const { createChat } = await import('flowise-stream/store')
  window.chat = createChat({ ...options, storage: localStorage })
  chat.subscribe(() => {})
  await chat.chats()
}

const look = (page) => page.evaluate(() => chat.getSnapshot())
const texts = ({ messages }) => messages.map(({ text }) => text)

/** What a request to the model has of the conversation, in order; an agent that passes an answer on repeats it. Only people say `say`. */
function heard(request) {
  for (const { role, text } of request) assert.ok(role !== 'assistant' || !/\bsay\b/.test(text), `the model is told that it has said: ${text}`)
  const said = request.flatMap(({ text }) => text.match(/(say )?\b(Ant|Bee|Cow|Dog|Eel)\b/g) ?? [])
  return said.filter((one, index) => one !== said[index - 1])
}

for (const version of VERSIONS) {
  describe(`conversations with Flowise ${version}`, () => {
    const optionsOf = (flow, more) => ({ url: servers[version].url, chatflowId: servers[version].flows[flow], ...more })
    const withKey = (flow) => optionsOf(flow, { apiKey: servers[version].apiKey, history: true })

    /** A page with a chat of its own. */
    const open = async (t, flow, more) => {
      const page = await openFor(t, browser, site.url, OWN)
      await page.evaluate(showChat, optionsOf(flow, more))
      return page
    }
    const reload = async (page, options) => {
      await page.reload()
      await page.evaluate(showChat, options)
    }
    /** Calls a method of the chat. Returns what the model was sent first, and the conversation on the server. */
    const told = async (page, method, ...args) => {
      model.requests.length = 0
      const answer = await page.evaluate(([method, args]) => chat[method](...args), [method, args])
      assert.deepEqual([answer.finishReason, answer.error], ['stop', undefined])
      return { heard: heard(model.requests[0]), chatId: (await look(page)).chatId }
    }
    const editSecond = async (page, text) => told(page, 'edit', (await look(page)).messages[2].id, text)

    for (const [kind, flow] of Object.entries(KINDS[version])) {
      test(`the memory of ${kind} has what was said before an edited question, and nothing else`, async (t) => {
        const page = await open(t, flow)
        for (const name of ['Ant', 'Bee', 'Cow']) await told(page, 'send', `say ${name}`)
        const before = (await look(page)).chatId
        const edited = await editSecond(page, 'say Dog')
        assert.deepEqual(edited.heard, ['say Ant', 'Ant', 'say Dog'])
        assert.notEqual(edited.chatId, before)
        assert.deepEqual(texts(await look(page)), ['say Ant', 'Ant', 'say Dog', 'Dog'])
        const next = await told(page, 'send', 'say Eel')
        assert.deepEqual(next, { heard: ['say Ant', 'Ant', 'say Dog', 'Dog', 'say Eel'], chatId: edited.chatId })
        const again = await told(page, 'regenerate')
        assert.deepEqual(again.heard, next.heard)
        assert.notEqual(again.chatId, next.chatId)
        assert.equal((await look(page)).messages.length, 6)
      })
    }

    for (const [kind, flow] of Object.entries(FORGETFUL[version])) {
      test(`${kind} without a memory takes an edited question, too`, async (t) => {
        const page = await open(t, flow)
        await told(page, 'send', 'say Ant')
        await told(page, 'send', 'say Bee')
        assert.deepEqual((await editSecond(page, 'say Dog')).heard, [...TOLD[version], 'say Dog'])
        assert.deepEqual((await told(page, 'regenerate')).heard, [...TOLD[version], 'say Dog'])
      })
    }

    test('an edited conversation goes on after a reload', async (t) => {
      const page = await open(t, 'chain')
      for (const name of ['Ant', 'Bee']) await told(page, 'send', `say ${name}`)
      const { chatId } = await editSecond(page, 'say Dog')
      await reload(page, optionsOf('chain'))
      const next = await told(page, 'send', 'say Eel')
      assert.deepEqual(next, { heard: ['say Ant', 'Ant', 'say Dog', 'Dog', 'say Eel'], chatId })
    })

    test('a conversation whose answer was stopped goes on with its memory', async (t) => {
      const page = await open(t, 'chain')
      await told(page, 'send', 'say Ant')
      await page.evaluate(async () => {
        const sent = chat.send('slow say Bee Cow Dog Eel.')
        await new Promise((resolve) => chat.subscribe(() => chat.getSnapshot().messages.at(-1).text.startsWith('Bee') && resolve()))
        await chat.stop()
        await sent
      })
      // Between them is the stopped question, if the server remembers it.
      const { heard } = await told(page, 'send', 'say Cow')
      assert.deepEqual([...heard.slice(0, 2), heard.at(-1)], ['say Ant', 'Ant', 'say Cow'])
    })

    test('a sequential agent that asks a person is answered after a reload', async (t) => {
      const page = await open(t, 'ask')
      await page.evaluate(() => chat.send('calculate 6*7'))
      await reload(page, optionsOf('ask'))
      assert.equal((await look(page)).pendingAction.elements.length, 2)
      const answer = await page.evaluate(() => chat.resume('proceed'))
      assert.ok(answer.usedTools.some(({ tool, toolOutput }) => tool === 'calculator' && toolOutput === '42'))
      assert.equal((await look(page)).pendingAction, undefined)
    })

    const SLOW = 'slow say Ant Bee Cow Dog Eel.'
    const WHOLE = 'Ant Bee Cow Dog Eel.'

    test('an answer that the server finishes while the page is gone is there after a reload', async (t) => {
      const other = await predict(servers[version], servers[version].flows.chain, { question: SLOW })
      const page = await open(t, 'chain')
      model.requests.length = 0
      await page.evaluate((question) => void chat.send(question), SLOW)
      await page.waitForFunction(() => chat.getSnapshot().messages[1]?.text.startsWith('Ant'))
      await reload(page, optionsOf('chain'))
      const [question, part] = (await look(page)).messages
      assert.deepEqual([question.text, part.finishReason], [SLOW, 'interrupted'])
      assert.match(part.text, /^Ant/)
      assert.notEqual(part.text, WHOLE)

      await reload(page, withKey('chain'))
      await page.waitForFunction(() => chat.getSnapshot().messages[1].finishReason === 'stop')
      const { messages } = await look(page)
      assert.deepEqual([messages.length, messages[1].text, messages[1].id], [2, WHOLE, part.id])
      assert.ok(messages[1].chatMessageId)
      assert.notEqual(messages[1].chatMessageId, other.body.chatMessageId, 'the answer of another conversation')
      assert.equal(model.requests.length, 1)
      const { heard } = await told(page, 'send', 'say Ant')
      assert.deepEqual(heard.slice(-3), ['Dog', 'Eel', 'say Ant'])
    })

    test('reconnectToStream of the AI SDK’s transport brings such an answer', async (t) => {
      const page = await openFor(t, browser, site.url, OWN)
      const options = withKey('chain')
      model.requests.length = 0
      await page.evaluate(async ({ options, text }) => {
        const { FlowiseChatTransport } = await import('flowise-stream/ai')
        const transport = new FlowiseChatTransport({ ...options, storage: localStorage })
        const messages = [{ id: 'q', role: 'user', parts: [{ type: 'text', text }] }]
        const chatId = (localStorage.chat = crypto.randomUUID())
        // Not a loop: leaving one would stop the answer.
        const chunks = (await transport.sendMessages({ trigger: 'submit-message', chatId, messages })).getReader()
        while ((await chunks.read()).value.delta !== 'Ant');
      }, { options, text: SLOW })
      await page.reload()
      const { chunks, after } = await page.evaluate(async (options) => {
        const { FlowiseChatTransport } = await import('flowise-stream/ai')
        const transport = new FlowiseChatTransport({ ...options, storage: localStorage })
        const reconnect = () => transport.reconnectToStream({ chatId: localStorage.chat })
        const chunks = []
        for await (const chunk of await reconnect()) chunks.push(chunk)
        return { chunks, after: await reconnect() }
      }, options)
      assert.equal(chunks.filter(({ type }) => type === 'text-delta').map(({ delta }) => delta).join(''), WHOLE)
      assert.deepEqual([chunks[0].type, chunks.at(-1).type, after], ['start', 'finish', null])
      assert.equal(model.requests.length, 1)
    })

    test('the chat of flowise-embed goes on, with its memory', async (t) => {
      const { body } = await predict(servers[version], servers[version].flows.chain, { question: 'say Ant' })
      const page = await openFor(t, browser, site.url, OWN)
      const kept = {
        chatId: body.chatId,
        chatHistory: [
          { message: 'Hi there! How can I help?', type: 'apiMessage' },
          { message: 'say Ant', type: 'userMessage' },
          { message: body.text, messageId: body.chatMessageId, type: 'apiMessage' },
        ],
      }
      const options = optionsOf('chain')
      await page.evaluate(([key, entry]) => localStorage.setItem(key, entry), [`${options.chatflowId}_EXTERNAL`, JSON.stringify(kept)])
      await page.evaluate(showChat, options)
      assert.deepEqual(texts(await look(page)), ['Hi there! How can I help?', 'say Ant', 'Ant'])
      const next = await told(page, 'send', 'say Bee')
      assert.deepEqual(next, { heard: ['say Ant', 'Ant', 'say Bee'], chatId: body.chatId })
    })

    if (version.startsWith('2.')) return

    test('an AgentFlow that asks a person is answered after a reload', async (t) => {
      const page = await open(t, 'human')
      await page.evaluate(() => chat.send('say Dear sir.'))
      await reload(page, optionsOf('human'))
      assert.deepEqual((await look(page)).pendingAction.elements.map(({ type }) => type), ['agentflowv2-approve-button', 'agentflowv2-reject-button'])
      model.requests.length = 0
      const rejected = await page.evaluate(() => chat.resume('reject', { feedback: 'Shorter, please.' }))
      assert.equal(rejected.error, undefined)
      assert.ok(model.requests[0].some(({ text }) => text.includes('Shorter, please.')))
      await reload(page, optionsOf('human'))
      const sent = await page.evaluate(() => chat.resume('proceed'))
      assert.deepEqual([sent.error, (await look(page)).pendingAction], [undefined, undefined])
    })

    test('an AgentFlow that begins with a form tells its fields, and is sent them', async (t) => {
      const page = await open(t, 'form')
      const form = await page.evaluate(() => chat.startForm())
      assert.deepEqual([form.title, form.fields.map(({ name, type }) => `${name}: ${type}`)], ['Email Inquiry', ['subject: string', 'body: string', 'from: string']])
      model.requests.length = 0
      const answer = await page.evaluate(() => chat.send({ form: { subject: 'Owls', body: 'say Ant', from: 'ada@example.com' } }))
      assert.equal(answer.error, undefined)
      const asked = model.requests[0].map(({ text }) => text).join('\n')
      for (const value of ['Owls', 'say Ant', 'ada@example.com']) assert.ok(asked.includes(value), asked)
      assert.equal(await page.evaluate(async ([url, chatflowId]) => {
        const { createChat } = await import('flowise-stream/store')
        return createChat({ url, chatflowId }).startForm()
      }, [servers[version].url, servers[version].flows.chain]), undefined)
    })
  })
}
