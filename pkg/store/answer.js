// The members of a message that are an event's payload as it is.
const MEMBERS = ['sourceDocuments', 'usedTools', 'artifacts', 'fileAnnotations', 'agentReasoning', 'action', 'usageMetadata']

// What is only in the whole answer.
const AT_THE_END = [
  ...MEMBERS, 'thinking', 'followUpPrompts', 'chatId', 'chatMessageId', 'sessionId', 'json', 'agentFlowExecutedData', 'streamed',
]

/** An answer while it comes: the message that it has made so far. */
export class Answering {
  /** A promise of the whole message, which never rejects. */
  finished
  #draft
  #stream

  constructor({ id, stream, onEvent, changed }) {
    this.#draft = { id, role: 'assistant', text: '' }
    this.#stream = stream
    const on = (event, take) =>
      stream.on(event, (data) => {
        take(data)
        changed()
      })
    on('token', (token) => {
      if (typeof token === 'string') this.#draft.text += token
    })
    on('thinking', (text) => {
      this.#draft.thinking = (this.#draft.thinking ?? '') + text
    })
    for (const event of MEMBERS) on(event, (data) => (this.#draft[event] = data))
    on('calledTools', (tools) => {
      if (tools?.length > 0) this.#draft.usedTools ??= tools
    })
    on('nextAgent', (label) => (this.#draft.nextAgent = label))
    on('nextAgentFlow', (step) => (this.#draft.nodes = withStep(this.#draft.nodes ?? [], step)))
    if (onEvent) stream.onAny(onEvent)
    this.finished = stream.result.then(
      (prediction) => this.#whole(prediction),
      (error) => this.#whole(error.partial ?? { finishReason: 'error' }, error),
    )
  }

  /** What there is so far. */
  message() {
    return Object.freeze({ ...this.#draft })
  }

  /** Stops it; a promise of what became of that. */
  stop() {
    return this.#stream.abort()
  }

  #whole(prediction, error) {
    const message = this.#draft
    if (prediction.text) message.text = prediction.text
    for (const member of AT_THE_END) if (prediction[member] !== undefined) message[member] = prediction[member]
    delete message.nextAgent
    message.finishReason = prediction.finishReason
    if (error) message.error = error
    return this.message()
  }
}

/** A node that goes on is the one that began; loops run a node several times. */
function withStep(nodes, step) {
  const at = nodes.findLastIndex(({ nodeId, status }) => nodeId === step.nodeId && status === 'INPROGRESS')
  if (at < 0) return [...nodes, step]
  return nodes.with?.(at, step) ?? nodes.map((node, index) => (index === at ? step : node))
}
