import { plainError } from './error.js'
import { actionOf, listOf } from './shape.js'
import { fromExecutedData, fromNextAgent, fromNextNode, fromReasoning, settled } from './steps.js'

// Members of a message that are an event's list: an empty one says nothing new.
const LISTS = ['sourceDocuments', 'usedTools', 'artifacts', 'fileAnnotations', 'agentReasoning']

// Only the whole answer has these.
const AT_THE_END = ['usageMetadata', 'followUpPrompts', 'chatId', 'chatMessageId', 'sessionId', 'json', 'agentFlowExecutedData', 'streamed']

/**
 * An answer while it comes: events change a draft, and `message` makes the message of it that a page can show. `changed` is
 * called after each event.
 */
export function answering({ id, onEvent, changed }) {
  const askedAt = performance.now()
  const draft = { id, role: 'assistant', text: '', createdAt: Date.now() }
  const upload = new AbortController()
  let stream
  let tokens = 0
  let firstTokenMs
  // The names of tools that nothing else is known of yet.
  let named = []

  const step = (merge) => (data) => {
    const steps = merge(draft.steps ?? [], data)
    if (steps.length > 0) draft.steps = steps
  }
  const reasoned = step(fromReasoning)
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
      // Some flows send other things too; the reply has them as text.
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
    /** What there is so far. */
    message,
    /** Ends what is done before the question is asked. */
    signal: upload.signal,

    /** Takes the events of a stream in; promises the whole `{ message, error }`, and never rejects. */
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

    /** Ends an answer that was never asked for; what it is by then. */
    fail: (error) => (upload.signal.aborted ? end({ finishReason: 'aborted' }) : end({ finishReason: 'error' }, error)),

    /** The id under which the server runs it. */
    chatId: () => stream?.chatId,

    /** Stops it; a promise of what became of that. */
    async stop() {
      upload.abort()
      return stream ? stream.abort() : { reached: false }
    },
  }
}

/** A node that goes on is the one that began; loops run a node several times. */
function withNode(nodes, node) {
  const at = nodes.findLastIndex(({ nodeId, status }) => nodeId === node.nodeId && status === 'INPROGRESS')
  return at < 0 ? [...nodes, node] : nodes.map((known, index) => (index === at ? node : known))
}
