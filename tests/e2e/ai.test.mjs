/**
 * `flowise-stream/ai` in Chromium, with `useChat` of versions 5 to 7 of the AI SDK.
 */

import assert from 'node:assert/strict'
import { describe, test } from 'node:test'

import { bundlePages } from '../support/bundle.mjs'
import { stage } from '../support/stage.mjs'
import { until } from '../support/until.mjs'

const PAGE = new URL('pages/ai.jsx', import.meta.url).pathname
const SDKS = {
  7: undefined,
  6: { '@ai-sdk/react': 'ai-sdk-react-6', ai: 'ai-6' },
  5: { '@ai-sdk/react': 'ai-sdk-react-5', ai: 'ai-5' },
}

/** Flows that ask a person, and the request after the decision. */
const APPROVALS = [
  ['human', 'say Dear sir.', {
    true: ({ humanInput, question }) => humanInput.type === 'proceed' && humanInput.startNodeId !== undefined && question === '',
    false: ({ humanInput }) => humanInput.type === 'reject' && humanInput.feedback === 'So be it',
  }],
  ['ask', 'calculate 6*7', {
    true: ({ action, question }) => action.mapping.toolCalls.length === 1 && question === 'Yes',
    false: ({ action, question }) => action.mapping.toolCalls.length === 1 && question === 'No',
  }],
]
/** What the flow sends before its connection breaks. */
const DROPPED = 'You asked: “drop”'

const { dev, open: openPage } = stage({ site: { files: () => bundlePages('ai', PAGE, SDKS) } })

