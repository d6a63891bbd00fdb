// The events of a prediction as the parts of a message, in order. Who writes the parts is up to the caller: see chunks.js.

import { listOf } from '../store/shape.js'
import { ToolCalls, toolsOf } from './tools.js'

// Events whose payloads become data parts unchanged.
const DATA = ['agentReasoning', 'nextAgent', 'agentFlowEvent', 'artifacts', 'fileAnnotations', 'usageMetadata']
// Data that a reply without a stream also has.
const IN_REPLY = ['agentReasoning', 'artifacts', 'fileAnnotations', 'agentFlowExecutedData']
// Events that become transient data parts.
const TRANSIENT = ['tts_start', 'tts_data', 'tts_end', 'tts_abort']

/**
 * Reads a prediction's events and calls a writer: once for each fact, in order, with one part open at a time. Before the end, it
 * also passes what only the whole answer has.
 *
 * A writer has `open(kind, id)`, `delta(kind, id, text)` and `close(kind, id)` for the kinds `text` and `reasoning`;
 * `call(call)`, `result(call, { output } or { error })` and `wait(action, calls)` for tools; `document(document, id)` and
 * `documents(all)`; `node(step)`; `data(event, data)` and `transient(event, data)`; and at last `finish(prediction)` or
 * `fail(error)`.
 */
export class AnswerReader {
  #stream
  #writer
  #newId
  #tools
  #open
  #text = ''
  #hasThought = false
  #readsNodes = false
  #action
  #documents = new Map()
  #told = new Set()

  /** @param {{ stream: object, writer: object, newId: () => string, calls?: object[] }} from `calls`: of an earlier answer, allowed by now */
  constructor({ stream, writer, newId, calls }) {
    this.#stream = stream
    this.#writer = writer
    this.#newId = newId
    this.#tools = new ToolCalls(newId, calls)
    stream.on('token', (token) => this.#token(token))
    stream.on('thinking', (text, extra) => this.#thinking(text, extra?.duration))
    stream.on('calledTools', (tools) => this.#called(tools))
    stream.on('usedTools', (tools) => this.#calls(this.#tools.end(tools)))
    stream.on('sourceDocuments', (documents) => this.#sources(documents))
    stream.on('nextAgentFlow', (step) => step?.nodeId && writer.node(step))
    stream.on('action', (action) => this.#waits(action))
    for (const event of DATA) stream.on(event, (data) => this.#data(event, data))
    for (const event of TRANSIENT) stream.on(event, (data) => writer.transient(event, data))
    stream.result.then((prediction) => this.#finish(prediction)).catch((error) => this.#fail(error))
  }

  #delta(kind, delta) {
    if (this.#open?.kind !== kind) {
      this.#close()
      this.#open = { kind, id: this.#newId() }
      this.#writer.open(kind, this.#open.id)
    }
    this.#writer.delta(kind, this.#open.id, delta)
  }

  #close() {
    if (this.#open) this.#writer.close(this.#open.kind, this.#open.id)
    this.#open = undefined
  }

  #token(token) {
    // AgentFlows send an empty token with each piece of thinking
    if (typeof token !== 'string' || token === '') return
    this.#text += token
    this.#delta('text', token)
  }

  #thinking(text, duration) {
    if (typeof text === 'string' && text !== '') {
      this.#hasThought = true
      this.#delta('reasoning', text)
    }
    if (duration !== undefined && this.#open?.kind === 'reasoning') this.#close()
  }

  #called(tools) {
    const changes = this.#tools.begin(tools)
    // Only this event has the output of all agents but the last. It is large and frequent, so it is read only when needed.
    if (changes.length > 0 && !this.#readsNodes) {
      this.#readsNodes = true
      this.#stream.on('agentFlowExecutedData', (nodes) => this.#tools.hasOpen && this.#calls(this.#tools.end(toolsOf(nodes))))
    }
    this.#calls(changes)
  }

  #calls(changes) {
    if (changes.length > 0) this.#close()
    for (const { call, isNew, result } of changes) {
      if (isNew) this.#writer.call(call)
      if (result) this.#writer.result(call, result)
    }
  }

  // A sequential agent names the calls that wait. An agent of an AgentFlow waits with the calls it has just begun. A node that
  // only asks a person waits without calls.
  #waits(action) {
    if (action === null || typeof action !== 'object' || (this.#told.has('action') && this.#action === action.id)) return
    this.#action = action.id
    this.#data('action', action)
    const named = action.mapping?.toolCalls
    const isAgent = /^agentAgentflow/.test(action.data?.nodeId)
    const changes = named?.length > 0 ? this.#tools.wait(named) : isAgent ? this.#tools.wait() : []
    this.#calls(changes)
    this.#close()
    this.#writer.wait(action, changes.map(({ call }) => call))
  }

  #sources(documents) {
    const added = listOf(documents).filter((document) => {
      const key = JSON.stringify(document)
      return !this.#documents.has(key) && this.#documents.set(key, document)
    })
    if (added.length === 0) return
    this.#close()
    for (const document of added) this.#writer.document(document, this.#newId())
    this.#writer.documents([...this.#documents.values()])
  }

  #data(name, data) {
    if (Array.isArray(data) && data.length === 0) return
    this.#told.add(name)
    this.#writer.data(name, data)
  }

  #finish(prediction) {
    if (this.#text !== '') this.#rest(prediction.text)
    this.#calls(this.#tools.end(prediction.usedTools))
    this.#calls(this.#tools.end(toolsOf(prediction.agentFlowExecutedData)))
    if (prediction.finishReason !== 'aborted') this.#calls(this.#tools.endAll())
    if (!this.#hasThought) this.#thinking(prediction.thinking)
    if (this.#text === '') this.#rest(prediction.text)
    this.#sources(prediction.sourceDocuments)
    for (const name of IN_REPLY) if (prediction[name] && !this.#told.has(name)) this.#data(name, prediction[name])
    if (prediction.action) this.#waits(prediction.action)
    this.#close()
    this.#writer.finish(prediction)
  }

  // The data that the server did not stream.
  #rest(text) {
    if (typeof text === 'string' && text.startsWith(this.#text)) this.#token(text.slice(this.#text.length))
  }

  #fail(error) {
    this.#close()
    this.#writer.fail(error)
  }
}
