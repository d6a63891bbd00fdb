/**
 * Real Flowise servers for tests, filled with flows behind which a scripted model answers.
 *
 * Installing them is `install.mjs`'s part, and what the model says is `script.mjs`'s.
 */

import { serverFolder } from './cache.mjs'
import { isInstalled } from './install.mjs'
import { launch } from './launch.mjs'
import { seed } from './seed.mjs'

/**
 * Starts a Flowise server and fills it with flows.
 *
 * @param {'2.0.7' | '3.1.4'} version
 * @param {object} options
 * @param {{ url: string }} options.model the model that the flows use, as `startModel` gives it
 * @param {string} [options.corsOrigins] `CORS_ORIGINS`: the origins, separated by commas, whose pages may use the whole API
 * @param {number} [options.port] a free one by default
 * @param {(line: string) => void} [options.log] is told each line that the server writes
 * @returns {Promise<{ version: string, url: string, data: string, flows: Record<string, string>, apiKey: string, kill(): Promise<void>,
 *   restart(): Promise<void>, stop(): Promise<void> }>} `kill` ends the server at once, as a crash does; `restart` does so too,
 *   if need be, and starts it on the same port with the same data; `stop` ends it for good and removes its data.
 */
export async function startFlowise(version, { model, corsOrigins, port, log }) {
  if (!(await isInstalled(version))) {
    throw new Error(`Flowise ${version} is not installed; install it with: node tests/flowise/install.mjs ${version}`)
  }
  const server = await launch(version, { corsOrigins, port, log })
  try {
    const filled = await seed({ version, url: server.url, folder: serverFolder(version), modelUrl: model.url })
    return { version, ...filled, ...server }
  } catch (error) {
    await server.stop()
    throw error
  }
}