for (const version of Object.keys(SDKS)) {
  describe(`useChat of the AI SDK ${version}`, () => {
    for (const generation of ['3.1', '2.0']) {
      test(`an answer of Flowise ${generation} is a message whose text grows`, async (t) => {
        const page = await open(t, version, { generation })
        const { message, statuses } = await ask(page, 'say one two three four five')
        assert.deepEqual(textOf(message), 'one two three four five')
        assert.deepEqual(statuses, ['ready', 'submitted', 'streaming', 'ready'])
        assert.equal(message.metadata.finishReason, 'stop')
        assert.ok(message.metadata.chatMessageId)
        assert.ok(message.parts.every(({ state }) => state !== 'streaming'))
      })
    }

    test('tools, sources, thinking and follow-up prompts are parts and metadata', async (t) => {
      const page = await open(t, version)
      const { message } = await ask(page, 'calculate 6*7, with sources, think, then follow up')
      const tool = message.parts.find(({ type }) => type === 'dynamic-tool')
      assert.deepEqual([tool.toolName, tool.state, tool.output, tool.providerExecuted], ['calculator', 'output-available', '42', true])
      assert.ok(message.parts.some(({ type }) => type === 'source-url' || type === 'source-document'))
      assert.ok(message.parts.find(({ type }) => type === 'data-flowise-sources').data[0].pageContent)
      const thinking = message.parts.find(({ type }) => type === 'reasoning')
      assert.equal(thinking.state, 'done')
      assert.ok(thinking.text.length > 0)
      assert.ok(message.metadata.followUpPrompts.length > 0)
    })

    test("the page does not run the server's tools, and does not ask again", async (t) => {
      const page = await open(t, version, { chatflowId: 'tool' })
      await dev.clear()
      const { message } = await ask(page, 'Please calculate 12*3.')
      assert.deepEqual(message.parts.map(({ type }) => type), ['step-start', 'text', 'dynamic-tool'])
      assert.deepEqual(await page.evaluate(() => [toolCalls.length, finished.length]), [0, 1])
      assert.equal((await dev.log('/prediction/')).filter(({ method }) => method === 'POST').length, 1)
    })

    test('agents and nodes are data parts that are updated in place', async (t) => {
      for (const [chatflowId, type] of [['supervisor', 'data-flowise-nodes'], ['team', 'data-flowise-agentReasoning']]) {
        const page = await open(t, version, { chatflowId })
        const { message } = await ask(page, 'Hello')
        const parts = message.parts.filter((part) => part.type === type)
        assert.equal(parts.length, 1)
        assert.ok(parts[0].data.length > 1)
      }
    })

    test('stop reaches the server, keeps the text, and is no error', async (t) => {
      const page = await open(t, version)
      await dev.clear()
      const { message, finished, error, next } = await page.evaluate(async () => {
        const sent = chat.sendMessage({ text: 'long 500 slow' })
        await until(() => JSON.stringify(chat.messages).includes('word2'))
        await chat.stop()
        await sent
        await until(() => chat.status === 'ready')
        const message = chat.messages.at(-1)
        const error = chat.error
        await chat.sendMessage({ text: 'say after all' })
        await until(() => chat.status === 'ready')
        return { message, finished: finished[0], error, next: chat.messages.at(-1) }
      })
      assert.match(textOf(message), /^word1 word2/)
      assert.equal(error, undefined)
      assert.equal(finished.isAbort, true)
      assert.equal(textOf(next), 'after all')
      const aborts = async () => (await dev.log('/chatmessage/abort/')).filter(({ method }) => method === 'PUT').length
      await until(async () => (await aborts()) > 0)
      assert.equal(await aborts(), 1)
    })

    test('regenerate asks the last question again', async (t) => {
      const page = await open(t, version)
      await ask(page, 'say again')
      const messages = await page.evaluate(async () => {
        await chat.regenerate()
        await until(() => chat.status === 'ready')
        return chat.messages
      })
      assert.deepEqual(messages.map(({ role }) => role), ['user', 'assistant'])
      assert.equal(textOf(messages[1]), 'again')
    })

    test('an action is a data part, and its answer continues the flow', async (t) => {
      const page = await open(t, version, { chatflowId: 'human' })
      const { message } = await ask(page, 'say Dear sir.')
      const action = message.parts.find(({ type }) => type === 'data-flowise-action').data
      await dev.clear()
      const answer = await page.evaluate(async (action) => {
        await chat.sendMessage({ text: 'Proceed' }, { body: resumption(action, 'proceed') })
        await until(() => chat.status === 'ready')
        return chat.messages.at(-1)
      }, action)
      assert.ok(textOf(answer).length > 0)
      const [{ body }] = (await dev.log('/prediction/')).filter(({ method }) => method === 'POST')
      const { humanInput, question } = JSON.parse(body)
      assert.deepEqual([humanInput.type, humanInput.startNodeId, question], ['proceed', action.data.nodeId, ''])
    })

    for (const [chatflowId, question, decisions] of version === '5' ? [] : APPROVALS) {
      for (const [approved, sent] of Object.entries(decisions)) {
        test(`${chatflowId}: approved: ${approved}, and the flow goes on`, async (t) => {
          const page = await open(t, version, { chatflowId })
          await ask(page, question)
          await dev.clear()
          const { tool, count } = await page.evaluate(async (approved) => {
            const waits = chat.messages.at(-1).parts.find(({ state }) => state === 'approval-requested')
            await chat.addToolApprovalResponse({ id: waits.approval.id, approved, reason: 'So be it' })
            await until(() => finished.length === 2 && chat.status === 'ready')
            const tool = chat.messages.at(-1).parts.find(({ toolCallId }) => toolCallId === waits.toolCallId)
            return { tool, count: chat.messages.length }
          }, approved === 'true')
          assert.equal(count, 2)
          assert.equal(tool.state, approved === 'true' ? 'output-available' : 'output-denied')
          const [{ body }, ...more] = (await dev.log('/prediction/')).filter(({ method }) => method === 'POST')
          assert.deepEqual(more, [])
          assert.deepEqual(sent(JSON.parse(body)), true)
        })
      }
    }

    test('files are sent as uploads', async (t) => {
      const page = await open(t, version)
      await dev.clear()
      await page.evaluate(async () => {
        const file = { type: 'file', mediaType: 'image/png', filename: 'dot.png', url: 'data:image/png;base64,iVBORw0KGgo=' }
        await chat.sendMessage({ text: 'say seen', files: [file] })
        await until(() => chat.status === 'ready')
      })
      const [{ body }] = (await dev.log('/prediction/')).filter(({ method }) => method === 'POST')
      assert.deepEqual(JSON.parse(body).uploads, [
        { type: 'file', name: 'dot.png', mime: 'image/png', data: 'data:image/png;base64,iVBORw0KGgo=' },
      ])
    })

    test('a failure is a FlowiseError, after the text so far', async (t) => {
      const page = await open(t, version)
      const failure = await page.evaluate(async () => {
        await chat.sendMessage({ text: 'drop' })
        await until(() => chat.status === 'error')
        const { error, messages } = chat
        const told = errors.length === 1 && errors[0] === error
        return { isOurs: isFlowiseError(error), code: error.code, parts: messages.at(-1).parts, told, ended: finished[0].isError }
      })
      assert.deepEqual([failure.isOurs, failure.code, failure.told, failure.ended], [true, 'server', true, true])
      assert.equal(textOf(failure), DROPPED)
      assert.ok(failure.parts.every(({ state }) => state !== 'streaming'))
    })

    test('an answer that was not streamed is also text', async (t) => {
      const page = await open(t, version, { chatflowId: 'parser' })
      const { message } = await ask(page, 'Hello')
      assert.ok(textOf(message).length > 0)
    })
  })
}

const textOf = ({ parts }) => parts.filter(({ type }) => type === 'text').map(({ text }) => text).join('')

function ask(page, question) {
  return page.evaluate(async (text) => {
    await chat.sendMessage({ text })
    await until(() => chat.status !== 'submitted' && chat.status !== 'streaming')
    if (chat.error) throw chat.error
    return { message: chat.messages.at(-1), statuses }
  }, question)
}

async function open(t, version, { generation = '3.1', chatflowId = 'scripted' } = {}) {
  const search = new URLSearchParams({ url: dev.url(generation), chatflowId })
  const page = await openPage(t, `/ai-${version}?${search}`)
  await page.waitForFunction(() => window.chat)
  await page.evaluate(() => {
    window.until = (holds) =>
      new Promise((resolve) => {
        const look = () => (holds() ? resolve() : setTimeout(look, 10))
        look()
      })
  })
  return page
}
