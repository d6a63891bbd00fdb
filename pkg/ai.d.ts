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

/** The chatflow, and what to send with every question. */
export interface FlowiseChatTransportOptions extends Omit<QueryOptions, 'signal'> {
  /** The client to use instead of `url` and `chatflowId`, such as a `Flowise` of `flowise-stream/slim`. */
  flowise?: Pick<Flowise, 'stream'>
  /** Further members of every question, such as `overrideConfig`. The `body` of `sendMessage` overrides them. */
  data?: QueryData
  /** Called before each question. Returns a new `body` or new `headers`. */
  prepareSendMessagesRequest?: (request: PreparedRequest) => ChangedRequest | PromiseLike<ChangedRequest>
  /**
   * Records which answer is in progress, for instance in `localStorage`: only the question and ids, and only until the answer ends.
   * With `history`, `resume` and `resumeStream` of `useChat` complete an answer that the page lost, such as by a reload.
   */
  storage?: ChatStorage
  /**
   * Where to read an answer that the server finished in the meantime. `true` asks Flowise and needs an API key of the server; a
   * function can ask your own server. The flow does not run again.
   */
  history?: boolean | AskHistory
}

/** The request that `prepareSendMessagesRequest` may change. */
export interface PreparedRequest {
  /** The conversation: the id of `useChat`. */
  id: string
  /** All messages. `body` holds only the last question. */
  messages: readonly ChatMessage[]
  /** Whether to send a message, which may answer approvals, or to regenerate an answer. */
  trigger: 'submit-message' | 'regenerate-message'
  /** The message to regenerate, or the one whose approvals were answered. */
  messageId: string | undefined
  /** The `metadata` that the page passed to `sendMessage`. */
  requestMetadata: unknown
  /** The headers of the transport and of `sendMessage`. */
  headers: Record<string, string>
  /** The body of the prediction request. */
  body: QueryData
}

/** The changes of `prepareSendMessagesRequest`. */
export interface ChangedRequest {
  /** Replaces the whole body. */
  body?: QueryData
  /** Replaces all headers. */
  headers?: Record<string, string>
}

/** The metadata of an answer's message. Set when the answer is complete. */
export interface FlowiseMessageMetadata extends Omit<Metadata, 'chatId' | 'followUpPrompts' | 'question' | 'action'> {
  /** The conversation. */
  chatId: string
  /** Suggested next questions, if the flow makes some. */
  followUpPrompts?: string[]
  /** How many tokens the model read and wrote. Flowise 3.0 and later. */
  usageMetadata?: UsageMetadata
  /** Why the answer ended, as in `Prediction.finishReason`. */
  finishReason: FinishReason
}

/**
 * The data parts of an answer, by their names without `data-`. For version 5 of the AI SDK, and for a typed `onData`, pass them to
 * the message type of the AI SDK: `useChat<UIMessage<FlowiseMessageMetadata, FlowiseDataParts>>`.
 */
export type FlowiseDataParts = {
  /** All source documents. Those with a URL or a title are also source parts. */
  'flowise-sources': SourceDocument[]
  /** All steps of the agents so far. */
  'flowise-agentReasoning': AgentReasoning[]
  /** The agent whose turn it is. */
  'flowise-nextAgent': string
  /** The nodes of an AgentFlow so far. */
  'flowise-nodes': AgentFlowStep[]
  /** The state of an AgentFlow. */
  'flowise-agentFlowEvent': AgentFlowStatus
  /** All nodes of an AgentFlow, sent at its end. */
  'flowise-agentFlowExecutedData': ExecutedNode[]
  /** The flow waits for a person's decision. */
  'flowise-action': Action
  /** Files and pictures that the run made. Pictures are also file parts. */
  'flowise-artifacts': Artifact[]
  /** Files that the answer refers to. */
  'flowise-fileAnnotations': FileAnnotation[]
  /** Speech begins. Only `onData` receives the speech parts. */
  'flowise-tts_start': SpeechStart
  /** A piece of speech. */
  'flowise-tts_data': SpeechData
  /** Speech is complete. */
  'flowise-tts_end': SpeechEnd
  /** Speech was stopped. */
  'flowise-tts_abort': SpeechEnd
}

/**
 * A message of `useChat({ transport })`, for version 6 of the AI SDK and later: the AI SDK's message type with the parts of
 * Flowise's answers.
 */
