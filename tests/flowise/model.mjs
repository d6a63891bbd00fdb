/**
 * The scripted model's server: the parts of the OpenAI and Ollama APIs that Flowise uses. `script.mjs` says what it answers.
 *
 * Out of scope: keys, limits, model names. Every key opens it and every name is known.
 */

import { once } from 'node:events'
import { createServer } from 'node:http'
import { json as bodyOf } from 'node:stream/consumers'
import { setTimeout as pause } from 'node:timers/promises'
import { THOUGHT, TOKENS_BEFORE_DROP, answer, messagesOf, tokens } from './script.mjs'

const USAGE = { prompt_tokens: 5, completion_tokens: 5, total_tokens: 10 }

/**
 * Starts a scripted model on a free port of this computer.
 *
 * OpenAI's API is below `<url>/v1`, Ollama's below `<url>`.
 *
 * @param {{ port?: number }} [options]
 * @returns {Promise<{ url: string, requests: { role: string, name?: string, text: string }[][], answers: Promise<'whole' | 'cut'>[],
 *   stop(): Promise<void> }>} `requests` has the messages of each chat request, `answers` how each was answered in the end: `cut` if its
 *   reader hung up
 */
export async function startModel({ port = 0 } = {}) {
  const [requests, answers] = [[], []]
  const server = createServer((request, response) => {
    const onChat = (messages) => {
      requests.push(messages)
      answers.push(once(response, 'close').then(() => (response.writableFinished ? 'whole' : 'cut')))
    }
    respond(request, response, onChat).catch((error) => {
      // A reader that has gone needs no answer.
      if (response.destroyed) return
      if (response.headersSent) response.destroy()
      else json(response, 500, { error: { message: String(error), type: 'server_error' } })
    })
  })
  server.listen(port, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    requests,
    answers,
    async stop() {
      if (!server.listening) return
      server.close()
      server.closeAllConnections()
      await once(server, 'close')
    }
  }
}

async function respond(request, response, onChat) {
  const chat = async () => {
    const asked = await bodyOf(request)
    onChat(messagesOf(asked))
    return asked
  }
  switch (`${request.method} ${new URL(request.url, 'http://model').pathname}`) {
    case 'POST /v1/chat/completions':
      return chatCompletions(await chat(), response)
    case 'POST /v1/embeddings':
      return json(response, 200, embeddings(await bodyOf(request)))
    case 'POST /api/chat':
      return ollamaChat(await chat(), response)
    default:
      return json(response, 404, { error: { message: `The scripted model has no ${request.url}`, type: 'invalid_request_error' } })
  }
}

async function chatCompletions(request, response) {
  const { text, call, fail, drop, pace } = answer(request)
  if (fail) return refuse(response)
  const base = { id: `chatcmpl-${Date.now().toString(36)}`, created: Math.floor(Date.now() / 1000), model: request.model ?? 'scripted' }
  const finish_reason = call ? 'tool_calls' : 'stop'
  const toolCalls = call && [
    { index: 0, id: call.id, type: 'function', function: { name: call.name, arguments: JSON.stringify(call.input) } }
  ]

  if (!request.stream) {
    for await (const _ of paced(text, pace)) {
      if (response.destroyed) return
    }
    if (drop) return breakOff(response)
    const message = { role: 'assistant', content: call ? null : text, ...(call && { tool_calls: toolCalls }) }
    return json(response, 200, { ...base, object: 'chat.completion', choices: [{ index: 0, message, finish_reason }], usage: USAGE })
  }

  response.writeHead(200, { 'content-type': 'text/event-stream' })
  const send = (fields) => response.write(`data: ${JSON.stringify({ ...base, object: 'chat.completion.chunk', ...fields })}\n\n`)
  const delta = (change, reason = null) => send({ choices: [{ index: 0, delta: change, finish_reason: reason }] })
  delta({ role: 'assistant', content: '' })
  if (call) delta({ tool_calls: toolCalls })
  let sent = 0
  for await (const token of paced(text, pace)) {
    if (response.destroyed) return
    if (drop && sent++ === TOKENS_BEFORE_DROP) return breakOff(response)
    delta({ content: token })
  }
  if (drop) return breakOff(response)
  delta({}, finish_reason)
  if (request.stream_options?.include_usage) send({ choices: [], usage: USAGE })
  response.end('data: [DONE]\n\n')
}

async function ollamaChat(request, response) {
  const { text, fail, drop, pace } = answer(request)
  if (fail) return refuse(response)
  const base = () => ({ model: request.model ?? 'scripted', created_at: new Date().toISOString() })
  const last = { done: true, done_reason: 'stop', prompt_eval_count: 5, eval_count: 5 }
  const thought = request.think ? THOUGHT : ''
  if (request.stream === false) {
    const message = { role: 'assistant', content: text, ...(thought && { thinking: thought }) }
    return json(response, 200, { ...base(), message, ...last })
  }

  response.writeHead(200, { 'content-type': 'application/x-ndjson' })
  const send = (message, end = { done: false }) =>
    response.write(`${JSON.stringify({ ...base(), message: { role: 'assistant', content: '', ...message }, ...end })}\n`)
  for await (const thinking of paced(thought, pace)) send({ thinking })
  let sent = 0
  for await (const content of paced(text, pace)) {
    if (response.destroyed) return
    if (drop && sent++ === TOKENS_BEFORE_DROP) return breakOff(response)
    send({ content })
  }
  if (drop) return breakOff(response)
  send({}, last)
  response.end()
}

/** The same vector for every text: a search finds all documents, in their own order. */
function embeddings({ input, model, encoding_format }) {
  const vector = new Float32Array([1, 0, 0, 0])
  const embedding = encoding_format === 'base64' ? Buffer.from(vector.buffer).toString('base64') : [...vector]
  // One text may come as a list of token numbers, several as a list of texts or of such lists.
  const count = Array.isArray(input) && typeof input[0] !== 'number' ? input.length : 1
  const data = Array.from({ length: count }, (_, index) => ({ object: 'embedding', index, embedding }))
  return { object: 'list', data, model: model ?? 'scripted', usage: { prompt_tokens: 5, total_tokens: 5 } }
}

async function* paced(text, pace) {
  for (const token of tokens(text)) {
    if (pace) await pause(pace)
    yield token
  }
}

/** Closes the connection in the middle of an answer, once what was written has gone out. */
function breakOff(response) {
  response.socket.end()
}

function refuse(response) {
  const error = { message: 'Incorrect API key provided: sk-test.', type: 'invalid_request_error', param: null, code: 'invalid_api_key' }
  json(response, 401, { error })
}

function json(response, status, body) {
  response.writeHead(status, { 'content-type': 'application/json' })
  response.end(JSON.stringify(body))
}
