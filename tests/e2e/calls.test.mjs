/**
 * The calls of a chat page other than questions, in Chromium against the dev server.
 */

import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'

import { openFor, startBrowser } from '../support/browser.mjs'
import { testCalls } from '../support/calls.mjs'
import { startDevServer } from '../support/dev-server.mjs'
import { startSite } from '../support/site.mjs'

let browser, site, server, closed

before(async () => {
  ;[browser, site, server, closed] = await Promise.all([
    startBrowser(),
    startSite(),
    startDevServer(),
    startDevServer({ args: ['--cors-origins', ''] }),
  ])
})
after(() => Promise.all([browser, site, server, closed].map((one) => one?.stop())))

const open = (t) => openFor(t, browser, site.url)

describe('the calls of a chat page', () => {
  testCalls({
    open,
    at: (flow) => ({ url: server.sse, chatflowId: flow === 'chain' ? 'scripted-chain' : flow }),
    closed: (flow) => ({ url: closed.sse, chatflowId: flow }),
    noSpeech: /text not provided/,
  })

  test('speech comes as events, and its sound is what was made', async (t) => {
    const page = await open(t)
    const { events, size, riff } = await page.evaluate(async (options) => {
      const { Flowise } = await import('flowise-stream')
      const events = []
      const sound = []
      for await (const { event, data } of new Flowise(options).speak('three short words', { chatMessageId: 'message' })) {
        events.push(event)
        if (event === 'tts_data') sound.push(atob(data.audioChunk))
      }
      return { events, size: sound.join('').length, riff: sound.join('').slice(0, 4) }
    }, { url: server.sse, chatflowId: 'scripted' })
    assert.equal(events[0], 'tts_start')
    assert.equal(events.at(-1), 'tts_end')
    assert.deepEqual([riff, size], ['RIFF', 44 + 3 * 640 * 2])
  })

  test('a call ends with its signal', async (t) => {
    const page = await open(t)
    const code = await page.evaluate(async (options) => {
      const { Flowise } = await import('flowise-stream')
      return new Flowise({ ...options, signal: AbortSignal.abort() }).chatbotConfig().catch((error) => error.code)
    }, { url: server.sse, chatflowId: 'scripted' })
    assert.equal(code, 'disconnected')
  })
})
