/** Makes a project of the table, builds it, and runs or serves it. */

import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { cp, mkdir, readFile, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { dirname, extname, join, resolve, sep } from 'node:path'
import { createInterface } from 'node:readline'
import { promisify } from 'node:util'

import { listen } from '../../support/listen.mjs'
import { HERE, WORK, bin } from './install.mjs'

const run = promisify(execFile)
const FILES = join(HERE, 'projects')
const ENV = { ...process.env, NEXT_TELEMETRY_DISABLED: '1', NODE_ENV: undefined, NODE_TEST_CONTEXT: undefined, CI: '1' }
const TYPES = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css', '.wasm': 'application/wasm' }

const made = new Map()

/** A project is made and built once. */
export function makeProject(name, project) {
  if (!made.has(name)) made.set(name, make(name, project))
  return made.get(name)
}

async function make(name, project) {
  const folder = join(WORK, name.toLowerCase().replace(/[^a-z]+/g, '-'))
  for (const [to, from] of Object.entries(project.files)) {
    await mkdir(dirname(join(folder, to)), { recursive: true })
    await cp(join(FILES, from), join(folder, to))
  }
  for (const [to, text] of Object.entries(project.texts ?? {})) {
    await mkdir(dirname(join(folder, to)), { recursive: true })
    await writeFile(join(folder, to), text)
  }
  await writeFile(join(folder, 'package.json'), JSON.stringify({ name: 'a-project', private: true, ...project.manifest }))
  if (project.html) await writeFile(join(folder, 'index.html'), await pageOf(project))
  const build = async () => {
    const [tool, ...args] = project.build
    await run(bin(tool), args, { cwd: folder, env: ENV }).catch(({ stdout, stderr }) => {
      throw new Error(`${tool} failed:\n${stdout}${stderr}`)
    })
    // Bundlers that begin with a module leave the page to its author.
    if (project.html && project.served === 'dist' && project.page) await cp(join(folder, 'index.html'), join(folder, 'dist/index.html'))
  }
  if (project.build && !project.test) await build()
  return {
    build,
    async run({ url, chatflowId, question }) {
      const [host, ...args] = project.host ?? [process.execPath]
      return (await run(host, [...args, project.run, url, chatflowId, question], { cwd: folder, env: ENV })).stdout
    },
    serve: (env) => (project.dev ? serveByTool(project.dev, folder, env) : serveFolder(join(folder, project.served))),
  }
}

async function pageOf({ html, imports }) {
  const map = imports ? `<script type="importmap">${JSON.stringify({ imports })}</script>` : ''
  return (await readFile(join(FILES, 'index.html'), 'utf8')).replace('<script SCRIPT', `${map}<script ${html}`)
}

/** Starts a tool's own server, which tells its address. */
async function serveByTool([tool, ...args], folder, env) {
  const child = spawn(bin(tool), args, { cwd: folder, env: { ...ENV, ...env }, stdio: ['ignore', 'pipe', 'pipe'], detached: true })
  let said = ''
  const url = await new Promise((found, failed) => {
    for (const output of [child.stdout, child.stderr]) {
      createInterface({ input: output }).on('line', (line) => {
        said += `${line}\n`
        const address = /http:\/\/(?:127\.0\.0\.1|localhost):\d+/.exec(line.replace(/\x1b\[[\d;]*m/g, ''))
        if (address) found(address[0])
        // what workerd says instead
        const port = /^\{"event":"listen".*"port":(\d+)/.exec(line)
        if (port) found(`http://127.0.0.1:${port[1]}`)
      })
    }
    child.once('exit', () => failed(new Error(`${tool} ended:\n${said}`)))
  })
  return {
    url,
    async stop() {
      if (child.exitCode !== null) return
      // with what it has started
      process.kill(-child.pid, 'SIGKILL')
      await once(child, 'exit')
    },
  }
}

/** Serves files, and the packages that are installed. */
async function serveFolder(folder) {
  const server = createServer(async (request, response) => {
    const path = decodeURIComponent(new URL(request.url, 'http://localhost').pathname)
    const root = path.startsWith('/node_modules/') ? WORK : folder
    const file = resolve(root, `.${path === '/' ? '/index.html' : path}`)
    const body = file.startsWith(root + sep) ? await readFile(file).catch(() => undefined) : undefined
    response.writeHead(body ? 200 : 404, { 'content-type': TYPES[extname(file)] ?? 'text/plain' })
    response.end(body)
  })
  return listen(server)
}
