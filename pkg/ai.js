// The transport for `useChat` of the AI SDK. Nothing of the package `ai` is needed at run time: a transport is a shape.

import { ChunkWriter } from './ai/chunks.js'
import { bodyOf } from './ai/question.js'
import { Flowise } from './index.js'

/** Lets `useChat` of the AI SDK (versions 5 to 7) talk to a Flowise chatflow, without a server in between. */
export class FlowiseChatTransport {
  #options
  // the conversations that go on under another id, by the id that `useChat` knows
  #moved = new Map()

  constructor(options) {
    this.#options = options
  }

  async sendMessages({ chatId, messages, abortSignal, headers, body }) {
    const { flowise, data, ...options } = this.#options
    const ids = this.#moved.get(chatId) ?? { chatId }
    const asked = bodyOf(messages, { ...data, ...body })
    if (ids.sessionId) asked.overrideConfig = { sessionId: ids.sessionId, ...asked.overrideConfig }
    const request = { ...asked, chatId: ids.chatId }
    const all = { ...options.headers, ...Object.fromEntries(new Headers(headers ?? {})) }
    const stream = (flowise ?? new Flowise(options)).stream(request, { headers: all, signal: abortSignal })
    return new ReadableStream(new ChunkWriter(stream, options, () => this.#move(chatId, ids)), { highWaterMark: 0 })
  }

  // A server cannot stop classic chains, and would cut the next answer of this chat off when the last one is over
  // (SSEStreamer keeps its streams by chat id). So the chat goes on under another id, with the same memory.
  #move(chatId, ids) {
    const count = (ids.count ?? 0) + 1
    this.#moved.set(chatId, { chatId: `${chatId}-${count}`, sessionId: ids.sessionId ?? chatId, count })
  }

  /** Flowise keeps no stream that one could come back to. */
  async reconnectToStream() {
    return null
  }
}
