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
  /** The file's name. */
  name: string
  /** The media type, such as `image/png`. */
  mime: string
  /** The content: what it is depends on `type`. Missing for `file:rag`, which the server has already. */
  data?: string
}

/** The answer to an `Action` of an AgentFlow v2. */
export interface HumanInput {
  /** The decision. */
  type: 'proceed' | 'reject'
  /** The node that waits: `action.data.nodeId`. Without it, the server takes the last that stopped. */
  startNodeId?: string
  /** The person's own words, if the flow takes them (`humanInputEnableFeedback`). */
  feedback?: string
}

/** What is asked: the body of Flowise's `POST /api/v1/prediction/:id`, whose further members are passed on. */
export interface QueryData {
  /** What the person says. */
  question?: string
  /** The fields of an AgentFlow that starts with a form, instead of a question. */
  form?: Record<string, unknown>
  /** The conversation. Without one, each question is a new one; the id is then made in the page. */
  chatId?: string
  /** Settings of the flow's nodes, as far as the flow allows them; `sessionId` names the memory. */
  overrideConfig?: {
    /** The memory that the conversation goes on with: unless told, that of the conversation (`chatId`). */
    sessionId?: string
    /** The flow's variables, if it allows them to be overridden. */
    vars?: Record<string, unknown>
    [setting: string]: unknown
  }
  /** What was said before, for flows without a memory of their own. */
  history?: {
    /** Who said it: the flow or the person. */
    role: 'apiMessage' | 'userMessage'
    /** What was said. */
    content: string
  }[]
  /** Files that go with the question: what `Flowise.upload` makes of them. */
  uploads?: Upload[]
  /** Who asks: the e-mail address that `Flowise.lead` was told. */
  leadEmail?: string
  /** The answer to an `action` of a sequential agent: the event's own data; `question` is the button's label. */
  action?: Action
  /** The answer to an `action` of an AgentFlow v2. */
  humanInput?: HumanInput
  /** Passed on: the node up to which Flowise builds the flow when it fills a vector store. */
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
  /** The chatflow, unless `url` is a whole prediction URL. */
  chatflowId?: string
  /**
   * The chatflow's API key, sent as `Authorization: Bearer …`; a function is called for each request. Whoever can open the page can
   * read it, so leave it out of public pages: let a server of yours add it.
   */
  apiKey?: string | (() => string | undefined | Promise<string | undefined>)
  /** Sent with every request; a function is called for each. The headers of a call are added to those of what it is called on. */
  headers?: Record<string, string> | (() => Record<string, string> | Promise<Record<string, string>>)
  /** Whether requests carry cookies, as in the `init` of `fetch`. */
  credentials?: RequestCredentials
  /** Called with the `init` of each request just before it is sent. It may change it, or return another one. */
  onRequest?: (init: RequestInit, url: string) => RequestInit | void | Promise<RequestInit | void>
  /** Used instead of the global `fetch`. */
  fetch?: typeof fetch
  /** Time limits, in milliseconds. */
  timeouts?: Timeouts
  /** `auto` unless told. */
  transport?: TransportOption
}

/** Options of `query` and `stream`. */
export interface QueryOptions extends ServerOptions {
  /** Stops the answer, here and on the server. What has come so far is the result, with `finishReason: 'aborted'`. */
  signal?: AbortSignal | null
  /** The time limit for the whole answer, in milliseconds: `timeouts.total`. */
  timeout?: number
  /** A longer event is left out, and is one of the `warnings`. 134,217,728 bytes (128 MiB) unless told. */
  maxMessageBytes?: number
}

