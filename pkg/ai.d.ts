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
  chatId: string
  followUpPrompts?: string[]
  usageMetadata?: UsageMetadata
  /** Flowise's own words for how it ended. */
  finishReason: FinishReason
}

/** What the AI SDK calls a transport with, as far as it is used here. */
export interface SendMessagesOptions {
  trigger: 'submit-message' | 'regenerate-message'
  chatId: string
  messageId: string | undefined
  // The messages of each version differ in parts that are not read here.
  messages: readonly any[]
  abortSignal: AbortSignal | undefined
  headers?: Record<string, string> | Headers
  /** Members of the question's body, such as `overrideConfig`, or what `resumption` makes of an action. */
  body?: object
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
  constructor(options: FlowiseChatTransportOptions)
  // Chunks of any version of the AI SDK.
  sendMessages(options: SendMessagesOptions): Promise<ReadableStream<any>>
  /** Always null: Flowise keeps no stream that one could come back to. */
  reconnectToStream(options?: object): Promise<null>
}
