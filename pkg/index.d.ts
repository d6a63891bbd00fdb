/**
 * Streams the answers of Flowise chatflows into browser pages, over Socket.IO (Flowise before 2.1) or server-sent events.
 *
 * Importing does nothing: the WebAssembly inside is instantiated at the first call.
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
 * Options of `connect`: socket.io-client's own, and where the chatflow is.
 *
 * `headers` are also sent by socket.io-client, as far as the browser allows it (not on a WebSocket).
 */
export interface ConnectOptions extends Partial<ManagerOptions & SocketOptions>, Omit<ServerOptions, 'url'> {
  /** A longer event of a server-sent stream is left out. 134,217,728 bytes (128 MiB) unless told. */
  maxMessageBytes?: number
}

/** Listeners for Flowise's events, offered by name. */
interface TypedListeners<Self> {
  /** Calls back at every such event; newer servers' events and socket.io-client's own can be listened to as well. */
  on<Name extends FlowiseEventName>(event: Name, listener: FlowiseEvents[Name]): Self
  /** Calls back at the next such event, and then no more. */
  once<Name extends FlowiseEventName>(event: Name, listener: FlowiseEvents[Name]): Self
  /** Ends the calls of one listener, or of all listeners of the event. */
  off<Name extends FlowiseEventName>(event: Name, listener?: FlowiseEvents[Name]): Self
}

/** A socket of socket.io-client, with every member that it has there, and `query`. */
export type FlowiseSocket = TypedListeners<FlowiseSocket> &
  Socket<AnyEvents> & {
    /**
     * Asks the chatflow; the events of the answer arrive on this socket.
     *
     * Waits until the socket is connected, and for the queries before it: one runs at a time.
     *
     * @throws {FlowiseError} (rejects) unless there is an answer or the page has stopped it
     */
    query(data: QueryData, options?: QueryOptions): Promise<Prediction>
  }

/**
 * Connects to a Flowise server, as socket.io-client's `io` does; returns at once.
 *
 * With a server that has no Socket.IO (2.1 and later), `connect` is emitted all the same, `socket.id` is made in the page,
 * and the events of `query` come over server-sent events.
 *
 * @throws {FlowiseError} `config`: a URL or an option that makes no sense
 */
export function connect(url?: string | URL, options?: ConnectOptions): FlowiseSocket
/** Connects to the Flowise server that the page comes from. */
export function connect(options: ConnectOptions): FlowiseSocket
export default connect

/**
 * Asks a chatflow. The socket that `data.socketIOClientId` names knows server, chatflow and key, and gets the events; without
 * a socket the options say which server is asked: `query(data, { url, chatflowId })`.
 *
 * @throws {FlowiseError} (rejects) unless there is an answer or the page has stopped it; what came is in `error.partial`
 */
export function query(data: QueryData, options?: QueryOptions): Promise<Prediction>

/**
 * Asks a chatflow over a connection of its own, and gives the events as they come. A chatflow that does not stream gives its text as one
 * `token`, and `end`. What is wrong with a question rejects `result`; only a page that forbids WebAssembly makes it throw.
 */
export function stream(data: QueryData, options?: QueryOptions): PredictionStream

/**
 * The answer in the response to a request that was made already: with a `fetch` of the page's own, or by a server on its way to Flowise.
 * It is the same stream as `stream` returns, for an event stream and for a JSON reply. Leaving it closes the response; Flowise runs on
 * unless the options name the chatflow and the conversation, so that it can be told to stop.
 *
 * ```js
 * const response = await fetch('/api/chat', { method: 'POST', body: JSON.stringify({ question }) })
 * for await (const { event, data } of fromResponse(response)) if (event === 'token') answer.append(data)
 * ```
 */
export function fromResponse(response: Response | Promise<Response>, options?: ResponseOptions): PredictionStream

/**
 * The events of one answer: to be iterated over, listened to, or only awaited. If the reader is slow, no more is read from
 * the server than it takes; the events of a Socket.IO server, which cannot be held back, wait for it.
 *
 * ```js
 * for await (const { event, data } of stream({ question }, { url, chatflowId })) {
 *   if (event === 'token') answer.append(data)
 * }
 * ```
 */
