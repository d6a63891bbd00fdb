/**
 * Runs real Flowise servers with a scripted model behind them, for people and for browser tests.
 *
 *     node tests/flowise/run.mjs [2.0.7|3.1.4|both]
 *
 * Prints one line of JSON when they are ready, `{"3.1.4":{"url":…,"flows":{…},"apiKey":…}}`, and runs until its input is closed or it
 * gets SIGINT or SIGTERM. What goes on is told on stderr. `CORS_ORIGINS` is handed on to the servers.
 */

import { versionsNamed } from './cache.mjs'
import { startModel } from './model.mjs'
import { startFlowise } from './servers.mjs'

const started = []
let stopping = null

function stop(code) {
  stopping ??= (async () => {
    await Promise.allSettled(started.map(async (starting) => (await starting).stop()))
    process.exit(code)
  })()
  return stopping
}

process.once('SIGINT', () => stop(0))
process.once('SIGTERM', () => stop(0))
process.stdin.once('end', () => stop(0)).once('error', () => stop(0))
process.stdin.resume()

try {
  const versions = versionsNamed(process.argv[2] ?? 'both')
  const model = await keep(startModel())
  const servers = await Promise.all(
    versions.map((version) => {
      console.error(`Flowise ${version}: starting`)
      return keep(startFlowise(version, { model, corsOrigins: process.env.CORS_ORIGINS }))
    })
  )
  console.log(JSON.stringify(Object.fromEntries(servers.map(({ version, url, flows, apiKey }) => [version, { url, flows, apiKey }]))))
} catch (error) {
  console.error(error.message)
  await stop(1)
}

/** Remembers what is starting, so that it is stopped even if that is asked for meanwhile. */
function keep(starting) {
  started.push(starting)
  return starting
}
