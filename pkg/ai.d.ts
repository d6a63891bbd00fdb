/** The transport for `useChat` of the AI SDK, versions 5 to 7. */

import type { Flowise } from './index.js'
import type {
  Action,
  AgentFlowStatus,
  AgentFlowStep,
  AgentReasoning,
  Artifact,
  ExecutedNode,
  FileAnnotation,
  Metadata,
  SourceDocument,
  SpeechData,
  SpeechEnd,
  SpeechStart,
  UsageMetadata,
} from './events.js'
import type { FinishReason, QueryData, QueryOptions } from './prediction.js'
import type { AskHistory, ChatStorage } from './store.js'

/** Where the chatflow is, and what is sent with every question. */
export interface FlowiseChatTransportOptions extends Omit<QueryOptions, 'signal'> {
  /** Asked instead of `url` and `chatflowId`; of `flowise-stream/slim`, for instance. */
  flowise?: Pick<Flowise, 'stream'>
  /** Further members of every question, such as `overrideConfig`. Those of `sendMessage`'s `body` come on top. */
  data?: QueryData
  /** Decides what is sent: called before each question, it returns what takes the place of `body` and `headers`. */
  prepareSendMessagesRequest?: (request: PreparedRequest) => ChangedRequest | PromiseLike<ChangedRequest>
  /**
   * Notes which answer is on its way, such as in `localStorage`: only the question and ids, and only until the answer is over.
   * With `history`, `useChat`'s `resume` and `resumeStream` complete an answer that the page has lost, by a reload for instance.
   */
  storage?: ChatStorage
  /**
   * Where an answer is read that the server has finished meanwhile: `true` asks Flowise, which takes an API key of the server; a
   * function can ask a server of yours. Nothing is asked of the flow again.
   */
  history?: boolean | AskHistory
}

/** What would be sent, for `prepareSendMessagesRequest`. */
export interface PreparedRequest {
  /** The conversation: the id of `useChat`. */
  id: string
  /** All messages, of which only the last question is in `body`. */
  messages: readonly ChatMessage[]
  /** Whether the question is a new one, or the answer to approvals. */
  trigger: 'submit-message' | 'regenerate-message'
  /** The message that is asked again, or whose approvals were answered. */
  messageId: string | undefined
  /** The `metadata` that the page gave to `sendMessage`. */
  requestMetadata: unknown
  /** The transport's headers, and those of `sendMessage`. */
  headers: Record<string, string>
  /** The body of the prediction. */
  body: QueryData
}

/** What `prepareSendMessagesRequest` changes. */
export interface ChangedRequest {
  /** Sent as it is, instead of the whole body. */
  body?: QueryData
  /** Sent instead of all headers. */
  headers?: Record<string, string>
}

/** The metadata of an answer's message. A message has it when its answer is complete. */
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

/**
 * The data parts of an answer, by their name without `data-`. In version 5 of the AI SDK, and for a typed `onData`, its own
 * type of messages takes them: `useChat<UIMessage<FlowiseMessageMetadata, FlowiseDataParts>>`.
 */
export type FlowiseDataParts = {
  /** All source documents; those with an address, or a title, are source parts as well. */
  'flowise-sources': SourceDocument[]
  /** All steps of the agents so far. */
  'flowise-agentReasoning': AgentReasoning[]
  /** The agent whose turn it is. */
  'flowise-nextAgent': string
  /** The nodes of an AgentFlow so far. */
  'flowise-nodes': AgentFlowStep[]
  /** The state of an AgentFlow. */
  'flowise-agentFlowEvent': AgentFlowStatus
  /** All nodes of an AgentFlow, when it is over. */
  'flowise-agentFlowExecutedData': ExecutedNode[]
  /** The flow waits for a person's decision. */
  'flowise-action': Action
  /** What was made. Pictures are file parts as well. */
  'flowise-artifacts': Artifact[]
  /** Files that the answer refers to. */
  'flowise-fileAnnotations': FileAnnotation[]
  /** Speech begins: only for `onData`, as all of speech. */
  'flowise-tts_start': SpeechStart
  /** A piece of speech. */
  'flowise-tts_data': SpeechData
  /** Speech is complete. */
  'flowise-tts_end': SpeechEnd
  /** Speech was stopped. */
  'flowise-tts_abort': SpeechEnd
}

/**
 * A message of `useChat({ transport })`, from version 6 of the AI SDK on. It is one of the AI SDK's, with the parts that
 * Flowise's answers have.
 */
export interface FlowiseUIMessage {
  /** Its id in the page. */
  id: string
  /** Who says it. */
  role: 'system' | 'user' | 'assistant'
  /** Of an answer that is complete. */
  metadata?: FlowiseMessageMetadata
  /** What it is made of, in the order in which it happened. */
  parts: FlowiseUIMessagePart[]
}

/** A part of a message. */
export type FlowiseUIMessagePart =
  | { type: 'step-start' }
  | { type: 'text'; text: string; state?: 'streaming' | 'done' }
  | { type: 'reasoning'; text: string; state?: 'streaming' | 'done' }
  | { type: 'file'; mediaType: string; url: string; filename?: string }
  | { type: 'source-url'; sourceId: string; url: string; title?: string }
  | { type: 'source-document'; sourceId: string; mediaType: string; title: string; filename?: string }
  | FlowiseToolPart
  | { [Name in keyof FlowiseDataParts]: { type: `data-${Name}`; id?: string; data: FlowiseDataParts[Name] } }[keyof FlowiseDataParts]

