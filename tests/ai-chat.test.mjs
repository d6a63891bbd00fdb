/**
 * `flowise-stream/ai` under the chat class of `useChat`, in versions 5 to 7 of the AI SDK: the requests and their order.
 */

import assert from 'node:assert/strict'
import { describe, test } from 'node:test'

import { FlowiseError } from 'flowise-stream'
import { FlowiseChatTransport } from 'flowise-stream/ai'

import { chatClass } from './support/ai-chat.mjs'
import { playing } from './support/played-flowise.mjs'
import { until } from './support/until.mjs'

const VERSIONS = { 5: 'ai-5', 6: 'ai-6', 7: 'ai' }
const CALL = { tool: 'calculator', toolInput: { input: '6*7' } }
/** What a sequential agent asks before it uses its tool, and an AgentFlow at a node for a person's decision. */
const TOOL_ACTION = {
  id: 'action-1',
  mapping: { approve: 'Yes', reject: 'No', toolCalls: [{ name: 'calculator', args: { input: '6*7' }, id: 'call_2', type: 'tool_call' }] },
  elements: [{ type: 'approve-button', label: 'Yes' }, { type: 'reject-button', label: 'No' }],
}
const HUMAN_ACTION = {
  id: 'action-2',
  mapping: { approve: 'Proceed', reject: 'Reject' },
  elements: [{ type: 'agentflowv2-approve-button', label: 'Proceed' }, { type: 'agentflowv2-reject-button', label: 'Reject' }],
  data: { nodeId: 'humanInputAgentflow_0', nodeLabel: 'Human Input 0', input: {} },
}

