// The transport for `useChat` of the AI SDK. Nothing of the package `ai` is needed at run time: a transport is a shape.

import { ChunkWriter } from './ai/chunks.js'
import { bodyOf } from './ai/question.js'
import { Flowise } from './index.js'

/** Lets `useChat` of the AI SDK (versions 5 to 7) talk to a Flowise chatflow, without a server in between. */
export class FlowiseChatTransport {
  #options

  constructor(options) {
    this.#options = options
  }

  async sendMessages({ chatId, messages, abortSignal, headers, body }) {
    const { flowise, data, ...options } = this.#options
    const request = { ...bodyOf(messages, { ...data, ...body }), chatId }
    // by one spelling of their names: fetch would join the values of two
    const all = new Headers(options.headers)
    new Headers(headers).forEach((value, name) => all.set(name, value))
    const stream = (flowise ?? new Flowise(options)).stream(request, { headers: Object.fromEntries(all), signal: abortSignal })
    return new ReadableStream(new ChunkWriter(stream, options), { highWaterMark: 0 })
  }

  /** Flowise keeps no stream that one could come back to. */
  async reconnectToStream() {
    return null
  }
}
