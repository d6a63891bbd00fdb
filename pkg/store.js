// A chat as a store, for any framework: it holds what a page shows, and tells when that has changed.
//
// Tokens come faster than screens can show them. So events only change a draft, and the snapshot is made of it once a
// frame; subscribers are told then, and `getSnapshot` gives the same object until the next time.

import { Flowise, FlowiseError } from './index.js'
import { Answering } from './store/answer.js'
import { scheduler } from './store/frames.js'
import { resumption } from './store/resume.js'

export { resumption }

/** Makes a chat with a chatflow. Nothing happens until `send`. */
export function createChat(options) {
  return new Chat(options)
}

class Chat {
  #options
  #listeners = new Set()
  #messages
  // the answer that is coming
  #current
  #status = 'ready'
  #error
  #chatId
  // the memory on the server, when it is not that of the chat id
  #sessionId
  #snapshot
  #first
  #frames = scheduler(() => this.#flush())

  constructor(options = {}) {
    this.#options = options
    this.#messages = Object.freeze([...(options.messages ?? [])])
    this.#chatId = options.chatId
    this.#sessionId = options.sessionId
    this.#first = this.#snapshot = this.#look()
  }

  // Arrow functions, as frameworks call these without their object.

  subscribe = (listener) => {
    this.#listeners.add(listener)
    return () => {
      this.#listeners.delete(listener)
    }
  }

  getSnapshot = () => this.#snapshot

  getServerSnapshot = () => this.#first

  configure = (options) => {
    this.#options = options
  }

  send = async (question) => {
    const data = typeof question === 'string' ? { question } : { ...question }
    this.#onlyOne()
    const message = { id: newId(), role: 'user', text: data.question ?? '' }
    if (data.uploads) message.uploads = data.uploads
    this.#messages = Object.freeze([...this.#messages, Object.freeze(message)])
    return this.#ask(data)
  }

  regenerate = async () => {
    this.#onlyOne()
    const at = this.#messages.findLastIndex(({ role }) => role === 'user')
    if (at < 0) throw new FlowiseError('there is no question that could be asked again', 'config')
    const { text, uploads } = this.#messages[at]
    const data = this.#asked.get(this.#messages[at].id) ?? { question: text, uploads }
    this.#messages = Object.freeze(this.#messages.slice(0, at + 1))
    return this.#ask(data)
  }

  resume = async (decision, { feedback = '' } = {}) => {
    this.#onlyOne()
    const at = this.#messages.findLastIndex(({ action, decision }) => action && !decision)
    if (at < 0) throw new FlowiseError('the flow does not wait for a decision', 'config')
    const { action } = this.#messages[at]
    const data = resumption(action, decision, feedback)
    const label = action.mapping?.[decision === 'proceed' ? 'approve' : 'reject']
    const messages = [...this.#messages]
    messages[at] = Object.freeze({ ...messages[at], decision })
    messages.push(Object.freeze({ id: newId(), role: 'user', text: feedback || label || decision }))
    this.#messages = Object.freeze(messages)
    return this.#ask(data)
  }

  stop = async () => (this.#current ? this.#current.stop() : { reached: false })

  upload = (files, options) => {
    this.#chatId ??= newId()
    return this.#flowise().upload(files, { ...options, chatId: this.#chatId })
  }

  clear = () => {
    this.#current?.stop()
    this.#current = undefined
    this.#messages = Object.freeze([])
    this.#asked.clear()
    this.#status = 'ready'
    this.#error = this.#chatId = this.#sessionId = undefined
    this.#flush()
  }

  // what was asked with a message, to ask it again
  #asked = new Map()

  #onlyOne() {
    if (this.#current) throw new FlowiseError('an answer is still coming: wait for it, or call stop()', 'config')
  }

  #flowise() {
    return this.#options.flowise ?? new Flowise(this.#options)
  }

  async #ask(data) {
    const { overrideConfig, data: always, onEvent } = this.#options
    this.#asked.set(this.#messages.at(-1).id, data)
    this.#chatId ??= newId()
    const body = { ...always, ...data, chatId: this.#chatId }
    const override = { ...(this.#sessionId && { sessionId: this.#sessionId }), ...overrideConfig, ...data.overrideConfig }
    if (Object.keys(override).length > 0) body.overrideConfig = override

    const answering = new Answering({ id: newId(), stream: this.#stream(body), onEvent, changed: () => this.#changed(answering) })
    this.#current = answering
    this.#status = 'submitted'
    this.#error = undefined
    this.#flush()
    const message = await answering.finished
    // `clear` has forgotten it meanwhile
    if (this.#current !== answering) return message
    this.#current = undefined
    this.#messages = Object.freeze([...this.#messages, message])
    this.#error = message.error
    this.#status = message.error ? 'error' : 'ready'
    this.#flush()
    if (message.error) this.#options.onError?.(message.error)
    this.#options.onFinish?.(message)
    return message
  }

  // Where WebAssembly is forbidden it throws; to the page that is an answer that failed, like all others.
  #stream(body) {
    try {
      return this.#flowise().stream(body)
    } catch (error) {
      return { on() {}, onAny() {}, result: Promise.reject(error), abort: async () => ({ reached: false }) }
    }
  }

  #changed(answering) {
    if (this.#current !== answering) return
    this.#status = 'streaming'
    this.#frames.request()
  }

  #flush() {
    this.#frames.cancel()
    this.#snapshot = this.#look()
    for (const listener of [...this.#listeners]) listener()
  }

  #look() {
    const messages = this.#current && this.#status === 'streaming' ? Object.freeze([...this.#messages, this.#current.message()]) : this.#messages
    return Object.freeze({ messages, status: this.#status, error: this.#error, chatId: this.#chatId })
  }
}

// crypto.randomUUID is missing in pages that came without TLS.
function newId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  bytes[6] = (bytes[6] & 0x0f) | 0x40
  bytes[8] = (bytes[8] & 0x3f) | 0x80
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-')
}
