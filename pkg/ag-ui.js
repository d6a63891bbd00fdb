// A `fetch` for AG-UI's `HttpAgent`. It does not need the package `@ag-ui/client` at run time: the protocol is JSON in an event
// stream.

import { EventWriter } from './ag-ui/events.js'
import { questionOf } from './ag-ui/input.js'
import { AnswerReader } from './ai/answer.js'
import { idMaker } from './ai/ids.js'
import { Queue } from './ai/queue.js'
import { Flowise, joined, valueOf } from './core.js'

// Headers for an AG-UI server. Flowise is not one.
const NOT_OURS = ['accept', 'content-type']

/** Returns a `fetch` that answers the runs of an `HttpAgent` from a chatflow, as events of AG-UI. */
export function flowiseFetch({ flowise, data: always, prepareRequest, ...options } = {}) {
  // the actions that flows wait for, by the id of the interrupt
  const waiting = new Map()

  return async (url, { body: input, headers, signal } = {}) => {
    const run = JSON.parse(input)
    const newId = idMaker()
    // Named as the global one, it is not replaced by the package's own: that would become a file which all entries load.
    const encoder = new globalThis.TextEncoder()
    let stream
    const out = new Queue(() => stream?.abort())
    const send = (event) => out.write(encoder.encode(`data: ${JSON.stringify(event)}\n\n`))
    const writer = new EventWriter({ run, send, close: () => out.close(), newId, waiting })
    try {
      const { data, allowed } = questionOf(run, waiting, always)
      const request = { body: data, headers: await valueOf(joined(options.headers, forFlowise(headers))) }
      const prepared = { ...request, ...(await prepareRequest?.({ input: run, ...request })) }
      const asked = flowise ?? new Flowise(options.url || options.chatflowId ? options : { ...options, url })
      stream = asked.stream(prepared.body, { headers: prepared.headers, signal })
      new AnswerReader({ stream, writer, newId, calls: allowed })
    } catch (error) {
      writer.fail(error)
    }
    const headersOfEvents = { 'content-type': 'text/event-stream', 'cache-control': 'no-store' }
    return new Response(new ReadableStream(out, { highWaterMark: 0 }), { headers: headersOfEvents })
  }
}

const forFlowise = (headers) => [...new Headers(headers)].filter(([name]) => !NOT_OURS.includes(name))
