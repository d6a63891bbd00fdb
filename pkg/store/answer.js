// An answer while it streams, as the message that a page shows.

import { plainError } from './error.js'
import { LISTS, actionOf, listOf } from './shape.js'
import { fromExecutedData, fromNextAgent, fromNextNode, fromReasoning, settled } from './steps.js'

// Members that only the whole answer has.
const AT_THE_END = ['usageMetadata', 'followUpPrompts', 'chatId', 'chatMessageId', 'sessionId', 'json', 'agentFlowExecutedData', 'streamed']

/**
 * An answer while it streams: events change a draft, and `message` makes a message of it for the page. Calls `changed` after each
 * event.
 */
export function answering({ id, onEvent, changed }) {
  const askedAt = performance.now()
  const draft = { id, role: 'assistant', text: '', createdAt: Date.now() }
  const upload = new AbortController()
  let stream
  let tokens = 0
  let firstTokenMs
  // Tools of which only the name is known so far.
  let named = []

  const step = (merge) => (data) => {
    const steps = merge(draft.steps ?? [], data)
    if (steps.length > 0) draft.steps = steps
  }
  const reasoned = step(fromReasoning)
  // An empty list adds nothing.
  const takeList = (member, data) => {
    const list = listOf(data)
    if (list.length > 0) draft[member] = list
  }
  const takeAction = (data) => {
    const action = actionOf(data)
    if (action) draft.action = action
  }

  const events = {
    start: (data) => Array.isArray(data) && reasoned(data),
    token(token) {
      // Some flows also send tokens that are not strings; the reply has them as text.
      if (typeof token !== 'string') return
      firstTokenMs ??= performance.now() - askedAt
      tokens++
      draft.text += token
    },
    thinking(text, extra) {
      if (typeof text === 'string') draft.thinking = (draft.thinking ?? '') + text
      if (typeof extra?.duration === 'number') draft.thinkingSeconds = extra.duration
    },
    tool(name) {
      if (typeof name !== 'string') return
      named = [...named, { tool: name, toolInput: undefined, toolOutput: '' }]
      draft.usedTools = named
    },
    calledTools(tools) {
      if (!draft.usedTools || draft.usedTools === named) takeList('usedTools', tools)
    },
    agentReasoning(data) {
      takeList('agentReasoning', data)
      reasoned(data)
    },
    nextAgent(label) {
      draft.nextAgent = label
      step(fromNextAgent)(label)
    },
    nextAgentFlow(node) {
      if (node === null || typeof node !== 'object') return
      draft.nodes = withNode(draft.nodes ?? [], node)
      step(fromNextNode)(node)
    },
    action: takeAction,
    usageMetadata: (usage) => (draft.usageMetadata = usage),
  }
  for (const member of LISTS) events[member] ??= (data) => takeList(member, data)

  const message = () => Object.freeze({ ...draft })

  /** The whole message. */
  const end = (prediction, error) => {
    if (prediction.text) draft.text = prediction.text
    if (typeof prediction.thinking === 'string' && prediction.thinking) draft.thinking = prediction.thinking
    for (const member of LISTS) takeList(member, prediction[member])
    for (const member of AT_THE_END) if (prediction[member] !== undefined) draft[member] = prediction[member]
    takeAction(prediction.action)
    if (listOf(prediction.agentReasoning).length > 0) reasoned(prediction.agentReasoning)
    if (listOf(prediction.agentFlowExecutedData).length > 0) step(fromExecutedData)(prediction.agentFlowExecutedData)
    delete draft.nextAgent
    draft.finishReason = prediction.finishReason
    if (draft.steps) draft.steps = settled(draft.steps, draft.finishReason === 'stop')
    if (error) draft.error = plainError(error)
    draft.timing = Object.freeze({ tokens, firstTokenMs, totalMs: performance.now() - askedAt })
    return { message: message(), error }
  }

  return {
    /** The message so far. */
    message,
    /** Cancels the preparation of the question. */
    signal: upload.signal,

    /** Reads the events of a stream. Resolves with the whole `{ message, error }` and never rejects. */
    follow(given) {
      stream = given
      for (const [event, take] of Object.entries(events)) {
        stream.on(event, (data, extra) => {
          take(data, extra)
          changed()
        })
      }
      if (onEvent) stream.onAny(onEvent)
      return stream.result.then(end, (error) => end(error?.partial ?? { finishReason: 'error' }, error))
    },

    /** Ends an answer whose question was never sent. Returns its message so far. */
    fail: (error) => (upload.signal.aborted ? end({ finishReason: 'aborted' }) : end({ finishReason: 'error' }, error)),

    /** The id of the run on the server. */
    chatId: () => stream?.chatId,

    /** Stops the answer. Resolves with the outcome of the stop. */
    async stop() {
      upload.abort()
      return stream ? stream.abort() : { reached: false }
    },
  }
}

/** An event about a running node updates its last entry. Loops run a node several times. */
function withNode(nodes, node) {
  const at = nodes.findLastIndex(({ nodeId, status }) => nodeId === node.nodeId && status === 'INPROGRESS')
  return at < 0 ? [...nodes, node] : nodes.map((known, index) => (index === at ? node : known))
}
