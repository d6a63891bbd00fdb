/**
 * The calls of a chat page other than questions, in Chromium against real Flowise 3.1.4.
 */

import { describe } from 'node:test'

import { openFor } from '../support/browser.mjs'
import { testCalls } from '../support/calls.mjs'
import { startForTests, starting } from '../support/stage.mjs'
import { startFlowise } from './servers.mjs'
import { stage } from './stage.mjs'

const VERSION = '3.1.4'

const { browser, site, model, servers } = stage({ versions: [VERSION] })
const closed = starting(() => startFlowise(VERSION, { model }))
startForTests(closed)

describe(`the calls of a chat page to Flowise ${VERSION}`, () => {
  const options = ({ url, flows }, flow) => ({ url, chatflowId: flows[flow] })
  testCalls({
    open: (t) => openFor(t, browser, site.url),
    at: (flow) => options(servers[VERSION], flow),
    closed: (flow) => options(closed, flow),
    noSpeech: /text not provided/,
  })
})
