/** A `fetch` for `HttpAgent` of AG-UI, versions 1.x of `@ag-ui/client`. */

import type { Flowise } from './index.js'
import type { QueryData, QueryOptions } from './prediction.js'

/** Where the chatflow is, and what is sent with every question. */
export interface FlowiseFetchOptions extends Omit<QueryOptions, 'signal'> {
  /** Asked instead of `url` and `chatflowId`; of `flowise-stream/slim`, for instance. */
  flowise?: Pick<Flowise, 'stream'>
  /** Further members of every question, such as `overrideConfig`. Those of a run's `forwardedProps` come on top. */
  data?: QueryData
  /** Decides what is sent: called before each question, it returns what takes the place of `body` and `headers`. */
  prepareRequest?: (request: PreparedRun) => ChangedRun | PromiseLike<ChangedRun>
}

/** What would be sent, for `prepareRequest`. */
export interface PreparedRun {
  /** The run, as the agent would send it to a server of AG-UI. */
  input: RunInput
  /** The headers of the options, and those of the agent. */
  headers: Record<string, string>
  /** The body of the prediction. */
  body: QueryData
}

/** What `prepareRequest` changes. */
export interface ChangedRun {
  /** Sent as it is, instead of the whole body. */
  body?: QueryData
  /** Sent instead of all headers. */
  headers?: Record<string, string>
}

/** A run of an agent, as far as it is read here. */
export interface RunInput {
  /** The conversation: Flowise's `chatId`. */
  threadId: string
  /** The run. */
  runId: string
  /** The conversation, of which the last question is sent: Flowise has its own memory of the rest. */
  messages: readonly RunMessage[]
  /** `overrideConfig`, `uploads`, `history`, `leadEmail` and `form` become members of the question. */
  forwardedProps?: unknown
  /** The answers to the interrupts of the run before. */
  resume?: readonly RunResume[]
  [member: string]: unknown
}

/** A message of a run. */
export interface RunMessage {
  /** Its id in the page. */
  id: string
  /** Who says it. */
  role: string
  /** A text, or a list of parts. */
  content?: unknown
}

/** The answer to an interrupt: a decision that a flow has asked a person for. */
export interface RunResume {
  /** The interrupt. */
  interruptId: string
  /** A cancelled one rejects. */
  status: 'resolved' | 'cancelled'
  /** `{ approved: boolean, feedback?: string }` */
  payload?: unknown
  /** After a reload of the page, the interrupt's own `metadata`. */
  metadata?: Record<string, unknown>
}

/**
 * Makes a `fetch` that answers the runs of an `HttpAgent` with a chatflow's answers, without a server in between.
 *
 * ```js
 * const agent = new HttpAgent({ url: 'https://flowise.example.com/api/v1/prediction/<id>', fetch: flowiseFetch() })
 * ```
 *
 * Without `url` and `chatflowId`, the agent's own `url` is asked. Text, thinking and tools become the events that AG-UI has, nodes and
 * agents are steps, and what a flow asks a person is an interrupt. All else is in `CUSTOM` events named `flowise.…`, with
 * Flowise's own payloads. The run's `result` has the ids of the answer and its follow-up prompts. A run that fails ends with
 * `RUN_ERROR`, whose `code` is that of the `FlowiseError`; the response itself never fails.
 */
export function flowiseFetch(options?: FlowiseFetchOptions): (url: string, init?: RequestInit) => Promise<Response>