for (const [version, name] of Object.entries(VERSIONS)) {
  describe(`a chat of the AI SDK ${version}`, async () => {
    const sdk = await import(name)
    const chatOf = (flowise, options, more) => new (chatClass(sdk))(new FlowiseChatTransport({ flowise, ...more }), options)

    test('runs no tool of the flow, and asks nothing again by itself', async () => {
      const flowise = playing([['calledTools', [{ ...CALL, toolOutput: '' }]], ['usedTools', [{ ...CALL, toolOutput: '42' }]], ['token', '42']])
      const called = []
      const chat = chatOf(flowise, { onToolCall: (call) => called.push(call), sendAutomaticallyWhen: sdk.lastAssistantMessageIsCompleteWithToolCalls })
      await chat.sendMessage({ text: 'How much is 6*7?' })
      assert.deepEqual(called, [])
      assert.equal(flowise.asked.length, 1)
      assert.deepEqual(flowise.asked[0].data, { question: 'How much is 6*7?', chatId: chat.id })
      assert.equal(chat.status, 'ready')
      assert.deepEqual(chat.finished.map(({ isError, isAbort, finishReason }) => [isError, isAbort, finishReason]), [[false, false, 'stop']])
    })

    test('passes on the error of a failure, and keeps the text so far', async () => {
      const failure = new FlowiseError('the model refused', 'server')
      const chat = chatOf(playing([['token', 'one'], ['token', ' two'], ['token', ' three']], failure))
      await chat.sendMessage({ text: 'Count' })
      assert.equal(chat.errors[0], failure)
      assert.equal(chat.error, failure)
      assert.deepEqual(textsOf(chat), ['one two three'])
      assert.equal(chat.messages[1].parts[1].state, 'done')
      assert.equal(chat.finished[0].isError, true)
    })

    test('stops the answer', async () => {
      let stopped
      const endless = function* () {
        while (!stopped) yield ['token', 'on ']
      }
      const flowise = playing(endless)
      const chat = chatOf(flowise)
      const sent = chat.sendMessage({ text: 'Count' })
      await until(() => /^on on /.test(textsOf(chat)[0]))
      flowise.asked[0].options.signal.addEventListener('abort', () => (stopped = true))
      await chat.stop()
      await sent
      assert.equal(stopped, true)
      assert.equal(chat.error, undefined)
      assert.match(textsOf(chat)[0], /^on on /)
      assert.equal(chat.finished[0].isAbort, true)
    })

    test('regenerates: the question is asked again, the answer is replaced', async () => {
      const flowise = playing([['token', 'Hello']])
      const chat = chatOf(flowise)
      await chat.sendMessage({ text: 'Hi' })
      await chat.regenerate()
      assert.deepEqual(flowise.asked.map(({ data }) => data.question), ['Hi', 'Hi'])
      assert.deepEqual(chat.messages.map(({ role }) => role), ['user', 'assistant'])
    })

    test('sends nothing if there is no question', async () => {
      const flowise = playing([['token', 'Hello']])
      const chat = chatOf(flowise)
      await chat.sendMessage({ text: 'Hi' })
      await chat.sendMessage()
      assert.equal(flowise.asked.length, 1)
      assert.equal(chat.errors[0].code, 'config')
    })

    test('changes the request body with a callback', async () => {
      const flowise = playing([['token', 'Hello']])
      const prepareSendMessagesRequest = async ({ id, trigger, requestMetadata, messages, headers, body }) => ({
        body: { ...body, overrideConfig: { sessionId: requestMetadata.session }, said: messages.length, asked: [id, trigger] },
        headers: { ...headers, 'x-page': 'prepared' },
      })
      const chat = chatOf(flowise, {}, { prepareSendMessagesRequest, data: { overrideConfig: {} }, headers: async () => ({ 'X-Own': 'own' }) })
      await chat.sendMessage({ text: 'Hi' }, { metadata: { session: 's' }, headers: { 'x-own': 'call' } })
      const [{ data, options }] = flowise.asked
      assert.deepEqual(data, {
        question: 'Hi', chatId: chat.id, overrideConfig: { sessionId: 's' }, said: 1, asked: [chat.id, 'submit-message'],
      })
      assert.deepEqual(options.headers, { 'x-own': 'call', 'x-page': 'prepared' })
    })

    if (version === '5') {
      test('shows an action as a data part and a waiting tool call', async () => {
        const chat = chatOf(playing([['action', TOOL_ACTION], ['usedTools', [{ ...CALL, toolOutput: '' }]]]))
        await chat.sendMessage({ text: 'How much?' })
        const [tool] = toolsOf(chat)
        assert.deepEqual([tool.state, toolsOf(chat).length], ['input-available', 1])
        assert.deepEqual(chat.messages[1].parts.find(({ type }) => type === 'data-flowise-action').data, TOOL_ACTION)
      })
      return
    }

    const ask = async (action, later, events = [['action', action]]) => {
      const flowise = playing((data) => (data.action || data.humanInput ? later : events))
      const chat = chatOf(flowise, { sendAutomaticallyWhen: sdk.lastAssistantMessageIsCompleteWithApprovalResponses })
      await chat.sendMessage({ text: 'How much is 6*7?' })
      return { chat, flowise }
    }
    const answer = async ({ chat, flowise }, response) => {
      await chat.addToolApprovalResponse({ id: toolsOf(chat)[0].approval.id, ...response })
      await until(() => chat.status === 'ready' && flowise.asked.length > 1)
      assert.equal(flowise.asked.length, 2)
      assert.equal(chat.messages.length, 2)
      return flowise.asked[1].data
    }

    test('approves the tools of a sequential agent', async () => {
      const waiting = [['action', TOOL_ACTION], ['usedTools', [{ ...CALL, toolOutput: '' }]]]
      const asked = await ask(TOOL_ACTION, [['usedTools', [{ ...CALL, toolOutput: '42' }]], ['token', 'It is 42.']], waiting)
      const [tool] = toolsOf(asked.chat)
      assert.deepEqual([tool.state, tool.toolName, toolsOf(asked.chat).length], ['approval-requested', 'calculator', 1])
      const { chatId, ...data } = await answer(asked, { approved: true })
      assert.deepEqual(data, { question: 'Yes', action: TOOL_ACTION })
      assert.equal(chatId, asked.chat.id)
      const [done] = toolsOf(asked.chat)
      assert.deepEqual([done.state, done.output, toolsOf(asked.chat).length], ['output-available', '42', 1])
      assert.deepEqual(textsOf(asked.chat), ['It is 42.'])
    })

    test('denies them', async () => {
      const asked = await ask(TOOL_ACTION, [['token', 'As you like.']])
      assert.deepEqual((await answer(asked, { approved: false })).question, 'No')
      assert.equal(toolsOf(asked.chat)[0].state, 'output-denied')
    })

    test('decides at a node of an AgentFlow that waits for a person', async () => {
      const proceeding = await ask(HUMAN_ACTION, [['token', 'Sent.']])
      const [tool] = toolsOf(proceeding.chat)
      assert.deepEqual([tool.toolName, tool.input], ['humanInput', { node: 'Human Input 0', approve: 'Proceed', reject: 'Reject' }])
      const { humanInput } = await answer(proceeding, { approved: true, reason: 'Kindly' })
      assert.deepEqual(humanInput, { type: 'proceed', feedback: 'Kindly', startNodeId: 'humanInputAgentflow_0' })
      assert.deepEqual(toolsOf(proceeding.chat)[0].output, { decision: 'proceed', feedback: 'Kindly' })

      const rejecting = await ask(HUMAN_ACTION, [['token', 'Not sent.']])
      assert.deepEqual((await answer(rejecting, { approved: false })).humanInput.type, 'reject')
      assert.equal(toolsOf(rejecting.chat)[0].state, 'output-denied')
    })

    test('decides on the tool for which an agent of an AgentFlow waits', async () => {
      const action = { ...HUMAN_ACTION, data: { nodeId: 'agentAgentflow_0', nodeLabel: 'Agent 0', input: {} } }
      const calls = [['calledTools', [{ ...CALL, toolOutput: '' }]], ['token', 'Attempting to use tool'], ['action', action]]
      const asked = await ask(action, [['calledTools', [{ ...CALL, toolOutput: '' }]], ['usedTools', [{ ...CALL, toolOutput: '42' }]]], calls)
      assert.deepEqual(toolsOf(asked.chat).map(({ toolName, state }) => [toolName, state]), [['calculator', 'approval-requested']])
      assert.equal((await answer(asked, { approved: true })).humanInput.startNodeId, 'agentAgentflow_0')
      assert.deepEqual(toolsOf(asked.chat).map(({ state, output }) => [state, output]), [['output-available', '42']])
    })

    test('asks for the next decision of a flow, in the same message', async () => {
      const second = { ...HUMAN_ACTION, id: 'action-3' }
      const asked = await ask(HUMAN_ACTION, [['action', second]])
      await answer(asked, { approved: true })
      assert.deepEqual(toolsOf(asked.chat).map(({ state }) => state), ['output-available', 'approval-requested'])
      assert.equal(toolsOf(asked.chat)[1].approval.id, 'action-3')
    })

    test('can answer again after the answer has failed', async () => {
      let fails = true
      const flowise = playing((data) => {
        if (!data.humanInput) return [['action', HUMAN_ACTION]]
        if (fails) throw new FlowiseError('no server', 'connect')
        return [['token', 'Sent.']]
      })
      const chat = chatOf(flowise, { sendAutomaticallyWhen: sdk.lastAssistantMessageIsCompleteWithApprovalResponses })
      await chat.sendMessage({ text: 'Send it' })
      await chat.addToolApprovalResponse({ id: HUMAN_ACTION.id, approved: false })
      await until(() => chat.status === 'error')
      fails = false
      await chat.sendMessage()
      assert.deepEqual(flowise.asked.map(({ data }) => data.humanInput?.type), [undefined, 'reject', 'reject'])
      assert.deepEqual(textsOf(chat), ['Sent.'])
    })
  })
}

const partsOf = (messages) => messages.at(-1)?.parts ?? []
const toolsOf = ({ messages }) => partsOf(messages).filter(({ type }) => type === 'dynamic-tool')
const textsOf = ({ messages }) => partsOf(messages).filter(({ type, text }) => type === 'text' && text).map(({ text }) => text)
