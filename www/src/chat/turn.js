/**
 * A question and what a Flowise server said to it, event by event.
 *
 * A turn is written to as events come in; the page gets copies of it (`Conversation` makes one a frame).
 */

import { inWords } from '../parts/inWords.js'
import { fromExecutedData, fromNextNode, fromReasoning } from './steps.js'

let count = 0

/** A turn in which nothing was said yet. `shown` is what the person sees of the question. */
export const newTurn = ({ question, shown = question, body = {}, files = [], replayed = false }) => ({
  key: `turn-${++count}`,
  question,
  shown,
  body,
  files,
  /** Played from a recording: there is nothing to ask again. */
  replayed,
  /** `asked` → `answering` → `done`, `stopped` or `failed`. */
  status: 'asked',
  text: '',
  thinking: '',
  thinkingSeconds: undefined,
  sources: [],
  tools: [],
  artifacts: [],
  /** Files that an OpenAI Assistant has made. */
  annotations: [],
  steps: [],
  action: undefined,
  followUps: [],
  usage: undefined,
  prediction: undefined,
  error: undefined,
  tokens: 0,
  askedAt: performance.now(),
  firstTokenAt: undefined,
  lastEventAt: performance.now(),
  endedAt: undefined,
})

export const isOver = (turn) => turn.status !== 'asked' && turn.status !== 'answering'

const list = (value) => {
  const parsed = typeof value === 'string' ? parse(value) : value
  return Array.isArray(parsed) ? parsed.filter((item) => item !== null && typeof item === 'object') : []
}

function parse(text) {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** Flowise wraps its follow-up prompts in JSON once or twice. */
function prompts(value) {
  const parsed = typeof value === 'string' ? parse(value) : value
  if (typeof parsed === 'string') return prompts(parsed)
  return Array.isArray(parsed) ? parsed.filter((prompt) => typeof prompt === 'string') : []
}

// What each event changes. Names that are not here are for the inspector alone.
const EVENTS = {
  start(turn, data) {
    if (Array.isArray(data)) turn.steps = fromReasoning(turn.steps, list(data))
  },
  token(turn, data) {
    // Some flows send other things too; the reply has them as text.
    if (typeof data !== 'string') return
    turn.firstTokenAt ??= performance.now()
    turn.tokens++
    turn.text += data
  },
  thinking(turn, data, extra) {
    turn.thinking += typeof data === 'string' ? data : ''
    if (extra?.duration !== undefined) turn.thinkingSeconds = extra.duration
  },
  sourceDocuments(turn, data) {
    if (list(data).length > 0) turn.sources = list(data)
  },
  /** The name of a tool that is being used; what goes in and out comes with `usedTools`. */
  tool(turn, name) {
    if (typeof name === 'string') turn.tools = [...turn.tools, { tool: name, isName: true }]
  },
  calledTools(turn, data) {
    if (list(data).length > 0 && turn.tools.every(({ isName }) => isName)) turn.tools = list(data)
  },
  artifacts(turn, data) {
    if (list(data).length > 0) turn.artifacts = list(data)
  },
  fileAnnotations(turn, data) {
    if (list(data).length > 0) turn.annotations = list(data)
  },
  usedTools(turn, data) {
    if (list(data).length > 0) turn.tools = list(data)
  },
  agentReasoning(turn, data) {
    turn.steps = fromReasoning(turn.steps, list(data))
  },
  nextAgent(turn, label) {
    turn.steps = [
      ...turn.steps.filter((step) => step.status !== 'running'),
      { key: `next-${turn.steps.length}`, label: inWords(label), status: 'running' },
    ]
  },
  nextAgentFlow(turn, node) {
    turn.steps = fromNextNode(turn.steps, node)
  },
  agentFlowExecutedData(turn, data) {
    turn.steps = fromExecutedData(turn.steps, list(data))
  },
  action(turn, data) {
    const action = typeof data === 'string' ? parse(data) : data
    if (!Array.isArray(action?.elements)) return
    const isButton = (element) => typeof element?.type === 'string' && typeof element.label === 'string'
    turn.action = { ...action, elements: action.elements.filter(isButton) }
  },
  usageMetadata(turn, data) {
    turn.usage = data
  },
  metadata(turn, data) {
    turn.followUps = prompts(data?.followUpPrompts)
  },
}

/** The names of the events that change a turn. */
export const EVENT_NAMES = Object.keys(EVENTS)

/** Takes an event in. */
export function takeEvent(turn, event, data, extra) {
  if (turn.status === 'asked') turn.status = 'answering'
  turn.lastEventAt = performance.now()
  if (Object.hasOwn(EVENTS, event)) EVENTS[event](turn, data, extra)
}

/** Ends a turn with what `query` resolved with, or with what an error has kept of it. */
export function takePrediction(turn, prediction) {
  turn.prediction = prediction
  turn.endedAt ??= performance.now()
  const text = typeof prediction.text === 'string' ? prediction.text : ''
  // What the socket brought in may be longer: a reply holds only the last agent's words.
  if (text.length > 0 && (turn.text.trim() === '' || !turn.text.includes(text.trim()))) turn.text = text
  // The text of such a flow is the same as JSON.
  if (prediction.json !== undefined) turn.text = `\`\`\`json\n${JSON.stringify(prediction.json, null, 2)}\n\`\`\``
  if (turn.thinking === '' && typeof prediction.thinking === 'string') turn.thinking = prediction.thinking
  EVENTS.sourceDocuments(turn, prediction.sourceDocuments)
  EVENTS.usedTools(turn, prediction.usedTools)
  EVENTS.artifacts(turn, prediction.artifacts)
  EVENTS.fileAnnotations(turn, prediction.fileAnnotations)
  EVENTS.action(turn, prediction.action)
  if (list(prediction.agentReasoning).length > 0) EVENTS.agentReasoning(turn, prediction.agentReasoning)
  if (list(prediction.agentFlowExecutedData).length > 0) EVENTS.agentFlowExecutedData(turn, prediction.agentFlowExecutedData)
  if (prompts(prediction.followUpPrompts).length > 0) turn.followUps = prompts(prediction.followUpPrompts)
  turn.usage = prediction.usageMetadata ?? turn.usage
  turn.status = prediction.finishReason === 'aborted' ? 'stopped' : 'done'
  turn.steps = settled(turn.steps, turn.status)
}

/** Ends a turn that failed; what was received stays. */
export function takeError(turn, error) {
  if (error?.partial) takePrediction(turn, error.partial)
  turn.endedAt ??= performance.now()
  turn.status = 'failed'
  turn.error = error
  turn.steps = settled(turn.steps, 'failed')
}

// Nothing runs any more in a turn that is over.
const settled = (steps, status) =>
  steps.map((step) => (step.status === 'running' ? { ...step, status: status === 'done' ? 'done' : 'stopped' } : step))
