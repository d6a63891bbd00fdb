/**
 * The calls of a chat page other than questions, in Chromium against real Flowise 3.1.4.
 */

import { describe } from 'node:test'

import { Browser, openFor } from '../support/browser.mjs'
import { testCalls } from '../support/calls.mjs'
import { Site } from '../support/site.mjs'
import { startInTurn, starting } from '../support/stage.mjs'
import { startModel } from './model.mjs'
import { startFlowise } from './servers.mjs'

const VERSION = '3.1.4'

const [browser, site, model] = [new Browser(), new Site(), starting(startModel)]
const server = starting(() => startFlowise(VERSION, { model, corsOrigins: site.url }))
const closed = starting(() => startFlowise(VERSION, { model }))
startInTurn([browser, site, model], [server, closed])

describe(`the calls of a chat page to Flowise ${VERSION}`, () => {
  const options = ({ url, flows }, flow) => ({ url, chatflowId: flows[flow] })
  testCalls({
    open: (t) => openFor(t, browser, site.url),
    at: (flow) => options(server, flow),
    closed: (flow) => options(closed, flow),
    noSpeech: /text not provided/,
  })
})
