/**
 * The dev server as a child process: it plays Flowise of both generations, with no account, key or network.
 *
 * `cargo xtask test` builds it and names it in FLOWISE_DEV_SERVER; by hand, `cargo build -p dev-server` is enough.
 */

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { createInterface } from 'node:readline'

const PROGRAM = process.env.FLOWISE_DEV_SERVER ?? resolve(import.meta.dirname, '../../target/debug/dev-server')

/** The API key that the server takes. */
export const API_KEY = 'dev-key'

/**
 * Starts a dev server on free ports. It ends with this process, however that ends.
 *
 * @param {{ args?: string[] }} [options] further arguments, such as `--speed` or `--cors-origins`
 */
export async function startDevServer({ args = [] } = {}) {
  const server = new DevServer(args)
  await server.start()
  return server
}

/** The two addresses of the server, and what its `/dev` paths tell and do; see `dev-server/src/http/control.rs`. */
export class DevServer {
  /** Where it plays a Flowise that streams server-sent events; `socketIo`: one that streams over Socket.IO. */
  sse
  socketIo
  #args
  #child

  /** @param {string[]} [args] further arguments, such as `--speed` or `--cors-origins` */
  constructor(args = []) {
    this.#args = args
  }

  /** Starts it, on the ports that it had before if it was killed. */
  async start() {
    if (!existsSync(PROGRAM)) throw new Error(`${PROGRAM} is missing: build it with cargo build -p dev-server`)
    const port = (url) => (url ? new URL(url).port : '0')
    const ports = ['--port', port(this.sse), '--socket-io-port', port(this.socketIo)]
    const args = ['--exit-with-stdin', ...ports, ...this.#args]
    this.#child = spawn(PROGRAM, args, { stdio: 'pipe' })
    let complaints = ''
    this.#child.stderr.on('data', (text) => (complaints += text))
    const lines = createInterface({ input: this.#child.stdout })
    const [line] = await Promise.race([once(lines, 'line'), once(this.#child, 'exit').then(() => [])])
    if (!line) throw new Error(`the dev server did not start: ${complaints}`)
    Object.assign(this, JSON.parse(line))
  }

  /** The address of a generation: `2.0` or `3.1`. */
  url(generation) {
    return generation === '2.0' ? this.socketIo : this.sse
  }

  /** The requests that were seen, oldest first; a part of the path selects. */
  async log(path = '') {
    const entries = await this.#call('GET', 'log')
    return entries.filter((entry) => entry.path.includes(path))
  }

  /** Forgets the requests that were seen. */
  clear() {
    return this.#call('DELETE', 'log')
  }

  /** Forgets the requests, the history and who reached a rate limit. */
  reset() {
    return this.#call('POST', 'reset')
  }

  /** The flows: `{ id, about, kind, question, generations }`. */
  flows() {
    return this.#call('GET', 'flows')
  }

  /** What is open on one of the addresses: `{ sockets, socketIoClients, streams, runs }`. */
  connections(url = this.sse) {
    return this.#call('GET', 'connections', url)
  }

  /** Resets the connections of one of the addresses, which listens again after `downMs`. */
  restart(url = this.sse, downMs = 0) {
    return this.#call('POST', `restart?downMs=${downMs}`, url)
  }

  /** Lets one of the addresses play another generation from now on. */
  play(generation, url = this.sse) {
    return this.#call('POST', `generation?as=${generation}`, url)
  }

  /** Ends it as a crash does, until `start`. */
  async kill() {
    const child = this.#child
    if (!child || child.exitCode !== null || child.signalCode !== null) return
    child.kill('SIGKILL')
    await once(child, 'exit')
  }

  /** Ends it for good. */
  async stop() {
    await this.kill()
  }

  async #call(method, path, url = this.sse) {
    const response = await fetch(`${url}/dev/${path}`, { method })
    if (!response.ok) throw new Error(`${method} /dev/${path}: ${response.status} ${await response.text()}`)
    return response.json()
  }
}
