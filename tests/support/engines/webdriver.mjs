/**
 * A WebDriver session by the W3C protocol, and WebKit's driver with a display of its own.
 */

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readdirSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

/** The time limit of a command, in milliseconds. A page may be busy for a while. */
const TIMEOUTS = { script: 120_000, pageLoad: 60_000 }

/** How long a script may go without a reply before another one asks whether the page still replies, in milliseconds. */
const PATIENCE = 5000

/** Starts WebKitWebDriver with MiniBrowser, and its arguments; WEBKIT_DRIVER, MINIBROWSER and XVFB name other programs. */
export async function startWebKit(args) {
  const display = await startDisplay()
  const port = await freePort()
  const env = { ...process.env, DISPLAY: display.name, GDK_BACKEND: 'x11', WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS: '1' }
  const driver = new Program(process.env.WEBKIT_DRIVER ?? 'WebKitWebDriver', [`--port=${port}`], { env, stdio: 'ignore' })
  const url = `http://127.0.0.1:${port}`
  await Promise.race([answers(`${url}/status`), driver.ended])
  const session = await WebDriverSession.start(url, {
    browserName: 'MiniBrowser',
    timeouts: TIMEOUTS,
    'webkitgtk:browserOptions': { binary: process.env.MINIBROWSER ?? miniBrowser(), args: ['--automation', ...args] },
  })
  return {
    session,
    async stop() {
      // if the driver has ended, what the test says of it matters more
      await session.end().catch(() => {})
      await driver.stop()
      await display.stop()
    },
  }
}

/** A session. WebDriver has one current window, so related commands run in one `exclusive` turn. */
export class WebDriverSession {
  #url
  #window
  #turn = Promise.resolve()

  static async start(driver, alwaysMatch) {
    const { sessionId, capabilities } = await command('POST', `${driver}/session`, { capabilities: { alwaysMatch } })
    const session = new WebDriverSession(`${driver}/session/${sessionId}`)
    session.version = capabilities.browserVersion
    session.first = await session.send('GET', 'window')
    return session
  }

  constructor(url) {
    this.#url = url
  }

  /** Runs the commands that `act` sends after those of other callers, in a window. */
  exclusive(window, act) {
    const turn = this.#turn.then(async () => {
      if (this.#window !== window) await this.send('POST', 'window', { handle: window })
      this.#window = window
      return act()
    })
    this.#turn = turn.catch(() => {})
    return turn
  }

  /** Sends a command at once: for use within `exclusive`. */
  send(method, path, body) {
    return command(method, `${this.#url}/${path}`, body)
  }

  /**
   * Runs a script, as `send` does. WebKit's driver loses the reply of a page that is left at that moment. Scripts run in turn, so
   * once the page has replied to a later one, twice, there is nothing to wait for.
   */
  async script(body) {
    const run = (body) => this.send('POST', 'execute/sync', body)
    const reply = run(body)
    const isThere = () => {
      let timer
      const late = new Promise((resolve) => (timer = setTimeout(resolve, PATIENCE, false)))
      return Promise.race([reply.then(() => true), late]).finally(() => clearTimeout(timer))
    }
    for (let asked = 0; !(await isThere()); asked++) {
      if (asked === 2) throw new Error('another page has come in the place of the one that was asked')
      await run({ script: '', args: [] })
    }
    return reply
  }

  /** Opens a window. A new one is made from one that is there, and without the first the session ends. */
  open() {
    return this.exclusive(this.first, async () => (await this.send('POST', 'window/new', { type: 'window' })).handle)
  }

  close(window) {
    return this.exclusive(window, () => this.send('DELETE', 'window'))
  }

  async end() {
    await this.#turn
    await command('DELETE', this.#url)
  }
}

async function command(method, url, body) {
  const init = method === 'POST' ? { body: JSON.stringify(body ?? {}), headers: { 'content-type': 'application/json' } } : {}
  const response = await fetch(url, { method, ...init })
  const { value } = await response.json()
  if (!response.ok) throw new Error(`WebDriver: ${value.error}: ${value.message}`)
  return value
}

/** An X server without a screen. */
async function startDisplay() {
  const args = ['-displayfd', '3', '-screen', '0', '1280x1024x24', '-nolisten', 'tcp']
  const display = new Program(process.env.XVFB ?? 'Xvfb', args, { stdio: ['ignore', 'ignore', 'ignore', 'pipe'] })
  const [line] = await Promise.race([once(createInterface({ input: display.child.stdio[3] }), 'line'), display.ended])
  display.name = `:${line}`
  return display
}

/** A program in a process group of its own. The group ends with this process, even if that is killed. */
class Program {
  child
  /** Rejects when the program cannot be started or ends; nobody has to listen. */
  ended

  constructor(name, args, options) {
    this.child = spawn(name, args, { ...options, detached: true })
    this.ended = new Promise((_, reject) => {
      this.child.once('error', reject)
      this.child.once('exit', (code, signal) => reject(new Error(`${name} ended: ${signal ?? code}`)))
    })
    this.ended.catch(() => {})
    if (this.child.pid === undefined) return
    const guard = guardOf(this.child.pid)
    this.child.once('exit', () => guard.stdin.end())
  }

  async stop() {
    this.child.kill()
    await this.ended.catch(() => {})
  }
}

/** Ends a process group when its standard input ends: the system closes that pipe when this process ends. */
function guardOf(group) {
  const guard = spawn('/bin/sh', ['-c', 'read _; kill -s KILL -- "-$0"', String(group)], { stdio: ['pipe', 'ignore', 'ignore'], detached: true })
  guard.unref()
  guard.stdin.unref()
  return guard
}

/** Waits until a server answers: the driver has no other way to say that it is ready. */
async function answers(url) {
  while (!(await fetch(url).catch(() => false))) await new Promise((resolve) => setTimeout(resolve, 20))
}

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address()
  server.close()
  await once(server, 'close')
  return port
}

/** The path of MiniBrowser, which Debian installs beside WebKit's libraries. */
function miniBrowser() {
  const libraries = ['/usr/lib', ...readdirSync('/usr/lib').filter((name) => name.endsWith('-linux-gnu')).map((name) => join('/usr/lib', name))]
  const files = libraries.flatMap((folder) => ['4.1', '6.0', '4.0'].map((version) => join(folder, `webkit2gtk-${version}/MiniBrowser`)))
  const found = files.find((file) => existsSync(file))
  if (!found) throw new Error('MiniBrowser is missing: install the package webkit2gtk-driver')
  return found
}
