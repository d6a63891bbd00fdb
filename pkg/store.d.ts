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
 * `isFlowiseError` is false for it; the error itself is `ChatSnapshot.error`, and what `onError` is called with.
 */
export interface ChatError {
  /** `FlowiseError`, unless the page's own code failed. */
  readonly name: string
  /** What happened, and what to do about it. */
  readonly message: string
  /** What kind of failure it is. */
  readonly code?: FlowiseErrorCode
  /** The HTTP status, if the server answered with one. */
  readonly status?: number
}

/** A step of an agent, or of a node of an AgentFlow. */
export interface ChatStep {
  /** The same for as long as the step is listed, such as for React's `key`. */
  key: string
  /** The name of the agent or the node. */
  label: string
  /** What it is at; `waiting` is for a person's decision. */
  status: 'running' | 'done' | 'waiting' | 'stopped' | 'failed'
  /** `supervisor`, `agent`, or the kind of the node, such as `llm`. */
  kind?: string
  /** The node of an AgentFlow. */
  nodeId?: string
  /** Who is next, if a supervisor says so. */
  next?: string
  /** What a supervisor tells the next one to do. */
  instructions?: string
  /** What the agent said. */
  text?: string
  /** What went into a node. Known when the answer is over. */
  input?: unknown
  /** What came out of a node. Known when the answer is over. */
  output?: unknown
  /** Why it failed. */
  error?: string
  /** How long a node took. */
  seconds?: number
  /** The tools that it used. */
  tools?: UsedTool[]
  /** The documents that it found. */
  sources?: SourceDocument[]
  /** What it made. */
  artifacts?: Artifact[]
}

/** How fast an answer came. */
export interface ChatTiming {
  /** The pieces of its text. */
  readonly tokens: number
  /** From the question to the first piece; missing without any. */
  readonly firstTokenMs: number | undefined
  /** From the question to the end. */
  readonly totalMs: number
}

/** A question that waits until the answer before it is over. */
export interface QueuedQuestion {
  /** For `unqueue`. */
  readonly id: string
  /** What is asked. */
  readonly text: string
}

/** Where conversations are kept: `localStorage`, or anything like it, over IndexedDB for instance. */
export interface ChatStorage {
  /** The text under a key, or a promise of it; null or undefined if there is none. */
  getItem(key: string): string | null | undefined | PromiseLike<string | null | undefined>
  /** Keeps a text under a key. */
  setItem(key: string, value: string): unknown
  /** Forgets the text under a key. */
  removeItem(key: string): unknown
}

/** A conversation that is kept. */
export interface ChatSummary {
  /** For `open`, `rename` and `remove`. */
  readonly id: string
  /** Its first question, or what it was renamed to. */
  readonly title: string
  /** When it began, as `Date.now()` tells it. */
  readonly createdAt: number
  /** When something was said in it. */
  readonly updatedAt: number
}

/** A message as `GET /api/v1/chatmessage/:id` of Flowise returns it. */
export interface HistoryMessage {
  /** Who said it: the flow or the person. */
  role: 'apiMessage' | 'userMessage' | (string & {})
  /** What was said. */
  content: string
  /** Its id. */
  id?: string
  /** The conversation. */
  chatId?: string
  /** The memory. */
  sessionId?: string
  [member: string]: unknown
}

/** Asks for the messages of a conversation, oldest first. */
export type AskHistory = (conversation: { chatId?: string; sessionId?: string }) => HistoryMessage[] | PromiseLike<HistoryMessage[]>

/** The form that an AgentFlow begins with. Answer it with `send({ form: { [name]: value } })`. */
export interface StartForm {
  /** What stands above it. */
  title: string
  /** What is said about it. */
  description: string
  /** What is asked for. */
  fields: {
    /** The name in `form`. */
    name: string
    /** What stands beside it. */
    label: string
    /** `string`, `number`, `boolean` or `options`. */
    type: string
    /** What one can choose from, for `options`. */
    options?: string[]
  }[]
}

/** A question of `send`: the data of a query, and files that are uploaded first. */
export interface ChatQuestion extends QueryData {
  /** Made into `uploads` by `upload`, before the question is asked. */
  files?: readonly File[]
}

