/**
 * `flowise-stream/ai` read by `readUIMessageStream` of versions 5 to 7 of the AI SDK, under Node.
 */

import assert from 'node:assert/strict'
import { describe, test } from 'node:test'

import { FlowiseError } from 'flowise-stream'
import { FlowiseChatTransport } from 'flowise-stream/ai'

import { playing } from './support/played-flowise.mjs'

const VERSIONS = { 5: 'ai-5', 6: 'ai-6', 7: 'ai' }
const CALL = { tool: 'calculator', toolInput: { input: '6*7' } }
const ASKED = { tool: 'calculator', toolInput: { input: '6*7' }, toolOutput: '' }

for (const [version, name] of Object.entries(VERSIONS)) {
  describe(`the AI SDK ${version} reads`, async () => {
    const sdk = await import(name)
    const read = (events, outcome, more) => messageOf(sdk, playing(events, outcome), more)

    test('parts in the order in which things happened', async () => {
      const { parts } = await read([
        ['token', 'Let me '], ['token', 'see.'],
        ['thinking', 'A sum.'], ['thinking', '', { duration: 1 }],
        ['calledTools', [ASKED]],
        ['token', 'Wait …'],
        ['usedTools', [{ ...CALL, toolOutput: '42' }]],
        ['token', '42.'],
        ['sourceDocuments', [{ pageContent: 'Sums', metadata: { source: 'https://example.com/sums' } }]],
        ['token', ' Done.'],
      ])
      assert.deepEqual(parts.map(({ type, text, output }) => text ?? output ?? type), [
        'step-start', 'Let me see.', 'A sum.', '42', 'Wait …', '42.', 'source-url', 'data-flowise-sources', ' Done.',
      ])
      assert.ok(parts.every(({ state }) => state !== 'streaming'))
    })

    test('tools as run by the server: no page runs them, or sends their output', async () => {
      const events = [['calledTools', [ASKED]], ['usedTools', [{ ...CALL, toolOutput: '42' }]], ['token', 'It is 42.']]
      const message = await read(events)
      const [tool] = toolsOf(message)
      assert.deepEqual([tool.providerExecuted, tool.state, tool.output, tool.input], [true, 'output-available', '42', CALL.toolInput])
      assert.equal(sdk.lastAssistantMessageIsCompleteWithToolCalls({ messages: [message] }), false)
    })

    test('two calls with one input as two parts', async () => {
      const [one, two] = [{ ...CALL, toolOutput: '42' }, { ...CALL, toolOutput: '43' }]
      const outputs = async (events, outcome) => toolsOf(await read(events, outcome)).map(({ output, state }) => output ?? state)
      assert.deepEqual(await outputs([['usedTools', [one, two]]]), ['42', '43'])
      assert.deepEqual(await outputs([['usedTools', [one, one]]]), ['42', '42'])
      assert.deepEqual(await outputs([['calledTools', [ASKED, ASKED]], ['usedTools', [one, two]]]), ['42', '43'])
      // asked for again after the first has run; the lists at the end are of the whole answer
      const rounds = [['calledTools', [ASKED]], ['usedTools', [one]], ['calledTools', [ASKED]], ['usedTools', [one, two]]]
      assert.deepEqual(await outputs(rounds, { usedTools: [one, two] }), ['42', '43'])
      assert.deepEqual(await outputs([['usedTools', [one]], ['usedTools', [one]]], { usedTools: [one] }), ['42'])
    })

    for (const output of ['', 0, false, null]) {
      test(`the output ${JSON.stringify(output)} of a tool as an output`, async () => {
        const [tool] = toolsOf(await read([['calledTools', [ASKED]], ['usedTools', [{ ...CALL, toolOutput: output }]]]))
        assert.deepEqual([tool.state, tool.output], ['output-available', output])
      })
    }

    test('the error of a tool as an error', async () => {
      const [tool] = toolsOf(await read([['usedTools', [{ ...CALL, toolOutput: '', error: 'division by zero' }]]]))
      assert.deepEqual([tool.state, tool.errorText, tool.providerExecuted], ['output-error', 'division by zero', true])
    })

    test('the output of an agent other than the last, from the data of its node', async () => {
      const node = { nodeId: 'agentAgentflow_0', data: { output: { usedTools: [{ ...CALL, toolOutput: '42' }] } } }
      const events = [['calledTools', [ASKED]], ['agentFlowExecutedData', [node]], ['token', 'So it is 42.']]
      const message = await read(events, { agentFlowExecutedData: [node] })
      const [tool] = toolsOf(message)
      assert.deepEqual([tool.state, tool.output], ['output-available', '42'])
      assert.equal(message.parts.at(-2).text, 'So it is 42.')
    })

    test('a call without an output as finished when the answer ends, and not before', async () => {
      const [over] = toolsOf(await read([['calledTools', [ASKED]]]))
      assert.equal(over.state, 'output-available')
      const [open] = toolsOf(await read([['calledTools', [ASKED]]], { finishReason: 'aborted' }))
      assert.equal(open.state, 'input-available')
    })

    test('each source once, with an id of its own in all answers', async () => {
      const [one, two] = ['One', 'Two'].map((text) => ({ pageContent: text, metadata: {} }))
      const events = [['sourceDocuments', [one]], ['sourceDocuments', [one, two]]]
      const messages = [await read(events, { sourceDocuments: [one, two] }), await read(events)]
      const sources = messages.flatMap(({ parts }) => parts.filter(({ type }) => type === 'source-document'))
      assert.deepEqual(sources.map(({ title }) => title), ['One', 'Two', 'One', 'Two'])
      assert.equal(new Set(sources.map(({ sourceId }) => sourceId)).size, 4)
      assert.deepEqual(messages[0].parts.find(({ type }) => type === 'data-flowise-sources').data, [one, two])
    })

    test('a reply that was not streamed, with all its members', async () => {
      const { parts, metadata } = await read([], {
        streamed: false, text: '42.', thinking: 'A sum.', usedTools: [{ ...CALL, toolOutput: '42' }], chatMessageId: 'm1',
        sourceDocuments: [{ pageContent: 'Sums', metadata: {} }], agentReasoning: [{ agentName: 'Analyst', messages: ['42.'] }],
      })
      assert.deepEqual(parts.map(({ type }) => type), [
        'step-start', 'dynamic-tool', 'reasoning', 'text', 'source-document', 'data-flowise-sources', 'data-flowise-agentReasoning',
      ])
      assert.deepEqual(metadata, { chatId: 'chat', chatMessageId: 'm1', finishReason: 'stop' })
    })

    test('odd payloads by skipping them, and the answer continues', async () => {
      const odd = [null, 7, 'text', [null, 'text']]
      const events = ['usedTools', 'calledTools', 'sourceDocuments', 'nextAgentFlow', 'action', 'thinking', 'token'].flatMap((event) =>
        odd.filter((data) => !(typeof data === 'string' && ['thinking', 'token'].includes(event))).map((data) => [event, data])
      )
      const message = await read([...events, ['token', 'Hello']], { text: 42, usedTools: 'none', agentFlowExecutedData: [null, {}] })
      assert.deepEqual(textsOf(message), ['Hello'])
      assert.equal(message.metadata.finishReason, 'stop')
    })

    test('a failure as the error itself, after all earlier parts', async () => {
      const failure = new FlowiseError('the model refused', 'server')
      const errors = []
      const message = await read([['token', 'Well, '], ['calledTools', [ASKED]], ['token', 'no']], failure, { onError: (error) => errors.push(error) })
      assert.equal(errors[0], failure)
      assert.deepEqual(textsOf(message), ['Well, ', 'no'])
      assert.ok(message.parts.every(({ state }) => state !== 'streaming'))
    })
  })
}

const toolsOf = ({ parts }) => parts.filter(({ type }) => type === 'dynamic-tool')
const textsOf = ({ parts }) => parts.filter(({ type }) => type === 'text').map(({ text }) => text)

async function messageOf({ readUIMessageStream }, flowise, { onError, ...request } = {}) {
  const transport = new FlowiseChatTransport({ flowise })
  const question = { id: 'q1', role: 'user', parts: [{ type: 'text', text: 'How much is 6*7?' }] }
  const stream = await transport.sendMessages({ trigger: 'submit-message', chatId: 'chat', messages: [question], ...request })
  let message
  for await (message of readUIMessageStream({ stream, onError })) ;
  return message
}
