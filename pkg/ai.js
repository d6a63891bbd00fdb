// The transport for `useChat` of the AI SDK. It does not need the package `ai` at run time: any object of the right shape is a transport.

import { AnswerReader } from './ai/answer.js'
import { ChunkWriter } from './ai/chunks.js'
import { idMaker } from './ai/ids.js'
import { Queue } from './ai/queue.js'
import { questionOf } from './ai/question.js'
import { lostAnswer, note } from './ai/reconnect.js'
import { Flowise, joined, valueOf } from './core.js'

// Holds a function: reactive frameworks wrap the members of an object, but not functions.
const OPTIONS = Symbol('options')

/** Lets `useChat` of the AI SDK (versions 5 to 7) talk to a Flowise chatflow, without a server in between. */
export class FlowiseChatTransport {
  constructor(options) {
    this[OPTIONS] = () => options
  }

  async sendMessages(asked) {
    const { flowise, data: always, prepareSendMessagesRequest, storage, history, ...options } = this[OPTIONS]()
    const { data, resumed } = questionOf(asked, { ...always, ...asked.body })
    const request = { body: { ...data, chatId: asked.chatId }, headers: await valueOf(joined(options.headers, asked.headers)) }
    const prepared = await prepareSendMessagesRequest?.({ ...detailsOf(asked), ...request })
    const { body, headers } = { ...request, ...prepared }

    const stream = (flowise ?? new Flowise(options)).stream(body, { headers, signal: asked.abortSignal })
    const out = new Queue(() => stream.abort())
    const newId = idMaker()
    const messageId = storage && !resumed ? newId() : undefined
    if (storage) note(storage, asked, { stream, question: body.question, messageId })
    const writer = new ChunkWriter({ out, options, newId, messageId, resumed })
    new AnswerReader({ stream, writer, newId, calls: resumed?.allowed })
    return new ReadableStream(out, { highWaterMark: 0 })
  }

  /** Flowise cannot resume a stream, but stores the complete answer. */
  async reconnectToStream(asked) {
    return lostAnswer(this[OPTIONS](), asked, idMaker())
  }
}

const detailsOf = ({ chatId, messages, trigger, messageId, metadata }) => ({ id: chatId, messages, trigger, messageId, requestMetadata: metadata })
