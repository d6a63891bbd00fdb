// Collects what a server says about one prediction into an answer of one shape.

import { parsePayload } from './decoder.js'

/** The events whose latest payload becomes a member of the answer. */
export const MEMBERS = [
  'sourceDocuments', 'usedTools', 'artifacts', 'fileAnnotations', 'agentReasoning', 'agentFlowExecutedData', 'action', 'usageMetadata',
]

// What an answer keeps besides the text.
const KEPT = new Set([...MEMBERS, 'calledTools', 'metadata', 'error', 'abort', 'end'])

// A server that sends only malformed messages must not fill the memory.
const MOST_WARNINGS = 10
const MOST_RAW = 10_000

// The bits of `Seen`: see src/run/fact.rs
const ANSWER = 1
const END = 2
const ERROR = 4
const ABORT = 8
const PAUSED = 16
const SAME_TEXT = 32
const MESSAGE_ID = 64

export class Answer {
  chatId = ''
  text = ''
  thinking = ''
  warnings = []
  /** Signs of life: chunks, or Socket.IO events. */
  activity = 0
  /** Reading is paused because the page's reader is slow. */
  paused = false
  /** Later events are ignored. */
  ended = false
  #latest = new Map()
  // JSON text that is parsed on demand
  #unparsed = new Map()
  #reply

  take(event, data) {
    if (event === 'token') {
      if (typeof data === 'string') this.text += data
    } else if (event === 'thinking') {
      if (typeof data === 'string') this.thinking += data
    } else if (KEPT.has(event)) {
      this.#unparsed.delete(event)
      this.#latest.set(event, data)
    }
  }

  keep(event, raw) {
    if (KEPT.has(event)) this.#unparsed.set(event, raw)
  }

  /** Notes that a message was skipped. */
  warn(error) {
    if (error.raw?.length > MOST_RAW) error.raw = undefined
    if (this.warnings.length < MOST_WARNINGS) this.warnings.push(error)
  }

  get(event) {
    const raw = this.#unparsed.get(event)
    if (raw !== undefined) {
      this.#unparsed.delete(event)
      try {
        this.#latest.set(event, parsePayload(event, raw))
      } catch (error) {
        this.warn(error)
      }
    }
    return this.#latest.get(event)
  }

  #has(event) {
    return this.#latest.has(event) || this.#unparsed.has(event)
  }

  /** Applies a reply: that of the prediction, or the messages of the server's history. */
  reply(json) {
    if (!Array.isArray(json)) this.#reply = json
    else if (typeof json[0]?.content === 'string') this.text = json[0].content
  }

  /** What the machine needs to know about the answer. */
  bits() {
    const { text, action, chatMessageId } = this.#has('metadata') || this.#reply ? this.draft() : { text: this.text, action: this.get('action') }
    // not by a regular expression: engines keep the last text that a regular expression was applied to
    const isAnswer = text.trim() !== '' || (typeof action === 'object' && action !== null)
    return (
      (isAnswer && ANSWER) |
      (this.#has('end') && END) |
      (this.#has('error') && ERROR) |
      (this.#has('abort') && ABORT) |
      (this.paused && PAUSED) |
      (this.#isHeard() && SAME_TEXT) |
      (typeof chatMessageId === 'string' && MESSAGE_ID)
    )
  }

  // Whether the events brought all that the reply has: its text, and each of its lists.
  #isHeard() {
    const reply = this.#reply
    return reply?.text === this.text && MEMBERS.every((event) => !reply[event]?.length || this.#has(event))
  }

  /** Everything received so far. Spreading turns `__proto__`, a possible member in JSON, into an ordinary member. */
  draft() {
    const draft = { ...this.get('metadata'), text: this.text }
    if (this.thinking) draft.thinking = this.thinking
    for (const event of MEMBERS) {
      const data = this.get(event)
      if (data !== undefined) draft[event] = data
    }
    // an agent of an AgentFlow v2 reports its tools only in this event
    const called = this.get('calledTools')
    if (called?.length > 0 && !(draft.usedTools?.length > 0)) draft.usedTools = called
    return this.#reply ? { ...draft, ...this.#reply, text: textOf(this.#reply) ?? this.text } : draft
  }

  /** The whole answer, in the same shape for every server. */
  whole({ reason, streamed, sessionId }) {
    const { isStreamValid, ...whole } = this.draft()
    whole.finishReason = reason
    whole.streamed = streamed
    if (this.warnings.length > 0) whole.warnings = this.warnings
    if (typeof whole.chatId !== 'string') whole.chatId = this.chatId
    if (typeof whole.sessionId !== 'string') whole.sessionId = sessionId
    if (whole.followUpPrompts !== undefined) whole.followUpPrompts = promptsOf(whole.followUpPrompts)
    return whole
  }
}

/** The text of a reply. A structured answer becomes text, too. */
function textOf({ text, json }) {
  if (text !== undefined && text !== null) return typeof text === 'object' ? JSON.stringify(text) : String(text)
  return json === undefined || json === null ? undefined : JSON.stringify(json)
}

/** Flowise sends the prompts as JSON in a JSON string, and some models' as an object with `questions`. */
function promptsOf(prompts) {
  for (let wrapped = 0; wrapped < 2 && typeof prompts === 'string'; wrapped++) {
    try {
      prompts = JSON.parse(prompts)
    } catch {
      return []
    }
  }
  if (!Array.isArray(prompts)) prompts = prompts?.questions
  return Array.isArray(prompts) ? prompts : []
}
