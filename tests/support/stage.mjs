/**
 * What a test file runs on: a browser, a site of test pages and a dev server, from before its first test until after its last.
 */

import { after, before } from 'node:test'

import { Browser, openFor } from './browser.mjs'
import { API_KEY, DevServer } from './dev-server.mjs'
import { Site } from './site.mjs'

/** Starts these before the tests of a file or `describe`, and stops them afterwards, even if one has not started. */
export function startForTests(...all) {
  before(() => Promise.all(all.map((one) => one.start())))
  after(() => Promise.all(all.map((one) => one.stop())))
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
