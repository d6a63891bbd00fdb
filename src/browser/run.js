// Performs the effects of the machine (src/run) for each run, and reports the results to it. This file decides
// nothing: each method is an effect, by its name in src/browser/driver.rs.
//
// Effects run after WebAssembly has returned, so that an exception of the page cannot unwind through it. They wait for each other,
// because an effect may call the page, and the page may call the machine.

import { Answer } from './answer.js'
import { listener, NOBODY, pump } from './delivery.js'
import { FlowiseError, isFlowiseError } from './error.js'
import { discard, givenResponse, handshake, isThere, requestOf, responseOf } from './fetch.js'
import { provided } from './provided.js'
import { report } from './report.js'
import { isEventStream, recordOf } from './socket.js'
import { predictionStream } from './stream.js'

/** The runs by their numbers. */
const runs = new Map()
const waiting = []
let performing = false
let wasm
let facts

/** WebAssembly calls this when it has loaded, with its exports and the names of the facts that `tell` takes. */
export function attach(exports, names) {
  wasm = exports
  facts = names.split(',')
}

/** Adds a new run, and the effects that it begins with. */
export function begin(id, effects, asked) {
  const run = new Run(id, asked)
  runs.set(id, run)
  // none of these calls the page
  for (const [, name, ...args] of effects) run[name](...args)
  if (asked.options.signal?.aborted && !asked.unstoppable) run.abort()
  // the caller may still change its mind
  queueMicrotask(() => perform(wasm.begin_runs()))
  return run
}

/** Adds a stream; returns the object for the page. */
export function streamOf(id, effects, asked) {
  let run
  const { stream, audience, follow } = predictionStream(() => run)
  run = begin(id, effects, { ...asked, audience })
  follow(run.promise)
  return stream
}

/** A stream for an invalid question. */
export function failedStream(error) {
  const { stream, follow } = predictionStream(() => undefined)
  follow(Promise.reject(error))
  return stream
}

// How a call ends: the functions that settle its promise.

/** With the JSON of the reply. A chatflow's settings are the string "OK" while there are none. */
export const objectOf = () => (error, reply) => {
  if (error) throw error
  return Object(reply) === reply ? reply : {}
}

/** With the response, whose body is an event stream. */
export const bodyOfReply = () => (error, reply, response) => {
  if (error) throw error
  return response
}

/** With whether the stop reached the server. */
export const reached = () => (error) => (error ? { reached: false, error } : { reached: true })

/** With a transport that opens, or does not. Its id is not from a server, and a page may have stored it, so it stays. */
export const opened = (transport) => (error) => {
  if (error) transport.refuse(error)
  else transport.accept(transport.opts.flowise.sid)
}

/** The text for the fact that a run reports. */
export const said = (id) => runs.get(id)?.said ?? ''

/** The options of a run. */
export const optionsOf = (id) => runs.get(id)?.options

/** The message of the server's `error` event. */
export function serverSaid(id) {
  const error = runs.get(id)?.answer.get('error')
  return typeof error === 'string' ? error : typeof error?.message === 'string' ? error.message : ''
}

function perform(effects) {
  waiting.push(...effects)
  if (performing) return
  performing = true
  for (let effect = waiting.shift(); effect; effect = waiting.shift()) {
    const [id, name, ...args] = effect
    attempt(() => runs.get(id)?.[name](...args))
  }
  performing = false
}

// Every function of the page may throw.
function attempt(act) {
  try {
    act()
  } catch (error) {
    report(error)
  }
}

const TRUE = (value) => (value ? 1 : 0)

class Run {
  /** A promise of the whole answer, of the reply to a call, or of whether a server answers. */
  promise
  answer = new Answer()
  /** What the browser, socket.io-client or a callback of the page threw. */
  thrown
  said
  #id
  #settle
  #timers = new Map()
  #cleanUps = []
  #controller
  #response
  // whether the reply belongs to the question or to the history
  #answers
  #socket
  #refusal
  #stopped

