/** A chat as a store, for any framework; `flowise-stream/react` is built on it. */

import type { Flowise, FlowiseError, FlowiseErrorCode, FlowiseSocket } from './index.js'
import type {
  Action,
  AgentFlowStep,
  AgentReasoning,
  Artifact,
  ExecutedNode,
  FileAnnotation,
  FlowiseEventName,
  SourceDocument,
  UsageMetadata,
  UsedTool,
} from './events.js'
import type { AbortOutcome, FinishReason, HumanInput, QueryData, QueryOptions, Upload, UploadOptions } from './prediction.js'

/**
 * Why an answer failed, as plain data: it survives `JSON.stringify`, `structuredClone` and storage. It is not an `Error`, so
 * `isFlowiseError` returns false for it. `ChatSnapshot.error` and `onError` hold the error itself.
 */
export interface ChatError {
  /** `FlowiseError`, or the name of the error that the page's own code threw. */
  readonly name: string
  /** What failed, and what to do about it. */
  readonly message: string
  /** What kind of failure it is. */
  readonly code?: FlowiseErrorCode
  /** The HTTP status, if the server sent one. */
  readonly status?: number
}

/** A step of an agent, or of a node of an AgentFlow. */
export interface ChatStep {
  /** A stable key, such as for React's `key`. */
  key: string
  /** The name of the agent or the node. */
  label: string
  /** Its state. `waiting`: for a person's decision. */
  status: 'running' | 'done' | 'waiting' | 'stopped' | 'failed'
  /** `supervisor`, `agent`, or the kind of the node, such as `llm`. */
  kind?: string
  /** The id of the node of an AgentFlow. */
  nodeId?: string
  /** The next agent, if a supervisor names it. */
  next?: string
  /** What a supervisor tells the next one to do. */
  instructions?: string
  /** The agent's messages. */
  text?: string
  /** The input of a node. Set when the answer has ended. */
  input?: unknown
  /** The output of a node. Set when the answer has ended. */
  output?: unknown
  /** Why it failed. */
  error?: string
  /** How long a node took. */
  seconds?: number
  /** The tools that it used. */
  tools?: UsedTool[]
  /** The documents that it found. */
  sources?: SourceDocument[]
  /** The files and pictures that it made. */
  artifacts?: Artifact[]
}

/** How fast an answer was. */
export interface ChatTiming {
  /** The number of pieces of its text. */
  readonly tokens: number
  /** From the question to the first piece. Undefined for an answer without text. */
  readonly firstTokenMs: number | undefined
  /** From the question to the end. */
  readonly totalMs: number
}

/** A question that waits for the previous answer to end. */
export interface QueuedQuestion {
  /** For `unqueue`. */
  readonly id: string
  /** The text of the question. */
  readonly text: string
}

/** Storage for conversations: `localStorage`, or the same methods over IndexedDB, for instance. */
export interface ChatStorage {
  /** Returns the text stored under a key, or a promise of it; null or undefined if nothing is stored. */
  getItem(key: string): string | null | undefined | PromiseLike<string | null | undefined>
  /** Stores a text under a key. */
  setItem(key: string, value: string): unknown
  /** Deletes the text under a key. */
  removeItem(key: string): unknown
}

/** A stored conversation. */
export interface ChatSummary {
  /** For `open`, `rename` and `remove`. */
  readonly id: string
  /** Its first question, or the title given by `rename`. */
  readonly title: string
  /** When it began, in milliseconds as from `Date.now()`. */
  readonly createdAt: number
  /** When its last message was added, in milliseconds as from `Date.now()`. */
  readonly updatedAt: number
}

/** A message as `GET /api/v1/chatmessage/:id` of Flowise returns it. */
export interface HistoryMessage {
  /** The speaker: the flow or the person. */
  role: 'apiMessage' | 'userMessage' | (string & {})
  /** The text of the message. */
  content: string
  /** Its id. */
  id?: string
  /** The conversation. */
  chatId?: string
  /** The memory. */
  sessionId?: string
  [member: string]: unknown
}

/** Returns the messages of a conversation, oldest first. */
export type AskHistory = (conversation: { chatId?: string; sessionId?: string }) => HistoryMessage[] | PromiseLike<HistoryMessage[]>

/** The form that an AgentFlow begins with. Answer it with `send({ form: { [name]: value } })`. */
export interface StartForm {
  /** The title of the form. */
  title: string
  /** The description of the form. */
  description: string
  /** The fields of the form. */
  fields: {
    /** The name in `form`. */
    name: string
    /** The label of the field. */
    label: string
    /** `string`, `number`, `boolean` or `options`. */
    type: string
    /** The choices, for type `options`. */
    options?: string[]
  }[]
}

/** A question for `send`: the data of a query, and files to upload first. */
export interface ChatQuestion extends QueryData {
  /** Files that `send` uploads before it asks the question. */
  files?: readonly File[]
}

