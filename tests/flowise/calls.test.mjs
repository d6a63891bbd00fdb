/**
 * The calls of a chat page other than questions, in Chromium against real Flowise 3.1.4.
 */

import { after, before, describe } from 'node:test'

import { openFor, startBrowser } from '../support/browser.mjs'
import { testCalls } from '../support/calls.mjs'
import { startSite } from '../support/site.mjs'
import { startModel } from './model.mjs'
import { startFlowise } from './servers.mjs'

const VERSION = '3.1.4'
const START_LIMIT_MS = 240_000

let browser, site, model, server, closed

before(
  async () => {
    ;[browser, site, model] = await Promise.all([startBrowser(), startSite(), startModel()])
    ;[server, closed] = await Promise.all([startFlowise(VERSION, { model, corsOrigins: site.url }), startFlowise(VERSION, { model })])
  },
  { timeout: START_LIMIT_MS }
)
after(() => Promise.all([browser, site, model, server, closed].map((one) => one?.stop())))

describe(`the calls of a chat page to Flowise ${VERSION}`, () => {
  const options = ({ url, flows }, flow) => ({ url, chatflowId: flows[flow] })
  testCalls({
    open: (t) => openFor(t, browser, site.url),
    at: (flow) => options(server, flow),
    closed: (flow) => options(closed, flow),
    noSpeech: /text not provided/,
  })
})
