/** The transport for `useChat` of the AI SDK, versions 5 to 7. */

import type { Flowise } from './index.js'
import type { Metadata, UsageMetadata } from './events.js'
import type { FinishReason, QueryData, QueryOptions } from './prediction.js'

/** Where the chatflow is, and what is sent with every question. */
export interface FlowiseChatTransportOptions extends Omit<QueryOptions, 'signal'> {
  /** Asked instead of `url` and `chatflowId`; of `flowise-stream/slim`, for instance. */
  flowise?: Pick<Flowise, 'stream'>
  /** Further members of every question, such as `overrideConfig`. Those of `sendMessage`'s `body` come on top. */
  data?: QueryData
}

/** The metadata of an answer's message: `useChat<UIMessage<FlowiseMessageMetadata>>`. */
export interface FlowiseMessageMetadata extends Omit<Metadata, 'chatId' | 'followUpPrompts' | 'question' | 'action'> {
  /** The conversation. */
  chatId: string
  /** Questions that the person may ask next, if the flow makes some. */
  followUpPrompts?: string[]
  /** How many tokens the model read and wrote. Flowise 3.0 and later. */
  usageMetadata?: UsageMetadata
  /** Flowise's own words for how it ended. */
  finishReason: FinishReason
}

/** What the AI SDK calls a transport with, as far as it is used here. */
export interface SendMessagesOptions {
  /** Whether the question is a new one. Asked again, the server's memory keeps the first answer. */
  trigger: 'submit-message' | 'regenerate-message'
  /** The conversation: the id of `useChat`. */
  chatId: string
  /** The message that is asked again; not used. */
  messageId: string | undefined
  /** The conversation, of which the last question is sent: Flowise has its own memory of the rest. */
  // The messages of each version differ in parts that are not read here.
  messages: readonly any[]
  /** Stops the answer, here and on the server. */
  abortSignal: AbortSignal | undefined
  /** Sent with the question, on top of the transport's own. */
  headers?: Record<string, string> | Headers
  /** Members of the question's body, such as `overrideConfig`, or what `resumption` makes of an action. */
  body?: object
  /** What the page says about the request; not used. */
  metadata?: unknown
}

/**
 * Lets `useChat` talk to a Flowise chatflow, without a server in between.
 *
 * ```js
 * const { messages, sendMessage, stop } = useChat({ transport: new FlowiseChatTransport({ url, chatflowId }) })
 * ```
 *
 * The text is a text part, thinking a reasoning part, tools are dynamic tool parts, source documents are source parts, and
 * pictures file parts. What the AI SDK has no part for is in data parts: `data-flowise-sources`, `-agentReasoning`,
 * `-nextAgent`, `-nodes` (of an AgentFlow), `-agentFlowEvent`, `-agentFlowExecutedData`, `-action`, `-artifacts`,
 * `-fileAnnotations`, and, not kept, `-tts_*`. `stop()` stops the run on the server. `error` is a `FlowiseError`.
 */
export class FlowiseChatTransport {
  /** Nothing is sent until `sendMessages`. */
  constructor(options: FlowiseChatTransportOptions)
  /** Asks the last question; the chunks are such as every version of the AI SDK takes. */
  sendMessages(options: SendMessagesOptions): Promise<ReadableStream<any>>
  /** Always null: Flowise keeps no stream that one could come back to. */
  reconnectToStream(options?: object): Promise<null>
}