/** A question or an answer. Its objects are frozen, and keep their identity until something in them changes. */
export interface ChatMessage {
  /** The id in the page, such as for React's `key`. The server's id is `chatMessageId`. */
  id: string
  /** The author: `user` asks, `assistant` answers. */
  role: 'user' | 'assistant'
  /** The text. While an answer streams, the text received so far. */
  text: string
  /** When the question was asked or the answer began, in milliseconds as from `Date.now()`. */
  createdAt?: number
  /** The files of a question. They have no `data` until they are uploaded. */
  uploads?: Upload[]
  /** The answers to a start form. */
  form?: QueryData['form']
  /** Why an answer ended. Missing while it streams. */
  finishReason?: FinishReason
  /** Why the answer failed. */
  error?: ChatError
  /** The documents that the answer is based on. */
  sourceDocuments?: SourceDocument[]
  /** The tools that the run used, with input and output. */
  usedTools?: UsedTool[]
  /** Files and pictures that the run made. */
  artifacts?: Artifact[]
  /** Files that the answer refers to. */
  fileAnnotations?: FileAnnotation[]
  /** All steps of the agents so far. */
  agentReasoning?: AgentReasoning[]
  /** The agent whose turn it is. Missing when the answer has ended. */
  nextAgent?: string
  /** The steps of agents and nodes in one list, built from `agentReasoning`, `nextAgent` and `nodes`. */
  steps?: ChatStep[]
  /** The nodes of an AgentFlow, in the order of their start. */
  nodes?: AgentFlowStep[]
  /** All nodes of an AgentFlow with their data. Set when the answer has ended. */
  agentFlowExecutedData?: ExecutedNode[]
  /** The model's thinking received so far. Flowise 3.1 and later. */
  thinking?: string
  /** How long the model thought. */
  thinkingSeconds?: number
  /** The decision that the flow waits for: see `resume`. */
  action?: Action
  /** The decision, once it is made. */
  decision?: HumanInput['type']
  /** Suggested next questions, if the flow makes some. */
  followUpPrompts?: string[]
  /** How many tokens the model read and wrote. Flowise 3.0 and later. */
  usageMetadata?: UsageMetadata
  /** How fast the answer was. Set when it has ended. */
  timing?: ChatTiming
  /** The answer of a flow with an output parser. */
  json?: unknown
  /** Whether the server streamed it. */
  streamed?: boolean
  /** The server's id of the answer, for `Flowise.feedback`. */
  chatMessageId?: string
  /** The conversation on the server, for `Flowise.feedback`: see `Prediction.chatId`. */
  chatId?: string
  /** The memory of the conversation. */
  sessionId?: string
}

/**
 * `ready`: the next question can be asked; `submitted`: waiting for the answer to begin; `streaming`: the answer is arriving;
 * `error`: the last answer failed, and the next question can be asked.
 */
export type ChatStatus = 'ready' | 'submitted' | 'streaming' | 'error'

/** The state that a page shows. The same object until something changes. */
export interface ChatSnapshot {
  /** The conversation's id in the page: the id of its `ChatSummary`. */
  readonly id: string
  /** The questions and answers, in order. Only a changed message is a new object. */
  readonly messages: readonly ChatMessage[]
  /** The state of the chat. */
  readonly status: ChatStatus
  /** Why the last answer failed. */
  readonly error: FlowiseError | undefined
  /** The conversation on the server. Set at the first question; `edit` and `regenerate` start a new one. */
  readonly chatId: string | undefined
  /** The decision that the flow waits for. Show its buttons and call `resume`. */
  readonly pendingAction: Action | undefined
  /** The questions in the queue: see `send`. */
  readonly queue: readonly QueuedQuestion[]
  /** The stored conversations, most recently changed first. Empty without `storage`. */
  readonly chats: readonly ChatSummary[]
  /** True until the stored conversations have been read. */
  readonly isLoading: boolean
}

/** Options of `createChat` and `useFlowise`. */
export interface ChatOptions extends Omit<QueryOptions, 'signal'> {
  /** The client to use instead of `url` and `chatflowId`, such as a `Flowise` of `flowise-stream/slim`. */
  flowise?: Pick<Flowise, 'stream' | 'upload'> & Partial<Pick<Flowise, 'chatbotConfig'>>
  /**
   * Asks over this socket instead of separate connections, for pages that show whether they are connected. The socket's own
   * listeners receive the events, too. One question runs on a socket at a time, so do not share it with code outside the chats.
   */
  socket?: Pick<FlowiseSocket, 'query' | 'on' | 'off' | 'onAny' | 'offAny'>
  /** The conversation to continue. */
  chatId?: string
  /** The memory on the server. Defaults to that of the conversation. */
  sessionId?: string
  /** Earlier messages to show. */
  messages?: readonly ChatMessage[]
  /**
   * Stores conversations, for instance in `localStorage`. The chat opens the last open conversation, and follows changes made in
   * other tabs. An answer that was streaming when the page closed keeps its text so far and is `interrupted`; the question is not
   * asked again. Stores at most 100 conversations of 500,000 characters each, without files, pictures and keys. When the storage
   * is full, the oldest are deleted. Without `user`, a chat of flowise-embed in the same storage is imported.
   */
  storage?: ChatStorage
  /** The user whose conversations are stored. Each user, chatflow and server has a separate list. */
  user?: string
  /**
   * Completes an answer that the page lost from the server's history. `true` asks Flowise and needs an API key of the server; a
   * function can ask your own server.
   */
  history?: boolean | AskHistory
  /** Sent with every question. */
  overrideConfig?: QueryData['overrideConfig']
  /** Further members of every question. */
  data?: QueryData
  /** Called with each question when it is sent. */
  onAsk?: (data: QueryData) => void
  /** Called for each event of an answer. `extra` holds further members of the event, if it has any. */
  onEvent?: (event: FlowiseEventName | (string & {}), data: unknown, extra?: Record<string, unknown>) => void
  /** Called when an answer has ended, for any reason. */
  onFinish?: (message: ChatMessage) => void
  /** Called when an answer fails. */
  onError?: (error: FlowiseError) => void
}

