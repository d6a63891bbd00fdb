import type { FlowiseError } from './index.js'
import type {
  Action,
  AgentReasoning,
  Artifact,
  ExecutedNode,
  FileAnnotation,
  SourceDocument,
  UsageMetadata,
  UsedTool,
} from './events.js'

/** A file in a question: see `Flowise.upload`. */
export interface Upload {
  /**
   * `file`: a picture or other file as a data URI; `audio`: speech as a data URI; `file:full`: text that was taken out of a
   * file; `file:rag`: a file that is in the vector store already; `url`: an address in `data`.
   */
  type: 'file' | 'audio' | 'url' | 'file:full' | 'file:rag' | 'stored-file' | 'stored-file:full' | (string & {})
  name: string
  /** The media type, such as `image/png`. */
  mime: string
  data?: string
}

/** The answer to an `Action` of an AgentFlow v2. */
export interface HumanInput {
  type: 'proceed' | 'reject'
  /** The node that waits: `action.data.nodeId`. Without it, the server takes the last that stopped. */
  startNodeId?: string
  feedback?: string
}

/** What is asked: the body of Flowise's `POST /api/v1/prediction/:id`, whose further members are passed on. */
export interface QueryData {
  question?: string
  /** The fields of an AgentFlow that starts with a form, instead of a question. */
  form?: Record<string, unknown>
  /** The conversation. Without one, each question is a new one; the id is then made in the page. */
  chatId?: string
  /** Settings of the flow's nodes, as far as the flow allows them; `sessionId` names the memory. */
  overrideConfig?: { sessionId?: string; vars?: Record<string, unknown>; [setting: string]: unknown }
  /** What was said before, for flows without a memory of their own. */
  history?: { role: 'apiMessage' | 'userMessage'; content: string }[]
  uploads?: Upload[]
  leadEmail?: string
  /** The answer to an `action` of a sequential agent: the event's own data; `question` is the button's label. */
  action?: Action
  /** The answer to an `action` of an AgentFlow v2. */
  humanInput?: HumanInput
  stopNodeId?: string
  /** The id of the socket that gets the events: `socket.id`. If it is empty, the page's only socket. */
  socketIOClientId?: string
  [member: string]: unknown
}

/** Time limits in milliseconds; 0 is none. */
export interface Timeouts {
  /** Until there is a connection. 20,000 unless told. */
  connect?: number
  /** Until a stream's first event. 60,000 unless told. */
  firstByte?: number
  /** Silence within a stream; heartbeats count as sound. 300,000 unless told. */
  idle?: number
  /** The whole answer. None unless told. */
  total?: number
}

/** Which wire is used: `auto` finds out what the server has. */
export type TransportOption = 'auto' | 'socket.io' | 'sse'

/** Where a chatflow is, and how to reach it. */
export interface ServerOptions {
  /** The server's address, perhaps with the path that Flowise is mounted under, or a whole prediction URL. */
  url?: string | URL
  chatflowId?: string
  /**
   * The chatflow's API key, sent as `Authorization: Bearer …`. Whoever can open the page can read it, so leave it out of
   * public pages: let a server of yours add it.
   */
  apiKey?: string
  /** Sent with every request. */
  headers?: Record<string, string>
  /** Used instead of the global `fetch`. */
  fetch?: typeof fetch
  timeouts?: Timeouts
  /** `auto` unless told. */
  transport?: TransportOption
}

/** Options of `query` and `stream`. */
export interface QueryOptions extends ServerOptions {
  /** Stops the answer, here and on the server. What has come so far is the result, with `finishReason: 'aborted'`. */
  signal?: AbortSignal
  /** The time limit for the whole answer, in milliseconds: `timeouts.total`. */
  timeout?: number
  /** A longer event is left out, and is one of the `warnings`. 134,217,728 bytes (128 MiB) unless told. */
  maxMessageBytes?: number
}

/**
 * Why an answer ended: it is complete; the page or the server stopped it; the connection broke; the run failed; or it was
 * complete, without any text.
 */
