// The parts of an answer as chunks of the AI SDK.

import { listOf } from '../store/shape.js'
import { HUMAN_INPUT } from './approval.js'
import { fileOf, isPicture, sourceOf } from './parts.js'

const METADATA = ['chatId', 'chatMessageId', 'sessionId', 'memoryType', 'followUpPrompts', 'usageMetadata', 'flowVariables', 'finishReason']

/** Writes the progress of an answer as `UIMessageChunk`s. */
export class ChunkWriter {
  #out
  #options
  #newId
  #nodes = []
  // A start with an id makes the page show a message, so it waits for the first content.
  #start

  /** @param {{ out: import('./queue.js').Queue, options: object, newId: () => string, messageId?: string, resumed?: object }} to */
  constructor({ out, options, newId, messageId, resumed }) {
    this.#out = out
    this.#options = options
    this.#newId = newId
    this.#start = [{ type: 'start', ...(messageId && { messageId }) }, { type: 'start-step' }]
    if (resumed) this.#resume(resumed)
  }

  #write(chunk) {
    for (const first of this.#start.splice(0)) this.#out.write(first)
    this.#out.write(chunk)
  }

  // The decision is its own output. Approved tools run only now.
  #resume({ calls, approved, reason }) {
    const output = { decision: 'proceed', ...(reason && { feedback: reason }) }
    for (const call of calls) {
      if (!approved) this.#write({ type: 'tool-output-denied', toolCallId: call.id })
      else if (call.name === HUMAN_INPUT) this.result(call, { output })
    }
  }

  open(kind, id) {
    this.#write({ type: `${kind}-start`, id })
  }

  delta(kind, id, delta) {
    this.#write({ type: `${kind}-delta`, id, delta })
  }

  close(kind, id) {
    this.#write({ type: `${kind}-end`, id })
  }

  call({ id, name, input }) {
    this.#write({ type: 'tool-input-available', toolCallId: id, toolName: name, input, ...BY_THE_SERVER })
  }

  result({ id }, { output, error }) {
    if (error !== undefined) this.#write({ type: 'tool-output-error', toolCallId: id, errorText: error, ...BY_THE_SERVER })
    else this.#write({ type: 'tool-output-available', toolCallId: id, output, ...BY_THE_SERVER })
  }

  // All waiting tools request approval with the action's id: one decision applies to all of them.
  wait({ id, data, mapping = {} }, calls) {
    let waiting = calls
    if (calls.length === 0) {
      waiting = [{ id: this.#newId(), name: HUMAN_INPUT, input: { node: data?.nodeLabel, approve: mapping.approve, reject: mapping.reject } }]
      this.call(waiting[0])
    }
    for (const call of waiting) this.#write({ type: 'tool-approval-request', approvalId: id, toolCallId: call.id })
  }

  document(document, id) {
    this.#write(sourceOf(document, id))
  }

  documents(all) {
    this.data('sources', all)
  }

  node(step) {
    const at = this.#nodes.findLastIndex(({ nodeId, status }) => nodeId === step.nodeId && status === 'INPROGRESS')
    if (at < 0) this.#nodes = [...this.#nodes, step]
    else this.#nodes = this.#nodes.map((node, index) => (index === at ? step : node))
    this.data('nodes', this.#nodes)
  }

  // A part with the same id replaces the previous one.
  data(name, data) {
    if (METADATA.includes(name)) return
    this.#write({ type: `data-flowise-${name}`, id: `flowise-${name}`, data })
  }

  transient(name, data) {
    this.#write({ type: `data-flowise-${name}`, data, transient: true })
  }

  finish(prediction) {
    this.#files(prediction)
    const entries = METADATA.filter((key) => prediction[key] !== undefined).map((key) => [key, prediction[key]])
    this.#write({ type: 'message-metadata', messageMetadata: Object.fromEntries(entries) })
    this.#write({ type: 'finish-step' })
    if (prediction.finishReason === 'aborted') this.#write({ type: 'abort' })
    else this.#write({ type: 'finish', finishReason: prediction.finishReason === 'stop' ? 'stop' : 'other' })
    this.#out.close()
  }

  // The stream itself fails, after its last chunk, rather than with an `error` chunk, which has nothing but a text: so
  // `useChat` gives the page a FlowiseError with its code.
  fail(error) {
    this.#out.fail(error)
  }

  #files({ artifacts, fileAnnotations, chatId }) {
    for (const { type, data } of listOf(artifacts).filter(isPicture)) this.#file(`image/${type}`, chatId, data)
    for (const { fileName } of listOf(fileAnnotations)) this.#file('application/octet-stream', chatId, `FILE-STORAGE::${fileName}`)
  }

  #file(mediaType, chatId, data) {
    const url = fileOf(this.#options, chatId, data)
    if (url) this.#write({ type: 'file', mediaType, url })
  }
}

// `providerExecuted` keeps pages from running the tools, or sending their output, themselves.
const BY_THE_SERVER = { providerExecuted: true, dynamic: true }