/**
 * A chat. Its functions do not use `this`: pass them on as they are. Callbacks run in the zone (zone.js) in which they were
 * registered. What they throw is reported as an uncaught exception and does not end the answer.
 */
export interface Chat {
  /**
   * Calls `listener` after each change of the snapshot, at most once per frame while an answer streams. Returns an unsubscribe function.
   */
  readonly subscribe: (listener: () => void) => () => void
  /** Returns the current state. */
  readonly getSnapshot: () => ChatSnapshot
  /** Returns the initial snapshot, for rendering on a server. */
  readonly getServerSnapshot: () => ChatSnapshot
  /** Changes the options, from the next question on. */
  readonly configure: (options: ChatOptions) => void
  /**
   * Registers a component that shows the chat. Returns a function that unregisters it. When the last component has unregistered
   * and no other registers in the same task, the answer is stopped. `useFlowise` does this.
   */
  readonly retain: () => () => void
  /**
   * Asks a question. Resolves with the answer; if the answer fails, its `error` says why.
   *
   * The same question, sent again before any part of the answer has arrived, is not asked twice: a double click or StrictMode asks
   * once. With `queue`, a question asked too early waits (`ChatSnapshot.queue`) until the answer has ended and no decision is
   * pending.
   *
   * @throws {FlowiseError} (rejects) `config`: an answer is still streaming
   */
  readonly send: (question: string | ChatQuestion, options?: { queue?: boolean }) => Promise<ChatMessage>
  /** Removes a question from the queue. Its answer is empty and `aborted`. */
  readonly unqueue: (id: string) => void
  /**
   * Asks the last question again, as `edit` does. A last decision is sent again to the run that waits for it. Rejects like `send`.
   */
  readonly regenerate: () => Promise<ChatMessage>
  /**
   * Asks an earlier question with another text, and removes all messages after it. The flow forgets them, too: the conversation
   * continues under a new `chatId`, and every question now sends the earlier messages as `history`. Flowise 2 ignores it in flows
   * without a memory. Rejects like `send`.
   */
  readonly edit: (id: string, text: string) => Promise<ChatMessage>
  /** Decides on `pendingAction`, in sequential agents and AgentFlows v2. Rejects like `send`. */
  readonly resume: (decision: HumanInput['type'], options?: { feedback?: string }) => Promise<ChatMessage>
  /**
   * Stops the answer, here and on the server; the text received so far stays. Then asks the next question in the queue. Over a
   * `socket`, `reached` is always false: the chat cannot know what the server did.
   */
  readonly stop: () => Promise<AbortOutcome>
  /** Uploads files for a question. `send({ question, files })` does so itself. */
  readonly upload: (files: File | Iterable<File>, options?: Omit<UploadOptions, 'chatId'>) => Promise<Upload[]>
  /** Returns the form that the flow begins with, or `undefined` for a flow without one. Rejects like `Flowise.chatbotConfig`. */
  readonly startForm: () => Promise<StartForm | undefined>
  /** Forgets the conversation and begins a new one. */
  readonly clear: () => void
  /** Returns the stored conversations after reading them: `ChatSnapshot.chats`. */
  readonly chats: () => Promise<readonly ChatSummary[]>
  /**
   * Opens a stored conversation; without an id, a new one. An answer that is streaming continues and is stored. Resolves with
   * whether the conversation exists.
   */
  readonly open: (id?: string) => Promise<boolean>
  /** Changes the title of a conversation. */
  readonly rename: (id: string, title: string) => Promise<void>
  /** Deletes a conversation from the storage. If it is open, a new one begins. The server keeps its copy. */
  readonly remove: (id: string) => Promise<void>
}

/** Creates a chat with a chatflow. Sends nothing until `send`. */
export function createChat(options?: ChatOptions): Chat

/** Returns the answer to an `action`, as members of a question. */
export function resumption(action: Action, decision: HumanInput['type'], feedback?: string): Pick<QueryData, 'question' | 'action' | 'humanInput'>
