/**
 * The process of a Flowise server: started on a free port with a data folder of its own, killed, restarted.
 *
 * It needs no internet, and nothing of the caller's environment but the search path reaches it. What is in it is `seed.mjs`'s part.
 */

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { serverFolder } from './cache.mjs'

const PRELOAD = fileURLToPath(new URL('preload.cjs', import.meta.url))
const START_LIMIT_MS = 180_000
const PING_LIMIT_MS = 10_000
const PING_PAUSE_MS = 100
const PORT_ATTEMPTS = 3
const LOG_LINES = 40

/**
 * Starts a Flowise server that is empty.
 *
 * @param {string} version
 * @param {{ port?: number, corsOrigins?: string, log?: (line: string) => void }} [options] as for `startFlowise`
 * @returns {Promise<{ url: string, data: string, kill(): Promise<void>, restart(): Promise<void>, stop(): Promise<void> }>} `data` is its folder
 */
export async function launch(version, { port, corsOrigins, log } = {}) {
  const data = await mkdtemp(join(tmpdir(), `flowise-${version}-`))
  const settings = { data, port, corsOrigins, log }
  let running = null
  const kill = async () => {
    const server = running
    running = null
    await server?.kill()
  }
  const start = async () => {
    running = spawnServer(version, settings)
    await running.ready
  }
  const stop = async () => {
    await kill()
    await rm(data, { recursive: true, force: true, maxRetries: 3 })
  }
  for (let attempt = 1; running === null; attempt++) {
    settings.port = port ?? (await freePort())
    try {
      await start()
    } catch (error) {
      // Between being found free and being used, a port may be taken.
      const again = port === undefined && error.code === 'EADDRINUSE' && attempt < PORT_ATTEMPTS
      await (again ? kill() : stop())
      if (!again) throw error
    }
  }
  return {
    url: addressOf(settings),
    data,
    kill,
    async restart() {
      await kill()
      await start()
    },
    stop
  }
}

/** Starts the process. `ready` fails if the server ends, finds its port taken, or is not ready in time. */
function spawnServer(version, settings) {
  const child = spawn(process.execPath, ['node_modules/flowise/bin/run', 'start'], {
    cwd: serverFolder(version),
    // A process group of its own, so that what the server starts ends with it.
    detached: true,
    // The server watches its input, and ends with us if we are killed.
    stdio: ['pipe', 'pipe', 'pipe'],
    env: environment(settings)
  })
  const exited = once(child, 'close')
  const lines = []
  let timer
  const listening = new Promise((resolve, reject) => {
    const failed = (what, code) => {
      const error = new Error([`Flowise ${version} ${what}; its last lines were:`, ...lines].join('\n  '))
      reject(Object.assign(error, { code }))
    }
    timer = setTimeout(() => failed(`was not ready after ${START_LIMIT_MS / 1000} s`), START_LIMIT_MS)
    exited.then(
      () => failed('ended before it was ready'),
      (error) => failed(`did not start: ${error.message}`)
    )
    const read = (line) => {
      lines.push(line)
      if (lines.length > LOG_LINES) lines.shift()
      settings.log?.(line)
      // A ping may be answered by another server on that port, and 3.1.4 does not end when it is taken.
      if (line.includes('Flowise Server is listening at')) resolve()
      if (line.includes('EADDRINUSE')) failed(`found port ${settings.port} taken`, 'EADDRINUSE')
    }
    onLine(child.stdout, read)
    onLine(child.stderr, read)
  }).finally(() => clearTimeout(timer))
  return {
    ready: listening.then(() => untilPong(addressOf(settings), child)),
    async kill() {
      // Without a process id it never ran.
      if (child.pid === undefined) return
      try {
        process.kill(-child.pid, 'SIGKILL')
      } catch (error) {
        if (error.code !== 'ESRCH') throw error
      }
      await exited
    }
  }
}

function environment({ data, port, corsOrigins }) {
  const { PATH, LANG, TMPDIR } = process.env
  return {
    PATH,
    ...(LANG && { LANG }),
    ...(TMPDIR && { TMPDIR }),
    HOME: data,
    HOST: '127.0.0.1',
    PORT: String(port),
    DATABASE_PATH: data,
    SECRETKEY_PATH: data,
    APIKEY_PATH: data,
    BLOB_STORAGE_PATH: join(data, 'storage'),
    LOG_PATH: join(data, 'logs'),
    DISABLE_FLOWISE_TELEMETRY: 'true',
    // Some kinds of node refuse to talk to this computer, where the scripted model is.
    HTTP_SECURITY_CHECK: 'false',
    ...(corsOrigins !== undefined && { CORS_ORIGINS: corsOrigins }),
    NODE_OPTIONS: `--require ${JSON.stringify(PRELOAD)}`
  }
}

async function untilPong(url, child) {
  const limit = Date.now() + PING_LIMIT_MS
  for (;;) {
    const answer = await fetch(`${url}/api/v1/ping`).then((response) => response.text(), (error) => error.message)
    if (answer === 'pong') return
    if (Date.now() > limit || child.exitCode !== null) throw new Error(`${url} answers no ping: ${answer.slice(0, 200)}`)
    await pause(PING_PAUSE_MS)
  }
}

function addressOf({ port }) {
  return `http://127.0.0.1:${port}`
}

async function freePort() {
  const server = createServer()
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address()
  server.close()
  await once(server, 'close')
  return port
}

function onLine(stream, tell) {
  let rest = ''
  stream.setEncoding('utf8').on('data', (text) => {
    const lines = (rest + text).split('\n')
    rest = lines.pop()
    lines.forEach(tell)
  })
}
