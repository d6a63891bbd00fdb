/** A chat as a store, for any framework; `flowise-stream/react` is built on it. */

import type { Flowise, FlowiseError } from './index.js'
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

/** A question or an answer. Its objects are frozen, and stay the same until something in them changes. */
export interface ChatMessage {
  /** The id in the page, such as for React's `key`; the server's is `chatMessageId`. */
  id: string
  /** Whose it is: `user` asks, `assistant` answers. */
  role: 'user' | 'assistant'
  /** What is said; of an answer that comes, so far. */
  text: string
  /** The files of a question. */
  uploads?: Upload[]
  /** How an answer ended; missing while it comes. */
  finishReason?: FinishReason
  /** Why the answer failed. */
  error?: FlowiseError
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
  /** The nodes of an AgentFlow, in the order in which they began. */
  nodes?: AgentFlowStep[]
  /** All nodes of an AgentFlow with their data, when the answer is over. */
  agentFlowExecutedData?: ExecutedNode[]
  /** What the model thought before it answered, so far. Flowise 3.1 and later. */
  thinking?: string
  /** The flow waits for a decision: see `resume`. */
  action?: Action
  /** The decision, when it was made. */
  decision?: HumanInput['type']
  /** Questions that the person may ask next, if the flow makes some. */
  followUpPrompts?: string[]
  /** How many tokens the model read and wrote. Flowise 3.0 and later. */
  usageMetadata?: UsageMetadata
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
  /** The questions and answers, in order. Only a message that has changed is another object. */
  readonly messages: readonly ChatMessage[]
  /** What the chat is at. */
  readonly status: ChatStatus
  /** Why the last answer failed. */
  readonly error: FlowiseError | undefined
  /** The conversation; made at the first question. */
  readonly chatId: string | undefined
}

/** Options of `createChat` and `useFlowise`: where the chatflow is, and how the conversation goes. */
export interface ChatOptions extends Omit<QueryOptions, 'signal'> {
  /** Asked instead of `url` and `chatflowId`; of `flowise-stream/slim`, for instance. */
  flowise?: Pick<Flowise, 'stream' | 'upload'>
  /** Goes on with a conversation. */
  chatId?: string
  /** The memory on the server, if it is not the conversation's. */
  sessionId?: string
  /** What was said before. */
  messages?: readonly ChatMessage[]
  /** Sent with every question. */
  overrideConfig?: QueryData['overrideConfig']
  /** Further members of every question. */
  data?: QueryData
  /** Called for each event of an answer; `extra` has the further members of its message, if there are any. */
  onEvent?: (event: FlowiseEventName | (string & {}), data: unknown, extra?: Record<string, unknown>) => void
  /** Called when an answer is over, however it ended. */
  onFinish?: (message: ChatMessage) => void
  /** Called when an answer fails. */
  onError?: (error: FlowiseError) => void
}

/** A chat. Its functions need no object: they can be passed on as they are. */
export interface Chat {
  /** Calls back when the snapshot has changed: at most once a frame while an answer comes. Gives what ends it. */
  readonly subscribe: (listener: () => void) => () => void
  /** What the page shows now. */
  readonly getSnapshot: () => ChatSnapshot
  /** The snapshot that it began with, for rendering on a server. */
  readonly getServerSnapshot: () => ChatSnapshot
  /** Other options, from the next question on. */
  readonly configure: (options: ChatOptions) => void
  /**
   * Asks. The promise is of the answer, whose failure is its `error`.
   *
   * @throws {FlowiseError} (rejects) `config`: an answer is still coming
   */
  readonly send: (question: string | QueryData) => Promise<ChatMessage>
  /** Asks the last question again. The server's memory keeps the first answer. Rejects as `send` does. */
  readonly regenerate: () => Promise<ChatMessage>
  /** Answers the `action` that a flow waits with, of sequential agents and of AgentFlows v2. Rejects as `send` does. */
  readonly resume: (decision: HumanInput['type'], options?: { feedback?: string }) => Promise<ChatMessage>
  /** Stops the answer, here and on the server; what has come stays. */
  readonly stop: () => Promise<AbortOutcome>
  /** Makes of files what a question takes: `send({ question, uploads: await upload(files) })`. */
  readonly upload: (files: File | Iterable<File>, options?: Omit<UploadOptions, 'chatId'>) => Promise<Upload[]>
  /** Forgets the conversation. */
  readonly clear: () => void
}

/** Makes a chat with a chatflow. Nothing happens until `send`. */
export function createChat(options?: ChatOptions): Chat

/** What answers an `action`, as the data of a question. */
export function resumption(action: Action, decision: HumanInput['type'], feedback?: string): Pick<QueryData, 'question' | 'action' | 'humanInput'>
