import { decisionOf, HUMAN_INPUT, waitsFor } from './approval.js'
import { fileOf, isPicture, sourceOf } from './parts.js'
import { list, ToolCalls, toolsOf } from './tools.js'

// Events that are data parts as they are; one with the same id takes the place of the one before.
const DATA = ['agentReasoning', 'nextAgent', 'agentFlowEvent', 'artifacts', 'fileAnnotations']
// Those that a reply without a stream has, too.
const IN_REPLY = ['agentReasoning', 'artifacts', 'fileAnnotations', 'agentFlowExecutedData']
// Events that are gone when they are over.
const TRANSIENT = ['tts_start', 'tts_data', 'tts_end', 'tts_abort']

const METADATA = ['chatId', 'chatMessageId', 'sessionId', 'memoryType', 'followUpPrompts', 'usageMetadata', 'flowVariables', 'finishReason']

/** Makes `UIMessageChunk`s of a prediction's events, and gives them to `out`: `write(chunk)`, `close()` and `fail(error)`. */
export class ChunkWriter {
  #stream
  #out
  #options
  #newId
  #tools
  // the part that takes deltas: it needs a start, and an end before any other part
  #open
  #text = ''
  #hasThought = false
  #action
  #sources = new Map()
  #nodes = []
  #readsNodes = false
  #told = new Set()

  constructor({ stream, out, options, newId, messageId, resumed }) {
    this.#stream = stream
    this.#out = out
    this.#options = options
    this.#newId = newId
    this.#tools = new ToolCalls(newId, resumed?.approved ? resumed.calls : [])
    this.#out.write({ type: 'start', ...(messageId && { messageId }) })
    this.#out.write({ type: 'start-step' })
    if (resumed) this.#resume(resumed)
    this.#listen()
  }

