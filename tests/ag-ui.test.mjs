/**
 * `flowise-stream/ag-ui` under AG-UI's own client, which verifies the order of events, and its own schemas.
 */

import assert from 'node:assert/strict'
import { describe, test } from 'node:test'

import { buildResumeArray, HttpAgent } from '@ag-ui/client'
import { EventSchemas } from '@ag-ui/core/schemas'
import { FlowiseError } from 'flowise-stream'
import { flowiseFetch } from 'flowise-stream/ag-ui'

import { playing } from './support/played-flowise.mjs'

const CALL = { tool: 'calculator', toolInput: { input: '6*7' } }
const ACTION = {
  id: 'action-1',
  mapping: { approve: 'Proceed', reject: 'Reject' },
  elements: [{ type: 'agentflowv2-approve-button', label: 'Proceed' }, { type: 'agentflowv2-reject-button', label: 'Reject' }],
  data: { nodeId: 'humanInputAgentflow_0', nodeLabel: 'Human Input 0', input: {} },
}
const TOOL_ACTION = {
  id: 'action-2',
  mapping: { approve: 'Yes', reject: 'No', toolCalls: [{ name: 'calculator', args: { input: '6*7' }, id: 'call_2' }] },
  elements: [{ type: 'approve-button', label: 'Yes' }, { type: 'reject-button', label: 'No' }],
}
const node = (nodeId, nodeLabel, status) => ['nextAgentFlow', { nodeId, nodeLabel, status }]

