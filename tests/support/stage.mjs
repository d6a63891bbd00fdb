/**
 * What a test file runs on: a browser, a site of test pages and a dev server, from before its first test until after its last.
 */

import { after, before } from 'node:test'

import { Browser, openFor } from './browser.mjs'
import { API_KEY, DevServer } from './dev-server.mjs'
import { Site } from './site.mjs'

/** Starts these before the tests of a file or `describe`, and stops them afterwards, even if one has not started. */
export const startForTests = (...all) => startInTurn(all)

/** The same, list after list, where some need the addresses of others. */
export function startInTurn(...lists) {
  // One hook: outside of a `describe`, Node does not wait for a hook before it calls the next.
  before(async () => {
    for (const list of lists) await startAll(list)
  })
  after(() => Promise.all(lists.flat().map((one) => one.stop())))
}

/** Starts all of a list. If one fails, it waits for the others first: what is still starting could not be stopped. */
export async function startAll(list) {
  const started = await Promise.allSettled(list.map((one) => one.start()))
  const failed = started.find(({ status }) => status === 'rejected')
  if (failed) throw failed.reason
}

/**
 * For `startForTests`: what a function starts. It has the members of that, `stop` among them, once it has started.
 *
 * @template T
 * @param {() => Promise<T>} start
 * @returns {T & { start(): Promise<void> }}
 */
export function starting(start) {
  return {
    async start() {
      Object.assign(this, await start())
    },
    async stop() {},
  }
}

/**
 * A browser, a site and a dev server.
 *
 * @param {object} [options]
 * @param {string[]} [options.args] the dev server's arguments
 * @param {ConstructorParameters<typeof Browser>[0]} [options.browser]
 * @param {ConstructorParameters<typeof Site>[0]} [options.site]
 */
export function stage({ args, browser: browserOptions, site: siteOptions } = {}) {
  const [browser, site, dev] = [new Browser(browserOptions), new Site(siteOptions), new DevServer(args)]
  startForTests(browser, site, dev)

  /** Opens a page of the site for one test; see `openFor`. */
  const open = (t, path = '', options) => openFor(t, browser, site.url + path, options)

  /** Runs a function in a page for one test; its argument has the address of a generation and the API key. */
  const inPage = async (t, generation, run, more) => {
    const page = await open(t)
    return page.evaluate(run, { url: dev.url(generation), apiKey: API_KEY, ...more })
  }

  return { browser, site, dev, open, inPage }
}
