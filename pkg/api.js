import { abort, attach, chatbotConfig, connect, feedback, isStreaming, lead, query, serverError, speech, stream } from '#core'
import { EventStreamDecoder } from '#snippet/decoder.js'
import { toSpeech } from './speech.js'
import { toUploads } from './uploads.js'

/** The package's functions and classes, on top of a WebAssembly module that `load` makes sure of at the first call. */
export function createApi(load) {
  const loaded =
    (call) =>
    (...args) => {
      load()
      return call(...args)
    }
  const promised =
    (call) =>
    async (...args) => {
      load()
      return call(...args)
    }
  const api = { connect: loaded(connect), query: promised(query), stream: loaded(stream) }

  return {
    ...api,

    EventStreamDecoder: class extends EventStreamDecoder {
      constructor(onEvent, options) {
        load()
        super(onEvent, options)
      }
    },

    Flowise: class Flowise {
      #options

      constructor(options) {
        this.#options = options
      }

      connect(options) {
        // to a socket `timeout` is that of its connection, and a signal nothing
        const { signal, timeout: total, ...own } = this.#options
        return api.connect(own.url, { ...own, timeouts: { total, ...own.timeouts }, ...options })
      }

      query(data, options) {
        return api.query(data, { ...this.#options, ...options })
      }

      stream(data, options) {
        return api.stream(data, { ...this.#options, ...options })
      }

      async isStreaming() {
        const reply = await this.#promise(isStreaming)
        return reply.isStreaming === true
      }

      chatbotConfig() {
        return this.#promise(chatbotConfig)
      }

      abort(chatId) {
        return this.#promise(abort, chatId)
      }

      upload(files, options) {
        return toUploads(files, options, (form) => {
          load()
          return attach({ ...this.#options, ...options }, options.chatId, form)
        })
      }

      feedback(data) {
        return this.#promise(feedback, data)
      }

      lead(data) {
        return this.#promise(lead, data)
      }

      speak(text, options) {
        load()
        return toSpeech({ ...options, text }, (how, signal) => speech({ ...this.#options, signal }, how), serverError)
      }

      async #promise(call, ...args) {
        load()
        return call(this.#options, ...args)
      }
    },
  }
}
