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
   * `file`: a picture or other file as a data URI; `audio`: speech as a data URI; `file:full`: text extracted from a
   * file; `file:rag`: a file that the vector store already has; `url`: an address in `data`.
   */
  type: 'file' | 'audio' | 'url' | 'file:full' | 'file:rag' | 'stored-file' | 'stored-file:full' | (string & {})
  /** The file's name. */
  name: string
  /** The media type, such as `image/png`. */
  mime: string
  /** The content, in the form that `type` asks for. Missing for `file:rag`: the server already has the file. */
  data?: string
}

/** The answer to an `Action` of an AgentFlow v2. */
export interface HumanInput {
  /** The decision. */
  type: 'proceed' | 'reject'
  /** The node that waits: `action.data.nodeId`. Defaults to the last node that stopped. */
  startNodeId?: string
  /** The person's own words, if the flow accepts them (`humanInputEnableFeedback`). */
  feedback?: string
}

/** A question: the body of Flowise's `POST /api/v1/prediction/:id`. Further members are sent unchanged. */
export interface QueryData {
  /** The text of the question. */
  question?: string
  /** The fields of an AgentFlow that starts with a form, instead of a question. */
  form?: Record<string, unknown>
  /** The conversation. Defaults to a generated id: each question starts a new conversation. */
  chatId?: string
  /** Settings of the flow's nodes, as far as the flow allows them; `sessionId` names the memory. */
  overrideConfig?: {
    /** The memory to continue with. Defaults to that of the conversation (`chatId`). */
    sessionId?: string
    /** The flow's variables, if it allows them to be overridden. */
    vars?: Record<string, unknown>
    [setting: string]: unknown
  }
  /** Earlier messages, for flows without their own memory. */
  history?: {
    /** The speaker: the flow or the person. */
    role: 'apiMessage' | 'userMessage'
    /** The text of the message. */
    content: string
  }[]
  /** Files for the question, as `Flowise.upload` returns them. */
  uploads?: Upload[]
  /** The e-mail address of the person, as sent with `Flowise.lead`. */
  leadEmail?: string
  /** The answer to an `action` of a sequential agent: the data of that event, with the button's label as `question`. */
  action?: Action
  /** The answer to an `action` of an AgentFlow v2. */
  humanInput?: HumanInput
  /** The last node that Flowise builds when it fills a vector store. Sent unchanged. */
  stopNodeId?: string
  /** The id of the socket that receives the events: `socket.id`. An empty id means the page's only socket. */
  socketIOClientId?: string
  [member: string]: unknown
}

/** Time limits in milliseconds. 0 means no limit. */
export interface Timeouts {
  /** Time to connect. Defaults to 20,000. */
  connect?: number
  /** Time until a stream's first event. Defaults to 60,000. */
  firstByte?: number
  /** Longest silence within a stream; heartbeats count as activity. Defaults to 300,000. */
  idle?: number
  /** Time for the whole answer. Defaults to no limit. */
  total?: number
}

/** The protocol. `auto` detects what the server supports. */
export type TransportOption = 'auto' | 'socket.io' | 'sse'

/** The address of a chatflow, and how to send requests to it. */
export interface ServerOptions {
  /** The server's address, including the path that Flowise is mounted under, or a whole prediction URL. */
  url?: string | URL
  /** The id of the chatflow. Not needed if `url` is a whole prediction URL. */
  chatflowId?: string
  /**
   * The chatflow's API key, sent as `Authorization: Bearer …`; a function is called for each request. Everyone who opens the
   * page can read it. Leave it out of public pages and let your server add it.
   */
  apiKey?: string | (() => string | undefined | Promise<string | undefined>)
  /** Headers of every request; a function is called for each request. Headers of a call are added to those of its `Flowise` or socket. */
  headers?: Record<string, string> | (() => Record<string, string> | Promise<Record<string, string>>)
  /** Whether requests send cookies, as in the `init` of `fetch`. */
  credentials?: RequestCredentials
  /** Called with the `init` of each request just before it is sent. It may change `init` or return another one. */
  onRequest?: (init: RequestInit, url: string) => RequestInit | void | Promise<RequestInit | void>
  /** Used instead of the global `fetch`. */
  fetch?: typeof fetch
  /** Time limits, in milliseconds. */
  timeouts?: Timeouts
  /** Defaults to `auto`. */
  transport?: TransportOption
}