  // `ended(error)` is called if the run is not a prediction: it returns the value of the promise, or throws its reason.
  constructor(id, { options, data, response, audience = NOBODY, socket, ended, unstoppable }) {
    this.#id = id
    this.options = options
    this.data = data
    this.response = response
    this.audience = audience
    this.ended = ended
    this.promise = new Promise((resolve) => (this.#settle = resolve))
    if (socket) this.#hear(socket)
    if (response) this.#cleanUps.push(() => discard(response))
    const { signal } = options
    if (!signal || unstoppable) return
    const stop = () => this.#tell('stopped')
    signal.addEventListener('abort', stop)
    this.#cleanUps.push(() => signal.removeEventListener('abort', stop))
  }

  /** Stops the run. Returns a promise of whether the stop reached the server. */
  abort() {
    this.#tell('stopped')
    const outcome = () => this.#stopped ?? { reached: false }
    return runs.has(this.#id) ? this.promise.then(outcome, outcome) : Promise.resolve(outcome())
  }

  #tell(fact, number = 0, text = '') {
    if (!runs.has(this.#id)) return
    this.said = text
    perform(wasm.tell(this.#id, facts.indexOf(fact), number, this.answer.activity, this.answer.bits()))
  }

  // The effects.

  enter(chatId, sessionId) {
    this.answer.chatId = chatId
    if (!this.data) return
    this.data.chatId = chatId
    if (sessionId !== undefined && this.data.overrideConfig?.sessionId === undefined) {
      this.data.overrideConfig = { ...this.data.overrideConfig, sessionId }
    }
  }

  async handshake(url) {
    const { signal } = (this.#controller = new AbortController())
    const speaks = await handshake(this.options, url, signal).catch(() => false)
    if (!signal.aborted) this.#tell('spoke', TRUE(speaks))
  }

  async connect() {
    if (!this.#socket) {
      try {
        await provided()
      } catch (cause) {
        this.thrown = cause
        return this.#tell('refused', 1, 'socket.io-client cannot be loaded')
      }
      if (!runs.has(this.#id)) return
      const socket = wasm.own_socket(this.#id)
      if (!socket) return this.#tell('refused', 1, 'socket.io-client does not take these options')
      this.#cleanUps.push(() => socket.disconnect())
      this.#hear(socket)
    }
    if (this.#socket.connected) this.#connected()
    // it was active when the question was asked
    else if (!this.#socket.active) this.#tell('gone')
  }

  renew() {
    const record = recordOf(this.#socket)
    record.renews = true
    try {
      this.#socket.disconnect()
    } finally {
      record.renews = false
      this.#socket.connect()
    }
  }

  lose() {
    const { engine } = this.#socket.io
    if (this.#socket.connected && isEventStream(this.#socket)) engine.transport.onError('transport error')
  }

  listen() {
    // listeners on a socket of the page receive it anyway
    const hear = listener(this.answer, recordOf(this.#socket).options ? NOBODY : this.audience)
    this.data.socketIOClientId = this.#socket.id
    this.#socket.onAny(hear)
    this.#cleanUps.push(() => this.#socket.offAny(hear))
  }

  async send(request) {
    const { signal } = (this.#controller = new AbortController())
    const gone = () => signal.aborted || !runs.has(this.#id)
    this.#answers = request.content === 'question' || request.namesMessage
    let url, init
    try {
      // awaits only what is necessary: a page that is being left may send this request, but no later one
      const made = requestOf(this, request, signal)
      ;[url, init] = made instanceof Promise ? await made : made
    } catch (error) {
      if (gone()) return
      return this.#failed(error)
    }
    await this.#reply(request.blind ? isThere(this.options, url, signal) : responseOf(this.options, url, init), gone)
  }

  async receive() {
    const { signal } = (this.#controller = new AbortController())
    this.#answers = true
    await this.#reply(givenResponse(this.response), () => signal.aborted || !runs.has(this.#id))
  }

  async #reply(promise, gone) {
    let response
    try {
      response = await promise
    } catch (error) {
      if (gone()) return
      return this.#failed(error)
    }
    if (gone()) return
    this.#response = response
    const redirects = response.type === 'opaqueredirect'
    this.#tell('replied', redirects ? 0x10000 : response.status, response.headers?.get('content-type') ?? '')
  }

  async readEvents() {
    const { signal } = this.#controller
    try {
      await pump(this.#response, this.answer, this.audience, this.options.maxMessageBytes, signal)
    } catch (error) {
      if (signal.aborted) return
      return this.#failed(error)
    }
    if (!signal.aborted) this.#tell('ended')
  }

  // A known error of the page is reported as such; every other failure counts as the network's.
  #failed(error) {
    // the page has aborted its own request
    if (this.response && error?.name === 'AbortError') return this.#tell('stopped')
    const isKnown = isFlowiseError(error)
    this.thrown = isKnown ? error.cause : error
    if (isKnown) this.#tell('unsendable', TRUE(error.code === 'unsupported'), error.message)
    else this.#tell('failed')
  }

  async readJson() {
    const { signal } = this.#controller
    let text
    try {
      text = await this.#response.text()
    } catch (error) {
      if (signal.aborted) return
      return this.#failed(error)
    }
    if (signal.aborted) return
    let json
    try {
      json = JSON.parse(text)
    } catch {
      // the caller decides what that means
    }
    this.#read(text, json)
  }

  #read(text, json) {
    const isObject = typeof json === 'object' && json !== null
    const { isStreaming } = Object(json)
    if (this.#response.ok && this.#answers) this.answer.reply(json)
    this.reply = json
    const words = [json?.message, json?.error].find((words) => typeof words === 'string')
    const bits = TRUE(json !== undefined) | (TRUE(isObject) << 1) | (TRUE(isStreaming === true) << 2) | (TRUE(isStreaming === false) << 3)
    this.#tell('read', bits | (TRUE(words !== undefined) << 4), words ?? text.slice(0, 500))
  }

  cancel() {
    this.#controller?.abort()
  }

  start(timer, ms) {
    clearTimeout(this.#timers.get(timer))
    this.#timers.set(timer, setTimeout(() => this.#tell('elapsed', timer), ms))
  }

  clear(timer) {
    clearTimeout(this.#timers.get(timer))
  }

  stop(chatId) {
    this.said = chatId
    this.#stopped = wasm.stop_run(this.#id)
  }

  say() {
    const { audience, answer } = this
    const text = answer.draft().text
    if (answer.text === '' && text) audience.emit('token', text)
    audience.emit('end')
  }

  settle(reason, code, message, status, streamed, sessionId, stale) {
    runs.delete(this.#id)
    for (const timer of this.#timers.values()) clearTimeout(timer)
    if (stale) recordOf(this.#socket).stale = this.#socket.id
    if (reason === 'aborted') this.audience.drop?.()
    for (const cleanUp of this.#cleanUps) attempt(cleanUp)
    const error = code && this.#error(code, message, status)
    if (this.ended) return this.#settle(new Promise((resolve) => resolve(this.ended(error, this.reply, this.#response))))
    const answer = this.answer.whole({ reason, streamed, sessionId })
    if (error) error.partial = answer
    this.#settle(error ? Promise.reject(error) : answer)
  }

  #error(code, message, status) {
    if (code === 'connect' && this.#refusal) return this.#refusal
    return new FlowiseError(message, code, status, status === undefined ? this.thrown : undefined)
  }

  #connected() {
    const stale = recordOf(this.#socket).stale === this.#socket.id
    this.#tell('connected', TRUE(!isEventStream(this.#socket)) | (TRUE(stale) << 1))
  }

  // Reports the state of a socket.
  #hear(socket) {
    this.#socket = socket
    const on = (emitter, event, hear) => {
      emitter.on(event, hear)
      this.#cleanUps.push(() => emitter.off(event, hear))
    }
    // the server closed it: the socket's later reports are not the page's doing
    let isEnded = false
    on(socket, 'connect', () => this.#connected())
    on(socket, 'disconnect', (reason) => {
      isEnded = reason === 'io server disconnect'
      if (!recordOf(socket).renews) this.#tell('gone', socket.active ? 2 : TRUE(isEnded))
    })
    // a socket that was never connected cannot disconnect, but its manager can close
    on(socket.io, 'close', () => {
      if (socket.active || recordOf(socket).renews) return
      // the Manager closes before the socket reports why: if the server ended it, its report counts
      queueMicrotask(() => isEnded || this.#tell('gone'))
    })
    on(socket, 'connect_error', (error) => {
      const { description } = error
      const message = `cannot connect: ${error.message}`
      this.#refusal = description?.name === 'FlowiseError' ? description : new FlowiseError(message, 'connect', undefined, error)
      isEnded = !socket.active
      this.#tell('refused', TRUE(isEnded), message)
    })
  }
}