describe('a run of an HttpAgent', () => {
  test('reports events in the order in which they happened', async () => {
    const { types, agent, flowise, ended } = await run([
      ['agentFlowEvent', 'INPROGRESS'],
      node('agent_0', 'Agent', 'INPROGRESS'),
      ['thinking', 'A sum.'], ['thinking', '', { duration: 1 }],
      ['token', 'Let me see.'],
      ['calledTools', [{ ...CALL, toolOutput: '' }]],
      ['usedTools', [{ ...CALL, toolOutput: '42' }]],
      ['token', '4'], ['token', '2.'],
      ['usageMetadata', { input_tokens: 3, output_tokens: 2, total_tokens: 5 }],
      node('agent_0', 'Agent', 'FINISHED'),
      ['sourceDocuments', [{ pageContent: 'Sums', metadata: {} }]],
    ], { chatMessageId: 'm1' })
    assert.deepEqual(types, [
      'RUN_STARTED', 'CUSTOM', 'STEP_STARTED',
      'REASONING_START', 'REASONING_MESSAGE_START', 'REASONING_MESSAGE_CONTENT', 'REASONING_MESSAGE_END', 'REASONING_END',
      'TEXT_MESSAGE_START', 'TEXT_MESSAGE_CONTENT', 'TEXT_MESSAGE_END',
      'TOOL_CALL_START', 'TOOL_CALL_ARGS', 'TOOL_CALL_END', 'TOOL_CALL_RESULT',
      'TEXT_MESSAGE_START', 'TEXT_MESSAGE_CONTENT', 'TEXT_MESSAGE_CONTENT', 'CUSTOM', 'STEP_FINISHED', 'TEXT_MESSAGE_END',
      'CUSTOM', 'RUN_FINISHED',
    ])
    assert.deepEqual(agent.messages.map(({ role, content, toolCalls }) => [role, toolCalls?.[0].function.arguments ?? content]), [
      ['user', 'How much is 6*7?'], ['reasoning', 'A sum.'], ['assistant', 'Let me see.'],
      ['assistant', '{"input":"6*7"}'], ['tool', '42'], ['assistant', '42.'],
    ])
    assert.deepEqual(flowise.asked[0].data, { question: 'How much is 6*7?', chatId: agent.threadId })
    assert.deepEqual(ended.usage, [{ inputTokens: 3, outputTokens: 2, totalTokens: 5 }])
    assert.deepEqual(ended.result, { chatId: agent.threadId, chatMessageId: 'm1', finishReason: 'stop' })
  })

  test('reports each node and each agent as a step with its own name, and finishes all of them', async () => {
    const { events } = await run([
      node('llm_0', 'LLM', 'INPROGRESS'), node('llm_1', 'LLM', 'INPROGRESS'), node('llm_0', 'LLM', 'INPROGRESS'),
      node('llm_1', 'LLM', 'FINISHED'), node('llm_9', 'LLM', 'FINISHED'), ['nextAgent', 'Writer'], ['nextAgent', 'Reader'],
    ])
    const steps = events.filter(({ type }) => type.startsWith('STEP_')).map(({ type, stepName }) => [type.slice(5), stepName])
    assert.deepEqual(steps, [
      ['STARTED', 'LLM'], ['STARTED', 'LLM (llm_1)'], ['FINISHED', 'LLM (llm_1)'],
      ['STARTED', 'Writer'], ['FINISHED', 'Writer'], ['STARTED', 'Reader'], ['FINISHED', 'LLM'], ['FINISHED', 'Reader'],
    ])
  })

  test('leaves no tool call for the page to run, whatever its output', async () => {
    const outputs = ['', 0, false, null, { deep: true }].map((toolOutput, index) => ({ tool: `tool-${index}`, toolInput: undefined, toolOutput }))
    const { events } = await run([['usedTools', [...outputs, { tool: 'broken', toolInput: {}, toolOutput: '', error: 'no' }]], ['calledTools', [CALL]]])
    const results = events.filter(({ type }) => type === 'TOOL_CALL_RESULT')
    assert.deepEqual(results.map(({ content }) => content), ['', '0', 'false', 'null', '{"deep":true}', 'no', ''])
    assert.deepEqual(results.map(({ metadata }) => metadata?.isError), [undefined, undefined, undefined, undefined, undefined, true, undefined])
  })

  test("keeps the text before a failure, and reports the error's code", async () => {
    const failure = new FlowiseError('the model refused', 'server')
    const { events, agent, failures } = await run([node('llm_0', 'LLM', 'INPROGRESS'), ['token', 'Well, no']], failure)
    assert.deepEqual(events.slice(-3).map(({ type }) => type), ['TEXT_MESSAGE_END', 'STEP_FINISHED', 'RUN_ERROR'])
    assert.deepEqual([events.at(-1).message, events.at(-1).code], ['the model refused', 'server'])
    assert.equal(agent.messages.at(-1).content, 'Well, no')
    assert.deepEqual(failures, ['server'])
  })

  test('without a question is an error, and sends nothing', async () => {
    const { events, flowise } = await run([], {}, { messages: [{ id: 'a', role: 'assistant', content: 'Hello' }] })
    assert.deepEqual(events.map(({ type, code }) => [type, code]), [['RUN_STARTED', undefined], ['RUN_ERROR', 'config']])
    assert.equal(flowise.asked.length, 0)
  })

  test('that is aborted stops the server, and keeps its text', async () => {
    let stopped = false
    const flowise = playing(function* () {
      while (!stopped) yield ['token', 'on ']
    }, { finishReason: 'aborted' })
    const agent = agentOf(flowise)
    const running = collect(agent, (event) => {
      if (event.type !== 'TEXT_MESSAGE_CONTENT' || stopped) return
      flowise.asked[0].options.signal.addEventListener('abort', () => (stopped = true))
      agent.abortRun()
    })
    const { events } = await running
    assert.equal(stopped, true)
    assert.deepEqual(events.at(-1).outcome, { type: 'cancelled' })
    assert.match(agent.messages.at(-1).content, /^on /)
  })

  test('that is aborted has no outcome for a client before 1.0, which knows none for it', async () => {
    const fetch = flowiseFetch({ flowise: playing([['token', 'on ']], { finishReason: 'aborted' }) })
    const endOf = async (more) => {
      const input = { threadId: 't', runId: 'r', messages: [{ id: 'q', role: 'user', content: 'Hello' }], ...more }
      const text = await (await fetch('http://localhost', { body: JSON.stringify(input) })).text()
      const { outcome, result } = JSON.parse(text.trim().split('data: ').at(-1))
      return [outcome?.type, result?.finishReason]
    }
    assert.deepEqual(await endOf({}), [undefined, 'aborted'])
    assert.deepEqual(await endOf({ protocolVersion: '1.0' }), ['cancelled', undefined])
  })

  test('sends files, settings and headers along', async () => {
    const content = [
      { type: 'text', text: 'What is it?' },
      { type: 'image', source: { type: 'data', value: 'iVBORw0KGgo=', mimeType: 'image/png' }, metadata: { filename: 'dot.png' } },
      { type: 'document', source: { type: 'url', value: 'https://example.com/a.pdf' } },
    ]
    const flowise = playing([])
    const agent = agentOf(flowise, {
      headers: () => ({ 'X-Own': 'own' }),
      prepareRequest: ({ input, body, headers }) => ({ body: { ...body, said: input.messages.length }, headers: { ...headers, 'x-page': 'prepared' } }),
    })
    agent.headers = { 'x-own': 'agent' }
    agent.messages = [{ id: 'q', role: 'user', content }]
    await collect(agent, undefined, { forwardedProps: { overrideConfig: { vars: {} }, command: 'not ours' } })
    const [{ data, options }] = flowise.asked
    assert.deepEqual(data, {
      question: 'What is it?', chatId: agent.threadId, overrideConfig: { vars: {} }, said: 1,
      uploads: [
        { type: 'file', name: 'dot.png', mime: 'image/png', data: 'data:image/png;base64,iVBORw0KGgo=' },
        { type: 'url', name: 'document', mime: 'application/octet-stream', data: 'https://example.com/a.pdf' },
      ],
    })
    assert.deepEqual(options.headers, { 'x-own': 'agent', 'x-page': 'prepared' })
  })
})

