/**
 * `fromResponse` in Chromium: the responses of a page's own `fetch`. The same runs in Node: tests/from-response.test.mjs.
 */

import { after, before, describe } from 'node:test'

import { openFor, startBrowser } from '../support/browser.mjs'
import { startDevServer } from '../support/dev-server.mjs'
import { testResponses } from '../support/responses.mjs'
import { startSite } from '../support/site.mjs'

// a body that nobody closes would otherwise be waited for
describe('responses in a page', { timeout: 300_000 }, () => {
  let browser, site, server

  before(async () => {
    ;[browser, site, server] = await Promise.all([startBrowser(), startSite(), startDevServer()])
  })
  after(() => Promise.all([browser, site, server].map((one) => one?.stop())))

  testResponses(
    async (t, act, given) => (await openFor(t, browser, site.url)).evaluate(act, given),
    () => server,
  )
})