export interface PredictionStream extends AsyncIterable<PredictionEvent> {
  /** The conversation: the id that was given, one that was made, or the one under which it goes on (see `Prediction.chatId`). */
  readonly chatId: string
  /** The messages of the server that were left out so far, as in `Prediction.warnings`. */
  readonly warnings: FlowiseError[]
  /** The whole answer; rejects as `query` does. A stopped answer is no error. */
  readonly result: Promise<Prediction>
  /** The text of the whole answer. */
  readonly text: Promise<string>
  /** The pieces of the text. Takes the place of the loop, as a stream is read once. */
  readonly textStream: ReadableStream<string>
  /** The events, as a stream. Takes the place of the loop. */
  toReadableStream(): ReadableStream<PredictionEvent>
  /** Calls back at every such event, and begins to read. Listening is cheaper than a loop. */
  on<Name extends FlowiseEventName>(event: Name, listener: FlowiseEvents[Name]): this
  /** Calls back at every such event, for events of newer servers and custom nodes. */
  on<Name extends string>(event: Name, listener: AnyEvents[Name]): this
  /** Ends the calls of a listener. */
  off<Name extends FlowiseEventName>(event: Name, listener: FlowiseEvents[Name]): this
  /** Ends the calls of a listener of an event that is not in the list. */
  off<Name extends string>(event: Name, listener: AnyEvents[Name]): this
  /** Listens to all events. */
  onAny(listener: (event: FlowiseEventName | (string & {}), data: any, extra?: EventExtra) => void): this
  /** Ends what `onAny` began. */
  offAny(listener: (event: FlowiseEventName | (string & {}), data: any, extra?: EventExtra) => void): this
  /** Stops the answer, here and on the server; leaving the loop does it, too. Never rejects. */
  abort(): Promise<AbortOutcome>
  /** Leaving the loop stops the answer. */
  [Symbol.asyncIterator](): AsyncIterableIterator<PredictionEvent>
}

/** An event of a `SpeechStream`. */
export type SpeechEvent =
  | { event: 'tts_start'; data: SpeechStart }
  | { event: 'tts_data'; data: SpeechData }
  | { event: 'tts_end'; data: SpeechEnd }

/** A text as it is spoken. */
export interface SpeechStream extends AsyncIterable<SpeechEvent> {
  /** When all is spoken. Rejects with what the provider says, or the server. */
  readonly result: Promise<unknown>
  /** Calls back at every such event. */
  on<Name extends SpeechEvent['event']>(event: Name, listener: FlowiseEvents[Name]): this
  /** Ends the calls of a listener. */
  off<Name extends SpeechEvent['event']>(event: Name, listener: FlowiseEvents[Name]): this
  /** Ends the request. */
  abort(): Promise<AbortOutcome>
  /** Leaving the loop ends the request. */
  [Symbol.asyncIterator](): AsyncIterableIterator<SpeechEvent>
}

/**
 * A chatflow on a server, for pages with several of them.
 *
 * Its methods promise, and reject with a `FlowiseError`. From another origin, Flowise 3.0.9 and later refuse `abort`, `upload`,
 * `feedback` and `lead` (code `cors`) until the server's CORS_ORIGINS has the page's origin.
 */