describe('an interrupt', () => {
  const ask = async (action, later) => {
    const flowise = playing((data) => (data.humanInput || data.action ? later : [['action', action]]))
    const agent = agentOf(flowise)
    const { events } = await collect(agent)
    return { flowise, agent, outcome: events.at(-1).outcome }
  }

  test('of an AgentFlow is answered by its decision', async () => {
    const { flowise, agent, outcome } = await ask(ACTION, [['token', 'Sent.']])
    assert.deepEqual([outcome.type, outcome.interrupts[0].message, agent.pendingInterrupts.length], ['interrupt', 'Human Input 0', 1])
    const resume = buildResumeArray(agent.pendingInterrupts, { 'action-1': { status: 'resolved', payload: { approved: true, feedback: 'Kindly' } } })
    const { events } = await collect(agent, undefined, { resume })
    assert.deepEqual(flowise.asked[1].data, {
      question: '', humanInput: { type: 'proceed', feedback: 'Kindly', startNodeId: 'humanInputAgentflow_0' }, chatId: agent.threadId,
    })
    assert.equal(events.at(-1).outcome.type, 'success')
    assert.equal(agent.pendingInterrupts.length, 0)
  })

  for (const [name, answer] of Object.entries({
    'is cancelled': { status: 'cancelled' },
    'is cancelled with an approval in it': { status: 'cancelled', payload: { approved: true } },
    'does not say what was decided': { status: 'resolved', payload: { feedback: 'Hm' } },
  })) {
    test(`whose answer ${name} rejects`, async () => {
      const { flowise, agent } = await ask(ACTION, [['token', 'Not sent.']])
      await collect(agent, undefined, { resume: [{ interruptId: 'action-1', ...answer }] })
      assert.equal(flowise.asked[1].data.humanInput.type, 'reject')
    })
  }

  test('of a sequential agent names its tool; the result arrives with the answer', async () => {
    const { flowise, agent, outcome } = await ask(TOOL_ACTION, [['usedTools', [{ ...CALL, toolOutput: '42' }]], ['token', '42']])
    const { toolCallId } = outcome.interrupts[0]
    assert.equal(agent.messages.at(-1).toolCalls[0].id, toolCallId)
    const { events } = await collect(agent, undefined, { resume: [{ interruptId: 'action-2', status: 'resolved', payload: { approved: true } }] })
    assert.deepEqual(flowise.asked[1].data.action, TOOL_ACTION)
    assert.deepEqual(events.filter(({ type }) => type.startsWith('TOOL_')).map((event) => [event.type, event.toolCallId, event.content]), [
      ['TOOL_CALL_RESULT', toolCallId, '42'],
    ])
  })

  test('can be answered after a reload from its metadata', async () => {
    const { agent } = await ask(TOOL_ACTION, [])
    const [{ metadata }] = JSON.parse(JSON.stringify(agent.pendingInterrupts))
    const flowise = playing([['token', 'Sent.']])
    const resume = [{ interruptId: 'action-2', status: 'resolved', payload: { approved: false } }]
    const unknown = await collect(agentOf(flowise), undefined, { resume })
    assert.deepEqual([unknown.events.at(-1).code, flowise.asked.length], ['config', 0])
    await collect(agentOf(flowise), undefined, { resume: [{ ...resume[0], metadata }] })
    assert.deepEqual([flowise.asked[0].data.question, flowise.asked[0].data.action], ['No', TOOL_ACTION])
  })
})

function agentOf(flowise, options) {
  const agent = new HttpAgent({ url: 'http://localhost', fetch: flowiseFetch({ flowise, ...options }) })
  agent.messages = [{ id: 'q', role: 'user', content: 'How much is 6*7?' }]
  return agent
}

async function run(events, outcome, { messages } = {}) {
  const flowise = playing(events, outcome)
  const agent = agentOf(flowise)
  if (messages) agent.messages = messages
  return { agent, flowise, ...(await collect(agent)) }
}

/** Runs an agent; each event has to fit the protocol's schema. */
async function collect(agent, look, parameters) {
  const events = []
  const failures = []
  const onEvent = ({ event }) => {
    EventSchemas.parse(event)
    events.push(event)
    look?.(event)
  }
  await agent.runAgent(parameters, { onEvent, onRunErrorEvent: ({ event }) => failures.push(event.code) })
  return { events, failures, types: events.map(({ type }) => type), ended: events.at(-1) }
}