export interface FlowiseUIMessage {
  /** Its id in the page. */
  id: string
  /** The role of its author. */
  role: 'system' | 'user' | 'assistant'
  /** Set when the answer is complete. */
  metadata?: FlowiseMessageMetadata
  /** Its parts, in the order of events. */
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

/** A tool call. Flowise runs its tools itself. The tool `humanInput` stands for a decision without a tool call. */
export type FlowiseToolPart = {
  /** The page does not define the tool. */
  type: 'dynamic-tool'
  /** Its name in the flow. */
  toolName: string
  /** An id that this package generates. */
  toolCallId: string
  /** True: Flowise runs the tool, not the page. */
  providerExecuted?: boolean
} & (
  | { state: 'input-streaming' | 'input-available'; input: unknown }
  | { state: 'output-available'; input: unknown; output: unknown }
  | { state: 'output-error'; input: unknown; errorText: string }
  | { state: 'approval-requested'; input: unknown; approval: { id: string } }
  | { state: 'approval-responded'; input: unknown; approval: { id: string; approved: boolean; reason?: string } }
  | { state: 'output-denied'; input: unknown; approval: { id: string; approved: false; reason?: string } }
)

/** Any message: the members that the transport reads. */
export interface ChatMessage {
  /** Its id in the page. */
  id: string
  /** The role of its author. */
  role: string
  /** Its parts. */
  parts: readonly ChatMessagePart[]
}

/** A part of any message. */
export interface ChatMessagePart {
  /** The type of part. */
  type: string
}

/** The arguments of the AI SDK for `sendMessages` that this package uses. */
export interface SendMessagesOptions<Message = ChatMessage> {
  /** Whether to send a message or to regenerate an answer. When regenerating, the server's memory keeps the first answer. */
  trigger: 'submit-message' | 'regenerate-message'
  /** The conversation: the id of `useChat`. */
  chatId: string
  /** The message to regenerate, or the one whose approvals were answered. */
  messageId: string | undefined
  /** The conversation. Only the last question is sent: Flowise remembers the rest. */
  messages: Message[]
  /** Stops the answer, here and on the server. */
  abortSignal: AbortSignal | undefined
  /** Headers of this question, in addition to those of the transport. */
  headers?: Record<string, string> | Headers
  /** Members of the question's body, such as `overrideConfig` or the result of `resumption`. */
  body?: object
  /** The page's own data about the request, for `prepareSendMessagesRequest`. */
  metadata?: unknown
}

/** The arguments of the AI SDK for `reconnectToStream` that this package uses. */
export interface ReconnectOptions {
  /** The conversation: the id of `useChat`. */
  chatId: string
  /** Stops waiting for the answer. */
  abortSignal?: AbortSignal
}

/** The chunks of a streamed answer that all versions of the AI SDK know. Versions 6 and later also receive chunks for approvals. */
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
 * Text becomes text parts, thinking reasoning parts, tools dynamic tool parts, source documents source parts, and pictures file
 * parts, in the order of events. Data parts hold everything else: `FlowiseDataParts`. `stop()` also stops the run on the server.
 * `error` is a `FlowiseError`; the parts received before it stay.
 *
 * In version 6 and later, a decision that a flow asks for becomes a tool part that requests approval. To continue the flow, call
 * `addToolApprovalResponse({ id: part.approval.id, approved })` and set
 * `sendAutomaticallyWhen: lastAssistantMessageIsCompleteWithApprovalResponses`. In all versions,
 * `sendMessage({ text: 'Yes' }, { body: resumption(part.data, 'proceed') })` answers a `data-flowise-action` part.
 */
export class FlowiseChatTransport {
  /** Sends nothing until `sendMessages`. */
  constructor(options: FlowiseChatTransportOptions)
  /** Asks the last question, or answers the approvals of a message. Accepts messages of any type. */
  sendMessages(options: SendMessagesOptions): Promise<ReadableStream<FlowiseUIMessageChunk>>
  // `useChat({ transport })` infers the type of its messages from the last signature.
  /** Asks the last question, or answers the approvals of a message. */
  sendMessages(options: SendMessagesOptions<FlowiseUIMessage>): Promise<ReadableStream<FlowiseUIMessageChunk>>
  /**
   * Waits until the server has finished an answer that the page lost, and returns it whole; it replaces the partial answer in the
   * page. Returns null if no answer was lost, or without `storage` and `history`.
   */
  reconnectToStream(options: ReconnectOptions): Promise<ReadableStream<FlowiseUIMessageChunk> | null>
}
