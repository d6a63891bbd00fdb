// The progress of an answer as events of AG-UI.

const ENDED = ['FINISHED', 'STOPPED', 'ERROR', 'TERMINATED', 'TIMEOUT']

const RESULT = ['chatId', 'chatMessageId', 'sessionId', 'followUpPrompts', 'finishReason']

/** The schema of the answer to an interrupt. */
const DECISION = {
  type: 'object',
  properties: { approved: { type: 'boolean' }, feedback: { type: 'string' } },
  required: ['approved'],
}

/** Writes the progress of an answer as events of AG-UI. Each run ends with one event: `RUN_FINISHED` or `RUN_ERROR`. */
export class EventWriter {
  #ids
  #knowsCancelled
  #send
  #close
  #newId
  #waiting
  // the steps that are open, by the node
  #steps = new Map()
  #interrupt
  #usage

  constructor({ run: { threadId, runId, protocolVersion }, send, close, newId, waiting }) {
    this.#ids = { threadId, runId }
    // clients before 1.0 name no version, and fail on an outcome that they do not know
    this.#knowsCancelled = protocolVersion !== undefined
    this.#send = send
    this.#close = close
    this.#newId = newId
    this.#waiting = waiting
    send({ type: 'RUN_STARTED', ...this.#ids })
  }

  open(kind, messageId) {
    if (kind === 'text') return this.#send({ type: 'TEXT_MESSAGE_START', messageId, role: 'assistant' })
    this.#send({ type: 'REASONING_START', messageId })
    this.#send({ type: 'REASONING_MESSAGE_START', messageId, role: 'reasoning' })
  }

  delta(kind, messageId, delta) {
    this.#send({ type: kind === 'text' ? 'TEXT_MESSAGE_CONTENT' : 'REASONING_MESSAGE_CONTENT', messageId, delta })
  }

  close(kind, messageId) {
    if (kind === 'text') return this.#send({ type: 'TEXT_MESSAGE_END', messageId })
    this.#send({ type: 'REASONING_MESSAGE_END', messageId })
    this.#send({ type: 'REASONING_END', messageId })
  }

  call({ id: toolCallId, name: toolCallName, input }) {
    this.#send({ type: 'TOOL_CALL_START', toolCallId, toolCallName })
    this.#send({ type: 'TOOL_CALL_ARGS', toolCallId, delta: JSON.stringify(input ?? {}) })
    this.#send({ type: 'TOOL_CALL_END', toolCallId })
  }

  result({ id: toolCallId }, { output, error }) {
    const content = error ?? (typeof output === 'string' ? output : JSON.stringify(output))
    const failed = error !== undefined && { metadata: { isError: true } }
    this.#send({ type: 'TOOL_CALL_RESULT', messageId: this.#newId(), toolCallId, content, role: 'tool', ...failed })
  }

  wait(action, calls) {
    const { data, mapping } = action
    const id = String(action.id ?? this.#newId())
    const flowise = { action, calls: calls.map(({ id, name, input }) => ({ id, name, input })) }
    this.#waiting.set(id, flowise)
    this.#interrupt = {
      id,
      reason: calls.length > 0 ? 'tool_call' : 'input_required',
      message: data?.nodeLabel ?? [mapping?.approve, mapping?.reject].filter(Boolean).join(' / '),
      ...(calls.length > 0 && { toolCallId: calls[0].id }),
      responseSchema: DECISION,
      metadata: { flowise },
    }
  }

  document() {}

  documents(all) {
    this.#custom('sourceDocuments', all)
  }

  node({ nodeId, nodeLabel, status, ...more }) {
    if (ENDED.includes(status)) this.#endStep(nodeId)
    else this.#startStep(nodeId, nodeLabel ?? nodeId)
    if (more.error !== undefined) this.#custom('nextAgentFlow', { nodeId, nodeLabel, status, ...more })
  }

  data(name, data) {
    if (name === 'usageMetadata') this.#usage = data
    if (name === 'nextAgent') {
      this.#endStep('nextAgent')
      this.#startStep('nextAgent', String(data))
    }
    this.#custom(name, data)
  }

  transient(name, data) {
    this.#custom(name, data)
  }

  finish(prediction) {
    const result = Object.fromEntries(RESULT.filter((key) => prediction[key] !== undefined).map((key) => [key, prediction[key]]))
    const usage = usageOf(prediction.usageMetadata ?? this.#usage)
    this.#end({ type: 'RUN_FINISHED', ...this.#ids, ...this.#outcomeOf(prediction.finishReason === 'aborted', result), ...usage })
  }

  #outcomeOf(isCancelled, result) {
    if (isCancelled) return this.#knowsCancelled ? { outcome: { type: 'cancelled' } } : { result }
    return { result, outcome: this.#interrupt ? { type: 'interrupt', interrupts: [this.#interrupt] } : { type: 'success' } }
  }

  fail({ message, code }) {
    this.#end({ type: 'RUN_ERROR', message: message || 'the run has failed', ...(code && { code }), ...usageOf(this.#usage) })
  }

  #end(event) {
    for (const node of [...this.#steps.keys()]) this.#endStep(node)
    this.#send(event)
    this.#close()
  }

  // Two steps with the same name cannot be open at once.
  #startStep(node, label) {
    if (this.#steps.has(node)) return
    const stepName = [...this.#steps.values()].includes(label) ? `${label} (${node})` : label
    this.#steps.set(node, stepName)
    this.#send({ type: 'STEP_STARTED', stepName })
  }

  #endStep(node) {
    const stepName = this.#steps.get(node)
    if (this.#steps.delete(node)) this.#send({ type: 'STEP_FINISHED', stepName })
  }

  #custom(name, value) {
    this.#send({ type: 'CUSTOM', name: `flowise.${name}`, value })
  }
}

function usageOf(usage) {
  const counts = { inputTokens: usage?.input_tokens, outputTokens: usage?.output_tokens, totalTokens: usage?.total_tokens }
  const told = Object.entries(counts).filter(([, count]) => Number.isSafeInteger(count) && count >= 0)
  return told.length > 0 && { usage: [Object.fromEntries(told)] }
}
