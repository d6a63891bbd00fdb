// The functions and classes that every entry exports. They differ only in how they load the WebAssembly.

import {
  abort, attach, chatbotConfig, connect, feedback, fromResponse, isStreaming, lead, query, queryOwn, serverError, speech, stream,
} from '#core'
import { EventStreamDecoder } from '#snippet/decoder.js'
import { merge } from '#snippet/options.js'
import { toSpeech } from './speech.js'
import { toUploads } from './uploads.js'

/** The package's functions and classes. The first call makes `load` load the WebAssembly module. */
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

  return {
    connect: loaded(connect),
    query: promised(query),
    stream: loaded(stream),
    fromResponse: loaded(fromResponse),

    EventStreamDecoder: class extends EventStreamDecoder {
      constructor(onEvent, options) {
        load()
        super(onEvent, options)
      }
    },

    // Closures hold the options: a page may access the object through a `Proxy`, such as Vue's.
    Flowise: class Flowise {
      constructor(options = {}) {
        const call = promised((call, more, ...args) => call(merge(options, more), ...args))
        const methods = {
          connect(more) {
            load()
            // a socket's `timeout` is that of its connection, and a socket ignores `signal`
            const { signal, timeout: total, ...own } = options
            const timeouts = { ...(total !== undefined && { total }), ...own.timeouts }
            return connect(own.url, merge({ ...own, timeouts }, more))
          },
          query: promised((data, more) => queryOwn(data, merge(options, more))),
          stream: loaded((data, more) => stream(data, merge(options, more))),
          fromResponse: loaded((response, more) => fromResponse(response, merge(options, more))),
          isStreaming: async () => (await call(isStreaming)).isStreaming === true,
          chatbotConfig: () => call(chatbotConfig),
          abort: (chatId) => call(abort, undefined, chatId),
          upload: (files, more = {}) => toUploads(files, more, (form) => call(attach, more, more.chatId, form)),
          feedback: (data) => call(feedback, undefined, data),
          lead: (data) => call(lead, undefined, data),
          speak: loaded((text, how) => toSpeech({ ...how, text }, (how, signal) => call(speech, { signal }, how), serverError)),
        }
        for (const [name, value] of Object.entries(methods)) Object.defineProperty(this, name, { value, configurable: true, writable: true })
      }
    },
  }
}