/** A question or an answer. Its objects are frozen, and stay the same until something in them changes. */
export interface ChatMessage {
  /** The id in the page, such as for React's `key`; the server's is `chatMessageId`. */
  id: string
  /** Whose it is: `user` asks, `assistant` answers. */
  role: 'user' | 'assistant'
  /** What is said; of an answer that comes, so far. */
  text: string
  /** When it was asked, or when the answer began: as `Date.now()` tells it. */
  createdAt?: number
  /** The files of a question. While they are uploaded, they have no `data`. */
  uploads?: Upload[]
  /** The fields of a question that is a form. */
  form?: QueryData['form']
  /** How an answer ended; missing while it comes. */
  finishReason?: FinishReason
  /** Why the answer failed. */
  error?: ChatError
  /** The documents that it is based on. */
  sourceDocuments?: SourceDocument[]
  /** The tools that were used, with input and output. */
  usedTools?: UsedTool[]
  /** Files and pictures that were made. */
  artifacts?: Artifact[]
  /** Files that it refers to. */
  fileAnnotations?: FileAnnotation[]
  /** All steps of the agents so far. */
  agentReasoning?: AgentReasoning[]
  /** The agent whose turn it is; missing when the answer is over. */
  nextAgent?: string
  /** The steps of agents and nodes of both kinds of flows, as one list: those of `agentReasoning`, `nextAgent` and `nodes`. */
  steps?: ChatStep[]
  /** The nodes of an AgentFlow, in the order in which they began. */
  nodes?: AgentFlowStep[]
  /** All nodes of an AgentFlow with their data, when the answer is over. */
  agentFlowExecutedData?: ExecutedNode[]
  /** What the model thought before it answered, so far. Flowise 3.1 and later. */
  thinking?: string
  /** How long it thought. */
  thinkingSeconds?: number
  /** The flow waits for a decision: see `resume`. */
  action?: Action
  /** The decision, when it was made. */
  decision?: HumanInput['type']
  /** Questions that the person may ask next, if the flow makes some. */
  followUpPrompts?: string[]
  /** How many tokens the model read and wrote. Flowise 3.0 and later. */
  usageMetadata?: UsageMetadata
  /** How fast it came; of an answer that is over. */
  timing?: ChatTiming
  /** The answer of a flow with an output parser. */
  json?: unknown
  /** Whether it came piece by piece. */
  streamed?: boolean
  /** The server's id of the answer, for `Flowise.feedback`. */
  chatMessageId?: string
  /** Where the server keeps the answer, for `Flowise.feedback`: see `Prediction.chatId`. */
  chatId?: string
  /** The memory that the conversation goes on with. */
  sessionId?: string
}

/**
 * `submitted`: asked, and nothing has come yet; `streaming`: the answer comes; `ready`: ask; `error`: the last answer failed,
 * and one can ask again.
 */
export type ChatStatus = 'ready' | 'submitted' | 'streaming' | 'error'

/** What a page shows. The same object until something has changed. */
export interface ChatSnapshot {
  /** The conversation's id in the page: that of its `ChatSummary`. */
  readonly id: string
  /** The questions and answers, in order. Only a message that has changed is another object. */
  readonly messages: readonly ChatMessage[]
  /** What the chat is at. */
  readonly status: ChatStatus
  /** Why the last answer failed. */
  readonly error: FlowiseError | undefined
  /** The conversation; made at the first question, and another one after `edit` and `regenerate`. */
  readonly chatId: string | undefined
  /** What the flow waits for a decision about: show its buttons, and call `resume`. */
  readonly pendingAction: Action | undefined
  /** The questions that wait: see `send`. */
  readonly queue: readonly QueuedQuestion[]
  /** The conversations that are kept, the one that changed last first. Empty without `storage`. */
  readonly chats: readonly ChatSummary[]
  /** Whether what is kept has yet to be read. */
  readonly isLoading: boolean
}

/** Options of `createChat` and `useFlowise`: where the chatflow is, and how the conversation goes. */
export interface ChatOptions extends Omit<QueryOptions, 'signal'> {
  /** Asked instead of `url` and `chatflowId`; of `flowise-stream/slim`, for instance. */
  flowise?: Pick<Flowise, 'stream' | 'upload'> & Partial<Pick<Flowise, 'chatbotConfig'>>
  /**
   * Asks over this socket, and not over connections of its own: for pages that show whether they are connected. The events
   * arrive at its listeners as well. Use it for one page's chats only: one question runs on it at a time.
   */
  socket?: Pick<FlowiseSocket, 'query' | 'on' | 'off' | 'onAny' | 'offAny'>
  /** Goes on with a conversation. */
  chatId?: string
  /** The memory on the server, if it is not the conversation's. */
  sessionId?: string
  /** What was said before. */
  messages?: readonly ChatMessage[]
  /**
   * Keeps conversations, such as in `localStorage`: the chat begins with the one that was open last, and another tab's changes are
   * seen. An answer that was coming when the page was left is there as far as it had arrived, as `interrupted`; nothing is
   * asked again. At most 100 conversations are kept, of 500,000 characters each, without files, pictures and keys. When the
   * storage is full, the oldest go. A chat of flowise-embed in the same storage is taken over, unless there is a `user`.
   */
  storage?: ChatStorage
  /** Whose conversations are kept: each user, chatflow and server has its own. */
  user?: string
  /**
   * Completes an answer that the page has lost, from what the server keeps: `true` asks Flowise, which takes an API key of the
   * server; a function can ask a server of yours.
   */
  history?: boolean | AskHistory
  /** Sent with every question. */
  overrideConfig?: QueryData['overrideConfig']
  /** Further members of every question. */
  data?: QueryData
  /** Called with each question as it is sent. */
  onAsk?: (data: QueryData) => void
  /** Called for each event of an answer; `extra` has the further members of its message, if there are any. */
  onEvent?: (event: FlowiseEventName | (string & {}), data: unknown, extra?: Record<string, unknown>) => void
  /** Called when an answer is over, however it ended. */
  onFinish?: (message: ChatMessage) => void
  /** Called when an answer fails. */
  onError?: (error: FlowiseError) => void
}

