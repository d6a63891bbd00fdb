// A server that simulates Flowise for the benchmarks, which send each answer token by token. It also serves their pages, so that no
// cross-origin requests are measured.

import { createServer } from 'node:http'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { gzipSync } from 'node:zlib'

import { Server as SocketIoServer } from 'socket.io'

const TOKEN = ' token'

const frame = (event, data) => `message:\ndata:${JSON.stringify({ event, data })}\n\n`

const START_FRAME = frame('start', '')
const TOKEN_FRAME = frame('token', TOKEN)

/** What a client must know that finds tokens without decoding. */
const FORMAT = { token: TOKEN, frameLength: TOKEN_FRAME.length, startLength: START_FRAME.length }

const PAGE = `<!doctype html><title>Benchmark</title><script>tokenFormat = ${JSON.stringify(FORMAT)}</script>`

/**
 * Starts the server.
 *
 * `scripts` are the pages' scripts by path: they are sent compressed, as servers of pages do. `socketIo` makes it a Flowise that streams over Socket.IO.
 */
export async function startFlowise({ scripts = {}, socketIo = false }) {
  const compressed = Object.fromEntries(Object.entries(scripts).map(([path, text]) => [path, gzipSync(text, { level: 9 })]))
  const started = []
  const waiting = []
  let reached
  const answer = (request, response) => {
    const { pathname, searchParams } = new URL(request.url, 'http://localhost')
    // isolated from other origins, the page has a clock that is exact to 5 µs
    response.setHeader('Cross-Origin-Opener-Policy', 'same-origin')
    response.setHeader('Cross-Origin-Embedder-Policy', 'require-corp')
    response.setHeader('Cache-Control', 'no-store')
    if (pathname in compressed) {
      response.writeHead(200, { 'Content-Type': 'text/javascript', 'Content-Encoding': 'gzip' }).end(compressed[pathname])
    } else if (pathname === '/') {
      const script = searchParams.has('script') ? `<script type=module src=${searchParams.get('script')}></script>` : ''
      response.setHeader('Content-Type', 'text/html').end(PAGE + script)
    } else if (pathname === '/reached') {
      response.writeHead(204).end()
      reached?.()
    } else if (pathname.startsWith('/api/v1/chatflows-streaming/')) {
      response.setHeader('Content-Type', 'application/json').end('{"isStreaming":true}')
    } else if (pathname.startsWith('/api/v1/prediction/')) {
      request.resume()
      const prediction = new Answer(response)
      if (waiting.length > 0) waiting.shift()(prediction)
      else started.push(prediction)
    } else {
      // without a type, Firefox takes an empty body for broken XML, and reports that
      response.writeHead(404, { 'Content-Type': 'text/plain' }).end()
    }
  }
  const server = createServer(answer)
  const io = socketIo ? new SocketIoServer(server) : undefined
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    token: TOKEN,
    /** The next prediction that a page asks for. */
    prediction: async () => started.shift() ?? new Promise((resolve) => waiting.push(resolve)),
    /** Waits until a page says that it has all tokens that it waits for. */
    reached: () => new Promise((resolve) => (reached = resolve)),
    /** The server's end of the socket with this id. */
    socket: (id) => io.sockets.sockets.get(id),
    async stop() {
      await io?.close()
      server.close()
      server.closeAllConnections()
    },
  }
}

/** One answer, on its way. */
class Answer {
  #response

  constructor(response) {
    this.#response = response
  }

  /** Begins an event stream. */
  begin() {
    this.#response.writeHead(200, { 'Content-Type': 'text/event-stream', 'X-Accel-Buffering': 'no' })
    this.#response.write(START_FRAME)
  }

  /** Sends tokens, a chunk for each: one every `ms` milliseconds, or as fast as the page takes them. */
  async tokens(count, ms) {
    for (let sent = 0; sent < count; sent++) {
      if (ms) await sleep(ms)
      if (!this.#response.write(TOKEN_FRAME)) await once(this.#response, 'drain')
    }
  }

  /** Ends the event stream as Flowise does. */
  end() {
    this.#response.write(frame('metadata', { chatId: 'benchmark', chatMessageId: 'benchmark' }))
    this.#response.end(frame('end', '[DONE]'))
  }

  /** Answers with JSON. */
  json(reply) {
    this.#response.setHeader('Content-Type', 'application/json').end(JSON.stringify(reply))
  }
}

/** Sends tokens over Socket.IO, as fast as the page takes them. */
export async function emitTokens(socket, count) {
  const BATCH = 500
  for (let sent = 0; sent < count; sent += BATCH) {
    for (let each = 0; each < Math.min(BATCH, count - sent); each++) socket.emit('token', TOKEN)
    // what is sent in one turn goes out as one piece, and the next piece waits for it
    await once(socket.conn, 'drain')
  }
}