export class Flowise {
  /** `url` and `chatflowId` say where the chatflow is; nothing is sent yet. */
  constructor(options: QueryOptions)
  /** As the function of that name, at this chatflow. */
  connect(options?: ConnectOptions): FlowiseSocket
  /** As the function of that name, at this chatflow. */
  query(data: QueryData, options?: QueryOptions): Promise<Prediction>
  /** As the function of that name, at this chatflow. */
  stream(data: QueryData, options?: QueryOptions): PredictionStream
  /** As the function of that name, at this chatflow. */
  fromResponse(response: Response | Promise<Response>, options?: ResponseOptions): PredictionStream
  /** Whether the chatflow's answers come piece by piece. */
  isStreaming(): Promise<boolean>
  /** What the chatflow's owner has set for chat pages. */
  chatbotConfig(): Promise<ChatbotConfig>
  /**
   * Stops what runs in a conversation, if the server can: it never stops classic chains and tool agents. Never rejects.
   * Before Flowise 3.1 it takes an API key of the server.
   */
  abort(chatId: string): Promise<AbortOutcome>
  /** Makes of files what `query({ uploads })` takes. */
  upload(files: File | Iterable<File>, options: UploadOptions): Promise<Upload[]>
  /** Says what a person thinks of an answer. */
  feedback(feedback: FeedbackData): Promise<Feedback>
  /** Changes a feedback: the one with this id. */
  feedback(feedback: Partial<FeedbackData> & { id: string }): Promise<unknown>
  /** Says who asks. */
  lead(lead: LeadData): Promise<Lead>
  /** Speaks a text with the voice that the chatflow's owner has chosen (Flowise 3.0.8 and later). */
  speak(text: string, options?: SpeakOptions): SpeechStream
}

/** Options of `EventStreamDecoder`. */
export interface EventStreamDecoderOptions {
  /** A longer message is left out. 134,217,728 bytes (128 MiB) unless told. */
  maxMessageBytes?: number
  /** Gets a `decode` or `message-too-long` error for each message that is left out. Without it, they are written to the console. */
  onError?: (error: FlowiseError & { raw?: string }) => void
}

/**
 * Decodes an event stream of Flowise, for whoever owns the fetch: a proxy, a service worker.
 *
 * ```js
 * const decoder = new EventStreamDecoder((event, data) => console.log(event, data))
 * const reader = response.body.getReader()
 * for (let next = await reader.read(); !next.done; next = await reader.read()) decoder.push(next.value)
 * ```
 */
export class EventStreamDecoder {
  /** `onEvent` is called for each event, within `push`; `extra` has the event's further members, if any. */
  constructor(onEvent: (event: string, data: unknown, extra?: EventExtra) => void, options?: EventStreamDecoderOptions)
  /** Takes a chunk, which may end anywhere. Throws what a listener threw, after all events are delivered. */
  push(chunk: Uint8Array): void
  /** Ends the stream: an event that is not complete is dropped; says whether there was one. */
  finish(): boolean
  /** Gives the memory back. It is given back, too, some time after the decoder is forgotten. */
  free(): void
}

/**
 * What kind of failure it is:
 *
 * - `config`: an option is missing or wrong; nothing was sent
 * - `connect`: no server answered
 * - `cors`: a server is there, but the browser may not read its answer from this page's origin
 * - `unauthorized`: the API key is missing or wrong
 * - `forbidden`: the server refuses this page's origin or this request
 * - `not-found`: the server does not know the chatflow or the path
 * - `rate-limited`: the chatflow's rate limit is reached
 * - `too-large`: the request is larger than the server takes
 * - `status`: another HTTP status that is no success
 * - `timeout`: a time limit ran out
 * - `protocol`: the answer is none that Flowise gives
 * - `decode`: a message of the event stream is not valid JSON; the stream goes on
 * - `message-too-long`: an event is larger than the limit; the stream goes on
 * - `server`: Flowise reported that the run failed
 * - `interrupted`: the connection broke before the answer was complete
 * - `disconnected`: the page disconnected the socket
 * - `unsupported`: nothing that this server or page can do
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

/** The one error of this package. Its message says what to do. */
export class FlowiseError extends Error {
  private constructor()
  /** Always `FlowiseError`. */
  readonly name: 'FlowiseError'
  /** What kind of failure it is. */
  readonly code: FlowiseErrorCode
  /** The HTTP status, if the server answered with one. */
  readonly status: number | undefined
  /** What the browser, socket.io-client or a callback of the page said. */
  readonly cause?: unknown
  /** What had come of the answer, if it was one that failed. */
  readonly partial: Prediction | undefined
}

/** Whether it is a `FlowiseError`, even one of another copy of this package. */
export function isFlowiseError(error: unknown): error is FlowiseError