/** A call of a tool. Flowise runs its tools itself; `humanInput` stands for a decision that no tool waits for. */
export type FlowiseToolPart = {
  /** No tool of the page. */
  type: 'dynamic-tool'
  /** Its name in the flow. */
  toolName: string
  /** Made in the page. */
  toolCallId: string
  /** The page has nothing to run. */
  providerExecuted?: boolean
} & (
  | { state: 'input-streaming' | 'input-available'; input: unknown }
  | { state: 'output-available'; input: unknown; output: unknown }
  | { state: 'output-error'; input: unknown; errorText: string }
  | { state: 'approval-requested'; input: unknown; approval: { id: string } }
  | { state: 'approval-responded'; input: unknown; approval: { id: string; approved: boolean; reason?: string } }
  | { state: 'output-denied'; input: unknown; approval: { id: string; approved: false; reason?: string } }
)

/** A message of any kind, as far as the transport reads it. */
export interface ChatMessage {
  /** Its id in the page. */
  id: string
  /** Who says it. */
  role: string
  /** What it is made of. */
  parts: readonly ChatMessagePart[]
}

/** A part of a message of any kind. */
export interface ChatMessagePart {
  /** Its kind. */
  type: string
}

/** What the AI SDK calls a transport with, as far as it is used here. */
export interface SendMessagesOptions<Message = ChatMessage> {
  /** Whether the question is a new one, or the answer to approvals. Asked again, the server's memory keeps the first answer. */
  trigger: 'submit-message' | 'regenerate-message'
  /** The conversation: the id of `useChat`. */
  chatId: string
  /** The message that is asked again, or whose approvals were answered. */
  messageId: string | undefined
  /** The conversation, of which the last question is sent: Flowise has its own memory of the rest. */
  messages: Message[]
  /** Stops the answer, here and on the server. */
  abortSignal: AbortSignal | undefined
  /** Sent with the question, on top of the transport's own. */
  headers?: Record<string, string> | Headers
  /** Members of the question's body, such as `overrideConfig`, or what `resumption` makes of an action. */
  body?: object
  /** What the page says about the request, for `prepareSendMessagesRequest`. */
  metadata?: unknown
}

/** What the AI SDK asks for a lost answer with, as far as it is used here. */
export interface ReconnectOptions {
  /** The conversation: the id of `useChat`. */
  chatId: string
  /** Ends the wait for the answer. */
  abortSignal?: AbortSignal
}

/** What an answer is streamed as: the chunks that all versions of the AI SDK know. Those of approvals come besides, for 6 and later. */
export type FlowiseUIMessageChunk =
  | { type: 'start'; messageId?: string }
  | { type: 'start-step' | 'finish-step' | 'abort' }
  | { type: 'text-start' | 'text-end' | 'reasoning-start' | 'reasoning-end'; id: string }
  | { type: 'text-delta' | 'reasoning-delta'; id: string; delta: string }
  | { type: 'tool-input-available'; toolCallId: string; toolName: string; input: unknown; dynamic: true; providerExecuted: true }
  | { type: 'tool-output-available'; toolCallId: string; output: unknown; dynamic: true; providerExecuted: true }
  | { type: 'tool-output-error'; toolCallId: string; errorText: string; dynamic: true; providerExecuted: true }
  | { type: 'source-url'; sourceId: string; url: string; title?: string }
  | { type: 'source-document'; sourceId: string; mediaType: string; title: string }
  | { type: 'file'; mediaType: string; url: string }
  | { type: 'message-metadata'; messageMetadata: FlowiseMessageMetadata }
  | { type: 'finish'; finishReason: 'stop' | 'other' }
  | { [Name in keyof FlowiseDataParts]: { type: `data-${Name}`; id?: string; data: FlowiseDataParts[Name]; transient?: boolean } }[keyof FlowiseDataParts]

/**
 * Lets `useChat` talk to a Flowise chatflow, without a server in between.
 *
 * ```js
 * const { messages, sendMessage, stop } = useChat({ transport: new FlowiseChatTransport({ url, chatflowId }) })
 * ```
 *
 * The text is text parts, thinking reasoning parts, tools are dynamic tool parts, source documents source parts, and pictures
 * file parts, in the order in which they happened. What the AI SDK has no part for is in data parts: `FlowiseDataParts`.
 * `stop()` stops the run on the server. `error` is a `FlowiseError`, and what came before it stays.
 *
 * From version 6 on, a decision that a flow asks a person for is a tool part that wants approval:
 * `addToolApprovalResponse({ id: part.approval.id, approved })`, with
 * `sendAutomaticallyWhen: lastAssistantMessageIsCompleteWithApprovalResponses`, goes on with the flow. In all versions,
 * `sendMessage({ text: 'Yes' }, { body: resumption(part.data, 'proceed') })` answers a part `data-flowise-action`.
 */
export class FlowiseChatTransport {
  /** Nothing is sent until `sendMessages`. */
  constructor(options: FlowiseChatTransportOptions)
  /** Asks the last question, or answers the approvals of a message; for messages of any type. */
  sendMessages(options: SendMessagesOptions): Promise<ReadableStream<FlowiseUIMessageChunk>>
  // The last signature is the one that `useChat({ transport })` takes the type of its messages from.
  /** Asks the last question, or answers the approvals of a message. */
  sendMessages(options: SendMessagesOptions<FlowiseUIMessage>): Promise<ReadableStream<FlowiseUIMessageChunk>>
  /**
   * The answer that the page has lost, when the server has finished it: it takes the place of what the page has of it. Null
   * without `storage` and `history`, and where no answer was lost.
   */
  reconnectToStream(options: ReconnectOptions): Promise<ReadableStream<FlowiseUIMessageChunk> | null>
}
