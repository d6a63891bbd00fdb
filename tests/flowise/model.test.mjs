/** The scripted model alone, without a Flowise. */

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startForTests, starting } from '../support/stage.mjs'
import { startModel } from './model.mjs'

const model = starting(startModel)
startForTests(model)

const CALCULATOR = tool('calculator', { input: { type: 'string' } })
const ROUTE = tool('route', { next: { enum: ['FINISH', 'writer', 'reviewer'] }, instructions: {}, reasoning: {} })

function tool(name, properties) {
  return { type: 'function', function: { name, parameters: { type: 'object', properties } } }
}

function post(path, body) {
  return fetch(model.url + path, { method: 'POST', body: JSON.stringify(body) })
}

async function complete(content, fields = {}) {
  const messages = Array.isArray(content) ? content : [{ role: 'user', content }]
  const response = await post('/v1/chat/completions', { messages, ...fields })
  return (await response.json()).choices[0]
}

test('a text that comes as a list of parts is one question', async () => {
  const parts = [{ type: 'text', text: 'say Owls' }, { type: 'text', text: ' hunt.' }]
  assert.equal((await complete([{ role: 'user', content: parts }])).message.content, 'Owls hunt.')
})

test('the last question decides', async () => {
  const messages = [
    { role: 'user', content: 'fail' },
    { role: 'assistant', content: 'say Wrong.' },
    { role: 'user', content: 'say Right.' }
  ]
  assert.equal((await complete(messages)).message.content, 'Right.')
})

test('what is said is said, whatever it says', async () => {
  assert.equal((await complete('say drop, fail, long 3')).message.content, 'drop, fail, long 3')
})

test('a stream has a chunk for each word and each run of blanks', async () => {
  const response = await post('/v1/chat/completions', { stream: true, messages: [{ role: 'user', content: 'fast say a  b\n\nc' }] })
  const lines = (await response.text()).split('\n\n').filter(Boolean)
  assert.equal(lines.pop(), 'data: [DONE]')
  const deltas = lines.map((line) => JSON.parse(line.slice('data: '.length)).choices[0].delta.content)
  assert.deepEqual(deltas, ['', 'a', '  ', 'b', '\n\n', 'c', undefined])
})

test('a calculation calls the calculator, where there is one, and then tells the result', async () => {
  const question = { role: 'user', content: 'Please calculate (12+1)*3.' }
  const { message, finish_reason } = await complete([question], { tools: [CALCULATOR] })
  assert.equal(finish_reason, 'tool_calls')
  assert.equal(message.tool_calls[0].function.arguments, '{"input":"(12+1)*3"}')
  const result = { role: 'tool', tool_call_id: message.tool_calls[0].id, content: '39' }
  assert.equal((await complete([question, message, result], { tools: [CALCULATOR] })).message.content, 'The answer is 39.')
  assert.match((await complete([question])).message.content, /^Hello there!/)
})

test('a supervisor calls one worker, or everyone, and finishes', async () => {
  const decide = async (question, reports) => {
    const messages = [{ role: 'user', content: question }, ...reports.map((name) => ({ role: 'user', name, content: 'Done.' }))]
    const { message } = await complete(messages, { tools: [ROUTE] })
    return JSON.parse(message.tool_calls[0].function.arguments).next
  }
  assert.equal(await decide('Hi', []), 'writer')
  assert.equal(await decide('Hi', ['writer']), 'FINISH')
  assert.equal(await decide('everyone', ['writer']), 'reviewer')
  assert.equal(await decide('everyone', ['writer', 'reviewer']), 'FINISH')
})

test('a refusal is a 401', async () => {
  assert.equal((await post('/v1/chat/completions', { messages: [{ role: 'user', content: 'fail' }] })).status, 401)
})

test('a connection that drops breaks after five tokens', async () => {
  const response = await post('/v1/chat/completions', { stream: true, messages: [{ role: 'user', content: 'fast drop' }] })
  const decoder = new TextDecoder()
  let text = ''
  await assert.rejects(async () => {
    for await (const chunk of response.body) text += decoder.decode(chunk, { stream: true })
  })
  const deltas = text.split('\n\n').filter(Boolean).map((line) => JSON.parse(line.slice('data: '.length)).choices[0].delta.content)
  assert.deepEqual(deltas, ['', 'Hello', ' ', 'there!', ' ', 'Here'])
})

test('the model knows whether its answer was read to the end', async () => {
  const body = JSON.stringify({ stream: true, messages: [{ role: 'user', content: 'long 20' }] })
  const ask = (signal) => fetch(`${model.url}/v1/chat/completions`, { method: 'POST', body, signal })
  await (await ask()).text()
  const leave = new AbortController()
  await ask(leave.signal)
  leave.abort()
  assert.deepEqual(await Promise.all(model.answers.slice(-2)), ['whole', 'cut'])
})

test('texts have vectors, as numbers or in base64', async () => {
  const embed = async (fields) => (await (await post('/v1/embeddings', fields)).json()).data.map(({ embedding }) => embedding)
  assert.deepEqual(await embed({ input: ['a', 'b'] }), [[1, 0, 0, 0], [1, 0, 0, 0]])
  const [base64] = await embed({ input: 'a', encoding_format: 'base64' })
  assert.equal(Buffer.from(base64, 'base64').readFloatLE(0), 1)
})

test('over the Ollama API it thinks first, if asked to', async () => {
  const response = await post('/api/chat', { think: true, messages: [{ role: 'user', content: 'fast say Yes.' }] })
  const lines = (await response.text()).trim().split('\n').map((line) => JSON.parse(line))
  assert.equal(lines.map(({ message }) => message.thinking ?? '').join(''), 'Let me think about “this”.')
  assert.equal(lines.map(({ message }) => message.content).join(''), 'Yes.')
  assert.equal(lines.at(-1).done, true)
})