  #listen() {
    const stream = this.#stream
    stream.on('token', (token) => this.#token(token))
    stream.on('thinking', (text, extra) => this.#thinking(text, extra?.duration))
    stream.on('calledTools', (tools) => this.#called(tools))
    stream.on('usedTools', (tools) => this.#calls(this.#tools.end(tools)))
    stream.on('sourceDocuments', (documents) => this.#documents(documents))
    stream.on('nextAgentFlow', (step) => this.#node(step))
    stream.on('action', (action) => this.#waits(action))
    for (const event of DATA) stream.on(event, (data) => this.#data(event, data))
    for (const event of TRANSIENT) stream.on(event, (data) => this.#out.write({ type: `data-flowise-${event}`, data, transient: true }))
    stream.result.then(
      (prediction) => this.#finish(prediction),
      (error) => this.#fail(error),
    )
  }

  // A decision has no output but itself; tools that were allowed run only now.
  #resume({ calls, approved, reason }) {
    const toolOutput = { decision: 'proceed', ...(reason && { feedback: reason }) }
    for (const { id, name, input } of calls) {
      if (!approved) this.#out.write({ type: 'tool-output-denied', toolCallId: id })
      else if (name === HUMAN_INPUT) this.#calls(this.#tools.end([{ tool: name, toolInput: input, toolOutput }]))
    }
  }

  #delta(kind, delta) {
    if (this.#open?.kind !== kind) {
      this.#end()
      this.#open = { kind, id: this.#newId() }
      this.#out.write({ type: `${kind}-start`, id: this.#open.id })
    }
    this.#out.write({ type: `${kind}-delta`, id: this.#open.id, delta })
  }

  #end() {
    if (this.#open) this.#out.write({ type: `${this.#open.kind}-end`, id: this.#open.id })
    this.#open = undefined
  }

  // What is said after it is another part.
  #part(chunk) {
    this.#end()
    this.#out.write(chunk)
  }

  #token(token) {
    // AgentFlows send an empty one with each piece of thinking
    if (typeof token !== 'string' || token === '') return
    this.#text += token
    this.#delta('text', token)
  }

  #thinking(text, duration) {
    if (text) {
      this.#hasThought = true
      this.#delta('reasoning', text)
    }
    if (duration !== undefined && this.#open?.kind === 'reasoning') this.#end()
  }

  #called(tools) {
    const changes = this.#tools.begin(tools)
    // The output of all but the last agent is only here. It is large and comes often: so it is read only when it has to be.
    if (changes.length > 0 && !this.#readsNodes) {
      this.#readsNodes = true
      this.#stream.on('agentFlowExecutedData', (nodes) => this.#tools.hasOpen && this.#calls(this.#tools.end(toolsOf(nodes))))
    }
    this.#calls(changes)
  }

  // The server has run them: `providerExecuted` keeps pages from running them, or sending their output, themselves.
  #calls(changes) {
    for (const { call, isNew, result } of changes) {
      const chunk = { toolCallId: call.id, providerExecuted: true, dynamic: true }
      if (isNew) this.#part({ type: 'tool-input-available', toolName: call.name, input: call.input, ...chunk })
      if (result?.error !== undefined) this.#part({ type: 'tool-output-error', errorText: result.error, ...chunk })
      else if (result) this.#part({ type: 'tool-output-available', output: result.output, ...chunk })
    }
  }

  // The tools that wait are asked for with the action's id: one decision is for all of them.
  #waits(action) {
    if (action === null || typeof action !== 'object' || (this.#told.has('action') && this.#action === action.id)) return
    this.#action = action.id
    this.#data('action', action)
    const { tools, isAgent } = waitsFor(action)
    const waiting = tools || isAgent ? this.#tools.wait(tools) : []
    if (waiting.length === 0) waiting.push(...this.#tools.wait([{ name: HUMAN_INPUT, args: decisionOf(action) }]))
    this.#calls(waiting)
    for (const { call } of waiting) this.#part({ type: 'tool-approval-request', approvalId: action.id, toolCallId: call.id })
  }

  #documents(documents) {
    const found = list(documents).map((document) => [JSON.stringify(document), document])
    const added = found.filter(([key]) => !this.#sources.has(key))
    if (added.length === 0) return
    for (const [key, document] of added) {
      if (this.#sources.has(key)) continue
      this.#sources.set(key, document)
      this.#part(sourceOf(document, this.#newId()))
    }
    this.#data('sources', [...this.#sources.values()])
  }

  #node(step) {
    const at = this.#nodes.findLastIndex(({ nodeId, status }) => nodeId === step.nodeId && status === 'INPROGRESS')
    if (at < 0) this.#nodes = [...this.#nodes, step]
    else this.#nodes = this.#nodes.map((node, index) => (index === at ? step : node))
    this.#data('nodes', this.#nodes)
  }

  #data(name, data) {
    if (Array.isArray(data) && data.length === 0) return
    this.#told.add(name)
    this.#out.write({ type: `data-flowise-${name}`, id: `flowise-${name}`, data })
  }

  #finish(prediction) {
    if (this.#text !== '') this.#rest(prediction.text)
    this.#calls(this.#tools.end(prediction.usedTools))
    this.#calls(this.#tools.end(toolsOf(prediction.agentFlowExecutedData)))
    if (prediction.finishReason !== 'aborted') this.#calls(this.#tools.endAll())
    if (!this.#hasThought) this.#thinking(prediction.thinking)
    if (this.#text === '') this.#rest(prediction.text)
    this.#documents(prediction.sourceDocuments)
    for (const name of IN_REPLY) if (prediction[name] && !this.#told.has(name)) this.#data(name, prediction[name])
    this.#files(prediction)
    if (prediction.action) this.#waits(prediction.action)
    this.#end()
    const entries = METADATA.filter((key) => prediction[key] !== undefined).map((key) => [key, prediction[key]])
    this.#out.write({ type: 'message-metadata', messageMetadata: Object.fromEntries(entries) })
    this.#out.write({ type: 'finish-step' })
    if (prediction.finishReason === 'aborted') this.#out.write({ type: 'abort' })
    else this.#out.write({ type: 'finish', finishReason: prediction.finishReason === 'stop' ? 'stop' : 'other' })
    this.#out.close()
  }

  // What was not streamed.
  #rest(text) {
    if (text.startsWith(this.#text)) this.#token(text.slice(this.#text.length))
  }

  // The stream itself fails, after its last chunk, rather than with an `error` chunk, which has nothing but a text: so
  // `useChat` gives the page a FlowiseError with its code.
  #fail(error) {
    this.#end()
    this.#out.fail(error)
  }

  #files({ artifacts, fileAnnotations, chatId }) {
    for (const { type, data } of list(artifacts).filter(isPicture)) this.#file(`image/${type}`, chatId, data)
    for (const { fileName } of list(fileAnnotations)) this.#file('application/octet-stream', chatId, `FILE-STORAGE::${fileName}`)
  }

  #file(mediaType, chatId, data) {
    const url = fileOf(this.#options, chatId, data)
    if (url) this.#part({ type: 'file', mediaType, url })
  }
}