/** Options of `query` and `stream`. */
export interface QueryOptions extends ServerOptions {
  /** Stops the answer, here and on the server. The result is what was received so far, with `finishReason: 'aborted'`. */
  signal?: AbortSignal | null
  /** The time limit for the whole answer, in milliseconds: `timeouts.total`. */
  timeout?: number
  /** Skips longer events and adds each to `warnings`. Defaults to 134,217,728 bytes (128 MiB). */
  maxMessageBytes?: number
}

/** Options of `fromResponse`. A stop reaches the server only if they name the server, the chatflow and the conversation. */
export interface ResponseOptions extends Pick<QueryOptions, 'signal' | 'timeout' | 'timeouts' | 'maxMessageBytes'>, Partial<ServerOptions> {
  /** The `chatId` of the question that was sent. */
  chatId?: string
}

/**
 * Why an answer ended, in this order: it is complete; the page or the server stopped it; the connection broke; the run failed;
 * it is complete but has no text.
 */
export type FinishReason = 'stop' | 'aborted' | 'interrupted' | 'error' | 'empty'

/** An answer. Every Flowise version yields the same shape. */
export interface Prediction {
  /** The streamed text, or the server's final text. JSON text if the flow answers with `json`. */
  text: string
  /**
   * The conversation: pass it with the next question to stay in it. After a stopped or lost answer it is a new id, because the old
   * run may still be going on. Both ids share the same memory, and the next question can use either.
   */
  chatId: string
  /** Why the answer ended. */
  finishReason: FinishReason
  /** Whether the server streamed it. */
  streamed: boolean
  /** The id of the answer, for `Flowise.feedback`. */
  chatMessageId?: string
  /**
   * The memory of the conversation, also after its `chatId` has changed. Store it, and after a reload continue with
   * `overrideConfig: { sessionId }`.
   */
  sessionId: string
  /** The kind of memory that the flow has, such as `Buffer Memory`. */
  memoryType?: string
  /** The question as the flow received it; for speech, its transcript. */
  question?: string
  /** The documents that the answer is based on. */
  sourceDocuments?: SourceDocument[]
  /** The tools that the run used, with input and output. */
  usedTools?: UsedTool[]
  /** Files and pictures that the run made. */
  artifacts?: Artifact[]
  /** Files that the answer refers to. */
  fileAnnotations?: FileAnnotation[]
  /** All steps of the agents. */
  agentReasoning?: AgentReasoning[]
  /** All nodes of an AgentFlow that ran. Flowise 3.0 and later. */
  agentFlowExecutedData?: ExecutedNode[]
  /** The flow waits for a person's decision. */
  action?: Action
  /** How many tokens the model read and wrote. Flowise 3.0 and later. */
  usageMetadata?: UsageMetadata
  /** The model's thinking before the answer. */
  thinking?: string
  /** Suggested next questions, if the flow makes some. */
  followUpPrompts?: string[]
  /** The flow's variables after the run. */
  flowVariables?: unknown
  /** The answer of a flow with an output parser. */
  json?: unknown
  /** Errors of the first ten skipped server messages: malformed (`decode`) or too long (`message-too-long`). */
  warnings?: FlowiseError[]
  [member: string]: unknown
}

/** The result of a stop. */
export interface AbortOutcome {
  /** Whether the server accepted the request. It accepts the request even if nothing was running. */
  reached: boolean
  /** Why the server did not accept it: `cors` from another origin without CORS_ORIGINS, `unauthorized` before Flowise 3.1. */
  error?: Error
}