/** Options of `fromResponse`. A stop is told to the server if they say which one it is, and which conversation. */
export interface ResponseOptions extends Pick<QueryOptions, 'signal' | 'timeout' | 'timeouts' | 'maxMessageBytes'>, Partial<ServerOptions> {
  /** The `chatId` of the question that was sent. */
  chatId?: string
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
   * The conversation: give it with the next question to stay in it. After an answer that was stopped or lost, of which a run may
   * go on, it is another than was asked in; its memory is the same, and either id can be asked with next.
   */
  chatId: string
  /** How it ended. */
  finishReason: FinishReason
  /** Whether it came piece by piece. */
  streamed: boolean
  /** The id of the answer, for `Flowise.feedback`. */
  chatMessageId?: string
  /**
   * The memory that the conversation goes on with, whatever ids were used for it: keep it, and after a reload ask with
   * `overrideConfig: { sessionId }`.
   */
  sessionId: string
  /** The kind of memory that the flow has, such as `Buffer Memory`. */
  memoryType?: string
  /** The question, as the flow took it: of speech, its text. */
  question?: string
  /** The documents that it is based on. */
  sourceDocuments?: SourceDocument[]
  /** The tools that were used, with input and output. */
  usedTools?: UsedTool[]
  /** Files and pictures that were made. */
  artifacts?: Artifact[]
  /** Files that it refers to. */
  fileAnnotations?: FileAnnotation[]
  /** All steps of the agents. */
  agentReasoning?: AgentReasoning[]
  /** All nodes of an AgentFlow that have run. Flowise 3.0 and later. */
  agentFlowExecutedData?: ExecutedNode[]
  /** The flow waits for a person's decision. */
  action?: Action
  /** How many tokens the model read and wrote. Flowise 3.0 and later. */
  usageMetadata?: UsageMetadata
  /** What the model thought before it answered. */
  thinking?: string
  /** Questions that the person may ask next, if the flow makes some. */
  followUpPrompts?: string[]
  /** The flow's variables, as the run has left them. */
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
  /** Which files a question may have. */
  uploads?: {
    /** Whether speech is taken for a question: an upload of the type `audio`. */
    isSpeechToTextEnabled?: boolean
    /** Whether the model looks at pictures: uploads of the type `file`. */
    isImageUploadAllowed?: boolean
    /** Whether files are put into the vector store: uploads of the type `file:rag`. */
    isRAGFileUploadAllowed?: boolean
    /** What pictures may be. */
    imgUploadSizeAndTypes?: {
      /** Media types, such as `image/png`. */
      fileTypes: string[]
      /** In megabytes. */
      maxUploadSize: number
    }[]
    /** What files for the vector store may be. */
    fileUploadSizeAndTypes?: {
      /** Media types or file endings, as the flow's loaders have them. */
      fileTypes: string[]
      /** In megabytes. */
      maxUploadSize: number
    }[]
  }
  /** Whether `upload` takes attachments, and of which media types. */
  fullFileUpload?: {
    /** Whether it takes them. */
    status: boolean
    /** Media types, with commas between them. */
    allowedUploadFileTypes?: string
  }
  /** Questions to begin with, by number. */
  starterPrompts?: Record<
    string,
    {
      /** The question. */
      prompt: string
    }
  >
  /** Whether people are asked what they think of an answer: `Flowise.feedback`. */
  chatFeedback?: {
    /** Whether they are. */
    status: boolean
  }
  /** Whether people are asked who they are, and how: `Flowise.lead`. */
  leads?: {
    /** Whether they are. */
    status?: boolean
    /** What stands above the form. */
    title?: string
    /** What is said when it is filled in. */
    successMessage?: string
    /** Whether the form asks for a name. */
    name?: boolean
    /** Whether the form asks for an e-mail address. */
    email?: boolean
    /** Whether the form asks for a telephone number. */
    phone?: boolean
  }
  /** Whether answers can be spoken: `Flowise.speak`. Flowise 3.0.8 and later. */
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
  /** Stops the upload, which then rejects. */
  signal?: AbortSignal
}

/** What a person thinks of an answer. */
export interface FeedbackData {
  /** The conversation. */
  chatId: string
  /** `Prediction.chatMessageId` */
  messageId: string
  /** Good or bad. */
  rating: 'THUMBS_UP' | 'THUMBS_DOWN'
  /** In words. */
  content?: string
}

/** Feedback as the server keeps it. */
export interface Feedback extends FeedbackData {
  /** Its id, by which it can be changed. */
  id: string
  /** The chatflow. */
  chatflowid: string
  [member: string]: unknown
}

/** Who asks. */
export interface LeadData {
  /** The conversation. */
  chatId: string
  /** The name. */
  name?: string
  /** The e-mail address. */
  email?: string
  /** The telephone number. */
  phone?: string
}

/** A lead as the server keeps it. */
export interface Lead extends LeadData {
  /** Its id. */
  id: string
  /** The chatflow. */
  chatflowid: string
  [member: string]: unknown
}

/** Options of `Flowise.speak`. */
export interface SpeakOptions {
  /** The conversation that the message is of. */
  chatId?: string
  /** The message that is spoken: it comes back in the events. */
  chatMessageId?: string
  /** Instead of what the chatflow's owner has chosen. */
  provider?: string
  /** The id of the provider's key on the server. */
  credentialId?: string
  /** The provider's name of the voice. */
  voice?: string
  /** The provider's name of the model. */
  model?: string
  /** Ends the request. */
  signal?: AbortSignal
}
