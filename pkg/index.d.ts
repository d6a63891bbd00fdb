/**
 * Streams the answers of Flowise chatflows into browser pages, over Socket.IO (Flowise before 2.1) or server-sent events.
 *
 * Importing does nothing: the first call compiles the WebAssembly inside.
 */

import type { ManagerOptions, Socket, SocketOptions } from 'socket.io-client'

import type { AnyEvents, EventExtra, FlowiseEventName, FlowiseEvents, PredictionEvent, SpeechData, SpeechEnd, SpeechStart } from './events.js'
import type {
  AbortOutcome,
  ChatbotConfig,
  Feedback,
  FeedbackData,
  Lead,
  LeadData,
  Prediction,
  QueryData,
  QueryOptions,
  ResponseOptions,
  ServerOptions,
  SpeakOptions,
  Upload,
  UploadOptions,
} from './prediction.js'

export type * from './events.js'
export type * from './prediction.js'

/**
 * Options of `connect`: those of socket.io-client, and the chatflow's server and id.
 *
 * socket.io-client also sends `headers`, except on a WebSocket, where browsers do not allow it.
 */
export interface ConnectOptions extends Partial<ManagerOptions & SocketOptions>, Omit<ServerOptions, 'url'> {
  /** Skips server-sent events longer than this. Defaults to 134,217,728 bytes (128 MiB). */
  maxMessageBytes?: number
}

/** Listeners for Flowise's events, with autocompletion of their names. */
interface TypedListeners<Self> {
  /** Calls `listener` for every such event. Also accepts events of newer servers and those of socket.io-client. */
  on<Name extends FlowiseEventName>(event: Name, listener: FlowiseEvents[Name]): Self
  /** Calls `listener` for the next such event only. */
  once<Name extends FlowiseEventName>(event: Name, listener: FlowiseEvents[Name]): Self
  /** Removes one listener, or all listeners of the event. */
  off<Name extends FlowiseEventName>(event: Name, listener?: FlowiseEvents[Name]): Self
}

/** A `Socket` of socket.io-client with all its members, and `query`. */
export type FlowiseSocket = TypedListeners<FlowiseSocket> &
  Socket<AnyEvents> & {
    /**
     * Asks the chatflow; the events of the answer arrive on this socket.
     *
     * Waits for the connection and for earlier queries: one query runs at a time.
     *
     * @throws {FlowiseError} (rejects) when the answer fails; an answer that the page stops does not reject
     */
    query(data: QueryData, options?: QueryOptions): Promise<Prediction>
  }

/**
 * Connects to a Flowise server, like socket.io-client's `io`. Returns immediately.
 *
 * If the server has no Socket.IO (2.1 and later), the socket still emits `connect`, generates its own `socket.id`, and `query`
 * delivers the events of a server-sent stream to it.
 *
 * @throws {FlowiseError} `config`: a URL or an option is invalid
 */
export function connect(url?: string | URL, options?: ConnectOptions): FlowiseSocket
/** Connects to the Flowise server that the page comes from. */
export function connect(options: ConnectOptions): FlowiseSocket
export default connect

/**
 * Asks a chatflow. `data.socketIOClientId` names the socket that receives the events; its server, chatflow and API key are used.
 * Without a socket, pass the server and the chatflow: `query(data, { url, chatflowId })`.
 *
 * @throws {FlowiseError} (rejects) when the answer fails; `error.partial` holds what was received. An answer that the page stops
 *   does not reject
 */
export function query(data: QueryData, options?: QueryOptions): Promise<Prediction>

/**
 * Asks a chatflow over its own connection and returns the events as they arrive. A chatflow that does not stream yields its whole
 * text as one `token`, then `end`. Errors reject `result`. The call itself throws only when the page forbids WebAssembly.
 */
export function stream(data: QueryData, options?: QueryOptions): PredictionStream

/**
 * Reads the answer from a response that the page already has: from its own `fetch`, or in a server that proxies Flowise. Returns the
 * same kind of stream as `stream`, for an event stream and for a JSON reply. Leaving the stream closes the response. It stops the run
 * in Flowise only if the options name the chatflow and the conversation.
 *
 * ```js
 * const response = await fetch('/api/chat', { method: 'POST', body: JSON.stringify({ question }) })
 * for await (const { event, data } of fromResponse(response)) if (event === 'token') answer.append(data)
 * ```
 */
export function fromResponse(response: Response | Promise<Response>, options?: ResponseOptions): PredictionStream

