/**
 * The calls of a chat page other than questions, in Chromium against real Flowise 3.1.4.
 */

import assert from 'node:assert/strict'
import { describe, test } from 'node:test'

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

  // What arrived at the server, where its reply does not tell.

  test('the model reads a file that was uploaded', async (t) => {
    const page = await openFor(t, browser, site.url)
    await page.evaluate(async (options) => {
      const { Flowise } = await import('flowise-stream')
      const flowise = new Flowise(options)
      const chatId = crypto.randomUUID()
      const uploads = await flowise.upload(new File(['Owls are birds. 🦉'], 'owls.txt', { type: 'text/plain' }), { chatId })
      await flowise.query({ question: 'say Got it.', chatId, uploads })
    }, options(server, 'files'))
    assert.match(model.requests.at(-1).at(-1).text, /Owls are birds\. 🦉/)
  })

  test('a feedback is kept as it was changed last', async (t) => {
    const page = await openFor(t, browser, site.url)
    const chatId = await page.evaluate(async (options) => {
      const { Flowise } = await import('flowise-stream')
      const flowise = new Flowise(options)
      const { chatId, chatMessageId: messageId } = await flowise.query({ question: 'say fine' })
      const { id } = await flowise.feedback({ chatId, messageId, rating: 'THUMBS_UP' })
      await flowise.feedback({ id, rating: 'THUMBS_DOWN', content: 'Not quite.' })
      return chatId
    }, options(server, 'chain'))
    const path = `/api/v1/chatmessage/${server.flows.chain}?chatId=${chatId}&feedback=true`
    const response = await fetch(server.url + path, { headers: { authorization: `Bearer ${server.apiKey}` } })
    const [{ rating, content }] = (await response.json()).flatMap(({ feedback }) => feedback ?? [])
    assert.deepEqual([rating, content], ['THUMBS_DOWN', 'Not quite.'])
  })

  test('a text to speak reaches its flow, which has no voice here', async (t) => {
    const page = await openFor(t, browser, site.url)
    const { error } = await page.evaluate(async (options) => {
      const { Flowise } = await import('flowise-stream')
      const { outcome } = await import('/in-page.js')
      return outcome(new Flowise(options).speak('Hello').result)
    }, options(server, 'chain'))
    assert.match(error.message, /no active TTS provider|null/)
  })

  test('abort ends the run of another page', async (t) => {
    const [page, other] = [await openFor(t, browser, site.url), await openFor(t, browser, site.url)]
    const chatId = await page.evaluate(async (options) => {
      const { stream } = await import('flowise-stream')
      const { outcome } = await import('/in-page.js')
      const run = stream({ question: 'slow long 100' }, options)
      window.ended = outcome(run.result)
      return new Promise((resolve) => run.on('token', (token) => token && resolve(run.chatId)))
    }, options(server, 'translator'))
    await other.evaluate(async ([options, chatId]) => {
      const { Flowise } = await import('flowise-stream')
      await new Flowise(options).abort(chatId)
    }, [options(server, 'translator'), chatId])
    const { error } = await page.evaluate(() => ended)
    assert.match(error?.message, /abort/i)
  })
})