/** The owner's settings for chat pages: `GET /api/v1/public-chatbotConfig/:id`. */
export interface ChatbotConfig {
  /** The files that a question may have. */
  uploads?: {
    /** Whether the flow accepts spoken questions: uploads of type `audio`. */
    isSpeechToTextEnabled?: boolean
    /** Whether the model accepts pictures: uploads of type `file`. */
    isImageUploadAllowed?: boolean
    /** Whether the flow puts files into the vector store: uploads of type `file:rag`. */
    isRAGFileUploadAllowed?: boolean
    /** Accepted types and sizes of pictures. */
    imgUploadSizeAndTypes?: {
      /** Media types, such as `image/png`. */
      fileTypes: string[]
      /** The largest size, in megabytes. */
      maxUploadSize: number
    }[]
    /** Accepted types and sizes of files for the vector store. */
    fileUploadSizeAndTypes?: {
      /** Media types or file extensions, as the flow's loaders name them. */
      fileTypes: string[]
      /** The largest size, in megabytes. */
      maxUploadSize: number
    }[]
  }
  /** Whether `upload` accepts attachments, and their media types. */
  fullFileUpload?: {
    /** Whether it accepts them. */
    status: boolean
    /** Media types, separated by commas. */
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
  /** Whether the page asks for ratings of answers: `Flowise.feedback`. */
  chatFeedback?: {
    /** Whether it asks. */
    status: boolean
  }
  /** Whether the page asks for contact details, and in which form: `Flowise.lead`. */
  leads?: {
    /** Whether it asks. */
    status?: boolean
    /** The title of the form. */
    title?: string
    /** The message after the form is sent. */
    successMessage?: string
    /** Whether the form asks for a name. */
    name?: boolean
    /** Whether the form asks for an e-mail address. */
    email?: boolean
    /** Whether the form asks for a telephone number. */
    phone?: boolean
  }
  /** Whether the chatflow can speak its answers: `Flowise.speak`. Flowise 3.0.8 and later. */
  isTTSEnabled?: boolean
  [setting: string]: unknown
}

/** Options of `Flowise.upload`. */
export interface UploadOptions {
  /** The conversation that the files belong to: the same as in the question. */
  chatId: string
  /**
   * `inline` puts a file into the question as a data URI. `attachment` has the server extract its text (`POST /attachments`,
   * Flowise 2.1.4 and later). Defaults to `auto`: pictures and audio inline, all others as attachments.
   */
  mode?: 'auto' | 'inline' | 'attachment'
  /** Cancels the upload: it rejects. */
  signal?: AbortSignal
}

/** A person's rating of an answer. */
export interface FeedbackData {
  /** The conversation. */
  chatId: string
  /** The answer: `Prediction.chatMessageId`. */
  messageId: string
  /** Good or bad. */
  rating: 'THUMBS_UP' | 'THUMBS_DOWN'
  /** A comment. */
  content?: string
}

/** Feedback as the server stores it. */
export interface Feedback extends FeedbackData {
  /** Its id. Pass it to change the feedback. */
  id: string
  /** The chatflow. */
  chatflowid: string
  [member: string]: unknown
}

/** The contact details of the person who asks. */
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

/** A lead as the server stores it. */
export interface Lead extends LeadData {
  /** Its id. */
  id: string
  /** The chatflow. */
  chatflowid: string
  [member: string]: unknown
}

/** Options of `Flowise.speak`. */
export interface SpeakOptions {
  /** The conversation of the message. */
  chatId?: string
  /** The spoken message. The events repeat this id. */
  chatMessageId?: string
  /** The speech provider. Defaults to the one that the chatflow's owner chose. */
  provider?: string
  /** The id of the provider's key on the server. */
  credentialId?: string
  /** The provider's name of the voice. */
  voice?: string
  /** The provider's name of the model. */
  model?: string
  /** Cancels the request. */
  signal?: AbortSignal
}