/**
 * The events of one answer. Iterate over them, listen to them, or only await the result. A slow reader slows down reading from the
 * server. Socket.IO has no such back-pressure: its events are queued.
 *
 * ```js
 * for await (const { event, data } of stream({ question }, { url, chatflowId })) {
 *   if (event === 'token') answer.append(data)
 * }
 * ```
 */
export interface PredictionStream extends AsyncIterable<PredictionEvent> {
  /** The id of the conversation: given in the question, generated, or the one to continue with (see `Prediction.chatId`). */
  readonly chatId: string
  /** Errors of the server messages skipped so far, as in `Prediction.warnings`. */
  readonly warnings: FlowiseError[]
  /** The whole answer. Rejects like `query`. A stopped answer is not an error. */
  readonly result: Promise<Prediction>
  /** The text of the whole answer. */
  readonly text: Promise<string>
  /** The pieces of the text. Use it instead of the loop: a stream can be read only once. */
  readonly textStream: ReadableStream<string>
  /** Returns the events as a `ReadableStream`. Use it instead of the loop. */
  toReadableStream(): ReadableStream<PredictionEvent>
  /** Calls `listener` for every such event and starts reading. Cheaper than a loop. */
  on<Name extends FlowiseEventName>(event: Name, listener: FlowiseEvents[Name]): this
  /** Calls `listener` for every such event. For events of newer servers and custom nodes. */
  on<Name extends string>(event: Name, listener: AnyEvents[Name]): this
  /** Removes a listener. */
  off<Name extends FlowiseEventName>(event: Name, listener: FlowiseEvents[Name]): this
  /** Removes a listener of an event that is not in the list. */
  off<Name extends string>(event: Name, listener: AnyEvents[Name]): this
  /** Calls `listener` for every event. */
  onAny(listener: (event: FlowiseEventName | (string & {}), data: any, extra?: EventExtra) => void): this
  /** Removes a listener added by `onAny`. */
  offAny(listener: (event: FlowiseEventName | (string & {}), data: any, extra?: EventExtra) => void): this
  /** Stops the answer, here and on the server. Leaving the loop does the same. Never rejects. */
  abort(): Promise<AbortOutcome>
  /** Leaving the loop stops the answer. */
  [Symbol.asyncIterator](): AsyncIterableIterator<PredictionEvent>
}

/** An event of a `SpeechStream`. */
export type SpeechEvent =
  | { event: 'tts_start'; data: SpeechStart }
  | { event: 'tts_data'; data: SpeechData }
  | { event: 'tts_end'; data: SpeechEnd }

/** The speech made from one text. */
export interface SpeechStream extends AsyncIterable<SpeechEvent> {
  /** Resolves when the speech is complete. Rejects with the error of the provider or the server. */
  readonly result: Promise<unknown>
  /** Calls `listener` for every such event. */
  on<Name extends SpeechEvent['event']>(event: Name, listener: FlowiseEvents[Name]): this
  /** Removes a listener. */
  off<Name extends SpeechEvent['event']>(event: Name, listener: FlowiseEvents[Name]): this
  /** Cancels the request. */
  abort(): Promise<AbortOutcome>
  /** Leaving the loop cancels the request. */
  [Symbol.asyncIterator](): AsyncIterableIterator<SpeechEvent>
}

/**
 * A chatflow on a server, for pages with several of them.
 *
 * Methods that return a promise reject with a `FlowiseError`. Flowise 3.0.9 and later refuse `abort`, `upload`, `feedback` and `lead`
 * from another origin (code `cors`) until the server's CORS_ORIGINS lists the page's origin.
 */
