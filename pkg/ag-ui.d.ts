/** A `fetch` for AG-UI's `HttpAgent`: versions 1.x of `@ag-ui/client`, and 0.0.59, which CopilotKit 1.74 uses. */

import type { Flowise } from './index.js'
import type { QueryData, QueryOptions } from './prediction.js'

/** The chatflow, and what to send with every question. */
export interface FlowiseFetchOptions extends Omit<QueryOptions, 'signal'> {
  /** The client to use instead of `url` and `chatflowId`, such as a `Flowise` of `flowise-stream/slim`. */
  flowise?: Pick<Flowise, 'stream'>
  /** Further members of every question, such as `overrideConfig`. A run's `forwardedProps` override them. */
  data?: QueryData
  /** Called before each question. Returns a new `body` or new `headers`. */
  prepareRequest?: (request: PreparedRun) => ChangedRun | PromiseLike<ChangedRun>
}

/** The request that `prepareRequest` may change. */
export interface PreparedRun {
  /** The run, as the agent would send it to an AG-UI server. */
  input: RunInput
  /** The headers of the options and of the agent. */
  headers: Record<string, string>
  /** The body of the prediction request. */
  body: QueryData
}

/** The changes of `prepareRequest`. */
export interface ChangedRun {
  /** Replaces the whole body. */
  body?: QueryData
  /** Replaces all headers. */
  headers?: Record<string, string>
}

/** A run of an agent: the members that this package reads. */
export interface RunInput {
  /** The conversation: Flowise's `chatId`. */
  threadId: string
  /** The id of the run. */
  runId: string
  /** The conversation. Only the last question is sent: Flowise remembers the rest. */
  messages: readonly RunMessage[]
  /** `overrideConfig`, `uploads`, `history`, `leadEmail` and `form` become members of the question. */
  forwardedProps?: unknown
  /** The answers to the interrupts of the previous run. */
  resume?: readonly RunResume[]
  [member: string]: unknown
}

/** A message of a run. */
export interface RunMessage {
  /** Its id in the page. */
  id: string
  /** The role of its author. */
  role: string
  /** A text, or a list of parts. */
  content?: unknown
}

/** The answer to an interrupt: the decision of a person that a flow asked for. */
export interface RunResume {
  /** The id of the interrupt. */
  interruptId: string
  /** `cancelled` rejects the action. */
  status: 'resolved' | 'cancelled'
  /** `{ approved: boolean, feedback?: string }` */
  payload?: unknown
  /** The `metadata` of the interrupt. Needed after a reload of the page. */
  metadata?: Record<string, unknown>
}

/**
 * Returns a `fetch` that answers the runs of an `HttpAgent` from a chatflow, without a server in between.
 *
 * ```js
 * const agent = new HttpAgent({ url: 'https://flowise.example.com/api/v1/prediction/<id>', fetch: flowiseFetch() })
 * ```
 *
 * `url` and `chatflowId` default to the agent's own `url`. Text, thinking and tools become AG-UI's events for them. Nodes and agents
 * become steps, and a decision that a flow asks for becomes an interrupt. All other events become `CUSTOM` events named `flowise.…`
 * with Flowise's own payloads. The run's `result` holds the ids of the answer and its follow-up prompts. A failed run ends with
 * `RUN_ERROR` and the `code` of the `FlowiseError`; the response itself never fails.
 */
export function flowiseFetch(options?: FlowiseFetchOptions): (url: string, init?: RequestInit) => Promise<Response>
