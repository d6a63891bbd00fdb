/**
 * Installs real Flowise servers into the cache folder: gigabytes, and minutes, once per version.
 *
 *     node tests/flowise/install.mjs [2.0.7|3.1.4|both]
 */

import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { access, appendFile, mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { serverFolder, versionsNamed } from './cache.mjs'
import { launch } from './launch.mjs'

// 2.0.7 asks for peers that contradict each other. 3.1.4 does not run without its peers, which this would leave out.
const NPM_ARGUMENTS = { '2.0.7': ['--legacy-peer-deps'], '3.1.4': [] }
const LOCK_POLL_MS = 1000
const PROGRESS_MS = 30_000
const OUTPUT_LINES = 30

/**
 * Whether a version is installed, whole and as it is described now.
 *
 * @param {string} version
 */
export async function isInstalled(version) {
  return (await readFile(stampOf(version), 'utf8').catch(() => '')) === (await digest(version))
}

/**
 * Installs a version, unless it is installed. What an interrupted run left is replaced; what was installed
 * by hand is taken over if it starts.
 *
 * @param {string} version
 * @param {{ log?: (line: string) => void }} [options] `log` is told what goes on
 */
export async function installFlowise(version, { log = () => {} } = {}) {
  if (await isInstalled(version)) return
  const folder = serverFolder(version)
  await mkdir(dirname(folder), { recursive: true })
  const lock = `${folder}.lock`
  await acquire(lock, () => log(`Flowise ${version}: another process is installing it, waiting`))
  try {
    // The process that held the lock may have done it.
    if (await isInstalled(version)) return
    // npm may outlive a caller that is killed: the lock is its own, too.
    const npm = (...args) => runNpm(args, folder, { log, onStart: (pid) => appendFile(lock, ` ${pid}`) })
    await install(version, { folder, npm, log })
  } finally {
    await rm(lock, { force: true })
  }
}

async function install(version, { folder, npm, log }) {
  // npm writes its own list of what it installed last. What has a stamp that does not fit any more is not taken over.
  if ((await exists(join(folder, 'node_modules/.package-lock.json'))) && !(await exists(stampOf(version)))) {
    log(`Flowise ${version}: there is one without a stamp in ${folder}; starting it, to see whether it works`)
    const problem = await tryStart(version)
    if (!problem) return confirm(version, log)
    log(`Flowise ${version}: it does not, so it is installed again. ${problem.message}`)
  }
  // Installing over a tree that is there gives another tree than installing afresh, and one that may not run.
  await rm(folder, { recursive: true, force: true })
  await mkdir(folder, { recursive: true })
  await writeFile(join(folder, 'package.json'), await manifestOf(version))

  log(`Flowise ${version}: installing 3000 packages, 2 to 3 GB, into ${folder}; this takes some minutes`)
  // No package runs a script of its own but the one that has to: sqlite3 fetches or compiles its native part.
  await npm('install', ...NPM_ARGUMENTS[version], '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error')
  log(`Flowise ${version}: building sqlite3`)
  await npm('rebuild', 'sqlite3', '--loglevel=error')
  log(`Flowise ${version}: starting it once, to see that it works`)
  const problem = await tryStart(version)
  if (problem) throw problem
  await confirm(version, log)
}

/** Starts an empty server and stops it. Gives the error if it does not start. */
async function tryStart(version) {
  try {
    const server = await launch(version)
    await server.stop()
    return null
  } catch (error) {
    return error
  }
}

/** Written last: without its stamp an installation is not one. */
async function confirm(version, log) {
  await writeFile(stampOf(version), await digest(version))
  log(`Flowise ${version}: installed`)
}

function manifestOf(version) {
  return readFile(new URL(`servers/${version}.json`, import.meta.url), 'utf8')
}

function stampOf(version) {
  return join(serverFolder(version), '.installed')
}

/** What a stamp says: how the version was installed. */
async function digest(version) {
  return createHash('sha256').update(await manifestOf(version)).update(JSON.stringify(NPM_ARGUMENTS[version])).digest('hex')
}

/** Runs npm in a folder. Says how long it has been going on, as npm itself says nothing for minutes. */
async function runNpm(args, cwd, { log, onStart }) {
  const began = Date.now()
  const timer = setInterval(() => log(`npm ${args[0]}: ${Math.round((Date.now() - began) / 1000)} s`), PROGRESS_MS)
  let output = ''
  try {
    const child = spawn('npm', args, { cwd, stdio: ['ignore', 'pipe', 'pipe'] })
    const closed = once(child, 'close')
    for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text) => (output += text))
    if (child.pid) await onStart(child.pid)
    const [code] = await closed
    if (code === 0) return
  } finally {
    clearInterval(timer)
  }
  const lines = output.trimEnd().split('\n').slice(-OUTPUT_LINES)
  throw new Error([`npm ${args.join(' ')} failed in ${cwd}:`, ...lines].join('\n  '))
}

async function exists(path) {
  return access(path).then(
    () => true,
    () => false
  )
}

/** Takes a lock file. It holds process ids, and is free again when none of these runs any more. */
async function acquire(path, onWait) {
  for (let waited = false; ; ) {
    try {
      return await writeFile(path, String(process.pid), { flag: 'wx' })
    } catch (error) {
      if (error.code !== 'EEXIST') throw error
    }
    const holders = (await readFile(path, 'utf8').catch(() => '')).split(' ').map(Number)
    if (!holders.some(isRunning)) {
      await rm(path, { force: true })
      continue
    }
    if (!waited) onWait()
    waited = true
    await pause(LOCK_POLL_MS)
  }
}

function isRunning(pid) {
  if (!pid) return false
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error.code === 'EPERM'
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const version of versionsNamed(process.argv[2] ?? 'both')) {
    if (await isInstalled(version)) console.log(`Flowise ${version}: already installed`)
    else await installFlowise(version, { log: console.log })
  }
}