export class Flowise {
  /** Needs `url` and `chatflowId`. Sends nothing. */
  constructor(options: QueryOptions)
  /** Like the function `connect`, for this chatflow. */
  connect(options?: ConnectOptions): FlowiseSocket
  /** Like the function `query`, for this chatflow. */
  query(data: QueryData, options?: QueryOptions): Promise<Prediction>
  /** Like the function `stream`, for this chatflow. */
  stream(data: QueryData, options?: QueryOptions): PredictionStream
  /** Like the function `fromResponse`, for this chatflow. */
  fromResponse(response: Response | Promise<Response>, options?: ResponseOptions): PredictionStream
  /** Returns whether the chatflow streams its answers. */
  isStreaming(): Promise<boolean>
  /** Returns the owner's settings for chat pages. */
  chatbotConfig(): Promise<ChatbotConfig>
  /**
   * Asks the server to stop the run of a conversation. Flowise cannot stop classic chains and tool agents. Never rejects.
   * Before Flowise 3.1, this needs an API key of the server.
   */
  abort(chatId: string): Promise<AbortOutcome>
  /** Turns files into `uploads` for `query`. */
  upload(files: File | Iterable<File>, options: UploadOptions): Promise<Upload[]>
  /** Sends a person's rating of an answer. */
  feedback(feedback: FeedbackData): Promise<Feedback>
  /** Changes the feedback with this id. */
  feedback(feedback: Partial<FeedbackData> & { id: string }): Promise<unknown>
  /** Sends the contact details of the person who asks. */
  lead(lead: LeadData): Promise<Lead>
  /** Speaks a text with the voice that the chatflow's owner has chosen (Flowise 3.0.8 and later). */
  speak(text: string, options?: SpeakOptions): SpeechStream
}

/** Options of `EventStreamDecoder`. */
export interface EventStreamDecoderOptions {
  /** Skips messages longer than this. Defaults to 134,217,728 bytes (128 MiB). */
  maxMessageBytes?: number
  /** Called with a `decode` or `message-too-long` error for each skipped message. Defaults to logging to the console. */
  onError?: (error: FlowiseError & { raw?: string }) => void
}

/**
 * Decodes an event stream of Flowise for code that makes its own request, such as a proxy or a service worker.
 *
 * ```js
 * const decoder = new EventStreamDecoder((event, data) => console.log(event, data))
 * const reader = response.body.getReader()
 * for (let next = await reader.read(); !next.done; next = await reader.read()) decoder.push(next.value)
 * ```
 */
export class EventStreamDecoder {
  /** `push` calls `onEvent` for each event. `extra` holds further members of the event, if it has any. */
  constructor(onEvent: (event: string, data: unknown, extra?: EventExtra) => void, options?: EventStreamDecoderOptions)
  /** Decodes a chunk, which may end anywhere. Delivers all events first, then rethrows what a listener threw. */
  push(chunk: Uint8Array): void
  /** Ends the stream and drops an incomplete event. Returns whether it dropped one. */
  finish(): boolean
  /** Frees the memory of the decoder. Otherwise garbage collection frees it. */
  free(): void
}

/**
 * What kind of failure it is:
 *
 * - `config`: an option is missing or wrong; nothing was sent
 * - `connect`: no server answered
 * - `cors`: the server responds, but the browser does not let this page's origin read the response
 * - `unauthorized`: the API key is missing or wrong
 * - `forbidden`: the server refuses this page's origin or this request
 * - `not-found`: the server does not know the chatflow or the path
 * - `rate-limited`: the chatflow's rate limit is reached
 * - `too-large`: the request is larger than the server accepts
 * - `status`: any other HTTP error status
 * - `timeout`: a time limit ran out
 * - `protocol`: the response is not one that Flowise sends
 * - `decode`: a message of the event stream is not valid JSON; the stream goes on
 * - `message-too-long`: an event is larger than the limit; the stream goes on
 * - `server`: Flowise reported that the run failed
 * - `interrupted`: the connection broke before the answer was complete
 * - `disconnected`: the page disconnected the socket
 * - `unsupported`: this server or page cannot do it
 */
export type FlowiseErrorCode =
  | 'config'
  | 'connect'
  | 'cors'
  | 'unauthorized'
  | 'forbidden'
  | 'not-found'
  | 'rate-limited'
  | 'too-large'
  | 'status'
  | 'timeout'
  | 'protocol'
  | 'decode'
  | 'message-too-long'
  | 'server'
  | 'interrupted'
  | 'disconnected'
  | 'unsupported'

/** The error class of this package. The message says what to do. */
export class FlowiseError extends Error {
  private constructor()
  /** Always `FlowiseError`. */
  readonly name: 'FlowiseError'
  /** What kind of failure it is. */
  readonly code: FlowiseErrorCode
  /** The HTTP status, if the server sent one. */
  readonly status: number | undefined
  /** The error of the browser, of socket.io-client or of a callback of the page. */
  readonly cause?: unknown
  /** What was received of an answer before it failed. */
  readonly partial: Prediction | undefined
}

/** Returns whether `error` is a `FlowiseError`, also of another copy of this package. */
export function isFlowiseError(error: unknown): error is FlowiseError