/**
 * A chat. Its functions need no object: they can be passed on as they are. Callbacks run in the zone (zone.js) in which they were
 * registered; what they throw is reported like any uncaught exception, and ends nothing.
 */
export interface Chat {
  /**
   * Calls back when the snapshot has changed: at most once a frame while an answer is coming. Returns an unsubscribe function.
   */
  readonly subscribe: (listener: () => void) => () => void
  /** What the page shows now. */
  readonly getSnapshot: () => ChatSnapshot
  /** The snapshot that it began with, for rendering on a server. */
  readonly getServerSnapshot: () => ChatSnapshot
  /** Other options, from the next question on. */
  readonly configure: (options: ChatOptions) => void
  /**
   * Says that a component shows the chat; the returned function says that it no longer does. When the last one has gone, and
   * none comes in the same task, the answer is stopped. `useFlowise` does this.
   */
  readonly retain: () => () => void
  /**
   * Asks. The promise is of the answer, whose failure is its `error`.
   *
   * The same question once more, before anything of the answer has arrived, is that question: a double click or StrictMode
   * asks once. With `queue`, a question that comes too early waits (`ChatSnapshot.queue`) until the answer is over and no
   * decision is pending.
   *
   * @throws {FlowiseError} (rejects) `config`: an answer is still coming
   */
  readonly send: (question: string | ChatQuestion, options?: { queue?: boolean }) => Promise<ChatMessage>
  /** Takes a question that waits back. Its answer is `aborted`, and empty. */
  readonly unqueue: (id: string) => void
  /**
   * Asks the last question again, as `edit` does. A decision is made again in the run that waits for it. Rejects as `send` does.
   */
  readonly regenerate: () => Promise<ChatMessage>
  /**
   * Asks a question with another text; what came after it is gone. The flow does not remember it either: the conversation goes
   * on under a new `chatId`, and what was said before is sent along as `history` from now on. Rejects as `send` does.
   */
  readonly edit: (id: string, text: string) => Promise<ChatMessage>
  /** Decides on `pendingAction`, in sequential agents and AgentFlows v2. Rejects as `send` does. */
  readonly resume: (decision: HumanInput['type'], options?: { feedback?: string }) => Promise<ChatMessage>
  /**
   * Stops the answer, here and on the server; the text received so far stays. The next question that waits is asked then. Over
   * a `socket`, `reached` is always false: what the server did is not known.
   */
  readonly stop: () => Promise<AbortOutcome>
  /** Makes of files what a question takes; `send({ question, files })` does so itself. */
  readonly upload: (files: File | Iterable<File>, options?: Omit<UploadOptions, 'chatId'>) => Promise<Upload[]>
  /** The form that the flow begins with; `undefined` if it begins with a question. Rejects as `Flowise.chatbotConfig` does. */
  readonly startForm: () => Promise<StartForm | undefined>
  /** Forgets the conversation, and begins a new one. */
  readonly clear: () => void
  /** The conversations that are kept, once they are read: `ChatSnapshot.chats`. */
  readonly chats: () => Promise<readonly ChatSummary[]>
  /**
   * Shows a conversation that is kept; without an id, a new one. An answer that is coming goes on, and is kept. Promises whether
   * there is such a conversation.
   */
  readonly open: (id?: string) => Promise<boolean>
  /** Gives a conversation another title. */
  readonly rename: (id: string, title: string) => Promise<void>
  /** Forgets a conversation. If it is shown, a new one begins. The server keeps what it has. */
  readonly remove: (id: string) => Promise<void>
}

/** Makes a chat with a chatflow. Nothing happens until `send`. */
export function createChat(options?: ChatOptions): Chat

/** What answers an `action`, as the data of a question. */
export function resumption(action: Action, decision: HumanInput['type'], feedback?: string): Pick<QueryData, 'question' | 'action' | 'humanInput'>