export type FinishReason = 'stop' | 'aborted' | 'interrupted' | 'error' | 'empty'

/** An answer, in the same shape whatever server it came from. */
export interface Prediction {
  /** What was streamed, or the server's own final text. JSON text if the flow answers with `json`. */
  text: string
  /**
   * The conversation. After an answer that was stopped or lost, of which a run may go on, it is another than was asked in; its
   * memory is the same, and either id can be asked with next.
   */
  chatId: string
  finishReason: FinishReason
  /** Whether it came piece by piece. */
  streamed: boolean
  chatMessageId?: string
  sessionId?: string
  memoryType?: string
  question?: string
  sourceDocuments?: SourceDocument[]
  usedTools?: UsedTool[]
  artifacts?: Artifact[]
  fileAnnotations?: FileAnnotation[]
  agentReasoning?: AgentReasoning[]
  agentFlowExecutedData?: ExecutedNode[]
  /** The flow waits for a person's decision. */
  action?: Action
  usageMetadata?: UsageMetadata
  /** What the model thought before it answered. */
  thinking?: string
  followUpPrompts?: string[]
  flowVariables?: unknown
  /** The answer of a flow with an output parser. */
  json?: unknown
  /** Messages of the server that were left out: malformed (`decode`) or too long (`message-too-long`). The first ten. */
  warnings?: FlowiseError[]
  [member: string]: unknown
}

/** What became of a stop. */
export interface AbortOutcome {
  /** The server took the request. It says the same whether or not there was anything to stop. */
  reached: boolean
  /** Why it did not: `cors` from another origin without CORS_ORIGINS, `unauthorized` before Flowise 3.1. */
  error?: Error
}

/** What a chatflow's owner has set for chat pages: `GET /api/v1/public-chatbotConfig/:id`. */
export interface ChatbotConfig {
  uploads?: {
    isSpeechToTextEnabled?: boolean
    isImageUploadAllowed?: boolean
    isRAGFileUploadAllowed?: boolean
    imgUploadSizeAndTypes?: { fileTypes: string[]; maxUploadSize: number }[]
    fileUploadSizeAndTypes?: { fileTypes: string[]; maxUploadSize: number }[]
  }
  /** Whether `upload` takes attachments, and of which media types. */
  fullFileUpload?: { status: boolean; allowedUploadFileTypes?: string }
  starterPrompts?: Record<string, { prompt: string }>
  chatFeedback?: { status: boolean }
  leads?: { status?: boolean; title?: string; successMessage?: string; name?: boolean; email?: boolean; phone?: boolean }
  isTTSEnabled?: boolean
  [setting: string]: unknown
}

/** Options of `Flowise.upload`. */
export interface UploadOptions {
  /** The conversation that the files belong to: the same as in the question. */
  chatId: string
  /**
   * `inline` puts a file into the question as a data URI, `attachment` lets the server take the text out of it
   * (`POST /attachments`, Flowise 2.1.4 and later). `auto`, unless told: pictures and audio inline, all others as attachments.
   */
  mode?: 'auto' | 'inline' | 'attachment'
  signal?: AbortSignal
}

/** What a person thinks of an answer. */
export interface FeedbackData {
  chatId: string
  /** `Prediction.chatMessageId` */
  messageId: string
  rating: 'THUMBS_UP' | 'THUMBS_DOWN'
  content?: string
}

/** Feedback as the server keeps it. */
export interface Feedback extends FeedbackData {
  id: string
  chatflowid: string
  [member: string]: unknown
}

/** Who asks. */
export interface LeadData {
  chatId: string
  name?: string
  email?: string
  phone?: string
}

/** A lead as the server keeps it. */
export interface Lead extends LeadData {
  id: string
  chatflowid: string
  [member: string]: unknown
}

/** Options of `Flowise.speak`. */
export interface SpeakOptions {
  chatId?: string
  /** The message that is spoken: it comes back in the events. */
  chatMessageId?: string
  /** Instead of what the chatflow's owner has chosen. */
  provider?: string
  credentialId?: string
  voice?: string
  model?: string
  signal?: AbortSignal
}
