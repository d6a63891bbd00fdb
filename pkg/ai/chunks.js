import { fileOf, isPicture, sourceOf } from './parts.js'

// Events that are data parts as they are; one with the same id takes the place of the one before.
const DATA = ['agentReasoning', 'nextAgent', 'agentFlowEvent', 'action', 'artifacts', 'fileAnnotations']
// Events that are gone when they are over.
const TRANSIENT = ['tts_start', 'tts_data', 'tts_end', 'tts_abort']

const METADATA = ['chatId', 'chatMessageId', 'sessionId', 'memoryType', 'followUpPrompts', 'usageMetadata', 'flowVariables', 'finishReason']

/** The source of a stream of `UIMessageChunk`s: what the AI SDK makes of a prediction's events. */
export class ChunkWriter {
  #stream
  #options
  // chunks that nobody has read yet, and who waits for one
  #queue = []
  #wake
  #over = false
  #failure
  #begun = false
  // the parts that are open: deltas need a start, and an end
  #open = new Map()
  #parts = 0
  #text = ''
  #tools = new Map()
  #nodes = []

  constructor(stream, options) {
    this.#stream = stream
    this.#options = options
  }

  start() {
    const stream = this.#stream
    stream.on('token', (token) => this.#token(token))
    stream.on('thinking', (text, extra) => this.#thinking(text, extra?.duration))
    stream.on('usedTools', (tools) => this.#usedTools(tools))
    stream.on('calledTools', (tools) => this.#usedTools(tools))
    stream.on('sourceDocuments', (documents) => this.#sources(documents))
    stream.on('nextAgentFlow', (step) => this.#node(step))
    for (const event of DATA) stream.on(event, (data) => this.#data(event, data))
    for (const event of TRANSIENT) stream.on(event, (data) => this.#write({ type: `data-flowise-${event}`, data, transient: true }))
    stream.result.then(
      (prediction) => this.#finish(prediction),
      (error) => this.#fail(error),
    )
  }

  async pull(controller) {
    while (this.#queue.length === 0 && !this.#over) await new Promise((resolve) => (this.#wake = resolve))
    if (this.#queue.length > 0) controller.enqueue(this.#queue.shift())
    else if (this.#failure) controller.error(this.#failure)
    else controller.close()
  }

  cancel() {
    return this.#stream.abort()
  }

  #write(chunk) {
    if (!this.#begun) {
      this.#begun = true
      this.#queue.push({ type: 'start' }, { type: 'start-step' })
    }
    this.#queue.push(chunk)
    this.#wake?.()
  }

  #delta(kind, delta) {
    if (!this.#open.has(kind)) {
      const id = `${kind}-${++this.#parts}`
      this.#open.set(kind, id)
      this.#write({ type: `${kind}-start`, id })
    }
    this.#write({ type: `${kind}-delta`, id: this.#open.get(kind), delta })
  }

  #end(kind) {
    const id = this.#open.get(kind)
    if (this.#open.delete(kind)) this.#write({ type: `${kind}-end`, id })
  }

  #token(token) {
    // AgentFlows send an empty one with each piece of thinking
    if (typeof token !== 'string' || token === '') return
    this.#end('reasoning')
    this.#text += token
    this.#delta('text', token)
  }

  #thinking(text, duration) {
    if (text) this.#delta('reasoning', text)
    if (duration !== undefined) this.#end('reasoning')
  }

  #usedTools(tools) {
    for (const used of list(tools)) {
      const key = JSON.stringify([used.tool, used.toolInput])
      let known = this.#tools.get(key)
      if (!known) {
        known = { id: `tool-${this.#tools.size + 1}`, isDone: false }
        this.#tools.set(key, known)
        this.#write({ type: 'tool-input-available', toolCallId: known.id, toolName: used.tool, input: used.toolInput, dynamic: true })
      }
      if (known.isDone) continue
      if (used.error) this.#write({ type: 'tool-output-error', toolCallId: known.id, errorText: String(used.error), dynamic: true })
      else if (used.toolOutput) this.#write({ type: 'tool-output-available', toolCallId: known.id, output: used.toolOutput, dynamic: true })
      else continue
      known.isDone = true
    }
  }

  #sources(documents) {
    const found = list(documents)
    if (found.length === 0) return
    found.forEach((document, index) => this.#write(sourceOf(document, `source-${index + 1}`)))
    this.#data('sources', found)
  }

  #node(step) {
    const at = this.#nodes.findLastIndex(({ nodeId, status }) => nodeId === step.nodeId && status === 'INPROGRESS')
    if (at < 0) this.#nodes = [...this.#nodes, step]
    else this.#nodes = this.#nodes.map((node, index) => (index === at ? step : node))
    this.#data('nodes', this.#nodes)
  }

  #data(name, data) {
    if (Array.isArray(data) && data.length === 0) return
    this.#write({ type: `data-flowise-${name}`, id: `flowise-${name}`, data })
  }

  #finish(prediction) {
    // what was not streamed
    if (prediction.text.startsWith(this.#text)) this.#token(prediction.text.slice(this.#text.length))
    this.#usedTools(prediction.usedTools)
    this.#files(prediction)
    if (prediction.agentFlowExecutedData) this.#data('agentFlowExecutedData', prediction.agentFlowExecutedData)
    this.#end('reasoning')
    this.#end('text')
    const entries = METADATA.filter((key) => prediction[key] !== undefined).map((key) => [key, prediction[key]])
    this.#write({ type: 'message-metadata', messageMetadata: Object.fromEntries(entries) })
    this.#write({ type: 'finish-step' })
    if (prediction.finishReason === 'aborted') this.#write({ type: 'abort' })
    else this.#write({ type: 'finish', finishReason: prediction.finishReason === 'stop' ? 'stop' : 'other' })
    this.#close()
  }

  // The stream itself fails, after its last chunk, rather than with an `error` chunk, which has nothing but a text: so
  // `useChat` gives the page a FlowiseError with its code.
  #fail(error) {
    this.#end('reasoning')
    this.#end('text')
    this.#failure = error
    this.#close()
  }

  #close() {
    this.#over = true
    this.#wake?.()
  }

  #files({ artifacts, fileAnnotations, chatId }) {
    for (const { type, data } of list(artifacts).filter(isPicture)) this.#file(`image/${type}`, chatId, data)
    for (const { fileName } of list(fileAnnotations)) this.#file('application/octet-stream', chatId, `FILE-STORAGE::${fileName}`)
  }

  #file(mediaType, chatId, data) {
    const url = fileOf(this.#options, chatId, data)
    if (url) this.#write({ type: 'file', mediaType, url })
  }
}

// Teams send lists with holes.
const list = (value) => (Array.isArray(value) ? value.filter((item) => item !== null && typeof item === 'object') : [])
